"""The columns that people fill in and the sheets that hold them, said once.

``review`` finds a row by its decision ref and a cell by its header, so columns may be moved and
rows sorted; a header may not be changed.
"""

from __future__ import annotations

from planner.domain.decision import EditField
from planner.review.edited import header
from planner.workbooks.sheet import Column
from planner.workbooks.theme import Kind

SCHEMA_VERSION = 1
"""Of what is read back: sheets, headers, and what goes into the cells."""

DECISIONS = "Decisions"
MONTH = "Month"
ABOUT = "About this workbook"

YOUR_NAME = "Your name"

CLEAR = "Clear"
"""Written into an editable cell: take back what was accepted before."""

_LOOKS: dict[EditField, tuple[Kind, float]] = {
    EditField.ACCEPT: (Kind.TEXT, 13),
    EditField.SOM: (Kind.TEXT, 13),
    EditField.LOCK_MONTH: (Kind.MONTH, 13),
    EditField.DONE_ON: (Kind.DATE, 12),
    EditField.RESULT: (Kind.TEXT, 12),
    EditField.VISIT_TYPE: (Kind.TEXT, 15),
    EditField.NOT_POSSIBLE: (Kind.TEXT, 24),
    EditField.NOTE: (Kind.TEXT, 26),
    EditField.HOURS_TAKEN: (Kind.NUMBER, 12),
}


def edit_column(field: EditField) -> Column:
    """The column in which a field is filled in."""
    kind, width = _LOOKS[field]
    return Column(header(field), kind, width, editable=True)


OFFICER_FIELDS = (
    EditField.DONE_ON,
    EditField.RESULT,
    EditField.VISIT_TYPE,
    EditField.HOURS_TAKEN,
    EditField.NOT_POSSIBLE,
    EditField.NOTE,
)
"""What an officer fills in, in the order of the sheet."""
