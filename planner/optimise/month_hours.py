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

from planner.optimise.hours import GRAIN, SMALL_TEAM, grains_down, grains_up

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

        In a team of a few, and for officers alone in theirs, that nobody seconds an own visit
        counts too (as in ``hours``).
        """
        most = {s: self.most(s, m) for s in mine}
        comfort = {
            s: -(-grains_up(float(self.pool.comfortable_hours[s, m])) // self._step) for s in mine
        }
        own = {s: model.new_int_var(0, max(0, most[s] - comfort[s]), "") for s in mine}
        for s in mine:
            model.add(own[s] >= mine[s] - comfort[s])
        spare = {s: comfort[s] - mine[s] + own[s] for s in mine}
        teams = [block.leads for block in blocks if not block.lone]
        lone = [s for block in blocks if block.lone for s in block.leads]
        highest = 2 * sum(most.values())
        over: list[cp_model.LinearExprT] = []
        for team in teams:
            over.append(model.new_int_var(0, highest, ""))
            model.add(over[-1] >= sum(wanted[s] - spare[s] for s in team))
            for s in team if len(team) <= SMALL_TEAM else ():
                model.add(over[-1] >= wanted[s] - sum(spare[o] for o in team if o != s))
        if lone:
            alone, over = over, [model.new_int_var(0, highest, "")]
            in_teams = sum(wanted[s] for team in teams for s in team)
            model.add(over[-1] >= sum(alone))
            model.add(over[-1] >= in_teams + sum(wanted[s] for s in lone) - sum(spare.values()))
            for s in lone:
                others = sum(spare[o] for o in mine if o != s)
                model.add(over[-1] >= in_teams + wanted[s] - others)
        return [*own.values(), *over]
