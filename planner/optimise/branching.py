"""An exact model in whole numbers, solved by branching on its linear programme (SCIP).

CP-SAT finds its way in a few months of many calendars; where months are many and the linear
programme says nearly all, branching gets further. Counted in nodes, on one thread: the same result
everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ortools.linear_solver import pywraplp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ortools.sat.python import cp_model

FARTHEST = 2**60
"""Bounds beyond this are none."""


def branched(model: cp_model.CpModel, begin: Sequence[int] | None, nodes: int) -> list[int] | None:
    """Values of the variables of a model that has linear constraints only; None: none found.

    ``begin`` is a solution to begin with.
    """
    solver = pywraplp.Solver.CreateSolver("SCIP")
    solver.SetSolverSpecificParametersAsString(f"limits/totalnodes = {nodes}")
    infinity = solver.infinity()
    proto = model.proto
    domains = [list(variable.domain) for variable in proto.variables]
    variables = [solver.IntVar(float(d[0]), float(d[-1]), "") for d in domains]
    for constraint in proto.constraints:
        linear = constraint.linear
        low, *_, high = list(linear.domain)
        row = solver.Constraint(
            float(low) if low > -FARTHEST else -infinity,
            float(high) if high < FARTHEST else infinity,
        )
        amounts: dict[int, float] = defaultdict(float)
        for variable, amount in zip(linear.vars, linear.coeffs, strict=True):
            if variable < 0:  # stands for what is not below the variable
                amounts[-variable - 1] -= amount
            else:
                amounts[variable] += amount
        for variable, amount in amounts.items():
            row.SetCoefficient(variables[variable], amount)
    for variable, amount in zip(proto.objective.vars, proto.objective.coeffs, strict=True):
        solver.Objective().SetCoefficient(variables[variable], float(amount))
    solver.Objective().SetMinimization()
    if begin is not None:
        solver.SetHint(variables, [float(value) for value in begin])
    if solver.Solve() not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return None
    return [round(variable.solution_value()) for variable in variables]
