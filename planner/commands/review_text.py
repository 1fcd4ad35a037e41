"""A review as lines of text: workbook by workbook, each entry with its cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.review.answers import Answer
from planner.review.words import NOTHING, cost_text, total_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.commands.review import ReviewRun
    from planner.domain.months import Horizon
    from planner.review.answers import ReviewedBook, ReviewedEdit

MOST_SHOWN = 40
"""Entries of one workbook; what is refused or in conflict is always shown.

A column that was sorted alone changes thousands of figures: of those the first are shown.
"""


def review_text(run: ReviewRun) -> str:
    """What holds a workbook back first, then what it says; what it all costs; how to go on."""
    lines = [f"Review of {run.day:%d/%m/%Y} against plan {run.review.run_id}."]
    for book, line in zip(run.review.books, run.lines, strict=True):
        lines += ["", f"{book.name}: {line}", *_entries(book, run.horizon)]
    cost = total_text(run.review, run.horizon, most=10)
    if cost != NOTHING:
        what = "What was stored" if run.applied else "What may be stored"
        lines += ["", f"{what} costs, against the plan as written: {cost}"]
    lines += ["", f"{_last_line(run)} Every entry is in {run.result}."]
    return "\n".join(lines)


def _last_line(run: ReviewRun) -> str:
    if run.applied:
        return f"{run.stored_count} of {len(run.review.books)} workbooks stored."
    if any(book.accepted for book in run.review.storable):
        return "Dry run: nothing was stored. To store: the same command with --apply."
    return "Dry run: there is nothing to store."


def _entries(book: ReviewedBook, horizon: Horizon) -> Iterator[str]:
    for warning in book.warnings:
        yield f"  Warning: {warning.place}: {warning.message} {warning.remedy}"
    figures = [e for e in book.edits if e.answer is Answer.NOT_EDITABLE]
    held = [e for e in book.edits if e.answer.holds_back and e.answer is not Answer.NOT_EDITABLE]
    others = [e for e in book.edits if not e.answer.holds_back]
    left = max(0, MOST_SHOWN - len(held) - len(figures))
    shown = [*held, *figures[:MOST_SHOWN], *others[:left]]
    yield from (_entry(edit, horizon) for edit in shown)
    if len(figures) > MOST_SHOWN:
        yield f"  … and {len(figures) - MOST_SHOWN:,} more figures changed that are not editable."
    if len(others) > left:
        yield f"  … and {len(others) - left:,} more that hold nothing back."


def _entry(edit: ReviewedEdit, horizon: Horizon) -> str:
    outcome = edit.answer.value if edit.answer is Answer.ACCEPTED else edit.answer.value.upper()
    text = f"  {edit.cell}, {edit.decision_ref or 'no ref'}, {edit.column}: {edit.said}. {outcome}."
    if edit.reason:
        text += f" {edit.reason}"
    cost = cost_text(edit.cost, horizon)
    if edit.answer is Answer.ACCEPTED and cost != NOTHING:
        text += f" Costs: {cost}"
    return text
