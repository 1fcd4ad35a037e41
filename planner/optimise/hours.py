"""The hours left over in each month, and by how much a plan exceeds them.

Second hours need no variable of their own: whether the visits of a month can all be seconded is
seen from the officers' hours left. Within a team, somebody else has time for every visit exactly if
all hours left cover all second hours needed and, for each lead, the hours left of the others cover
that lead's visits. Officers who are alone in their team draw on what the whole unit then has left.
In month 1 a second officer goes along or does not, so there hours left count in whole visits.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.optimise.pool import Pool

GRAIN = 1000
"""Hours are whole thousandths in here: duties rounded up, capacities down."""
NO_GROUP = -1
OVERFULL_AT_ALL = GRAIN // 2
SMALL_TEAM = 5
"""In teams up to this size one officer's visits may need more than the others have."""


def grains_up(hours: float) -> int:
    """Hours in whole grains, rounded up (what a duty takes)."""
    return math.ceil(hours * GRAIN - 1e-6)


def grains_down(hours: float) -> int:
    """Hours in whole grains, rounded down (what there is)."""
    return math.floor(hours * GRAIN + 1e-6)


class Ledger:
    """Hours left by officer and month, second hours needed by lead and month, ARMS by doer.

    Months are columns from 0. ``slack[m][g]`` is what group g (a team, or the unit with
    ``cross_team``) has left after its visits are seconded. ``visit`` and ``arms`` add a duty
    (``sign`` 1) or take it away (-1) and check nothing; ``excess`` says by how much a month is
    overfull, 0 where it keeps every rule about hours.
    """

    def __init__(self, pool: Pool) -> None:
        officers, months = range(len(pool.officers)), range(pool.months)
        most, comfort = pool.most_hours, pool.comfortable_hours
        self.left = [[grains_down(float(most[s, m])) for m in months] for s in officers]
        self.need = [[0] * pool.months for _ in officers]
        self.room = [[int(pool.arms_limit[s, m]) for m in months] for s in officers]
        self.unit = grains_up(float(pool.second.max(initial=0.0)))
        self.group = [[NO_GROUP] * pool.months for _ in officers]
        self.seconded = [[False] * pool.months for _ in officers]
        self.teams: list[list[tuple[int, ...]]] = [[] for _ in months]
        self.lone: list[list[int]] = [[] for _ in months]
        for block in pool.blocks:
            self._enter(block.month, block.leads, block.members, lone=block.lone)
        self.slack = [
            [sum(self.left[s][m] for s in team) for team in self.teams[m]] for m in months
        ]
        self.beyond_comfort = [
            [
                grains_down(float((most[list(t), m] - comfort[list(t), m]).sum()))
                for t in self.teams[m]
            ]
            for m in months
        ]
        self.delicate = [
            m == 0 or bool(self.lone[m]) or any(len(t) <= SMALL_TEAM for t in self.teams[m])
            for m in months
        ]
        self._officers = officers
        self._beyond = [
            [grains_down(float(most[s, m] - comfort[s, m])) for m in months] for s in officers
        ]

    def _enter(
        self, m: int, leads: tuple[int, ...], members: tuple[int, ...], *, lone: bool
    ) -> None:
        for lead in leads:
            self.seconded[lead][m] = True
        if lone:
            self.lone[m].extend(leads)
            return
        for member in members:
            self.group[member][m] = len(self.teams[m])
        self.teams[m].append(members)

    def visit(self, s: int, m: int, lead: int, second: int, sign: int = 1) -> None:
        """Add a visit led by officer ``s``."""
        self.left[s][m] -= sign * lead
        self.need[s][m] += sign * second
        group = self.group[s][m]
        if group >= 0:
            self.slack[m][group] -= sign * (lead + second)

    def arms(self, s: int, m: int, hours: int, sign: int = 1) -> None:
        """Add an ARMS done by officer ``s``."""
        self.left[s][m] -= sign * hours
        self.room[s][m] -= sign
        group = self.group[s][m]
        if group >= 0:
            self.slack[m][group] -= sign * hours

    def excess(self, m: int) -> int:
        """Grains by which the month is overfull, and half an hour on top for each that is.

        That each officer or team that is overfull at all counts half an hour more makes a search
        mend the small ones too.
        """
        over, places = self.overrun(m)
        return over + OVERFULL_AT_ALL * places

    def overrun(self, m: int) -> tuple[int, int]:
        """Grains by which the month is overfull (officers' own hours, ARMS, seconds); how many are.

        Both are 0 where the month keeps every rule about hours.
        """
        over = places = 0
        for row in self.left:
            if row[m] < 0:
                over -= row[m]
                places += 1
        for rooms in self.room:
            if rooms[m] < 0:
                over -= rooms[m] * GRAIN
        if self.delicate[m]:
            unseconded = self._unseconded(m)
            return over + unseconded, places + (unseconded > 0)
        for slack in self.slack[m]:
            if slack < 0:
                over -= slack
                places += 1
        return over, places

    def sound(self, m: int) -> bool:
        """Whether the month keeps every rule about hours, ARMS a month included."""
        if any(self.left[s][m] < 0 or self.room[s][m] < 0 for s in self._officers):
            return False
        if any(self.need[s][m] and not self.seconded[s][m] for s in self._officers):
            return False
        return self._unseconded(m) == 0

    def lacking(self, m: int) -> tuple[int, int]:
        """Grains that officers lack for what they lead or assess; second hours nobody could give.

        Together they are the hours for which work of the month would have to give way.
        """
        own = sum(-row[m] for row in self.left if row[m] < 0)
        return own, self._unseconded(m)

    def above_comfort(self, m: int) -> int:
        """Grains planned above officers' comfortable hours, seconds given as evenly as can be.

        Nobody seconds an own visit, which matters in teams of a few and to officers alone in
        theirs. In month 1 somebody goes along or does not: there it may be somewhat more.
        """
        beyond = [row[m] for row in self._beyond]
        left = [row[m] for row in self.left]
        above = sum(max(0, b - own) for b, own in zip(beyond, left, strict=True))
        spare = [max(0, own - b) for b, own in zip(beyond, left, strict=True)]
        need = [row[m] for row in self.need]
        in_teams = wanted = 0
        for team in self.teams[m]:
            there, mine = sum(spare[s] for s in team), sum(need[s] for s in team)
            over = max(0, mine - there)
            if len(team) <= SMALL_TEAM:
                over = max(over, *(need[s] - there + spare[s] for s in team))
            in_teams, wanted = in_teams + over, wanted + mine
        there, alone = sum(spare), sum(need[s] for s in self.lone[m])
        over = max(in_teams, wanted + alone - there)
        for s in self.lone[m]:
            over = max(over, wanted + need[s] - there + spare[s])
        return above + over

    def _unseconded(self, m: int) -> int:
        """Grains of second hours that nobody could give."""
        unit = self.unit if m == 0 and self.unit else 1
        over = in_teams = 0
        for team in self.teams[m]:
            left = [max(0, self.left[s][m]) // unit for s in team]
            need = [self.need[s][m] // unit for s in team]
            lacking = _lacking(sum(left), left, need)
            over += lacking
            in_teams += sum(need) - lacking
        if self.lone[m]:
            everybody = sum(max(0, row[m]) // unit for row in self.left) - in_teams
            left = [max(0, self.left[s][m]) // unit for s in self.lone[m]]
            need = [self.need[s][m] // unit for s in self.lone[m]]
            over += _lacking(everybody, left, need)
        return over * unit


def _lacking(total: int, left: list[int], need: list[int]) -> int:
    """By how much needs go unmet when each may be met by all hours but its own lead's."""
    lacking = sum(need) - total
    for own, wanted in zip(left, need, strict=True):
        lacking = max(lacking, wanted - (total - own))
    return max(0, lacking)
