"""The explanation for programs. Months are their first day, as ISO dates; costs are points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.commands.explain_text import warnings_of
from planner.commands.explain_words import bar_text

if TYPE_CHECKING:
    from planner.commands.explain import Answer
    from planner.domain.months import Horizon
    from planner.explain.announced import TypeReasons
    from planner.explain.bars import Bar
    from planner.explain.case_cost import CaseCost
    from planner.explain.duties import DutyReason, EarlierMonth
    from planner.explain.explanation import Explanation
    from planner.explain.soms import Candidate, Choice

SCHEMA_VERSION = 1


def explanation_json(answer: Answer) -> dict[str, Any]:
    """Everything that the text tells, and no more people than it."""
    found = answer.explanation
    person, horizon = found.offender, found.horizon
    return {
        "schema_version": SCHEMA_VERSION,
        "ref": person.ref,
        "risk_level": person.level.label,
        "status": person.status.value,
        "management": person.management.value,
        "team": person.team,
        "first_month": _month(horizon, 1),
        "last_month": _month(horizon, horizon.length),
        "same_register": answer.same_register,
        "warnings": warnings_of(answer),
        "som": _som(found),
        "duties": [_duty(reason, horizon) for reason in found.duties],
        "not_planned": [
            {"duty": row.duty, "due": row.due, "reason": row.reason} for row in found.not_planned
        ],
        "visit_types": _types(found.visit_types, horizon),
    }


def _month(horizon: Horizon, month: int | None) -> str | None:
    return None if month is None else horizon.start(month).isoformat()


def _months(horizon: Horizon, months: tuple[int, ...]) -> list[str | None]:
    return [_month(horizon, m) for m in months]


def _som(found: Explanation) -> dict[str, Any]:
    return {
        "today": found.today,
        "allocation": [
            {
                "from": row.month,
                "som": row.som,
                "previous_som": row.previous_som,
                "reason": row.reason,
            }
            for row in found.allocation
        ],
        "planned": _choice(found.planned, found.horizon),
        "candidates": [_candidate(c, found.horizon) for c in found.candidates],
        "changes_counted": found.moves,
        "changes_allowed": found.moves_allowed,
        "all_ways_tried": found.routes_complete,
    }


def _candidate(candidate: Candidate, horizon: Horizon) -> dict[str, Any]:
    choice = candidate.choice
    return {
        "staff_id": candidate.staff_id,
        "in_plan": candidate.in_plan,
        "today": candidate.today,
        "eligible": choice is not None,
        "bars": [bar_json(bar, horizon) for bar in candidate.bars],
        "costs_more": candidate.change,
        "hours_moved": candidate.hours_moved,
        "choice": None if choice is None else _choice(choice, horizon),
    }


def bar_json(bar: Bar, horizon: Horizon) -> dict[str, Any]:
    return {
        "rule": bar.kind.rule.value,
        "kind": bar.kind.value,
        "names": list(bar.names),
        "months": _months(horizon, bar.months),
        "number": bar.number,
        "text": bar_text(bar, horizon),
    }


def _choice(choice: Choice, horizon: Horizon) -> dict[str, Any]:
    return {
        "holders": [
            {"from": _month(horizon, h.month), "staff_id": h.staff_id} for h in choice.holders
        ],
        "visits": _months(horizon, choice.visits),
        "arms": _months(horizon, choice.arms),
        "cost": case_cost_json(choice.cost),
        "hours": choice.hours,
    }


def case_cost_json(cost: CaseCost) -> dict[str, float]:
    """By the contract's parts; ``spread`` is about."""
    return {
        "exposure": cost.lateness.exposure,
        "protected": cost.lateness.protected,
        "uncleared": cost.lateness.uncleared,
        "moves": cost.moves,
        "mix": cost.mix,
        "spread": cost.spread,
        "total": cost.total,
    }


def _duty(reason: DutyReason, horizon: Horizon) -> dict[str, Any]:
    return {
        "duty": reason.duty.value,
        "due": reason.due,
        "earliest": _month(horizon, reason.earliest),
        "month": _month(horizon, reason.month),
        "done_by": reason.done_by,
        "months_late": reason.months_late,
        "cost": reason.cost.total,
        "locked": reason.locked,
        "faults": [fault.value for fault in reason.faults],
        "earlier_months": [_earlier(e, horizon) for e in reason.earlier],
    }


def _earlier(e: EarlierMonth, horizon: Horizon) -> dict[str, Any]:
    way = e.giving_way
    return {
        "month": _month(horizon, e.month),
        "room": e.room.value,
        "by": e.by,
        "hours_needed": e.hours_needed,
        "officer_hours_left": e.officer_left,
        "team_hours_left": e.team_left,
        "price_of_an_hour": e.price,
        "saves": e.saves,
        "adds": e.adds,
        "net": e.net,
        "giving_way": None
        if way is None
        else {
            "ref": way.ref,
            "duty": way.duty.value,
            "by": way.by,
            "months": _months(horizon, way.months),
            "instead": _months(horizon, way.instead),
            "cost": way.cost,
        },
    }


def _types(types: TypeReasons, horizon: Horizon) -> dict[str, Any]:
    return {
        "last_type": types.last_type,
        "unannounced_share": types.share,
        "level_visits": types.visits,
        "level_announced": types.announced,
        "level_announced_allowed": types.allowed,
        "visits": [
            {
                "month": _month(horizon, v.month),
                "type": v.visit_type.value,
                "reason": v.reason.value,
                "may_change": v.may_change,
            }
            for v in types.of_case
        ],
    }
