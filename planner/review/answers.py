"""What a review answers: each edit's outcome, and whether its workbook may be stored."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.domain.decision import Edit
    from planner.domain.finding import Finding
    from planner.review.cost import EditCost


class Answer(StrEnum):
    """The outcome of one edit, as people read it."""

    ACCEPTED = "Accepted"
    SAID_BEFORE = "Said before"
    REFUSED = "Refused"
    CONFLICT = "Conflict"
    NOT_EDITABLE = "Not editable"
    UNKNOWN_REF = "Unknown ref"
    STALE = "Stale plan"
    REPEATED = "Repeated"

    @property
    def holds_back(self) -> bool:
        """Whether one such edit keeps its whole workbook from being stored."""
        return self not in {Answer.ACCEPTED, Answer.SAID_BEFORE}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedEdit:
    """One cell that says something. ``cell`` is sheet and address; ``column`` without its ending.

    ``decision_ref`` names its row: on a sheet without decisions by an offender ref, SOM or month.
    ``edit`` is None where the cell does not come to anything that could be stored.
    """

    cell: str
    decision_ref: str
    column: str
    said: str
    by: str
    answer: Answer
    reason: str = ""
    edit: Edit | None = None
    cost: EditCost | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedBook:
    """A workbook and every edit in it, in the order of its rows."""

    name: str
    run_id: str
    made_for: str
    edits: tuple[ReviewedEdit, ...]
    warnings: tuple[Finding, ...] = ()

    @property
    def may_be_stored(self) -> bool:
        """Whether nothing in it is refused, in conflict or beside the point."""
        return not any(edit.answer.holds_back for edit in self.edits)

    @property
    def accepted(self) -> tuple[Edit, ...]:
        """What there is to store."""
        return tuple(e.edit for e in self.edits if e.answer is Answer.ACCEPTED and e.edit)

    def count(self, answer: Answer) -> int:
        return sum(edit.answer is answer for edit in self.edits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """All workbooks; ``total`` is what those that may be stored cost together.

    ``moves`` are the changes of SOM that count once they are stored; ``moves_allowed`` how many
    the policy allows.
    """

    run_id: str
    books: tuple[ReviewedBook, ...]
    total: EditCost
    moves: int
    moves_allowed: int

    @property
    def storable(self) -> tuple[ReviewedBook, ...]:
        return tuple(book for book in self.books if book.may_be_stored)

    @property
    def may_all_be_stored(self) -> bool:
        return all(book.may_be_stored for book in self.books)

    def edits(self) -> Iterator[tuple[ReviewedBook, ReviewedEdit]]:
        for book in self.books:
            for edit in book.edits:
                yield book, edit
