"""Every workbook that people fill in between two plans: the unit's, supervisors', officers'."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from planner.tables.officer_month import officer_months
from planner.workbooks.file_names import file_stems
from planner.workbooks.officer_book import officer_workbook
from planner.workbooks.workload_book import workload_workbook
from planner.workbooks.workload_content import UNIT, unit_content

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.domain.register import Register
    from planner.tables.officer_month import OfficerMonth
    from planner.workbooks.loop_report import LoopReport

UNIT_BOOK = "workload.xlsx"
SUPERVISORS_FOLDER = "workload"
OFFICERS_FOLDER = "officers"


def books(report: LoopReport, by_supervisor: bool = False) -> dict[str, bytes]:
    """Each workbook's bytes by its path in the plan's folder, with ``/`` between.

    With ``by_supervisor`` also one for each supervisor named in Staff. An officer without one is in
    the unit's workbook only.
    """
    making = LoopBooks(report)
    made = {UNIT_BOOK: making.of_unit()}
    if by_supervisor:
        for name, path in supervisor_paths(making.teams).items():
            made[path] = making.of_supervisor(name)
    paths = officer_paths(making.register.officer)
    for staff_id in making.months:
        made[paths[staff_id]] = making.of_officer(staff_id)
    return made


class LoopBooks:
    """Makes the workbooks of one plan, each when it is asked for."""

    def __init__(self, report: LoopReport) -> None:
        self._report = report
        self._unit = unit_content(report)
        self.register = report.outcome.situation.register
        self.teams = officers_by_supervisor(self.register)

    @cached_property
    def months(self) -> Mapping[str, OfficerMonth]:
        """Month 1 of each officer who gets a workbook, by staff ID."""
        found = officer_months(self._report.outcome, self._report.written, self._unit.cases)
        return {month.staff_id: month for month in found}

    def of_unit(self) -> bytes:
        return workload_workbook(self._unit)

    def of_supervisor(self, name: str) -> bytes:
        return workload_workbook(self._unit.of_supervisor(name, self.teams[name]))

    def of_officer(self, staff_id: str) -> bytes:
        return officer_workbook(self.months[staff_id], self._report, self._unit.stamp)


def supervisor_paths(supervisors: Iterable[str]) -> dict[str, str]:
    """Where each supervisor's workbook lies in the plan's folder."""
    stems = file_stems(supervisors)
    return {name: f"{SUPERVISORS_FOLDER}/{stem}.xlsx" for name, stem in stems.items()}


def officer_paths(staff_ids: Iterable[str]) -> dict[str, str]:
    """Where each officer's workbook lies in the plan's folder."""
    stems = file_stems(staff_ids)
    return {who: f"{OFFICERS_FOLDER}/{stem}.xlsx" for who, stem in stems.items()}


def is_of_unit(made_for: str) -> bool:
    """Whether a workbook made for this reader is the unit's."""
    return made_for.casefold() == UNIT.casefold()


def officers_by_supervisor(register: Register) -> dict[str, frozenset[str]]:
    """Staff IDs by supervisor, as Staff spells them, in order."""
    found: dict[str, set[str]] = defaultdict(set)
    for officer in register.officers:
        if officer.supervisor:
            found[officer.supervisor].add(officer.staff_id)
    return {name: frozenset(found[name]) for name in sorted(found)}
