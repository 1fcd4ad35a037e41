"""Hours of duties, of officers and held back: every figure worked out by hand.

June 2026 (month 5) has 22 working days and no bank holiday. A full-time police officer has in it
(22 - 27/12) days of 8 hours x 0.85 x 0.70 = 19.75 x 4.76 = 94.01 hours. Leave is 2.25 days a month.
"""

from datetime import date
from typing import Any

import pytest

from planner.domain.policy import Policy
from planner.domain.register import Absence
from planner.domain.terms import Management, Role, Status
from planner.workload.capacity import DutyHours, hold_back_hours
from tests.build import AS_AT, offender, officer, situation

JUNE = 5


def hours(month: int = JUNE, absences: tuple[Absence, ...] = (), **columns: Any) -> float:
    return situation(staff=[officer(**columns)], absences=absences).capacity["S1", month]


def away(first: int, last: int, share: float = 1.0, reason: str = "Sickness") -> Absence:
    """Days of June 2026: Monday to Friday are 1 to 5."""
    return Absence(
        staff_id="S1",
        first=date(2026, 6, first),
        last=date(2026, 6, last),
        share=share,
        reason=reason,
    )


def leave(first: int, last: int, share: float = 1.0) -> Absence:
    return away(first, last, share, "Annual leave")


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        (1, 84.49),  # February: 20 days, 17.75 x 4.76
        (3, 84.49),  # April: 22 weekdays less Good Friday and Easter Monday
        (4, 79.73),  # May: 21 weekdays less two bank holidays, 16.75 x 4.76
        (JUNE, 94.01),
        (11, 89.25),  # December: 23 weekdays less 25 and 28, 18.75 x 4.76
    ],
)
def test_a_full_time_officer(month: int, expected: float) -> None:
    assert hours(month) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"fte": 0.5}, 47.005),
        ({"fte": 0.0}, 0.0),
        ({"role": Role.STAFF}, 86.95925),  # 19.75 x 7.4 x 0.595
        ({"role": Role.STAFF, "fte": 0.6}, 52.17555),
        # In post on 10 of 22 days: (10 - 2.25 x 10/22) x 4.76 = 42.73182
        ({"end": date(2026, 6, 12)}, 42.73182),
        ({"end": date(2026, 6, 14)}, 42.73182),  # Sunday
        ({"end": date(2026, 6, 11)}, 38.45864),  # 9 days
        ({"end": date(2026, 5, 31)}, 0.0),
        ({"start": date(2026, 7, 1)}, 0.0),
    ],
)
def test_part_time_staff_and_part_of_a_month(columns: dict[str, Any], expected: float) -> None:
    assert hours(**columns) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("absences", "days"),
    [
        # Listed leave counts where above the 2.25 days due.
        ((leave(1, 2),), 22 - 2.25),
        ((leave(1, 3),), 22 - 3),
        ((leave(1, 5),), 22 - 5),
        ((leave(1, 5, 0.5),), 22 - 2.5),
        ((leave(1, 4, 0.5),), 22 - 2.25),
        # All else is lost beside the leave.
        ((away(1, 5),), 22 - 2.25 - 5),
        ((away(1, 5, 0.5),), 22 - 2.25 - 2.5),
        ((away(1, 5, 0.0),), 22 - 2.25),
        ((away(5, 8),), 22 - 2.25 - 2),  # Friday to Monday
        ((away(6, 7),), 22 - 2.25),  # a weekend
        ((leave(1, 5), away(8, 9)), 22 - 5 - 2),
        # A day counts once, with its largest share: 0.5 + 0.5 + 1 + 1 + 0.5.
        ((away(1, 5, 0.5), away(3, 4)), 22 - 2.25 - 3.5),
        ((away(3, 4), away(1, 5, 0.5)), 22 - 2.25 - 3.5),
        ((leave(1, 5, 0.5), leave(3, 4)), 22 - 3.5),
        # A day listed as both counts as the other, with its largest share.
        ((leave(1, 2), away(2, 2, 0.5)), 22 - 2.25 - 1),
        ((away(2, 2, 0.5), leave(1, 2)), 22 - 2.25 - 1),
        ((leave(1, 5), away(5, 5, 0.25)), 22 - 4 - 1),
        # Never below nothing.
        ((away(1, 30),), 0),
        ((leave(1, 30),), 0),
    ],
)
def test_days_away(absences: tuple[Absence, ...], days: float) -> None:
    assert hours(absences=absences) == pytest.approx(days * 4.76, abs=1e-9)


@pytest.mark.parametrize("reason", ["Annual leave", "annual leave", " ANNUAL LEAVE "])
def test_leave_is_leave_however_it_is_spelt(reason: str) -> None:
    assert hours(absences=(away(1, 5, reason=reason),)) == pytest.approx(17 * 4.76)


def test_absence_on_a_bank_holiday_and_out_of_post_takes_nothing() -> None:
    easter = Absence(staff_id="S1", first=date(2026, 4, 3), last=date(2026, 4, 6))
    assert hours(3, (easter,)) == pytest.approx(84.49)
    gone = away(15, 19)  # after the end: 10 days in post, none of them away
    assert hours(absences=(gone,), end=date(2026, 6, 12)) == pytest.approx(42.73182, abs=1e-5)


def test_somebody_elses_absence_takes_nothing() -> None:
    staff = [officer(), officer("S2")]
    found = situation(staff=staff, absences=[away(1, 5)]).capacity
    assert (found["S1", JUNE], found["S2", JUNE]) == pytest.approx((14.75 * 4.76, 94.01))


@pytest.mark.parametrize(
    ("start", "by_month"),
    [
        # From mid-June: 12 of 22 days at half, June to August; three quarters to November.
        (
            date(2026, 6, 15),
            {4: 0, 5: 100 * 12 / 22 * 0.5, 6: 50, 7: 50, 8: 75, 10: 75, 11: 100, 18: 100},
        ),
        # Before the plan: December and January are gone, month 1 is the third and last at half.
        (date(2025, 12, 10), {1: 50, 2: 75, 4: 75, 5: 100}),
        (date(2025, 12, 31), {1: 50, 2: 75}),
        (date(2025, 8, 31), {1: 100}),  # its seventh month
        (date(2025, 9, 1), {1: 75, 2: 100}),
        (date(2010, 1, 1), {1: 100, 18: 100}),
    ],
)
def test_the_ramp_goes_by_calendar_months(start: date, by_month: dict[int, float]) -> None:
    found = {m: hours(m, start=start, hours_per_month=100) for m in by_month}
    assert found == pytest.approx(by_month)


def test_the_ramps_length_and_shares_are_the_policys() -> None:
    policy = {
        "hours.ramp.first_months": 0,
        "hours.ramp.second_months": 1,
        "hours.ramp.second_share": 0.2,
    }
    staff = [officer(start=date(2026, 6, 1), hours_per_month=100)]
    found = situation(staff=staff, policy=policy).capacity
    assert [found["S1", m] for m in (4, 5, 6)] == pytest.approx([0, 20, 100])


@pytest.mark.parametrize(
    ("absences", "columns", "expected"),
    [
        ((), {}, 100),  # no leave, no other duties, no share of the day taken off
        ((), {"fte": 0.5, "role": Role.STAFF}, 100),
        ((away(1, 5),), {}, 100 * 17 / 22),
        ((leave(1, 5),), {}, 100 * 17 / 22),  # listed leave is an absence like any other
        ((away(1, 5, 0.5),), {}, 100 * 19.5 / 22),
        ((leave(1, 5, 0.5), away(5, 5)), {}, 100 * 19 / 22),
        ((), {"end": date(2026, 6, 12)}, 100 * 10 / 22),
        ((away(12, 15),), {"end": date(2026, 6, 12)}, 100 * 9 / 22),
        ((away(1, 30),), {}, 0),
        ((), {"hours_per_month": 0.0}, 0),
    ],
)
def test_hours_per_month_instead(
    absences: tuple[Absence, ...], columns: dict[str, Any], expected: float
) -> None:
    found = hours(absences=absences, **{"hours_per_month": 100.0, **columns})
    assert found == pytest.approx(expected)


def test_hours_of_duties() -> None:
    """Lead (1.5 + 1) x (1 + 0.2 x 0.5) = 2.75, second 1.5 x 1.1 = 1.65, ARMS 5."""
    found = DutyHours.of(Policy())
    assert (found.lead, found.second, found.arms) == pytest.approx((2.75, 1.65, 5))
    assert (found.visit(1), found.visit(2)) == pytest.approx((2.75, 4.4))


THERE = {"registered_from": date(2020, 1, 1)}


@pytest.mark.parametrize(
    ("columns", "counted"),
    [
        ({}, True),
        ({"management": Management.REACTIVE}, True),
        ({"status": Status.MISSING}, False),
        ({"status": Status.CUSTODY}, False),
        ({"status": Status.CUSTODY, "release_date": AS_AT}, True),
        ({"status": Status.CUSTODY, "release_date": date(2026, 1, 16)}, False),
        ({"registered_until": AS_AT}, True),
        ({"registered_until": date(2026, 1, 14)}, False),
        ({"registered_from": date(2026, 1, 16)}, False),
    ],
)
def test_hours_are_held_back_for_people_there_at_the_as_at_date(
    columns: dict[str, Any], counted: bool
) -> None:
    """12 a year for each person is one a month: 4.4 h of visit and 5 h of ARMS."""
    found = situation([offender(**{**THERE, **columns})], policy={"inflow.per_year": 10})
    assert hold_back_hours(found.register)["North"] == pytest.approx(
        10 / 12 * 9.4 if counted else 0
    )


def held_back(people: int, **policy: float) -> dict[tuple[str, int], float]:
    """S1 with 100 and S2 with 50 hours in North, S3 with 80 in South, where nobody lives."""
    staff = [
        officer(hours_per_month=100),
        officer("S2", hours_per_month=50, end=date(2026, 6, 12)),
        officer("S3", team="South", hours_per_month=80),
    ]
    homes = [offender(f"P{n}") for n in range(people)]
    return situation(homes, staff, {"inflow.per_year": 1, **policy}).capacity


def test_each_officer_gives_in_proportion_to_the_hours_there_are() -> None:
    """12 people, so 9.4 hours a month: 2/3 from S1, 1/3 from S2, who has 22.72727 in June."""
    found = held_back(12)
    assert found["S1", 4] == pytest.approx(100 - 9.4 * 100 / 150)
    assert found["S2", 4] == pytest.approx(50 - 9.4 * 50 / 150)
    june = 100 + 50 * 10 / 22
    assert found["S1", JUNE] == pytest.approx(100 * (1 - 9.4 / june))
    assert found["S2", JUNE] == pytest.approx(50 * 10 / 22 * (1 - 9.4 / june))
    assert found["S1", 6] == pytest.approx(100 - 9.4) and found["S2", 6] == 0
    assert found["S3", 4] == 80


def test_no_more_is_held_back_than_there_is() -> None:
    """From month 6 S1 is alone with 100 hours: 127 people hold back 99.48333, 128 all."""
    assert held_back(127)["S1", 6] == pytest.approx(0.51667, abs=1e-5)
    assert held_back(128)["S1", 6] == 0
    assert held_back(300)["S1", 4] == held_back(300)["S2", 4] == 0


def test_a_crew_of_one_holds_back_less() -> None:
    """One registration a month: 2.75 h of visit and 5 h of ARMS."""
    assert held_back(12, **{"visit.crew": 1})["S1", 6] == pytest.approx(100 - 7.75)
