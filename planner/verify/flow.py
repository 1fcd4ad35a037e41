"""The greatest flow through a small network, in whole numbers (Dinic's method)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


@dataclass
class Network:
    """Nodes 0 to ``size`` - 1; arcs are kept in pairs, arc ``a`` against arc ``a ^ 1``."""

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

    def _levels(self, source: int) -> list[int]:
        level = [-1] * self.size
        level[source] = 0
        waiting = deque([source])
        while waiting:
            node = waiting.popleft()
            for arc in self.arcs[node]:
                if self.room[arc] > 0 and level[self.heads[arc]] < 0:
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
            if self.room[arc] > 0 and level[self.heads[arc]] == level[node] + 1:
                return arc
            tried[node] += 1
        return None
