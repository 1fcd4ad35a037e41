"""Which officer does which duty in which months, where caseloads are taken as they are.

Visits are the SOM's. An ARMS is the SOM's where trained, else one trained colleague's: of those
who may do it, the one to whom fewest have been given for the hours there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from planner.domain.terms import Duty

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.by_hand.allocation import Route
    from planner.workload.situation import DutyChain, Situation


@dataclass(frozen=True, slots=True)
class Stint:
    """The months, one unbroken run, in which a duty is one officer's; who had it ``before``."""

    chain: DutyChain
    months: range
    before: frozenset[str]

    @property
    def key(self) -> tuple[str, Duty]:
        """The person and the duty."""
        return self.chain.ref, self.chain.duty


def stints_by_officer(
    situation: Situation, routes: Mapping[str, Route]
) -> dict[str, tuple[Stint, ...]]:
    """Every officer's stints, by staff ID, given each case's SOM in each month."""
    colleagues = _Colleagues(situation)
    found: dict[str, list[Stint]] = defaultdict(list)
    for chain in situation.chains:
        route = routes[chain.ref]
        doers = route if chain.duty is Duty.VISIT else colleagues.doers(chain, route)
        before: set[str] = set()
        start = 1
        for doer, run in groupby(doers):
            months = range(start, start + len(list(run)))
            start = months.stop
            if doer is not None:
                found[doer].append(Stint(chain, months, frozenset(before)))
                before.add(doer)
    return {s: tuple(found[s]) for s in sorted(found)}


class _Colleagues:
    """Gives out the ARMS of SOMs who are not trained."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.given: Counter[str] = Counter()

    def doers(self, chain: DutyChain, route: Route) -> list[str | None]:
        """Who does the person's ARMS in each month; None where nobody may."""
        found: list[str | None] = []
        for month, som in enumerate(route, start=1):
            before = found[-1] if found else None
            able = () if som is None else self._able(chain, som, month)
            if som in able:
                found.append(som)
            elif before in able:
                found.append(before)
            else:
                found.append(self._least_given(able, month))
        return found

    def _able(self, chain: DutyChain, som: str, month: int) -> tuple[str, ...]:
        return self.situation.posts.assessors(chain.offender.team, som, month)

    def _least_given(self, able: tuple[str, ...], month: int) -> str | None:
        capacity = self.situation.capacity
        doer = min(
            able, key=lambda d: ((self.given[d] + 1) / (capacity[d, month] + 1), d), default=None
        )
        if doer is not None:
            self.given[doer] += 1
        return doer
