"""The best months for a case's visits and ARMS together, given what fits in each month.

A shortest path over the months. Its state is the month in which each duty was last done, so the
two meet only in the month's hours, and the answer is exact for what fits and what each adds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    OpenSteps = Callable[[int, "Step"], Mapping["Step", float]]

NEEDLESS = 1e-3
"""What each doing costs on top, so that nothing is done oftener than it must be."""

Months = tuple[int, ...]
Step = tuple[bool, bool]
"""Whether a visit, and whether an ARMS, is done in a month."""

_STEPS: tuple[Step, ...] = ((True, False), (False, True), (True, True))


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
    cheapest = _Cheapest(visit, arms, months)
    for month in range(1, months + 1):
        cheapest.go_on(month, open_steps)
    return cheapest.months()


class _Cheapest:
    """The cheapest way to each state: rows are the month of the last visit, columns of the last
    ARMS; 0 is none yet. Of ways that cost the same the one whose last duties came earlier counts.
    """

    def __init__(self, visit: Arcs | None, arms: Arcs | None, length: int) -> None:
        self._visit, self._arms = _by_last(visit, length), _by_last(arms, length)
        self._cost = np.full((length + 1, length + 1), np.inf)
        self._cost[0, 0] = 0.0
        self._before_visit: list[list[int]] = [[]]
        self._before_arms: list[list[int]] = [[]]
        self._before_both: list[tuple[int, int]] = [(0, 0)]

    def go_on(self, month: int, open_steps: OpenSteps) -> None:
        """Do in the month what may be done, from every state before it."""
        before = self._cost[:month, :month]
        added = _added(before, month, open_steps)
        visit = self._visit[:month, month - 1, np.newaxis]
        arms = self._arms[:month, month - 1]
        seen = before + added[True, False] + NEEDLESS + visit
        assessed = before + added[False, True] + NEEDLESS + arms
        both = before + added[True, True] + 2 * NEEDLESS + visit + arms
        self._cost[month, :month] = seen.min(axis=0)
        self._cost[:month, month] = assessed.min(axis=1)
        self._cost[month, month] = both.min()
        self._before_visit.append(seen.argmin(axis=0).tolist())
        self._before_arms.append(assessed.argmin(axis=1).tolist())
        self._before_both.append(divmod(int(both.argmin()), month))

    def months(self) -> tuple[Months, Months]:
        """The months of the cheapest way of all, what is never done again counted."""
        total = self._cost + (_never(self._visit)[:, np.newaxis] + _never(self._arms))
        last = divmod(int(total.argmin()), len(total))
        visits: list[int] = []
        arms: list[int] = []
        while (month := max(last)) > 0:
            seen, assessed = last[0] == month, last[1] == month
            if seen:
                visits.append(month)
            if assessed:
                arms.append(month)
            if seen and assessed:
                last = self._before_both[month]
            elif seen:
                last = (self._before_visit[month][last[1]], last[1])
            else:
                last = (last[0], self._before_arms[month][last[0]])
        return tuple(reversed(visits)), tuple(reversed(arms))


def _by_last(arcs: Arcs | None, length: int) -> NDArray[np.float64]:
    """A duty's costs by the month it was last done in; a duty not owed may never be done."""
    if arcs is not None:
        return np.array([arcs.start, *arcs.onward], dtype=np.float64)
    none = np.full((length + 1, length + 1), np.inf)
    none[:, length] = 0.0
    return none


def _never(costs: NDArray[np.float64]) -> NDArray[np.float64]:
    return costs[:, -1]


def _added(
    before: NDArray[np.float64], month: int, open_steps: OpenSteps
) -> dict[Step, NDArray[np.float64]]:
    """What each step adds, by state; only states that can be reached are asked about."""
    added = {step: np.full((month, month), np.inf) for step in _STEPS}
    parts = {False: slice(0, 1), True: slice(1, month)}
    for seen, rows in parts.items():
        for assessed, columns in parts.items():
            if np.isfinite(before[rows, columns]).any():
                for step, cost in open_steps(month, (seen, assessed)).items():
                    if step in added:
                        added[step][rows, columns] = cost
    return added
