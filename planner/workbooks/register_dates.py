"""Dates that somebody typed as text: day first, or ISO."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

FIRST_YEAR = 1900
LAST_YEAR = 2200

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_DAY_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_NAMED = re.compile(r"(\d{1,2})[ -]([a-z]{3,9})\.?[ -](\d{4})", re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?")


@lru_cache(maxsize=65536)
def text_date(text: str) -> date | None:
    """The day that a text names: 05/03/2026, 5.3.2026, 5 Mar 2026 or 2026-03-05; else None.

    05/03/2026 is the fifth of March, never the third of May. Years have four digits.
    """
    try:
        if match := _DAY_FIRST.fullmatch(text):
            return date(int(match[4]), int(match[3]), int(match[1]))
        if match := _NAMED.fullmatch(text):
            month = _month(match[2].casefold())
            return date(int(match[3]), month, int(match[1])) if month else None
        if _ISO.fullmatch(text):
            return datetime.fromisoformat(text).date()
    except ValueError:
        return None
    return None


def _month(name: str) -> int | None:
    if name == "sept":
        return 9
    return next((n for n, full in enumerate(_MONTHS, 1) if full.startswith(name)), None)


def spelt(day: date) -> str:
    """A date as our messages write it: 5 March 2026."""
    return f"{day.day} {_MONTHS[day.month - 1].capitalize()} {day.year}"
