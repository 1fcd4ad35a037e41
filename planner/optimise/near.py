"""The calendars a duty may take at little more than the best.

At the linear programme's prices most duties have many calendars that cost nearly the same. A plan
in whole duties is a choice among those, so they are listed: the few cheapest of all, and for each
month the cheapest that does the duty in it and the cheapest that does it there first.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.optimise.pool import Pool

    Floats = NDArray[np.float64]
    Way = tuple[float, tuple[int, ...]]


class NearCalendar(NamedTuple):
    """A calendar (month columns from 0, ascending), its cost, and its cost with hours priced."""

    months: tuple[int, ...]
    cost: float
    priced: float


class NearCalendars:
    """Calendars near the best at given prices, found once for duties that are alike.

    ``price`` is (kinds, routes, months): the price of doing a duty, infinite where nobody may.
    ``most`` limits how many of the cheapest are listed, ``slack`` by how much any may be dearer
    than the best.
    """

    def __init__(self, pool: Pool, price: Floats, most: int, slack: float) -> None:
        self.pool = pool
        self._price = price
        self._most, self._slack = most, slack
        self._found: dict[tuple[int, int, int], tuple[NearCalendar, ...]] = {}
        self._onward: dict[tuple[int, int], list[list[Way]]] = {}

    def of(self, chain: int, route: int) -> tuple[NearCalendar, ...]:
        """The near calendars of a chain on a route, best first; never none."""
        kind = int(self.pool.chain_kind[chain])
        key = (kind, int(self.pool.chain_due[chain]), route)
        if key not in self._found:
            self._found[key] = self._search(kind, chain, route)
        return self._found[key]

    def _search(self, kind: int, chain: int, route: int) -> tuple[NearCalendar, ...]:
        onward = self._ways_onward(kind, route)
        start = self.pool.start[chain].tolist()
        firsts = [
            (start[m] + cost, months)
            for m, there in enumerate(onward)
            if start[m] < np.inf
            for cost, months in there
        ]
        ways = heapq.nsmallest(self._most, firsts)
        limit = ways[0][0] + self._slack
        ways += [
            (start[m] + there[0][0], there[0][1])
            for m, there in enumerate(onward)
            if there and start[m] < np.inf
        ]
        ways += self._ways_through(kind, route, start)
        cheapest: dict[tuple[int, ...], float] = {}
        for priced, months in sorted(ways):
            if priced <= limit:
                cheapest.setdefault(months, priced)
        return tuple(
            NearCalendar(months, self.pool.calendar_cost(chain, [m + 1 for m in months]), priced)
            for months, priced in cheapest.items()
        )

    def _ways_through(self, kind: int, route: int, start: list[float]) -> list[Way]:
        """For each month the cheapest way that does the duty in it."""
        onward = self._ways_onward(kind, route)
        price = self._price[kind, route].tolist()
        arcs = self.pool.arcs[kind].tolist()
        before: list[Way] = []
        found = []
        for m in range(self.pool.months):
            ways: list[Way] = [(start[m], ())]
            ways += [(cost + arcs[k][m], months) for k, (cost, months) in enumerate(before)]
            cost, months = min(ways)
            if cost < np.inf and onward[m]:
                found.append((cost + onward[m][0][0], (*months, *onward[m][0][1])))
            before.append((cost + price[m], (*months, m)))
        return found

    def _ways_onward(self, kind: int, route: int) -> list[list[Way]]:
        """From each month (a doing in it included), the few cheapest ways to the end."""
        if (kind, route) in self._onward:
            return self._onward[kind, route]
        end = self.pool.months
        price = self._price[kind, route].tolist()
        arcs = self.pool.arcs[kind].tolist()
        ways: list[list[Way]] = [[] for _ in range(end)]
        ways.append([(0.0, ())])
        for m in range(end - 1, -1, -1):
            if price[m] < np.inf:
                ways[m] = heapq.nsmallest(
                    self._most,
                    (
                        (price[m] + arcs[m][k] + cost, (m, *months))
                        for k in range(m + 1, end + 1)
                        if arcs[m][k] < np.inf
                        for cost, months in ways[k]
                    ),
                )
        self._onward[kind, route] = ways
        return ways
