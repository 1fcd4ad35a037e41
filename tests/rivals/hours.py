"""Hours in whole hundredths, rounded so that what fits here fits in truth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.workload.situation import Situation

GRAIN = 100
_ROUNDING = 1e-6


def taken(hours: float) -> int:
    """What a duty takes, rounded up."""
    return math.ceil(hours * GRAIN - _ROUNDING)


def there(hours: float) -> int:
    """What there is, rounded down."""
    return math.floor(hours * GRAIN + _ROUNDING)


@dataclass(frozen=True, slots=True)
class Grains:
    """A register's hours in hundredths: a visit's lead, its second officer's, an ARMS."""

    situation: Situation
    lead: int
    second: int
    arms: int

    @classmethod
    def of(cls, situation: Situation) -> Grains:
        hours = situation.hours
        return cls(situation, taken(hours.lead), taken(hours.second), taken(hours.arms))

    def most(self, staff_id: str, month: int) -> int:
        """What may be planned for an officer in a month, overtime included."""
        stretch = 1 + self.situation.policy.hours_overtime
        return there(self.situation.capacity[staff_id, month] * stretch)

    def comfort(self, staff_id: str, month: int) -> int:
        """What may be planned before hours cost anything."""
        share = self.situation.policy.hours_comfort
        comfort = there(self.situation.capacity[staff_id, month] * share)
        return min(comfort, self.most(staff_id, month))

    def as_second_hours(self, grains: int) -> float:
        """Hours given as second officer, in truth: so that they add up to what visits need."""
        return grains / self.second * self.situation.hours.second if self.second else 0.0
