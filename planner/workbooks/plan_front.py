"""The plan workbook's Summary: what a leader reads in a minute, on one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.roll.words import rolled_lines
from planner.tables.checks import detail
from planner.tables.clashes import clashes_line
from planner.tables.comparison import comparison
from planner.tables.repairs import (
    NO_LEVER,
    WHAT_IS_PROVED,
    front_rows,
    has_reactive,
    ruled_out,
    title_of,
)
from planner.tables.summary import (
    POINTS,
    assumptions_line,
    headline,
    how_sure,
    in_brief,
    oldest_by_level,
    overdue_by_level,
    rules_line,
    shortfall_by_team,
    unannounced_by_level,
)
from planner.tables.teams import dearest_hours
from planner.workbooks.theme import BORDER, DUE_SOON, FONT, NAVY, OVERDUE, Kind, Worksheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planner.domain.result import SolveResult
    from planner.domain.verdict import RuleFinding, Verdict
    from planner.tables.clashes import ClashRow
    from planner.tables.summary import LevelRow
    from planner.workbooks.plan_report import PlanReport
    from planner.workbooks.sheet import Book, Value
    from planner.workload.outcome import Outcome

LAST_TABLE_COLUMN = 8
CHART_COLUMN = LAST_TABLE_COLUMN + 1
LAST_COLUMN = CHART_COLUMN + 9
_FIRST_WIDTH, _WIDTH, _CHART_COLUMN_WIDTH = 24, 10, 8.5
_SENTENCE = 225
_NOTE = 128
_LINE_HEIGHT = 1.45
_TEAMS_SHOWN = 8
_BREACHES_SHOWN = 3
_CLASHES_SHOWN = 3


@dataclass
class Front:
    """The Summary being written, and the row to write next."""

    book: Book
    sheet: Worksheet
    row: int = 2

    def line(self, text: str, **style: object) -> None:
        """A sentence across the page, over as many rows as it needs: no cell is merged."""
        size = float(str(style.get("font_size", FONT["font_size"])))
        for part in _folded(text, int(_SENTENCE * 10 / size)):
            self.sheet.write_string(self.row, 0, part, self.book.theme.style(**style))
            self.sheet.set_row(self.row, _LINE_HEIGHT * size)
            self.row += 1

    def note(self, text: str, **style: object) -> None:
        """Sentences below a table, no wider than it: the charts stand beside."""
        for part in _folded(text, _NOTE):
            self.sheet.write_string(self.row, 0, part, self.book.theme.style(**style))
            self.row += 1

    def banner(self, text: str, look: dict[str, object]) -> None:
        """A sentence on a filled row."""
        style = self.book.theme.style(**{**look, "bold": True, "font_size": 14})
        for column in range(1, LAST_COLUMN + 1):
            self.sheet.write_blank(self.row, column, None, style)
        self.sheet.write_string(self.row, 0, text, style)
        self.sheet.set_row(self.row, 24)
        self.row += 1

    def heading(self, text: str) -> None:
        style = self.book.theme.style(bold=True, font_size=11, font_color=NAVY)
        self.row += 1
        self.sheet.write_string(self.row, 0, text, style)
        self.row += 1

    def header(self, labels: Sequence[str]) -> None:
        """A table's header across the table columns, figures' labels to the right."""
        for column, label in enumerate(labels):
            side = "right" if column else "left"
            style = self.book.theme.style(**{**self.book.theme.HEADER, "border": 0, "align": side})
            self.sheet.write_string(self.row, column, label, style)
        is_long = any(len(label) > _WIDTH + 1 for label in labels[1:])
        self.sheet.set_row(self.row, 28 if is_long else 15)
        self.row += 1

    def values(self, cells: Sequence[tuple[Value, Kind]], **style: object) -> None:
        """A table row; into an empty cell (None) the text before it may run on."""
        look = {"bottom": 1, "bottom_color": BORDER, **style}
        for column, (value, kind) in enumerate(cells):
            side = "right" if column else "left"
            self.book.write(self.sheet, self.row, column, value, kind, align=side, indent=0, **look)
        self.row += 1


def fill_front(book: Book, sheet: Worksheet, report: PlanReport) -> int:
    """Write the Summary's text and tables; return the row at which its charts begin."""
    outcome, result, verdict = report.outcome, report.result, report.verdict
    set_up_front(sheet)
    front = Front(book, sheet)
    if not verdict.accepted:
        front.banner("REJECTED BY THE VERIFIER: do not work from this plan. See Checks.", OVERDUE)
    front.line(headline(outcome, result.shortfall), bold=True, font_size=14)
    for text in in_brief(outcome, result):
        front.line(text, font_size=11)
    _rules(front, verdict)
    _clashes(front, report.clashes)
    if report.rolled is not None:
        for text in rolled_lines(report.rolled, outcome.total_cost, result.bound):
            front.line(text, font_size=11)
    front.line(how_sure(outcome, result), font_size=11)
    front.line(assumptions_line(outcome.situation.policy), font_size=11)
    if register_title := outcome.situation.register.title:
        front.line(f"Made from: {register_title}.", font_size=11)
    charts_at = front.row + 1
    _repairs(front, result)
    _levels(front, "Overdue by risk level", overdue_by_level(outcome), none="0")
    _levels(front, "Most overdue, in months", oldest_by_level(outcome), none="none")
    _unannounced(front, outcome)
    _against_by_hand(front, outcome, report.by_hand)
    _teams(front, outcome, result)
    return charts_at


def set_up_front(sheet: Worksheet) -> None:
    """Tables on the left, charts on the right, all on one printed page."""
    sheet.set_column(0, 0, _FIRST_WIDTH)
    sheet.set_column(1, LAST_TABLE_COLUMN, _WIDTH)
    sheet.set_column(CHART_COLUMN, LAST_COLUMN, _CHART_COLUMN_WIDTH)
    sheet.fit_to_pages(1, 1)
    sheet.hide_gridlines(2)


def _rules(front: Front, verdict: Verdict) -> None:
    """The hard rules, each broken one with for whom and by how much."""
    broken = [f for f in verdict.findings if f.broken]
    front.line(rules_line(verdict), font_size=11, bold=bool(broken))
    for finding in sorted(broken, key=lambda f: f.rule.value):
        text = detail(finding.breaches, finding, _BREACHES_SHOWN)
        front.line(f"   {finding.rule.label}: {_how_often(finding)}. {text}")
    if verdict.discrepancies:
        number = len(verdict.discrepancies)
        front.line(f"   {number:,} stated figures are wrong: see Checks.", **DUE_SOON)


def _clashes(front: Front, clashes: Sequence[ClashRow]) -> None:
    """What in the register contradicts itself, where, and what gave way for it."""
    if not clashes:
        return
    front.line(clashes_line(clashes), font_size=11, bold=True)
    for clash in clashes[:_CLASHES_SHOWN]:
        front.line(f"   {clash.line} {clash.gives_way.capitalize()}. {clash.remedy}")
    if (more := len(clashes) - _CLASHES_SHOWN) > 0:
        front.line(f"   and {more:,} more: see Clashes.")


def _how_often(finding: RuleFinding) -> str:
    times = "once" if finding.broken == 1 else f"{finding.broken:,} times"
    if finding.forced >= finding.broken:
        return f"broken {times}, forced by the register"
    forced = f"{finding.forced:,} of them" if finding.forced else "not"
    return f"broken {times}, {forced} forced by the register"


def _levels(front: Front, title: str, rows: Sequence[LevelRow], none: str) -> None:
    front.heading(title)
    when = ("today", *(f"month {m}" for m in POINTS))
    front.header(["Risk level", *(f"{d}\n{w}" for d in ("ARMS", "Visits") for w in when)])
    for row in rows:
        figures: list[tuple[Value, Kind]] = [
            (n, Kind.WHOLE) if n is not None else (none, Kind.TEXT)
            for n in (*row.arms, *row.visits)
        ]
        is_total = row.level == rows[-1].level == "All"
        front.values([(row.level, Kind.TEXT), *figures], bold=is_total)


def _unannounced(front: Front, outcome: Outcome) -> None:
    front.heading("Visits over the whole plan, and the share unannounced")
    labels = ["Visits", "Share", "At least", "Basis"]
    front.header(["Risk level", *labels, *[""] * (LAST_TABLE_COLUMN - len(labels))])
    for row in unannounced_by_level(outcome):
        cells: list[tuple[Value, Kind]] = [
            (row.level, Kind.TEXT),
            (row.visits, Kind.WHOLE),
            (row.share, Kind.SHARE) if row.share is not None else ("none", Kind.TEXT),
            (row.least, Kind.SHARE),
            ("assumed" if row.is_assumed else "own figure", Kind.TEXT),
        ]
        front.values(cells + _EMPTY * (LAST_TABLE_COLUMN + 1 - len(cells)))


def _against_by_hand(front: Front, outcome: Outcome, by_hand: Outcome) -> None:
    front.heading("Against planning by hand")
    front.header(["Measure", "", "", "", "", "This plan", "", "By hand", ""])
    for row in comparison(outcome, by_hand):
        kind = Kind.SHARE if row.is_share else Kind.WHOLE
        cells: list[tuple[Value, Kind]] = [(row.measure, Kind.TEXT), *_EMPTY * 4]
        for figure in (row.plan, row.by_hand):
            cells += [(figure, Kind.TEXT if isinstance(figure, str) else kind), *_EMPTY]
        front.values(cells)


_EMPTY: list[tuple[Value, Kind]] = [(None, Kind.TEXT)]
_NONE: list[tuple[Value, Kind]] = [("none", Kind.TEXT)]


def _repairs(front: Front, result: SolveResult) -> None:
    """What might clear it, ranked; nothing where nothing is to be repaired."""
    rows = front_rows(result)
    if not rows:
        return
    front.heading("What might clear it, ranked")
    measures = ("Hours lacking", "Posts lacking", "Least cost", "Hours bought", "Ruled out")
    front.header(["Change", "", "", "", *measures])
    for row in rows:
        bought: Value = row.hours_bought or "none"
        cells: list[tuple[Value, Kind]] = [
            *((title_of(row), Kind.TEXT), *_EMPTY * 3),
            (row.hours, Kind.WHOLE),
            (row.posts, Kind.HOURS),
            (row.cost, Kind.WHOLE),
            (bought, Kind.TEXT if isinstance(bought, str) else Kind.WHOLE),
            (ruled_out(row), Kind.TEXT),
        ]
        front.values(cells, bold=row.rank is None)
    if has_reactive(rows):
        front.note(NO_LEVER, bold=True)
    front.note(f"{WHAT_IS_PROVED} All changes, and what each assumes: see Repairs.")


def _teams(front: Front, outcome: Outcome, result: SolveResult) -> None:
    """Which teams lack hours for everything to be done, and where one more saves most."""
    lacking = {row.team: row for row in shortfall_by_team(outcome, result.shortfall)}
    dearest = {row.team: row for row in dearest_hours(outcome, result)}
    teams = [*lacking, *(team for team in dearest if team not in lacking)]
    if not teams:
        return
    front.heading("Hours lacking for nothing to be left overdue, and what one more hour would save")
    labels = ("Hours lacking", "Months short", "Worst month", "Dearest month", "Points there")
    front.header(["Team", *labels, "Points, mean", "", ""])
    for team in teams[:_TEAMS_SHOWN]:
        short, dear = lacking.get(team), dearest.get(team)
        cells: list[tuple[Value, Kind]] = [
            (team or "Whole unit", Kind.TEXT),
            *([(short.hours, Kind.WHOLE), (short.months, Kind.WHOLE)] if short else _NONE * 2),
            *([(short.worst, Kind.MONTH)] if short else _NONE),
            *([(dear.month, Kind.MONTH), (dear.points, Kind.HOURS)] if dear else _NONE * 2),
            *([(dear.mean, Kind.HOURS)] if dear else _NONE),
        ]
        front.values(cells + _EMPTY * 2)
    rest = len(teams) - _TEAMS_SHOWN
    more = f"And {rest} more {'team' if rest == 1 else 'teams'}. " if rest > 0 else ""
    front.note(
        f"{more}Points of cost that one more hour saves in the team's dearest month, and in the "
        "mean of all: where overtime helps most. Every month: see Hours by team, Price of an hour."
    )


def _folded(text: str, width: int) -> Iterator[str]:
    """Lines of at most ``width`` characters, broken at spaces."""
    indent = text[: len(text) - len(text.lstrip())]
    line = ""
    for word in text.split():
        if line and len(indent) + len(line) + 1 + len(word) > width:
            yield indent + line
            line = ""
        line = f"{line} {word}" if line else word
    if line:
        yield indent + line
