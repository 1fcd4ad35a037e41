"""A plan: decisions only. What they mean is worked out elsewhere, once, by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.domain.months import Horizon
    from planner.domain.terms import VisitType


@dataclass(frozen=True, slots=True, order=True)
class PlannedVisit:
    """A visit in a month (its number, 1 to 18), led by the case's SOM of that month.

    ``second`` is the second officer's staff ID, None where the crew is one or nobody is named yet.
    """

    month: int
    ref: str
    som: str
    visit_type: VisitType
    crew: int
    second: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class PlannedArms:
    """An ARMS assessment in a month, done by the SOM or a trained colleague."""

    month: int
    ref: str
    som: str
    done_by: str


@dataclass(frozen=True, slots=True)
class Holding:
    """From a month on (its number), the case is held by this SOM. The last one lasts to the end."""

    month: int
    som: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Who holds each case from when, what is done in which month, and who gives second hours.

    ``holdings`` has, for every offender with anybody to hold the case, one Holding from month 1
    and one more for each change. ``second_hours`` maps (staff ID, month) to hours given as second
    officer; absent means none.
    """

    horizon: Horizon
    holdings: Mapping[str, tuple[Holding, ...]]
    visits: tuple[PlannedVisit, ...]
    arms: tuple[PlannedArms, ...]
    second_hours: Mapping[tuple[str, int], float]

    def som(self, ref: str, month: int) -> str | None:
        """Who holds the case in a month; None where nobody does."""
        held = None
        for holding in self.holdings.get(ref, ()):
            if holding.month <= month:
                held = holding.som
        return held

    def soms(self, ref: str) -> tuple[str | None, ...]:
        """Who holds the case in each month of the plan; None where nobody does."""
        held: tuple[str | None, ...] = ()
        som = None
        for holding in self.holdings.get(ref, ()):
            held += (som,) * (holding.month - 1 - len(held))
            som = holding.som
        return held + (som,) * (self.horizon.length - len(held))
