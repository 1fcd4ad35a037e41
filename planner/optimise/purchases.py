"""The least that clearing costs where several things may be bought, in whole units, proved.

Two programmes take turns (``docs/bound.md``). One says what a purchase lacks: all officers of a
pool as one, lateness that "can clear" forbids at a cost that nothing is worth, and hours and ARMS
to be had at a price. Its prices prove a row that every purchase with which a plan clears must keep
(weak duality). The other is the cheapest purchase, in whole units, that keeps every row so far. So
what the second one says is never more than the truth, whenever one stops.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from planner.optimise.lasting import LastingMaster
from planner.optimise.market import A_LITTLE_LATE
from planner.optimise.pool import SecondBlock
from planner.optimise.shortfall import NO_LIMIT, NOT_IN_TIME, in_time, no_prices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from ortools.linear_solver import pywraplp

    from planner.optimise.master import MasterResult
    from planner.optimise.pool import Pool
    from planner.optimise.pricing import Prices

    Floats = NDArray[np.float64]

_TOLERANCE = 1e-7
_ROUNDS = 100
_MOST_ROWS = 150
_ENOUGH = 1e-2
"""Hours that a purchase may lack by rounding alone."""
_FINE = 1e9
"""A row's numbers are kept as whole ones up to this, so that the solver's sums are exact."""
_PENCE = 100
_EFFORT = 2.0
"""CP-SAT's own seconds for one cheapest purchase; its proved bound counts if it runs out."""
_DEAR = 1e-3
"""Prices are scaled by this, so that no purchase is dearer than a duty left undone."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Ware:
    """What may be bought in whole units: hours and ARMS that one brings, by month.

    ``price`` is of one unit, in pounds; ``most`` how many there are to be had.
    """

    hours: Floats
    arms: Floats
    price: float
    most: int


class Purchase(NamedTuple):
    """``bound``: no purchase with which a plan clears costs less, proved; None: none does.

    ``amounts`` are units of each ware, in order, with which officers as one clear; None where none
    were found.
    """

    bound: float | None
    amounts: tuple[int, ...] | None


class _Row(NamedTuple):
    """Units bought, each at its worth, come to at least ``least`` for every plan that clears."""

    worth: Floats
    least: float


def least_price(pool: Pool, wares: Sequence[Ware], deadline: int, spare: float = 0.0) -> Purchase:
    """The cheapest whole purchase with which clearing by a month's end is not ruled out.

    ``pool`` is as ``pooled`` gives it. ``spare``: a share of all hours, bought ones too, that is to
    be left over; what is proved then holds for that only.
    """
    shop = Shop(opened(in_time(pool, deadline), 1 - spare), wares, 1 - spare)
    if shop.is_hopeless:
        return Purchase(None, None)
    basket = _Basket(wares)
    basket.add(shop.at_a_price())
    bound = 0.0
    for _ in range(_MOST_ROWS):
        found = basket.cheapest()
        if found is None:
            return Purchase(None, None)
        bound = max(bound, found.bound or 0.0)
        if found.amounts is None:  # none found in the effort there is; the bound stands
            break
        row = shop.lacking(found.amounts)
        if row is None:
            return Purchase(bound, found.amounts)
        basket.add(row)
    return Purchase(bound, None)


def opened(pool: Pool, share: float) -> Pool:
    """The pool with so much of its hours, where posts may make visits and ARMS in every month."""
    months = range(pool.months)
    return replace(
        pool,
        comfortable_hours=pool.most_hours * share,
        most_hours=pool.most_hours * share,
        cost_spread=0.0,
        doers={(0, m): (0,) for m in months},
        blocks=tuple(SecondBlock(month=m, leads=(0,), members=(0,)) for m in months),
    )


class Shop(LastingMaster):
    """Says what a purchase lacks, and proves a row of it."""

    def __init__(self, pool: Pool, wares: Sequence[Ware], share: float) -> None:
        super().__init__(replace(pool, arms_limit=np.full(pool.shape, NO_LIMIT)))
        self.own = pool
        self.hours = np.array([ware.hours * share for ware in wares]).reshape(-1, pool.months)
        self.arms = np.array([ware.arms for ware in wares]).reshape(-1, pool.months)
        self.prices = [ware.price * _DEAR for ware in wares]
        self.most = [ware.most for ware in wares]
        self._lacking = [self._slack(row, 1.0, 0.0) for row in self._hours.values()]
        each = max(1.0, self.pricer.arms_hours)
        self._lacking += [self._slack(row, each, 0.0) for row in self._arms.values()]
        self._units = [self._unit(n) for n in range(len(wares))]
        self._begin = no_prices(pool)

    def _unit(self, number: int) -> pywraplp.Variable:
        variable = self.solver.NumVar(0.0, 0.0, "")
        self.solver.Objective().SetCoefficient(variable, self.prices[number])
        for (_, m), row in self._hours.items():
            row.SetCoefficient(variable, -float(self.hours[number, m]))
        for (_, m), row in self._arms.items():
            row.SetCoefficient(variable, -float(self.arms[number, m]))
        return variable

    @property
    def is_hopeless(self) -> bool:
        """Whether something cannot be done in time with any number of hours and ARMS."""
        beyond = self.pricer.evaluate(no_prices(self.own)).bound()
        return beyond > A_LITTLE_LATE * NOT_IN_TIME

    def at_a_price(self) -> _Row:
        """The row that parts of units bought at their prices prove: the best one to begin with."""
        return self.row(self.solved_at_a_price())

    def solved_at_a_price(self) -> Prices:
        """The prices of hours and ARMS where parts of units may be bought, and nothing else."""
        self.fit(self.own)
        for variable, most in zip(self._units, self.most, strict=True):
            variable.SetUb(float(most))
        for variable in self._lacking:
            variable.SetUb(0.0)
        prices = self._solved(no_prices(self.own)).prices
        for variable in self._units:
            variable.SetUb(0.0)
        for variable in self._lacking:
            variable.SetUb(self.solver.infinity())
        return prices

    def lacking(self, amounts: Sequence[int]) -> _Row | None:
        """A row that these amounts break; None where officers as one clear with them."""
        units = np.array(amounts, dtype=float)
        more = self.own.most_hours + units @ self.hours
        self.fit(
            replace(
                self.own,
                comfortable_hours=more,
                most_hours=more,
                arms_limit=self.own.arms_limit + units @ self.arms,
            )
        )
        result = self._solved(self._begin)
        self._begin = result.prices
        if result.value <= _ENOUGH:
            return None
        row = self.row(result.prices)
        return row if row.least - units @ row.worth > _ENOUGH / 2 else None

    def _solved(self, start: Prices) -> MasterResult:
        return self.generate(start, tolerance=_TOLERANCE, most_rounds=_ROUNDS, weighing=False)

    def row(self, prices: Prices) -> _Row:
        """What every purchase with which a plan clears must be worth at these prices."""
        self.fit(self.own)
        worth = self.hours @ prices.hour[0] + self.arms @ prices.arms[0]
        return _Row(worth, self.pricer.evaluate(prices).bound())


class _Basket:
    """The cheapest whole purchase that keeps every row so far."""

    def __init__(self, wares: Sequence[Ware]) -> None:
        self.model = cp_model.CpModel()
        self.units = [self.model.new_int_var(0, ware.most, "") for ware in wares]
        pence = [round(ware.price * _PENCE) for ware in wares]
        self.price = cp_model.LinearExpr.weighted_sum(self.units, pence)
        self.model.minimize(self.price)

    def add(self, row: _Row) -> None:
        """Worth is rounded up and what it must come to down, so that no purchase is lost."""
        scale = _FINE / max(1.0, row.least, float(row.worth.max(initial=0.0)))
        worth = [math.ceil(w * scale) for w in row.worth]
        least = math.floor(row.least * scale)
        self.model.add(cp_model.LinearExpr.weighted_sum(self.units, worth) >= least)

    def cheapest(self) -> Purchase | None:
        """The cheapest, with what is proved of it; None where none keeps the rows."""
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_deterministic_time = _EFFORT
        status = solver.solve(self.model)
        if status == cp_model.INFEASIBLE:
            return None
        bound = math.ceil(solver.best_objective_bound - 1e-6) / _PENCE
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return Purchase(bound, None)
        return Purchase(bound, tuple(solver.value(unit) for unit in self.units))
