"""The moves that a plan proposes, each with the fact behind its reason."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from planner.domain.terms import LockKind, MoveReason, RiskLevel
from planner.tables.not_planned import in_words

if TYPE_CHECKING:
    from collections import Counter
    from datetime import date

    from planner.domain.register import Officer
    from planner.domain.written import AllocationRow, WrittenPlan
    from planner.workload.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRow:
    """A case that changes SOM, or gets its first, in ``month``."""

    ref: str
    level: str
    status: str
    management: str
    team: str
    month: date
    previous_som: str | None
    som: str
    reason: str
    why: str

    @property
    def officers(self) -> frozenset[str]:
        """Who gets the case and who loses it."""
        return frozenset({self.som, self.previous_som or self.som})


def move_rows(outcome: Outcome, written: WrittenPlan) -> tuple[MoveRow, ...]:
    """By month, new SOM, riskiest first, reference."""
    level = {o.ref: -o.level for o in outcome.situation.register.offenders}
    facts = _Facts(outcome)
    rows = [row for row in written.allocation if row.som != row.previous_som]
    rows.sort(key=lambda r: (r.month, r.som, level[r.ref], r.ref))
    return tuple(
        MoveRow(
            ref=row.ref,
            level=row.level,
            status=row.status,
            management=row.management,
            team=row.team,
            month=row.month,
            previous_som=row.previous_som,
            som=row.som,
            reason=row.reason,
            why=facts.of(row),
        )
        for row in rows
    )


class _Facts:
    """What the register and the plan say that bears on a move's reason."""

    def __init__(self, outcome: Outcome) -> None:
        self.situation = outcome.situation
        self.register = outcome.situation.register
        self.cases = cache(outcome.community_caseload)
        self.locks = {
            lock.ref: lock.reason for lock in self.register.locks if lock.kind is LockKind.SOM
        }

    def of(self, row: AllocationRow) -> str:
        if row.previous_som is None:
            named = self.register.offender[row.ref].som
            return f"{named} is not in Staff." if named else "The register names no SOM."
        before = self.register.officer[row.previous_som]
        month = self.situation.horizon.number(row.month)
        if row.reason == MoveReason.OFFICER_LEFT.value and before.end is not None:
            return f"{before.staff_id}'s last day in post is {in_words(before.end)}."
        if row.reason == MoveReason.NOT_ELIGIBLE.value:
            return self._bar(row, before)
        if row.reason == MoveReason.LOCKED.value:
            reason = self.locks.get(row.ref)
            return f"Lock in the register: {reason}" if reason else "Lock in the register."
        joined = self.register.officer[row.som].start
        if joined is not None and self.situation.posts.joins(row.som) == month:
            return f"{row.som} joins on {in_words(joined)}."
        return self._balance(row, before, month)

    def _bar(self, row: AllocationRow, before: Officer) -> str:
        """Why the SOM before may no longer hold the case."""
        case = self.register.offender[row.ref]
        if before.staff_id in case.not_with:
            return f"The register says: not with {before.staff_id}."
        if lacking := sorted(case.needs - before.skills):
            return f"Needs {', '.join(lacking)}, which {before.staff_id} lacks."
        if before.team != case.team and not self.situation.policy.cross_team:
            return f"The case is {case.team}'s, {before.staff_id} is in {before.team}."
        return f"{before.staff_id} is not in post at the end of {row.month:%B %Y}."

    def _balance(self, row: AllocationRow, before: Officer, month: int) -> str:
        """The two SOMs' cases in the month, all moves made."""
        risky = row.reason == MoveReason.RISK_MIX.value
        least = RiskLevel.HIGH if risky else RiskLevel.LOW
        found: Counter[str] = self.cases(month, least)
        what = "very high and high" if risky else "community"
        after = self.register.officer[row.som]
        return (
            f"With all moves {before.staff_id} (FTE {before.fte:g}) has {found[before.staff_id]} "
            f"{what} cases in {row.month:%b %Y}, {row.som} (FTE {after.fte:g}) {found[row.som]}."
        )
