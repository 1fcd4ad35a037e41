"""One month's end by team and by risk level: the ARMS backlog, and what was planned and done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.terms import LEVELS, Duty
from planner.progress.counts import Count, in_month, summed

if TYPE_CHECKING:
    from datetime import date

    from planner.progress.burn_down import MonthEnd, TeamMonthEnd
    from planner.progress.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A team or a risk level: ARMS overdue at the month's end, and the month's duties by kind.

    ``first_plan``, ``in_force`` and ``reached`` as in ``MonthEnd``; None: not known.
    """

    name: str
    first_plan: int | None
    in_force: int | None
    reached: int | None
    arms: Count
    visits: Count

    @property
    def behind(self) -> int | None:
        """How many more are overdue than the plan in force promised; below 0: fewer."""
        if self.reached is None or self.in_force is None:
            return None
        return self.reached - self.in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The unit at one month's end; ``teams`` by name, ``levels`` riskiest first."""

    month: date
    teams: tuple[Part, ...]
    levels: tuple[Part, ...]


def parts_reached(progress: Progress) -> Parts | None:
    """The last month told of at whose end a plan began after it; None: there is none yet."""
    first, last = progress.plans[0].first_month, progress.months[-1].month
    ends = [e for e in progress.burn_down if first <= e.month <= last and e.reached is not None]
    if not ends:
        return None
    end = ends[-1]
    counts = tuple(in_month(progress.counts, end.month))
    of_team = {e.team: e for e in progress.by_team if e.month == end.month}
    teams = sorted(of_team.keys() | {row.team for row in counts if row.team})
    return Parts(
        month=end.month,
        teams=tuple(_part(t, _sums(of_team.get(t)), "team", counts) for t in teams),
        levels=tuple(
            _part(level.label, _at(end, place), "level", counts)
            for place, level in enumerate(LEVELS)
        ),
    )


_Overdue = tuple[int | None, int | None, int | None]
"""By the first plan, by the plan in force, as reached."""


def _sums(end: TeamMonthEnd | None) -> _Overdue:
    """All levels together."""
    if end is None:
        return None, None, None
    first, own, reached = (
        None if levels is None else sum(levels)
        for levels in (end.first_plan, end.in_force, end.reached)
    )
    return first, own, reached


def _at(end: MonthEnd, place: int) -> _Overdue:
    """One level alone."""
    first, own, reached = (
        None if levels is None else levels[place]
        for levels in (end.first_plan, end.in_force, end.reached)
    )
    return first, own, reached


def _part(name: str, overdue: _Overdue, by: str, counts: tuple[Count, ...]) -> Part:
    of_duty = {r.duty: r for r in summed((c for c in counts if getattr(c, by) == name), "duty")}
    first, own, reached = overdue
    return Part(
        name=name,
        first_plan=first,
        in_force=own,
        reached=reached,
        arms=of_duty.get(Duty.ARMS, Count()),
        visits=of_duty.get(Duty.VISIT, Count()),
    )
