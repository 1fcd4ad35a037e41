"""The register's Uncertainty sheet: the force's own ranges of what is uncertain, one row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.uncertainty.quantities import QUANTITIES, Override, faults_of, nearest
from planner.workbooks.register_findings import quoted
from planner.workbooks.register_questions import UNCERTAINTY
from planner.workbooks.register_rows import RowReader

if TYPE_CHECKING:
    from planner.domain.policy import Policy
    from planner.workbooks.register_table import Table


def read_ranges(table: Table, policy: Policy) -> dict[str, Override]:
    """The ranges by quantity; faults are said by row and column."""
    reader = RowReader(table)
    found: dict[str, Override] = {}
    rows: dict[str, int] = {}
    for row, cells in table.rows:
        reader.at(row, cells)
        name, low, likely, high, source = (
            reader.read(UNCERTAINTY.column(header))
            for header in ("Quantity", "Low", "Likely", "High", "Source")
        )
        known = _known(table, row, name) if name else None
        if known is None or low is None or high is None:
            continue
        if known in rows:
            table.log.fault(
                "duplicate-name",
                f"{known} stands in row {rows[known]} and again in row {row}.",
                "Delete one of the two rows.",
                row,
                "Quantity",
            )
            continue
        rows[known] = row
        found[known] = Override(name=known, low=low, high=high, likely=likely, source=source)
        for column, message, remedy in faults_of(found[known], policy):
            table.log.fault("wrong-range", message, remedy, row, column)
    return found


def _known(table: Table, row: int, name: str) -> str | None:
    """The quantity's name as we write it; None, and a fault, where there is none."""
    folded = {known.casefold(): known for known in QUANTITIES}
    if name.casefold() in folded:
        return folded[name.casefold()]
    table.log.fault(
        "unknown-quantity",
        f"There is no uncertain quantity {quoted(name)}. The nearest is {nearest(name)}.",
        f"Name one of {', '.join(QUANTITIES)}.",
        row,
        "Quantity",
    )
    return None
