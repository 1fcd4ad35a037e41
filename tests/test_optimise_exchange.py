"""Near calendars and exchanges: what they list is right, what they do keeps the books."""

import itertools

import numpy as np
import pytest

from planner.optimise.board import Board
from planner.optimise.efforts import EFFORTS
from planner.optimise.exchange import Exchange, near_calendars
from planner.optimise.gathering import build_pool
from planner.optimise.master import Master
from planner.optimise.near import NearCalendars
from planner.optimise.pool import Pool
from planner.optimise.pricing import Evaluation, Pricer
from planner.optimise.routes import Routes
from planner.optimise.search import Search
from planner.optimise.solve_pool import _rounded, pooled_result, spread_prices
from planner.sample import synthetic_register
from planner.workload.situation import Situation

OFFICERS, PEOPLE = 6, 420


@pytest.fixture(scope="module")
def priced() -> tuple[Pool, Evaluation, Search]:
    """A team of the usual size, its prices, and its programme's plan rounded."""
    situation = Situation(synthetic_register(offenders=PEOPLE, officers=OFFICERS))
    (team, *_) = situation.register.teams
    pool = build_pool(situation, (team,), Routes(situation))
    loose = pooled_result(pool, EFFORTS["quick"])
    pricer = Pricer(pool)
    linear = Master(pool, pricer).generate(
        spread_prices(pool, loose.prices), tolerance=1e-2, most_rounds=12, buying=True
    )
    decided, routes = _rounded(pool, linear)
    near = [sorted(r) for r in routes]
    board = Search(pool, decided, near, [3.0] * pool.months, 0)
    return pool, pricer.evaluate(linear.prices), board


def fresh(pool: Pool, board: Board) -> Search:
    """The same plan entered anew."""
    near = [[route] for route in board.route]
    return Search(pool, board.decided(), near, [3.0] * pool.months, 0)


def priced_by_hand(pool: Pool, price: np.ndarray, chain: int, months: tuple[int, ...]) -> float:
    return pool.calendar_cost(chain, [m + 1 for m in months]) + float(price[list(months)].sum())


def test_the_first_near_calendar_is_the_best_at_the_prices(
    priced: tuple[Pool, Evaluation, Search],
) -> None:
    pool, evaluation, _ = priced
    near = near_calendars(pool, evaluation)
    for number, case in enumerate(pool.cases[:60]):
        pair = evaluation.best_pair(number)
        choice = evaluation.choice(pair)
        for chain, months in ((case.visit, choice.visits), (case.arms, choice.arms)):
            if chain >= 0:
                price = evaluation.price[pool.chain_kind[chain], choice.route]
                best = near.of(chain, choice.route)[0]
                expected = priced_by_hand(pool, price, chain, tuple(m - 1 for m in months))
                assert best.priced == pytest.approx(expected)


def test_near_calendars_are_the_cheapest_and_through_each_month(
    priced: tuple[Pool, Evaluation, Search],
) -> None:
    """Against all calendars of at most two doings of the duties that come round once a year."""
    pool, evaluation, _ = priced
    near = NearCalendars(pool, evaluation.price, 6, 1e9)
    tried = 0
    for case in pool.cases:
        chain = case.visit
        if chain < 0 or pool.kinds[pool.chain_kind[chain]].interval < 12 or tried == 10:
            continue
        route = int(case.routes[0])
        price = evaluation.price[pool.chain_kind[chain], route]
        every = [
            (cost, months)
            for size in (0, 1, 2)
            for months in itertools.combinations(range(pool.months), size)
            if (cost := priced_by_hand(pool, price, chain, months)) < np.inf
        ]
        found = {n.months: n for n in near.of(chain, route)}
        for n in found.values():
            assert n.priced == pytest.approx(priced_by_hand(pool, price, chain, n.months))
        for cost, _ in sorted(every)[:6]:
            assert any(n.priced <= cost + 1e-9 for n in found.values())
        for m in range(pool.months):
            through = [cost for cost, months in every if m in months]
            if through:
                cheapest = min(n.priced for n in found.values() if m in n.months)
                assert cheapest <= min(through) + 1e-9
        tried += 1
    assert tried == 10


def test_exchanges_keep_the_books_and_gain(priced: tuple[Pool, Evaluation, Search]) -> None:
    pool, evaluation, start = priced
    board = fresh(pool, start)
    calendars = near_calendars(pool, evaluation)

    def standing(penalty: float) -> float:
        worth = Exchange(board, evaluation, calendars).hours_worth
        over = sum(board.ledger.overrun(m)[0] / 1000 * worth[m] for m in range(pool.months))
        return float(board.value() + penalty * over)

    for penalty in (2.0, 10.0, 3000.0):
        before = standing(penalty)
        Exchange(board, evaluation, calendars).run((penalty,), 1)
        assert standing(penalty) <= before + 1e-6
    again = fresh(pool, board)
    assert again.value() == pytest.approx(board.value())
    assert again.ledger.left == board.ledger.left
    assert again.ledger.need == board.ledger.need
    assert again.ledger.room == board.ledger.room
    assert board.route == start.route


def test_exchanges_find_what_no_duty_alone_can(priced: tuple[Pool, Evaluation, Search]) -> None:
    """From a plan mended one duty at a time, they gain."""
    pool, evaluation, start = priced
    board = fresh(pool, start)
    board.mend()
    before = board.value()
    calendars = near_calendars(pool, evaluation)
    Exchange(board, evaluation, calendars).run((3000.0,), 1)
    assert board.value() < before - 1.0
    assert all(board.ledger.overrun(m) == (0, 0) for m in range(pool.months))


def test_exchanges_repeat(priced: tuple[Pool, Evaluation, Search]) -> None:
    pool, evaluation, start = priced
    plans = []
    for _ in range(2):
        board = fresh(pool, start)
        Exchange(board, evaluation, near_calendars(pool, evaluation)).run((4.0, 3000.0), 1)
        plans.append(board.decided())
    assert plans[0] == plans[1]
