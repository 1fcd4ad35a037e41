"""The Allocation sheet: who holds each case from when, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from planner.domain.terms import LockKind, MoveReason, RiskLevel
from planner.domain.written import AllocationRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.domain.plan import Holding
    from planner.domain.register import Offender
    from planner.workload.outcome import Outcome


def yes_no(value: bool) -> str:
    return "Yes" if value else "No"


def allocation_rows(outcome: Outcome) -> tuple[AllocationRow, ...]:
    """One row per offender and period, by reference and month.

    Somebody whom nobody may hold has no row: Not planned and Checks name them.
    """
    return tuple(_Allocation(outcome).rows())


class _Allocation:
    def __init__(self, outcome: Outcome) -> None:
        self.plan = outcome.plan
        self.situation = outcome.situation
        self.register = outcome.situation.register
        self.locked = defaultdict(set)
        for lock in self.register.locks:
            if lock.kind is LockKind.SOM and lock.staff_id is not None:
                self.locked[lock.ref].add(lock.staff_id)

    def rows(self) -> Iterator[AllocationRow]:
        for ref in sorted(self.plan.holdings):
            offender = self.register.offender[ref]
            before = self.register.som_of(offender)
            for holding in self.plan.holdings[ref]:
                yield self._row(offender, holding, before)
                before = holding.som

    def _row(self, offender: Offender, holding: Holding, before: str | None) -> AllocationRow:
        return AllocationRow(
            ref=offender.ref,
            status=offender.status.value,
            level=offender.level.label,
            management=offender.management.value,
            team=offender.team,
            month=self.situation.horizon.start(holding.month),
            som=holding.som,
            previous_som=before,
            moved=yes_no(before is not None and before != holding.som),
            locked=yes_no(self._is_locked(offender, holding)),
            reason=self._reason(offender, holding, before).value,
        )

    def _is_locked(self, offender: Offender, holding: Holding) -> bool:
        return holding.som in self.locked.get(offender.ref, ())

    def _reason(self, offender: Offender, holding: Holding, before: str | None) -> MoveReason:
        """The first that applies, what forced the change before what made it worth while."""
        if before is None:
            return MoveReason.FIRST_ALLOCATION
        if before == holding.som:
            if self._is_locked(offender, holding):
                return MoveReason.LOCKED
            return MoveReason.KEPT if offender.keep else MoveReason.UNCHANGED
        if self.situation.posts.leaves(before):
            return MoveReason.OFFICER_LEFT
        if not self.situation.posts.may_hold(before, offender, holding.month):
            return MoveReason.NOT_ELIGIBLE
        if self._is_locked(offender, holding):
            return MoveReason.LOCKED
        if offender.level >= RiskLevel.HIGH and self._above_fair_share(before):
            return MoveReason.RISK_MIX
        return MoveReason.WORKLOAD

    def _above_fair_share(self, staff_id: str) -> bool:
        return self._risky_today[staff_id] > self.situation.fair_share[staff_id]

    @cached_property
    def _risky_today(self) -> Counter[str | None]:
        """Very high and high community cases by today's SOM."""
        return Counter(
            self.register.som_of(o)
            for o in self.register.offenders
            if o.level >= RiskLevel.HIGH and self.situation.presence[o.ref].at_end_of(1)
        )
