"""Where the register and the marks of done duties disagree, case by case; which counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from planner.domain.decision import EditField
from planner.domain.taken import CountedDuty
from planner.domain.terms import RiskLevel, VisitType
from planner.roll.disagreements import Kind, Trust
from planner.roll.roll import roll, with_taken
from tests.build import offender, officer, situation
from tests.roll_build import (
    ARMS,
    VISIT,
    Issue,
    Stored,
    issue,
    kept_up,
    next_month,
    said,
)

if TYPE_CHECKING:
    from planner.domain.decision import DecisionKind
    from planner.domain.register import Register
    from planner.roll.disagreements import Disagreement
    from planner.roll.earlier import Key

FEB = date(2026, 2, 1)
BEFORE, DAY, AS_AT = date(2025, 11, 20), date(2026, 2, 10), date(2026, 2, 28)
PERSON: dict[str, Any] = {
    "level": RiskLevel.HIGH,
    "last_visit": BEFORE,
    "last_visit_type": VisitType.UNANNOUNCED,
    "last_arms": date(2025, 2, 20),
}


def first(*others: str, **columns: Any) -> Issue:
    people = [offender(ref, **{**PERSON, **columns}) for ref in ("P1", *others)]
    return issue(situation(people, [officer("S1"), officer("S2")]).register)


def done(
    ref: str = "P1",
    kind: DecisionKind = VISIT,
    day: date | None = DAY,
    result: str | None = "Seen",
    by: str = "S1",
) -> dict[Key, Stored]:
    told = said(ref, kind, FEB, EditField.DONE_ON, day, by)
    return told | (said(ref, kind, FEB, EditField.RESULT, result, by) if result else {})


def found(
    before: Issue, told: dict[Key, Stored], trust: Trust = Trust.REGISTER, **people: dict[str, Any]
) -> list[Disagreement]:
    reg = kept_up(before.situation.register, AS_AT, **people)
    return list(roll(before.earlier(told), reg, trust).disagreements)


def kinds(*args: Any, **people: Any) -> list[tuple[Kind, str, str | None]]:
    return [(d.kind, d.ref, d.duty) for d in found(*args, **people)]


def test_a_visit_marked_done_that_the_register_shows_is_none() -> None:
    before = first()
    assert found(before, done(), P1={"last_visit": DAY}) == []
    assert found(before, done(), P1={"last_visit": date(2026, 2, 12)}) == []
    assert found(before, done(result=None), P1={"last_visit": DAY}) == []
    assert found(before, {}) == []


def test_a_visit_marked_done_that_the_register_does_not_show() -> None:
    before = first()
    (one,) = found(before, done())
    assert one.kind is Kind.NOT_IN_REGISTER
    assert (one.ref, one.duty, one.counts) == ("P1", "Visit", "Register")
    assert one.history == "Done on 10/02/2026 (S1)"
    assert one.register == "Done on 20/11/2025"
    assert "Enter 10/02/2026 as Last visit" in one.what_to_do
    (one,) = found(before, done(), Trust.HISTORY)
    assert one.counts == "History"
    assert kinds(before, done(result=None)) == [(Kind.NOT_IN_REGISTER, "P1", "Visit")]
    late: Any = {"P1": {"last_visit": date(2026, 2, 9)}}
    assert kinds(before, done(), **late) == [(Kind.NOT_IN_REGISTER, "P1", "Visit")]
    never = first(last_visit=None, registered_from=date(2026, 1, 2))
    assert [d.register for d in found(never, done())] == ["Never done"]


def test_an_arms_marked_done_that_the_register_does_not_show() -> None:
    before = first()
    told = done(kind=ARMS)
    assert kinds(before, told) == [(Kind.NOT_IN_REGISTER, "P1", "ARMS")]
    assert "as Last ARMS" in found(before, told)[0].what_to_do
    assert kinds(before, told, P1={"last_arms": DAY}) == []


def test_a_mark_after_the_as_at_date_waits_for_the_next_register() -> None:
    told = done(day=date(2026, 3, 2))
    (one,) = found(first(), told, Trust.HISTORY)
    assert (one.kind, one.counts) == (Kind.AFTER_AS_AT, "Register")


def test_a_visit_in_the_register_that_nobody_marked() -> None:
    before = first("P2")
    both: Any = {"P1": {"last_visit": DAY}, "P2": {"last_visit": DAY}}
    assert kinds(before, done(), **both) == [(Kind.NOT_MARKED, "P2", "Visit")]
    told = found(before, {}, **both)
    assert [(d.kind, d.ref, d.register) for d in told] == [(Kind.NOT_MARKED, "", "2 new")]
    assert kinds(before, done(), P1={"last_visit": DAY}) == []
    old = {"last_visit": date(2026, 1, 10)}  # entered late, but from before the plan
    assert kinds(before, done(), P1={"last_visit": DAY}, P2=old) == []


def test_marks_for_somebody_who_is_not_on_the_register() -> None:
    before = first("P2")
    reg = before.situation.register
    left = replace(kept_up(reg, AS_AT), offenders=reg.offenders[1:])
    told = roll(before.earlier(done()), left, Trust.HISTORY).disagreements
    assert [(d.kind, d.ref, d.counts) for d in told] == [(Kind.UNKNOWN_REF, "P1", "Register")]


def test_failed_attempts_that_differ() -> None:
    before = first(failed_attempts=1)
    told = done(result="Nobody in")
    assert kinds(before, told, P1={"failed_attempts": 2}) == []
    (one,) = found(before, told)
    assert (one.kind, one.history, one.register) == (
        Kind.ATTEMPTS,
        "2 since the last successful visit",
        "1",
    )
    assert kinds(before, done(result="Refused")) == [(Kind.ATTEMPTS, "P1", "Visit")]
    seen_since = {"last_visit": date(2026, 2, 20), "failed_attempts": 0}
    assert (Kind.ATTEMPTS, "P1", "Visit") not in kinds(before, told, P1=seen_since)
    assert kinds(before, {}, P1={"failed_attempts": 5}) == []  # nobody marks anything


def test_a_mark_taken_back_or_put_right_in_a_later_plan_counts_no_more() -> None:
    before = first()
    reg = before.situation.register
    again = next_month(before.earlier(done()), reg)  # the same month, planned again
    key = ("P1/Visit/2026-02", EditField.DONE_ON)
    assert again.rolled.taken.shown[key].shown_value == DAY
    issued = again.issue()
    late = kept_up(reg, AS_AT)
    assert len(roll(issued.earlier(), late, Trust.REGISTER).disagreements) == 1
    cleared = issued.earlier({key: Stored(None)})
    assert roll(cleared, late, Trust.REGISTER).disagreements == ()


def trusted(before: Issue, told: dict[Key, Stored], **people: dict[str, Any]) -> Register:
    reg = kept_up(before.situation.register, AS_AT, **people)
    made = roll(before.earlier(told), reg, Trust.HISTORY)
    assert with_taken(reg, made.counted) == made.situation.register
    return made.situation.register


def test_trusting_the_history_makes_the_marks_count() -> None:
    before = first(failed_attempts=1)
    seen = trusted(before, done()).offender["P1"]
    assert (seen.last_visit, seen.failed_attempts) == (DAY, 0)
    planned = {v.month: v.visit_type for v in before.plan.visits}
    assert seen.last_visit_type is planned[1]
    told = done() | said("P1", VISIT, FEB, EditField.VISIT_TYPE, "Announced")
    assert trusted(before, told).offender["P1"].last_visit_type is VisitType.ANNOUNCED
    failed = trusted(before, done(result="Nobody in")).offender["P1"]
    assert (failed.last_visit, failed.failed_attempts) == (BEFORE, 2)
    due = first(arms_due=date(2026, 2, 5))
    assessed = trusted(due, done(kind=ARMS)).offender["P1"]
    assert (assessed.last_arms, assessed.arms_due) == (DAY, None)
    shown = {"last_visit": date(2026, 2, 20), "last_visit_type": VisitType.ANNOUNCED}
    kept = trusted(before, done(), P1=shown).offender["P1"]
    assert kept.last_visit == date(2026, 2, 20)
    later = trusted(before, done(day=date(2026, 3, 3))).offender["P1"]
    assert later.last_visit == BEFORE


def test_the_register_counts_unless_told_otherwise() -> None:
    before = first()
    reg = kept_up(before.situation.register, AS_AT)
    by_register = next_month(before.earlier(done()), reg)
    by_history = next_month(before.earlier(done()), reg, trust=Trust.HISTORY)
    assert by_register.situation.register == reg
    assert by_register.plan.visits[0].month == 1
    assert by_history.plan.visits[0].month > 1
    counted = CountedDuty(
        ref="P1", duty="Visit", done_on=DAY, visit_type="Unannounced", failed_attempts=0
    )
    assert by_history.rolled.taken.counted == (counted,)
    assert by_history.issue().run.plan.taken == by_history.rolled.taken
