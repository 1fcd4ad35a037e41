"""What a plan proposes one by one, and what supervisors are told of their officers' cases."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from planner.domain.decision import DecisionKind, decision_ref
from planner.domain.terms import Duty, RiskLevel, Status
from planner.domain.written import ScheduleRow
from planner.tables.caseloads import caseload_rows, overdue_rows
from planner.tables.cases import case_rows
from planner.tables.decisions import (
    NEAR_MONTHS,
    decision_rows,
    proposed_decisions,
    what_to_do,
    when_due,
)
from planner.tables.month_totals import month_totals
from planner.tables.moves import move_rows
from tests.loop_build import SUPERVISORS, supervised_report
from tests.plan_build import AS_AT

MADE = supervised_report()
OUTCOME, WRITTEN = MADE.outcome, MADE.written
REGISTER = OUTCOME.situation.register
ROWS = decision_rows(WRITTEN, SUPERVISORS)
CASES = case_rows(OUTCOME, WRITTEN)
NEAR = [OUTCOME.situation.horizon.start(m) for m in (1, 2, 3)]


def test_every_move_and_every_near_duty_is_proposed_once() -> None:
    moves = {
        (a.ref, "Move", a.month)
        for a in WRITTEN.allocation
        if a.previous_som in (None, *_others(a.som))
    }
    duties = {(s.ref, s.duty, s.month) for s in WRITTEN.schedule if s.month in NEAR}
    assert NEAR_MONTHS == 3
    assert {(r.ref, r.kind.value, r.month) for r in ROWS} == moves | duties
    assert len(ROWS) == len(moves) + len(duties)
    assert moves
    assert len({r.decision_ref for r in ROWS}) == len(ROWS)


def _others(som: str) -> list[str]:
    return [s.staff_id for s in REGISTER.officers if s.staff_id != som]


def test_decisions_stand_by_reference_kind_and_month() -> None:
    keys = [(r.ref, r.kind.value, r.month) for r in ROWS]
    assert keys == sorted(keys)
    assert list(proposed_decisions(WRITTEN, SUPERVISORS)) == [r.proposed for r in ROWS]


def test_a_decisions_reference_is_made_of_what_it_decides() -> None:
    assert decision_ref("WS/1", DecisionKind.ARMS, date(2026, 12, 1)) == "WS/1/ARMS/2026-12"
    assert all(r.decision_ref == f"{r.ref}/{r.kind.value}/{r.month:%Y-%m}" for r in ROWS)


def test_a_decision_says_who_supervises_the_som_that_is_proposed() -> None:
    for row in ROWS:
        assert row.supervisor == SUPERVISORS.get(row.som)
    assert {r.supervisor for r in ROWS} == {"DS Ash", "DS Birch", None}


def test_a_move_says_from_whom_to_whom_and_a_duty_when_it_was_due() -> None:
    planned = {(s.ref, s.duty, s.month): s for s in WRITTEN.schedule}
    for row in ROWS:
        if row.kind is DecisionKind.MOVE:
            assert row.som in row.what
            assert row.previous_som is None or row.previous_som in row.what
            assert (row.due, row.months_late, row.hours) == (None, None, None)
        else:
            duty = planned[row.ref, row.kind.value, row.month]
            assert (row.due, row.months_late) == (duty.due, duty.months_late)
            assert row.hours == duty.lead_hours
            assert row.previous_som is None


@pytest.mark.parametrize(
    ("due", "told"),
    [
        (date(2026, 11, 30), "Overdue today"),
        (date(2026, 11, 29), "Overdue 1 day"),
        (date(2023, 11, 30), "Overdue 1,096 days"),
        (date(2026, 12, 31), "Late: due Dec 2026"),  # due after the register's day, before January
        (date(2027, 1, 1), "Due in this month"),
        (date(2027, 1, 31), "Due in this month"),
        (date(2027, 2, 1), "Early: due Feb 2027"),
    ],
)
def test_why_a_duty_is_planned_for_january(due: date, told: str) -> None:
    assert when_due(due, date(2027, 1, 1), date(2026, 11, 30)) == told


def test_what_is_to_be_done_in_words() -> None:
    visit = ScheduleRow(
        month=AS_AT,
        ref="1",
        level="Low",
        som="OM01",
        duty="Visit",
        visit_type="Unannounced",
        crew=2,
        second="OM02",
        done_by="OM01",
        lead_hours=1,
        second_hours=1,
        due=AS_AT,
        months_late=0,
    )
    assert what_to_do(visit) == "Unannounced visit with OM02"
    assert what_to_do(replace(visit, second=None)) == "Unannounced visit, crew of two"
    assert what_to_do(replace(visit, crew=1, second=None)) == "Unannounced visit, alone"
    arms = replace(visit, duty="ARMS", visit_type=None, crew=None, second=None)
    assert what_to_do(arms) == "ARMS"
    assert what_to_do(replace(arms, done_by="OM03")) == "ARMS by OM03"


def test_caseloads_add_up() -> None:
    norm = OUTCOME.situation.policy.caseload_norm
    rows = caseload_rows(OUTCOME, WRITTEN)
    assert [r.officer.staff_id for r in rows] == ["OM00", "OM03", "OM01", "OM04", "OM02", "OM05"]
    for row in rows:
        own = row.officer
        assert row.today + row.moves_in - row.moves_out == own.caseload
        assert row.very_high + row.high + row.medium + row.low == own.community
        assert row.very_high + row.high == own.risky
        assert own.community + own.elsewhere == own.caseload
        assert own.against_norm == own.caseload - norm
        assert row.community_against_norm == own.community - norm
    assert sum(r.officer.caseload for r in rows) == len(REGISTER.offenders)
    for level, name in ((RiskLevel.HIGH, "high"), (RiskLevel.LOW, "low")):
        people = [o for o in REGISTER.offenders if o.level is level]
        seen = [o for o in people if OUTCOME.situation.presence[o.ref].at_end_of(1)]
        assert sum(getattr(r, name) for r in rows) == len(seen)


def test_a_case_that_its_som_may_not_hold_moves_in_the_first_month() -> None:
    at = next(n for n, o in enumerate(REGISTER.offenders) if o.som == "OM04")
    people = list(REGISTER.offenders)
    people[at] = replace(people[at], not_with=frozenset({"OM04"}), keep=False)
    made = supervised_report(replace(REGISTER, offenders=tuple(people), locks=()))
    before = {r.officer.staff_id: r for r in caseload_rows(OUTCOME, WRITTEN)}
    after = {r.officer.staff_id: r for r in caseload_rows(made.outcome, made.written)}
    assert after["OM04"].moves_out == before["OM04"].moves_out + 1
    assert after["OM01"].moves_in == before["OM01"].moves_in + 1
    assert after["OM04"].today + after["OM04"].moves_in - 1 == after["OM04"].officer.caseload
    (move,) = [m for m in move_rows(made.outcome, made.written) if m.ref == people[at].ref]
    assert (move.previous_som, move.som) == ("OM04", "OM01")
    assert (move.reason, move.why) == ("Not eligible", "The register says: not with OM04.")
    assert move.officers == {"OM01", "OM04"}


def test_a_decision_concerns_the_som_the_one_before_and_who_does_it() -> None:
    planned = {(s.ref, s.duty, s.month): s for s in WRITTEN.schedule}
    for row in ROWS:
        if row.kind is DecisionKind.MOVE:
            assert row.officers == {row.som, row.previous_som} - {None}
        else:
            duty = planned[row.ref, row.kind.value, row.month]
            assert row.officers == {duty.som, duty.done_by}
    assert any(len(r.officers) == 2 for r in ROWS if r.kind is DecisionKind.ARMS)


def test_a_months_hours_are_the_plans() -> None:
    first = OUTCOME.situation.horizon.first
    for row in caseload_rows(OUTCOME, WRITTEN):
        (own,) = [w for w in WRITTEN.workload if w.month == first and w.som == row.officer.staff_id]
        assert (row.capacity, row.planned) == (own.capacity_hours, own.planned_hours)
        assert row.used == (own.utilisation if own.capacity_hours else None)


def test_what_is_overdue_is_the_opening_backlog() -> None:
    rows = overdue_rows(OUTCOME, CASES)
    opening: Counter[Duty] = Counter()
    for (_, duty), number in OUTCOME.opening.items():
        opening[duty] += number
    assert sum(r.visits_overdue for r in rows) == opening[Duty.VISIT] > 0
    assert sum(r.arms_overdue for r in rows) == opening[Duty.ARMS] > 0
    oldest = max(
        (AS_AT - c.due).days
        for c in OUTCOME.situation.chains
        if c.duty is Duty.ARMS and OUTCOME.open_at_start(c)
    )
    assert max(r.oldest_arms or 0 for r in rows) == oldest


def test_people_are_counted_for_who_holds_them_in_the_first_month() -> None:
    limit = OUTCOME.situation.policy.visit_warrant_after
    for row in overdue_rows(OUTCOME, CASES):
        held = [
            o
            for o in REGISTER.offenders
            if OUTCOME.plan.som(o.ref, 1) == row.staff_id
            and o.is_active
            and o.status is Status.COMMUNITY
        ]
        assert row.at_warrant == sum(o.failed_attempts >= limit for o in held)
        assert row.tried == sum(o.failed_attempts > 0 for o in held)
        assert row.never_seen == sum(o.last_visit is None for o in held)
        days = [(AS_AT - o.last_visit).days for o in held if o.last_visit]
        assert row.longest_since == max(days, default=None)
        led = [v for v in OUTCOME.plan.visits if v.som == row.staff_id]
        assert (row.visits, row.solo) == (len(led), sum(v.crew == 1 for v in led))
    assert sum(r.at_warrant for r in overdue_rows(OUTCOME, CASES)) > 0
    assert sum(r.never_seen for r in overdue_rows(OUTCOME, CASES)) > 0


def test_solo_visits_are_counted() -> None:
    alone = replace(REGISTER, offenders=tuple(replace(o, crew=1) for o in REGISTER.offenders))
    made = supervised_report(alone)
    rows = overdue_rows(made.outcome, case_rows(made.outcome, made.written))
    assert sum(r.solo for r in rows) == len(made.outcome.plan.visits) > 0


def test_a_case_says_what_is_owed_and_planned_next() -> None:
    assert sorted(c.ref for c in CASES) == sorted(o.ref for o in REGISTER.offenders)
    nothing = {n.ref: n.reason for n in WRITTEN.not_planned if n.duty is None}
    for case in CASES:
        months = [s.month for s in WRITTEN.schedule if (s.ref, s.duty) == (case.ref, "Visit")]
        assert case.next_visit == min(months, default=None)
        assert case.remark == nothing.get(case.ref)
        if case.visit_days is not None:
            assert case.visit_due is not None
            assert case.visit_days == (AS_AT - case.visit_due).days >= 0
        if case.status != Status.COMMUNITY.value:
            assert (case.days_since, case.attention) == (None, None)


def test_each_move_says_what_is_behind_it() -> None:
    rows = move_rows(OUTCOME, WRITTEN)
    assert {(r.ref, r.month) for r in rows} == {
        (r.ref, r.month) for r in ROWS if r.kind is DecisionKind.MOVE
    }
    why = {r.reason: r.why for r in rows}
    assert why["Officer left"] == "OM00's last day in post is 10/12/2027."
    assert why["First allocation"] == "The register names no SOM."
    assert all(r.why for r in rows)


def test_months_together_add_up_to_the_plan() -> None:
    some = {"OM01", "OM02"}
    rows = month_totals(OUTCOME.situation, WRITTEN, some)
    assert [r.month for r in rows] == [OUTCOME.situation.horizon.start(m) for m in range(1, 19)]
    planned = sum(w.planned_hours for w in WRITTEN.workload if w.som in some)
    assert sum(r.planned for r in rows) == pytest.approx(planned)
    assert sum(r.arms for r in rows) == sum(a.done_by in some for a in OUTCOME.plan.arms)
    assert sum(r.visits for r in rows) == sum(v.som in some for v in OUTCOME.plan.visits)
