"""Who is in post, and who may hold a case, second a visit or do an ARMS.

Definitions: ``docs/contract.md``, section 3, "Crew and trained colleagues", "Who may hold a case".
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING

import holidays

if TYPE_CHECKING:
    from planner.domain.months import Horizon
    from planner.domain.register import Offender, Officer, Register

_ONE_DAY = timedelta(days=1)


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """Bank holidays of England and Wales in a year (the two nations share them)."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday, less bank holidays."""
    return day.weekday() < 5 and day not in bank_holidays(day.year)


@cache
def working_days(first: date, last: date) -> tuple[date, ...]:
    """The working days from ``first`` to ``last``, both included."""
    span = (last - first).days + 1
    days = (first + _ONE_DAY * n for n in range(span))
    return tuple(day for day in days if is_working_day(day))


class Posts:
    """Who is in post and may do what, month by month (numbers)."""

    def __init__(self, register: Register, horizon: Horizon) -> None:
        self.register = register
        self.horizon = horizon
        self.policy = register.policy
        self._days = {
            m: working_days(horizon.start(m), horizon.end(m)) for m in (0, *horizon.months)
        }

    def days_in_post(self, officer: Officer, month: int) -> tuple[date, ...]:
        """The working days of the month on which the officer is in post."""
        first, last = officer.start or date.min, officer.end or date.max
        return tuple(day for day in self._days[month] if first <= day <= last)

    def days_of_month(self, month: int) -> tuple[date, ...]:
        """The month's working days."""
        return self._days[month]

    @cached_property
    def holding_months(self) -> dict[str, range]:
        """The months on whose last working day each officer is in post; one unbroken run."""
        found = {}
        for officer in self.register.officers:
            first, last = officer.start or date.min, officer.end or date.max
            months = [m for m in self.horizon.months if first <= self._days[m][-1] <= last]
            found[officer.staff_id] = range(months[0], months[-1] + 1) if months else range(0)
        return found

    @cached_property
    def seconding_months(self) -> dict[str, frozenset[int]]:
        """The months in which each officer is in post on at least one working day."""
        return {
            s.staff_id: frozenset(m for m in self.horizon.months if self.days_in_post(s, m))
            for s in self.register.officers
        }

    def joins(self, staff_id: str) -> int | None:
        """The month after the first in which the officer first may hold cases; None if from 1."""
        months = self.holding_months[staff_id]
        return months.start if months and months.start > 1 else None

    def leaves(self, staff_id: str) -> bool:
        """Whether the officer's last day in post is before the horizon's last working day."""
        end = self.register.officer[staff_id].end
        return end is not None and end < self._days[self.horizon.length][-1]

    def fits(self, officer: Officer, offender: Offender) -> bool:
        """Whether the officer may hold the case whenever in post: team, conflicts, skills."""
        same_team = self.policy.cross_team or officer.team == offender.team
        return (
            same_team
            and officer.staff_id not in offender.not_with
            and offender.needs <= officer.skills
        )

    def may_hold(self, staff_id: str, offender: Offender, month: int) -> bool:
        officer = self.register.officer[staff_id]
        return month in self.holding_months[staff_id] and self.fits(officer, offender)

    def seconds(self, team: str, lead: str, month: int) -> tuple[str, ...]:
        """Who may second a visit led by ``lead`` to a person of ``team``, sorted."""
        present = self._present[month]
        if not self.policy.cross_team:
            mates = tuple(s for s in present if s != lead and self._team[s] == team)
            if mates:
                return mates
        return tuple(s for s in present if s != lead)

    def is_trained(self, staff_id: str, month: int) -> bool:
        """Whether trained for ARMS by the month's first day, and in post in that month."""
        trained = self.register.officer[staff_id].arms_trained_from
        return (
            trained is not None
            and trained <= self.horizon.start(month)
            and month in self.seconding_months[staff_id]
        )

    def assessors(self, team: str, som: str, month: int) -> tuple[str, ...]:
        """Who may do an ARMS of the SOM's case of ``team`` in the month, sorted."""
        if self.is_trained(som, month) and not self.policy.arms_by_colleague:
            return (som,)
        trained = {
            s
            for s in self._present[month]
            if (self.policy.cross_team or self._team[s] == team) and self.is_trained(s, month)
        }
        if self.is_trained(som, month):
            trained.add(som)
        return tuple(sorted(trained))

    @cached_property
    def _team(self) -> dict[str, str]:
        return {s.staff_id: s.team for s in self.register.officers}

    @cached_property
    def _present(self) -> dict[int, tuple[str, ...]]:
        return {
            m: tuple(sorted(s for s, months in self.seconding_months.items() if m in months))
            for m in self.horizon.months
        }
