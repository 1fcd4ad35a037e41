"""What is overdue, falls due and is done, by month and level: the Backlog sheet; and by team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.issued import TeamBacklog
from planner.domain.terms import LEVELS, Duty
from planner.domain.written import BacklogRow

if TYPE_CHECKING:
    from planner.workload.outcome import Outcome


def backlog_rows(outcome: Outcome) -> tuple[BacklogRow, ...]:
    """Four opening rows (month None), then four a month, riskiest level first."""
    opening = tuple(
        BacklogRow(
            month=None,
            level=level.label,
            arms_overdue=outcome.opening[level, Duty.ARMS],
            arms_due=None,
            arms_done=None,
            visits_overdue=outcome.opening[level, Duty.VISIT],
            visits_due=None,
            visits_done=None,
        )
        for level in LEVELS
    )
    return opening + tuple(
        BacklogRow(
            month=outcome.situation.horizon.start(month),
            level=level.label,
            arms_overdue=outcome.overdue[month, level, Duty.ARMS],
            arms_due=outcome.due[month, level, Duty.ARMS],
            arms_done=outcome.done[month, level, Duty.ARMS],
            visits_overdue=outcome.overdue[month, level, Duty.VISIT],
            visits_due=outcome.due[month, level, Duty.VISIT],
            visits_done=outcome.done[month, level, Duty.VISIT],
        )
        for month in outcome.situation.horizon.months
        for level in LEVELS
    )


def team_backlog(outcome: Outcome) -> tuple[TeamBacklog, ...]:
    """ARMS overdue by month, team and level, the as-at date (month None) first; every team."""
    situation = outcome.situation
    people = situation.register.offenders
    teams = sorted({*situation.register.teams, *(person.team for person in people)})
    ends = [(0, None), *((m, situation.horizon.start(m)) for m in situation.horizon.months)]
    return tuple(
        TeamBacklog(
            month=start,
            team=team,
            level=level.label,
            arms_overdue=outcome.arms_overdue_of_team[month, team, level],
        )
        for month, start in ends
        for team in teams
        for level in LEVELS
    )
