"""Carries the runs of last month's folder over, so that each folder is whole by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.errors import InputError, OutputError
from planner.files.lock import sole_writer
from planner.files.save import save_atomically
from planner.history.faults import UNUSABLE_HISTORY, history_finding
from planner.history.new_run import settle, stage_files
from planner.history.run_folder import (
    DECISIONS,
    ISSUED,
    RUN_RECORD,
    RUNS,
    list_runs,
    read_decisions,
    read_issued,
    run_folder,
)

if TYPE_CHECKING:
    from pathlib import Path

_MANIFEST = "manifest.json"


def carry_over(previous: Path, out: Path) -> tuple[str, ...]:
    """Copy every run of one plan's folder into another's; the ids of those that were new there.

    Decisions that ``out`` lacks are copied into runs it has already. Nothing happens where both
    are the same folder. Raises ``InputError`` naming what cannot be read in ``previous`` or
    differs between the two, ``OutputError`` where ``out`` cannot be written.
    """
    if previous.resolve() == out.resolve():
        return ()
    theirs = list_runs(previous)
    for run_id, run in theirs.items():
        read_issued(previous, run_id)
        for name in sorted(run.decisions):
            read_decisions(previous, run_id, name)
    if not theirs:
        return ()
    carried = []
    with sole_writer(out / RUNS):
        ours = list_runs(out)
        for run_id, run in theirs.items():
            if run_id not in ours:
                _copy_run(previous, out, run_id, tuple(sorted(run.decisions)))
                carried.append(run_id)
                continue
            _same_run(previous, out, run_id)
            for name in sorted(run.decisions - ours[run_id].decisions):
                way = f"{DECISIONS}/{name}"
                save_atomically(run_folder(out, run_id) / way, _bytes(previous, run_id, way))
    return tuple(carried)


def _copy_run(previous: Path, out: Path, run_id: str, decisions: tuple[str, ...]) -> None:
    names = [ISSUED, RUN_RECORD, *(f"{DECISIONS}/{name}" for name in decisions)]
    if (run_folder(previous, run_id) / _MANIFEST).is_file():
        names.append(_MANIFEST)
    files = {name: _bytes(previous, run_id, name) for name in names}
    settle(stage_files(out, run_id, files), run_folder(out, run_id))


def _bytes(previous: Path, run_id: str, name: str) -> bytes:
    path = run_folder(previous, run_id) / name
    try:
        return path.read_bytes()
    except OSError as error:
        raise OutputError(
            f"{RUNS}/{run_id}/{name} cannot be read ({error.strerror}), so the history could not "
            "be carried over. Run the command again."
        ) from error


def _same_run(previous: Path, out: Path, run_id: str) -> None:
    """Raise ``InputError`` where two folders hold different plans under one id."""
    if read_issued(previous, run_id).plan != read_issued(out, run_id).plan:
        finding = history_finding(
            "other-run",
            f"{RUNS}/{run_id}",
            "The two folders hold different plans under this id.",
            "Write the plan into a new folder.",
        )
        raise InputError([finding], UNUSABLE_HISTORY)
