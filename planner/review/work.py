"""The work of one case, wishes met: who leads, who seconds, who assesses, in which month."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    """An ARMS in a month."""

    month: int
    done_by: str


@dataclass(frozen=True, slots=True)
class CaseWork:
    """``soms`` are by month; ``months`` holds every planned doing of each duty."""

    soms: tuple[str | None, ...]
    visits: tuple[Visit, ...]
    arms: tuple[Assessment, ...]
    months: tuple[tuple[Duty, tuple[DutyMonth, ...]], ...]


def case_work(ground: Ground, ref: str, wishes: Wishes, roomiest: Roomiest) -> CaseWork:
    """``roomiest`` picks, of several officers, the one with most hours left in a month."""
    soms = route(ground, ref, wishes)
    visits: list[Visit] = []
    arms: list[Assessment] = []
    visit_months, arms_months = [], []
    planned = {v.month: v for v in ground.visits[ref]}
    for doing in duty_months(ground, ref, Duty.VISIT, list(planned), wishes):
        month, som = _own_month(ground, doing, soms)
        if month and som is not None:
            visits.append(_visit(planned[doing.planned], month, som))
        visit_months.append(replace(doing, wanted=None) if month and som is None else doing)
    doers = {a.month: a.done_by for a in ground.arms[ref]}
    for doing in duty_months(ground, ref, Duty.ARMS, list(doers), wishes):
        month, som = _own_month(ground, doing, soms)
        doer = _doer(ground, ref, som, month, doers[doing.planned], roomiest) if som else None
        if doer is not None:
            arms.append(Assessment(month, doer))
        arms_months.append(replace(doing, wanted=None) if month and doer is None else doing)
    months = ((Duty.VISIT, tuple(visit_months)), (Duty.ARMS, tuple(arms_months)))
    return CaseWork(tuple(soms), tuple(visits), tuple(arms), months)


def _own_month(
    ground: Ground, doing: DutyMonth, soms: Sequence[str | None]
) -> tuple[int, str | None]:
    """The month of the plan in which it takes hours of its own, and the SOM then; 0 for none."""
    month = doing.wanted
    if month is None or month not in ground.horizon.months or doing.is_merged:
        return 0, None
    return month, soms[month - 1]


def _visit(planned: PlannedVisit, month: int, som: str) -> Visit:
    """With the second officer named where the month stays; the two may change places."""
    second = planned.second if month == planned.month else None
    if second is not None and second == som:
        second = planned.som if planned.som != som else None
    return Visit(month, som, planned.crew, second)


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
