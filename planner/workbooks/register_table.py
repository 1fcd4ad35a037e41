"""Finds the table in a sheet: its header row, which column is which, and the rows below."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.workbooks.register_findings import Place, SheetLog, quoted
from planner.workbooks.register_grid import normal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.domain.finding import Finding
    from planner.workbooks.register_columns import Layout
    from planner.workbooks.register_grid import Grid, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A sheet understood: where its columns are, and its filled rows by the sheet's numbers."""

    layout: Layout
    grid: Grid
    places: Mapping[str, Place]
    rows: Sequence[tuple[int, Mapping[int, Value]]]
    log: SheetLog


def find_table(
    grid: Grid, layout: Layout, theirs: Mapping[str, str], findings: list[Finding]
) -> Table | None:
    """The sheet's table, or None (and a fault) where no row holds its headers.

    ``theirs`` maps a force's own column names, in ``normal`` form, to ours.
    """
    log = SheetLog(findings, grid.title)
    known = _known_names(layout, theirs)
    header_row = _header_row(grid, layout, known)
    if header_row is None:
        wanted = ", ".join(c.header for c in layout.columns if c.required)
        log.fault(
            "no-header",
            f"No row of the sheet holds its headers ({wanted}).",
            "Put the column names above the table, or map your own names in a Columns sheet.",
        )
        return None
    places = _places(grid, header_row, known, log)
    _say_missing(grid, header_row, layout, places, log)
    numbers = {place.number for place in places.values()}
    rows = [
        (number, cells)
        for number, cells in grid.rows.items()
        if number > header_row and any(_is_filled(cells.get(n)) for n in numbers)
    ]
    table = Table(
        layout=layout,
        grid=grid,
        places=places,
        rows=rows,
        log=SheetLog(findings, grid.title, places),
    )
    _say_merged(table, header_row)
    _say_hidden(table)
    return table


def _is_filled(value: Value | None) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


def _known_names(layout: Layout, theirs: Mapping[str, str]) -> dict[str, str]:
    """Normal form of every name that a column of this sheet goes by, to our header."""
    ours = {column.header for column in layout.columns}
    known = {normal(header): header for header in ours}
    known.update({their: our for their, our in theirs.items() if our in ours})
    return known


def _header_row(grid: Grid, layout: Layout, known: Mapping[str, str]) -> int | None:
    """The first row with all required headers; else the row with most headers, two at least."""
    required = {column.header for column in layout.columns if column.required}
    best, most = None, 1
    for number, cells in grid.rows.items():
        found = {known.get(normal(v)) for v in cells.values() if isinstance(v, str)} - {None}
        if required <= found:
            return number
        if len(found) > most:
            best, most = number, len(found)
    return best


def _places(
    grid: Grid, header_row: int, known: Mapping[str, str], log: SheetLog
) -> dict[str, Place]:
    places: dict[str, Place] = {}
    for number, value in sorted(grid.rows[header_row].items()):
        ours = known.get(normal(value)) if isinstance(value, str) else None
        if not isinstance(value, str) or ours is None:
            continue
        place = Place(number, " ".join(value.split()))
        if ours in places:
            first = SheetLog.address(places[ours].number, header_row)
            second = SheetLog.address(number, header_row)
            log.fault(
                "duplicate-header",
                f"Two columns, at {first} and {second}, are both headed as {ours}.",
                "Keep one of them, or give the other a different name.",
                header_row,
                place.header,
            )
        else:
            places[ours] = place
    return places


def _say_missing(
    grid: Grid, header_row: int, layout: Layout, places: Mapping[str, Place], log: SheetLog
) -> None:
    taken = {place.number for place in places.values()}
    strangers = {
        normal(v): v
        for n, v in grid.rows[header_row].items()
        if n not in taken and isinstance(v, str)
    }
    for column in layout.columns:
        if column.header in places:
            continue
        near = difflib.get_close_matches(normal(column.header), strangers, n=1, cutoff=0.85)
        hint = f" Is {quoted(strangers[near[0]])} meant?" if near else ""
        if column.required:
            log.fault(
                "missing-column",
                f"The sheet has no column {column.header}, which is required.{hint}",
                "Add the column, or map your own name for it in a Columns sheet.",
                header_row,
                column.header,
            )
        elif near:
            log.warn(
                "similar-column",
                f"Column {quoted(strangers[near[0]])} is not read, but it looks like "
                f"{column.header}.",
                f"Name it {column.header} if that is what it holds.",
                header_row,
                strangers[near[0]],
            )


def _say_merged(table: Table, header_row: int) -> None:
    if not table.places:
        return
    numbers = [place.number for place in table.places.values()]
    last_row = table.rows[-1][0] if table.rows else header_row
    for top, bottom, left, right, written in sorted(table.grid.merged):
        is_inside = top <= last_row and bottom >= header_row
        if is_inside and left <= max(numbers) and right >= min(numbers):
            table.log.fault(
                "merged-cells",
                f"Cells {written} are merged, so it is not clear which row the value belongs to.",
                "Unmerge them (Home, Merge & Center) and fill each row's own cell.",
                max(top, header_row),
            )


def _say_hidden(table: Table) -> None:
    if table.grid.is_hidden:
        table.log.warn(
            "hidden-sheet",
            "The sheet is hidden, and was read.",
            "Unhide it, so that everybody sees what the plan goes by.",
        )
    for number, _ in table.rows:
        if number in table.grid.hidden_rows:
            table.log.warn(
                "hidden-row",
                f"Row {number} is hidden, perhaps by a filter, and was read.",
                "Unhide it, or delete it if it should not count.",
                number,
            )
