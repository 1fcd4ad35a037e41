"""A register as plain arrays: what a draw needs to know of it, and no person's reference.

Teams that are planned together are one *part*. People and officers are in the order of their
references, so the order of a register's rows makes no difference to anything drawn.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.domain.months import HORIZON_MONTHS
from planner.domain.terms import Duty, RiskLevel
from planner.uncertainty.kinds import Kinds, KindsBuilder
from planner.workload.capacity import capacity_hours, full_post_hours, hold_back_hours
from planner.workload.community import stay
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from planner.domain.policy import Policy
    from planner.domain.register import Register
    from planner.workload.situation import DutyChain

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Duties:
    """One entry a duty of a person: ``person`` numbers the people from 0.

    ``family`` is what stays the same when the person's risk level changes (``Kinds``); ``due`` the
    due month's number; ``first_seen`` the first month in the community; ``moves`` whether the due
    month goes by the last visit and so moves with the interval.
    """

    person: Ints
    family: Ints
    due: Ints
    first_seen: Ints
    moves: Flags


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Staff:
    """Officers by month: ``hours`` with overtime and nothing held back, (officers, months).

    ``trained``: may do ARMS in the month. ``post`` is a full-time, experienced post's hours by
    month; ``share`` the officer's FTE.
    """

    part: Ints
    hours: Floats
    trained: Flags
    share: Floats
    post: Floats


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class World:
    """Everything a draw needs. ``level`` is each person's risk level, 1 to 4.

    ``held_back`` is hours a month by part for new registrations; ``people`` how many are in the
    community, by part; ``level_mix`` the share of each level, low first. ``opening`` is ARMS and
    visits overdue on the as-at date.
    """

    parts: tuple[str, ...]
    policy: Policy
    level: Ints
    duties: Duties
    kinds: Kinds
    staff: Staff
    held_back: Floats
    people: Ints
    level_mix: Floats
    opening: tuple[int, int]

    @property
    def months(self) -> int:
        return HORIZON_MONTHS


def world_of(register: Register, groups: Sequence[Sequence[str]]) -> World:
    """The world of a register whose teams are planned in these groups."""
    situation = Situation(register)
    part_of = {team: n for n, teams in enumerate(groups) for team in teams}
    chains = [chain for chain in situation.chains if chain.offender.team in part_of]
    number = {ref: n for n, ref in enumerate(dict.fromkeys(chain.ref for chain in chains))}
    builder = KindsBuilder(register.policy)
    family = [
        builder.family(
            part_of[c.offender.team],
            c.duty,
            c.offender.visit_interval or 0 if c.duty is Duty.VISIT else 0,
            c.crew,
            (c.presence.last_seen, c.presence.last_end),
        )
        for c in chains
    ]
    arrivals = builder.for_arrivals(len(groups))
    levels = {chain.ref: int(chain.level) for chain in chains}
    opening = Counter(c.duty for c in chains if situation.is_open_at_start(c))
    held = hold_back_hours(register)
    return World(
        parts=tuple(", ".join(teams) for teams in groups),
        policy=register.policy,
        level=np.array([levels[ref] for ref in number], dtype=np.int64),
        duties=Duties(
            person=np.array([number[c.ref] for c in chains], dtype=np.int64),
            family=np.array(family, dtype=np.int64),
            due=np.array([c.due_month for c in chains], dtype=np.int64),
            first_seen=np.array([c.presence.first_seen for c in chains], dtype=np.int64),
            moves=np.array([_goes_by_last_visit(c, situation) for c in chains], dtype=bool),
        ),
        kinds=builder.kinds(arrivals),
        staff=_staff(situation, part_of),
        held_back=np.array([math.fsum(held[t] for t in teams) for teams in groups]),
        people=_people(situation, groups),
        level_mix=_mix(levels.values()),
        opening=(opening[Duty.ARMS], opening[Duty.VISIT]),
    )


def _goes_by_last_visit(chain: DutyChain, situation: Situation) -> bool:
    """Whether the due month is the last visit's plus the level's interval."""
    last = chain.offender.last_visit
    if chain.duty is not Duty.VISIT or last is None or chain.offender.visit_interval:
        return False
    return situation.horizon.number(last) + chain.interval == chain.due_month


def _staff(situation: Situation, part_of: Mapping[str, int]) -> Staff:
    register, posts = situation.register, situation.posts
    months = list(situation.horizon.months)
    officers = sorted((s for s in register.officers if s.team in part_of), key=lambda s: s.staff_id)
    nothing_held = register.with_policy(register.policy.but({"inflow.per_year": 0}))
    hours = capacity_hours(nothing_held, posts)
    more = 1 + register.policy.hours_overtime
    shape = (len(officers), len(months))
    return Staff(
        part=np.array([part_of[s.team] for s in officers], dtype=np.int64),
        hours=np.array(
            [hours[s.staff_id, m] * more for s in officers for m in months], dtype=float
        ).reshape(shape),
        trained=np.array(
            [posts.is_trained(s.staff_id, m) for s in officers for m in months], dtype=bool
        ).reshape(shape),
        share=np.array([s.fte for s in officers], dtype=float),
        post=np.array(full_post_hours(register, posts)) * more,
    )


def _people(situation: Situation, groups: Sequence[Sequence[str]]) -> Ints:
    register = situation.register
    found: Counter[str] = Counter()
    for offender in register.offenders:
        days = stay(offender)
        if days is not None and days.covers(register.as_at):
            found[offender.team] += 1
    return np.array([sum(found[t] for t in teams) for teams in groups], dtype=np.int64)


def _mix(levels: Iterable[int]) -> Floats:
    counts = np.bincount(np.array(list(levels), dtype=np.int64), minlength=len(RiskLevel) + 1)[1:]
    return np.asarray(counts / max(1, counts.sum()), dtype=float)
