"""Each kind of edit against the register and the rules: taken where it may be, else told why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from planner.domain.decision import DecisionKind, EditField
from planner.domain.policy import Policy
from planner.domain.register import Lock
from planner.domain.terms import LockKind, RiskLevel, VisitType
from planner.review.answers import Answer
from planner.workload.situation import Situation
from tests.build import offender, officer, situation
from tests.explain_build import plan_of
from tests.review_build import RUN, TODAY, Desk, answers, book, key

if TYPE_CHECKING:
    from planner.domain.decision import Edit

MOVE, VISIT, ARMS = DecisionKind
FEB, MAR, APR = date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)
SOM, ACCEPT, LOCK = EditField.SOM, EditField.ACCEPT, EditField.LOCK_MONTH
DONE, RESULT, TYPE = EditField.DONE_ON, EditField.RESULT, EditField.VISIT_TYPE
BARRED, NOTE, HOURS = EditField.NOT_POSSIBLE, EditField.NOTE, EditField.HOURS_TAKEN


def desk(today: date = TODAY, locks: tuple[Lock, ...] = (), **of_p1: Any) -> Desk:
    """P1 moves from S1 to S2 and is seen in February and May, assessed in March; P2 stays."""
    people = [
        offender(
            "P1",
            **{
                "level": RiskLevel.HIGH,
                "last_visit": date(2025, 11, 10),
                "last_arms": date(2025, 3, 10),
                **of_p1,
            },
        ),
        offender("P2", som="S2", last_visit=date(2025, 3, 1), arms_applicable=False),
    ]
    staff = [
        officer("S1"),
        officer("S2"),
        officer("S3", arms_trained_from=None),
        officer("S4", team="South"),
        officer("S5", end=date(2026, 2, 13)),
        officer("S6", cap=0),
        officer("S7", start=date(2026, 4, 6)),
    ]
    found = situation(people, staff)
    if locks:
        found = Situation(replace(found.register, locks=locks))
    plan = plan_of(
        found,
        {"P1": "S2", "P2": "S2"},
        visits=[("P1", 1), ("P1", 4), ("P2", 2)],
        arms=[("P1", 2)],
    )
    return Desk(found, plan, today)


P1_MOVE = ("P1/Move/2026-02", SOM)
P1_VISIT = key("P1", VISIT, LOCK)
P1_ARMS = key("P1", ARMS, LOCK, MAR)


def outcome(at: Desk, which: Any, value: Any, **beside: Any) -> tuple[str, str]:
    told = at.say({which: value, **beside.get("beside", {})})[which]
    return told.answer.value, told.reason


def test_the_plan_proposes_what_the_tests_speak_of() -> None:
    assert sorted(desk().issued.rows) == [
        "P1/ARMS/2026-03",
        "P1/Move/2026-02",
        "P1/Visit/2026-02",
        "P2/Visit/2026-03",
    ]


@pytest.mark.parametrize(
    ("staff_id", "why"),
    [
        ("S3", ""),
        ("s3", ""),
        ("S4", "of team South, the case is of North"),
        ("S5", "not in post on the last working day of Feb 2026 (leaves on 13/02/2026)"),
        ("S6", "S6 would hold 1 cases in the community in Feb 2026; the cap is 0"),
        ("S7", "not in post on the last working day of Feb 2026 (starts on 06/04/2026)"),
        ("S99", "Nobody in Staff has this Staff ID"),
        ("Sgt Brown", "Nobody in Staff has this Staff ID"),
    ],
)
def test_som_to_use_instead(staff_id: str, why: str) -> None:
    told, reason = outcome(desk(), P1_MOVE, staff_id)
    assert told == ("Refused" if why else "Accepted")
    assert why in reason


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"not_with": frozenset({"S3"})}, "named in Not with"),
        ({"needs": frozenset({"Youth"})}, "lacks the skill Youth"),
        ({"keep": True}, "Keep with SOM holds it with S1"),
        ({}, ""),
    ],
)
def test_som_to_use_instead_and_the_case(columns: dict[str, Any], why: str) -> None:
    told, reason = outcome(desk(**columns), P1_MOVE, "S3")
    assert told == ("Refused" if why else "Accepted")
    assert why in reason


def test_the_registers_locks_stand() -> None:
    locked = Lock(ref="P1", kind=LockKind.SOM, staff_id="S2")
    told, reason = outcome(desk(locks=(locked,)), P1_MOVE, "S3")
    assert told == "Refused"
    assert "the register locks it to S2" in reason
    refused = ("P1/Move/2026-02", ACCEPT)
    assert "locks it to S2" in outcome(desk(locks=(locked,)), refused, "Refuse")[1]


def test_an_arms_is_not_given_to_somebody_untrained() -> None:
    """Unless a trained colleague does it, as the contract has it; who is told."""
    which = key("P1", ARMS, SOM, MAR)
    assert outcome(desk(), which, "S1") == ("Accepted", "")
    told, reason = outcome(desk(), which, "S3")
    assert told == "Accepted"
    assert reason == (
        "S3 is not trained for ARMS on the first day of Mar 2026: a trained colleague does it "
        "(S1, S2, S6)."
    )


@pytest.mark.parametrize(
    ("which", "before"),
    [
        (key("P1", ARMS, SOM, MAR), "S3"),
        (key("P1", VISIT, SOM), "S3"),
        (key("P1", ARMS, EditField.DONE_ON, MAR), date(2026, 3, 3)),
        (key("P1", ARMS, EditField.NOT_POSSIBLE, MAR), "ill"),
        (key("P1", VISIT, EditField.VISIT_TYPE), "Announced"),
    ],
)
def test_what_was_stored_is_taken_back_without_ado(which: Any, before: Any) -> None:
    at = desk()
    at.accept({which: before})
    told = at.say({which: "Clear"})[which]
    assert told.answer is Answer.ACCEPTED
    assert told.edit is not None and told.edit.value is None


def test_an_arms_that_nobody_could_do_is_refused_and_says_why() -> None:
    people = [offender("P1", last_arms=date(2025, 3, 10), som="S1", last_visit=date(2026, 1, 5))]
    staff = [
        officer("S1", end=date(2026, 2, 28)),
        officer("S2", arms_trained_from=date(2026, 3, 2)),
        officer("S3", arms_trained_from=None),
        officer("S4", team="South"),
    ]
    found = situation(people, staff)
    at = Desk(found, plan_of(found, {"P1": "S2"}, arms=[("P1", 2)]))
    which = key("P1", ARMS, SOM, MAR)
    for who, since in (("S3", ""), ("S2", " (trained from 02/03/2026)")):
        told, reason = outcome(at, which, who)
        assert told == "Refused"
        assert reason == (
            f"{who} is not trained for ARMS on the first day of Mar 2026{since}, and nobody else "
            "in team North is, so nobody could do this one. Name somebody who is trained."
        )
    whole = Situation(found.register.with_policy(Policy.of({"cross_team": True})))
    at = Desk(whole, plan_of(whole, {"P1": "S2"}, arms=[("P1", 2)]))
    assert "a trained colleague does it (S4)" in outcome(at, which, "S3")[1]


def test_refusing_a_move_needs_somebody_who_may_keep_the_case() -> None:
    refuse = ("P1/Move/2026-02", ACCEPT)
    assert outcome(desk(), refuse, "Refuse") == ("Accepted", "")
    assert outcome(desk(), refuse, "accept") == ("Accepted", "")
    told, reason = outcome(desk(som="S5"), refuse, "Refuse")
    assert told == "Refused"
    assert "S5 cannot keep the case: not in post" in reason
    assert "no SOM to stay with" in outcome(desk(som=None), refuse, "Refuse")[1]
    assert outcome(desk(), refuse, "perhaps")[1].startswith("Write Accept or Refuse")


@pytest.mark.parametrize(("said", "named"), [("Accept", "S3"), ("Refuse", "S2")])
def test_accept_and_som_must_agree(said: str, named: str) -> None:
    told = desk().say({("P1/Move/2026-02", ACCEPT): said, P1_MOVE: named})
    assert told["P1/Move/2026-02", ACCEPT].answer is Answer.REFUSED
    assert "Empty one of the two" in told["P1/Move/2026-02", ACCEPT].reason


def test_two_rows_of_one_case_may_not_name_two_officers() -> None:
    told = desk().say({P1_MOVE: "S3", key("P1", VISIT, SOM): "S1"})
    assert {e.answer for e in told.values()} == {Answer.REFUSED}
    assert "wants S1 to hold the same case" in told[P1_MOVE].reason
    same = desk().say({P1_MOVE: "S3", key("P1", VISIT, SOM): "S3"})
    assert {e.answer for e in same.values()} == {Answer.ACCEPTED}


def test_two_people_naming_two_officers_for_one_case_conflict() -> None:
    """Each is told the other's cell, also where two workbooks have one name."""
    at = desk()
    one, other = (
        book(at.issued, {P1_MOVE: "S3"}),
        book(at.issued, {key("P1", VISIT, SOM): "S1"}, "b.xlsx", "Bob"),
    )
    found = at.review(one, other)
    assert [e.answer for _, e in found.edits()] == [Answer.CONFLICT, Answer.CONFLICT]
    cells = [e.cell for _, e in found.edits()]
    reasons = [e.reason for _, e in found.edits()]
    assert reasons[0].startswith(
        f"P1/Visit/2026-02 wants S1 to hold the same case (b.xlsx, {cells[1]}). Agree on one"
    )
    assert f"(a.xlsx, {cells[0]})" in reasons[1]
    alike = at.review(one, replace(other, name="a.xlsx"))
    assert f"(a.xlsx (number 2 of 2 given), {cells[1]})" in next(alike.edits())[1].reason
    at.accept({key("P1", VISIT, SOM): "S1"})
    assert at.say({P1_MOVE: "S3"})[P1_MOVE].answer is Answer.CONFLICT


def test_a_cap_with_room_for_one_takes_one() -> None:
    people = [offender("P1", som="S1"), offender("P2", som="S1")]
    found = situation(people, [officer("S1"), officer("S2"), officer("S3", cap=1)])
    at = Desk(found, plan_of(found, {"P1": "S2", "P2": "S2"}))
    first, second = ("P1/Move/2026-02", SOM), ("P2/Move/2026-02", SOM)
    told = at.say({first: "S3", second: "S3"})
    assert told[first].answer is Answer.ACCEPTED
    assert told[second].answer is Answer.REFUSED
    assert "the cap is 1" in told[second].reason
    one, other = (book(at.issued, {which: "S3"}, which[0][:2]) for which in (first, second))
    by_two = at.review(one, other)
    assert [b.may_be_stored for b in by_two.books] == [True, False]
    by_one = at.review(other)
    assert by_one.may_all_be_stored


@pytest.mark.parametrize(
    ("which", "month", "why"),
    [
        (P1_VISIT, MAR, ""),
        (P1_VISIT, FEB, ""),
        (P1_VISIT, date(2026, 3, 31), ""),
        (P1_VISIT, date(2026, 1, 1), "outside the plan"),
        (P1_VISIT, date(2027, 8, 1), "outside the plan"),
        (P1_VISIT, date(2027, 7, 1), ""),
        (key("P2", VISIT, LOCK, MAR), FEB, ""),
        (P1_ARMS, APR, ""),
        (P1_ARMS, "soon", "That is no month"),
    ],
)
def test_lock_to_month(which: Any, month: Any, why: str) -> None:
    told, reason = outcome(desk(), which, month)
    assert told == ("Refused" if why else "Accepted"), reason
    assert why in reason


def test_a_month_that_is_over_cannot_be_locked() -> None:
    assert "Feb 2026 is over" in outcome(desk(today=date(2026, 3, 2)), P1_VISIT, FEB)[1]
    assert outcome(desk(today=date(2026, 3, 2)), P1_VISIT, MAR)[0] == "Accepted"


def test_a_lock_is_not_earlier_than_a_duty_may_be_done() -> None:
    people = [offender("P1", last_visit=date(2025, 7, 1), arms_applicable=False)]
    found = situation(people, [officer("S1"), officer("S2")])
    at = Desk(found, plan_of(found, {"P1": "S1"}, visits=[("P1", 3)]))
    which = key("P1", VISIT, LOCK, APR)
    # Low: every 12 months, so due in July 2026, and from May at the earliest.
    told, reason = outcome(at, which, APR)
    assert told == "Refused"
    assert reason == "Too early: due in Jul 2026, it may be done from May 2026 on."
    assert outcome(at, which, date(2026, 5, 1))[0] == "Accepted"


@pytest.mark.parametrize(
    ("columns", "month", "why"),
    [
        ({"registered_until": date(2026, 3, 10)}, APR, "not in the community in Apr 2026"),
        ({"registered_until": date(2026, 4, 10)}, APR, ""),
    ],
)
def test_a_lock_is_for_a_month_in_the_community(
    columns: dict[str, Any], month: date, why: str
) -> None:
    assert why in outcome(desk(**columns), P1_VISIT, month)[1]


def test_a_lock_needs_somebody_trained_in_post() -> None:
    people = [offender("P1", last_arms=date(2025, 3, 10), last_visit=date(2026, 1, 5))]
    staff = [officer("S1", arms_trained_from=None), officer("S2", end=date(2026, 4, 17))]
    found = situation(people, staff)
    plan = plan_of(found, {"P1": "S1"}, arms=[("P1", 2)])
    at = Desk(found, plan)
    assert outcome(at, P1_ARMS, APR)[0] == "Accepted"
    told, reason = outcome(at, P1_ARMS, date(2026, 5, 1))
    assert told == "Refused"
    assert "nobody who may do it is trained for ARMS and in post" in reason


def test_a_lock_needs_a_second_officer_and_a_som_in_post() -> None:
    people = [offender("P1", level=RiskLevel.HIGH, last_visit=date(2025, 11, 1))]
    found = situation(people, [officer("S1"), officer("S2", end=date(2026, 3, 13))])
    at = Desk(found, plan_of(found, {"P1": "S1"}, visits=[("P1", 1)]))
    assert outcome(at, P1_VISIT, MAR)[0] == "Accepted"
    assert "nobody to be the second officer" in outcome(at, P1_VISIT, APR)[1]
    gone = situation(people, [officer("S1", end=date(2026, 3, 13)), officer("S2")])
    at = Desk(gone, plan_of(gone, {"P1": "S1"}, visits=[("P1", 1)]))
    assert "S1, who is to hold the case, may not hold it" in outcome(at, P1_VISIT, MAR)[1]


def test_two_locks_against_each_other() -> None:
    assert (
        "the two are too close"
        in outcome(desk(locks=(Lock(ref="P1", kind=LockKind.VISIT, month=MAR),)), P1_VISIT, FEB)[1]
    )
    kept = desk(locks=(Lock(ref="P1", kind=LockKind.VISIT, month=date(2026, 5, 1)),))
    assert outcome(kept, P1_VISIT, FEB)[0] == "Accepted"


def test_two_rows_locked_to_one_month() -> None:
    people = [offender("P1", level=RiskLevel.VERY_HIGH, last_visit=date(2026, 1, 2))]
    found = situation(people, [officer("S1"), officer("S2")])
    at = Desk(found, plan_of(found, {"P1": "S1"}, visits=[("P1", 1), ("P1", 2), ("P1", 3)]))
    first, second = key("P1", VISIT, LOCK, FEB), key("P1", VISIT, LOCK, MAR)
    assert outcome(at, first, MAR)[0] == "Accepted"
    told = at.say({first: MAR, second: MAR})
    assert "at most one a month" in told[first].reason


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (TODAY, ""),
        (date(2026, 2, 21), "is after today, 20/02/2026"),
        (date(2026, 1, 20), ""),
        (date(2025, 11, 10), "so this is not a new one"),
        (date(2006, 2, 10), "more than a year before the plan"),
        (15, "That is no date"),
        ("yesterday", "That is no date"),
    ],
)
def test_done_on(day: Any, why: str) -> None:
    told, reason = outcome(desk(), key("P1", VISIT, DONE), day)
    assert told == ("Refused" if why else "Accepted")
    assert why in reason


@pytest.mark.parametrize(
    ("kind", "month", "day", "says"),
    [
        (VISIT, FEB, date(2026, 2, 20), ""),
        (VISIT, FEB, date(2026, 3, 3), "Later than planned (Feb 2026); it counts as done in Mar"),
        (ARMS, MAR, date(2026, 2, 3), "Earlier than planned (Mar 2026); it counts as done in Feb"),
        (ARMS, MAR, date(2026, 1, 16), "Earlier than planned (Mar 2026); it counts as done in Jan"),
        (ARMS, MAR, date(2026, 1, 15), "On or before 15/01/2026, the day of the register, which"),
        (VISIT, FEB, date(2025, 12, 24), "enter it there too."),
    ],
)
def test_a_duty_done_in_another_month_is_taken_and_said_so(
    kind: DecisionKind, month: date, day: date, says: str
) -> None:
    at = desk(today=date(2026, 3, 20))
    assert at.situation.register.as_at == date(2026, 1, 15)
    told, reason = outcome(at, key("P1", kind, DONE, month), day)
    assert told == "Accepted"
    assert says in reason
    assert bool(reason) is bool(says)


def test_a_result_needs_its_date() -> None:
    done, result, hours = (key("P1", VISIT, f) for f in (DONE, RESULT, HOURS))
    assert "Fill in Done on too" in outcome(desk(), result, "Seen")[1]
    assert "Fill in Done on too" in outcome(desk(), hours, 2.5)[1]
    told = desk().say({done: TODAY, result: "nobody in", hours: 2.5})
    assert {e.answer for e in told.values()} == {Answer.ACCEPTED}
    at = desk()
    at.accept({done: TODAY})
    assert outcome(at, result, "Refused")[0] == "Accepted"
    at.accept({result: "Refused"})
    assert outcome(at, done, "Clear")[1] == (
        "A result or hours taken were accepted for that day. Write Clear there too."
    )
    told = at.say({done: "Clear", result: "clear "})
    assert {e.answer for e in told.values()} == {Answer.ACCEPTED}


@pytest.mark.parametrize("hours", [-1, 101, "two", True, float("nan"), float("inf")])
def test_hours_are_a_number(hours: object) -> None:
    at = desk()
    at.accept({key("P1", VISIT, DONE): TODAY})
    assert outcome(at, key("P1", VISIT, HOURS), hours)[1].startswith("Write hours as a number")


def test_one_visit_is_not_two() -> None:
    people = [offender("P1", level=RiskLevel.VERY_HIGH, last_visit=date(2026, 1, 2))]
    found = situation(people, [officer("S1"), officer("S2")])
    at = Desk(found, plan_of(found, {"P1": "S1"}, visits=[("P1", 1), ("P1", 2)]))
    told = at.say({key("P1", VISIT, DONE): TODAY, key("P1", VISIT, DONE, MAR): TODAY})
    assert {e.answer for e in told.values()} == {Answer.REFUSED}


def test_what_is_done_is_neither_impossible_nor_locked_elsewhere() -> None:
    done, barred = key("P1", VISIT, DONE), key("P1", VISIT, BARRED)
    told = desk().say({done: TODAY, barred: "away", P1_VISIT: MAR})
    assert told[done].answer is Answer.ACCEPTED
    assert (
        told[barred].reason
        == told[P1_VISIT].reason
        == ("The duty is marked as done. Empty one of the two.")
    )
    failed = desk().say({done: TODAY, key("P1", VISIT, RESULT): "Refused", P1_VISIT: MAR})
    assert {e.answer for e in failed.values()} == {Answer.ACCEPTED}


def test_impossible_and_locked_to_the_same_month() -> None:
    told = desk().say({key("P1", VISIT, BARRED): "away", P1_VISIT: FEB})
    assert "not to be possible then" in told[P1_VISIT].reason
    told = desk().say({key("P1", VISIT, BARRED): "away", P1_VISIT: MAR})
    assert {e.answer for e in told.values()} == {Answer.ACCEPTED}


def test_never_two_announced_in_a_row() -> None:
    which = key("P1", VISIT, TYPE)
    assert outcome(desk(), which, "Announced")[0] == "Accepted"
    told, reason = outcome(desk(last_visit_type=VisitType.ANNOUNCED), which, "Announced")
    assert told == "Refused"
    assert "The last visit was announced" in reason
    assert outcome(desk(last_visit_type=VisitType.ANNOUNCED), which, "Unannounced")[0] == "Accepted"


@pytest.mark.parametrize("first", [True, False])
def test_never_two_announced_in_a_row_within_the_plan(first: bool) -> None:
    people = [offender("P1", level=RiskLevel.VERY_HIGH, last_visit=date(2026, 1, 2))]
    found = situation(people, [officer("S1"), officer("S2")])
    visits = [("P1", 1), ("P1", 2)]
    told = visits[1:] if first else visits[:1]
    at = Desk(found, plan_of(found, {"P1": "S1"}, visits=visits, announced=told))
    asked = key("P1", VISIT, TYPE, FEB if first else MAR)
    other = key("P1", VISIT, TYPE, MAR if first else FEB)
    assert "Never two in a row" in outcome(at, asked, "Announced")[1]
    both = at.say({asked: "Announced", other: "Unannounced"})
    assert {e.answer for e in both.values()} == {Answer.ACCEPTED}


@pytest.mark.parametrize(
    ("which", "value"),
    [
        (key("P1", VISIT, ACCEPT), "Accept"),
        (("P1/Move/2026-02", LOCK), MAR),
        (("P1/Move/2026-02", DONE), TODAY),
        (key("P1", ARMS, TYPE, MAR), "Announced"),
    ],
)
def test_what_does_not_apply_is_said(which: Any, value: Any) -> None:
    assert "does not apply" in outcome(desk(), which, value)[1]


def test_what_is_accepted_is_an_edit_with_its_cell() -> None:
    at = desk()
    (found,) = at.review(book(at.issued, {key("P1", VISIT, NOTE): " ring first "})).books
    (edit,) = found.accepted
    assert told_of(edit) == {
        "run_id": RUN,
        "decision_ref": "P1/Visit/2026-02",
        "ref": "P1",
        "kind": VISIT,
        "month": FEB,
        "field": NOTE,
        "value": "ring first",
        "by": "Ann",
        "workbook": "a.xlsx",
        "cell": "Decisions!U4",
    }


def told_of(edit: Edit) -> dict[str, Any]:
    return {name: getattr(edit, name) for name in edit.__dataclass_fields__}


def test_nobody_is_refused_by_a_person_the_register_does_not_name() -> None:
    """A register other than the plan's: told, no crash."""
    at = desk()
    fewer = situation([at.situation.register.offenders[1]], at.situation.register.officers)
    other = Desk(fewer, plan_of(fewer, {"P2": "S2"}))
    other.issued = at.issued
    from planner.review.ground import Ground

    other.ground = Ground(fewer, at.issued, TODAY)
    told = other.say({P1_MOVE: "S3", P1_VISIT: MAR, key("P1", VISIT, DONE): TODAY})
    assert {e.answer for e in told.values()} == {Answer.REFUSED}
    assert answers(other.review(book(at.issued, {}))) == {}
