"""The whole plan by hand: accepted by the verifier, the same every time, quick, no model."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from planner.by_hand import by_hand_plan
from planner.domain.plan import Plan
from planner.domain.register import Register
from planner.domain.verdict import Verdict
from planner.domain.written import RunItem
from planner.sample import synthetic_register
from planner.tables import written_plan
from planner.verify.verifier import verify
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation


def plan_of(register: Register) -> Plan:
    return by_hand_plan(Situation(register))


def soms(plan: Plan, ref: str) -> list[tuple[int, str]]:
    """The case's SOMs, each with the first month."""
    return [(h.month, h.som) for h in plan.holdings[ref]]


def visited(plan: Plan, month: int = 1) -> list[str]:
    return sorted(v.ref for v in plan.visits if v.month == month)


def assessed(plan: Plan, month: int = 1) -> list[tuple[str, str]]:
    """Who is assessed in a month, each with who does it."""
    return sorted((a.ref, a.done_by) for a in plan.arms if a.month == month)


def judged(register: Register) -> Verdict:
    """What the verifier says of the plan by hand."""
    outcome = Outcome(Situation(register), plan_of(register))
    return verify(register, written_plan(outcome, tuple(_run(outcome))))


def unforced(verdict: Verdict) -> list[tuple[int, int, int]]:
    """Rules broken more often than the register forces: number, broken, forced."""
    return [(f.rule.value, f.broken, f.forced) for f in verdict.findings if f.broken > f.forced]


def _run(outcome: Outcome) -> Iterator[RunItem]:
    """The Run sheet's least; a bound of nothing is always true."""
    total, horizon = outcome.total_cost, outcome.situation.horizon
    yield RunItem("As-at date", outcome.situation.register.as_at)
    yield RunItem("First month", horizon.first)
    yield RunItem("Horizon", horizon.length)
    yield RunItem("Cost", total)
    yield RunItem("Bound", 0.0)
    yield RunItem("Gap", 1.0 if total > 0 else 0.0)
    for part, points in outcome.cost.items():
        yield RunItem(f"Cost: {part}", points)


def rural() -> Register:
    """Nine officers in six teams, four of whom are alone in theirs."""
    sample = synthetic_register(offenders=500, officers=9, seed=3)
    present = sorted(s.staff_id for s in sample.officers)
    team = dict.fromkeys(present, "A") | dict(zip(present, "AAABBCDEF", strict=False))
    return replace(
        sample,
        officers=tuple(replace(s, team=team[s.staff_id]) for s in sample.officers),
        offenders=tuple(replace(o, team=team.get(o.som or "", "A")) for o in sample.offenders),
        locks=(),
    )


def with_settings(sample: Register, **settings: float) -> Register:
    named = {name.replace("__", "."): value for name, value in settings.items()}
    return sample.with_policy(sample.policy.but(named))


@pytest.mark.parametrize(
    "reg",
    [
        pytest.param(synthetic_register(), id="default"),
        pytest.param(synthetic_register(completed=0.36), id="36 per cent"),
        pytest.param(with_settings(synthetic_register(), cross_team=True), id="cross team"),
        pytest.param(
            with_settings(synthetic_register(), arms__by_colleague=True), id="by colleague"
        ),
        pytest.param(with_settings(synthetic_register(), arms__per_month=2), id="few ARMS"),
        pytest.param(rural(), id="rural"),
        pytest.param(with_settings(rural(), cross_team=True), id="rural, cross team"),
        pytest.param(synthetic_register(offenders=1, officers=1), id="one person"),
        pytest.param(synthetic_register(offenders=40, officers=2), id="two officers"),
        pytest.param(synthetic_register(offenders=600, officers=8, seed=7), id="eight officers"),
    ],
)
def test_the_verifier_accepts_it(reg: Register) -> None:
    verdict = judged(reg)
    assert unforced(verdict) == []
    assert verdict.accepted


def test_the_order_of_rows_does_not_matter() -> None:
    sample = synthetic_register(offenders=600, officers=8)
    for policy in ({}, {"cross_team": 1.0}):
        reg = with_settings(sample, **policy)
        drawn = random.Random(1)
        mixed = replace(
            reg,
            offenders=tuple(drawn.sample(reg.offenders, len(reg.offenders))),
            officers=tuple(drawn.sample(reg.officers, len(reg.officers))),
            absences=tuple(drawn.sample(reg.absences, len(reg.absences))),
            locks=tuple(drawn.sample(reg.locks, len(reg.locks))),
        )
        assert plan_of(mixed) == plan_of(reg)


def test_the_default_sample_takes_seconds() -> None:
    situation = Situation(synthetic_register())
    before = time.process_time()
    by_hand_plan(situation)
    assert time.process_time() - before < 5


def test_hours_are_used_until_they_run_out() -> None:
    """In month 1, with everything overdue, nobody has time left for the shortest of duties."""
    situation = Situation(synthetic_register())
    outcome = Outcome(situation, by_hand_plan(situation))
    left = [
        situation.capacity[s, 1] - outcome.planned_hours(s, 1) for s in situation.register.officer
    ]
    assert min(left) > -1e-9
    assert sum(hours >= situation.hours.arms for hours in left) <= len(left) // 20


def test_it_needs_no_solver() -> None:
    code = "import sys, planner.by_hand; sys.exit('ortools' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
