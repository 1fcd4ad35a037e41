"""What a plan proposes one by one, and what people write beside it in their workbooks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class DecisionKind(StrEnum):
    """What is proposed: a change of SOM, or the month of a duty."""

    MOVE = "Move"
    VISIT = "Visit"
    ARMS = "ARMS"


class EditField(StrEnum):
    """An editable column, by its header without the ending; in the order of the sheets."""

    ACCEPT = "Accept move"
    """Accept or Refuse; moves only."""
    SOM = "SOM to use instead"
    """A staff ID; moves and duties."""
    LOCK_MONTH = "Lock to month"
    """The first day of a month; visits and ARMS."""
    DONE_ON = "Done on"
    """A date; visits and ARMS."""
    RESULT = "Result"
    """Seen, Nobody in or Refused; visits and ARMS. An ARMS that is Seen is done."""
    VISIT_TYPE = "Announced or not"
    """Announced or Unannounced; visits."""
    NOT_POSSIBLE = "Not possible because"
    """Text; visits and ARMS: not to be planned in that month."""
    NOTE = "Note"
    """Text."""
    HOURS_TAKEN = "Hours taken"
    """A number; visits and ARMS."""


SEEN, NOBODY_IN, REFUSED = "Seen", "Nobody in", "Refused"
"""What the column Result may say."""
FAILED = frozenset({NOBODY_IN, REFUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedDecision:
    """One decision that a plan proposes; ``month`` is the planned one, a move's its From month."""

    decision_ref: str
    ref: str
    kind: DecisionKind
    month: date
    som: str
    previous_som: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What somebody wrote in one editable cell.

    ``value`` None: what was accepted before is taken back. ``by`` is who says so, ``workbook`` the
    file's bare name and ``cell`` where it stands, as ``Decisions!L12``.
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
    """What names a decision within a run: ``WS-00001/Visit/2026-12``."""
    return f"{ref}/{kind.value}/{month:%Y-%m}"


def done_on(said: Mapping[EditField, object]) -> date | None:
    """The day a duty was done, by what is said of it; None where it was not, or nobody said."""
    day = said.get(EditField.DONE_ON)
    return day if isinstance(day, date) and said.get(EditField.RESULT) not in FAILED else None
