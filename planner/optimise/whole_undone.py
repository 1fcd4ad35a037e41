"""A whole number of duties is left undone: what that adds to a bound.

Where hours are short the linear programme leaves a part of a duty undone, 1.3 of them say. A plan
leaves at most 1, or at least 2. Each half has a bound of its own, by a price on the number left
undone, which is the same as another cost of each; the lesser of the two holds for every plan
(``docs/bound.md``).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from planner.optimise.whole_duties import CutMaster, CutPricer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planner.optimise.calendars import Kind
    from planner.optimise.master import Column, MasterResult
    from planner.optimise.pool import Pool

HARDLY = 1e-3
"""Parts of a duty that count as none."""
STEPS = 5
LEAST_GAIN = 5e-3
"""Share of the bound by which half a duty must be able to raise it, for it to be tried."""


def raised_bound(
    master: CutMaster,
    tight: MasterResult,
    *,
    tolerance: float,
    most_rounds: int,
    stop: Callable[[], bool] = lambda: False,
) -> float:
    """The bound of a programme's result, raised by what follows from whole duties left undone.

    ``tight`` is the programme's own result; ``tolerance`` and ``most_rounds`` are as for
    ``generate``.
    """
    pool = master.pool
    cost = max((kind.uncleared for kind in pool.kinds), default=0.0)
    counting = _with_costs(pool, _counting)
    undone = _undone(counting, tight.weights)
    most = math.floor(undone + HARDLY)
    if undone - most <= HARDLY or 0.5 * cost < LEAST_GAIN * tight.bound:
        return tight.bound

    def at(price: float) -> tuple[float, float]:
        """The bound where each duty undone costs so much more, and how many then are."""
        other = _with_costs(pool, lambda k: replace(k, uncleared=k.uncleared + price))
        found = _Repriced(other, master).generate(
            tight.prices, tolerance=tolerance, most_rounds=most_rounds, stop=stop
        )
        return found.bound, _undone(counting, found.weights)

    at_least = tight.bound
    low, high = 0.0, cost
    for _ in range(STEPS):
        price = (low + high) / 2
        bound, there = at(-price)
        at_least = max(at_least, bound + price * (most + 1))
        low, high = (price, high) if there < most + 1 else (low, price)
    at_most, price = tight.bound, cost
    for _ in range(STEPS):
        if at_most >= at_least or stop():
            break
        bound, _ = at(price)
        at_most = max(at_most, bound - price * most)
        price *= 3
    return min(at_least, at_most)


class _Repriced(CutMaster):
    """A programme with the columns and inequalities of another, at other costs."""

    def __init__(self, pool: Pool, other: CutMaster) -> None:
        super().__init__(pool, CutPricer(pool))
        self.take_over(other)


def _with_costs(pool: Pool, change: Callable[[Kind], Kind]) -> Pool:
    """The pool with other costs of lateness."""
    return pool.with_kinds(tuple(change(kind) for kind in pool.kinds))


def _counting(kind: Kind) -> Kind:
    """The kind at a cost of 1 where it is left undone, and of nothing else."""
    return replace(kind, weight=0.0, protected=0.0, uncleared=1.0, locked=(), kept=())


def _undone(counting: Pool, weights: Sequence[tuple[Column, float]]) -> float:
    """How many duties are overdue at the end."""
    total = 0.0
    for column, weight in weights:
        choice = column.choice
        case = counting.cases[choice.case]
        for chain, months in ((case.visit, choice.visits), (case.arms, choice.arms)):
            if chain >= 0:
                total += weight * counting.calendar_cost(chain, months)
    return total
