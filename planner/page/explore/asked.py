"""What somebody asked for in the form: a scenario, or what is wrong with it, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.levers import LEVERS, TODAY, Change, LeverKind, Scenario
from planner.levers.checking import Fault, faults_of, together, unknown_lever
from planner.page.explore.fields import field_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planner.domain.register import Register

MOST_ROWS = 100
LONGEST_NAME, LONGEST_NOTE = 80, 500
_MONTHS = {"from": "From", "to": "To"}


@dataclass(frozen=True, slots=True)
class RowFault:
    """A fault of one row of the form (its number there): the field, what is wrong, what to do."""

    row: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Asked:
    """``scenario`` where there is no fault."""

    scenario: Scenario | None
    faults: tuple[RowFault, ...]


def asked(told: object, register: Register, name: str = "What if", note: str = "") -> Asked:
    """The scenario that the form's rows make; rows that change nothing are left out.

    ``told`` is a list of rows: lever, value, team, from and to, all text, as typed.
    """
    reader = _Reader(register)
    changes = reader.changes(told if isinstance(told, list) else [])
    scenario = Scenario(name=name, changes=tuple(c for _, c in changes), note=note)
    if not reader.faults:
        for change, fault in together(scenario, register):
            row = next(row for row, one in reversed(changes) if one == change)
            reader.say(row, fault)
    faults = tuple(reader.faults)
    return Asked(None if faults else scenario, faults)


def name_fault(name: str, taken: Sequence[str]) -> str | None:
    """What is wrong with a name for a scenario, if anything."""
    told = name.strip()
    if not told:
        return "Give the scenario a name."
    if told.casefold() == TODAY.name.casefold():
        return "Today stands for run 0. Name the scenario otherwise."
    if len(told) > LONGEST_NAME or not told.isprintable():
        return f"A name has at most {LONGEST_NAME} letters, all of them printable."
    if told.casefold() in {one.casefold() for one in taken}:
        return f"There is a scenario {told!r} already. Name this one otherwise, or remove that."
    return None


class _Reader:
    def __init__(self, register: Register) -> None:
        self._register = register
        self.faults: list[RowFault] = []

    def say(self, row: int, fault: Fault) -> None:
        field = fault.field.casefold() or "value"
        self.faults.append(RowFault(row, field, f"{fault.message} {fault.remedy}"))

    def changes(self, told: list[Any]) -> list[tuple[int, Change]]:
        found = []
        for number, row in enumerate(told[:MOST_ROWS]):
            if isinstance(row, dict):
                fields = {str(k): str(v).strip()[:LONGEST_NOTE] for k, v in row.items()}
                place = int(fields["row"]) if fields.get("row", "").isdecimal() else number
                found += [(place, change) for change in self._change(place, fields)]
        return found

    def _change(self, row: int, fields: Mapping[str, str]) -> Iterator[Change]:
        key = fields.get("lever", "")
        if key not in LEVERS:
            self.say(row, unknown_lever(key))
            return
        value = self._value(key, fields.get("value", ""))
        team = fields.get("team") or None
        if value is None:
            return
        before = len(self.faults)
        first, last = (self._month(row, name, fields.get(name, "")) for name in _MONTHS)
        change = Change(lever=key, value=value, team=team, first=first, last=last)
        for fault in faults_of(change, self._register):
            self.say(row, fault)
        if len(self.faults) == before:
            yield change

    def _value(self, key: str, told: str) -> float | bool | str | None:
        """The value as the lever's kind has it; None where it changes nothing.

        What is no number stays as it was typed: the check then says what is wanted.
        """
        lever, base = LEVERS[key], field_of(LEVERS[key], self._register).base
        if told in ("", base):
            return None
        if lever.kind is LeverKind.SWITCH:
            return {"true": True, "false": False}.get(told, told)
        if lever.kind is LeverKind.TEAM:
            return told
        try:
            value = float(told.replace(",", ""))
        except ValueError:
            return told
        if base and value == float(base):
            return None
        return value

    def _month(self, row: int, name: str, told: str) -> int | None:
        if not told:
            return None
        try:
            return int(told)
        except ValueError:
            message = f"{told!r} is no month."
            remedy = "Give the number of the month in the plan, 1 to 18."
            self.say(row, Fault(_MONTHS[name], "wrong-value", message, remedy))
            return None


def rows_of(scenario: Scenario) -> list[dict[str, str]]:
    """A scenario as rows of the form, to open it there again."""
    return [
        {
            "lever": change.lever,
            "value": _told(change.value),
            "team": change.team or "",
            "from": "" if change.first is None else f"{change.first}",
            "to": "" if change.last is None else f"{change.last}",
        }
        for change in scenario.changes
    ]


def _told(value: float | bool | str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:.12g}"
