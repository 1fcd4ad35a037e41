"""Who is in post, and who may hold a case, second a visit or do an ARMS."""

from datetime import date
from typing import Any

import pytest

from planner.workload.posts import Posts, is_working_day
from tests.build import offender, officer, situation

CROSS: dict[str, float | bool] = {"cross_team": True}
BY_COLLEAGUE: dict[str, float | bool] = {"arms.by_colleague": True}


def posts(*staff: Any, **parts: Any) -> Posts:
    return situation(staff=staff, **parts).posts


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 4, 2), True),
        (date(2026, 4, 3), False),  # Good Friday
        (date(2026, 4, 6), False),  # Easter Monday
        (date(2026, 5, 4), False),  # early May
        (date(2026, 8, 31), False),  # late summer
        (date(2026, 8, 3), True),  # a bank holiday in Scotland only
        (date(2026, 3, 17), True),  # and in Northern Ireland only
        (date(2026, 12, 25), False),
        (date(2026, 12, 28), False),  # instead of Saturday 26
        (date(2026, 12, 29), True),
        (date(2027, 1, 1), False),
        (date(2026, 2, 27), True),
        (date(2026, 2, 28), False),  # a Saturday
        (date(2026, 3, 1), False),  # a Sunday
    ],
)
def test_working_days_are_those_of_england_and_wales(day: date, worked: bool) -> None:
    assert is_working_day(day) is worked


# Month 1 is February 2026: it ends on Saturday 28, its last working day is Friday 27.
# Month 7 is August: Monday 31 is a bank holiday, the last working day is Friday 28.
# Month 18 is July 2027: it ends on Saturday 31, its last working day is Friday 30.
@pytest.mark.parametrize(
    ("columns", "first", "last"),
    [
        ({}, 1, 18),
        ({"start": date(2026, 2, 27)}, 1, 18),
        ({"start": date(2026, 2, 28)}, 2, 18),  # on the weekend after it
        ({"start": date(2026, 3, 2)}, 2, 18),
        ({"start": date(2026, 8, 28)}, 7, 18),
        ({"start": date(2026, 8, 31)}, 8, 18),  # on a bank holiday
        ({"start": date(2027, 7, 30)}, 18, 18),
        ({"end": date(2026, 2, 26)}, None, None),
        ({"end": date(2026, 2, 27)}, 1, 1),
        ({"end": date(2026, 8, 27)}, 1, 6),
        ({"end": date(2026, 8, 28)}, 1, 7),
        ({"end": date(2026, 8, 30)}, 1, 7),  # leaves on a Sunday
        ({"end": date(2027, 7, 29)}, 1, 17),
        ({"start": date(2026, 3, 2), "end": date(2026, 3, 30)}, None, None),  # 31 is worked
        ({"start": date(2026, 3, 31), "end": date(2026, 3, 31)}, 2, 2),
        ({"start": date(2027, 7, 31)}, None, None),  # starts after the plan
        ({"end": date(2025, 12, 31)}, None, None),  # left before it
    ],
)
def test_a_case_is_held_by_who_is_in_post_on_the_last_working_day(
    columns: dict[str, Any], first: int | None, last: int | None
) -> None:
    months = [] if first is None or last is None else list(range(first, last + 1))
    found = posts(officer(**columns))
    assert list(found.holding_months["S1"]) == months
    assert [m for m in range(1, 19) if found.may_hold("S1", offender(), m)] == months


@pytest.mark.parametrize(
    ("columns", "joins", "leaves"),
    [
        ({}, None, False),
        ({"start": date(2026, 2, 27)}, None, False),  # there from month 1
        ({"start": date(2026, 2, 28)}, 2, False),
        ({"start": date(2027, 7, 30)}, 18, False),
        ({"end": date(2027, 7, 29)}, None, True),
        ({"end": date(2027, 7, 30)}, None, False),  # there to the last working day
        ({"end": date(2027, 7, 31)}, None, False),
        ({"end": date(2025, 12, 31)}, None, True),
        ({"start": date(2027, 8, 2)}, None, False),  # not there yet, but not leaving either
        ({"start": date(2026, 5, 1), "end": date(2026, 11, 30)}, 4, True),
    ],
)
def test_who_joins_and_who_leaves(columns: dict[str, Any], joins: int | None, leaves: bool) -> None:
    found = posts(officer(**columns))
    assert (found.joins("S1"), found.leaves("S1")) == (joins, leaves)


@pytest.mark.parametrize(
    ("case", "held_by"),
    [
        ({}, {"S1", "S2"}),
        ({"not_with": frozenset({"S1"})}, {"S2"}),
        ({"needs": frozenset({"Youth"})}, {"S2"}),
        ({"needs": frozenset({"Youth", "Deaf"})}, set()),  # all of them, not one
        ({"team": "South"}, {"S3"}),
    ],
)
def test_team_conflicts_and_skills_say_who_may_hold(
    case: dict[str, Any], held_by: set[str]
) -> None:
    staff = (officer(), officer("S2", skills=frozenset({"Youth"})), officer("S3", team="South"))
    found = posts(*staff)
    assert {s for s in ("S1", "S2", "S3") if found.may_hold(s, offender(**case), 1)} == held_by


def test_with_cross_team_any_team_may_hold_but_conflicts_stay() -> None:
    found = posts(officer(), officer("S3", team="South"), policy=CROSS)
    assert found.may_hold("S3", offender(), 1)
    assert not found.may_hold("S3", offender(not_with=frozenset({"S3"})), 1)


@pytest.mark.parametrize(
    ("columns", "months"),
    [
        ({"start": date(2026, 2, 27)}, {1, 2}),  # one working day of month 1
        ({"start": date(2026, 2, 28)}, {2}),  # a weekend only
        ({"end": date(2026, 3, 1)}, {1}),  # Sunday 1 March is no working day
        ({"end": date(2026, 3, 2)}, {1, 2}),  # one day of month 2, though holding nothing then
    ],
)
def test_a_working_day_in_the_month_is_enough_to_second(
    columns: dict[str, Any], months: set[int]
) -> None:
    found = posts(officer(), officer("S2", **columns))
    assert {m for m in (1, 2) if "S2" in found.seconds("North", "S1", m)} == months


def test_the_second_is_a_colleague_of_the_team_while_it_has_one() -> None:
    leaver = officer("S2", end=date(2026, 3, 2))
    found = posts(officer(), leaver, officer("S3", team="South"), officer("S4", team="South"))
    assert found.seconds("North", "S1", 2) == ("S2",)
    assert found.seconds("North", "S1", 3) == ("S3", "S4")  # nobody else left in the team
    assert found.seconds("South", "S3", 1) == ("S4",)


def test_with_cross_team_anybody_else_seconds() -> None:
    staff = (officer(), officer("S2"), officer("S3", team="South"))
    assert posts(*staff, policy=CROSS).seconds("North", "S1", 1) == ("S2", "S3")


def test_nobody_seconds_an_officer_all_alone() -> None:
    assert posts(officer()).seconds("North", "S1", 1) == ()


@pytest.mark.parametrize(
    ("since", "trained"),
    [
        (None, False),
        (date(2026, 2, 28), True),
        (date(2026, 3, 1), True),  # by the month's first day
        (date(2026, 3, 2), False),
    ],
)
def test_trained_is_trained_by_the_first_day_of_the_month(
    since: date | None, trained: bool
) -> None:
    found = posts(officer(arms_trained_from=since))
    assert found.is_trained("S1", 2) is trained
    assert found.assessors("North", "S1", 2) == (("S1",) if trained else ())


def team_of_four(policy: dict[str, float | bool]) -> Posts:
    """S1 and S2 trained, S3 not; S4 trained in the other team."""
    untrained = officer("S3", arms_trained_from=None)
    staff = (officer(), officer("S2"), untrained, officer("S4", team="South"))
    return posts(*staff, policy=policy)


@pytest.mark.parametrize(
    ("policy", "by_s1", "by_s3"),
    [
        ({}, ("S1",), ("S1", "S2")),
        (BY_COLLEAGUE, ("S1", "S2"), ("S1", "S2")),
        (CROSS, ("S1",), ("S1", "S2", "S4")),
        ({**CROSS, **BY_COLLEAGUE}, ("S1", "S2", "S4"), ("S1", "S2", "S4")),
    ],
)
def test_an_arms_is_done_by_the_som_or_a_trained_colleague(
    policy: dict[str, float | bool], by_s1: tuple[str, ...], by_s3: tuple[str, ...]
) -> None:
    found = team_of_four(policy)
    assert found.assessors("North", "S1", 1) == by_s1
    assert found.assessors("North", "S3", 1) == by_s3


def test_a_trained_som_not_in_post_in_the_month_leaves_the_arms_to_a_colleague() -> None:
    found = posts(officer(end=date(2026, 3, 1)), officer("S2"))
    assert found.assessors("North", "S1", 1) == ("S1",)
    assert found.assessors("North", "S1", 2) == ("S2",)


def test_the_team_of_the_case_says_who_its_colleagues_are() -> None:
    """A SOM from elsewhere, kept from before, is stood in for by the case's team, or is trained."""
    found = posts(officer(), officer("S3", team="South", arms_trained_from=None), officer("S4"))
    assert found.assessors("North", "S3", 1) == ("S1", "S4")
    both = posts(officer(), officer("S3", team="South"), policy=BY_COLLEAGUE)
    assert both.assessors("North", "S3", 1) == ("S1", "S3")
