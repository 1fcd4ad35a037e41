"""What is proved of registers met so far, part by part: no part is solved twice.

A part is what is planned on its own, a team most often, with all its officers as one
(``docs/bound.md``). Registers that differ in one team share what is proved of all others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from planner.domain.months import HORIZON_MONTHS
from planner.domain.result import Standing
from planner.optimise.burn_down import burn_down
from planner.optimise.gathering import team_groups
from planner.optimise.small_pool import OF_OFFICERS, duties_of, small_pool
from planner.optimise.standing import Family
from planner.workload.capacity import full_post_hours
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from numpy.typing import NDArray

    from planner.domain.policy import Policy
    from planner.domain.register import Offender, Register
    from planner.optimise.burn_down import BurnDown
    from planner.optimise.pool import Pool
    from planner.optimise.small_pool import Duties

    Floats = NDArray[np.float64]

Group = tuple[str, ...]
"""Teams that are planned together."""
LIKE_ENOUGH = 0.3
"""Share of the duties that must be alike for another family's calendars to be of use."""


@dataclass(frozen=True, eq=False)
class Part:
    """The part of a register that is planned on its own, with all its officers as one.

    ``register`` holds its people and officers only. What is proved is worked out when asked for,
    and once.
    """

    teams: Group
    register: Register
    situation: Situation
    small: Pool
    post: Floats
    family: Family

    @cached_property
    def standing(self) -> Standing:
        """What is proved of it, by the plan's last month."""
        return self.standing_by(HORIZON_MONTHS)

    def standing_by(self, deadline: int) -> Standing:
        """What is proved of it where everything is to be done by a month's end."""
        return self.family.standing(self.small, self.post, deadline)

    def is_ruled_out(self, deadline: int = HORIZON_MONTHS) -> bool:
        """Whether it is proved that no plan clears by a month's end."""
        return self.family.is_ruled_out(self.small, self.post, deadline)

    @cached_property
    def burn_down(self) -> BurnDown:
        """What comes of the plan of least cost that the linear programme found."""
        return burn_down(self.situation, self.small, self.family.best_plan(self.small))

    def hours_lacking(self, deadline: int = HORIZON_MONTHS) -> Floats:
        """The least hours to be had on top, by month, spread as evenly as the least allows."""
        return self.family.hours_lacking(self.small, deadline)


class Ledger:
    """Parts met so far.

    With a ``stem``, another ledger, what that knows is known here too, and duties that are new
    begin with the calendars of those most like them there. It learns nothing from this one but of
    its own duties with other hours, so this one can be thrown away.
    """

    def __init__(self, stem: Ledger | None = None) -> None:
        self._stem = stem
        self._known: dict[Group, list[Part]] = {}
        self.families: list[Family] = []
        self._earliest = HORIZON_MONTHS
        self._hard: dict[Group, int] = {}
        self._duties: list[tuple[tuple[Offender, ...], Policy, Duties]] = []

    def standing(self, register: Register, deadline: int = HORIZON_MONTHS) -> Standing:
        """What is proved of a whole register: its parts' figures added up."""
        return in_all(part.standing_by(deadline) for part in self.parts(register))

    def parts(self, register: Register) -> tuple[Part, ...]:
        """The parts of a register that are planned apart, by team."""
        return tuple(self.part(teams, own) for teams, own in split(register))

    def earliest(self, parts: Collection[Part]) -> int | None:
        """The first month by whose end clearing is not ruled out for any part; None: it is for all.

        What can be cleared by a month's end can be by any later one's. The search begins at the
        last answer, and with the parts that were last to be ready: the next is seldom far from it.
        """
        order = sorted(parts, key=lambda part: -self._hard.get(part.teams, 0))
        if self._ruling_out(order, HORIZON_MONTHS):
            return None
        month = self._earliest
        while self._ruling_out(order, month):
            month += 1
        while month > 1 and not self._ruling_out(order, month - 1):
            month -= 1
        self._earliest = month
        return month

    def _ruling_out(self, order: Iterable[Part], month: int) -> bool:
        """Whether some part cannot clear by a month's end, as is proved."""
        found = next((part for part in order if part.is_ruled_out(month)), None)
        if found is not None:
            self._hard[found.teams] = max(self._hard.values(), default=0) + 1
        return found is not None

    def part(self, teams: Group, register: Register) -> Part:
        """One part; ``register`` holds its people and officers only."""
        found = self.met(teams, register)
        if found is not None:
            return found
        situation = Situation(register)
        small = small_pool(situation, teams, self._duties_of(situation))
        post = np.array(full_post_hours(register, situation.posts))
        post *= 1 + register.policy.hours_overtime
        made = Part(teams, register, situation, small, post, self._family(small))
        self._known.setdefault(teams, []).append(made)
        return made

    def met(self, teams: Group, register: Register) -> Part | None:
        """The part, where it has been asked about before."""
        for part in self._known.get(teams, ()):
            if part.register == register:
                return part
        return None if self._stem is None else self._stem.met(teams, register)

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
        known = self.families if self._stem is None else self.families + self._stem.families
        for family in known:
            if family.takes(small):
                return family
        family = Family(small)
        self.families.append(family)
        if self._stem is not None:
            _begin_like_the_nearest(family, self._stem.families)
        return family


def _begin_like_the_nearest(family: Family, known: Iterable[Family]) -> None:
    own = family.likeness()
    shared = [(len(own & other.likeness()), n, other) for n, other in enumerate(known)]
    most, _, nearest = max(shared, key=lambda one: one[:2], default=(0, 0, None))
    if nearest is not None and most > LIKE_ENOUGH * len(own):
        family.begin_like(nearest)


def in_all(parts: Iterable[Standing]) -> Standing:
    """The figures of parts that are planned apart, added up."""
    found = tuple(parts)
    return Standing(
        hours=sum(p.hours for p in found),
        posts=sum(p.posts for p in found),
        bound=sum(p.bound for p in found),
        is_ruled_out=any(p.is_ruled_out for p in found),
        hours_there=sum(p.hours_there for p in found),
        posts_would_do=all(p.posts_would_do for p in found),
    )


def split(register: Register) -> Iterator[tuple[Group, Register]]:
    """The parts of a register that are planned apart; locks are left out, which proves less."""
    people = _by_team(register.offenders)
    for teams in team_groups(Situation(register)):
        own = tuple(o for team in teams for o in people.get(team, ()))
        yield teams, part_of(replace(register, offenders=own), teams)


def _by_team(offenders: Iterable[Offender]) -> dict[str, list[Offender]]:
    found: dict[str, list[Offender]] = {}
    for offender in offenders:
        found.setdefault(offender.team, []).append(offender)
    return found


def part_of(register: Register, teams: Group) -> Register:
    """What of a register belongs to some teams, without locks."""
    officers = tuple(s for s in register.officers if s.team in teams)
    names = {s.staff_id for s in officers}
    return replace(
        register,
        offenders=tuple(o for o in register.offenders if o.team in teams),
        officers=officers,
        absences=tuple(a for a in register.absences if a.staff_id in names),
        agreed=tuple(a for a in register.agreed if a.team in teams),
        locks=(),
    )
