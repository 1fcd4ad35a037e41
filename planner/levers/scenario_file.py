"""Scenarios from a TOML file, all faults said at once.

[scenario."Six more officers"]
note = "As the board asked"
officers = { value = 6, team = "North", from = 3 }
"arms.hours" = 4
overtime_hours = [{ value = 200, from = 1, to = 3 }, { value = 100, from = 4 }]
"""

from __future__ import annotations

import tomllib
from datetime import date
from typing import TYPE_CHECKING, Any

from planner.domain.finding import Finding, Severity
from planner.domain.months import Horizon
from planner.errors import InputError
from planner.levers.catalogue import LEVERS
from planner.levers.checking import Fault, faults_of, together, unknown_lever
from planner.levers.scenario import TODAY, Change, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from planner.domain.register import Register

UNREADABLE = "the scenarios cannot be used until put right"
_NOTE = "note"
_FIELDS = {"value": "Value", "team": "Team", "from": "From", "to": "To"}


def read_scenarios(path: Path, register: Register) -> tuple[Scenario, ...]:
    """The scenarios of a TOML file, in its order, checked against the register.

    Raises ``InputError`` with every fault: row is the line of the scenario's heading, column the
    lever and what of it is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError([_unreadable(path, error)], UNREADABLE) from error
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError([_not_toml(path, error)], UNREADABLE) from error
    return _Reader(path.name, text, register).scenarios(tables)


class _Reader:
    def __init__(self, name: str, text: str, register: Register) -> None:
        self.name = name
        self.lines = text.splitlines()
        self.register = register
        self.horizon = Horizon(register.as_at)
        self.findings: list[Finding] = []

    def scenarios(self, tables: Mapping[str, Any]) -> tuple[Scenario, ...]:
        named = tables.get("scenario")
        strangers = sorted(set(tables) - {"scenario"})
        if strangers or not isinstance(named, dict) or not named:
            self._say(
                None,
                "",
                Fault(
                    "",
                    "no-scenario",
                    f"{strangers[0]!r} is no scenario."
                    if strangers
                    else "The file holds no scenario.",
                    'Begin each scenario with a line such as [scenario."Six more officers"].',
                ),
            )
            named = named if isinstance(named, dict) else {}
        found = [self._scenario(name, table) for name, table in named.items()]
        if self.findings:
            raise InputError(self.findings, UNREADABLE)
        return tuple(found)

    def _scenario(self, name: str, table: Any) -> Scenario:
        row = self._row(name)
        if name.strip().casefold() in {TODAY.name.casefold(), ""}:
            self._say(
                row,
                "",
                Fault("", "bad-name", f"{name!r} is no name for a scenario.", "Name it otherwise."),
            )
        if not isinstance(table, dict):
            self._say(row, "", Fault("", "no-lever", "It pulls no lever.", "Give it one."))
            return Scenario(name=name)
        note = table.get(_NOTE, "")
        if not isinstance(note, str):
            self._say(row, _NOTE, Fault("", "wrong-value", "The note is no text.", "Write text."))
            note = ""
        levers = {key: value for key, value in table.items() if key != _NOTE}
        changes = tuple(self._changes(row, levers, ""))
        scenario = Scenario(name=name, changes=changes, note=note)
        if not changes and not self.findings:
            self._say(row, "", Fault("", "no-lever", "It pulls no lever.", "Give it one."))
        if not self.findings:
            for change, fault in together(scenario, self.register):
                self._say(row, change.lever, fault)
        return scenario

    def _changes(self, row: int | None, table: Mapping[str, Any], under: str) -> Iterator[Change]:
        """The changes of a table; ``arms.hours = 4`` without quotes makes tables in tables."""
        for name, value in table.items():
            key = f"{under}{name}"
            if key in LEVERS:
                for one in value if isinstance(value, list) else [value]:
                    change = self._change(row, key, one)
                    if change is not None:
                        yield change
            elif isinstance(value, dict) and any(k.startswith(f"{key}.") for k in LEVERS):
                yield from self._changes(row, value, f"{key}.")
            else:
                self._say(row, key, unknown_lever(key))

    def _change(self, row: int | None, key: str, told: Any) -> Change | None:
        fields = told if isinstance(told, dict) else {"value": told}
        before = len(self.findings)
        for stranger in sorted(set(fields) - set(_FIELDS)):
            remedy = "It may have value, team, from and to."
            fault = Fault("", "unknown-field", f"{stranger!r} is not known here.", remedy)
            self._say(row, key, fault)
        value, team = fields.get("value"), fields.get("team")
        if not isinstance(value, bool | int | float | str):
            fault = Fault("Value", "missing-value", "It has no value.", "Give it a value.")
            self._say(row, key, fault)
        if team is not None and not isinstance(team, str):
            fault = Fault("Team", "wrong-value", "The team is no text.", 'Write "North".')
            self._say(row, key, fault)
        months = {name: self._month(row, key, name, fields.get(name)) for name in ("from", "to")}
        if len(self.findings) > before or value is None:
            return None
        change = Change(lever=key, value=value, team=team, first=months["from"], last=months["to"])
        for fault in faults_of(change, self.register):
            self._say(row, key, fault)
        return change if len(self.findings) == before else None

    def _month(self, row: int | None, key: str, name: str, told: Any) -> int | None:
        if told is None:
            return None
        if isinstance(told, int) and not isinstance(told, bool):
            return told
        if isinstance(told, date):
            return self.horizon.number(told)
        remedy = "Give the number of the month in the plan, or a date such as 2026-12-01."
        self._say(row, key, Fault(_FIELDS[name], "wrong-value", "It is no month.", remedy))
        return None

    def _row(self, name: str) -> int | None:
        """The line in which the scenario's heading stands."""
        for number, line in enumerate(self.lines, start=1):
            if line.lstrip().startswith("[") and name in line and "scenario" in line:
                return number
        return None

    def _say(self, row: int | None, key: str, fault: Fault) -> None:
        field = {ours: theirs for theirs, ours in _FIELDS.items()}.get(fault.field, "")
        column = f"{key} {field}".strip() or None
        self.findings.append(
            Finding(
                severity=Severity.FAULT,
                code=fault.code,
                sheet=self.name,
                row=row,
                column=column,
                cell=None,
                message=fault.message,
                remedy=fault.remedy,
            )
        )


def _unreadable(path: Path, error: Exception) -> Finding:
    reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
    return Finding(
        severity=Severity.FAULT,
        code="no-file",
        sheet=path.name,
        row=None,
        column=None,
        cell=None,
        message=f"The scenarios cannot be read ({reason}).",
        remedy="Check the path, and that you may read the file.",
    )


def _not_toml(path: Path, error: tomllib.TOMLDecodeError) -> Finding:
    return Finding(
        severity=Severity.FAULT,
        code="not-toml",
        sheet=path.name,
        row=None,
        column=None,
        cell=None,
        message=f"The file does not read as TOML: {error}.",
        remedy="Correct it there; the README shows a scenario file.",
    )
