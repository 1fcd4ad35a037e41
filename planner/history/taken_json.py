"""What a plan took over from the one before, as JSON."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from planner.domain.decision import DecisionKind, EditField
from planner.domain.taken import TakenDecision
from planner.history.told_values import value_of, value_told

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLAIN = ("run_id", "decision_ref", "ref", "by", "workbook", "shown_ref")


def taken_told(decision: TakenDecision) -> dict[str, Any]:
    """One decision."""
    shown = decision.shown_field
    return {
        **{name: getattr(decision, name) for name in _PLAIN},
        "kind": decision.kind.value,
        "field": decision.field.value,
        "month": decision.month,
        "value": value_told(decision.value),
        "shown_field": None if shown is None else shown.value,
        "shown_value": value_told(decision.shown_value),
    }


def taken_decision(told: Mapping[str, Any]) -> TakenDecision:
    """Back from ``taken_told``. Raises ``ValueError``, ``KeyError`` or ``TypeError``."""
    shown = told["shown_field"]
    return TakenDecision(
        **{name: str(told[name]) for name in _PLAIN},
        kind=DecisionKind(told["kind"]),
        field=EditField(told["field"]),
        month=date.fromisoformat(told["month"]),
        value=value_of(told["value"]),
        shown_field=None if shown is None else EditField(shown),
        shown_value=value_of(told["shown_value"]),
    )
