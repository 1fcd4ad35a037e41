"""What Allocation, Schedule and Workload state beside the decisions, against our own figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.terms import Duty, MoveReason, VisitType
from planner.verify.cells import close, differs, is_blank, number, shown, text
from planner.verify.months import LAST, as_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.domain.verdict import Discrepancy
    from planner.verify.evidence import Evidence
    from planner.verify.reading import Entry, Stint

_REASONS = {reason.value for reason in MoveReason}
_TYPES = {visit_type.value for visit_type in VisitType}
_NO_HOURS = 1e-9
"""Capacity below this is none: utilisation is 0 there."""


def stated_allocation(evidence: Evidence) -> Iterator[Discrepancy]:
    """Allocation: what the register says, and what follows from the row before."""
    for ref, stints in evidence.reading.stints.items():
        previous = evidence.world.known_som(evidence.world.people[ref].offender) or ""
        for n, stint in enumerate(stints):
            yield from _texts_of_stint(evidence, stint, previous)
            if n and stint.som == previous:
                item = f"A second row of the same SOM, {ref}"
                yield differs("Allocation", item, stint.row.month, "no row")
            previous = stint.som


def _texts_of_stint(evidence: Evidence, stint: Stint, previous: str) -> Iterator[Discrepancy]:
    row, offender = stint.row, evidence.world.people[stint.ref].offender
    expected = (
        ("Status", row.status, offender.status.value),
        ("Risk level", row.level, offender.level.label),
        ("Management", row.management, offender.management.value),
        ("Team", row.team, offender.team),
        ("Previous SOM", "" if row.previous_som is None else row.previous_som, previous),
        ("Moved", row.moved, "Yes" if previous and previous != stint.som else "No"),
    )
    for column, stated, found in expected:
        if stated != found:
            yield differs("Allocation", f"{column}, {stint.ref}", stated, found)
    if row.reason not in _REASONS:
        item = f"Reason, {stint.ref}"
        yield differs("Allocation", item, row.reason, "one of the contract's reasons")
    locked = _locked(evidence, stint)
    if row.locked not in locked:
        yield differs("Allocation", f"Locked, {stint.ref}", row.locked, " or ".join(locked))


def _locked(evidence: Evidence, stint: Stint) -> tuple[str, ...]:
    """Yes under a lock, No without one; either where the lock is on somebody else."""
    locks = [w.staff_id for w in evidence.wishes.get(stint.ref, ()) if not w.is_keep]
    if not locks:
        return ("No",)
    return ("Yes",) if stint.som in locks else ("Yes", "No")


def stated_schedule(evidence: Evidence) -> Iterator[Discrepancy]:
    """Schedule: everything in a row but who, what and when."""
    for entry in evidence.reading.entries:
        for column, stated, found in _differing(evidence, entry):
            item = f"{column}, {entry.duty} of {entry.ref} in {shown(entry.row.month)}"
            yield differs("Schedule", item, stated, found)


def _differing(evidence: Evidence, entry: Entry) -> Iterator[tuple[str, object, object]]:
    row, person = entry.row, evidence.world.people[entry.ref]
    if row.level != person.offender.level.label:
        yield "Risk level", row.level, person.offender.level.label
    som = evidence.reading.som(entry.ref, entry.month)
    if ("" if row.som is None else row.som) != som:
        yield "SOM", row.som, som
    if entry.duty is Duty.VISIT:
        lead, second = evidence.hours.lead, evidence.hours.second * (person.crew - 1)
        if row.visit_type not in _TYPES:
            yield "Visit type", row.visit_type, "Announced or Unannounced"
        if not is_blank(row.second) and not text(row.second):
            yield "Second officer", row.second, "a staff ID"
    else:
        lead, second = evidence.hours.arms, 0.0
        yield from _not_blank(entry)
    if not close(row.lead_hours, lead):
        yield "Lead hours", row.lead_hours, lead
    if not close(row.second_hours, second):
        yield "Second hours", row.second_hours, second
    yield from _differing_dates(evidence, entry)


def _not_blank(entry: Entry) -> Iterator[tuple[str, object, object]]:
    """Say what of a visit an ARMS row gives; a crew of one is its doer."""
    row = entry.row
    if not is_blank(row.visit_type):
        yield "Visit type", row.visit_type, ""
    if not is_blank(row.second):
        yield "Second officer", row.second, ""
    if not is_blank(row.crew) and number(row.crew) != 1:
        yield "Crew", row.crew, ""


def _differing_dates(evidence: Evidence, entry: Entry) -> Iterator[tuple[str, object, object]]:
    if (entry.ref, entry.duty) not in evidence.chains:
        return  # nothing can fall due: rule 8 speaks of it
    link = evidence.link(entry)
    late = max(0, entry.month - link.due_month)
    if as_date(entry.row.due) != link.due:
        yield "Due", entry.row.due, link.due
    if number(entry.row.months_late) != late:
        yield "Months late", entry.row.months_late, late


def stated_workload(evidence: Evidence) -> Iterator[Discrepancy]:
    """Workload: a row for each officer and month, and every figure in it."""
    for month in range(1, LAST + 1):
        start = evidence.world.months.starts[month]
        for staff_id in evidence.world.staff:
            if (staff_id, month) not in evidence.reading.workload:
                item = f"Row of {staff_id} in {shown(start)}"
                yield differs("Workload", item, "no row", "one row")
                continue
            for column, stated, found in _differing_workload(evidence, staff_id, month):
                item = f"{column}, {staff_id} in {shown(start)}"
                yield differs("Workload", item, stated, found)


def _differing_workload(
    evidence: Evidence, staff_id: str, month: int
) -> Iterator[tuple[str, object, object]]:
    row = evidence.reading.workload[staff_id, month]
    load = evidence.loads[staff_id]
    capacity = evidence.capacity[staff_id][month]
    planned = evidence.planned_hours(staff_id, month)
    figures = (
        ("Capacity hours", row.capacity_hours, capacity),
        ("Lead hours", row.lead_hours, evidence.lead_hours(staff_id, month)),
        ("Second hours", row.second_hours, evidence.second_hours(staff_id, month)),
        ("Planned hours", row.planned_hours, planned),
        ("Utilisation", row.utilisation, planned / capacity if capacity > _NO_HOURS else 0.0),
        ("Caseload", row.caseload, load.cases[month]),
        ("Community caseload", row.community_caseload, load.community[month]),
        ("Very high and high", row.very_high_and_high, load.risky[month]),
    )
    for column, stated, found in figures:
        if not close(stated, found):
            yield column, stated, found
    team = evidence.world.staff[staff_id].team
    if row.team != team:
        yield "Team", row.team, team
