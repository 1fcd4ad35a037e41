"""One writer at a time in a folder, over all processes; the lock dies with the process."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from planner.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE_SECONDS = 60.0
"""How long to wait for another writer.

Accepting a workbook takes far less; making a deleted history anew may take half a minute.
"""

LOCK_FILE = ".lock"


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold a folder against every other writer, making it where it is not there yet.

    A thread that holds it already may take it again. Raises ``OutputError`` where somebody else
    keeps it, or where the folder cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(
            folder.resolve() / LOCK_FILE, timeout=PATIENCE_SECONDS, mode=0o600, is_singleton=True
        )
        lock.acquire()
    except Timeout as error:
        raise OutputError(
            f"Another planner has been writing into {folder} for {PATIENCE_SECONDS:g} seconds. "
            "Nothing was changed. Wait until it is done and run the command again."
        ) from error
    except (OSError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise OutputError(
            f"The folder {folder} cannot be written ({reason}). Check that it is a folder and that "
            "you may write there, or choose another place."
        ) from error
    try:
        yield
    finally:
        lock.release()
