"""Answers in stages: first what a change does to the months, then what is proved, then the curve.

The months of the best plan come first, within about half a second where two processors are free.
They are those of one best plan; ``planner staffing`` may have found another of the same cost. So
at last the run is settled: worked out again as the command does, and shown as final only then.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.months import Horizon
from planner.levers import TODAY
from planner.page.explore import worker
from planner.page.explore.answer import Answer
from planner.page.explore.climb import climb, level_outlooks
from planner.staffing.figures import Question, outlook_from
from planner.staffing.least import Least
from planner.staffing.levels import levels_around
from planner.staffing.share import run_0_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from planner.levers import Change, Scenario
    from planner.page.explore.climb import Level
    from planner.page.explore.team import Parts, Team
    from planner.staffing.figures import PartFigures

MOST_KEPT = 64
_Changes = tuple["Change", ...]


class Engine:
    """Answers what a scenario does; what has been settled is kept."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.register = team.register
        self._horizon = Horizon(team.register.as_at)
        self._settled: OrderedDict[_Changes, Answer] = OrderedDict()
        self._settling: dict[_Changes, asyncio.Task[Answer]] = {}
        self.base: Answer | None = None
        """Run 0 with its whole curve, once known."""

    async def begin(self) -> None:
        """Work out today, so that what-ifs need not."""
        async for answer in self.stages(TODAY):
            if answer.has_all_levels:
                self.base = answer
                break
        await self.team.settle_memory()
        await self.settled(TODAY)

    async def stages(self, scenario: Scenario) -> AsyncIterator[Answer]:
        """The answer as it grows, the last one settled."""
        asked = self._question(scenario)
        parts = await self.team.parts(scenario)
        answer = Answer(
            scenario=scenario, outlook=outlook_from(asked, await parts.every(worker.planned))
        )
        yield answer
        proved = await parts.every(worker.proved)
        answer = replace(answer, outlook=outlook_from(asked, proved), is_proved=True)
        yield answer
        least, earliest = await self._least(scenario), await self._earliest(scenario)
        answer = replace(answer, outlook=outlook_from(asked, proved, earliest), least=least)
        yield answer
        levels = answer.levels
        async for grown in self._with_levels(answer, parts, least):
            levels = grown.levels
            yield grown
        final = await self.settled(scenario)
        yield replace(final, levels=levels, has_all_levels=True)

    async def run_0(self, scenario: Scenario) -> Answer:
        """Today, asked for the scenario's deadline: figures to take differences from."""
        today = run_0_of(scenario)
        if today.changes in self._settled:
            return self._settled[today.changes]
        parts = await self.team.parts(today)
        proved: Sequence[PartFigures] = await parts.every(worker.proved)
        outlook = outlook_from(self._question(today), proved)
        return Answer(scenario=today, outlook=outlook, is_proved=True)

    async def settled_run_0(self, scenario: Scenario) -> Answer:
        """Today, asked for the scenario's deadline, as the command works it out."""
        return await self.settled(run_0_of(scenario))

    async def settled(self, scenario: Scenario) -> Answer:
        """The run as the command works it out, once for all who ask; without a curve."""
        key = scenario.changes
        if key not in self._settled:
            if key not in self._settling:
                self._settling[key] = asyncio.ensure_future(self._settle(scenario))
            await asyncio.shield(self._settling[key])
        found = self._settled[key]
        return replace(found, scenario=scenario)

    async def _settle(self, scenario: Scenario) -> Answer:
        try:
            found = await self.team.settled(scenario)
            asked = self._question(scenario)
            answer = Answer(
                scenario=scenario,
                outlook=outlook_from(asked, found.parts, found.earliest),
                is_proved=True,
                has_lacking=True,
                least=found.least,
                is_settled=True,
            )
            self._settled[scenario.changes] = answer
            if len(self._settled) > MOST_KEPT:
                self._settled.popitem(last=False)
            return answer
        finally:
            self._settling.pop(scenario.changes, None)

    async def _least(self, scenario: Scenario) -> Least:
        found = [one for own in await self.team.each(worker.least, scenario) for one in own]
        ordered = sorted(found, key=lambda one: one[0])
        return Least(deadline=scenario.deadline, parts=tuple(part for _, part in ordered))

    async def _earliest(self, scenario: Scenario) -> int | None:
        months = await self.team.each(worker.earliest, scenario)
        known = [month for month in months if month is not None]
        return max(known) if len(known) == len(months) else None

    async def _with_levels(
        self, answer: Answer, parts: Parts, least: Least
    ) -> AsyncIterator[Answer]:
        """The answer with its curve as it grows."""
        low, high = levels_around(least)
        asked = self._question(answer.scenario)
        met: list[Level] = []
        async for level in climb(parts, least.today - low, high - least.today):
            met.append(level)
            levels = level_outlooks(met, parts.names, asked, least)
            answer = replace(answer, levels=levels)
            yield answer
        yield replace(answer, has_all_levels=True)

    def _question(self, scenario: Scenario) -> Question:
        return Question(name=scenario.name, deadline=scenario.deadline, horizon=self._horizon)
