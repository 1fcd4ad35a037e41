"""Ctrl-C while other processes begin."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def left_alone() -> Iterator[None]:
    """While workers start, Ctrl-C would end them before they know to leave it to the command."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def left_to_the_command() -> None:
    """In a process that works for the command: Ctrl-C is for the command, which then says so."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
