"""The Not planned sheet: duties left overdue, people for whom nothing is planned, and why."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from planner.domain.terms import Duty, Status
from planner.domain.written import NotPlannedRow
from planner.workload.community import stay

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planner.domain.register import Offender
    from planner.workload.outcome import Outcome
    from planner.workload.situation import DutyChain

_HARDLY = 1e-9


def not_planned_rows(outcome: Outcome) -> tuple[NotPlannedRow, ...]:
    """Duties overdue at the plan's end, then everybody with nothing planned (duty None)."""
    return tuple(_Left(outcome).rows())


def in_words(day: date) -> str:
    return f"{day:%d/%m/%Y}"


class _Left:
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.plan = outcome.plan
        self.situation = outcome.situation
        self.posts = outcome.situation.posts
        self.last = outcome.situation.horizon.length
        self.overdue = [i for i in outcome.instances if i.overdue_at(self.last)]
        self.arms_done = Counter((a.done_by, a.month) for a in outcome.plan.arms)
        self._free: dict[tuple[Duty, str, str, int, int], bool] = {}

    def rows(self) -> Iterator[NotPlannedRow]:
        why: dict[str, str] = {}
        for i in self.overdue:
            why.setdefault(i.chain.ref, reason := self._why_left(i.chain, i.due_month))
            yield NotPlannedRow(i.chain.ref, i.chain.duty.value, i.due, reason)
        planned = {v.ref for v in self.plan.visits} | {a.ref for a in self.plan.arms}
        for offender in sorted(self.situation.register.offenders, key=lambda o: o.ref):
            if offender.ref not in planned:
                left = why.get(offender.ref)
                reason = self._why_nobody_comes(offender) if left is None else left
                yield NotPlannedRow(offender.ref, None, None, reason)

    def _why_left(self, chain: DutyChain, due_month: int) -> str:
        """What kept an overdue duty from being done, over every month in which it may be."""
        first = max(chain.earliest(due_month), chain.presence.first_seen)
        held = [
            (m, som)
            for m in range(first, chain.presence.last_seen + 1)
            if (som := self.plan.som(chain.ref, m)) is not None
        ]
        if held and all(m in chain.barred for m, _ in held):
            return "Said not to be possible in each month in which it may be done."
        held = [(m, som) for m, som in held if m not in chain.barred]
        if not held:
            return "Nobody may hold the case, so nobody can do it."
        able = [(m, som) for m, som in held if self._somebody_may(chain, som, m)]
        if not able:
            if chain.duty is Duty.ARMS:
                return "Nobody who may do it is trained for ARMS."
            return "Nobody to be the second officer."
        if any(self._is_free(chain, som, m) for m, som in able):
            return "Left out by the search although hours are free: see Gap on the Run sheet."
        return "Not enough hours."

    def _somebody_may(self, chain: DutyChain, som: str, month: int) -> bool:
        team = chain.offender.team
        if chain.duty is Duty.ARMS:
            return bool(self.posts.assessors(team, som, month))
        return chain.crew == 1 or bool(self.posts.seconds(team, som, month))

    def _is_free(self, chain: DutyChain, som: str, month: int) -> bool:
        """Whether those who may do the duty have hours for it left in the month."""
        key = (chain.duty, chain.offender.team, som, month, chain.crew)
        if key not in self._free:
            self._free[key] = self._has_hours(chain, som, month)
        return self._free[key]

    def _has_hours(self, chain: DutyChain, som: str, month: int) -> bool:
        team, hours = chain.offender.team, self.situation.hours
        if chain.duty is Duty.ARMS:
            most = self.situation.policy.arms_per_month
            return any(
                self.arms_done[s, month] < most and self._left_over(s, month) >= hours.arms
                for s in self.posts.assessors(team, som, month)
            )
        lead = self._left_over(som, month) >= hours.lead
        return lead and (
            chain.crew == 1
            or any(
                self._left_over(s, month) >= hours.second
                for s in self.posts.seconds(team, som, month)
            )
        )

    def _left_over(self, staff_id: str, month: int) -> float:
        stretch = 1 + self.situation.policy.hours_overtime
        capacity = self.situation.capacity[staff_id, month] * stretch
        return capacity - self.outcome.planned_hours(staff_id, month) + _HARDLY

    def _why_nobody_comes(self, offender: Offender) -> str:
        if offender.status is Status.MISSING:
            return "Missing: visits and ARMS start again when the status changes."
        if offender.status is not Status.COMMUNITY and offender.release_date is None:
            return f"{offender.status.value}: no release date is given."
        if (away := self._why_away(offender)) is not None:
            return away
        if not offender.is_active:
            return "Reactive management: no visits and no ARMS."
        owed = [self.situation.chain.get((offender.ref, duty)) for duty in Duty]
        return self._why_not_due(offender, [chain for chain in owed if chain is not None])

    def _why_away(self, offender: Offender) -> str | None:
        """Why the person is not in the community on any day of the plan; None where they are."""
        presence = self.situation.presence[offender.ref]
        if presence.first_seen <= presence.last_seen:
            return None
        days = stay(offender)
        if days is None:
            until = offender.registered_until
            ends = "registration ends" if until is None else f"registration ends {in_words(until)}"
            return f"{offender.status.value}: {ends}, before the person is in the community."
        if days.last < self.situation.horizon.first:
            return f"Registration ends {in_words(days.last)}, before the plan begins."
        if offender.release_date == days.first and offender.status is not Status.COMMUNITY:
            released = in_words(days.first)
            return f"{offender.status.value}: released {released}, after the plan ends."
        return f"Registered from {in_words(days.first)}, after the plan ends."

    def _why_not_due(self, offender: Offender, owed: list[DutyChain]) -> str:
        """Somebody active and in the community, nothing of theirs overdue at the plan's end."""
        if not owed:
            return "No visit and no ARMS is owed."
        first = min(chain.due for chain in owed)
        if self.situation.horizon.number(first) > self.last:
            return f"Nothing falls due within the plan: next due {in_words(first)}."
        until = offender.registered_until
        ends = "" if until is None else f" Registration ends {in_words(until)}."
        return f"Due {in_words(first)}; the person leaves before it is done.{ends}"
