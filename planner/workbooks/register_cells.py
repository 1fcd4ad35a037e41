"""What one cell means, by the kind of its column.

Each converter takes the cell's value, its column and ``note``, which records a warning (code,
message, remedy), and returns what the domain holds. It raises ``Unfit`` where the value is not of
the column's kind.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, TypeGuard

from planner.workbooks.register_columns import Column, Kind
from planner.workbooks.register_dates import FIRST_YEAR, LAST_YEAR, spelt, text_date
from planner.workbooks.register_findings import quoted
from planner.workbooks.register_grid import Broken, Value

Note = Callable[[str, str, str], None]
Converter = Callable[[Value, Column, Note], Any]

EXACT_DIGITS = 15
"""Excel keeps so many digits of a number and makes the rest zeros."""

_HUGE = 1e300

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u2060\ufeff]")
_ACTIVE = ("=", "+", "-", "@")
_SWITCH = {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}


class Unfit(Exception):
    """The value is not of its column's kind: a stable code, what is wrong, what to do."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.code, self.message, self.remedy = code, message, remedy


@lru_cache(maxsize=65536)
def cleaned(text: str) -> str:
    """The text without spaces around it, non-breaking spaces and invisible characters."""
    return _INVISIBLE.sub("", text.replace("\xa0", " ").replace("\u202f", " ")).strip()


def described(value: Value) -> str:
    """The kind of value found, and the value: 'the text "soon"'."""
    match value:
        case bool():
            return f"the logical value {str(value).upper()}"
        case str():
            return f"the text {quoted(value)}"
        case int() | float():
            return f"the number {value:.15g}" if _is_number(value) else "a number beyond measure"
        case date():
            return f"the date {spelt(value)}"
        case time():
            return f"the time {value:%H:%M}"
        case timedelta():
            return "a length of time"
        case Broken():
            return f"the error {value.text}"


def _wrong_kind(value: Value, column: Column, wanted: str, remedy: str) -> Unfit:
    return Unfit(
        "wrong-kind", f"{column.header} holds {described(value)}, which is not {wanted}.", remedy
    )


def _to_text(value: Value, column: Column, note: Note) -> str:
    if not isinstance(value, str):
        if _is_number(value):
            return f"{value:.15g}"
        raise _wrong_kind(value, column, "text", "Format the cell as Text and type it again.")
    if value.startswith(_ACTIVE):
        note(
            "looks-like-formula",
            f"{column.header} holds the text {quoted(value)}, which begins like a formula; "
            "it stays text.",
            "Check that the text is what was meant.",
        )
    return value


def _to_ref(value: Value, column: Column, note: Note) -> str:
    if isinstance(value, str) or not _is_number(value):
        return _to_text(value, column, note)
    if not float(value).is_integer():
        raise _wrong_kind(
            value, column, "a reference", "Format the cell as Text and type the reference again."
        )
    digits = f"{int(value)}"
    if len(digits.lstrip("-")) > EXACT_DIGITS:
        raise Unfit(
            "digits-lost",
            f"{column.header} holds a number of more than {EXACT_DIGITS} digits, of which Excel "
            "has lost the last.",
            "Format the cell as Text and type the reference again.",
        )
    note(
        "number-as-ref",
        f"{column.header} is stored as a number; its digits, {digits}, are the reference.",
        "Format the column as Text, and check that no leading zero is lost.",
    )
    return digits


def _to_refs(value: Value, column: Column, note: Note) -> frozenset[str]:
    text = _to_ref(value, column, note)
    return frozenset(name for part in text.split(";") if (name := part.strip()))


def _to_date(value: Value, column: Column, note: Note) -> date:
    if isinstance(value, datetime):
        day = value.date()
    elif isinstance(value, date):
        day = value
    else:
        found = text_date(value) if isinstance(value, str) else None
        if found is None:
            remedy = "Enter a real date, day first: 05/03/2026 is the fifth of March."
            raise _wrong_kind(value, column, "a date", remedy)
        day = found
        note(
            "text-date",
            f"{column.header} holds {described(value)}; it was read as {spelt(day)}.",
            "Enter it as a real date, so that nobody reads it another way.",
        )
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unfit(
            "out-of-range",
            f"{column.header} holds {described(value)}, which is outside {FIRST_YEAR} to "
            f"{LAST_YEAR}.",
            "Correct the year.",
        )
    return day


def _to_number(value: Value, column: Column, note: Note) -> float:
    number = _number(value, column, "a number", note)
    _check_range(number, value, column)
    return number


def _to_whole(value: Value, column: Column, note: Note) -> int:
    number = _number(value, column, "a whole number", note)
    if not number.is_integer():
        raise _wrong_kind(value, column, "a whole number", _permitted(column, "a whole number"))
    _check_range(number, value, column)
    return int(number)


def _number(value: Value, column: Column, wanted: str, note: Note) -> float:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        note(
            "text-number",
            f"{column.header} holds a number stored as text, {quoted(value)}.",
            "Format the cell as a number and type it again.",
        )
        value = float(value)
    if not _is_number(value):
        raise _wrong_kind(value, column, wanted, _permitted(column, wanted))
    return float(value)


def _is_number(value: Value) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _HUGE


def _check_range(number: float, value: Value, column: Column) -> None:
    low, high = column.low, column.high
    if (low is not None and number < low) or (high is not None and number > high):
        raise Unfit(
            "out-of-range",
            f"{column.header} holds {described(value)}, which is not permitted.",
            _permitted(column, "a number"),
        )


def _permitted(column: Column, wanted: str) -> str:
    if column.low is None:
        return f"Enter {wanted}."
    if column.high is None or column.high >= 1e6:
        return f"Enter {wanted}, {column.low:g} or more."
    return f"Enter {wanted} from {column.low:g} to {column.high:g}."


def _to_choice(value: Value, column: Column, note: Note) -> Any:
    text = value if isinstance(value, str) else ""
    if text in column.choices:
        return column.choices[text]
    folded = {choice.casefold(): choice for choice in column.choices}
    same = folded.get(" ".join(text.split()).casefold()) if text else None
    if same is None:
        near = difflib.get_close_matches(text.casefold(), folded, n=1)
        hint = f" Is {folded[near[0]]} meant?" if near else ""
        raise Unfit(
            "wrong-kind",
            f"{column.header} holds {described(value)}, which is not on its list.{hint}",
            f"Write one of {', '.join(column.choices)}.",
        )
    note(
        "letter-case",
        f"{column.header} holds {described(value)}; it was read as {same}.",
        f"Write {same}.",
    )
    return column.choices[same]


def _to_switch(value: Value, column: Column, note: Note) -> bool:
    if isinstance(value, bool):
        return value
    on = _SWITCH.get(value.casefold()) if isinstance(value, str) else None
    if on is None:
        raise _wrong_kind(value, column, "a switch", "Write On or Off.")
    return on


def _to_anything(value: Value, column: Column, note: Note) -> Value:
    return value


CONVERTERS: dict[Kind, Converter] = {
    Kind.TEXT: _to_text,
    Kind.REF: _to_ref,
    Kind.REFS: _to_refs,
    Kind.DATE: _to_date,
    Kind.WHOLE: _to_whole,
    Kind.NUMBER: _to_number,
    Kind.CHOICE: _to_choice,
    Kind.SWITCH: _to_switch,
    Kind.ANY: _to_anything,
}
