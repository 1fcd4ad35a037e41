"""Month by month: each officer works down a list, riskiest first, then by due date."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.by_hand.decisions import locked_months
from planner.by_hand.hours_left import HoursLeft
from planner.domain.terms import Duty

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from planner.by_hand.allocation import Route
    from planner.workload.situation import DutyChain, Situation


@dataclass(slots=True)
class _Owed:
    """A duty of a person as it stands: when next due, and the months to which it is locked.

    It may always be done in those months: they are such to begin with, and it waits for them.
    """

    chain: DutyChain
    due: date
    due_month: int
    locked: tuple[int, ...]

    @property
    def place(self) -> tuple[int, date, str, bool]:
        """Where it stands in an officer's list."""
        return -self.chain.level, self.due, self.chain.ref, self.chain.duty is Duty.ARMS

    def is_on_list(self, month: int) -> bool:
        """Due by this month, the person there, and not to wait for a locked month."""
        if self.due_month > month or not self.chain.is_open(month):
            return False
        ahead = next((m for m in self.locked if m > month), None)
        return ahead is None or self.chain.earliest(month + self.chain.interval) <= ahead


@dataclass(frozen=True, slots=True)
class Done:
    """A duty done: when, led by whom; ``by`` is who did the ARMS or seconded the visit."""

    chain: DutyChain
    month: int
    som: str
    by: str | None


def schedule(situation: Situation, routes: Mapping[str, Route]) -> list[Done]:
    """Everything that gets done, in order of months.

    Duties locked to a month come first in it, those that take least time before others. Then the
    officers go round, each doing the next duty of the own list that there is time for, until no
    list has any: so nobody's visits use up the second officers' hours before the others' turn.
    """
    rota = _Rota(situation, routes)
    for month in situation.horizon.months:
        rota.work(month)
    return rota.done


class _Rota:
    def __init__(self, situation: Situation, routes: Mapping[str, Route]) -> None:
        self.situation = situation
        self.routes = routes
        self.done: list[Done] = []
        locked = locked_months(situation)
        self.owed = [
            _Owed(c, c.due, c.due_month, locked.get((c.ref, c.duty), ())) for c in situation.chains
        ]
        self.locked = [owed for owed in self.owed if owed.locked]

    def work(self, month: int) -> None:
        hours = HoursLeft(self.situation, month)
        locked = [owed for owed in self.locked if month in owed.locked]
        for owed in sorted(locked, key=lambda o: (self._hours(o.chain), o.place)):
            self._try(owed, hours)
        lists = self._lists(month)
        while lists:
            for som in tuple(lists):
                if not any(self._try(owed, hours) for owed in lists[som]):
                    del lists[som]

    def _lists(self, month: int) -> dict[str, Iterator[_Owed]]:
        """What is left of each officer's list, officers by staff ID."""
        lists: dict[str, list[_Owed]] = defaultdict(list)
        for owed in self.owed:
            som = self.routes[owed.chain.ref][month - 1]
            if som is not None and owed.is_on_list(month):
                lists[som].append(owed)
        return {som: iter(sorted(lists[som], key=lambda o: o.place)) for som in sorted(lists)}

    def _try(self, owed: _Owed, hours: HoursLeft) -> bool:
        """Do the duty if there is time for it; hours only shrink, so no duty need wait its turn."""
        chain, month = owed.chain, hours.month
        som, team = self.routes[chain.ref][month - 1], chain.offender.team
        if som is None:
            return False
        if chain.duty is Duty.VISIT:
            there_was_time, by = hours.visit(som, team, crew=chain.crew)
        else:
            by = hours.assess(som, team, ask_colleagues=month in owed.locked)
            there_was_time = by is not None
        if there_was_time:
            self.done.append(Done(chain, month, som, by))
            owed.due_month = month + chain.interval
            owed.due = self.situation.horizon.start(owed.due_month)
        return there_was_time

    def _hours(self, chain: DutyChain) -> float:
        hours = self.situation.hours
        return hours.visit(chain.crew) if chain.duty is Duty.VISIT else hours.arms
