"""A pool: officers and cases whose hours hang together, as arrays.

Without ``cross_team`` each team is a pool of its own, save that a team in which somebody is at some
time alone takes its second officers from the whole unit. Months are columns 0 to 17 here; officers,
routes, kinds, chains and cases are numbered within the pool.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from planner.domain.terms import Duty
from planner.optimise.calendars import Kind, arc_costs, start_costs

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from planner.optimise.meant import Meant
    from planner.optimise.pricing import Choice

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

NO_CHAIN = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One offender's case: the routes open to it, what each costs, and its two chains.

    ``count`` is above 1 only in a pooled pool, where a case stands for many alike. ``passed_over``
    is the part of each move cost that is none of the contract's: it stands for locks on the SOM
    that give way to a keep.
    """

    ref: str
    count: int = 1
    routes: Ints
    move_costs: Floats
    counted: Ints
    visit: int
    arms: int
    high: bool
    at_month_end: NDArray[np.bool_]
    passed_over: Floats | None = None

    def on_routes(self, some: Collection[int]) -> Case:
        """The case with only these of its routes open."""
        places = [n for n, route in enumerate(self.routes) if int(route) in some]
        return replace(
            self,
            routes=self.routes[places],
            move_costs=self.move_costs[places],
            counted=self.counted[places],
            passed_over=None if self.passed_over is None else self.passed_over[places],
        )

    def move_cost(self, route: int) -> float:
        """What its changes of SOM cost on a route."""
        return float(self.move_costs[self.place(route)])

    def place(self, route: int) -> int:
        """Where a route stands among the case's."""
        return [int(r) for r in self.routes].index(route)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondBlock:
    """In a month, visits led by ``leads`` are seconded by anyone of ``members`` but the lead.

    ``lone``: the leads are each alone in their team and draw on the whole unit.
    """

    month: int
    leads: tuple[int, ...]
    members: tuple[int, ...]
    lone: bool = False


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Everything the optimisation of one pool needs, and nothing of any other pool.

    ``comfortable_hours`` and ``most_hours`` are (officers, months): what may be planned without a
    cost for spread, and at all, overtime included. ``moves_allowed`` is the pool's part of the
    register's changes that count; None where the register's limit does not bind.
    ``has_every_route`` is false where a case has too many routes for all to be offered. ``meant``
    is what the plan before meant to do, where that is to count; it is no part of the pool's costs.
    """

    name: str
    months: int
    officers: tuple[str, ...]
    comfortable_hours: Floats
    most_hours: Floats
    cost_spread: float
    cost_mix: float
    caps: tuple[int | None, ...]
    fair_share: Floats
    arms_limit: Floats
    arms_each: float
    doers: dict[tuple[int, int], tuple[int, ...]]
    blocks: tuple[SecondBlock, ...]
    routes: Ints
    kinds: tuple[Kind, ...]
    arcs: Floats
    lead: Floats
    second: Floats
    chain_kind: Ints
    chain_due: Ints
    start: Floats
    cases: tuple[Case, ...]
    moves_allowed: int | None = None
    has_every_route: bool = True
    meant: Meant | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Officers, months."""
        return len(self.officers), self.months

    def with_kinds(self, kinds: tuple[Kind, ...]) -> Pool:
        """The pool with other costs of lateness: a kind for each of its own, in order."""
        dues = zip(self.chain_kind.tolist(), self.chain_due.tolist(), strict=True)
        arcs = np.array([arc_costs(kind, self.months) for kind in kinds])
        start = np.array([start_costs(kinds[k], due, self.months) for k, due in dues])
        return replace(
            self,
            kinds=kinds,
            arcs=arcs.reshape(self.arcs.shape),
            start=start.reshape(self.start.shape),
        )

    def calendar_cost(self, chain: int, calendar: Sequence[int]) -> float:
        """Cost of a chain's calendar (months from 1, ascending), missed locks included."""
        arcs = self._arcs[self.chain_kind[chain]]
        stops = [*calendar, self.months + 1]
        cost = float(self.start[chain, stops[0] - 1])
        for i, k in itertools.pairwise(stops):
            cost += arcs[i - 1][k - 1]
        return cost

    @cached_property
    def _arcs(self) -> list[list[list[float]]]:
        """``arcs`` as lists: much quicker to look up one by one."""
        return list(self.arcs.tolist())

    def choice_cost(self, choice: Choice) -> float:
        """Cost of a case's route and calendars, hours, caps and mix apart."""
        case = self.cases[choice.case]
        cost = case.move_cost(choice.route)
        for chain, calendar in ((case.visit, choice.visits), (case.arms, choice.arms)):
            if chain >= 0:
                cost += self.calendar_cost(chain, calendar)
        return cost


def pooled(pool: Pool) -> Pool:
    """The same work with all officers as one: a relaxation, small whatever the register's size.

    Chains alike in kind and due month become one case with a count; a visit's second hours join
    its lead hours. What no officer may do (nobody to hold, second or assess) is barred still.
    """
    counts: Counter[tuple[int, int]] = Counter()
    for case in pool.cases:
        for chain in (case.visit, case.arms):
            if chain >= 0:
                counts[int(pool.chain_kind[chain]), int(pool.chain_due[chain])] += case.count
    chains = sorted(counts)
    route = np.zeros(1, dtype=np.int64)
    cases = tuple(
        Case(
            ref="",
            count=counts[key],
            routes=route,
            move_costs=np.zeros(1),
            counted=route,
            visit=n if pool.kinds[key[0]].duty is Duty.VISIT else NO_CHAIN,
            arms=n if pool.kinds[key[0]].duty is Duty.ARMS else NO_CHAIN,
            high=False,
            at_month_end=np.zeros(pool.months, dtype=bool),
        )
        for n, key in enumerate(chains)
    )
    some = {m: (0,) for m in range(pool.months) if pool.arms_limit[:, m].any()}
    seconded = {block.month for block in pool.blocks}
    return replace(
        pool,
        officers=("all",),
        comfortable_hours=pool.comfortable_hours.sum(axis=0, keepdims=True),
        most_hours=pool.most_hours.sum(axis=0, keepdims=True),
        caps=(None,),
        fair_share=np.zeros(1),
        arms_limit=pool.arms_limit.sum(axis=0, keepdims=True),
        doers={(0, m): some.get(m, ()) for m in range(pool.months)},
        blocks=tuple(SecondBlock(month=m, leads=(0,), members=(0,)) for m in sorted(seconded)),
        routes=np.zeros((1, pool.months), dtype=np.int64),
        lead=pool.lead + pool.second,
        second=np.zeros_like(pool.second),
        chain_kind=np.array([k for k, _ in chains], dtype=np.int64),
        chain_due=np.array([d for _, d in chains], dtype=np.int64),
        start=np.array([start_costs(pool.kinds[k], d, pool.months) for k, d in chains]).reshape(
            -1, pool.months + 1
        ),
        cases=cases,
        moves_allowed=None,
        meant=None,
    )
