"""Solve a register: each pool on its own, then one plan, with what is proved of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from planner.domain.result import Repair, SearchStatus, SolveResult
from planner.optimise.assemble import assemble
from planner.optimise.clock import Clock
from planner.optimise.cores import solve_pools
from planner.optimise.efforts import EFFORTS
from planner.optimise.gathering import build_pool, team_groups
from planner.optimise.master import Master
from planner.optimise.pricing import Pricer
from planner.optimise.repairs import leaves_overdue, repairs
from planner.optimise.routes import Routes
from planner.optimise.shortfall import shortfall
from planner.optimise.solve_pool import pooled_result, spread_prices
from planner.workload.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from planner.domain.previous import Previous
    from planner.optimise.efforts import Effort
    from planner.optimise.pool import Pool
    from planner.optimise.solve_pool import PoolResult
    from planner.workload.situation import Situation

    Floats = NDArray[np.float64]
    Tell = Callable[[str, float], None]
    Stop = Callable[[], bool]

AS_GOOD_AS_EQUAL = 1e-6
FAR_OFF = 0.03
"""A pool whose plan is further from its bound is improved however near all pools together are, if
that is by what a duty left uncleared costs, or more."""
FEW_OFFICERS, NEARLY = 12, 0.015
"""Other beginnings are tried for so many officers at most, and where the gap is no wider."""


def solve(
    situation: Situation,
    *,
    effort: str = "normal",
    seed: int = 0,
    processes: int | None = None,
    tell: Tell | None = None,
    stop: Stop = lambda: False,
    previous: Previous | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> SolveResult:
    """Allocate and schedule the register's cases; the plan, its bound, and how the search went.

    ``tell`` is called with a stage and the cost so far. The result does not depend on
    ``processes`` (default: all cores). Once ``stop`` says so, the best so far is taken, which is a
    plan like any other, with its bound. With ``previous``, what the plan before meant to do is
    begun from, and given up only where that gains more than it costs; the bound is that of the
    contract's cost, without it. ``meanwhile`` is called once while other processes search.
    """
    clock, how = Clock(), EFFORTS[effort]
    routes = Routes(situation)
    groups = team_groups(situation)
    pools = [build_pool(situation, teams, routes, previous) for teams in groups]
    clock.lap("build")
    results = solve_pools(pools, how, seed, processes, tell, stop, meanwhile)
    bound = sum(r.bound for r in results)
    moves, allowed = sum(r.moves for r in results), situation.moves_allowed
    if moves > allowed:
        pools = _with_moves_shared(pools, results, allowed)
        results = solve_pools(pools, how, seed, processes, tell, stop)
        bound = max(bound, _bound_with_moves(pools, results, allowed))
    if how.replans:
        work = partial(solve_pools, seed=seed, processes=processes, tell=tell, stop=stop)
        _improve(pools, results, bound, how, work, situation.policy.cost_uncleared)
    bound = max(0.0, bound - sum(r.penalties for r in results))
    clock.lap("allocate and schedule")
    plan = assemble(situation, pools, results)
    clock.lap("assemble")
    outcome = Outcome(situation, plan)
    lacking, mending = None, tuple[Repair, ...]()
    if overdue := leaves_overdue(outcome):
        late = [pool for pool, teams in zip(pools, groups, strict=True) if overdue & set(teams)]
        lacking = shortfall(situation, late)
        clock.lap("hours lacking")
        mending = repairs(situation, overdue)
        clock.lap("repairs")
    proved = outcome.total_cost - bound <= AS_GOOD_AS_EQUAL * max(1.0, outcome.total_cost)
    return SolveResult(
        plan=plan,
        status=_status(proved=proved, stopped=stop()),
        bound=bound,
        seed=seed,
        effort=effort,
        shortfall=lacking,
        repairs=mending,
        hour_price=_hour_prices(situation, pools, results),
        seconds=clock.laps,
    )


def _improve(
    pools: Sequence[Pool],
    results: list[PoolResult],
    bound: float,
    how: Effort,
    work: Callable[..., list[PoolResult]],
    uncleared: float,
) -> None:
    """Plan parts of dear pools anew, until they are so no more.

    All months of an officer only where officers are few (at effort thorough of all): it takes
    seconds each. If that nearly does, other beginnings are tried too.
    """

    def improve(dear: Sequence[int], begun: Sequence[PoolResult], how: Effort) -> None:
        improved = work([pools[n] for n in dear], how, begun=begun)
        for n, result in zip(dear, improved, strict=True):
            results[n] = min(results[n], result, key=lambda r: r.cost + r.spread)

    near_enough = how.near_enough

    def limit() -> tuple[float, float]:
        return _limit(results, near_enough, bound, uncleared)

    dear, how = _too_dear(results, limit()), how._replace(near_enough=limit()[0])
    if dear and how.others:
        by_officer = how._replace(replans=0)
        if sum(len(pools[n].officers) for n in dear) <= FEW_OFFICERS:
            improve(dear, [results[n] for n in dear], by_officer)
            for manner in how.others:
                dear = _too_dear(results, limit())
                theirs = [results[n] for n in dear]
                if not dear or _gap(theirs, sum(r.bound for r in theirs)) > NEARLY:
                    break
                begun = work([pools[n] for n in dear], how._replace(manners=(manner,)))
                improve(dear, begun, by_officer)
        how, dear = how._replace(nodes=0), _too_dear(results, limit())
    if dear:
        improve(dear, [results[n] for n in dear], how)


def _gap(results: Sequence[PoolResult], bound: float) -> float:
    """The gap of all pools together, what stands for rules given way left out of the cost."""
    cost = sum(r.cost + r.spread for r in results)
    return (cost - bound) / max(1.0, cost - sum(r.penalties for r in results))


def _limit(
    results: Sequence[PoolResult], near_enough: float, bound: float, uncleared: float
) -> tuple[float, float]:
    """The gap that each pool may have, and the points off its bound that are let pass.

    Where all together are near enough, only pools that are far off are not, and by as much as a
    duty left ``uncleared`` costs: one may be left for nothing.
    """
    if _gap(results, bound) > near_enough:
        return near_enough, 0.0
    return FAR_OFF, uncleared


def _too_dear(results: Sequence[PoolResult], limit: tuple[float, float]) -> list[int]:
    """The pools to be improved, by number."""
    gap, points = limit
    return [
        n
        for n, r in enumerate(results)
        if _gap([r], r.bound) > gap and r.cost + r.spread - r.bound >= points
    ]


def _status(*, proved: bool, stopped: bool) -> SearchStatus:
    if proved:
        return SearchStatus.PROVED
    return SearchStatus.STOPPED if stopped else SearchStatus.WITHIN_GAP


def _with_moves_shared(
    pools: Sequence[Pool], results: Sequence[PoolResult], allowed: int
) -> list[Pool]:
    """The pools, each with its part of the changes allowed: more to those that save more by them.

    What a pool saves is its linear programme's value with no change allowed, less that with all.
    """
    saved = [
        max(1.0, _value_without_moves(pool) - r.value) if r.moves else 0.0
        for pool, r in zip(pools, results, strict=True)
    ]
    parts = [0] * len(pools)
    spare = min(allowed, sum(r.moves for r in results))
    while spare:
        wanting = [n for n, r in enumerate(results) if parts[n] < r.moves]
        total = sum(saved[n] for n in wanting)
        shares = {n: min(results[n].moves - parts[n], spare * saved[n] / total) for n in wanting}
        whole = {n: int(share) for n, share in shares.items()}
        if not any(whole.values()):
            whole = {max(shares, key=lambda n: (shares[n], -n)): 1}
        for n, more in whole.items():
            parts[n] += more
            spare -= more
    return [replace(p, moves_allowed=part) for p, part in zip(pools, parts, strict=True)]


def _value_without_moves(pool: Pool) -> float:
    still = replace(pool, moves_allowed=0)
    effort = EFFORTS["quick"]
    start = spread_prices(still, pooled_result(still, effort).prices)
    return (
        Master(still, Pricer(still))
        .generate(start, tolerance=effort.tolerance, most_rounds=effort.rounds, buying=True)
        .value
    )


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
