"""Levers as words on the command line: ``officers=6 team=North from=3``."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from planner.domain.finding import Finding, Severity
from planner.domain.months import Horizon
from planner.errors import InputError
from planner.levers.catalogue import LEVERS, LeverKind
from planner.levers.checking import Fault, faults_of, together, unknown_lever
from planner.levers.scenario import Change, Scenario
from planner.levers.scenario_file import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planner.domain.register import Register

NAME = "As asked"
SHEET = "--lever"
_FIELDS = {"team": "Team", "from": "From", "to": "To"}
_SWITCH = {"on": True, "yes": True, "off": False, "no": False}
_AS_HERE = 'Write it as in "officers=6 team=North from=3".'


def read_levers(texts: Sequence[str], register: Register) -> tuple[Scenario, ...]:
    """One scenario of all levers told, in order; none where there are none.

    Raises ``InputError`` with every fault: row is which of the options, from 1.
    """
    if not texts:
        return ()
    findings: list[Finding] = []
    changes: list[Change] = []
    for row, text in enumerate(texts, start=1):
        read = _Words(text, Horizon(register.as_at))
        change = read.change()
        faults = read.faults or (list(faults_of(change, register)) if change else [])
        findings += [_finding(row, fault) for fault in faults]
        if change is not None and not faults:
            changes.append(change)
    scenario = Scenario(name=NAME, changes=tuple(changes))
    if not findings:
        rows = {id(change): row for row, change in enumerate(changes, start=1)}
        findings = [_finding(rows[id(c)], fault) for c, fault in together(scenario, register)]
    if findings:
        raise InputError(findings, UNREADABLE)
    return (scenario,)


class _Words:
    """One option's words; what is wrong with them stands in ``faults``."""

    def __init__(self, text: str, horizon: Horizon) -> None:
        self.text = text
        self.horizon = horizon
        self.faults: list[Fault] = []

    def change(self) -> Change | None:
        pairs = list(self._pairs())
        if self.faults:
            return None
        (key, told), *fields = pairs
        given = {field.casefold(): value for field, value in fields}
        for field in given:
            if field not in _FIELDS:
                remedy = "It may have team, from and to."
                self._say("", "unknown-field", f"{field!r} is not known here.", remedy)
        if key not in LEVERS:
            self.faults.append(unknown_lever(key))
        value = None if self.faults else self._value(key, told)
        first, last = (self._month(field, given.get(field)) for field in ("from", "to"))
        if self.faults or value is None:
            return None
        return Change(lever=key, value=value, team=given.get("team"), first=first, last=last)

    def _pairs(self) -> Iterator[tuple[str, str]]:
        try:
            words = shlex.split(self.text)
        except ValueError:
            words = []
        if not words:
            self._say("Lever", "no-lever", f"{self.text!r} names no lever.", _AS_HERE)
        for word in words:
            key, sign, value = word.partition("=")
            if not sign or not value:
                self._say("Lever", "missing-value", f"{word!r} gives no value.", _AS_HERE)
            yield key, value

    def _value(self, key: str, told: str) -> float | bool | str | None:
        kind = LEVERS[key].kind
        if kind is LeverKind.TEAM:
            return told
        if kind is LeverKind.SWITCH:
            found = _SWITCH.get(told.casefold())
            if found is None:
                self._say("Value", "wrong-value", f"{told!r} is neither On nor Off.", _AS_HERE)
            return found
        number, share = (told[:-1], 100) if told.endswith("%") else (told, 1)
        try:
            return float(number) / share
        except ValueError:
            self._say("Value", "wrong-value", f"{told!r} is no number.", _AS_HERE)
            return None

    def _month(self, field: str, told: str | None) -> int | None:
        if told is None:
            return None
        found = self.horizon.told(told)
        if found is not None:
            return found
        remedy = "Give the number of the month in the plan, or a month as 2026-12."
        self._say(_FIELDS[field], "wrong-value", f"{told!r} is no month.", remedy)
        return None

    def _say(self, field: str, code: str, message: str, remedy: str) -> None:
        self.faults.append(Fault(field, code, message, remedy))


def _finding(row: int, fault: Fault) -> Finding:
    return Finding(
        severity=Severity.FAULT,
        code=fault.code,
        sheet=SHEET,
        row=row,
        column=fault.field or None,
        cell=None,
        message=fault.message,
        remedy=fault.remedy,
    )
