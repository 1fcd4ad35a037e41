"""Runs issued and decisions about them, to try the history on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from planner.domain.decision import DecisionKind, Edit, EditField, decision_ref
from planner.domain.issued import IssuedRun
from planner.history.batch import DecisionBatch
from planner.history.issued_json import issued_json, run_id_of
from planner.tables.issued import issued_plan_of
from tests.plan_build import report, small_register

if TYPE_CHECKING:
    from planner.domain.issued import IssuedPlan

NOON = datetime(2027, 4, 30, 12, tzinfo=UTC)
MAY = date(2027, 5, 1)
CANARY = "Zzcanary"
"""A word people might write; it may stand in no error."""


@cache
def issued_plan(seed: int = 1) -> IssuedPlan:
    made = report(small_register(30, 6, seed))
    return issued_plan_of(made.outcome, made.written)


def issued_run(seed: int = 1, at: datetime = NOON, months_later: int = 0) -> IssuedRun:
    """A plan issued; ``months_later`` moves what it says of its first month."""
    plan = issued_plan(seed)
    if months_later:
        month = plan.first_month.month + months_later
        plan = replace(plan, first_month=plan.first_month.replace(month=month))
    run_id = run_id_of(plan.first_month, issued_json(plan))
    return IssuedRun(run_id=run_id, issued_at=at, plan=plan)


RUN = issued_run()


def edit(
    ref: str = "00001",
    field: EditField = EditField.NOTE,
    value: str | float | date | None = "seen",
    kind: DecisionKind = DecisionKind.VISIT,
    by: str = "DS Khan",
    run_id: str = RUN.run_id,
) -> Edit:
    return Edit(
        run_id=run_id,
        decision_ref=decision_ref(ref, kind, MAY),
        ref=ref,
        kind=kind,
        month=MAY,
        field=field,
        value=value,
        by=by,
        workbook="workload.xlsx",
        cell="Decisions!M12",
    )


def batch(*edits: Edit, read_at: int = 0, minutes: int = 0, by: str = "DS Khan") -> DecisionBatch:
    return DecisionBatch(
        run_id=edits[0].run_id,
        read_at=read_at,
        edits=edits,
        by=by,
        workbook="workload.xlsx",
        at=NOON + timedelta(minutes=minutes),
    )
