"""By hand, month by month: who comes first, when hours run out, who goes along."""

from datetime import date
from typing import Any

import pytest

from planner.domain.register import Offender
from planner.domain.terms import LockKind, Management, RiskLevel, Status
from tests.test_by_hand import assessed, judged, plan_of, unforced, visited
from tests.verify_build import EASY, duty_lock, officer, person, register

LEAD, SECOND, ARMS = 2.75, 1.65, 5.0
OVERDUE, LATER_OVERDUE = date(2025, 6, 1), date(2025, 9, 1)
UNTRAINED: dict[str, Any] = {"arms_trained_from": None}


def to_visit(ref: str, **columns: Any) -> Offender:
    """Somebody whom one officer is to visit, due a while ago."""
    usual: dict[str, Any] = {"last_visit": date(2023, 6, 1), "crew": 1}
    return person(ref, **{**usual, **columns})


def to_assess(ref: str, **columns: Any) -> Offender:
    return person(ref, **{"arms_due": OVERDUE, **columns})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param({"level": RiskLevel.MEDIUM}, {"last_visit": date(2022, 1, 1)}, id="level"),
        pytest.param({"last_visit": date(2023, 5, 31)}, {}, id="due date"),
        pytest.param({}, {}, id="reference"),
    ],
)
@pytest.mark.parametrize("swapped", [False, True])
def test_the_riskiest_comes_first_then_the_earliest_due(
    first: dict[str, Any], second: dict[str, Any], *, swapped: bool
) -> None:
    refs = ("b", "a") if swapped and (first or second) else ("a", "b")
    people = [to_visit(refs[0], **first), to_visit(refs[1], **second)]
    plan = plan_of(register(people, [officer("S1", hours_per_month=LEAD)]))
    assert visited(plan, 1) == [refs[0]]
    assert visited(plan, 2) == [refs[1]]


def test_visits_and_assessments_are_one_list() -> None:
    people = [to_visit("late", last_visit=date(2023, 9, 1)), to_assess("later", arms_due=OVERDUE)]
    plan = plan_of(register(people, [officer("S1", hours_per_month=ARMS)]))
    assert (assessed(plan, 1), visited(plan, 1)) == ([("later", "S1")], [])
    assert (assessed(plan, 2), visited(plan, 2)) == ([], ["late"])


@pytest.mark.parametrize(("hours", "done"), [(2 * LEAD, 2), (2 * LEAD - 0.01, 1)])
def test_hours_run_out_exactly(hours: float, done: int) -> None:
    staff = [officer("S1", hours_per_month=hours)]
    reg = register([to_visit(f"{n}") for n in range(3)], staff)
    assert len(visited(plan_of(reg))) == done
    assert judged(reg).accepted


def test_overtime_counts_as_hours() -> None:
    policy = EASY.but({"hours.overtime": 1})
    reg = register(
        [to_visit("a"), to_visit("b")], [officer("S1", hours_per_month=LEAD)], policy=policy
    )
    assert visited(plan_of(reg)) == ["a", "b"]
    assert judged(reg).accepted


def test_what_does_not_fit_is_skipped_for_what_does() -> None:
    people = [to_assess("big", level=RiskLevel.HIGH), to_visit("small")]
    plan = plan_of(register(people, [officer("S1", hours_per_month=ARMS - 0.1)]))
    assert visited(plan, 1) == ["small"]
    assert plan.arms == ()


@pytest.mark.parametrize(("last", "month"), [(date(2024, 4, 30), 3), (date(2024, 5, 1), 4)])
def test_nothing_is_done_before_its_due_month(last: date, month: int) -> None:
    plan = plan_of(register([to_visit("a", last_visit=last)]))
    assert [v.month for v in plan.visits] == [month]


def test_a_duty_done_is_due_again_after_its_interval() -> None:
    reg = register([to_visit("a", visit_interval=5), to_assess("b")])
    plan = plan_of(reg)
    assert [v.month for v in plan.visits] == [1, 6, 11, 16]
    assert [a.month for a in plan.arms] == [1, 13]
    assert judged(reg).accepted


@pytest.mark.parametrize(
    ("columns", "months"),
    [
        ({"status": Status.CUSTODY, "release_date": date(2026, 4, 30)}, [4]),
        ({"status": Status.CUSTODY}, []),
        ({"registered_until": date(2026, 2, 1)}, [1]),
        ({"registered_until": date(2026, 1, 31)}, []),
        ({"management": Management.REACTIVE}, []),
    ],
)
def test_only_those_in_the_community_are_visited(
    columns: dict[str, Any], months: list[int]
) -> None:
    reg = register([to_visit("a", **columns)])
    assert [v.month for v in plan_of(reg).visits] == months
    assert judged(reg).accepted


def test_the_second_is_who_has_most_hours_left() -> None:
    staff = [
        officer("S1", hours_per_month=10.0),
        officer("S2", hours_per_month=10.0),
        officer("S3", hours_per_month=10.0 + SECOND),
    ]
    reg = register([to_visit(ref, crew=2) for ref in "abc"], staff)
    plan = plan_of(reg)
    assert [(v.ref, v.second) for v in plan.visits] == [("a", "S3"), ("b", "S2"), ("c", "S3")]
    assert plan.second_hours == pytest.approx({("S2", 1): SECOND, ("S3", 1): 2 * SECOND})
    assert judged(reg).accepted


@pytest.mark.parametrize(("hours", "done"), [(SECOND, ["a"]), (SECOND - 0.01, [])])
def test_without_a_second_with_hours_there_is_no_visit(hours: float, done: list[str]) -> None:
    staff = [officer("S1"), officer("S2", hours_per_month=hours)]
    reg = register([to_visit("a", crew=2)], staff)
    assert visited(plan_of(reg)) == done
    assert judged(reg).accepted


def test_nobody_to_second_leaves_the_assessment() -> None:
    reg = register([to_visit("a", crew=2, arms_due=OVERDUE)], [officer("S1")])
    plan = plan_of(reg)
    assert plan.visits == ()
    assert assessed(plan) == [("a", "S1")]
    assert judged(reg).accepted


def test_an_officer_alone_in_the_team_is_seconded_from_the_unit() -> None:
    staff = [officer("S1"), officer("S2", team="South"), officer("S3", team="South")]
    reg = register([to_visit("a", crew=2), to_visit("b", crew=2, visit_interval=1)], staff)
    plan = plan_of(reg)
    assert {s for s, _ in plan.second_hours} == {"S2", "S3"}
    assert len(plan.visits) == 1 + 18
    assert judged(reg).accepted


def test_another_team_seconds_nobody_who_has_colleagues() -> None:
    staff = [officer("S1"), officer("S2", hours_per_month=0.0), officer("S3", team="South")]
    people = [to_visit("a", crew=2)]
    assert plan_of(register(people, staff)).visits == ()
    crossing = register(people, staff, policy=EASY.but({"cross_team": True}))
    assert [v.second for v in plan_of(crossing).visits] == ["S3"]
    assert judged(crossing).accepted


def test_from_month_2_second_hours_add_up_and_nobody_is_named() -> None:
    people = [to_visit(f"{n}", crew=2, visit_interval=1) for n in range(7)]
    reg = register(people, [officer(f"S{n}", hours_per_month=17.3) for n in range(1, 4)])
    plan = plan_of(reg)
    for month in range(1, 19):
        given = sum(h for (_, m), h in plan.second_hours.items() if m == month)
        assert given == pytest.approx(SECOND * len(visited(plan, month)), abs=1e-9)
    assert {v.second is None for v in plan.visits if v.month > 1} == {True}
    assert {v.second is None for v in plan.visits if v.month == 1} == {False}
    assert judged(reg).accepted


def test_officers_take_turns_so_that_the_first_does_not_use_up_the_seconds() -> None:
    """Two of S1's visits in a row would take S2's time as second officer."""
    people = [to_visit("1S1", crew=2), to_visit("2S1", crew=2), to_visit("1S2", crew=2, som="S2")]
    staff = [
        officer("S1", hours_per_month=2 * LEAD),
        officer("S2", hours_per_month=LEAD),
        officer("S3", hours_per_month=4.0),
    ]
    reg = register(people, staff)
    assert visited(plan_of(reg)) == ["1S1", "1S2"]
    assert judged(reg).accepted


@pytest.mark.parametrize(
    ("trained", "by"), [(date(2026, 2, 1), "S1"), (date(2026, 2, 2), "S3"), (None, "S3")]
)
def test_an_untrained_som_passes_the_assessment_on(trained: date | None, by: str) -> None:
    staff = [
        officer("S1", arms_trained_from=trained),
        officer("S2", hours_per_month=20.0),
        officer("S3", hours_per_month=30.0),
        officer("S4", **UNTRAINED),
        officer("S5", team="South"),
    ]
    reg = register([to_assess("a")], staff)
    assert assessed(plan_of(reg)) == [("a", by)]
    assert judged(reg).accepted


def test_nobody_trained_means_no_assessment() -> None:
    reg = register([to_assess("a")], [officer("S1", **UNTRAINED), officer("S2", **UNTRAINED)])
    assert plan_of(reg).arms == ()
    assert judged(reg).accepted


def test_a_trained_som_keeps_to_the_own_hours_even_where_colleagues_may_help() -> None:
    staff = [officer("S1", hours_per_month=ARMS), officer("S2")]
    policy = EASY.but({"arms.by_colleague": True})
    reg = register([to_assess("a"), to_assess("b")], staff, policy=policy)
    assert assessed(plan_of(reg)) == [("a", "S1")]
    assert judged(reg).accepted


def test_arms_per_month_holds_for_the_som_and_for_colleagues() -> None:
    people = [to_assess(f"{som}{n}", som=som) for som in ("S1", "S2") for n in range(3)]
    policy = EASY.but({"arms.per_month": 2})
    reg = register(people, [officer("S1"), officer("S2", **UNTRAINED)], policy=policy)
    plan = plan_of(reg)
    assert [len(assessed(plan, m)) for m in (1, 2, 3, 4)] == [2, 2, 2, 0]
    assert judged(reg).accepted


@pytest.mark.parametrize(("most", "done"), [(0, []), (1, [("a", "S1"), ("b", "S3")])])
def test_a_colleague_who_may_do_no_more_arms_is_passed_over(
    most: int, done: list[tuple[str, str]]
) -> None:
    staff = [officer("S1"), officer("S2", **UNTRAINED), officer("S3", hours_per_month=50.0)]
    people = [to_assess("a", som="S2"), to_assess("b", som="S2")]
    reg = register(people, staff, policy=EASY.but({"arms.per_month": most}))
    assert assessed(plan_of(reg)) == done
    assert judged(reg).accepted


def test_a_locked_month_comes_before_the_list() -> None:
    people = [to_visit("a"), to_visit("z")]
    staff = [officer("S1", hours_per_month=LEAD)]
    reg = register(people, staff, locks=(duty_lock("z", LockKind.VISIT, 1),))
    assert visited(plan_of(reg), 1) == ["z"]
    assert judged(reg).accepted


@pytest.mark.parametrize(
    ("locked", "months"), [(2, [5, 11, 17]), (3, [3, 9, 15]), (4, [4, 10, 16])]
)
def test_a_lock_may_be_early_but_not_too_early(locked: int, months: list[int]) -> None:
    """Due in month 5, two months early at the most."""
    people = [to_visit("a", last_visit=date(2025, 12, 1), visit_interval=6)]
    reg = register(people, locks=(duty_lock("a", LockKind.VISIT, locked),))
    assert [v.month for v in plan_of(reg).visits] == months
    assert unforced(judged(reg)) == []


@pytest.mark.parametrize(("locked", "months"), [(10, [10]), (11, [1, 11])])
def test_an_overdue_duty_waits_where_doing_it_now_would_bar_the_locked_month(
    locked: int, months: list[int]
) -> None:
    """Done in month 1, an ARMS is next due in month 13 and may be done in month 11."""
    reg = register([to_assess("a")], locks=(duty_lock("a", LockKind.ARMS, locked),))
    assert [a.month for a in plan_of(reg).arms] == months
    assert judged(reg).accepted


def test_of_two_locks_too_close_together_the_first_holds() -> None:
    locks = (duty_lock("a", LockKind.ARMS, 4), duty_lock("a", LockKind.ARMS, 13))
    reg = register([to_assess("a")], locks=locks)
    assert [a.month for a in plan_of(reg).arms] == [4, 16]
    assert unforced(judged(reg)) == []


def test_more_locks_hold_where_the_short_duties_come_first() -> None:
    people = [to_assess("a"), to_visit("b"), to_visit("c")]
    locks = tuple(
        duty_lock(ref, kind, 1)
        for ref, kind in (("a", LockKind.ARMS), ("b", LockKind.VISIT), ("c", LockKind.VISIT))
    )
    reg = register(people, [officer("S1", hours_per_month=2 * LEAD)], locks=locks)
    plan = plan_of(reg)
    assert (visited(plan), assessed(plan)) == (["b", "c"], [])
    assert unforced(judged(reg)) == []


@pytest.mark.parametrize(("on", "done"), [(True, [("a", "S2")]), (False, [])])
def test_a_locked_assessment_goes_to_a_colleague_where_policy_lets_it(
    on: bool, done: list[tuple[str, str]]
) -> None:
    staff = [officer("S1", hours_per_month=ARMS - 1), officer("S2")]
    reg = register(
        [to_assess("a")],
        staff,
        policy=EASY.but({"arms.by_colleague": on}),
        locks=(duty_lock("a", LockKind.ARMS, 1),),
    )
    assert assessed(plan_of(reg)) == done


def test_never_two_announced_visits_in_a_row() -> None:
    policy = EASY.but({"visit.unannounced.low": 0})
    reg = register([to_visit(f"{n}", visit_interval=1) for n in range(4)], policy=policy)
    plan = plan_of(reg)
    assert {v.visit_type.value for v in plan.visits} == {"Announced", "Unannounced"}
    assert judged(reg).accepted
