"""Registers with dates on and around month ends, and any policy: planned all the same."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest

from tests.build import nasty_register
from tests.hidden import Judged, solved

NASTY = range(60)
NEVER_GIVE_WAY = {5, 6, 7, 8, 9}


@cache
def found(seed: int) -> Judged:
    return solved(nasty_register(Random(seed)))


@pytest.mark.parametrize("seed", NASTY)
def test_no_figure_is_wrong_and_the_bound_is_below_the_plan(seed: int) -> None:
    answer = found(seed)
    assert answer.verdict.discrepancies == ()
    assert answer.verdict.total_cost == pytest.approx(answer.cost, abs=1e-6, rel=1e-9)
    assert answer.result.bound <= answer.cost + 1e-6 * max(1.0, answer.cost)


@pytest.mark.parametrize("seed", NASTY)
def test_rules_that_never_give_way_hold(seed: int) -> None:
    """And nobody is without a SOM where there is somebody who may hold the case."""
    answer = found(seed)
    assert NEVER_GIVE_WAY.isdisjoint(answer.broken)
    broken, forced = answer.broken.get(1, (0, 0))
    assert broken == forced
