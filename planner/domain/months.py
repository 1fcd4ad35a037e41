"""The months a plan covers, numbered 1 to 18."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

HORIZON_MONTHS = 18
_MONTH = re.compile(r"([12]\d{3})-(\d{1,2})(?:-\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Horizon:
    """Month 1 is the first calendar month that begins on or after ``as_at``.

    Months outside the plan have numbers too: 0 is the month before month 1, 19 the month after
    month 18, so a due month years ago is a negative number.
    """

    as_at: date
    length: int = HORIZON_MONTHS

    @property
    def months(self) -> range:
        return range(1, self.length + 1)

    @property
    def first(self) -> date:
        """The first day of month 1."""
        return _next_first(self.as_at)

    def number(self, day: date) -> int:
        """The number of the month that ``day`` lies in."""
        first = self.first
        return (day.year - first.year) * 12 + day.month - first.month + 1

    def told(self, text: str) -> int | None:
        """The number of a month as people write it, "12" or "2027-11"; None where it is none."""
        if text.isdecimal():
            return int(text)
        found = _MONTH.fullmatch(text)
        if found is None or not 1 <= int(found[2]) <= 12:
            return None
        return self.number(date(int(found[1]), int(found[2]), 1))

    def start(self, month: int) -> date:
        """The first day of a month, given its number."""
        return _shifted(self.first, month - 1)

    def end(self, month: int) -> date:
        """The last day of a month, given its number."""
        start = self.start(month)
        return start.replace(day=calendar.monthrange(start.year, start.month)[1])


@lru_cache(maxsize=4096)
def _shifted(start: date, months: int) -> date:
    years, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(years, month + 1, 1)


@lru_cache(maxsize=64)
def _next_first(day: date) -> date:
    """The day, where it is a month's first; else the next month's."""
    return day if day.day == 1 else _shifted(date(day.year, day.month, 1), 1)
