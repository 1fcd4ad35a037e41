"""The plan workbook's sheet of the register's rows that contradict each other."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from planner.workbooks.sheet import Column, Sheet
from planner.workbooks.theme import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.tables.clashes import ClashRow
    from planner.workbooks.sheet import Book

_COLUMNS = (
    Column("What clashes", Kind.PARAGRAPH, 52),
    Column("Rows of the register", Kind.PARAGRAPH, 52),
    Column("Because of", Kind.PARAGRAPH, 36),
    Column("In the plan", Kind.PARAGRAPH, 30),
    Column("What to change", Kind.PARAGRAPH, 40),
)

_values = attrgetter("what", "rows", "because", "gives_way", "remedy")


def add_clashes(book: Book, clashes: Sequence[ClashRow]) -> None:
    """One row a clash."""
    book.add_table(
        Sheet(
            name="Clashes",
            title="Clashes",
            notes=(
                "Rows of the register that no plan can all meet. Without any one row of a set, the "
                "rest of the set can be met. One breach may serve two sets: see Checks.",
                "What clashes only over several months together is not looked for.",
            ),
            columns=_COLUMNS,
            rows=[_values(clash) for clash in clashes],
        )
    )
