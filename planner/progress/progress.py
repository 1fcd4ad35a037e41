"""Progress, put together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.months import Horizon
from planner.progress.burn_down import burn_down, burn_down_by_team
from planner.progress.counts import counts
from planner.progress.done import Difference, Source, doings
from planner.progress.fate import Fate, planned_duties
from planner.progress.forecast import forecast
from planner.progress.hours import hours_taken
from planner.progress.past import Past, months_from

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from planner.progress.burn_down import MonthEnd, TeamMonthEnd
    from planner.progress.counts import Count
    from planner.progress.done import Doings
    from planner.progress.fate import PlannedDuty
    from planner.progress.forecast import Forecast
    from planner.progress.hours import HoursTaken
    from planner.progress.past import PastRun


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInForce:
    """A plan that progress goes by."""

    run_id: str
    first_month: date
    as_at: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSeen:
    """A month that is told of; ``run_id`` is the plan in force. ``is_over``: to its end."""

    month: date
    run_id: str
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """How many of the duties done are known from where, and where sources disagree."""

    sources: Mapping[Source, int]
    differences: Mapping[Difference, int]
    came_with: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What plans promised and what came of it, to the end of the last of ``months``."""

    plans: tuple[PlanInForce, ...]
    months: tuple[MonthSeen, ...]
    counts: tuple[Count, ...]
    slipped: tuple[PlannedDuty, ...]
    known: Known
    burn_down: tuple[MonthEnd, ...]
    by_team: tuple[TeamMonthEnd, ...]
    forecast: Forecast
    hours: tuple[HoursTaken, ...]

    @property
    def is_first_plan(self) -> bool:
        """Whether only one plan has been issued: then no register says what was done."""
        return len(self.plans) == 1


def progress(runs: Sequence[PastRun], until: date | None = None) -> Progress:
    """Progress to the end of a month (its first day), by the plans up to the next one after it.

    Without a month: to the last one before the newest plan's, and that plan's first as far as it
    was marked. Raises ``ValueError`` where there is no plan, or none was in force in that month.
    """
    past = Past(runs)
    if until is not None:
        past = Past(_as_it_stood(runs, past, until))
    done = doings(past)
    months = months_from(past.first.first, until or _last_told(past, done))
    planned = tuple(planned_duties(past, done, months))
    rows = counts(past, planned, done, months)
    return Progress(
        plans=tuple(
            PlanInForce(run_id=t.run_id, first_month=t.first, as_at=t.as_at) for t in past.terms
        ),
        months=tuple(
            MonthSeen(
                month=m, run_id=past.term(m).run_id, is_over=past.register_after(m) is not None
            )
            for m in months
        ),
        counts=rows,
        slipped=tuple(sorted((p for p in planned if p.fate is Fate.SLIPPED), key=_place)),
        known=_known(done, months),
        burn_down=burn_down(past),
        by_team=burn_down_by_team(past),
        forecast=forecast(past, rows, months),
        hours=hours_taken(past),
    )


def _as_it_stood(runs: Sequence[PastRun], past: Past, until: date) -> list[PastRun]:
    """The plans up to the one after the month, whose register shows what was done in it."""
    if not past.first.first <= until <= past.newest.first:
        raise ValueError("No plan was in force in that month.")
    later = [term.first for term in past.terms if term.first > until]
    return [r for r in runs if not later or r.run.plan.first_month <= later[0]]


def _last_told(past: Past, done: Doings) -> date:
    """The month before the newest plan's; that plan's own where something was marked in it."""
    newest = past.newest.first
    is_marked = any(doing.month >= newest for doing in done.all())
    if is_marked or len(past.terms) == 1:
        return newest
    return Horizon(newest).start(0)


def _known(done: Doings, months: Sequence[date]) -> Known:
    told = [doing for doing in done.all() if doing.month in months]
    taken_back = sum(day.replace(day=1) in months for day in done.taken_back)
    differences = Counter(d.difference for d in told if d.difference is not None)
    return Known(
        sources={source: sum(d.source is source for d in told) for source in Source},
        differences={
            **{difference: differences[difference] for difference in Difference},
            Difference.TAKEN_BACK: taken_back,
        },
        came_with=done.came_with,
    )


def _place(planned: PlannedDuty) -> tuple[object, ...]:
    """The newest month first, then by team and officer."""
    return (-planned.month.toordinal(), planned.team, planned.som, planned.ref, planned.duty)
