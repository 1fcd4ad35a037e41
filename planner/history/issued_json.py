"""A plan as issued, as canonical JSON: the same plan always gives the same bytes and run id."""

from __future__ import annotations

import hashlib
import json
from dataclasses import MISSING, fields
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from planner.domain.issued import IssuedOfficer, IssuedPerson, IssuedPlan, TeamBacklog
from planner.domain.taken import NOTHING, CountedDuty, TakenOver
from planner.domain.written import (
    AllocationRow,
    BacklogRow,
    NotPlannedRow,
    ScheduleRow,
    WorkloadRow,
    WrittenPlan,
)
from planner.history.faults import BadContentError
from planner.history.taken_json import taken_decision, taken_told

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA_VERSION = 1

_WRITTEN: dict[str, type] = {
    "allocation": AllocationRow,
    "schedule": ScheduleRow,
    "workload": WorkloadRow,
    "backlog": BacklogRow,
    "not_planned": NotPlannedRow,
}
_FACTS: dict[str, type] = {"people": IssuedPerson, "officers": IssuedOfficer}

Row = TypeVar("Row")


def canonical(content: Any) -> bytes:
    """JSON with sorted keys and no spaces, as UTF-8; dates as ISO text."""
    text = json.dumps(
        content,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
        default=date.isoformat,
    )
    return text.encode()


def issued_json(plan: IssuedPlan) -> bytes:
    """Everything of it; tables as their columns' names, then rows in the plan's order."""
    content: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "as_at": plan.as_at,
        "first_month": plan.first_month,
        "policy": dict(plan.policy),
    }
    content |= {name: _table(kind, getattr(plan, name)) for name, kind in _FACTS.items()}
    content |= {name: _table(kind, getattr(plan.written, name)) for name, kind in _WRITTEN.items()}
    if plan.team_backlog:
        content["team_backlog"] = _table(TeamBacklog, plan.team_backlog)
    if not plan.taken.is_empty:
        content["taken"] = [taken_told(decision) for decision in plan.taken.decisions]
        content["counted"] = _table(CountedDuty, plan.taken.counted)
    return canonical(content)


def run_id_of(first_month: date, content: bytes) -> str:
    """The first month and the first 8 hex digits of the content's SHA-256."""
    return f"{first_month:%Y-%m}-{hashlib.sha256(content).hexdigest()[:8]}"


def issued_plan(content: bytes, duties_before: date | None = None) -> IssuedPlan:
    """Back from ``issued_json``. Raises ``ValueError`` where it is nothing of the kind.

    With ``duties_before`` only duties and hours of earlier months, and neither allocation nor what
    was not planned: reading takes a third of the time.
    """
    try:
        told = json.loads(content)
        if told["schema_version"] != SCHEMA_VERSION:
            raise BadContentError(f"schema version {told['schema_version']} is not known")
        if duties_before is not None:
            _leave_out(told, duties_before)
        tables: dict[str, Any] = {
            name: _rows(kind, told[name]) for name, kind in {**_FACTS, **_WRITTEN}.items()
        }
        return IssuedPlan(
            as_at=date.fromisoformat(told["as_at"]),
            first_month=date.fromisoformat(told["first_month"]),
            policy=told["policy"],
            people=tables["people"],
            officers=tables["officers"],
            written=WrittenPlan(**{name: tables[name] for name in _WRITTEN}, run=()),
            taken=TakenOver(
                decisions=tuple(taken_decision(decision) for decision in told["taken"]),
                counted=_rows(CountedDuty, told["counted"]),
            )
            if "taken" in told
            else NOTHING,
            team_backlog=_rows(TeamBacklog, told["team_backlog"]) if "team_backlog" in told else (),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise BadContentError(f"it is no issued plan ({type(error).__name__})") from None


def _leave_out(told: dict[str, Any], duties_before: date) -> None:
    for name in ("allocation", "not_planned"):
        told[name]["rows"] = []
    for name in ("schedule", "workload"):
        month, before = told[name]["columns"].index("month"), duties_before.isoformat()
        told[name]["rows"] = [row for row in told[name]["rows"] if row[month] < before]


def _table(kind: type, rows: Iterable[Any]) -> dict[str, Any]:
    names = [field.name for field in fields(kind)]
    values = attrgetter(*names)
    return {"columns": names, "rows": [values(row) for row in rows]}


def _rows(kind: type[Row], table: dict[str, Any]) -> tuple[Row, ...]:
    """Rows of one kind; its own annotations say which fields are dates."""
    told: list[str] = table["columns"]
    own = fields(kind)  # type: ignore[arg-type]
    known = {field.name: "date" in str(field.type) for field in own}
    needed = {field.name for field in own if field.default is MISSING}
    if not needed <= set(told) <= set(known):
        raise BadContentError(f"its columns are not those of {kind.__name__}")
    dates = [place for place, name in enumerate(told) if known[name]]
    made = []
    for values in table["rows"]:
        for place in dates:
            if values[place] is not None:
                values[place] = date.fromisoformat(values[place])
        made.append(kind(**dict(zip(told, values, strict=True))))
    return tuple(made)
