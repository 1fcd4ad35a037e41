"""A register worked out once: months, people's presence and due dates, officers' hours.

The model, the by-hand plan and the tables all start from here, so each is derived in one place.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planner.domain.months import Horizon
from planner.domain.terms import Duty, LockKind, RiskLevel
from planner.workload.capacity import DutyHours, capacity_hours
from planner.workload.community import Presence, presence, stay
from planner.workload.due import early_months, first_due, interval_months
from planner.workload.posts import Posts

if TYPE_CHECKING:
    from datetime import date

    from planner.domain.register import Lock, Offender, Register


@dataclass(frozen=True, slots=True)
class DutyChain:
    """One duty of one person over the horizon: when first due, how often, how early, how long.

    ``due_month`` may be before month 1. After a doing in month m the next is due in month
    m + ``interval``; each may be done ``early`` months before its due month. ``crew`` is 0 for an
    ARMS. ``barred`` are months in which, as people have said, it cannot be done.
    """

    offender: Offender
    duty: Duty
    due: date
    due_month: int
    interval: int
    early: int
    presence: Presence
    crew: int
    barred: tuple[int, ...] = ()

    @property
    def ref(self) -> str:
        return self.offender.ref

    @property
    def level(self) -> RiskLevel:
        return self.offender.level

    def earliest(self, due_month: int) -> int:
        """The first month in which a duty due in ``due_month`` may be done, if seen then."""
        return max(1, due_month - self.early)

    def is_open(self, month: int) -> bool:
        """Whether it may be done in a month, due or not: the person there, and not barred."""
        return self.presence.seen_in(month) and month not in self.barred


class Situation:
    """What follows from a register alone, before anybody plans anything."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.policy = register.policy
        self.horizon = Horizon(register.as_at)
        self.posts = Posts(register, self.horizon)
        self.hours = DutyHours.of(register.policy)

    @cached_property
    def capacity(self) -> dict[tuple[str, int], float]:
        """Hours of each officer in each month, (staff ID, month number)."""
        return capacity_hours(self.register, self.posts)

    @cached_property
    def presence(self) -> dict[str, Presence]:
        """Each person's months in the community."""
        return {o.ref: presence(o, self.horizon) for o in self.register.offenders}

    @cached_property
    def chains(self) -> tuple[DutyChain, ...]:
        """Every duty that is owed, by reference, visits before ARMS."""
        offenders = sorted(self.register.offenders, key=lambda o: o.ref)
        return tuple(chain for offender in offenders for chain in self.chains_of(offender))

    def chains_of(self, offender: Offender) -> tuple[DutyChain, ...]:
        """The duties owed to one person, the visit before the ARMS."""
        return tuple(
            self._chain(offender, duty, due)
            for duty in (Duty.VISIT, Duty.ARMS)
            if (due := first_due(offender, duty, self.policy, self.register.as_at)) is not None
        )

    def is_open_at_start(self, chain: DutyChain) -> bool:
        """Whether the duty is part of the opening backlog: by the date, not by the month."""
        as_at = self.register.as_at
        days = stay(chain.offender)
        return chain.due <= as_at and days is not None and days.covers(as_at)

    @cached_property
    def chain(self) -> dict[tuple[str, Duty], DutyChain]:
        """The chains by reference and duty."""
        return {(c.ref, c.duty): c for c in self.chains}

    @cached_property
    def som_locks(self) -> dict[str, dict[str, int]]:
        """Officers to whom each case is locked, with the first month in which that lock holds."""
        found: dict[str, dict[str, int]] = {}
        for lock in self.register.locks:
            if lock.kind is LockKind.SOM and lock.staff_id in self.register.officer:
                first = self.first_locked(lock)
                of_case = found.setdefault(lock.ref, {})
                of_case[lock.staff_id] = min(first, of_case.get(lock.staff_id, first))
        return found

    def first_locked(self, lock: Lock) -> int:
        """The first month in which a lock on the SOM holds."""
        return 1 if lock.since is None else max(1, self.horizon.number(lock.since))

    @cached_property
    def barred(self) -> dict[tuple[str, Duty], tuple[int, ...]]:
        """The months in which a duty cannot be done as people have said, by reference and duty."""
        found: dict[tuple[str, Duty], set[int]] = {}
        for bar in self.register.bars:
            found.setdefault((bar.ref, bar.duty), set()).add(self.horizon.number(bar.month))
        return {key: tuple(sorted(months)) for key, months in found.items()}

    def crew(self, offender: Offender) -> int:
        """Officers a visit to this person needs."""
        return offender.crew or int(self.policy.visit_crew)

    def mix_cases(self) -> dict[str, int]:
        """Very high and high cases in the community at month 1's end, by team."""
        found: dict[str, int] = dict.fromkeys(self.register.teams, 0)
        for o in self.register.offenders:
            if o.level >= RiskLevel.HIGH and self.presence[o.ref].at_end_of(1):
                found[o.team] += 1
        return found

    @cached_property
    def fair_share(self) -> dict[str, float]:
        """Each officer's fair share of very high and high cases in month 1, a fraction."""
        cases = self.mix_cases()
        there = [s for s in self.register.officers if 1 in self.posts.holding_months[s.staff_id]]
        unit = self.policy.cross_team
        each: dict[str, list[float]] = {}
        for s in there:
            each.setdefault("" if unit else s.team, []).append(s.fte)
        fte = {key: math.fsum(shares) for key, shares in each.items()}
        shares = dict.fromkeys(self.register.officer, 0.0)
        for s in there:
            key = "" if unit else s.team
            of_group = sum(cases.values()) if unit else cases[s.team]
            shares[s.staff_id] = of_group * s.fte / fte[key] if fte[key] > 0 else 0.0
        return shares

    @property
    def moves_allowed(self) -> int:
        """How many changes of SOM that count the policy allows."""
        return int(self.policy.moves_share * len(self.register.offenders) + 1e-9)

    def move_counts(self, offender: Offender, som_before: str | None, month: int) -> bool:
        """Whether a change away from ``som_before`` in a month counts (rule 4)."""
        if som_before is None or self.posts.leaves(som_before):
            return False
        return self.posts.may_hold(som_before, offender, month)

    def _chain(self, offender: Offender, duty: Duty, due: date) -> DutyChain:
        return DutyChain(
            offender=offender,
            duty=duty,
            due=due,
            due_month=self.horizon.number(due),
            interval=interval_months(offender, duty, self.policy),
            early=early_months(offender, duty, self.policy),
            presence=self.presence[offender.ref],
            crew=self.crew(offender) if duty is Duty.VISIT else 0,
            barred=self.barred.get((offender.ref, duty), ()),
        )
