"""The sheets of named values: Policy, About, and the force's own column names."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.policy import SETTINGS, Policy, Setting
from planner.domain.register import DEFAULT_MARKING
from planner.workbooks.register_columns import Column, Kind
from planner.workbooks.register_findings import quoted
from planner.workbooks.register_grid import normal
from planner.workbooks.register_layouts import ABOUT, LAYOUTS, POLICY
from planner.workbooks.register_rows import RowReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planner.workbooks.register_table import Table

AS_AT = "As at"
MARKING = "Marking"
TITLE = "Title"

_KINDS = {"number": Kind.NUMBER, "whole": Kind.WHOLE, "switch": Kind.SWITCH}
_ABOUT = {
    normal(AS_AT): Column(header="Value", attribute="as_at", kind=Kind.DATE),
    normal(MARKING): Column(header="Value", attribute="marking"),
    normal(TITLE): Column(header="Value", attribute="title"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the About sheet says of the register. ``row`` is where As at stands."""

    as_at: date | None = None
    marking: str = DEFAULT_MARKING
    title: str = ""


def read_policy(table: Table) -> Policy:
    """The policy: the defaults with the sheet's settings in their places."""
    reader = RowReader(table)
    values: dict[str, float | bool] = {}
    for row, name in _named(table, reader, "Setting"):
        setting = _setting(table, row, name)
        if setting is None:
            continue
        value = reader.read(_value_column(setting))
        if value is not None:
            values[setting.name] = value
    return Policy.of(values)


def _setting(table: Table, row: int, name: str) -> Setting | None:
    if name in SETTINGS:
        return SETTINGS[name]
    folded = {known.casefold(): known for known in SETTINGS}
    known = folded.get(name.casefold())
    if known is not None:
        table.log.warn(
            "letter-case",
            f"Setting {quoted(name)} was read as {known}.",
            f"Write {known}.",
            row,
            "Setting",
        )
        return SETTINGS[known]
    near = difflib.get_close_matches(name.casefold(), SETTINGS, n=1, cutoff=0.0)
    table.log.fault(
        "unknown-setting",
        f"There is no setting {quoted(name)}. The nearest is {near[0]}.",
        "Correct the name, or delete the row.",
        row,
        "Setting",
    )
    return None


def _value_column(setting: Setting) -> Column:
    return Column(
        header=POLICY.column("Value").header,
        attribute="value",
        kind=_KINDS[setting.kind],
        required=True,
        low=setting.low,
        high=setting.high,
    )


def read_about(table: Table) -> About:
    """As at, Marking and Title; other items are for people and are not looked at."""
    reader = RowReader(table)
    values: dict[str, object] = {}
    for _, item in _named(table, reader, "Item"):
        column = _ABOUT.get(normal(item))
        if column is not None and (value := reader.read(column)) is not None:
            values[column.attribute] = value
    return About(**values)  # type: ignore[arg-type]  # of their columns' kinds


def _named(table: Table, reader: RowReader, header: str) -> Iterator[tuple[int, str]]:
    """Each row's name, the reader standing at that row; a name said twice is a fault."""
    column = table.layout.column(header)
    rows: dict[str, int] = {}
    for row, cells in table.rows:
        reader.at(row, cells)
        name = reader.read(column)
        if not name:
            continue
        first = rows.setdefault(normal(name), row)
        if first != row and _is_ours(table, name):
            table.log.fault(
                "duplicate-name",
                f"{quoted(name)} stands in row {first} and again in row {row}.",
                "Delete one of the two rows.",
                row,
                header,
            )
        yield row, name


def _is_ours(table: Table, name: str) -> bool:
    return table.layout is not ABOUT or normal(name) in _ABOUT


def read_own_names(table: Table) -> dict[str, str]:
    """A force's own column names, in normal form, to ours."""
    ours_by_name = {normal(c.header): c.header for layout in LAYOUTS for c in layout.columns}
    reader = RowReader(table)
    names = {}
    for row, cells in table.rows:
        reader.at(row, cells)
        ours, theirs = (reader.read(column) for column in table.layout.columns)
        known = ours_by_name.get(normal(ours))
        if known is not None:
            names[normal(theirs)] = known
        elif ours:
            near = difflib.get_close_matches(normal(ours), ours_by_name, n=1, cutoff=0.0)
            table.log.fault(
                "unknown-column",
                f"{quoted(ours)} is not a column of the register. The nearest is "
                f"{ours_by_name[near[0]]}.",
                "Write our column's name under Ours and yours under Theirs.",
                row,
                "Ours",
            )
    return names
