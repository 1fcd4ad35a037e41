"""The model's sums and the verifier's, written apart, agree on every figure.

Registers are small and nasty; plans are drawn at random, by the rules or against them.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.domain.result import SearchStatus, SolveResult
from planner.domain.terms import LEVELS, Duty, RiskLevel
from planner.domain.written import AllocationRow, ScheduleRow, WorkloadRow, WrittenPlan
from planner.tables import run_items, written_plan
from planner.verify.capacity import DutyHours, capacities, team_hold_back
from planner.verify.cost import costs
from planner.verify.evidence import Evidence
from planner.verify.months import LAST, months_in
from planner.verify.rules_allocation import moves, one_som
from planner.verify.rules_schedule import arms_by_whom, crews, duties_when_allowed, unannounced
from planner.verify.verifier import verify
from planner.verify.world import World
from planner.workload.capacity import hold_back_hours
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation
from tests.build import DrawnPlan, nasty_register

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.domain.register import Register

MONTHS = range(1, LAST + 1)
SEEDS = range(20_000, 20_040)
DRAWN = settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
draws = st.randoms(use_true_random=False)


class Both:
    """One register seen from both sides."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.situation = Situation(register)
        self.world = World.of(register)


def agree_on_months_in_the_community(sides: Both) -> None:
    for ref, person in sides.world.people.items():
        presence = sides.situation.presence[ref]
        assert [m for m in MONTHS if presence.seen_in(m)] == months_in(person.present)
        assert [m for m in MONTHS if presence.at_end_of(m)] == months_in(person.at_end)


def agree_on_what_falls_due(sides: Both) -> None:
    """When, how often, how early. Nothing hangs on what falls due to somebody long gone."""
    for ref, person in sides.world.people.items():
        for duty in Duty:
            chain = sides.situation.chain.get((ref, duty))
            rhythm = person.rhythms.get(duty)
            if chain is None or rhythm is None:
                assert chain is None
                assert rhythm is None or not (person.present or person.opening)
                continue
            assert (chain.due, chain.interval, chain.early) == (
                rhythm.due,
                rhythm.interval,
                rhythm.early,
            )
            assert chain.due_month == sides.world.months.number(rhythm.due)
            assert chain.crew == (person.crew if duty is Duty.VISIT else 0)


def agree_on_who_is_in_post(sides: Both) -> None:
    posts = sides.situation.posts
    for s, post in sides.world.staff.items():
        assert list(posts.holding_months[s]) == months_in(post.holds)
        assert sorted(posts.seconding_months[s]) == months_in(post.works)
        assert posts.joins(s) == post.joins
        assert posts.leaves(s) == post.leaves
        for o in sides.register.offenders:
            held = [m for m in MONTHS if posts.may_hold(s, o, m)]
            assert held == months_in(sides.world.may_hold(o, s))


def agree_on_who_seconds_and_assesses(sides: Both) -> None:
    world, posts = sides.world, sides.situation.posts
    cases = [(t, s, m) for t in sides.register.teams for s in world.staff for m in MONTHS]
    for team, som, month in cases:
        seconds = {s for s in world.staff if world.may_second(team, som, s, month)}
        assert set(posts.seconds(team, som, month)) == seconds
        doers = {s for s in world.staff if world.may_do_arms(team, som, s, month)}
        assert set(posts.assessors(team, som, month)) == doers


def agree_on_capacity(sides: Both) -> None:
    found = capacities(sides.world)
    assert sides.situation.capacity == {
        (s, m): pytest.approx(found[s][m], abs=1e-9) for s in found for m in MONTHS
    }
    held = team_hold_back(sides.world)
    assert hold_back_hours(sides.register) == {
        team: pytest.approx(held.get(team, 0.0), abs=1e-9) for team in sides.register.teams
    }
    hours, theirs = sides.situation.hours, DutyHours.of(sides.register.policy)
    assert (hours.lead, hours.second, hours.arms) == (theirs.lead, theirs.second, theirs.arms)


SUMS = (
    agree_on_months_in_the_community,
    agree_on_what_falls_due,
    agree_on_who_is_in_post,
    agree_on_who_seconds_and_assesses,
    agree_on_capacity,
)


@DRAWN
@given(draw=draws)
def test_a_register_comes_to_the_same(draw: random.Random) -> None:
    sides = Both(nasty_register(draw))
    for agree in SUMS:
        agree(sides)


@pytest.mark.parametrize("agree", SUMS)
def test_seeded_registers_come_to_the_same(agree: Callable[[Both], None]) -> None:
    for seed in SEEDS:
        agree(Both(nasty_register(random.Random(seed))))


def decisions(outcome: Outcome) -> WrittenPlan:
    """The plan's decisions as rows, the figures beside them left out."""
    plan, horizon = outcome.plan, outcome.situation.horizon
    team = {o.ref: o.team for o in outcome.situation.register.offenders}
    starts = {m: horizon.start(m) for m in MONTHS}
    held = [(ref, h) for ref, holdings in plan.holdings.items() for h in holdings]
    visits = [
        ScheduleRow(starts[v.month], v.ref, "", v.som, "Visit", v.visit_type, v.crew, v.second,
                    v.som, 0.0, 0.0, starts[1], 0)
        for v in plan.visits
    ]  # fmt: skip
    arms = [
        ScheduleRow(starts[a.month], a.ref, "", a.som, "ARMS", None, None, None,
                    a.done_by, 0.0, 0.0, starts[1], 0)
        for a in plan.arms
    ]  # fmt: skip
    return WrittenPlan(
        allocation=tuple(
            AllocationRow(ref, "", "", "", team[ref], starts[h.month], h.som, None, "", "", "")
            for ref, h in held
        ),
        schedule=(*visits, *arms),
        workload=tuple(
            WorkloadRow(starts[m], s, "", 0.0, 0.0, hours, 0.0, 0.0, 0, 0, 0)
            for (s, m), hours in plan.second_hours.items()
        ),
        backlog=(),
        not_planned=(),
        run=(),
    )


def agree_on_the_cost(outcome: Outcome, evidence: Evidence) -> None:
    assert dict(outcome.cost) == pytest.approx(costs(evidence), rel=1e-9, abs=1e-6)


def agree_on_the_backlog(outcome: Outcome, evidence: Evidence) -> None:
    tally = evidence.tally
    for duty in Duty:
        for level in LEVELS:
            key = (duty, level)
            assert outcome.opening[level, duty] == tally.overdue[key][0]
            for m in MONTHS:
                assert outcome.overdue[m, level, duty] == tally.overdue[key][m]
                assert outcome.due[m, level, duty] == tally.due[key][m]
                assert outcome.done[m, level, duty] == tally.done[key][m]


def agree_on_changes(outcome: Outcome, evidence: Evidence) -> None:
    changes = [(c.ref, c.month, c.before, c.after, c.counts) for c in outcome.changes if c.before]
    found = [(c.ref, c.month, c.before, c.after, c.counts) for c in evidence.changes]
    assert changes == sorted(found)
    above = sum(c.counts for c in outcome.changes) - outcome.situation.moves_allowed
    total = [b.amount for b in moves(evidence).breaches if b.ref is None]
    assert total == ([above] if above > 0 else [])


def agree_on_loads(outcome: Outcome, evidence: Evidence) -> None:
    for m in MONTHS:
        cases, community = outcome.caseload(m), outcome.community_caseload(m)
        risky = outcome.community_caseload(m, RiskLevel.HIGH)
        for s, load in evidence.loads.items():
            assert (cases[s], community[s]) == (load.cases[m], load.community[m])
            assert risky[s] == load.risky[m]
            hours = evidence.planned_hours(s, m)
            assert outcome.planned_hours(s, m) == pytest.approx(hours, abs=1e-9)


def agree_on_lateness(outcome: Outcome, evidence: Evidence) -> None:
    for entry in evidence.reading.entries:
        if (entry.ref, entry.duty) in outcome.situation.chain:
            link = evidence.link(entry)
            done = outcome.instance[entry.ref, entry.duty, entry.month]
            assert (done.due, done.due_month) == (link.due, link.due_month)


def keeps_the_rules_it_was_drawn_by(outcome: Outcome, evidence: Evidence) -> None:
    """Who may hold, second and assess, and when, in the verifier's eyes; who is free is not."""
    held = one_som(evidence)
    assert held.broken == held.forced
    assert unannounced(evidence).broken == duties_when_allowed(evidence).broken == 0
    for judge in (moves, arms_by_whom, crews):
        assert [b for b in judge(evidence).breaches if b.ref is not None] == []


PLANS = (
    agree_on_the_cost,
    agree_on_the_backlog,
    agree_on_changes,
    agree_on_loads,
    agree_on_lateness,
)


def judged(draw: random.Random, *, by_the_rules: bool) -> tuple[Outcome, Evidence]:
    sides = Both(nasty_register(draw))
    outcome = Outcome(
        sides.situation, DrawnPlan(sides.situation, draw, by_the_rules=by_the_rules).plan()
    )
    return outcome, Evidence.of(sides.register, decisions(outcome))


@pytest.mark.parametrize("by_the_rules", [True, False])
@DRAWN
@given(draw=draws)
def test_a_plan_comes_to_the_same(draw: random.Random, by_the_rules: bool) -> None:
    outcome, evidence = judged(draw, by_the_rules=by_the_rules)
    for agree in PLANS:
        agree(outcome, evidence)


@pytest.mark.parametrize("by_the_rules", [True, False])
@pytest.mark.parametrize("agree", PLANS)
def test_seeded_plans_come_to_the_same(
    agree: Callable[[Outcome, Evidence], None], by_the_rules: bool
) -> None:
    for seed in SEEDS:
        agree(*judged(random.Random(seed), by_the_rules=by_the_rules))


def test_what_the_model_permits_the_verifier_accepts() -> None:
    for seed in SEEDS:
        keeps_the_rules_it_was_drawn_by(*judged(random.Random(seed), by_the_rules=True))


def test_a_written_plan_states_what_the_verifier_finds() -> None:
    for seed in SEEDS:
        outcome, _ = judged(random.Random(seed), by_the_rules=True)
        result = SolveResult(
            plan=outcome.plan, status=SearchStatus.PROVED, bound=0.0, seed=seed, effort="none"
        )
        written = written_plan(outcome, run_items(outcome, result, {}))
        assert verify(outcome.situation.register, written).discrepancies == ()
