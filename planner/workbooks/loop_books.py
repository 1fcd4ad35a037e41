"""Every workbook that people fill in between two plans: the unit's, supervisors', officers'."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from planner.tables.officer_month import officer_months
from planner.workbooks.file_names import file_stems
from planner.workbooks.officer_book import officer_workbook
from planner.workbooks.workload_book import workload_workbook
from planner.workbooks.workload_content import unit_content

if TYPE_CHECKING:
    from planner.domain.register import Register
    from planner.workbooks.plan_report import PlanReport

UNIT_BOOK = "workload.xlsx"
SUPERVISORS_FOLDER = "workload"
OFFICERS_FOLDER = "officers"


def books(report: PlanReport, by_supervisor: bool = False) -> dict[str, bytes]:
    """Each workbook's bytes by its path in the plan's folder, with ``/`` between.

    With ``by_supervisor`` also one for each supervisor named in Staff. An officer without one is in
    the unit's workbook only.
    """
    unit = unit_content(report)
    outcome = report.outcome
    register = outcome.situation.register
    made = {UNIT_BOOK: workload_workbook(unit)}
    if by_supervisor:
        teams = officers_by_supervisor(register)
        stems = file_stems(teams)
        for name, officers in teams.items():
            content = unit.of_supervisor(name, officers)
            made[f"{SUPERVISORS_FOLDER}/{stems[name]}.xlsx"] = workload_workbook(content)
    months = officer_months(outcome, report.written, unit.cases)
    stems = file_stems(register.officer)
    for month in months:
        data = officer_workbook(month, report, unit.stamp)
        made[f"{OFFICERS_FOLDER}/{stems[month.staff_id]}.xlsx"] = data
    return made


def officers_by_supervisor(register: Register) -> dict[str, frozenset[str]]:
    """Staff IDs by supervisor, as Staff spells them, in order."""
    found: dict[str, set[str]] = defaultdict(set)
    for officer in register.officers:
        if officer.supervisor:
            found[officer.supervisor].add(officer.staff_id)
    return {name: frozenset(found[name]) for name in sorted(found)}
