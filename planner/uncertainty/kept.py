"""Batches that are done, kept in the output's folder until the run ends: a run can be taken up.

Each is a file of its own, named by its key, written whole or not at all, readable by its owner
only. Numbers of duties overdue are all that stands in it; no person does.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from planner.files.lock import LOCK_FILE, sole_writer
from planner.files.save import save_atomically
from planner.uncertainty.batches import as_bytes, from_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from planner.uncertainty.batches import Batch, Played

FOLDER = "draws-unfinished"


class Kept:
    """The batches kept in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, batch: Batch) -> Played | None:
        """What was kept of a batch; None where nothing whole was."""
        try:
            data = self._path(batch.key).read_bytes()
        except OSError:
            return None
        return from_bytes(data, batch)

    def put(self, done: Played) -> None:
        """Keep a batch. Raises ``OutputError``."""
        save_atomically(self._path(done.key), as_bytes(done), sync=False)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.json"


@contextmanager
def kept_in(out: Path) -> Iterator[Kept]:
    """The batches kept in an output folder, held against every other planner.

    They are removed once the work within is done, and stay where it fails or is killed. Raises
    ``OutputError``.
    """
    folder = out / FOLDER
    with sole_writer(folder):
        yield Kept(folder)
        for path in folder.iterdir():
            if path.name != LOCK_FILE:
                path.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
