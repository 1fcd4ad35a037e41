"""Makes run folders whole: written under another name, then renamed in one step."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from planner.errors import OutputError
from planner.files.save import move_atomically, save_atomically, sync_folders
from planner.history.run_folder import (
    DECISIONS,
    NEW,
    RUN_RECORD,
    RUNS,
    run_files,
    run_folder,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planner.domain.issued import IssuedRun

# Whoever calls these holds the folder: planner.files.lock.sole_writer(folder / RUNS).


def put_run(folder: Path, run: IssuedRun) -> bool:
    """Make the run's folder; whether it is new. One that is there already stays as it was."""
    files = run_files(run)
    is_new = not is_there(folder, run.run_id, files)
    if is_new:
        settle(stage_files(folder, run.run_id, files), run_folder(folder, run.run_id))
    return is_new


def is_there(folder: Path, run_id: str, files: Mapping[str, bytes]) -> bool:
    """Whether this very run has its folder.

    Raises ``OutputError`` where another plan has its id.
    """
    record = run_folder(folder, run_id) / RUN_RECORD
    if not record.parent.exists():
        return False
    try:
        there = json.loads(record.read_bytes())["issued_sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OutputError(
            f"{RUNS}/{run_id}/{RUN_RECORD} cannot be read. Put it back from a backup; nothing was "
            "changed."
        ) from error
    if there != json.loads(files[RUN_RECORD])["issued_sha256"]:
        raise OutputError(
            f"Another plan was issued as {run_id} already. Write this one into another folder."
        )
    return True


def stage_files(folder: Path, run_id: str, files: Mapping[str, bytes]) -> Path:
    """Write files, named by their way from the run's folder, into ``runs/RUN-ID.new``."""
    staged = folder / RUNS / f"{run_id}{NEW}"
    sweep(folder)
    for name, data in sorted(files.items()):
        save_atomically(staged / name, data, sync=False)
    sync_folders({staged, *((staged / name).parent for name in files)})
    return staged


def settle(staged: Path, place: Path) -> None:
    """Give a folder that is written whole its name, in one step."""
    move_atomically(staged, place)


def sweep(folder: Path) -> None:
    """Remove what writers that were killed have left in ``runs``: nothing of it was ever issued."""
    runs = folder / RUNS
    for leftover in runs.glob(f"*{NEW}"):
        shutil.rmtree(leftover, ignore_errors=True)
    for pattern in (f"*/{DECISIONS}/.planner-*.tmp", "*/.planner-*.tmp"):
        for leftover in runs.glob(pattern):
            leftover.unlink(missing_ok=True)
