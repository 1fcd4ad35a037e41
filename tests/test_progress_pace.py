"""The burn-down and the forecast, on plans whose figures are written by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from planner.domain.issued import IssuedPerson, IssuedPlan, IssuedRun
from planner.domain.months import Horizon
from planner.domain.policy import SETTINGS, Policy
from planner.domain.terms import LEVELS
from planner.domain.written import BacklogRow, ScheduleRow, WrittenPlan
from planner.progress.burn_down import cleared_month
from planner.progress.forecast import Outlook, PaceMonth
from planner.progress.past import PastRun, Proof
from planner.progress.progress import Progress, progress
from planner.progress.words import forecast_lines, headline

MAY = date(2027, 5, 1)
POLICY = {name: Policy().value(name) for name in SETTINGS}
PEOPLE = 400


def month(number: int) -> date:
    """May 2027 is 1."""
    return Horizon(MAY).start(number)


def plan(
    first: int, opening: int, overdue: list[int], due: int, done_before: dict[int, int]
) -> PastRun:
    """A plan issued at the beginning of a month: backlog by month, and so many due in each.

    ``done_before`` maps months to ARMS done in them, which its register shows. All is medium risk.
    """
    start = month(first)
    levels = [level.label for level in LEVELS]
    backlog = [BacklogRow(None, name, 0, None, None, 0, None, None) for name in levels]
    backlog[2] = replace(backlog[2], arms_overdue=opening)
    before = opening
    for n, number in enumerate(overdue):
        rows = [BacklogRow(month(first + n), name, 0, 0, 0, 0, 0, 0) for name in levels]
        rows[2] = replace(
            rows[2], arms_overdue=number, arms_due=due, arms_done=before + due - number
        )
        backlog += rows
        before = number
    days = [
        month(m) + timedelta(days=9)
        for m, times in sorted(done_before.items())
        for _ in range(times)
    ]
    last = dict(enumerate(days))
    people = tuple(
        IssuedPerson(
            ref=f"{n:03}",
            status="Community",
            level="Medium",
            management="Active",
            team="North",
            som="OM1",
            last_visit=None,
            last_arms=last.get(n, date(2020, 1, 1)),
        )
        for n in range(PEOPLE)
    )
    planned = opening + due - overdue[0]
    schedule = tuple(
        ScheduleRow(
            start,
            f"{PEOPLE - 1 - n:03}",
            "Medium",
            "OM1",
            "ARMS",
            None,
            None,
            None,
            "OM1",
            5.0,
            0.0,
            start,
            0,
        )
        for n in range(planned)
    )
    return PastRun(
        run=IssuedRun(
            run_id=f"{start:%Y-%m}-0000000{first % 10}",
            issued_at=datetime(2027, 4, 30, tzinfo=UTC),
            plan=IssuedPlan(
                as_at=start - timedelta(days=1),
                first_month=start,
                policy=POLICY,
                people=people,
                officers=(),
                written=WrittenPlan(
                    allocation=(),
                    schedule=schedule,
                    workload=(),
                    backlog=tuple(backlog),
                    not_planned=(),
                    run=(),
                ),
            ),
        )
    )


def history(done: list[int], due: int = 10, opening: int = 200, a_month: int = 20) -> list[PastRun]:
    """Plans that mean to bring the backlog down by 20 a month; ``done`` is what comes of them."""
    runs, before = [], opening
    so_far: dict[int, int] = {}
    for n in range(len(done) + 1):
        overdue = [max(0, before - a_month * (k + 1)) for k in range(18)]
        runs.append(plan(n + 1, before, overdue, due, so_far))
        if n < len(done):
            so_far = {**so_far, n + 1: done[n]}
            before += due - done[n]
    return runs


def text(of: Progress) -> str:
    return " ".join(forecast_lines(of.forecast))


def test_promises_of_the_first_plan_and_of_the_plan_in_force_against_what_was_reached() -> None:
    seen = progress(history([30, 20]))
    told = [
        (
            end.month,
            *(None if n is None else sum(n) for n in (end.first_plan, end.in_force, end.reached)),
        )
        for end in seen.burn_down[:5]
    ]
    assert told == [
        (month(0), 200, 200, 200),
        (month(1), 180, 180, 180),
        (month(2), 160, 160, 170),
        (month(3), 140, 150, None),
        (month(4), 120, 130, None),
    ]
    assert [end.as_at for end in seen.burn_down[:3]] == [
        date(2027, 4, 30),
        date(2027, 5, 31),
        date(2027, 6, 30),
    ]
    assert headline(seen) == (
        "Behind: 170 ARMS were overdue on 30/06/2027. For the end of June 2027 the plan of that "
        "month promised 160 (10 more are overdue); the first plan promised 160 (10 more are "
        "overdue)."
    )


@pytest.mark.parametrize(
    ("done", "word"), [([30], "On track: 180"), ([31], "Ahead: 179"), ([29], "Behind: 181")]
)
def test_ahead_behind_or_on_track(done: list[int], word: str) -> None:
    assert headline(progress(history(done))).startswith(word)


def test_the_pace_tells_the_month() -> None:
    """170 overdue after three months at 20 a month, 10 due: 17 months, from August 2027 on."""
    seen = progress(history([20, 20, 20])).forecast
    assert (seen.outlook, seen.done_a_month, seen.due_a_month) == (Outlook.DATED, 20, 10)
    assert seen.planned == month(12)  # 170 by 20 a month, from month 4 on: the 9th
    assert seen.likely == month(20)
    assert (seen.earliest, seen.latest) == (month(20), month(20))


def test_the_range_is_that_of_the_best_and_the_worst_month() -> None:
    """155 overdue, 10 due: 21.25 a month clear it in 14 months, 25 in 11, 15 not in 18."""
    seen = progress(history([20, 25, 15, 25])).forecast
    assert seen.backlog == 200 + 4 * 10 - 85
    assert seen.done_a_month == 21.25
    assert seen.likely == month(4 + 14)  # 155 / 11.25 = 13.8
    assert seen.earliest == month(4 + 11)  # 155 / 15 = 10.3
    assert seen.latest is None
    assert "like the worst: not by February 2029" in text(progress(history([20, 25, 15, 25])))


def test_no_month_sooner_than_the_plan_is_told() -> None:
    """At 60 a month it would be gone in two months; the plan needs more."""
    made = history([60, 60, 60], opening=400)
    seen = progress(made).forecast
    assert seen.backlog == 250
    assert seen.planned == month(3 + 13)
    assert seen.likely == seen.earliest == seen.latest == seen.planned


@pytest.mark.parametrize("ruled_out", [True, False])
def test_no_month_is_told_where_the_plan_does_not_clear_it(ruled_out: bool) -> None:
    made = history([60, 60, 60], opening=400, a_month=5)
    made[-1] = replace(made[-1], proof=Proof(hours=812.4, posts=1.26, is_ruled_out=ruled_out))
    seen = progress(made)
    assert seen.forecast.outlook is Outlook.NOT_PLANNED
    assert (seen.forecast.likely, seen.forecast.earliest, seen.forecast.latest) == (None,) * 3
    assert seen.forecast.left == seen.forecast.planned_left == 250 - 18 * 5
    told = text(seen)
    assert "No month is told: the newest plan does not clear it by January 2029" in told
    assert ("at least 812 hours or about 1.3 full-time posts are lacking" in told) is ruled_out
    assert ("It is proved that no plan can" in told) is ruled_out


def test_a_pace_below_what_falls_due_never_clears() -> None:
    seen = progress(history([5, 5, 5]))
    assert seen.forecast.outlook is Outlook.TOO_SLOW
    assert seen.forecast.left == 215 + 18 * 5
    assert "about 305 ARMS would be overdue" in text(seen)
    assert "Nor does it were every month like the best" in text(seen)


@pytest.mark.parametrize(
    ("done", "word"),
    [
        ([], "No month is over yet: nothing can be said of the pace."),
        ([20], "One month is too few to tell"),
        ([20, 20], "Two months are too few to tell"),
    ],
)
def test_too_few_months_are_said_to_be(done: list[int], word: str) -> None:
    seen = progress(history(done))
    assert seen.forecast.outlook is Outlook.TOO_FEW
    assert seen.forecast.likely is None
    assert word in text(seen)


def test_only_the_last_six_whole_months_make_the_pace() -> None:
    seen = progress(history([0, 0, 20, 20, 20, 20, 20, 20])).forecast
    assert [p.month for p in seen.pace] == [month(m) for m in range(3, 9)]
    assert seen.done_a_month == 20


def test_a_month_in_which_work_ran_out_says_nothing_of_the_pace() -> None:
    made = history([40, 40, 40, 40], opening=120, a_month=30)
    seen = progress(made)
    assert [p.month for p in seen.forecast.pace] == [month(1), month(2), month(3)]
    assert seen.forecast.ran_out == 1
    assert seen.forecast.outlook is Outlook.CLEARED


@pytest.mark.parametrize(
    ("planned", "left", "counts"),
    [(40, 4, True), (40, 3, False), (40, 0, False), (0, 0, False), (0, 1, True)],
)
def test_a_month_counts_where_its_plan_left_a_tenth(planned: int, left: int, counts: bool) -> None:
    seen = PaceMonth(month=MAY, planned=planned, done=0, due=0, meant_to_leave=left)
    assert seen.counts is counts


def test_a_month_seen_in_part_is_not_part_of_the_pace() -> None:
    made = history([20, 20, 20])
    last = made[-1].run
    early = replace(last, plan=replace(last.plan, as_at=date(2027, 7, 15)))
    seen = progress([*made[:-1], replace(made[-1], run=early)])
    assert [p.month for p in seen.forecast.pace] == [month(1), month(2)]
    assert seen.forecast.outlook is Outlook.TOO_FEW


def test_a_cleared_backlog_is_said_to_be() -> None:
    made = history([30], opening=20)
    assert text(progress(made)) == "The ARMS backlog is cleared: 0 overdue."


def test_a_gap_of_months_is_told_month_by_month() -> None:
    made = history([20, 25, 15, 20])
    seen = progress([made[0], made[-1]])
    assert [m.month for m in seen.months] == [month(m) for m in range(1, 5)]
    assert {m.run_id for m in seen.months} == {made[0].run.run_id}
    assert [(p.done, p.due) for p in seen.forecast.pace] == [(20, 10), (25, 10), (15, 10), (20, 10)]
    reached = [end.month for end in seen.burn_down if end.reached is not None]
    assert reached == [month(0), month(4)]


def test_to_the_end_of_a_month_goes_by_the_plans_to_the_next_one() -> None:
    made = history([20, 25, 15, 20])
    then = progress(made, month(2))
    assert [p.run_id for p in then.plans] == [m.run.run_id for m in made[:3]]
    assert then.months[-1].month == month(2)
    assert then == progress(made[:3], month(2))
    apart = progress([made[0], made[-1]], month(2))
    assert len(apart.plans) == 2
    assert [p.month for p in apart.forecast.pace] == [month(1), month(2)]


@pytest.mark.parametrize("outside", [0, 6])
def test_a_month_without_a_plan_is_refused(outside: int) -> None:
    with pytest.raises(ValueError, match="No plan was in force"):
        progress(history([20, 25, 15, 20]), month(outside))
    with pytest.raises(ValueError, match="at least one plan"):
        progress([])


@pytest.mark.parametrize(
    ("overdue", "cleared"),
    [([3, 0, 0], 2), ([0, 3, 0], 3), ([3, 0, 1], None), ([0, 0, 0], 1), ([], None)],
)
def test_cleared_is_for_good(overdue: list[int], cleared: int | None) -> None:
    ends = [(month(n), number) for n, number in enumerate(overdue, start=1)]
    assert cleared_month(ends, 0) == (None if cleared is None else month(cleared))
