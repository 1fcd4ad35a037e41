"""The hours lacking where the backlog cannot clear, proved.

All officers of a pool as one, and hours to be had at a price of 1 each: the least that must be
bought for every duty to be done in time is a number that no plan can do without, since officers
apart can do no more than officers together. "In time" is the contract's "can clear": nothing
overdue at the end of the plan, no very high or high visit overdue at a month's end from month 3.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.domain.months import HORIZON_MONTHS
from planner.domain.result import Shortfall
from planner.domain.terms import Duty
from planner.optimise.master import Master
from planner.optimise.pool import pooled
from planner.optimise.pricing import Pricer, Prices
from planner.workload.capacity import full_post_hours

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from planner.optimise.calendars import Kind
    from planner.optimise.pool import Pool
    from planner.workload.situation import Situation

    Floats = NDArray[np.float64]

IN_TIME_FROM = 3
NOT_IN_TIME = 1e4
"""Hours, or posts, that a duty not done in time counts as: more than any could be worth."""
NO_LIMIT = 1e6
LEAST_TOLD = 1e-3
SLIGHTLY = 1e-3
"""How much dearer hours are, one by one, where many are bought in one month."""


def shortfall(situation: Situation, pools: Sequence[Pool]) -> Shortfall:
    """Least hours and least full-time posts without which the pools cannot clear."""
    hours: dict[tuple[str, int], float] = {}
    posts = 0.0
    post = np.array(full_post_hours(situation.register, situation.posts))
    post *= 1 + situation.policy.hours_overtime
    for pool in pools:
        small = pooled(in_time(pool))
        bought = hours_bought(small)
        hours |= {(pool.name, m + 1): h for m, h in enumerate(bought) if h > LEAST_TOLD}
        more = _posts_bought(small, post)
        posts += more if more > LEAST_TOLD else 0.0
    stuck = tuple(s for pool in pools if pool.has_every_route for s in _stuck(in_time(pool)))
    return Shortfall(hours=hours, posts=posts, without_remedy=stuck)


def in_time(pool: Pool, deadline: int = HORIZON_MONTHS) -> Pool:
    """The same pool where only lateness that "can clear" by the deadline forbids has a cost.

    ``deadline`` is the month from whose end on nothing may be overdue.
    """
    return pool.with_kinds(tuple(_in_time(kind, deadline, pool.months) for kind in pool.kinds))


def _in_time(kind: Kind, deadline: int, months: int) -> Kind:
    forbidden = min(IN_TIME_FROM, deadline) if kind.pressing else deadline
    return replace(
        kind,
        weight=0.0,
        protected=NOT_IN_TIME if kind.pressing or deadline < months else 0.0,
        protected_from=forbidden,
        uncleared=NOT_IN_TIME,
        locked=(),
    )


def hours_bought(pool: Pool) -> Floats:
    """Least hours to buy, by month, spread over the months as evenly as the least allows.

    ``pool`` is as ``pooled`` and ``in_time`` give it.
    """
    market = replace(
        pool,
        comfortable_hours=pool.most_hours,
        most_hours=np.full(pool.shape, NO_LIMIT),
        cost_spread=1.0,
        arms_limit=np.where(pool.arms_limit > 0, NO_LIMIT, 0.0),
    )
    least = _beyond(pool, Master(market, Pricer(market)), tolerance=1e-7).sum()
    if least <= LEAST_TOLD:
        return np.zeros(pool.months)
    dearer = replace(market, cost_spread=1 + 2 * SLIGHTLY)
    master = Master(dearer, Pricer(dearer))
    master.offer_hours(least / pool.months, 1.0)
    master.offer_hours(2 * least / pool.months, 1 + SLIGHTLY)
    spread = _beyond(pool, master, tolerance=-1.0)
    return np.asarray(spread * least / spread.sum())


def _beyond(pool: Pool, master: Master, tolerance: float) -> Floats:
    """Hours that a master's plan uses beyond those the pool has, by month."""
    result = master.generate(no_prices(pool), tolerance=tolerance, most_rounds=100)
    used = np.zeros(pool.months)
    for column, weight in result.weights:
        case = pool.cases[column.choice.case]
        for chain, months in ((case.visit, column.choice.visits), (case.arms, column.choice.arms)):
            for month in months:
                used[month - 1] += weight * pool.lead[pool.chain_kind[chain]]
    return np.asarray(np.maximum(0.0, used - pool.most_hours[0]))


def _posts_bought(pool: Pool, post: Floats) -> float:
    """Least full-time posts to add, the same number every month."""
    plain = replace(pool, comfortable_hours=pool.most_hours, cost_spread=0.0)
    master = Master(plain, Pricer(plain), post_hours=post)
    master.generate(no_prices(pool), tolerance=1e-7, most_rounds=100)
    return master.posts


def _stuck(pool: Pool) -> Iterator[tuple[str, str]]:
    """Duties that no hours could bring about in time, with why."""
    pricer = Pricer(pool)
    evaluation = pricer.evaluate(no_prices(pool))
    for number, case in enumerate(pool.cases):
        choice = evaluation.choice(evaluation.best_pair(number))
        for chain, months in ((case.visit, choice.visits), (case.arms, choice.arms)):
            if chain >= 0 and pool.calendar_cost(chain, months) >= NOT_IN_TIME:
                yield case.ref, _why(pool, chain)


def _why(pool: Pool, chain: int) -> str:
    if pool.kinds[pool.chain_kind[chain]].duty is Duty.ARMS:
        if not pool.arms_limit.any():
            return "Nobody in the team is trained for ARMS."
        return "Its ARMS cannot be done in time, however many the hours."
    return "Its visits cannot be made in time, however many the hours."


def no_prices(pool: Pool) -> Prices:
    return Prices(
        hour=np.zeros(pool.shape),
        arms=np.zeros(pool.shape),
        cap=np.zeros(pool.shape),
        mix=np.zeros(pool.shape[0]),
    )
