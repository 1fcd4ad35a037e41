"""How much work each team can do, roughly: the people are shared out between the teams by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.policy import Policy
from planner.domain.terms import Role
from planner.sample.dates import months_on, weekdays

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from planner.domain.months import Horizon
    from planner.domain.register import Absence, Officer

DECIDING_MONTHS = range(7, 19)
"""An ARMS done in months 1 to 6 falls due again by month 18; so whether a team is clear then
depends on its hours in these twelve months."""


def team_strength(
    officers: Sequence[Officer], absences: Sequence[Absence], horizon: Horizon
) -> dict[str, float]:
    """Relative hours of each team in the deciding months, by the contract's sums but for bank
    holidays, which all share, and overlaps of absences, which the sample has few of.
    """
    away: dict[str, list[Absence]] = {}
    for absence in absences:
        away.setdefault(absence.staff_id, []).append(absence)
    strength: dict[str, float] = {}
    for officer in officers:
        listed = away.get(officer.staff_id, [])
        hours = sum(_hours(officer, listed, horizon, month) for month in DECIDING_MONTHS)
        strength[officer.team] = strength.get(officer.team, 0.0) + hours
    return dict(sorted(strength.items()))


def _hours(officer: Officer, absences: Sequence[Absence], horizon: Horizon, month: int) -> float:
    policy = Policy()
    first, last = horizon.start(month), horizon.end(month)
    begun = max(first, officer.start or first)
    days = weekdays(begun, min(last, officer.end or last))
    if days == 0:
        return 0.0
    leave = other = 0.0
    for absence in absences:
        gone = weekdays(max(begun, absence.first), min(last, absence.last)) * absence.share
        if absence.is_annual_leave:
            leave += gone
        else:
            other += gone
    usual = policy.hours_leave_days / 12 * days / weekdays(first, last)
    day = policy.hours_day_staff if officer.role is Role.STAFF else policy.hours_day_officer
    present = max(0.0, days - max(usual, leave) - other)
    return present * day * officer.fte * _ramp(officer, policy, first)


def _ramp(officer: Officer, policy: Policy, month: date) -> float:
    if officer.start is None:
        return 1.0
    begun = officer.start.replace(day=1)
    learning = int(policy.hours_ramp_first_months)
    if month < months_on(begun, learning):
        return policy.hours_ramp_first_share
    settling = learning + int(policy.hours_ramp_second_months)
    return policy.hours_ramp_second_share if month < months_on(begun, settling) else 1.0
