"""What chance brings in one draw: how it is drawn, the same whoever draws it and wherever.

Each draw has generators of its own, one for each thing left to chance, from (seed, draw number,
thing). So no draw depends on another, and one assumption can be changed with all else the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.domain.terms import RiskLevel
from planner.uncertainty.quantities import QUANTITIES
from planner.uncertainty.strength import Strength, drawn_strength, point_strength
from planner.uncertainty.world import Duties
from planner.workload.capacity import DutyHours

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from planner.uncertainty.quantities import Range
    from planner.uncertainty.world import World

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

MOST_TRIES = 3
"""Attempts at one visit in a month, at most; an assumption."""
EXPERIENCE = 3.0
"""How many months of their own experience weigh as much as what the register assumes."""
MONTH_DAYS = 365.25 / 12

_THINGS = ("quantities", "levels", "arrivals", "tries", "absence", "leaving")


@dataclass(frozen=True, slots=True, eq=False)
class DrawnHours:
    """Hours of duties: as they truly are, and as people reckon in each month (``reckoned``).

    ``lead`` and ``second`` of one attempt, with nothing for those that fail; ``failed_cost`` is a
    failed attempt's share. ``reckoned`` is (months, 3): lead, second, ARMS, failures included.
    """

    lead: float
    second: float
    arms: float
    failed_cost: float
    reckoned: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """One draw. ``tries`` is failed attempts before the one that succeeds, by duty and month.

    ``level_chance`` is a number from 0 to 1 a person and month, None where nobody's level changes;
    ``up`` and ``down`` are the shares a month of each level, low first.
    """

    duties: Duties
    level: Ints
    hours: DrawnHours
    strength: Strength
    tries: NDArray[np.int8] | None
    level_chance: Floats | None
    up: Floats
    down: Floats


def values_of(ranges: Mapping[str, Range], seed: int, draw: int) -> dict[str, float]:
    """Every quantity's value in a draw."""
    chances = _generator(seed, draw, "quantities").random(len(QUANTITIES))
    return {
        name: ranges[name].at(float(chance))
        for name, chance in zip(QUANTITIES, chances, strict=True)
    }


def likely_values(ranges: Mapping[str, Range]) -> dict[str, float]:
    """Every quantity at its likely value."""
    return {name: one.likely for name, one in ranges.items()}


def drawn_of(
    world: World, ranges: Mapping[str, Range], values: Mapping[str, float], seed: int, draw: int
) -> Drawn:
    """What chance brings to a world in one draw, at these values of the quantities."""
    duties, level, tries = _with_arrivals(world, ranges, values, seed, draw)
    rate = values["visit.failed_rate"]
    failing = rate / (1 + rate)
    people = _generator(seed, draw, "levels").random((len(world.level), world.months))
    up, down = _level_shares(world.level_mix, values["risk.changes_a_month"])
    return Drawn(
        duties=duties,
        level=level,
        hours=_hours(world, values),
        strength=drawn_strength(
            world,
            values,
            _generator(seed, draw, "absence").standard_exponential(world.staff.hours.shape),
            _generator(seed, draw, "leaving").random(world.staff.hours.shape),
        ),
        tries=_failures(tries, failing),
        level_chance=people,
        up=up,
        down=down,
    )


def point_of(world: World) -> Drawn:
    """Nothing left to chance, everything as the register and its policy say, as a plan has it."""
    hours = DutyHours.of(world.policy)
    each = (hours.lead, hours.second, hours.arms)
    nobody = np.zeros(len(RiskLevel))
    return Drawn(
        duties=world.duties,
        level=world.level,
        hours=DrawnHours(*each, failed_cost=0.0, reckoned=np.tile(each, (world.months, 1))),
        strength=point_strength(world),
        tries=None,
        level_chance=None,
        up=nobody,
        down=nobody,
    )


def _generator(seed: int, draw: int, thing: str) -> np.random.Generator:
    key = (draw, _THINGS.index(thing))
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))


def _hours(world: World, values: Mapping[str, float]) -> DrawnHours:
    policy = world.policy
    usual = DutyHours.of(policy)
    lead = values["visit.hours"] + policy.visit_write_up_hours
    second, arms = values["visit.hours"], values["arms.hours"]
    stretch = 1 + values["visit.failed_rate"] * policy.visit_failed_cost
    true = np.array([lead * stretch, second * stretch, arms])
    assumed = np.array([usual.lead, usual.second, usual.arms])
    past = np.arange(world.months)[:, None]
    reckoned = (EXPERIENCE * assumed + past * true) / (EXPERIENCE + past)
    return DrawnHours(lead, second, arms, policy.visit_failed_cost, reckoned)


def _failures(chance: Floats, failing: float) -> NDArray[np.int8]:
    """Failed attempts before the one that succeeds, at most ``MOST_TRIES``."""
    found = np.zeros(chance.shape, dtype=np.int8)
    for tries in range(1, MOST_TRIES + 1):
        found += chance < failing**tries
    return found


def _level_shares(mix: Floats, changes: float) -> tuple[Floats, Floats]:
    """Shares of each level that go one up and one down in a month: the mix stays as it is.

    ``changes`` is the share of all people whose level changes.
    """
    flow = np.minimum(mix[:-1], mix[1:])
    whole = 2 * flow.sum()
    flow = flow * changes / whole if whole > 0 else flow
    there = np.where(mix > 0, mix, 1.0)
    up, down = np.zeros(len(mix)), np.zeros(len(mix))
    up[:-1], down[1:] = flow / there[:-1], flow / there[1:]
    return up, down


def _with_arrivals(
    world: World, ranges: Mapping[str, Range], values: Mapping[str, float], seed: int, draw: int
) -> tuple[Duties, Ints, Floats]:
    """The duties with those of people who register during the plan, levels, and tries' chances.

    People are drawn at the highest rate and kept at random, so that a lower rate keeps some of the
    same people.
    """
    old, months = world.duties, world.months
    tries = _generator(seed, draw, "tries").random((len(old.due), months))
    generator = _generator(seed, draw, "arrivals")
    most = max(ranges["inflow.per_year"].high, values["inflow.per_year"])
    count = int(generator.poisson(most / 12 * months * world.people.sum()))
    chance = generator.random((5, count))
    their_tries = generator.random((2, count, months))
    keep = chance[0] * most < values["inflow.per_year"]
    chance, their_tries = chance[:, keep], their_tries[:, keep]
    month = (chance[1] * months).astype(np.int64) + 1
    day = (chance[1] * months) % 1 * MONTH_DAYS
    part = _picked(chance[2], world.people)
    level = _picked(chance[3], world.level_mix) + 1
    within = (world.policy.visit_first_within_days, world.policy.arms_first_within_days)
    due = [month + ((day + days) // MONTH_DAYS).astype(np.int64) for days in within]
    person = len(world.level) + np.arange(len(month))
    families = world.kinds.arrivals[part]
    duties = Duties(
        person=np.concatenate((old.person, person, person)),
        family=np.concatenate((old.family, families[:, 0], families[:, 1])),
        due=np.concatenate((old.due, *due)),
        first_seen=np.concatenate((old.first_seen, month, month)),
        moves=np.concatenate((old.moves, np.zeros(2 * len(month), dtype=bool))),
    )
    return duties, np.concatenate((world.level, level)), np.concatenate((tries, *their_tries))


def _picked(chance: Floats, weights: NDArray[np.float64] | Ints) -> Ints:
    """Which of some things each chance picks, by their weights."""
    total = np.cumsum(weights)
    if not len(total) or total[-1] <= 0:
        return np.zeros(len(chance), dtype=np.int64)
    place = np.searchsorted(total, chance * total[-1], side="right")
    return np.asarray(np.minimum(place, len(total) - 1), dtype=np.int64)
