"""The rivals: the whole-force model is the true problem, the other keeps to today's caseloads."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from planner.by_hand import by_hand_plan
from planner.domain.months import Horizon
from planner.domain.policy import Policy
from planner.domain.register import Lock, Register
from planner.domain.terms import Duty, LockKind, RiskLevel
from planner.sample import synthetic_register
from planner.workload.situation import Situation
from tests.build import AS_AT, nasty_register, offender, officer, situation
from tests.exact import solve_exactly
from tests.hidden import judged_plan
from tests.rivals import Limit, NothingFoundError, plan_by_officer, plan_force
from tests.rivals.hours import Grains, taken, there
from tests.rivals.second_officers import find_second_officers
from tests.rivals.stints import stints_by_officer
from tests.test_optimise_exact import tiny_register

QUICK = Limit(5.0, deterministic=True)
SOON_PROVED = (0, 4, 7, 8, 12, 13, 20, 21)
"""With people who leave and join, shared teams, ARMS by colleagues, visits alone and in pairs."""
A_HUNDREDTH_HERE_AND_THERE = 0.05
MONTHS = Horizon(AS_AT)


@pytest.mark.parametrize("seed", SOON_PROVED)
def test_the_force_model_finds_the_optimum(seed: int) -> None:
    register = tiny_register(seed, clashing=False)
    plan, ended = plan_force(Situation(register), QUICK)
    judged = judged_plan(register, plan)
    judged.sound()
    assert ended == "proved best"
    assert judged.cost == pytest.approx(
        solve_exactly(register).cost, abs=A_HUNDREDTH_HERE_AND_THERE
    )


@pytest.mark.parametrize("seed", range(22))
def test_a_model_an_officer_keeps_the_rules(seed: int) -> None:
    register = tiny_register(seed, clashing=False)
    plan, _ = plan_by_officer(Situation(register), QUICK)
    judged_plan(register, plan).sound()
    assert plan.holdings == by_hand_plan(Situation(register)).holdings


@pytest.mark.parametrize("seed", range(12))
def test_a_model_an_officer_never_breaks_what_needs_no_allocation(seed: int) -> None:
    """Registers drawn to be nasty: what breaks comes of the allocation by hand alone."""
    register = nasty_register(random.Random(seed))
    plan, _ = plan_by_officer(Situation(register), QUICK)
    broken = judged_plan(register, plan).broken
    assert not broken.keys() & {5, 6, 7, 8, 9}


def test_both_keep_the_rules_on_the_sample() -> None:
    register = synthetic_register(offenders=40, officers=3)
    force, _ = plan_force(Situation(register), Limit(30.0, deterministic=True))
    alone, _ = plan_by_officer(Situation(register), QUICK)
    whole, parts = judged_plan(register, force), judged_plan(register, alone)
    whole.sound()
    parts.sound()
    assert whole.cost <= parts.cost


def test_both_keep_decisions_already_made() -> None:
    """Each decision is one that nobody would make for its cost."""
    people = (
        offender("P1", last_visit=date(2025, 12, 1), som="S2"),
        offender("P2", level=RiskLevel.HIGH, keep=True),
        offender("P3", level=RiskLevel.HIGH),
    )
    locks = (
        Lock(ref="P1", kind=LockKind.SOM, staff_id="S1"),
        Lock(ref="P1", kind=LockKind.VISIT, month=MONTHS.start(12)),
        Lock(ref="P3", kind=LockKind.ARMS, month=MONTHS.start(17)),
    )
    policy = Policy.of({"moves.share": 1, "inflow.per_year": 0})
    staff = (officer("S1"), officer("S2"))
    register = Register(as_at=AS_AT, offenders=people, officers=staff, locks=locks, policy=policy)
    for rival in (plan_force, plan_by_officer):
        plan, _ = rival(Situation(register), QUICK)
        judged_plan(register, plan).sound()


def test_the_force_model_weighs_the_mix_of_risk_against_moves() -> None:
    people = [offender(f"P{n}", level=RiskLevel.HIGH, arms_applicable=False) for n in range(4)]
    settings = {"cost.mix": 500, "moves.share": 1}
    where = situation(people, [officer("S1"), officer("S2")], settings)
    plan, ended = plan_force(where, Limit(30.0, deterministic=True))
    cost = judged_plan(where.register, plan).outcome.cost
    assert (cost["mix"], cost["moves"]) == (0, 2 * where.policy.cost_move[RiskLevel.HIGH]), ended


@pytest.mark.parametrize("rival", [plan_force, plan_by_officer])
def test_hours_are_a_limit_where_none_cost_anything(rival: Any) -> None:
    people = [offender(f"P{n}") for n in range(3)]
    staff = [officer("S1", hours_per_month=5.5), officer("S2", hours_per_month=1.65)]
    where = situation(people, staff, {"hours.comfort": 1})
    plan, _ = rival(where, QUICK)
    judged_plan(where.register, plan).sound()
    assert plan.visits


def test_a_model_an_officer_spreads_hours() -> None:
    """Two visits fit one month's hours, but above the comfortable ones; either may wait."""
    people = [offender(f"P{n}", arms_applicable=False) for n in range(2)]
    staff = [officer("S1", hours_per_month=9.0), officer("S2", hours_per_month=0.0)]
    settings = {"visit.crew": 1, "hours.comfort": 0.4, "cost.spread": 10}
    where = situation([replace(p, last_visit=date(2025, 4, 20)) for p in people], staff, settings)
    plan, _ = plan_by_officer(where, QUICK)
    assert judged_plan(where.register, plan).outcome.cost["spread"] == 0
    assert len({v.month for v in plan.visits}) == len(plan.visits) > 1


def test_hours_are_rounded_so_that_what_fits_fits_in_truth() -> None:
    assert (taken(2.751), taken(2.75), there(2.759), there(2.75)) == (276, 275, 275, 275)
    grains = Grains.of(situation(policy={"visit.hours": 1.333}))
    assert grains.as_second_hours(3 * grains.second) == pytest.approx(3 * 1.333 * 1.1)


def test_no_time_is_no_plan() -> None:
    with pytest.raises(NothingFoundError, match="no plan in 0 s"):
        plan_force(Situation(tiny_register(0, clashing=False)), Limit(0.0))


def test_rules_that_cannot_all_hold_are_no_plan_either() -> None:
    crowded = situation([offender("P1"), offender("P2")], [officer(cap=1)])
    with pytest.raises(NothingFoundError, match="proved infeasible"):
        plan_force(crowded, QUICK)


def test_an_officer_whose_model_finds_nothing_does_nothing() -> None:
    plan, ended = plan_by_officer(situation([offender()]), Limit(0.0))
    assert (plan.visits, plan.arms, ended) == ((), (), "0 of 1 officers proved best")


def test_a_duty_passes_on_with_the_case() -> None:
    """S1 leaves after month 6: what was done by then counts when S2 goes on."""
    where = situation(
        [offender(level=RiskLevel.HIGH, last_visit=date(2026, 1, 1))],
        [officer("S1", end=MONTHS.end(6)), officer("S2"), officer("S3")],
    )
    plan, _ = plan_by_officer(where, QUICK)
    judged_plan(where.register, plan).sound()
    assert {v.som for v in plan.visits} == {"S1", "S2"}
    assert judged_plan(where.register, plan).outcome.cost["exposure"] == 0


def test_a_lock_after_the_case_has_passed_on_is_kept() -> None:
    """S1 leaves the visit undone though it is due, or S2's would be too early."""
    people = [offender(last_visit=date(2025, 3, 1), arms_applicable=False)]
    staff = [officer("S1", end=MONTHS.end(4)), officer("S2"), officer("S3")]
    lock = Lock(ref="P1", kind=LockKind.VISIT, month=MONTHS.start(9))
    register = Register(as_at=AS_AT, offenders=tuple(people), officers=tuple(staff), locks=(lock,))
    plan, _ = plan_by_officer(Situation(register), QUICK)
    judged_plan(register, plan).sound()
    assert [v.month for v in plan.visits] == [9]


def test_arms_of_a_som_not_yet_trained_go_to_colleagues_in_turn() -> None:
    where = situation(
        [offender(f"P{n}") for n in range(4)],
        [officer("S1", arms_trained_from=MONTHS.start(7)), officer("S2"), officer("S3")],
    )
    stints = stints_by_officer(where, {f"P{n}": ("S1",) * 18 for n in range(4)})
    arms = {s: [t.months for t in of if t.chain.duty is Duty.ARMS] for s, of in stints.items()}
    assert arms == {
        "S1": [range(7, 19)] * 4,
        "S2": [range(1, 7)] * 2,
        "S3": [range(1, 7)] * 2,
    }


def test_a_duty_that_two_officers_pass_to_and_fro_is_never_done_too_early(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each waits for the other's part; S1 has P1 twice."""
    people = [offender(f"P{n}", level=RiskLevel.VERY_HIGH) for n in (1, 2)]
    where = situation(people, [officer("S1"), officer("S2"), officer("S3")])
    routes = {
        "P1": ("S1",) * 6 + ("S2",) * 6 + ("S1",) * 6,
        "P2": ("S2",) * 9 + ("S1",) * 9,
    }
    monkeypatch.setattr("tests.rivals.by_officer.allocate", lambda _: routes)
    plan, _ = plan_by_officer(where, QUICK)
    assert judged_plan(where.register, plan).broken.keys() == {4}  # as routes were given
    assert {(v.ref, v.som) for v in plan.visits} >= {("P1", "S2"), ("P2", "S1")}


def test_visits_that_nobody_can_second_are_given_up_least_risky_first() -> None:
    """S2 has time for one visit of S1's three: the locked one goes before the riskier."""
    people = [
        offender("P1", level=RiskLevel.HIGH),
        offender("P2", level=RiskLevel.MEDIUM),
        offender("P3", level=RiskLevel.LOW),
    ]
    where = situation(people, [officer("S1"), officer("S2", hours_per_month=2.0)])
    routes = {o.ref: ("S1",) * 18 for o in people}
    visits = {o.ref: {1, 2} for o in people}
    found = find_second_officers(where, routes, visits, {}, kept={("P3", 2)})
    assert found.visits == {("P1", 1): "S2", ("P3", 2): None}
    assert found.hours == pytest.approx({("S2", 1): 1.65, ("S2", 2): 1.65})


def test_who_gives_a_visit_up_may_second_another() -> None:
    """S1 has time to lead a visit to P2 or to second S2's to P1, and S2 for the own alone."""
    where = situation(
        [offender("P1", level=RiskLevel.HIGH), offender("P2")],
        [officer("S1", hours_per_month=4.0), officer("S2", hours_per_month=2.8)],
    )
    routes = {"P1": ("S2",) * 18, "P2": ("S1",) * 18}
    found = find_second_officers(where, routes, {"P1": {1}, "P2": {1}}, {}, kept=set())
    assert found.visits == {("P1", 1): "S1"}


def test_second_hours_come_first_from_those_who_have_them_to_spare() -> None:
    where = situation(
        [offender("P1")],
        [officer("S1"), officer("S2", hours_per_month=1.7), officer("S3", hours_per_month=50.0)],
    )
    found = find_second_officers(where, {"P1": ("S1",) * 18}, {"P1": {1, 5}}, {}, kept=set())
    assert found.visits[("P1", 1)] == "S3"
    assert found.hours[("S3", 1)] == pytest.approx(1.65)
    assert sum(h for (_, m), h in found.hours.items() if m == 5) == pytest.approx(1.65)
