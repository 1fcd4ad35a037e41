"""When visits and ARMS fall due, and how early they may be done."""

from datetime import date
from typing import Any

import pytest

from planner.domain.policy import Policy
from planner.domain.terms import Duty, Management, RiskLevel, Status
from planner.workload.due import add_months, early_months, first_due, interval_months
from tests.build import AS_AT, offender, situation

DEFAULTS = Policy()
VISIT, ARMS = Duty.VISIT, Duty.ARMS


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 30), 1, date(2026, 2, 28)),
        (date(2026, 1, 28), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 2, 28), 1, date(2026, 3, 28)),  # the day, not the month's end
        (date(2026, 8, 31), 3, date(2026, 11, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 25, date(2028, 12, 30)),
    ],
)
def test_adding_months_keeps_the_day_or_takes_the_last(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def due(duty: Duty, policy: Policy = DEFAULTS, **columns: Any) -> date | None:
    return first_due(offender(**columns), duty, policy, AS_AT)


@pytest.mark.parametrize(
    ("level", "day"),
    [
        (RiskLevel.VERY_HIGH, date(2025, 12, 30)),  # 1 month
        (RiskLevel.HIGH, date(2026, 2, 28)),  # 3, and February has no 30th
        (RiskLevel.MEDIUM, date(2026, 5, 30)),  # 6
        (RiskLevel.LOW, date(2026, 11, 30)),  # 12
    ],
)
def test_a_visit_is_due_an_interval_after_the_last(level: RiskLevel, day: date) -> None:
    assert due(VISIT, level=level, last_visit=date(2025, 11, 30)) == day


REGISTERED = date(2025, 12, 1)


@pytest.mark.parametrize(
    ("columns", "visit", "arms"),
    [
        # No date at all: the as-at date.
        ({}, AS_AT, AS_AT),
        # Never seen: 14 days after registration, never assessed: 56.
        ({"registered_from": REGISTERED}, date(2025, 12, 15), date(2026, 1, 26)),
        # The override goes before the policy's 12 months; ARMS review is 12 months.
        (
            {"last_visit": date(2025, 10, 5), "visit_interval": 2, "last_arms": date(2025, 3, 3)},
            date(2025, 12, 5),
            date(2026, 3, 3),
        ),
        # Last dates go before registration, ARMS due before the last ARMS.
        (
            {
                "registered_from": REGISTERED,
                "last_visit": date(2025, 12, 20),
                "last_arms": date(2025, 12, 20),
                "arms_due": date(2026, 2, 2),
            },
            date(2026, 12, 20),
            date(2026, 2, 2),
        ),
        # A duty long forgotten stays due on its own date.
        ({"last_visit": date(2019, 2, 28)}, date(2020, 2, 28), AS_AT),
        # Registered until: no matter for what is due.
        ({"registered_until": date(2026, 1, 20)}, AS_AT, AS_AT),
        ({"registered_until": AS_AT}, AS_AT, AS_AT),
    ],
)
def test_first_due_in_the_community(columns: dict[str, Any], visit: date, arms: date) -> None:
    assert (due(VISIT, **columns), due(ARMS, **columns)) == (visit, arms)


KNOWN = {
    "last_visit": date(2025, 12, 1),
    "last_arms": date(2025, 12, 1),
    "arms_due": date(2026, 2, 2),
}


@pytest.mark.parametrize(
    ("columns", "visit", "arms"),
    [
        # Away at the as-at date: 14 and 56 days after the release, whatever else is known.
        (
            {"status": Status.CUSTODY, "release_date": date(2026, 3, 1), **KNOWN},
            date(2026, 3, 15),
            date(2026, 4, 26),
        ),
        # Back tomorrow is away today; back today is in the community, and the columns count.
        (
            {"status": Status.ABROAD, "release_date": date(2026, 1, 16), **KNOWN},
            date(2026, 1, 30),
            date(2026, 3, 13),
        ),
        (
            {"status": Status.ABROAD, "release_date": AS_AT, **KNOWN},
            date(2026, 12, 1),
            date(2026, 2, 2),
        ),
        # The later of release and registration.
        (
            {
                "status": Status.HOSPITAL,
                "release_date": date(2026, 3, 1),
                "registered_from": date(2026, 4, 1),
                **KNOWN,
            },
            date(2026, 4, 15),
            date(2026, 5, 27),
        ),
        (
            {
                "status": Status.HOSPITAL,
                "release_date": date(2026, 4, 1),
                "registered_from": date(2026, 3, 1),
            },
            date(2026, 4, 15),
            date(2026, 5, 27),
        ),
        # Not registered yet, at home: the contract's words go by the later date here too.
        ({"registered_from": date(2026, 1, 16), **KNOWN}, date(2026, 1, 30), date(2026, 3, 13)),
        (
            {"registered_from": date(2026, 1, 16), "release_date": date(2026, 3, 1)},
            date(2026, 3, 15),
            date(2026, 4, 26),
        ),
    ],
)
def test_first_due_of_who_is_not_there_yet(
    columns: dict[str, Any], visit: date, arms: date
) -> None:
    assert (due(VISIT, **columns), due(ARMS, **columns)) == (visit, arms)


@pytest.mark.parametrize(
    "columns",
    [
        {"management": Management.REACTIVE},
        {"status": Status.MISSING},
        {"status": Status.CUSTODY},
        {"registered_until": date(2026, 1, 14)},  # off the register the day before
        {
            "status": Status.CUSTODY,
            "release_date": date(2026, 6, 2),
            "registered_until": date(2026, 6, 1),
        },
    ],
)
def test_nothing_is_owed_to(columns: dict[str, Any]) -> None:
    assert due(VISIT, **columns) is None and due(ARMS, **columns) is None


def test_no_arms_where_it_does_not_apply() -> None:
    assert due(VISIT, arms_applicable=False) == AS_AT
    assert due(ARMS, arms_applicable=False, arms_due=date(2026, 2, 2)) is None


def test_days_and_intervals_are_the_policys() -> None:
    policy = Policy.of(
        {
            "visit.first_within_days": 0,
            "arms.first_within_days": 1,
            "visit.interval.low": 5,
            "arms.review_months": 18,
        }
    )
    assert due(VISIT, policy, registered_from=REGISTERED) == REGISTERED
    assert due(ARMS, policy, registered_from=REGISTERED) == date(2025, 12, 2)
    assert due(VISIT, policy, last_visit=date(2025, 9, 30)) == date(2026, 2, 28)
    assert due(ARMS, policy, last_arms=date(2025, 8, 31)) == date(2027, 2, 28)
    assert interval_months(offender(), ARMS, policy) == 18


@pytest.mark.parametrize(
    ("interval", "early"), [(1, 0), (2, 1), (3, 1), (4, 2), (5, 2), (6, 2), (12, 2), (24, 2)]
)
def test_a_visit_may_be_half_its_interval_early_and_two_months_at_most(
    interval: int, early: int
) -> None:
    assert early_months(offender(visit_interval=interval), VISIT, DEFAULTS) == early
    by_policy = Policy.of({"visit.interval.low": interval})
    assert early_months(offender(), VISIT, by_policy) == early


@pytest.mark.parametrize("review", [1, 2, 12, 24])
def test_an_arms_may_be_two_months_early_whatever_the_review(review: int) -> None:
    assert early_months(offender(), ARMS, Policy.of({"arms.review_months": review})) == 2


@pytest.mark.parametrize(
    ("arms_due", "due_month", "earliest"),
    [
        (date(2025, 1, 31), -12, 1),  # a year ago: from month 1
        (date(2026, 1, 31), 0, 1),
        (date(2026, 4, 30), 3, 1),
        (date(2026, 5, 1), 4, 2),
        (date(2027, 7, 31), 18, 16),
        (date(2027, 10, 1), 21, 19),  # not within the plan
    ],
)
def test_the_due_month_and_the_first_month_open(
    arms_due: date, due_month: int, earliest: int
) -> None:
    chain = situation([offender(arms_due=arms_due)]).chain["P1", ARMS]
    assert chain.due_month == due_month and chain.earliest(due_month) == earliest
