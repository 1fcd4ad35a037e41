"""What the plan before meant to do is kept where that is worth it."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

import pytest

from planner.domain.previous import Previous
from planner.domain.terms import Duty
from planner.optimise.solve import solve
from planner.sample import synthetic_register
from planner.tables import run_items, written_plan
from planner.verify.verifier import verify
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation
from tests.world import after

if TYPE_CHECKING:
    from planner.domain.plan import Plan
    from planner.domain.register import Register
    from planner.domain.result import SolveResult

COST = 5.0


def months(plan: Plan) -> dict[tuple[str, Duty], set[int]]:
    found: dict[tuple[str, Duty], set[int]] = defaultdict(set)
    for visit in plan.visits:
        found[visit.ref, Duty.VISIT].add(visit.month)
    for arms in plan.arms:
        found[arms.ref, Duty.ARMS].add(arms.month)
    return found


def meant(plan: Plan) -> dict[tuple[str, Duty], tuple[int, ...]]:
    """What a plan means to do after its first month, by the numbers of the plan a month later."""
    later = {
        key: tuple(sorted(m - 1 for m in found if m > 1)) for key, found in months(plan).items()
    }
    return {key: found for key, found in later.items() if found}


@cache
def a_month_later() -> tuple[Register, Plan]:
    register = synthetic_register(offenders=420, officers=7)
    plan = solve(Situation(register), effort="quick").plan
    return after(register, plan), plan


def left(plan: Plan, previous: Previous) -> int:
    now = months(plan)
    return sum(len(set(wanted) - now[key]) for key, wanted in previous.months.items())


@cache
def rolled(cost: float | None) -> SolveResult:
    register, plan = a_month_later()
    previous = None if cost is None else Previous(months=meant(plan), cost=cost)
    return solve(Situation(register), effort="quick", previous=previous)


def test_in_an_unchanged_world_few_duties_leave_their_month() -> None:
    previous = Previous(months=meant(a_month_later()[1]), cost=COST)
    duties = sum(len(found) for found in previous.months.values())
    assert left(rolled(COST).plan, previous) < 0.02 * duties
    assert left(rolled(None).plan, previous) > 0.05 * duties, "the test must be able to fail"


def test_the_bound_is_that_of_the_cost_without_stability() -> None:
    assert rolled(COST).bound == pytest.approx(rolled(None).bound)


def test_the_verifier_accepts_the_rolled_plan() -> None:
    register, _ = a_month_later()
    outcome = Outcome(Situation(register), rolled(COST).plan)
    assert outcome.total_cost >= rolled(COST).bound
    verdict = verify(register, written_plan(outcome, run_items(outcome, rolled(COST), {})))
    assert verdict.accepted


def test_a_month_that_cannot_be_kept_is_given_up() -> None:
    register, plan = a_month_later()
    wanted = {key: tuple(range(1, 18)) for key in meant(plan)}
    result = solve(
        Situation(register), effort="quick", previous=Previous(months=wanted, cost=0.001)
    )
    outcome = Outcome(Situation(register), result.plan)
    verdict = verify(register, written_plan(outcome, run_items(outcome, result, {})))
    assert verdict.accepted
