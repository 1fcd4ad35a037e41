"""What the command line asks of ``planner staffing``, as the values it stands for."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import Any

from planner.staffing.cheapest import Tariff

STEP = 5
"""Per cent of cases between two points of the curve of moves; below it every one is shown."""
_RANGE = re.compile(r"(\d+)\s*:\s*(\d+)")


def shares_asked(text: str) -> tuple[float, ...] | None:
    """Shares of cases that may move, from "0:30" in per cent; None where it is no such range.

    Every 1% up to 5%, where most is gained, and every 5% above; both ends included.
    """
    found = _RANGE.fullmatch(text.strip())
    if found is None or not int(found[1]) <= int(found[2]) <= 100:
        return None
    low, high = int(found[1]), int(found[2])
    shown = {low, high, *(n for n in range(low, high) if n < STEP or n % STEP == 0)}
    return tuple(percent / 100 for percent in sorted(shown))


def tariff_asked(*, is_asked: bool, **given: float | None) -> Tariff | None:
    """Prices and limits, assumptions for those not given; None where nobody asks about any.

    ``given`` are ``Tariff``'s fields by name, None where the user gave none.
    """
    known: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if not is_asked and not known:
        return None
    rest = {field.name for field in fields(Tariff)} - {"assumed", *known}
    return replace(Tariff(assumed=frozenset(rest)), **known)
