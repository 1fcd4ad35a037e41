"""By hand: whose case it is. Nothing moves that need not."""

from datetime import date
from typing import Any

import pytest

from planner.domain.register import Offender
from planner.domain.terms import RiskLevel, Status
from tests.test_by_hand import judged, plan_of, soms, unforced
from tests.verify_build import EASY, officer, person, register, som_lock


def crowd(som: str, number: int, **columns: Any) -> list[Offender]:
    return [person(f"{som}-{n}", **{"som": som, **columns}) for n in range(number)]


def test_today_s_som_keeps_the_case_whatever_the_caseloads() -> None:
    reg = register([person("a"), *crowd("S1", 9)])
    assert soms(plan_of(reg), "a") == [(1, "S1")]


@pytest.mark.parametrize(
    "columns",
    [{"som": None}, {"som": "gone"}, {"not_with": frozenset({"S1"})},
     {"needs": frozenset({"online"})}, {"som": "S4"}],
    ids=["unallocated", "not in Staff", "conflict", "skill", "other team"],
)  # fmt: skip
def test_a_case_without_a_som_who_may_hold_it_goes_to_the_smallest_caseload(
    columns: dict[str, Any],
) -> None:
    online = frozenset({"online"})
    staff = [
        officer("S1"),
        officer("S2", skills=online),
        officer("S3", skills=online),
        officer("S4", team="South", skills=online),
    ]
    people = [person("a", **columns), *crowd("S1", 4), *crowd("S2", 3), *crowd("S3", 2)]
    reg = register(people, staff)
    assert soms(plan_of(reg), "a") == [(1, "S3")]
    assert judged(reg).accepted


@pytest.mark.parametrize(("fte", "som"), [(0.6, "S2"), (0.5, "S1"), (0.4, "S1"), (0.0, "S1")])
def test_caseloads_are_relative_to_fte(fte: float, som: str) -> None:
    """Four cases of a whole officer against two of a part of one; equal: the first staff ID."""
    people = [person("a", som=None), *crowd("S1", 4), *crowd("S2", 2)]
    reg = register(people, [officer("S1"), officer("S2", fte=fte)])
    assert soms(plan_of(reg), "a") == [(1, som)]


def test_each_case_placed_counts_for_the_next_and_the_riskiest_come_first() -> None:
    people = [
        person("a", som=None),
        person("b", som=None, level=RiskLevel.HIGH),
        person("c", som=None),
        *crowd("S1", 1),
    ]
    plan = plan_of(register(people))
    assert {ref: soms(plan, ref) for ref in "abc"} == {
        "b": [(1, "S2")],
        "a": [(1, "S1")],
        "c": [(1, "S2")],
    }


@pytest.mark.parametrize(("end", "month"), [(date(2026, 4, 29), 3), (date(2026, 4, 30), 4)])
def test_a_leaver_s_cases_go_on_in_the_month_of_leaving(end: date, month: int) -> None:
    """30 April 2026, in month 3, is that month's last working day."""
    staff = [officer("S1", end=end), officer("S2"), officer("S3")]
    reg = register([person("a"), person("b"), *crowd("S2", 1)], staff)
    plan = plan_of(reg)
    assert soms(plan, "a") == [(1, "S1"), (month, "S3")]
    assert soms(plan, "b") == [(1, "S1"), (month, "S2")]
    assert judged(reg).accepted


def test_a_joiner_takes_nothing_from_those_who_may_go_on() -> None:
    staff = [officer("S1"), officer("S2", start=date(2026, 5, 1))]
    plan = plan_of(register([*crowd("S1", 5)], staff))
    assert {soms(plan, f"S1-{n}")[0] for n in range(5)} == {(1, "S1")}
    assert all(len(h) == 1 for h in plan.holdings.values())


@pytest.mark.parametrize("keep", [True, False])
def test_a_som_who_starts_later_does_not_take_the_case_back(*, keep: bool) -> None:
    staff = [officer("S1", start=date(2026, 5, 1)), officer("S2")]
    reg = register([person("a", keep=keep)], staff)
    assert soms(plan_of(reg), "a") == [(1, "S2")]
    assert judged(reg).accepted


def test_a_lock_moves_the_case_in_month_1() -> None:
    reg = register([person("a")], locks=(som_lock("a", "S2"),))
    assert soms(plan_of(reg), "a") == [(1, "S2")]
    assert judged(reg).accepted


def test_a_lock_on_a_joiner_moves_the_case_when_that_officer_joins() -> None:
    staff = [officer("S1"), officer("S2", start=date(2026, 5, 1), end=date(2026, 7, 31))]
    reg = register([person("a")], staff, locks=(som_lock("a", "S2"),))
    assert soms(plan_of(reg), "a") == [(1, "S1"), (4, "S2"), (7, "S1")]
    assert judged(reg).accepted


@pytest.mark.parametrize(("keep", "som"), [(True, "S1"), (False, "S3")])
def test_a_kept_case_stays_though_its_som_is_above_the_cap(keep: bool, som: str) -> None:
    staff = [officer("S1", cap=0), officer("S2", cap=0), officer("S3")]
    reg = register([person("a", keep=keep)], staff)
    assert soms(plan_of(reg), "a") == [(1, som)]
    assert unforced(judged(reg)) == []


def test_a_keep_ends_where_the_som_may_not_hold_the_case() -> None:
    reg = register([person("a", keep=True, not_with=frozenset({"S1"}))])
    assert soms(plan_of(reg), "a") == [(1, "S2")]
    assert judged(reg).accepted


def test_a_lock_comes_before_a_keep() -> None:
    reg = register([person("a", keep=True)], locks=(som_lock("a", "S2"),))
    assert soms(plan_of(reg), "a") == [(1, "S2")]
    assert unforced(judged(reg)) == []


def test_of_clashing_locks_as_many_hold_as_can() -> None:
    """S1 leaves as S3 joins: both hold, and not S2's, which runs across them."""
    staff = [
        officer("S1", end=date(2026, 4, 30)),
        officer("S2"),
        officer("S3", start=date(2026, 5, 1)),
    ]
    locks = tuple(som_lock("a", s) for s in ("S1", "S2", "S3"))
    reg = register([person("a")], staff, locks=locks)
    assert soms(plan_of(reg), "a") == [(1, "S1"), (4, "S3")]
    assert unforced(judged(reg)) == []


@pytest.mark.parametrize("staff_id", ["S9", "S3"])
def test_a_lock_on_somebody_who_may_never_hold_the_case_changes_nothing(staff_id: str) -> None:
    staff = [officer("S1"), officer("S2"), officer("S3", team="South")]
    reg = register([person("a")], staff, locks=(som_lock("a", staff_id),))
    assert soms(plan_of(reg), "a") == [(1, "S1")]
    assert unforced(judged(reg)) == []


@pytest.mark.parametrize(("cap", "som"), [(2, "S2"), (1, "S3")])
def test_a_case_is_placed_below_the_cap(cap: int, som: str) -> None:
    people = [person("a", som=None), *crowd("S2", 1), *crowd("S3", 5)]
    reg = register(people, [officer("S2", cap=cap), officer("S3")])
    assert soms(plan_of(reg), "a") == [(1, som)]
    assert judged(reg).accepted


def test_a_cap_counts_people_who_come_back_later() -> None:
    back = {"status": Status.CUSTODY, "release_date": date(2026, 9, 10)}
    people = [person("a", som=None), *crowd("S2", 1, **back), *crowd("S3", 5)]
    reg = register(people, [officer("S2", cap=1), officer("S3")])
    assert soms(plan_of(reg), "a") == [(1, "S3")]
    assert judged(reg).accepted


def test_today_s_caseload_above_the_cap_gives_up_the_least_risky() -> None:
    people = [*crowd("S1", 2, level=RiskLevel.HIGH), person("z")]
    reg = register(people, [officer("S1", cap=2), officer("S2")])
    plan = plan_of(reg)
    assert soms(plan, "z") == [(1, "S2")]
    assert [len(h) for h in plan.holdings.values()] == [1, 1, 1]
    assert judged(reg).accepted


def test_a_full_colleague_passes_a_case_on_to_make_room() -> None:
    """S1 is one above the cap; only S2, who is full, has the skill; S2's own case goes to S3."""
    skilled = frozenset({"online"})
    people = [*crowd("S1", 2, needs=skilled), person("b", som="S2")]
    staff = [
        officer("S1", cap=1, skills=skilled),
        officer("S2", cap=1, skills=skilled),
        officer("S3", cap=1),
    ]
    reg = register(people, staff)
    plan = plan_of(reg)
    assert soms(plan, "b") == [(1, "S3")]
    assert sorted(soms(plan, f"S1-{n}")[0][1] for n in range(2)) == ["S1", "S2"]
    assert judged(reg).accepted


def test_caps_below_the_caseload_are_broken_no_more_than_they_must() -> None:
    reg = register(crowd("S1", 5), [officer("S1", cap=1), officer("S2", cap=2)])
    verdict = judged(reg)
    assert unforced(verdict) == []
    assert [f.rule.value for f in verdict.findings if f.broken] == [3]


def test_where_nobody_may_hold_the_case_the_nearest_stands_in() -> None:
    """A conflict is worst, then another team, then each skill lacking."""
    needs = frozenset({"online", "juvenile"})
    staff = [
        officer("S1", skills=needs),
        officer("S2", team="South", skills=needs),
        officer("S3"),
        officer("S4", skills=frozenset({"online"})),
    ]
    people = [person("a", needs=needs, not_with=frozenset({"S1"})), *crowd("S4", 9)]
    reg = register(people, staff)
    assert soms(plan_of(reg), "a") == [(1, "S4")]
    assert unforced(judged(reg)) == []


def test_a_stand_in_gives_way_to_an_officer_who_may_hold_the_case() -> None:
    needs = frozenset({"online"})
    staff = [officer("S1"), officer("S2", skills=needs, start=date(2026, 5, 1))]
    reg = register([person("a", needs=needs)], staff)
    assert soms(plan_of(reg), "a") == [(1, "S1"), (4, "S2")]
    assert unforced(judged(reg)) == []


def test_nobody_in_post_leaves_the_case_without_a_som() -> None:
    reg = register([person("a")], [officer("S1", end=date(2026, 1, 20))])
    plan = plan_of(reg)
    assert plan.holdings == {}
    assert plan.visits == ()
    assert unforced(judged(reg)) == []


def test_cross_team_opens_the_whole_unit() -> None:
    staff = [officer("S1"), officer("S2", team="South")]
    people = [person("a", som=None), *crowd("S1", 1)]
    assert soms(plan_of(register(people, staff)), "a") == [(1, "S1")]
    reg = register(people, staff, policy=EASY.but({"cross_team": True}))
    assert soms(plan_of(reg), "a") == [(1, "S2")]
    assert judged(reg).accepted
