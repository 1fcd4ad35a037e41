"""The greatest flow through a small network, and the cheapest such, in whole numbers."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field


@dataclass
class Network:
    """Nodes 0 to ``size`` - 1; arcs are kept in pairs, arc ``a`` against arc ``a ^ 1``.

    The greatest flow is found by Dinic's method.
    """

    size: int
    heads: list[int] = field(default_factory=list)
    room: list[int] = field(default_factory=list)
    arcs: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.arcs = [[] for _ in range(self.size)]

    def join(self, tail: int, head: int, capacity: int) -> None:
        self.arcs[tail].append(len(self.heads))
        self.arcs[head].append(len(self.heads) + 1)
        self.heads += [head, tail]
        self.room += [capacity, 0]

    def greatest_flow(self, source: int, sink: int) -> int:
        total = 0
        while (level := self._levels(source))[sink] >= 0:
            tried = [0] * self.size
            while pushed := self._push(source, sink, level, tried):
                total += pushed
        return total

    def _is_open(self, arc: int) -> bool:
        return self.room[arc] > 0

    def _levels(self, source: int) -> list[int]:
        level = [-1] * self.size
        level[source] = 0
        waiting = deque([source])
        while waiting:
            node = waiting.popleft()
            for arc in self.arcs[node]:
                if level[self.heads[arc]] < 0 and self._is_open(arc):
                    level[self.heads[arc]] = level[node] + 1
                    waiting.append(self.heads[arc])
        return level

    def _push(self, source: int, sink: int, level: list[int], tried: list[int]) -> int:
        """Send flow along one shortest path; 0 where none is left. ``tried`` skips dead arcs."""
        path: list[int] = []
        node = source
        while node != sink:
            arc = self._next_arc(node, level, tried)
            if arc is not None:
                path.append(arc)
                node = self.heads[arc]
            elif path:
                node = self.heads[path.pop() ^ 1]
                tried[node] += 1
            else:
                return 0
        pushed = min(self.room[arc] for arc in path)
        for arc in path:
            self.room[arc] -= pushed
            self.room[arc ^ 1] += pushed
        return pushed

    def _next_arc(self, node: int, level: list[int], tried: list[int]) -> int | None:
        while tried[node] < len(self.arcs[node]):
            arc = self.arcs[node][tried[node]]
            if level[self.heads[arc]] == level[node] + 1 and self._is_open(arc):
                return arc
            tried[node] += 1
        return None


@dataclass
class PricedNetwork(Network):
    """Arcs have a price for each unit that flows through them, none below 0."""

    prices: list[int] = field(default_factory=list)
    _distance: list[float] = field(default_factory=list)

    def join_at(self, price: int, tail: int, head: int, capacity: int) -> None:
        self.join(tail, head, capacity)
        self.prices += [price, -price]

    def cheapest(self, source: int, sink: int) -> int:
        """The price of the greatest flow, at its cheapest.

        All that cheapest paths can take at once, then all that the next cheapest can.
        """
        total = 0
        self._distance = self._distances(source)
        while self._distance[sink] < math.inf:
            total += int(self._distance[sink]) * self.greatest_flow(source, sink)
            self._distance = self._distances(source)
        return total

    def _is_open(self, arc: int) -> bool:
        """Whether the arc has room and lies on a cheapest path to its head."""
        tail, head = self.heads[arc ^ 1], self.heads[arc]
        return (
            self.room[arc] > 0 and self._distance[head] == self._distance[tail] + self.prices[arc]
        )

    def _distances(self, source: int) -> list[float]:
        """The price of the cheapest path to each node; arcs against the flow give it back."""
        distance = [math.inf] * self.size
        distance[source] = 0
        waiting = deque([source])
        queued = {source}
        while waiting:
            node = waiting.popleft()
            queued.remove(node)
            for arc in self.arcs[node]:
                head = self.heads[arc]
                reached = distance[node] + self.prices[arc]
                if self.room[arc] > 0 and reached < distance[head]:
                    distance[head] = reached
                    if head not in queued:
                        queued.add(head)
                        waiting.append(head)
        return distance
