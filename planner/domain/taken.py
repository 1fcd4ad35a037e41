"""What a plan takes over from the one before: what people said to it, and duties marked as done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from planner.domain.decision import EditField

if TYPE_CHECKING:
    from planner.domain.decision import DecisionKind

Stated = str | float | date | None

WISHES = (EditField.SOM, EditField.LOCK_MONTH, EditField.NOT_POSSIBLE, EditField.VISIT_TYPE)
"""What binds the next plan; other fields are only shown again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenDecision:
    """Something people said to an earlier plan that the plan was made with, or shows again.

    ``run_id`` and ``decision_ref`` name where it was said. ``field`` is one of ``WISHES``, or a
    mark, a note or hours that are shown again only. ``month`` is the first day of the month that it
    is about: from when the SOM named holds the case, the month locked or barred, that of the visit
    whose type was chosen. ``value`` is the Staff ID, the month, the reason or the type.

    ``shown_ref``, ``shown_field`` and ``shown_value`` are the editable cell of this plan's
    workbooks in which it stands; blank where no row of them is about it.
    """

    run_id: str
    decision_ref: str
    ref: str
    kind: DecisionKind
    field: EditField
    month: date
    value: Stated
    by: str
    workbook: str
    shown_ref: str = ""
    shown_field: EditField | None = None
    shown_value: Stated = None

    @property
    def binds(self) -> bool:
        """Whether the plan was to keep it."""
        return self.field in WISHES

    @property
    def shown_key(self) -> tuple[str, EditField] | None:
        """The cell in which it stands."""
        return (self.shown_ref, self.shown_field) if self.shown_field else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedDuty:
    """A duty marked as done that counts although the register does not show it.

    ``done_on`` is None where only attempts that failed count; ``failed_attempts`` None for an ARMS.
    ``duty`` and ``visit_type`` are spelt as in the register.
    """

    ref: str
    duty: str
    done_on: date | None
    visit_type: str | None = None
    failed_attempts: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """Everything that a plan was made with beside its register."""

    decisions: tuple[TakenDecision, ...] = ()
    counted: tuple[CountedDuty, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.decisions and not self.counted

    @property
    def shown(self) -> dict[tuple[str, EditField], TakenDecision]:
        """The decisions that stand in editable cells, by decision ref and field."""
        return {key: decision for decision in self.decisions if (key := decision.shown_key)}


NOTHING = TakenOver()
