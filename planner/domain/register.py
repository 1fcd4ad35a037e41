"""The register: who is managed, who can manage them, and what people have already decided.

Field meanings follow the register workbook's columns one to one; ``None`` is a blank cell. What a
reader must refuse (a duplicate, a date after the as-at date) is refused where cells can be named;
here only what would make a register meaningless is checked.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

from planner.domain.policy import Policy
from planner.domain.terms import Duty, LockKind, Management, RiskLevel, Role, Status, VisitType

if TYPE_CHECKING:
    from datetime import date

DEFAULT_MARKING = "OFFICIAL-SENSITIVE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offender:
    """One registered person, as far as planning needs to know them. Never a name or an address."""

    ref: str
    status: Status
    level: RiskLevel
    management: Management = Management.ACTIVE
    team: str
    area: str = ""
    som: str | None = None
    last_visit: date | None = None
    last_visit_type: VisitType | None = None
    failed_attempts: int = 0
    visit_interval: int | None = None
    interval_reason: str = ""
    crew: int | None = None
    arms_applicable: bool = True
    last_arms: date | None = None
    arms_due: date | None = None
    registered_from: date | None = None
    registered_until: date | None = None
    release_date: date | None = None
    not_with: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    keep: bool = False

    @property
    def is_active(self) -> bool:
        return self.management is Management.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """One sex offender manager (SOM). ``end`` is the last day in post.

    ``settled``: knows the work already, so that a new Start brings no ramp. No column of the
    register says so: only a leader's question ("what if") does.
    """

    staff_id: str
    name: str = ""
    team: str
    supervisor: str = ""
    role: Role = Role.OFFICER
    fte: float = 1.0
    start: date | None = None
    end: date | None = None
    arms_trained_from: date | None = None
    skills: frozenset[str] = frozenset()
    cap: int | None = None
    hours_per_month: float | None = None
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days away, both ends included; ``share`` of each day, 0 to 1."""

    staff_id: str
    first: date
    last: date
    share: float = 1.0
    reason: str = ""

    @property
    def is_annual_leave(self) -> bool:
        return self.reason.strip().casefold() == "annual leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A decision already made: ``staff_id`` for a lock on the SOM, else ``month`` (its first day).

    ``since`` is the first month (its first day) in which a lock on the SOM holds; None: from the
    start. ``row`` is the row of the Locks sheet that it came from, for messages; 0 where it came
    from elsewhere.
    """

    ref: str
    kind: LockKind
    staff_id: str | None = None
    month: date | None = None
    reason: str = ""
    by: str = ""
    row: int = 0
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A duty that cannot be done in a month (its first day), as somebody has decided.

    No plan does it then. It stays due, and counts as overdue like any other.
    """

    ref: str
    duty: Duty
    month: date
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedHours:
    """Overtime hours agreed for a team in one month (its first day), however its officers share it.

    They count as capacity, shared among the officers as their own hours of that month are. No sheet
    of the register says so: only a leader's question ("what if") does.
    """

    team: str
    month: date
    hours: float


@dataclass(frozen=True, kw_only=True)
class Register:
    """Everything the planner is told, true on ``as_at``.

    ``offenders`` and ``officers`` are in the order of the file; whoever needs an order that does
    not depend on it uses ``sorted``. ``as_at`` is None only while nobody has said: the reader
    fills it from the command line, the About sheet, or today. ``bars`` are no part of the workbook:
    they come from what people said to the plan before; nor are ``agreed``, overtime by month.
    """

    as_at: date
    offenders: tuple[Offender, ...]
    officers: tuple[Officer, ...]
    absences: tuple[Absence, ...] = ()
    locks: tuple[Lock, ...] = ()
    bars: tuple[Bar, ...] = ()
    agreed: tuple[AgreedHours, ...] = ()
    policy: Policy = field(default_factory=Policy)
    marking: str = DEFAULT_MARKING
    title: str = ""

    def __post_init__(self) -> None:
        for kind, names in (
            ("offender", [o.ref for o in self.offenders]),
            ("officer", [s.staff_id for s in self.officers]),
        ):
            twice = [name for name, times in Counter(names).items() if times > 1]
            if twice:
                raise ValueError(f"{len(twice)} {kind} reference(s) appear more than once.")

    @cached_property
    def officer(self) -> dict[str, Officer]:
        """Officers by staff ID."""
        return {s.staff_id: s for s in self.officers}

    @cached_property
    def offender(self) -> dict[str, Offender]:
        """Offenders by reference."""
        return {o.ref: o for o in self.offenders}

    @cached_property
    def teams(self) -> tuple[str, ...]:
        """The teams of the staff, sorted."""
        return tuple(sorted({s.team for s in self.officers}))

    def som_of(self, offender: Offender) -> str | None:
        """Who manages the case today, where that is somebody in Staff."""
        return offender.som if offender.som in self.officer else None

    def with_policy(self, policy: Policy) -> Self:
        return replace(self, policy=policy)
