"""A duty said not to be possible in a month, and a SOM from a month on: planned so, judged so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest

from planner.by_hand import by_hand_plan
from planner.domain.register import Bar, Lock, Register
from planner.domain.terms import Duty, LockKind
from planner.explain.lateness import lateness
from planner.optimise.solve import solve
from planner.tables.written import written_plan
from planner.verify.verifier import verify
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation
from tests.build import nasty_register, offender, officer, situation
from tests.verify_build import V, broken, person, register, written

MAR = date(2026, 3, 1)
OVERDUE: dict[str, Any] = {"last_visit": date(2025, 1, 10), "last_arms": date(2025, 12, 1)}


def barred(found: Situation, *bars: Bar) -> Situation:
    return Situation(replace(found.register, bars=bars))


def test_the_search_and_the_plan_by_hand_leave_a_barred_month() -> None:
    found = situation([offender(**OVERDUE)], [officer("S1"), officer("S2")])
    assert solve(found, effort="quick", processes=1).plan.visits[0].month == 1
    free = barred(found, *(Bar(ref="P1", duty=Duty.VISIT, month=date(2026, m, 1)) for m in (2, 3)))
    assert solve(free, effort="quick", processes=1).plan.visits[0].month == 3
    assert by_hand_plan(free).visits[0].month == 3
    other = barred(found, Bar(ref="P1", duty=Duty.ARMS, month=date(2026, 2, 1)))
    assert solve(other, effort="quick", processes=1).plan.visits[0].month == 1


@pytest.mark.parametrize("seed", range(40))
def test_no_plan_of_a_drawn_register_does_what_is_barred(seed: int) -> None:
    draw = Random(seed)
    reg = nasty_register(draw)
    plain = Situation(reg)
    bars = tuple(
        Bar(ref=o.ref, duty=duty, month=plain.horizon.start(draw.randint(1, 18)))
        for o in reg.offenders
        for duty in Duty
        for _ in range(draw.randint(0, 6))
    )
    found = barred(plain, *bars)
    where = {(b.ref, b.duty, found.horizon.number(b.month)) for b in bars}
    result = solve(found, effort="quick", processes=1)
    for plan in (result.plan, by_hand_plan(found)):
        done = {(v.ref, Duty.VISIT, v.month) for v in plan.visits}
        done |= {(a.ref, Duty.ARMS, a.month) for a in plan.arms}
        assert not done & where
    outcome = Outcome(found, result.plan)
    assert result.bound <= outcome.total_cost + 1e-6
    verdict = verify(found.register, written_plan(outcome, []))
    assert all(f.broken <= f.forced for f in verdict.findings)


def test_a_plan_edited_into_a_barred_month_is_still_priced() -> None:
    found = situation([offender(**OVERDUE)], [officer("S1"), officer("S2")])
    free = barred(found, Bar(ref="P1", duty=Duty.VISIT, month=date(2026, 2, 1)))
    chain = free.chain["P1", Duty.VISIT]
    plain = found.chain["P1", Duty.VISIT]
    assert lateness(free, chain, (1,)) == lateness(found, plain, (1,))


def with_bar(reg: Register, month: date = MAR, duty: Duty = Duty.VISIT) -> Register:
    return replace(reg, bars=(Bar(ref="1", duty=duty, month=month),))


def test_the_verifier_rejects_a_duty_in_a_barred_month() -> None:
    reg = register([person("1", last_visit=date(2024, 3, 1))])
    plan = written(reg, [V(2, "1")])
    assert broken(reg, plan) == {}
    assert broken(with_bar(reg), plan) == {2: (1, 0)}
    assert broken(with_bar(reg, date(2026, 4, 1)), plan) == {}
    assert broken(with_bar(reg, duty=Duty.ARMS), plan) == {}
    assert broken(with_bar(reg, date(2020, 1, 1)), plan) == {}


def locked_from(month: int) -> Register:
    since = date(2026, month + 1, 1)
    lock = Lock(ref="1", kind=LockKind.SOM, staff_id="S2", since=since)
    gone = officer("gone", end=date(2026, 5, 28))  # out from month 4
    reg = register([person("1", som="gone")], [gone, officer("S1"), officer("S2")])
    return replace(reg, locks=(lock,))


def test_a_lock_on_the_som_may_begin_later() -> None:
    reg = locked_from(4)
    in_time = {"1": [(1, "gone"), (4, "S2")]}
    assert broken(reg, written(reg, holds=in_time)) == {}
    assert broken(reg, written(reg, holds={"1": [(1, "gone"), (4, "S1")]})) == {2: (1, 0)}
    early = locked_from(1)
    assert broken(early, written(early, holds=in_time)) == {2: (1, 0)}


def test_every_plan_keeps_a_lock_that_begins_later() -> None:
    reg = locked_from(4)
    found = Situation(reg)
    for plan in (solve(found, effort="quick", processes=1).plan, by_hand_plan(found)):
        assert [plan.som("1", m) for m in (4, 18)] == ["S2", "S2"]
    stays = Situation(
        replace(
            register([person("1")]),
            locks=(Lock(ref="1", kind=LockKind.SOM, staff_id="S2", since=date(2026, 5, 1)),),
        )
    )  # a case changes hands in month 1 or not at all, so it does then
    for plan in (solve(stays, effort="quick", processes=1).plan, by_hand_plan(stays)):
        assert {plan.som("1", m) for m in (1, 4, 18)} == {"S2"}
