"""One part of the unit with more officers, or fewer, one after the other.

Upwards each rung adds one full-time, experienced officer, trained for ARMS, from month 1. Downwards
each takes one of those in post in month 1 away: of the officers whose going leaves every team two
(a visit's crew), whoever has the fewest hours in the plan. What is said of *whichever* officers go
is proved for every choice of them, not for that one.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from planner.staffing.outlook import in_post
from planner.workload.capacity import hold_back_hours
from planner.workload.new_posts import with_posts
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from planner.domain.register import Register
    from planner.optimise.ledger import Ledger, Part
    from planner.optimise.pool import Pool

    Floats = NDArray[np.float64]

CREW = 2
MOST_CHOICES = 60
"""Choices of who goes that are tried one by one; where there are more, only the relaxation is."""


class Ladder:
    """The rungs of one part: 0 is as it is, 2 has two officers more, -1 one fewer."""

    def __init__(self, part: Part, ledger: Ledger) -> None:
        self.part = part
        self._ledger = ledger
        self._rungs: dict[int, Part] = {0: part}
        self._gone: dict[int, frozenset[str]] = {0: frozenset()}
        self._witness: dict[tuple[int, int], Part | None] = {}

    def rung(self, step: int) -> Part | None:
        """The part so many officers up or down; None where fewer would break up a crew."""
        if step not in self._rungs:
            made = self._higher(step) if step > 0 else self._lower(step)
            if made is None:
                return None
            self._rungs[step] = made
        return self._rungs[step]

    def gone(self, step: int) -> frozenset[str]:
        """Staff IDs of those who are gone on a rung downwards."""
        return self._gone.get(step, frozenset())

    def can_clear(self, fewer: int, deadline: int) -> Part | None:
        """The part with so many fewer for whom clearing is not ruled out; None: it is for all.

        Where None, it is proved whichever officers go, so long as every team keeps two. Where not,
        the part may be a choice of officers other than the rung's; None is also never said where
        there are too many choices to try and the relaxation proves nothing.
        """
        key = fewer, deadline
        if key not in self._witness:
            self._witness[key] = self._found(fewer, deadline)
        return self._witness[key]

    def is_known(self, fewer: int, deadline: int) -> bool:
        """Whether the part that ``can_clear`` gives is itself not ruled out."""
        part = self.can_clear(fewer, deadline)
        return part is not None and not part.is_ruled_out(deadline)

    def _found(self, fewer: int, deadline: int) -> Part | None:
        rung = self.rung(-fewer)
        if rung is None:
            return None
        if not rung.is_ruled_out(deadline):
            return rung
        if self._relaxed_is_ruled_out(fewer, deadline):
            return None
        choices = self._choices(fewer)
        if choices is None:
            return rung
        for gone in choices:
            part = self._without(gone)
            if not part.is_ruled_out(deadline):
                if -fewer - 1 not in self._rungs:  # each rung keeps those below it within it
                    self._gone[-fewer], self._rungs[-fewer] = gone, part
                return part
        return None

    def _higher(self, step: int) -> Part:
        register = with_posts(self.part.register, {self.part.teams[0]: step})
        return self._ledger.part(self.part.teams, register)

    def _lower(self, step: int) -> Part | None:
        above = self.rung(step + 1)
        if above is None:
            return None
        gone = self.gone(step + 1)
        for name in self._by_hours:
            if name not in gone and self._keeps_crews(gone | {name}):
                self._gone[step] = gone | {name}
                return self._without(self._gone[step])
        return None

    def _without(self, gone: Collection[str]) -> Part:
        return self._ledger.part(self.part.teams, without(self.part.register, gone))

    @cached_property
    def _by_hours(self) -> list[str]:
        """Who is in post in month 1, fewest hours in the plan first."""
        capacity, months = self.part.situation.capacity, self.part.situation.horizon.months
        hours = {s: round(sum(capacity[s, m] for m in months), 6) for s in in_post(self.part)}
        return sorted(hours, key=lambda s: (hours[s], s))

    def leaves_choices_out(self, fewer: int) -> bool:
        """Whether some choice of so many was not asked about, as a team would not keep two."""
        removable = set(self._by_hours)
        going = Counter({key: len(names & removable) for key, names in self._there.items()})
        return any(
            len(names) >= CREW and len(names) - min(fewer, going[key]) < CREW
            for key, names in self._there.items()
        )

    @cached_property
    def _there(self) -> dict[tuple[str, int], set[str]]:
        """Who is in post on some day, by team and month."""
        team_of = {s.staff_id: s.team for s in self.part.register.officers}
        found: dict[tuple[str, int], set[str]] = {}
        for name, months in self.part.situation.posts.seconding_months.items():
            for month in months:
                found.setdefault((team_of[name], month), set()).add(name)
        return found

    def _keeps_crews(self, gone: Collection[str]) -> bool:
        """Whether every team keeps two officers in every month in which it has two today."""
        return all(
            len(names) < CREW or len(names - set(gone)) >= CREW for names in self._there.values()
        )

    def _choices(self, fewer: int) -> list[frozenset[str]] | None:
        """Every choice of officers who may go; None where there are too many."""
        if math.comb(len(self._by_hours), fewer) > MOST_CHOICES:
            return None
        every = (frozenset(one) for one in itertools.combinations(self._by_hours, fewer))
        return [gone for gone in every if self._keeps_crews(gone)]

    def _relaxed_is_ruled_out(self, fewer: int, deadline: int) -> bool:
        """Whether clearing is ruled out though each month only the least that can go is gone."""
        part = self.part
        small = self._relaxed(fewer)
        if small is None or not part.family.takes(small):
            return False
        return part.family.is_ruled_out(small, part.post, deadline)

    def _relaxed(self, fewer: int) -> Pool | None:
        """The pool with, each month, the least hours and the least ARMS that so many can take.

        No choice of officers leaves more of either. None for teams that are planned together:
        what each of them holds back for new registrations would have to be known by choice.
        """
        part, policy = self.part, self.part.register.policy
        if len(part.teams) > 1:
            return None
        posts, months = part.situation.posts, part.situation.horizon.months
        plain = replace(
            part.register, policy=policy.but({"inflow.per_year": 0}), offenders=(), agreed=()
        )
        own = Situation(plain).capacity
        going = np.array([[own[s, m] for m in months] for s in self._by_hours])
        least = np.sort(going, axis=0)[:fewer].sum(axis=0)
        gross = np.array([sum(own[s.staff_id, m] for s in plain.officers) for m in months])
        held = sum(hold_back_hours(part.register).values())
        share = 1 + policy.hours_overtime
        agreed = np.maximum(0.0, part.small.most_hours / share - np.maximum(0.0, gross - held))
        left = np.maximum(0.0, gross - held - least) + agreed
        trained = np.array([[posts.is_trained(s, m) for m in months] for s in self._by_hours])
        arms = np.maximum(0, fewer - (~trained).sum(axis=0)) * part.small.arms_each
        return replace(
            part.small,
            most_hours=left * share,
            comfortable_hours=left * min(policy.hours_comfort, share),
            arms_limit=np.maximum(0.0, part.small.arms_limit - arms),
        )


def without(register: Register, gone: Collection[str]) -> Register:
    """The register without some officers, their absences, and locks on them as SOM."""
    return replace(
        register,
        officers=tuple(s for s in register.officers if s.staff_id not in gone),
        absences=tuple(a for a in register.absences if a.staff_id not in gone),
        locks=tuple(lock for lock in register.locks if lock.staff_id not in gone),
    )
