"""A unit of 4,000 people: opening and issuing take no time that anybody would notice."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from planner.domain.issued import IssuedRun
from planner.history.history import History
from planner.history.issued_json import issued_json, run_id_of
from tests.history_build import NOON, issued_plan

if TYPE_CHECKING:
    from pathlib import Path

    from planner.domain.issued import IssuedPlan

COPIES = 135
MOST_SECONDS = 1.0

Row = TypeVar("Row")


def large_plan() -> IssuedPlan:
    """The small plan of 30 people, 135 times over under other references."""
    plan = issued_plan()
    written = replace(
        plan.written,
        allocation=_copies(plan.written.allocation),
        schedule=_copies(plan.written.schedule),
    )
    return replace(plan, people=_copies(plan.people), written=written)


def _copies(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    found: list[Any] = list(rows)
    return tuple(replace(row, ref=f"{row.ref}-{copy}") for copy in range(COPIES) for row in found)


def test_opening_and_issuing_a_large_plan_is_quick(tmp_path: Path) -> None:
    """Measured as the processor's time, which other programs do not lengthen."""
    plan = large_plan()
    run_id = run_id_of(plan.first_month, issued_json(plan))
    assert len(plan.people) > 4000
    assert len(plan.written.schedule) > 10_000
    started = time.process_time()
    with History.open(tmp_path) as history:
        history.issue(IssuedRun(run_id=run_id, issued_at=NOON, plan=plan))
    taken = time.process_time() - started
    assert taken < MOST_SECONDS
    with History.open(tmp_path) as history:
        assert history.issued(run_id).plan == plan
