"""The workbooks that people were given, as they were written: from the folder, or made again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from planner.domain.finding import Finding, Severity
from planner.domain.written import RunItem
from planner.errors import InputError
from planner.workbooks.figures_read import changed_figures
from planner.workbooks.loop_books import (
    UNIT_BOOK,
    LoopBooks,
    is_of_unit,
    officer_paths,
    supervisor_paths,
)
from planner.workbooks.manifest import read_manifest, sha256
from planner.workbooks.plan_report import REJECTED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planner.domain.issued import IssuedRun
    from planner.domain.taken import TakenOver
    from planner.domain.written import WrittenPlan
    from planner.review.edited import EditedBook
    from planner.workbooks.edited_read import EditedFile
    from planner.workload.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    """A plan as issued, as its workbooks were made from it."""

    outcome: Outcome
    written: WrittenPlan
    taken: TakenOver
    warning: str
    run_id: str


class IssuedBooks:
    """Finds the workbook behind one that came back; what is found is proved by its SHA-256.

    ``outcome`` is the plan as issued on the register that it was made from, None where that
    register is not at hand: then a workbook that was edited in its place cannot be made again.
    """

    def __init__(self, folder: Path, run: IssuedRun, outcome: Outcome | None) -> None:
        self._folder = folder
        self._run = run
        self._outcome = outcome
        self._manifest = _manifest(folder, run.run_id)

    def compared(self, file: EditedFile) -> EditedBook:
        """The workbook with the figures changed outside the columns to fill in.

        One of another plan is left as it is; where what was written is not to be had, it is said.
        """
        book = file.book
        if book.run_id != self._run.run_id:
            return book
        written = self._written(book)
        if written is None:
            return replace(book, warnings=(*book.warnings, _not_compared(book)))
        return replace(book, figures=changed_figures(file.grids, written))

    def _written(self, book: EditedBook) -> bytes | None:
        path = self._path(book)
        outputs = self._manifest.get("outputs")
        wanted = outputs.get(path) if isinstance(outputs, dict) else None
        if path is None or wanted is None:
            return None
        try:
            data = (self._folder / path).read_bytes()
        except OSError:
            data = b""
        if sha256(data) != wanted:
            data = self._made_again(book)
        return data if sha256(data) == wanted else None

    def _path(self, book: EditedBook) -> str | None:
        if is_of_unit(book.made_for):
            return UNIT_BOOK
        officers = self._run.plan.officers
        if book.is_of_officer:
            return officer_paths(s.staff_id for s in officers).get(book.made_for)
        return supervisor_paths({s.supervisor for s in officers} - {""}).get(book.made_for)

    def _made_again(self, book: EditedBook) -> bytes:
        making = self._making
        if making is None:
            return b""
        if is_of_unit(book.made_for):
            return making.of_unit()
        if book.is_of_officer:
            return making.of_officer(book.made_for) if book.made_for in making.months else b""
        return making.of_supervisor(book.made_for) if book.made_for in making.teams else b""

    @cached_property
    def _making(self) -> LoopBooks | None:
        if self._outcome is None:
            return None
        plan = self._run.plan
        run = (RunItem("As-at date", plan.as_at), RunItem("First month", plan.first_month))
        report = _Report(
            outcome=self._outcome,
            written=replace(plan.written, run=run),
            taken=plan.taken,
            warning="" if self._manifest.get("accepted") else REJECTED,
            run_id=self._run.run_id,
        )
        return LoopBooks(report)


def _manifest(folder: Path, run_id: str) -> Mapping[str, Any]:
    """What is said of the run; nothing where the folder has none, or another's."""
    try:
        told = read_manifest(folder)
    except InputError:
        return {}
    return told if told.get("run") == run_id else {}


def _not_compared(book: EditedBook) -> Finding:
    return Finding(
        severity=Severity.WARNING,
        code="not-compared",
        sheet=book.name,
        row=None,
        column=None,
        cell=None,
        message="The workbook can neither be found as it was written nor made again, so figures "
        "were compared only beside the decisions.",
        remedy="Name the register that the plan was made from (--register REGISTER), and use the "
        "planner that made it.",
    )
