"""Scenarios side by side, and what each change does by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.page.bars import Layer, stacked_chart
from planner.page.section import Figure, Section, Table
from planner.page.svg import LEFT, LETTER, RIGHT, WIDTH, Frame, shortened
from planner.page.told import month, signed, signed_tenths, tenths, whole
from planner.staffing.answer import AS_ONE
from planner.staffing.rows import INTERACTION, NO_CHANGE, OWN, TOGETHER, scenario_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from markupsafe import Markup

    from planner.staffing.effects import Measures
    from planner.staffing.report import StaffingReport
    from planner.staffing.rows import ScenarioRow

SIDE_BY_SIDE = 4
"""So many scenarios stand beside one another in a table, and beside today."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One measure: its name, where it is found, and how it and its differences are told."""

    words: str
    of: Callable[[Measures], float]
    tell: Callable[[float], str]
    differ: Callable[[float], str]


MEASURES = (
    Shown("ARMS overdue, last month", lambda m: m.arms_overdue, whole, signed),
    Shown("Visits overdue, last month", lambda m: m.visits_overdue, whole, signed),
    Shown("Hours lacking", lambda m: m.hours_lacking, whole, signed),
    Shown("Posts lacking", lambda m: m.posts_lacking, tenths, signed_tenths),
    Shown("Cost no plan can beat", lambda m: m.bound, whole, signed),
    Shown("Exposure", lambda m: m.exposure, whole, signed),
    Shown("Hours there", lambda m: m.hours_there, whole, signed),
    Shown("Hours used", lambda m: m.hours_used, whole, signed),
)


@dataclass(frozen=True, slots=True)
class Beside:
    """A scenario to stand beside others: its whole, and run 0 asked for the same deadline."""

    whole: ScenarioRow
    today: ScenarioRow


def scenario_section(report: StaffingReport) -> Section:
    """All scenarios side by side, up to four a table, then the effects of their changes."""
    rows = list(scenario_rows(report))
    all_beside = list(beside(rows))
    groups = [all_beside[n : n + SIDE_BY_SIDE] for n in range(0, len(all_beside), SIDE_BY_SIDE)]
    figures = [
        Figure(
            chart=side_by_side_chart(group, key=f"scenarios-{n}"), table=side_by_side_table(group)
        )
        for n, group in enumerate(groups, start=1)
    ]
    return Section(
        key="scenarios",
        heading="Scenarios side by side",
        says=(
            f"In brackets: the difference from today, asked for the same deadline. {AS_ONE}",
            *(
                f"{found.effects.scenario.name}: {found.effects.scenario.note}"
                for found in report.scenarios
                if found.effects.scenario.note
            ),
        ),
        figures=[*figures, Figure(table=_effects(rows))],
    )


def beside(rows: Sequence[ScenarioRow]) -> Iterator[Beside]:
    """Each scenario's whole with its own run 0."""
    today = {row.scenario: row for row in rows if row.row == NO_CHANGE}
    for row in rows:
        if row.row == TOGETHER:
            yield Beside(row, today[row.scenario])


def side_by_side_chart(found: Sequence[Beside], *, key: str) -> Markup:
    """Exposure today and with each scenario: it tells runs apart that all clear."""
    runs = [
        ("Today", found[0].today.figures),
        *((b.whole.scenario, b.whole.figures) for b in found),
    ]
    frame = Frame(
        key=key,
        title="Exposure, today and with each scenario",
        says=" ".join(f"{name}: {whole(m.exposure)}." for name, m in runs),
        across="",
        up="Exposure: lateness added up over all month ends, by risk and age",
        height=280,
    )
    room = int((WIDTH - LEFT - RIGHT) / len(runs) / LETTER) - 1
    names = [shortened(name, room) for name, _ in runs]
    return stacked_chart(frame, names, [Layer("Exposure", [m.exposure for _, m in runs])])


def side_by_side_table(found: Sequence[Beside]) -> Table:
    """A measure a row, a scenario a column, with its difference from today."""
    base = found[0].today
    rows = [_measure(shown, base, found) for shown in MEASURES]
    rows.append(("Clearing by its deadline", _ruled(base), *(_ruled(b.whole) for b in found)))
    rows.append(
        ("Not cleared before", month(base.not_before), *(month(b.whole.not_before) for b in found))
    )
    rows.append(("Fewest officers, proved", _fewest(base), *(_fewest(b.whole) for b in found)))
    return Table(
        caption="Today and the scenarios, side by side",
        heads=("Measure", "Today", *(b.whole.scenario for b in found)),
        rows=rows,
    )


def _measure(shown: Shown, base: ScenarioRow, found: Sequence[Beside]) -> tuple[str, ...]:
    cells = []
    for one in found:
        value, before = shown.of(one.whole.figures), shown.of(one.today.figures)
        cells.append(f"{shown.tell(value)} ({shown.differ(value - before)})")
    return (shown.words, shown.tell(shown.of(base.figures)), *cells)


def _ruled(row: ScenarioRow) -> str:
    return "Ruled out" if row.ruled_out else "Not ruled out"


def _fewest(row: ScenarioRow) -> str:
    return "Not known" if row.fewest is None else f"{row.fewest}"


def _effects(rows: Sequence[ScenarioRow]) -> Table:
    return Table(
        caption="What each change does by itself",
        heads=("Scenario", "Row", "Change", *(shown.words for shown in MEASURES)),
        rows=[_effect(row) for row in rows],
        words=frozenset({1, 2}),
        notes=(
            "Run 0 is today, untouched. Own effect: what the change does alone. Run 0, own effects "
            "and interaction add up to Together.",
        ),
    )


def _effect(row: ScenarioRow) -> tuple[str, ...]:
    is_difference = row.row in {OWN, INTERACTION}
    told = (
        (shown.differ if is_difference else shown.tell)(shown.of(row.figures)) for shown in MEASURES
    )
    return (row.scenario, row.row, row.change or "All" * (row.row == TOGETHER), *told)
