"""The verifier's own calendar: the plan's months, their working days, sets of months as bits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import holidays
from dateutil.relativedelta import relativedelta

from planner.domain.months import HORIZON_MONTHS

LAST = HORIZON_MONTHS


def span(first: int, last: int) -> int:
    """The months ``first`` to ``last`` as bits: bit m stands for month m."""
    return (1 << (last + 1)) - (1 << first) if last >= first else 0


ALL = span(1, LAST)


def months_in(months: int) -> list[int]:
    """The numbers of the months in a set, in order."""
    return [m for m in range(1, LAST + 1) if months >> m & 1]


def first_in(months: int) -> int:
    """The first month of a set that is not empty."""
    return (months & -months).bit_length() - 1


def last_in(months: int) -> int:
    """The last month of a set that is not empty."""
    return months.bit_length() - 1


def as_date(cell: object) -> date | None:
    """A cell's date, whether it was read as a date or as a date and time; else None."""
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, date) else None


@dataclass(frozen=True, slots=True)
class Months:
    """Months 1 to 18, each by its number; index 0 of each tuple is the month before month 1.

    ``working`` holds each month's Mondays to Fridays that are no bank holidays of England and
    Wales.
    """

    as_at: date
    starts: tuple[date, ...]
    ends: tuple[date, ...]
    working: tuple[tuple[date, ...], ...]

    @classmethod
    def after(cls, as_at: date) -> Months:
        """The months of a plan whose register was true on ``as_at``."""
        first = as_at if as_at.day == 1 else as_at.replace(day=1) + relativedelta(months=1)
        starts = tuple(first + relativedelta(months=n - 1) for n in range(LAST + 1))
        ends = tuple(s + relativedelta(months=1, days=-1) for s in starts)
        years = range(starts[0].year, ends[-1].year + 1)
        closed = frozenset(holidays.country_holidays("GB", subdiv="ENG", years=years))
        working = tuple(
            _working_days(start, end, closed) for start, end in zip(starts, ends, strict=True)
        )
        return cls(as_at, starts, ends, working)

    def number(self, day: date) -> int:
        """The number of the month that ``day`` lies in: 0 and below before month 1."""
        first = self.starts[1]
        return (day.year - first.year) * 12 + day.month - first.month + 1

    def start(self, month: int) -> date:
        """The first day of any month by its number, in the horizon or not."""
        if 0 <= month <= LAST:
            return self.starts[month]
        return self.starts[1] + relativedelta(months=month - 1)

    def last_working_day(self, month: int) -> date:
        return self.working[month][-1]


def _working_days(start: date, end: date, closed: frozenset[date]) -> tuple[date, ...]:
    days = ((start + timedelta(days=n)) for n in range((end - start).days + 1))
    return tuple(day for day in days if day.weekday() < 5 and day not in closed)
