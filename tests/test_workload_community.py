"""When a person is in the community: seen in a month, counted at its end."""

from datetime import date
from typing import Any

import pytest

from planner.domain.terms import Management, Status
from planner.workload.community import stay
from tests.build import offender, situation

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
    released, registered = date(2026, 3, 10), date(2026, 5, 4)
    found = stay(
        offender(status=Status.HOSPITAL, release_date=released, registered_from=registered)
    )
    assert found is not None and found.first == registered
    assert found.covers(registered) and not found.covers(date(2026, 5, 3))
