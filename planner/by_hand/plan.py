"""The plan by hand, for comparison: under the same hard rules, without the model."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from planner.by_hand.allocation import allocate
from planner.by_hand.schedule import schedule
from planner.domain.plan import Holding, Plan, PlannedArms, PlannedVisit
from planner.domain.terms import Duty
from planner.workload.announced import visit_types

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.by_hand.allocation import Route
    from planner.by_hand.schedule import Done
    from planner.workload.situation import Situation


def by_hand_plan(situation: Situation) -> Plan:
    """What the unit gets with today's caseloads, each officer working earliest due first.

    Within a risk level, that is, and until the month's hours run out; nothing is done early but
    what is locked. The same register gives the same plan, in whatever order its rows come.
    """
    routes = allocate(situation)
    done = schedule(situation, routes)
    held = {ref: tuple(_holdings(routes[ref])) for ref in sorted(routes)}
    return Plan(
        horizon=situation.horizon,
        holdings={ref: holdings for ref, holdings in held.items() if holdings},
        visits=tuple(sorted(_visits(situation, done), key=lambda v: (v.month, v.ref))),
        arms=tuple(sorted(_arms(done), key=lambda a: (a.month, a.ref))),
        second_hours=_second_hours(situation, done),
    )


def _holdings(route: Route) -> Iterator[Holding]:
    before = None
    for month, som in enumerate(route, start=1):
        if som is not None and som != before:
            yield Holding(month, som)
            before = som


def _visits(situation: Situation, done: list[Done]) -> Iterator[PlannedVisit]:
    """The visits; the second officer is named in month 1 only."""
    visits = [d for d in done if d.chain.duty is Duty.VISIT]
    months: dict[str, list[int]] = defaultdict(list)
    for visit in visits:
        months[visit.chain.ref].append(visit.month)
    types = visit_types(months, situation.register.offender, situation.policy)
    for visit in visits:
        ref, month = visit.chain.ref, visit.month
        second = visit.by if month == 1 else None
        yield PlannedVisit(month, ref, visit.som, types[ref, month], visit.chain.crew, second)


def _arms(done: list[Done]) -> Iterator[PlannedArms]:
    for d in done:
        if d.chain.duty is Duty.ARMS and d.by is not None:
            yield PlannedArms(d.month, d.chain.ref, d.som, d.by)


def _second_hours(situation: Situation, done: list[Done]) -> dict[tuple[str, int], float]:
    """Each officer's hours as second officer, whole visits only."""
    visits = Counter(
        (d.by, d.month) for d in done if d.chain.duty is Duty.VISIT and d.by is not None
    )
    return {key: visits[key] * situation.hours.second for key in sorted(visits)}
