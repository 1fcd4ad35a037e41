"""Kills a process of its own at a chosen step: before a file operation, a statement, a commit."""

from __future__ import annotations

import io
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

if TYPE_CHECKING:
    from collections.abc import Callable

WATCHED = frozenset({"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"})
SURVIVED = 7


def kill_at(step: int, work: Callable[[], None]) -> bool:
    """Do some work in a child process, killed before its ``step``-th step; whether it survived.

    Steps are what ``open``, ``os`` and SQLAlchemy do: each file to be opened, and opened but still
    empty; each file or folder made, renamed, removed or flushed; each statement and each commit.
    """
    child = os.fork()
    if child == 0:
        try:
            arm(step)
            work()
        except BaseException as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            os._exit(1)
        os._exit(SURVIVED)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return False
    assert os.WEXITSTATUS(status) == SURVIVED, "the work failed by itself"
    return True


def arm(step: int) -> None:
    """Kill this process before its ``step``-th step from now."""
    left = step

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(name: str, arguments: tuple[Any, ...]) -> None:
        if name in WATCHED and not str(arguments[0]).endswith((".py", ".pyc", "__pycache__")):
            count()

    real = os.fsync

    def fsync(fd: Any) -> None:
        count()
        real(fd)

    really_open = io.open

    def opened(*arguments: Any, **more: Any) -> Any:
        file = really_open(*arguments, **more)
        count()
        return file

    os.fsync = fsync
    io.open = opened
    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    sys.addaudithook(watch)
