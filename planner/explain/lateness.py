"""What a duty's calendar costs in lateness, in the contract's parts, whether or not it is allowed.

A calendar is the months (1 to 18, ascending) in which one duty of one person is done.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.domain.terms import Duty, LockKind
from planner.explain.calendars import Arcs
from planner.optimise.calendars import Kind, arc_costs, start_costs
from planner.workload.community import Presence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planner.workload.situation import DutyChain, Situation

LOCKS = {Duty.VISIT: LockKind.VISIT, Duty.ARMS: LockKind.ARMS}


@dataclass(frozen=True, slots=True)
class Lateness:
    """Points of cost for being overdue, by the parts of the contract's cost."""

    protected: float = 0.0
    uncleared: float = 0.0
    exposure: float = 0.0

    @property
    def total(self) -> float:
        return self.protected + self.uncleared + self.exposure

    def plus(self, other: Lateness) -> Lateness:
        return Lateness(
            self.protected + other.protected,
            self.uncleared + other.uncleared,
            self.exposure + other.exposure,
        )


def lateness(situation: Situation, chain: DutyChain, months: Sequence[int]) -> Lateness:
    """What a whole calendar costs, the end of the plan included."""
    total = Lateness()
    for part in by_doing(situation, chain, months):
        total = total.plus(part)
    return total


def by_doing(situation: Situation, chain: DutyChain, months: Sequence[int]) -> Iterator[Lateness]:
    """What each doing's lateness costs, in order; last, that of what is due after them all."""
    free = _unbarred(Kind.of(chain, situation.policy))
    length = situation.horizon.length
    due, before = chain.due_month, 0
    for month in (*months, length + 1):
        yield Lateness(
            protected=_cost(replace(free, weight=0.0, uncleared=0.0), due, before, month, length),
            uncleared=_cost(replace(free, weight=0.0, protected=0.0), due, before, month, length),
            exposure=_cost(replace(free, protected=0.0, uncleared=0.0), due, before, month, length),
        )
        due, before = month + chain.interval, month


def _unbarred(kind: Kind) -> Kind:
    """The same where any month may be chosen: a plan edited by hand may be too early."""
    there = kind.presence
    always = Presence(-(10**6), 10**6, there.first_end, there.last_end)
    return replace(kind, early=10**6, presence=always, barred=())


def _cost(kind: Kind, due: int, before: int, month: int, length: int) -> float:
    return float(kind.next_costs(due, before, length)[month - 1])


class Chains:
    """The duties of the register as chains that know the months locked for them."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self._length = situation.horizon.length
        locked: dict[tuple[str, LockKind], set[int]] = defaultdict(set)
        for lock in situation.register.locks:
            if lock.month is not None:
                locked[lock.ref, lock.kind].add(situation.horizon.number(lock.month))
        self._locked = locked

    def locked(self, chain: DutyChain) -> tuple[int, ...]:
        """The months in which somebody has decided that the duty is done, as far as they agree."""
        months = tuple(sorted(self._locked.get((chain.ref, LOCKS[chain.duty]), ())))
        kind = Kind.of(chain, self.situation.policy)
        return kind.compatible(months, chain.due_month, self._length) if months else ()

    def kind(self, chain: DutyChain) -> Kind:
        return Kind.of(chain, self.situation.policy, self.locked(chain))

    def calendar_arcs(self, chain: DutyChain) -> Arcs:
        """What the duty's calendars cost, rule 8 and locked months kept in mind."""
        return Arcs(self.start(chain), self.arcs(chain))

    def arcs(self, chain: DutyChain) -> list[list[float]]:
        """Costs from each doing to the next, as ``optimise.calendars.arc_costs``."""
        rows: list[list[float]] = arc_costs(self.kind(chain), self._length).tolist()
        return rows

    def start(self, chain: DutyChain) -> list[float]:
        """Costs of the first doing, as ``optimise.calendars.start_costs``."""
        row: list[float] = start_costs(self.kind(chain), chain.due_month, self._length).tolist()
        return row
