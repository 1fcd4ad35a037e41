"""Who has how much time in which month.

Definitions: ``docs/contract.md``, section 3, "Capacity".
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.register import Officer
from planner.domain.terms import Role
from planner.workload.community import stay

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from planner.domain.policy import Policy
    from planner.domain.register import Absence, Register
    from planner.workload.posts import Posts


@dataclass(frozen=True, slots=True)
class DutyHours:
    """Hours of one duty: a visit's lead, each further crew member's, an ARMS."""

    lead: float
    second: float
    arms: float

    @classmethod
    def of(cls, policy: Policy) -> DutyHours:
        stretch = 1 + policy.visit_failed_rate * policy.visit_failed_cost
        return cls(
            lead=(policy.visit_hours + policy.visit_write_up_hours) * stretch,
            second=policy.visit_hours * stretch,
            arms=policy.arms_hours,
        )

    def visit(self, crew: int) -> float:
        """All hours of a visit with a crew."""
        return self.lead + (crew - 1) * self.second


def capacity_hours(register: Register, posts: Posts) -> dict[tuple[str, int], float]:
    """Hours of each officer in each month, (staff ID, month number), after the hold-back."""
    gross = {
        (s.staff_id, m): _gross(s, m, register, posts, absences)
        for s, absences in _with_absences(register)
        for m in posts.horizon.months
    }
    return _less_hold_back(register, posts, gross)


def full_post_hours(register: Register, posts: Posts) -> list[float]:
    """Hours of a full-time, experienced police officer with no absence listed, month by month."""
    officer = Officer(staff_id="", team="", role=Role.OFFICER)
    return [_gross(officer, m, register, posts, ()) for m in posts.horizon.months]


def hold_back_hours(register: Register) -> dict[str, float]:
    """Hours a month that each team holds back for new registrations."""
    policy = register.policy
    hours = DutyHours.of(policy)
    each = hours.visit(int(policy.visit_crew)) + hours.arms
    people: dict[str, int] = defaultdict(int)
    for offender in register.offenders:
        days = stay(offender)
        if days is not None and days.covers(register.as_at):
            people[offender.team] += 1
    return {team: policy.inflow_per_year / 12 * people[team] * each for team in register.teams}


def _less_hold_back(
    register: Register, posts: Posts, gross: Mapping[tuple[str, int], float]
) -> dict[tuple[str, int], float]:
    held = hold_back_hours(register)
    agreed = _agreed_hours(register, posts)
    net = dict(gross)
    for month in posts.horizon.months:
        for team in register.teams:
            members = [s.staff_id for s in register.officers if s.team == team]
            total = math.fsum(gross[s, month] for s in members)
            left = max(0.0, total - held[team]) + agreed.get((team, month), 0.0)
            share = left / total if total > 0 else 0.0
            for s in members:
                net[s, month] = gross[s, month] * share
    return net


def _agreed_hours(register: Register, posts: Posts) -> dict[tuple[str, int], float]:
    """Overtime agreed, by team and month: what is left of it once the policy's share is on top."""
    found: dict[tuple[str, int], float] = defaultdict(float)
    for one in register.agreed:
        month = posts.horizon.number(one.month)
        found[one.team, month] += one.hours / (1 + register.policy.hours_overtime)
    return found


def _with_absences(register: Register) -> Iterable[tuple[Officer, tuple[Absence, ...]]]:
    listed: dict[str, list[Absence]] = defaultdict(list)
    for absence in register.absences:
        listed[absence.staff_id].append(absence)
    return [(s, tuple(listed[s.staff_id])) for s in register.officers]


def _gross(
    officer: Officer, month: int, register: Register, posts: Posts, absences: tuple[Absence, ...]
) -> float:
    policy = register.policy
    all_days = posts.days_in_post(officer, month)
    days_of_month = posts.days_of_month(month)
    if not all_days:
        return 0.0
    leave, other = _days_away(all_days, absences)
    ramp = _ramp(officer, posts.horizon.start(month), policy)
    if officer.hours_per_month is not None:
        there = len(all_days) - leave - other
        return max(0.0, officer.hours_per_month * there / len(days_of_month) * ramp)
    due_leave = policy.hours_leave_days / 12 * len(all_days) / len(days_of_month)
    away = max(due_leave, leave) + other
    day = policy.hours_day_officer if officer.role is Role.OFFICER else policy.hours_day_staff
    share = (1 - policy.hours_unplanned_absence) * (1 - policy.hours_other_duties)
    return max(0.0, (len(all_days) - away) * day * officer.fte * share * ramp)


def _days_away(days: tuple[date, ...], absences: tuple[Absence, ...]) -> tuple[float, float]:
    """Working days lost to listed annual leave, and to all else.

    A day counts once, with its largest share; a day listed as both counts as the other.
    """
    share: dict[date, float] = {}
    other: set[date] = set()
    for absence in absences:
        for day in days:
            if absence.first <= day <= absence.last:
                share[day] = max(share.get(day, 0.0), absence.share)
                if not absence.is_annual_leave:
                    other.add(day)
    leave = math.fsum(v for day, v in share.items() if day not in other)
    return leave, math.fsum(v for day, v in share.items() if day in other)


def _ramp(officer: Officer, month_start: date, policy: Policy) -> float:
    if officer.start is None or officer.settled:
        return 1.0
    since = (month_start.year - officer.start.year) * 12 + month_start.month - officer.start.month
    if since < policy.hours_ramp_first_months:
        return policy.hours_ramp_first_share
    if since < policy.hours_ramp_first_months + policy.hours_ramp_second_months:
        return policy.hours_ramp_second_share
    return 1.0
