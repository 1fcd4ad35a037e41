"""One month of a plan in whole duties: which are done in it, near what the programme says.

The programme of all months gives fractions, prices and for each duty what it costs more to do it
now than later. A small exact model takes whole numbers near the fractions so that the month's hours
and ARMS are used up, each being worth its price.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from ortools.sat.python import cp_model

from planner.domain.terms import Duty
from planner.optimise.hours import grains_down, grains_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from planner.optimise.pool import Pool, SecondBlock

    Floats = NDArray[np.float64]

POINT = 1000
"""Costs are whole thousandths of a point in here."""
PRICE = 100
"""Prices of a grain of an hour are whole hundredths of that."""
FAR = 0.7
"""A duty this much dearer now, in hours' worth, and not wanted now, is left for later."""
FIRMNESS = 0.07
"""What it costs to do one duty more or fewer than the programme says, in hours' worth, besides."""
LEAST_WORTH = 1.0
MOST = 1e6
REACH = 2
"""By how many duties alike the programme's number may be exceeded."""


class Work(NamedTuple):
    """A duty that may be done in the month.

    ``som`` holds the case, ``dearer`` is what doing it now costs more than later, hours at their
    price, and ``wanted`` the programme's share of it, 0 to 1.
    """

    chain: int
    kind: int
    som: int
    dearer: float
    wanted: float


class Worth(NamedTuple):
    """What an hour, an ARMS and a second officer's hour (by lead) are worth in the month."""

    hour: Floats
    arms: Floats
    second: Floats


class MonthModel:
    """The exact model of one month (a column); ``effort`` is in CP-SAT's own seconds."""

    def __init__(self, pool: Pool, m: int, work: Sequence[Work], worth: Worth) -> None:
        self.pool, self.m, self.worth = pool, m, worth
        usual = max(LEAST_WORTH, float(worth.hour.mean()))
        self._firmness = FIRMNESS * usual
        groups: dict[tuple[int, int, int], list[Work]] = defaultdict(list)
        for one in work:
            if one.wanted > 0.01 or one.dearer <= FAR * usual:
                groups[one.kind, one.som, round(one.dearer * 100)].append(one)
        self.groups = [
            sorted(group, key=lambda w: (-w.wanted, w.chain)) for group in groups.values()
        ]
        self.model = cp_model.CpModel()
        self._own: dict[int, list[tuple[cp_model.IntVar, int]]] = defaultdict(list)
        self._arms: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        self._need: dict[int, list[tuple[cp_model.IntVar, int]]] = defaultdict(list)
        self._costs: list[cp_model.LinearExprT] = []
        self._doing = [self._choose(group) for group in self.groups]
        self._seconds(self._officers())

    def doing(self, effort: float) -> dict[int, int]:
        """The chains done in the month, and who does each."""
        self.model.minimize(sum(self._costs))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        solver.parameters.max_deterministic_time = effort
        found: dict[int, int] = {}
        if solver.solve(self.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return found
        for group, by_doer in zip(self.groups, self._doing, strict=True):
            members = iter(group)
            for doer, count in by_doer.items():
                for _ in range(solver.value(count)):
                    found[next(members).chain] = doer
        return found

    def _choose(self, group: list[Work]) -> dict[int, cp_model.IntVar]:
        """How many duties alike each person does; what that costs."""
        model, pool, one = self.model, self.pool, group[0]
        is_arms = pool.kinds[one.kind].duty is Duty.ARMS
        hours = grains_up(float(pool.lead[one.kind]))
        second = grains_up(float(pool.second[one.kind]))
        by_doer = {}
        for doer in pool.doers[one.som, self.m] if is_arms else (one.som,):
            count = model.new_int_var(0, len(group), "")
            by_doer[doer] = count
            self._own[doer].append((count, hours))
            if is_arms:
                self._arms[doer].append(count)
            elif second:
                self._need[doer].append((count, second))
        wanted = sum(w.wanted for w in group)
        base = min(len(group), math.floor(wanted + 0.5))
        off = 2 * self._firmness * (base - wanted)
        more = model.new_int_var(0, min(REACH, len(group) - base), "")
        fewer = model.new_int_var(0, base, "")
        model.add(sum(by_doer.values()) == base + more - fewer)
        dearer = max(-MOST, min(MOST, one.dearer))
        self._costs.append(more * round(POINT * PRICE * (dearer + self._firmness + off)))
        self._costs.append(fewer * round(POINT * PRICE * (self._firmness - dearer - off)))
        for variable, hint in ((more, 0), (fewer, base)):
            model.add_hint(variable, hint)
        return by_doer

    def _officers(self) -> dict[tuple[int, int], cp_model.IntVar]:
        """Each officer's hours; the second hours (month 1: visits) given by block and officer."""
        pool, m, model = self.pool, self.m, self.model
        unit = self._unit
        gives: dict[tuple[int, int], cp_model.IntVar] = {}
        of: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for number, block in enumerate(self._blocks):
            for s in block.members:
                most = grains_down(float(pool.most_hours[s, m])) // unit
                gives[number, s] = model.new_int_var(0, max(0, most), "")
                of[s].append(gives[number, s])
        for s in range(len(pool.officers)):
            own = sum(count * hours for count, hours in self._own[s])
            most = grains_down(float(pool.most_hours[s, m]))
            model.add(own + sum(of[s]) * unit <= max(0, most))
            self._costs.append(-own * round(float(self.worth.hour[s]) * PRICE))
            if self._arms[s]:
                done = sum(self._arms[s])
                model.add(done <= int(pool.arms_limit[s, m]))
                self._costs.append(-done * round(float(self.worth.arms[s]) * PRICE * POINT))
        return gives

    def _seconds(self, gives: dict[tuple[int, int], cp_model.IntVar]) -> None:
        """Every visit has somebody else as second officer."""
        unit = self._unit
        for number, block in enumerate(self._blocks):
            need = {s: sum(c * h for c, h in self._need[s]) for s in block.leads}
            given = {s: gives[number, s] * unit for s in block.members}
            self.model.add(sum(given.values()) >= sum(need.values()))
            for s in block.leads:
                price = float(self.worth.second[s])
                self._costs.append(-need[s] * round(price * PRICE if price < math.inf else 0))
                if s in given:
                    self.model.add(sum(given.values()) - given[s] >= need[s])

    @property
    def _unit(self) -> int:
        """Second hours are given in whole visits in month 1, in grains later."""
        return max(1, grains_up(float(self.pool.second.max(initial=0.0)))) if self.m == 0 else 1

    @property
    def _blocks(self) -> list[SecondBlock]:
        return [block for block in self.pool.blocks if block.month == self.m]
