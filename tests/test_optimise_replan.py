"""Exact models of months agree with the ledger of hours; planning parts anew only ever gains."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest
from ortools.sat.python import cp_model

from planner.domain.terms import Duty
from planner.optimise.board import Board
from planner.optimise.branching import branched
from planner.optimise.efforts import EFFORTS
from planner.optimise.exchange import near_calendars
from planner.optimise.hours import GRAIN, Ledger, grains_up
from planner.optimise.month_hours import MonthHours
from planner.optimise.pricing import Pricer
from planner.optimise.replan import Part, replan, replan_officer, replan_officers, replan_part
from planner.optimise.seconds import share_second_hours
from planner.optimise.solve_pool import solve_pool
from planner.sample import synthetic_register
from tests.benchmark_registers import rural
from tests.hidden import hidden
from tests.test_optimise_bound import pools_of
from tests.test_optimise_whole_duties import small_pool

if TYPE_CHECKING:
    from planner.optimise.pool import Pool

DRAWS = range(60)
HARDLY = 1e-6


def drawn_work(pool: Pool, draw: Random) -> list[tuple[int, int]]:
    """Officers and kinds: duties of one month, sometimes too many."""
    return [
        (draw.randrange(len(pool.officers)), draw.randrange(len(pool.kinds)))
        for _ in range(draw.randint(0, 12))
    ]


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize("m", [0, 4])
def test_a_month_fits_in_the_model_just_where_the_ledger_says_so(draw: int, m: int) -> None:
    """In whole visits in month 1, in any part later; hours above comfort come out the same."""
    fits_alike(small_pool(draw), m, draw)


@pytest.fixture(scope="module")
def rural_pool() -> Pool:
    """Nine officers in six teams, four of them alone in theirs."""
    (pool,) = pools_of(rural(90))
    return pool


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize("m", [0, 4])
def test_a_month_of_several_teams_fits_just_where_the_ledger_says_so(
    rural_pool: Pool, draw: int, m: int
) -> None:
    """A team has its own hours first; who is alone draws on what all of them have left."""
    scarce = 0.05 + 0.02 * (draw % 10)
    most = rural_pool.most_hours * scarce
    comfort = most * 0.9
    fits_alike(replace(rural_pool, most_hours=most, comfortable_hours=comfort), m, draw)


def fits_alike(pool: Pool, m: int, draw: int) -> None:
    """That the model and the ledger of hours agree on duties drawn for one month."""
    hours, ledger = MonthHours(pool), Ledger(pool)
    own: dict[int, list[int]] = defaultdict(list)
    need: dict[int, list[int]] = defaultdict(list)
    for s, kind in drawn_work(pool, Random(draw)):
        if pool.kinds[kind].duty is Duty.ARMS and ledger.room[s][m] == 0:
            continue
        own[s].append(hours.lead[kind])
        if pool.kinds[kind].duty is Duty.ARMS:
            ledger.arms(s, m, grains_up(float(pool.lead[kind])))
        else:
            need[s].append(hours.second[kind])
            lead, second = float(pool.lead[kind]), float(pool.second[kind])
            ledger.visit(s, m, grains_up(lead), grains_up(second))
    model = cp_model.CpModel()
    above = hours.keep(model, m, own, need)
    model.minimize(sum(above))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    fits = solver.solve(model) == cp_model.OPTIMAL
    assert fits == ledger.sound(m)
    if fits and m:
        step = GRAIN / hours.steps
        officers = len(pool.officers)
        assert abs(solver.objective_value * step - ledger.above_comfort(m)) <= officers * step


def test_nobody_seconds_an_own_visit() -> None:
    """Two officers, hours enough for both parts of a visit, but only with the one who leads it."""
    pool = small_pool(1)
    (two,) = (k for k, kind in enumerate(pool.kinds) if kind.crew == 2)
    most = pool.most_hours.copy()
    lead, second = float(pool.lead[two]), float(pool.second[two])
    most[:, 4] = [lead + second, 0.0, 0.5 * second]
    pool = replace(pool, most_hours=most, comfortable_hours=most)
    hours = MonthHours(pool)
    for s, fits in ((0, False), (2, False)):
        model = cp_model.CpModel()
        hours.keep(model, 4, {s: [hours.lead[two]]}, {s: [hours.second[two]]})
        assert (cp_model.CpSolver().solve(model) == cp_model.OPTIMAL) == fits
    most[2, 4] = second
    hours = MonthHours(replace(pool, most_hours=most, comfortable_hours=most))
    model = cp_model.CpModel()
    hours.keep(model, 4, {0: [hours.lead[two]]}, {0: [hours.second[two]]})
    assert cp_model.CpSolver().solve(model) == cp_model.OPTIMAL


def test_hours_above_comfort_are_those_of_leads_and_of_who_seconds() -> None:
    """Each is comfortable with half the hours: half the lead is above, and some of the second."""
    pool = small_pool(1)
    (two,) = (k for k, kind in enumerate(pool.kinds) if kind.crew == 2)
    lead, second = float(pool.lead[two]), float(pool.second[two])
    most = pool.most_hours.copy()
    most[:, 4] = [lead, second + 1, 0.0]
    ledger = Ledger(replace(pool, most_hours=most, comfortable_hours=0.5 * most))
    ledger.visit(0, 4, grains_up(lead), grains_up(second))
    assert ledger.sound(4)
    above = 0.5 * lead + second - 0.5 * (second + 1)
    assert ledger.above_comfort(4) == pytest.approx(above * GRAIN, abs=3)


@pytest.mark.parametrize("draw", range(40))
def test_branching_finds_what_the_other_solver_proves_best(draw: int) -> None:
    """Random small models, with sums, differences and both kinds of limits; some impossible."""
    random = Random(draw)
    model = cp_model.CpModel()
    numbers = [model.new_int_var(0, random.randint(1, 6), "") for _ in range(6)]
    for _ in range(4):
        total = sum(random.randint(-3, 5) * number for number in numbers)
        model.add(total <= random.randint(-4, 12))
        model.add(total - numbers[0] >= random.randint(-12, 1))
    model.minimize(sum(random.randint(-4, 4) * number for number in numbers))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    possible = solver.solve(model) == cp_model.OPTIMAL
    found = branched(model, None, 1000)
    assert (found is not None) == possible
    if found is not None:
        objective = model.proto.objective
        terms = zip(list(objective.vars), list(objective.coeffs), strict=True)
        worth = sum(amount * found[v] if v >= 0 else -amount * found[-v - 1] for v, amount in terms)
        assert worth + objective.offset == solver.objective_value


def test_planning_officers_anew_keeps_the_plan_sound_and_gains() -> None:
    """From the rough plan of effort quick there is always something to be gained."""
    (pool,) = pools_of(rural(90))
    result = solve_pool(pool, EFFORTS["quick"], 0)
    board = board_of(pool)
    near = near_calendars(pool, Pricer(pool).evaluate(result.prices))
    value = was = board.value() + board.spread()
    for officer in range(len(pool.officers)):
        gained = replan_officer(board, near, officer, 20)
        assert gained >= 0
        value -= gained
        assert board.value() + board.spread() == pytest.approx(value)
    assert sound(board)
    assert result.bound <= value < was
    replan_officers(board, near, nodes=20, near_enough=1e12)
    replan_officers(board, near, nodes=20, near_enough=0.0, stop=lambda: True)
    assert board.value() + board.spread() == pytest.approx(value)


def board_of(pool: Pool, seed: int = 0) -> Board:
    decided = solve_pool(pool, EFFORTS["quick"], 0).decided
    return Board(pool, decided, [[d.choice.route] for d in decided], [1.0] * pool.months, seed)


def sound(board: Board) -> bool:
    return all(board.ledger.sound(m) for m in range(board.pool.months))


@pytest.mark.parametrize("seed", range(730, 738))
def test_planning_parts_anew_keeps_the_plan_sound_and_never_dearer(seed: int) -> None:
    for pool in pools_of(hidden(seed, people=16, teams=1 + seed % 2, slack=0.05).register):
        board = board_of(pool, seed)
        was = board.value() + board.spread()
        replan(board, tries=10, effort=0.05, near_enough=0.0)
        assert sound(board)
        assert board.value() + board.spread() <= was + HARDLY


def test_what_was_spoilt_is_put_right() -> None:
    """A duty put off by months without need: planning those months anew brings it back."""
    (pool,) = pools_of(synthetic_register(offenders=60, officers=3))
    board = board_of(pool)
    best = board.value() + board.spread()
    slot, calendar = next(
        (slot, months)
        for slot, months in enumerate(board.calendar)
        if len(months) == 1 and not board.is_arms[slot] and months[0] in range(2, 6)
    )
    for later in range(calendar[0] + 1, 10):
        board.take_out(slot)
        board.put(slot, (later,), ())
        if sound(board) and board.value() > best + 1:
            break
        board.take_out(slot)
        board.put(slot, calendar, ())
    spoilt = board.value() + board.spread()
    assert spoilt > best + 1
    columns = (calendar[0], *board.calendar[slot])
    gain = replan_part(board, Part(columns, frozenset(range(len(pool.officers)))), 1.0)
    assert gain >= spoilt - best - HARDLY
    assert sound(board)


def test_chance_comes_from_the_seed_alone() -> None:
    (pool,) = pools_of(synthetic_register(offenders=60, officers=3))
    plans = []
    for _ in range(2):
        board = board_of(pool, seed=5)
        replan(board, tries=12, effort=0.05, near_enough=0.0)
        plans.append(board.decided())
    assert plans[0] == plans[1]


def test_it_stops_where_the_plan_is_near_enough_or_somebody_says_so() -> None:
    (pool,) = pools_of(synthetic_register(offenders=60, officers=3))
    board = board_of(pool)
    before = board.decided()
    replan(board, tries=5, effort=0.05, near_enough=1e12)
    replan(board, tries=5, effort=0.05, near_enough=0.0, stop=lambda: True)
    assert board.decided() == before


def test_one_officer_alone_is_no_trouble() -> None:
    """A register of one officer has nobody to second: parts are still planned, or left."""
    register = synthetic_register(offenders=20, officers=1)
    for pool in pools_of(register):
        board = board_of(pool)
        replan(board, tries=5, effort=0.05, near_enough=0.0)
        assert sound(board)


@pytest.mark.parametrize("people", [120, 250])
def test_second_hours_are_shared_as_evenly_as_the_ledger_says(people: int) -> None:
    """Hours above comfort after sharing, in months in which parts of visits may be given."""
    (pool,) = pools_of(rural(people))
    pool = replace(pool, comfortable_hours=0.5 * pool.comfortable_hours)
    decided = solve_pool(pool, EFFORTS["quick"], 0).decided
    board = Board(pool, decided, [[d.choice.route] for d in decided], [1.0] * pool.months, 0)
    shared = share_second_hours(pool, decided).hours
    above = 0
    for m in range(1, pool.months):
        expected = board.ledger.above_comfort(m) / GRAIN
        own = [
            float(pool.most_hours[s, m]) - board.ledger.left[s][m] / GRAIN
            for s in range(len(pool.officers))
        ]
        planned = [hours + shared.get((s, m), 0.0) for s, hours in enumerate(own)]
        found = sum(
            max(0.0, p - float(c))
            for p, c in zip(planned, pool.comfortable_hours[:, m], strict=True)
        )
        assert found == pytest.approx(expected, abs=0.1)
        above += expected > 1
    assert above
