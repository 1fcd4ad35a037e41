"""Columns by the attribute that fills each, for tables of plain row objects."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from planner.workbooks.sheet import Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planner.workbooks.sheet import Value

Fields = tuple[tuple[str, Column], ...]
"""(attribute, column); an attribute of a part is reached with a dot."""


def columns_of(fields: Fields) -> list[Column]:
    return [column for _, column in fields]


def values_of(fields: Fields, rows: Iterable[object]) -> list[Sequence[Value]]:
    """A row of values for each object."""
    values = attrgetter(*(name for name, _ in fields))
    return [values(row) for row in rows]


def number_of(fields: Fields, name: str) -> int:
    """Where an attribute's column stands, from 0."""
    return [field for field, _ in fields].index(name)


def without(fields: Fields, *names: str) -> Fields:
    """The same columns but for some."""
    return tuple(field for field in fields if field[0] not in names)
