"""The Changes sheet: each case and duty that is not as the plan before had it, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planner.domain.decision import EditField
from planner.domain.terms import Duty
from planner.roll.hands import hands
from planner.roll.pairs import duty_pairs
from planner.roll.reasons import Reason, Reasons, Why

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.domain.taken import TakenDecision
    from planner.domain.written import ScheduleRow, WrittenPlan
    from planner.roll.earlier import Earlier
    from planner.roll.pairs import DutyPair, Pair
    from planner.workload.outcome import Outcome


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """Fields follow the columns: Offender ref, What, Change, Before, After, Reason, Detail."""

    ref: str | None
    what: str
    change: str
    before: str | None
    after: str | None
    reason: str
    detail: str


MOVED, GONE, NEW, SLIPPED = "Month", "Gone", "New", "Not done"
DONE_BY, VISIT_TYPE, SOM = "Done by", "Visit type", "SOM"
FACT = "Register"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many of the duties in the months that both plans cover are no longer as they were.

    ``duties`` is how many the plan before had there. ``moved`` went to another month, ``gone`` are
    not planned any more, ``added`` were not planned before; ``other_officer`` and ``other_type``
    stay in their month. ``changed`` are those of ``duties`` that changed in any of these ways.
    ``slipped`` were planned for a month that is over; ``rolled_on`` are in months after the plan
    before. ``by_reason`` counts moved, gone and added.
    """

    months: int
    duties: int
    moved: int
    gone: int
    added: int
    other_officer: int
    other_type: int
    changed: int
    slipped: int
    rolled_on: int
    cases_moved: int
    by_reason: tuple[tuple[str, int], ...]

    @property
    def share(self) -> float:
        """Changed duties as a share of those the plan before had in these months; 0 of none."""
        return self.changed / self.duties if self.duties else 0.0


def changes(
    earlier: Earlier,
    outcome: Outcome,
    written: WrittenPlan,
    decisions: tuple[TakenDecision, ...],
) -> tuple[tuple[ChangeRow, ...], Counts]:
    """Rows by reference, those about everybody first; ``decisions`` are those that are held."""
    comparison = _Comparison(earlier, outcome, written, decisions)
    return comparison.rows(), comparison.counts()


class _Comparison:
    def __init__(
        self,
        earlier: Earlier,
        outcome: Outcome,
        written: WrittenPlan,
        decisions: tuple[TakenDecision, ...],
    ) -> None:
        self.reasons = Reasons(earlier, outcome, decisions)
        self.earlier = earlier
        self.situation = outcome.situation
        self.register = self.situation.register
        horizon = self.situation.horizon
        last = horizon.number(earlier.horizon.end(earlier.horizon.length))
        self.months = range(1, min(last, horizon.length) + 1)
        self.pairs = duty_pairs(earlier, self.situation, written.schedule)
        compared = self.months or range(1, 2)
        self.hands = tuple(hands(earlier, self.reasons, written.allocation, compared))
        self.why = {both.key: self.reasons.of_duty(both) for both in self.pairs if both.pairs}

    def rows(self) -> tuple[ChangeRow, ...]:
        rows = [*self._people(), *self._cases(), *self._duties()]
        return (*self._everybody(), *sorted(rows, key=lambda r: r.ref or ""))

    def _everybody(self) -> Iterator[ChangeRow]:
        for name, was, now in self.reasons.policy():
            yield ChangeRow(None, name, "Policy", was, now, Reason.REGISTER.value, "")
        beyond = sum(len(both.beyond) for both in self.pairs)
        if beyond:
            months = [m for both in self.pairs for m in both.beyond]
            span = " to ".join(dict.fromkeys(map(self.reasons.name, (min(months), max(months)))))
            told = "Months after the plan before ends."
            yield ChangeRow(
                None, "Duties", NEW, None, f"{beyond:,} in {span}", Reason.ROLLED.value, told
            )

    def _people(self) -> Iterator[ChangeRow]:
        """Those who came or went, and what the register says differently of the rest."""
        for ref in sorted(self.earlier.person.keys() | self.register.offender.keys()):
            offender, before = self.register.offender.get(ref), self.earlier.person.get(ref)
            why = self.reasons.of_person(ref)
            if why is not None:
                was = None if before is None else before.som
                now = None if offender is None else offender.level.label
                change = GONE if offender is None else NEW
                yield ChangeRow(ref, "Person", change, was, now, why.reason.value, why.detail)
            elif offender is not None:
                for what, fact, now in self.reasons.facts(offender):
                    yield ChangeRow(ref, what, FACT, fact, now, Reason.REGISTER.value, "")

    def _cases(self) -> Iterator[ChangeRow]:
        for held in self.hands:
            duties = sum(
                row.som == held.before
                for duty in Duty
                for month, row in self._planned(held.ref, duty).items()
                if month >= held.month
            )
            told = f"From {self.reasons.name(held.month)}. {held.why.detail}"
            if duties:
                told = (
                    f"{told} {duties} planned {'duty goes' if duties == 1 else 'duties go'} along."
                )
            yield ChangeRow(
                held.ref, "Case", SOM, held.before, held.after, held.why.reason.value, told
            )

    def _planned(self, ref: str, duty: Duty) -> dict[int, ScheduleRow]:
        both = self._by_key.get((ref, duty))
        return {} if both is None else {m: row for m, row in both.planned.items() if m >= 1}

    @cached_property
    def _by_key(self) -> dict[tuple[str, Duty], DutyPair]:
        return {both.key: both for both in self.pairs}

    def _duties(self) -> Iterator[ChangeRow]:
        for both in self.pairs:
            for pair in both.pairs:
                yield self._month_row(both, pair)
            for month in both.stays:
                yield from self._same_month(both, month)

    def _month_row(self, both: DutyPair, pair: Pair) -> ChangeRow:
        why = self.why[both.key]
        before = None if pair.before is None else self.reasons.name(pair.before)
        after = None if pair.after is None else self.reasons.name(pair.after)
        change = _change(pair)
        if change == SLIPPED and after is None and both.now:
            after = self.reasons.name(min(both.now))
        ref, duty = both.key
        return ChangeRow(ref, duty.value, change, before, after, why.reason.value, why.detail)

    def _same_month(self, both: DutyPair, month: int) -> Iterator[ChangeRow]:
        """Another officer, the case staying where it was, or another visit type."""
        was, now = both.planned[month], both.now[month]
        ref, duty = both.key
        when = self.reasons.name(month)
        if was.done_by != now.done_by and was.som == now.som:
            why = self._why_other_doer(was, month)
            yield ChangeRow(
                ref,
                duty.value,
                DONE_BY,
                f"{was.done_by}, {when}",
                f"{now.done_by}, {when}",
                why.reason.value,
                why.detail,
            )
        if was.visit_type != now.visit_type:
            why = self._why_other_type(ref, month)
            yield ChangeRow(
                ref,
                duty.value,
                VISIT_TYPE,
                f"{was.visit_type}, {when}",
                f"{now.visit_type}, {when}",
                why.reason.value,
                why.detail,
            )

    def _why_other_doer(self, was: ScheduleRow, month: int) -> Why:
        posts, doer = self.situation.posts, was.done_by
        if doer not in self.register.officer or not posts.days_in_post(
            self.register.officer[doer], month
        ):
            return Why(Reason.OFFICER, f"{doer} is not in post then.")
        team = self.register.offender[was.ref].team
        if doer not in posts.assessors(team, was.som, month):
            return Why(Reason.REGISTER, f"{doer} may not do it (training or team).")
        return Why(Reason.BETTER, "Another colleague has the time.")

    def _why_other_type(self, ref: str, month: int) -> Why:
        for decision in self.reasons.decisions.get(ref, ()):
            about = self.situation.horizon.number(decision.month)
            if decision.field is EditField.VISIT_TYPE and about == month:
                return Why(Reason.DECISION, f"{decision.by}: {decision.value}.")
        told = "Never two announced in a row; the least share of unannounced visits."
        return Why(Reason.REGISTER if self.reasons.of_person(ref) else Reason.BETTER, told)

    def counts(self) -> Counts:
        found: Counter[str] = Counter()
        by_reason: Counter[str] = Counter()
        for both in self.pairs:
            for month in both.stays:
                was, now = both.planned[month], both.now[month]
                officer, kind = was.done_by != now.done_by, was.visit_type != now.visit_type
                found += Counter({DONE_BY: officer, VISIT_TYPE: kind, "same": officer or kind})
            for pair in both.pairs:
                found[_change(pair)] += 1
                if _change(pair) != SLIPPED:
                    by_reason[self.why[both.key].reason.value] += 1
            found["duties"] += sum(m in self.months for m in both.planned)
        return Counts(
            months=len(self.months),
            duties=found["duties"],
            moved=found[MOVED],
            gone=found[GONE],
            added=found[NEW],
            other_officer=found[DONE_BY],
            other_type=found[VISIT_TYPE],
            changed=found[MOVED] + found[GONE] + found["same"],
            slipped=found[SLIPPED],
            rolled_on=sum(len(both.beyond) for both in self.pairs),
            cases_moved=len({held.ref for held in self.hands}),
            by_reason=tuple(sorted(by_reason.items(), key=lambda pair: (-pair[1], pair[0]))),
        )


def _change(pair: Pair) -> str:
    """What kind of change it is, as the sheet names it."""
    if pair.before is None:
        return NEW
    if pair.before < 1:
        return SLIPPED
    return GONE if pair.after is None else MOVED
