"""Reads a register: a workbook, or a folder of CSV files. Says everything at once."""

from __future__ import annotations

import difflib
import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from planner.domain.places import Places
from planner.domain.policy import Policy
from planner.domain.register import Absence, Lock, Offender, Officer, Register
from planner.errors import InputError
from planner.workbooks.register_checks import (
    check_absences,
    check_locks,
    check_offenders,
    check_officers,
)
from planner.workbooks.register_columns import OFFENDERS, Layout
from planner.workbooks.register_csv import folder_grids
from planner.workbooks.register_findings import SheetLog, quoted
from planner.workbooks.register_grid import Grid, normal
from planner.workbooks.register_layouts import (
    ABOUT,
    ABSENCES,
    COLUMNS,
    LAYOUTS,
    LOCKS,
    POLICY,
    STAFF,
)
from planner.workbooks.register_places import places_of
from planner.workbooks.register_questions import SCENARIOS, UNCERTAINTY
from planner.workbooks.register_rows import (
    read_absences,
    read_locks,
    read_offenders,
    read_officers,
)
from planner.workbooks.register_scenarios import read_scenario_table
from planner.workbooks.register_settings import About, read_about, read_own_names, read_policy
from planner.workbooks.register_table import Table, find_table
from planner.workbooks.register_uncertainty import read_ranges
from planner.workbooks.register_xlsx import workbook_grids

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from planner.domain.finding import Finding
    from planner.levers import Scenario
    from planner.uncertainty.quantities import Override

OUTSIDE_HORIZON = "month outside the plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetCount:
    """Control totals of one sheet: every row read was used, or left out for a reason."""

    read: int
    used: int
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFile:
    """A register as read: what was said on the way, control totals by sheet, and the files.

    ``places`` says where rows and columns stand in the file. ``sha256`` maps each input file's name
    to its hex digest; ``as_at_from`` says who set the as-at date: "command line", "About sheet" or
    "today". ``scenarios`` are those of the Scenarios sheet and ``ranges`` those of the Uncertainty
    sheet, by quantity: what leaders want to know, no part of the register.
    """

    register: Register
    warnings: tuple[Finding, ...]
    counts: Mapping[str, SheetCount]
    sha256: Mapping[str, str]
    as_at_from: str
    places: Places = field(default_factory=Places)
    scenarios: tuple[Scenario, ...] = ()
    ranges: Mapping[str, Override] = field(default_factory=dict)


def _today() -> date:
    return datetime.now().astimezone().date()


def read_register(
    path: Path, as_at: date | None = None, *, today: Callable[[], date] = _today
) -> RegisterFile:
    """Read a register workbook, or a folder of CSV files named as its sheets.

    ``as_at`` goes before the About sheet's, and that before today. Raises ``InputError`` with all
    findings, warnings too, where any of them is a fault.
    """
    findings: list[Finding] = []
    grids, contents = _grids(path, findings)
    if not grids:
        raise InputError(findings)
    tables = _tables(grids, path.name, findings)
    about = read_about(tables[ABOUT.name]) if ABOUT.name in tables else About()
    day = as_at or about.as_at or today()
    parts = _parts(tables, day)
    scenarios = _scenarios(tables, parts, day, findings)
    uncertain = tables.get(UNCERTAINTY.name)
    ranges = read_ranges(uncertain, parts.policy) if uncertain else {}
    _put_in_order(findings, [grid.title for grid in grids])
    if any(finding.is_fault for finding in findings):
        raise InputError(findings)
    return RegisterFile(
        register=Register(
            as_at=day,
            offenders=tuple(parts.offenders),
            officers=tuple(parts.officers),
            absences=tuple(parts.absences),
            locks=tuple(parts.locks),
            policy=parts.policy,
            marking=about.marking,
            title=about.title,
        ),
        warnings=tuple(findings),
        counts=_counts(tables, len(parts.locks)),
        sha256={name: hashlib.sha256(data).hexdigest() for name, data in contents.items()},
        as_at_from="command line" if as_at else "About sheet" if about.as_at else "today",
        places=places_of(tables, parts.rows),
        scenarios=scenarios,
        ranges=ranges,
    )


@dataclass(slots=True)
class _Parts:
    """What the sheets held, before anybody has asked whether there was a fault."""

    offenders: list[Offender] = field(default_factory=list)
    officers: list[Officer] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    locks: list[Lock] = field(default_factory=list)
    policy: Policy = field(default_factory=Policy)
    rows: dict[tuple[str, str], int] = field(default_factory=dict)


def _grids(path: Path, findings: list[Finding]) -> tuple[Sequence[Grid], Mapping[str, bytes]]:
    """The sheets, and the bytes of each file read. Without a sheet, the findings say why."""
    log = SheetLog(findings, path.name)
    try:
        if path.is_dir():
            grids, contents = folder_grids(path, findings)
            if not contents:
                log.fault(
                    "no-file",
                    "The folder holds no CSV file named as a sheet of the register.",
                    "Name the files Offenders.csv, Staff.csv and so on, or name the workbook.",
                )
            return grids, contents
        if path.suffix.casefold() == ".csv":
            log.fault(
                "not-a-workbook",
                "The file is one CSV file; a register has several sheets.",
                "Name the folder that holds Offenders.csv, Staff.csv and so on.",
            )
            return (), {}
        data = path.read_bytes()
        return workbook_grids(data, log), {path.name: data}
    except OSError as error:
        log.fault(
            "no-file",
            f"The register cannot be read ({error.strerror or type(error).__name__}).",
            "Check the path, and that you may read the file and it is not open elsewhere.",
        )
        return (), {}


def _tables(grids: Sequence[Grid], source: str, findings: list[Finding]) -> dict[str, Table]:
    """Each sheet's table by our name for the sheet; Columns first, as the others go by it."""
    found = {normal(layout.name): layout for layout in LAYOUTS}
    by_name: dict[str, Grid] = {}
    strangers: dict[str, str] = {}
    for grid in grids:
        layout = found.get(normal(grid.title))
        log = SheetLog(findings, grid.title)
        if layout is None:
            strangers[normal(grid.title)] = grid.title
            _say_hidden_stranger(grid, log)
        elif layout.name in by_name:
            log.fault(
                "duplicate-sheet",
                f"Sheets {by_name[layout.name].title} and {grid.title} go by the same name.",
                "Delete or rename one of them.",
            )
        else:
            by_name[layout.name] = grid
    _say_missing_sheets(by_name, strangers, SheetLog(findings, source))
    tables: dict[str, Table] = {}
    own: Mapping[str, str] = {}
    for layout in (COLUMNS, *LAYOUTS[:-1]):
        if layout.name not in by_name or _is_blank_option(by_name[layout.name], layout):
            continue
        table = find_table(by_name[layout.name], layout, own, findings)
        if table is not None:
            tables[layout.name] = table
            if layout is COLUMNS:
                own = read_own_names(table)
    return tables


def _is_blank_option(grid: Grid, layout: Layout) -> bool:
    return not grid.rows and not layout.required


def _say_hidden_stranger(grid: Grid, log: SheetLog) -> None:
    if grid.is_hidden:
        log.warn(
            "hidden-sheet",
            "The sheet is hidden. It is not one of the register's, and was not read.",
            "Unhide it and look whether it should be in this file at all.",
        )


def _say_missing_sheets(
    found: Mapping[str, Grid], strangers: Mapping[str, str], log: SheetLog
) -> None:
    for layout in LAYOUTS:
        if layout.name in found:
            continue
        near = difflib.get_close_matches(normal(layout.name), strangers, n=1, cutoff=0.8)
        if layout.required:
            hint = f" Is {quoted(strangers[near[0]])} meant?" if near else ""
            log.fault(
                "missing-sheet",
                f"The register has no sheet {layout.name}.{hint}",
                f"Add the sheet {layout.name}; planner template writes an empty register.",
            )
        elif near:
            log.warn(
                "similar-sheet",
                f"Sheet {quoted(strangers[near[0]])} is not read, but it looks like {layout.name}.",
                f"Name it {layout.name} if that is what it holds.",
            )


def _parts(tables: Mapping[str, Table], as_at: date) -> _Parts:
    parts = _Parts()
    staff = tables.get(STAFF.name)
    officers = read_officers(staff) if staff else []
    if staff:
        check_officers(officers, staff.log)
        _say_empty(staff, "officers")
        parts.officers = [placed.item for placed in officers]
        parts.rows |= {(STAFF.name, p.item.staff_id): p.row for p in officers}
    cases = tables.get(OFFENDERS.name)
    offenders = read_offenders(cases) if cases else []
    if cases:
        _say_empty(cases, "offenders")
        parts.offenders = check_offenders(offenders, officers, as_at, cases.log)
        parts.rows |= {(OFFENDERS.name, p.item.ref): p.row for p in offenders}
    if away := tables.get(ABSENCES.name):
        parts.absences = check_absences(read_absences(away), officers, away.log)
    if locked := tables.get(LOCKS.name):
        parts.locks = check_locks(read_locks(locked), offenders, officers, as_at, locked.log)
    if policy := tables.get(POLICY.name):
        parts.policy = read_policy(policy)
    return parts


def _scenarios(
    tables: Mapping[str, Table], parts: _Parts, as_at: date, findings: Sequence[Finding]
) -> tuple[Scenario, ...]:
    """The Scenarios sheet's; without a usable register there is nothing to check them against."""
    if SCENARIOS.name not in tables or any(f.is_fault for f in findings):
        return ()
    register = Register(
        as_at=as_at,
        offenders=tuple(parts.offenders),
        officers=tuple(parts.officers),
        policy=parts.policy,
    )
    return read_scenario_table(tables[SCENARIOS.name], register)


def _say_empty(table: Table, whom: str) -> None:
    if not table.rows:
        table.log.fault(
            "empty-register",
            f"The sheet holds no {whom}.",
            "Fill in a row for each, below the column names.",
        )


def _counts(tables: Mapping[str, Table], locks_used: int) -> dict[str, SheetCount]:
    counts = {
        name: SheetCount(read=len(table.rows), used=len(table.rows))
        for name, table in tables.items()
        if name not in (ABOUT.name, COLUMNS.name)
    }
    left_out = len(tables[LOCKS.name].rows) - locks_used if LOCKS.name in tables else 0
    if left_out:
        counts[LOCKS.name] = SheetCount(
            read=locks_used + left_out, used=locks_used, left_out={OUTSIDE_HORIZON: left_out}
        )
    return counts


def _put_in_order(findings: list[Finding], sheets: Sequence[str]) -> None:
    """By sheet in the file's order, the whole file first, then by row."""
    order = {sheet: number for number, sheet in enumerate(sheets, 1)}
    findings.sort(key=lambda finding: (order.get(finding.sheet, 0), finding.row or 0))
