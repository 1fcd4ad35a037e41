"""What is proved of a plan is proved: any prices give a bound, and chance gives the same plan."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pytest

from planner.domain.result import SearchStatus
from planner.optimise.gathering import build_pool, team_groups
from planner.optimise.master import Master
from planner.optimise.pool import pooled
from planner.optimise.pricing import Pricer, Prices
from planner.optimise.routes import Routes
from planner.optimise.solve import solve
from planner.sample import synthetic_register
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation
from tests.build import AS_AT, offender, officer, situation
from tests.hidden import hidden, solved

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.domain.register import Register
    from planner.domain.result import SolveResult
    from planner.optimise.pool import Pool
    from tests.hidden import Hidden

T = TypeVar("T")
SEEDS = range(500, 512)
HARDLY = 1e-6


def pools_of(register: Register) -> list[Pool]:
    situation = Situation(register)
    routes = Routes(situation)
    return [build_pool(situation, teams, routes) for teams in team_groups(situation)]


def drawn_prices(pool: Pool, chance: np.random.Generator) -> Prices:
    """Any prices at all of what there is: mostly none, some huge."""
    capped = np.array([[cap is not None] for cap in pool.caps])

    def drawn(size: tuple[int, ...], most: float) -> NDArray[np.float64]:
        return chance.random(size) ** 4 * most * (chance.random(size) < 0.5)

    return Prices(
        hour=drawn(pool.shape, float(chance.choice([2, 20, 2000]))),
        arms=drawn(pool.shape, 50),
        cap=drawn(pool.shape, 50) * capped,
        mix=drawn(pool.shape[:1], pool.cost_mix),
        move=0.0,
    )


def cost_of(found: Hidden) -> float:
    return found.cost + HARDLY


@pytest.mark.parametrize("seed", SEEDS)
def test_no_prices_give_a_bound_above_a_plan_at_hand(seed: int) -> None:
    """The hidden plan and the plan found keep every rule, so any bound is below both."""
    built = hidden(seed, people=12, teams=1 + seed % 3)
    least = min(built.cost, solved(built.register).cost) + HARDLY
    chance = np.random.default_rng(seed)
    pools = pools_of(built.register)
    pricers = [Pricer(pool) for pool in pools]
    for _ in range(25):
        prices = [drawn_prices(pool, chance) for pool in pools]
        assert (
            sum(pricer.evaluate(p).bound() for pricer, p in zip(pricers, prices, strict=True))
            <= least
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_nor_with_a_price_on_changes(seed: int) -> None:
    """The changes allowed belong to the register, so here all of it is one pool."""
    built = hidden(seed, people=12, teams=1)
    situation = Situation(built.register)
    (pool,) = pools_of(built.register)
    pricer = Pricer(replace(pool, moves_allowed=situation.moves_allowed))
    chance = np.random.default_rng(seed)
    for price in (0.5, 5, 50, 5000):
        prices = replace(drawn_prices(pool, chance), move=price)
        assert pricer.evaluate(prices).bound() <= cost_of(built)


@pytest.mark.parametrize("seed", SEEDS)
def test_all_officers_as_one_give_a_bound_too(seed: int) -> None:
    built = hidden(seed, people=12, teams=1 + seed % 3)
    chance = np.random.default_rng(seed)
    for _ in range(25):
        total = 0.0
        for pool in pools_of(built.register):
            small = pooled(pool)
            total += Pricer(small).evaluate(drawn_prices(small, chance)).bound()
        assert total <= cost_of(built)


def no_prices(pool: Pool) -> Prices:
    none = np.zeros(pool.shape)
    return Prices(hour=none, arms=none, cap=none, mix=np.zeros(pool.shape[0]))


@pytest.mark.parametrize("seed", range(500, 506))
def test_the_linear_programme_is_between_its_bound_and_the_plan(seed: int) -> None:
    """And all officers as one can do no worse than each with hours of their own."""
    built = hidden(seed, people=12, teams=1)
    (pool,) = pools_of(built.register)
    whole = Master(pool, Pricer(pool)).generate(no_prices(pool), tolerance=1e-6, most_rounds=200)
    small = pooled(pool)
    loose = Master(small, Pricer(small)).generate(no_prices(small), tolerance=1e-6, most_rounds=200)
    assert whole.bound <= whole.value + HARDLY * (1 + whole.value)
    assert whole.value <= whole.bound * (1 + 1e-4) + 1e-3
    assert whole.value <= cost_of(built)
    assert loose.bound <= whole.value + HARDLY * (1 + whole.value)


def same(first: SolveResult, second: SolveResult) -> None:
    assert first.plan == second.plan
    assert first.bound == second.bound


@pytest.mark.parametrize("seed", range(520, 524))
def test_the_same_register_and_seed_give_the_same_plan(seed: int) -> None:
    register = hidden(seed, slack=0.1).register
    same(solved(register, seed=3).result, solved(register, seed=3).result)


@pytest.mark.parametrize("seed", range(520, 524))
def test_the_order_of_rows_is_nothing_to_the_plan(seed: int) -> None:
    register = hidden(seed, slack=0.1).register
    draw = Random(seed)

    def shuffled(rows: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(draw.sample(rows, len(rows)))

    other = replace(
        register,
        offenders=shuffled(register.offenders),
        officers=shuffled(register.officers),
        absences=shuffled(register.absences),
        locks=shuffled(register.locks),
    )
    same(solved(register).result, solved(other).result)


def test_the_number_of_processes_is_nothing_to_the_plan() -> None:
    register = next(
        r
        for r in (hidden(seed, people=12, slack=0.1).register for seed in range(530, 560))
        if len(pools_of(r)) > 1
    )
    one, two = (
        solve(Situation(register), effort="quick", processes=processes) for processes in (1, 2)
    )
    same(one, two)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_model_costs_a_plan_as_the_contract_does(seed: int) -> None:
    """Calendars and routes of the hidden plan, priced as the model prices its choices."""
    built = hidden(seed, people=12, teams=1 + seed % 3)
    months: dict[tuple[str, str], list[int]] = defaultdict(list)
    for visit in built.plan.visits:
        months[visit.ref, "visit"].append(visit.month)
    for arms in built.plan.arms:
        months[arms.ref, "arms"].append(arms.month)
    late = moves = 0.0
    for pool in pools_of(built.register):
        for case in pool.cases:
            for duty, chain in (("visit", case.visit), ("arms", case.arms)):
                if chain >= 0:
                    late += pool.calendar_cost(chain, sorted(months[case.ref, duty]))
            soms = [pool.officers.index(str(built.plan.som(case.ref, m))) for m in range(1, 19)]
            route = next(n for n, r in enumerate(case.routes) if pool.routes[r].tolist() == soms)
            moves += float(case.move_costs[route])
    cost = Outcome(Situation(built.register), built.plan).cost
    assert late == pytest.approx(cost["exposure"] + cost["protected"] + cost["uncleared"])
    assert moves == pytest.approx(cost["moves"])


@pytest.mark.parametrize("seed", range(6))
def test_only_a_plan_that_meets_its_bound_is_called_proved(seed: int) -> None:
    """Hours beyond what the hidden plan needs, or none to spare: the words follow the figures."""
    slack = 1.0 if seed % 2 else 0.0
    answer = solved(hidden(seed, people=6, teams=1, slack=slack).register)
    equal = answer.outcome.total_cost - answer.result.bound <= 1e-6 * max(
        1.0, answer.outcome.total_cost
    )
    assert (answer.result.status is SearchStatus.PROVED) == equal


def test_a_plan_that_costs_nothing_is_proved_best() -> None:
    staff = [officer("S1"), officer("S2")]
    plenty = situation([offender(last_visit=AS_AT, last_arms=AS_AT)], staff)
    assert solve(plenty, effort="quick", processes=1).status is SearchStatus.PROVED


def test_the_order_of_rows_is_nothing_to_any_hour_or_share() -> None:
    """To the last bit: hours that differ by rounding alone lead a search elsewhere."""
    register = synthetic_register()
    draw = Random(3)
    other = replace(
        register,
        offenders=tuple(draw.sample(register.offenders, len(register.offenders))),
        officers=tuple(draw.sample(register.officers, len(register.officers))),
        absences=tuple(draw.sample(register.absences, len(register.absences))),
    )
    assert Situation(other).capacity == Situation(register).capacity
    assert Situation(other).fair_share == Situation(register).fair_share
