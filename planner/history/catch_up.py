"""Brings the database and the run folders together: neither keeps what the other lacks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from planner.files.save import save_atomically
from planner.history.batch_json import is_content_of
from planner.history.faults import changed_database
from planner.history.run_folder import DECISIONS, read_decisions, read_issued, run_folder
from planner.history.schema import BATCH, EDIT, HOLDING, PLANNED_DUTY, RUN
from planner.history.stamps import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqlalchemy import Connection

    from planner.domain.decision import Edit
    from planner.domain.issued import IssuedRun
    from planner.history.batch_json import BatchFile
    from planner.history.run_folder import RunListing

Known = dict[str, set[str]]
"""The names of the batches' files by run."""


def known_batches(connection: Connection) -> Known:
    """What the database holds."""
    known: Known = {run_id: set() for run_id in connection.scalars(select(RUN.c.run_id))}
    for run_id, name in connection.execute(select(BATCH.c.run_id, BATCH.c.name)):
        known[run_id].add(name)
    return known


def are_apart(listed: Mapping[str, RunListing], known: Known) -> bool:
    """Whether either side has what the other lacks."""
    return any(
        run_id not in known or known[run_id] != run.decisions for run_id, run in listed.items()
    )


def catch_up(
    connection: Connection,
    folder: Path,
    listed: Mapping[str, RunListing],
    known: Known,
    at_hand: IssuedRun | None = None,
) -> None:
    """Put into the database what only the folders have, and the other way round.

    ``at_hand`` need not be read from its folder. Raises ``InputError`` naming a file that cannot
    be read.
    """
    for run_id, run in listed.items():
        if run_id not in known:
            known_run = at_hand if at_hand is not None and at_hand.run_id == run_id else None
            insert_run(connection, known_run or read_issued(folder, run_id))
        here = known.get(run_id, set())
        found = [read_decisions(folder, run_id, n) for n in run.decisions - here]
        for file in sorted(found, key=lambda f: (f.version, f.batch.at, f.name)):
            insert_batch(connection, file, run_version(connection, run_id) + 1)
        for name in sorted(here - run.decisions):
            _write_back(connection, folder, run_id, name)


def _write_back(connection: Connection, folder: Path, run_id: str, name: str) -> None:
    """A decision that was accepted through another folder, or whose file somebody deleted."""
    asked = select(BATCH.c.content).where(BATCH.c.run_id == run_id, BATCH.c.name == name)
    content = str(connection.execute(asked).scalar_one()).encode()
    if not is_content_of(name, content):
        raise changed_database("history database")
    save_atomically(run_folder(folder, run_id) / DECISIONS / name, content)


def run_version(connection: Connection, run_id: str) -> int:
    """How many batches of a run were accepted."""
    asked = select(func.coalesce(func.max(BATCH.c.version), 0)).where(BATCH.c.run_id == run_id)
    return int(connection.execute(asked).scalar_one())


def insert_run(connection: Connection, run: IssuedRun) -> None:
    plan = run.plan
    connection.execute(
        insert(RUN),
        {
            "run_id": run.run_id,
            "first_month": plan.first_month,
            "as_at": plan.as_at,
            "issued_at": stamp(run.issued_at),
        },
    )
    holdings = [
        {
            "run_id": run.run_id,
            "ref": row.ref,
            "from_month": row.month,
            "som": row.som,
            "previous_som": row.previous_som,
            "reason": row.reason,
        }
        for row in plan.written.allocation
    ]
    duties = [
        {
            "run_id": run.run_id,
            "ref": row.ref,
            "kind": row.duty,
            "month": row.month,
            "risk_level": row.level,
            "som": row.som,
            "done_by": row.done_by,
            "due": row.due,
        }
        for row in plan.written.schedule
    ]
    for table, rows in ((HOLDING, holdings), (PLANNED_DUTY, duties)):
        if rows:
            connection.execute(insert(table), rows)


def insert_batch(connection: Connection, file: BatchFile, version: int) -> None:
    """A batch as the next version of its run, whatever its file was called when accepted."""
    batch = file.batch
    connection.execute(
        insert(BATCH),
        {
            "run_id": batch.run_id,
            "name": file.name,
            "version": version,
            "at": stamp(batch.at),
            "applied_by": batch.by,
            "workbook": batch.workbook,
            "size": len(file.content),
            "content": file.content.decode(),
        },
    )
    rows = [edit_row(edit, version, position) for position, edit in enumerate(batch.edits)]
    connection.execute(insert(EDIT), rows)


def edit_row(edit: Edit, version: int, position: int) -> dict[str, Any]:
    """An edit as a row of the database."""
    value = edit.value
    return {
        "run_id": edit.run_id,
        "version": version,
        "position": position,
        "decision_ref": edit.decision_ref,
        "ref": edit.ref,
        "kind": edit.kind.value,
        "month": edit.month,
        "field": edit.field.value,
        "value_text": value if isinstance(value, str) else None,
        "value_number": float(value) if isinstance(value, int | float) else None,
        "value_date": value if isinstance(value, date) else None,
        "said_by": edit.by,
        "workbook": edit.workbook,
        "cell": edit.cell,
    }
