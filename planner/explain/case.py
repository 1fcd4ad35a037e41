"""One case within a written plan: who holds it, what is done when, and what is left around it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from planner.domain.terms import Duty
from planner.explain.hours import HoursLeft, doings
from planner.explain.lateness import Chains
from planner.optimise.gathering import PoolBuilder, team_groups
from planner.optimise.routes import Routes
from planner.workload.outcome import Outcome

if TYPE_CHECKING:
    from planner.domain.plan import Plan
    from planner.explain.hours import Doing
    from planner.optimise.pool import Case, Pool
    from planner.workload.situation import DutyChain, Situation


class _HoursOnly(PoolBuilder):
    """For a pool that is asked for its hours alone: to number every case's duties takes long."""

    def cases(self) -> tuple[Case, ...]:
        return ()

    def pool(self) -> Pool:
        hours = np.array([self.situation.hours.second])
        return replace(super().pool(), second=hours)


class CaseView:
    """A case and the plan around it. ``hours`` are those of the officers who share its work."""

    def __init__(self, situation: Situation, plan: Plan, ref: str) -> None:
        self.situation = situation
        self.plan = plan
        self.ref = ref
        self.offender = situation.register.offender[ref]
        self.today = situation.register.som_of(self.offender)
        self.outcome = Outcome(situation, plan)
        self.routes = Routes(situation)
        self.chains = Chains(situation)
        self.crew = situation.crew(self.offender)
        self.chain: dict[Duty, DutyChain] = {
            chain.duty: chain for chain in situation.chains_of(self.offender)
        }
        self.holders = {holding.som for holding in plan.holdings.get(ref, ())}

    @cached_property
    def hours(self) -> HoursLeft:
        """Hours left in the team, or in the unit where teams share officers."""
        return HoursLeft(self.situation, self.pool, self.plan, self.doings)

    @cached_property
    def pool(self) -> Pool:
        """The officers of the team, or of the unit where teams share officers, and their hours."""
        team = self.offender.team
        group = next((g for g in team_groups(self.situation) if team in g), (team,))
        return _HoursOnly(self.situation, group, self.routes).pool()

    @cached_property
    def doings(self) -> tuple[Doing, ...]:
        """What is done for this case, and for all for whom those who share its work do anything."""
        sharing, plan = set(self.pool.officers), self.plan
        refs = {v.ref for v in plan.visits if v.som in sharing} | {self.ref}
        refs |= {a.ref for a in plan.arms if a.done_by in sharing}
        return tuple(doings(plan, refs))

    @cached_property
    def of_ref(self) -> dict[tuple[str, Duty], tuple[Doing, ...]]:
        """The doings of each duty, by month."""
        found: dict[tuple[str, Duty], list[Doing]] = {}
        for doing in self.doings:
            found.setdefault((doing.ref, doing.duty), []).append(doing)
        return {key: tuple(sorted(d, key=lambda x: x.month)) for key, d in found.items()}

    @cached_property
    def own(self) -> tuple[Doing, ...]:
        """What the plan has done for this case."""
        return tuple(d for duty in Duty for d in self.of_ref.get((self.ref, duty), ()))

    @cached_property
    def months(self) -> dict[Duty, tuple[int, ...]]:
        """The months in which each duty of the case is done."""
        return {
            duty: tuple(d.month for d in self.of_ref.get((self.ref, duty), ())) for duty in Duty
        }

    @cached_property
    def moves(self) -> int:
        """Changes of SOM of the whole plan that rule 4 counts."""
        return sum(change.counts for change in self.outcome.changes)

    @cached_property
    def own_moves(self) -> int:
        """Those of this case."""
        return sum(change.counts for change in self.outcome.changes if change.ref == self.ref)
