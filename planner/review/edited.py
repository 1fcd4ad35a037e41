"""A workbook that came back from people, as cells that know where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.decision import EditField

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from planner.domain.finding import Finding

KEY = "Decision ref"
ENDING = " (you can edit)"
EDITED_BY = f"Edited by{ENDING}"

MACHINE_OWNED = (
    "Offender ref",
    "Risk level",
    "Kind",
    "Month",
    "SOM",
    "Previous SOM",
    "Supervisor",
    "What is proposed",
    "Reason",
    "Due",
    "Months late",
    "Hours",
)
"""Columns of Decisions that say what was planned; an edit there changes nothing and is told."""

OFFICERS_OWN = frozenset(
    {"Offender ref", "Risk level", "SOM", "What is proposed", "Reason", "Due", "Hours"}
)
"""Those of them that an officer's sheet Month has too; any other there is the officer's own."""


def header(field: EditField) -> str:
    """The column's header in the workbook."""
    return f"{field.value}{ENDING}"


FIELD_OF = {header(field): field for field in EditField}
"""What each editable column says, by its header."""

FIELDS_OF_SUPERVISORS = (EditField.ACCEPT, EditField.SOM, EditField.LOCK_MONTH)
"""What an officer's sheet has no column for."""

_SUPERVISORS = frozenset(map(header, FIELDS_OF_SUPERVISORS))


@dataclass(frozen=True, slots=True)
class Unusable:
    """A cell without a usable value: the error it shows, or "" for a formula never worked out."""

    text: str


@dataclass(frozen=True, slots=True)
class EditedCell:
    """``value`` is None where the cell is blank; ``cell`` is its address, as N7."""

    value: str | float | bool | date | Unusable | None
    cell: str


@dataclass(frozen=True, slots=True)
class EditedRow:
    """One row that has a key. ``cells`` holds every known column that the sheet has, by header."""

    sheet: str
    row: int
    decision_ref: str
    cells: Mapping[str, EditedCell]

    @property
    def is_of_officer(self) -> bool:
        """Whether it stands on an officer's sheet, by the columns that the sheet has."""
        return not _SUPERVISORS & self.cells.keys()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFigure:
    """A figure beside the columns to fill in that no longer says what the planner wrote.

    ``cell`` is sheet and address; ``row`` names its row, as a reference or a month and a SOM.
    """

    cell: str
    row: str
    column: str
    said: str
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedBook:
    """``name`` is the file's; ``run_id`` the plan it was written for; ``your_name`` who filled it.

    ``made_for`` is Unit, or the supervisor or officer for whom it was written. ``figures`` are
    those changed in columns that ``rows`` do not hold.
    """

    name: str
    run_id: str
    made_for: str
    your_name: str
    rows: tuple[EditedRow, ...]
    figures: tuple[ChangedFigure, ...] = ()
    warnings: tuple[Finding, ...] = ()

    @property
    def is_of_officer(self) -> bool:
        """Whether it is an officer's own."""
        return any(row.is_of_officer for row in self.rows)
