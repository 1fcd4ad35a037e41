"""Second officers for visits already scheduled: a cheapest flow each month.

Hours come from whoever has them left, first out of the hours that cost nothing. Visits for which
nobody has time are given up, least risky first, locked ones last.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ortools.graph.python import min_cost_flow

from tests.rivals.hours import Grains

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from planner.by_hand.allocation import Route
    from planner.workload.situation import Situation

PersonMonth = tuple[str, int]
Need = tuple[str, str]
"""Visits to people of a team led by one officer."""


@dataclass(frozen=True, slots=True)
class Seconded:
    """The visits that take place, each with its second officer where named, and hours given."""

    visits: dict[PersonMonth, str | None] = field(default_factory=dict)
    hours: dict[tuple[str, int], float] = field(default_factory=dict)


def find_second_officers(
    situation: Situation,
    routes: Mapping[str, Route],
    visits: Mapping[str, Collection[int]],
    arms: Mapping[PersonMonth, str],
    kept: Collection[PersonMonth],
) -> Seconded:
    """Find them for ``visits`` (months by reference); ``kept`` are the locked visits."""
    found = Seconded()
    for month in situation.horizon.months:
        refs = [ref for ref in sorted(visits) if month in visits[ref]]
        doers = [doer for (_, m), doer in arms.items() if m == month]
        locked = {ref for ref, m in kept if m == month}
        leads = {ref: str(routes[ref][month - 1]) for ref in refs}
        _Month(situation, month, leads, doers, locked).settle(found)
    return found


class _Month:
    def __init__(
        self,
        situation: Situation,
        month: int,
        leads: dict[str, str],
        doers: list[str],
        locked: Collection[str],
    ) -> None:
        self.situation, self.month, self.leads = situation, month, leads
        self.grains = Grains.of(situation)
        self.used: dict[str, int] = defaultdict(int)
        for doer in doers:
            self.used[doer] += self.grains.arms
        for lead in leads.values():
            self.used[lead] += self.grains.lead
        self.locked = locked
        offenders = situation.register.offender
        self.needs: dict[Need, list[str]] = defaultdict(list)
        for ref in sorted(leads, key=self._place):
            if situation.crew(offenders[ref]) > 1:
                self.needs[offenders[ref].team, leads[ref]].append(ref)
        # In month 1 whole visits are passed round, later any part of their hours.
        self.unit, self.parts = (self.grains.second, 1) if month == 1 else (1, self.grains.second)

    def _place(self, ref: str) -> tuple[bool, int, str]:
        """Where a visit stands in the queue for second officers, the first the last given up."""
        return ref not in self.locked, -self.situation.register.offender[ref].level, ref

    def _short(self, given: Mapping[Need, Mapping[str, int]]) -> list[Need]:
        """The needs that are not met."""
        return [
            need
            for need, refs in self.needs.items()
            if sum(given[need].values()) < self.parts * len(refs)
        ]

    def settle(self, found: Seconded) -> None:
        """Give up visits until the rest have second officers; enter those into ``found``."""
        while short := self._short(given := self._flow()):
            need = max(short, key=lambda n: self._place(self.needs[n][-1]))
            del self.leads[self.needs[need].pop()]
            self.used[need[1]] -= self.grains.lead
        found.visits.update({(ref, self.month): None for ref in self.leads})
        for need, by_officer in given.items():
            names = [d for d, parts in by_officer.items() for _ in range(parts)]
            if self.month == 1:
                found.visits.update(
                    ((ref, 1), d) for ref, d in zip(self.needs[need], names, strict=True)
                )
            for d, parts in by_officer.items():
                hours = self.grains.as_second_hours(self.unit * parts)
                found.hours[d, self.month] = found.hours.get((d, self.month), 0.0) + hours

    def _flow(self) -> dict[Need, dict[str, int]]:
        """As many parts as can be given, at least cost: who gives how many to which need."""
        officers = sorted(self.situation.register.officer)
        node = {name: n for n, name in enumerate((None, *officers, *sorted(self.needs)), start=1)}
        flow = min_cost_flow.SimpleMinCostFlow()
        arcs: dict[int, tuple[Need, str]] = {}
        for need in sorted(self.needs):
            wanted = self.parts * len(self.needs[need])
            flow.add_arc_with_capacity_and_unit_cost(0, node[need], wanted, 0)
            for d in self.situation.posts.seconds(need[0], need[1], self.month):
                arc = flow.add_arc_with_capacity_and_unit_cost(node[need], node[d], wanted, 0)
                arcs[arc] = need, d
        wanted = self.parts * sum(map(len, self.needs.values()))
        for d in officers:
            most = max(0, self.grains.most(d, self.month) - self.used[d]) // self.unit
            cheap = max(0, self.grains.comfort(d, self.month) - self.used[d]) // self.unit
            flow.add_arc_with_capacity_and_unit_cost(node[d], node[None], cheap, 0)
            flow.add_arc_with_capacity_and_unit_cost(node[d], node[None], most - cheap, 1)
        flow.set_node_supply(0, wanted)
        flow.set_node_supply(node[None], -wanted)
        flow.solve_max_flow_with_min_cost()
        given: dict[Need, dict[str, int]] = {need: {} for need in self.needs}
        for arc, (need, d) in arcs.items():
            if flow.flow(arc):
                given[need][d] = flow.flow(arc)
        return given
