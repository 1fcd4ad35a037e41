"""A share of the teams with a desk of their own: what one of several processes works out.

Parts are planned apart, so they can be proved apart too, each in its process. A share keeps what
it has proved of today as the stem of its ledgers; each scenario grows a ledger of its own on it,
and the oldest are forgotten.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.levers import TODAY, Scenario, changed
from planner.levers.catalogue import DEADLINE
from planner.optimise.gathering import team_groups
from planner.optimise.ledger import Ledger, part_of
from planner.staffing.effects import effects
from planner.staffing.figures import (
    PartFigures,
    Settled,
    figures_of,
    lacking_figures,
    least_told,
    planned_figures,
    proved_figures,
)
from planner.staffing.levels import Desk
from planner.staffing.outlook import name_of
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.domain.register import Register
    from planner.levers import Change
    from planner.optimise.ledger import Part
    from planner.staffing.least import LeastOfPart

MOST_DESKS = 6


@dataclass(frozen=True, slots=True)
class PartName:
    """A part of the whole: its place among all, and its teams."""

    place: int
    name: str


@dataclass(frozen=True, slots=True)
class Rung:
    """A part with so many officers more or fewer: its figures, and the first month, where any."""

    figures: PartFigures
    earliest: int | None


class Share:
    """One of ``shares`` shares of a register's teams, by number from 0."""

    def __init__(self, register: Register, number: int, shares: int) -> None:
        self.register = register
        self.number = number
        self._owner = _owners(register, shares)
        self._stem = Ledger()
        self._desks: OrderedDict[tuple[Change, ...], tuple[Desk, tuple[int, ...]] | None] = (
            OrderedDict()
        )

    def parts(self, scenario: Scenario) -> tuple[PartName, ...]:
        """The parts that are this share's."""
        found = self._desk(scenario)
        if found is None:
            return ()
        desk, places = found
        parts = desk.today.parts
        return tuple(PartName(n, name_of(p)) for n, p in zip(places, parts, strict=True))

    def planned(self, scenario: Scenario, place: int) -> PartFigures:
        """The best plan of a part with its officers as one."""
        return planned_figures(self._part(scenario, place), place)

    def proved(self, scenario: Scenario, place: int) -> PartFigures:
        """The same, with what is proved by the deadline."""
        part = self._part(scenario, place)
        return proved_figures(part, planned_figures(part, place), scenario.deadline)

    def lacking(self, scenario: Scenario, place: int) -> PartFigures:
        """The same, with the hours lacking by month."""
        part = self._part(scenario, place)
        return lacking_figures(part, self.proved(scenario, place), scenario.deadline)

    def earliest(self, scenario: Scenario) -> int | None:
        """The first month by whose end clearing is not ruled out for any part of the share."""
        found = self._desk(scenario)
        return 1 if found is None else found[0].today.earliest

    def least(self, scenario: Scenario) -> tuple[tuple[int, LeastOfPart], ...]:
        """The least number of officers of each part, by its place."""
        found = self._desk(scenario)
        if found is None:
            return ()
        desk, places = found
        return tuple(zip(places, least_told(desk.least()).parts, strict=True))

    def way_on(
        self, scenario: Scenario, place: int, step: int, towards: int
    ) -> tuple[bool, float] | None:
        """What speaks for this part to get the next officer, or lose one; as ``Desk.way_on``."""
        found = self._desk(scenario)
        if found is None:
            return None
        desk, places = found
        return desk.way_on(places.index(place), step, towards)

    def rung(self, scenario: Scenario, place: int, step: int) -> Rung | None:
        """The part with so many officers more or fewer; None where that breaks up a crew."""
        found = self._desk(scenario)
        if found is None:
            return None
        desk, places = found
        part = desk.ladders[places.index(place)].rung(step)
        if part is None:
            return None
        figures = proved_figures(part, planned_figures(part, place), scenario.deadline)
        return Rung(figures, desk.ledger.earliest((part,)))

    def _part(self, scenario: Scenario, place: int) -> Part:
        found = self._desk(scenario)
        if found is None:
            raise LookupError("The part belongs to another share.")
        desk, places = found
        return desk.today.parts[places.index(place)]

    def _desk(self, scenario: Scenario) -> tuple[Desk, tuple[int, ...]] | None:
        """The desk of this share, and the places of its parts; None where it has none."""
        if scenario.changes not in self._desks:
            self._desks[scenario.changes] = self._made(scenario)
            for changes in list(self._desks)[: max(0, len(self._desks) - MOST_DESKS)]:
                del self._desks[changes]
        self._desks.move_to_end(scenario.changes)
        return self._desks[scenario.changes]

    def _made(self, scenario: Scenario) -> tuple[Desk, tuple[int, ...]] | None:
        made = changed(self.register, scenario)
        own = [
            (place, teams)
            for place, teams in enumerate(team_groups(Situation(made)))
            if self._owner[teams[0]] == self.number
        ]
        if not own:
            return None
        half = part_of(made, tuple(team for _, teams in own for team in teams))
        ledger = Ledger(self._stem) if scenario.effective else self._stem
        question = Scenario(name=scenario.name, changes=_asked(scenario))
        return Desk(half, question, ledger=ledger), tuple(place for place, _ in own)


def settled(register: Register, scenario: Scenario) -> Settled:
    """A run in the very order in which ``planner staffing --scenario`` works it out.

    Best plans of one cost may differ in single months, by what was asked before. This order makes
    them those of the command.
    """
    ledger = Ledger()
    today = Desk(register, ledger=ledger)
    today.least()
    if scenario.effective:
        outlook = effects(register, scenario, ledger=ledger).outlook
    else:
        outlook = Desk(register, scenario, ledger=ledger).today
    desk = Desk(register, scenario, ledger=ledger)
    least = least_told(desk.least())
    return Settled(parts=figures_of(outlook), earliest=outlook.earliest, least=least)


def _asked(scenario: Scenario) -> tuple[Change, ...]:
    return tuple(c for c in scenario.changes if c.lever == DEADLINE.key)


def _owners(register: Register, shares: int) -> Mapping[str, int]:
    """Which share each team is, the largest teams spread first."""
    people = Counter(o.team for o in register.offenders)
    order = sorted(register.teams, key=lambda team: (-people[team], team))
    return {team: n % shares for n, team in enumerate(order)}


def run_0_of(scenario: Scenario) -> Scenario:
    """Today, asked for a scenario's deadline."""
    return replace(TODAY, changes=_asked(scenario))
