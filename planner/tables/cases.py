"""Every case as its SOM needs to know it: when last seen, what is overdue, what is planned next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.terms import Duty, Status
from planner.tables.month_list import NEVER_SEEN, WARRANT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from planner.domain.register import Offender
    from planner.domain.written import ScheduleRow, WrittenPlan
    from planner.workload.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One case. Days count to the as-at date.

    ``som`` holds it in month 1, None where nobody may. ``visit_due`` and ``arms_due`` are None
    where none is owed; days overdue are None where it is not overdue today, ``days_since`` where
    the person is not visited (in custody, reactive…). ``next_visit`` and ``next_arms`` are the
    months planned; ``next_arms_by``
    is who does that ARMS, where it is not the SOM. ``remark`` says why nothing is planned.
    """

    som: str | None
    supervisor: str | None
    ref: str
    level: str
    status: str
    management: str
    team: str
    area: str | None
    last_visit: date | None
    days_since: int | str | None
    failed_attempts: int
    attention: str | None
    visit_due: date | None
    visit_days: int | None
    next_visit: date | None
    arms_due: date | None
    arms_days: int | None
    next_arms: date | None
    next_arms_by: str | None
    remark: str | None


def case_rows(outcome: Outcome, written: WrittenPlan) -> tuple[CaseRow, ...]:
    """By SOM (cases that nobody may hold last), riskiest first, then by reference."""
    found = _Cases(outcome, written)
    people = outcome.situation.register.offenders
    rows = [(-o.level, found.row(o)) for o in people]
    rows.sort(key=lambda r: (r[1].som is None, r[1].som or "", r[0], r[1].ref))
    return tuple(row for _, row in rows)


def is_visited(offender: Offender) -> bool:
    """Whether the person is active and in the community today."""
    return offender.is_active and offender.status is Status.COMMUNITY


def at_warrant(outcome: Outcome) -> frozenset[str]:
    """Whom to consider for a warrant: visited, and so many failed attempts as the policy says."""
    limit = outcome.situation.policy.visit_warrant_after
    return frozenset(
        o.ref
        for o in outcome.situation.register.offenders
        if is_visited(o) and o.failed_attempts >= limit
    )


class _Cases:
    def __init__(self, outcome: Outcome, written: WrittenPlan) -> None:
        self.outcome = outcome
        self.register = outcome.situation.register
        self.warrant = at_warrant(outcome)
        self.next = _next_duties(written)
        self.why_nothing = {row.ref: row.reason for row in written.not_planned if row.duty is None}

    def row(self, offender: Offender) -> CaseRow:
        som = self.outcome.plan.som(offender.ref, 1)
        seen = offender.last_visit
        since: int | str | None = None
        if is_visited(offender):
            since = NEVER_SEEN if seen is None else (self.register.as_at - seen).days
        visit_due, visit_days = self._due(offender.ref, Duty.VISIT)
        arms_due, arms_days = self._due(offender.ref, Duty.ARMS)
        visit, arms = (self.next.get((offender.ref, duty.value)) for duty in Duty)
        return CaseRow(
            som=som,
            supervisor=self.register.officer[som].supervisor or None if som else None,
            ref=offender.ref,
            level=offender.level.label,
            status=offender.status.value,
            management=offender.management.value,
            team=offender.team,
            area=offender.area or None,
            last_visit=seen,
            days_since=since,
            failed_attempts=offender.failed_attempts,
            attention=WARRANT if offender.ref in self.warrant else None,
            visit_due=visit_due,
            visit_days=visit_days,
            next_visit=None if visit is None else visit.month,
            arms_due=arms_due,
            arms_days=arms_days,
            next_arms=None if arms is None else arms.month,
            next_arms_by=None if arms is None or arms.done_by == som else arms.done_by,
            remark=self.why_nothing.get(offender.ref),
        )

    def _due(self, ref: str, duty: Duty) -> tuple[date | None, int | None]:
        """When the duty is due, and for how many days it is overdue."""
        chain = self.outcome.situation.chain.get((ref, duty))
        if chain is None:
            return None, None
        overdue = self.outcome.open_at_start(chain)
        return chain.due, (self.register.as_at - chain.due).days if overdue else None


def _next_duties(written: WrittenPlan) -> Mapping[tuple[str, str], ScheduleRow]:
    """The first of each person's visits and ARMS in the plan."""
    found: dict[tuple[str, str], ScheduleRow] = {}
    for row in written.schedule:
        key = (row.ref, row.duty)
        if key not in found or row.month < found[key].month:
            found[key] = row
    return found
