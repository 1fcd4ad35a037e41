"""The plan workbook's sheets on progress, from the second plan on: are we on track?"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from planner.domain.terms import LEVELS, Duty
from planner.progress.counts import Count, summed
from planner.progress.fate import SlipReason
from planner.progress.words import (
    delivered,
    forecast_lines,
    headline,
    hours_lines,
    known_lines,
    remarks,
)
from planner.workbooks.plan_front import LAST_TABLE_COLUMN, Front, set_up_front
from planner.workbooks.plan_progress_charts import BURN_DOWN, DoneRows, add_progress_charts
from planner.workbooks.plan_progress_parts import PARTS, add_backlog_by_team, add_parts
from planner.workbooks.sheet import Column, Sheet
from planner.workbooks.theme import NAVY, PLUM, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.progress.progress import Progress
    from planner.workbooks.sheet import Book, Placed, Value

PROGRESS = "Progress"
MOST_MONTHS = 12
"""Months on the page; all are on Planned and done."""

_FIGURES = (
    "Planned",
    "Done as planned",
    "Done before",
    "Slipped",
    "Not known",
    "Not yet",
    "Done besides",
    "Done in all",
)
_READING = (
    "Planned: for that month, by the plan in force then. Done before: after that plan's register "
    "and before the month. Not known: the next register shows a later one only. Done besides: not "
    "planned for that month. Each visit and ARMS is counted once. What slipped, one by one: see "
    f"Slipped. By team and risk level: see {PARTS}, and every month in Planned and done."
)


def add_progress(book: Book, progress: Progress) -> None:
    """The page with its charts, the backlog promised, planned and done, and what slipped."""
    sheet = book.add_page(PROGRESS, f"Progress to {progress.months[-1].month:%B %Y}", PLUM)
    set_up_front(sheet)
    front = Front(book, sheet)
    front.line(headline(progress), bold=True, font_size=14)
    for text in (*delivered(progress), *remarks(progress), *forecast_lines(progress.forecast)):
        front.line(text, font_size=11)
    for text in known_lines(progress):
        front.line(text, font_size=11)
    charts_at = front.row + 1
    done = tuple(_months(front, progress, duty) for duty in (Duty.ARMS, Duty.VISIT))
    front.note(_READING)
    _reasons(front, progress)
    _hours(front, progress)
    add_parts(book, progress)
    ends = _add_burn_down(book, progress)
    add_backlog_by_team(book, progress)
    _add_counts(book, progress)
    _add_slipped(book, progress)
    add_progress_charts(book, sheet, ends, done, charts_at)


def _months(front: Front, progress: Progress, duty: Duty) -> DoneRows:
    """One kind of duty, month by month; where its rows are, for the chart."""
    front.heading(f"{'ARMS' if duty is Duty.ARMS else 'Visits'} planned and done, by month")
    front.header(["Month", *_FIGURES])
    first = front.row
    of_month = {r.month: r for r in summed(progress.counts, "month", "duty") if r.duty is duty}
    for seen in progress.months[-MOST_MONTHS:]:
        row = of_month.get(seen.month, Count())
        label = f"{seen.month:%b %y}" + ("" if seen.is_over else " (so far)")
        cells: list[tuple[Value, Kind]] = [(label, Kind.TEXT)]
        front.values(cells + [(number, Kind.WHOLE) for number in _figures(row)])
    return DoneRows(duty, first, front.row - 1)


def _figures(row: Count) -> tuple[int, ...]:
    return (
        row.planned,
        row.as_planned,
        row.before,
        row.slipped,
        row.not_known,
        row.not_yet,
        row.besides,
        row.done,
    )


def _reasons(front: Front, progress: Progress) -> None:
    """Why duties slipped: what people said, then what the next register shows."""
    if not progress.slipped:
        return
    front.heading("What slipped, and why")
    labels = ["", "", "ARMS", "Visits", "Done since", "Still open"]
    front.header(["Reason", *labels, *[""] * (LAST_TABLE_COLUMN - len(labels))])
    blank: list[tuple[Value, Kind]] = [(None, Kind.TEXT)]
    for reason in SlipReason:
        slipped = [p for p in progress.slipped if p.reason is reason]
        if slipped:
            duties = Counter(p.duty for p in slipped)
            since = sum(p.since is not None for p in slipped)
            numbers = (duties[Duty.ARMS], duties[Duty.VISIT], since, len(slipped) - since)
            cells: list[tuple[Value, Kind]] = [(reason.value, Kind.TEXT), *blank * 2]
            front.values([*cells, *((n, Kind.WHOLE) for n in numbers), *blank * 2])


def _hours(front: Front, progress: Progress) -> None:
    front.heading("Hours planned against hours taken")
    for text in hours_lines(progress):
        front.note(text)


def _add_burn_down(book: Book, progress: Progress) -> Placed:
    return book.add_table(
        Sheet(
            name=BURN_DOWN,
            title="Backlog promised and reached",
            notes=(
                "ARMS overdue at each month's end. In force: promised by the plan that the month "
                "fell to; months to come: by this plan.",
                "Reached: what the next plan began with, overdue by the day on its register.",
            ),
            columns=[
                Column("Month end", width=12),
                Column("First plan", Kind.WHOLE, 12),
                Column("Plan in force", Kind.WHOLE, 12),
                Column("Reached", Kind.WHOLE, 12),
                Column("Register as at", Kind.DATE, 13),
                *(Column(f"In force: {level.label}", Kind.WHOLE, 13) for level in LEVELS),
                *(Column(f"Reached: {level.label}", Kind.WHOLE, 13) for level in LEVELS),
            ],
            rows=list(_ends(progress)),
            tab_colour=NAVY,
        )
    )


def _ends(progress: Progress) -> Iterator[tuple[Value, ...]]:
    for end in progress.burn_down:
        sums = (end.first_plan, end.in_force, end.reached)
        yield (
            f"{end.month:%b %y}",
            *(None if numbers is None else sum(numbers) for numbers in sums),
            end.as_at,
            *(end.in_force or [None] * len(LEVELS)),
            *(end.reached or [None] * len(LEVELS)),
        )


def _add_counts(book: Book, progress: Progress) -> None:
    book.add_table(
        Sheet(
            name="Planned and done",
            title="Planned and done, by month, team, risk level and duty",
            notes=("What the columns count is said on Progress.",),
            columns=[
                Column("Month", Kind.MONTH, 12),
                Column("Team", width=16),
                Column("Risk level", width=12),
                Column("Duty", width=10),
                *(Column(label, Kind.WHOLE, 11) for label in _FIGURES),
            ],
            rows=[(r.month, r.team, r.level, r.duty, *_figures(r)) for r in progress.counts],
            frozen_columns=4,
        )
    )


def _add_slipped(book: Book, progress: Progress) -> None:
    book.add_table(
        Sheet(
            name="Slipped",
            title="Slipped: planned for a month that is over, and not done in it",
            notes=(
                "What people said comes first, then what the next register shows. Done since: when "
                "it was done after its month; blank: not yet.",
            ),
            columns=[
                Column("Month", Kind.MONTH, 12),
                Column("Offender ref", width=15),
                Column("Risk level", width=12),
                Column("Team", width=16),
                Column("Duty", width=10),
                Column("Done by", width=12),
                Column("Why", Kind.PARAGRAPH, 34),
                Column("What is known", Kind.PARAGRAPH, 44),
                Column("Done since", Kind.DATE, 13),
            ],
            rows=[
                (
                    p.month,
                    p.ref,
                    p.level,
                    p.team,
                    p.duty,
                    p.som,
                    p.reason.value if p.reason else None,
                    p.detail or None,
                    p.since,
                )
                for p in progress.slipped
            ],
            frozen_columns=2,
        )
    )
