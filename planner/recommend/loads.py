"""What each officer would carry with the case: cases against the norm and the cap, the riskiest."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.terms import RiskLevel

if TYPE_CHECKING:
    from planner.explain.case import CaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Cases at the end of the month in which the case is taken, with it and with the plan's others.

    ``caseload`` counts every case, ``community`` those in the community, ``risky`` the very high
    and high ones of these. ``over_norm`` is the caseload less ``caseload.norm``, which may be below
    0. ``fair_share`` is month 1's, this case counted in. ``capacity`` is hours in the month.
    """

    caseload: int
    community: int
    risky: int
    over_norm: int
    cap: int | None
    fair_share: float
    capacity: float

    @property
    def community_per_100_hours(self) -> float:
        """Cases in the community for each hundred hours of capacity; infinite without hours."""
        return 100 * self.community / self.capacity if self.capacity > 0 else math.inf


class Loads:
    """Works the loads out for one case and month."""

    def __init__(self, view: CaseView, month: int) -> None:
        self.view = view
        self.month = month
        self._cases = view.outcome.caseload(month)
        self._community = view.outcome.community_caseload(month)
        self._risky = view.outcome.community_caseload(month, RiskLevel.HIGH)

    def of(self, staff_id: str) -> Load:
        """The officer's load with the case."""
        view, situation = self.view, self.view.situation
        there = situation.presence[view.ref].at_end_of(self.month)
        risky = there and view.offender.level >= RiskLevel.HIGH
        more = view.plan.som(view.ref, self.month) != staff_id  # else it is counted already
        caseload = self._cases[staff_id] + more
        return Load(
            caseload=caseload,
            community=self._community[staff_id] + (more and there),
            risky=self._risky[staff_id] + (more and risky),
            over_norm=caseload - int(situation.policy.caseload_norm),
            cap=situation.register.officer[staff_id].cap,
            fair_share=situation.fair_share[staff_id],
            capacity=situation.capacity[staff_id, self.month],
        )
