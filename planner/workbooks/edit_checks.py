"""What Excel offers and checks in the cells that people fill in. All of it is checked again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_rowcol_to_cell

from planner.domain.decision import EditField
from planner.domain.terms import VisitType
from planner.workbooks.edit_columns import CLEAR

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from planner.workbooks.sheet import Placed

ACCEPT = ("Accept", "Refuse")
RESULTS = ("Seen", "Nobody in", "Refused")
MOST_HOURS = 100

Check = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The first and last day on which something may have been done.

    ``officers`` and ``months`` are where the lists of staff IDs and months stand, as
    ``=Lists!$A$6:$A$20``; "" where the sheet does not ask for them.
    """

    first_day: date
    last_day: date
    officers: str = ""
    months: str = ""


_MESSAGES: Mapping[EditField, str] = {
    EditField.ACCEPT: "Moves only. Accept: the case changes hands. Refuse: it stays where it is.",
    EditField.SOM: "Staff ID of the officer who should hold this case instead. From the list, or "
    "type another officer's.",
    EditField.LOCK_MONTH: "Visits and ARMS only. The month in which the duty is to be done "
    "instead.",
    EditField.DONE_ON: "Visits and ARMS only. The day of the visit or ARMS, as 05/12/2026.",
    EditField.RESULT: "Visits and ARMS only. Seen: the visit succeeded, or the ARMS is "
    "done. Nobody in or Refused: a failed attempt.",
    EditField.VISIT_TYPE: "Visits only. What it really was, where it is not what was planned.",
    EditField.NOT_POSSIBLE: "Visits and ARMS only. Why it cannot be done in this month; it will be "
    "planned for another.",
    EditField.NOTE: "Anything that should be known. No names or addresses.",
    EditField.HOURS_TAKEN: "Visits and ARMS only. Hours of the officer who did it, writing up "
    f"included: 0 to {MOST_HOURS}.",
}


def add_edit_check(placed: Placed, column: int, field: EditField, bounds: Bounds) -> None:
    """The drop-down, the check and the message of an editable column, down to its last row."""
    cell = xl_rowcol_to_cell(placed.first_row, column)
    check = {
        **_check(field, cell, bounds),
        "input_title": field.value,
        "input_message": f"{_MESSAGES[field]} {CLEAR}: take back what was accepted.",
        "error_title": field.value,
    }
    placed.sheet.data_validation(placed.first_row, column, placed.last_row, column, check)


def _check(field: EditField, cell: str, bounds: Bounds) -> Check:
    if field is EditField.ACCEPT:
        return _list(*ACCEPT)
    if field is EditField.RESULT:
        return _list(*RESULTS)
    if field is EditField.VISIT_TYPE:
        return _list(*(kind.value for kind in VisitType))
    if field is EditField.SOM:
        return {
            "validate": "list",
            "source": bounds.officers,
            "error_type": "warning",
            "error_message": "This Staff ID is not on the list. Is it a Staff ID of the unit?",
        }
    if field is EditField.LOCK_MONTH:
        return {
            "validate": "list",
            "source": bounds.months,
            "error_message": f"Choose a month of the plan, or write {CLEAR}.",
        }
    if field is EditField.DONE_ON:
        return _dates(cell, bounds)
    if field is EditField.HOURS_TAKEN:
        return _custom(
            cell,
            f"AND({cell}>=0,{cell}<={MOST_HOURS})",
            f"Hours from 0 to {MOST_HOURS}, as 2.5, or {CLEAR}.",
        )
    return {"validate": "any"}


def _list(*choices: str) -> Check:
    offered = [*choices, CLEAR]
    return {
        "validate": "list",
        "source": offered,
        "error_message": f"Choose one of: {', '.join(offered)}.",
    }


def _dates(cell: str, bounds: Bounds) -> Check:
    """A real date between the bounds; Excel's own date check would not let Clear through."""
    first, last = bounds.first_day, bounds.last_day
    within = f"AND({cell}>={_as_formula(first)},{cell}<{_as_formula(last)}+1)"
    told = f"A date from {first:%d/%m/%Y} to {last:%d/%m/%Y}, day first, or {CLEAR}."
    return _custom(cell, within, told)


def _custom(cell: str, test: str, told: str) -> Check:
    """A number that passes a test, or the word Clear."""
    formula = f'=IF(ISNUMBER({cell}),{test},UPPER({cell})="{CLEAR.upper()}")'
    return {"validate": "custom", "value": formula, "error_message": told}


def _as_formula(day: date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"
