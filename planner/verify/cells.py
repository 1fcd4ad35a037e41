"""Reading cells that a person may have edited: nothing here raises, whatever a cell holds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planner.domain.verdict import Discrepancy
from planner.verify.months import LAST, as_date

if TYPE_CHECKING:
    from planner.verify.months import Months

HOURS_TOLERANCE = 1e-6


def text(cell: object) -> str:
    """A cell's text; empty for a blank cell and for anything that is no text."""
    return cell if isinstance(cell, str) else ""


def is_blank(cell: object) -> bool:
    return cell is None or cell == ""


def number(cell: object) -> float | None:
    """A cell's number; None for anything that is no finite number."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    try:
        value = float(cell)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None


def close(cell: object, found: float, tolerance: float = HOURS_TOLERANCE) -> bool:
    """Whether a stated number is the one worked out, absolutely or relatively."""
    value = number(cell)
    return value is not None and abs(value - found) <= tolerance * max(1.0, abs(found))


def month_number(cell: object, months: Months) -> int | None:
    """The number of the month that a cell's date lies in, None outside the horizon."""
    day = as_date(cell)
    if day is None:
        return None
    month = months.number(day)
    return month if 1 <= month <= LAST else None


def shown(cell: object) -> str:
    """A cell's value as a finding quotes it."""
    if cell is None:
        return ""
    day = as_date(cell)
    if day is not None:
        return day.isoformat()
    return f"{cell:.10g}" if isinstance(cell, float) else str(cell)


def differs(sheet: str, item: str, stated: object, found: object) -> Discrepancy:
    return Discrepancy(sheet=sheet, item=item, stated=shown(stated), found=shown(found))
