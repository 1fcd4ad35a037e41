"""How long a model may look, and what it says when it has found nothing."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model


class NothingFoundError(Exception):
    """The search ended without any plan; the message says how, for the benchmark's row."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Seconds by the clock on all cores; or, where ``deterministic``, CP-SAT's own on one core.

    The first is what a benchmark measures; the second gives a test the same answer every time.
    """

    seconds: float
    deterministic: bool = False

    def solve(self, model: Any, *, since: float | None = None) -> tuple[Any, bool]:
        """Solve the model; the solver with its solution, and whether that is proved the best.

        ``since``: when the limit began (``time.perf_counter``), where building the model counts.
        Raises ``NothingFoundError`` where there is no solution to be read.
        """
        solver = cp_model.CpSolver()
        solver.parameters.random_seed = 1
        if self.deterministic:
            solver.parameters.num_workers = 1
            solver.parameters.max_deterministic_time = self.seconds
        else:
            spent = 0.0 if since is None else time.perf_counter() - since
            solver.parameters.num_workers = os.cpu_count() or 1
            solver.parameters.max_time_in_seconds = max(0.0, self.seconds - spent)
        status = solver.solve(model)
        if status == cp_model.INFEASIBLE:
            raise NothingFoundError("no plan: proved infeasible")
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise NothingFoundError(f"no plan in {self.seconds:g} s")
        return solver, status == cp_model.OPTIMAL
