"""What ties a case to an officer or keeps it from one: conflicts, skills, cases to keep.

Almost every case is with somebody who may hold it; a handful is not, as in life.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.sample.staff import by_team

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    from planner.domain.register import Offender, Officer
    from planner.sample.draws import Draws
    from planner.sample.size import Size

# Shares of the whole register.
CONFLICTS = 0.01
NEEDS = 0.015
KEPT = 0.02

MISPLACED = 9
"""Cases whose SOM may not hold them, for 4,158 people: a third each for conflict, skill, team."""


class _Ties:
    """Adds ties to people who have none yet, in a random order drawn once."""

    def __init__(
        self,
        people: Sequence[Offender],
        officers: Sequence[Officer],
        long_away: Set[str],
        draws: Draws,
    ) -> None:
        self.people = list(people)
        self._long_away = long_away
        self._order = draws.shuffled(range(len(people)))
        self._draws = draws
        self._teams = by_team(officers)
        self._officer = {s.staff_id: s for s in officers}

    def add(self, number: int, kind: str) -> None:
        """Ties up to ``number`` people in one way; those who have no such tie to give pass."""
        left = []
        for i in self._order:
            changed = None
            if number > 0:
                changed = self._tied(self.people[i], kind)
            if changed is None:
                left.append(i)
            else:
                self.people[i] = changed
                number -= 1
        self._order = left

    def _tied(self, person: Offender, kind: str) -> Offender | None:
        held = self._officer.get(person.som or "")
        if kind == "need":
            return self._needing(person, held)
        if kind == "conflict":
            return self._in_conflict(person)
        if held is None:
            return None
        if kind == "keep":
            # Kept with somebody long away, a high-risk case would go unvisited for months.
            return None if held.staff_id in self._long_away else replace(person, keep=True)
        if kind == "need unmet":
            return self._needing_more(person, held)
        if kind == "conflict with SOM":
            return replace(person, not_with=frozenset({held.staff_id}))
        return self._elsewhere(person)

    def _skills(self, team: str) -> list[str]:
        """The skills that at least two who stay in the team have."""
        had = [skill for s in self._teams[team] if s.end is None for skill in sorted(s.skills)]
        return sorted({skill for skill in had if had.count(skill) >= 2})

    def _needing(self, person: Offender, held: Officer | None) -> Offender | None:
        able = [s for s in self._skills(person.team) if held is None or s in held.skills]
        if not able:
            return None
        return replace(person, needs=frozenset({self._draws.one_of(able)}))

    def _needing_more(self, person: Offender, held: Officer) -> Offender | None:
        lacking = [s for s in self._skills(person.team) if s not in held.skills]
        if not lacking:
            return None
        return replace(person, needs=frozenset({self._draws.one_of(lacking)}))

    def _in_conflict(self, person: Offender) -> Offender | None:
        """One colleague, now and then two, as long as three others could hold the case."""
        others = [s.staff_id for s in self._teams[person.team] if s.staff_id != person.som]
        number = 2 if self._draws.chance(0.15) else 1
        if len(others) < number + 2:
            return None
        return replace(person, not_with=frozenset(self._draws.shuffled(others)[:number]))

    def _elsewhere(self, person: Offender) -> Offender | None:
        """Moved house: the case is still with the old team's officer."""
        others = [team for team in self._teams if team != person.team]
        if not others:
            return None
        officer = self._draws.one_of(self._teams[self._draws.one_of(others)])
        return replace(person, som=officer.staff_id)


def with_ties(
    people: Sequence[Offender],
    officers: Sequence[Officer],
    long_away: Set[str],
    size: Size,
    draws: Draws,
) -> list[Offender]:
    """The same people in the same order; ``officers`` are those in post."""
    ties = _Ties(people, officers, long_away, draws)
    number = len(ties.people)
    ties.add(int(number * NEEDS + 0.5), "need")
    ties.add(int(number * CONFLICTS + 0.5), "conflict")
    ties.add(int(number * KEPT + 0.5), "keep")
    for kind in ("conflict with SOM", "need unmet", "other team"):
        ties.add(size.of_people(MISPLACED // 3), kind)
    return ties.people
