"""A plan as it was issued: what can't be worked out again once the register has moved on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.taken import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from planner.domain.taken import TakenOver
    from planner.domain.written import WrittenPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedPerson:
    """One person of the register, as far as progress is judged by it. Words as in the register."""

    ref: str
    status: str
    level: str
    management: str
    team: str
    som: str | None
    last_visit: date | None
    last_arms: date | None
    failed_attempts: int | None = None
    """None: issued by a planner that did not keep it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedOfficer:
    """One officer; ``supervisor`` is blank where the register names none."""

    staff_id: str
    team: str
    supervisor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamBacklog:
    """ARMS overdue in a team, of one level, at a month's end; ``month`` None: on the as-at date."""

    month: date | None
    team: str
    level: str
    arms_overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedPlan:
    """A plan and the register's facts beside it; people and officers by reference.

    ``policy`` holds every setting by its name. ``written.run`` is empty: what differs from one
    making of the same plan to the next is in the manifest. ``taken`` is what it was made with
    beside its register. ``team_backlog`` is empty where a planner issued it that did not keep it.
    """

    as_at: date
    first_month: date
    policy: Mapping[str, float | bool]
    people: tuple[IssuedPerson, ...]
    officers: tuple[IssuedOfficer, ...]
    written: WrittenPlan
    taken: TakenOver = NOTHING
    team_backlog: tuple[TeamBacklog, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedRun:
    """A plan issued under its run id (``2026-12-3f9a1c2b``), and when (UTC, whole seconds)."""

    run_id: str
    issued_at: datetime
    plan: IssuedPlan
