"""What the workload workbooks tell: every table once for the unit, and a supervisor's part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.tables.caseloads import caseload_rows, overdue_rows
from planner.tables.cases import case_rows
from planner.tables.decisions import decision_rows
from planner.tables.month_totals import month_totals
from planner.tables.moves import move_rows
from planner.tables.officers import officer_hours
from planner.workbooks.edit_about import Stamp

if TYPE_CHECKING:
    from planner.domain.decision import EditField
    from planner.domain.taken import TakenDecision
    from planner.domain.written import WorkloadRow
    from planner.tables.caseloads import CaseloadRow, OverdueRow
    from planner.tables.cases import CaseRow
    from planner.tables.decisions import DecisionRow
    from planner.tables.month_totals import MonthTotal
    from planner.tables.moves import MoveRow
    from planner.tables.officers import OfficerHours
    from planner.workbooks.loop_report import LoopReport

UNIT = "Unit"

Shown = Mapping[tuple[str, "EditField"], "TakenDecision"]
"""Decisions by the cell that shows them: decision ref and field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadContent:
    """The tables of one workload workbook. ``officers`` are those it is about."""

    report: LoopReport
    stamp: Stamp
    officers: frozenset[str]
    caseloads: tuple[CaseloadRow, ...]
    overdue: tuple[OverdueRow, ...]
    hours: tuple[OfficerHours, ...]
    workload: tuple[WorkloadRow, ...]
    months: tuple[MonthTotal, ...]
    cases: tuple[CaseRow, ...]
    moves: tuple[MoveRow, ...]
    decisions: tuple[DecisionRow, ...]

    @property
    def shown(self) -> Shown:
        """What was accepted before and stands in the editable cells again."""
        return self.report.taken.shown

    @property
    def is_of_unit(self) -> bool:
        return self.stamp.made_for == UNIT

    def of_supervisor(self, name: str, officers: frozenset[str]) -> WorkloadContent:
        """Only these officers: their cases, the cases that come to them or leave them, their work.

        A case that changes hands between supervisors is in both one's moves and decisions, and an
        ARMS in those of its SOM and of the colleague who does it.
        """
        situation, written = self.report.outcome.situation, self.report.written
        return replace(
            self,
            stamp=replace(self.stamp, made_for=name),
            officers=officers,
            caseloads=tuple(r for r in self.caseloads if r.officer.staff_id in officers),
            overdue=tuple(r for r in self.overdue if r.staff_id in officers),
            hours=tuple(r for r in self.hours if r.staff_id in officers),
            workload=tuple(r for r in self.workload if r.som in officers),
            months=month_totals(situation, written, officers),
            cases=tuple(r for r in self.cases if r.som in officers),
            moves=tuple(r for r in self.moves if r.officers & officers),
            decisions=tuple(r for r in self.decisions if r.officers & officers),
        )


def unit_content(report: LoopReport) -> WorkloadContent:
    """Every officer of the register."""
    outcome, written = report.outcome, report.written
    register = outcome.situation.register
    officers = frozenset(register.officer)
    cases = case_rows(outcome, written)
    return WorkloadContent(
        report=report,
        stamp=Stamp(
            run_id=report.run_id,
            first_month=outcome.situation.horizon.first,
            as_at=register.as_at,
            made_for=UNIT,
        ),
        officers=officers,
        caseloads=caseload_rows(outcome, written),
        overdue=overdue_rows(outcome, cases),
        hours=officer_hours(outcome),
        workload=written.workload,
        months=month_totals(outcome.situation, written, officers),
        cases=cases,
        moves=move_rows(outcome, written),
        decisions=decision_rows(written, {s.staff_id: s.supervisor for s in register.officers}),
    )
