"""The price of a change: in every calendar, on every route, and in who does an ARMS."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest

from planner.domain.previous import Previous
from planner.domain.terms import Duty
from planner.optimise.board import Decided
from planner.optimise.efforts import EFFORTS
from planner.optimise.gathering import build_pool
from planner.optimise.kept_doers import keep_doers
from planner.optimise.master import Master
from planner.optimise.meant import NOBODY, Meant, meant_in
from planner.optimise.pricing import Choice, Pricer
from planner.optimise.routes import Routes
from planner.optimise.search import Search
from planner.optimise.solve import solve
from planner.optimise.solve_pool import pooled_result, spread_prices
from planner.optimise.stability import price_of_change, steadied, with_price_of_change
from planner.sample import synthetic_register
from planner.workload.situation import Situation
from tests.build import offender, officer, situation

if TYPE_CHECKING:
    from planner.domain.plan import Plan
    from planner.optimise.pool import Pool

COST = 7.0


def pool_of(found: Situation, previous: Previous | None = None) -> Pool:
    return build_pool(found, found.register.teams, Routes(found), previous)


@cache
def sample() -> tuple[Situation, Plan]:
    found = Situation(synthetic_register(offenders=60, officers=2))
    return found, solve(found, effort="quick", processes=1).plan


def all_of(plan: Plan) -> Previous:
    """Every duty of a plan is to stay where it is."""
    doing = {(v.ref, Duty.VISIT, v.month): v.som for v in plan.visits}
    doing |= {(a.ref, Duty.ARMS, a.month): a.done_by for a in plan.arms}
    months: dict[tuple[str, Duty], list[int]] = {}
    for ref, duty, month in sorted(doing):
        months.setdefault((ref, duty), []).append(month)
    return Previous(months={k: tuple(v) for k, v in months.items()}, done_by=doing, cost=COST)


def test_a_calendar_costs_more_by_each_month_it_leaves_out() -> None:
    plain = pool_of(sample()[0])
    kept = (2, 5, 11)
    chain = next(c for c, k in enumerate(plain.chain_kind) if plain.kinds[k].interval == 3)
    meant = Meant(months={chain: kept}, by={chain: (NOBODY,) * 3}, cost=COST)
    priced = with_price_of_change(plain, meant)
    for size in range(4):
        for done in combinations((1, *kept, 14), size):
            calendar = [m + 1 for m in done]
            more = priced.calendar_cost(chain, calendar) - plain.calendar_cost(chain, calendar)
            if np.isfinite(plain.calendar_cost(chain, calendar)):
                assert more == pytest.approx(COST * len(set(kept) - set(done))), calendar
    other = (chain + 1) % len(plain.chain_kind)
    assert priced.calendar_cost(other, []) == plain.calendar_cost(other, [])


def test_the_plan_before_itself_costs_nothing_more() -> None:
    found, plan = sample()
    plain = pool_of(found, all_of(plan))
    assert plain.meant is not None
    priced = with_price_of_change(plain, plain.meant)
    months: dict[tuple[str, Duty], list[int]] = {}
    for v in sorted(plan.visits):
        months.setdefault((v.ref, Duty.VISIT), []).append(v.month)
    for a in sorted(plan.arms):
        months.setdefault((a.ref, Duty.ARMS), []).append(a.month)
    decided = []
    for number, case in enumerate(plain.cases):
        soms = tuple(plain.officers.index(plan.som(case.ref, m) or "") for m in range(1, 19))
        route = next(int(r) for r in case.routes if tuple(plain.routes[r]) == soms)
        visits, arms = (tuple(months.get((case.ref, duty), ())) for duty in Duty)
        decided.append(Decided(Choice(number, route, visits, arms), ()))
    assert price_of_change(plain, priced, decided) == pytest.approx(0.0)
    idle = [Decided(replace(d.choice, visits=(), arms=()), ()) for d in decided]
    duties = len(plan.visits) + len(plan.arms)
    assert price_of_change(plain, priced, idle) == pytest.approx(COST * duties)


def test_a_route_costs_more_by_each_duty_it_takes_from_its_officer() -> None:
    found = situation([offender(som="S1")], [officer("S1"), officer("S2")])
    previous = Previous(
        months={("P1", Duty.VISIT): (2, 8), ("P1", Duty.ARMS): (4,)},
        done_by={("P1", Duty.VISIT, 2): "S1", ("P1", Duty.ARMS, 4): "S1"},
        cost=COST,
    )
    plain = pool_of(found, previous)
    assert plain.meant is not None
    priced = with_price_of_change(plain, plain.meant)
    more = {
        plain.officers[plain.routes[route, 0]]: float(a - b)
        for route, a, b in zip(
            plain.cases[0].routes,
            priced.cases[0].move_costs,
            plain.cases[0].move_costs,
            strict=True,
        )
    }
    assert more == {"S1": 0.0, "S2": 2 * COST}, "the visit of month 8 is nobody's in particular"


def test_another_som_takes_no_arms_from_a_colleague_who_may_still_do_it() -> None:
    untrained = [officer(s, arms_trained_from=None) for s in ("S1", "S3")]
    found = situation([offender(som="S1")], [*untrained, officer("S2")])
    previous = Previous(
        months={("P1", Duty.ARMS): (4,)}, done_by={("P1", Duty.ARMS, 4): "S2"}, cost=COST
    )
    plain = pool_of(found, previous)
    assert plain.meant is not None
    priced = with_price_of_change(plain, plain.meant)
    assert (priced.cases[0].move_costs == plain.cases[0].move_costs).all()


def test_an_officer_who_is_not_of_the_pool_is_nobody() -> None:
    found = situation([offender(som="S1")], [officer("S1")])
    previous = Previous(
        months={("P1", Duty.VISIT): (2,)}, done_by={("P1", Duty.VISIT, 2): "S9"}, cost=COST
    )
    meant = meant_in(pool_of(found), previous)
    assert meant is not None
    assert list(meant.by.values()) == [(NOBODY,)]
    assert meant_in(pool_of(found), None) is None


def assessing(doers: dict[str, str], meant: dict[str, str], **policy: float) -> dict[str, str]:
    """Who does each person's ARMS of month 1 once doers are kept."""
    people = [offender(ref, som="S1", last_visit=None) for ref in sorted(doers)]
    staff = [officer("S1", arms_trained_from=None), officer("S2"), officer("S3")]
    found = situation(people, staff, policy)
    previous = Previous(
        months={(ref, Duty.ARMS): (1,) for ref in meant},
        done_by={(ref, Duty.ARMS, 1): who for ref, who in meant.items()},
        cost=COST,
    )
    pool = pool_of(found, previous)
    assert pool.meant is not None
    number = pool.officers.index
    decided = [
        Decided(
            Choice(
                n,
                next(int(r) for r in case.routes if pool.routes[r, 0] == number("S1")),
                (),
                (1,),
            ),
            (number(doers[case.ref]),),
        )
        for n, case in enumerate(pool.cases)
    ]
    near = [[d.choice.route] for d in decided]
    board = Search(pool, decided, near, [1.0] * pool.months, 0)
    sound = [board.ledger.sound(m) for m in range(pool.months)]
    keep_doers(board, pool.meant)
    assert [board.ledger.sound(m) for m in range(pool.months)] == sound
    return {
        pool.cases[d.choice.case].ref: pool.officers[d.doers[0]] for d in board.decided() if d.doers
    }


def test_arms_go_back_to_whom_they_were_promised() -> None:
    meant = {"P1": "S2", "P2": "S3"}
    assert assessing({"P1": "S3", "P2": "S2"}, meant) == meant
    assert assessing({"P1": "S3", "P2": "S3"}, meant) == meant


def test_arms_that_change_hands_in_turn_go_back_where_nobody_has_room_for_more() -> None:
    full = {"arms.per_month": 2}
    doers = {"P1": "S2", "P2": "S2", "P3": "S3", "P4": "S3"}
    meant = {"P1": "S3", "P3": "S2"}
    kept = assessing(doers, meant, **full)
    assert (kept["P1"], kept["P3"]) == ("S3", "S2")
    assert (kept["P2"], kept["P4"]) == ("S2", "S3"), "nothing else changes hands"


def test_nobody_gets_more_arms_than_allowed() -> None:
    kept = assessing(
        {"P1": "S2", "P2": "S2", "P3": "S3"},
        {"P1": "S2", "P2": "S2", "P3": "S2"},
        **{"arms.per_month": 2},
    )
    assert sorted(kept.values()) == ["S2", "S2", "S3"]
    room_for_one = assessing(
        {"P1": "S2", "P2": "S3", "P3": "S3"},
        {"P1": "S2", "P2": "S2", "P3": "S2"},
        **{"arms.per_month": 2},
    )
    assert sorted(room_for_one.values()) == ["S2", "S2", "S3"]


def test_somebody_who_may_not_do_it_any_more_is_passed_over() -> None:
    assert assessing({"P1": "S2"}, {"P1": "S1"}) == {"P1": "S2"}


def test_more_arms_are_not_given_where_hours_above_comfort_could_cost_more() -> None:
    dear = {"cost.spread": 50.0}
    assert assessing({"P1": "S3"}, {"P1": "S2"}, **dear) == {"P1": "S3"}
    swapped = assessing({"P1": "S3", "P2": "S2"}, {"P1": "S2", "P2": "S3"}, **dear)
    assert swapped == {"P1": "S2", "P2": "S3"}, "an exchange takes no hours from anybody"


def test_pricing_sees_the_price_of_a_change() -> None:
    """At the same prices a case's best value with changes priced is between both."""
    found, plan = sample()
    plain = pool_of(found, all_of(plan))
    assert plain.meant is not None
    priced = with_price_of_change(plain, plain.meant)
    prices = spread_prices(plain, pooled_result(plain, EFFORTS["quick"]).prices)
    without, with_it = (Pricer(p).evaluate(prices) for p in (plain, priced))
    most = COST * sum(len(m) for m in plain.meant.months.values())
    assert without.bound() <= with_it.bound() <= without.bound() + most
    for case in range(len(plain.cases)):
        choice = with_it.choice(with_it.best_pair(case))
        gap = priced.choice_cost(choice) - plain.choice_cost(choice)
        assert gap >= 0
        assert with_it.best_value[case] <= without.best_value[case] + COST * sum(
            len(plain.meant.months.get(c, ()))
            for c in (plain.cases[case].visit, plain.cases[case].arms)
        )


def test_the_programme_with_changes_priced_knows_what_each_calendar_costs() -> None:
    found, plan = sample()
    plain = pool_of(found, all_of(plan))
    assert plain.meant is not None
    priced = with_price_of_change(plain, plain.meant)
    effort = EFFORTS["normal"]
    start = spread_prices(plain, pooled_result(plain, effort).prices)
    linear = Master(plain, Pricer(plain)).generate(
        start, tolerance=effort.tolerance, most_rounds=effort.rounds, buying=True
    )
    steady = steadied(
        priced,
        Pricer(priced),
        linear,
        tolerance=effort.tolerance,
        most_rounds=effort.rounds,
        stop=lambda: False,
    )
    assert linear.bound <= steady.bound <= steady.value + 1e-6
    for column, _ in steady.weights:
        assert column.cost == pytest.approx(priced.choice_cost(column.choice))
    changes = sum(
        weight * (priced.choice_cost(c.choice) - plain.choice_cost(c.choice))
        for c, weight in steady.weights
    )
    assert steady.value >= linear.value * (1 - effort.tolerance)
    assert changes <= 0.02 * COST * sum(len(m) for m in plain.meant.months.values())
