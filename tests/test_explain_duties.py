"""Why these months, and why announced or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from planner.domain.register import Lock, Offender
from planner.domain.terms import Duty, LockKind, RiskLevel, Status, VisitType
from planner.explain.announced import TypeReason
from planner.explain.duties import DutyReason, Fault, Room
from planner.explain.explanation import Explanation, explain
from planner.optimise.gathering import build_pool, team_groups
from planner.optimise.hours import Ledger, grains_up
from planner.optimise.routes import Routes
from planner.workload.situation import Situation
from tests.build import offender, officer, situation
from tests.explain_build import LATENESS, cost_of, explained, plan_of, with_months, written
from tests.plan_build import plain_plan, small_register

if TYPE_CHECKING:
    from planner.domain.plan import Plan

SEEN: dict[str, Any] = {"last_visit": date(2026, 1, 10), "arms_applicable": False}
"""A low case is then due in month 12, a medium one in month 6."""


def reasons(found: Explanation, duty: Duty) -> list[DutyReason]:
    return [r for r in found.duties if r.duty is duty]


def one_visit(person: Offender, month: int | None, **policy: float) -> DutyReason:
    """Of a case with S1, the visit done in a month (None: not at all)."""
    found = situation([person], [officer("S1"), officer("S2")], policy)
    visits = [] if month is None else [(person.ref, month)]
    told = explained(found, plan_of(found, {person.ref: "S1"}, visits), person.ref)
    return reasons(told, Duty.VISIT)[0]


def test_a_visit_in_time() -> None:
    told = one_visit(offender(**SEEN), 12)
    assert (told.due, told.due_month, told.earliest, told.month) == (date(2027, 1, 10), 12, 10, 12)
    assert (told.months_late, told.cost.total, told.done_by) == (0, 0, "S1")
    assert [e.month for e in told.earlier] == [10, 11]
    assert all(e.room is Room.FITS and e.saves == 0 for e in told.earlier)


def test_a_late_visit_costs_its_exposure_and_an_earlier_month_saves_it() -> None:
    told = one_visit(offender(level=RiskLevel.MEDIUM, **SEEN), 9)
    assert (told.due_month, told.earliest, told.months_late) == (6, 4, 3)
    assert told.cost.exposure == pytest.approx(3 * (1 + 1.05 + 1.1))
    assert [e.month for e in told.earlier] == [4, 5, 6, 7, 8]
    saved = [e.saves for e in told.earlier]
    assert saved == pytest.approx([9.45, 9.45, 9.45, 6.45, 3.3])
    # the next visit, not planned, falls due in month 15 as it is, the earlier the sooner
    assert [e.adds for e in told.earlier] == sorted((e.adds for e in told.earlier), reverse=True)
    assert told.earlier[-1].adds > 0


def test_a_high_visit_late_costs_protection_too() -> None:
    told = one_visit(offender(level=RiskLevel.HIGH, **SEEN), 4)
    assert told.cost.protected == 2000
    assert told.cost.exposure == 8


def test_a_duty_left_undone_is_explained_for_every_month_it_could_have() -> None:
    told = one_visit(offender(**SEEN), None)
    assert (told.month, told.done_by) == (None, None)
    assert told.cost.uncleared == 1000
    assert [e.month for e in told.earlier] == list(range(10, 19))


def test_a_locked_month_has_no_others() -> None:
    person = offender(**SEEN)
    found = situation([person], [officer("S1"), officer("S2")])
    lock = Lock(ref="P1", kind=LockKind.VISIT, month=date(2027, 1, 1))
    found = Situation(replace(found.register, locks=(lock,)))
    told = explained(found, plan_of(found, {"P1": "S1"}, [("P1", 12)]), "P1")
    assert reasons(told, Duty.VISIT)[0].locked
    assert not reasons(told, Duty.VISIT)[0].earlier


def test_a_plan_edited_against_rule_8_is_told_so() -> None:
    early = one_visit(offender(**SEEN), 9)
    assert (early.faults, early.cost.total) == ((Fault.TOO_EARLY,), 0)
    assert one_visit(offender(**SEEN), 10).faults == ()
    gone = offender(registered_until=date(2027, 2, 10), **SEEN)
    assert one_visit(gone, 14).faults == (Fault.NOT_THERE,)


def test_a_duty_planned_for_somebody_missing_is_told_so() -> None:
    there = situation([offender(**SEEN)], [officer("S1"), officer("S2")])
    rows = written(there, plan_of(there, {"P1": "S1"}, [("P1", 12)]))
    gone = situation([offender(status=Status.MISSING, **SEEN)], [officer("S1"), officer("S2")])
    (told,) = explain(gone, rows, "P1", {}).duties
    assert (told.faults, told.month, told.due) == ((Fault.NOT_OWED,), 12, None)


def test_released_later_earlier_months_begin_with_the_release() -> None:
    away = offender(status=Status.CUSTODY, release_date=date(2026, 7, 20), arms_applicable=False)
    told = one_visit(away, 9)
    assert (told.due, told.due_month, told.earliest) == (date(2026, 8, 3), 7, 6)
    assert [e.month for e in told.earlier] == [6, 7, 8]


@pytest.mark.parametrize(
    ("staff", "policy", "room"),
    [
        ([officer("S1")], {}, Room.NOBODY_SECONDS),
        ([officer("S1", hours_per_month=2.0), officer("S2")], {}, Room.NO_HOURS),
        ([officer("S1"), officer("S2", hours_per_month=1.0)], {}, Room.NO_HOURS),
        ([officer("S1"), officer("S2")], {}, Room.FITS),
        ([officer("S1", start=date(2027, 1, 1)), officer("S2")], {}, Room.NOBODY_SECONDS),
    ],
)
def test_what_an_earlier_month_lacks(
    staff: list[object], policy: dict[str, float], room: Room
) -> None:
    found = situation([offender(**SEEN)], staff, policy)  # type: ignore[arg-type]
    told = explained(found, plan_of(found, {"P1": "S1"}, [("P1", 12)]), "P1")
    assert reasons(told, Duty.VISIT)[0].earlier[0].room is room


@pytest.mark.parametrize(
    ("trained", "most", "room"),
    [
        (date(2020, 1, 1), 1, Room.FITS),
        (date(2020, 1, 1), 0, Room.NOBODY_TRAINED),
        (None, 1, Room.NOBODY_TRAINED),
    ],
)
def test_what_an_earlier_month_lacks_for_an_arms(
    trained: date | None, most: int, room: Room
) -> None:
    person = offender(last_visit=date(2026, 1, 10), arms_due=date(2026, 5, 10))
    staff = [officer("S1", arms_trained_from=trained)]
    found = situation([person], staff, {"arms.per_month": most})
    told = explained(found, plan_of(found, {"P1": "S1"}), "P1")
    assert reasons(told, Duty.ARMS)[0].earlier[0].room is room


def test_arms_a_month_used_up_by_another_which_can_give_way() -> None:
    people = [
        offender(
            "P1", level=RiskLevel.HIGH, last_visit=date(2026, 1, 10), arms_due=date(2026, 2, 10)
        ),
        offender("P2", last_visit=date(2026, 1, 10), arms_due=date(2026, 2, 10)),
    ]
    found = situation(people, [officer("S1"), officer("S2")], {"arms.per_month": 1})
    plan = plan_of(found, {"P1": "S1", "P2": "S1"}, arms=[("P2", 1), ("P1", 2), ("P1", 13)])
    told = reasons(explained(found, plan, "P1", {("North", 1): 2.5}), Duty.ARMS)[0]
    (earlier,) = told.earlier
    assert (earlier.room, earlier.by, earlier.price) == (Room.ARMS_LIMIT, "S1", 2.5)
    assert earlier.saves == 8
    way = earlier.giving_way
    assert way is not None
    assert (way.ref, way.duty, way.months, way.instead[0]) == ("P2", Duty.ARMS, (1,), 2)


def test_the_duty_that_gives_way_is_the_cheapest_of_all() -> None:
    """P2 could slide to month 2 for nothing, were it not full: then P4, who is low, is cheaper."""
    due = {n: date(2026, 2, 10) for n in (1, 3, 4, 5)} | {2: date(2026, 3, 10)}
    people = [
        offender(
            f"P{n}",
            level=RiskLevel.LOW if n == 4 else RiskLevel.HIGH,
            last_visit=date(2026, 1, 10),
            visit_interval=24,
            interval_reason="test",
            arms_due=due[n],
        )
        for n in range(1, 6)
    ]
    policy = {"arms.per_month": 2, "arms.review_months": 24}
    found = situation(people, [officer("S1"), officer("S2")], policy)
    done = [("P1", 3), ("P2", 1), ("P4", 1), ("P3", 2), ("P5", 2)]
    plan = plan_of(found, {f"P{n}": "S1" for n in range(1, 6)}, arms=done)
    first = reasons(explained(found, plan, "P1"), Duty.ARMS)[0].earlier[0]
    way = first.giving_way
    assert way is not None
    assert (first.month, way.ref, way.instead) == (1, "P4", (3,))
    assert way.cost == pytest.approx(1 + 1.05)
    assert first.saves == pytest.approx(8 + 8.4)
    assert first.net == pytest.approx(8 + 8.4 - 1 - 1.05)


def test_a_repeat_is_not_done_in_the_month_of_the_doing_before() -> None:
    person = offender(last_visit=date(2026, 1, 10), arms_due=date(2026, 4, 10))
    found = situation([person], [officer("S1"), officer("S2")], {"arms.review_months": 1})
    plan = plan_of(found, {"P1": "S1"}, arms=[("P1", 3), ("P1", 7)])
    again = reasons(explained(found, plan, "P1"), Duty.ARMS)[1]
    assert (again.due_month, again.earliest, again.month) == (4, 4, 7)


def test_hours_left_are_less_what_others_take_and_what_is_given_as_second() -> None:
    people = [offender("P1", **SEEN), offender("P2", **SEEN)]
    found = situation(people, [officer("S1"), officer("S2")])
    plan = plan_of(found, {"P1": "S1", "P2": "S1"}, [("P1", 12), ("P2", 11)])
    plan = replace(plan, second_hours={("S2", 11): 1.65, ("S1", 11): 1.0})
    earlier = reasons(explained(found, plan, "P1"), Duty.VISIT)[0].earlier[-1]
    assert earlier.month == 11
    assert earlier.officer_left == pytest.approx(found.capacity["S1", 11] - 2.75 - 1.0)
    both = found.capacity["S1", 11] + found.capacity["S2", 11]
    assert earlier.team_left == pytest.approx(both - 2.75 - 1.65)


def test_hours_left_are_those_of_the_plan_without_the_duty_itself() -> None:
    person = offender(**SEEN, crew=1)
    found = situation([person], [officer("S1", hours_per_month=50.0)])
    plan = plan_of(found, {"P1": "S1"}, [("P1", 12)])
    earlier = reasons(explained(found, plan, "P1"), Duty.VISIT)[0].earlier[-1]
    assert earlier.month == 11
    assert earlier.hours_needed == pytest.approx(2.75)
    assert earlier.officer_left == pytest.approx(found.capacity["S1", 11])
    assert earlier.team_left == pytest.approx(found.capacity["S1", 11])
    assert earlier.price is None


SMALL = Situation(replace(small_register(120, 4), locks=()))
"""Few officers for many people: months are full, so that duties must give way."""
PLAIN = plain_plan(SMALL)


def full_months(plan: Plan) -> set[tuple[str, int]]:
    """Months of a team in which the plan asks for more hours than there are, or seconds."""
    found: set[tuple[str, int]] = set()
    for teams in team_groups(SMALL):
        pool = build_pool(SMALL, teams, Routes(SMALL))
        number = {s: n for n, s in enumerate(pool.officers)}
        ledger = Ledger(pool)
        hours = SMALL.hours
        for v in plan.visits:
            if v.som in number:
                second = grains_up((v.crew - 1) * hours.second)
                ledger.visit(number[v.som], v.month - 1, grains_up(hours.lead), second)
        for a in plan.arms:
            if a.done_by in number:
                ledger.arms(number[a.done_by], a.month - 1, grains_up(hours.arms))
        found |= {(teams[0], m) for m in SMALL.horizon.months if not ledger.sound(m - 1)}
    return found


def test_a_swap_costs_what_the_plan_with_it_costs() -> None:
    """Put into the plan, our duty earlier and the other where it goes change the cost as said."""
    swaps = 0
    before = cost_of(SMALL, PLAIN, *LATENESS)
    for ref in sorted({a.ref for a in PLAIN.arms})[::6]:
        told = explained(SMALL, PLAIN, ref)
        for reason in told.duties:
            for earlier in reason.earlier:
                way = earlier.giving_way
                if way is None or (way.ref == ref and way.duty is reason.duty):
                    continue
                own = [r.month for r in told.duties if r.duty is reason.duty and r.month]
                months = sorted({*(m for m in own if m != reason.month), earlier.month})
                moved = with_months(SMALL, PLAIN, ref, reason.duty, months)
                moved = with_months(SMALL, moved, way.ref, way.duty, way.instead)
                after = cost_of(SMALL, moved, *LATENESS)
                assert earlier.net == pytest.approx(before - after, abs=1e-6)
                assert earlier.month not in way.instead
                assert full_months(moved) <= full_months(PLAIN)
                swaps += 1
    assert swaps > 20


# --- announced or not ---------------------------------------------------------------------


def types(
    person: Offender, months: list[int], announced: list[int], **policy: float
) -> list[tuple[TypeReason, bool]]:
    found = situation([person], [officer("S1"), officer("S2")], policy)
    ref = person.ref
    plan = plan_of(
        found, {ref: "S1"}, [(ref, m) for m in months], announced=[(ref, m) for m in announced]
    )
    told = explained(found, plan, ref).visit_types
    return [(v.reason, v.may_change) for v in told.of_case]


ANY = {"visit.unannounced.low": 0.0}


@pytest.mark.parametrize(
    ("last", "announced", "policy", "wanted"),
    [
        (None, [], ANY, [(TypeReason.FREE_CHOICE, True)] * 3),
        (
            VisitType.ANNOUNCED,
            [],
            ANY,
            [(TypeReason.AFTER_ANNOUNCED, False), *[(TypeReason.FREE_CHOICE, True)] * 2],
        ),
        (
            None,
            [10],
            ANY,
            [
                (TypeReason.BEFORE_ANNOUNCED, False),
                (TypeReason.ANNOUNCED_WITHIN_SHARE, True),
                (TypeReason.AFTER_ANNOUNCED, False),
            ],
        ),
        (
            VisitType.ANNOUNCED,
            [4],
            ANY,
            [
                (TypeReason.ANNOUNCED_TWICE, True),
                (TypeReason.AFTER_ANNOUNCED, False),
                (TypeReason.FREE_CHOICE, True),
            ],
        ),
        (None, [], {"visit.unannounced.low": 1.0}, [(TypeReason.SHARE_USED_UP, False)] * 3),
        (
            None,
            [4],
            {"visit.unannounced.low": 0.6},
            [
                (TypeReason.ANNOUNCED_WITHIN_SHARE, True),
                (TypeReason.AFTER_ANNOUNCED, False),
                (TypeReason.SHARE_USED_UP, False),
            ],
        ),
        (
            None,
            [4],
            {"visit.unannounced.low": 0.75},
            [
                (TypeReason.ANNOUNCED_ABOVE_SHARE, True),
                (TypeReason.AFTER_ANNOUNCED, False),
                (TypeReason.SHARE_USED_UP, False),
            ],
        ),
    ],
)
def test_each_reason_for_a_type(
    last: VisitType | None,
    announced: list[int],
    policy: dict[str, float],
    wanted: list[tuple[TypeReason, bool]],
) -> None:
    person = offender(**SEEN, last_visit_type=last, visit_interval=6)
    assert types(person, [4, 10, 16], announced, **policy) == wanted


def test_somebody_often_out_is_not_told_beforehand() -> None:
    person = offender(**SEEN, failed_attempts=2, visit_interval=6)
    assert types(person, [4], [], **ANY) == [(TypeReason.OFTEN_OUT, True)]
