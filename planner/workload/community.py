"""When a person is in the community: the only time in which they are visited and assessed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from planner.domain.terms import Status

if TYPE_CHECKING:
    from planner.domain.months import Horizon
    from planner.domain.register import Offender


@dataclass(frozen=True, slots=True)
class Stay:
    """The days in the community, both ends included."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def touches(self, first: date, last: date) -> bool:
        """Whether any day from ``first`` to ``last`` lies in the stay."""
        return self.first <= last and first <= self.last


def stay(offender: Offender) -> Stay | None:
    """Return the one stretch of days in the community, or None where there is none to plan for."""
    starts = offender.registered_from or date.min
    if offender.status is Status.MISSING:
        return None
    if offender.status is not Status.COMMUNITY:
        if offender.release_date is None:
            return None
        starts = max(starts, offender.release_date)
    ends = offender.registered_until or date.max
    return Stay(starts, ends) if starts <= ends else None


@dataclass(frozen=True, slots=True)
class Presence:
    """In which months (numbers) a person can be seen, and at which month ends they count.

    Both are one unbroken run: ``first_seen`` to ``last_seen``, ``first_end`` to ``last_end``; a run
    whose first is after its last is empty.
    """

    first_seen: int
    last_seen: int
    first_end: int
    last_end: int

    def seen_in(self, month: int) -> bool:
        return self.first_seen <= month <= self.last_seen

    def at_end_of(self, month: int) -> bool:
        return self.first_end <= month <= self.last_end


ABSENT = Presence(1, 0, 1, 0)


def presence(offender: Offender, horizon: Horizon) -> Presence:
    """Which months of the horizon the person is in the community, in part and at their end."""
    days = stay(offender)
    if days is None:
        return ABSENT
    top = horizon.length + 1
    far = horizon.end(top)
    first_seen = 1 if days.first <= horizon.first else horizon.number(min(days.first, far))
    if days.last < horizon.first:
        return ABSENT
    last_seen = min(horizon.length, horizon.number(min(days.last, far)))
    whole = last_seen == horizon.length and days.last >= horizon.end(horizon.length)
    last_end = last_seen
    if not whole and days.last < horizon.end(last_seen):
        last_end = last_seen - 1
    return Presence(first_seen, last_seen, first_seen, last_end)
