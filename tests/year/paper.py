"""Workbooks filled in without an office program: quick, for the usual test run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.workbooks.edit_columns import CLEAR
from tests.review_build import fill
from tests.year.said import EMPTY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.year.said import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A workbook to be filled in, by whom, and the file it is saved as.

    ``sort`` is the header of the column that the rows are sorted by, ``show`` a column and the
    value that is filtered for, ``note`` the text in a column of the person's own.
    """

    source: Path
    to: Path
    entries: Sequence[Entry]
    name: str
    sort: str = ""
    show: tuple[str, str] = ("", "")
    note: str = ""


def by_library(jobs: Sequence[Job]) -> None:
    """Fill in the cells and save; nothing is sorted or filtered, no column is added."""
    for job in jobs:
        fill(job.source, {e.key: _cell(e) for e in job.entries}, job.name, job.to)


def _cell(entry: Entry) -> object:
    return CLEAR if entry.value is None else None if entry.value == EMPTY else entry.value
