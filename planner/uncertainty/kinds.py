"""Kinds of duty: what two duties must share for waiting to cost the same, save the due month.

A *family* stays the same while a person's risk level changes; a *kind* is a family at one level.
The number of the kind is 4 times that of the family, plus the level (1 to 4), less 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.domain.months import HORIZON_MONTHS
from planner.domain.terms import Duty, RiskLevel
from planner.workload.due import ARMS_EARLY, VISIT_EARLY_AT_MOST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.domain.policy import Policy

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

LEVEL_COUNT = len(RiskLevel)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Kinds:
    """One entry a kind. ``part`` it is of; ``interval``, ``early`` in months; ``crew`` 0: ARMS.

    ``last_seen`` is the last month in the community, ``last_end`` the last month end there.
    ``weight``, ``ageing`` and ``protected`` are the policy's costs of a month end overdue;
    ``pressing`` marks a very high or high visit; ``own`` a visit interval of the person's own.
    ``arrivals`` maps (part, duty: 0 visit, 1 ARMS) to the family of people who newly register.
    """

    part: Ints
    is_visit: Flags
    level: Ints
    interval: Ints
    early: Ints
    crew: Ints
    last_seen: Ints
    last_end: Ints
    weight: Floats
    protected: Floats
    pressing: Flags
    own: Flags
    ageing: float
    uncleared: float
    arrivals: Ints

    def __len__(self) -> int:
        return len(self.part)


_Family = tuple[int, Duty, int, int, tuple[int, int]]


class KindsBuilder:
    """Numbers families as they are met."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._families: dict[_Family, int] = {}

    def family(
        self, part: int, duty: Duty, own_interval: int, crew: int, last: tuple[int, int]
    ) -> int:
        """The family's number. ``own_interval`` 0: the policy's; ``last``: seen, at a month end."""
        key = (part, duty, own_interval, crew, last)
        return self._families.setdefault(key, len(self._families))

    def for_arrivals(self, parts: int) -> Ints:
        """The families of people who newly register, (parts, visit and ARMS)."""
        stays = (HORIZON_MONTHS, HORIZON_MONTHS)
        crew = int(self._policy.visit_crew)
        return np.array(
            [
                [
                    self.family(part, Duty.VISIT, 0, crew, stays),
                    self.family(part, Duty.ARMS, 0, 0, stays),
                ]
                for part in range(parts)
            ],
            dtype=np.int64,
        ).reshape(-1, 2)

    def kinds(self, arrivals: Ints) -> Kinds:
        """Every family met, at each level."""
        each = [(family, level) for family in self._families for level in sorted(RiskLevel)]
        policy = self._policy
        visits = [family[1] is Duty.VISIT for family, _ in each]
        intervals = [_interval(policy, family, level) for family, level in each]
        early = [
            min(VISIT_EARLY_AT_MOST, interval // 2) if is_visit else ARMS_EARLY
            for is_visit, interval in zip(visits, intervals, strict=True)
        ]
        protected = [
            policy.cost_protected.get(level, 0.0) if is_visit else 0.0
            for is_visit, (_, level) in zip(visits, each, strict=True)
        ]
        levels = np.array([int(level) for _, level in each], dtype=np.int64)
        is_visit = np.array(visits, dtype=bool)
        return Kinds(
            part=np.array([family[0] for family, _ in each], dtype=np.int64),
            is_visit=is_visit,
            level=levels,
            interval=np.array(intervals, dtype=np.int64),
            early=np.array(early, dtype=np.int64),
            crew=np.array([family[3] for family, _ in each], dtype=np.int64),
            last_seen=np.array([family[4][0] for family, _ in each], dtype=np.int64),
            last_end=np.array([family[4][1] for family, _ in each], dtype=np.int64),
            weight=np.array([policy.weight[level] for _, level in each], dtype=float),
            protected=np.array(protected, dtype=float),
            pressing=is_visit & (levels >= int(RiskLevel.HIGH)),
            own=np.array([family[2] > 0 for family, _ in each], dtype=bool),
            ageing=policy.ageing,
            uncleared=policy.cost_uncleared,
            arrivals=arrivals,
        )


def _interval(policy: Policy, family: _Family, level: RiskLevel) -> int:
    _, duty, own, _, _ = family
    if duty is Duty.ARMS:
        return int(policy.arms_review_months)
    return int(own or policy.visit_interval[level])
