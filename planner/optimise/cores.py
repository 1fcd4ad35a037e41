"""Solve pools on all cores, until done or until somebody asks for what there is so far."""

from __future__ import annotations

import os
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from multiprocessing import get_context
from typing import TYPE_CHECKING

from planner.files.interrupts import left_alone, left_to_the_command
from planner.optimise.solve_pool import improve_pool, solve_pool

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.synchronize import Event

    from planner.optimise.efforts import Effort
    from planner.optimise.pool import Pool
    from planner.optimise.solve_pool import PoolResult

    Tell = Callable[[str, float], None]
    Stop = Callable[[], bool]

LOOK_EVERY = 0.2
"""Seconds between looks at whether to stop."""

_asked_to_stop: Event | None = None


def solve_pools(
    pools: Sequence[Pool],
    effort: Effort,
    seed: int,
    processes: int | None,
    tell: Tell | None,
    stop: Stop,
    meanwhile: Callable[[], None] | None = None,
    begun: Sequence[PoolResult] | None = None,
) -> list[PoolResult]:
    """Each pool's result, in order; they do not depend on how many processes there are.

    ``begun``: results to improve on, instead of solving from the start.
    ``meanwhile`` is other work, done here once the processes have theirs. Once ``stop`` says so,
    pools at work end with the best they have, and those not begun are done with the least effort.
    """
    starts: list[PoolResult | None] = list(begun) if begun else [None] * len(pools)
    workers = min(processes or os.cpu_count() or 1, len(pools))
    if workers <= 1:
        if meanwhile is not None:
            meanwhile()
        return [
            _told(_result(pool, effort, seed, stop, before), pool, tell)
            for pool, before in zip(pools, starts, strict=True)
        ]
    found: dict[int, PoolResult] = {}
    largest_first = sorted(range(len(pools)), key=lambda n: -len(pools[n].cases))
    context = get_context("spawn")
    stopping = context.Event()
    with ProcessPoolExecutor(
        workers, mp_context=context, initializer=_begin, initargs=(stopping,)
    ) as executor:
        with left_alone():
            number = {
                executor.submit(_solve, pools[n], effort, seed, starts[n]): n for n in largest_first
            }
        waiting = set(number)
        try:
            if meanwhile is not None:
                meanwhile()
            while waiting:
                done, waiting = wait(waiting, timeout=LOOK_EVERY, return_when=FIRST_COMPLETED)
                for future in sorted(done, key=number.__getitem__):
                    n = number[future]
                    found[n] = _told(future.result(), pools[n], tell)
                if stop():
                    stopping.set()
        except BaseException:
            stopping.set()
            executor.shutdown(wait=False, cancel_futures=True)
            raise
    return [found[n] for n in range(len(pools))]


def _begin(stopping: Event) -> None:
    """In a worker: Ctrl-C is for the command itself, which then says so here."""
    global _asked_to_stop
    left_to_the_command()
    _asked_to_stop = stopping


def _solve(pool: Pool, effort: Effort, seed: int, begun: PoolResult | None) -> PoolResult:
    stop = _asked_to_stop.is_set if _asked_to_stop else _never
    return _result(pool, effort, seed, stop, begun)


def _result(
    pool: Pool, effort: Effort, seed: int, stop: Stop, begun: PoolResult | None
) -> PoolResult:
    if begun is None:
        return solve_pool(pool, effort, seed, stop)
    return improve_pool(pool, begun, effort, seed, stop)


def _never() -> bool:
    return False


def _told(result: PoolResult, pool: Pool, tell: Tell | None) -> PoolResult:
    if tell is not None:
        tell(pool.name, result.cost)
    return result
