"""What a plan proposes, one row a decision: the cases that change hands, the near months' duties.

Everything comes from the written plan and who supervises whom, so that the rows can be made again
from a plan as issued.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING

from planner.domain.decision import DecisionKind, ProposedDecision, decision_ref
from planner.domain.terms import Duty

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.domain.written import AllocationRow, ScheduleRow, WrittenPlan

NEAR_MONTHS = 3
"""Duties of so many months are proposed one by one; later ones will be planned again before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """One proposed decision. ``som`` holds the case; ``doer`` does the duty (a move: the SOM).

    ``supervisor`` is the SOM's, None where none is named. ``hours`` are the doer's. A move has no
    ``due``, ``months_late`` or ``hours``.
    """

    decision_ref: str
    ref: str
    level: str
    kind: DecisionKind
    month: date
    som: str
    previous_som: str | None
    supervisor: str | None
    what: str
    reason: str
    due: date | None
    months_late: int | None
    hours: float | None
    doer: str

    @property
    def proposed(self) -> ProposedDecision:
        return ProposedDecision(
            decision_ref=self.decision_ref,
            ref=self.ref,
            kind=self.kind,
            month=self.month,
            som=self.som,
            previous_som=self.previous_som,
        )

    @property
    def officers(self) -> frozenset[str]:
        """Whom it concerns: the SOM, the SOM before, who does it."""
        concerned = {self.som, self.doer, self.previous_som}
        return frozenset(name for name in concerned if name is not None)


def decision_rows(written: WrittenPlan, supervisors: Mapping[str, str]) -> tuple[DecisionRow, ...]:
    """By reference, kind (in the order of the alphabet) and month.

    ``supervisors`` maps a staff ID to the supervisor's name, blank or missing where none is known.
    """
    as_at, first = _run_date(written, "As-at date"), _run_date(written, "First month")
    last = (first.year * 12 + first.month - 1) + NEAR_MONTHS
    rows = [_move(row, supervisors) for row in written.allocation if row.som != row.previous_som]
    rows += [
        _duty(row, supervisors, as_at)
        for row in written.schedule
        if row.month.year * 12 + row.month.month - 1 < last
    ]
    return tuple(sorted(rows, key=attrgetter("ref", "kind", "month")))


def proposed_decisions(
    written: WrittenPlan, supervisors: Mapping[str, str]
) -> Iterator[ProposedDecision]:
    """The same, without what is only said about them."""
    return (row.proposed for row in decision_rows(written, supervisors))


def when_due(due: date, month: date, as_at: date) -> str:
    """Why a duty is planned in a month, in words; days are counted to the as-at date."""
    if due <= as_at:
        days = (as_at - due).days
        return "Overdue today" if days == 0 else f"Overdue {days:,} day{'s' * (days != 1)}"
    if (due.year, due.month) == (month.year, month.month):
        return "Due in this month"
    if due < month:
        return f"Late: due {due:%b %Y}"
    return f"Early: due {due:%b %Y}"


def _move(row: AllocationRow, supervisors: Mapping[str, str]) -> DecisionRow:
    before = row.previous_som
    return DecisionRow(
        decision_ref=decision_ref(row.ref, DecisionKind.MOVE, row.month),
        ref=row.ref,
        level=row.level,
        kind=DecisionKind.MOVE,
        month=row.month,
        som=row.som,
        previous_som=before,
        supervisor=supervisors.get(row.som) or None,
        what=f"Case to {row.som}" if before is None else f"Case from {before} to {row.som}",
        reason=row.reason,
        due=None,
        months_late=None,
        hours=None,
        doer=row.som,
    )


def _duty(row: ScheduleRow, supervisors: Mapping[str, str], as_at: date) -> DecisionRow:
    kind = DecisionKind(row.duty)
    return DecisionRow(
        decision_ref=decision_ref(row.ref, kind, row.month),
        ref=row.ref,
        level=row.level,
        kind=kind,
        month=row.month,
        som=row.som,
        previous_som=None,
        supervisor=supervisors.get(row.som) or None,
        what=what_to_do(row),
        reason=when_due(row.due, row.month, as_at),
        due=row.due,
        months_late=row.months_late,
        hours=row.lead_hours,
        doer=row.done_by,
    )


def what_to_do(row: ScheduleRow) -> str:
    """A duty in words: "Unannounced visit with OM02", "ARMS by OM03"."""
    if row.duty == Duty.ARMS.value:
        return "ARMS" if row.done_by == row.som else f"ARMS by {row.done_by}"
    if row.crew == 1:
        company = ", alone"
    else:
        company = f" with {row.second}" if row.second else ", crew of two"
    return f"{row.visit_type} visit{company}"


def _run_date(written: WrittenPlan, item: str) -> date:
    """A date of the Run sheet. Raises ``ValueError`` where it holds none."""
    for found in written.run:
        if found.item == item and isinstance(found.value, date):
            return found.value
    raise ValueError(f"The plan's Run sheet holds no {item}.")
