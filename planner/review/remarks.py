"""What to know of an edit that is accepted."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from planner.domain.decision import FAILED, DecisionKind, EditField
from planner.domain.terms import RiskLevel, VisitType
from planner.review.check_duty import announced_beside
from planner.review.check_som import untrained
from planner.review.wishes import done_month, wanted_month

if TYPE_CHECKING:
    from planner.review.ground import Ground
    from planner.review.wishes import Wishes
    from planner.tables.decisions import DecisionRow

MOST_NAMED = 4
"""Colleagues of whom the first few are named."""


def remark(
    ground: Ground, row: DecisionRow, field: EditField, value: object, wishes: Wishes
) -> str:
    """A sentence or two beside an accepted edit; empty where there is nothing to add."""
    if field is EditField.NOT_POSSIBLE or (field is EditField.RESULT and value in FAILED):
        return _next_try(ground, row, wishes)
    if field is EditField.DONE_ON and isinstance(value, date):
        return _when_done(ground, row, value)
    if field is EditField.SOM and row.kind is DecisionKind.ARMS and isinstance(value, str):
        return _by_colleague(ground, row, value)
    if field is EditField.VISIT_TYPE and value == VisitType.ANNOUNCED.value:
        return " ".join(part for part in _announced(ground, row, wishes) if part)
    return ""


def _when_done(ground: Ground, row: DecisionRow, day: date) -> str:
    """That a day is not one of the month planned: a fact is taken as it is, and counts as done."""
    as_at = ground.situation.register.as_at
    if day <= as_at:
        return (
            f"On or before {as_at:%d/%m/%Y}, the day of the register, which does not show it: "
            "enter it there too."
        )
    if ground.number(day) > ground.month(row):
        return f"Later than planned ({row.month:%b %Y}); it counts as done in {day:%b %Y}."
    if ground.number(day) < ground.month(row):
        return f"Earlier than planned ({row.month:%b %Y}); it counts as done in {day:%b %Y}."
    return ""


def _by_colleague(ground: Ground, row: DecisionRow, staff_id: str) -> str:
    """Who does an ARMS whose SOM, as named, is not trained."""
    offender, month = ground.offender(row.ref), ground.month(row)
    why = untrained(ground, staff_id, month)
    if offender is None or not why:
        return ""
    able = ground.posts.assessors(offender.team, staff_id, month)
    more = f" and {len(able) - MOST_NAMED} more" if len(able) > MOST_NAMED else ""
    return f"{why}: a trained colleague does it ({', '.join(able[:MOST_NAMED])}{more})."


def _next_try(ground: Ground, row: DecisionRow, wishes: Wishes) -> str:
    """What its cost supposes: the next plan decides."""
    month = wanted_month(ground, row, wishes)
    if done_month(ground, row, wishes) is not None or month not in ground.horizon.months:
        return ""
    return f"The next plan finds it a month; its cost here is as if in {ground.name(month)}."


def _announced(ground: Ground, row: DecisionRow, wishes: Wishes) -> tuple[str, ...]:
    offender = ground.offender(row.ref)
    if offender is None:
        return ()
    beside = announced_beside(ground, row, offender, wishes)
    return (
        f"{beside} That is two in a row, against rule 7." if beside else "",
        _share(ground, offender.level, wishes),
    )


def _share(ground: Ground, level: RiskLevel, wishes: Wishes) -> str:
    """Where fewer of the level's visits would be unannounced than the policy asks."""
    people = ground.situation.register.offender
    kinds: Counter[str] = Counter()
    for visit in ground.plan.visits:
        if people[visit.ref].level is level:
            month = ground.horizon.start(visit.month)
            own = next(
                (
                    r.decision_ref
                    for r in ground.rows[visit.ref]
                    if r.kind is DecisionKind.VISIT and r.month == month
                ),
                "",
            )
            kinds[str(wishes.get((own, EditField.VISIT_TYPE)) or visit.visit_type.value)] += 1
    total, least = kinds.total(), ground.situation.policy.visit_unannounced[level]
    there = kinds[VisitType.UNANNOUNCED.value]
    if not total or there >= least * total - 1e-9:
        return ""
    return (
        f"Then {there} of the plan's {total} {level.label.lower()} visits are unannounced; the "
        f"policy asks for {least:.0%}."
    )
