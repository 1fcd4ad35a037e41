"""``planner explore``: the local page for what-ifs."""

from __future__ import annotations

import contextlib
import webbrowser
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.commands.staffing import StaffingOptions, made_report
from planner.domain.months import HORIZON_MONTHS
from planner.levers import read_scenarios
from planner.page.explore.kept import Kept
from planner.page.explore.serve import serve
from planner.workbooks.register_read import read_register
from planner.workbooks.staffing_book import staffing_workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from planner.domain.register import Register
    from planner.levers import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class ExploreOptions:
    """What the user asked for. ``scenarios``: a file to begin with and to keep scenarios in."""

    as_at: date | None = None
    scenarios: Path | None = None
    idle_minutes: float = 30.0
    open_browser: bool = True


def explore(
    path: Path,
    options: ExploreOptions,
    say: Callable[[str], None],
    tell: Callable[[str], None],
) -> None:
    """Serve the page for a register until idle or stopped; ``tell`` gets the address.

    Raises ``InputError`` where the register or the scenarios cannot be used.
    """
    say("Reading the register")
    file = read_register(path, options.as_at)
    begun = file.scenarios
    if options.scenarios is not None and not _is_empty(options.scenarios):
        begun = read_scenarios(options.scenarios, file.register)

    def opened(address: str) -> None:
        tell(address)
        if options.open_browser:
            webbrowser.open(address)
        say("Working out today; the page is open meanwhile. Ctrl-C stops it.")

    with contextlib.suppress(KeyboardInterrupt):
        serve(
            file.register,
            Kept(begun, options.scenarios),
            exported,
            idle_minutes=options.idle_minutes,
            opened=opened,
        )
    say("Stopped")


def _is_empty(path: Path) -> bool:
    """Whether there is nothing to begin with: no such file yet, or all was removed from it."""
    return not path.exists() or (path.is_file() and path.stat().st_size == 0)


def exported(register: Register, scenarios: tuple[Scenario, ...]) -> bytes:
    """The workbook of ``planner staffing --no-plans`` with these scenarios."""
    options = StaffingOptions(effort=None)
    report = made_report(register, scenarios, HORIZON_MONTHS, options, lambda _: None)
    return staffing_workbook(report)
