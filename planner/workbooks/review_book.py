"""The result of a review as a workbook: what became of each entry, why, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.review.answers import Answer
from planner.review.words import cost_text, over_text, total_lines
from planner.workbooks.sheet import Book, Column, Sheet, paint_words
from planner.workbooks.theme import DUE_SOON, LATE, NAVY, PLUM, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from planner.domain.months import Horizon
    from planner.domain.register import Register
    from planner.review.answers import Review, ReviewedBook
    from planner.workbooks.sheet import Value

DRY_RUN = "Dry run: nothing was stored. planner review --apply stores the workbooks that may be."
APPLIED = "What may be stored was stored, workbook by workbook."
FRONT, ENTRIES, COSTS = "Review", "Entries", "What it costs"


@dataclass(frozen=True, slots=True)
class Occasion:
    """The day of the review, and whether what may be stored was stored."""

    day: date
    applied: bool


def review_workbook(
    review: Review,
    lines: Sequence[str],
    register: Register,
    horizon: Horizon,
    occasion: Occasion,
) -> bytes:
    """The workbook's bytes: the same content always gives the same.

    ``lines`` say what becomes of each workbook.
    """
    book = Book(title="Review of edits", marking=register.marking, as_at=register.as_at)
    _add_front(book, review, lines, occasion)
    _add_entries(book, review, horizon)
    _add_costs(book, review, horizon)
    return book.to_bytes()


def _add_front(book: Book, review: Review, lines: Sequence[str], occasion: Occasion) -> None:
    placed = book.add_table(
        Sheet(
            name=FRONT,
            title=f"Review of {occasion.day:%d/%m/%Y}: plan {review.run_id}",
            notes=(
                APPLIED if occasion.applied else DRY_RUN,
                "A workbook is stored whole or not at all. Each entry is on sheet Entries, with "
                "its cell.",
                *total_lines(review),
            ),
            columns=[
                Column("Workbook", width=26),
                Column("Made for", width=16),
                Column("What becomes of it", Kind.PARAGRAPH, 58),
                *(Column(answer.value, Kind.WHOLE, 11) for answer in Answer),
                Column("Worth knowing", Kind.PARAGRAPH, 44),
            ],
            rows=[
                (
                    b.name,
                    b.made_for or None,
                    line,
                    *(b.count(answer) for answer in Answer),
                    " ".join(f"{w.place}: {w.message} {w.remedy}" for w in b.warnings) or None,
                )
                for b, line in zip(review.books, lines, strict=True)
            ],
            tab_colour=NAVY,
        )
    )
    paint_words(book, placed, 2, "Held back", LATE)


def _add_entries(book: Book, review: Review, horizon: Horizon) -> None:
    placed = book.add_table(
        Sheet(
            name=ENTRIES,
            title="Entries: every filled or changed cell, and what became of it",
            notes=(
                "Costs are against the plan as written, beside the entries above; nothing is "
                "planned anew. Exposure is in the plan's points.",
            ),
            columns=[
                Column("Workbook", width=24),
                Column("Cell", width=16),
                Column("Decision ref", width=24),
                Column("Column", width=22),
                Column("What was said", Kind.PARAGRAPH, 24),
                Column("By", width=16),
                Column("Outcome", width=14),
                Column("Reason", Kind.PARAGRAPH, 52),
                Column("Cost", Kind.PARAGRAPH, 52),
            ],
            rows=[row for b in review.books for row in _entries(b, horizon)],
            frozen_columns=2,
            tab_colour=PLUM,
        )
    )
    for answer in Answer:
        if answer.holds_back:
            look = DUE_SOON if answer is Answer.CONFLICT else LATE
            paint_words(book, placed, 6, answer.value, look)


def _entries(book: ReviewedBook, horizon: Horizon) -> Iterator[Sequence[Value]]:
    for edit in book.edits:
        yield (
            book.name,
            edit.cell,
            edit.decision_ref or None,
            edit.column,
            edit.said,
            edit.by or None,
            edit.answer.value,
            edit.reason or None,
            cost_text(edit.cost, horizon) if edit.cost is not None else None,
        )


def _add_costs(book: Book, review: Review, horizon: Horizon) -> None:
    """Hours by officer and month, and who is over, of what may be stored taken together."""
    over: dict[tuple[str, int], list[str]] = {}
    for found in review.total.over:
        over.setdefault((found.staff_id, found.month), []).append(over_text(found, horizon))
    places = sorted({*review.total.hours, *over})
    book.add_table(
        Sheet(
            name=COSTS,
            title="What it costs: hours moved, and who is now over",
            notes=(
                "Entries of the workbooks that may be stored, taken together, against the plan as "
                "written.",
            ),
            columns=[
                Column("SOM", width=14),
                Column("Month", Kind.MONTH, 12),
                Column("Hours more", Kind.HOURS, 12),
                Column("Now over", Kind.PARAGRAPH, 60),
            ],
            rows=[
                (
                    staff_id,
                    horizon.start(month),
                    review.total.hours.get((staff_id, month), 0.0),
                    "; ".join(over.get((staff_id, month), ())) or None,
                )
                for staff_id, month in places
            ],
        )
    )
