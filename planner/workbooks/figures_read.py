"""Finds the figures that people changed on sheets, or in columns, that are not to be filled in.

The workbook that came back is laid beside the one that was written: rows are matched by what names
them, cells by their header. Rows and columns that one of the two has not say nothing.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from planner.review.edited import ENDING, KEY, MACHINE_OWNED, ChangedFigure
from planner.review.values import same, shown
from planner.workbooks.edited_read import grids_of, usable
from planner.workbooks.register_findings import SheetLog
from planner.workbooks.register_grid import normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planner.workbooks.register_grid import Grid

    Headers = Mapping[str, int]
    Name = tuple[str, ...]

NAMED_BY: Mapping[str, tuple[str, ...]] = {
    "Caseload": ("SOM",),
    "Overdue": ("SOM",),
    "Hours by officer": ("SOM",),
    "Workload": ("Month", "SOM"),
    "Months": ("Month",),
    "Cases": ("Offender ref",),
    "Moves": ("From", "Offender ref"),
    "Decisions": (KEY,),
    "Month": (KEY,),
    "As second officer": ("Month", "Offender ref"),
    "My cases": ("Offender ref",),
}
"""The sheets of the workbooks to fill in, and the columns that name a row of each."""

_COMPARED_ELSEWHERE = frozenset(map(normal, (KEY, *MACHINE_OWNED)))
"""Columns beside a decision ref whose figures are compared with the plan as issued."""


def changed_figures(edited: Sequence[Grid], written: bytes) -> tuple[ChangedFigure, ...]:
    """Every figure of the workbook as ``written`` that ``edited`` shows otherwise."""
    given = {normal(grid.title): grid for grid in grids_of(written, SheetLog([], "")) or ()}
    found: list[ChangedFigure] = []
    for grid in edited:
        names = {normal(title): columns for title, columns in NAMED_BY.items()}
        title = normal(grid.title)
        if title in names and title in given:
            found += _of_sheet(grid, given[title], names[title])
    return tuple(found)


def _of_sheet(edited: Grid, written: Grid, names: Sequence[str]) -> Iterator[ChangedFigure]:
    here, there = _headers(edited, names), _headers(written, names)
    if here is None or there is None:
        return
    (top, places), (first, own) = here, there
    rows = {
        name: cells
        for number, cells in written.rows.items()
        if number > first and (name := _name(cells, own, names))
    }
    compared = [
        (header, place, places[normal(header)])
        for header, place in _told(written.rows[first], names).items()
        if normal(header) in places
    ]
    for number, cells in edited.rows.items():
        name = _name(cells, places, names) if number > top else ()
        if name not in rows:
            continue
        for header, place, column in compared:
            was = rows[name].get(place)
            now = usable(cells.get(column), is_date=isinstance(was, date))
            if not same(was, now):
                yield ChangedFigure(
                    cell=f"{edited.title}!{get_column_letter(column)}{number}",
                    row=", ".join(name),
                    column=header,
                    said=shown(now),
                    written=shown(was),
                )


def _headers(grid: Grid, names: Sequence[str]) -> tuple[int, Headers] | None:
    """The row of headers and where each stands; one that is there twice is left out."""
    wanted = {normal(name) for name in names}
    for number, cells in grid.rows.items():
        told = [(normal(v), n) for n, v in cells.items() if isinstance(v, str)]
        if len(told) > len(wanted) and wanted <= {header for header, _ in told}:
            times = Counter(header for header, _ in told)
            return number, {header: n for header, n in told if times[header] == 1}
    return None


def _told(headers: Mapping[int, object], names: Sequence[str]) -> dict[str, int]:
    """The columns to compare: those that nobody is to fill in and nothing else looks at."""
    named = {normal(name) for name in names}
    elsewhere = _COMPARED_ELSEWHERE if normal(KEY) in named else frozenset()
    return {
        str(header): place
        for place, header in headers.items()
        if not str(header).endswith(ENDING) and normal(str(header)) not in named | elsewhere
    }


def _name(cells: Mapping[int, object], places: Headers, names: Sequence[str]) -> Name:
    """What names a row, in words; empty where one of the columns is blank or not there."""
    found = []
    for name in names:
        value = cells.get(places.get(normal(name), 0))
        if value in (None, ""):
            return ()
        found.append(_in_words(value))
    return tuple(found)


def _in_words(value: object) -> str:
    day = value.date() if isinstance(value, datetime) else value
    return f"{day:%b %Y}" if isinstance(day, date) else shown(value).strip()
