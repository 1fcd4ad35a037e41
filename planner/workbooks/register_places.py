"""Where each row and column of a register stands in its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from planner.domain.places import Places
from planner.domain.policy import SETTINGS
from planner.workbooks.register_cells import cleaned
from planner.workbooks.register_layouts import POLICY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.workbooks.register_table import Table


def places_of(tables: Mapping[str, Table], rows: Mapping[tuple[str, str], int]) -> Places:
    """The places of what a register's tables hold; ``rows`` are those of Offenders and Staff."""
    settings = _setting_rows(tables[POLICY.name]) if POLICY.name in tables else {}
    return Places(
        rows={**rows, **settings},
        titles={name: table.grid.title for name, table in tables.items()},
        headers={
            (name, ours): (get_column_letter(place.number), place.header)
            for name, table in tables.items()
            for ours, place in table.places.items()
        },
    )


def _setting_rows(table: Table) -> dict[tuple[str, str], int]:
    folded = {name.casefold(): name for name in SETTINGS}
    number = table.places["Setting"].number
    found = {}
    for row, cells in table.rows:
        name = folded.get(cleaned(str(cells.get(number, ""))).casefold())
        if name is not None:
            found[POLICY.name, name] = row
    return found
