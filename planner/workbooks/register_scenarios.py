"""The register's Scenarios sheet: what leaders want to know, one row a change."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from planner.domain.months import Horizon
from planner.levers import LEVERS, TODAY, Change, LeverKind, Scenario
from planner.levers.checking import Fault, faults_of, together, unknown_lever
from planner.workbooks.register_cells import CONVERTERS, Unfit
from planner.workbooks.register_columns import Column, Kind
from planner.workbooks.register_rows import RowReader

if TYPE_CHECKING:
    from planner.domain.register import Register
    from planner.workbooks.register_table import Table

_KINDS = {
    LeverKind.WHOLE: Kind.WHOLE,
    LeverKind.NUMBER: Kind.NUMBER,
    LeverKind.SWITCH: Kind.SWITCH,
    LeverKind.TEAM: Kind.REF,
}


def read_scenario_table(table: Table, register: Register) -> tuple[Scenario, ...]:
    """The scenarios in the order of their first rows; faults are said by row and column."""
    horizon = Horizon(register.as_at)
    reader = RowReader(table)
    rows: dict[str, list[tuple[int, Change]]] = {}
    notes: dict[str, list[str]] = {}
    is_faulty = False
    for row, cells in table.rows:
        reader.at(row, cells)
        read = _Row(table, reader, row, horizon)
        name = reader.read(table.layout.column("Scenario"))
        change = read.change(register)
        if name.casefold() == TODAY.name.casefold():
            remedy = "Name the scenario otherwise; today is always shown."
            read.say(Fault("Scenario", "bad-name", f"{name!r} stands for run 0.", remedy))
        if change is None or read.has_faults or not name:
            is_faulty = True
            continue
        rows.setdefault(name, []).append((row, change))
        if note := reader.read(table.layout.column("Note")):
            notes.setdefault(name, []).append(note)
    found = tuple(
        Scenario(
            name=name,
            changes=tuple(change for _, change in changes),
            note="; ".join(notes.get(name, [])),
        )
        for name, changes in rows.items()
    )
    if not is_faulty:
        _say_together(table, found, rows, register)
    return found


def _say_together(
    table: Table,
    found: tuple[Scenario, ...],
    rows: dict[str, list[tuple[int, Change]]],
    register: Register,
) -> None:
    for scenario in found:
        for change, fault in together(scenario, register):
            row = [row for row, one in rows[scenario.name] if one == change][-1]
            table.log.fault(fault.code, fault.message, fault.remedy, row, fault.field)


class _Row:
    """One row being read."""

    def __init__(self, table: Table, reader: RowReader, row: int, horizon: Horizon) -> None:
        self._table, self._reader, self._row, self._horizon = table, reader, row, horizon
        self.has_faults = False

    def say(self, fault: Fault) -> None:
        self.has_faults = True
        self._table.log.fault(fault.code, fault.message, fault.remedy, self._row, fault.field)

    def change(self, register: Register) -> Change | None:
        """The row's change; None where the lever or the value is missing or unknown."""
        key = self._read("Lever")
        if not key:
            return None
        if key not in LEVERS:
            folded = {name.casefold(): name for name in LEVERS}
            if key.casefold() not in folded:
                self.say(unknown_lever(key))
                return None
            key = folded[key.casefold()]
        value = self._value(key)
        if value is None:
            return None
        change = Change(
            lever=key,
            value=value,
            team=self._read("Team"),
            first=self._month("From"),
            last=self._month("To"),
        )
        for fault in faults_of(change, register):
            self.say(fault)
        return change

    def _read(self, header: str) -> Any:
        return self._reader.read(self._table.layout.column(header))

    def _value(self, key: str) -> float | bool | str | None:
        """The value as the lever's kind has it; its range is checked with the rest."""
        column = self._table.layout.column("Value")
        wanted = Column(
            header=column.header,
            attribute=column.attribute,
            kind=_KINDS[LEVERS[key].kind],
            required=True,
        )
        value: float | bool | str | None = self._reader.read(wanted)
        return value

    def _month(self, header: str) -> int | None:
        """A month's number, told as a number or as any date in it."""
        told = self._read(header)
        if told is None:
            return None
        if isinstance(told, datetime | date):
            return self._horizon.number(told)
        column = self._table.layout.column(header)
        for kind in (Kind.WHOLE, Kind.DATE):
            wanted = Column(header=column.header, attribute=column.attribute, kind=kind)
            try:
                found = CONVERTERS[kind](told, wanted, lambda *_: None)
            except Unfit:
                continue
            return found if kind is Kind.WHOLE else self._horizon.number(found)
        self.say(
            Fault(
                header,
                "wrong-kind",
                f"{header} holds no month.",
                "Give the number of the month in the plan, or a real date in it.",
            )
        )
        return None
