"""What a plan proposes that people decide, and what they wrote about it in a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class DecisionKind(StrEnum):
    """What is decided on: a change of SOM, or one duty in one month."""

    MOVE = "Move"
    VISIT = "Visit"
    ARMS = "ARMS"


class EditField(StrEnum):
    """The columns people may fill in; the value is the header without its ending."""

    ACCEPT = "Accept move"
    SOM = "SOM to use instead"
    LOCK_MONTH = "Lock to month"
    DONE_ON = "Done on"
    RESULT = "Result"
    VISIT_TYPE = "Announced or not"
    NOT_POSSIBLE = "Not possible because"
    NOTE = "Note"
    HOURS_TAKEN = "Hours taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedDecision:
    """One thing a plan proposes. ``month`` is the planned month's first day; a move: its From.

    ``previous_som`` is None where the case had none, or where nothing moves.
    """

    decision_ref: str
    ref: str
    kind: DecisionKind
    month: date
    som: str
    previous_som: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What somebody wrote in one cell about one proposed decision of one run.

    ``value`` is text, hours, a date, or None: what was accepted before is taken back. ``by`` says
    who says so, ``workbook`` the file's name, ``cell`` where it stands (``Decisions!M12``).
    """

    run_id: str
    decision_ref: str
    ref: str
    kind: DecisionKind
    month: date
    field: EditField
    value: str | float | date | None
    by: str
    workbook: str
    cell: str


def decision_ref(ref: str, kind: DecisionKind, month: date) -> str:
    """The key of a proposed decision, unique in a run: ``00123/Visit/2026-12``."""
    return f"{ref}/{kind.value}/{month:%Y-%m}"
