"""The hours that a plan leaves over, and whether one more duty fits without breaking a rule.

Second hours are shared anew among those who may give them: whether a duty fits is asked of the
team, not of the second officers whom the plan happens to name.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.terms import Duty
from planner.optimise.hours import GRAIN, Ledger, grains_up

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from planner.domain.plan import Plan
    from planner.optimise.pool import Pool
    from planner.workload.situation import Situation


@dataclass(frozen=True, slots=True)
class Doing:
    """One duty done in a month (1 to 18): ``by`` leads the visit or does the ARMS.

    ``crew`` is 0 for an ARMS.
    """

    ref: str
    duty: Duty
    month: int
    by: str
    crew: int


def doings(plan: Plan, refs: Collection[str]) -> Iterator[Doing]:
    """Every duty of these cases that the plan has done."""
    for visit in plan.visits:
        if visit.ref in refs:
            yield Doing(visit.ref, Duty.VISIT, visit.month, visit.som, visit.crew)
    for arms in plan.arms:
        if arms.ref in refs:
            yield Doing(arms.ref, Duty.ARMS, arms.month, arms.done_by, 0)


class HoursLeft:
    """What the officers of a pool have left beside the duties entered so far.

    ``done`` has every doing of the plan by an officer of the pool; others' are passed over.
    """

    def __init__(self, situation: Situation, pool: Pool, plan: Plan, done: Iterable[Doing]) -> None:
        self.situation = situation
        self.pool = pool
        self.plan = plan
        self.number = {staff_id: n for n, staff_id in enumerate(pool.officers)}
        self._ledger = Ledger(pool)
        self._lead = [[0.0] * pool.months for _ in pool.officers]
        self._need = [0.0] * pool.months
        self._sound: dict[int, bool] = {}
        for doing in done:
            self._enter(doing, 1)

    def hours_of(self, duty: Duty, crew: int) -> tuple[float, float]:
        """Lead hours and second hours of a duty."""
        hours = self.situation.hours
        if duty is Duty.ARMS:
            return hours.arms, 0.0
        return hours.lead, max(0, crew - 1) * hours.second

    @contextmanager
    def without(self, taken: Iterable[Doing]) -> Iterator[None]:
        """For a while, as if these duties were not done."""
        taken = tuple(taken)
        for doing in taken:
            self._enter(doing, -1)
        try:
            yield
        finally:
            for doing in taken:
                self._enter(doing, 1)

    @contextmanager
    def with_also(self, added: Iterable[Doing]) -> Iterator[None]:
        """For a while, as if these duties were done too."""
        added = tuple(added)
        for doing in added:
            self._enter(doing, 1)
        try:
            yield
        finally:
            for doing in added:
                self._enter(doing, -1)

    def fits(self, added: Iterable[Doing]) -> bool:
        """Whether these duties of one month can be added without breaking rules 5, 6 or 9.

        Where the month is overfull already (edited by hand), whether they make it no worse.
        """
        added = tuple(added)
        month = added[0].month - 1
        for doing in added:
            s = self.number.get(doing.by)
            if s is None or (doing.crew > 1 and not self._ledger.seconded[s][month]):
                return False
        if self._is_sound(month):
            if any(self._is_too_long(doing) for doing in added):
                return False
            with self.with_also(added):
                return self._ledger.sound(month)
        before = self._ledger.excess(month)
        with self.with_also(added):
            return self._ledger.excess(month) <= before

    def _is_sound(self, month: int) -> bool:
        """Whether the month (from 0) keeps every rule; asked again only after it has changed."""
        if month not in self._sound:
            self._sound[month] = self._ledger.sound(month)
        return self._sound[month]

    def _is_too_long(self, doing: Doing) -> bool:
        """Whether its officer, or the team, has fewer hours left than it takes by itself."""
        s, month = self.number[doing.by], doing.month - 1
        lead, second = (grains_up(hours) for hours in self.hours_of(doing.duty, doing.crew))
        group = self._ledger.group[s][month]
        if lead > self._ledger.left[s][month]:
            return True
        return group >= 0 and lead + second > self._ledger.slack[month][group]

    def placed(
        self, ref: str, duties: Iterable[tuple[Duty, int]], som: str, month: int
    ) -> tuple[Doing, ...] | None:
        """These duties (with their crews) of a case of ``som`` in a month, by whom; None: no room.

        Of those who may do an ARMS, whoever has most hours left is asked first.
        """
        led = [Doing(ref, d, month, som, crew) for d, crew in duties if d is Duty.VISIT]
        if all(d is not Duty.ARMS for d, _ in duties):
            return tuple(led) if self.fits(led) else None
        for doer in self.assessors(som, month):
            chosen = (*led, Doing(ref, Duty.ARMS, month, doer, 0))
            if self.fits(chosen):
                return chosen
        return None

    def assessors(self, som: str, month: int) -> tuple[str, ...]:
        """Who may do an ARMS of the SOM's cases in the month, most hours left first."""
        s = self.number.get(som)
        if s is None:
            return ()
        left = self._ledger.left
        able = self.pool.doers.get((s, month - 1), ())
        order = sorted(able, key=lambda d: (-left[d][month - 1], d))
        return tuple(self.pool.officers[d] for d in order)

    def arms_room(self, staff_id: str, month: int) -> int:
        """How many more ARMS the officer may do in the month."""
        return self._ledger.room[self.number[staff_id]][month - 1]

    def seconded(self, som: str, month: int) -> bool:
        """Whether there is anybody to second the SOM's visits in the month."""
        s = self.number.get(som)
        return s is not None and self._ledger.seconded[s][month - 1]

    def of_officer(self, staff_id: str, month: int) -> float:
        """Hours of the officer neither led nor, as the Workload sheet says, given as second."""
        if staff_id not in self.number:
            return 0.0
        s = self.number[staff_id]
        second = self.plan.second_hours.get((staff_id, month), 0.0)
        most = float(self.pool.most_hours[s, month - 1])
        return most - self._lead[s][month - 1] - second

    def not_led(self, staff_id: str, month: int) -> float:
        """Hours of the officer not taken by visits led and ARMS done: seconds may pass on."""
        s = self.number[staff_id]
        return float(self.pool.most_hours[s, month - 1]) - self._lead[s][month - 1]

    def of_team(self, staff_id: str, month: int) -> float:
        """Hours left, visits seconded, to those who may second each other with the officer."""
        group = self._ledger.group[self.number[staff_id]][month - 1]
        if group < 0:
            return self.of_all(month)
        return self._ledger.slack[month - 1][group] / GRAIN

    def lacking(self, month: int) -> tuple[float, float]:
        """Hours that officers lack for their own work, and second hours that nobody could give."""
        own, second = self._ledger.lacking(month - 1)
        return own / GRAIN, second / GRAIN

    def of_all(self, month: int) -> float:
        """Hours of the team (or unit) left after its visits are seconded."""
        lead = sum(row[month - 1] for row in self._lead)
        return float(self.pool.most_hours[:, month - 1].sum()) - lead - self._need[month - 1]

    def spread(self, month: int) -> float:
        """Cost of hours above comfort in the month if second hours are shared as well as can be.

        A little lower than any real sharing: whom each lead may not second himself is left out.
        """
        comfort = self.pool.comfortable_hours[:, month - 1].tolist()
        above = room = 0.0
        for s, ease in enumerate(comfort):
            rest = ease - self._lead[s][month - 1]
            above += max(0.0, -rest)
            room += max(0.0, rest)
        return self.pool.cost_spread * (above + max(0.0, self._need[month - 1] - room))

    def _enter(self, doing: Doing, sign: int) -> None:
        s = self.number.get(doing.by)
        if s is None:
            return
        month = doing.month - 1
        self._sound.pop(month, None)
        lead, second = self.hours_of(doing.duty, doing.crew)
        self._lead[s][month] += sign * lead
        if doing.duty is Duty.ARMS:
            self._ledger.arms(s, month, grains_up(lead), sign)
            return
        self._need[month] += sign * second
        self._ledger.visit(s, month, grains_up(lead), grains_up(second), sign)
