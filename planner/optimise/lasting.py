"""A master programme that is kept and solved again as its pool's limits change."""

from __future__ import annotations

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

        Only hours, ARMS limits and the cases' counts may differ from the pool before; ARMS may be
        done, and hours planned at a cost for spread, in no more months than at first.
        """
        self.pool, self.pricer = pool, Pricer(pool)
        for row, case in zip(self._convexity, pool.cases, strict=True):
            row.SetBounds(case.count, case.count)
        for at, row in self._hours.items():
            row.SetUb(float(pool.comfortable_hours[at]))
            if at in self._spread:
                room = pool.most_hours[at] - pool.comfortable_hours[at]
                self._spread[at].SetUb(float(room))
        for at, row in self._arms.items():
            row.SetUb(float(pool.arms_limit[at]))
