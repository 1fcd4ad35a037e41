"""Write a file whole or not at all: the last good one survives a full disk, a crash, a kill."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable

PATIENCE_SECONDS = 2.5
"""How long to wait for a target that another program (Excel on Windows) holds open."""

_PAUSE_SECONDS = 0.25


def save_atomically(path: Path, data: bytes, *, sync: bool = True) -> None:
    """Put ``data`` at ``path``, readable by its owner only, creating parent folders.

    Without ``sync`` a power cut may still lose the name: call ``sync_folders`` once all are there.

    The bytes go to a temporary file in the same folder first, so that replacing is one step of the
    file system. Raises ``OutputError`` where that cannot be done, leaving what stood at ``path``
    as it was and nothing beside it.
    """
    try:
        if path.is_dir():
            raise OutputError(f"{path} is a folder, so no file can be written there. Name a file.")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = _written_beside(path, data)
    except OSError as error:
        raise OutputError(_cannot_write(path, error)) from error
    try:
        replace_patiently(temporary, path)
        if sync:
            sync_folder(path.parent)
    except PermissionError as error:
        raise OutputError(_held_open(path)) from error
    except OSError as error:
        raise OutputError(_cannot_write(path, error)) from error
    finally:
        _remove(temporary)


def _written_beside(path: Path, data: bytes) -> Path:
    """Write the bytes, flushed to the disk, to a file of mode 0600 in the target's folder."""
    handle, name = tempfile.mkstemp(prefix=".planner-", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        _remove(Path(name))
        raise
    return Path(name)


def move_atomically(source: Path, path: Path, *, sync: bool = True) -> None:
    """Put a file that is already written in the place of another, on the same disk.

    Without ``sync`` as for ``save_atomically``.
    Raises ``OutputError`` where that cannot be done, leaving both as they were.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_patiently(source, path)
        if sync:
            sync_folder(path.parent)
    except PermissionError as error:
        raise OutputError(_held_open(path)) from error
    except OSError as error:
        raise OutputError(_cannot_write(path, error)) from error


def replace_patiently(temporary: Path, path: Path) -> None:
    """Windows refuses to replace a file that is open; that is often over in a moment."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            temporary.replace(path)
        except PermissionError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def sync_folders(folders: Iterable[Path]) -> None:
    """Make all names in some folders survive a power cut. Raises ``OutputError``."""
    for folder in sorted(set(folders)):
        try:
            sync_folder(folder)
        except OSError as error:
            raise OutputError(_cannot_write(folder, error)) from error


def sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut. Windows cannot open a folder, nor need to."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(temporary: Path) -> None:
    with contextlib.suppress(OSError):
        temporary.unlink(missing_ok=True)


def _held_open(path: Path) -> str:
    return (
        f"{path} could not be replaced: another program has it open, or it is write-protected. "
        "Close it in Excel, check that you may write in its folder, and run the command again."
    )


def _cannot_write(path: Path, error: OSError) -> str:
    reason = error.strerror or type(error).__name__
    return (
        f"{path} cannot be written ({reason}). Check that the folder exists, that you may write "
        "there and that the disk has room, or choose another place."
    )
