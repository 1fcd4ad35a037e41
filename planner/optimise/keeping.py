"""The plan before, taken over: where a search begins that is to change as little as it can."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.optimise.board import Decided

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.optimise.pool import Pool
    from planner.optimise.pricing import Evaluation

    Floats = NDArray[np.float64]

AT_ALL_COSTS = 1e5
"""What a month of the plan before is worth here; more than lateness, less than a missed lock."""


def keeping(pool: Pool, decided: Sequence[Decided], evaluation: Evaluation) -> list[Decided]:
    """Each case on the route given, its duties in the months that the plan before meant.

    Beyond those months they are done where it costs least at the evaluation's prices. Cases that
    the plan before knew nothing of keep the calendars given. Months may be overfull.
    """
    found = []
    for decision in decided:
        choice = decision.choice
        case, doers = pool.cases[choice.case], decision.doers
        if case.visit in pool.kept:
            choice = replace(choice, visits=_calendar(pool, case.visit, choice.route, evaluation))
        if case.arms in pool.kept:
            choice = replace(choice, arms=_calendar(pool, case.arms, choice.route, evaluation))
            doers = tuple(
                evaluation.pricer.doer(choice.route, m - 1, evaluation.prices) for m in choice.arms
            )
        found.append(Decided(choice, doers))
    return found


def _calendar(pool: Pool, chain: int, route: int, evaluation: Evaluation) -> tuple[int, ...]:
    """Months, ascending from 1: a shortest path on which the months kept are worth most."""
    kind = int(pool.chain_kind[chain])
    price: Floats = evaluation.price[kind, route].copy()
    price[list(pool.kept[chain])] -= AT_ALL_COSTS
    end = pool.months
    to_go, follow = np.zeros(end + 1), np.full(end, end)
    for m in range(end - 1, -1, -1):
        onward = pool.arcs[kind, m, m + 1 :] + to_go[m + 1 :]
        best = int(onward.argmin())
        follow[m] = m + 1 + best
        to_go[m] = price[m] + onward[best]
    month = int((pool.start[chain] + to_go).argmin())
    months = []
    while month < end:
        months.append(month + 1)
        month = int(follow[month])
    return tuple(months)
