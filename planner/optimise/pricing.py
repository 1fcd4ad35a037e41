"""Given a price for every hour, each case's best route and calendars; and the bound they prove.

Hours, caps, ARMS a month and the risk mix are the only things that tie cases to one another. Put a
price on each, and every case can be planned on its own by a shortest path; what that comes to, less
the worth of what there is, is a number that no plan can beat, whatever the prices (weak duality;
``docs/bound.md``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.domain.terms import Duty

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.optimise.pool import Pool

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CAP_EXCESS = 1e6
"""Penalty for each case above a cap in a month; no part of the contract's cost."""
MOVE_EXCESS = 1e5
"""Penalty for each change of SOM above those allowed: it gives way before a cap does."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What an hour, an ARMS, a place under a cap and a risky case cost: all at least 0.

    ``hour``, ``arms`` and ``cap`` are (officers, months); ``mix`` is (officers,), at most
    ``cost_mix``; ``move`` is for one change of SOM that counts. ``cuts`` and ``whole_mix`` price
    what whole duties and whole cases cannot use up (``whole_duties``); None where not sought.
    """

    hour: Floats
    arms: Floats
    cap: Floats
    mix: Floats
    move: float = 0.0
    cuts: Floats | None = None
    whole_mix: Floats | None = None

    def blend(self, other: Prices, share: float) -> Prices:
        """Prices between these and others: ``share`` of the others."""

        def mid(a: Floats, b: Floats) -> Floats:
            return np.asarray(a * (1 - share) + b * share)

        return Prices(
            hour=mid(self.hour, other.hour),
            arms=mid(self.arms, other.arms),
            cap=mid(self.cap, other.cap),
            mix=mid(self.mix, other.mix),
            move=self.move * (1 - share) + other.move * share,
            cuts=_blended(self.cuts, other.cuts, share),
            whole_mix=_blended(self.whole_mix, other.whole_mix, share),
        )


def _blended(mine: Floats | None, others: Floats | None, share: float) -> Floats | None:
    """Inequalities are only ever added: the longer list begins with the shorter."""
    known = [prices for prices in (mine, others) if prices is not None]
    if not known:
        return None
    blended = np.zeros(max(map(len, known)))
    for prices, part in ((mine, 1 - share), (others, share)):
        if prices is not None:
            blended[: len(prices)] += part * prices
    return blended


@dataclass(frozen=True, slots=True)
class Choice:
    """A case's route (number) and its two calendars (months ascending, from 1)."""

    case: int
    route: int
    visits: tuple[int, ...]
    arms: tuple[int, ...]


class Pricer:
    """Shortest paths for all cases of a pool at once."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self._second_members = self._cheapest_second()
        self.arms_hours = max(
            (h for k, h in zip(pool.kinds, pool.lead, strict=True) if k.duty is Duty.ARMS),
            default=0.0,
        )
        counts = [len(c.routes) for c in pool.cases]
        self.pair_case: Ints = np.repeat(np.arange(len(pool.cases)), counts)
        self.pair_start: Ints = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        whole, none = np.zeros(0, dtype=np.int64), np.zeros(0)
        self.pair_route: Ints = np.concatenate([whole, *(c.routes for c in pool.cases)])
        self._move_cost: Floats = np.concatenate([none, *(c.move_costs for c in pool.cases)])
        self._counted: Ints = np.concatenate([whole, *(c.counted for c in pool.cases)])
        self._visit: Ints = np.array([c.visit for c in pool.cases], dtype=np.int64)
        self._arms: Ints = np.array([c.arms for c in pool.cases], dtype=np.int64)
        self._high = np.array([c.high for c in pool.cases], dtype=bool)
        self._at_end = np.array([c.at_month_end for c in pool.cases], dtype=float).reshape(
            -1, pool.months
        )

    def evaluate(self, prices: Prices) -> Evaluation:
        """Price every case on every route open to it."""
        pool = self.pool
        price = self._doing_price(prices)
        to_go, follow = self._to_go(price)
        value = self._move_cost + prices.move * self._counted
        case, route = self.pair_case, self.pair_route
        value = value + np.where(self._high[case], self._mix_price(prices)[route], 0.0)
        if prices.cap.any():
            value = value + np.einsum(
                "pm,pm->p", self._at_end[case], self._cap_price(prices)[route]
            )
        first = np.full((2, len(case)), pool.months, dtype=np.int64)
        for row, chains in enumerate((self._visit, self._arms)):
            has = chains[case] >= 0
            chain = chains[case][has]
            totals = pool.start[chain] + to_go[pool.chain_kind[chain], route[has]]
            first[row, has] = totals.argmin(axis=1)
            value[has] += totals.min(axis=1)
        return Evaluation(self, prices, value, first, to_go, follow, price)

    def keep_to(self, case: int, route: int) -> None:
        """Close every other route of a case."""
        pairs = slice(*self.pair_start[case : case + 2])
        self._move_cost[pairs][self.pair_route[pairs] != route] = np.inf

    def hour_prices(self, prices: Prices) -> tuple[Floats, Floats]:
        """Price of a second officer's hour by (lead, month), and of an ARMS by (SOM, month)."""
        second = np.full(prices.hour.shape, np.inf)
        for (s, m), others in self._second_members.items():
            second[s, m] = prices.hour[others, m].min()
        each = self.arms_hours * prices.hour + prices.arms
        arms = np.full(prices.hour.shape, np.inf)
        for (s, m), doers in self.pool.doers.items():
            if doers:
                arms[s, m] = each[list(doers), m].min()
        return second, arms

    def doer(self, route: int, m: int, prices: Prices) -> int:
        """Who does an ARMS most cheaply in a month (column) on a route."""
        som = int(self.pool.routes[route, m])
        each = self.arms_hours * prices.hour[:, m] + prices.arms[:, m]
        return min(self.pool.doers[som, m], key=lambda d: (each[d], d))

    def worth(self, prices: Prices) -> float:
        """What the hours, caps and fair shares there are come to at these prices."""
        pool = self.pool
        comfort, most = pool.comfortable_hours, pool.most_hours
        at_comfort = prices.hour * comfort
        at_most = prices.hour * most - pool.cost_spread * (most - comfort)
        total = float(np.maximum(0.0, np.maximum(at_comfort, at_most)).sum())
        total += float((prices.arms * pool.arms_limit).sum())
        total += float((prices.mix * pool.fair_share).sum())
        total += prices.move * (pool.moves_allowed or 0)
        for s, cap in enumerate(pool.caps):
            if cap is not None:
                total += float(prices.cap[s].sum()) * cap
        return total

    def _to_go(self, price: Floats) -> tuple[Floats, Ints]:
        """Cost to go from each doing, (kinds, routes, months + 1), and the doing that follows."""
        pool = self.pool
        kinds, routes, months = price.shape
        to_go = np.zeros((kinds, routes, months + 1))
        follow = np.full((kinds, routes, months), months, dtype=np.int64)
        for i in range(months - 1, -1, -1):
            nexts = pool.arcs[:, None, i, i + 1 :] + to_go[:, :, i + 1 :]
            best = nexts.argmin(axis=2)
            follow[:, :, i] = best + i + 1
            to_go[:, :, i] = price[:, :, i] + np.take_along_axis(nexts, best[..., None], 2)[..., 0]
        return to_go, follow

    def _doing_price(self, prices: Prices) -> Floats:
        """Price of doing a duty of each kind on each route in each month."""
        pool = self.pool
        second, arms = self.hour_prices(prices)
        unheld = pool.routes < 0
        columns = np.arange(pool.months)
        hour_on = prices.hour[pool.routes, columns]
        second_on = second[pool.routes, columns]
        nobody = np.isinf(second_on)
        second_on = np.where(nobody, 0.0, second_on)
        arms_on = arms[pool.routes, columns]
        price = np.empty((len(pool.kinds), *pool.routes.shape))
        for k, kind in enumerate(pool.kinds):
            if kind.duty is Duty.ARMS:
                price[k] = arms_on
                continue
            price[k] = pool.lead[k] * hour_on + pool.second[k] * second_on
            if kind.crew > 1:
                price[k][nobody] = np.inf
        price[:, unheld] = np.inf
        return price

    def _mix_price(self, prices: Prices) -> Floats:
        first = self.pool.routes[:, 0]
        return np.where(first < 0, 0.0, prices.mix[first])

    def _cap_price(self, prices: Prices) -> Floats:
        columns = np.arange(self.pool.months)
        return np.where(self.pool.routes < 0, 0.0, prices.cap[self.pool.routes, columns])

    def _cheapest_second(self) -> dict[tuple[int, int], list[int]]:
        return {
            (lead, block.month): [s for s in block.members if s != lead] or [lead]
            for block in self.pool.blocks
            for lead in block.leads
        }


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Each case's value on each route at some prices; pairs run over cases, then routes."""

    pricer: Pricer
    prices: Prices
    value: Floats
    first: Ints
    to_go: Floats
    follow: Ints
    price: Floats

    @property
    def best_value(self) -> Floats:
        """The least value of each case."""
        starts = self.pricer.pair_start[:-1]
        return np.minimum.reduceat(self.value, starts) if len(starts) else np.zeros(0)

    def bound(self) -> float:
        """A number that no plan of this pool can beat."""
        counts = np.array([c.count for c in self.pricer.pool.cases])
        return float((counts * self.best_value).sum()) - self.pricer.worth(self.prices)

    def best_pair(self, case: int) -> int:
        """The case's best pair."""
        start, end = self.pricer.pair_start[case : case + 2]
        return int(start + self.value[start:end].argmin())

    def choice(self, pair: int) -> Choice:
        """The pair's best calendars."""
        pool = self.pricer.pool
        case = int(self.pricer.pair_case[pair])
        route = int(self.pricer.pair_route[pair])
        chains = (pool.cases[case].visit, pool.cases[case].arms)
        calendars = [
            self._follow(int(pool.chain_kind[chain]), route, int(self.first[row, pair]))
            if chain >= 0
            else ()
            for row, chain in enumerate(chains)
        ]
        return Choice(case, route, calendars[0], calendars[1])

    def _follow(self, kind: int, route: int, month: int) -> tuple[int, ...]:
        months = []
        while month < self.pricer.pool.months:
            months.append(month + 1)
            month = int(self.follow[kind, route, month])
        return tuple(months)

    def near_routes(self, case: int, slack: float, most: int) -> list[int]:
        """A case's routes within ``slack`` of its best, best first, at most ``most``."""
        first, end = self.pricer.pair_start[case : case + 2]
        values = self.value[first:end]
        order = np.argsort(values, kind="stable")[:most]
        return [
            int(self.pricer.pair_route[first + place])
            for place in order
            if values[place] <= values[order[0]] + slack
        ]
