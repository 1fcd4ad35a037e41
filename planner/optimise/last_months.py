"""The last months of a plan at once, in whole duties.

Month by month what is left over or unsuited goes to the next month; the last ones have none to
pass it on to. Each officer's own hours and ARMS must then just fit what is still to be done. Duties
alike (of one kind and one officer, as late as one another) are counted, so the months are few
numbers.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from planner.domain.terms import Duty
from planner.optimise.hours import grains_down, grains_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from planner.optimise.pool import Pool

POINT = 1000
"""Costs are whole thousandths of a point in here, as are grains of an hour at their cost."""
MOST_DEARER = 150.0
"""Calendars are left out that cost so much more than the best of a duty, unless it is not to be."""

Calendar = tuple[int, ...]
"""Columns of months, ascending."""


class Ahead(NamedTuple):
    """A chain in the last months: who holds its case in each, and what each calendar costs."""

    chain: int
    kind: int
    soms: tuple[int, ...]
    costs: tuple[tuple[Calendar, int], ...]


class LastMonths:
    """The exact model of the months from ``first`` (a column) on.

    ``route`` has the route of each case; the pool's start costs are those of what is still open.
    """

    def __init__(self, pool: Pool, first: int, route: Sequence[int]) -> None:
        self.pool, self.first = pool, first
        self.columns = range(first, pool.months)
        groups: dict[Ahead, list[int]] = defaultdict(list)
        for one in self._ahead(route):
            groups[one._replace(chain=-1)].append(one.chain)
        self.groups = groups
        self.model = cp_model.CpModel()
        self._own: dict[tuple[int, int], list[cp_model.LinearExpr]] = defaultdict(list)
        self._arms: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        self._need: dict[tuple[int, int], list[cp_model.LinearExpr]] = defaultdict(list)
        self._costs: list[cp_model.LinearExprT] = []
        self._count: dict[Ahead, dict[Calendar, cp_model.IntVar]] = {}
        self._doers: dict[tuple[Ahead, int], dict[int, cp_model.IntVar]] = {}
        for group, chains in groups.items():
            self._choose(group, len(chains))
        self._officers(self._seconds())

    def hint(self, wanted: Mapping[int, Calendar]) -> None:
        """Where to begin: the calendar of each chain."""
        for group, chains in self.groups.items():
            counts: dict[Calendar, int] = defaultdict(int)
            for chain in chains:
                counts[wanted.get(chain, ())] += 1
            for calendar, variable in self._count[group].items():
                self.model.add_hint(variable, counts[calendar])

    def doing(self, effort: float) -> list[dict[int, int]] | None:
        """For each of the months the chains done in it, and who does each.

        ``effort`` is in CP-SAT's own seconds; None where nothing was found in that.
        """
        self.model.minimize(sum(self._costs))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        solver.parameters.max_deterministic_time = effort
        if solver.solve(self.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        found: list[dict[int, int]] = [{} for _ in self.columns]
        for group, chains in self.groups.items():
            members = iter(chains)
            doers = {m: self._by(group, m, solver) for m in self.columns}
            for calendar, count in self._count[group].items():
                for _ in range(solver.value(count)):
                    chain = next(members)
                    for m in calendar:
                        found[m - self.first][chain] = next(doers[m])
        return found

    def _by(self, group: Ahead, m: int, solver: cp_model.CpSolver) -> Iterator[int]:
        """Who does the duties of a group in a month, one after another."""
        if (group, m) not in self._doers:
            return itertools.repeat(group.soms[m - self.first])
        counts = self._doers[group, m].items()
        return (doer for doer, count in counts for _ in range(solver.value(count)))

    def _ahead(self, route: Sequence[int]) -> Iterator[Ahead]:
        for case, number in zip(self.pool.cases, route, strict=True):
            soms = tuple(self.pool.routes[number, self.first :].tolist())
            for chain in (case.visit, case.arms):
                if chain >= 0:
                    kind = int(self.pool.chain_kind[chain])
                    yield Ahead(chain, kind, soms, self._calendars(chain, kind, soms))

    def _calendars(
        self, chain: int, kind: int, soms: tuple[int, ...]
    ) -> tuple[tuple[Calendar, int], ...]:
        """The calendars that a chain may still have, and what each costs above the best."""
        pool, end = self.pool, self.pool.months
        is_arms = pool.kinds[kind].duty is Duty.ARMS
        found: dict[Calendar, float] = {}
        for size in range(len(self.columns) + 1):
            for calendar in itertools.combinations(self.columns, size):
                if any(soms[m - self.first] < 0 for m in calendar):
                    continue
                if is_arms and any(not pool.doers[soms[m - self.first], m] for m in calendar):
                    continue
                stops = [*calendar, end]
                cost = pool.start[chain, stops[0]]
                cost += sum(pool.arcs[kind, i, k] for i, k in itertools.pairwise(stops))
                if np.isfinite(cost):
                    found[calendar] = float(cost)
        least = min(found.values())
        return tuple(
            (calendar, round((cost - least) * POINT))
            for calendar, cost in found.items()
            if not calendar or cost - least <= MOST_DEARER
        )

    def _choose(self, group: Ahead, size: int) -> None:
        """How many of the duties alike have each calendar, and who does their ARMS."""
        model, pool = self.model, self.pool
        counts = {calendar: model.new_int_var(0, size, "") for calendar, _ in group.costs}
        model.add(sum(counts.values()) == size)
        self._costs += [counts[calendar] * cost for calendar, cost in group.costs if cost]
        self._count[group] = counts
        hours = grains_up(float(pool.lead[group.kind]))
        second = grains_up(float(pool.second[group.kind]))
        for m in self.columns:
            done = [count for calendar, count in counts.items() if m in calendar]
            if not done:
                continue
            som = group.soms[m - self.first]
            if pool.kinds[group.kind].duty is Duty.ARMS:
                by = {d: model.new_int_var(0, size, "") for d in pool.doers[som, m]}
                model.add(sum(by.values()) == sum(done))
                self._doers[group, m] = by
                for doer, count in by.items():
                    self._own[doer, m].append(count * hours)
                    self._arms[doer, m].append(count)
            else:
                self._own[som, m] += [count * hours for count in done]
                if second:
                    self._need[som, m] += [count * second for count in done]

    def _seconds(self) -> dict[tuple[int, int], list[cp_model.IntVar]]:
        """What everyone gives as second officer, enough for each lead to have somebody else."""
        pool, model = self.pool, self.model
        gives: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        for block in pool.blocks:
            m = block.month
            if m not in self.columns:
                continue
            given = {
                s: model.new_int_var(0, max(0, grains_down(float(pool.most_hours[s, m]))), "")
                for s in block.members
            }
            for s, variable in given.items():
                gives[s, m].append(variable)
            need = {s: cp_model.LinearExpr.sum(self._need[s, m]) for s in block.leads}
            model.add(sum(given.values()) >= sum(need.values()))
            for s in block.leads:
                if s in given:
                    model.add(sum(given.values()) - given[s] >= need[s])
        return gives

    def _officers(self, gives: Mapping[tuple[int, int], Iterable[cp_model.IntVar]]) -> None:
        """Each officer's hours and ARMS in each month."""
        pool, model = self.pool, self.model
        for s, m in itertools.product(range(len(pool.officers)), self.columns):
            most = max(0, grains_down(float(pool.most_hours[s, m])))
            planned = cp_model.LinearExpr.sum([*self._own[s, m], *gives.get((s, m), ())])
            model.add(planned <= most)
            comfort = grains_up(float(pool.comfortable_hours[s, m]))
            above = model.new_int_var(0, max(0, most - comfort), "")
            model.add(above >= planned - comfort)
            self._costs.append(above * round(pool.cost_spread))
            if self._arms[s, m]:
                model.add(sum(self._arms[s, m]) <= int(pool.arms_limit[s, m]))
