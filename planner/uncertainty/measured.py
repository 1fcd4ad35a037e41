"""What many draws come to: bands, chances with their sampling error, means."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.domain.months import HORIZON_MONTHS
from planner.staffing.uncertain import (
    BAND_SHARES,
    Band,
    Chance,
    MonthReplayed,
    PointReplayed,
    Replayed,
    TeamReplayed,
    TornadoEnd,
)
from planner.uncertainty.replay import IN_TIME_FROM, NEVER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from planner.uncertainty.batches import Ground
    from planner.uncertainty.replay import Told

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_SURE = 1.959963984540054
"""Standard deviations of a 95% interval."""


def chance_of(happened: int, draws: int) -> Chance:
    """A share of draws with its Wilson interval, at 95%."""
    share, square = happened / draws, _SURE**2
    middle = (share + square / (2 * draws)) / (1 + square / draws)
    spread = math.sqrt(share * (1 - share) / draws + square / (4 * draws**2))
    half = _SURE * spread / (1 + square / draws)
    low = 0.0 if happened == 0 else max(0.0, middle - half)
    high = 1.0 if happened == draws else min(1.0, middle + half)
    return Chance(share=share, low=low, high=high)


def band_of(figures: Floats | Ints) -> Band:
    """The band of some draws' figures."""
    values = np.percentile(figures, [100 * share for share in BAND_SHARES])
    p5, p25, p50, p75, p95 = (float(value) for value in values)
    return Band(p5=p5, p25=p25, p50=p50, p75=p75, p95=p95, mean=float(np.mean(figures)))


def clear_month(overdue: Ints, pressing: Ints) -> int:
    """The first month from whose end on nothing is overdue; ``NEVER`` where there is none.

    Never too where a very high or high visit is overdue from month 3 on.
    """
    if pressing[IN_TIME_FROM - 1 :].any():
        return NEVER
    late = np.flatnonzero(overdue)
    return int(late[-1]) + 2 if len(late) else 1


def replayed(
    name: str, told: Sequence[Told], point: Told, *, ground: Ground, cleared_at: float
) -> Replayed:
    """All draws of one run, month by month. ``cleared_at``: the policy's ``backlog.cleared_at``."""
    arms, visits, not_in = (
        np.array([getattr(one, what) for one in told]) for what in ("arms", "visits", "not_in")
    )
    whole = np.array([clear_month(t.arms + t.visits, t.pressing) for t in told])
    seen = np.array([_clear_but_not_in(t) for t in told])
    only_arms = np.array(
        [clear_month(np.where(t.arms > cleared_at, t.arms, 0), 0 * t.arms) for t in told]
    )
    months = tuple(
        MonthReplayed(
            month=m,
            arms=band_of(arms[:, m - 1]),
            visits=band_of(visits[:, m - 1]),
            not_in=band_of(not_in[:, m - 1]),
            cleared=_by(whole, m),
            cleared_but_not_in=_by(seen, m),
            arms_cleared=_by(only_arms, m),
        )
        for m in range(1, HORIZON_MONTHS + 1)
    )
    return Replayed(
        name=name,
        draws=len(told),
        deadline=ground.deadline,
        months=months,
        teams=tuple(_teams(told, ground)),
        exposure=band_of(np.array([t.exposure for t in told])),
        point=_point(point),
    )


def _teams(told: Sequence[Told], ground: Ground) -> Iterator[TeamReplayed]:
    parts = np.array([one.parts for one in told])
    for number, name in enumerate(ground.world.parts):
        cleared, arms, visits = parts[:, :, number].T
        yield TeamReplayed(
            team=name,
            cleared_but_not_in=_by(cleared, ground.deadline),
            arms=band_of(arms),
            visits=band_of(visits),
        )


def with_aims(run: Replayed, aims: Mapping[int, Sequence[Told]]) -> Replayed:
    """A run, with the chances of working towards earlier months: ``aims`` by that month."""
    cleared = {
        aim: np.array([_clear_but_not_in(one) for one in told]) for aim, told in aims.items()
    }
    months = []
    for one in run.months:
        tried = [_by(months, one.month) for aim, months in cleared.items() if aim <= one.month]
        tried += [one.cleared_but_not_in] if tried or one.month == run.deadline else []
        best = max(tried, key=lambda chance: chance.share, default=None)
        months.append(replace(one, if_aimed_at=best))
    return replace(run, months=tuple(months), aims=tuple(sorted(aims)))


def end_of(value: float, told: Sequence[Told], deadline: int) -> TornadoEnd:
    """One end of a bar of the tornado."""
    cleared = np.array([_clear_but_not_in(t) for t in told])
    return TornadoEnd(
        value=value,
        arms=float(np.mean([t.arms[deadline - 1] for t in told])),
        visits=float(np.mean([t.visits[deadline - 1] for t in told])),
        exposure=float(np.mean([t.exposure for t in told])),
        cleared=_by(cleared, deadline),
    )


def _clear_but_not_in(told: Told) -> int:
    return clear_month(told.arms + told.visits - told.not_in, told.pressing - told.pressing_not_in)


def _by(months: Ints, month: int) -> Chance:
    return chance_of(int(np.count_nonzero(months <= month)), len(months))


def _point(told: Told) -> PointReplayed:
    month = clear_month(told.arms + told.visits, told.pressing)
    return PointReplayed(
        arms=tuple(int(n) for n in told.arms),
        visits=tuple(int(n) for n in told.visits),
        exposure=told.exposure,
        clears_from=None if month == NEVER else month,
    )
