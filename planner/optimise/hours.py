"""The hours left over in each month, and whether one more duty fits.

Second hours need no variable of their own: whether the visits of a month can all be seconded is
seen from the officers' hours left. Within a team, somebody else has time for every visit exactly if
all hours left cover all second hours needed, and for each lead the hours left of the others cover
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


def grains_up(hours: float) -> int:
    return math.ceil(hours * GRAIN - 1e-6)


def grains_down(hours: float) -> int:
    return math.floor(hours * GRAIN + 1e-6)


class Ledger:
    """Hours left by officer and month, second hours needed by lead and month, ARMS by doer.

    Months are columns from 0. ``visit`` and ``arms`` add a duty (``sign`` 1) or take it away (-1)
    and check nothing; ``fits_visit`` and ``fits_arms`` tell whether one more may be added.
    """

    def __init__(self, pool: Pool) -> None:
        officers, months = range(len(pool.officers)), range(pool.months)
        most = pool.most_hours
        self.left = [[grains_down(float(most[s, m])) for m in months] for s in officers]
        self.need = [[0] * pool.months for _ in officers]
        self.room = [[int(pool.arms_limit[s, m]) for m in months] for s in officers]
        self.unit = grains_up(float(pool.second.max(initial=0.0)))
        self.slack = [sum(self.left[s][m] for s in officers) for m in months]
        self._officers = officers
        self._team: list[dict[int, tuple[int, ...]]] = [{} for _ in months]
        self._teams: list[list[tuple[int, ...]]] = [[] for _ in months]
        self._alone: list[tuple[int, ...]] = [() for _ in months]
        for block in pool.blocks:
            m = block.month
            if block.leads == block.members:
                self._teams[m].append(block.members)
                self._team[m].update(dict.fromkeys(block.leads, block.members))
            else:
                self._alone[m] = tuple(sorted({*self._alone[m], *block.leads}))

    def visit(self, s: int, m: int, lead: int, second: int, sign: int = 1) -> None:
        self.left[s][m] -= sign * lead
        self.need[s][m] += sign * second
        self.slack[m] -= sign * (lead + second)

    def arms(self, s: int, m: int, hours: int, sign: int = 1) -> None:
        self.left[s][m] -= sign * hours
        self.room[s][m] -= sign
        self.slack[m] -= sign * hours

    def fits_visit(self, s: int, m: int, lead: int, second: int) -> bool:
        if self.slack[m] < lead + second or self.left[s][m] < lead:
            return False
        self.visit(s, m, lead, second)
        fits = self._seconded(s, m)
        self.visit(s, m, lead, second, -1)
        return fits

    def fits_arms(self, s: int, m: int, hours: int) -> bool:
        if self.slack[m] < hours or self.left[s][m] < hours or self.room[s][m] < 1:
            return False
        self.arms(s, m, hours)
        fits = self._seconded(s, m)
        self.arms(s, m, hours, -1)
        return fits

    def sound(self, m: int) -> bool:
        """Whether a month keeps every officer's hours and seconds every visit."""
        if any(self.left[s][m] < 0 or self.room[s][m] < 0 for s in self._officers):
            return False
        if any(self.need[s][m] and not self._has_second(s, m) for s in self._officers):
            return False
        teams = all(self._team_seconded(team, m) for team in self._teams[m])
        return teams and self._alone_seconded(m)

    def _has_second(self, s: int, m: int) -> bool:
        return s in self._team[m] or s in self._alone[m]

    def _seconded(self, s: int, m: int) -> bool:
        if self.need[s][m] and not self._has_second(s, m):
            return False
        team = self._team[m].get(s)
        if team is not None and not self._team_seconded(team, m):
            return False
        return not self._alone[m] or self._alone_seconded(m)

    def _team_seconded(self, team: tuple[int, ...], m: int) -> bool:
        unit = self.unit if m == 0 and self.unit else 1
        left = [self.left[s][m] // unit for s in team]
        need = [self.need[s][m] // unit for s in team]
        total = sum(left)
        if total < sum(need):
            return False
        return all(total - x >= n for x, n in zip(left, need, strict=True))

    def _alone_seconded(self, m: int) -> bool:
        if not self._alone[m]:
            return True
        unit = self.unit if m == 0 and self.unit else 1
        left = [self.left[s][m] // unit for s in self._officers]
        in_teams = sum(self.need[s][m] // unit for s in self._team[m])
        alone = {s: self.need[s][m] // unit for s in self._alone[m]}
        total = sum(left) - in_teams
        if total < sum(alone.values()):
            return False
        return all(total - left[s] >= n for s, n in alone.items())
