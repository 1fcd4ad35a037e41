"""What supervisors find in their workbooks and what they type there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from planner.domain.decision import DecisionKind, EditField
from planner.review.edited import header
from planner.workbooks.edit_columns import CLEAR, DECISIONS
from tests.loop_build import table_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Value = str | float | date | None
EMPTY = ""
"""What an entry says that empties its cell again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the sheet Decisions as a person sees it; ``filled`` are its cells that say
    something already, by field.
    """

    decision_ref: str
    ref: str
    kind: DecisionKind
    month: date
    som: str
    previous_som: str | None
    supervisor: str
    filled: Mapping[EditField, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One cell that somebody types into; ``value`` None is Clear."""

    row: Row
    field: EditField
    value: Value

    @property
    def key(self) -> tuple[str, EditField]:
        return self.row.decision_ref, self.field

    @property
    def typed(self) -> str:
        """As it is typed: a date day first, a number with a point."""
        if self.value is None:
            return CLEAR
        if isinstance(self.value, date):
            return f"{self.value:%d/%m/%Y}"
        return f"{self.value:g}" if isinstance(self.value, float) else self.value


def rows_of(path: Path) -> tuple[Row, ...]:
    """The rows of a workbook's Decisions sheet."""
    found = []
    for cells in table_of(load_workbook(path), DECISIONS):
        filled = {f: _plain(cells[header(f)]) for f in EditField if cells[header(f)] is not None}
        month = _plain(cells["Month"])
        assert isinstance(month, date)
        found.append(
            Row(
                decision_ref=str(cells["Decision ref"]),
                ref=str(cells["Offender ref"]),
                kind=DecisionKind(str(cells["Kind"])),
                month=month,
                som=str(cells["SOM"]),
                previous_som=None if cells["Previous SOM"] is None else str(cells["Previous SOM"]),
                supervisor=str(cells["Supervisor"] or ""),
                filled=filled,
            )
        )
    return tuple(found)


def _plain(value: object) -> Value:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, str | float | date) or value is None else float(str(value))
