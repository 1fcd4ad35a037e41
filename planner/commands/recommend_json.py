"""The recommendation for programs. Months are their first day, as ISO dates; costs are points."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from planner.commands.explain_json import bar_json, case_cost_json
from planner.commands.recommend_words import warnings_of
from planner.domain.terms import Duty

if TYPE_CHECKING:
    from planner.commands.recommend import Advice
    from planner.domain.months import Horizon
    from planner.recommend.full_months import MonthTaken
    from planner.recommend.loads import Load
    from planner.recommend.recommendation import FirstDuty, Option, Recommendation, Takeover

SCHEMA_VERSION = 1


def recommendation_json(advice: Advice) -> dict[str, Any]:
    """Everything that the text tells, and every officer's months."""
    found = advice.recommendation
    horizon = found.horizon
    return {
        "schema_version": SCHEMA_VERSION,
        "case": _case(found),
        "month": _month(horizon, found.month),
        "first_month": _month(horizon, 1),
        "last_month": _month(horizon, horizon.length),
        "same_register": advice.same_register,
        "warnings": warnings_of(advice),
        "norm": found.norm,
        "held_back_hours": found.held_back,
        "changes_counted": found.moves,
        "changes_allowed": found.moves_allowed,
        "present": None if found.present is None else _option(found.present, None, horizon),
        "ranked": [_option(o, n, horizon) for n, o in enumerate(found.ranked, start=1)],
        "barred": [_option(o, None, horizon) for o in found.barred],
    }


def _case(found: Recommendation) -> dict[str, Any]:
    person = found.offender
    return {
        "new": found.is_new,
        "ref": None if found.is_new else person.ref,
        "risk_level": person.level.label,
        "status": person.status.value,
        "management": person.management.value,
        "team": person.team,
        "needs": sorted(person.needs),
        "not_with": sorted(person.not_with),
        "crew": person.crew,
        "visit_interval": person.visit_interval,
        "arms_applicable": person.arms_applicable,
        "registered_from": person.registered_from,
        "visit_due": found.due.get(Duty.VISIT),
        "arms_due": found.due.get(Duty.ARMS),
    }


def _month(horizon: Horizon, month: int | None) -> str | None:
    return None if month is None else horizon.start(month).isoformat()


def _option(option: Option, rank: int | None, horizon: Horizon) -> dict[str, Any]:
    return {
        "rank": rank,
        "staff_id": option.staff_id,
        "team": option.team,
        "eligible": option.takeover is not None,
        "in_plan": option.in_plan,
        "trained_for_arms": option.trained,
        "load": _load(option.load),
        "bars": [{**bar_json(bar, horizon), "held": bar.held} for bar in option.bars],
        "takeover": None if option.takeover is None else _takeover(option.takeover, horizon),
    }


def _load(load: Load) -> dict[str, Any]:
    ratio = load.community_per_100_hours
    return {
        "caseload": load.caseload,
        "over_norm": load.over_norm,
        "community_caseload": load.community,
        "cap": load.cap,
        "very_high_and_high": load.risky,
        "fair_share": load.fair_share,
        "capacity_hours": load.capacity,
        "community_per_100_hours": None if math.isinf(ratio) else ratio,
    }


def _takeover(takeover: Takeover, horizon: Horizon) -> dict[str, Any]:
    return {
        "holders": [
            {"from": _month(horizon, h.month), "staff_id": h.staff_id} for h in takeover.holders
        ],
        "nobody_from": _month(horizon, takeover.nobody_from),
        "cost": {**case_cost_json(takeover.cost), "displaced": takeover.cost.displaced},
        "hours": takeover.hours,
        "hours_displaced": takeover.displaced,
        "visits": [_month(horizon, m) for m in takeover.visits],
        "arms": [_month(horizon, m) for m in takeover.arms],
        "next_visit": _first(takeover.first.get(Duty.VISIT), horizon),
        "next_arms": _first(takeover.first.get(Duty.ARMS), horizon),
        "months": [_taken(m, horizon) for m in takeover.months],
    }


def _first(first: FirstDuty | None, horizon: Horizon) -> dict[str, Any] | None:
    if first is None:
        return None
    return {
        "due": first.due,
        "month": _month(horizon, first.month),
        "months_late": first.months_late,
    }


def _taken(taken: MonthTaken, horizon: Horizon) -> dict[str, Any]:
    return {
        "month": _month(horizon, taken.month),
        "visit": taken.visit,
        "arms_by": taken.arms_by,
        "hours_needed": taken.needed,
        "officer_hours_needed": taken.own,
        "officer_hours_left": taken.officer_left,
        "team_hours_left": taken.team_left,
        "held_back_hours": taken.held_back,
        "hours_displaced": taken.displaced,
        "price_of_an_hour": taken.price,
        "displaced_cost": taken.points,
        "spread_cost": taken.spread,
        "arms_gives_way": None
        if taken.going is None
        else {
            "ref": taken.going.doing.ref,
            "by": taken.going.doing.by,
            "cost": taken.going.points,
            "hours_freed": taken.freed,
        },
    }
