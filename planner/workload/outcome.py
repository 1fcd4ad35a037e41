"""What a plan comes to: each measure worked out once, by name, for every sheet and page."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from planner.domain.terms import LEVELS, Duty, RiskLevel

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from planner.domain.plan import Plan
    from planner.workload.situation import DutyChain, Situation


@dataclass(frozen=True, slots=True)
class Instance:
    """A duty falling due once: when, and in which month it is done (None: not within the plan)."""

    chain: DutyChain
    due: date
    due_month: int
    done_month: int | None

    @property
    def months_late(self) -> int:
        """Month done less due month, 0 if early, on time or not done."""
        return max(0, (self.done_month or self.due_month) - self.due_month)

    def overdue_at(self, month: int) -> bool:
        """Whether due and not done at the month's end, the person then in the community."""
        undone = self.done_month is None or self.done_month > month
        return self.due_month <= month and undone and self.chain.presence.at_end_of(month)

    def age(self, month: int) -> int:
        """Months overdue at a month's end."""
        return month - self.due_month


@dataclass(frozen=True, slots=True)
class Change:
    """A case changing hands: ``counts`` where rule 4 counts it. ``before`` None: unallocated."""

    ref: str
    month: int
    before: str | None
    after: str
    counts: bool


class _Held(NamedTuple):
    """A case: at which month ends it counts as in the community, and its SOM by month."""

    level: RiskLevel
    first_end: int
    last_end: int
    soms: tuple[str | None, ...]


class Outcome:
    """A plan's measures over a situation."""

    def __init__(self, situation: Situation, plan: Plan) -> None:
        self.situation = situation
        self.plan = plan

    @cached_property
    def instances(self) -> tuple[Instance, ...]:
        """Every time a duty falls due within the plan's reach, in order of person, duty, month."""
        done: dict[tuple[str, Duty], list[int]] = defaultdict(list)
        for visit in self.plan.visits:
            done[visit.ref, Duty.VISIT].append(visit.month)
        for arms in self.plan.arms:
            done[arms.ref, Duty.ARMS].append(arms.month)
        return tuple(
            instance
            for chain in self.situation.chains
            for instance in self._chained(chain, sorted(set(done[chain.ref, chain.duty])))
        )

    @cached_property
    def instance(self) -> dict[tuple[str, Duty, int], Instance]:
        """The instance done in a month, by reference, duty and month number."""
        return {
            (i.chain.ref, i.chain.duty, i.done_month): i
            for i in self.instances
            if i.done_month is not None
        }

    @cached_property
    def overdue(self) -> Counter[tuple[int, RiskLevel, Duty]]:
        """How many duties are overdue at each month's end, by level and duty."""
        return Counter(
            (m, i.chain.level, i.chain.duty)
            for i in self.instances
            for m in self._months_overdue(i)
        )

    @cached_property
    def opening(self) -> Counter[tuple[RiskLevel, Duty]]:
        """How many duties are due on or before the as-at date, the person then in the community."""
        return Counter((c.level, c.duty) for c in self.situation.chains if self.open_at_start(c))

    @cached_property
    def arms_overdue_of_team(self) -> Counter[tuple[int, str, RiskLevel]]:
        """ARMS overdue by month, team and level; month 0: on the as-at date."""
        found = Counter(
            (m, i.chain.offender.team, i.chain.level)
            for i in self.instances
            if i.chain.duty is Duty.ARMS
            for m in self._months_overdue(i)
        )
        found.update(
            (0, c.offender.team, c.level)
            for c in self.situation.chains
            if c.duty is Duty.ARMS and self.open_at_start(c)
        )
        return found

    @cached_property
    def due(self) -> Counter[tuple[int, RiskLevel, Duty]]:
        """Duties whose due month this is, not done earlier, the person there at its end."""
        return Counter(
            (i.due_month, i.chain.level, i.chain.duty)
            for i in self.instances
            if 1 <= i.due_month <= self.situation.horizon.length
            and i.chain.presence.at_end_of(i.due_month)
            and (i.done_month is None or i.done_month >= i.due_month)
        )

    @cached_property
    def done(self) -> Counter[tuple[int, RiskLevel, Duty]]:
        """Duties done in each month, those included that nobody owed."""
        level = {o.ref: o.level for o in self.situation.register.offenders}
        visits = Counter((v.month, level[v.ref], Duty.VISIT) for v in self.plan.visits)
        return visits + Counter((a.month, level[a.ref], Duty.ARMS) for a in self.plan.arms)

    def open_at_start(self, chain: DutyChain) -> bool:
        """Whether the duty is part of the opening backlog: by the date, not by the month."""
        return self.situation.is_open_at_start(chain)

    def backlog(self, month: int, duty: Duty = Duty.ARMS) -> int:
        """Duties overdue at a month's end, all levels."""
        return sum(self.overdue[month, level, duty] for level in LEVELS)

    @cached_property
    def cleared_month(self) -> int | None:
        """The first month from which the ARMS backlog stays cleared to the end; None if never."""
        cleared = None
        for month in reversed(self.situation.horizon.months):
            if self.backlog(month) > self.situation.policy.backlog_cleared_at:
                break
            cleared = month
        return cleared

    def most_overdue(self, month: int, level: RiskLevel, duty: Duty) -> int | None:
        """The greatest age in months of a duty overdue at a month's end; None where none is."""
        return self._oldest.get((month, level, duty))

    @cached_property
    def _oldest(self) -> dict[tuple[int, RiskLevel, Duty], int]:
        found: dict[tuple[int, RiskLevel, Duty], int] = {}
        for i in self.instances:
            for month in self._months_overdue(i):
                key = month, i.chain.level, i.chain.duty
                found[key] = max(i.age(month), found.get(key, 0))
        return found

    @cached_property
    def oldest_at_start(self) -> dict[tuple[RiskLevel, Duty], int]:
        """The greatest age in months, on the as-at date, of a duty of the opening backlog."""
        now = self.situation.horizon.number(self.situation.register.as_at)
        found: dict[tuple[RiskLevel, Duty], int] = {}
        for c in self.situation.chains:
            if self.open_at_start(c):
                age = now - c.due_month
                found[c.level, c.duty] = max(age, found.get((c.level, c.duty), 0))
        return found

    @cached_property
    def lead_hours(self) -> dict[tuple[str, int], float]:
        """Hours of visits led and ARMS done, by officer and month."""
        hours = self.situation.hours
        found: dict[tuple[str, int], float] = defaultdict(float)
        for visit in self.plan.visits:
            found[visit.som, visit.month] += hours.lead
        for arms in self.plan.arms:
            found[arms.done_by, arms.month] += hours.arms
        return dict(found)

    def planned_hours(self, staff_id: str, month: int) -> float:
        """Lead and second hours of an officer in a month."""
        lead = self.lead_hours.get((staff_id, month), 0.0)
        return lead + self.plan.second_hours.get((staff_id, month), 0.0)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every change of SOM, first allocations included, by reference and month."""
        return tuple(c for o in sorted(self.plan.holdings) for c in self._changes_of(o))

    @cached_property
    def cost(self) -> Mapping[str, float]:
        """The contract's cost by part, in its order of size."""
        policy = self.situation.policy
        parts = dict.fromkeys(("protected", "uncleared", "exposure", "moves", "mix", "spread"), 0.0)
        last = self.situation.horizon.length
        exposure = []
        for i in self.instances:
            level = i.chain.level
            for m in self._months_overdue(i):
                exposure.append(policy.weight[level] * (1 + policy.ageing * i.age(m)))
                if i.chain.duty is Duty.VISIT:
                    parts["protected"] += policy.cost_protected.get(level, 0.0)
                if m == last:
                    parts["uncleared"] += policy.cost_uncleared
        parts["exposure"] = math.fsum(exposure)
        offender = self.situation.register.offender
        parts["moves"] = math.fsum(
            policy.cost_move[offender[c.ref].level] for c in self.changes if c.counts
        )
        parts["mix"] = policy.cost_mix * math.fsum(self._mix_excess())
        parts["spread"] = policy.cost_spread * math.fsum(self._hours_above_comfort())
        return parts

    @property
    def total_cost(self) -> float:
        return sum(self.cost.values())

    def caseload(self, month: int) -> Counter[str]:
        """Cases of each officer in a month, wherever the person is."""
        return Counter(som for case in self._held if (som := case.soms[month - 1]) is not None)

    def community_caseload(self, month: int, at_least: RiskLevel = RiskLevel.LOW) -> Counter[str]:
        """Cases of each officer whose person is in the community on the month's last day."""
        return Counter(
            som
            for case in self._held
            if case.first_end <= month <= case.last_end
            and case.level >= at_least
            and (som := case.soms[month - 1]) is not None
        )

    @cached_property
    def _held(self) -> tuple[_Held, ...]:
        """Every case, in the plan's order."""
        offender, presence = self.situation.register.offender, self.situation.presence
        return tuple(
            _Held(
                offender[ref].level,
                presence[ref].first_end,
                presence[ref].last_end,
                self.plan.soms(ref),
            )
            for ref in self.plan.holdings
        )

    def _months_overdue(self, i: Instance) -> range:
        last = self.situation.horizon.length if i.done_month is None else i.done_month - 1
        there = i.chain.presence
        return range(max(1, i.due_month, there.first_end), min(last, there.last_end) + 1)

    def _chained(self, chain: DutyChain, done: list[int]) -> Iterator[Instance]:
        due, due_month = chain.due, chain.due_month
        for month in done:
            yield Instance(chain, due, due_month, month)
            due_month = month + chain.interval
            due = self.situation.horizon.start(due_month)
        yield Instance(chain, due, due_month, None)

    def _changes_of(self, ref: str) -> Iterator[Change]:
        offender = self.situation.register.offender[ref]
        before = self.situation.register.som_of(offender)
        for holding in self.plan.holdings[ref]:
            if holding.som != before:
                counts = self.situation.move_counts(offender, before, holding.month)
                yield Change(ref, holding.month, before, holding.som, counts)
            before = holding.som

    def _mix_excess(self) -> Iterator[float]:
        held = self.community_caseload(1, RiskLevel.HIGH)
        for staff_id, share in self.situation.fair_share.items():
            yield max(0.0, held[staff_id] - share)

    def _hours_above_comfort(self) -> Iterator[float]:
        comfort = self.situation.policy.hours_comfort
        for (staff_id, month), capacity in self.situation.capacity.items():
            yield max(0.0, self.planned_hours(staff_id, month) - comfort * capacity)
