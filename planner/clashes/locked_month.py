"""Whether the duties locked to a month can all be done: a small exact solve."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from planner.clashes.hours import LockedMonth

GRAIN = 1000
"""Hours are whole thousandths, duties rounded down and hours up: what does not fit is proved."""
LIMIT = 0.5
"""CP-SAT's own deterministic seconds; what is not decided then is taken to fit."""


def can_be_done(locked: LockedMonth) -> bool:
    """Whether hours and the limit on ARMS allow all; True where that is not decided."""
    if not all(locked.cases):
        return False
    lead, second, arms = (
        math.floor(hours * GRAIN + 1e-6)
        for hours in (locked.lead_hours, locked.second_hours, locked.arms_hours)
    )
    model = cp_model.CpModel()
    load: dict[str, list[Any]] = defaultdict(list)
    assessed: dict[str, list[Any]] = defaultdict(list)
    for ways, cases in sorted(locked.cases.items()):
        chosen = [model.new_int_var(0, cases, "") for _ in ways]
        model.add(sum(chosen) == cases)
        for way, times in zip(ways, chosen, strict=True):
            if way.lead:
                load[way.lead].append(lead * times)
            if way.doer:
                load[way.doer].append(arms * times)
                assessed[way.doer].append(times)
            if way.seconds and locked.whole_seconds:
                parts = [model.new_int_var(0, cases, "") for _ in way.seconds]
                model.add(sum(parts) == times)
                for s, part in zip(way.seconds, parts, strict=True):
                    load[s].append(second * part)
            elif way.seconds:
                parts = [model.new_int_var(0, second * cases, "") for _ in way.seconds]
                model.add(sum(parts) == second * times)
                for s, part in zip(way.seconds, parts, strict=True):
                    load[s].append(part)
    for staff_id, hours in sorted(locked.hours.items()):
        if load[staff_id]:
            model.add(sum(load[staff_id]) <= math.ceil(hours * GRAIN - 1e-6))
    if locked.arms is not None:
        for done in assessed.values():
            model.add(sum(done) <= locked.arms)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = LIMIT
    return bool(solver.solve(model) != cp_model.INFEASIBLE)
