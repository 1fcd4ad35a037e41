"""The policy: how often, how long, at what cost. Every number a force may set, with its basis.

Each field of ``Policy`` is one setting, or four where it goes by risk level. The setting's name in
the Policy sheet, its unit, meaning, basis and permitted range stand beside its default, so the
reader, the template, the Policy sheet of a plan and the documentation all say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Self

from planner.domain.terms import LEVELS, RiskLevel

ByLevel = Mapping[RiskLevel, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One named number of the policy.

    ``kind`` is "number", "whole" or "switch"; ``low`` and ``high`` are permitted values, both
    included; ``assumption`` is true where no source gave the default.
    """

    name: str
    default: float | bool
    unit: str
    meaning: str
    basis: str
    assumption: bool
    kind: str
    low: float
    high: float
    attribute: str
    level: RiskLevel | None = None


def _one(
    name: str,
    default: float | bool,
    unit: str,
    meaning: str,
    basis: str,
    *,
    low: float = 0.0,
    high: float = 1e6,
    whole: bool = False,
) -> Any:
    kind = "switch" if isinstance(default, bool) else "whole" if whole else "number"
    about = (name, unit, meaning, basis, kind, low, high)
    return field(default=default, metadata={"about": about})


def _by_level(
    name: str,
    defaults: tuple[float, ...],
    unit: str,
    meaning: str,
    basis: str,
    *,
    low: float = 0.0,
    high: float = 1e6,
    whole: bool = False,
) -> Any:
    about = (name, unit, meaning, basis, "whole" if whole else "number", low, high)
    return field(
        default_factory=lambda: dict(zip(LEVELS, defaults, strict=False)), metadata={"about": about}
    )


_ASSUMED = "Assumption"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The settings in force. Hours are hours, shares are fractions, intervals whole months."""

    visit_interval: ByLevel = _by_level(
        "visit.interval",
        (1, 3, 6, 12),
        "months",
        "A visit is due this long after the last successful one.",
        "The norm until 2017, now the starting point for a personal plan",
        low=1,
        high=120,
        whole=True,
    )
    visit_first_within_days: float = _one(
        "visit.first_within_days",
        14,
        "days",
        "The first visit is due this long after registration or release.",
        _ASSUMED,
        high=3650,
        whole=True,
    )
    visit_unannounced: ByLevel = _by_level(
        "visit.unannounced",
        (0.75, 0.75, 0.5, 0.5),
        "share",
        "At least this share of the level's visits over the plan is unannounced.",
        "Assumption; inspectors want most visits unannounced",
        high=1,
    )
    visit_crew: float = _one(
        "visit.crew",
        2,
        "officers",
        "Officers a visit needs.",
        "Inspectors call solo visits contrary to professional practice",
        low=1,
        high=2,
        whole=True,
    )
    visit_hours: float = _one(
        "visit.hours",
        1.5,
        "hours",
        "Each crew member's time for a visit, travel included.",
        _ASSUMED,
        high=24,
    )
    visit_write_up_hours: float = _one(
        "visit.write_up_hours",
        1.0,
        "hours",
        "The SOM's time to write a visit up.",
        _ASSUMED,
        high=24,
    )
    visit_failed_rate: float = _one(
        "visit.failed_rate",
        0.2,
        "share",
        "Failed attempts for each successful visit.",
        "Assumption: one in five finds nobody in",
        high=10,
    )
    visit_failed_cost: float = _one(
        "visit.failed_cost",
        0.5,
        "share",
        "Hours of a failed attempt, as a share of a visit's.",
        "Assumption: costs half a visit",
        high=1,
    )
    visit_warrant_after: float = _one(
        "visit.warrant_after",
        2,
        "attempts",
        "Failed attempts after which a warrant is considered.",
        "Sexual Offences Act 2003 s.96B: entry refused or nobody in, twice",
        low=1,
        high=100,
        whole=True,
    )
    arms_review_months: float = _one(
        "arms.review_months",
        12,
        "months",
        "An ARMS is due this long after the last one.",
        _ASSUMED,
        low=1,
        high=120,
        whole=True,
    )
    arms_first_within_days: float = _one(
        "arms.first_within_days",
        56,
        "days",
        "The first ARMS is due this long after registration or release.",
        _ASSUMED,
        high=3650,
        whole=True,
    )
    arms_hours: float = _one(
        "arms.hours",
        5,
        "hours",
        "Hours of one ARMS assessment.",
        "Assumption, 3 to 8 seen as plausible",
        high=100,
    )
    arms_per_month: float = _one(
        "arms.per_month",
        10,
        "assessments",
        "No officer does more ARMS in a month.",
        "Assumption: quality falls when rushed",
        high=1000,
        whole=True,
    )
    hours_day_officer: float = _one(
        "hours.day.officer", 8, "hours", "A police officer's working day.", "40 hour week", high=24
    )
    hours_day_staff: float = _one(
        "hours.day.staff",
        7.4,
        "hours",
        "A police staff member's working day.",
        "37 hour week",
        high=24,
    )
    hours_leave_days: float = _one(
        "hours.leave_days",
        27,
        "days a year",
        "Annual leave; a twelfth is taken off each month unless more is listed.",
        "Police regulations, mid-service",
        high=366,
    )
    hours_unplanned_absence: float = _one(
        "hours.unplanned_absence",
        0.15,
        "share",
        "Share of hours lost to sickness, training and court.",
        "Assumption; with leave about 24% away, where a large force measured 29 to 32%",
        high=1,
    )
    hours_other_duties: float = _one(
        "hours.other_duties",
        0.30,
        "share",
        "Share of hours that other work takes.",
        "Assumption: orders, MAPPA meetings, arrests, notifications, disclosure",
        high=1,
    )
    hours_ramp_first_share: float = _one(
        "hours.ramp.first_share",
        0.5,
        "share",
        "A new SOM's share of full hours at first.",
        _ASSUMED,
        high=1,
    )
    hours_ramp_first_months: float = _one(
        "hours.ramp.first_months",
        3,
        "months",
        "How long the first share lasts, the month of Start included.",
        _ASSUMED,
        high=60,
        whole=True,
    )
    hours_ramp_second_share: float = _one(
        "hours.ramp.second_share",
        0.75,
        "share",
        "A new SOM's share of full hours after that.",
        _ASSUMED,
        high=1,
    )
    hours_ramp_second_months: float = _one(
        "hours.ramp.second_months",
        3,
        "months",
        "How long the second share lasts.",
        _ASSUMED,
        high=60,
        whole=True,
    )
    hours_overtime: float = _one(
        "hours.overtime",
        0,
        "share",
        "Planned hours may exceed capacity by this share.",
        "None unless set",
        high=2,
    )
    hours_comfort: float = _one(
        "hours.comfort",
        0.9,
        "share",
        "Hours planned above this share of capacity cost cost.spread each.",
        _ASSUMED,
        high=3,
    )
    caseload_norm: float = _one(
        "caseload.norm",
        50,
        "cases",
        "The accepted caseload; shown, not enforced.",
        "The accepted ratio",
        low=1,
        high=10000,
        whole=True,
    )
    weight: ByLevel = _by_level(
        "weight",
        (16, 8, 3, 1),
        "points",
        "What a duty overdue at a month's end counts towards exposure.",
        _ASSUMED,
    )
    ageing: float = _one(
        "ageing",
        0.05,
        "a month",
        "How much more an overdue duty counts for each month of age.",
        "Assumption: nobody is left for ever",
        high=100,
    )
    cost_protected: ByLevel = _by_level(
        "cost.protected",
        (4000, 2000),
        "points",
        "Cost of each month end at which a visit of this level is overdue.",
        "Above what one late visit could save elsewhere, at the horizon's end too",
    )
    cost_uncleared: float = _one(
        "cost.uncleared",
        1000,
        "points",
        "Cost of each duty overdue at the end of the plan.",
        "So that the backlog clears, and not at the price of visits",
    )
    arms_by_colleague: bool = _one(
        "arms.by_colleague",
        False,
        "switch",
        "Any trained colleague of the team may do an ARMS, also where the SOM is trained.",
        "Off unless set",
    )
    cost_move: ByLevel = _by_level(
        "cost.move",
        (24, 12, 6, 3),
        "points",
        "Cost of a change of SOM that counts.",
        "Assumption: continuity counts most where risk is highest",
    )
    cost_spread: float = _one(
        "cost.spread",
        0.2,
        "points an hour",
        "Cost of an hour planned above hours.comfort of capacity.",
        _ASSUMED,
    )
    cost_mix: float = _one(
        "cost.mix",
        10,
        "points a case",
        "Cost of a very high or high case above an officer's fair share.",
        "Assumption: no officer carries the riskiest alone",
    )
    moves_share: float = _one(
        "moves.share",
        0.15,
        "share",
        "Changes of SOM that count, as a share of the register, at most.",
        _ASSUMED,
        high=10,
    )
    backlog_cleared_at: float = _one(
        "backlog.cleared_at",
        0,
        "assessments",
        "The backlog counts as cleared at this number of overdue ARMS.",
        "None overdue unless set",
        whole=True,
    )
    inflow_per_year: float = _one(
        "inflow.per_year",
        0.03,
        "share",
        "New registrations a year that hours are held back for, as a share of the register.",
        "National growth 2.9% a year, 2021 to 2024",
        high=10,
    )
    cross_team: bool = _one(
        "cross_team",
        False,
        "switch",
        "SOMs may hold cases, second visits and do ARMS outside their team.",
        "Off unless set",
    )
    cost_stability: float = _one(
        "cost.stability",
        5,
        "points a duty",
        "Price of a duty not done in the month that the plan before gave it; beside the cost.",
        "Assumption: people have planned by the month they were given",
    )

    @classmethod
    def of(cls, values: Mapping[str, float | bool]) -> Self:
        """A policy from settings by name; what is absent keeps its default.

        Raises ``KeyError`` for an unknown name and ``ValueError`` for a value out of range: a
        reader that can name cells checks both first.
        """
        return cls().but(values)

    def but(self, values: Mapping[str, float | bool]) -> Self:
        """Return the policy with some settings changed, by name."""
        changed: dict[str, Any] = {}
        for name, value in values.items():
            setting = SETTINGS[name]
            if not setting.low <= value <= setting.high:
                raise ValueError(
                    f"{name} must be between {setting.low:g} and {setting.high:g}, not {value:g}."
                )
            typed = bool(value) if setting.kind == "switch" else float(value)
            if setting.level is None:
                changed[setting.attribute] = typed
            else:
                by_level = changed.setdefault(
                    setting.attribute, dict(getattr(self, setting.attribute))
                )
                by_level[setting.level] = typed
        values_now = {f.name: getattr(self, f.name) for f in fields(self)}
        return type(self)(**{**values_now, **changed})

    def value(self, name: str) -> float | bool:
        """The value of a setting by its name in the Policy sheet."""
        setting = SETTINGS[name]
        held = getattr(self, setting.attribute)
        value = held if setting.level is None else held[setting.level]
        return value if isinstance(value, bool) else float(value)


@cache
def _settings() -> dict[str, Setting]:
    return {s.name: s for s in _described()}


def _described() -> Iterator[Setting]:
    blank = Policy()
    for f in fields(Policy):
        name, unit, meaning, basis, kind, low, high = f.metadata["about"]
        default = getattr(blank, f.name)
        levels: tuple[RiskLevel | None, ...] = (
            tuple(default) if isinstance(default, Mapping) else (None,)
        )
        for level in levels:
            yield Setting(
                name=name if level is None else f"{name}.{level.key}",
                default=default if level is None else default[level],
                unit=unit,
                meaning=meaning,
                basis=basis,
                assumption=basis.startswith(_ASSUMED),
                kind=kind,
                low=low,
                high=high,
                attribute=f.name,
                level=level,
            )


SETTINGS: Mapping[str, Setting] = _settings()
"""Every setting by name, in the order of the contract's section 4."""
