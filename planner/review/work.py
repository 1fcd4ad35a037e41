"""The work of one case, wishes met: who leads, who seconds, who assesses, in which month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.terms import Duty
from planner.review.wishes import duty_months, route

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planner.domain.plan import PlannedVisit
    from planner.review.ground import Ground
    from planner.review.wishes import DutyMonth, Wishes

    Roomiest = Callable[[Sequence[str], int], str]


@dataclass(frozen=True, slots=True)
class Visit:
    """``second`` is None where nobody is named, or where the crew is one."""

    month: int
    lead: str
    crew: int
    second: str | None


@dataclass(frozen=True, slots=True)
class Assessment:
    month: int
    done_by: str


@dataclass(frozen=True, slots=True)
class CaseWork:
    """``soms`` are by month; ``months`` every doing's month, those before month 1 too."""

    soms: tuple[str | None, ...]
    visits: tuple[Visit, ...]
    arms: tuple[Assessment, ...]
    visit_months: tuple[int, ...]
    arms_months: tuple[int, ...]

    def months(self, duty: Duty) -> tuple[int, ...]:
        return self.visit_months if duty is Duty.VISIT else self.arms_months


def case_work(ground: Ground, ref: str, wishes: Wishes, roomiest: Roomiest) -> CaseWork:
    """``roomiest`` picks, of several officers, the one with most hours left in a month."""
    soms = route(ground, ref, wishes)
    planned_visits = {v.month: v for v in ground.visits[ref]}
    planned_arms = {a.month: a for a in ground.arms[ref]}
    visit_months = duty_months(ground, ref, Duty.VISIT, list(planned_visits), wishes)
    arms_months = duty_months(ground, ref, Duty.ARMS, list(planned_arms), wishes)
    months = ground.horizon.months
    visits, arms, visited, assessed = [], [], [], []
    for found in visit_months:
        som = soms[found.wanted - 1] if found.wanted in months else None
        if som is not None:
            visits.append(_visit(planned_visits[found.planned], found, som))
        if som is not None or found.wanted not in months:
            visited.append(found.wanted)
    for found in arms_months:
        som = soms[found.wanted - 1] if found.wanted in months else None
        planned = planned_arms[found.planned].done_by
        doer = _doer(ground, ref, som, found.wanted, planned, roomiest) if som else None
        if doer is not None:
            arms.append(Assessment(found.wanted, doer))
        if doer is not None or found.wanted not in months:
            assessed.append(found.wanted)
    return CaseWork(
        soms=tuple(soms),
        visits=tuple(visits),
        arms=tuple(arms),
        visit_months=tuple(sorted(visited)),
        arms_months=tuple(sorted(assessed)),
    )


def _visit(planned: PlannedVisit, found: DutyMonth, som: str) -> Visit:
    """With the second officer named where the month stays; the two may change places."""
    second = planned.second if found.wanted == found.planned else None
    if second is not None and second == som:
        second = planned.som if planned.som != som else None
    return Visit(found.wanted, som, planned.crew, second)


def _doer(
    ground: Ground, ref: str, som: str, month: int, planned: str, roomiest: Roomiest
) -> str | None:
    """Who does an ARMS: whoever was to, where that may still be; else whoever has most time."""
    offender = ground.offender(ref)
    if offender is None:
        return planned
    able = ground.posts.assessors(offender.team, som, month)
    if not able:
        return None
    return planned if planned in able else som if som in able else roomiest(able, month)
