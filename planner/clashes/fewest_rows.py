"""The clash of caps with the fewest rows in one month: a small exact solve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.clashes.caps import Group, Month

LIMIT = 2.0
"""CP-SAT's own deterministic seconds; a month takes thousandths of one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Officers, and one case more than their caps add up to that they alone may hold.

    ``taken``: how many cases of each group, without their wishes and with them. ``covered``: how
    many cases in all only these officers may hold.
    """

    officers: frozenset[str]
    taken: Mapping[Group, tuple[int, int]]
    covered: int
    rows: int


def fewest_rows(month: Month) -> Choice | None:
    """The fewest rows of which there are too many cases for the caps; None where there are none.

    A case is one row, a lock that ties it to its SOM another, a cap one.
    """
    model = cp_model.CpModel()
    ids = sorted({s for g in month.groups for s in (*g.able, g.wished) if s})
    chosen = {s: model.new_bool_var(s) for s in ids}
    free: dict[Group, cp_model.IntVar] = {}
    wished: dict[Group, cp_model.IntVar] = {}
    for group, cases in sorted(month.groups.items()):
        most = len(cases)
        free[group] = model.new_int_var(0, most if group.able else 0, "")
        wished[group] = model.new_int_var(0, most if group.wished else 0, "")
        model.add(free[group] + wished[group] <= most)
        for s in group.able:
            model.add(free[group] <= most * chosen[s])
        if group.wished:
            model.add(wished[group] <= most * chosen[group.wished])
    cases_taken = sum(free.values()) + sum(wished.values())
    model.add(cases_taken == sum(month.caps[s] * y for s, y in chosen.items()) + 1)
    locks = sum(n for group, n in wished.items() if group.by_lock)
    model.minimize(cases_taken + locks + sum(chosen.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = LIMIT
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    officers = frozenset(s for s, y in chosen.items() if solver.value(y))
    return Choice(
        officers=officers,
        taken={
            g: (solver.value(free[g]), solver.value(wished[g]))
            for g in free
            if solver.value(free[g]) + solver.value(wished[g])
        },
        covered=sum(
            len(cases)
            for g, cases in month.groups.items()
            if g.wished in officers or (g.able and officers.issuperset(g.able))
        ),
        rows=round(solver.objective_value),
    )
