"""What to know of an edit that is accepted."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from planner.domain.decision import FAILED, DecisionKind, EditField
from planner.domain.terms import RiskLevel, VisitType
from planner.review.check_duty import announced_beside
from planner.review.wishes import done_month, wanted_month

if TYPE_CHECKING:
    from planner.review.ground import Ground
    from planner.review.wishes import Wishes
    from planner.tables.decisions import DecisionRow


def remark(
    ground: Ground, row: DecisionRow, field: EditField, value: object, wishes: Wishes
) -> str:
    """A sentence or two beside an accepted edit; empty where there is nothing to add."""
    if field is EditField.NOT_POSSIBLE or (field is EditField.RESULT and value in FAILED):
        return _next_try(ground, row, wishes)
    if field is EditField.DONE_ON and isinstance(value, date):
        if value <= ground.situation.register.as_at:
            return "That is before the plan: enter it in the register too."
        if ground.number(value) > ground.month(row):
            return f"Later than planned ({row.month:%b %Y})."
    if field is EditField.VISIT_TYPE and value == VisitType.ANNOUNCED.value:
        return " ".join(part for part in _announced(ground, row, wishes) if part)
    return ""


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
