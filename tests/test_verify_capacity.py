"""Capacity against figures worked out by hand."""

from datetime import date

import pytest

from planner.domain.policy import Policy
from planner.domain.register import Absence, Officer
from planner.domain.terms import Management, Role, Status
from planner.verify.capacity import DutyHours, capacities
from planner.verify.world import World
from tests.verify_build import AS_AT, EASY, officer, person, register

LEFT = 0.85 * 0.7  # after unplanned absence and other duties
MAY, JUNE = 4, 5
# May 2026 has 19 working days (21 weekdays, bank holidays on 4 and 25); June 2026 has 22.


def hours(someone: Officer, *absences: Absence, month: int = MAY, policy: Policy = EASY) -> float:
    reg = register([], [someone], absences=absences, policy=policy)
    return capacities(World.of(reg))[someone.staff_id][month]


def plain(**columns: object) -> Officer:
    return officer("S1", **{"hours_per_month": None, **columns})


def away(first: int, last: int, share: float = 1.0, reason: str = "Sick") -> Absence:
    return Absence(
        staff_id="S1",
        first=date(2026, 5, first),
        last=date(2026, 5, last),
        share=share,
        reason=reason,
    )


def test_hours_of_duties() -> None:
    # (1.5 + 1.0) x (1 + 0.2 x 0.5) = 2.75; 1.5 x 1.1 = 1.65
    each = DutyHours.of(Policy())
    assert (each.lead, each.second, each.arms) == pytest.approx((2.75, 1.65, 5.0))
    assert each.visit(2) == pytest.approx(4.40) and each.visit(1) == pytest.approx(2.75)


def test_a_plain_month() -> None:
    # (19 - 27/12) x 8 x 0.85 x 0.7 = 16.75 x 4.76 = 79.73
    assert hours(plain()) == pytest.approx(79.73)


def test_police_staff_have_shorter_days_and_part_timers_their_share() -> None:
    # 16.75 x 7.4 x 0.6 x 0.595 = 44.25015
    assert hours(plain(role=Role.STAFF, fte=0.6)) == pytest.approx(44.25015)


def test_leave_goes_by_the_days_in_post() -> None:
    # in post until Friday 15 May: 10 working days (1, 5-8, 11-15); leave 2.25 x 10/19
    expected = (10 - 2.25 * 10 / 19) * 8 * LEFT
    assert hours(plain(end=date(2026, 5, 15))) == pytest.approx(expected)


def test_the_larger_of_listed_leave_and_a_twelfth() -> None:
    one_day = away(11, 11, reason="Annual leave")
    assert hours(plain(), one_day) == pytest.approx(79.73)  # 1 day is below 2.25
    # Saturday 9 to Sunday 17 is 5 working days: (19 - 5) x 4.76
    assert hours(plain(), away(9, 17, reason="annual leave ")) == pytest.approx(66.64)


def test_other_absences_come_on_top() -> None:
    # bank holiday Monday 4 costs nothing: 5-8 is 4 days at half = 2; (19 - 2.25 - 2) x 4.76
    assert hours(plain(), away(4, 8, 0.5)) == pytest.approx(14.75 * 4.76)


def test_a_day_counts_once_with_its_largest_share_and_as_the_other_kind() -> None:
    leave = away(11, 15, reason="Annual leave")  # 5 days
    # sick 13-15 in part: 3 days at the largest share (1, of the leave), leave 2 days < 2.25
    assert hours(plain(), leave, away(13, 15, 0.5)) == pytest.approx((19 - 2.25 - 3) * 4.76)
    # two sick notes on one day: the larger share counts, once
    assert hours(plain(), away(11, 11, 0.5), away(11, 12, 0.2)) == pytest.approx(
        (19 - 2.25 - 0.5 - 0.2) * 4.76
    )


def test_capacity_is_never_below_nothing() -> None:
    assert hours(plain(), away(1, 31)) == 0.0  # 19 - 2.25 - 19 < 0


@pytest.mark.parametrize(
    ("start", "share"),
    [
        (date(2026, 5, 1), 0.5),  # month of Start
        (date(2026, 3, 31), 0.5),  # May is the third calendar month
        (date(2026, 2, 28), 0.75),  # the fourth
        (date(2025, 12, 31), 0.75),  # the sixth
        (date(2025, 11, 30), 1.0),
    ],
)
def test_ramp_goes_by_calendar_months(start: date, share: float) -> None:
    assert hours(plain(start=start)) == pytest.approx(79.73 * share)


def test_given_hours_stand_for_all_but_post_absence_and_ramp() -> None:
    given = {"hours_per_month": 95.0, "fte": 0.5}
    assert hours(plain(**given)) == pytest.approx(95.0)
    # in post 10 of 19 days, of which 11 and 12 May half away: 95 x 9/19 = 45
    left = plain(**given, end=date(2026, 5, 15))
    assert hours(left, away(11, 12, 0.5)) == pytest.approx(45.0)
    # annual leave listed counts here too: 5 of 19 days
    assert hours(plain(**given), away(11, 15, reason="Annual leave")) == pytest.approx(70.0)
    assert hours(plain(**given, start=date(2026, 4, 1))) == pytest.approx(47.5)


def test_a_team_holds_back_hours_in_proportion() -> None:
    # 120 people: 0.03/12 x 120 = 0.3 new a month x (2.75 + 1.65 + 5.0) = 2.82 hours
    people = [person(f"{n:03}") for n in range(118)]
    people.append(person("back", status=Status.ABROAD, release_date=AS_AT))
    people.append(person("reactive", management=Management.REACTIVE))
    people.append(person("inside", status=Status.CUSTODY, release_date=date(2026, 2, 1)))
    people.append(person("elsewhere", team="South"))
    staff = [officer("S1", hours_per_month=60.0), officer("S2", hours_per_month=30.0)]
    staff.append(officer("S3", team="South", hours_per_month=30.0))
    policy = EASY.but({"inflow.per_year": 0.03})
    left = capacities(World.of(register(people, staff, policy=policy)))
    assert left["S1"][MAY] == pytest.approx(60 - 2.82 * 2 / 3)
    assert left["S2"][JUNE] == pytest.approx(30 - 2.82 / 3)
    assert left["S3"][MAY] == pytest.approx(30 - 0.03 / 12 * 9.4)


def test_solo_visits_hold_back_less_and_never_more_than_all() -> None:
    people = [person(f"{n:03}") for n in range(120)]
    solo = EASY.but({"inflow.per_year": 0.03, "visit.crew": 1})
    left = capacities(World.of(register(people, [officer("S1")], policy=solo)))
    assert left["S1"][MAY] == pytest.approx(100 - 0.3 * 7.75)  # 2.75 + 5.0
    huge = EASY.but({"inflow.per_year": 10})
    assert capacities(World.of(register(people, [officer("S1")], policy=huge)))["S1"][MAY] == 0.0
