"""What people said to the plan before: what holds in the new one, what does not, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from planner.by_hand import by_hand_plan
from planner.domain.decision import DecisionKind, EditField
from planner.domain.plan import Holding
from planner.domain.register import Lock
from planner.domain.terms import LockKind, Management, RiskLevel, Status, VisitType
from planner.errors import InputError
from planner.roll.disagreements import Trust
from planner.roll.judging import Standing
from planner.roll.roll import roll, with_taken
from planner.verify.verifier import verify
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation
from tests.build import nasty_register, offender, officer
from tests.build import situation as situation_of
from tests.roll_build import (
    ARMS,
    MOVE,
    VISIT,
    Issue,
    Month,
    Stored,
    issue,
    kept_up,
    next_month,
    said,
    written,
)
from tests.world import after

if TYPE_CHECKING:
    from planner.domain.plan import Plan
    from planner.domain.register import Offender, Officer, Register
    from planner.roll.earlier import Key

FEB, MAR, APR, MAY = (date(2026, m, 1) for m in (2, 3, 4, 5))
LATE = date(2026, 2, 28)
"""The register a month on: month 1 is then March."""

HIGH: dict[str, Any] = {
    "level": RiskLevel.HIGH,
    "last_visit": date(2025, 11, 20),
    "last_arms": date(2025, 12, 1),
}
"""A visit in February and every three months after, no ARMS within the year."""

STAFF = (officer("S1"), officer("S2"), officer("S3"))


def register(*people: Offender, staff: tuple[Officer, ...] = STAFF, **columns: Any) -> Register:
    return replace(situation_of(people or [offender(**HIGH)], staff).register, **columns)


def first(reg: Register | None = None, moved_to: str | None = None) -> Issue:
    """A plan by hand; ``moved_to``: it moves P1 to somebody."""
    reg = reg or register()
    plan = by_hand_plan(Situation(reg))
    if moved_to:
        plan = moved(plan, moved_to)
    return issue(reg, plan)


def moved(plan: Plan, som: str) -> Plan:
    visits = tuple(replace(v, som=som) if v.ref == "P1" else v for v in plan.visits)
    arms = tuple(replace(a, som=som) if a.ref == "P1" else a for a in plan.arms)
    holdings = {**plan.holdings, "P1": (Holding(1, som),)}
    return replace(plan, holdings=holdings, visits=visits, arms=arms)


def rolled(before: Issue, *told: dict[Key, Stored], reg: Register | None = None) -> Month:
    return next_month(before.earlier(*told), reg or kept_up(before.situation.register, LATE))


def standing(month: Month) -> list[tuple[str, str]]:
    return [(j.decision.field.value, j.standing.value) for j in month.rolled.judged]


def test_a_month_locked_holds() -> None:
    before = first()
    told = said("P1", VISIT, FEB, EditField.LOCK_MONTH, MAY)
    month = rolled(before, told)
    assert 3 in [v.month for v in month.plan.visits]
    assert standing(month) == [("Lock to month", "Held")]
    (lock,) = month.situation.register.locks
    assert (lock.kind, lock.month, lock.by) == (LockKind.VISIT, MAY, "DS Khan")
    assert 3 not in [v.month for v in rolled(before).plan.visits]


def test_a_month_that_is_not_possible_is_left_out() -> None:
    before = first(register(offender(level=RiskLevel.VERY_HIGH, last_visit=date(2026, 1, 10))))
    told = said("P1", VISIT, MAR, EditField.NOT_POSSIBLE, "in court")
    assert rolled(before).plan.visits[0].month == 1
    month = rolled(before, told)
    assert month.plan.visits[0].month == 2
    assert standing(month) == [("Not possible because", "Held")]


def test_a_visit_type_chosen_for_a_month_ahead_is_kept() -> None:
    reg = register(offender(**HIGH), policy=by_half())
    before = first(replace(reg, as_at=date(2026, 1, 15)))
    stays = kept_up(before.situation.register, LATE)
    told = said("P1", VISIT, FEB, EditField.LOCK_MONTH, MAR) | said(
        "P1", VISIT, FEB, EditField.VISIT_TYPE, "Announced"
    )
    kinds = {v.month: v.visit_type for v in rolled(before, told, reg=stays).plan.visits}
    assert kinds[1] is VisitType.ANNOUNCED
    told |= said("P1", VISIT, FEB, EditField.VISIT_TYPE, "Unannounced")
    kinds = {v.month: v.visit_type for v in rolled(before, told, reg=stays).plan.visits}
    assert kinds[1] is VisitType.UNANNOUNCED


def by_half() -> Any:
    return situation_of(policy={"visit.unannounced.high": 0.5}).register.policy


def test_a_type_that_rule_7_bars_is_not_held_and_said_so() -> None:
    person = offender(**HIGH, last_visit_type=VisitType.ANNOUNCED)
    before = first(register(person, policy=by_half()))
    told = said("P1", VISIT, FEB, EditField.LOCK_MONTH, MAR) | said(
        "P1", VISIT, FEB, EditField.VISIT_TYPE, "Announced"
    )
    month = rolled(before, told)
    assert standing(month) == [("Announced or not", "Not held"), ("Lock to month", "Held")]
    assert "stands against it" in month.rolled.judged[0].why


@pytest.mark.parametrize("shown_in_register", [True, False])
def test_an_accepted_move_holds(shown_in_register: bool) -> None:
    before = first(moved_to="S2")
    told = said("P1", MOVE, FEB, EditField.ACCEPT, "Accept")
    reg = before.situation.register
    now = kept_up(reg, LATE, P1={"som": "S2"} if shown_in_register else {})
    month = rolled(before, told, reg=now)
    assert {month.plan.som("P1", m) for m in (1, 18)} == {"S2"}
    assert standing(month) == [("SOM to use instead", "Held")]
    unsaid = rolled(before, reg=kept_up(reg, LATE))
    assert unsaid.plan.som("P1", 1) == "S1"  # where it is by the register


def test_a_refused_move_stays_with_the_som_before() -> None:
    before = first(moved_to="S2")
    month = rolled(before, said("P1", MOVE, FEB, EditField.ACCEPT, "Refuse"))
    (lock,) = month.situation.register.locks
    assert (lock.kind, lock.staff_id) == (LockKind.SOM, "S1")


@pytest.mark.parametrize("kind", [MOVE, VISIT])
def test_a_som_named_holds_the_case(kind: DecisionKind) -> None:
    month = rolled(first(moved_to="S2"), said("P1", kind, FEB, EditField.SOM, "S3"))
    assert {month.plan.som("P1", m) for m in (1, 18)} == {"S3"}


def test_a_move_accepted_for_a_later_month_waits_for_it() -> None:
    staff = (officer("S1", end=date(2026, 4, 10)), officer("S2"), officer("S3"))
    reg = register(staff=staff)
    plan = by_hand_plan(Situation(reg))
    later = {**plan.holdings, "P1": (Holding(1, "S1"), Holding(3, "S3"))}
    before = issue(reg, replace(plan, holdings=later, visits=(), arms=()))
    month = rolled(before, said("P1", MOVE, APR, EditField.ACCEPT, "Accept"))
    assert month.situation.register.locks[0].since == APR
    assert month.plan.som("P1", 18) == "S3"


@pytest.mark.parametrize(
    ("shown", "standing_now"), [("S3", "Held"), ("S1", "Held"), ("S4", "Register says otherwise")]
)
def test_a_later_move_holds_where_the_register_took_the_plans_step_before_it(
    shown: str, standing_now: str
) -> None:
    """The plan gives the case to S3 in February and to S2 in April; people accept April's move."""
    reg = register(staff=(*STAFF, officer("S4")))
    plan = by_hand_plan(Situation(reg))
    before = issue(reg, replace(plan, holdings={"P1": (Holding(1, "S3"), Holding(3, "S2"))}))
    told = said("P1", MOVE, APR, EditField.ACCEPT, "Accept")
    month = rolled(before, told, reg=kept_up(reg, LATE, P1={"som": shown}))
    assert [s for _, s in standing(month)] == [standing_now]
    if standing_now == "Held":
        assert month.plan.som("P1", 2) == "S2"  # April is month 2 now


def test_a_later_move_to_somebody_who_leaves_before_it_is_not_told_to_be_held() -> None:
    """S2 gives notice once people have accepted the move of April."""
    plan = by_hand_plan(Situation(register()))
    before = issue(register(), replace(plan, holdings={"P1": (Holding(1, "S1"), Holding(3, "S2"))}))
    told = said("P1", MOVE, APR, EditField.ACCEPT, "Accept")
    now = kept_up(before.situation.register, LATE)
    for last, expected in ((date(2026, 4, 20), "Officer left"), (date(2026, 5, 20), "Held")):
        leaving = replace(now, officers=(STAFF[0], replace(STAFF[1], end=last), STAFF[2]))
        month = rolled(before, told, reg=leaving)
        assert [s for _, s in standing(month)] == [expected]
        if expected == "Officer left":
            assert "from Apr 2026 on" in month.rolled.judged[0].why


def test_a_refused_move_that_the_register_made_all_the_same_is_made() -> None:
    before = first(moved_to="S2")
    told = said("P1", MOVE, FEB, EditField.ACCEPT, "Refuse")
    now = kept_up(before.situation.register, LATE, P1={"som": "S2"})
    assert standing(rolled(before, told, reg=now)) == [
        ("SOM to use instead", "Register says otherwise")
    ]


def test_what_was_said_to_a_month_that_is_over_is_dropped_and_said() -> None:
    told = said("P1", VISIT, FEB, EditField.NOT_POSSIBLE, "ill") | said(
        "P1", VISIT, FEB, EditField.VISIT_TYPE, "Announced"
    )
    month = rolled(first(), told)
    assert ("Not possible because", "Its month is over") in standing(month)
    assert not month.situation.register.bars


def test_nothing_is_taken_over_that_is_blank_taken_back_or_about_a_duty_done() -> None:
    before = first()
    cleared = said("P1", VISIT, FEB, EditField.LOCK_MONTH, None)
    assert standing(rolled(before, cleared)) == []
    done = said("P1", VISIT, FEB, EditField.LOCK_MONTH, MAY) | said(
        "P1", VISIT, FEB, EditField.DONE_ON, date(2026, 2, 10)
    )
    assert standing(rolled(before, done)) == []
    assert standing(rolled(before)) == []


@pytest.mark.parametrize(
    ("change", "field", "value", "expected", "why"),
    [
        ({"team": "South"}, EditField.SOM, "S2", Standing.REGISTER_WINS, "is of team North"),
        ({"not_with": frozenset({"S2"})}, EditField.SOM, "S2", Standing.REGISTER_WINS, "Not with"),
        ({"needs": frozenset({"Deaf"})}, EditField.SOM, "S2", Standing.REGISTER_WINS, "lacks"),
        ({"som": "S3"}, EditField.SOM, "S2", Standing.REGISTER_WINS, "to S3 since"),
        ({"keep": True}, EditField.SOM, "S2", Standing.REGISTER_WINS, "keeps the case with S1"),
        (
            {"management": Management.REACTIVE},
            EditField.LOCK_MONTH,
            MAY,
            Standing.REGISTER_WINS,
            "asks for no Visit",
        ),
        (
            {"status": Status.CUSTODY, "release_date": date(2026, 8, 3)},
            EditField.LOCK_MONTH,
            MAY,
            Standing.REGISTER_WINS,
            "not in the community in May 2026",
        ),
        (
            {"last_visit": date(2026, 2, 20), "visit_interval": 12, "interval_reason": "quiet"},
            EditField.LOCK_MONTH,
            MAY,
            Standing.REGISTER_WINS,
            "Due in Feb 2027",
        ),
        ({}, EditField.SOM, "S4", Standing.OFFICER_GONE, "not in Staff"),
        ({}, EditField.SOM, "S2", Standing.HELD, ""),
        ({}, EditField.LOCK_MONTH, FEB, Standing.OVER, ""),
    ],
)
def test_the_register_wins_over_a_decision(
    change: dict[str, Any], field: EditField, value: Any, expected: Standing, why: str
) -> None:
    south = (*STAFF, officer("S9", team="South"))
    before = first(register(staff=south))
    reg = kept_up(before.situation.register, LATE, P1=change)
    (judged,) = rolled(before, said("P1", VISIT, FEB, field, value), reg=reg).rolled.judged
    assert judged.standing is expected
    assert why in judged.why


def test_locks_of_the_register_win() -> None:
    before = first()
    reg = kept_up(before.situation.register, LATE)

    def judged(lock: Lock, field: EditField, value: Any, month: date = FEB) -> Standing:
        told = said("P1", VISIT, month, field, value)
        (one,) = rolled(before, told, reg=replace(reg, locks=(lock,))).rolled.judged
        return one.standing

    on_som = Lock(ref="P1", kind=LockKind.SOM, staff_id="S3")
    assert judged(on_som, EditField.SOM, "S2") is Standing.REGISTER_WINS
    assert judged(on_som, EditField.SOM, "S3") is Standing.HELD
    in_april = Lock(ref="P1", kind=LockKind.VISIT, month=APR)
    assert judged(in_april, EditField.LOCK_MONTH, MAY) is Standing.REGISTER_WINS
    assert judged(in_april, EditField.LOCK_MONTH, date(2026, 7, 1)) is Standing.HELD
    very = register(offender(level=RiskLevel.VERY_HIGH, last_visit=date(2026, 1, 10)))
    monthly = first(very)
    told = said("P1", VISIT, APR, EditField.NOT_POSSIBLE, "away")
    now = replace(kept_up(very, LATE), locks=(in_april,))
    assert standing(rolled(monthly, told, reg=now)) == [
        ("Not possible because", "Register says otherwise")
    ]


def test_a_person_or_an_officer_gone_is_said() -> None:
    before = first(register(offender(**HIGH), offender("P2", **HIGH)))
    reg = before.situation.register
    left = replace(kept_up(reg, LATE), offenders=reg.offenders[1:])
    told = said("P1", VISIT, FEB, EditField.LOCK_MONTH, MAY)
    assert standing(rolled(before, told, reg=left)) == [
        ("Lock to month", "Not on the register any more")
    ]
    gone = tuple(replace(s, end=date(2026, 2, 20)) if s.staff_id == "S2" else s for s in STAFF)
    named = said("P1", VISIT, FEB, EditField.SOM, "S2")
    (judged,) = rolled(before, named, reg=replace(kept_up(reg, LATE), officers=gone)).rolled.judged
    assert judged.standing is Standing.OFFICER_GONE


def test_decisions_go_on_from_plan_to_plan_until_taken_back() -> None:
    june = date(2026, 6, 1)
    before = first(register(offender(**HIGH), offender("P2", **HIGH)))
    reg = before.situation.register
    told = said("P1", VISIT, FEB, EditField.LOCK_MONTH, june) | said(
        "P2", VISIT, FEB, EditField.SOM, "S3", by="DS Ash"
    )
    second = rolled(before, told)
    third_register = kept_up(reg, date(2026, 3, 31))
    third = next_month(second.issue().earlier(), third_register)
    assert standing(third) == [("Lock to month", "Held"), ("SOM to use instead", "Held")]
    assert {j.decision.run_id for j in third.rolled.judged} == {before.run.run_id}
    assert [j.decision.by for j in third.rolled.judged] == ["DS Khan", "DS Ash"]
    shown = third.rolled.taken.shown
    assert shown["P1/Visit/2026-06", EditField.LOCK_MONTH].shown_value == june
    cleared = {key: Stored(None) for key in shown}
    fourth = next_month(third.issue().earlier(cleared), kept_up(reg, date(2026, 4, 30)))
    assert standing(fourth) == []
    (asked,) = (key for key, d in shown.items() if d.field is EditField.SOM)
    other = {asked: Stored(None), (asked[0], EditField.SOM): Stored("S2")}
    fifth = next_month(third.issue().earlier(other), kept_up(reg, date(2026, 4, 30)))
    assert fifth.plan.som("P2", 1) == "S2"


def test_a_som_from_a_later_month_keeps_that_month_from_plan_to_plan() -> None:
    staff = (officer("S1", end=date(2026, 6, 10)), officer("S2"), officer("S3"))
    reg = register(offender(**HIGH, visit_interval=12, interval_reason="quiet"), staff=staff)
    plan = by_hand_plan(Situation(reg))
    later = {**plan.holdings, "P1": (Holding(1, "S1"), Holding(5, "S3"))}
    before = issue(reg, replace(plan, holdings=later, visits=(), arms=()))
    june = date(2026, 6, 1)
    second = rolled(before, said("P1", MOVE, june, EditField.ACCEPT, "Accept"))
    third = next_month(second.issue().earlier(), kept_up(reg, date(2026, 3, 31)))
    assert [lock.since for lock in second.situation.register.locks] == [june]
    assert [lock.since for lock in third.situation.register.locks] == [june]


def test_another_som_named_meanwhile_takes_the_place_of_one_from_a_later_month() -> None:
    staff = (officer("S1", end=date(2026, 6, 10)), officer("S2"), officer("S3"))
    reg = register(staff=staff)
    plan = by_hand_plan(Situation(reg))
    later = {**plan.holdings, "P1": (Holding(1, "S1"), Holding(5, "S3"))}
    june = date(2026, 6, 1)
    before = issue(reg, replace(plan, holdings=later))
    told = said("P1", MOVE, june, EditField.ACCEPT, "Accept")
    moved_early = kept_up(reg, LATE, P1={"som": "S3"})
    second = rolled(before, told, reg=moved_early)
    (taken,) = second.rolled.taken.decisions
    assert taken.shown_key is None  # its rows are of months before June
    rows = second.issue().earlier().own.issued.rows
    visit = next(row for row in rows.values() if row.kind is VISIT)
    named = said("P1", VISIT, visit.month, EditField.SOM, "S2")
    again = kept_up(moved_early, date(2026, 3, 31))
    third = next_month(second.issue().earlier(named), again)
    assert [lock.staff_id for lock in third.situation.register.locks] == ["S2"]
    unsaid = next_month(second.issue().earlier(), again)
    assert [lock.staff_id for lock in unsaid.situation.register.locks] == ["S3"]


def test_the_later_word_on_a_month_wins() -> None:
    reg = register(offender(level=RiskLevel.VERY_HIGH, last_visit=date(2026, 1, 10)))
    before = first(reg)
    second = rolled(before, said("P1", VISIT, APR, EditField.NOT_POSSIBLE, "away"))
    told = said("P1", VISIT, MAR, EditField.LOCK_MONTH, APR)
    third = next_month(second.issue().earlier(told), kept_up(reg, date(2026, 3, 10)))
    assert standing(third) == [("Lock to month", "Held")]
    assert not third.situation.register.bars


def test_what_was_said_is_shown_again_where_its_row_is() -> None:
    before = first(moved_to="S2")
    told = said("P1", MOVE, FEB, EditField.ACCEPT, "Accept") | said(
        "P1", VISIT, FEB, EditField.NOTE, "call first"
    )
    again = next_month(before.earlier(told), before.situation.register)  # the same month anew
    assert {key: d.shown_value for key, d in again.rolled.taken.shown.items()} == {
        ("P1/Move/2026-02", EditField.ACCEPT): "Accept",
        ("P1/Visit/2026-02", EditField.NOTE): "call first",
    }
    on = rolled(before, told)
    assert {key: d.shown_value for key, d in on.rolled.taken.shown.items()} == {
        ("P1/Move/2026-03", EditField.ACCEPT): "Accept"
    }


def test_a_plan_of_a_later_month_or_of_others_is_refused() -> None:
    before = first()
    earlier = before.earlier()
    old = kept_up(before.situation.register, date(2025, 12, 20))
    with pytest.raises(InputError) as found:
        roll(earlier, old, Trust.REGISTER)
    assert "begins in February 2026, the new one in January 2026" in found.value.findings[0].message
    with pytest.raises(InputError) as found:
        roll(earlier, register(offender("Q9")), Trust.REGISTER)
    assert found.value.findings[0].code == "previous-of-others"


FIELDS = {
    MOVE: (EditField.ACCEPT, EditField.SOM),
    VISIT: (
        EditField.SOM,
        EditField.LOCK_MONTH,
        EditField.NOT_POSSIBLE,
        EditField.VISIT_TYPE,
        EditField.DONE_ON,
    ),
    ARMS: (EditField.SOM, EditField.LOCK_MONTH, EditField.NOT_POSSIBLE, EditField.DONE_ON),
}


@pytest.mark.parametrize("seed", range(150))
def test_whatever_was_accepted_each_decision_that_can_hold_does(seed: int) -> None:
    """Drawn registers, drawn edits, a drawn month or three later; judged by the verifier."""
    draw = Random(seed)
    reg = nasty_register(draw)
    before = issue(reg)
    told: dict[Key, Stored] = {}
    for row in before.earlier().own.issued.rows.values():
        for field in FIELDS[row.kind]:
            if draw.random() < 0.3:
                told[row.decision_ref, field] = Stored(drawn_value(field, before, draw))
    now = after(reg, before.plan, draw.choice((0, 1, 1, 3)) or 1, lambda *_: draw.random() < 0.8)
    month = next_month(before.earlier(told), now)
    verdict = verify(month.situation.register, written(Outcome(month.situation, month.plan)))
    (rule_2,) = [f for f in verdict.findings if f.rule.value == 2]
    assert rule_2.broken <= rule_2.forced or unheld_by_hand(month)
    horizon = month.situation.horizon
    held = [j.decision for j in month.rolled.judged if j.standing is Standing.HELD]
    done = {(v.ref, VISIT, v.month) for v in month.plan.visits}
    done |= {(a.ref, ARMS, a.month) for a in month.plan.arms}
    for decision in held:
        number = horizon.number(decision.month)
        if decision.field is EditField.LOCK_MONTH:
            assert (decision.ref, decision.kind, number) in done
        if decision.field is EditField.NOT_POSSIBLE:
            assert (decision.ref, decision.kind, number) not in done
        if decision.field is EditField.SOM:
            assert decision.ref in month.situation.register.offender
    taken = month.rolled.taken
    assert with_taken(now, taken) == month.situation.register
    for ref, _ in taken.shown:
        assert ref in {row.decision_ref for row in month.issue().earlier().own.issued.rows.values()}


def unheld_by_hand(month: Month) -> bool:
    """Locked duties that do not fit the hours: the plan by hand is no proof that none could."""
    return any(
        j.standing is Standing.NOT_HELD and j.decision.field is EditField.LOCK_MONTH
        for j in month.rolled.judged
    )


def drawn_value(field: EditField, before: Issue, draw: Random) -> Any:
    horizon = before.situation.horizon
    if field is EditField.SOM:
        return draw.choice(list(before.situation.register.officer))
    if field is EditField.LOCK_MONTH:
        return horizon.start(draw.randint(1, 6))
    if field is EditField.DONE_ON:
        return horizon.start(1).replace(day=draw.randint(1, 28))
    if field is EditField.ACCEPT:
        return draw.choice(("Accept", "Refuse"))
    if field is EditField.VISIT_TYPE:
        return draw.choice([kind.value for kind in VisitType])
    return "away"
