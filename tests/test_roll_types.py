"""Visit types: what people chose, and what they know from the plan before, stays if it may."""

from __future__ import annotations

import math
from random import Random

import pytest

from planner.domain.policy import Policy
from planner.domain.terms import LEVELS, VisitType
from planner.workload.announced import KnownTypes, visit_types
from tests.build import nasty_register, offender

TOLD, SILENT = VisitType.ANNOUNCED, VisitType.UNANNOUNCED
HALF = Policy.of({"visit.unannounced.low": 0.5})
PEOPLE = {"P1": offender(), "P2": offender("P2"), "P3": offender("P3", failed_attempts=2)}


def types(visits: dict[str, list[int]], **known: dict[tuple[str, int], VisitType]) -> set[object]:
    """The visits announced."""
    found = visit_types(visits, PEOPLE, HALF, KnownTypes(**known))
    return {visit for visit, kind in found.items() if kind is TOLD}


def test_a_chosen_type_is_kept() -> None:
    visits = {"P1": [1, 5], "P2": [1, 5]}
    plain = types(visits)
    for visit in (("P1", 1), ("P1", 5), ("P2", 1), ("P2", 5)):
        assert visit in types(visits, chosen={visit: TOLD})
        assert visit not in types(visits, chosen={visit: SILENT})
    assert types(visits, chosen={("P1", 9): TOLD}) == plain


def test_the_plan_before_is_kept_behind_what_was_chosen() -> None:
    visits = {"P1": [1, 5], "P2": [1, 5]}
    before = {("P1", 1): TOLD, ("P2", 5): TOLD, ("P1", 5): SILENT, ("P2", 1): SILENT}
    assert types(visits, before=before) == {("P1", 1), ("P2", 5)}
    chosen = {("P1", 5): TOLD}
    assert types(visits, before=before, chosen=chosen) == {("P1", 5), ("P2", 5)}


def test_never_two_announced_in_a_row_whoever_chose_them() -> None:
    visits = {"P1": [1, 5, 9, 13]}
    chosen = {("P1", 1): TOLD, ("P1", 5): TOLD}
    assert types(visits, chosen=chosen) == {("P1", 1), ("P1", 9)} or types(
        visits, chosen=chosen
    ) == {("P1", 1), ("P1", 13)}


def test_after_failed_attempts_only_a_person_may_choose_to_announce() -> None:
    visits = {"P3": [1, 5]}
    assert types(visits, before={("P3", 1): TOLD}) == set()
    assert types(visits, chosen={("P3", 1): TOLD}) == {("P3", 1)}


@pytest.mark.parametrize("seed", range(200))
def test_rule_7_holds_whatever_is_known(seed: int) -> None:
    draw = Random(seed)
    register = nasty_register(draw)
    visits = {
        o.ref: sorted(draw.sample(range(1, 19), draw.randint(0, 9))) for o in register.offenders
    }
    every = [(ref, m) for ref, months in visits.items() for m in months]

    def some() -> dict[tuple[str, int], VisitType]:
        return {v: draw.choice(tuple(VisitType)) for v in every if draw.random() < 0.5}

    known = KnownTypes(chosen=some(), before=some())
    found = visit_types(visits, register.offender, register.policy, known)
    assert found.keys() == set(every)
    for ref, months in visits.items():
        last = register.offender[ref].last_visit_type
        for month in months:
            assert not (last is TOLD and found[ref, month] is TOLD)
            last = found[ref, month]
    for level in LEVELS:
        own = [kind for (ref, _), kind in found.items() if register.offender[ref].level is level]
        needed = math.ceil(register.policy.visit_unannounced[level] * len(own) - 1e-9)
        assert own.count(SILENT) >= needed
    silent = [v for v, kind in known.chosen.items() if kind is SILENT]
    assert all(found[v] is SILENT for v in silent)
