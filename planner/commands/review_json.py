"""A review for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.review.answers import Answer

if TYPE_CHECKING:
    from planner.commands.review import ReviewRun
    from planner.domain.months import Horizon
    from planner.review.answers import ReviewedEdit
    from planner.review.cost import EditCost

SCHEMA_VERSION = 1


def review_json(run: ReviewRun) -> dict[str, Any]:
    """Every workbook, entry and cost; months are their first day, hours are hours."""
    horizon = run.horizon
    return {
        "schema_version": SCHEMA_VERSION,
        "run": run.review.run_id,
        "day": run.day.isoformat(),
        "applied": run.applied,
        "all_may_be_stored": run.review.may_all_be_stored,
        "workbooks": [
            {
                "workbook": book.name,
                "run": book.run_id,
                "made_for": book.made_for,
                "may_be_stored": book.may_be_stored,
                "stored": stored.count,
                "told": run.lines[number],
                "warnings": [f"{w.place}: {w.message} {w.remedy}" for w in book.warnings],
                "counts": {answer.value: book.count(answer) for answer in Answer},
                "entries": [_entry(edit, horizon) for edit in book.edits],
            }
            for number, (book, stored) in enumerate(zip(run.review.books, run.stored, strict=True))
        ],
        "cost": _cost(run.review.total, horizon),
        "moves": run.review.moves,
        "moves_allowed": run.review.moves_allowed,
        "result": run.result.name,
    }


def _entry(edit: ReviewedEdit, horizon: Horizon) -> dict[str, Any]:
    return {
        "cell": edit.cell,
        "decision_ref": edit.decision_ref,
        "column": edit.column,
        "said": edit.said,
        "by": edit.by,
        "outcome": edit.answer.value,
        "reason": edit.reason,
        "cost": None if edit.cost is None else _cost(edit.cost, horizon),
    }


def _cost(cost: EditCost, horizon: Horizon) -> dict[str, Any]:
    return {
        "exposure": cost.exposure,
        "protected": cost.protected,
        "uncleared": cost.uncleared,
        "moves": cost.moves,
        "hours": [
            {"staff_id": s, "month": horizon.start(m).isoformat(), "hours": hours}
            for (s, m), hours in cost.hours.items()
        ],
        "over": [
            {
                "staff_id": over.staff_id,
                "month": horizon.start(over.month).isoformat(),
                "limit": over.limit.value,
                "by": over.by,
            }
            for over in cost.over
        ],
    }
