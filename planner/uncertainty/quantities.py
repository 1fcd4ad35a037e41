"""What is uncertain: each quantity with its range, in the policy's terms, and where that is from.

A quantity is drawn once for a whole replay, from a triangle: never below ``low`` or above ``high``,
most often near ``likely``. Where the quantity is a setting of the policy, the policy's own value is
the likely one, and the usual range goes with it in proportion.
"""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.policy import SETTINGS
from planner.staffing.assumptions import NO_DATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.domain.policy import Policy

_ASSUMED = "Assumption until your history gives better"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One uncertain quantity. ``low``, ``likely``, ``high`` are its usual range, in ``unit``.

    ``least`` and ``most`` are permitted values. ``is_assumed``: no source gave the range.
    """

    name: str
    words: str
    unit: str
    meaning: str
    low: float
    likely: float
    high: float
    least: float
    most: float
    source: str
    dated: str = NO_DATE
    is_assumed: bool = True

    @property
    def is_setting(self) -> bool:
        """Whether the likely value is one of the policy's settings."""
        return self.name in SETTINGS


_ALL = (
    Quantity(
        name="hours.unplanned_absence",
        words="Absence",
        unit="share",
        meaning="Working time lost to sickness, training and court. On top of it each officer's "
        "month is drawn by itself: most have little, a few are away for long.",
        low=0.10,
        likely=0.15,
        high=0.22,
        least=0.0,
        most=0.9,
        source="High: 29 to 32% away in all, measured and assumed by the Met, less leave. Low: "
        "assumption",
        dated="2013 (London Assembly answer, Met)",
        is_assumed=False,
    ),
    Quantity(
        name="hours.other_duties",
        words="Other duties",
        unit="share",
        meaning="Working time for orders, MAPPA meetings, arrests, notifications, disclosure.",
        low=0.25,
        likely=0.30,
        high=0.35,
        least=0.0,
        most=0.9,
        source=_ASSUMED,
    ),
    Quantity(
        name="visit.failed_rate",
        words="Failed visits",
        unit="share",
        meaning="Failed attempts for each successful visit. Each attempt is drawn by itself.",
        low=0.1,
        likely=0.2,
        high=0.4,
        least=0.0,
        most=5.0,
        source=_ASSUMED,
    ),
    Quantity(
        name="visit.hours",
        words="Hours of a visit",
        unit="hours",
        meaning="Each crew member's time for a visit, travel included.",
        low=1.2,
        likely=1.5,
        high=2.0,
        least=0.0,
        most=24.0,
        source=_ASSUMED,
    ),
    Quantity(
        name="arms.hours",
        words="Hours of an ARMS",
        unit="hours",
        meaning="Hours of one ARMS assessment.",
        low=3.0,
        likely=5.0,
        high=8.0,
        least=0.1,
        most=100.0,
        source=f"{_ASSUMED}; 3 to 8 seen as plausible",
    ),
    Quantity(
        name="inflow.per_year",
        words="New registrations",
        unit="share a year",
        meaning="Growth of the register, as a share of it. When people register, and at which "
        "level, is drawn one by one; what falls due to them after the first visit and ARMS "
        "counts too. People leave as the register says.",
        low=0.01,
        likely=0.03,
        high=0.05,
        least=0.0,
        most=2.0,
        source="Likely: national growth 2.9% a year; West Midlands 3.2%. Range: assumption",
        dated="2021 to 2024 (MAPPA reports); 2019 to 2021",
    ),
    Quantity(
        name="risk.changes_a_month",
        words="Risk level changes",
        unit="share a month",
        meaning="People whose risk level goes one up or one down, as many up as down; the visit is "
        "then due by the new level's interval.",
        low=0.004,
        likely=0.008,
        high=0.016,
        least=0.0,
        most=0.2,
        source=_ASSUMED,
    ),
    Quantity(
        name="staff.turnover_a_year",
        words="Staff turnover",
        unit="share a year",
        meaning="Officers who leave the unit beyond those whose End the register knows; each is "
        "drawn by itself.",
        low=0.05,
        likely=0.10,
        high=0.20,
        least=0.0,
        most=0.95,
        source=_ASSUMED,
    ),
    Quantity(
        name="staff.gap_months",
        words="Months until replaced",
        unit="months",
        meaning="Whole months from an officer's leaving until a new one is in post, who then needs "
        "the policy's settling-in months, and the first of them until trained for ARMS.",
        low=2.0,
        likely=4.0,
        high=9.0,
        least=0.0,
        most=18.0,
        source=_ASSUMED,
    ),
)

QUANTITIES: Mapping[str, Quantity] = {one.name: one for one in _ALL}
"""Every quantity by name, in the order in which they are shown and drawn."""


@dataclass(frozen=True, slots=True)
class Range:
    """A quantity's triangle. ``low`` = ``high``: it is not uncertain."""

    low: float
    likely: float
    high: float

    def at(self, share: float) -> float:
        """The value that this share of all draws, 0 to 1, does not exceed."""
        width = self.high - self.low
        if width <= 0:
            return self.low
        middle = (self.likely - self.low) / width
        if share < middle:
            return self.low + math.sqrt(share * width * (self.likely - self.low))
        return self.high - math.sqrt((1 - share) * width * (self.high - self.likely))


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A force's own range, by name. ``likely`` None: the policy's or the usual one."""

    name: str
    low: float
    high: float
    likely: float | None = None
    source: str = ""


def range_of(quantity: Quantity, policy: Policy, override: Override | None = None) -> Range:
    """The range in force.

    Raises ``ValueError`` where an override's low, likely and high are not in this order.
    """
    likely = float(policy.value(quantity.name)) if quantity.is_setting else quantity.likely
    if override is None:
        scale = likely / quantity.likely
        low = max(quantity.least, quantity.low * scale)
        high = min(quantity.most, quantity.high * scale)
        return Range(min(low, likely), likely, max(high, likely))
    if override.likely is not None:
        likely = override.likely
    if override.low == override.high and override.likely is None and not quantity.is_setting:
        likely = override.low
    if not override.low <= likely <= override.high:
        whose = "the policy's value" if quantity.is_setting else "the likely value"
        raise ValueError(
            f"{quantity.name} runs from {override.low:g} to {override.high:g}, and {whose}, "
            f"{likely:g}, lies outside."
        )
    return Range(override.low, likely, override.high)


def ranges_of(
    policy: Policy, overrides: Mapping[str, Override], told: Policy | None = None
) -> dict[str, Range]:
    """Every quantity's range in force, by name.

    ``told`` is the register's policy, to which the overrides belong: where a scenario has another
    value, the range goes with it in proportion.
    """
    return {
        name: _moved(range_of(quantity, told or policy, overrides.get(name)), quantity, policy)
        for name, quantity in QUANTITIES.items()
    }


def _moved(known: Range, quantity: Quantity, policy: Policy) -> Range:
    likely = float(policy.value(quantity.name)) if quantity.is_setting else known.likely
    if likely == known.likely:
        return known
    scale = likely / known.likely if known.likely else 1.0
    low = max(quantity.least, known.low * scale)
    high = min(quantity.most, known.high * scale)
    return Range(min(low, likely), likely, max(high, likely))


def nearest(name: str) -> str:
    """The quantity whose name is nearest to a name that is none."""
    words = {q.words.casefold(): q.name for q in QUANTITIES.values()}
    known = {**{n.casefold(): n for n in QUANTITIES}, **words}
    return known[difflib.get_close_matches(name.casefold(), known, n=1, cutoff=0.0)[0]]


def faults_of(override: Override, policy: Policy) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a range: column, message, remedy. The name is known."""
    quantity = QUANTITIES[override.name]
    if quantity.is_setting and override.likely is not None:
        yield (
            "Likely",
            f"The likely value of {quantity.name} is the Policy sheet's.",
            f"Leave Likely blank, and set {quantity.name} in Policy.",
        )
        return
    told = (("Low", override.low), ("Likely", override.likely), ("High", override.high))
    outside = False
    for column, value in told:
        if value is not None and not quantity.least <= value <= quantity.most:
            outside = True
            yield (
                column,
                f"{column} is {value:g}; {quantity.name} may be {quantity.least:g} to "
                f"{quantity.most:g} ({quantity.unit}).",
                "Correct the number.",
            )
    if outside:
        return
    try:
        range_of(quantity, policy, override)
    except ValueError as error:
        yield "Low", str(error), "Widen the range, or correct the value that lies outside."
