"""A register as plain content for JSON, and back: what a plan was made with, kept beside it."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from planner.domain.policy import SETTINGS, Policy
from planner.domain.register import Absence, AgreedHours, Bar, Lock, Offender, Officer, Register
from planner.domain.terms import Duty, LockKind, Management, RiskLevel, Role, Status, VisitType
from planner.history.faults import BadContentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_TABLES: dict[str, type] = {
    "offenders": Offender,
    "officers": Officer,
    "absences": Absence,
    "locks": Lock,
    "bars": Bar,
    "agreed": AgreedHours,
}
_TEXTS = ("marking", "title")
_READERS: dict[str, Callable[[Any], Any]] = {
    "date": date.fromisoformat,
    "frozenset[str]": frozenset,
    **{
        kind.__name__: kind
        for kind in (Duty, LockKind, Management, RiskLevel, Role, Status, VisitType)
    },
}
"""How to read a field whose value JSON does not have, by its annotation."""


def register_told(register: Register) -> dict[str, Any]:
    """Everything of a register, for ``canonical``."""
    return {
        "as_at": register.as_at,
        "policy": {name: register.policy.value(name) for name in SETTINGS},
        **{name: getattr(register, name) for name in _TEXTS},
        **{name: _table(kind, getattr(register, name)) for name, kind in _TABLES.items()},
    }


def told_register(told: dict[str, Any]) -> Register:
    """Back from ``register_told``. Raises ``ValueError`` where it is nothing of the kind."""
    try:
        tables: dict[str, Any] = {name: _rows(kind, told[name]) for name, kind in _TABLES.items()}
        return Register(
            as_at=date.fromisoformat(told["as_at"]),
            policy=Policy.of(told["policy"]),
            **{name: told[name] for name in _TEXTS},
            **tables,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise BadContentError(f"it is no register ({type(error).__name__})") from None


def _table(kind: type, rows: Iterable[Any]) -> dict[str, Any]:
    names = [field.name for field in fields(kind)]
    values = attrgetter(*names)
    return {"columns": names, "rows": [[_plain(v) for v in values(row)] for row in rows]}


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def _rows(kind: type, table: dict[str, Any]) -> tuple[Any, ...]:
    """Rows of one kind; its own annotations say how each field is read."""
    names: list[str] = table["columns"]
    own = fields(kind)
    readers = {field.name: _READERS.get(str(field.type).removesuffix(" | None")) for field in own}
    if names != list(readers):
        raise BadContentError(f"its columns are not those of {kind.__name__}")
    columns = [
        _column(cells, readers[name])
        for name, cells in zip(names, zip(*table["rows"], strict=True), strict=False)
    ]
    return tuple(kind(**dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True))


def _column(cells: Sequence[Any], read: Callable[[Any], Any] | None) -> Sequence[Any]:
    """A column's values; each distinct one is read once, as most recur."""
    if read is None:
        return cells
    if read is frozenset:
        return [read(cell) for cell in cells]
    known = {cell: None if cell is None else read(cell) for cell in set(cells)}
    return [known[cell] for cell in cells]
