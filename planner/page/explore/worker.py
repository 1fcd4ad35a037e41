"""One process that works for the page, one piece of work after another."""

from __future__ import annotations

import asyncio
import gc
import os
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, TypeVar

from planner.files.interrupts import left_alone, left_to_the_command
from planner.staffing.share import Share

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from planner.domain.register import Register
    from planner.levers import Scenario
    from planner.staffing.figures import PartFigures
    from planner.staffing.least import LeastOfPart
    from planner.staffing.share import PartName, Rung

T = TypeVar("T")
POLITE = 5
"""How far a process steps back behind those whose answers are waited for."""

QUIET = 1.0
"""Seconds without a question before a process looks for garbage."""

_own: list[Share] = []


class Worker:
    """A process of its own, which ends with this one; ``begin`` is done in it first."""

    def __init__(self, begin: Callable[..., None] | None = None, *args: object) -> None:
        context = get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, begin, args), daemon=True, name="planner explore"
        )
        self._free = asyncio.Lock()
        with left_alone():
            self._process.start()
        theirs.close()

    async def ask(self, work: Callable[..., T], *args: object) -> T:
        """Have some work done when it is its turn; whoever gives up waiting is passed over.

        Raises what the work raises, and ``EOFError`` where the process has ended.
        """
        await self._free.acquire()
        done = asyncio.ensure_future(asyncio.to_thread(self._exchange, work, args))
        done.add_done_callback(self._is_free)
        result: T = await asyncio.shield(done)
        return result

    def end(self) -> None:
        """End the process, whatever it is at."""
        self._process.terminate()
        self._process.join()
        self._line.close()

    def _exchange(self, work: Callable[..., T], args: tuple[object, ...]) -> T:
        self._line.send((work, args))
        result, error = self._line.recv()
        if error is not None:
            raise error
        found: T = result
        return found

    def _is_free(self, done: asyncio.Future[Any]) -> None:
        if not done.cancelled():
            done.exception()  # looked at, so that nobody complains where it was given up
        self._free.release()


def _serve(line: Connection, begin: Callable[..., None] | None, args: tuple[object, ...]) -> None:
    """In the process: work until the other end is closed.

    The collector of garbage would hold up an answer by a fifth of a second where it likes, so it
    runs only when nothing has been asked for a while.
    """
    left_to_the_command()
    gc.disable()
    if begin is not None:
        begin(*args)
    while True:
        if not line.poll(QUIET):
            gc.collect()
        try:
            work, given = line.recv()
        except EOFError:
            return
        try:
            line.send((work(*given), None))
        except Exception as error:  # whatever it is, it is told where it was asked
            line.send((None, error))


def begin_share(register: Register, number: int, shares: int) -> None:
    """Hold one share of a register's teams."""
    _own[:] = [Share(register, number, shares)]


def step_back() -> None:
    """Leave the processor to others who want it."""
    if hasattr(os, "nice"):
        os.nice(POLITE)


def settle_memory() -> None:
    """Let no collector of garbage look again at what is there to stay."""
    gc.collect()
    gc.freeze()


def parts(scenario: Scenario) -> tuple[PartName, ...]:
    return _own[0].parts(scenario)


def planned(scenario: Scenario, place: int) -> PartFigures:
    return _own[0].planned(scenario, place)


def proved(scenario: Scenario, place: int) -> PartFigures:
    return _own[0].proved(scenario, place)


def lacking(scenario: Scenario, place: int) -> PartFigures:
    return _own[0].lacking(scenario, place)


def earliest(scenario: Scenario) -> int | None:
    return _own[0].earliest(scenario)


def least(scenario: Scenario) -> tuple[tuple[int, LeastOfPart], ...]:
    return _own[0].least(scenario)


def way_on(scenario: Scenario, place: int, step: int, towards: int) -> tuple[bool, float] | None:
    return _own[0].way_on(scenario, place, step, towards)


def rung(scenario: Scenario, place: int, step: int) -> Rung | None:
    return _own[0].rung(scenario, place, step)
