"""Rules 1 to 4 bite in the model, on both sides of their boundary: the smallest register for each.

Rules 5 to 9: ``test_optimise_rules_of_duties.py``.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from planner.domain.months import Horizon
from planner.domain.policy import Policy
from planner.domain.register import Absence, Lock, Register
from planner.domain.terms import Duty, LockKind, RiskLevel, Status
from tests.hidden import Judged, solved
from tests.verify_build import AS_AT, duty_lock, officer, person, register, som_lock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.domain.register import Offender, Officer

HORIZON = Horizon(AS_AT)
LEAD, SECOND, MINUTE = 2.75, 1.65, 1 / 60


def day(month: int, of_month: int = 1) -> date:
    return HORIZON.start(month) + timedelta(days=of_month - 1)


def policy(**settings: float | bool) -> Policy:
    """Nothing held back, all may move, crews of one; names with ``__`` for the dot."""
    usual: dict[str, float | bool] = {"inflow.per_year": 0, "moves.share": 1, "visit.crew": 1}
    return Policy.of(usual | {name.replace("__", "."): v for name, v in settings.items()})


def visited(ref: str = "P1", due: int = 1, interval: int = 24, **columns: Any) -> Offender:
    """Somebody high whose visit falls due on the first of month ``due``, and nothing else."""
    last = HORIZON.start(due - interval)
    return person(
        ref, **{"level": RiskLevel.HIGH, "last_visit": last, "visit_interval": interval, **columns}
    )


def assessed(ref: str = "P1", due: int = 1, **columns: Any) -> Offender:
    """Somebody whose ARMS falls due on the first of month ``due``, and nothing else."""
    return person(ref, **{"level": RiskLevel.HIGH, "arms_due": day(due), **columns})


def away(staff_id: str, *there: int) -> tuple[Absence, ...]:
    """Away in every month but these."""
    return tuple(
        Absence(staff_id=staff_id, first=HORIZON.start(m), last=HORIZON.end(m))
        for m in HORIZON.months
        if m not in there
    )


def idle(staff_id: str, **columns: Any) -> Officer:
    return officer(staff_id, **{"hours_per_month": 0.0, **columns})


def plan(people: Iterable[Offender], staff: Iterable[Officer] = (), **parts: Any) -> Judged:
    """Solved, and sound whatever the register."""
    reg: Register = register(people, staff, **{"policy": policy(), **parts})
    answer = solved(reg)
    answer.sound()
    return answer


def kept(answer: Judged) -> Judged:
    assert answer.broken == {}
    return answer


def stints(answer: Judged, ref: str = "P1") -> list[tuple[int, str]]:
    return [(h.month, h.som) for h in answer.plan.holdings[ref]]


def visits(answer: Judged, ref: str = "P1") -> list[int]:
    return [v.month for v in answer.plan.visits if v.ref == ref]


def arms(answer: Judged, ref: str = "P1") -> list[tuple[int, str]]:
    return [(a.month, a.done_by) for a in answer.plan.arms if a.ref == ref]


def lacking(answer: Judged, duty: Duty) -> int:
    return answer.outcome.backlog(18, duty)


# --- rule 1: who may hold -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "som"),
    [
        ({}, "S1"),
        ({"not_with": frozenset({"S1"})}, "S2"),
        ({"not_with": frozenset({"S2"})}, "S1"),
        ({"needs": frozenset({"Youth"})}, "S2"),
        ({"som": "S2"}, "S2"),
        ({"som": "gone", "not_with": frozenset({"S2"})}, "S1"),
    ],
)
def test_a_case_goes_to_whom_may_hold_it(columns: dict[str, Any], som: str) -> None:
    staff = (officer("S1"), officer("S2", skills=frozenset({"Youth"})))
    assert stints(kept(plan([person("P1", **columns)], staff))) == [(1, som)]


@pytest.mark.parametrize(("cross_team", "som"), [(False, "S1"), (True, "T1")])
def test_another_team_takes_a_case_only_where_teams_may_cross(cross_team: bool, som: str) -> None:
    staff = (idle("S1"), idle("S2"), officer("T1", team="South"))
    answer = plan([visited()], staff, policy=policy(cross_team=cross_team))
    assert stints(kept(answer)) == [(1, som)]


@pytest.mark.parametrize("needs", [frozenset({"Youth"}), frozenset()])
def test_a_skill_that_nobody_has_is_said_and_the_rest_planned(needs: frozenset[str]) -> None:
    answer = plan([visited(needs=needs), visited("P2")])
    assert answer.broken == ({1: (18, 18)} if needs else {})
    assert visits(answer, "P2") == [1]


def test_nobody_with_a_conflict_stands_in() -> None:
    answer = plan([person("P1", not_with=frozenset({"S1", "S2"}), som=None)])
    assert answer.plan.som("P1", 1) is None
    assert answer.broken == {1: (18, 18)}


def test_a_stand_in_is_no_reason_to_break_a_cap() -> None:
    staff = (officer("S1", cap=1), officer("S2", cap=1))
    people = [person("P1"), person("P2", som="S2"), person("P3", needs=frozenset({"Youth"}))]
    assert plan(people, staff).broken == {1: (18, 18)}


def test_a_case_that_nobody_may_hold_fills_no_cap() -> None:
    answer = plan([visited(), visited("P2", needs=frozenset({"Youth"}))], (officer("S1", cap=1),))
    assert answer.broken == {1: (18, 18)}
    assert (visits(answer), visits(answer, "P2")) == ([1], [1])
    assert answer.result.bound <= answer.cost


def test_a_team_without_cases_is_no_trouble() -> None:
    kept(plan([visited()], (officer("S1"), officer("T1", team="South"))))


def test_a_whole_team_that_leaves_keeps_no_case_from_being_planned() -> None:
    staff = (
        officer("S1", end=HORIZON.end(6)),
        officer("T1", team="South"),
        officer("T2", team="South"),
    )
    answer = plan([visited(), visited("P2", team="South", som="T1")], staff)
    assert answer.broken == {1: (12, 12)}
    assert (visits(answer), visits(answer, "P2")) == ([1], [1])


# --- rule 2: keeps and locks --------------------------------------------------------------------


@pytest.mark.parametrize(("keep", "som"), [(True, "S1"), (False, "S2")])
def test_a_kept_case_stays_with_a_som_who_has_no_hours(keep: bool, som: str) -> None:
    answer = kept(plan([visited(keep=keep)], (idle("S1"), officer("S2"))))
    assert stints(answer) == [(1, som)]
    assert lacking(answer, Duty.VISIT) == keep


@pytest.mark.parametrize("staff_id", ["S1", "S2"])
def test_a_lock_on_the_som_holds_from_month_1(staff_id: str) -> None:
    answer = kept(plan([person("P1")], locks=(som_lock("P1", staff_id),)))
    assert stints(answer) == [(1, staff_id)]


def test_a_lock_comes_before_a_keep() -> None:
    answer = plan([person("P1", keep=True)], locks=(som_lock("P1", "S2"),))
    assert stints(answer) == [(1, "S2")]
    assert answer.broken == {2: (1, 1)}


def test_a_lock_on_one_who_never_may_leaves_a_keep_to_hold() -> None:
    person_kept = visited(keep=True, not_with=frozenset({"S2"}))
    staff = (idle("S1"), officer("S2"), officer("S3"))
    answer = plan([person_kept], staff, locks=(som_lock("P1", "S2"),))
    assert stints(answer) == [(1, "S1")]
    assert answer.broken == {2: (1, 1)}


def test_locks_one_after_the_other_both_hold() -> None:
    staff = (officer("S1", end=HORIZON.end(6)), officer("S2", start=day(7)), officer("S3"))
    locks = (som_lock("P1", "S1"), som_lock("P1", "S2"))
    answer = kept(plan([person("P1", som="S3")], staff, locks=locks))
    assert stints(answer) == [(1, "S1"), (7, "S2")]


def test_a_keep_until_the_som_leaves_and_a_lock_after_it_both_hold() -> None:
    staff = (officer("S1", end=HORIZON.end(6)), officer("S2", start=day(7)), officer("S3"))
    answer = kept(plan([person("P1", keep=True)], staff, locks=(som_lock("P1", "S2"),)))
    assert stints(answer) == [(1, "S1"), (7, "S2")]


def test_of_two_locks_against_each_other_one_holds() -> None:
    answer = plan([person("P1")], locks=(som_lock("P1", "S1"), som_lock("P1", "S2")))
    assert answer.broken == {2: (1, 1)}


def test_a_lock_on_a_joiner_holds_among_very_many_routes() -> None:
    stay = [officer(f"A{n:02}") for n in range(12)]
    come = [officer(f"B{n}", start=day(3 + n)) for n in range(5)]
    go = [officer(f"C{n}", end=HORIZON.end(4 + n)) for n in range(4)]
    people = [person("P1", som="C3"), person("P2", som="A00")]
    locks = (som_lock("P1", "B4"), som_lock("P2", "B0"))
    answer = kept(plan(people, [*stay, *come, *go], locks=locks))
    assert answer.plan.som("P1", 7) == "B4"
    assert stints(answer, "P2")[-1] == (3, "B0")


LOCKED_MONTHS = [(2, True), (3, True), (6, True), (1, False)]


@pytest.mark.parametrize(("month", "possible"), LOCKED_MONTHS)
def test_a_visit_is_made_in_its_locked_month_unless_too_early(month: int, possible: bool) -> None:
    answer = plan([visited(due=4), visited("P2")], locks=(duty_lock("P1", LockKind.VISIT, month),))
    assert (month in visits(answer)) == possible
    assert answer.broken == ({} if possible else {2: (1, 1)})
    assert (lacking(answer, Duty.VISIT), visits(answer, "P2")) == (0, [1])


@pytest.mark.parametrize(("month", "possible"), LOCKED_MONTHS)
def test_an_arms_is_done_in_its_locked_month_unless_too_early(month: int, possible: bool) -> None:
    answer = plan([assessed(due=4)], locks=(duty_lock("P1", LockKind.ARMS, month),))
    assert (month in dict(arms(answer))) == possible
    assert answer.broken == ({} if possible else {2: (1, 1)})


def test_locks_too_close_together_give_way_once_and_the_bound_holds() -> None:
    locks = tuple(duty_lock("P1", LockKind.VISIT, m) for m in (1, 2, 3))
    answer = plan([visited()], locks=locks)
    assert answer.broken == {2: (2, 2)}
    assert answer.result.bound <= answer.cost


@pytest.mark.parametrize(("hours", "made"), [(LEAD, True), (LEAD - MINUTE, False)])
def test_a_lock_gives_no_hours(hours: float, made: bool) -> None:
    lock: Lock = duty_lock("P1", LockKind.VISIT, 2)
    answer = plan([visited()], [officer("S1", hours_per_month=hours)], locks=(lock,))
    assert (2 in visits(answer)) == made
    assert answer.broken == ({} if made else {2: (1, 1)})


def test_a_locked_low_visit_comes_before_a_high_one_where_hours_lack() -> None:
    staff = [officer("S1", hours_per_month=LEAD)]
    people = [visited("P1", level=RiskLevel.LOW), visited("P2", level=RiskLevel.VERY_HIGH)]
    answer = kept(plan(people, staff, locks=(duty_lock("P1", LockKind.VISIT, 1),)))
    assert (visits(answer, "P1"), visits(answer, "P2")) == ([1], [2])


# --- rule 3: caps; rule 4: changes --------------------------------------------------------------


@pytest.mark.parametrize(("cap", "moved"), [(1, 1), (2, 0), (0, 2)])
def test_a_cap_sends_away_the_cases_above_it(cap: int, moved: int) -> None:
    answer = kept(plan([person("P1"), person("P2")], (officer("S1", cap=cap), officer("S2"))))
    assert sum(c.counts for c in answer.outcome.changes) == moved


def test_cases_outside_the_community_fill_no_cap() -> None:
    inside = person("P2", status=Status.CUSTODY)
    answer = kept(plan([person("P1"), inside], (officer("S1", cap=1), officer("S2"))))
    assert answer.outcome.changes == ()


def test_a_cap_is_kept_on_the_day_somebody_is_released() -> None:
    later = person("P2", status=Status.CUSTODY, release_date=day(5), arms_applicable=False)
    answer = kept(plan([person("P1"), later], (officer("S1", cap=1), officer("S2"))))
    assert len(answer.outcome.changes) == 1


def test_caps_below_the_caseload_are_broken_as_little_as_can_be() -> None:
    answer = plan([person("P1"), person("P2")], (officer("S1", cap=1), officer("S2", cap=0)))
    assert answer.broken == {3: (18, 18)}


@pytest.mark.parametrize(
    ("share", "broken"), [(0.5, {}), (1, {}), (0.49, {4: (1, 1)}), (0, {4: (1, 1)})]
)
def test_a_cap_is_worth_a_change_above_the_number_allowed(
    share: float, broken: dict[int, tuple[int, int]]
) -> None:
    staff = (officer("S1", cap=1), officer("S2"))
    answer = plan([person("P1"), person("P2")], staff, policy=policy(moves__share=share))
    assert answer.broken == broken
    assert sum(c.counts for c in answer.outcome.changes) == 1


@pytest.mark.parametrize(("share", "moved"), [(0, 0), (0.49, 0), (0.5, 1), (0.99, 1), (1, 2)])
def test_no_more_cases_move_for_hours_than_the_share_allows(share: float, moved: int) -> None:
    staff = (idle("S1"), officer("S2"))
    answer = kept(plan([visited("P1"), visited("P2")], staff, policy=policy(moves__share=share)))
    assert sum(c.counts for c in answer.outcome.changes) == moved
    assert lacking(answer, Duty.VISIT) == 2 - moved


def test_the_share_of_changes_is_one_budget_for_all_teams() -> None:
    staff = (idle("S1"), officer("S2"), idle("T1", team="South"), officer("T2", team="South"))
    people = [
        visited("P1"),
        visited("P2", team="South", som="T1", level=RiskLevel.VERY_HIGH),
        person("P3"),
        person("P4"),
    ]
    answer = kept(plan(people, staff, policy=policy(moves__share=0.25)))
    assert (stints(answer, "P1"), stints(answer, "P2")) == ([(1, "S1")], [(1, "T2")])


def test_a_change_from_a_leaver_or_from_nobody_counts_nothing() -> None:
    staff = (officer("S1", end=HORIZON.end(17), hours_per_month=0.0), officer("S2"))
    people = [visited("P1"), visited("P2", som=None)]
    answer = kept(plan(people, staff, policy=policy(moves__share=0)))
    assert (stints(answer, "P1"), stints(answer, "P2")) == ([(1, "S2")], [(1, "S2")])


@pytest.mark.parametrize(("last_day", "month"), [(30, 6), (29, 5)])
def test_a_leavers_case_moves_when_its_som_is_gone(last_day: int, month: int) -> None:
    """June 2026 is month 5; its last working day is the 30th."""
    staff = (officer("S1", end=date(2026, 6, last_day)), officer("S2", hours_per_month=0.0))
    answer = kept(plan([visited(interval=1, last_visit=day(0))], staff))
    assert stints(answer) == [(1, "S1"), (month, "S2")]


@pytest.mark.parametrize(("first_day", "month"), [(1, 4), (29, 4), (30, 5)])
def test_a_joiner_takes_over_only_in_the_month_of_joining(first_day: int, month: int) -> None:
    """May 2026 is month 4; its last working day is the 29th. S1 has hours in month 1 alone."""
    staff = (officer("S1"), officer("S2", start=date(2026, 5, first_day)))
    people = [visited(due=6, interval=6)]
    answer = kept(plan(people, staff, absences=away("S1", 1)))
    assert stints(answer) == [(1, "S1"), (month, "S2")]


def test_nobody_takes_over_for_hours_in_a_later_month() -> None:
    """S1 has hours in months 1 to 3, S2 from month 4 on: one of them holds throughout."""
    absences = (*away("S1", 1, 2, 3), *away("S2", *range(4, 19)))
    answer = kept(plan([visited(interval=1, last_visit=day(0))], absences=absences))
    assert stints(answer) == [(1, "S2")]
