"""Clashes of random small registers against the exact model of the whole plan, and counted out."""

from __future__ import annotations

import itertools
from functools import cache
from random import Random
from typing import TYPE_CHECKING

import pytest

from planner.clashes import find_clashes
from planner.clashes.caps import caps_below_cases
from planner.clashes.clash import Clash, ClashKind, Member, Sheet
from planner.clashes.demands import Demands
from planner.clashes.shrink import rows
from planner.workload.situation import Situation
from tests.clashing import can_all_hold, clashing_register, crowded_register
from tests.hidden import hidden

if TYPE_CHECKING:
    from planner.domain.register import Register

SEEDS = range(80)
MAKERS = {"clashing": clashing_register, "crowded": crowded_register}
ALL = [(maker, seed) for maker in MAKERS for seed in SEEDS]


@cache
def drawn(maker: str, seed: int) -> tuple[Register, tuple[Clash, ...]]:
    register = MAKERS[maker](Random(seed))
    return register, find_clashes(Situation(register))


@pytest.mark.parametrize(("maker", "seed"), ALL)
def test_no_plan_meets_all_of_a_clash_and_some_plan_all_but_one(maker: str, seed: int) -> None:
    register, found = drawn(maker, seed)
    for clash in found:
        assert not can_all_hold(register, clash.members), clash
        for member in clash.members:
            assert can_all_hold(register, _without(clash, member)), (clash, member)


def _without(clash: Clash, member: Member) -> list[Member]:
    """The rest; a case taken away takes with it all that is asked of it."""
    whole_case = member.sheet is Sheet.OFFENDERS and not member.column
    gone = {m for m in clash.members if whole_case and m.ref == member.ref}
    return [m for m in clash.members if m != member and m not in gone]


@pytest.mark.parametrize(("maker", "seed"), ALL)
def test_no_cell_stands_in_two_clashes(maker: str, seed: int) -> None:
    members = [m for c in drawn(maker, seed)[1] for m in c.members]
    assert len(members) == len(set(members))


def test_every_kind_is_drawn() -> None:
    assert {c.kind for maker, seed in ALL for c in drawn(maker, seed)[1]} == set(ClashKind)


@pytest.mark.parametrize("seed", range(300, 330))
def test_a_register_that_a_plan_was_hidden_in_has_no_clash(seed: int) -> None:
    register = hidden(seed, people=18, teams=1 + seed % 3).register
    assert find_clashes(Situation(register)) == ()


@pytest.mark.parametrize("seed", range(200))
def test_the_first_clash_of_caps_has_the_fewest_rows(seed: int) -> None:
    """Counted out over every month and set of officers."""
    register = crowded_register(Random(seed))
    demands = Demands(Situation(register))
    if any(c.kind is not ClashKind.CAPS for c in find_clashes(Situation(register))):
        locks = [m for locks in demands.locks.values() for m, _ in locks]
        demands = demands.less(locks)  # nothing but needs, conflicts and keeps
    by_pool = {refs[0]: _fewest_rows(demands, refs) for refs in demands.pools().values()}
    least: dict[str, int] = {}
    for clash in caps_below_cases(demands):
        least.setdefault(_pool_of(demands, clash), rows(clash.members))
    assert least == {pool: n for pool, n in by_pool.items() if n is not None}


def _pool_of(demands: Demands, clash: Clash) -> str:
    """The first case of the pool that a clash is of."""
    ref = next(m.ref for m in clash.members if m.ref)
    return next(refs[0] for refs in demands.pools().values() if ref in refs)


def _fewest_rows(demands: Demands, refs: list[str]) -> int | None:
    """A cap and one case more than the caps add up to, a lock a row of its own."""
    situation = demands.situation
    caps = {s.staff_id: s.cap for s in situation.register.officers if s.cap is not None}
    best = None
    for month in situation.horizon.months:
        here = [r for r in refs if situation.presence[r].at_end_of(month)]
        for size in range(1, len(caps) + 1):
            for officers in itertools.combinations(sorted(caps), size):
                price = sorted(
                    p for r in here if (p := _rows_of(demands, r, month, set(officers))) is not None
                )
                wanted = sum(caps[s] for s in officers) + 1
                if len(price) >= wanted:
                    total = size + sum(price[:wanted])
                    best = total if best is None else min(best, total)
    return best


def _rows_of(demands: Demands, ref: str, month: int, officers: set[str]) -> int | None:
    """The rows by which a case can go to these officers only; None where it can go to others."""
    able = demands.able(ref)[month - 1]
    wishes = [w for w in demands.wishes(ref) if month in w.months and w.staff_id in officers]
    if (able and officers.issuperset(able)) or any(w.is_keep for w in wishes):
        return 1
    return 2 if wishes else None
