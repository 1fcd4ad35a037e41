"""Solve one pool: prices from the linear programme, then a whole plan around it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.optimise.board import Board, Decided
from planner.optimise.by_month import ByMonth
from planner.optimise.efforts import AT_ONCE
from planner.optimise.exchange import Exchange, near_calendars
from planner.optimise.kept_doers import keep_doers
from planner.optimise.master import Master
from planner.optimise.pool import pooled
from planner.optimise.pricing import Pricer, Prices
from planner.optimise.replan import replan, replan_officers
from planner.optimise.search import Search, SearchOptions
from planner.optimise.seconds import share_second_hours
from planner.optimise.stability import price_of_change, steadied, with_price_of_change
from planner.optimise.whole_duties import CutMaster, CutPricer
from planner.optimise.whole_undone import raised_bound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from planner.optimise.efforts import Effort
    from planner.optimise.master import Column, MasterResult
    from planner.optimise.pool import Pool
    from planner.optimise.seconds import Shared


FEW_DUTIES = 300
"""Where duties are fewer there is little to exchange: the search does the work, at little cost."""
STEPS_WHERE_FEW, CYCLES_WHERE_FEW, PENALTY_WHERE_FEW = 13, 4, (1.3, 30.0)
NEAR_ROUTE = 15.0
MOST_ROUTES = 4
ROUNDS_BY_MONTH = 6
TOLERANCE_BY_MONTH = 2e-3
FIRST_HOUR_PRICE = 1.2
LEAST_WORTH = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolResult:
    """One pool's plan and its proof.

    ``value`` is its linear programme's; ``cost`` the plan's but for the ``spread`` of hours.
    """

    decided: tuple[Decided, ...]
    shared: Shared
    value: float
    cost: float
    spread: float
    bound: float
    prices: Prices
    moves: int
    penalties: float


def solve_pool(
    pool: Pool, effort: Effort, seed: int, stop: Callable[[], bool] = lambda: False
) -> PoolResult:
    """Solve one pool: prices from the linear programme, then a whole plan around it.

    Once ``stop`` says so, what remains is done with the least effort.
    """
    if stop():
        effort = AT_ONCE
    loose = pooled_result(pool, effort)
    cut_pricer = CutPricer(pool)
    master, pricer = CutMaster(pool, cut_pricer), Pricer(pool)
    start = spread_prices(pool, loose.prices)
    linear = master.generate(
        start, tolerance=effort.tolerance, most_rounds=effort.rounds, buying=True, stop=stop
    )
    tight = linear
    if effort.cuts and pool.has_every_route:
        tight = master.tightened(
            linear, tolerance=effort.tolerance, most_rounds=effort.rounds, stop=stop
        )
    proved = tight.bound
    if effort.cuts and pool.has_every_route and not stop():
        proved = raised_bound(
            master, tight, tolerance=effort.tolerance, most_rounds=effort.rounds, stop=stop
        )
    contract, steady = pool, linear
    if pool.meant is not None:
        pool = with_price_of_change(pool, pool.meant)
        pricer = Pricer(pool)
        steady = steadied(
            pool, pricer, linear, tolerance=effort.tolerance, most_rounds=effort.rounds, stop=stop
        )
    evaluation = pricer.evaluate(steady.prices)
    rounded, lp_routes = _rounded(pool, steady)
    near = [
        sorted({*evaluation.near_routes(case, NEAR_ROUTE, MOST_ROUTES), *lp_routes[case]})
        for case in range(len(pool.cases))
    ]
    calendars = near_calendars(pool, evaluation)
    worth = _worth_of_hours(loose.prices)
    bound = max(proved, loose.bound) if pool.has_every_route else loose.bound
    near_enough = (bound if steady is linear else steady.bound) / (1 - effort.one_fill)
    searches: list[Search] = []
    starts = _starts(pool, steady, rounded, near, effort, stop)
    for decided in starts:
        search = Search(pool, decided, near, worth, seed)
        _run(
            search,
            effort,
            lambda board: Exchange(board, evaluation, calendars, effort.breadth),
            stop,
        )
        searches.append(search)
        if search.value() + search.spread() <= near_enough:
            break
    search = min(searches, key=lambda s: s.value() + s.spread())
    return _result(contract, search, linear.value, bound, linear.prices)


def improve_pool(
    pool: Pool,
    result: PoolResult,
    effort: Effort,
    seed: int,
    stop: Callable[[], bool] = lambda: False,
) -> PoolResult:
    """The pool's plan with parts of it planned anew, while that gains and it costs too much."""
    priced = pool if pool.meant is None else with_price_of_change(pool, pool.meant)
    routes = [[d.choice.route] for d in result.decided]
    board = Board(priced, result.decided, routes, [LEAST_WORTH] * pool.months, seed)
    near_enough = result.bound / (1 - effort.near_enough)
    near = near_calendars(priced, Pricer(priced).evaluate(result.prices))
    replan_officers(board, near, nodes=effort.nodes, near_enough=near_enough, stop=stop)
    replan(board, tries=effort.replans, effort=effort.replan, near_enough=near_enough, stop=stop)
    return _result(pool, board, result.value, result.bound, result.prices)


def _result(contract: Pool, board: Board, value: float, bound: float, prices: Prices) -> PoolResult:
    """A board's plan, its cost that of the contract."""
    pool = board.pool
    if pool.meant is not None:
        keep_doers(board, pool.meant)
    final = board.decided()
    return PoolResult(
        decided=tuple(final),
        shared=share_second_hours(pool, final),
        value=value,
        cost=board.value() - price_of_change(contract, pool, final),
        spread=board.spread(),
        bound=bound,
        prices=prices,
        moves=sum(_counted(pool, d) for d in final),
        penalties=board.penalties(),
    )


def _starts(
    pool: Pool,
    linear: MasterResult,
    rounded: list[Decided],
    near: list[list[int]],
    effort: Effort,
    stop: Callable[[], bool],
) -> Iterator[list[Decided]]:
    """Whole plans to search around: filled month by month, else the programme's, rounded."""
    is_filled = False
    for manner in effort.manners:
        columns = (column for column, _ in linear.weights)
        by_month = ByMonth(pool, [d.choice.route for d in rounded], near, columns, manner)
        filled = by_month.run(
            linear.prices,
            tolerance=max(effort.tolerance, TOLERANCE_BY_MONTH),
            most_rounds=ROUNDS_BY_MONTH,
            effort=effort.month,
            stop=stop,
        )
        if filled is None:
            break
        is_filled = True
        yield filled
    if not is_filled:
        yield rounded


def _run(
    search: Search,
    effort: Effort,
    exchange_of: Callable[[Search], Exchange],
    stop: Callable[[], bool],
) -> None:
    """Search as hard as the effort says; where duties are few, by steps alone."""
    duties = len(search.case_of)
    few = duties < FEW_DUTIES
    exchanges = not few

    def exchange(board: Search, penalties: Sequence[float]) -> None:
        if exchanges:
            exchange_of(board).run(penalties, effort.quartets)

    options = SearchOptions(
        steps=int(effort.steps_per_duty * duties), cycles=effort.cycles, first=effort.first
    )
    if few:
        options = SearchOptions(
            steps=STEPS_WHERE_FEW * duties,
            cycles=max(CYCLES_WHERE_FEW, effort.cycles),
            rising=PENALTY_WHERE_FEW,
        )
    search.run(options, exchange, stop)


def pooled_result(pool: Pool, effort: Effort) -> MasterResult:
    """The pool with all officers as one: prices to begin with."""
    small = pooled(pool)
    shape = small.shape
    start = Prices(
        hour=np.full(shape, FIRST_HOUR_PRICE),
        arms=np.zeros(shape),
        cap=np.zeros(shape),
        mix=np.zeros(1),
    )
    return Master(small, Pricer(small)).generate(
        start, tolerance=min(1e-4, effort.tolerance), most_rounds=60
    )


def _worth_of_hours(prices: Prices) -> list[float]:
    """What an hour of each month is worth to a search, never next to nothing."""
    hour = prices.hour[0]
    least = max(LEAST_WORTH, 0.5 * float(hour.mean()))
    return [max(least, float(price)) for price in hour]


def spread_prices(pool: Pool, prices: Prices) -> Prices:
    shape = pool.shape
    return Prices(
        hour=np.repeat(prices.hour, shape[0], axis=0),
        arms=np.repeat(prices.arms, shape[0], axis=0),
        cap=np.zeros(shape),
        mix=np.zeros(shape[0]),
    )


def _rounded(pool: Pool, linear: MasterResult) -> tuple[list[Decided], list[set[int]]]:
    """Each case's weightiest route, and on it its weightiest column; the routes in use."""
    columns: dict[int, list[tuple[Column, float]]] = defaultdict(list)
    for column, weight in linear.weights:
        columns[column.choice.case].append((column, weight))
    decided, routes = [], []
    for case in range(len(pool.cases)):
        weights: dict[int, float] = defaultdict(float)
        for column, weight in columns[case]:
            weights[column.choice.route] += weight
        route = max(sorted(weights), key=weights.__getitem__)
        best = max((c for c in columns[case] if c[0].choice.route == route), key=lambda c: c[1])[0]
        decided.append(Decided(best.choice, best.doers))
        routes.append(set(weights))
    return decided, routes


def _counted(pool: Pool, decision: Decided) -> int:
    case = pool.cases[decision.choice.case]
    return int(case.counted[case.place(decision.choice.route)])
