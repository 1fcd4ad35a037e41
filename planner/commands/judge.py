"""The plan workbook read back and judged, in a process of its own while others are written."""

from __future__ import annotations

import gc
import os
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING

from planner.errors import OutputError
from planner.files.interrupts import left_alone, left_to_the_command
from planner.verify.verifier import verify
from planner.workbooks.plan_read import read_plan_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from planner.domain.register import Register
    from planner.domain.verdict import Verdict

    Gist = tuple[object, ...]

LARGE = 500
"""People on a register from which another process pays: below, it takes longer to begin."""


class Judge:
    """Whether a plan workbook says to the verifier what the rows said that it was made from."""

    def __init__(self, register: Register, executor: ProcessPoolExecutor | None) -> None:
        self._register = register
        self._executor = executor
        self._data = b""
        self._found: Future[Gist] | None = None

    def begin(self, data: bytes) -> None:
        """Take the workbook's bytes; they are read and judged while other work goes on."""
        self._data = data
        if self._executor is not None:
            try:
                self._found = self._executor.submit(_judge, self._register, data)
            except (BrokenExecutor, OSError):
                self._found = None

    def check(self, path: Path, verdict: Verdict) -> None:
        """Make sure of the file as it lies on the disk, the bytes that were taken.

        Raises ``OutputError`` where it is not what was taken or is judged otherwise than its rows,
        and ``InputError`` where it can't be read as a plan.
        """
        if path.read_bytes() != self._data or self._gist() != gist(verdict):
            raise OutputError(
                f"{path} does not read back as it was written. Do not use it; run the plan again."
            )

    def _gist(self) -> Gist:
        """What is found; where the other process has died, or never began, found here."""
        if self._found is not None:
            try:
                return self._found.result()
            except BrokenExecutor:
                self._found = None
        return _judge(self._register, self._data)


@contextmanager
def judging(register: Register) -> Iterator[Judge]:
    """A judge; its process begins at once where the register is large and there are cores."""
    if len(register.offenders) < LARGE or (os.cpu_count() or 1) < 2:
        yield Judge(register, None)
        return
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_sit) as executor:
        try:
            with left_alone():
                executor.submit(os.getpid)
        except (BrokenExecutor, OSError):  # the system gives no more processes
            yield Judge(register, None)
        else:
            yield Judge(register, executor)


def gist(verdict: Verdict) -> Gist:
    """What two verdicts on the same plan agree in: how often each rule is kept, broken, forced."""
    rules = tuple((f.rule, f.checked, f.broken, f.forced) for f in verdict.findings)
    return rules, len(verdict.discrepancies)


def _judge(register: Register, data: bytes) -> Gist:
    return gist(verify(register, read_plan_bytes(data)))


def _sit() -> None:
    """In the other process."""
    left_to_the_command()
    gc.disable()  # it lives for one plan
