"""What an earlier month would displace: the planned duty that could give way at least cost.

Tried one by one: the duty is taken out of the month, ours is put in, and the other is put back
where it costs least within the hours then left, on other months than this one. The answer is exact
for one duty giving way; that two might do so more cheaply is not asked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.explain.calendars import best_calendars
from planner.optimise.calendars import LOCK_MISSED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.domain.terms import Duty
    from planner.explain.calendars import Arcs, Months
    from planner.explain.case import CaseView
    from planner.explain.hours import Doing
    from planner.workload.situation import DutyChain


@dataclass(frozen=True, slots=True)
class GivingWay:
    """A planned duty that would make room: whose, and what its being done at other times costs.

    ``months`` is when it is done in the plan, ``instead`` when it would be. ``cost`` is in points
    of lateness; it may be below 0 where the plan is not the best there is.
    """

    ref: str
    duty: Duty
    by: str
    months: Months
    instead: Months
    cost: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """A duty of ours that is to have room in a month, under a SOM; ``crew`` is 0 for an ARMS."""

    duty: Duty
    crew: int
    som: str
    month: int


class GiveWay:
    """Looks for the duty of a month that gives way at least cost."""

    def __init__(self, view: CaseView) -> None:
        self.view = view
        self._least: dict[tuple[str, Duty, int], float] = {}

    def cheapest(self, wanted: Wanted, leaving: Doing | None) -> GivingWay | None:
        """Who gives way to what is wanted, ``leaving`` then not done; None: no single duty."""
        view = self.view
        with view.hours.without([leaving] if leaving else []):
            best: GivingWay | None = None
            for at_least, other, ours in sorted(
                self._others(wanted), key=lambda item: (item[0], item[1].ref, item[1].duty)
            ):
                if best is not None and at_least >= best.cost:
                    break
                found = self._try(ours, other)
                if found is not None and (best is None or found.cost < best.cost):
                    best = found
        return best

    def _others(self, wanted: Wanted) -> Iterator[tuple[float, Doing, Doing]]:
        """Duties whose going makes room: the least that costs, hours aside; it; and ours."""
        hours, own = self.view.hours, (self.view.ref, wanted.duty)
        for key, of_one in self.view.of_ref.items():
            for other in of_one:
                if other.month != wanted.month or other.by not in hours.number or key == own:
                    continue
                with hours.without([other]):
                    duties = [(wanted.duty, wanted.crew)]
                    ours = hours.placed(self.view.ref, duties, wanted.som, wanted.month)
                if ours is not None:
                    at_least = self._without_month(*key, wanted.month)
                    if at_least < LOCK_MISSED / 2:
                        yield at_least, other, ours[0]

    def _without_month(self, ref: str, duty: Duty, month: int) -> float:
        """Least cost of never doing a duty in a month, above its cost now, were hours no matter."""
        key = (ref, duty, month)
        if key not in self._least:
            self._least[key] = math.inf
            chain = self.view.situation.chain.get((ref, duty))
            if chain is not None:
                arcs = self.view.chains.calendar_arcs(chain)
                now = calendar_cost(arcs, self._months(ref, duty))
                seen = {m for m in self._all_months if chain.is_open(m)} - {month}
                best = _best(arcs, dict.fromkeys(seen, 0.0), len(self._all_months))
                if not math.isinf(now):
                    self._least[key] = calendar_cost(arcs, best) - now
        return self._least[key]

    def _try(self, ours: Doing, other: Doing) -> GivingWay | None:
        view = self.view
        chain = view.situation.chain[other.ref, other.duty]
        of_one = view.of_ref[other.ref, other.duty]
        arcs = self.view.chains.calendar_arcs(chain)
        now = tuple(d.month for d in of_one)
        with view.hours.without(of_one), view.hours.with_also([ours]):
            added = {m: 0.0 for m in self._all_months if m != ours.month and self._fits(chain, m)}
        instead = _best(arcs, added, len(self._all_months))
        cost = calendar_cost(arcs, instead) - calendar_cost(arcs, now)
        if cost >= LOCK_MISSED / 2:
            return None
        return GivingWay(other.ref, other.duty, other.by, now, instead, cost)

    def _fits(self, chain: DutyChain, month: int) -> bool:
        som = self.view.plan.som(chain.ref, month)
        if som is None or not chain.is_open(month):
            return False
        duties = [(chain.duty, chain.crew)]
        return self.view.hours.placed(chain.ref, duties, som, month) is not None

    @property
    def _all_months(self) -> range:
        return self.view.situation.horizon.months

    def _months(self, ref: str, duty: Duty) -> Months:
        return tuple(d.month for d in self.view.of_ref[ref, duty])


def calendar_cost(arcs: Arcs, months: Months) -> float:
    """Cost of a calendar, locks missed included; infinite where rule 8 forbids it."""
    length = len(arcs.start) - 1
    total, before = 0.0, 0
    for month in (*months, length + 1):
        total += arcs.cost(before, month)
        before = month
    return total


def _best(arcs: Arcs, months: dict[int, float], length: int) -> Months:
    steps = [{(True, False): months[m]} if m in months else {} for m in range(1, length + 1)]
    return best_calendars(arcs, None, steps)[0]
