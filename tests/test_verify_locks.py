"""Rule 2: keeps and locks, and which of them the register leaves no choice on."""

from dataclasses import replace
from datetime import date

import pytest

from planner.domain.register import Lock, Offender, Officer, Register
from planner.domain.terms import LockKind, Management, RiskLevel, Status
from planner.verify.verifier import verify
from tests.verify_build import (
    EASY,
    A,
    V,
    broken,
    duty_lock,
    officer,
    person,
    register,
    som_lock,
    written,
)

S1, S2, S3 = officer("S1"), officer("S2"), officer("S3")
GONE = officer("gone", end=date(2026, 5, 28))  # out from month 4
JOINS = officer("joins", start=date(2026, 4, 1))  # from month 3
VISIT, ARMS = LockKind.VISIT, LockKind.ARMS
DUE_MAY = {"last_visit": date(2025, 11, 20), "visit_interval": 6}  # 20 May 2026: month 4, early 2


def locked(someone: Offender, *locks: Lock, staff: tuple[Officer, ...] = (S1, S2, S3)) -> Register:
    return register([someone], staff, locks=locks)


def test_a_keep_holds() -> None:
    reg = register([person("1", keep=True)])
    assert broken(reg, written(reg)) == {}
    assert broken(reg, written(reg, holds={"1": [(1, "S2")]})) == {2: (1, 0)}


def test_a_keep_ends_when_the_som_leaves_or_never_begins() -> None:
    reg = register([person("1", som="gone", keep=True)], [S1, GONE])
    assert broken(reg, written(reg, holds={"1": [(1, "gone"), (4, "S1")]})) == {}
    assert broken(reg, written(reg, holds={"1": [(1, "S1")]})) == {2: (1, 0)}
    barred = register([person("1", keep=True, not_with=frozenset({"S1"}))])
    assert broken(barred, written(barred, holds={"1": [(1, "S2")]})) == {}
    late = register([person("1", som="joins", keep=True)], [S1, JOINS])
    assert broken(late, written(late, holds={"1": [(1, "S1")]})) == {}


def test_a_som_lock_holds_in_every_month_it_can() -> None:
    reg = locked(person("1"), som_lock("1", "S2"))
    assert broken(reg, written(reg)) == {2: (1, 0)}
    assert broken(reg, written(reg, holds={"1": [(1, "S2")]})) == {}
    reg = locked(person("1"), som_lock("1", "joins"), staff=(S1, JOINS))
    assert broken(reg, written(reg)) == {2: (1, 0)}
    assert broken(reg, written(reg, holds={"1": [(1, "S1"), (3, "joins")]})) == {}
    after = {"1": [(1, "gone"), (4, "S1")]}
    reg = locked(person("1"), som_lock("1", "gone"), staff=(S1, GONE))
    assert broken(reg, written(reg, holds=after)) == {}


@pytest.mark.parametrize("som", ["S9", "barred"])
def test_a_lock_on_somebody_who_may_never_hold_is_forced(som: str) -> None:
    someone = person("1", not_with=frozenset({"barred"}))
    reg = locked(someone, som_lock("1", som), staff=(S1, officer("barred")))
    assert broken(reg, written(reg)) == {2: (1, 1)}


def test_two_locks_on_one_person() -> None:
    reg = locked(person("1"), som_lock("1", "S2"), som_lock("1", "S3"))
    assert broken(reg, written(reg, holds={"1": [(1, "S2")]})) == {2: (1, 1)}
    assert broken(reg, written(reg)) == {2: (2, 1)}
    twice = locked(person("1"), som_lock("1", "S2"), som_lock("1", "S2"))
    assert broken(twice, written(twice)) == {2: (1, 0)}
    # one after the other, both hold
    relay = officer("relay", start=date(2026, 5, 29))
    reg = locked(
        person("1", som="gone"), som_lock("1", "gone"), som_lock("1", "relay"), staff=(GONE, relay)
    )
    assert broken(reg, written(reg, holds={"1": [(1, "gone"), (4, "relay")]})) == {}


def test_a_lock_wins_over_a_keep() -> None:
    reg = locked(person("1", keep=True), som_lock("1", "S2"))
    assert broken(reg, written(reg, holds={"1": [(1, "S2")]})) == {2: (1, 1)}
    assert broken(reg, written(reg, holds={"1": [(1, "S3")]})) == {2: (2, 1)}
    same = locked(person("1", keep=True), som_lock("1", "S1"))
    assert broken(same, written(same)) == {}
    assert broken(same, written(same, holds={"1": [(1, "S3")]})) == {2: (2, 0)}


def test_duty_locks_hold() -> None:
    reg = locked(person("1", **DUE_MAY), duty_lock("1", VISIT, 4))
    on_time = [V(4, "1"), V(10, "1"), V(16, "1")]
    assert broken(reg, written(reg, on_time)) == {}
    assert broken(reg, written(reg, [V(5, "1"), V(11, "1"), V(17, "1")])) == {2: (1, 0)}
    reg = locked(person("1", arms_due=date(2026, 5, 1)), duty_lock("1", ARMS, 4))
    assert broken(reg, written(reg, [A(4, "1"), A(16, "1")])) == {}
    assert broken(reg, written(reg, [V(4, "1")]))[2] == (1, 0)


def test_a_lock_outside_the_horizon_is_not_checked() -> None:
    reg = locked(person("1"), duty_lock("1", VISIT, 0), duty_lock("1", VISIT, 19))
    assert broken(reg, written(reg)) == {}


@pytest.mark.parametrize(
    ("columns", "month", "forced"),
    [
        (DUE_MAY, 1, 1),  # due month 4, at most 2 early
        (DUE_MAY, 2, 0),
        (DUE_MAY, 18, 0),  # late is always possible
        ({**DUE_MAY, "management": Management.REACTIVE}, 4, 1),
        ({**DUE_MAY, "registered_until": date(2026, 5, 1)}, 4, 0),  # a day in May
        ({**DUE_MAY, "registered_until": date(2026, 4, 30)}, 4, 1),
        ({"status": Status.MISSING}, 4, 1),
        ({"status": Status.CUSTODY, "release_date": date(2026, 4, 30)}, 3, 0),
    ],
)
def test_visit_locks_that_rule_8_forbids(
    columns: dict[str, object], month: int, forced: int
) -> None:
    reg = locked(person("1", **columns), duty_lock("1", VISIT, month))
    assert broken(reg, written(reg)) == {2: (1, forced)}


def test_arms_lock_where_not_applicable() -> None:
    reg = locked(person("1", arms_applicable=False), duty_lock("1", ARMS, 4))
    assert broken(reg, written(reg)) == {2: (1, 1)}


@pytest.mark.parametrize(
    ("months", "forced"),
    [
        ((4, 8), 0),  # interval 6, early 2: 4 months apart will do
        ((4, 7), 1),
        ((4, 6, 8), 1),  # the middle one gives way
        ((4, 5, 6, 7), 3),
        ((2, 6, 10, 14, 18), 0),
    ],
)
def test_locks_too_near_each_other(months: tuple[int, ...], forced: int) -> None:
    locks = [duty_lock("1", VISIT, m) for m in months]
    reg = locked(person("1", **DUE_MAY), *locks)
    assert broken(reg, written(reg)) == {2: (len(months), forced)}


def test_nobody_may_second() -> None:
    alone = locked(person("1", **DUE_MAY), duty_lock("1", VISIT, 4), staff=(S1,))
    assert broken(alone, written(alone)) == {2: (1, 1)}
    solo = locked(person("1", crew=1, **DUE_MAY), duty_lock("1", VISIT, 4), staff=(S1,))
    assert broken(solo, written(solo)) == {2: (1, 0)}
    south = officer("S9", team="South")
    other_team = locked(person("1", **DUE_MAY), duty_lock("1", VISIT, 4), staff=(S1, south))
    assert broken(other_team, written(other_team)) == {2: (1, 0)}


def test_nobody_has_the_hours_to_second_in_month_1() -> None:
    """From month 2 on several may share a visit's second hours; in month 1 one gives them all."""
    due = {"last_visit": date(2025, 9, 1), "visit_interval": 6}
    few = (replace(S2, hours_per_month=1.6), replace(S3, hours_per_month=1.6))
    for month, others, forced in ((1, few, 1), (2, few, 0), (2, few[:1], 1)):
        reg = locked(person("1", **due), duty_lock("1", VISIT, month), staff=(S1, *others))
        assert broken(reg, written(reg)) == {2: (1, forced)}


def test_nobody_may_do_the_arms() -> None:
    someone = person("1", arms_due=date(2026, 5, 1))
    untrained = replace(S1, arms_trained_from=None)
    late = officer("S2", arms_trained_from=date(2026, 5, 2))
    for staff, forced in (((untrained, late), 1), ((untrained, S2), 0)):
        reg = locked(someone, duty_lock("1", ARMS, 4), staff=staff)
        assert broken(reg, written(reg)) == {2: (1, forced)}


def test_locks_above_the_hours() -> None:
    """Visits take 2.75 + 1.65 = 4.4 of the team's hours: 13 are enough for two of three."""
    people = [person(f"{n}", **DUE_MAY) for n in range(3)]
    locks = [duty_lock(f"{n}", VISIT, 4) for n in range(3)]

    def forced(a: float, b: float, **policy: float) -> int:
        staff = [replace(S1, hours_per_month=a), replace(S2, hours_per_month=b)]
        changed = EASY.but({name.replace("_", "."): value for name, value in policy.items()})
        reg = register(people, staff, locks=locks, policy=changed)
        return verify(reg, written(reg)).findings[1].forced

    assert forced(20, 5) == 0
    assert forced(20, 0) == 3  # nobody to second
    assert forced(8, 5) == 1
    assert forced(8.25, 5) == 0
    assert forced(5.5, 3.4) == 1
    assert forced(5.5, 3.4, hours_overtime=0.5) == 0  # 8.25 and 5.1 hours
    assert forced(4.95, 50) == 0  # seconds of three
    assert forced(2.7, 50) == 2  # neither a lead nor two seconds
    assert forced(2.7, 2.7) == 3  # nobody has the hours of one lead
    assert forced(5.4, 5.4) == 1  # one lead each, 10.8 hours
    assert forced(2.8, 2.8) == 2  # two leads, but hours of one visit


def test_locked_visits_that_one_officer_alone_may_lead() -> None:
    """S1, who has hours for one, is the only one with the skill; S2 has hours for all."""
    youth = frozenset({"Youth"})
    people = [person(f"{n}", crew=1, needs=youth, **DUE_MAY) for n in range(2)]
    people.append(person("2", crew=1, **DUE_MAY))
    locks = [duty_lock(f"{n}", VISIT, 4) for n in range(3)]
    for skills, forced in ((frozenset[str](), 1), (youth, 0)):
        staff = [replace(S1, hours_per_month=3.0, skills=youth), replace(S2, skills=skills)]
        reg = register(people, staff, locks=locks)
        assert broken(reg, written(reg)) == {2: (3, forced)}


def test_locked_arms_that_one_officer_alone_may_do() -> None:
    """S1, trained, with hours for one, must hold both; S2 is trained too but may hold neither."""
    youth = frozenset({"Youth"})
    for needs, forced in ((youth, 1), (frozenset[str](), 0)):
        people = [person(f"{n}", needs=needs, arms_due=date(2026, 5, 1)) for n in range(2)]
        staff = [replace(S1, hours_per_month=7.0, skills=youth), S2]
        reg = register(people, staff, locks=[duty_lock(f"{n}", ARMS, 4) for n in range(2)])
        assert broken(reg, written(reg)) == {2: (2, forced)}


def test_locked_visits_that_one_colleague_must_second() -> None:
    """S1 leads all; S2's 4 hours are two seconds of 1.65, S2's and S3's 2.5 each one or three."""
    people = [person(f"{n}", last_visit=date(2025, 9, 1), visit_interval=6) for n in range(3)]

    def forced(month: int, *others: float) -> int:
        staff = [S1, *(officer(f"S{n}", hours_per_month=h) for n, h in enumerate(others, 2))]
        locks = [duty_lock(f"{n}", VISIT, month) for n in range(3)]
        reg = register(people, staff, locks=locks)
        return verify(reg, written(reg)).findings[1].forced

    assert [forced(1, 4.0), forced(2, 4.0)] == [1, 1]
    assert [forced(1, 5.0), forced(2, 5.0)] == [0, 0]
    assert [forced(1, 2.5, 2.5), forced(2, 2.5, 2.5)] == [1, 0]


def test_the_cheapest_locks_stay() -> None:
    """A solo visit (2.75) and one of two ARMS (5) fit 7.75 hours."""
    people = [person(f"{n}", arms_due=date(2026, 5, 1)) for n in range(2)]
    people.append(person("2", crew=1, **DUE_MAY))
    locks = [duty_lock("0", ARMS, 4), duty_lock("1", ARMS, 4), duty_lock("2", VISIT, 4)]
    reg = register(people, [replace(S1, hours_per_month=7.75)], locks=locks)
    assert broken(reg, written(reg)) == {2: (3, 1)}


def test_locked_arms_above_a_month_of_them() -> None:
    people = [person(f"{n}", arms_due=date(2026, 5, 1)) for n in range(5)]
    locks = [duty_lock(f"{n}", ARMS, 4) for n in range(5)]
    policy = EASY.but({"arms.per_month": 2})
    reg = register(people, [S1, S2], locks=locks, policy=policy)
    assert broken(reg, written(reg)) == {2: (5, 1)}


def test_a_lock_on_nobody_on_the_register_is_forced() -> None:
    reg = locked(person("1"), som_lock("stranger", "S1"))
    assert broken(reg, written(reg)) == {2: (1, 1)}


def test_a_kept_som_without_hours_cannot_keep_a_locked_visit() -> None:
    someone = person("1", keep=True, level=RiskLevel.HIGH, **DUE_MAY)
    reg = locked(someone, duty_lock("1", VISIT, 4), staff=(replace(S1, hours_per_month=0.0), S2))
    assert broken(reg, written(reg)) == {2: (1, 1)}
