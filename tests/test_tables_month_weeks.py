"""An officer's month week by week: when the person is there, when the officer is, evenly."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from planner.domain.register import Absence
from planner.domain.terms import Duty, RiskLevel, Status
from planner.tables.cases import case_rows
from planner.tables.month_weeks import month_weeks, placed_duties
from planner.tables.officer_month import officer_months
from tests.loop_build import supervised_register, supervised_report

if TYPE_CHECKING:
    from planner.tables.month_weeks import PlacedDuty
    from planner.workbooks.plan_report import PlanReport

BUSY = supervised_report(supervised_register(420))


def placed(made: PlanReport) -> tuple[PlacedDuty, ...]:
    return placed_duties(made.outcome, made.written.schedule)


def hours_by_week(made: PlanReport) -> dict[str, dict[int, float]]:
    found: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for duty in placed(made):
        found[duty.row.done_by][duty.week.number] += duty.row.lead_hours
        if duty.row.second:
            found[duty.row.second][duty.week.number] += duty.row.second_hours
    return found


def test_weeks_hold_the_months_working_days() -> None:
    """May 2027 begins on a Saturday, and has bank holidays on the 3rd and on Monday the 31st."""
    weeks = month_weeks(BUSY.outcome)
    assert [(w.number, w.begins.day, w.ends.day, len(w.days)) for w in weeks] == [
        (1, 4, 7, 4),
        (2, 10, 14, 5),
        (3, 17, 21, 5),
        (4, 24, 28, 5),
    ]


def test_every_duty_of_the_month_has_one_week() -> None:
    first = BUSY.outcome.situation.horizon.first
    duties = [s for s in BUSY.written.schedule if s.month == first]
    found = [d.row for d in placed(BUSY)]
    assert len(found) == len(duties) > 60
    assert set(found) == set(duties)


def test_hours_are_even_to_within_a_duty() -> None:
    days = {w.number: len(w.days) for w in month_weeks(BUSY.outcome)}
    for who, weeks in hours_by_week(BUSY).items():
        even = sum(weeks.values()) / sum(days.values())
        for number, working in days.items():
            assert abs(weeks[number] - even * working) <= 5.0, (who, number)


def test_second_hours_count_towards_an_even_month() -> None:
    """Where only visits are owed, each has somebody second."""
    register = supervised_register(420)
    people = tuple(replace(o, arms_applicable=False) for o in register.offenders)
    made = supervised_report(replace(register, offenders=people))
    days = {w.number: len(w.days) for w in month_weeks(made.outcome)}
    assert sum(d.row.second is not None for d in placed(made)) > 30
    for who, weeks in hours_by_week(made).items():
        even = sum(weeks.values()) / sum(days.values())
        for number, working in days.items():
            assert abs(weeks[number] - even * working) <= 4.0, (who, number)


def test_nobody_is_put_down_for_a_week_in_which_they_are_away() -> None:
    register = supervised_register(420)
    away = tuple(
        Absence(
            staff_id=s.staff_id, first=date(2027, 5, 8), last=date(2027, 5, 16), reason="Course"
        )
        for s in register.officers
        if s.staff_id in {"OM01", "OM02"}
    )
    weeks = hours_by_week(supervised_report(replace(register, absences=away)))
    for who in ("OM01", "OM02"):
        assert weeks[who][2] == 0
        assert weeks[who][1] > 0
        assert weeks[who][3] > 0
    assert weeks["OM03"][2] > 0


def test_nobody_is_visited_outside_their_days_in_the_community() -> None:
    register = supervised_register(420)
    people = tuple(
        replace(o, registered_until=date(2027, 5, 12)) if n % 2 else o
        for n, o in enumerate(register.offenders)
    )
    made = supervised_report(replace(register, offenders=people))
    leaving = {o.ref for o in people if o.registered_until == date(2027, 5, 12)}
    weeks = {d.week.number for d in placed(made) if d.row.ref in leaving}
    assert weeks == {1, 2}


@pytest.mark.parametrize(
    ("seen", "week"),
    [
        (date(2026, 1, 8), 1),  # overdue: as early as can be
        (date(2027, 2, 4), 1),
        (date(2027, 2, 12), 2),
        (date(2027, 2, 16), 2),  # due on Sunday the 16th: before it
        (date(2027, 2, 19), 3),
        (date(2027, 2, 28), 4),
    ],
)
def test_a_high_risk_visit_is_made_in_the_week_in_which_it_falls_due(seen: date, week: int) -> None:
    """Due three months after it; everybody else is of low risk."""
    register = supervised_register(420)
    calm = [replace(o, level=RiskLevel.LOW) for o in register.offenders]
    at = next(n for n, o in enumerate(calm) if o.status is Status.COMMUNITY and o.is_active)
    calm[at] = replace(calm[at], level=RiskLevel.HIGH, last_visit=seen, registered_until=None)
    made = supervised_report(replace(register, offenders=tuple(calm), absences=()))
    (found,) = [
        d for d in placed(made) if d.row.ref == calm[at].ref and d.row.duty == Duty.VISIT.value
    ]
    assert found.week.number == week


def test_what_is_overdue_longest_comes_before_the_rest_of_its_level() -> None:
    low = [d for d in placed(BUSY) if d.row.level == "Low" and d.row.duty == "ARMS"]
    assert [d.row.due for d in low] == sorted(d.row.due for d in low)
    close = [d.row for d in placed(BUSY) if d.row.level in {"Very high", "High"}]
    visits = [r.duty for r in close]
    assert visits == sorted(visits, key=lambda duty: duty != "Visit")
    rank = ["Very high", "High", "Medium", "Low"]
    arms = [rank.index(d.row.level) for d in placed(BUSY) if d.row.duty == "ARMS"]
    assert arms == sorted(arms)


def test_an_officers_month_holds_what_they_do_and_the_visits_they_second() -> None:
    cases = case_rows(BUSY.outcome, BUSY.written)
    months = {m.staff_id: m for m in officer_months(BUSY.outcome, BUSY.written, cases)}
    first = BUSY.outcome.situation.horizon.first
    now = [s for s in BUSY.written.schedule if s.month == first]
    for who, month in months.items():
        assert {i.decision_ref for i in month.items} == {
            f"{s.ref}/{s.duty}/2027-05" for s in now if s.done_by == who
        }
        assert {i.ref for i in month.seconded} == {s.ref for s in now if s.second == who}
        assert {c.ref for c in month.cases} == {
            o.ref
            for o in BUSY.outcome.situation.register.offenders
            if BUSY.outcome.plan.som(o.ref, 1) == who
        }
        planned = BUSY.outcome.planned_hours(who, 1)
        assert abs(sum(w.hours for w in month.weeks) - planned) < 1e-6
        assert [i.week for i in month.items] == sorted(i.week for i in month.items)
    assert any(i.som != who for who, m in months.items() for i in m.items)  # a colleague's ARMS
    assert any(m.seconded for m in months.values())


def test_somebody_who_joins_later_has_no_month_yet() -> None:
    cases = case_rows(BUSY.outcome, BUSY.written)
    months = [m.staff_id for m in officer_months(BUSY.outcome, BUSY.written, cases)]
    assert months == ["OM00", "OM01", "OM02", "OM03", "OM04"]
