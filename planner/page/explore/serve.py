"""Serve the page on this machine only, until it is idle for long or somebody stops it."""

from __future__ import annotations

import asyncio
import socket
import time
from typing import TYPE_CHECKING

import uvicorn

from planner.page.explore.app import Page, application
from planner.page.explore.engine import Engine
from planner.page.explore.guard import Guard
from planner.page.explore.team import Team

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.domain.register import Register
    from planner.page.explore.app import Export
    from planner.page.explore.kept import Kept

WAITING = 128
"""Connections that may wait to be let in."""
LOOK_EVERY = 1.0
"""Seconds between looks at whether anybody is still there."""


class Idle:
    """How long nobody has asked for anything."""

    def __init__(self, minutes: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = minutes * 60, clock
        self._last = clock()

    def touch(self) -> None:
        """Somebody asked."""
        self._last = self._clock()

    @property
    def is_over(self) -> bool:
        """Whether that is long enough to stop."""
        return self._clock() - self._last >= self._most


def serve(
    register: Register,
    kept: Kept,
    export: Export,
    *,
    idle_minutes: float,
    opened: Callable[[str], None],
) -> None:
    """Serve until idle or stopped; ``opened`` is told the address, which works once."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(WAITING)  # before the address is told: who comes early waits

        def page(stop: Callable[[], None]) -> Page:
            return Page(Engine(Team(register)), kept, export, stop)

        asyncio.run(_serve(page, Idle(idle_minutes), listening, opened))


async def _serve(
    made: Callable[[Callable[[], None]], Page],
    idle: Idle,
    listening: socket.socket,
    opened: Callable[[str], None],
) -> None:
    servers: list[uvicorn.Server] = []

    def stop() -> None:
        servers[0].should_exit = True

    guard = Guard(application(made(stop)), listening.getsockname()[1], idle.touch)
    config = uvicorn.Config(
        guard,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    servers.append(server)
    watching = asyncio.ensure_future(_watch(idle, server))
    opened(guard.address)
    try:
        await server.serve(sockets=[listening])
    finally:
        watching.cancel()


async def _watch(idle: Idle, server: uvicorn.Server) -> None:
    while not idle.is_over:
        await asyncio.sleep(LOOK_EVERY)
    server.should_exit = True
