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


def by_whom(plan: Plan, first: int = 1) -> dict[tuple[str, Duty, int], str]:
    """Who does each duty from a month on; that month is told as month 1."""
    doing = {(v.ref, Duty.VISIT, v.month - first + 1): v.som for v in plan.visits}
    doing |= {(a.ref, Duty.ARMS, a.month - first + 1): a.done_by for a in plan.arms}
    return {key: who for key, who in doing.items() if key[2] >= 1}


def before(cost: float, plan: Plan | None = None) -> Previous:
    plan = plan or a_month_later()[1]
    return Previous(months=meant(plan), done_by=by_whom(plan, 2), cost=cost)


@cache
def a_month_later() -> tuple[Register, Plan]:
    register = synthetic_register(offenders=420, officers=7)
    plan = solve(Situation(register), effort="quick").plan
    return after(register, plan), plan


def left(plan: Plan, previous: Previous) -> int:
    now = months(plan)
    return sum(len(set(wanted) - now[key]) for key, wanted in previous.months.items())


def handed_over(plan: Plan, previous: Previous) -> int:
    now = by_whom(plan)
    return sum(now.get(key, who) != who for key, who in previous.done_by.items())


@cache
def rolled(cost: float | None, effort: str = "quick") -> SolveResult:
    previous = None if cost is None else before(cost)
    return solve(Situation(a_month_later()[0]), effort=effort, previous=previous)


@pytest.mark.parametrize("effort", ["quick", "normal"])
def test_in_an_unchanged_world_few_duties_leave_their_month(effort: str) -> None:
    previous = before(COST)
    duties = sum(len(found) for found in previous.months.values())
    assert left(rolled(COST, effort).plan, previous) < 0.01 * duties
    assert left(rolled(None).plan, previous) > 0.05 * duties, "the test must be able to fail"


def test_in_an_unchanged_world_hardly_any_arms_goes_to_another_colleague() -> None:
    register = synthetic_register(offenders=120, officers=4)
    register = register.with_policy(register.policy.but({"arms.by_colleague": True}))
    plan = solve(Situation(register), effort="quick", processes=1).plan
    later, previous = Situation(after(register, plan)), before(COST, plan)
    assert sum(duty is Duty.ARMS for _, duty, _ in previous.done_by) > 100
    same = solve(later, effort="quick", processes=1, previous=previous).plan
    assert handed_over(same, previous) <= 2
    anew = solve(later, effort="quick", processes=1).plan
    assert handed_over(anew, previous) > 10, "the test must be able to fail"


def test_what_is_told_meanwhile_is_the_contracts_cost() -> None:
    told: list[float] = []
    found = Situation(a_month_later()[0])
    many = {key: tuple(range(1, 19)) for key in before(COST).months}
    previous = Previous(months=many, cost=COST)
    plan = solve(
        found,
        effort="quick",
        previous=previous,
        processes=1,
        tell=lambda _, cost: told.append(cost),
    ).plan
    outcome = Outcome(found, plan)
    assert left(plan, previous) > 100
    assert sum(told) == pytest.approx(outcome.total_cost - outcome.cost["spread"])


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
