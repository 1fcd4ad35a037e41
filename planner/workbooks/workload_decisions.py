"""The workload workbook's sheet to fill in: one row for each decision that the plan proposes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_col_to_name, xl_range_abs

from planner.domain.decision import DecisionKind, EditField
from planner.review.edited import EDITED_BY, KEY
from planner.tables.decisions import NEAR_MONTHS
from planner.workbooks.edit_checks import Bounds, add_edit_check
from planner.workbooks.edit_columns import CLEAR, DECISIONS, edit_column
from planner.workbooks.fields import Fields, columns_of, number_of, values_of
from planner.workbooks.sheet import Column, Sheet, paint_where, paint_words
from planner.workbooks.theme import LATE, NOT_FOR_THIS_ROW, PLUM, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planner.workbooks.sheet import Book, Placed, Value
    from planner.workbooks.workload_content import Shown, WorkloadContent

LISTS = "Lists"

_PROPOSED: Fields = (
    ("decision_ref", Column(KEY, width=24)),
    ("ref", Column("Offender ref", width=14)),
    ("level", Column("Risk level", width=11)),
    ("kind", Column("Kind", width=9)),
    ("month", Column("Month", Kind.MONTH, 11)),
    ("som", Column("SOM", width=11)),
    ("previous_som", Column("Previous SOM", width=11)),
    ("supervisor", Column("Supervisor", width=13)),
    ("what", Column("What is proposed", width=31)),
    ("reason", Column("Reason", width=19)),
    ("due", Column("Due", Kind.DATE, 12)),
    ("months_late", Column("Months late", Kind.WHOLE, 10)),
    ("hours", Column("Hours", Kind.NUMBER, 9)),
)

_EDITED_BY = Column(EDITED_BY, width=18, editable=True)

_ONLY_FOR = {
    EditField.ACCEPT: (DecisionKind.MOVE,),
    EditField.LOCK_MONTH: (DecisionKind.VISIT, DecisionKind.ARMS),
    EditField.DONE_ON: (DecisionKind.VISIT, DecisionKind.ARMS),
    EditField.RESULT: (DecisionKind.VISIT, DecisionKind.ARMS),
    EditField.VISIT_TYPE: (DecisionKind.VISIT,),
    EditField.NOT_POSSIBLE: (DecisionKind.VISIT, DecisionKind.ARMS),
    EditField.HOURS_TAKEN: (DecisionKind.VISIT, DecisionKind.ARMS),
}
"""The kinds of decision that a field speaks of, where not of all."""


def add_decisions(book: Book, content: WorkloadContent) -> None:
    """One row a decision, with the columns to fill in, and the sheet that their lists come from."""
    rows = content.decisions
    last = content.report.outcome.situation.horizon.start(NEAR_MONTHS)
    values: list[Sequence[Value]] = [
        (*row, *shown_again(content.shown, decision.decision_ref, EditField), None)
        for row, decision in zip(values_of(_PROPOSED, rows), rows, strict=True)
    ]
    again = sum(ref in {row.decision_ref for row in rows} for ref, _ in content.shown)
    placed = book.add_table(
        Sheet(
            name=DECISIONS,
            title="Decisions: what the plan proposes, and what you say to it",
            notes=(
                f"{len(rows):,} rows: every move, and the visits and ARMS of "
                f"{content.stamp.first_month:%B %Y} to {last:%B %Y} ({NEAR_MONTHS} months). Sort "
                "and filter as you like. Hours are those of the officer who does the duty.",
                "Fill in the yellow columns only. Blank says nothing: what the plan proposes is "
                f"kept. {CLEAR} takes back what was accepted. Grey: not for this row.",
                *again_lines(again),
            ),
            columns=[*columns_of(_PROPOSED), *(edit_column(f) for f in EditField), _EDITED_BY],
            rows=values,
            tab_colour=PLUM,
        )
    )
    paint_words(book, placed, number_of(_PROPOSED, "reason"), "Overdue", LATE)
    bounds = _bounds(book, content)
    for column, field in enumerate(EditField, start=len(_PROPOSED)):
        add_edit_check(placed, column, field, bounds)
        _grey_out(book, placed, column, field)
    _explain_edited_by(placed, len(_PROPOSED) + len(EditField))


def shown_again(shown: Shown, ref: str, fields: Iterable[EditField]) -> tuple[Value, ...]:
    """What a row's editable cells show of what was accepted before; else they are blank."""
    found = (shown.get((ref, field)) for field in fields)
    return tuple(decision.shown_value if decision else None for decision in found)


def again_lines(number: int) -> tuple[str, ...]:
    """Says that cells are filled in already, where any are."""
    if not number:
        return ()
    noun = "cell shows" if number == 1 else "cells show"
    return (f"{number:,} yellow {noun} what was accepted before and holds in this plan.",)


def _grey_out(book: Book, placed: Placed, column: int, field: EditField) -> None:
    """A cell that does not apply to its row's kind; the rule goes with the row when sorted."""
    if field not in _ONLY_FOR:
        return
    kind = f"${xl_col_to_name(number_of(_PROPOSED, 'kind'))}{placed.first_row + 1}"
    tests = ",".join(f'{kind}<>"{allowed.value}"' for allowed in _ONLY_FOR[field])
    paint_where(book, placed, column, f'=AND({kind}<>"",{tests})', NOT_FOR_THIS_ROW)


def _explain_edited_by(placed: Placed, column: int) -> None:
    placed.sheet.data_validation(
        placed.first_row,
        column,
        placed.last_row,
        column,
        {
            "validate": "any",
            "input_title": "Edited by",
            "input_message": "Who says so, once a row. Blank: Your name on About this workbook.",
        },
    )


def _bounds(book: Book, content: WorkloadContent) -> Bounds:
    """The lists on their own sheet, where everybody can see them."""
    horizon = content.report.outcome.situation.horizon
    officers: list[Value] = [*sorted(content.officers), CLEAR]
    months: list[Value] = [*(horizon.start(m) for m in horizon.months), CLEAR]
    size = max(len(officers), len(months))
    placed = book.add_table(
        Sheet(
            name=LISTS,
            title="Lists: what the drop-downs on Decisions offer",
            notes=("Nothing to fill in here.",),
            columns=(Column("Staff ID", width=18), Column("Month", Kind.MONTH, 14)),
            rows=list(zip(_padded(officers, size), _padded(months, size), strict=True)),
        )
    )

    def where(column: int, values: Sequence[Value]) -> str:
        last = placed.first_row + len(values) - 1
        return f"={LISTS}!{xl_range_abs(placed.first_row, column, last, column)}"

    return Bounds(
        first_day=content.stamp.as_at,
        last_day=horizon.end(NEAR_MONTHS + 1),
        officers=where(0, officers),
        months=where(1, months),
    )


def _padded(values: list[Value], size: int) -> list[Value]:
    return values + [None] * (size - len(values))
