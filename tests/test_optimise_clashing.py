"""Where people's decisions clash, no more gives way than must: locks, keeps, caps and moves."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from planner.domain.register import Lock
from planner.domain.rules import Rule
from planner.domain.terms import LockKind
from planner.optimise.routes import Routes
from planner.workload.situation import Situation
from tests.clashing import clashing_register, crowded_register
from tests.hidden import solved
from tests.verify_build import officer, person, register

if TYPE_CHECKING:
    from planner.domain.register import Register

FOUND_TO_BREAK_TOO_MUCH = (5000, 5002, 5011, 5014, 5015, 5050, 5092, 5098)
"""Registers in which a lock that clashes with a keep once cost places under a cap."""


@pytest.mark.parametrize("seed", [*FOUND_TO_BREAK_TOO_MUCH, *range(5100, 5140)])
def test_a_crowded_register_breaks_no_more_than_is_forced(seed: int) -> None:
    answer = solved(crowded_register(Random(seed)), effort="normal")
    assert answer.verdict.accepted, answer.broken


@pytest.mark.parametrize("seed", [5010, 5066, *range(5100, 5130)])
def test_nor_does_one_whose_decisions_clash(seed: int) -> None:
    answer = solved(clashing_register(Random(seed)), effort="normal")
    assert answer.verdict.accepted, answer.broken


def torn(*others: Lock, cap: int | None = None) -> Register:
    """P1 is kept with S1 and locked to S2, who has P2 already."""
    people = [person("P1", som="S1", keep=True), person("P2", som="S2", keep=True)]
    lock = Lock(ref="P1", kind=LockKind.SOM, staff_id="S2")
    return register(people, [officer("S1"), officer("S2", cap=cap)], locks=(lock, *others))


def test_a_lock_goes_before_a_keep() -> None:
    answer = solved(torn(), effort="normal")
    assert answer.result.plan.holdings["P1"][0].som == "S2"
    assert set(answer.broken) == {Rule.KEPT_AND_LOCKED.value}


def test_but_not_at_the_price_of_a_cap() -> None:
    answer = solved(torn(cap=1), effort="normal")
    assert answer.result.plan.holdings["P1"][0].som == "S1"
    assert set(answer.broken) == {Rule.KEPT_AND_LOCKED.value}


def test_the_bound_takes_no_part_of_what_gives_way() -> None:
    """Cost and bound are the contract's: no penalty is left in either."""
    for cap in (None, 1):
        answer = solved(torn(cap=cap), effort="normal")
        assert answer.result.bound <= answer.cost < 1e4


def test_both_routes_are_open_and_the_lock_told() -> None:
    whole = torn()
    routes = Routes(Situation(whole))
    offender = whole.offender["P1"]
    missed = {route[0]: routes.locks_missed(offender, route) for route in routes.open_to(offender)}
    assert missed == {"S1": 1, "S2": 0}


def test_where_either_breaks_a_cap_the_verifier_calls_it_forced() -> None:
    people = [person("P1", som="S1", keep=True), person("P2", som="S2", keep=True)]
    lock = Lock(ref="P1", kind=LockKind.SOM, staff_id="S2")
    both = register(people, [officer("S1", cap=0), officer("S2", cap=1)], locks=(lock,))
    answer = solved(both, effort="normal")
    assert answer.verdict.accepted, answer.broken
    assert Rule.CASELOAD_CAP.value in answer.broken
