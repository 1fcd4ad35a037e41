"""What doing a duty this month is worth, by kind, month and due month, at prices of hours.

The prices are those of the linear programme that every plan is built on (``planner.optimise``),
with each part's officers as one. A duty done in month m falls due again an interval later; what
waiting costs, less what comes after doing it, is what the month's hours buy. Costs are the
contract's: exposure, protected, uncleared.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.domain.months import HORIZON_MONTHS
from planner.optimise.lasting import LastingMaster
from planner.optimise.shortfall import no_prices
from planner.workload.capacity import DutyHours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.optimise.master import MasterResult
    from planner.optimise.pool import Pool
    from planner.uncertainty.kinds import Kinds
    from planner.uncertainty.world import World

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ROOMS = (0.6, 0.75, 0.85, 0.9, 0.95, 0.975, 1.0, 1.025, 1.05, 1.1, 1.2, 1.4)
"""How much room there is, against the register's hours: for each the programme is solved."""

OLDEST_DUE = -24
"""Due months before this one are taken as this one: their worth is nearly as of it."""
LATEST_DUE = HORIZON_MONTHS + 3
"""A duty due as late as this cannot be done within the plan, nor be overdue."""

LEAST_HOURS = 0.01
_TOLERANCE, _ROUNDS = 3e-4, 60
_DIGITS = 6
_MONTHS = np.arange(1, HORIZON_MONTHS + 1)


@dataclass(frozen=True, slots=True, eq=False)
class Pricing:
    """By room, part and month: the price of an hour, and of one ARMS of those allowed a month.

    ``tightness``: at the month's beginning, hours to be up to date at the end (``needed``), for
    each hour that is left, in the programme's own plan.
    """

    hour: Floats
    arms: Floats
    tightness: Floats


def priced(pools: Sequence[Pool], deadline: int = HORIZON_MONTHS) -> Pricing:
    """Solve each part's linear programme with more and with fewer hours than there are.

    ``deadline``: everything is to be cleared by this month's end, and stay so; before the plan's
    last month what is overdue from then on costs as much as at the plan's end.
    """
    hour = np.zeros((len(ROOMS), len(pools), HORIZON_MONTHS))
    arms, tightness = np.zeros_like(hour), np.zeros_like(hour)
    middle = ROOMS.index(1.0)
    for part, contract in enumerate(pools):
        pool = _aimed(contract, deadline)
        for rooms in (range(middle, -1, -1), range(middle + 1, len(ROOMS))):
            master, start = LastingMaster(pool), no_prices(pool)
            for room in rooms:
                master.fit(_scaled(pool, ROOMS[room]))
                found = master.generate(start, tolerance=_TOLERANCE, most_rounds=_ROUNDS)
                start = found.prices
                hour[room, part], arms[room, part] = start.hour[0], start.arms[0]
                tightness[room, part] = _tightness(master.pool, found)
    return Pricing(*(np.round(one, _DIGITS) for one in (hour, arms, tightness)))


def needed(due: Ints, interval: Ints | np.int64, month: Ints | int) -> Ints:
    """How often a duty is to be done from a month on for it not to be overdue at the end."""
    first = np.maximum(due, month)
    often = -(-(HORIZON_MONTHS + 1 - first) // interval)
    return np.asarray(np.where(first > HORIZON_MONTHS, 0, often))


def _tightness(pool: Pool, found: MasterResult) -> Floats:
    """Hours needed for each hour left, at each month's beginning, in the programme's plan."""
    need = np.zeros(HORIZON_MONTHS)
    for column, weight in found.weights:
        case = pool.cases[column.choice.case]
        for chain, done in ((case.visit, column.choice.visits), (case.arms, column.choice.arms)):
            if chain < 0:
                continue
            kind = pool.kinds[pool.chain_kind[chain]]
            each = weight * float(pool.lead[pool.chain_kind[chain]])
            chain_due = int(pool.chain_due[chain])
            dues, interval = np.full(HORIZON_MONTHS, chain_due), np.int64(kind.interval)
            for month in done:
                dues[month:] = month + kind.interval
            often = needed(dues, interval, _MONTHS)
            need += np.where(kind.presence.last_seen >= _MONTHS, each * often, 0.0)
    left = np.cumsum(pool.most_hours[0][::-1])[::-1]
    return np.asarray(need / np.maximum(left, 1.0))


def _aimed(pool: Pool, deadline: int) -> Pool:
    """The pool where being overdue from the deadline on costs as it does at the end."""
    if deadline == HORIZON_MONTHS:
        return pool
    return pool.with_kinds(
        tuple(
            kind
            if kind.pressing
            else replace(kind, protected=kind.uncleared, protected_from=deadline)
            for kind in pool.kinds
        )
    )


def _scaled(pool: Pool, room: float) -> Pool:
    return replace(
        pool, most_hours=pool.most_hours * room, comfortable_hours=pool.comfortable_hours * room
    )


@dataclass(frozen=True, slots=True, eq=False)
class Worth:
    """Points that doing a duty saves, by room, kind, month and due month from ``OLDEST_DUE`` on.

    Below 0: better left. ``hours`` is what a duty of each kind was priced at; ``tightness`` is the
    pricing's.
    """

    points: NDArray[np.float32]
    hours: Floats
    tightness: Floats

    def at(self, room: Floats, kind: Ints, month: int, due: Ints) -> Floats:
        """Of some duties, at rooms between those that were priced."""
        _, kinds, months, dues = self.points.shape
        priced_at = np.asarray(ROOMS)
        low = np.clip(np.searchsorted(priced_at, room) - 1, 0, len(priced_at) - 2)
        share = (room - priced_at[low]) / (priced_at[low + 1] - priced_at[low])
        place = (kind * months + month - 1) * dues + due - OLDEST_DUE
        size, points = kinds * months * dues, self.points.reshape(-1)
        below, above = points[low * size + place], points[(low + 1) * size + place]
        return np.asarray(below + np.clip(share, 0.0, 1.0) * (above - below))


def worth_of(world: World, pricing: Pricing, deadline: int = HORIZON_MONTHS) -> Worth:
    """What doing is worth in a world; the same to the bit for all who work it out."""
    kinds, hours = world.kinds, DutyHours.of(world.policy)
    each = np.where(kinds.is_visit, hours.lead + (kinds.crew - 1) * hours.second, hours.arms)
    found = []
    for room in range(len(ROOMS)):
        price = each[:, None] * pricing.hour[room][kinds.part]
        price += np.where(kinds.is_visit[:, None], 0.0, pricing.arms[room][kinds.part])
        found.append(_worth_at(kinds, price, deadline))
    return Worth(
        np.array(found, dtype=np.float32), np.maximum(each, LEAST_HOURS), pricing.tightness
    )


def _worth_at(kinds: Kinds, price: Floats, deadline: int) -> Floats:
    """(kinds, months, due months) at a price for each kind's doing, (kinds, months)."""
    months = HORIZON_MONTHS
    due = np.arange(OLDEST_DUE, LATEST_DUE + 1)
    count, rows = len(kinds), np.arange(len(kinds))
    worth = np.zeros((count, months, len(due)))
    after = np.zeros((count, len(due)))
    for month in range(months, 0, -1):
        again = np.minimum(month + kinds.interval, LATEST_DUE) - OLDEST_DUE
        then = after[rows, again]
        waiting = _lateness(kinds, due, month, deadline) + after
        worth[:, month - 1] = waiting - then[:, None]
        may = (due[None, :] <= month + kinds.early[:, None]) & (month <= kinds.last_seen)[:, None]
        doing = (price[:, month - 1] + then)[:, None]
        after = np.where(may, np.minimum(waiting, doing), waiting)
    return worth


def _lateness(kinds: Kinds, due: Ints, month: int, deadline: int) -> Floats:
    """What a duty overdue at a month's end costs, (kinds, due months)."""
    cost = kinds.weight[:, None] * (1 + kinds.ageing * (month - due)[None, :])
    cost += kinds.protected[:, None] + (kinds.uncleared if month == HORIZON_MONTHS else 0.0)
    if deadline < HORIZON_MONTHS and month >= deadline:
        cost += np.where(kinds.pressing, 0.0, kinds.uncleared)[:, None]
    counts = (due[None, :] <= month) & (month <= kinds.last_end)[:, None]
    return np.where(counts, cost, 0.0)
