"""The price of a change: what the plan before meant to do, made part of what a plan costs.

To do a duty outside the months that the plan before gave it, and to give it to somebody else, costs
points beside the contract's cost. Like a locked month, a month kept and left out sits on the arc
that passes it; another officer sits on the route. So the linear programme, the filling of months
and the exchanges all weigh it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.optimise.calendars import Kind, arc_costs, start_costs
from planner.optimise.master import Master
from planner.optimise.meant import NOBODY, Meant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from planner.optimise.board import Decided
    from planner.optimise.master import Column, MasterResult
    from planner.optimise.pool import Case, Pool
    from planner.optimise.pricing import Pricer


def with_price_of_change(pool: Pool, meant: Meant) -> Pool:
    """The pool with each change of what was meant among its costs.

    Chains alike in kind and in the months kept share one kind. Routes and cases keep their numbers,
    so that a choice of the one pool is a choice of the other.
    """
    number: dict[tuple[int, tuple[int, ...]], int] = {}
    chain_kind = [
        number.setdefault((int(kind), meant.months.get(chain, ())), len(number))
        for chain, kind in enumerate(pool.chain_kind)
    ]
    plain = np.array([kind for kind, _ in number], dtype=np.int64)
    kinds = tuple(_kept(pool.kinds[kind], months, meant.cost) for kind, months in number)
    dues = zip(chain_kind, pool.chain_due.tolist(), strict=True)
    return replace(
        pool,
        kinds=kinds,
        arcs=np.array([arc_costs(kind, pool.months) for kind in kinds]).reshape(
            -1, pool.months, pool.months + 1
        ),
        lead=pool.lead[plain],
        second=pool.second[plain],
        chain_kind=np.array(chain_kind, dtype=np.int64),
        start=np.array([start_costs(kinds[k], due, pool.months) for k, due in dues]).reshape(
            -1, pool.months + 1
        ),
        cases=tuple(_hands_kept(pool, meant, case) for case in pool.cases),
        meant=meant,
    )


def _kept(kind: Kind, months: tuple[int, ...], cost: float) -> Kind:
    return replace(kind, kept=tuple(m + 1 for m in months), cost_kept=cost if months else 0.0)


def _hands_kept(pool: Pool, meant: Meant, case: Case) -> Case:
    """The case with each duty that a route takes from its officer among the route's costs."""
    named = [
        (m, officer, is_arms)
        for chain, is_arms in ((case.visit, False), (case.arms, True))
        for m, officer in zip(meant.months.get(chain, ()), meant.by.get(chain, ()), strict=True)
        if officer != NOBODY
    ]
    taken = [
        sum(
            officer not in _may_do(pool, int(route[m]), m, is_arms=is_arms)
            for m, officer, is_arms in named
        )
        for route in pool.routes[case.routes]
    ]
    return replace(case, move_costs=case.move_costs + meant.cost * np.array(taken, dtype=float))


def _may_do(pool: Pool, som: int, m: int, *, is_arms: bool) -> tuple[int, ...]:
    """Who may do a duty of an officer's case in a month (column)."""
    return pool.doers.get((som, m), ()) if is_arms else (som,)


def price_of_change(plain: Pool, priced: Pool, decided: Sequence[Decided]) -> float:
    """What of a plan's cost stands for changes: with their price, less without."""
    return sum(priced.choice_cost(d.choice) - plain.choice_cost(d.choice) for d in decided)


class _Steadying(Master):
    """A programme that begins with the columns another one ended with."""

    def __init__(self, pool: Pool, pricer: Pricer, known: Iterable[Column]) -> None:
        super().__init__(pool, pricer)
        for column in known:
            self._enter(replace(column, cost=self._cost(column.choice)))


def steadied(
    pool: Pool,
    pricer: Pricer,
    linear: MasterResult,
    *,
    tolerance: float,
    most_rounds: int,
    stop: Callable[[], bool],
) -> MasterResult:
    """The linear programme with changes priced, begun from the one without.

    Its bound is one of cost and changes together, not of the contract's cost.
    """
    master = _Steadying(pool, pricer, (column for column, _ in linear.weights))
    return master.generate(
        linear.prices, tolerance=tolerance, most_rounds=most_rounds, buying=True, stop=stop
    )
