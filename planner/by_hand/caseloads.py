"""Caseloads while cases are being allocated: who has whom now, and how many in the months ahead."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.domain.register import Offender, Officer
    from planner.workload.community import Presence
    from planner.workload.situation import Situation

Kin = tuple[str, tuple[str, ...], frozenset[str]]
"""What decides who may hold a case: team, conflicts of interest within Staff, needs."""

Distance = tuple[bool, bool, int]
"""How far an officer is from eligible: a conflict is worst, then another team, then each skill."""

Candidate = tuple[Distance, str]


class Caseloads:
    """Who holds each case now, and each officer's community cases at the months' ends to come."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.posts = situation.posts
        self.officers = situation.register.officer
        self.offenders = situation.register.offender
        self.som: dict[str, str] = {}
        self.cases: dict[str, set[str]] = {s: set() for s in self.officers}
        self._ends = {s: [0] * (situation.horizon.length + 1) for s in self.officers}
        self._kin: dict[str, Kin] = {}
        self._holders: dict[tuple[Kin, int], tuple[Candidate, ...]] = {}

    def take(self, offender: Offender, som: str, month: int) -> None:
        """The officer takes the case from this month on."""
        self.som[offender.ref] = som
        self.cases[som].add(offender.ref)
        self._count(offender, som, month, 1)

    def leave(self, offender: Offender, month: int) -> None:
        """The case has no SOM from this month on, if it had one."""
        som = self.som.pop(offender.ref, None)
        if som is not None:
            self.cases[som].remove(offender.ref)
            self._count(offender, som, month, -1)

    def share(self, som: str) -> float:
        """Cases now, relative to FTE."""
        fte = self.officers[som].fte
        return len(self.cases[som]) / fte if fte > 0 else math.inf

    def above_cap(self, som: str, month: int) -> int:
        """Community cases above the officer's cap at a month's end."""
        cap = self.officers[som].cap
        return 0 if cap is None else max(0, self._ends[som][month] - cap)

    def crowded(self, som: str, offender: Offender, month: int) -> tuple[int, ...]:
        """The months from this one on in which one more such case would be above the cap."""
        cap = self.officers[som].cap
        if cap is None:
            return ()
        ends = self._ends[som]
        return tuple(m for m in self._months(offender, som, month) if ends[m] >= cap)

    def holders(self, offender: Offender, month: int) -> tuple[Candidate, ...]:
        """Who may hold the case in the month; where nobody may, everybody in post, to stand in.

        Each with how far from eligible, those who come nearest first.
        """
        key = self._kin_of(offender), month
        if key not in self._holders:
            held = self.posts.holding_months
            there = [s for i, s in sorted(self.officers.items()) if month in held[i]]
            fitting = [s for s in there if self.posts.fits(s, offender)]
            self._holders[key] = tuple(
                sorted((self._distance(s, offender), s.staff_id) for s in fitting or there)
            )
        return self._holders[key]

    def by_caseload(self, offender: Offender, month: int) -> list[str]:
        """The same officers in the order in which they are asked, smallest caseload first."""
        ranked = sorted((d, self.share(s), s) for d, s in self.holders(offender, month))
        return [som for _, _, som in ranked]

    def kind(self, offender: Offender) -> tuple[Kin, Presence]:
        """What makes two cases alike to everybody's cap."""
        return self._kin_of(offender), self.situation.presence[offender.ref]

    def _kin_of(self, offender: Offender) -> Kin:
        if offender.ref not in self._kin:
            known = tuple(sorted(offender.not_with & self.officers.keys()))
            self._kin[offender.ref] = (offender.team, known, offender.needs)
        return self._kin[offender.ref]

    def _distance(self, officer: Officer, offender: Offender) -> Distance:
        outside = not self.situation.policy.cross_team and officer.team != offender.team
        missing = len(offender.needs - officer.skills)
        return officer.staff_id in offender.not_with, outside, missing

    def _count(self, offender: Offender, som: str, month: int, sign: int) -> None:
        ends = self._ends[som]
        for m in self._months(offender, som, month):
            ends[m] += sign

    def _months(self, offender: Offender, som: str, month: int) -> range:
        """The months' ends from this month on at which the case would count with the officer."""
        there = self.situation.presence[offender.ref]
        stop = min(there.last_end + 1, self.posts.holding_months[som].stop)
        return range(max(month, there.first_end), stop)
