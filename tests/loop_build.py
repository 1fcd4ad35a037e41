"""A small plan with supervisors, for what people get to fill in."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from planner.explain.decisions import decisions
from planner.workbooks.plan_read import read_plan_workbook
from planner.workbooks.register_read import read_register
from planner.workload.situation import Situation
from tests.plan_build import report, small_register
from tests.world import after

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

    from planner.domain.register import Register
    from planner.workbooks.plan_report import PlanReport

SUPERVISORS = {
    "OM00": "DS Ash",
    "OM01": "DS Ash",
    "OM02": "DS Birch",
    "OM04": "DS Birch",
}
"""OM03 and OM05 have none."""


def supervised_register(offenders: int = 90, officers: int = 6) -> Register:
    """OM04 is not trained, so that OM01, of another supervisor, does those ARMS."""
    register = small_register(offenders, officers)
    staff = tuple(
        replace(
            s,
            supervisor=SUPERVISORS.get(s.staff_id, ""),
            arms_trained_from=None if s.staff_id == "OM04" else s.arms_trained_from,
        )
        for s in register.officers
    )
    return replace(register, officers=staff)


def supervised_report(register: Register | None = None) -> PlanReport:
    return report(register or supervised_register())


def opened(data: bytes) -> Workbook:
    return load_workbook(BytesIO(data))


def table_of(book: Workbook, name: str) -> list[dict[str, object]]:
    """The sheet's one table as rows by header."""
    (table,) = book[name].tables.values()
    header, *rows = book[name][table.ref]
    names = [str(cell.value) for cell in header]
    return [dict(zip(names, (c.value for c in row), strict=True)) for row in rows]


def kept_up(folder: Path, months: int = 1, name: str = "register.xlsx") -> Register:
    """The register at the end of the plan's first months, everything done as planned.

    ``name`` is the register's file beside the plan's folder.
    """
    situation = Situation(read_register(folder.parent / name).register)
    plan = decisions(situation, read_plan_workbook(folder / "plan.xlsx")).plan
    return after(situation.register, plan, months)


def texts_of(book: Workbook) -> set[str]:
    """Every text in every cell."""
    return {
        cell
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if isinstance(cell, str)
    }
