"""What the register leaves no choice on, against every choice there is, on small instances."""

import itertools
import random
from dataclasses import replace
from datetime import date

import pytest

from planner.domain.register import Officer
from planner.verify.evidence import Evidence
from planner.verify.flow import Network
from planner.verify.forced import least_excess
from planner.verify.months import months_in, span
from planner.verify.wishes import Wish, most_kept
from planner.verify.world import World
from tests.verify_build import officer, person, register, som_lock, written

SKILLS = [frozenset[str](), frozenset({"a"}), frozenset({"b"}), frozenset({"a", "b"})]


@pytest.mark.parametrize("seed", range(40))
def test_greatest_flow_is_the_smallest_cut(seed: int) -> None:
    rnd = random.Random(seed)
    size = 6
    arcs = {
        (a, b): rnd.randint(0, 9)
        for a, b in itertools.permutations(range(size), 2)
        if rnd.random() < 0.5
    }
    network = Network(size)
    for (tail, head), room in arcs.items():
        network.join(tail, head, room)
    cuts = (
        {0, *inner}
        for count in range(size - 1)
        for inner in itertools.combinations(range(1, size - 1), count)
    )
    smallest = min(
        sum(room for (a, b), room in arcs.items() if a in side and b not in side) for side in cuts
    )
    assert network.greatest_flow(0, size - 1) == smallest


def staff_of(rnd: random.Random) -> list[Officer]:
    return [
        officer(f"S{n}", cap=rnd.choice([None, 0, 1, 1, 2]), skills=rnd.choice(SKILLS))
        for n in range(3)
    ]


@pytest.mark.parametrize("seed", range(60))
def test_least_excess_is_that_of_the_best_allocation(seed: int) -> None:
    rnd = random.Random(seed)
    staff = staff_of(rnd)
    people = [
        person(
            f"{n}",
            som=rnd.choice(["S0", "S1", "S2"]),
            needs=rnd.choice(SKILLS[:3]),
            keep=rnd.random() < 0.2,
            not_with=frozenset(rnd.sample(["S0", "S1", "S2"], rnd.choice([0, 0, 1]))),
        )
        for n in range(5)
    ]
    locks = [som_lock(str(rnd.randrange(5)), f"S{rnd.randrange(3)}")]
    reg = register(people, staff, locks=locks)
    world = World.of(reg)
    evidence = Evidence.of(reg, written(reg))
    choices = []
    for someone in people:
        able = [s for s in world.staff if world.may_hold(someone, s) & 2]
        wished = [w.staff_id for w in evidence.wishes.get(someone.ref, ()) if w.months & 2]
        if len(set(wished)) == 1:  # two that clash leave the choice free
            able = wished[:1]
        choices.append(able or [""])
    caps = {s.staff_id: s.cap for s in staff}
    least = min(
        sum(max(0, held.count(s) - cap) for s, cap in caps.items() if cap is not None)
        for held in itertools.product(*choices)
    )
    assert least_excess(evidence, "North", 1) == least


@pytest.mark.parametrize("seed", range(60))
def test_as_many_wishes_are_kept_as_can_be(seed: int) -> None:
    rnd = random.Random(seed)
    runs = {}
    for n in range(4):
        first = rnd.randint(1, 18)
        runs[f"S{n}"] = span(first, rnd.randint(first, 18))
    wishes = [Wish(s, months, is_keep=False) for s, months in runs.items()]
    wishes.append(Wish("S0", runs["S0"], is_keep=True))
    most = max(
        len(some)
        for count in range(6)
        for some in itertools.combinations(wishes, count)
        if all(
            a.staff_id == b.staff_id or not a.months & b.months
            for a, b in itertools.combinations(some, 2)
        )
    )
    kept = most_kept(tuple(wishes))
    assert len(kept) == most
    by_month = [{w.staff_id for w in kept if w.months >> m & 1} for m in months_in(span(1, 18))]
    assert all(len(staff) <= 1 for staff in by_month)


def test_excess_of_other_months_is_judged_by_who_is_there_then() -> None:
    staff = [officer("S1", cap=1), officer("S2", cap=1, end=date(2026, 5, 28))]
    people = [person("1"), person("2")]
    reg = register(people, staff)
    evidence = Evidence.of(reg, written(reg))
    assert [least_excess(evidence, "North", m) for m in (3, 4)] == [0, 1]
    roomy = replace(reg, officers=(staff[0], replace(staff[1], end=None)))
    assert least_excess(Evidence.of(roomy, written(roomy)), "North", 4) == 0
