"""What is proved of a pool with all its officers as one, and again as hours or cases change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.result import Standing
from planner.optimise.lasting import LastingMaster
from planner.optimise.market import Market
from planner.optimise.shortfall import LEAST_TOLD, in_time, no_prices

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from planner.optimise.calendars import Kind
    from planner.optimise.pool import Pool
    from planner.optimise.pricing import Prices

    Floats = NDArray[np.float64]

_TOLERANCE = 3e-4
_ROUNDS = 60
LEAST_POSTS = 1e-4
"""Posts, or share of overtime, below which none is said to lack: rounding."""


class Family:
    """Pools of the same duties that differ in hours, ARMS limits or how many people have each.

    All are pools as ``pooled`` gives them. What was found out of one pool's good calendars is used
    for the next; what is proved does not depend on it.
    """

    def __init__(self, small: Pool) -> None:
        self._cost_pool, self._time_pool = small, in_time(small)
        self._place = {key: n for n, key in enumerate(_keys(self._cost_pool))}
        self._cost = LastingMaster(self._cost_pool)
        self._market = Market(self._time_pool)
        self._begin: Prices = no_prices(self._cost_pool)
        self._known: dict[tuple[object, ...], Standing] = {}

    def takes(self, small: Pool) -> bool:
        """Whether a pool has no duties but this family's, to be done in the same months."""
        own = self._cost_pool
        return (
            self._place.keys() >= set(_keys(small))
            and small.blocks == own.blocks
            and small.doers == own.doers
            and (small.cost_spread, small.arms_each) == (own.cost_spread, own.arms_each)
            and bool(((small.arms_limit > 0) == (own.arms_limit > 0)).all())
            and bool((_has_room(small) <= _has_room(own)).all())
        )

    def standing(self, small: Pool, post: Floats) -> Standing:
        """What is proved of a pool of this family.

        ``post`` is a full-time post's hours by month, overtime included.
        """
        limits = (small.most_hours, small.comfortable_hours, small.arms_limit, post)
        key = (*(a.tobytes() for a in limits), tuple(sorted(self._counts(small).items())))
        if key not in self._known:
            self._known[key] = self._standing(small, post)
        return self._known[key]

    def _standing(self, small: Pool, post: Floats) -> Standing:
        timed = self._fitted(self._time_pool, small)
        posts = self._market.least_posts(timed, post)
        enough = posts.suffices and posts.amount <= LEAST_POSTS
        hours = 0.0 if enough else self._market.least_hours(timed)
        return Standing(
            hours=hours if hours > LEAST_TOLD else 0.0,
            posts=posts.amount if posts.amount > LEAST_POSTS else 0.0,
            bound=self._bound(small),
            is_ruled_out=not enough,
            hours_there=float(small.most_hours.sum()),
        )

    def least_overtime(self, small: Pool, capacity: Floats) -> float | None:
        """The least overtime on top of the pool's for no hours to lack; None: none would do.

        A share of ``capacity``, the pool's hours without overtime, (1, months).
        """
        bought = self._market.least_overtime(self._fitted(self._time_pool, small), capacity[0])
        return bought.amount if bought.suffices else None

    def _bound(self, small: Pool) -> float:
        pool = self._fitted(self._cost_pool, small)
        self._cost.fit(pool)
        result = self._cost.generate(
            self._begin, tolerance=_TOLERANCE, most_rounds=_ROUNDS, weighing=False
        )
        self._begin = result.prices
        return max(0.0, result.bound)

    def _fitted(self, own: Pool, small: Pool) -> Pool:
        """The family's own pool with the hours, ARMS limits and counts of another."""
        counts = self._counts(small)
        return replace(
            own,
            comfortable_hours=small.comfortable_hours,
            most_hours=small.most_hours,
            arms_limit=small.arms_limit,
            cases=tuple(replace(case, count=counts.get(n, 0)) for n, case in enumerate(own.cases)),
        )

    def _counts(self, small: Pool) -> dict[int, int]:
        """How many people have each of the family's duties, by its number."""
        return {
            self._place[key]: case.count
            for key, case in zip(_keys(small), small.cases, strict=True)
        }


def _has_room(pool: Pool) -> NDArray[np.bool_]:
    """Where hours may be planned above those that cost nothing."""
    return pool.most_hours > pool.comfortable_hours


def _keys(small: Pool) -> list[tuple[Kind, int, float]]:
    """What tells the duties of a pool with all officers as one apart: kind, due month, hours."""
    return [
        (small.kinds[kind], int(due), float(small.lead[kind]))
        for kind, due in zip(small.chain_kind, small.chain_due, strict=True)
    ]
