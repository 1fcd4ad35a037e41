"""A curve that is only about right: another one, moved sideways."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.staffing.rows import LevelRow

_LEAST_STEP = 1e-6


def about_rows(known: Sequence[LevelRow], exposure: float, today: int) -> list[LevelRow]:
    """A known curve moved sideways until its exposure at ``today`` officers is this one.

    Exposure falls with every officer, also where nothing is left overdue, so it tells where on
    the known curve a change puts us. Levels that would lie off the known ones are left out.
    """
    if len(known) < 2:
        return []
    place = _place([sum(row.exposure.values()) for row in known], exposure)
    first = known[0].officers
    moved = []
    for row in known:
        at = place + (row.officers - today)
        low = int(at // 1)
        if low >= 0 and low + 1 < len(known) and known[low].officers == first + low:
            moved.append(_between(known[low], known[low + 1], at - low, row.officers, today))
    return moved


def _place(totals: Sequence[float], exposure: float) -> float:
    """Where on the curve the exposure is this, in places from its start; may lie off its ends."""
    last = len(totals) - 2
    for n, (more, less) in enumerate(pairwise(totals)):
        if exposure >= less or n == last:
            return n + (more - exposure) / max(more - less, _LEAST_STEP)
    return 0.0


def _between(a: LevelRow, b: LevelRow, share: float, officers: int, today: int) -> LevelRow:
    def mid(x: float, y: float) -> float:
        return x + (y - x) * share

    return a._replace(
        officers=officers,
        against_today=officers - today,
        spread="Not known yet",
        ruled_out=a.ruled_out and b.ruled_out,
        not_before=b.not_before,
        hours_lacking=mid(a.hours_lacking, b.hours_lacking),
        posts_lacking=mid(a.posts_lacking, b.posts_lacking),
        bound=mid(a.bound, b.bound),
        arms_overdue=mid(a.arms_overdue, b.arms_overdue),
        visits_overdue=mid(a.visits_overdue, b.visits_overdue),
        exposure={key: mid(a.exposure[key], b.exposure[key]) for key in a.exposure},
        hours_there=mid(a.hours_there, b.hours_there),
        hours_used=mid(a.hours_used, b.hours_used),
        fte=a.fte + (officers - a.officers),
    )
