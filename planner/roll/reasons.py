"""Why a duty or a case is not where the plan before had it: the first reason that applies."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from planner.domain.decision import EditField
from planner.domain.policy import SETTINGS
from planner.domain.terms import Duty
from planner.explain.lateness import lateness
from planner.roll.disagreements import last_done
from planner.roll.judging import duty_of

if TYPE_CHECKING:
    from planner.domain.register import Offender
    from planner.domain.taken import TakenDecision
    from planner.domain.written import WorkloadRow
    from planner.roll.earlier import Earlier
    from planner.roll.pairs import DutyPair, Pair
    from planner.workload.outcome import Outcome

_HARDLY = 1e-6
LEAST_HOURS = 0.5
"""A capacity that falls by less explains nothing."""


class Reason(StrEnum):
    """The Reason column of Changes."""

    GONE = "No longer on the register"
    NEW = "New registration"
    DECISION = "Accepted decision"
    DONE = "Done"
    SLIPPED = "Not done in its month"
    REGISTER = "Register changed"
    OFFICER = "Officer left"
    HANDS = "Case changed hands"
    NOT_MADE = "Move not made"
    HOURS = "Fewer hours"
    ROOM = "Room for other duties"
    ROLLED = "Rolled on"
    BETTER = "Better plan"


@dataclass(frozen=True, slots=True)
class Why:
    """A reason and what is behind it, in words."""

    reason: Reason
    detail: str = ""


class Reasons:
    """The reasons for what differs between the plan before and the new one.

    ``decisions`` are those that the new plan was made with.
    """

    def __init__(
        self, earlier: Earlier, outcome: Outcome, decisions: tuple[TakenDecision, ...]
    ) -> None:
        self.earlier = earlier
        self.outcome = outcome
        self.situation = outcome.situation
        self.register = outcome.situation.register
        self.horizon = outcome.situation.horizon
        self.decisions: dict[str, list[TakenDecision]] = {}
        for decision in decisions:
            self.decisions.setdefault(decision.ref, []).append(decision)

    def name(self, month: int) -> str:
        return f"{self.horizon.start(month):%b %Y}"

    def of_person(self, ref: str) -> Why | None:
        """Why nothing of somebody was, or is, planned: they are new, or gone."""
        if ref not in self.register.offender:
            return Why(Reason.GONE)
        if ref in self.earlier.person:
            return None
        since = self.register.offender[ref].registered_from
        told = f"Registered from {since:%d/%m/%Y}" if since else "Not on the register before"
        return Why(Reason.NEW, f"{told}.")

    def of_duty(self, both: DutyPair) -> Why:
        """Why a duty has other months; its first change decides, those after it follow."""
        ref, duty = both.key
        first = both.pairs[0]
        return (
            self.of_person(ref)
            or self._decided(ref, duty, first)
            or self._done_or_slipped(both)
            or self._register(both)
            or self._fewer_hours(both, first)
            or self._better(both, first)
        )

    def _decided(self, ref: str, duty: Duty, pair: Pair) -> Why | None:
        months = {pair.before, pair.after}
        for decision in self.decisions.get(ref, ()):
            about = self.horizon.number(decision.month)
            if duty_of(decision) is duty and about in months:
                if decision.field is EditField.LOCK_MONTH:
                    return Why(Reason.DECISION, f"{decision.by}: locked to {self.name(about)}.")
                if decision.field is EditField.NOT_POSSIBLE:
                    told = f"{decision.by}: not possible in {self.name(about)}"
                    return Why(Reason.DECISION, f"{told} ({decision.value}).")
        return None

    def _done_or_slipped(self, both: DutyPair) -> Why | None:
        if both.pairs[0].is_done or (both.last is not None and both.last not in both.planned):
            day = last_done(self.register.offender[both.key[0]], both.key[1])
            if day is not None and not both.slipped:
                return Why(Reason.DONE, f"Done on {day:%d/%m/%Y}, not in its month.")
        if both.slipped:
            return Why(Reason.SLIPPED, f"Planned for {self.name(both.slipped[0])}.")
        return None

    def _register(self, both: DutyPair) -> Why | None:
        offender = self.register.offender[both.key[0]]
        told = [f"{what}: {was} before, {now} now" for what, was, now in self.facts(offender)]
        if both.last is None and (again := self._corrected(offender, both.key[1])):
            told.append(again)
        told += self._other_due(both)
        return Why(Reason.REGISTER, f"{'; '.join(told)}.") if told else None

    def facts(self, offender: Offender) -> list[tuple[str, str, str]]:
        """Facts of a person that changed: what, before, now."""
        before = self.earlier.person.get(offender.ref)
        if before is None:
            return []
        both = (
            ("Status", before.status, offender.status.value),
            ("Risk level", before.level, offender.level.label),
            ("Management", before.management, offender.management.value),
            ("Team", before.team, offender.team),
        )
        return [(what, was, now) for what, was, now in both if was != now]

    def _corrected(self, offender: Offender, duty: Duty) -> str:
        """A last doing that was put right: nothing was done since the plan before."""
        before = self.earlier.person.get(offender.ref)
        if before is None:
            return ""
        was = before.last_visit if duty is Duty.VISIT else before.last_arms
        now = last_done(offender, duty)
        if was == now:
            return ""
        shown = [f"{day:%d/%m/%Y}" if day else "never" for day in (was, now)]
        return f"Last {duty.value}: {shown[0]} before, {shown[1]} now"

    def _other_due(self, both: DutyPair) -> list[str]:
        """A due month that does not follow from what the plan before knew."""
        chain = self.situation.chain.get(both.key)
        if chain is None:
            duty = both.key[1].value
            return [f"No {duty} is owed now"]
        ahead = [m for m in sorted(both.planned) if both.last is None or m > both.last]
        if both.last is not None and both.last not in both.planned:
            return []
        if not ahead:
            return []
        was = self.horizon.number(both.planned[ahead[0]].due)
        if was == chain.due_month:
            return []
        return [f"Due in {self.name(was)} before, in {self.name(chain.due_month)} now"]

    @cached_property
    def _capacity_before(self) -> dict[tuple[str, int], WorkloadRow]:
        rows = self.earlier.plan.written.workload
        return {(row.som, self.horizon.number(row.month)): row for row in rows}

    def _fewer_hours(self, both: DutyPair, pair: Pair) -> Why | None:
        if pair.before is None or pair.before < 1:
            return None
        row = both.planned[pair.before]
        month = self.name(pair.before)
        was = self._capacity_before.get((row.done_by, pair.before))
        now = self.situation.capacity.get((row.done_by, pair.before), 0.0)
        if was is not None and was.capacity_hours - now >= LEAST_HOURS:
            told = f"{row.done_by} has {now:,.1f} hours in {month}, {was.capacity_hours:,.1f}"
            return Why(Reason.HOURS, f"{told} in the plan before.")
        team = self.register.offender[both.key[0]].team
        before, after = self._of_team(team, pair.before)
        if before - after >= LEAST_HOURS:
            told = f"Team {team} has {after:,.1f} hours in {month}, {before:,.1f}"
            return Why(Reason.HOURS, f"{told} in the plan before.")
        return None

    def _of_team(self, team: str, month: int) -> tuple[float, float]:
        key = (team, month)
        if key not in self._teams:
            before = sum(
                row.capacity_hours
                for (_, m), row in self._capacity_before.items()
                if row.team == team and m == month
            )
            after = sum(
                self.situation.capacity[s.staff_id, month]
                for s in self.register.officers
                if s.team == team
            )
            self._teams[key] = before, after
        return self._teams[key]

    @cached_property
    def _teams(self) -> dict[tuple[str, int], tuple[float, float]]:
        return {}

    def _better(self, both: DutyPair, pair: Pair) -> Why:
        """What the duty itself gains; else whether its hours went to others."""
        gain = self._gain(both)
        price = self.situation.policy.cost_stability * sum(p.before is not None for p in both.pairs)
        if gain is not None and gain >= max(price, _HARDLY):
            told = f"Saves {gain:,.1f} points of lateness; leaving its months weighs {price:g}."
            return Why(Reason.BETTER, told)
        if pair.before is not None and pair.before >= 1 and self._is_full(both, pair.before):
            doer = both.planned[pair.before].done_by
            return Why(Reason.ROOM, f"{doer} has no hours left in {self.name(pair.before)}.")
        return Why(Reason.BETTER, "No gain of its own: it lies in other duties, hours or cases.")

    def _gain(self, both: DutyPair) -> float | None:
        """Points of lateness that the new months save; None where the old ones cannot be kept.

        After the months of the plan before, the duty is taken to be done when it is due.
        """
        chain = self.situation.chain.get(both.key)
        if chain is None:
            return None
        kept: list[int] = []
        due = chain.due_month
        for month in sorted(m for m in both.planned if m >= 1):
            if month < chain.earliest(due) or not chain.is_open(month):
                return None
            kept.append(month)
            due = month + chain.interval
        after = self.horizon.number(self.earlier.horizon.end(self.earlier.horizon.length)) + 1
        while (due := max(due, after)) <= self.horizon.length and chain.is_open(due):
            kept.append(due)
            due += chain.interval
        was = lateness(self.situation, chain, kept).total
        return was - lateness(self.situation, chain, tuple(sorted(both.now))).total

    def _is_full(self, both: DutyPair, month: int) -> bool:
        doer = both.planned[month].done_by
        if (doer, month) not in self.situation.capacity:
            return False
        hours, policy = self.situation.hours, self.situation.policy
        needed = hours.arms if both.key[1] is Duty.ARMS else hours.lead
        most = self.situation.capacity[doer, month] * (1 + policy.hours_overtime)
        return most - self.outcome.planned_hours(doer, month) < needed

    def policy(self) -> list[tuple[str, str, str]]:
        """Settings that changed: name, before, now."""
        now, was = self.situation.policy, self.earlier.plan.policy
        return [
            (name, _shown(was[name]), _shown(now.value(name)))
            for name in SETTINGS
            if name in was and was[name] != now.value(name)
        ]


def _shown(value: float | bool) -> str:
    return ("On" if value else "Off") if isinstance(value, bool) else f"{value:g}"
