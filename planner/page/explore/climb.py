"""The curve, level by level: each officer more or fewer goes to the part where it is best.

As ``Desk.curve`` does it, with the parts in several processes: which part is next depends only on
what speaks for each part at the step where it is.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.page.explore import worker
from planner.staffing.figures import outlook_from
from planner.staffing.levels import LevelOutlook

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from planner.page.explore.team import Parts
    from planner.staffing.figures import Question
    from planner.staffing.least import Least
    from planner.staffing.share import Rung


@dataclass(frozen=True, slots=True)
class Level:
    """So many officers more than today: the step and the figures of each part, by place."""

    more: int
    steps: Mapping[int, int]
    rungs: Mapping[int, Rung]


async def climb(parts: Parts, fewer: int, more: int) -> AsyncIterator[Level]:
    """Today's level, then those above and below as they come, as far as crews allow."""
    start = [rung for rung in await parts.every(worker.rung, 0) if rung is not None]
    base = dict(zip(parts.places, start, strict=True))
    yield Level(0, dict.fromkeys(parts.places, 0), base)
    found: asyncio.Queue[Level | None] = asyncio.Queue()
    walks = [
        asyncio.ensure_future(_walk(parts, base, towards, far, found))
        for towards, far in ((1, more), (-1, fewer))
    ]
    try:
        ended = 0
        while ended < len(walks):
            level = await found.get()
            if level is None:
                ended += 1
            else:
                yield level
        await asyncio.gather(*walks)
    finally:
        for walk in walks:
            walk.cancel()


async def _walk(
    parts: Parts,
    base: Mapping[int, Rung],
    towards: int,
    far: int,
    found: asyncio.Queue[Level | None],
) -> None:
    try:
        steps, rungs = dict.fromkeys(parts.places, 0), dict(base)
        ways = dict(
            zip(parts.places, await parts.every(worker.way_on, 0, towards), strict=True)
            if far > 0
            else ()
        )
        for total in range(1, far + 1):
            open_ways = [(*way, place) for place, way in ways.items() if way is not None]
            if not open_ways:
                break
            place = min(open_ways)[-1]
            steps[place] += towards
            rung, ways[place] = await asyncio.gather(
                parts.one(place, worker.rung, steps[place]),
                parts.one(place, worker.way_on, steps[place], towards),
            )
            if rung is None:
                break
            rungs[place] = rung
            await found.put(Level(total * towards, dict(steps), dict(rungs)))
    finally:
        found.put_nowait(None)


def level_outlooks(
    levels: Sequence[Level], names: Mapping[int, str], asked: Question, least: Least
) -> tuple[LevelOutlook, ...]:
    """The levels met so far as ``Desk.curve`` tells them, fewest officers first.

    Each bound is at least the next one's.
    """
    told: list[LevelOutlook] = []
    highest = 0.0
    for level in sorted(levels, key=lambda one: -one.more):
        officers = least.today + level.more
        outlook = outlook_from(
            asked, [rung.figures for rung in level.rungs.values()], _earliest(level)
        )
        highest = max(highest, outlook.standing.bound)
        told.append(
            LevelOutlook(
                officers=officers,
                steps={names[place]: step for place, step in level.steps.items()},
                outlook=outlook,
                is_ruled_out=least.fewest is None or officers < least.fewest,
                bound=highest,
            )
        )
    return tuple(reversed(told))


def _earliest(level: Level) -> int | None:
    months = [rung.earliest for rung in level.rungs.values()]
    known = [month for month in months if month is not None]
    return max(known) if len(known) == len(months) else None
