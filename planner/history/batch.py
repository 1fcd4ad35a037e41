"""What the history is told and answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from planner.domain.decision import DecisionKind, Edit, EditField

Key = tuple[str, "EditField"]
"""One cell people may fill in, of one run: decision ref and field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One plan issued: its id, first month, as-at date, and when it was issued (UTC)."""

    run_id: str
    first_month: date
    as_at: date
    issued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionBatch:
    """What one person accepts of one workbook, all or nothing.

    ``read_at`` is the run's ``version`` that the edits were compared with; ``at`` is UTC, whole
    seconds. Raises ``ValueError`` where there is no edit, one is of another run, two say
    something of the same key, or ``at`` has no time zone.
    """

    run_id: str
    read_at: int
    edits: tuple[Edit, ...]
    by: str
    workbook: str
    at: datetime

    def __post_init__(self) -> None:
        if not self.edits:
            raise ValueError("A batch needs at least one edit.")
        if self.at.tzinfo is None:
            raise ValueError("A moment in the history needs its time zone.")
        if any(edit.run_id != self.run_id for edit in self.edits):
            raise ValueError("A batch is of one run.")
        if len({(edit.decision_ref, edit.field) for edit in self.edits}) < len(self.edits):
            raise ValueError("A batch says one thing of each decision's field.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A batch accepted: the file in ``runs/RUN-ID/decisions/`` and the run's version since."""

    run_id: str
    name: str
    version: int
    edits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedEdit:
    """An edit accepted at a moment (UTC), by whoever applied the workbook."""

    edit: Edit
    at: datetime
    version: int
    applied_by: str

    @property
    def value(self) -> str | float | date | None:
        return self.edit.value

    @property
    def by(self) -> str:
        """Who says so."""
        return self.edit.by

    @property
    def workbook(self) -> str:
        return self.edit.workbook


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneDuty:
    """A visit or ARMS with a Done on date, as last accepted.

    ``month`` is the month it was planned for; ``result`` is Seen, Nobody in, Refused, or None where
    nobody said; ``hours_taken`` None likewise. An attempt that failed stands here too.
    """

    run_id: str
    decision_ref: str
    ref: str
    kind: DecisionKind
    month: date
    done_on: date
    result: str | None
    hours_taken: float | None
    by: str
    at: datetime


class Conflict(OutputError):
    """What a batch would change has been changed since it was read; nothing was accepted."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self.keys = tuple(keys)
        named = "; ".join(f"{ref}, {field.value}" for ref, field in self.keys[:10])
        more = f" and {len(self.keys) - 10} more" if len(self.keys) > 10 else ""
        super().__init__(
            f"Somebody else has accepted something different meanwhile: {named}{more}. Nothing of "
            "this workbook was accepted. Run planner review again and look at the conflicts."
        )
