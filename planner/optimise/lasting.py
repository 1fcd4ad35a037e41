"""A master programme that is kept and solved again as its pool's limits change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.optimise.master import Master
from planner.optimise.pricing import Pricer

if TYPE_CHECKING:
    from planner.optimise.pool import Pool


class LastingMaster(Master):
    """Each solve goes on from where the last ended; calendars once known stay known."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool, Pricer(pool))
        self.solver.SetSolverSpecificParametersAsString("use_preprocessing: false")

    def fit(self, pool: Pool) -> None:
        """Go on with another pool of the same cases and officers.

        Only hours, ARMS limits, the cases' counts and what lateness costs may differ from the pool
        before; ARMS may be done, and hours planned at a cost for spread, in no more months than at
        first.
        """
        is_costed_alike = pool.arcs is self.pool.arcs and pool.start is self.pool.start
        self.pool, self.pricer = pool, Pricer(pool)
        if not is_costed_alike:
            self._set_costs()
        for row, case in zip(self._convexity, pool.cases, strict=True):
            row.SetBounds(case.count, case.count)
        for at, row in self._hours.items():
            row.SetUb(float(pool.comfortable_hours[at]))
            if at in self._spread:
                room = pool.most_hours[at] - pool.comfortable_hours[at]
                self._spread[at].SetUb(float(room))
        for at, row in self._arms.items():
            row.SetUb(float(pool.arms_limit[at]))

    def _set_costs(self) -> None:
        """Calendars known already, at what they cost now."""
        objective = self.solver.Objective()
        for number, column in enumerate(self.columns):
            cost = self._cost(column.choice)
            if cost != column.cost:
                self.columns[number] = replace(column, cost=cost)
                objective.SetCoefficient(self._variables[number], cost)
