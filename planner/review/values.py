"""What an editable cell says, by its column; a cell that says nothing usable is refused."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from planner.domain.decision import NOBODY_IN, REFUSED, SEEN, DecisionKind, EditField
from planner.domain.terms import VisitType
from planner.review.edited import Unusable

if TYPE_CHECKING:
    from collections.abc import Collection

    from planner.review.issued import Stated

ACCEPT, REFUSE = "Accept", "Refuse"
CLEAR = "clear"
MOST_HOURS = 100.0
"""Of one visit or ARMS; more is a slip of the keyboard."""
LONGEST_TEXT = 2000

CHOICES = {
    EditField.ACCEPT: (ACCEPT, REFUSE),
    EditField.RESULT: (SEEN, NOBODY_IN, REFUSED),
    EditField.VISIT_TYPE: tuple(kind.value for kind in VisitType),
}
_DUTIES = frozenset({DecisionKind.VISIT, DecisionKind.ARMS})
_EVERY = frozenset(DecisionKind)
APPLIES = {
    EditField.ACCEPT: frozenset({DecisionKind.MOVE}),
    EditField.SOM: _EVERY,
    EditField.LOCK_MONTH: _DUTIES,
    EditField.DONE_ON: _DUTIES,
    EditField.RESULT: _DUTIES,
    EditField.VISIT_TYPE: frozenset({DecisionKind.VISIT}),
    EditField.NOT_POSSIBLE: _DUTIES,
    EditField.NOTE: _EVERY,
    EditField.HOURS_TAKEN: _DUTIES,
}
"""Which kinds of decision each column speaks of."""

Cell = str | float | bool | date | Unusable
Reader = Callable[[Cell, "Collection[str]"], "Stated"]


class UnfitError(Exception):
    """The cell is not what its column asks for; the message says why and what to write."""


def is_blank(value: object) -> bool:
    """Whether the cell says nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def is_clear(value: object) -> bool:
    """Whether the cell takes back what was accepted."""
    return isinstance(value, str) and value.strip().casefold() == CLEAR


def read_value(field: EditField, value: Cell | None, staff: Collection[str]) -> Stated:
    """What a filled cell says; None for Clear. Raises ``UnfitError``.

    ``staff`` are the known staff IDs: another letter case of one is taken for it.
    """
    if isinstance(value, Unusable):
        shown = value.text or "a formula without a value"
        raise UnfitError(f"The cell holds {shown}. Type the value itself.")
    if value is None or is_clear(value):
        return None
    return _READERS[field](value, staff)


def _choice(field: EditField) -> Reader:
    def read(value: Cell, staff: Collection[str]) -> Stated:
        text = " ".join(value.split()).casefold() if isinstance(value, str) else ""
        found = {choice.casefold(): choice for choice in CHOICES[field]}.get(text)
        if found is None:
            raise UnfitError(f"Write {' or '.join(CHOICES[field])}, or leave the cell blank.")
        return found

    return read


def _staff_id(value: Cell, staff: Collection[str]) -> Stated:
    text = _plain_text(value)
    if text in staff:
        return text
    folded: dict[str, list[str]] = {}
    for known in staff:
        folded.setdefault(known.casefold(), []).append(known)
    same = folded.get(text.casefold(), [])
    if len(same) == 1:
        return same[0]
    near = difflib.get_close_matches(text.casefold(), folded, n=1)
    hint = f" Is {folded[near[0]][0]} meant?" if near else ""
    raise UnfitError(f"Nobody in Staff has this Staff ID.{hint} Write the Staff ID, not a name.")


def _day(value: Cell, staff: Collection[str]) -> Stated:
    day = _as_day(value)
    if day is None:
        raise UnfitError("That is no date. Write the day, as 05/12/2026.")
    return day


def _month(value: Cell, staff: Collection[str]) -> Stated:
    day = _as_day(value)
    if day is None:
        raise UnfitError("That is no month. Write its first day, as 01/12/2026.")
    return day.replace(day=1)


def _as_day(value: object) -> date | None:
    """The day; the workbook's reader has made dates of those typed as text."""
    return (
        value.date() if isinstance(value, datetime) else value if isinstance(value, date) else None
    )


def _hours(value: Cell, staff: Collection[str]) -> Stated:
    number = None if isinstance(value, date | Unusable) else _number(value)
    if number is None or not 0 <= number <= MOST_HOURS:
        raise UnfitError(f"Write hours as a number from 0 to {MOST_HOURS:g}, as 2.5.")
    return number


def _text(value: Cell, staff: Collection[str]) -> Stated:
    text = _plain_text(value)
    if len(text) > LONGEST_TEXT:
        raise UnfitError(f"The text is longer than {LONGEST_TEXT:,} characters. Shorten it.")
    return text


def _plain_text(value: Cell) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    return f"{value:.15g}" if isinstance(value, int | float) else ""


_READERS: dict[EditField, Reader] = {
    EditField.ACCEPT: _choice(EditField.ACCEPT),
    EditField.SOM: _staff_id,
    EditField.LOCK_MONTH: _month,
    EditField.DONE_ON: _day,
    EditField.RESULT: _choice(EditField.RESULT),
    EditField.VISIT_TYPE: _choice(EditField.VISIT_TYPE),
    EditField.NOT_POSSIBLE: _text,
    EditField.NOTE: _text,
    EditField.HOURS_TAKEN: _hours,
}


def shown(value: object) -> str:
    """A value as a message quotes it, on one line, cut where it is long."""
    if value is None:
        return "blank"
    if isinstance(value, Unusable):
        return value.text or "a formula without a value"
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return f"{value:.10g}"
    line = " ".join(str(value).split())
    return line if len(line) <= 80 else f"{line[:79]}…"


def same(stated: object, value: object) -> bool:
    """Whether a cell still says what was written there, whatever a program did to its type."""
    if is_blank(stated) or is_blank(value):
        return is_blank(stated) and is_blank(value)
    if isinstance(stated, date):
        return _as_day(value) == stated
    if isinstance(stated, int | float) and not isinstance(stated, bool):
        number = _number(value)
        return number is not None and math.isclose(number, stated, rel_tol=1e-9, abs_tol=1e-6)
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = _number(stated)  # a reference typed anew loses its leading zeros
        return number is not None and number == value
    return isinstance(value, str) and " ".join(value.split()) == " ".join(str(stated).split())


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return float(value)
    except ValueError:
        return None
