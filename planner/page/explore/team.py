"""The processes that answer together, and who of them has which part."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, TypeVar

from planner.page.explore import worker
from planner.page.explore.worker import Worker, begin_share, settle_memory, step_back
from planner.staffing.share import settled

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.domain.register import Register
    from planner.levers import Scenario
    from planner.staffing.figures import Settled

T = TypeVar("T")
MOST_SHARES = 8


class Team:
    """A process for each share of the teams, and one more for what is not waited for."""

    def __init__(self, register: Register, shares: int | None = None) -> None:
        self.register = register
        number = shares or min(os.cpu_count() or 1, MOST_SHARES)
        self._shares = [Worker(begin_share, register, n, number) for n in range(number)]
        self._aside = Worker(step_back)

    async def each(self, work: Callable[..., T], *args: object) -> list[T]:
        """What each share makes of the same."""
        return list(await asyncio.gather(*(one.ask(work, *args) for one in self._shares)))

    async def parts(self, scenario: Scenario) -> Parts:
        """The parts of a scenario's register."""
        found = await self.each(worker.parts, scenario)
        owners = {
            part.place: share
            for share, own in zip(self._shares, found, strict=True)
            for part in own
        }
        names = {part.place: part.name for own in found for part in own}
        return Parts(scenario, owners, names)

    async def settled(self, scenario: Scenario) -> Settled:
        """A run worked out from the start, as the command does; this takes its time."""
        return await self._aside.ask(settled, self.register, scenario)

    async def aside(self, work: Callable[..., T], *args: object) -> T:
        """Other work that takes its time."""
        return await self._aside.ask(work, *args)

    async def settle_memory(self) -> None:
        """Call it once when today has been worked out."""
        await self.each(settle_memory)

    def end(self) -> None:
        """End all processes."""
        for one in (*self._shares, self._aside):
            one.end()


class Parts:
    """The parts of one scenario, each with the process that has it."""

    def __init__(
        self, scenario: Scenario, owners: dict[int, Worker], names: dict[int, str]
    ) -> None:
        self.scenario, self._owners, self.names = scenario, owners, names

    @property
    def places(self) -> list[int]:
        """Their places, in order."""
        return sorted(self._owners)

    async def every(self, work: Callable[..., T], *args: object) -> list[T]:
        """Some work for every part, in order of place."""
        return list(await asyncio.gather(*(self.one(p, work, *args) for p in self.places)))

    async def one(self, place: int, work: Callable[..., T], *args: object) -> T:
        """Some work for one part."""
        return await self._owners[place].ask(work, self.scenario, place, *args)
