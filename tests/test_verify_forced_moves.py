"""Changes of SOM that the register leaves no choice on: rule 4 gives way to rules 3, 2 and 1."""

import itertools
import random
import time
from dataclasses import replace
from datetime import date

import pytest

from planner.domain.register import Lock, Offender, Officer
from planner.domain.terms import LockKind, Management, Status
from planner.verify.evidence import Evidence
from planner.verify.flow import PricedNetwork
from planner.verify.forced_moves import least_moves
from tests.verify_build import (
    EASY,
    Holds,
    broken,
    duty_lock,
    officer,
    person,
    register,
    som_lock,
    written,
)

SKILLS = [frozenset[str](), frozenset({"a"}), frozenset({"b"}), frozenset({"a", "b"})]
YOUTH = frozenset({"Youth"})
STAY, OTHER = officer("S1"), officer("S2")
JOINS = officer("joins", start=date(2026, 4, 1))  # month 3


def judged(
    people: list[Offender],
    staff: list[Officer],
    holds: Holds,
    locks: tuple[Lock, ...] = (),
) -> dict[int, tuple[int, int]]:
    """No change at all is allowed."""
    reg = register(people, staff, locks=locks, policy=EASY.but({"moves.share": 0}))
    return broken(reg, written(reg, holds=holds))


@pytest.mark.parametrize("seed", range(60))
def test_the_greatest_flow_at_its_cheapest(seed: int) -> None:
    rnd = random.Random(seed)
    rooms = [rnd.randint(0, 3) for _ in range(3)]
    prices = [[rnd.choice([None, 0, 0, 1, 2]) for _ in rooms] for _ in range(5)]
    network = PricedNetwork(2 + 3 + 5)
    for n, room in enumerate(rooms):
        network.join_at(0, 2 + n, 1, room)
    for n, row in enumerate(prices):
        network.join_at(0, 0, 5 + n, 1)
        for k, price in enumerate(row):
            if price is not None:
                network.join_at(price, 5 + n, 2 + k, 1)
    best = max(
        (len(taken), -sum(prices[n][k] or 0 for n, k in taken))
        for choice in itertools.product([None, 0, 1, 2], repeat=5)
        for taken in [[(n, k) for n, k in enumerate(choice) if k is not None]]
        if all(prices[n][k] is not None for n, k in taken)
        and all(sum(k == s for _, k in taken) <= room for s, room in enumerate(rooms))
    )
    assert network.cheapest(0, 1) == -best[1]


@pytest.mark.parametrize("seed", range(80))
def test_as_few_changes_as_in_the_best_allocation(seed: int) -> None:
    """Nobody comes or goes: fewest above cap first, then fewest changes, over every allocation."""
    rnd = random.Random(seed)
    staff = [
        officer(f"S{n}", cap=rnd.choice([None, 0, 1, 1, 2]), skills=rnd.choice(SKILLS))
        for n in range(3)
    ]
    people = [
        person(
            f"{n}",
            som=rnd.choice(["S0", "S1", "S2", None]),
            status=rnd.choice([Status.COMMUNITY] * 4 + [Status.CUSTODY]),
            needs=rnd.choice(SKILLS[:3]),
            keep=0 < n < 3 and rnd.random() < 0.3,
            not_with=frozenset(rnd.sample(["S0", "S1", "S2"], rnd.choice([0, 0, 1]))),
        )
        for n in range(5)
    ]
    locks = [som_lock(ref, f"S{rnd.randrange(3)}") for ref in ("0", "4") if rnd.random() < 0.6]
    reg = register(people, staff, locks=locks)
    evidence = Evidence.of(reg, written(reg))
    choices = []
    for someone in people:
        able = [s for s in evidence.world.staff if evidence.world.may_hold(someone, s)]
        wished = [w.staff_id for w in evidence.wishes.get(someone.ref, ()) if w.months]
        choices.append(wished or able or [""])
    caps = {s.staff_id: s.cap for s in staff}

    def judge(held: tuple[str, ...]) -> tuple[int, int]:
        inside = [s for s, o in zip(held, people, strict=True) if o.status is Status.COMMUNITY]
        above = sum(max(0, inside.count(s) - cap) for s, cap in caps.items() if cap is not None)
        moved = sum(
            o.som != s and bool(evidence.world.may_hold(o, o.som))
            for s, o in zip(held, people, strict=True)
        )
        return above, moved

    assert least_moves(evidence) == min(judge(held) for held in itertools.product(*choices))[1]


def test_a_case_that_only_one_may_hold_drives_another_out() -> None:
    """S1's one place is for him who needs it, with whomever he is today."""
    signs = replace(STAY, cap=1, skills=YOUTH)
    wants = person("1", som="joins", needs=YOUTH)
    staff = [signs, OTHER, JOINS]
    one: Holds = {"1": [(1, "S1")], "2": [(1, "S2")]}
    assert judged([wants, person("2")], staff, one) == {4: (1, 1)}
    people = [wants, person("2"), person("4", som="S2", status=Status.MISSING)]
    assert judged(people, staff, {**one, "4": [(1, "S1")]}) == {4: (2, 1)}
    roomy = [replace(signs, cap=2), OTHER]
    assert judged([replace(wants, som=None), person("2")], roomy, one) == {4: (1, 0)}


def test_a_case_with_the_only_one_there_moves_on_to_a_joiner() -> None:
    """Unallocated, he can only begin with S1, who is full: to the joiner it is, and that counts."""
    people = [person("1"), person("2", som=None)]
    moved: Holds = {"2": [(1, "S1"), (3, "joins")]}
    full = replace(STAY, cap=1)
    assert judged(people, [full, JOINS], moved) == {3: (2, 2), 4: (1, 1)}
    assert judged(people, [replace(STAY, cap=2), JOINS], moved) == {4: (1, 0)}
    elsewhere = {"1": [(1, "S1"), (3, "joins")], **moved}
    assert judged(people, [full, JOINS], elsewhere) == {3: (2, 2), 4: (2, 1)}
    # with somebody who leaves to begin with, no change need count
    leaver = officer("leaver", end=date(2026, 5, 28))
    start: Holds = {"2": [(1, "S1"), (3, "joins")]}
    assert judged(people, [replace(STAY, cap=1), JOINS, leaver], start)[4] == (1, 0)


def test_whoever_of_several_holds_it_first_it_moves() -> None:
    """Either of S1 and S2, both at cap 0, and neither leaves."""
    none = [replace(STAY, cap=0), replace(OTHER, cap=0), JOINS]
    late = person("1", som=None, status=Status.CUSTODY, release_date=date(2026, 6, 1))
    assert judged([late], none, {"1": [(1, "S2"), (3, "joins")]}) == {4: (1, 1)}
    one = [none[0], replace(OTHER, cap=1), JOINS]
    assert judged([late], one, {"1": [(1, "S1"), (3, "joins")]}) == {4: (1, 0)}


def test_changes_in_different_months_add_up() -> None:
    """One is out before the other is back: no month forces two, yet two change hands."""
    people = [
        person("1", registered_until=date(2026, 5, 31)),
        person("2", status=Status.CUSTODY, release_date=date(2026, 8, 1)),
    ]
    staff = [replace(STAY, cap=0), OTHER]
    both: Holds = {"1": [(1, "S2")], "2": [(1, "S2")]}
    assert judged(people, staff, both) == {4: (2, 2)}
    assert judged(people, [replace(STAY, cap=1), OTHER], both) == {4: (2, 0)}
    # back before the other is out, with one place: one of them
    back = [people[0], replace(people[1], release_date=date(2026, 5, 1))]
    assert judged(back, [replace(STAY, cap=1), OTHER], both) == {4: (2, 1)}


def test_a_case_locked_to_a_joiner_may_have_to_move_twice() -> None:
    """Both must leave S1 at once; who is locked to the joiner moves again when he comes."""
    staff = [replace(STAY, cap=0), OTHER, JOINS]
    people = [person("1"), person("2")]
    holds: Holds = {"1": [(1, "S2")], "2": [(1, "S2"), (3, "joins")]}
    locks = (som_lock("2", "joins"),)
    assert judged(people, staff, holds, locks) == {4: (3, 3)}
    one, two = (replace(STAY, cap=cap) for cap in (1, 2))
    assert judged(people, [one, *staff[1:]], holds, locks) == {4: (3, 2)}
    assert judged(people, [two, *staff[1:]], holds, locks) == {4: (3, 1)}


def test_a_lock_on_the_som_against_one_on_a_visit_forces_no_change() -> None:
    """S2 has no hours for the visit: either lock may give way, and without his, nobody moves."""
    someone = person("1", last_visit=date(2025, 11, 20), visit_interval=6)
    locks = (som_lock("1", "S2"), duty_lock("1", LockKind.VISIT, 4))
    moved: Holds = {"1": [(1, "S2")]}
    idle = replace(OTHER, hours_per_month=2.0)
    assert judged([someone], [STAY, idle], moved, locks) == {2: (1, 1), 4: (1, 0)}
    # a visit that nobody can make has no bearing on the other lock
    never = replace(someone, management=Management.REACTIVE)
    assert judged([never], [STAY, idle], moved, locks) == {2: (1, 1), 4: (1, 1)}


def test_five_thousand_people_within_seconds() -> None:
    """The whole unit one pool, conflicts everywhere, caps about the caseload."""
    rnd = random.Random(1)
    ids = [f"S{n}" for n in range(100)]
    staff = [officer(s, team="North", cap=rnd.randint(40, 58)) for s in ids]
    people = [
        person(
            f"{n:05}",
            som=rnd.choice(ids),
            not_with=frozenset(rnd.sample(ids, rnd.choice([0, 0, 0, 1]))),
        )
        for n in range(5000)
    ]
    reg = register(people, staff, policy=EASY.but({"moves.share": 0, "cross_team": True}))
    holds: Holds = {o.ref: [(1, rnd.choice(ids))] for o in people[:100]}
    plan = written(reg, holds=holds)
    evidence = Evidence.of(reg, plan)
    before = time.process_time()
    assert least_moves(evidence) > 0
    assert time.process_time() - before < 10
