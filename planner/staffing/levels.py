"""The curve: what is proved at each number of officers, and where they are put or taken."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.levers import TODAY, changed
from planner.optimise.gathering import team_groups
from planner.optimise.ledger import Ledger, part_of
from planner.staffing.ladder import Ladder, without
from planner.staffing.least import Least, least_of
from planner.staffing.outlook import Outlook, in_post, name_of, outlook_of
from planner.workload.new_posts import with_posts
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from planner.domain.register import Register
    from planner.levers import Scenario
    from planner.optimise.ledger import Part

BELOW, ABOVE = 5, 10
"""Levels shown around today's and the least number where no range is asked for."""
MOST_LEVELS = 200
AS_GOOD_AS_EQUAL = 6e-4
"""Share within which two bounds are the same: each is worked out to half of this."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LevelOutlook:
    """The outlook with so many officers in post in month 1.

    ``steps`` are officers more or fewer than today, by part; ``outlook`` is of that spread.
    ``is_ruled_out``: it is proved that so many cannot clear by the deadline however they are
    spread and whoever goes. ``bound``: of cost, at this spread; more officers never raise it.
    """

    officers: int
    steps: Mapping[str, int]
    outlook: Outlook
    is_ruled_out: bool
    bound: float


class Desk:
    """Answers a leader's questions on one register, keeping what has been proved.

    ``team``: only this team is asked about, by itself, with the changes already made to the whole.
    Raises ``ValueError`` where it is not planned apart from others.
    """

    def __init__(
        self,
        register: Register,
        scenario: Scenario = TODAY,
        *,
        team: str | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        self.scenario = scenario
        made = changed(register, scenario)
        self.register = made if team is None else team_alone(made, team)
        self.ledger = ledger or Ledger()
        self.today = outlook_of(self.register, scenario, self.ledger)
        self.ladders = tuple(Ladder(part, self.ledger) for part in self.today.parts)
        self._least: dict[int, Least] = {}
        self._spreads: dict[int, dict[int, tuple[int, ...]]] = {}

    @property
    def officers(self) -> int:
        """Officers in post in month 1 today."""
        return sum(len(in_post(one.part)) for one in self.ladders)

    def least(self, deadline: int | None = None) -> Least:
        """The least number of officers by a deadline; by default the scenario's."""
        asked = deadline or self.scenario.deadline
        if asked not in self._least:
            self._least[asked] = least_of(self.ladders, asked)
        return self._least[asked]

    def level(self, officers: int) -> LevelOutlook | None:
        """What is proved with so many officers; None where fewer would break up a crew."""
        least = self.least()
        steps = self._spread(officers - self.officers)
        if steps is None:
            return None
        parts = [
            part
            for one, step in zip(self.ladders, steps, strict=True)
            if (part := one.rung(step)) is not None
        ]
        found = replace(self.today, parts=tuple(parts))
        fewest = least.fewest
        return LevelOutlook(
            officers=officers,
            steps={name_of(o.part): s for o, s in zip(self.ladders, steps, strict=True)},
            outlook=found,
            is_ruled_out=fewest is None or officers < fewest,
            bound=found.standing.bound,
        )

    def curve(self, levels: Iterable[int]) -> tuple[LevelOutlook, ...]:
        """What is proved at each level, fewest first; levels that break up a crew are left out.

        What no plan can beat with more officers it cannot beat with fewer: each bound is at least
        the next one's.
        """
        found = [level for n in sorted(set(levels)) if (level := self.level(n)) is not None]
        highest, told = 0.0, []
        for level in reversed(found):
            highest = max(highest, level.bound)
            told.append(replace(level, bound=highest))
        return tuple(reversed(told))

    def register_with(self, steps: Mapping[str, int]) -> Register:
        """The whole register with so many officers more or fewer in each part."""
        made = self.register
        for one in self.ladders:
            step = steps.get(name_of(one.part), 0)
            if step > 0:
                made = with_posts(made, {one.part.teams[0]: step})
            elif step < 0:
                if one.rung(step) is None:
                    raise ValueError("Fewer officers would leave a team without two for a visit.")
                made = without(made, one.gone(step))
        return made

    def gone(self, steps: Mapping[str, int]) -> frozenset[str]:
        """Staff IDs of those who are taken away where there are so many fewer in each part."""
        taken = [
            one.gone(step)
            for one in self.ladders
            if (step := steps.get(name_of(one.part), 0)) < 0 and one.rung(step) is not None
        ]
        return frozenset().union(*taken)

    def _spread(self, more: int) -> tuple[int, ...] | None:
        """Officers more or fewer in each part where there are so many more in all."""
        spreads = self._spreads.setdefault(self.scenario.deadline, {0: (0,) * len(self.ladders)})
        towards = 1 if more > 0 else -1
        for total in range(towards, more + towards, towards):
            if total not in spreads:
                before = spreads[total - towards]
                best = min(self._ways_on(before, towards), default=None)
                if best is None:
                    return None
                number = best[-1]
                spreads[total] = tuple(
                    step + towards * (n == number) for n, step in enumerate(before)
                )
        return spreads[more]

    def _ways_on(self, steps: tuple[int, ...], towards: int) -> Iterator[tuple[bool, float, int]]:
        """Each part that may have the next officer, or lose one; the best choice sorts first.

        One more goes first to parts for which clearing is ruled out, one fewer first from parts
        that can still spare one; then where most is saved, or least lost, of the cost proved.
        """
        for number, step in enumerate(steps):
            way = self.way_on(number, step, towards)
            if way is not None:
                yield *way, number

    def way_on(self, number: int, step: int, towards: int) -> tuple[bool, float] | None:
        """What sorts a part that has ``step`` among the ways on; None where it has none."""
        deadline, one = self.scenario.deadline, self.ladders[number]
        now, then = one.rung(step), one.rung(step + towards)
        if now is None or then is None:
            return None
        is_bad = then.is_ruled_out(deadline) if towards < 0 else not now.is_ruled_out(deadline)
        return is_bad, _bound(then, deadline) - _bound(now, deadline)


def team_alone(register: Register, team: str) -> Register:
    """The register of one team by itself, locks too. ``ValueError``: planned with others."""
    groups = team_groups(Situation(register))
    (group,) = [one for one in groups if team in one]
    if len(group) > 1:
        raise ValueError(f"{team} is planned together with {', '.join(set(group) - {team})}.")
    own = part_of(register, group)
    locks = tuple(lock for lock in register.locks if lock.ref in own.offender)
    bars = tuple(bar for bar in register.bars if bar.ref in own.offender)
    return replace(own, locks=locks, bars=bars)


def levels_around(least: Least, planned: Sequence[int] = ()) -> tuple[int, int]:
    """The fewest and the most officers worth showing: around today's, the least, those planned."""
    known = [least.today, *planned]
    known += [n for n in (least.fewest, least.enough) if n is not None]
    return max(1, min(known) - BELOW), min(max(known) + ABOVE, min(known) + MOST_LEVELS)


def _bound(part: Part, deadline: int) -> float:
    return part.standing_by(deadline).bound


def curve(
    register: Register,
    levels: Iterable[int],
    scenario: Scenario = TODAY,
    *,
    team: str | None = None,
    ledger: Ledger | None = None,
) -> tuple[LevelOutlook, ...]:
    """What is proved at each number of officers: see ``Desk.curve``."""
    return Desk(register, scenario, team=team, ledger=ledger).curve(levels)


def least_officers(
    register: Register,
    scenario: Scenario = TODAY,
    *,
    team: str | None = None,
    ledger: Ledger | None = None,
) -> Least:
    """The least number of officers by the scenario's deadline, as officers as one prove it.

    ``planner.staffing.reached`` looks for the plan that shows that so many do.
    """
    return Desk(register, scenario, team=team, ledger=ledger).least()
