"""The Run items that the decisions of a plan are dated by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.written import RunItem

if TYPE_CHECKING:
    from planner.workload.outcome import Outcome


def date_items(outcome: Outcome) -> tuple[RunItem, ...]:
    """As-at date and first month."""
    situation = outcome.situation
    return (
        RunItem("As-at date", situation.register.as_at),
        RunItem("First month", situation.horizon.first),
    )
