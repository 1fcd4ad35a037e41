"""From the pools' decisions to one plan in the register's own names."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from planner.domain.plan import Holding, Plan, PlannedArms, PlannedVisit
from planner.workload.announced import visit_types

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planner.optimise.pool import Pool
    from planner.optimise.solve_pool import PoolResult
    from planner.workload.situation import Situation


def assemble(situation: Situation, pools: Iterable[Pool], results: Iterable[PoolResult]) -> Plan:
    """One plan of all pools: holdings, visits with their types, ARMS and second hours."""
    holdings: dict[str, tuple[Holding, ...]] = {}
    visit_months: dict[str, tuple[int, ...]] = {}
    arms: list[PlannedArms] = []
    leads: dict[tuple[str, int], tuple[str, str | None]] = {}
    second_hours: dict[tuple[str, int], float] = defaultdict(float)
    for pool, result in zip(pools, results, strict=True):
        for decision in result.decided:
            case = pool.cases[decision.choice.case]
            soms = [
                pool.officers[s] if s >= 0 else None for s in pool.routes[decision.choice.route]
            ]
            holdings[case.ref] = tuple(_holdings(soms))
            visit_months[case.ref] = decision.choice.visits
            for month in decision.choice.visits:
                second = result.shared.named.get(decision.choice.case) if month == 1 else None
                name = None if second is None else pool.officers[second]
                leads[case.ref, month] = (str(soms[month - 1]), name)
            for month, doer in zip(decision.choice.arms, decision.doers, strict=True):
                som = str(soms[month - 1])
                arms.append(PlannedArms(month, case.ref, som, pool.officers[doer]))
        for (s, m), hours in result.shared.hours.items():
            second_hours[pool.officers[s], m + 1] += hours
    offenders = situation.register.offender
    types = visit_types(visit_months, offenders, situation.policy)
    visits = [
        PlannedVisit(
            month=month,
            ref=ref,
            som=som,
            visit_type=types[ref, month],
            crew=situation.crew(offenders[ref]),
            second=second,
        )
        for (ref, month), (som, second) in leads.items()
    ]
    return Plan(
        horizon=situation.horizon,
        holdings=holdings,
        visits=tuple(sorted(visits, key=lambda v: (v.month, v.ref))),
        arms=tuple(sorted(arms, key=lambda a: (a.month, a.ref))),
        second_hours=dict(second_hours),
    )


def _holdings(soms: Sequence[str | None]) -> Iterable[Holding]:
    before = None
    for month, som in enumerate(soms, start=1):
        if som is not None and som != before:
            yield Holding(month, som)
        before = som if som is not None else before
