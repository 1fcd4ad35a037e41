"""What must be bought for everything to be done in time: hours, posts or overtime, whichever is on.

One linear programme of a pool with all officers as one, in which only lateness that "can clear"
forbids has a cost. It is kept and solved again as the pool's limits change; each answer is proved
by its prices (weak duality, ``docs/bound.md``), whatever the programme's rounding.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.optimise.lasting import LastingMaster
from planner.optimise.pricing import Pricer, Prices
from planner.optimise.shortfall import NO_LIMIT, NOT_IN_TIME, no_prices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.optimise.pool import Pool

    Floats = NDArray[np.float64]

_TOLERANCE = 1e-7
_ROUNDS = 100
_FEW_ROUNDS = 3
LEAST_POSTS = 1e-4
"""Posts, or share of overtime, below which none is said to lack: rounding."""
A_LITTLE_LATE = 1e-6
"""Part of a duty that may be late by rounding alone."""


class Bought(NamedTuple):
    """``amount`` is the least that must be bought, proved; ``suffices``: whether it would do.

    It doesn't where something else stands in the way, such as a limit on ARMS.
    """

    amount: float
    suffices: bool


class Market(LastingMaster):
    """A pool as ``pooled`` and ``in_time`` give it, with things to buy at a price of 1 each."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(_plain(pool))
        self._more_hours = [self._slack(row, 1.0, 0.0) for row in self._hours.values()]
        self._more = {ware: self._post(np.zeros(pool.months)) for ware in ("posts", "overtime")}
        for row in self._arms.values():
            row.SetCoefficient(self._more["overtime"], 0.0)
        self._sold = dict.fromkeys(self._more, 0.0)
        self._begin: dict[str, Prices] = {}

    def begin_like(self, other: Market) -> None:
        """Begin at the prices at which another ended."""
        self._begin = dict(other._begin)

    def least_hours(self, pool: Pool) -> float:
        """Hours that no plan can do without, in months of choice; ARMS a month without limit."""
        free = replace(_plain(pool), arms_limit=np.where(pool.arms_limit > 0, NO_LIMIT, 0.0))
        self.fit(free)
        self._sell("hours")
        unlimited = replace(free, most_hours=np.full(pool.shape, NO_LIMIT), cost_spread=1.0)
        self.pricer = Pricer(unlimited)
        prices = self._solved("hours")
        return max(0.0, self.pricer.evaluate(prices).bound() - self._hopeless())

    def least_posts(self, pool: Pool, post: Floats) -> Bought:
        """Full-time posts that no plan can do without, the same number every month.

        ``post`` is what one brings in hours, by month; it brings the ARMS of one officer too.
        """
        return self._least("posts", _plain(pool), post, pool.arms_each)

    def least_overtime(self, pool: Pool, capacity: Floats) -> Bought:
        """Share of capacity that no plan can do without on top of the pool's hours.

        The share is the same every month; ARMS a month without limit, as overtime adds none.
        """
        free = replace(pool, arms_limit=np.where(pool.arms_limit > 0, NO_LIMIT, 0.0))
        return self._least("overtime", _plain(free), capacity, 0.0)

    def lacks_posts(self, pool: Pool, post: Floats) -> bool:
        """Whether it is proved that no plan can do without more posts, or however many.

        As ``least_posts``, but it stops as soon as either is certain.
        """
        plain = _plain(pool)
        self._offer("posts", plain, post)
        hopeless = self._hopeless()
        start = self._begin.get("posts", no_prices(pool))
        while True:
            result = self.generate(
                start, tolerance=_TOLERANCE, most_rounds=_FEW_ROUNDS, weighing=False
            )
            self._begin["posts"] = start = result.prices
            if result.value - hopeless <= LEAST_POSTS:
                return False
            if self._proved(result.prices, post, pool.arms_each) - hopeless > LEAST_POSTS:
                return True
            if result.rounds < _FEW_ROUNDS:
                posts = self.least_posts(pool, post)
                return not (posts.suffices and posts.amount <= LEAST_POSTS)

    def _least(self, ware: str, pool: Pool, hours: Floats, arms: float) -> Bought:
        """One unit of the ware brings so many hours, by month, and so many ARMS a month."""
        self._offer(ware, pool, hours)
        prices = self._solved(ware)
        hopeless = self._hopeless()
        least = max(0.0, self._proved(prices, hours, arms) - hopeless)
        amount = min(least, self._sold[ware])
        beyond = hopeless + least - amount
        return Bought(amount, suffices=beyond < A_LITTLE_LATE * NOT_IN_TIME)

    def _offer(self, ware: str, pool: Pool, hours: Floats) -> None:
        """Go on with a pool in which a unit of the ware brings so many hours, by month."""
        self.fit(pool)
        for (_, m), row in self._hours.items():
            row.SetCoefficient(self._more[ware], -float(hours[m]))
        self._sell(ware)

    def _proved(self, prices: Prices, hours: Floats, arms: float) -> float:
        """What no plan can beat, at these prices scaled down until a unit is worth 1 at most."""
        worth = float((prices.hour * hours).sum() + prices.arms.sum() * arms)
        fair = prices.blend(no_prices(self.pool), 1 - 1 / worth) if worth > 1 else prices
        return self.pricer.evaluate(fair).bound()

    def _sell(self, ware: str) -> None:
        """Let this be bought, and nothing else."""
        infinity = self.solver.infinity()
        for variable in self._more_hours:
            variable.SetUb(infinity if ware == "hours" else 0.0)
        for name, variable in self._more.items():
            variable.SetUb(infinity if ware == name else 0.0)

    def _solved(self, ware: str) -> Prices:
        start = self._begin.get(ware, no_prices(self.pool))
        prices = self.generate(
            start, tolerance=_TOLERANCE, most_rounds=_ROUNDS, weighing=False
        ).prices
        self._begin[ware] = prices
        return prices

    def _solve(self) -> tuple[float, Floats, Prices]:
        found = super()._solve()
        self._sold = {w: float(bought.solution_value()) for w, bought in self._more.items()}
        return found

    def _hopeless(self) -> float:
        """What duties cost that cannot be done in time with any number of hours."""
        return self.pricer.evaluate(no_prices(self.pool)).bound()


def _plain(pool: Pool) -> Pool:
    return replace(pool, comfortable_hours=pool.most_hours, cost_spread=0.0)
