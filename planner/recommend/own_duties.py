"""What it costs that one of an officer's own duties gives way: done elsewhen, or not at all.

The price of an hour in the workbook is the team's. Where a colleague has time and the officer has
none, or the officer has as many ARMS as arms.per_month allows, a duty of that officer must go.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from operator import add
from typing import TYPE_CHECKING

from planner.domain.terms import Duty
from planner.optimise.calendars import LOCK_MISSED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.explain.calendars import Arcs
    from planner.explain.case import CaseView
    from planner.explain.hours import Doing


@dataclass(frozen=True, slots=True)
class Going:
    """A planned duty that leaves its month, and the points that costs."""

    doing: Doing
    points: float


class OwnDuties:
    """Officers' own duties, and what it costs that one of them leaves a month.

    That is its lateness, and its hours in the other months at the team's price there; ``prices``
    are the workbook's, by (team, month).
    """

    def __init__(self, view: CaseView, prices: Mapping[tuple[str, int], float]) -> None:
        self.view = view
        self.prices = prices
        self._known: dict[Doing, Going | None] = {}
        self._hour: dict[tuple[str, int], float] = {}
        self._arms: dict[tuple[str, int], Going | None] = {}
        self._of_duty: dict[tuple[str, Duty], Arcs | None] = {}

    def hour(self, staff_id: str, month: int) -> float:
        """The least that one of the officer's duties costs, an hour, when it leaves the month.

        0 where the officer has none that may.
        """
        key = (staff_id, month)
        if key not in self._hour:
            each = (
                going.points / hours
                for doing in self._of.get(key, ())
                if (hours := self.view.hours.hours_of(doing.duty, doing.crew)[0]) > 0
                and (going := self._going(doing))
            )
            self._hour[key] = max(0.0, min(each, default=0.0))
        return self._hour[key]

    def arms(self, staff_id: str, month: int) -> Going | None:
        """The officer's ARMS that costs least when it leaves the month; None: none may."""
        key = (staff_id, month)
        if key not in self._arms:
            able = (self._going(d) for d in self._of.get(key, ()) if d.duty is Duty.ARMS)
            found = [going for going in able if going is not None]
            self._arms[key] = min(found, key=lambda g: (g.points, g.doing.ref), default=None)
        return self._arms[key]

    @cached_property
    def _of(self) -> dict[tuple[str, int], list[Doing]]:
        """Duties of other cases, by who leads or does them and month."""
        found: dict[tuple[str, int], list[Doing]] = {}
        for doing in self.view.doings:
            if doing.ref != self.view.ref:
                found.setdefault((doing.by, doing.month), []).append(doing)
        return found

    def _going(self, doing: Doing) -> Going | None:
        """What the duty costs when not done in its month; None where it must be."""
        if doing not in self._known:
            self._known[doing] = self._gone(doing)
        return self._known[doing]

    def _gone(self, doing: Doing) -> Going | None:
        view = self.view
        arcs = self._arcs(doing.ref, doing.duty)
        if arcs is None:
            return None
        needed = sum(view.hours.hours_of(doing.duty, doing.crew))
        team = view.situation.register.officer[doing.by].team
        months = view.situation.horizon.months
        hours = [needed * self.prices.get((team, m), 0.0) for m in months]
        planned = {d.month for d in view.of_ref[doing.ref, doing.duty]}
        now, before = 0.0, 0
        for m in sorted(planned):
            now += arcs.cost(before, m) + (hours[m - 1] if m != doing.month else 0.0)
            before = m
        now += arcs.cost(before, len(hours) + 1)
        if doing.duty is Duty.ARMS:
            full = (m for m in months if view.hours.arms_room(doing.by, m) <= 0)
            for m in set(full) - planned:
                hours[m - 1] = math.inf
        then = least_without(arcs, hours, doing.month)
        if math.isinf(now) or then >= LOCK_MISSED / 2:
            return None
        return Going(doing, then - now)

    def _arcs(self, ref: str, duty: Duty) -> Arcs | None:
        """What the duty's calendars cost; None where it is not owed."""
        key = (ref, duty)
        if key not in self._of_duty:
            chains = self.view.situation.chains_of(self.view.situation.register.offender[ref])
            chain = next((c for c in chains if c.duty is duty), None)
            self._of_duty[key] = None if chain is None else self.view.chains.calendar_arcs(chain)
        return self._of_duty[key]


def least_without(arcs: Arcs, hours: Sequence[float], month: int) -> float:
    """The cheapest calendar of one duty that has nothing in a month; ``hours`` cost by month."""
    columns = tuple(zip(arcs.start, *arcs.onward, strict=True))
    best: list[float] = [0.0]
    for m, hour in enumerate(hours, start=1):
        best.append(math.inf if m == month else min(map(add, best, columns[m - 1])) + hour)
    cheapest: float = min(map(add, best, columns[-1]))
    return cheapest
