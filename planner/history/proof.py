"""Whether decision files and the database's rows still say what was accepted.

A file's name holds the beginning of its SHA-256, and the database keeps each file's content: so a
change by hand is seen when the history is read, also one that left the length as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.errors import InputError
from planner.history.batch_json import is_content_of, read_batch_file
from planner.history.catch_up import edit_row
from planner.history.faults import UNUSABLE_HISTORY, history_finding
from planner.history.run_folder import DECISIONS, RUNS, changed_file, run_folder
from planner.history.schema import BATCH, EDIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from sqlalchemy import Connection

    from planner.domain.finding import Finding
    from planner.history.catch_up import Known
    from planner.history.run_folder import RunListing


def check(folder: Path, listed: Mapping[str, RunListing], known: Known, is_own: bool) -> None:
    """Raise ``InputError`` naming every run folder that is gone and every decision file changed.

    ``is_own``: the database serves this folder alone, so that each of its runs lies here.
    """
    findings: list[Finding] = []
    if is_own:
        findings += [_gone(run_id) for run_id in sorted(known.keys() - listed.keys())]
    findings += [
        changed_file(folder, run_id, name)
        for run_id, run in listed.items()
        for name in sorted(run.decisions)
        if not _is_whole(folder, run_id, name)
    ]
    if findings:
        raise InputError(findings, UNUSABLE_HISTORY)


def _gone(run_id: str) -> Finding:
    return history_finding(
        "missing-run",
        f"{RUNS}/{run_id}",
        "The history knows this run, and its folder is not there.",
        "Put it back. If it was deleted on purpose, delete history.sqlite too: it is built again "
        "from the runs that are left.",
    )


def _is_whole(folder: Path, run_id: str, name: str) -> bool:
    try:
        content = (run_folder(folder, run_id) / DECISIONS / name).read_bytes()
    except OSError:
        return False
    return is_content_of(name, content)


def are_as_accepted(connection: Connection, run_ids: Iterable[str]) -> bool:
    """Whether the database's edits of these runs are those of the batches that it keeps whole."""
    return all(_is_as_accepted(connection, run_id) for run_id in run_ids)


def _is_as_accepted(connection: Connection, run_id: str) -> bool:
    batches = select(BATCH.c.name, BATCH.c.version, BATCH.c.content).where(BATCH.c.run_id == run_id)
    expected = {}
    for name, version, content in connection.execute(batches):
        try:
            edits = read_batch_file(name, content.encode()).batch.edits
        except ValueError:
            return False
        for position, edit in enumerate(edits):
            expected[version, position] = edit_row(edit, version, position)
    rows = connection.execute(select(EDIT).where(EDIT.c.run_id == run_id)).mappings()
    return expected == {(row["version"], row["position"]): dict(row) for row in rows}
