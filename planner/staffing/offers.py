"""What one part of the unit may buy: levers in whole units, what each brings and what it costs."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.domain.months import HORIZON_MONTHS
from planner.levers import Change
from planner.levers.catalogue import ARMS_TEAM, OFFICERS, OVERTIME_HOURS, RECRUITS
from planner.optimise.purchases import Ware
from planner.staffing.cheapest import Bought

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from numpy.typing import NDArray

    from planner.optimise.ledger import Part
    from planner.staffing.cheapest import Tariff

    Floats = NDArray[np.float64]

MOST_PEOPLE = 200
"""No part buys more people than this at once."""
_MONTHS = np.arange(1, HORIZON_MONTHS + 1)


@dataclass(frozen=True, kw_only=True, eq=False)
class Offer:
    """One unit of a lever, as a scenario would pull it, and what it brings officers as one."""

    change: Change
    ware: Ware


def offers(part: Part, team: str | None, tariff: Tariff, levers: Collection[str]) -> list[Offer]:
    """Everything that a part may buy of some levers, by key.

    ``team`` is where it is bought; None: shared out over the unit. Posts last to the plan's end,
    an ARMS team from any month to any later one.
    """
    making = {
        OFFICERS.key: _officers,
        RECRUITS.key: _recruits,
        ARMS_TEAM.key: _arms_teams,
        OVERTIME_HOURS.key: _overtime,
    }
    return [
        offer for key, make in making.items() if key in levers for offer in make(part, team, tariff)
    ]


def purchases(offered: Iterable[Offer], amounts: Iterable[int], tariff: Tariff) -> Iterator[Bought]:
    """What is bought as levers: overtime alike in consecutive months is told as one."""
    overtime: dict[str | None, dict[int, int]] = defaultdict(dict)
    for offer, amount in zip(offered, amounts, strict=True):
        one = offer.change
        if amount and one.lever == OVERTIME_HOURS.key:
            overtime[one.team][one.first or 1] = amount
        elif amount:
            change = Change(
                lever=one.lever, value=amount, team=one.team, first=one.first, last=one.last
            )
            yield Bought(change=change, price=amount * offer.ware.price)
    for team, hours in overtime.items():
        for first, last in _runs(hours):
            change = Change(
                lever=OVERTIME_HOURS.key, value=hours[first], team=team, first=first, last=last
            )
            price = hours[first] * (last - first + 1) * tariff.overtime_hour
            yield Bought(change=change, price=price)


def _runs(hours: dict[int, int]) -> Iterator[tuple[int, int]]:
    """First and last month of each run of months with the same hours."""
    first: int | None = None
    for month in sorted(hours):
        if first is None:
            first = month
        if hours.get(month + 1) != hours[first]:
            yield first, month
            first = None


def _officers(part: Part, team: str | None, tariff: Tariff) -> Iterator[Offer]:
    for first in range(1, HORIZON_MONTHS + 2 - tariff.months_at_least):
        change = Change(lever=OFFICERS.key, value=1, team=team, first=first)
        yield _post(part, change, np.where(first <= _MONTHS, 1.0, 0.0), tariff)


def _recruits(part: Part, team: str | None, tariff: Tariff) -> Iterator[Offer]:
    policy = part.register.policy
    early = policy.hours_ramp_first_months
    later = early + policy.hours_ramp_second_months
    for first in range(tariff.recruits_from, HORIZON_MONTHS + 2 - tariff.months_at_least):
        since = _MONTHS - first
        ramp = np.where(
            since < early,
            policy.hours_ramp_first_share,
            np.where(since < later, policy.hours_ramp_second_share, 1.0),
        )
        change = Change(lever=RECRUITS.key, value=1, team=team, first=first)
        yield _post(part, change, np.where(since >= 0, ramp, 0.0), tariff)


def _post(part: Part, change: Change, share: Floats, tariff: Tariff) -> Offer:
    """A full-time post with a share of its hours, by month, from the change's first on."""
    there = share > 0
    return Offer(
        change=change,
        ware=Ware(
            hours=part.post * share,
            arms=np.where(there, part.small.arms_each, 0.0),
            price=tariff.officer_month * int(there.sum()),
            most=MOST_PEOPLE,
        ),
    )


def _arms_teams(part: Part, team: str | None, tariff: Tariff) -> Iterator[Offer]:
    policy = part.register.policy
    stretch = 1 + policy.hours_overtime
    for first in range(1, HORIZON_MONTHS + 2 - tariff.months_at_least):
        for last in range(first + tariff.months_at_least - 1, HORIZON_MONTHS + 1):
            there = (first <= _MONTHS) & (last >= _MONTHS)
            full = float(part.post[there].mean()) / stretch
            hours = min(full, policy.arms_per_month * policy.arms_hours) * stretch
            yield Offer(
                change=Change(lever=ARMS_TEAM.key, value=1, team=team, first=first, last=last),
                ware=Ware(
                    hours=np.where(there, hours, 0.0),
                    arms=np.where(there, part.small.arms_each, 0.0),
                    price=tariff.arms_month * int(there.sum()),
                    most=MOST_PEOPLE,
                ),
            )


def _overtime(part: Part, team: str | None, tariff: Tariff) -> Iterator[Offer]:
    for month in range(1, HORIZON_MONTHS + 1):
        yield Offer(
            change=Change(lever=OVERTIME_HOURS.key, value=1, team=team, first=month, last=month),
            ware=Ware(
                hours=np.where(month == _MONTHS, 1.0, 0.0),
                arms=np.zeros(HORIZON_MONTHS),
                price=tariff.overtime_hour,
                most=math.floor(tariff.overtime_limit * _full_time(part, month) + 1e-6),
            ),
        )


def _full_time(part: Part, month: int) -> float:
    """Full-time officers in post in a month, by its working days."""
    posts = part.situation.posts
    days = len(posts.days_of_month(month))
    return sum(s.fte * len(posts.days_in_post(s, month)) / days for s in part.register.officers)
