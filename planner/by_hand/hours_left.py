"""What officers have left of a month, as duties are taken on one by one."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from planner.workload.situation import Situation

_GRAIN = 1_000_000
_ROUNDING = 1e-3
"""Hours are whole millionths in here, so that ties do not hang on the last digit of a sum."""


def _taken(hours: float) -> int:
    """What a duty takes, rounded up."""
    return math.ceil(hours * _GRAIN - _ROUNDING)


def _there(hours: float) -> int:
    """What there is, rounded down."""
    return math.floor(hours * _GRAIN + _ROUNDING)


class _Queue:
    """Officers by hours left, most first; the first staff ID among as many."""

    def __init__(
        self, members: Iterable[str], left: Mapping[str, int], barred: Collection[str] = ()
    ) -> None:
        self._left = left
        self._barred = barred
        self._heap = [(-left[s], s) for s in members]
        heapq.heapify(self._heap)

    def first(self, but: str) -> str | None:
        """Who has most left, apart from ``but``; None where there is nobody else."""
        own = None
        while self._heap:
            minus, officer = self._heap[0]
            if officer in self._barred:
                heapq.heappop(self._heap)
            elif officer == but:
                own = heapq.heappop(self._heap)
            elif -minus != self._left[officer]:  # has fewer by now: goes to the right place
                heapq.heapreplace(self._heap, (-self._left[officer], officer))
            else:
                break
        found = self._heap[0][1] if self._heap else None
        if own is not None:
            heapq.heappush(self._heap, own)
        return found


class HoursLeft:
    """One month's hours and ARMS still open to each officer."""

    def __init__(self, situation: Situation, month: int) -> None:
        self.month = month
        self.posts, self.policy = situation.posts, situation.policy
        hours, stretch = situation.hours, 1 + self.policy.hours_overtime
        self.lead, self.second = _taken(hours.lead), _taken(hours.second)
        self.arms = _taken(hours.arms)
        officers = situation.register.officer
        self.left = {s: _there(situation.capacity[s, month] * stretch) for s in officers}
        self._room = dict.fromkeys(officers, int(self.policy.arms_per_month))
        self._no_room = {s for s, room in self._room.items() if room < 1}
        self._present: dict[str, list[str]] = defaultdict(list)
        for s in sorted(officers):
            if month in self.posts.seconding_months[s]:
                self._present[officers[s].team].append(s)
        self._unit = _Queue((s for team in self._present.values() for s in team), self.left)
        self._seconds: dict[str, _Queue] = {}
        self._assessors: dict[str, _Queue] = {}

    def visit(self, lead: str, team: str, *, crew: int) -> tuple[bool, str | None]:
        """Take on a visit to somebody of a team: whether there was time, and the second officer."""
        if self.left[lead] < self.lead:
            return False, None
        second = None
        if crew > 1:
            second = self._second_queue(lead, team).first(lead)
            if second is None or self.left[second] < self.second:
                return False, None
            self.left[second] -= self.second
        self.left[lead] -= self.lead
        return True, second

    def assess(self, som: str, team: str, *, ask_colleagues: bool) -> str | None:
        """Take on an ARMS: who does it, None where nobody has time.

        The SOM does it where trained, else the trained colleague with most hours left. With
        ``ask_colleagues`` one of those does it too where the SOM has no time and policy lets them.
        """
        trained = self.posts.is_trained(som, self.month)
        passes_on = ask_colleagues and self.policy.arms_by_colleague and not self._can_assess(som)
        alone = trained and not passes_on
        doer = som if alone else self._assessor_queue(team).first(som)
        if doer is None or not self._can_assess(doer):
            return None
        self.left[doer] -= self.arms
        self._room[doer] -= 1
        if self._room[doer] < 1:
            self._no_room.add(doer)
        return doer

    def _can_assess(self, officer: str) -> bool:
        return self.left[officer] >= self.arms and officer not in self._no_room

    def _second_queue(self, lead: str, team: str) -> _Queue:
        """Colleagues of the team, or of the whole unit where it has nobody else."""
        if self.policy.cross_team or set(self._present[team]) <= {lead}:
            return self._unit
        if team not in self._seconds:
            self._seconds[team] = _Queue(self._present[team], self.left)
        return self._seconds[team]

    def _assessor_queue(self, team: str) -> _Queue:
        """Trained officers of the team (with ``cross_team`` of the unit) with ARMS open to them."""
        key = "" if self.policy.cross_team else team
        if key not in self._assessors:
            teams = self._present if self.policy.cross_team else [team]
            trained = (
                s for t in teams for s in self._present[t] if self.posts.is_trained(s, self.month)
            )
            self._assessors[key] = _Queue(trained, self.left, self._no_room)
        return self._assessors[key]
