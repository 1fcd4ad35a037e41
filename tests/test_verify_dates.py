"""The verifier's own months, community and due dates."""

from datetime import date
from typing import Any

import pytest

from planner.domain.policy import Policy
from planner.domain.terms import Duty, Management, RiskLevel, Status
from planner.verify.months import ALL, Months, months_in, span
from planner.verify.people import Person, person_of
from planner.verify.world import World
from tests.verify_build import AS_AT, EASY, officer, person, register

MONTHS = Months.after(AS_AT)


def of(**columns: Any) -> Person:
    return person_of(person("001", **columns), EASY, MONTHS)


def due(duty: Duty, **columns: Any) -> date:
    return of(**columns).rhythms[duty].due


@pytest.mark.parametrize(
    ("as_at", "first"),
    [
        (date(2026, 1, 1), date(2026, 1, 1)),  # a month that begins on the day itself
        (date(2026, 1, 2), date(2026, 2, 1)),
        (date(2026, 1, 31), date(2026, 2, 1)),
        (date(2026, 12, 15), date(2027, 1, 1)),
    ],
)
def test_month_1_begins_on_or_after_the_as_at_date(as_at: date, first: date) -> None:
    assert Months.after(as_at).starts[1] == first


def test_months_have_numbers_before_in_and_after_the_plan() -> None:
    assert MONTHS.starts[18] == date(2027, 7, 1) and MONTHS.ends[18] == date(2027, 7, 31)
    assert MONTHS.number(date(2026, 1, 31)) == 0
    assert MONTHS.number(date(2025, 2, 28)) == -11
    assert MONTHS.start(19) == date(2027, 8, 1) and MONTHS.start(-11) == date(2025, 2, 1)


def test_bank_holidays_of_england_are_no_working_days() -> None:
    may = MONTHS.working[4]  # 21 weekdays, less Monday 4 (May Day) and Monday 25 (Spring)
    assert len(may) == 19 and date(2026, 5, 4) not in may and date(2026, 5, 25) not in may
    april = MONTHS.working[3]  # 22 weekdays, less Good Friday 3 and Easter Monday 6
    assert len(april) == 20
    # 2026: 23 weekdays, less Friday 25 and Monday 28 (for Saturday 26)
    assert len(MONTHS.working[11]) == 21
    # St Patrick's Day (Northern Ireland) and 2 January (Scotland) are worked: month 2 has 22
    assert date(2026, 3, 17) in MONTHS.working[2] and len(MONTHS.working[2]) == 22
    assert MONTHS.last_working_day(4) == date(2026, 5, 29)  # 30 and 31 May are a weekend


def test_months_as_bits() -> None:
    assert months_in(span(3, 5)) == [3, 4, 5] and span(5, 4) == 0
    assert months_in(ALL) == list(range(1, 19))


@pytest.mark.parametrize(
    ("columns", "present", "at_end"),
    [
        ({}, (1, 18), (1, 18)),
        ({"status": Status.MISSING, "release_date": date(2026, 3, 1)}, None, None),
        ({"status": Status.CUSTODY}, None, None),
        # back on the last day of April: a day in the community, and the last day too
        ({"status": Status.CUSTODY, "release_date": date(2026, 4, 30)}, (3, 18), (3, 18)),
        ({"status": Status.ABROAD, "release_date": date(2026, 5, 1)}, (4, 18), (4, 18)),
        ({"status": Status.HOSPITAL, "release_date": date(2025, 5, 1)}, (1, 18), (1, 18)),
        # the last day registered counts: 30 June is in, 29 June leaves June's end out
        ({"registered_until": date(2026, 6, 30)}, (1, 5), (1, 5)),
        ({"registered_until": date(2026, 6, 29)}, (1, 5), (1, 4)),
        ({"registered_until": date(2026, 6, 1)}, (1, 5), (1, 4)),
        ({"registered_until": date(2026, 1, 31)}, None, None),
        ({"registered_until": date(2027, 7, 30)}, (1, 18), (1, 17)),
        ({"registered_from": date(2026, 2, 28)}, (1, 18), (1, 18)),
        ({"registered_from": date(2026, 3, 1)}, (2, 18), (2, 18)),
        ({"registered_from": date(2027, 8, 1)}, None, None),
        (  # the later of release and registration
            {
                "status": Status.CUSTODY,
                "release_date": date(2026, 3, 1),
                "registered_from": date(2026, 7, 9),
            },
            (6, 18),
            (6, 18),
        ),
    ],
)
def test_in_the_community(
    columns: dict[str, object], present: tuple[int, int] | None, at_end: tuple[int, int] | None
) -> None:
    someone = of(**columns)
    assert someone.present == (span(*present) if present else 0)
    assert someone.at_end == (span(*at_end) if at_end else 0)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"last_visit": date(2025, 11, 30), "visit_interval": 3}, date(2026, 2, 28)),
        ({"last_visit": date(2025, 12, 31), "visit_interval": 1}, date(2026, 1, 31)),
        ({"last_visit": date(2026, 1, 31), "visit_interval": 1}, date(2026, 2, 28)),
        ({"last_visit": date(2024, 2, 29), "visit_interval": 12}, date(2025, 2, 28)),
        ({"last_visit": date(2024, 2, 29), "visit_interval": 48}, date(2028, 2, 29)),
        # the policy's interval by level where there is no override
        ({"last_visit": date(2026, 1, 5), "visit_interval": None}, date(2027, 1, 5)),
        (
            {"last_visit": date(2026, 1, 5), "visit_interval": None, "level": RiskLevel.HIGH},
            date(2026, 4, 5),
        ),
        # never seen: 14 days after registration, else the as-at date
        ({"last_visit": None, "registered_from": date(2025, 12, 25)}, date(2026, 1, 8)),
        ({"last_visit": None}, AS_AT),
        # away at the as-at date: 14 days after release, whatever the last visit
        ({"status": Status.CUSTODY, "release_date": date(2026, 3, 1)}, date(2026, 3, 15)),
        ({"status": Status.CUSTODY, "release_date": date(2026, 1, 16)}, date(2026, 1, 30)),
        ({"registered_from": date(2026, 1, 16)}, date(2026, 1, 30)),
        (  # the later of the two
            {
                "status": Status.HOSPITAL,
                "release_date": date(2026, 3, 1),
                "registered_from": date(2025, 3, 1),
            },
            date(2026, 3, 15),
        ),
        # back by the as-at date: as anybody
        ({"status": Status.CUSTODY, "release_date": AS_AT}, date(2028, 1, 10)),
    ],
)
def test_first_visit_due(columns: dict[str, object], expected: date) -> None:
    assert due(Duty.VISIT, **columns) == expected


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"arms_due": date(2026, 9, 9), "last_arms": date(2025, 1, 1)}, date(2026, 9, 9)),
        ({"arms_due": None, "last_arms": date(2024, 2, 29)}, date(2025, 2, 28)),
        ({"arms_due": None, "registered_from": date(2026, 1, 1)}, date(2026, 2, 26)),
        ({"arms_due": None}, AS_AT),
        # away: 56 days after release, whatever ARMS due says
        ({"status": Status.ABROAD, "release_date": date(2026, 3, 1)}, date(2026, 4, 26)),
    ],
)
def test_first_arms_due(columns: dict[str, object], expected: date) -> None:
    assert due(Duty.ARMS, **columns) == expected


@pytest.mark.parametrize(("interval", "early"), [(1, 0), (2, 1), (3, 1), (4, 2), (6, 2), (12, 2)])
def test_visits_may_be_early_by_half_the_interval_at_most_2(interval: int, early: int) -> None:
    assert of(visit_interval=interval).rhythms[Duty.VISIT].early == early


def test_nothing_falls_due_where_reactive_or_not_applicable() -> None:
    assert of(management=Management.REACTIVE).rhythms == {}
    assert list(of(arms_applicable=False).rhythms) == [Duty.VISIT]


def test_arms_may_be_two_months_early_whatever_the_review() -> None:
    short = Policy.of({"arms.review_months": 1})
    rhythm = person_of(person("001"), short, MONTHS).rhythms[Duty.ARMS]
    assert (rhythm.interval, rhythm.early, rhythm.gap) == (1, 2, 1)


@pytest.mark.parametrize(
    ("columns", "holds", "works"),
    [
        ({}, (1, 18), (1, 18)),
        ({"end": date(2026, 5, 29)}, (1, 4), (1, 4)),  # May's last working day
        ({"end": date(2026, 5, 28)}, (1, 3), (1, 4)),
        ({"end": date(2026, 5, 1)}, (1, 3), (1, 4)),  # Friday 1 May is worked
        ({"start": date(2026, 5, 29)}, (4, 18), (4, 18)),
        ({"start": date(2026, 5, 30)}, (5, 18), (5, 18)),  # a Saturday
        ({"end": date(2026, 1, 31)}, None, None),
    ],
)
def test_in_post(
    columns: dict[str, object], holds: tuple[int, int] | None, works: tuple[int, int] | None
) -> None:
    post = World.of(register([], [officer("S1", **columns)])).staff["S1"]
    assert post.holds == (span(*holds) if holds else 0)
    assert post.works == (span(*works) if works else 0)


def test_who_leaves_and_who_joins() -> None:
    staff = [
        officer("stays", end=date(2027, 7, 30)),  # July 2027's last working day, a Friday
        officer("leaves", end=date(2027, 7, 29)),
        officer("first", start=date(2026, 2, 27)),  # February's last working day
        officer("joins", start=date(2026, 3, 31)),
    ]
    posts = World.of(register([], staff)).staff
    assert [p.officer.staff_id for p in posts.values() if p.leaves] == ["leaves"]
    assert {s: p.joins for s, p in posts.items() if p.joins} == {"joins": 2}


def test_trained_by_the_first_day_of_the_month() -> None:
    staff = [officer("S1", arms_trained_from=date(2026, 3, 1)), officer("S2")]
    world = World.of(register([], [*staff, officer("S3", arms_trained_from=date(2026, 3, 2))]))
    assert [world.can_assess("S1", m) for m in (1, 2)] == [False, True]
    assert [world.can_assess("S3", m) for m in (2, 3)] == [False, True]
