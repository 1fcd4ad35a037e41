"""``planner review``: takes people's edits back from their workbooks."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from planner.commands.earlier_plan import present_run
from planner.commands.issued_books import IssuedBooks
from planner.commands.plan_register import input_hashes, register_of_plan
from planner.commands.publish import finish_publication
from planner.errors import InputError, OutputError
from planner.files.lock import sole_writer
from planner.files.save import save_atomically
from planner.history.batch import Conflict, DecisionBatch
from planner.history.history import History
from planner.history.run_folder import RUNS
from planner.review.ground import Ground
from planner.review.issued import Accepted, issued
from planner.review.review import review
from planner.review.statements import Sources
from planner.review.words import book_line
from planner.roll.roll import with_taken
from planner.workbooks.edited_read import UNREVIEWED, read_edited_file
from planner.workbooks.register_read import read_register
from planner.workbooks.review_book import Occasion, review_workbook
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from planner.domain.finding import Finding
    from planner.domain.issued import IssuedRun
    from planner.domain.months import Horizon
    from planner.review.answers import Review, ReviewedBook
    from planner.review.issued import Key
    from planner.workbooks.edited_read import EditedFile

    Say = Callable[[str], None]

RESULT = "review.xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOptions:
    """What the user asked for. ``by``: who says so where a workbook does not, and who stores it.

    ``day`` is the day of the review, ``now`` when it is stored (UTC); else the clock is asked.
    ``result`` is where the result goes; else into the plan's folder.
    """

    apply: bool = False
    by: str = ""
    register: Path | None = None
    history: str | None = None
    result: Path | None = None
    day: date | None = None
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """How much of a workbook was stored; ``told`` why it was not, where something prevented it.

    ``failed``: it could not be written, through no fault of the workbook.
    """

    count: int = 0
    told: str = ""
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRun:
    """A finished review; ``stored`` and ``lines`` are by workbook, in order."""

    review: Review
    applied: bool
    stored: tuple[Stored, ...]
    lines: tuple[str, ...]
    horizon: Horizon
    day: date
    result: Path

    @property
    def stored_count(self) -> int:
        return sum(stored.count > 0 for stored in self.stored)

    @property
    def has_failed(self) -> bool:
        """Whether something could not be written."""
        return any(stored.failed for stored in self.stored)

    @property
    def is_complete(self) -> bool:
        """Whether nothing was, or would be, held back."""
        return self.review.may_all_be_stored and not any(s.told for s in self.stored)


def review_folder(
    folder: Path, workbooks: Sequence[Path], options: ReviewOptions, say: Say
) -> ReviewRun:
    """Review workbooks against the present plan of a folder, and store them where asked.

    Raises ``InputError`` where a workbook, the register or the history can't be read, and
    ``OutputError`` where the result or the history can't be written.
    """
    say("Reading the workbooks")
    files = _files(workbooks)
    finish_publication(folder)
    now = options.now or datetime.now(UTC).replace(microsecond=0)
    day = options.day or now.astimezone().date()
    with ExitStack() as held:
        if options.apply:  # nobody else stores between the comparison and the storing
            held.enter_context(sole_writer(folder / RUNS))
        history = held.enter_context(History.open(folder, options.history))
        say("Reading the plan as issued")
        run = present_run(history, folder)
        say("Reading the register")
        ground, as_written = _ground(folder, run, options.register, day)
        say("Comparing")
        books = [as_written.compared(file) for file in files]
        situation = ground.situation
        sources = Sources(
            issued=ground.issued,
            accepted=_accepted(history, run),
            staff=situation.register.officer,
            by=options.by,
        )
        read_at = history.version(run.run_id)
        found = review(ground, books, sources)
        stored = tuple(Stored() for _ in books)
        if options.apply:
            say("Storing")
            stored = _stored(history, found, read_at, options.by, now)
    told = zip(found.books, stored, strict=True)
    lines = tuple(_line(book, done, applied=options.apply) for book, done in told)
    result = options.result or folder / RESULT
    data = review_workbook(
        found, lines, situation.register, situation.horizon, Occasion(day, options.apply)
    )
    _save(result, data, stored)
    return ReviewRun(
        review=found,
        applied=options.apply,
        stored=stored,
        lines=lines,
        horizon=situation.horizon,
        day=day,
        result=result,
    )


def _save(result: Path, data: bytes, stored: Sequence[Stored]) -> None:
    """Write the result; where that fails, say also what was stored before."""
    try:
        save_atomically(result, data)
    except OutputError as error:
        number = sum(done.count > 0 for done in stored)
        if not number:
            raise
        noun = "workbook was" if number == 1 else "workbooks were"
        raise OutputError(
            f"{error} What was accepted is kept all the same: {number} {noun} stored."
        ) from error


def _ground(
    folder: Path, run: IssuedRun, register: Path | None, day: date
) -> tuple[Ground, IssuedBooks]:
    """What edits are judged by, and the workbooks that people were given.

    The day is not before the plan's as-at date, whatever the clock says: nobody has seen the
    workbooks before.
    """
    read = read_register(register or register_of_plan(folder), run.plan.as_at)
    situation = Situation(with_taken(read.register, run.plan.taken))
    ground = Ground(situation, issued(run.run_id, run.plan), max(day, run.plan.as_at))
    is_plans_own = frozenset(read.sha256.values()) == input_hashes(folder)
    return ground, IssuedBooks(folder, run, ground.outcome if is_plans_own else None)


def _files(paths: Sequence[Path]) -> list[EditedFile]:
    """Every workbook; where some can't be read, every fault of all of them."""
    found: list[EditedFile] = []
    findings: list[Finding] = []
    for path in paths:
        try:
            found.append(read_edited_file(path))
        except InputError as error:
            findings += error.findings
    if findings:
        raise InputError(findings, UNREVIEWED)
    return found


def _accepted(history: History, run: IssuedRun) -> dict[Key, Accepted]:
    """What the plan's own workbooks brought in, and what they had shown from earlier ones."""
    shown = {
        key: Accepted(value=d.shown_value, by=d.by, workbook=d.workbook, at=run.issued_at)
        for key, d in run.plan.taken.shown.items()
    }
    own = {
        key: Accepted(value=said.value, by=said.by, workbook=said.workbook, at=said.at)
        for key, said in history.accepted(run.run_id).items()
    }
    return shown | own


def _stored(
    history: History, found: Review, read_at: int, by: str, now: datetime
) -> tuple[Stored, ...]:
    """Each workbook that may be stored, whole; what an earlier one has said is not said twice."""
    known: set[Key] = set()
    return tuple(_store(history, book, known, read_at, (by, now)) for book in found.books)


def _store(
    history: History,
    book: ReviewedBook,
    known: set[Key],
    read_at: int,
    stamp: tuple[str, datetime],
) -> Stored:
    edits = tuple(e for e in book.accepted if (e.decision_ref, e.field) not in known)
    if not book.may_be_stored or not edits:
        return Stored()
    by, now = stamp
    batch = DecisionBatch(
        run_id=edits[0].run_id,
        read_at=read_at,
        edits=edits,
        by=by or edits[0].by,
        workbook=book.name,
        at=now,
    )
    try:
        history.accept(batch)
    except OutputError as error:
        return Stored(told=str(error), failed=not isinstance(error, Conflict))
    known |= {(e.decision_ref, e.field) for e in edits}
    return Stored(len(edits))


def _line(book: ReviewedBook, stored: Stored, *, applied: bool) -> str:
    if stored.told:
        return f"Not stored: {stored.told}"
    if stored.count:
        return f"Stored: {stored.count} {'entry' if stored.count == 1 else 'entries'}."
    if applied and book.may_be_stored and book.accepted:
        return "Nothing left to store: all that is new in it was stored with another workbook."
    return book_line(book)
