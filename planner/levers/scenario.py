"""A scenario: a name and the changes that it makes. Run 0, without any, is today."""

from __future__ import annotations

from dataclasses import dataclass, replace

from planner.domain.months import HORIZON_MONTHS
from planner.levers.catalogue import DEADLINE, LEVERS, LeverKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One lever pulled: how far, where, and in which months (numbers of the plan, both included).

    ``value`` is a number, a switch, or a team's name, as ``Lever.kind`` has it. ``team`` None: the
    whole unit. ``first`` None: from month 1; ``last`` None: to the end.
    """

    lever: str
    value: float | bool | str
    team: str | None = None
    first: int | None = None
    last: int | None = None

    @property
    def words(self) -> str:
        """The change as people say it: "More police officers: 6, North, from month 3"."""
        lever = LEVERS[self.lever]
        if lever.kind is LeverKind.SWITCH:
            told = "on" if self.value else "off"
        elif isinstance(self.value, str):
            told = f"into {self.value}"
        elif lever.unit == "share":
            told = f"{self.value * 100:g}%"
        else:
            told = f"{self.value:g}"
        parts = [f"{lever.words}: {told}"]
        if self.team is not None:
            parts.append(self.team)
        if self.first is not None:
            parts.append(f"from month {self.first}")
        if self.last is not None:
            parts.append(f"to month {self.last}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Changes made together, under a name that is used once."""

    name: str
    changes: tuple[Change, ...] = ()
    note: str = ""

    @property
    def deadline(self) -> int:
        """The month by whose end everything is to be cleared: the plan's last unless said."""
        asked = [c.value for c in self.changes if c.lever == DEADLINE.key]
        return int(asked[-1]) if asked else HORIZON_MONTHS

    @property
    def effective(self) -> tuple[Change, ...]:
        """The changes that change something: all but the deadline, which is only asked about."""
        return tuple(c for c in self.changes if c.lever != DEADLINE.key)

    def only(self, change: Change) -> Scenario:
        """The same question with one of its changes alone."""
        asked = tuple(c for c in self.changes if c.lever == DEADLINE.key)
        return replace(self, name=change.words, changes=(change, *asked), note="")


TODAY = Scenario(name="Today")
"""Run 0: the register as it is."""
