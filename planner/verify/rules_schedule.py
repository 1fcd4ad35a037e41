"""Rules 5 to 9: what is planned when, by whom, with whom, within whose hours."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planner.domain.rules import Rule
from planner.domain.terms import LEVELS, Duty, VisitType
from planner.domain.verdict import Breach, RuleFinding
from planner.verify.cells import HOURS_TOLERANCE, number
from planner.verify.findings import by_amount, by_number
from planner.verify.months import LAST
from planner.verify.seconds import second_hours_given

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.verify.evidence import Evidence
    from planner.verify.reading import Entry

_ROUNDING = 1e-9


def hours_within_capacity(evidence: Evidence) -> RuleFinding:
    """Rule 5, in officer-months; a breach's amount is the hours above."""
    breaches = []
    for staff_id in evidence.world.staff:
        for month in range(1, LAST + 1):
            planned = evidence.planned_hours(staff_id, month)
            most = evidence.most_hours(staff_id, month)
            if planned > most + HOURS_TOLERANCE:
                breaches.append(
                    Breach(
                        rule=Rule.HOURS,
                        staff_id=staff_id,
                        month=evidence.world.months.starts[month],
                        amount=planned - most,
                        detail=f"{planned:.2f} hours are planned; at most {most:.2f} may be.",
                    )
                )
    return by_number(Rule.HOURS, len(evidence.world.staff) * LAST, breaches)


def arms_by_whom(evidence: Evidence) -> RuleFinding:
    """Rule 6: ARMS done by somebody who may not, and those above arms.per_month."""
    assessments = [e for e in evidence.reading.entries if e.duty is Duty.ARMS]
    breaches = [_wrong_doer(evidence, e) for e in assessments if not _may_do(evidence, e)]
    most = int(evidence.policy.arms_per_month)
    for staff_id, load in evidence.loads.items():
        for month, done in enumerate(load.arms):
            if done > most:
                breaches.append(
                    Breach(
                        rule=Rule.ARMS_BY_WHOM,
                        staff_id=staff_id,
                        month=evidence.world.months.starts[month],
                        amount=done - most,
                        detail=f"Does {done} ARMS; at most {most} a month are allowed.",
                    )
                )
    return by_amount(Rule.ARMS_BY_WHOM, len(assessments), breaches)


def _may_do(evidence: Evidence, entry: Entry) -> bool:
    team = evidence.world.people[entry.ref].offender.team
    som = evidence.reading.som(entry.ref, entry.month)
    return evidence.world.may_do_arms(team, som, entry.done_by, entry.month)


def _wrong_doer(evidence: Evidence, entry: Entry) -> Breach:
    detail = f"{entry.done_by or 'Nobody'} may not do this ARMS."
    return _breach(evidence, Rule.ARMS_BY_WHOM, entry, detail)


def unannounced(evidence: Evidence) -> RuleFinding:
    """Rule 7: announced visits in a row, and each level's visits short of its share."""
    visits = sorted(
        (e for e in evidence.reading.entries if e.duty is Duty.VISIT),
        key=lambda e: (e.ref, e.month),
    )
    breaches = [*_announced_in_a_row(evidence, visits), *_short_of_share(evidence, visits)]
    return by_amount(Rule.ANNOUNCED, len(visits), breaches)


def _announced_in_a_row(evidence: Evidence, visits: list[Entry]) -> Iterator[Breach]:
    ref = None
    before: object = None
    for entry in visits:
        if entry.ref != ref:
            ref = entry.ref
            before = evidence.world.people[ref].offender.last_visit_type
        if before == VisitType.ANNOUNCED == entry.row.visit_type:
            detail = "The visit before is announced too."
            yield _breach(evidence, Rule.ANNOUNCED, entry, detail)
        before = entry.row.visit_type


def _short_of_share(evidence: Evidence, visits: list[Entry]) -> Iterator[Breach]:
    for level in LEVELS:
        types = [
            e.row.visit_type for e in visits if evidence.world.people[e.ref].offender.level is level
        ]
        share = evidence.policy.visit_unannounced[level]
        needed = math.ceil(share * len(types) - _ROUNDING)
        given = sum(visit_type == VisitType.UNANNOUNCED for visit_type in types)
        if given < needed:
            detail = (
                f"{level.label}: {given} of {len(types)} visits are unannounced; {needed} must be."
            )
            yield Breach(rule=Rule.ANNOUNCED, amount=needed - given, detail=detail)


def duties_when_allowed(evidence: Evidence) -> RuleFinding:
    """Rule 8: the months of duties, rows outside the plan included."""
    breaches = [b for b in evidence.reading.breaches if b.rule is Rule.WHEN]
    checked = len(breaches) + len(evidence.reading.entries)
    seen: set[tuple[str, Duty, int]] = set()
    for entry in evidence.reading.entries:
        fault = _fault_of_month(evidence, entry)
        key = (entry.ref, entry.duty, entry.month)
        if key in seen:
            fault = "Is planned more than once in this month."
        seen.add(key)
        if fault:
            breaches.append(_breach(evidence, Rule.WHEN, entry, f"{entry.duty}: {fault}"))
    return by_number(Rule.WHEN, checked, breaches)


def _fault_of_month(evidence: Evidence, entry: Entry) -> str:
    person = evidence.world.people[entry.ref]
    if not person.offender.is_active:
        return "The person is managed reactively."
    if not person.present >> entry.month & 1:
        return "The person is not in the community in this month."
    rhythm = person.rhythms.get(entry.duty)
    if rhythm is None:
        return "ARMS is not applicable to the person."
    link = evidence.link(entry)
    if entry.month < link.due_month - rhythm.early:
        return f"Too early: due on {link.due.isoformat()}, at most {rhythm.early} months before."
    return ""


def crews(evidence: Evidence) -> RuleFinding:
    """Rule 9: who leads visits, with how many, who seconds; and second hours from month 2 on."""
    visits = [e for e in evidence.reading.entries if e.duty is Duty.VISIT]
    breaches = []
    for entry in visits:
        fault = _fault_of_crew(evidence, entry)
        if fault:
            breaches.append(_breach(evidence, Rule.CREW, entry, fault))
    breaches += second_hours_given(evidence)
    return by_number(Rule.CREW, len(visits), breaches)


def _fault_of_crew(evidence: Evidence, entry: Entry) -> str:
    person = evidence.world.people[entry.ref]
    som = evidence.reading.som(entry.ref, entry.month)
    if not som or entry.done_by != som:
        return f"The visit is led by {entry.done_by or 'nobody'}; the SOM is {som or 'nobody'}."
    if number(entry.row.crew) != person.crew:
        return f"The visit needs a crew of {person.crew}."
    if person.crew < 2:
        return "A crew of 1 has no second officer." if entry.second else ""
    if not entry.second:
        return "No second officer is named for month 1." if entry.month == 1 else ""
    team = person.offender.team
    if not evidence.world.may_second(team, som, entry.second, entry.month):
        return f"{entry.second} may not second this visit."
    return ""


def _breach(evidence: Evidence, rule: Rule, entry: Entry, detail: str) -> Breach:
    return Breach(
        rule=rule,
        ref=entry.ref,
        staff_id=entry.done_by or None,
        month=evidence.world.months.starts[entry.month],
        detail=detail,
    )
