"""A master programme that is kept and solved again as its pool's limits change."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from planner.optimise.master import Column, Master
from planner.optimise.pricing import Pricer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.optimise.pool import Pool

IN_USE = 1e-9


class LastingMaster(Master):
    """Each solve goes on from where the last ended; calendars once known stay known."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool, Pricer(pool))
        self.solver.SetSolverSpecificParametersAsString("use_preprocessing: false")
        self._best: tuple[int, list[Column]] = (0, [])

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

    def enter_idle(self) -> None:
        """Let every case be left undone: where any programme begins."""
        for case in range(len(self.pool.cases)):
            choice = self._idle(case)
            self.enter(Column(choice, (), self._cost(choice)))

    def enter(self, column: Column) -> None:
        """Let the programme use a column, once."""
        self._enter(column)

    def best_columns(self, most: int) -> list[Column]:
        """So many columns of each case: those in use at the optimum, then the nearest to it."""
        if self._best[0] != len(self.columns):
            self._best = len(self.columns), list(self._ranked(most) if self._is_solved() else ())
        return self._best[1]

    def _ranked(self, most: int) -> Iterator[Column]:
        found: dict[int, list[tuple[bool, float, int]]] = defaultdict(list)
        for number, (column, variable) in enumerate(
            zip(self.columns, self._variables, strict=True)
        ):
            is_idle = variable.solution_value() <= IN_USE
            found[column.choice.case].append((is_idle, variable.reduced_cost(), number))
        for ranked in found.values():
            for _, _, number in sorted(ranked)[:most]:
                yield self.columns[number]

    def _set_costs(self) -> None:
        """Calendars known already, at what they cost now."""
        objective = self.solver.Objective()
        for number, column in enumerate(self.columns):
            cost = self._cost(column.choice)
            if cost != column.cost:
                self.columns[number] = replace(column, cost=cost)
                objective.SetCoefficient(self._variables[number], cost)
