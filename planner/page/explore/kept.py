"""Scenarios that somebody kept: in memory, and in a file where one was named."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.files.save import save_atomically
from planner.levers.scenario_write import scenarios_toml
from planner.page.explore.asked import name_fault

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from planner.levers import Scenario


class Kept:
    """The scenarios kept so far, in order, each under a name of its own."""

    def __init__(self, scenarios: Iterable[Scenario], file: Path | None) -> None:
        self._by_name = {one.name: one for one in scenarios}
        self.file = file

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        return tuple(self._by_name.values())

    def keep(self, scenario: Scenario) -> str | None:
        """Keep one more; what is wrong with its name, if anything. Raises ``OutputError``."""
        fault = name_fault(scenario.name, list(self._by_name))
        if fault is None:
            found = replace(scenario, name=scenario.name.strip())
            self._write((*self.scenarios, found))
            self._by_name[found.name] = found
        return fault

    def forget(self, name: str) -> None:
        """Keep one no more. Raises ``OutputError``."""
        self._write(tuple(one for one in self.scenarios if one.name != name))
        self._by_name.pop(name, None)

    def named(self, names: Iterable[object]) -> tuple[Scenario, ...]:
        """Those of some names, in the order kept; unknown names are left out."""
        wanted = set(map(str, names))
        return tuple(one for one in self.scenarios if one.name in wanted)

    def toml(self) -> str:
        """All as a file that ``planner staffing --scenario`` reads."""
        return scenarios_toml(self.scenarios)

    def _write(self, scenarios: tuple[Scenario, ...]) -> None:
        if self.file is not None:
            save_atomically(self.file, scenarios_toml(scenarios).encode())
