"""What one case costs a plan: its own lateness, a change of SOM, the risk mix, its hours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planner.domain.terms import Duty, RiskLevel
from planner.explain.lateness import Lateness, lateness

if TYPE_CHECKING:
    from planner.explain.calendars import Arcs, Months
    from planner.explain.case import CaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCost:
    """What one case costs the plan, in points. ``spread`` is about: see ``HoursLeft.spread``.

    ``displaced`` is what the work costs that gives way where months are full; 0 where no work is
    asked to.
    """

    moves: float
    mix: float
    lateness: Lateness
    spread: float
    displaced: float = 0.0

    @property
    def total(self) -> float:
        return self.moves + self.mix + self.lateness.total + self.spread + self.displaced


class CaseCosts:
    """Parts of the cost of one case, the rest of the plan as it stands."""

    def __init__(self, view: CaseView) -> None:
        self.view = view
        self.situation = view.situation
        self.offender = view.offender

    @cached_property
    def arcs(self) -> dict[Duty, Arcs]:
        """Each duty of the case: what its calendars cost in lateness."""
        return {duty: self.view.chains.calendar_arcs(c) for duty, c in self.view.chain.items()}

    def lateness(self, visits: Months, arms: Months) -> Lateness:
        """What the case's duties cost done in these months."""
        total = Lateness()
        for duty, months in ((Duty.VISIT, visits), (Duty.ARMS, arms)):
            if chain := self.view.chain.get(duty):
                total = total.plus(lateness(self.situation, chain, months))
        return total

    def locks_missed(self, visits: Months, arms: Months) -> tuple[int, ...]:
        """Locked months not kept, save those that the workbook does not keep either."""
        missed: set[int] = set()
        for duty, months in ((Duty.VISIT, visits), (Duty.ARMS, arms)):
            if chain := self.view.chain.get(duty):
                locked = set(self.view.chains.locked(chain))
                missed |= (locked - set(months)) & set(self.view.months[duty])
        return tuple(sorted(missed))

    def mix(self, som: str | None) -> float:
        """What the case adds above the officer's fair share of the riskiest in month 1."""
        there = self.situation.presence[self.offender.ref]
        if som is None or self.offender.level < RiskLevel.HIGH or not there.at_end_of(1):
            return 0.0
        share, held = self.situation.fair_share[som], self._risky_of_others.get(som, 0)
        above = max(0.0, held + 1 - share) - max(0.0, held - share)
        return self.situation.policy.cost_mix * above

    @cached_property
    def _risky_of_others(self) -> dict[str, int]:
        held = dict(self.view.outcome.community_caseload(1, RiskLevel.HIGH))
        own = self.view.plan.som(self.view.ref, 1)
        there = self.situation.presence[self.offender.ref].at_end_of(1)
        if own is not None and there and self.offender.level >= RiskLevel.HIGH:
            held[own] = held.get(own, 0) - 1
        return held
