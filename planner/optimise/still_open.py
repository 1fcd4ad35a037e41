"""The linear programme of the months that are still open, once earlier ones are settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.optimise.master import Column, Master
from planner.optimise.pricing import Choice, Pricer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray
    from ortools.linear_solver import pywraplp

    from planner.optimise.pool import Pool
    from planner.optimise.pricing import Prices

    Floats = NDArray[np.float64]


class ReservingPricer(Pricer):
    """As ``Pricer``; some of the last month's hours and ARMS are to be had only at a price."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)
        self.hours_kept: Floats = np.zeros(len(pool.officers))
        self.arms_kept: Floats = np.zeros(len(pool.officers))
        self.price = 0.0

    def worth(self, prices: Prices) -> float:
        """What there is comes to at these prices, what is kept back at the excess only."""
        hours = np.maximum(0.0, prices.hour[:, -1] - self.price) @ self.hours_kept
        arms = np.maximum(0.0, prices.arms[:, -1] - self.price) @ self.arms_kept
        return super().worth(prices) + float(hours + arms)


class StillOpen(Master):
    """A master programme in which months are settled one after another.

    ``whole`` is the pool as it was; ``pool`` is changed: its chains' start costs are those from
    their last doing on, what has been paid included. Values leave out the spread of hours in
    settled months.
    """

    pricer: ReservingPricer

    def __init__(self, pool: Pool, whole: Pool, columns: Iterable[Column]) -> None:
        super().__init__(pool, ReservingPricer(pool))
        self.whole = whole
        self.settled = 0
        self.months_done: list[tuple[int, ...]] = [() for _ in pool.chain_kind]
        self.done_by: list[tuple[int, ...]] = [() for _ in pool.chain_kind]
        self._kept: dict[tuple[str, int], pywraplp.Variable] = {}
        for column in columns:
            self._enter(column)

    def let_wait(self, case: int, route: int, at: Prices) -> None:
        """Let nothing more be done for a case, on this route: there is always that way out."""
        self._add(Choice(case, route, (), ()), at)

    def note(self, first: int, doing: Iterable[Mapping[int, int]]) -> None:
        """Note what is done in the months from ``first`` (a column) on, and by whom; no more."""
        for month, by_chain in enumerate(doing, first + 1):
            for chain, doer in by_chain.items():
                self.months_done[chain] += (month,)
                self.done_by[chain] += (doer,)

    def settle(self, m: int, doing: Mapping[int, int], route: Sequence[int], at: Prices) -> None:
        """Settle a month (column): these chains are done in it, by these people.

        The cases they belong to stay on the route given for each case.
        """
        pool = self.pool
        for chain, doer in doing.items():
            pool.start[chain] = pool.start[chain, m] + pool.arcs[pool.chain_kind[chain], m]
            self.months_done[chain] += (m + 1,)
            self.done_by[chain] += (doer,)
        pool.start[:, : m + 1] = np.inf
        self._free(m)
        for column, variable in zip(self.columns, self._variables, strict=True):
            if not self._agrees(column, m, doing, route):
                variable.SetUb(0.0)
        for number, case in enumerate(pool.cases):
            if case.visit in doing or case.arms in doing:
                self.pricer.keep_to(number, route[number])
                self.let_wait(number, route[number], at)

    def anew(self) -> StillOpen:
        """The same programme without what its solver has gone through: rounding may spoil that."""
        live = (
            column
            for column, variable in zip(self.columns, self._variables, strict=True)
            if variable.ub() > 0
        )
        fresh = StillOpen(self.pool, self.whole, live)
        fresh.pricer = self.pricer
        fresh.months_done, fresh.done_by = self.months_done, self.done_by
        for m in range(self.settled):
            fresh._free(m)
        return fresh

    def _free(self, m: int) -> None:
        """A settled month's hours and ARMS are no limit any more."""
        self.settled = m + 1
        for s in range(len(self.pool.officers)):
            for rows in (self._hours, self._arms):
                if (s, m) in rows:
                    rows[s, m].SetUb(self.solver.infinity())

    def keep_back(self, hours: Floats, arms: Floats, price: float) -> None:
        """Let so much of each officer's last month be had only at this price."""
        pool, whole, pricer = self.pool, self.whole, self.pricer
        most = whole.most_hours[:, -1] - hours
        pool.most_hours[:, -1] = most
        pool.comfortable_hours[:, -1] = np.minimum(most, whole.comfortable_hours[:, -1])
        pool.arms_limit[:, -1] = whole.arms_limit[:, -1] - arms
        pricer.hours_kept, pricer.arms_kept, pricer.price = hours, arms, price
        m = pool.months - 1
        for s in range(len(pool.officers)):
            row = self._hours[s, m]
            row.SetUb(float(pool.comfortable_hours[s, m]))
            if (s, m) in self._spread:
                self._spread[s, m].SetUb(float(most[s] - pool.comfortable_hours[s, m]))
            self._keep("hours", s, row, float(hours[s]), price)
            if (s, m) in self._arms:
                self._arms[s, m].SetUb(float(pool.arms_limit[s, m]))
                self._keep("arms", s, self._arms[s, m], float(arms[s]), price)

    def _keep(self, what: str, s: int, row: pywraplp.Constraint, most: float, price: float) -> None:
        if (what, s) not in self._kept:
            self._kept[what, s] = self._slack(row, price, 0.0)
        self._kept[what, s].SetUb(most)

    def _agrees(
        self, column: Column, m: int, doing: Mapping[int, int], route: Sequence[int]
    ) -> bool:
        """Whether a column does in the month just what is done in it."""
        choice = column.choice
        case = self.pool.cases[choice.case]
        visit, arms = case.visit in doing, case.arms in doing
        if (m + 1 in choice.visits) != visit or (m + 1 in choice.arms) != arms:
            return False
        if arms and column.doers[choice.arms.index(m + 1)] != doing[case.arms]:
            return False
        return choice.route == route[choice.case] or not (visit or arms)

    def _add(self, choice: Choice, prices: Prices) -> None:
        """Add a choice for the open months, after what has been done in the settled ones."""
        case = self.pool.cases[choice.case]
        doers = tuple(self.pricer.doer(choice.route, m - 1, prices) for m in choice.arms)
        visits, arms = choice.visits, choice.arms
        if case.visit >= 0:
            visits = self.months_done[case.visit] + visits
        if case.arms >= 0:
            arms, doers = self.months_done[case.arms] + arms, self.done_by[case.arms] + doers
        whole = Choice(choice.case, choice.route, visits, arms)
        self._enter(Column(whole, doers, self._cost(whole)))

    def _cost(self, choice: Choice) -> float:
        return self.whole.choice_cost(choice)
