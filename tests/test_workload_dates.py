"""When a person is in the community, and when their visits and ARMS fall due."""

from datetime import date
from typing import Any

import pytest

from planner.domain.policy import Policy
from planner.domain.terms import Duty, Management, RiskLevel, Status
from planner.workload.community import stay
from planner.workload.due import add_months, early_months, first_due, interval_months
from tests.build import AS_AT, offender, situation

DEFAULTS = Policy()
VISIT, ARMS = Duty.VISIT, Duty.ARMS
NEVER: list[int] = []


def present(**columns: Any) -> tuple[list[int], list[int]]:
    """The months in which a person can be seen, and those at whose end they count."""
    there = situation([offender(**columns)]).presence["P1"]
    months = range(-1, 21)
    return [m for m in months if there.seen_in(m)], [m for m in months if there.at_end_of(m)]


def to_18(first: int) -> list[int]:
    return list(range(first, 19))


@pytest.mark.parametrize(
    ("columns", "seen", "at_end"),
    [
        ({}, to_18(1), to_18(1)),
        ({"management": Management.REACTIVE}, to_18(1), to_18(1)),  # there, though not visited
        ({"status": Status.MISSING}, NEVER, NEVER),
        ({"status": Status.MISSING, "release_date": date(2026, 3, 1)}, NEVER, NEVER),
        ({"release_date": date(2026, 6, 1)}, to_18(1), to_18(1)),  # a stale date, at home already
    ],
)
def test_status_says_who_is_in_the_community(
    columns: dict[str, Any], seen: list[int], at_end: list[int]
) -> None:
    assert present(**columns) == (seen, at_end)


@pytest.mark.parametrize("status", [Status.CUSTODY, Status.HOSPITAL, Status.ABROAD])
@pytest.mark.parametrize(
    ("release", "first"),
    [
        (None, None),  # no date: never within the plan
        (date(2025, 6, 1), 1),  # expected back before the as-at date
        (date(2026, 2, 28), 1),  # the last day of month 1
        (date(2026, 3, 1), 2),  # the first of month 2
        (date(2026, 3, 17), 2),  # mid-month: seen in it, there at its end
        (date(2027, 7, 31), 18),  # the last day of the horizon
        (date(2027, 8, 1), None),  # the day after
        (date(2200, 12, 31), None),
    ],
)
def test_who_is_away_comes_back_on_the_release_date(
    status: Status, release: date | None, first: int | None
) -> None:
    months = NEVER if first is None else to_18(first)
    assert present(status=status, release_date=release) == (months, months)


@pytest.mark.parametrize(
    ("until", "seen", "at_end"),
    [
        (date(2027, 8, 1), to_18(1), to_18(1)),
        (date(2027, 7, 31), to_18(1), to_18(1)),  # registered on the horizon's last day
        (date(2027, 7, 30), to_18(1), list(range(1, 18))),  # not any more
        (date(2026, 4, 30), [1, 2, 3], [1, 2, 3]),  # the last day of month 3
        (date(2026, 4, 29), [1, 2, 3], [1, 2]),
        (date(2026, 4, 1), [1, 2, 3], [1, 2]),  # one day of month 3
        (date(2026, 3, 31), [1, 2], [1, 2]),
        (date(2026, 2, 1), [1], NEVER),
        (date(2026, 1, 31), NEVER, NEVER),  # over before month 1
        (date(2025, 1, 1), NEVER, NEVER),
    ],
)
def test_nobody_counts_after_registered_until(
    until: date, seen: list[int], at_end: list[int]
) -> None:
    assert present(registered_until=until) == (seen, at_end)


def test_nobody_counts_before_registered_from() -> None:
    assert present(registered_from=date(2026, 5, 31)) == (to_18(4), to_18(4))
    assert present(registered_from=date(2026, 6, 1)) == (to_18(5), to_18(5))
    assert present(registered_from=date(2027, 8, 1)) == (NEVER, NEVER)


def test_a_stay_within_one_month_is_seen_in_it_and_counts_at_no_end() -> None:
    away = {"status": Status.CUSTODY, "registered_until": date(2026, 3, 20)}
    assert present(release_date=date(2026, 3, 10), **away) == ([2], NEVER)
    assert present(release_date=date(2026, 3, 20), **away) == ([2], NEVER)  # a single day
    assert present(release_date=date(2026, 3, 21), **away) == (NEVER, NEVER)


def test_a_stay_begins_on_the_later_of_release_and_registration() -> None:
    days = {"release_date": date(2026, 3, 10), "registered_from": date(2026, 5, 4)}
    found = stay(offender(status=Status.HOSPITAL, **days))
    assert found is not None and found.first == date(2026, 5, 4)
    assert found.covers(date(2026, 5, 4)) and not found.covers(date(2026, 5, 3))


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
