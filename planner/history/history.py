"""The history of a plan's folder: what was issued, accepted and done, run by run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Self

from sqlalchemy import select

from planner.domain.decision import DecisionKind, Edit, EditField
from planner.files.lock import sole_writer
from planner.files.save import save_atomically
from planner.history.batch import AcceptedEdit, Applied, Conflict, DoneDuty, Run
from planner.history.batch_json import batch_file, read_batch_file
from planner.history.catch_up import (
    are_apart,
    catch_up,
    insert_batch,
    known_batches,
    run_version,
)
from planner.history.database import Database
from planner.history.faults import changed_database, history_fault
from planner.history.new_run import put_run
from planner.history.proof import are_as_accepted, check
from planner.history.run_folder import DECISIONS, RUNS, list_runs, read_issued, run_folder
from planner.history.schema import ACCEPTED, DUTY_DONE, RUN
from planner.history.stamps import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from sqlalchemy import Connection, Row

    from planner.domain.issued import IssuedRun
    from planner.history.batch import DecisionBatch, Key
    from planner.history.batch_json import BatchFile
    from planner.history.run_folder import RunListing

HISTORY_VARIABLE = "PLANNER_HISTORY"
"""Environment variable with the URL of the database to use."""


class History:
    """Open it with ``History.open``, in a ``with`` statement.

    Each method raises ``OutputError`` where the database or the folder is kept by another program
    or can't be written, and ``InputError`` where one of them is not what it should be.
    """

    def __init__(self, folder: Path, database: Database) -> None:
        self._folder = folder
        self._database = database
        self._run_ids: tuple[str, ...] = ()

    @classmethod
    def open(cls, folder: Path, url: str | None = None, at_hand: IssuedRun | None = None) -> Self:
        """The history of a plan's folder, made where there is none, brought up to date.

        ``url`` names another database than ``history.sqlite`` in the folder; where it is None the
        environment variable PLANNER_HISTORY may. Run folders without their rows, and rows without
        their files, are put right. Nothing is written where all is in order. ``at_hand`` is a run
        whose folder has just been written, so that it need not be read back.
        """
        if not folder.is_dir():
            raise history_fault(
                "no-folder",
                folder.name,
                "There is no such folder.",
                "Name the folder given to planner plan --out.",
            )
        history = cls(folder, Database(folder, url or os.environ.get(HISTORY_VARIABLE) or None))
        try:
            history._bring_up_to_date(at_hand)
        except BaseException:
            history._database.close()
            raise
        return history

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def runs(self) -> tuple[Run, ...]:
        """The runs of this folder, by first month, then by when they were issued."""
        asked = select(RUN).where(RUN.c.run_id.in_(self._run_ids))
        with self._database.reading() as connection:
            found = connection.execute(
                asked.order_by(RUN.c.first_month, RUN.c.issued_at, RUN.c.run_id)
            ).all()
        return tuple(
            Run(
                run_id=row.run_id,
                first_month=row.first_month,
                as_at=row.as_at,
                issued_at=moment(row.issued_at),
            )
            for row in found
        )

    def issue(self, run: IssuedRun) -> None:
        """Keep a run as issued. One that is there already stays as it was, its time too."""
        with sole_writer(self._folder / RUNS):
            is_new = put_run(self._folder, run)
        self._bring_up_to_date(run if is_new else None)

    def issued(self, run_id: str, duties_before: date | None = None) -> IssuedRun:
        """A run as it was issued.

        With ``duties_before`` only the register's facts, the backlog, and duties and hours of
        earlier months: what many runs are compared by is read in a third of the time.
        """
        self._known(run_id)
        return read_issued(self._folder, run_id, duties_before)

    def version(self, run_id: str) -> int:
        """How many batches of the run have been accepted."""
        self._known(run_id)
        with self._database.reading() as connection:
            return run_version(connection, run_id)

    def accept(self, batch: DecisionBatch) -> Applied:
        """Accept all edits of a batch, or none.

        Once its file is in ``runs/RUN-ID/decisions/`` it is accepted, whatever becomes of the
        database. Raises ``Conflict`` where one of its keys was given another value after the
        version it was read at.
        """
        self._known(batch.run_id)
        with sole_writer(self._folder / RUNS):
            self._bring_together()
            with self._database.writing() as connection:
                changed = _changed_since(connection, batch)
                if changed:
                    raise Conflict(changed)
                version = run_version(connection, batch.run_id) + 1
                made = _whole_file(batch, version)
                insert_batch(connection, made, version)
                path = run_folder(self._folder, batch.run_id) / DECISIONS / made.name
                save_atomically(path, made.content)
        return Applied(run_id=batch.run_id, name=made.name, version=version, edits=len(batch.edits))

    def accepted(self, run_id: str) -> Mapping[Key, AcceptedEdit]:
        """What was last said of each field of each decision, taken back (value None) included."""
        self._known(run_id)
        asked = select(ACCEPTED).where(ACCEPTED.c.run_id == run_id)
        with self._database.reading() as connection:
            self._prove(connection, [run_id])
            found = connection.execute(
                asked.order_by(ACCEPTED.c.decision_ref, ACCEPTED.c.field)
            ).all()
        edits = [_accepted_edit(row) for row in found]
        return {(said.edit.decision_ref, said.edit.field): said for said in edits}

    def done(self, run_id: str | None = None) -> tuple[DoneDuty, ...]:
        """Duties with a Done on date, of one run or of all, in the order of ``runs``."""
        wanted = [run.run_id for run in self.runs() if run_id in (None, run.run_id)]
        asked = select(DUTY_DONE).where(DUTY_DONE.c.run_id.in_(wanted))
        with self._database.reading() as connection:
            self._prove(connection, wanted)
            found = connection.execute(asked.order_by(DUTY_DONE.c.decision_ref)).all()
        return tuple(
            sorted((_done_duty(row) for row in found), key=lambda done: wanted.index(done.run_id))
        )

    def _prove(self, connection: Connection, run_ids: Iterable[str]) -> None:
        """Raise ``InputError`` where the database's edits are not those that were accepted."""
        if not are_as_accepted(connection, run_ids):
            raise changed_database(self._database.name)

    def _known(self, run_id: str) -> None:
        if run_id not in self._run_ids:
            raise history_fault(
                "unknown-run",
                RUNS,
                f"There is no run {run_id} in this folder.",
                "Name the folder of the plan that the workbook was made from; planner plan "
                "--previous carries earlier runs over.",
            )

    def _bring_up_to_date(self, at_hand: IssuedRun | None) -> None:
        """Made, migrated, and holding what the run folders hold; else nothing is written."""
        self._database.migrate()
        listed, apart = self._compared()
        if apart:
            with sole_writer(self._folder / RUNS):
                listed = self._bring_together(at_hand)
        self._run_ids = tuple(listed)

    def _compared(self) -> tuple[dict[str, RunListing], bool]:
        """What lies in the run folders, and whether the database holds something else.

        The database is asked first: others write the folders before it, so that what it knows is
        there by the time the folders are listed.
        """
        with self._database.reading() as connection:
            known = known_batches(connection)
        listed = list_runs(self._folder)
        check(self._folder, listed, known, self._database.is_own)
        return listed, are_apart(listed, known)

    def _bring_together(self, at_hand: IssuedRun | None = None) -> dict[str, RunListing]:
        """Catch up, as the folder's only writer; what lies in the run folders."""
        listed, apart = self._compared()
        if apart:
            with self._database.writing() as connection:
                known = known_batches(connection)
                catch_up(connection, self._folder, listed, known, at_hand)
        return list_runs(self._folder) if apart else listed


def _whole_file(batch: DecisionBatch, version: int) -> BatchFile:
    """The batch's file, proved to read back. Raises ``InputError`` where a value can't be kept."""
    try:
        made = batch_file(batch, version)
        if b"\\u0000" in made.content:
            raise ValueError
        return read_batch_file(made.name, made.content)
    except ValueError as error:
        raise history_fault(
            "unkept-value",
            batch.workbook,
            "A cell holds characters or a number that cannot be kept.",
            "Enter its value anew, as plain text, a number or a date.",
        ) from error


def _changed_since(connection: Connection, batch: DecisionBatch) -> list[Key]:
    """The batch's keys that were given another value after the version it was read at."""
    asked = select(ACCEPTED).where(
        ACCEPTED.c.run_id == batch.run_id, ACCEPTED.c.version > batch.read_at
    )
    newer = {}
    for row in connection.execute(asked):
        newer[row.decision_ref, EditField(row.field)] = _value(row)
    wanted = {(edit.decision_ref, edit.field): edit.value for edit in batch.edits}
    return sorted(key for key, value in wanted.items() if key in newer and newer[key] != value)


def _value(row: Row[tuple[object, ...]]) -> object:
    told = (row.value_text, row.value_number, row.value_date)
    return next((value for value in told if value is not None), None)


def _accepted_edit(row: Row[tuple[object, ...]]) -> AcceptedEdit:
    edit = Edit(
        run_id=row.run_id,
        decision_ref=row.decision_ref,
        ref=row.ref,
        kind=DecisionKind(row.kind),
        month=row.month,
        field=EditField(row.field),
        value=_value(row),  # type: ignore[arg-type]
        by=row.said_by,
        workbook=row.workbook,
        cell=row.cell,
    )
    return AcceptedEdit(
        edit=edit, at=moment(row.at), version=row.version, applied_by=row.applied_by
    )


def _done_duty(row: Row[tuple[object, ...]]) -> DoneDuty:
    return DoneDuty(
        run_id=row.run_id,
        decision_ref=row.decision_ref,
        ref=row.ref,
        kind=DecisionKind(row.kind),
        month=row.month,
        done_on=row.done_on,
        result=row.result,
        hours_taken=row.hours_taken,
        by=row.said_by,
        at=moment(row.at),
    )
