"""A table's rows as the domain's objects, each beside the row that it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from planner.domain.register import Absence, Lock, Offender, Officer
from planner.domain.terms import LockKind
from planner.workbooks.register_cells import CONVERTERS, Unfit, cleaned
from planner.workbooks.register_columns import Column, Kind
from planner.workbooks.register_grid import Broken
from planner.workbooks.register_layouts import LOCK_MONTH, LOCK_STAFF

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.workbooks.register_grid import Value
    from planner.workbooks.register_table import Table

T = TypeVar("T")

_ONLY_OF_TEXT = frozenset({"text-date", "text-number"})


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """Something read, and the sheet's row where it stands."""

    row: int
    item: T


class RowReader:
    """Reads a table's cells by column, row by row, and says what is wrong with them."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._row = 0
        self._cells: Mapping[int, Value] = {}
        self._header = ""

    def at(self, row: int, cells: Mapping[int, Value]) -> None:
        self._row, self._cells = row, cells

    def read(self, column: Column) -> Any:
        """The cell's meaning; the column's default where it is blank or wrong."""
        place = self._table.places.get(column.header)
        if place is None:
            return column.default
        self._header = column.header
        value = self._value(place.number)
        try:
            if value is None:
                if column.required:
                    raise Unfit(
                        "missing-value", f"{column.header} is blank.", f"Fill in {column.header}."
                    )
                return column.default
            if isinstance(value, Broken):
                raise _broken(value, column)
            return CONVERTERS[column.kind](value, column, self._note)
        except Unfit as unfit:
            self._table.log.fault(unfit.code, unfit.message, unfit.remedy, self._row, column.header)
            return column.default

    def record(self, columns: tuple[Column, ...]) -> dict[str, Any]:
        """What the row holds, by the domain's field names."""
        return {column.attribute: self.read(column) for column in columns}

    def _value(self, number: int) -> Value | None:
        """The cell, with text trimmed; formulas and stray spaces are said."""
        value = self._cells.get(number)
        if (self._row, number) in self._table.grid.formulas and not isinstance(value, Broken):
            self._note(
                "formula",
                f"{self._header} is a formula; the value that Excel last worked out was read.",
                "Paste it as a value, so that it cannot change unseen.",
            )
        if value.__class__ is not str or not isinstance(value, str):
            return value
        text = cleaned(value)
        if text != value and text:
            self._note(
                "spaces",
                f"{self._header} has spaces or invisible characters that do not belong; "
                "they were left out.",
                "Type it again without them.",
            )
        return text or None

    def _note(self, code: str, message: str, remedy: str) -> None:
        if self._table.grid.is_text and code in _ONLY_OF_TEXT:
            return  # a CSV file has nothing but text
        self._table.log.warn(code, message, remedy, self._row, self._header)


def _broken(value: Broken, column: Column) -> Unfit:
    if not value.text:
        return Unfit(
            "formula-without-value",
            f"{column.header} is a formula that was never worked out, so it has no value.",
            "Open the workbook in Excel and save it, or paste the column as values.",
        )
    date_too = " (or a date that Excel cannot show)" if column.kind is Kind.DATE else ""
    return Unfit(
        "error-cell",
        f"{column.header} holds the error {value.text}{date_too}.",
        "Correct the formula, or type the value; where there is none, leave the cell blank.",
    )


def read_offenders(table: Table) -> list[Placed[Offender]]:
    """The offenders. A row with a fault holds stand-ins: with a fault, nothing of it is used."""
    return [Placed(row, Offender(**values)) for row, values in _records(table)]


def read_officers(table: Table) -> list[Placed[Officer]]:
    return [Placed(row, Officer(**values)) for row, values in _records(table)]


def read_absences(table: Table) -> list[Placed[Absence]]:
    return [Placed(row, Absence(**values)) for row, values in _records(table)]


def _records(table: Table) -> list[tuple[int, dict[str, Any]]]:
    reader = RowReader(table)
    records = []
    for row, cells in table.rows:
        reader.at(row, cells)
        records.append((row, reader.record(table.layout.columns)))
    return records


def read_locks(table: Table) -> list[Placed[Lock]]:
    """The locks; what Value must be depends on Kind. Any day of a month stands for the month."""
    reader = RowReader(table)
    others = tuple(column for column in table.layout.columns if column.kind is not Kind.ANY)
    locks = []
    for row, cells in table.rows:
        reader.at(row, cells)
        values = reader.record(others)
        if values["kind"] is LockKind.SOM:
            values["staff_id"] = reader.read(LOCK_STAFF)
        elif values["kind"] is not None:
            day = reader.read(LOCK_MONTH)
            values["month"] = day and day.replace(day=1)
        locks.append(Placed(row, Lock(**values, row=row)))
    return locks
