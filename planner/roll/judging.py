"""Which decisions can still hold: by the register, which wins, and by the months that are over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from planner.domain.decision import EditField
from planner.domain.register import Bar, Lock
from planner.domain.terms import Duty, LockKind
from planner.explain.bars import BarKind, own_bars
from planner.explain.lateness import LOCKS
from planner.optimise.calendars import Kind
from planner.review.ground import DUTY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from planner.domain.register import Offender, Officer, Register
    from planner.domain.taken import TakenDecision
    from planner.roll.earlier import Earlier
    from planner.workload.situation import DutyChain, Situation


class Standing(StrEnum):
    """What becomes of a decision, as the sheet names it."""

    HELD = "Held"
    NOT_HELD = "Not held"
    OVER = "Its month is over"
    OFF_REGISTER = "Not on the register any more"
    OFFICER_GONE = "Officer left"
    REGISTER_WINS = "Register says otherwise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A decision and what becomes of it; ``why`` is a sentence, blank where it holds."""

    decision: TakenDecision
    standing: Standing
    why: str = ""

    @property
    def binds(self) -> bool:
        """Whether the plan is to keep it."""
        return self.standing is Standing.HELD


def judge(
    decisions: Iterable[TakenDecision], earlier: Earlier, situation: Situation
) -> tuple[Judged, ...]:
    """Each decision that binds a plan. ``situation`` is of the register before any is applied."""
    judge_one = _Judging(earlier, situation).judged
    return tuple(judge_one(decision) for decision in decisions if decision.binds)


def with_decisions(register: Register, decisions: Iterable[TakenDecision]) -> Register:
    """The register with the decisions as locks and barred months, after its own."""
    locks: list[Lock] = []
    bars: list[Bar] = []
    for d in decisions:
        why = f"Accepted: {d.decision_ref} of plan {d.run_id}"
        if d.field is EditField.SOM:
            locks.append(
                Lock(
                    ref=d.ref,
                    kind=LockKind.SOM,
                    staff_id=str(d.value),
                    since=d.month,
                    reason=why,
                    by=d.by,
                )
            )
        elif d.field is EditField.LOCK_MONTH:
            kind = LOCKS[DUTY[d.kind]]
            locks.append(Lock(ref=d.ref, kind=kind, month=d.month, reason=why, by=d.by))
        elif d.field is EditField.NOT_POSSIBLE:
            bar = Bar(ref=d.ref, duty=DUTY[d.kind], month=d.month, reason=str(d.value), by=d.by)
            bars.append(bar)
    if not locks and not bars:
        return register
    return replace(register, locks=(*register.locks, *locks), bars=(*register.bars, *bars))


class _Judging:
    def __init__(self, earlier: Earlier, situation: Situation) -> None:
        self.earlier = earlier
        self.situation = situation
        self.register = situation.register
        self.horizon = situation.horizon

    def judged(self, decision: TakenDecision) -> Judged:
        offender = self.register.offender.get(decision.ref)
        if offender is None:
            return Judged(decision=decision, standing=Standing.OFF_REGISTER)
        if decision.field is EditField.SOM:
            standing, why = self._som(decision, offender)
        else:
            standing, why = self._duty(decision)
        return Judged(decision=decision, standing=standing, why=why)

    def _som(self, decision: TakenDecision, offender: Offender) -> tuple[Standing, str]:
        named = str(decision.value)
        officer = self.register.officer.get(named)
        if officer is None:
            return Standing.OFFICER_GONE, f"{named} is not in Staff any more."
        held = self.situation.posts.holding_months[named]
        if not held:
            return Standing.OFFICER_GONE, f"{named} is not in post in any month of the plan."
        if why := self._unfit(offender, officer):
            return Standing.REGISTER_WINS, why
        before = self.earlier.person.get(offender.ref)
        som = offender.som
        given = before is not None and som not in {None, before.som, named}
        if given and not self._is_as_planned_until(decision.month, offender.ref, som):
            return Standing.REGISTER_WINS, f"The register has given the case to {som} since."
        first = max(1, self.horizon.number(decision.month))
        months = range(max(first, held.start), held.stop)
        if not months:
            since = f"{self.horizon.start(first):%b %Y}"
            return Standing.OFFICER_GONE, f"{named} is not in post in any month from {since} on."
        return self._against_register(offender, named, months)

    def _is_as_planned_until(self, month: date, ref: str, som: str | None) -> bool:
        """Whether the register only did as the plan before said, in months before the decision's.

        The decision is about a month to come, so it says nothing of who has the case until then.
        """
        first = self.horizon.first
        return month >= first and any(
            row.ref == ref and row.som == som and row.month < first
            for row in self.earlier.plan.written.allocation
        )

    def _unfit(self, offender: Offender, officer: Officer) -> str:
        told = {
            BarKind.OTHER_TEAM: f"is of team {officer.team}, the case of {offender.team}",
            BarKind.NOT_WITH: "is named in Not with",
            BarKind.SKILLS: "lacks a skill that the case needs",
        }
        bars = own_bars(self.situation, offender, officer.staff_id)
        whys = [told[bar.kind] for bar in bars if bar.kind in told]
        return f"{officer.staff_id} {' and '.join(whys)}." if whys else ""

    def _against_register(
        self, offender: Offender, named: str, months: range
    ) -> tuple[Standing, str]:
        """Keep with SOM and the register's own locks, where both cannot hold."""
        posts = self.situation.posts
        firsts = dict(self.situation.som_locks.get(offender.ref, {}))
        som = self.register.som_of(offender)
        if offender.keep and som is not None and posts.may_hold(som, offender, 1):
            firsts[som] = 1
        for other, first in sorted(firsts.items()):
            wanted = {m for m in months if m >= first and posts.may_hold(other, offender, m)}
            if other != named and wanted:
                return Standing.REGISTER_WINS, f"The register keeps the case with {other}."
        return Standing.HELD, ""

    def _duty(self, decision: TakenDecision) -> tuple[Standing, str]:
        month, duty = self.horizon.number(decision.month), DUTY[decision.kind]
        if month < 1:
            return Standing.OVER, ""
        chain = self.situation.chain.get((decision.ref, duty))
        if chain is None:
            return Standing.REGISTER_WINS, f"The register asks for no {duty.value} of this person."
        if decision.field is EditField.LOCK_MONTH:
            return self._lock(chain, month)
        if decision.field is EditField.NOT_POSSIBLE and month in self._locked(chain):
            return Standing.REGISTER_WINS, "The register locks the duty to that month."
        return Standing.HELD, ""

    def _lock(self, chain: DutyChain, month: int) -> tuple[Standing, str]:
        name = f"{self.horizon.start(month):%b %Y}"
        if month > self.horizon.length:
            return Standing.OVER, f"{name} is outside the plan."
        if not chain.presence.seen_in(month):
            return Standing.REGISTER_WINS, f"The person is not in the community in {name}."
        first = chain.earliest(chain.due_month)
        if month < first:
            due, from_ = self.horizon.start(chain.due_month), self.horizon.start(first)
            return (
                Standing.REGISTER_WINS,
                f"Due in {due:%b %Y} by the register, so not before {from_:%b %Y}.",
            )
        kind = Kind.of(chain, self.situation.policy)
        for locked in sorted(self._locked(chain)):
            both = tuple(sorted({locked, month}))
            length = self.horizon.length
            if len(kind.compatible(both, chain.due_month, length)) < len(both):
                other = self.horizon.start(locked)
                return (
                    Standing.REGISTER_WINS,
                    f"The register locks it to {other:%b %Y}: the two are too close together.",
                )
        return Standing.HELD, ""

    def _locked(self, chain: DutyChain) -> set[int]:
        """The months to which the register's own locks tie a duty."""
        kind = LOCKS[chain.duty]
        return {
            self.horizon.number(lock.month)
            for lock in self.register.locks
            if lock.ref == chain.ref and lock.kind is kind and lock.month is not None
        }


def duty_of(decision: TakenDecision) -> Duty | None:
    """The duty that a decision is about; None for a whole case."""
    return None if decision.field is EditField.SOM else DUTY[decision.kind]
