"""A register as a workbook: one that holds people and officers, or an empty one to fill in."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from planner.domain.policy import SETTINGS, Policy
from planner.domain.register import DEFAULT_MARKING, Register
from planner.workbooks.register_book import RegisterBook, Row
from planner.workbooks.register_columns import OFFENDERS, Column, Kind, Layout
from planner.workbooks.register_layouts import (
    ABSENCES,
    COLUMNS,
    LOCKS,
    STAFF,
)
from planner.workbooks.register_questions import SCENARIOS, UNCERTAINTY
from planner.workbooks.register_settings import AS_AT, MARKING, TITLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planner.domain.register import Lock

_TEMPLATE_ROWS = 20_000
_SPARE_ROWS = 1_000
_TEMPLATE_MADE = date(2026, 1, 1)
_HANDLING = "Pseudonymous references only: no names of offenders, no addresses, no dates of birth."


def register_workbook(register: Register, *, about: Sequence[tuple[str, str]] = ()) -> bytes:
    """The register as a workbook that ``read_register`` reads back the same.

    ``about`` are further items of the About sheet, such as ("Synthetic", "No real person"). The
    same register always gives the same bytes. Text keeps no spaces at its ends, and a lock's row
    is the one that it now stands in.
    """
    book = RegisterBook(
        title=register.title or "Register", marking=register.marking, made=register.as_at
    )
    sheets = (
        (OFFENDERS, [_row(OFFENDERS, offender) for offender in register.offenders]),
        (STAFF, [_row(STAFF, officer) for officer in register.officers]),
        (ABSENCES, [_row(ABSENCES, absence) for absence in register.absences]),
        (LOCKS, [_lock_row(lock) for lock in register.locks]),
    )
    last_row = max(len(rows) for _, rows in sheets) + _SPARE_ROWS
    for layout, rows in sheets:
        book.add_sheet(layout, rows, last_row)
    book.add_policy(_policy_rows(register.policy))
    items: list[Row] = [(AS_AT, register.as_at), (MARKING, register.marking)]
    if register.title:
        items.append((TITLE, register.title))
    book.add_about([*items, *about, ("Handling", _HANDLING)])
    return book.to_bytes()


def template_workbook() -> bytes:
    """An empty register with drop-downs, checks and a message at every column."""
    book = RegisterBook(title="Register template", marking=DEFAULT_MARKING, made=_TEMPLATE_MADE)
    layouts = (OFFENDERS, STAFF, ABSENCES, LOCKS)
    optional = (SCENARIOS, UNCERTAINTY, COLUMNS)
    book.add_guide(_GUIDE, [line for layout in (*layouts, *optional) for line in _lines(layout)])
    for layout in layouts:
        book.add_sheet(layout, (), _TEMPLATE_ROWS)
    book.add_policy(_policy_rows(Policy()))
    book.add_about([(AS_AT, None), (MARKING, DEFAULT_MARKING), ("Handling", _HANDLING)])
    for layout in optional:
        book.add_sheet(layout, (), 200)
    return book.to_bytes()


def _row(layout: Layout, item: object) -> Row:
    return tuple(_cell(column, getattr(item, column.attribute)) for column in layout.columns)


def _lock_row(lock: Lock) -> Row:
    return tuple(
        lock.staff_id or lock.month
        if column.kind is Kind.ANY
        else _cell(column, getattr(lock, column.attribute))
        for column in LOCKS.columns
    )


def _cell(column: Column, value: Any) -> Any:
    """What a cell shows for a value of the domain; None leaves it blank."""
    if value is None or value == "":
        return None
    if column.kind is Kind.CHOICE:
        return _labels(column.header, tuple(column.choices.items()))[value]
    if column.kind is Kind.REFS:
        return "; ".join(sorted(value)) or None
    return value


@cache
def _labels(header: str, choices: tuple[tuple[str, Any], ...]) -> dict[Any, str]:
    return {value: label for label, value in choices}


def _policy_rows(policy: Policy) -> Iterable[Row]:
    """Setting, Value, Unit, Meaning, Source; the basis says where it is an assumption."""
    for name, setting in SETTINGS.items():
        value = policy.value(name)
        shown = ("On" if value else "Off") if setting.kind == "switch" else value
        yield name, shown, setting.unit, setting.meaning, setting.basis


def _lines(layout: Layout) -> Iterable[Row]:
    for column in layout.columns:
        needed = "Required" if column.required else "Optional"
        what = " or ".join(column.choices) if column.choices else column.kind.value.capitalize()
        yield layout.name, column.header, needed, what, column.meaning


_GUIDE = (
    "Fill in Offenders and Staff; Absences and Locks are optional. Then run: planner check.",
    "Dark headers are required and light ones optional; each cell's message says what goes in.",
    "Keep references as text, so that a leading zero survives. Enter real dates, day first.",
    "Every setting in Policy has a default; where its source says Assumption, put your own in.",
    "In About, As at is the day on which the register is true; blank means today.",
    "If your own list has other column names, paste it as it is and map the names in Columns.",
    "Do not put in names of offenders, addresses or dates of birth.",
)
