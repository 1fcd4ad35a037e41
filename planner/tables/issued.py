"""A plan as it is issued: its rows, and the register's facts that progress is judged by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.issued import IssuedOfficer, IssuedPerson, IssuedPlan
from planner.domain.policy import SETTINGS
from planner.domain.taken import NOTHING
from planner.tables.backlog import team_backlog

if TYPE_CHECKING:
    from planner.domain.taken import TakenOver
    from planner.domain.written import WrittenPlan
    from planner.workload.outcome import Outcome


def issued_plan_of(
    outcome: Outcome, written: WrittenPlan, taken: TakenOver = NOTHING
) -> IssuedPlan:
    """Everything of a plan that is kept, whatever becomes of its workbook and its register."""
    register = outcome.situation.register
    policy = outcome.situation.policy
    return IssuedPlan(
        as_at=register.as_at,
        first_month=outcome.situation.horizon.first,
        policy={name: policy.value(name) for name in SETTINGS},
        people=tuple(
            IssuedPerson(
                ref=person.ref,
                status=person.status.value,
                level=person.level.label,
                management=person.management.value,
                team=person.team,
                som=person.som,
                last_visit=person.last_visit,
                last_arms=person.last_arms,
                failed_attempts=person.failed_attempts,
            )
            for person in sorted(register.offenders, key=lambda person: person.ref)
        ),
        officers=tuple(
            IssuedOfficer(
                staff_id=officer.staff_id, team=officer.team, supervisor=officer.supervisor
            )
            for officer in sorted(register.officers, key=lambda officer: officer.staff_id)
        ),
        written=replace(written, run=()),
        taken=taken,
        team_backlog=team_backlog(outcome),
    )
