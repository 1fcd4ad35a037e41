"""A clash: rows of the register that no plan can all meet, though it could any fewer of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.domain.rules import Rule


class Sheet(StrEnum):
    """The register's sheets that ask something of a plan."""

    OFFENDERS = "Offenders"
    STAFF = "Staff"
    LOCKS = "Locks"
    POLICY = "Policy"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Member:
    """One thing that the register asks: a cell, or a whole row where ``column`` is blank.

    ``key`` finds the row: an offender's reference, a staff ID, a setting's name, or a lock's place
    in the register. ``month`` is set where the same cell asks for something in each month (an
    officer's hours), else 0. ``says`` is the cell in words; ``ref`` the case it is about; ``row``
    the row itself where the register knows it (locks).
    """

    sheet: Sheet
    key: str
    column: str = ""
    month: int = 0
    says: str = field(default="", compare=False)
    ref: str = field(default="", compare=False)
    row: int = field(default=0, compare=False)


class ClashKind(StrEnum):
    """What clashes with what; the value is a stable short name for programs."""

    NOBODY = "nobody-may-hold"
    LOCK_BARRED = "lock-on-somebody-who-may-not-hold"
    TWO_HOLDERS = "two-holders"
    DUTY_NEVER = "locked-duty-impossible"
    DUTIES_CLOSE = "locked-duties-too-close"
    CAPS = "caps-below-cases"
    HOURS = "hours-below-locked-duties"
    MOVES = "moves-below-changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A smallest set of rows that cannot all hold: without any one of ``members`` the rest can.

    ``facts`` are rows that explain it and ask nothing of the plan. ``alike`` are cases, each of
    which clashes by itself in the same way as the case named. ``what`` says what is wrong and
    ``remedy`` what to change, in sentences without references. ``gives_way`` is the rule that the
    plan breaks (contract, section 3), ``by`` at least how often.
    """

    kind: ClashKind
    members: tuple[Member, ...]
    what: str
    remedy: str
    gives_way: Rule
    by: int = 1
    facts: tuple[Member, ...] = ()
    alike: tuple[Member, ...] = ()
