"""Each officer in month 1 and over the plan: cases, mix, moves, share unannounced, hours used."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.terms import RiskLevel, VisitType
from planner.tables.allocation import yes_no
from planner.tables.workload import utilisation

if TYPE_CHECKING:
    from planner.domain.register import Officer
    from planner.workload.outcome import Outcome


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """One officer. Caseloads are at month 1's end; moves and visits are over the whole plan.

    ``against_norm`` is the caseload less ``caseload.norm``; ``unannounced`` a share of the visits
    led, None where none is.
    """

    staff_id: str
    name: str | None
    team: str
    fte: float
    trained: str
    caseload: int
    against_norm: int
    community: int
    elsewhere: int
    reactive: int
    cap: int | None
    risky: int
    fair_share: float
    cases_in: int
    cases_out: int
    unannounced: float | None
    hours_used: float


@dataclass(frozen=True, slots=True)
class OfficerHours:
    """Share of each month's capacity that is planned; None where there is no capacity."""

    staff_id: str
    team: str
    shares: tuple[float | None, ...]
    overall: float


def officer_rows(outcome: Outcome) -> tuple[OfficerRow, ...]:
    """By team and staff ID."""
    found = _Officers(outcome)
    return tuple(found.row(officer) for officer in _in_order(outcome))


def officer_hours(outcome: Outcome) -> tuple[OfficerHours, ...]:
    """The utilisation grid, by team and staff ID."""
    return tuple(
        OfficerHours(s.staff_id, s.team, _shares(outcome, s.staff_id), _overall(outcome, s))
        for s in _in_order(outcome)
    )


def _in_order(outcome: Outcome) -> list[Officer]:
    return sorted(outcome.situation.register.officers, key=lambda s: (s.team, s.staff_id))


def _shares(outcome: Outcome, staff_id: str) -> tuple[float | None, ...]:
    capacity = outcome.situation.capacity
    return tuple(
        utilisation(outcome.planned_hours(staff_id, m), capacity[staff_id, m])
        if capacity[staff_id, m] > 0
        else None
        for m in outcome.situation.horizon.months
    )


def _overall(outcome: Outcome, officer: Officer) -> float:
    months = outcome.situation.horizon.months
    planned = sum(outcome.planned_hours(officer.staff_id, m) for m in months)
    return utilisation(
        planned, sum(outcome.situation.capacity[officer.staff_id, m] for m in months)
    )


class _Officers:
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        situation = outcome.situation
        self.cases = outcome.caseload(1)
        self.community = outcome.community_caseload(1)
        self.risky = outcome.community_caseload(1, RiskLevel.HIGH)
        self.reactive = Counter(
            outcome.plan.som(o.ref, 1) for o in situation.register.offenders if not o.is_active
        )
        self.cases_in = Counter(c.after for c in outcome.changes)
        self.cases_out = Counter(c.before for c in outcome.changes)
        self.led = Counter(v.som for v in outcome.plan.visits)
        self.unannounced = Counter(
            v.som for v in outcome.plan.visits if v.visit_type is VisitType.UNANNOUNCED
        )

    def row(self, officer: Officer) -> OfficerRow:
        who = officer.staff_id
        situation, led = self.outcome.situation, self.led[who]
        return OfficerRow(
            staff_id=who,
            name=officer.name or None,
            team=officer.team,
            fte=officer.fte,
            trained=yes_no(situation.posts.is_trained(who, 1)),
            caseload=self.cases[who],
            against_norm=self.cases[who] - int(situation.policy.caseload_norm),
            community=self.community[who],
            elsewhere=self.cases[who] - self.community[who],
            reactive=self.reactive[who],
            cap=officer.cap,
            risky=self.risky[who],
            fair_share=situation.fair_share[who],
            cases_in=self.cases_in[who],
            cases_out=self.cases_out[who],
            unannounced=self.unannounced[who] / led if led else None,
            hours_used=_overall(self.outcome, officer),
        )
