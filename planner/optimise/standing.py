"""What is proved of a pool with all its officers as one, and again as hours or cases change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from planner.domain.months import HORIZON_MONTHS
from planner.domain.result import Standing
from planner.optimise.lasting import LastingMaster
from planner.optimise.market import LEAST_POSTS, Market
from planner.optimise.shortfall import LEAST_TOLD, hours_bought, in_time, no_prices
from planner.optimise.warm import BEST_KEPT, begin_like, likeness

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from planner.optimise.calendars import Kind
    from planner.optimise.market import Bought
    from planner.optimise.master import Column, MasterResult
    from planner.optimise.pool import Pool
    from planner.optimise.pricing import Choice, Prices

    Floats = NDArray[np.float64]

_TOLERANCE = 3e-4
_ROUNDS = 60


class Flow(NamedTuple):
    """So many people (``amount``, perhaps a fraction) have a duty done in these months.

    ``kind`` and ``due_month`` say which duty it is; months are numbers from 1.
    """

    kind: Kind
    due_month: int
    months: tuple[int, ...]
    amount: float


class _Found(NamedTuple):
    """What one solve ended with, for others to begin with."""

    prices: Prices
    columns: tuple[Column, ...]


class Family:
    """Pools of the same duties that differ in hours, ARMS limits or how many people have each.

    All are pools as ``pooled`` gives them. What was found out of one pool's good calendars is used
    for the next; what is proved does not depend on it.
    """

    def __init__(self, small: Pool) -> None:
        self._cost_pool = small
        self._place = {key: n for n, key in enumerate(_keys(self._cost_pool))}
        self._cost = LastingMaster(self._cost_pool)
        self._timed: dict[int, Pool] = {}
        self._markets: dict[bool, Market] = {}
        self._like: Family | None = None
        self._first: _Found | None = None
        self._begin: Prices = no_prices(self._cost_pool)
        self._known: dict[tuple[object, ...], Standing] = {}
        self._bounds: dict[tuple[object, ...], float] = {}
        self._ruled_out: dict[tuple[object, ...], bool] = {}
        self._posts: dict[tuple[object, ...], Bought] = {}

    def begin_like(self, other: Family) -> None:
        """Begin where another family ended: one of much the same duties, solved already."""
        self._like = other

    def lend(self, fresh: LastingMaster) -> Prices | None:
        """Enter this family's best calendars into another's programme; the prices at their end.

        They are those of the first pool asked about, whatever has been asked since. None: nothing
        has been found out that could be lent.
        """
        if self._first is None:
            return None
        begin_like(fresh, self._cost_pool, self._first.columns)
        return self._first.prices

    def lend_market(self, is_usual: bool, fresh: Market) -> None:
        """The same for what must be bought, where this family has been asked about that."""
        known = self._markets.get(is_usual)
        if known is not None and known.columns:
            begin_like(fresh, known.pool, known.best_columns(BEST_KEPT))
            fresh.begin_like(known)

    def likeness(self) -> frozenset[object]:
        """What is alike in families of much the same duties."""
        return frozenset(likeness(self._cost_pool))

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

    def standing(self, small: Pool, post: Floats, deadline: int = HORIZON_MONTHS) -> Standing:
        """What is proved of a pool of this family.

        ``post`` is a full-time post's hours by month, overtime included; ``deadline`` the month by
        whose end everything is to be done.
        """
        key = (*self._key(small), post.tobytes(), deadline)
        if key not in self._known:
            self._known[key] = self._standing(small, post, deadline)
        return self._known[key]

    def _key(self, small: Pool) -> tuple[object, ...]:
        limits = (small.most_hours, small.comfortable_hours, small.arms_limit)
        return (*(a.tobytes() for a in limits), tuple(sorted(self._counts(small).items())))

    def _standing(self, small: Pool, post: Floats, deadline: int) -> Standing:
        own, market = self._market(deadline)
        posts = self._posts_lacking(small, post, deadline)
        enough = posts.suffices and posts.amount <= LEAST_POSTS
        hours = 0.0 if enough else market.least_hours(self._fitted(own, small))
        return Standing(
            hours=hours if hours > LEAST_TOLD else 0.0,
            posts=posts.amount if posts.amount > LEAST_POSTS else 0.0,
            bound=self._bound(small),
            is_ruled_out=not enough,
            hours_there=float(small.most_hours.sum()),
            posts_would_do=posts.suffices,
        )

    def is_ruled_out(self, small: Pool, post: Floats, deadline: int) -> bool:
        """Whether it is proved that no plan clears by a month's end; no bound is worked out."""
        key = (*self._key(small), post.tobytes(), deadline)
        if key in self._posts:
            posts = self._posts[key]
            return not (posts.suffices and posts.amount <= LEAST_POSTS)
        if key not in self._ruled_out:
            own, market = self._market(deadline)
            self._ruled_out[key] = market.lacks_posts(self._fitted(own, small), post)
        return self._ruled_out[key]

    def _posts_lacking(self, small: Pool, post: Floats, deadline: int) -> Bought:
        key = (*self._key(small), post.tobytes(), deadline)
        if key not in self._posts:
            own, market = self._market(deadline)
            self._posts[key] = market.least_posts(self._fitted(own, small), post)
        return self._posts[key]

    def _market(self, deadline: int) -> tuple[Pool, Market]:
        """The family's pool in which only being late by a deadline costs, and what is to be had.

        The plan's own deadline has a programme of its own; all others take turns with another,
        whose calendars serve them all.
        """
        if deadline not in self._timed:
            self._timed[deadline] = in_time(self._cost_pool, deadline)
        timed, is_usual = self._timed[deadline], deadline == HORIZON_MONTHS
        if is_usual not in self._markets:
            market = self._markets[is_usual] = Market(timed)
            if self._like is not None:
                self._like.lend_market(is_usual, market)
        return timed, self._markets[is_usual]

    def best_plan(self, small: Pool) -> tuple[Flow, ...]:
        """The plan of least cost that the programme found, parts of people included."""
        pool = self._fitted(self._cost_pool, small)
        result = self._generated(pool, weighing=True)
        return tuple(_flow(pool, column.choice, weight) for column, weight in result.weights)

    def hours_lacking(self, small: Pool, deadline: int = HORIZON_MONTHS) -> Floats:
        """The least hours to be had on top, by month, spread as evenly as the least allows."""
        return hours_bought(in_time(small, deadline))

    def least_overtime(self, small: Pool, capacity: Floats) -> float | None:
        """The least overtime on top of the pool's for no hours to lack; None: none would do.

        A share of ``capacity``, the pool's hours without overtime, (1, months).
        """
        own, market = self._market(HORIZON_MONTHS)
        bought = market.least_overtime(self._fitted(own, small), capacity[0])
        return bought.amount if bought.suffices else None

    def _bound(self, small: Pool) -> float:
        key = self._key(small)
        if key not in self._bounds:
            result = self._generated(self._fitted(self._cost_pool, small), weighing=False)
            self._bounds[key] = max(0.0, result.bound)
        return self._bounds[key]

    def _generated(self, pool: Pool, *, weighing: bool) -> MasterResult:
        if self._like is not None and not self._cost.columns:
            self._begin = self._like.lend(self._cost) or self._begin
        self._cost.fit(pool)
        result = self._cost.generate(
            self._begin, tolerance=_TOLERANCE, most_rounds=_ROUNDS, weighing=weighing
        )
        self._begin = result.prices
        if self._first is None and self._like is None:
            self._first = _Found(result.prices, tuple(self._cost.best_columns(BEST_KEPT)))
        return result

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


def _flow(pool: Pool, choice: Choice, amount: float) -> Flow:
    case = pool.cases[choice.case]
    chain, months = (case.visit, choice.visits) if case.visit >= 0 else (case.arms, choice.arms)
    return Flow(pool.kinds[pool.chain_kind[chain]], int(pool.chain_due[chain]), months, amount)


def _has_room(pool: Pool) -> NDArray[np.bool_]:
    """Where hours may be planned above those that cost nothing."""
    return pool.most_hours > pool.comfortable_hours


def _keys(small: Pool) -> list[tuple[Kind, int, float]]:
    """What tells the duties of a pool with all officers as one apart: kind, due month, hours."""
    return [
        (small.kinds[kind], int(due), float(small.lead[kind]))
        for kind, due in zip(small.chain_kind, small.chain_due, strict=True)
    ]
