"""The Schedule sheet: every visit and ARMS, by month and officer."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from planner.domain.terms import Duty
from planner.domain.written import ScheduleRow

if TYPE_CHECKING:
    from planner.domain.plan import PlannedArms, PlannedVisit
    from planner.workload.outcome import Outcome


def schedule_rows(outcome: Outcome) -> tuple[ScheduleRow, ...]:
    """One row per duty done, by month, SOM, level (riskiest first), reference and duty."""
    level = {o.ref: -o.level for o in outcome.situation.register.offenders}
    visits = [
        ((v.month, v.som, level[v.ref], v.ref, 0), _visit_row(outcome, v))
        for v in outcome.plan.visits
    ]
    arms = [
        ((a.month, a.som, level[a.ref], a.ref, 1), _arms_row(outcome, a)) for a in outcome.plan.arms
    ]
    return tuple(row for _, row in sorted(visits + arms, key=itemgetter(0)))


def _visit_row(outcome: Outcome, visit: PlannedVisit) -> ScheduleRow:
    situation = outcome.situation
    instance = outcome.instance[visit.ref, Duty.VISIT, visit.month]
    return ScheduleRow(
        month=situation.horizon.start(visit.month),
        ref=visit.ref,
        level=instance.chain.level.label,
        som=visit.som,
        duty=Duty.VISIT.value,
        visit_type=visit.visit_type.value,
        crew=visit.crew,
        second=visit.second,
        done_by=visit.som,
        lead_hours=situation.hours.lead,
        second_hours=(visit.crew - 1) * situation.hours.second,
        due=instance.due,
        months_late=instance.months_late,
    )


def _arms_row(outcome: Outcome, arms: PlannedArms) -> ScheduleRow:
    situation = outcome.situation
    instance = outcome.instance[arms.ref, Duty.ARMS, arms.month]
    return ScheduleRow(
        month=situation.horizon.start(arms.month),
        ref=arms.ref,
        level=instance.chain.level.label,
        som=arms.som,
        duty=Duty.ARMS.value,
        visit_type=None,
        crew=None,
        second=None,
        done_by=arms.done_by,
        lead_hours=situation.hours.arms,
        second_hours=0.0,
        due=instance.due,
        months_late=instance.months_late,
    )
