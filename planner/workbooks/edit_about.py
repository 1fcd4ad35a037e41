"""The sheet that says which run a workbook is from, for whom, and how to fill it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.workbooks.edit_columns import ABOUT, CLEAR, SCHEMA_VERSION, YOUR_NAME
from planner.workbooks.sheet import Column, Sheet
from planner.workbooks.theme import EDITABLE, LINES, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from planner.workbooks.sheet import Book


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a workbook that comes back is known by. ``made_for``: Unit, a supervisor, an officer."""

    run_id: str
    first_month: date
    as_at: date
    made_for: str

    @property
    def items(self) -> tuple[tuple[str, str | int | date], ...]:
        """As the sheet and the document's custom properties name them."""
        return (
            ("Run", self.run_id),
            ("First month", self.first_month),
            ("As at", self.as_at),
            ("Made for", self.made_for),
            ("Schema version", SCHEMA_VERSION),
        )


_FILLING_IN = (
    (
        "Filling in",
        "Yellow columns, whose header ends in (you can edit), are yours. Blank says nothing. "
        f"{CLEAR} takes back what was accepted before. Grey: does not apply to this row.",
    ),
    (
        "Sorting and filtering",
        "Sort, filter, move and add columns as you like; leave out rows if you must. Keep the "
        "headers and the Decision ref: a row is found again by it.",
    ),
    (
        "Sending it back",
        "Save and give the workbook to whoever runs the planner. planner review first only says "
        "what it found, with the reason for each entry that cannot hold.",
    ),
    (
        "Other columns",
        "What is changed outside the yellow columns is found and said, not used.",
    ),
    (
        "Hidden",
        "Nothing: no sheet, row or column. Nothing is protected either; no macros.",
    ),
    ("Colours", "A colour never stands alone: a word or figure in the same cell says the same."),
)


def add_edit_about(book: Book, stamp: Stamp, meaning: Mapping[str, str]) -> None:
    """The sheet ``About this workbook``, and the same facts as custom document properties.

    ``meaning`` says what each other sheet is for.
    """
    book.set_custom_properties(stamp.items)
    facts = [item for item in stamp.items if item[0] != "Schema version"]
    rows = [*facts, (YOUR_NAME, None), ("Schema version", SCHEMA_VERSION), *_FILLING_IN]
    rows += [("Protective marking", f"{book.marking}. It is on every sheet and printed page.")]
    rows += [(f"Sheet: {name}", text) for name, text in meaning.items()]
    placed = book.add_table(
        Sheet(
            name=ABOUT,
            title=ABOUT,
            columns=(Column("Item", width=28), Column("Value", Kind.PARAGRAPH, 110)),
            rows=rows,
        )
    )
    kinds = {"First month": Kind.MONTH, "As at": Kind.DATE, YOUR_NAME: Kind.TEXT}
    kinds["Schema version"] = Kind.WHOLE
    for row, (item, value) in enumerate(rows, start=placed.first_row):
        if item in kinds:
            tint = EDITABLE if item == YOUR_NAME else {}
            look = {**LINES, **tint, "align": "left", "indent": 1}
            book.write(placed.sheet, row, 1, value, kinds[item], **look)
        if item == YOUR_NAME:
            placed.sheet.data_validation(
                row,
                1,
                row,
                1,
                {
                    "validate": "any",
                    "input_title": YOUR_NAME,
                    "input_message": "Who says what is filled in here, unless Edited by names "
                    "another in the row.",
                },
            )
