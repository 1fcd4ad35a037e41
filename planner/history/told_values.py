"""What stands in an editable cell, as JSON that says of what kind it is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def value_told(value: str | float | date | None) -> dict[str, str | float] | None:
    """With its kind: ``{"text": …}``, ``{"number": …}`` or ``{"date": …}``; None stays None."""
    if value is None:
        return None
    if isinstance(value, str):
        return {"text": value}
    if isinstance(value, date):
        return {"date": value.isoformat()[:10]}
    return {"number": float(value)}


def value_of(told: Mapping[str, Any] | None) -> str | float | date | None:
    """Back from ``value_told``. Raises ``ValueError`` or ``TypeError`` where it is none of ours."""
    if told is None:
        return None
    ((kind, value),) = told.items()
    if kind == "date":
        return date.fromisoformat(value)
    return float(value) if kind == "number" else str(value)
