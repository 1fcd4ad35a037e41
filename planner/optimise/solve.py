"""Solve a register: each pool on its own, then one plan, with what is proved of it."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.domain.plan import Holding, Plan, PlannedArms, PlannedVisit
from planner.domain.result import SearchStatus, SolveResult
from planner.domain.terms import Duty
from planner.optimise.master import Master
from planner.optimise.pool import build_pool, pooled, team_groups
from planner.optimise.pricing import Pricer, Prices
from planner.optimise.routes import Routes
from planner.optimise.search import Decided, Search, SearchOptions
from planner.optimise.seconds import share_second_hours
from planner.optimise.shortfall import shortfall
from planner.workload.announced import visit_types
from planner.workload.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from planner.optimise.master import Column, MasterResult
    from planner.optimise.pool import Pool
    from planner.optimise.seconds import Shared
    from planner.workload.situation import Situation

    Floats = NDArray[np.float64]
    Tell = Callable[[str, float], None]


class Effort(NamedTuple):
    """How hard to look, in units that do not depend on the machine.

    ``tolerance`` and ``rounds`` limit the linear programme, ``steps_per_duty`` the search.
    """

    tolerance: float
    rounds: int
    steps_per_duty: float


EFFORTS = {
    "quick": Effort(2e-3, 12, 10),
    "normal": Effort(5e-4, 40, 50),
    "thorough": Effort(1e-4, 80, 400),
}
NEAR_ROUTE = 15.0
MOST_ROUTES = 4
FIRST_HOUR_PRICE = 1.2
LEAST_WORTH = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolResult:
    """One pool's plan and its proof."""

    decided: tuple[Decided, ...]
    shared: Shared
    bound: float
    prices: Prices
    moves: int
    penalties: float


def solve(
    situation: Situation,
    *,
    effort: str = "normal",
    seed: int = 0,
    processes: int | None = None,
    tell: Tell | None = None,
) -> SolveResult:
    """Allocate and schedule the register's cases; the plan, its bound, and how the search went.

    ``tell`` is called with a stage and the cost so far. The result does not depend on
    ``processes`` (default: all cores).
    """
    clock = _Clock()
    routes = Routes(situation)
    pools = [build_pool(situation, teams, routes) for teams in team_groups(situation)]
    clock.lap("build")
    results = _solve_pools(pools, EFFORTS[effort], seed, processes, tell)
    bound = sum(r.bound for r in results)
    moves, allowed = sum(r.moves for r in results), situation.moves_allowed
    if moves > allowed:
        pools = _with_moves_shared(pools, results, allowed)
        results = _solve_pools(pools, EFFORTS[effort], seed, processes, tell)
        bound = max(bound, _bound_with_moves(pools, results, allowed))
    bound = max(0.0, bound - sum(r.penalties for r in results))
    clock.lap("allocate and schedule")
    plan = _assemble(situation, pools, results)
    clock.lap("assemble")
    lacking = None
    if _leaves_overdue(situation, plan):
        lacking = shortfall(situation, pools)
        clock.lap("hours lacking")
    return SolveResult(
        plan=plan,
        status=SearchStatus.WITHIN_GAP,
        bound=bound,
        seed=seed,
        effort=effort,
        shortfall=lacking,
        hour_price=_hour_prices(situation, pools, results),
        seconds=clock.laps,
    )


def solve_pool(pool: Pool, effort: Effort, seed: int) -> PoolResult:
    """Solve one pool: prices from the linear programme, then a whole plan around it."""
    loose = _pooled_result(pool, effort)
    pricer = Pricer(pool)
    start = _spread_prices(pool, loose.prices)
    linear = Master(pool, pricer).generate(
        start, tolerance=effort.tolerance, most_rounds=effort.rounds, buying=True
    )
    evaluation = pricer.evaluate(linear.prices)
    decided, lp_routes = _rounded(pool, linear)
    near = [
        sorted({*evaluation.near_routes(case, NEAR_ROUTE, MOST_ROUTES), *lp_routes[case]})
        for case in range(len(pool.cases))
    ]
    search = Search(pool, decided, near, _worth_of_hours(loose.prices), seed)
    steps = int(effort.steps_per_duty * len(search.case_of))
    search.run(SearchOptions(steps=steps))
    final = search.decided()
    return PoolResult(
        decided=tuple(final),
        shared=share_second_hours(pool, final),
        bound=max(linear.bound, loose.bound) if pool.has_every_route else loose.bound,
        prices=linear.prices,
        moves=sum(_counted(pool, d) for d in final),
        penalties=search.penalties(),
    )


def _pooled_result(pool: Pool, effort: Effort) -> MasterResult:
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


def _spread_prices(pool: Pool, prices: Prices) -> Prices:
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


def _with_moves_shared(
    pools: Sequence[Pool], results: Sequence[PoolResult], allowed: int
) -> list[Pool]:
    """The pools, each with its part of the changes allowed: in proportion to what it would like."""
    wanted = sum(r.moves for r in results)
    parts = [r.moves * allowed // wanted for r in results]
    for n in range(allowed - sum(parts)):
        parts[n % len(parts)] += 1
    return [replace(p, moves_allowed=part) for p, part in zip(pools, parts, strict=True)]


def _bound_with_moves(pools: Sequence[Pool], results: Sequence[PoolResult], allowed: int) -> float:
    """The bound at one price for a change of SOM, the same in every pool: the best of theirs."""
    free = [replace(pool, moves_allowed=None) for pool in pools]
    pricers = [Pricer(pool) for pool in free]
    tried = sorted({r.prices.move for r in results})
    return max(
        sum(
            pricer.evaluate(replace(r.prices, move=price)).bound()
            for pricer, r in zip(pricers, results, strict=True)
        )
        - price * allowed
        for price in tried
    )


def _counted(pool: Pool, decision: Decided) -> int:
    case = pool.cases[decision.choice.case]
    return int(case.counted[int(np.flatnonzero(case.routes == decision.choice.route)[0])])


def _solve_pools(
    pools: Sequence[Pool], effort: Effort, seed: int, processes: int | None, tell: Tell | None
) -> list[PoolResult]:
    workers = min(processes or os.cpu_count() or 1, len(pools))
    if workers <= 1:
        return [_told(solve_pool(pool, effort, seed), pool, tell) for pool in pools]
    found: dict[int, PoolResult] = {}
    largest_first = sorted(range(len(pools)), key=lambda n: -len(pools[n].cases))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as executor:
        waiting = {n: executor.submit(solve_pool, pools[n], effort, seed) for n in largest_first}
        for n, future in waiting.items():
            found[n] = _told(future.result(), pools[n], tell)
    return [found[n] for n in range(len(pools))]


def _told(result: PoolResult, pool: Pool, tell: Tell | None) -> PoolResult:
    if tell is not None:
        tell(pool.name, result.bound)
    return result


def _assemble(situation: Situation, pools: Iterable[Pool], results: Iterable[PoolResult]) -> Plan:
    holdings: dict[str, tuple[Holding, ...]] = {}
    visit_months: dict[str, tuple[int, ...]] = {}
    arms: list[PlannedArms] = []
    leads: dict[tuple[str, int], tuple[str, str | None]] = {}
    second_hours: dict[tuple[str, int], float] = defaultdict(float)
    for pool, result in zip(pools, results, strict=True):
        for decision in result.decided:
            case = pool.cases[decision.choice.case]
            soms = [
                pool.officers[s] if s >= 0 else None for s in pool.routes[decision.choice.route]
            ]
            holdings[case.ref] = tuple(_holdings(soms))
            visit_months[case.ref] = decision.choice.visits
            for month in decision.choice.visits:
                second = result.shared.named.get(decision.choice.case) if month == 1 else None
                name = None if second is None else pool.officers[second]
                leads[case.ref, month] = (str(soms[month - 1]), name)
            for month, doer in zip(decision.choice.arms, decision.doers, strict=True):
                som = str(soms[month - 1])
                arms.append(PlannedArms(month, case.ref, som, pool.officers[doer]))
        for (s, m), hours in result.shared.hours.items():
            second_hours[pool.officers[s], m + 1] += hours
    offenders = situation.register.offender
    types = visit_types(visit_months, offenders, situation.policy)
    visits = [
        PlannedVisit(
            month=month,
            ref=ref,
            som=som,
            visit_type=types[ref, month],
            crew=situation.crew(offenders[ref]),
            second=second,
        )
        for (ref, month), (som, second) in leads.items()
    ]
    return Plan(
        horizon=situation.horizon,
        holdings=holdings,
        visits=tuple(sorted(visits, key=lambda v: (v.month, v.ref))),
        arms=tuple(sorted(arms, key=lambda a: (a.month, a.ref))),
        second_hours=dict(second_hours),
    )


def _holdings(soms: Sequence[str | None]) -> Iterable[Holding]:
    before = None
    for month, som in enumerate(soms, start=1):
        if som is not None and som != before:
            yield Holding(month, som)
        before = som if som is not None else before


def _leaves_overdue(situation: Situation, plan: Plan) -> bool:
    outcome = Outcome(situation, plan)
    last = situation.horizon.length
    return any(outcome.backlog(last, duty) for duty in Duty)


def _hour_prices(
    situation: Situation, pools: Iterable[Pool], results: Iterable[PoolResult]
) -> dict[tuple[str, int], float]:
    """What one more hour of a team would save, by month: its officers' mean, by capacity."""
    found: dict[tuple[str, int], float] = {}
    officer = situation.register.officer
    for pool, result in zip(pools, results, strict=True):
        for team in sorted({officer[s].team for s in pool.officers}):
            members = [n for n, s in enumerate(pool.officers) if officer[s].team == team]
            for m in range(pool.months):
                hours = pool.most_hours[members, m]
                if hours.sum() > 0:
                    price = float((result.prices.hour[members, m] * hours).sum() / hours.sum())
                    found[team, m + 1] = price
    return found


class _Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps[stage] = now - self._last
        self._last = now
