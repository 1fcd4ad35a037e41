"""The cheapest ways to clear: what each cannot cost less than, and a whole plan that shows one.

Parts are planned apart, so the cheapest purchase of the unit is the parts' cheapest, added up. With
officers as one nothing is lost to whose case it is; a whole plan needs some hours more. So a way is
looked for with a little to spare, and more for parts that still do not clear.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from planner.levers.catalogue import ARMS_TEAM, OFFICERS, OVERTIME_HOURS, RECRUITS
from planner.optimise.purchases import least_price
from planner.staffing.cheapest import Cheapest, Way
from planner.staffing.offers import offers, purchases
from planner.staffing.reached import reached_by

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planner.staffing.cheapest import Bought, Tariff
    from planner.staffing.ladder import Ladder
    from planner.staffing.levels import Desk
    from planner.staffing.reached import Reached

    Say = Callable[[str], None]
    Stop = Callable[[], bool]

ALL = (OFFICERS.key, RECRUITS.key, ARMS_TEAM.key, OVERTIME_HOURS.key)
WAYS = (
    ("The cheapest mix of all", ALL),
    ("Experienced officers only", (OFFICERS.key,)),
    ("New recruits only", (RECRUITS.key,)),
    ("Overtime only", (OVERTIME_HOURS.key,)),
    ("Temporary ARMS team and overtime", (ARMS_TEAM.key, OVERTIME_HOURS.key)),
    ("Temporary ARMS team and recruits", (ARMS_TEAM.key, RECRUITS.key)),
)
SPARES = (0.0, 0.005, 0.01, 0.02, 0.035, 0.05)
"""Shares of hours to spare with which a whole plan is tried, in turn."""
MOST_OVERTIME = 80
"""Hours a month for each officer beyond which overtime is no answer."""


class How(NamedTuple):
    """How hard to search for whole plans (None: make none), from which seed, until when."""

    effort: str | None
    seed: int
    say: Say
    stop: Stop


def cheapest(desk: Desk, tariff: Tariff, how: How) -> Cheapest:
    """Every way to clear by the desk's deadline, with its price."""
    ways = []
    for name, levers in WAYS:
        how.say(f"Pricing: {name[0].lower()}{name[1:]}")
        ways.append(_way(desk, tariff, name, levers, how))
    return Cheapest(tariff=tariff, deadline=desk.scenario.deadline, ways=tuple(ways))


class _Stall(NamedTuple):
    """What one part's cheapest purchase costs at least, and the purchase."""

    bound: float | None
    bought: tuple[Bought, ...] | None


def _stall(
    desk: Desk, ladder: Ladder, tariff: Tariff, levers: Sequence[str], spare: float
) -> _Stall:
    part = ladder.part
    team = part.teams[0] if len(part.teams) == 1 else None
    offered = offers(part, team, tariff, levers)
    found = least_price(
        part.small, [offer.ware for offer in offered], desk.scenario.deadline, spare
    )
    if found.amounts is None:
        return _Stall(found.bound, None)
    return _Stall(found.bound, tuple(purchases(offered, found.amounts, tariff)))


def _way(desk: Desk, tariff: Tariff, name: str, levers: Sequence[str], how: How) -> Way:
    stalls = [_stall(desk, ladder, tariff, levers, 0.0) for ladder in desk.ladders]
    bounds = [stall.bound for stall in stalls if stall.bound is not None]
    way = Way(name=name, levers=tuple(levers), bound=None)
    if len(bounds) < len(stalls):
        is_overtime = tuple(levers) == (OVERTIME_HOURS.key,)
        needed = overtime_needed(desk, tariff) if is_overtime else None
        return replace(way, overtime_needed=needed)
    way = replace(way, bound=sum(bounds))
    if how.effort is None:
        return replace(way, purchases=_together(stalls))
    return _shown(desk, tariff, way, stalls, how)


def _shown(desk: Desk, tariff: Tariff, way: Way, stalls: list[_Stall], how: How) -> Way:
    """The way with a whole plan that clears, or with the last one tried, that does not."""
    rungs = [0] * len(stalls)
    found = way
    while how.effort is not None:
        bought = _together(stalls)
        how.say(f"A whole plan for {way.name[0].lower()}{way.name[1:]}")
        plan = reached_by(
            desk, [one.change for one in bought], effort=how.effort, seed=how.seed, stop=how.stop
        )
        spare = max(SPARES[rung] for rung in rungs)
        found = replace(way, purchases=bought, plan=plan, spare=spare)
        late = _late(desk, plan)
        if plan.clears or how.stop() or not late:
            break
        if any(rungs[n] + 1 == len(SPARES) for n in late):
            break
        for n in late:
            better = _dearer(desk, desk.ladders[n], tariff, way, rungs, n, stalls[n])
            if better is None:
                return found
            stalls[n] = better
    return found


def _dearer(
    desk: Desk,
    ladder: Ladder,
    tariff: Tariff,
    way: Way,
    rungs: list[int],
    number: int,
    before: _Stall,
) -> _Stall | None:
    """The part's purchase with more hours to spare, until that changes what is bought."""
    while rungs[number] + 1 < len(SPARES):
        rungs[number] += 1
        stall = _stall(desk, ladder, tariff, way.levers, SPARES[rungs[number]])
        if stall.bought is None:
            return None
        if stall.bought != before.bought:
            return stall
    return None


def _together(stalls: Sequence[_Stall]) -> tuple[Bought, ...]:
    return tuple(one for stall in stalls for one in stall.bought or ())


def _late(desk: Desk, plan: Reached) -> list[int]:
    """The parts, by number, that do not clear in a plan."""
    late = set(plan.late_teams)
    return [n for n, ladder in enumerate(desk.ladders) if late & set(ladder.part.teams)]


def overtime_needed(desk: Desk, tariff: Tariff) -> int | None:
    """Least whole hours a month for each officer at which overtime alone is not ruled out."""

    def is_ruled_out(limit: int) -> bool:
        more = replace(tariff, overtime_limit=float(limit))
        levers = (OVERTIME_HOURS.key,)
        return any(_stall(desk, ladder, more, levers, 0.0).bound is None for ladder in desk.ladders)

    low, high = int(tariff.overtime_limit), MOST_OVERTIME
    if low >= high or is_ruled_out(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_ruled_out(middle) else (low, middle)
    return high
