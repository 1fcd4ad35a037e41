"""What whole duties cannot use up is proved: no whole plan breaks it, and the bound gains by it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from planner.domain.terms import Duty, RiskLevel
from planner.optimise.fitting import in_first_month_of, in_months
from planner.optimise.gathering import build_pool, team_groups
from planner.optimise.routes import Routes
from planner.optimise.whole_duties import CutMaster, CutPricer
from planner.optimise.whole_undone import raised_bound
from tests.build import offender, officer, situation
from tests.hidden import hidden, solved
from tests.test_optimise_bound import HARDLY, cost_of, drawn_prices, no_prices, pools_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from planner.optimise.fitting import Fitting, Inequality
    from planner.optimise.pool import Pool

    Floats = NDArray[np.float64]

SEEDS = range(700, 712)
DRAWN = range(20)
JUST = 1e-6


def small_pool(seed: int) -> Pool:
    """Three officers with few hours, visits for one and for two, few ARMS."""
    chance = np.random.default_rng(seed)
    staff = [
        officer(
            f"S{n}",
            hours_per_month=float(np.round(chance.uniform(4, 19), 2)),
            arms_trained_from=date(2020, 1, 1) if n or seed % 2 else None,
        )
        for n in range(3)
    ]
    people = [offender(f"P{n}", som="S1", crew=1 + n % 2, level=RiskLevel.MEDIUM) for n in range(4)]
    policy = {"arms.per_month": int(chance.integers(1, 4)), "visit.failed_rate": 0.2 * (seed % 3)}
    found = situation(people, staff, policy)
    (teams,) = team_groups(found)
    return build_pool(found, teams, Routes(found))


def numbers_that_fit(pool: Pool, hours: float, *, most_arms: int) -> Iterator[tuple[Floats, int]]:
    """Visits by kind and ARMS, second hours counted with the visit."""
    kinds = range(len(pool.kinds))
    visit = [k for k in kinds if pool.kinds[k].duty is Duty.VISIT]
    arms = max(pool.lead[k] for k in kinds if k not in visit)
    for numbers in itertools.product(range(8), repeat=len(visit)):
        visits = np.zeros(len(pool.kinds))
        visits[visit] = numbers
        left = hours - float(visits @ (pool.lead + pool.second))
        for done in range(most_arms + 1):
            if left - done * arms >= -JUST:
                yield visits, done


def breaks(row: Inequality, visits: Floats, given: float, arms: float) -> bool:
    return float(visits @ row.visit) + given * row.given + arms * row.arms > row.most + JUST


def something_done(fitting: Fitting, chance: np.random.Generator) -> tuple[Floats, float]:
    """Parts of duties that fit into the hours only as parts."""
    share = chance.dirichlet(np.ones(3))
    visits = np.array([float(bool(row.any())) for row in fitting.sorts]) * share[0] * 24
    return visits, float(share[1] * 8)


@pytest.mark.parametrize("seed", DRAWN)
def test_no_whole_number_of_duties_breaks_an_inequality_of_a_month(seed: int) -> None:
    pool, chance = small_pool(seed), np.random.default_rng(seed)
    hours = float(pool.most_hours[:, 3].sum())
    fitting = in_months(pool)[3]
    assert fitting is not None
    found = 0
    for _ in range(12):
        visits, arms = something_done(fitting, chance)
        row = fitting.most_broken(visits, 0.0, arms)
        if row is None:
            continue
        found += 1
        assert breaks(row, visits, 0.0, arms)
        for whole, done in numbers_that_fit(
            pool, hours, most_arms=int(pool.arms_limit[:, 3].sum())
        ):
            assert not breaks(row, whole, 0.0, done)
    assert found


@pytest.mark.parametrize("seed", DRAWN)
def test_nor_one_of_an_officers_first_month(seed: int) -> None:
    """Visits led, visits seconded and ARMS, as whole people do them."""
    pool, chance = small_pool(seed), np.random.default_rng(seed)
    lead, unit = float(pool.lead.min()), float(pool.second.max())
    arms_hours = float(pool.lead.max())
    is_visit = np.array([k.duty is Duty.VISIT for k in pool.kinds], dtype=float)
    for s in range(len(pool.officers)):
        fitting = in_first_month_of(pool, s)
        assert fitting is not None
        for _ in range(8):
            led, seconded, assessed = chance.uniform(0, 4, 3)
            visits = is_visit * led / is_visit.sum()
            row = fitting.most_broken(visits, seconded * unit, assessed)
            if row is None:
                continue
            for own, given, a in itertools.product(range(9), range(13), range(5)):
                hours = own * lead + given * unit + a * arms_hours
                if hours <= pool.most_hours[s, 0] and a <= pool.arms_limit[s, 0]:
                    assert not breaks(row, is_visit * own / is_visit.sum(), given * unit, a)


@pytest.mark.parametrize("seed", DRAWN)
def test_nor_one_of_the_teams_first_month(seed: int) -> None:
    """However the work is shared out: each visit is led by one and seconded by one."""
    pool, chance = small_pool(seed), np.random.default_rng(seed)
    fitting = in_months(pool)[0]
    assert fitting is not None
    lead, unit = float(pool.lead.min()), float(pool.second.max())
    arms_hours = float(pool.lead.max())
    totals = {(0, 0, 0)}
    for s in range(len(pool.officers)):
        own = [
            (led, given, a)
            for led, given, a in itertools.product(range(8), range(13), range(4))
            if led * lead + given * unit + a * arms_hours <= pool.most_hours[s, 0]
            and a <= pool.arms_limit[s, 0]
        ]
        totals = {(t[0] + o[0], t[1] + o[1], t[2] + o[2]) for t in totals for o in own}
    two = [k for k, kind in enumerate(pool.kinds) if kind.crew == 2]
    one = [k for k, kind in enumerate(pool.kinds) if kind.duty is Duty.VISIT and kind.crew == 1]
    for _ in range(8):
        visits = np.zeros(len(pool.kinds))
        visits[two[0]], visits[one[0]], arms = chance.uniform(0, 5, 3)
        row = fitting.most_broken(visits, 0.0, arms)
        if row is None:
            continue
        for led, seconded, assessed in totals:
            whole = np.zeros(len(pool.kinds))
            whole[two[0]] = min(led, seconded)
            whole[one[0]] = led - whole[two[0]]
            assert not breaks(row, whole, 0.0, assessed)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_prices_of_inequalities_give_a_bound_above_a_plan_at_hand(seed: int) -> None:
    """Any price on each, beside any other prices: still no more than the hidden plan costs."""
    built = hidden(seed, people=14, teams=1 + seed % 2)
    chance = np.random.default_rng(seed)
    pools, pricers = pools_of(built.register), []
    for pool in pools:
        pricer = CutPricer(pool)
        master = CutMaster(pool, pricer)
        linear = master.generate(no_prices(pool), tolerance=1e-4, most_rounds=100)
        master.tightened(linear, tolerance=1e-4, most_rounds=100)
        pricers.append(pricer)
    for _ in range(25):
        total = 0.0
        for pool, pricer in zip(pools, pricers, strict=True):
            plain = drawn_prices(pool, chance)
            mix = np.minimum(plain.mix, 0.5 * pool.cost_mix)
            prices = replace(
                plain,
                mix=mix,
                cuts=chance.random(len(pricer.cuts)) ** 2 * float(chance.choice([0.5, 5, 500])),
                whole_mix=chance.random(len(mix)) * (pool.cost_mix - mix),
            )
            total += pricer.evaluate(prices).bound()
        assert total <= cost_of(built)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bound_never_falls_and_meets_the_programme(seed: int) -> None:
    """The value meets the bound up to the tolerance, so it may lie above the optimum by that."""
    built = hidden(seed, people=14, teams=1)
    (pool,) = pools_of(built.register)
    master = CutMaster(pool, CutPricer(pool))
    linear = master.generate(no_prices(pool), tolerance=1e-6, most_rounds=200)
    tight = master.tightened(linear, tolerance=1e-6, most_rounds=200)
    assert tight.bound >= linear.bound
    assert tight.bound <= tight.value + HARDLY * (1 + tight.value)
    assert tight.bound <= cost_of(built)
    assert tight.value <= cost_of(built) * (1 + 1e-5)


def test_hours_that_no_whole_visit_can_use_raise_the_bound() -> None:
    """One visit of 2.75 hours a month fits into 5.4; a programme in parts would do nearly two."""
    people = [
        offender(f"P{n}", crew=1, level=RiskLevel.HIGH, arms_applicable=False) for n in range(6)
    ]
    found = situation(people, [officer("S1", hours_per_month=5.4)], {"cost.mix": 0})
    (teams,) = team_groups(found)
    pool = build_pool(found, teams, Routes(found))
    master = CutMaster(pool, CutPricer(pool))
    linear = master.generate(no_prices(pool), tolerance=1e-6, most_rounds=200)
    tight = master.tightened(linear, tolerance=1e-6, most_rounds=200)
    assert tight.bound > 1.1 * linear.bound


def test_a_part_of_a_case_above_the_fair_share_costs_a_whole_one() -> None:
    """Three risky cases, two officers: one holds two, half a case above the fair share."""
    people = [
        offender(f"P{n}", som=None, level=RiskLevel.HIGH, arms_applicable=False) for n in range(3)
    ]
    found = situation(people, [officer("S1"), officer("S2")])
    (teams,) = team_groups(found)
    pool = build_pool(found, teams, Routes(found))
    master = CutMaster(pool, CutPricer(pool))
    linear = master.generate(no_prices(pool), tolerance=1e-7, most_rounds=200)
    tight = master.tightened(linear, tolerance=1e-7, most_rounds=200)
    assert tight.bound - linear.bound == pytest.approx(0.5 * pool.cost_mix, abs=0.01)


def test_half_a_duty_cannot_be_left_undone() -> None:
    """Hours for five visits and a half of seven: two are left, not one and a half."""
    people = [
        offender(f"P{n}", crew=1, level=RiskLevel.LOW, arms_applicable=False) for n in range(7)
    ]
    hours = {"hours_per_month": 5.5 * 2.75 / 18}
    found = situation(people, [officer("S1", **hours)], {"cost.mix": 0, "visit.interval.low": 18})
    (teams,) = team_groups(found)
    pool = build_pool(found, teams, Routes(found))
    pool = replace(pool, most_hours=pool.most_hours * 0, comfortable_hours=pool.most_hours * 0)
    most = np.zeros(pool.shape)
    most[:, 5], most[:, 9] = 2.75 * 2.75, 2.75 * 2.75
    pool = replace(pool, most_hours=most, comfortable_hours=most)
    master = CutMaster(pool, CutPricer(pool))
    linear = master.generate(no_prices(pool), tolerance=1e-6, most_rounds=200)
    assert linear.bound < 3000
    assert raised_bound(master, linear, tolerance=1e-6, most_rounds=200) > linear.bound + 400


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_left_undone_raises_no_bound_above_a_plan_at_hand(seed: int) -> None:
    """Half the hours gone: something is left undone; the plan found is above every bound."""
    built = hidden(seed, people=14, teams=1)
    staff = tuple(
        replace(s, hours_per_month=None if s.hours_per_month is None else 0.5 * s.hours_per_month)
        for s in built.register.officers
    )
    short = replace(built.register, officers=staff)
    answer = solved(short, effort="normal")
    assert answer.result.bound <= answer.cost + HARDLY
