"""Who gives the second hours: named for month 1, as hours for the months after.

A flow each month from the visits' needs to the officers who may second them. Hours go first to
whoever has planned the smallest share of their capacity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ortools.graph.python import min_cost_flow

from planner.errors import NoPlanError
from planner.optimise.hours import Ledger, grains_down, grains_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.optimise.board import Decided
    from planner.optimise.pool import Pool

STEPS = 20
"""Utilisation is levelled in steps of a twentieth of an officer's capacity."""
UNCOMFORTABLE = 1000
"""An hour above comfort is so many steps dearer: such hours cost points, levels none."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Second hours by (officer, month column), and the second officer of each month 1 visit."""

    hours: dict[tuple[int, int], float]
    named: dict[int, int]


def share_second_hours(pool: Pool, decided: Sequence[Decided]) -> Shared:
    """Find who seconds which visits; the hours left are known to suffice."""
    ledger = Ledger(pool)
    first: dict[int, list[int]] = {}
    for number, decision in enumerate(decided):
        case, route = pool.cases[number], pool.routes[decision.choice.route]
        for chain, months in (
            (case.visit, decision.choice.visits),
            (case.arms, decision.choice.arms),
        ):
            if chain < 0:
                continue
            kind = int(pool.chain_kind[chain])
            lead, second = grains_up(float(pool.lead[kind])), grains_up(float(pool.second[kind]))
            for place, month in enumerate(months):
                if chain == case.arms:
                    ledger.arms(decision.doers[place], month - 1, lead)
                    continue
                som = int(route[month - 1])
                ledger.visit(som, month - 1, lead, second)
                if month == 1 and pool.kinds[kind].crew > 1:
                    first.setdefault(som, []).append(number)
    hours: dict[tuple[int, int], float] = {}
    named: dict[int, int] = {}
    for m in range(pool.months):
        needs = {s: ledger.need[s][m] for s in range(len(pool.officers)) if ledger.need[s][m]}
        if m == 0:
            needs = {s: len(cases) for s, cases in first.items()}
        given = _flow(pool, ledger, m, needs)
        for (lead, officer), amount in sorted(given.items()):
            if m == 0:
                for _ in range(amount):
                    named[first[lead].pop()] = officer
                amount *= ledger.unit
            hours[officer, m] = hours.get((officer, m), 0.0) + amount
    return Shared(_exact(pool, decided, hours), named)


def _exact(
    pool: Pool, decided: Sequence[Decided], grains: dict[tuple[int, int], float]
) -> dict[tuple[int, int], float]:
    """Hours from grains: scaled so that each month's sum is what the visits need, to the letter."""
    exact, rounded = [0.0] * pool.months, [0.0] * pool.months
    for number, decision in enumerate(decided):
        chain = pool.cases[number].visit
        for month in decision.choice.visits:
            second = float(pool.second[pool.chain_kind[chain]])
            exact[month - 1] += second
            rounded[month - 1] += grains_up(second)
    return {
        (s, m): amount * exact[m] / rounded[m]
        for (s, m), amount in grains.items()
        if rounded[m] > 0
    }


def _flow(pool: Pool, ledger: Ledger, m: int, needs: dict[int, int]) -> dict[tuple[int, int], int]:
    """Amounts from each lead's visits to each officer, in grains (month 1: in visits)."""
    wanted = sum(needs.values())
    if wanted == 0:
        return {}
    unit = ledger.unit if m == 0 and ledger.unit else 1
    officers = len(pool.officers)
    flow = min_cost_flow.SimpleMinCostFlow()
    sink = 2 * officers
    arcs: dict[int, tuple[int, int]] = {}
    for block in pool.blocks:
        if block.month != m:
            continue
        for lead in block.leads:
            if lead in needs:
                flow.set_node_supply(lead, needs[lead])
                for member in block.members:
                    if member != lead:
                        arc = flow.add_arc_with_capacity_and_unit_cost(
                            lead, officers + member, needs[lead], 0
                        )
                        arcs[arc] = (lead, member)
    for s in range(officers):
        _levels(flow, officers + s, sink, pool, ledger, s, m, unit)
    flow.set_node_supply(sink, -wanted)
    if flow.solve() != flow.OPTIMAL:
        raise NoPlanError("Second officers could not be found for a plan that was to have them.")
    return {pair: flow.flow(arc) for arc, pair in arcs.items() if flow.flow(arc)}


def _levels(
    flow: min_cost_flow.SimpleMinCostFlow,
    node: int,
    sink: int,
    pool: Pool,
    ledger: Ledger,
    s: int,
    m: int,
    unit: int,
) -> None:
    """Let an officer give what is left, dearer the more of the capacity is planned.

    Hours above the officer's comfortable ones are dearer than any below.
    """
    most = grains_down(float(pool.most_hours[s, m]))
    comfort = grains_down(float(pool.comfortable_hours[s, m]))
    left = ledger.left[s][m]
    used = most - left
    if unit > 1:
        for k in range(left // unit):
            planned = used + (k + 1) * unit
            share = planned * STEPS // max(1, most)
            above = max(0, min(unit, planned - comfort))
            flow.add_arc_with_capacity_and_unit_cost(
                node, sink, 1, int(share) + UNCOMFORTABLE * above // unit
            )
        return
    tops = sorted({comfort, *(most * (step + 1) // STEPS for step in range(STEPS))})
    bottom = 0
    for step, top in enumerate(tops):
        room = top - max(used, bottom)
        if room > 0:
            dearer = UNCOMFORTABLE if top > comfort else 0
            flow.add_arc_with_capacity_and_unit_cost(node, sink, room, step + dearer)
        bottom = top
