"""Rule 9: leads, crews, named seconds, and second hours from month 2 on."""

from dataclasses import replace
from datetime import date

import pytest

from planner.domain.register import Officer, Register
from planner.verify.flow import Network
from planner.verify.verifier import verify
from tests.verify_build import EASY, V, broken, officer, person, register, written

S1, S2, S3 = officer("S1"), officer("S2"), officer("S3")
SOUTH = officer("S9", team="South")
DUE_MAY = {"last_visit": date(2025, 11, 20), "visit_interval": 6}
OVERDUE = {"last_visit": date(2025, 6, 1), "visit_interval": 6}
NEED = 1.65


def three(*staff: Officer, **policy: float) -> Register:
    """Visits in May led by S1, S1 and S2."""
    people = [person("1", **DUE_MAY), person("2", **DUE_MAY), person("3", som="S2", **DUE_MAY)]
    changed = EASY.but({name.replace("__", "."): value for name, value in policy.items()})
    return register(people, staff or (S1, S2, S3), policy=changed)


VISITS = [V(4, "1"), V(4, "2"), V(4, "3")]


def given(reg: Register, **hours: float) -> dict[int, tuple[int, int]]:
    seconds = {(staff_id, 4): amount for staff_id, amount in hours.items()}
    return broken(reg, written(reg, VISITS, seconds=seconds))


# Month 1


@pytest.mark.parametrize(
    ("second", "staff", "faults"),
    [
        ("S2", (S1, S2, SOUTH), 0),
        ("S9", (S1, S2, SOUTH), 1),  # another team, though the team has somebody
        ("S9", (S1, SOUTH), 0),  # the team has nobody else
        ("S2", (S1, replace(S2, end=date(2026, 2, 2))), 0),  # Monday 2 February is worked
        ("S9", (S1, replace(S2, end=date(2026, 2, 1)), SOUTH), 0),
        ("S2", (S1, replace(S2, end=date(2026, 2, 1)), SOUTH), 1),
        ("S1", (S1, S2), 1),  # the lead himself
        ("S7", (S1, S2), 1),  # not in Staff
        ("", (S1, S2), 1),
    ],
)
def test_who_may_second_in_month_1(second: str, staff: tuple[Officer, ...], faults: int) -> None:
    reg = register([person("1", **OVERDUE)], staff)
    found = broken(reg, written(reg, [V(1, "1", second=second)]))
    found.pop(5, None)  # somebody who has left has no hours either
    assert found == ({9: (faults, 0)} if faults else {})


def test_anyone_seconds_with_cross_team() -> None:
    reg = register([person("1", **OVERDUE)], (S1, S2, SOUTH), policy=EASY.but({"cross_team": 1}))
    assert broken(reg, written(reg, [V(1, "1", second="S9")])) == {}


def test_not_with_bars_from_holding_not_from_seconding() -> None:
    reg = register([person("1", not_with=frozenset({"S2"}), **OVERDUE)])
    assert broken(reg, written(reg, [V(1, "1", second="S2")])) == {}


def test_a_solo_visit_has_no_second() -> None:
    reg = register([person("1", crew=1, **OVERDUE)])
    assert broken(reg, written(reg, [V(1, "1")])) == {}
    assert broken(reg, written(reg, [V(1, "1", second="S2")])) == {9: (1, 0)}


def test_the_policy_crew_and_the_override() -> None:
    solo = EASY.but({"visit.crew": 1})
    reg = register([person("1", **OVERDUE), person("2", crew=2, **OVERDUE)], policy=solo)
    plan = written(reg, [V(1, "1"), V(1, "2", second="S2")])
    assert broken(reg, plan) == {}
    both = tuple(replace(row, crew=2) for row in plan.schedule)
    assert broken(reg, replace(plan, schedule=both)) == {9: (1, 0)}


def test_the_som_leads() -> None:
    reg = register([person("1", **OVERDUE)], (S1, S2, S3))
    assert broken(reg, written(reg, [V(1, "1", second="S3", by="S2")])) == {9: (1, 0)}


# Months 2 to 18


@pytest.mark.parametrize(
    ("hours", "faults"),
    [
        ({"S3": 3 * NEED}, 0),
        ({"S2": 2 * NEED, "S1": NEED}, 0),
        ({"S2": 1.0, "S3": 3.0, "S1": 0.95}, 0),  # any part of it
        ({"S2": 2 * NEED, "S3": NEED}, 0),
        ({"S2": 2 * NEED + 0.01, "S3": NEED - 0.01}, 1),  # more than colleagues' visits need
        ({"S1": 2 * NEED, "S2": NEED}, 1),  # S1's own visits find only S2
        ({"S3": 3 * NEED - 0.01}, 1),
        ({"S3": 3 * NEED + 0.01}, 1),
        ({}, 1),
        ({"S3": 3 * NEED + 1, "S2": -1.0}, 2),  # a negative, and so a surplus
    ],
)
def test_second_hours_add_up(hours: dict[str, float], faults: int) -> None:
    found = given(three(), **hours)
    assert found == ({9: (faults, 0)} if faults else {})


def test_second_hours_of_another_team() -> None:
    reg = three(S1, S2, S3, SOUTH)
    assert given(reg, S3=2 * NEED, S9=NEED) == {9: (2, 0)}  # North short, South in surplus
    cross = three(S1, S2, S3, SOUTH, cross_team=1)
    assert given(cross, S3=2 * NEED, S9=NEED) == {}
    assert given(cross, S2=2 * NEED + 0.01, S9=NEED - 0.01) == {9: (1, 0)}


def test_second_hours_where_a_team_has_nobody_else() -> None:
    """S9 is alone in South: its visit is seconded from North, and it may not help North."""
    people = [person("1", **DUE_MAY), person("2", som="S9", team="South", **DUE_MAY)]
    reg = register(people, (S1, S2, SOUTH))
    visits = [V(4, "1"), V(4, "2")]

    def found(**hours: float) -> dict[int, tuple[int, int]]:
        seconds = {(staff_id, 4): amount for staff_id, amount in hours.items()}
        return broken(reg, written(reg, visits, seconds=seconds))

    assert found(S2=2 * NEED) == {}
    assert found(S2=NEED, S1=NEED) == {}
    assert found(S2=NEED - 0.01, S1=NEED + 0.01) == {9: (1, 0)}  # S1's own visit
    assert found(S2=NEED, S9=NEED) == {9: (1, 0)}  # its own again
    assert found(S2=2 * NEED + 1) == {9: (1, 0)}


def test_second_hours_of_somebody_not_in_post() -> None:
    gone = officer("S4", end=date(2026, 4, 30))
    assert given(three(S1, S2, S3, gone), S3=2 * NEED, S4=NEED)[9] == (2, 0)
    there = officer("S4", end=date(2026, 5, 1))
    assert given(three(S1, S2, S3, there), S3=2 * NEED, S4=NEED) == {}


def test_a_second_named_later_gives_the_hours() -> None:
    reg = three()
    visits = [V(4, "1", second="S2"), V(4, "2"), V(4, "3", second="S3")]

    def found(**hours: float) -> dict[int, tuple[int, int]]:
        seconds = {(staff_id, 4): amount for staff_id, amount in hours.items()}
        return broken(reg, written(reg, visits, seconds=seconds))

    assert found(S2=NEED, S3=2 * NEED) == {}
    assert found(S2=2 * NEED, S3=NEED) == {}
    assert found(S1=NEED, S2=NEED, S3=NEED)[9] == (1, 0)  # what is left is S1's own
    assert found(S3=3 * NEED)[9] == (2, 0)  # S2 is named and gives nothing


def test_amounts_are_hours() -> None:
    reg = three()
    plan = written(reg, VISITS, seconds={("S3", 4): 2 * NEED})
    breach = verify(reg, plan).findings[8].breaches[0]
    assert breach.amount == pytest.approx(NEED) and breach.month == date(2026, 5, 1)


def test_flow_finds_the_way_round() -> None:
    """0 -> {1, 2} -> {3, 4} -> 5, where the greedy way blocks itself."""
    network = Network(6)
    for tail, head, room in ((0, 1, 4), (0, 2, 3), (1, 3, 4), (1, 4, 4), (2, 3, 3), (3, 5, 3),
                             (4, 5, 4)):  # fmt: skip
        network.join(tail, head, room)
    assert network.greatest_flow(0, 5) == 7
