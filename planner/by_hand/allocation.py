"""Who holds each case when nobody weighs anything up: nothing moves that need not.

Today's SOM keeps the case for as long as he may hold it. A case without such a SOM goes to the
eligible officer with the smallest caseload for the hours worked (relative to FTE) at that time.
Locks, keeps and caps hold where they can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.by_hand.caps import Relief
from planner.by_hand.caseloads import Caseloads
from planner.by_hand.decisions import ties

if TYPE_CHECKING:
    from collections.abc import Collection

    from planner.domain.register import Offender
    from planner.workload.situation import Situation

Route = tuple[str | None, ...]
"""The SOM of each month, month 1 first; None where nobody at all is in post."""


def allocate(situation: Situation) -> dict[str, Route]:
    """Everybody's SOM in each month, by reference."""
    allocation = _Allocation(situation)
    for month in situation.horizon.months:
        allocation.settle(month)
    return {ref: tuple(route) for ref, route in allocation.routes.items()}


class _Allocation:
    def __init__(self, situation: Situation) -> None:
        register = situation.register
        self.posts = situation.posts
        self.ties = ties(situation)
        self.caseloads = Caseloads(situation)
        self.offenders = sorted(register.offenders, key=lambda o: o.ref)
        self.routes: dict[str, list[str | None]] = {o.ref: [] for o in self.offenders}
        for offender in self.offenders:
            today = register.som_of(offender)
            if today is not None:
                self.caseloads.take(offender, today, 1)

    def settle(self, month: int) -> None:
        """Give each case its SOM of the month: ties first, then those without a SOM."""
        loads, loose = self.caseloads, []
        for offender in self.offenders:
            tied = self._tied_to(offender, month)
            if tied is not None:
                if loads.som.get(offender.ref) != tied:
                    loads.leave(offender, month)
                    loads.take(offender, tied, month)
            elif not self._goes_on(offender, month):
                loads.leave(offender, month)
                loose.append(offender)
        for offender in sorted(loose, key=lambda o: (-o.level, o.ref)):
            self._place(offender, month)
        self._keep_to_caps({o.ref for o in loose}, month)
        for ref, route in self.routes.items():
            route.append(loads.som.get(ref))

    def _tied_to(self, offender: Offender, month: int) -> str | None:
        of_case = self.ties.get(offender.ref, ())
        return next((tie.som for tie in of_case if month in tie.months), None)

    def _goes_on(self, offender: Offender, month: int) -> bool:
        """Whether the SOM goes on holding the case, or standing in where nobody may hold it."""
        som = self.caseloads.som.get(offender.ref)
        if som is None:
            return False
        if self.posts.may_hold(som, offender, month):
            return True
        candidates = self.caseloads.holders(offender, month)
        return any(s == som and (month > 1 or d == candidates[0][0]) for d, s in candidates)

    def _place(self, offender: Offender, month: int) -> None:
        loads = self.caseloads
        first = next(iter(loads.by_caseload(offender, month)), None)
        if first is not None:
            loads.take(offender, first, month)

    def _keep_to_caps(self, placed: Collection[str], month: int) -> None:
        """Pass on cases just placed; then, in month 1 or to somebody who joins, any not tied."""
        Relief(self.caseloads, month, lambda o, _: o.ref in placed).relieve()
        joining = {s for s in self.caseloads.officers if self.posts.joins(s) == month}
        if month == 1 or joining:
            Relief(
                self.caseloads,
                month,
                lambda o, taker: (
                    self._tied_to(o, month) is None
                    and (month == 1 or taker in joining or o.ref in placed)
                ),
            ).relieve()
