"""One officer's own month: what to do week by week, and the visits to second."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.decision import DecisionKind, decision_ref
from planner.tables.decisions import what_to_do, when_due
from planner.tables.month_list import NEVER_SEEN
from planner.tables.month_weeks import month_weeks, placed_duties

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from planner.domain.register import Offender
    from planner.domain.written import WrittenPlan
    from planner.tables.cases import CaseRow
    from planner.tables.month_weeks import PlacedDuty
    from planner.workload.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekItem:
    """A duty of the officer's in month 1; days count to the as-at date, hours are the officer's."""

    week: int
    begins: date
    ref: str
    level: str
    kind: DecisionKind
    what: str
    reason: str
    due: date
    last_visit: date | None
    days_since: int | str
    failed_attempts: int
    attention: str | None
    area: str | None
    som: str
    hours: float
    decision_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondItem:
    """A visit of month 1 that the officer seconds: no more of the case than is needed for that."""

    week: int
    begins: date
    month: date
    ref: str
    led_by: str
    hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekTotal:
    """An officer's week: working days of the month in it, duties and hours, second ones too."""

    week: int
    begins: date
    ends: date
    duties: int
    seconded: int
    hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerMonth:
    """What an officer's workbook tells of month 1."""

    staff_id: str
    items: tuple[WeekItem, ...]
    seconded: tuple[SecondItem, ...]
    weeks: tuple[WeekTotal, ...]
    cases: tuple[CaseRow, ...]


def officer_months(
    outcome: Outcome, written: WrittenPlan, cases: tuple[CaseRow, ...]
) -> tuple[OfficerMonth, ...]:
    """Everybody in post in month 1, or with anything to do or a case in it; by staff ID."""
    warrants = {case.ref: case.attention for case in cases}
    own: Mapping[str, list[WeekItem]] = defaultdict(list)
    second: Mapping[str, list[SecondItem]] = defaultdict(list)
    held: Mapping[str, list[CaseRow]] = defaultdict(list)
    for duty in placed_duties(outcome, written.schedule):
        own[duty.row.done_by].append(_item(outcome, duty, warrants[duty.row.ref]))
        if duty.row.second is not None:
            second[duty.row.second].append(_second(duty))
    for case in cases:
        if case.som is not None:
            held[case.som].append(case)
    in_post = outcome.situation.posts.seconding_months
    present = {who for who, months in in_post.items() if 1 in months}
    return tuple(
        OfficerMonth(
            staff_id=who,
            items=tuple(sorted(own[who], key=lambda i: i.week)),
            seconded=tuple(sorted(second[who], key=lambda i: (i.week, i.led_by, i.ref))),
            weeks=_totals(outcome, own[who], second[who]),
            cases=tuple(held[who]),
        )
        for who in sorted(present | own.keys() | second.keys() | held.keys())
    )


def _item(outcome: Outcome, duty: PlacedDuty, attention: str | None) -> WeekItem:
    row, register = duty.row, outcome.situation.register
    offender: Offender = register.offender[row.ref]
    kind, seen = DecisionKind(row.duty), offender.last_visit
    return WeekItem(
        week=duty.week.number,
        begins=duty.week.begins,
        ref=row.ref,
        level=row.level,
        kind=kind,
        what=what_to_do(row),
        reason=when_due(row.due, row.month, register.as_at),
        due=row.due,
        last_visit=seen,
        days_since=NEVER_SEEN if seen is None else (register.as_at - seen).days,
        failed_attempts=offender.failed_attempts,
        attention=attention,
        area=offender.area or None,
        som=row.som,
        hours=row.lead_hours,
        decision_ref=decision_ref(row.ref, kind, row.month),
    )


def _second(duty: PlacedDuty) -> SecondItem:
    return SecondItem(
        week=duty.week.number,
        begins=duty.week.begins,
        month=duty.row.month,
        ref=duty.row.ref,
        led_by=duty.row.som,
        hours=duty.row.second_hours,
    )


def _totals(
    outcome: Outcome, own: list[WeekItem], second: list[SecondItem]
) -> tuple[WeekTotal, ...]:
    """Every week of the month, those with nothing to do too."""
    return tuple(
        WeekTotal(
            week=week.number,
            begins=week.begins,
            ends=week.ends,
            duties=len(mine),
            seconded=len(helped),
            hours=sum(i.hours for i in mine) + sum(i.hours for i in helped),
        )
        for week in month_weeks(outcome)
        for mine in ([i for i in own if i.week == week.number],)
        for helped in ([i for i in second if i.week == week.number],)
    )
