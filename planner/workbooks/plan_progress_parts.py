"""Progress by team and by risk level: a page for the last month, a table of every month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.terms import LEVELS
from planner.progress.parts import parts_reached
from planner.workbooks.plan_front import Front, set_up_front
from planner.workbooks.sheet import Column, Sheet
from planner.workbooks.theme import NAVY, PLUM, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planner.progress.parts import Part
    from planner.progress.progress import Progress
    from planner.workbooks.sheet import Book, Value

PARTS = "Progress by team"
BY_TEAM = "Backlog by team"
_FIGURES = (
    "Overdue, first plan",
    "Overdue, in force",
    "Overdue, reached",
    "ARMS planned",
    "ARMS done",
    "Visits planned",
    "Visits done",
    "More overdue",
)


def add_parts(book: Book, progress: Progress) -> None:
    """Team by team and level by level at the last month's end reached; no page before there is."""
    parts = parts_reached(progress)
    if parts is None:
        return
    sheet = book.add_page(PARTS, f"Progress by team and risk level: {parts.month:%B %Y}", PLUM)
    set_up_front(sheet)
    sheet.fit_to_pages(1, 0)
    front = Front(book, sheet)
    for what, rows in (("team", parts.teams), ("risk level", parts.levels)):
        front.heading(f"By {what}: ARMS overdue at the month's end, and what was done in the month")
        front.header([what.capitalize(), *_FIGURES])
        for part in rows:
            name: list[tuple[Value, Kind]] = [(part.name, Kind.TEXT)]
            front.values([*name, *((number, Kind.WHOLE) for number in _figures(part))])
    front.note(
        "Overdue: ARMS, as the first plan and the plan in force promised, and as reached. Done: "
        "all that was done in the month, planned for it or not. More overdue: reached less what "
        f"the plan in force promised; below 0: fewer. Every month by team: see {BY_TEAM}."
    )


def _figures(part: Part) -> tuple[int | None, ...]:
    return (
        part.first_plan,
        part.in_force,
        part.reached,
        part.arms.planned,
        part.arms.done,
        part.visits.planned,
        part.visits.done,
        part.behind,
    )


def add_backlog_by_team(book: Book, progress: Progress) -> None:
    """ARMS overdue by month and team; left out where no plan says it by team."""
    if not progress.by_team:
        return
    book.add_table(
        Sheet(
            name=BY_TEAM,
            title="Backlog by team: ARMS overdue, promised and reached",
            notes=(
                "ARMS overdue at each month's end in each team. In force: promised by the plan "
                "that the month fell to; months to come: by this plan.",
                "Reached: what the next plan began with. Blank: not known (an older plan).",
            ),
            columns=[
                Column("Month end", Kind.MONTH, 12),
                Column("Team", width=16),
                Column("First plan", Kind.WHOLE, 12),
                Column("Plan in force", Kind.WHOLE, 12),
                Column("Reached", Kind.WHOLE, 12),
                *(Column(f"In force: {level.label}", Kind.WHOLE, 13) for level in LEVELS),
                *(Column(f"Reached: {level.label}", Kind.WHOLE, 13) for level in LEVELS),
            ],
            rows=list(_rows(progress)),
            frozen_columns=2,
            tab_colour=NAVY,
        )
    )


def _rows(progress: Progress) -> Iterator[tuple[Value, ...]]:
    for end in progress.by_team:
        numbers: Sequence[tuple[int, ...] | None] = (end.first_plan, end.in_force, end.reached)
        yield (
            end.month,
            end.team,
            *(None if levels is None else sum(levels) for levels in numbers),
            *(end.in_force or [None] * len(LEVELS)),
            *(end.reached or [None] * len(LEVELS)),
        )
