"""What the cells of a plan workbook mean, perhaps typed by hand: each by its column's kind."""

from __future__ import annotations

import math
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from planner.workbooks.register_findings import quoted
from planner.workbooks.theme import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.workbooks.plan_columns import PlanColumn


class UnfitCellError(Exception):
    """A cell's value is not of its column's kind."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.code = code
        self.remedy = remedy


def is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def value_of(cell: object, column: PlanColumn) -> object:
    """What a cell of a column means.

    Raises ``UnfitCellError`` where it is not of the column's kind.
    """
    if is_blank(cell):
        if column.optional:
            return None
        if column.kind in _TEXTS and column.field not in _KEYS:
            return ""
        raise UnfitCellError(
            "missing-value",
            f"{column.header} is blank.",
            f"Enter {_WANTED[column.kind]}, or clear the whole row.",
        )
    try:
        return _READERS[column.kind](cell)
    except (TypeError, ValueError):
        shown = quoted(cell) if isinstance(cell, str) else f"{cell}"
        wanted = _WANTED[column.kind]
        raise UnfitCellError(
            "wrong-kind",
            f"{column.header} holds {shown}, which is not {wanted}.",
            f"Enter {wanted}.",
        ) from None


_KEYS = frozenset({"ref", "item"})
_TEXTS = frozenset({Kind.TEXT, Kind.PARAGRAPH})


def _text(cell: object) -> str:
    """Text as it stands; a whole number (a reference typed anew) as its digits."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, int | float) and not isinstance(cell, bool) and float(cell).is_integer():
        return str(int(cell))
    raise TypeError


def _date(cell: object) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    raise TypeError


def _number(cell: object) -> float:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell):
        return float(cell)
    raise TypeError


def _whole(cell: object) -> int:
    number = _number(cell)
    if not number.is_integer():
        raise ValueError
    return int(number)


def _anything(cell: object) -> object:
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date()
    return cell


_READERS: dict[Kind, Callable[[Any], object]] = {
    Kind.TEXT: _text,
    Kind.PARAGRAPH: _text,
    Kind.DATE: _date,
    Kind.MONTH: _date,
    Kind.WHOLE: _whole,
    Kind.HOURS: _number,
    Kind.SHARE: _number,
    Kind.MIXED: _anything,
}

_WANTED = {
    Kind.TEXT: "text",
    Kind.PARAGRAPH: "text",
    Kind.DATE: "a real date",
    Kind.MONTH: "a month's first day, as a real date",
    Kind.WHOLE: "a whole number",
    Kind.HOURS: "a number of hours",
    Kind.SHARE: "a number",
    Kind.MIXED: "a value",
}
