"""What whole duties cannot use up: inequalities that the linear programme does not see by itself.

Where the ARMS of a month are at their limit, visits alone may use what hours are left, and whole
visits seldom use them up. In month 1 second officers are whole people too. All whole numbers of
duties for which a team's month (an officer's month 1) has time are few enough to be listed; any
inequality that each of them keeps is kept by every plan, and the linear programme's solution may
break it (``docs/bound.md``). Each that is added has a price of its own.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.optimise.fitting import in_first_month_of, in_months
from planner.optimise.master import Master
from planner.optimise.pricing import Pricer, Prices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray
    from ortools.linear_solver import pywraplp

    from planner.optimise.fitting import Fitting, Inequality
    from planner.optimise.master import Column, MasterResult
    from planner.optimise.pool import Pool

    Floats = NDArray[np.float64]

TIMES = 8
"""So often are inequalities sought at the programme's solution,"""
WORTH_ANOTHER = 5e-5
"""and once more only if the bound rose by this share of itself."""
CLOSER = 0.4
"""Value and bound must then meet within this share of the usual tolerance."""


class Cut(NamedTuple):
    """An inequality for a month (a column) of the whole pool, or of one ``officer``.

    Of the whole pool's visits second hours are counted with the visit, not as given.
    """

    month: int
    officer: int | None
    row: Inequality


class Use(NamedTuple):
    """What the programme's solution does in a month: visits by kind, hours given, ARMS."""

    visits: Floats
    given: float
    arms: float


class CutPricer(Pricer):
    """As ``Pricer``, with a price (``Prices.cuts``) on each of the inequalities in ``cuts``."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)
        self.cuts: list[Cut] = []
        self._last: tuple[Prices, int, Prices] | None = None
        below = np.floor(pool.fair_share)
        self.mix_step: Floats = below + 1 - pool.fair_share
        self.mix_most: Floats = self.mix_step * below

    def hour_prices(self, prices: Prices) -> tuple[Floats, Floats]:
        return super().hour_prices(self._with_cuts(prices))

    def doer(self, route: int, m: int, prices: Prices) -> int:
        return super().doer(route, m, self._with_cuts(prices))

    def worth(self, prices: Prices) -> float:
        mine = zip(self.cuts, _cut_prices(prices, len(self.cuts)), strict=True)
        worth = super().worth(prices) + sum(price * cut.row.most for cut, price in mine)
        if prices.whole_mix is None:
            return worth
        return worth + float(prices.whole_mix @ self.mix_most)

    def _with_cuts(self, prices: Prices) -> Prices:
        """The prices of second hours and of ARMS, those of inequalities included."""
        if self._last and self._last[0] is prices and self._last[1] == len(self.cuts):
            return self._last[2]
        hour, arms = prices.hour.copy(), prices.arms.copy()
        for cut, price in zip(self.cuts, _cut_prices(prices, len(self.cuts)), strict=True):
            whose = slice(None) if cut.officer is None else cut.officer
            hour[whose, cut.month] += price * cut.row.given
            arms[whose, cut.month] += price * (cut.row.arms - cut.row.given * self.arms_hours)
        full = replace(prices, hour=hour, arms=arms)
        self._last = prices, len(self.cuts), full
        return full

    def _mix_price(self, prices: Prices) -> Floats:
        if prices.whole_mix is None:
            return super()._mix_price(prices)
        mix = prices.mix + prices.whole_mix * self.mix_step
        return super()._mix_price(replace(prices, mix=mix))

    def _doing_price(self, prices: Prices) -> Floats:
        price = super()._doing_price(prices)
        for cut, each in zip(self.cuts, _cut_prices(prices, len(self.cuts)), strict=True):
            if each > 0:
                held = self.pool.routes[:, cut.month]
                mine = held >= 0 if cut.officer is None else held == cut.officer
                price[:, mine, cut.month] += each * cut.row.visit[:, None]
        return price


class CutMaster(Master):
    """A master programme to which such inequalities are added where its solution breaks them."""

    pricer: CutPricer

    def __init__(self, pool: Pool, pricer: CutPricer) -> None:
        self._rows: dict[int, list[tuple[pywraplp.Constraint, Cut]]] = {}
        self._row_of: list[pywraplp.Constraint] = []
        super().__init__(pool, pricer)
        self._whole_mix: list[pywraplp.Constraint] = []

    @cached_property
    def _in_months(self) -> list[Fitting | None]:
        return in_months(self.pool)

    @cached_property
    def _in_first_month(self) -> list[Fitting | None]:
        return [in_first_month_of(self.pool, s) for s in range(len(self.pool.officers))]

    def take_over(self, other: CutMaster) -> None:
        """Begin with the columns and inequalities of another programme of the same cases."""
        for column in other.columns:
            self._enter(replace(column, cost=self._cost(column.choice)))
        if other._whole_mix:
            self._count_whole_cases()
        self._cut(other.pricer.cuts)

    def tightened(
        self,
        linear: MasterResult,
        *,
        tolerance: float,
        most_rounds: int,
        stop: Callable[[], bool] = lambda: False,
    ) -> MasterResult:
        """The result with as many inequalities as help; no worse a bound than the one given.

        ``linear`` is this programme's own, just generated; the rest is as for ``generate``.
        """
        best = linear
        for _ in range(TIMES):
            if stop():
                break
            found = list(self._broken(linear.weights))
            if not self._whole_mix:
                self._count_whole_cases()
            self._cut(found)
            linear = self.generate(
                linear.prices, tolerance=CLOSER * tolerance, most_rounds=most_rounds, stop=stop
            )
            rise = linear.bound - best.bound
            best = max(best, linear, key=lambda result: result.bound)
            if rise < WORTH_ANOTHER * best.bound:
                break
        return best

    def _count_whole_cases(self) -> None:
        """One case above the fair share cannot be had in part.

        The cost of a whole number of cases is nowhere below the line from the last number that is
        not above the fair share to the first that is.
        """
        if self.pool.cost_mix <= 0:
            return
        infinity = self.solver.infinity()
        for s, most in enumerate(self.pricer.mix_most.tolist()):
            row = self.solver.Constraint(-infinity, most)
            row.SetCoefficient(self._above_fair[s], -1.0)
            self._whole_mix.append(row)
        for column, variable in zip(self.columns, self._variables, strict=True):
            for row, amount in self._high(column):
                row.SetCoefficient(variable, amount)

    def _high(self, column: Column) -> Iterator[tuple[pywraplp.Constraint, float]]:
        choice = column.choice
        first = self._routes[choice.route][0]
        if self._whole_mix and self.pool.cases[choice.case].high and first >= 0:
            yield self._whole_mix[first], float(self.pricer.mix_step[first])

    def _broken(self, weights: Sequence[tuple[Column, float]]) -> Iterator[Cut]:
        """For each month, and each officer's month 1, the inequality that is broken the most."""
        fits: list[tuple[int, int | None, Fitting | None]] = [
            *((m, None, fitting) for m, fitting in enumerate(self._in_months)),
            *((0, s, fitting) for s, fitting in enumerate(self._in_first_month)),
        ]
        for m, officer, fitting in fits:
            if fitting is not None and (
                found := fitting.most_broken(*self._use(weights, m, officer))
            ):
                yield Cut(m, officer, found)

    def _use(self, weights: Sequence[tuple[Column, float]], m: int, officer: int | None) -> Use:
        pool = self.pool
        visits, arms = np.zeros(len(pool.kinds)), 0.0
        for column, weight in weights:
            choice = column.choice
            if m + 1 in choice.visits and officer in (None, self._routes[choice.route][m]):
                visits[pool.chain_kind[pool.cases[choice.case].visit]] += weight
            if m + 1 in choice.arms:
                doer = column.doers[choice.arms.index(m + 1)]
                arms += weight if officer in (None, doer) else 0.0
        given = 0.0
        if officer is not None:
            given = sum(float(v.solution_value()) for v in self._given.get((officer, m), ()))
        return Use(visits, given, arms)

    def _cut(self, cuts: Sequence[Cut]) -> None:
        """Add inequalities as rows."""
        infinity = self.solver.infinity()
        new: dict[int, list[tuple[pywraplp.Constraint, Cut]]] = {}
        for cut in cuts:
            row = self.solver.Constraint(-infinity, cut.row.most)
            new.setdefault(cut.month, []).append((row, cut))
            self._row_of.append(row)
            self.pricer.cuts.append(cut)
            if cut.officer is not None:
                for variable in self._given.get((cut.officer, cut.month), ()):
                    row.SetCoefficient(variable, cut.row.given)
        for column, variable in zip(self.columns, self._variables, strict=True):
            for row, amount in self._counted(column, new):
                row.SetCoefficient(variable, row.GetCoefficient(variable) + amount)
        for month, rows in new.items():
            self._rows.setdefault(month, []).extend(rows)

    def _entries(self, column: Column) -> Iterator[tuple[pywraplp.Constraint, float]]:
        yield from super()._entries(column)
        yield from self._counted(column, self._rows)
        yield from self._high(column)

    def _counted(
        self, column: Column, rows: dict[int, list[tuple[pywraplp.Constraint, Cut]]]
    ) -> Iterator[tuple[pywraplp.Constraint, float]]:
        """What a column's duties come to in inequalities."""
        pool, choice = self.pool, column.choice
        case, route = pool.cases[choice.case], self._routes[choice.route]
        for month in choice.visits:
            for row, cut in rows.get(month - 1, ()):
                if cut.officer in (None, route[month - 1]):
                    yield row, float(cut.row.visit[pool.chain_kind[case.visit]])
        for month, doer in zip(choice.arms, column.doers, strict=True):
            for row, cut in rows.get(month - 1, ()):
                if cut.officer in (None, doer):
                    yield row, cut.row.arms

    def _solve(self) -> tuple[float, Floats, Prices]:
        value, duals, prices = super()._solve()
        cuts = np.array([max(0.0, -row.dual_value()) for row in self._row_of])
        if not self._whole_mix:
            return value, duals, replace(prices, cuts=cuts)
        whole = np.array([max(0.0, -row.dual_value()) for row in self._whole_mix])
        whole = np.minimum(whole, self.pool.cost_mix - prices.mix)
        return value, duals, replace(prices, cuts=cuts, whole_mix=whole)


def _cut_prices(prices: Prices, count: int) -> list[float]:
    """The price of each inequality: none of those found since the prices were made."""
    known = [] if prices.cuts is None else prices.cuts.tolist()
    return [*known, *[0.0] * (count - len(known))]
