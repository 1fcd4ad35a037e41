"""Each officer for the supervisor: the cases and their mix, and how far behind their visits are."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from planner.domain.terms import LEVELS, RiskLevel
from planner.tables.officers import OfficerRow, officer_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.domain.written import WrittenPlan
    from planner.tables.cases import CaseRow
    from planner.workload.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseloadRow:
    """One officer's cases at month 1's end, and the month's hours.

    ``today`` counts cases by the register; ``moves_in`` and ``moves_out`` are month 1's. The four
    levels are community cases. ``used`` is a share, None without capacity.
    """

    officer: OfficerRow
    supervisor: str | None
    today: int
    moves_in: int
    moves_out: int
    community_against_norm: int
    very_high: int
    high: int
    medium: int
    low: int
    capacity: float
    planned: float
    used: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueRow:
    """How far behind an officer's cases are today, and how the plan's visits are made.

    The oldest are in days, None where nothing is overdue. ``longest_since`` and ``median_since``
    are days since the last successful visit of those visited, who were ever seen. ``tried`` are
    people with a failed attempt; ``solo`` visits have a crew of one.
    """

    staff_id: str
    team: str
    supervisor: str | None
    visits_overdue: int
    oldest_visit: int | None
    arms_overdue: int
    oldest_arms: int | None
    longest_since: int | None
    median_since: float | None
    never_seen: int
    tried: int
    at_warrant: int
    visits: int
    unannounced: float | None
    solo: int


def caseload_rows(outcome: Outcome, written: WrittenPlan) -> tuple[CaseloadRow, ...]:
    """By team and staff ID."""
    register, first = outcome.situation.register, outcome.situation.horizon.first
    today = Counter(register.som_of(o) for o in register.offenders)
    now = [c for c in outcome.changes if c.month == 1]
    moves_in, moves_out = Counter(c.after for c in now), Counter(c.before for c in now)
    mix = {level: _of_level(outcome, level) for level in LEVELS}
    hours = {row.som: row for row in written.workload if row.month == first}
    norm = int(outcome.situation.policy.caseload_norm)
    return tuple(
        CaseloadRow(
            officer=row,
            supervisor=register.officer[who].supervisor or None,
            today=today[who],
            moves_in=moves_in[who],
            moves_out=moves_out[who],
            community_against_norm=row.community - norm,
            very_high=mix[RiskLevel.VERY_HIGH][who],
            high=mix[RiskLevel.HIGH][who],
            medium=mix[RiskLevel.MEDIUM][who],
            low=mix[RiskLevel.LOW][who],
            capacity=hours[who].capacity_hours,
            planned=hours[who].planned_hours,
            used=hours[who].utilisation if hours[who].capacity_hours > 0 else None,
        )
        for row in officer_rows(outcome)
        for who in (row.staff_id,)
    )


def _of_level(outcome: Outcome, level: RiskLevel) -> Counter[str]:
    """Community cases of one level at month 1's end."""
    found = outcome.community_caseload(1, level)
    if level < RiskLevel.VERY_HIGH:
        found = found - outcome.community_caseload(1, RiskLevel(level + 1))
    return found


def overdue_rows(outcome: Outcome, cases: Sequence[CaseRow]) -> tuple[OverdueRow, ...]:
    """By team and staff ID, from the cases that each holds in month 1."""
    register = outcome.situation.register
    held: dict[str, list[CaseRow]] = defaultdict(list)
    for case in cases:
        if case.som is not None:
            held[case.som].append(case)
    solo = Counter(v.som for v in outcome.plan.visits if v.crew == 1)
    visits = Counter(v.som for v in outcome.plan.visits)
    return tuple(
        _overdue(
            row,
            register.officer[row.staff_id].supervisor or None,
            held[row.staff_id],
            visits[row.staff_id],
            solo[row.staff_id],
        )
        for row in officer_rows(outcome)
    )


def _overdue(
    officer: OfficerRow, supervisor: str | None, held: list[CaseRow], visits: int, solo: int
) -> OverdueRow:
    visit_days = [c.visit_days for c in held if c.visit_days is not None]
    arms_days = [c.arms_days for c in held if c.arms_days is not None]
    since = [c.days_since for c in held if isinstance(c.days_since, int)]
    return OverdueRow(
        staff_id=officer.staff_id,
        team=officer.team,
        supervisor=supervisor,
        visits_overdue=len(visit_days),
        oldest_visit=max(visit_days, default=None),
        arms_overdue=len(arms_days),
        oldest_arms=max(arms_days, default=None),
        longest_since=max(since, default=None),
        median_since=median(since) if since else None,
        never_seen=sum(isinstance(c.days_since, str) for c in held),
        tried=sum(c.days_since is not None and c.failed_attempts > 0 for c in held),
        at_warrant=sum(c.attention is not None for c in held),
        visits=visits,
        unannounced=officer.unannounced,
        solo=solo,
    )
