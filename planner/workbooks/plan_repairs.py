"""The plan workbook's Repairs: every change tried, what is proved of it and what it assumes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.tables.repairs import NO_LEVER, WHAT_IS_PROVED, repair_rows, ruled_out
from planner.workbooks.sheet import Column, Sheet
from planner.workbooks.theme import NAVY, Kind

if TYPE_CHECKING:
    from planner.domain.result import SolveResult
    from planner.workbooks.sheet import Book

_NOTHING = "The plan leaves nothing overdue: there is nothing to repair."


def add_repairs(book: Book, result: SolveResult) -> None:
    """Every change tried, with what it assumes."""
    rows = repair_rows(result)
    book.add_table(
        Sheet(
            name="Repairs",
            title="Repairs: what might clear it, ranked",
            notes=(WHAT_IS_PROVED, NO_LEVER) if rows else (_NOTHING,),
            columns=[
                Column("Rank", Kind.WHOLE, 8),
                Column("Kind", width=22),
                Column("Change", Kind.PARAGRAPH, 36),
                Column("Hours lacking", Kind.WHOLE, 11),
                Column("Posts lacking", Kind.HOURS, 11),
                Column("Least cost", Kind.WHOLE, 12),
                Column("Ruled out", width=12),
                Column("Hours bought", Kind.WHOLE, 11),
                Column("Lacking saved per hour bought", Kind.NUMBER, 14),
                Column("What is proved", Kind.PARAGRAPH, 40),
                Column("What it assumes", Kind.PARAGRAPH, 62),
            ],
            rows=[
                (
                    row.rank,
                    row.kind,
                    row.what,
                    row.hours,
                    row.posts,
                    row.cost,
                    ruled_out(row),
                    row.hours_bought,
                    row.saved_per_hour,
                    row.effect,
                    row.assumes,
                )
                for row in rows
            ],
            frozen_columns=3,
            tab_colour=NAVY,
        )
    )
