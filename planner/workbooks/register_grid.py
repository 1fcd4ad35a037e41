"""A sheet as it was found, before anybody asks what it means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell without a usable value: Excel's error text, or "" for a formula never worked out."""

    text: str


Value = str | int | float | bool | date | time | timedelta | Broken
"""What a filled cell holds. A ``datetime`` is a ``date`` too."""

ERRORS = frozenset(
    {
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
        "#CONNECT!",
        "#BUSY!",
        "#UNKNOWN!",
        "#GETTING_DATA",
    }
)
"""What Excel shows in place of a value that it could not work out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One sheet's filled cells by row and column number, both from 1.

    ``merged`` holds (first row, last row, first column, last column, range as written);
    ``is_text`` is true of a CSV file, where every value is text and that is nobody's mistake.
    """

    title: str
    rows: Mapping[int, Mapping[int, Value]]
    formulas: frozenset[tuple[int, int]] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int, str], ...] = ()
    is_hidden: bool = False
    is_text: bool = False


@lru_cache(maxsize=4096)
def normal(name: str) -> str:
    """A sheet's or column's name without case, spaces and punctuation."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())
