"""Hours: what a duty takes, what an officer has in a month, what a team holds back."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from planner.domain.terms import Role
from planner.verify.months import LAST, Months

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.domain.policy import Policy
    from planner.domain.register import Absence, Officer
    from planner.verify.world import World

MONTHS_A_YEAR = 12
Away = dict[date, tuple[float, bool]]
"""For each day away: the share of it, and whether it is annual leave and nothing else."""


@dataclass(frozen=True, slots=True)
class DutyHours:
    """Hours of the lead and of a second officer of one visit, and of one ARMS."""

    lead: float
    second: float
    arms: float

    @classmethod
    def of(cls, policy: Policy) -> DutyHours:
        factor = 1 + policy.visit_failed_rate * policy.visit_failed_cost
        lead = (policy.visit_hours + policy.visit_write_up_hours) * factor
        return cls(lead=lead, second=policy.visit_hours * factor, arms=policy.arms_hours)

    def visit(self, crew: int) -> float:
        """Hours of a whole visit, all its crew together."""
        return self.lead + self.second * (crew - 1)


def capacities(world: World) -> dict[str, list[float]]:
    """Hours left for planned work by staff ID, indexed by month (0 unused)."""
    absences: dict[str, list[Absence]] = {}
    for absence in world.register.absences:
        absences.setdefault(absence.staff_id, []).append(absence)
    full = {
        s: officer_hours(post.officer, absences.get(s, ()), world.policy, world.months)
        for s, post in world.staff.items()
    }
    return _held_back(full, world)


def officer_hours(
    officer: Officer, absences: Iterable[Absence], policy: Policy, months: Months
) -> list[float]:
    """One officer's hours by month before the team holds anything back."""
    away = days_away(absences, months)
    count = _fixed_hours if officer.hours_per_month is not None else _worked_out_hours
    hours = [0.0]
    for month in range(1, LAST + 1):
        in_post = _while_in_post(officer, months.working[month])
        whole = len(months.working[month])
        share = ramp(officer, month, policy, months)
        hours.append(max(0.0, count(officer, in_post, whole, away, policy)) * share)
    return hours


def days_away(absences: Iterable[Absence], months: Months) -> Away:
    """Each day of the horizon in a listed absence, once, with its largest share."""
    away: Away = {}
    for absence in absences:
        day = max(absence.first, months.starts[1])
        while day <= min(absence.last, months.ends[LAST]):
            share, leave = away.get(day, (0.0, True))
            away[day] = (max(share, absence.share), leave and absence.is_annual_leave)
            day += timedelta(days=1)
    return away


def ramp(officer: Officer, month: int, policy: Policy, months: Months) -> float:
    """The share of full hours that a new officer gives in a month."""
    if officer.start is None or officer.settled:
        return 1.0
    served = month - months.number(officer.start)
    if served < policy.hours_ramp_first_months:
        return policy.hours_ramp_first_share
    if served < policy.hours_ramp_first_months + policy.hours_ramp_second_months:
        return policy.hours_ramp_second_share
    return 1.0


def _while_in_post(officer: Officer, days: tuple[date, ...]) -> tuple[date, ...]:
    first = 0 if officer.start is None else bisect_left(days, officer.start)
    last = len(days) if officer.end is None else bisect_right(days, officer.end)
    return days[first:last]


def _worked_out_hours(
    officer: Officer, in_post: tuple[date, ...], whole: int, away: Away, policy: Policy
) -> float:
    listed = [away[day] for day in in_post if day in away] if away else []
    leave = sum(share for share, is_leave in listed if is_leave)
    other = sum(share for share, is_leave in listed if not is_leave)
    entitled = policy.hours_leave_days / MONTHS_A_YEAR * len(in_post) / whole
    days = len(in_post) - max(entitled, leave) - other
    a_day = policy.hours_day_officer if officer.role is Role.OFFICER else policy.hours_day_staff
    left = (1 - policy.hours_unplanned_absence) * (1 - policy.hours_other_duties)
    return days * a_day * officer.fte * left


def _fixed_hours(
    officer: Officer, in_post: tuple[date, ...], whole: int, away: Away, policy: Policy
) -> float:
    del policy  # the given hours stand instead of everything worked out
    there = len(in_post) - sum(away[day][0] for day in in_post if day in away)
    return (officer.hours_per_month or 0.0) * there / whole


def team_hold_back(world: World) -> dict[str, float]:
    """Hours a month that each team keeps for new registrations."""
    policy = world.policy
    hours = DutyHours.of(policy)
    each = hours.visit(int(policy.visit_crew)) + hours.arms
    people: dict[str, int] = {}
    for person in world.people.values():
        if person.opening:
            people[person.offender.team] = people.get(person.offender.team, 0) + 1
    return {t: policy.inflow_per_year / MONTHS_A_YEAR * n * each for t, n in people.items()}


def agreed_hours(world: World, team: str) -> list[float]:
    """Overtime hours agreed for a team by month, as hours before the policy's share of overtime."""
    hours = [0.0] * (LAST + 1)
    for one in world.register.agreed:
        month = world.months.number(one.month)
        if one.team == team and 1 <= month <= LAST:
            hours[month] += one.hours / (1 + world.policy.hours_overtime)
    return hours


def _held_back(full: dict[str, list[float]], world: World) -> dict[str, list[float]]:
    hold_back = team_hold_back(world)
    left: dict[str, list[float]] = {}
    for team, ids in world.teams.items():
        totals = [sum(full[s][m] for s in ids) for m in range(LAST + 1)]
        held = hold_back.get(team, 0.0)
        extra = agreed_hours(world, team)
        keep = [
            (max(0.0, total - held) + more) / total if total > 0 else 0.0
            for total, more in zip(totals, extra, strict=True)
        ]
        left.update({s: [h * k for h, k in zip(full[s], keep, strict=True)] for s in ids})
    return left
