"""Plans as issued and workbooks that came back, said briefly."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from planner.domain.decision import DecisionKind, EditField, decision_ref
from planner.review.edited import EDITED_BY, EditedBook, EditedCell, EditedRow, header
from planner.review.ground import Ground
from planner.review.issued import Accepted, Issued, Key, issued, stated
from planner.review.review import review
from planner.review.statements import Sources
from planner.tables.issued import issued_plan_of
from planner.tables.written import written_plan
from planner.workload.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planner.domain.plan import Plan
    from planner.review.answers import Review, ReviewedEdit
    from planner.workload.situation import Situation

RUN = "2026-02-0123abcd"
TODAY = date(2026, 2, 20)
"""In month 1 of ``tests.build.AS_AT``."""

Said = dict[Key, Any]


def given(situation: Situation, plan: Plan, run_id: str = RUN) -> Issued:
    """The plan as issued."""
    outcome = Outcome(situation, plan)
    return issued(run_id, issued_plan_of(outcome, written_plan(outcome, [])))


def key(ref: str, kind: DecisionKind, field: EditField, month: date = date(2026, 2, 1)) -> Key:
    return decision_ref(ref, kind, month), field


def book(
    found: Issued, said: Mapping[Key, Any], name: str = "a.xlsx", by: str = "Ann", **about: Any
) -> EditedBook:
    """A workbook in which only these cells are filled in, everything else as issued."""
    columns = [header(f) for f in EditField]
    rows = []
    for number, (ref, row) in enumerate(sorted(found.rows.items()), start=2):
        cells = {name: EditedCell(value, f"A{number}") for name, value in stated(row).items()}
        for n, (column, field) in enumerate(zip(columns, EditField, strict=True)):
            cells[column] = EditedCell(said.get((ref, field)), f"{chr(ord('N') + n)}{number}")
        cells[EDITED_BY] = EditedCell(None, f"W{number}")
        rows.append(EditedRow("Decisions", number, ref, cells))
    told: dict[str, Any] = {"run_id": found.run_id, "made_for": "Unit", **about}
    return EditedBook(name=name, your_name=by, rows=tuple(rows), **told)


class Desk:
    """A plan as issued, and reviews of what is said to it."""

    def __init__(self, situation: Situation, plan: Plan, today: date = TODAY) -> None:
        self.situation = situation
        self.plan = plan
        self.issued = given(situation, plan)
        self.ground = Ground(situation, self.issued, today)
        self.accepted: dict[Key, Accepted] = {}

    def review(self, *books: EditedBook) -> Review:
        sources = Sources(
            issued=self.issued,
            accepted=self.accepted,
            staff=self.situation.register.officer,
        )
        return review(self.ground, books, sources)

    def say(self, said: Mapping[Key, Any], by: str = "Ann") -> dict[Key, ReviewedEdit]:
        """What becomes of each entry of one workbook."""
        return answers(self.review(book(self.issued, said, by=by)))

    def accept(self, said: Mapping[Key, Any], by: str = "Ann") -> None:
        """As if stored before."""
        for which, value in said.items():
            self.accepted[which] = Accepted(value=value, by=by, workbook="earlier.xlsx", at=when())


def when() -> datetime:
    return datetime(2026, 2, 3, 9, tzinfo=UTC)


def answers(found: Review, number: int = 0) -> dict[Key, ReviewedEdit]:
    fields = {field.value: field for field in EditField}
    return {
        (e.decision_ref, fields[e.column]): e
        for e in found.books[number].edits
        if e.column in fields
    }


# Workbooks as files


def sheet_with_key(path: Path) -> tuple[Any, Any, int, dict[str, int]]:
    """The openpyxl workbook, its sheet to fill in, its header row, and columns by header."""
    found = load_workbook(io.BytesIO(path.read_bytes()))
    for sheet in found.worksheets:
        for cells in sheet.iter_rows(max_row=30):
            names = {str(c.value): c.column for c in cells if c.value is not None}
            if "Decision ref" in names and any("(you can edit)" in n for n in names):
                return found, sheet, int(cells[0].row or 0), names
    raise AssertionError


def fill(path: Path, said: Mapping[Key, Any], name: str = "Ann", to: Path | None = None) -> Path:
    """Fill in cells of a workbook as a person would, and save it."""
    found, sheet, top, names = sheet_with_key(path)
    rows = {
        sheet.cell(r, names["Decision ref"]).value: r for r in range(top + 1, sheet.max_row + 1)
    }
    for (ref, field), value in said.items():
        sheet.cell(rows[ref], names[header(field)]).value = value
    about = found["About this workbook"]
    for cells in about.iter_rows():
        if cells[0].value == "Your name":
            cells[1].value = name
    found.save(to or path)
    return to or path
