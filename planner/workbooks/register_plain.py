"""Reads a plain sheet's cells straight from its part of the workbook, which is much faster.

Plain: numbers, dates and shared text; no formula, no merged cell, no hidden row, nothing odd. What
a cell means is openpyxl's own doing here too (its strings, its date formats, its dates), so a plain
sheet read so is the same grid, value by value. Any other sheet is left to the slow way.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel

from planner.workbooks.register_grid import ERRORS, Grid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openpyxl import Workbook

    from planner.workbooks.register_grid import Value

_BODY = re.compile(rb"<sheetData>(.*)</sheetData>|<sheetData ?/>", re.DOTALL)
_ROW = re.compile(rb"<row( [^<>]*?)(?:/>|>((?:<c [^<>]*(?:/>|>(?:<v>[^<>&]*</v>)?</c>))*)</row>)")
_NUMBERED = re.compile(rb' r="\d+"')
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"(?: s="(\d+)")?(?: t="(s|n)")?'
    rb"(?:/>|>(?:<v>([^<>&]*)</v>)?</c>)"
)
_ODD = (b"<!", b"<?xml-", b"mergeCell", b"<f>", b"<f ")


class _NotPlainError(Exception):
    """The sheet has something that only the slow way reads."""


def plain_grid(title: str, xml: bytes, book: Workbook, strings: Sequence[str]) -> Grid | None:
    """The sheet's grid; None where the sheet is not plain.

    ``book`` is opened without its sheets' cells, and ``strings`` are its shared strings.
    """
    body = _BODY.search(xml)
    if body is None or any(odd in xml for odd in _ODD):
        return None
    try:
        ElementTree.fromstring(xml[: body.start()] + xml[body.end() :])
        rows = _rows(body.group(1) or b"", _Reader(book, strings))
    except (_NotPlainError, ElementTree.ParseError, ValueError, OverflowError, IndexError):
        return None
    return Grid(title=title, rows={number: rows[number] for number in sorted(rows)})


class _Reader:
    """Says what a cell holds. Each distinct (kind, style, text) is worked out once."""

    def __init__(self, book: Workbook, strings: Sequence[str]) -> None:
        held: Any = book
        self._strings = strings
        self._dates: frozenset[int] = frozenset(held._date_formats)  # noqa: SLF001
        self._spans: frozenset[int] = frozenset(held._timedelta_formats)  # noqa: SLF001
        self._from_excel: Callable[[float, bool], Any] = lambda number, span: from_excel(
            number, held.epoch, timedelta=span
        )
        self._known: dict[tuple[bytes, bytes, bytes], Value | None] = {}
        self._columns: dict[bytes, int] = {}

    def value(self, kind: bytes, style: bytes, text: bytes) -> Value | None:
        key = (kind, style, text)
        if key not in self._known:
            self._known[key] = self._value(kind, int(style or b"0"), text.decode("ascii"))
        return self._known[key]

    def column(self, letters: bytes) -> int:
        if letters not in self._columns:
            self._columns[letters] = column_index_from_string(letters.decode())
        return self._columns[letters]

    def _value(self, kind: bytes, style: int, text: str) -> Value | None:
        if not text:
            return None
        if kind == b"s":
            told = self._strings[int(text)]
            if told in ERRORS:
                raise _NotPlainError
            return told
        number = float(text) if any(mark in text for mark in ".eE") else int(text)
        if style not in self._dates:
            return number
        day: Value | None = self._from_excel(number, style in self._spans)
        return day


def _rows(body: bytes, reader: _Reader) -> dict[int, dict[int, Value]]:
    rows: dict[int, dict[int, Value]] = {}
    at = 0
    for row in _ROW.finditer(body):
        told, cells = row.groups()
        if row.start() != at or b"hidden" in told or not _NUMBERED.search(told):
            raise _NotPlainError
        at = row.end()
        if cells:
            _read_row(cells, reader, rows)
    if at != len(body):
        raise _NotPlainError
    return rows


def _read_row(cells: bytes, reader: _Reader, rows: dict[int, dict[int, Value]]) -> None:
    at = 0
    for cell in _CELL.finditer(cells):
        if cell.start() != at:
            raise _NotPlainError
        at = cell.end()
        letters, number, style, kind, text = cell.groups(b"")
        value = reader.value(kind, style, text)
        if value is not None:
            rows.setdefault(int(number), {})[reader.column(letters)] = value
    if at != len(cells):
        raise _NotPlainError
