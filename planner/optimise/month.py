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
from planner.optimise.month_hours import MonthHours

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from planner.optimise.pool import Pool

    Floats = NDArray[np.float64]

POINT = 1000
"""Costs are whole thousandths of a point in here."""
PRICE = 100
"""Times that: prices of an hour are shared among its steps."""
FAR = 0.7
"""A duty this much dearer now, in hours' worth, and not wanted now, is left for later."""
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
    """The exact model of one month (a column).

    ``firmness`` is what it costs to do one duty more or fewer than the programme says, in hours'
    worth, besides what that duty costs.
    """

    def __init__(
        self, pool: Pool, m: int, work: Sequence[Work], worth: Worth, firmness: float
    ) -> None:
        self.pool, self.m, self.worth = pool, m, worth
        self._hours = MonthHours(pool)
        self._usual = [max(LEAST_WORTH, float(price)) for price in worth.hour]
        self._firmness = firmness
        groups: dict[tuple[int, int, int], list[Work]] = defaultdict(list)
        for one in work:
            if one.wanted > 0.01 or one.dearer <= FAR * self._usual[one.som]:
                groups[one.kind, one.som, round(one.dearer * 100)].append(one)
        self.groups = [
            sorted(group, key=lambda w: (-w.wanted, w.chain)) for group in groups.values()
        ]
        self.model = cp_model.CpModel()
        self._own: dict[int, list[cp_model.LinearExpr]] = defaultdict(list)
        self._arms: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        self._need: dict[int, list[cp_model.LinearExpr]] = defaultdict(list)
        self._costs: list[cp_model.LinearExprT] = []
        self._doing = [self._choose(group) for group in self.groups]
        self._keep_hours()

    def doing(self, effort: float) -> dict[int, int]:
        """The chains done in the month, and who does each; ``effort`` in CP-SAT's own seconds."""
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
        hours, second = self._hours.lead[one.kind], self._hours.second[one.kind]
        by_doer = {}
        for doer in pool.doers[one.som, self.m] if is_arms else (one.som,):
            count = model.new_int_var(0, len(group), "")
            by_doer[doer] = count
            self._own[doer].append(count * hours)
            if is_arms:
                self._arms[doer].append(count)
            elif second:
                self._need[doer].append(count * second)
        wanted = sum(w.wanted for w in group)
        base = min(len(group), math.floor(wanted + 0.5))
        firmness = self._firmness * self._usual[one.som]
        off = 2 * firmness * (base - wanted)
        more = model.new_int_var(0, min(REACH, len(group) - base), "")
        fewer = model.new_int_var(0, base, "")
        model.add(sum(by_doer.values()) == base + more - fewer)
        dearer = max(-MOST, min(MOST, one.dearer))
        self._costs.append(more * round(POINT * PRICE * (dearer + firmness + off)))
        self._costs.append(fewer * round(POINT * PRICE * (firmness - dearer - off)))
        for variable, hint in ((more, 0), (fewer, base)):
            model.add_hint(variable, hint)
        return by_doer

    def _keep_hours(self) -> None:
        """Hours and ARMS used are worth their price; the month keeps within both."""
        pool, m, model, worth = self.pool, self.m, self.model, self.worth
        point = POINT * PRICE
        above = self._hours.keep(model, m, self._own, self._need)
        spread = round(pool.cost_spread * point / self._hours.steps)
        self._costs += [steps * spread for steps in above]
        for s in range(len(pool.officers)):
            price, second = float(worth.hour[s]), float(worth.second[s])
            each = round(price * point / self._hours.steps)
            self._costs += [-own * each for own in self._own[s]]
            each = round(second * point / self._hours.steps) if second < math.inf else 0
            self._costs += [-need * each for need in self._need[s]]
            if self._arms[s]:
                done = sum(self._arms[s])
                model.add(done <= int(pool.arms_limit[s, m]))
                self._costs.append(-done * round(float(worth.arms[s]) * point))
