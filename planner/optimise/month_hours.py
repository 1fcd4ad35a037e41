"""That a month's duties fit into its hours, for exact models of whole duties.

Hours are counted in the largest step that all duties are multiples of: fewer hours go unused in
rounding than one would think, and a model sees that. Second hours need no variable of their own
after month 1: they can be given exactly if all hours left cover all that is needed and, for each
lead, the hours of the others cover that lead's visits (as in ``hours``).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from planner.optimise.hours import GRAIN, grains_down, grains_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.optimise.pool import Pool, SecondBlock

    Work = Mapping[int, Iterable[cp_model.LinearExprT]]


class MonthHours:
    """A pool's hours in steps: what a duty of each kind takes, what officers have.

    ``lead`` and ``second`` are by kind. ``steps`` make an hour.
    """

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        lead = [grains_up(float(hours)) for hours in pool.lead]
        second = [grains_up(float(hours)) for hours in pool.second]
        self._step = math.gcd(*lead, *second) or 1
        self.lead = [grains // self._step for grains in lead]
        self.second = [grains // self._step for grains in second]
        self.steps = GRAIN / self._step

    def most(self, s: int, m: int) -> int:
        """Steps that an officer may plan in a month (column)."""
        return self.most_of((s,), m)

    def most_of(self, officers: Iterable[int], m: int) -> int:
        """Steps that officers may plan in a month together; parts of a step left over add up."""
        hours = self.pool.most_hours[:, m]
        return sum(max(0, grains_down(float(hours[s]))) for s in officers) // self._step

    def keep(
        self, model: cp_model.CpModel, m: int, own: Work, need: Work
    ) -> list[cp_model.LinearExprT]:
        """Keep a month within its hours; the steps planned above comfort, to be added up.

        ``own`` has for each officer what takes steps of the officer's, ``need`` the steps that
        others must give to the officer's visits.
        """
        officers = range(len(self.pool.officers))
        mine = {s: cp_model.LinearExpr.sum(list(own.get(s, ()))) for s in officers}
        wanted = {s: cp_model.LinearExpr.sum(list(need.get(s, ()))) for s in officers}
        for s in officers:
            model.add(mine[s] <= self.most(s, m))
        blocks = [block for block in self.pool.blocks if block.month == m]
        if m == 0:
            self._in_whole_visits(model, blocks, mine, wanted)
        else:
            self._in_any_part(model, blocks, mine, wanted, m)
        return self._above_comfort(model, blocks, mine, wanted, m)

    def _in_any_part(
        self,
        model: cp_model.CpModel,
        blocks: list[SecondBlock],
        mine: dict[int, cp_model.LinearExpr],
        wanted: dict[int, cp_model.LinearExpr],
        m: int,
    ) -> None:
        """In teams first; officers who are alone in theirs draw on what the unit has left."""
        in_teams = [s for block in blocks if not block.lone for s in block.leads]
        for block in blocks:
            before = in_teams if block.lone else []
            taken = [wanted[s] for s in before]
            there = self.most_of(block.members, m)
            used = [mine[s] for s in block.members]
            model.add(sum(used) + sum(taken) + sum(wanted[s] for s in block.leads) <= there)
            for s in block.leads:
                others = [o for o in block.members if o != s]
                led = sum(mine[o] for o in others) + sum(taken)
                model.add(led + wanted[s] <= self.most_of(others, m))

    def _in_whole_visits(
        self,
        model: cp_model.CpModel,
        blocks: list[SecondBlock],
        mine: dict[int, cp_model.LinearExpr],
        wanted: dict[int, cp_model.LinearExpr],
    ) -> None:
        """In month 1 somebody goes along or does not."""
        unit = max(1, *self.second) if self.second else 1
        gives: dict[int, list[cp_model.IntVar]] = {}
        for block in blocks:
            given = {s: model.new_int_var(0, self.most(s, 0) // unit, "") for s in block.members}
            for s, visits in given.items():
                gives.setdefault(s, []).append(visits)
            total = sum(given.values())
            model.add(unit * total >= sum(wanted[s] for s in block.leads))
            for s in block.leads:
                if s in given:
                    model.add(unit * (total - given[s]) >= wanted[s])
        for s, all_given in gives.items():
            model.add(mine[s] + unit * sum(all_given) <= self.most(s, 0))

    def _above_comfort(
        self,
        model: cp_model.CpModel,
        blocks: list[SecondBlock],
        mine: dict[int, cp_model.LinearExpr],
        wanted: dict[int, cp_model.LinearExpr],
        m: int,
    ) -> list[cp_model.LinearExprT]:
        """The steps above comfort of all officers, second hours given as evenly as can be.

        In a team that is as much as its officers' own work comes to, or all that is done in it less
        all that is comfortable; what is done for officers alone in theirs may fill any gap left.
        """
        most = {s: self.most(s, m) for s in mine}
        comfort = {
            s: -(-grains_up(float(self.pool.comfortable_hours[s, m])) // self._step) for s in mine
        }
        own: dict[int, cp_model.IntVar] = {}
        for s in mine:
            if most[s] > comfort[s]:
                own[s] = model.new_int_var(0, most[s] - comfort[s], "")
                model.add(own[s] >= mine[s] - comfort[s])
        teams = [block.leads for block in blocks if not block.lone]
        parts: list[cp_model.LinearExprT] = []
        for team in teams if sum(map(len, teams)) < len(mine) or len(teams) > 1 else ():
            above = model.new_int_var(0, sum(most.values()), "")
            model.add(above >= sum(own[s] for s in team if s in own))
            model.add(above >= sum(mine[s] + wanted[s] - comfort[s] for s in team))
            parts.append(above)
        in_teams = {s for team in teams for s in team} if parts else set()
        parts += [own[s] for s in own if s not in in_teams]
        above = model.new_int_var(0, sum(most.values()), "")
        model.add(above >= sum(parts))
        model.add(above >= sum(mine.values()) + sum(wanted.values()) - sum(comfort.values()))
        return [above]
