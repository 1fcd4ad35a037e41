"""Scenarios as a TOML file that ``read_scenarios`` reads again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planner.levers.scenario import Change, Scenario


def scenarios_toml(scenarios: Iterable[Scenario]) -> str:
    """The file's text, one table a scenario, in order."""
    return "\n".join("\n".join(_table(scenario)) + "\n" for scenario in scenarios)


def _table(scenario: Scenario) -> Iterator[str]:
    yield f"[scenario.{_text(scenario.name)}]"
    if scenario.note:
        yield f"note = {_text(scenario.note)}"
    by_lever: dict[str, list[str]] = {}
    for change in scenario.changes:
        by_lever.setdefault(change.lever, []).append(_change(change))
    for lever, told in by_lever.items():
        yield f"{_text(lever)} = {told[0] if len(told) == 1 else '[' + ', '.join(told) + ']'}"


def _change(change: Change) -> str:
    value = _value(change.value)
    fields = [f"value = {value}"]
    if change.team is not None:
        fields.append(f"team = {_text(change.team)}")
    if change.first is not None:
        fields.append(f"from = {change.first}")
    if change.last is not None:
        fields.append(f"to = {change.last}")
    return value if len(fields) == 1 else f"{{ {', '.join(fields)} }}"


def _value(value: float | bool | str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    return f"{int(value)}" if float(value).is_integer() else repr(float(value))


def _text(words: str) -> str:
    """A TOML string: as JSON's, which escapes all that TOML wants escaped but the delete sign."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007F")
