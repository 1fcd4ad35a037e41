"""The best months for a case's visits and ARMS together, given what fits in each month.

A shortest path over the months. Its state is the month in which each duty was last done, so the
two meet only in the month's hours, and the answer is exact for what fits and what each adds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    OpenSteps = Callable[[int, "Step"], Mapping["Step", float]]

NEEDLESS = 1e-3
"""What each doing costs on top, so that nothing is done oftener than it must be."""

Months = tuple[int, ...]
Step = tuple[bool, bool]
"""Whether a visit, and whether an ARMS, is done in a month."""


@dataclass(frozen=True, slots=True)
class Arcs:
    """A duty's costs: of its first doing (by month), and from each doing to the next.

    The last entry of each row is "not within the plan".
    """

    start: Sequence[float]
    onward: Sequence[Sequence[float]]

    def cost(self, before: int, month: int) -> float:
        """Cost of doing it in ``month`` (19: never) after month ``before`` (0: not yet)."""
        row = self.onward[before - 1] if before else self.start
        return row[month - 1]


@dataclass(frozen=True, slots=True)
class _Path:
    cost: float
    visits: Months
    arms: Months


def best_calendars(
    visit: Arcs | None, arms: Arcs | None, steps: Sequence[Mapping[Step, float]]
) -> tuple[Months, Months]:
    """The cheapest months of visits and of ARMS; None in place of a duty: it is not owed.

    ``steps`` gives, for each month, what may be done in it and what that adds to the cost beyond
    lateness; doing neither is always possible.
    """
    return best_calendars_by_turn(visit, arms, len(steps), lambda month, _: steps[month - 1])


def best_calendars_by_turn(
    visit: Arcs | None, arms: Arcs | None, months: int, open_steps: OpenSteps
) -> tuple[Months, Months]:
    """The same where a duty's first turn adds another cost than the later ones.

    ``open_steps`` is asked of a month (from 1) and of which duties have been done before it.
    """
    paths = {(0, 0): _Path(0.0, (), ())}
    for month in range(1, months + 1):
        after = dict(paths)
        for (last_visit, last_arms), path in paths.items():
            steps = open_steps(month, (last_visit > 0, last_arms > 0))
            for (seen, assessed), added in steps.items():
                cost = path.cost + added + NEEDLESS * (seen + assessed)
                if seen:
                    cost += visit.cost(last_visit, month) if visit else math.inf
                if assessed:
                    cost += arms.cost(last_arms, month) if arms else math.inf
                if math.isinf(cost):
                    continue
                state = (month if seen else last_visit, month if assessed else last_arms)
                known = after.get(state)
                if known is None or cost < known.cost:
                    after[state] = _Path(
                        cost,
                        (*path.visits, month) if seen else path.visits,
                        (*path.arms, month) if assessed else path.arms,
                    )
        paths = after
    never = months + 1
    best = min(
        paths.items(),
        key=lambda item: item[1].cost + _ending(visit, arms, item[0], never),
    )[1]
    return best.visits, best.arms


def _ending(visit: Arcs | None, arms: Arcs | None, last: tuple[int, int], never: int) -> float:
    total = visit.cost(last[0], never) if visit else 0.0
    return total + (arms.cost(last[1], never) if arms else 0.0)
