"""The simulated world: nobody vanishes, due dates follow the contract, hours run out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from planner.by_hand import by_hand_plan
from planner.domain.months import Horizon
from planner.domain.register import Absence, Offender
from planner.domain.terms import Duty, RiskLevel, Status, VisitType
from planner.sample import synthetic_register
from planner.tables.written import written_plan
from planner.workbooks.register_read import read_register
from planner.workbooks.register_write import register_workbook
from planner.workload.capacity import hold_back_hours
from planner.workload.community import stay
from planner.workload.due import first_due
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation
from tests.year.habits import Habits, chances
from tests.year.people import home
from tests.year.work import Month
from tests.year.world import World, overdue, passed, unaccounted
from tests.year.year import holding

if TYPE_CHECKING:
    from pathlib import Path

    from planner.domain.register import Register
    from planner.domain.written import WrittenPlan
    from tests.year.world import Passed

REGISTER = synthetic_register(offenders=200, officers=6)
LIVELY = Habits(level_changes=0.1, recalled=0.03, missing=0.02, gone=0.01, sickness=0.3)


def planned(register: Register) -> WrittenPlan:
    situation = Situation(register)
    return written_plan(Outcome(situation, by_hand_plan(situation)), [])


PLAN = planned(REGISTER)


def on(world: World, plan: WrittenPlan | None = None) -> Passed:
    """A month on, everything with whom the plan gives it to."""
    plan = plan or planned(world.register)
    return passed(world, plan, holding(plan, Horizon(world.register.as_at).first))


def policy(**values: float) -> Register:
    names = {name.replace("__", "."): value for name, value in values.items()}
    return REGISTER.with_policy(REGISTER.policy.but(names))


def test_nobody_vanishes_in_a_lively_year(tmp_path: Path) -> None:
    world = World(register=REGISTER, habits=LIVELY)
    events: Counter[str] = Counter()
    for _ in range(12):
        before = world.register
        month = on(world)
        assert unaccounted(before, month) == []
        world = month.world
        events += month.events
        assert world.register.as_at == Horizon(before.as_at).end(1)
        path = tmp_path / f"{world.month}.xlsx"
        path.write_bytes(register_workbook(world.register))
        read = read_register(path).register
        assert read.offenders == world.register.offenders
        assert read.officers == world.register.officers
        opening = [row for row in planned(read).backlog if row.month is None]
        assert overdue(read, Duty.ARMS) == sum(row.arms_overdue for row in opening)
        assert overdue(read, Duty.VISIT) == sum(row.visits_overdue for row in opening)
    for what in (
        "Registered", "Registration ended", "Died or moved away", "Recalled", "Came home",
        "Went missing", "Found again", "Risk level up", "Risk level down", "Release put off",
        "Fell ill", "Officer gave notice", "Officer left", "Officer to join", "Visits done",
        "ARMS done", "Visits that failed",
    ):  # fmt: skip
        assert events[what] > 0, what
    assert any(s.staff_id.startswith("NEW-") for s in world.register.officers)
    assert all(a.last > world.register.as_at for a in world.register.absences)


def test_who_vanishes_or_comes_from_nowhere_is_told() -> None:
    month = on(World(register=REGISTER), PLAN)
    people = month.world.register.offenders
    for others, told in (
        (people[1:], "vanished"),
        ((*people, replace(people[0], ref="X")), "from nowhere"),
    ):
        wrong = replace(month.world.register, offenders=others)
        faults = unaccounted(REGISTER, replace(month, world=replace(month.world, register=wrong)))
        assert any(told in fault for fault in faults)


def test_the_same_seed_is_the_same_month_and_another_is_not() -> None:
    one, same, other = (on(World(register=REGISTER, seed=n), PLAN) for n in (5, 5, 6))
    assert one == same
    assert one.doings != other.doings


@pytest.mark.parametrize("since", [None, date(2020, 1, 1), date(2027, 1, 20)])
@pytest.mark.parametrize("applicable", [True, False])
def test_who_comes_home_is_due_when_the_contract_said_before(
    since: date | None, applicable: bool
) -> None:
    away = Offender(
        ref="P1",
        status=Status.CUSTODY,
        level=RiskLevel.HIGH,
        team="Ash",
        last_visit=date(2019, 5, 5),
        last_visit_type=VisitType.ANNOUNCED,
        last_arms=date(2018, 5, 5),
        failed_attempts=3,
        registered_from=since,
        release_date=date(2026, 12, 10),
        arms_applicable=applicable,
    )
    back = home(away, REGISTER)
    assert back.status is Status.COMMUNITY
    for duty in Duty:
        before = first_due(away, duty, REGISTER.policy, date(2026, 11, 30))
        assert first_due(back, duty, REGISTER.policy, date(2026, 12, 31)) == before


def test_visits_fail_as_often_as_the_policy_says() -> None:
    never = on(World(register=policy(visit__failed_rate=0)), PLAN)
    visits = [d for d in never.doings if d.duty is Duty.VISIT]
    assert visits and all(d.is_done and not d.failed for d in visits)
    always = on(World(register=policy(visit__failed_rate=1)), PLAN)
    failed = {d.ref: d.failed for d in always.doings if d.failed}
    assert failed
    was, now = REGISTER.offender, always.world.register.offender
    for ref, times in failed.items():
        if ref in now and now[ref].status is Status.COMMUNITY is was[ref].status:
            assert now[ref].failed_attempts == was[ref].failed_attempts + times
            assert now[ref].last_visit == was[ref].last_visit


def test_failed_tries_are_near_the_rate_over_many() -> None:
    tried = failed = 0
    for seed in range(12):
        for doing in on(World(register=REGISTER, seed=seed), PLAN).doings:
            if doing.duty is Duty.VISIT and doing.ref in REGISTER.offender:
                failed += doing.failed
                tried += doing.failed + doing.is_done
    assert tried > 300
    assert abs(failed / tried - REGISTER.policy.visit_failed_rate) < 0.05


def arms_done(arms_hours: float) -> int:
    world = World(register=REGISTER, habits=Habits(arms_hours=arms_hours))
    return on(world, PLAN).events["ARMS done"]


def test_longer_arms_leave_some_undone() -> None:
    assert arms_done(3.0) > arms_done(6.0) > arms_done(12.0)


def test_nobody_works_more_hours_than_there_are() -> None:
    first = Horizon(REGISTER.as_at).first
    month = Month(REGISTER, (), {}, Habits(arms_hours=9.0), chances(1, 1, "work"))
    by = {(r.ref, r.duty): r.done_by for r in PLAN.schedule if r.month == first}
    spent: Counter[str] = Counter()
    for doing in month.done(PLAN):
        spent[by[doing.ref, doing.duty.value]] += doing.hours  # type: ignore[assignment]
    for row in PLAN.workload:
        if row.month == first:
            # the last visit may take a little longer than the usual
            assert spent[row.som] <= row.capacity_hours - row.second_hours + 2


def test_who_is_ill_all_month_does_nothing_and_half_a_month_less() -> None:
    first, last = Horizon(REGISTER.as_at).start(1), Horizon(REGISTER.as_at).end(1)
    row = max((r for r in PLAN.workload if r.month == first), key=lambda r: r.lead_hours)
    own = {(r.ref, r.duty) for r in PLAN.schedule if r.month == first and r.done_by == row.som}

    def done(*sick: Absence) -> int:
        month = Month(REGISTER, sick, {}, Habits(), chances(1, 1, "work"))
        return sum((doing.ref, doing.duty.value) in own for doing in month.done(PLAN))

    whole = Absence(staff_id=row.som, first=first, last=last)
    half = replace(whole, first=first + timedelta(days=15))
    assert done(whole) == 0
    assert 0 < done(half) < done()


def test_nobody_is_seen_who_is_not_there() -> None:
    month = on(World(register=REGISTER, habits=LIVELY), PLAN)
    now = month.world.register.offender
    for doing in month.doings:
        person = REGISTER.offender.get(doing.ref) or now[doing.ref]
        days = stay(person)
        assert days is not None and days.covers(doing.day)


def test_nobody_is_seen_from_the_day_on_which_they_are_gone() -> None:
    first = Horizon(REGISTER.as_at).first
    middle = first + timedelta(days=15)
    refs = {row.ref for row in PLAN.schedule if row.month == first}

    def days(gone_from: date) -> list[date]:
        gone = dict.fromkeys(refs, gone_from)
        month = Month(REGISTER, (), gone, Habits(), chances(1, 1, "work"))
        return [doing.day for doing in month.done(PLAN)]

    assert days(first) == []
    assert 0 < len(days(middle)) < len(days(middle + timedelta(days=60)))
    assert all(day < middle for day in days(middle))


def test_who_comes_is_seen_by_the_hours_held_back_and_no_more() -> None:
    month = Month(REGISTER, (), {}, Habits(), chances(1, 1, "work"))
    team = REGISTER.teams[0]
    come = [
        Offender(
            ref=f"N{n}",
            status=Status.COMMUNITY,
            level=RiskLevel.LOW,
            team=team,
            registered_from=date(2026, 12, 5),
        )
        for n in range(20)
    ]
    found = month.intake(come)
    assert 0 < sum(doing.hours for doing in found) <= hold_back_hours(REGISTER)[team]
