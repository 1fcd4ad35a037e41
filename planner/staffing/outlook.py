"""What no plan can beat with a given staff: the outlook of a register, team by team."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planner.domain.months import Horizon
from planner.domain.terms import LEVELS, Duty, RiskLevel
from planner.levers import TODAY, changed
from planner.optimise.burn_down import added_up
from planner.optimise.ledger import Ledger, in_all

if TYPE_CHECKING:
    from planner.domain.register import Register
    from planner.domain.result import Standing
    from planner.levers import Scenario
    from planner.optimise.burn_down import BurnDown
    from planner.optimise.ledger import Part


@dataclass(frozen=True, eq=False)
class Outlook:
    """What is proved of a register, and the best plan with each team's officers as one.

    ``parts`` are the teams, or the groups of teams, that are planned apart. Everything is worked
    out when asked for, once; parts that others have asked about before cost nothing.
    No person's reference stands in anything it tells.
    """

    name: str
    horizon: Horizon
    deadline: int
    parts: tuple[Part, ...]
    ledger: Ledger

    @cached_property
    def standing(self) -> Standing:
        """Hours and posts lacking by the deadline, the bound of cost, whether it is ruled out."""
        return in_all(part.standing_by(self.deadline) for part in self.parts)

    @cached_property
    def earliest(self) -> int | None:
        """The first month by whose end clearing is not ruled out; None where it is for all.

        That it can be done by then is not proved: only that nobody can do it sooner.
        """
        return self.ledger.earliest(self.parts)

    @cached_property
    def burn_down(self) -> BurnDown:
        """What comes of the best plan with officers as one, all teams."""
        return added_up(part.burn_down for part in self.parts)

    def overdue(self, month: int, duty: Duty, level: RiskLevel | None = None) -> float:
        """Duties overdue at a month's end in that plan; month 0: on the as-at date."""
        levels = LEVELS if level is None else (level,)
        return sum(self.burn_down.overdue.get((month, one, duty), 0.0) for one in levels)

    def exposure(self, duty: Duty | None = None, level: RiskLevel | None = None) -> float:
        """Its exposure, of a duty and a level or of all."""
        return sum(
            points
            for (of_level, of_duty), points in self.burn_down.exposure.items()
            if duty in {None, of_duty} and level in {None, of_level}
        )

    @cached_property
    def hours_there(self) -> dict[tuple[str, int], float]:
        """Hours that each part's officers have, overtime included, by its name and month."""
        return {
            (name_of(part), m): float(part.small.most_hours[0, m - 1])
            for part in self.parts
            for m in self.horizon.months
        }

    @cached_property
    def hours_used(self) -> dict[tuple[str, int], float]:
        """Hours that the best plan with officers as one takes, by part and month."""
        return {
            (name_of(part), m): sum(part.burn_down.used.get((m, duty), 0.0) for duty in Duty)
            for part in self.parts
            for m in self.horizon.months
        }

    @cached_property
    def hours_lacking(self) -> dict[tuple[str, int], float]:
        """Hours without which nobody can clear by the deadline, by part and month; 0s left out.

        Their sum is proved; the months are one way to have them, as even as the least allows.
        """
        found = {}
        for part in self.parts:
            if part.standing_by(self.deadline).hours > 0:
                for m, hours in enumerate(part.hours_lacking(self.deadline), start=1):
                    if hours > _LEAST_TOLD:
                        found[name_of(part), m] = float(hours)
        return found

    @cached_property
    def officers(self) -> int:
        """Officers in post in month 1."""
        return sum(len(in_post(part)) for part in self.parts)

    @cached_property
    def fte(self) -> float:
        """Their full-time equivalents."""
        return sum(part.register.officer[name].fte for part in self.parts for name in in_post(part))


_LEAST_TOLD = 1e-3


def outlook(
    register: Register, scenario: Scenario = TODAY, *, ledger: Ledger | None = None
) -> Outlook:
    """The outlook of a register with a scenario's changes; by default today's, run 0.

    Give the same ``ledger`` each time: teams that a change leaves alone are then not solved again.
    """
    return outlook_of(changed(register, scenario), scenario, ledger or Ledger())


def outlook_of(made: Register, scenario: Scenario, ledger: Ledger) -> Outlook:
    """The outlook of a register that already has the scenario's changes."""
    return Outlook(
        scenario.name, Horizon(made.as_at), scenario.deadline, ledger.parts(made), ledger
    )


def name_of(part: Part) -> str:
    """The part's team, or its teams with commas between."""
    return ", ".join(part.teams)


def in_post(part: Part) -> list[str]:
    """Staff IDs of a part's officers who are in post at the end of month 1, sorted."""
    return [s for s, months in sorted(part.situation.posts.holding_months.items()) if 1 in months]
