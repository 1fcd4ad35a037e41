"""The levers as fields of a form: how each is pulled, and between which values it slides.

A slider spans what is worth trying; the field beside it takes whatever the lever takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from planner.domain.months import HORIZON_MONTHS
from planner.levers.catalogue import CREW_KEYS, LEVERS, LeverKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.domain.register import Register
    from planner.levers import Lever


class Control(StrEnum):
    """How a value is given."""

    SLIDER = "slider"
    SWITCH = "switch"
    CHOICE = "choice"
    TEAM = "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A lever in the form. ``base`` is the value at which it changes nothing."""

    lever: Lever
    control: Control
    base: str
    low: str = ""
    high: str = ""
    step: str = ""
    choices: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.lever.key

    @property
    def ident(self) -> str:
        """The lever's name as part of an id."""
        return self.lever.key.replace(".", "-").replace("_", "-")

    @property
    def takes_place(self) -> bool:
        """Whether a team or months may be said."""
        lever = self.lever
        return lever.takes_team or lever.takes_from or lever.takes_to


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one heading."""

    heading: str
    fields: tuple[Field, ...]
    is_open: bool = False


_SLIDES: Mapping[str, tuple[float, float, float]] = {
    "officers": (0, 30, 1),
    "staff": (0, 30, 1),
    "recruits": (0, 30, 1),
    "leavers": (0, 20, 1),
    "arms_team": (0, 12, 1),
    "overtime_hours": (0, 1500, 25),
    "reactive": (0, 1, 0.05),
    "surge": (0, 500, 10),
    "deadline": (1, HORIZON_MONTHS, 1),
    "visit.interval.very_high": (1, 6, 1),
    "visit.interval.high": (1, 12, 1),
    "visit.interval.medium": (1, 18, 1),
    "visit.interval.low": (1, 24, 1),
    "visit.crew": (1, 2, 1),
    "visit.hours": (0.5, 4, 0.25),
    "visit.write_up_hours": (0, 3, 0.25),
    "visit.failed_rate": (0, 1, 0.05),
    "arms.hours": (1, 10, 0.5),
    "arms.review_months": (6, 36, 1),
    "arms.per_month": (1, 30, 1),
    "hours.other_duties": (0, 0.6, 0.05),
    "hours.unplanned_absence": (0, 0.4, 0.05),
    "hours.leave_days": (15, 40, 1),
    "hours.overtime": (0, 0.3, 0.05),
    "inflow.per_year": (0, 0.1, 0.005),
}
_USUAL_SLIDE = (0.0, 20.0, 1.0)

_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "People",
        ("officers", "staff", "recruits", "leavers", "overtime_hours", "hours.overtime"),
    ),
    (
        "ARMS",
        ("arms.hours", "arms.review_months", "arms.per_month", "arms.by_colleague", "arms_team"),
    ),
    (
        "Visits",
        (
            "visit.interval.very_high",
            "visit.interval.high",
            "visit.interval.medium",
            "visit.interval.low",
            "visit.hours",
            "visit.write_up_hours",
            "visit.failed_rate",
            "visit.crew",
            *CREW_KEYS,
        ),
    ),
    ("Time at work", ("hours.other_duties", "hours.unplanned_absence", "hours.leave_days")),
    ("Cases and teams", ("surge", "inflow.per_year", "reactive", "merge", "cross_team")),
    ("The question", ("deadline",)),
)


def groups(register: Register) -> tuple[Group, ...]:
    """Every lever of the catalogue, grouped; those that no group names come last."""
    named = {key for _, keys in _GROUPS for key in keys}
    rest = tuple(key for key in LEVERS if key not in named)
    found = [*_GROUPS, *([("More levers", rest)] if rest else [])]
    return tuple(
        Group(
            heading,
            tuple(field_of(LEVERS[key], register) for key in keys if key in LEVERS),
            is_open=n < 2,
        )
        for n, (heading, keys) in enumerate(found)
    )


def fields(register: Register) -> Iterator[Field]:
    """Every field."""
    for group in groups(register):
        yield from group.fields


def field_of(lever: Lever, register: Register) -> Field:
    """How one lever stands in the form for a register."""
    if lever.kind is LeverKind.SWITCH:
        is_on = bool(register.policy.value(lever.key)) if lever.is_setting else False
        return Field(lever=lever, control=Control.SWITCH, base="true" if is_on else "false")
    if lever.kind is LeverKind.TEAM:
        return Field(lever=lever, control=Control.TEAM, base="", choices=register.teams)
    if lever.key in CREW_KEYS:
        return Field(lever=lever, control=Control.CHOICE, base="", choices=("1", "2"))
    base = _base(lever, register)
    low, high, step = _SLIDES.get(lever.key, _USUAL_SLIDE)
    return Field(
        lever=lever,
        control=Control.SLIDER,
        base=f"{base:g}",
        low=f"{min(low, base):g}",
        high=f"{max(high, base):g}",
        step=f"{step:g}",
    )


def _base(lever: Lever, register: Register) -> float:
    if lever.is_setting:
        return float(register.policy.value(lever.key))
    return float(HORIZON_MONTHS) if lever.key == "deadline" else 0.0
