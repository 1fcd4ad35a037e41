"""Caseload caps: pass cases on until nobody holds more than they may, where that can be."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planner.by_hand.caseloads import Caseloads
    from planner.domain.register import Offender

    Chain = dict[str, tuple[str, Offender] | None]
    """For each officer reached: from whom a case would come, and which; None for the first."""


class Relief:
    """Passes on cases that may change hands in a month, least risky first.

    ``may_pass`` says whether a case may go to an officer in that month, were there room.
    """

    def __init__(
        self, caseloads: Caseloads, month: int, may_pass: Callable[[Offender, str], bool]
    ) -> None:
        self.caseloads = caseloads
        self.month = month
        self.may_pass = may_pass

    def relieve(self) -> None:
        """Bring every officer within the cap at each month's end to come, as far as it goes."""
        capped = sorted(s for s, o in self.caseloads.officers.items() if o.cap is not None)
        for month in range(self.month, self.caseloads.situation.horizon.length + 1):
            stuck: set[str] = set()
            for som in capped:
                while som not in stuck and self.caseloads.above_cap(som, month):
                    stuck |= self._pass_on(som, month)

    def _pass_on(self, som: str, crowded_month: int) -> set[str]:
        """Pass one case on, directly or in a chain of officers who each pass on one.

        Returns those whom nobody can relieve: empty where a case was passed on.
        """
        chain: Chain = {som: None}
        waiting: deque[tuple[str, tuple[int, ...]]] = deque([(som, (crowded_month,))])
        while waiting:
            giver, crowded = waiting.popleft()
            for offender, taker in self._offers(giver, crowded):
                if taker in chain:
                    continue
                chain[taker] = giver, offender
                full = self.caseloads.crowded(taker, offender, self.month)
                if not full:
                    self._hand_along(chain, taker)
                    return set()
                waiting.append((taker, full))
        return set(chain)

    def _offers(self, giver: str, crowded: tuple[int, ...]) -> Iterator[tuple[Offender, str]]:
        """The giver's cases that would help in those months, with who may take each."""
        loads = self.caseloads
        seen: set[tuple[object, str]] = set()
        held = (loads.offenders[ref] for ref in loads.cases[giver])
        for offender in sorted(held, key=lambda o: (o.level, o.ref)):
            there, kind = loads.situation.presence[offender.ref], loads.kind(offender)
            if not all(map(there.at_end_of, crowded)):
                continue
            for taker in loads.by_caseload(offender, self.month):
                if (kind, taker) not in seen and self.may_pass(offender, taker):
                    seen.add((kind, taker))
                    yield offender, taker

    def _hand_along(self, chain: Chain, taker: str) -> None:
        while (link := chain[taker]) is not None:
            giver, offender = link
            self.caseloads.leave(offender, self.month)
            self.caseloads.take(offender, taker, self.month)
            taker = giver
