"""The cheapest ways to clear: what each cannot cost less than, and a whole plan that shows one.

Parts are planned apart, so the cheapest purchase of the unit is the parts' cheapest, added up. With
officers as one nothing is lost to whose case it is; a whole plan needs some hours more. So each
part's way is looked for with a little to spare.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import TYPE_CHECKING, NamedTuple

from planner.files.interrupts import left_alone, left_to_the_command
from planner.levers.catalogue import ARMS_TEAM, OFFICERS, OVERTIME_HOURS, RECRUITS
from planner.staffing.by_part import Wanted, put_together, shown, stall
from planner.staffing.cheapest import Cheapest, Way
from planner.staffing.reached import only

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planner.staffing.by_part import Shown, Stall
    from planner.staffing.cheapest import Bought, Tariff
    from planner.staffing.levels import Desk

    Say = Callable[[str], None]
    Stop = Callable[[], bool]

ALL = (OFFICERS.key, RECRUITS.key, ARMS_TEAM.key, OVERTIME_HOURS.key)
WAYS = (
    ("The cheapest mix of all", ALL),
    ("Experienced officers only", (OFFICERS.key,)),
    ("New recruits only", (RECRUITS.key,)),
    ("Overtime only", (OVERTIME_HOURS.key,)),
    ("Temporary ARMS team and overtime", (ARMS_TEAM.key, OVERTIME_HOURS.key)),
    ("New recruits and overtime", (RECRUITS.key, OVERTIME_HOURS.key)),
)
MOST_OVERTIME = 80
"""Hours a month for each officer beyond which overtime is no answer."""


class How(NamedTuple):
    """How hard to search for whole plans (None: make none), from which seed, until when."""

    effort: str | None
    seed: int
    say: Say
    stop: Stop


def cheapest(
    desk: Desk, tariff: Tariff, how: How, asked_about: Sequence[tuple[str, tuple[str, ...]]] = WAYS
) -> Cheapest:
    """Ways to clear by the desk's deadline, each with its price: names, and levers by key."""
    how.say("Pricing ways to clear")
    asked = [_wanted(desk, tariff, levers, how) for _, levers in asked_about]
    stalls = [_stalls(desk, wanted) for wanted in asked]
    plans = _shown(asked, stalls, how) if how.effort is not None else {}
    ways = []
    for n, (name, levers) in enumerate(asked_about):
        way = Way(name=name, levers=levers, bound=_bound(stalls[n]))
        if way.bound is None and levers == (OVERTIME_HOURS.key,):
            way = replace(way, overtime_needed=overtime_needed(desk, tariff, asked[n]))
        elif n in plans:
            how.say(f"Putting together and judging: {name[0].lower()}{name[1:]}")
            way = _with_plan(desk, way, plans[n])
        elif way.bound is not None:
            way = replace(way, purchases=_all_bought(stalls[n]))
        ways.append(way)
    return Cheapest(tariff=tariff, deadline=desk.scenario.deadline, ways=tuple(ways))


def _wanted(desk: Desk, tariff: Tariff, levers: tuple[str, ...], how: How) -> list[Wanted]:
    return [
        Wanted(
            register=only(desk.register, ladder.part.teams),
            teams=ladder.part.teams,
            team=ladder.part.teams[0] if len(ladder.part.teams) == 1 else None,
            tariff=tariff,
            levers=levers,
            deadline=desk.scenario.deadline,
            effort=how.effort or "",
            seed=how.seed,
        )
        for ladder in desk.ladders
    ]


def _stalls(desk: Desk, wanted: Sequence[Wanted]) -> list[Stall]:
    return [stall(one.part, part) for one, part in zip(desk.ladders, wanted, strict=True)]


def _bound(stalls: Sequence[Stall]) -> float | None:
    bounds = [one.bound for one in stalls if one.bound is not None]
    return sum(bounds) if len(bounds) == len(stalls) else None


def _all_bought(stalls: Sequence[Stall]) -> tuple[Bought, ...]:
    return tuple(one for part in stalls for one in part.bought or ())


def _with_plan(desk: Desk, way: Way, parts: Sequence[Shown]) -> Way:
    return replace(
        way,
        purchases=tuple(one for part in parts for one in part.bought),
        plan=put_together(desk.register, parts, desk.scenario.deadline),
        spare=max(part.spare for part in parts),
    )


def _shown(
    asked: Sequence[Sequence[Wanted]], stalls: Sequence[Sequence[Stall]], how: How
) -> dict[int, list[Shown]]:
    """Whole plans of each way's parts, by way, on all cores; ways ruled out have none."""
    jobs = [
        (n, part)
        for n, wanted in enumerate(asked)
        if _bound(stalls[n]) is not None
        for part in wanted
    ]
    found: dict[int, list[Shown | None]] = {}
    with ProcessPoolExecutor(
        min(os.cpu_count() or 1, max(1, len(jobs))),
        mp_context=get_context("spawn"),
        initializer=left_to_the_command,
    ) as executor:
        with left_alone():
            futures = [executor.submit(shown, part) for _, part in jobs]
        for done, ((n, _), future) in enumerate(zip(jobs, futures, strict=True), start=1):
            if how.stop():
                executor.shutdown(wait=True, cancel_futures=True)
                break
            found.setdefault(n, []).append(future.result())
            how.say(f"Ways to clear: {done} of {len(jobs)} plans of teams made")
    whole = {n: [one for one in parts if one is not None] for n, parts in found.items()}
    return {n: parts for n, parts in whole.items() if len(parts) == len(asked[n])}


def overtime_needed(desk: Desk, tariff: Tariff, wanted: Sequence[Wanted]) -> int | None:
    """Least whole hours a month for each officer at which overtime alone is not ruled out."""

    def is_ruled_out(limit: int) -> bool:
        more = replace(tariff, overtime_limit=float(limit))
        return _bound(_stalls(desk, [one._replace(tariff=more) for one in wanted])) is None

    low, high = int(tariff.overtime_limit), MOST_OVERTIME
    if low >= high or is_ruled_out(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_ruled_out(middle) else (low, middle)
    return high
