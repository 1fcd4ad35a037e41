"""Adding months to a date, as the definitions of due dates do it."""

from __future__ import annotations

import calendar
from datetime import date, timedelta


def months_on(day: date, months: int) -> date:
    """The same day so many months on (back where negative), or that month's last day."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(years, month + 1)[1]
    return date(years, month + 1, min(day.day, last))


def days_on(day: date, days: int) -> date:
    return day + timedelta(days=days)


def monday_on(day: date) -> date:
    """The first Monday on or after a day."""
    return days_on(day, -day.weekday() % 7)


def weekdays(first: date, last: date) -> int:
    """Mondays to Fridays from ``first`` to ``last``, both included; 0 where they cross."""
    days = (last - first).days + 1
    if days <= 0:
        return 0
    weeks, rest = divmod(days, 7)
    return weeks * 5 + sum((first.weekday() + i) % 7 < 5 for i in range(rest))
