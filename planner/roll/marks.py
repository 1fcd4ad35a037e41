"""Duties marked as done, or tried in vain, over all runs: the last word on each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from planner.domain.decision import FAILED, DecisionKind, EditField
from planner.domain.terms import Duty
from planner.review.ground import DUTY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.domain.taken import Stated
    from planner.roll.earlier import Earlier, Key, Said
    from planner.tables.decisions import DecisionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A visit or ARMS with a Done on date. ``visit_type`` is what it was, as far as is known."""

    ref: str
    duty: Duty
    done_on: date
    failed: bool
    visit_type: str | None
    by: str


def marks(earlier: Earlier) -> tuple[Mark, ...]:
    """By reference, duty and day. What a later run's workbook says of a duty replaces the rest."""
    last: dict[Key, Said] = {}
    rows: dict[str, DecisionRow] = {}
    types: dict[tuple[str, date], str | None] = {}
    for run in earlier.runs:
        last |= run.said
        rows |= {ref: run.issued.rows[ref] for ref, _ in run.said if ref in run.issued.rows}
        visits = (row for row in run.issued.written.schedule if row.duty == Duty.VISIT.value)
        types |= {(row.ref, row.month): row.visit_type for row in visits}
    found = (
        _mark(rows[ref], last, types)
        for ref, field in last
        if field is EditField.DONE_ON and ref in rows
    )
    made = {mark for mark in found if mark is not None}
    return tuple(sorted(made, key=lambda m: (m.ref, m.duty, m.done_on, m.failed)))


def _mark(
    row: DecisionRow, last: dict[Key, Said], types: dict[tuple[str, date], str | None]
) -> Mark | None:
    def said(field: EditField) -> Stated:
        found = last.get((row.decision_ref, field))
        return found.value if found else None

    day = said(EditField.DONE_ON)
    if not isinstance(day, date) or row.kind not in DUTY:
        return None
    chosen, planned = said(EditField.VISIT_TYPE), types.get((row.ref, row.month))
    return Mark(
        ref=row.ref,
        duty=DUTY[row.kind],
        done_on=day,
        failed=said(EditField.RESULT) in FAILED,
        visit_type=None if row.kind is not DecisionKind.VISIT else str(chosen or planned or ""),
        by=last[row.decision_ref, EditField.DONE_ON].by,
    )


def of_person(found: Iterable[Mark], duty: Duty) -> dict[str, list[Mark]]:
    """Marks of one duty by reference, in order of days."""
    by_ref: dict[str, list[Mark]] = {}
    for mark in found:
        if mark.duty is duty:
            by_ref.setdefault(mark.ref, []).append(mark)
    return by_ref
