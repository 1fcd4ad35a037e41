"""Repairs: what would let the unit clear, each worked out anew, ranked by what it would do.

Every change is made in the register, the pools are built from that, and what is lacking is proved
again with all officers of a pool as one (``docs/bound.md``). Nothing is estimated from another
change's effect.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.domain.result import Repair, Standing
from planner.domain.terms import Duty, RiskLevel
from planner.optimise.candidates import Lacking, candidates
from planner.optimise.pool import team_groups
from planner.optimise.shortfall import IN_TIME_FROM
from planner.optimise.small_pool import OF_OFFICERS, duties_of, small_pool
from planner.optimise.standing import Family
from planner.workload.capacity import full_post_hours
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from planner.domain.policy import Policy
    from planner.domain.register import Offender, Register
    from planner.optimise.pool import Pool
    from planner.optimise.small_pool import Duties
    from planner.workload.outcome import Outcome

    Floats = NDArray[np.float64]


def repairs(situation: Situation) -> tuple[Repair, ...]:
    """Every change that is tried, best first: ruled out last, then hours lacking, then cost."""
    ledger = _Ledger()
    before = ledger.standing(situation.register)
    lacking = ledger.lacking(situation.register)
    found = [
        Repair(
            kind=one.kind,
            what=one.what,
            assumes=one.assumes,
            before=before,
            after=ledger.standing(one.register),
        )
        for one in candidates(situation, lacking)
    ]
    return tuple(sorted(found, key=rank))


def leaves_overdue(outcome: Outcome) -> bool:
    """Whether a plan does not clear by its last month: "can clear", ``docs/contract.md``."""
    months = outcome.situation.horizon.length
    pressing = (
        outcome.overdue[m, level, Duty.VISIT]
        for m in range(IN_TIME_FROM, months + 1)
        for level in RiskLevel
        if level >= RiskLevel.HIGH
    )
    return any(outcome.backlog(months, duty) for duty in Duty) or any(pressing)


def rank(repair: Repair) -> tuple[bool, float, float, float]:
    """What repairs are sorted by; those without effect keep the order in which they are tried."""
    after = repair.after if repair.has_effect else repair.before
    return after.is_ruled_out, round(after.hours, 1), round(after.posts, 2), round(after.bound, 0)


class _Part(NamedTuple):
    """The part of a register that is planned on its own, with all its officers as one."""

    small: Pool
    post: Floats
    family: Family
    standing: Standing


class _Ledger:
    """What is proved of each part of a register met so far: no part is solved twice."""

    def __init__(self) -> None:
        self._known: list[tuple[tuple[str, ...], Register, _Part]] = []
        self._families: list[Family] = []
        self._duties: list[tuple[tuple[Offender, ...], Policy, Duties]] = []

    def standing(self, register: Register) -> Standing:
        """What is proved of a whole register: its parts' figures added up."""
        parts = [self._part(teams, part).standing for teams, part in _split(register)]
        return Standing(
            hours=sum(p.hours for p in parts),
            posts=sum(p.posts for p in parts),
            bound=sum(p.bound for p in parts),
            is_ruled_out=any(p.is_ruled_out for p in parts),
            hours_there=sum(p.hours_there for p in parts),
        )

    def lacking(self, register: Register) -> list[Lacking]:
        """What each part lacks that cannot clear."""
        share = 1 + register.policy.hours_overtime
        found = []
        for teams, own in _split(register):
            part = self._part(teams, own)
            if part.standing.is_ruled_out:
                overtime = part.family.least_overtime(part.small, part.small.most_hours / share)
                found.append(Lacking(teams=teams, posts=part.standing.posts, overtime=overtime))
        return found

    def _part(self, teams: tuple[str, ...], register: Register) -> _Part:
        for known_teams, known, part in self._known:
            if known_teams == teams and known == register:
                return part
        situation = Situation(register)
        small = small_pool(situation, teams, self._duties_of(situation))
        post = np.array(full_post_hours(register, situation.posts))
        post *= 1 + register.policy.hours_overtime
        family = self._family(small)
        part = _Part(small, post, family, family.standing(small, post))
        self._known.append((teams, register, part))
        return part

    def _duties_of(self, situation: Situation) -> Duties:
        """The duties of a register's people, worked out once for the same people and intervals."""
        register = situation.register
        policy = register.policy.but(dict.fromkeys(OF_OFFICERS, 0))
        for offenders, known, duties in self._duties:
            if known == policy and offenders == register.offenders:
                return duties
        self._duties.append((register.offenders, policy, duties_of(situation)))
        return self._duties[-1][-1]

    def _family(self, small: Pool) -> Family:
        for family in self._families:
            if family.takes(small):
                return family
        self._families.append(Family(small))
        return self._families[-1]


def _split(register: Register) -> Iterator[tuple[tuple[str, ...], Register]]:
    """The parts of a register that are planned apart; locks are left out, which proves less."""
    for teams in team_groups(Situation(register)):
        officers = tuple(s for s in register.officers if s.team in teams)
        names = {s.staff_id for s in officers}
        yield (
            teams,
            replace(
                register,
                offenders=tuple(o for o in register.offenders if o.team in teams),
                officers=officers,
                absences=tuple(a for a in register.absences if a.staff_id in names),
                locks=(),
            ),
        )
