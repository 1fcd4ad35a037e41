"""Rules 5 to 9 bite in the model, on both sides of their boundary: a small register for each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from planner.domain.terms import Duty, Management, Status, VisitType
from tests.test_optimise_rules import (
    HORIZON,
    LEAD,
    MINUTE,
    SECOND,
    arms,
    assessed,
    away,
    day,
    idle,
    kept,
    lacking,
    plan,
    policy,
    stints,
    visited,
    visits,
)
from tests.verify_build import officer

# --- rule 5: hours ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "overtime", "made"),
    [
        (LEAD, 0, True),
        (LEAD - MINUTE, 0, False),
        (LEAD / 1.25, 0.25, True),
        (LEAD / 1.25 - MINUTE, 0.25, False),
    ],
)
def test_hours_exactly_enough_are_enough(hours: float, overtime: float, made: bool) -> None:
    staff = [officer("S1", hours_per_month=hours)]
    answer = kept(plan([visited()], staff, policy=policy(hours__overtime=overtime)))
    assert visits(answer) == ([1] if made else [])
    assert lacking(answer, Duty.VISIT) == (not made)


@pytest.mark.parametrize(("hours", "months"), [(2 * LEAD, [1, 1]), (2 * LEAD - MINUTE, [1, 2])])
def test_duties_of_one_officer_share_the_hours(hours: float, months: list[int]) -> None:
    people = [visited("P1"), visited("P2")]
    answer = kept(plan(people, [officer("S1", hours_per_month=hours)]))
    assert sorted(v.month for v in answer.plan.visits) == months


# --- rule 6: ARMS -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trained", "by_colleague", "doers"),
    [
        ((True, True), False, set()),
        ((True, True), True, {"S2"}),
        ((False, True), False, {"S2"}),
        ((False, False), True, set()),
    ],
)
def test_who_does_the_arms_of_a_som_without_hours(
    trained: tuple[bool, bool], by_colleague: bool, doers: set[str]
) -> None:
    since = [date(2020, 1, 1) if t else None for t in trained]
    staff = (idle("S1", arms_trained_from=since[0]), officer("S2", arms_trained_from=since[1]))
    answer = plan([assessed(keep=True)], staff, policy=policy(arms__by_colleague=by_colleague))
    assert {who for _, who in arms(kept(answer))} == doers


@pytest.mark.parametrize(("since", "month"), [(day(4), 4), (day(4, 2), 5)])
def test_nobody_does_an_arms_before_the_training(since: date, month: int) -> None:
    answer = kept(plan([assessed()], [officer("S1", arms_trained_from=since)]))
    assert arms(answer) == [(month, "S1"), *arms(answer)[1:]]


@pytest.mark.parametrize(("each", "months"), [(1, [1, 2]), (2, [1, 1]), (0, [])])
def test_no_officer_does_more_arms_than_allowed(each: int, months: list[int]) -> None:
    limited = policy(arms__per_month=each, arms__review_months=24)
    answer = kept(plan([assessed("P1"), assessed("P2")], [officer("S1")], policy=limited))
    assert [a.month for a in answer.plan.arms] == months


# --- rule 7: announced --------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0, 0.5, 0.75, 1])
@pytest.mark.parametrize("last", [None, *VisitType])
def test_never_two_announced_in_a_row_and_enough_unannounced(
    share: float, last: VisitType | None
) -> None:
    person_seen = visited(interval=1, last_visit=day(0), last_visit_type=last)
    answer = kept(plan([person_seen], policy=policy(visit__unannounced__high=share)))
    types = [v.visit_type for v in answer.plan.visits]
    announced = types.count(VisitType.ANNOUNCED)
    assert len(types) == 18
    assert announced <= (1 - share) * 18
    assert share == 1 or announced > 0


# --- rule 8: when -------------------------------------------------------------------------------


EARLY = [(1, 0), (2, 1), (3, 1), (4, 2), (5, 2), (24, 2)]


@pytest.mark.parametrize(("interval", "early"), EARLY)
def test_a_visit_is_made_as_early_as_allowed(interval: int, early: int) -> None:
    """S1 has hours in that one month."""
    soon = visited(due=6, interval=interval)
    answer = kept(plan([soon], [officer("S1")], absences=away("S1", 6 - early)))
    assert visits(answer) == [6 - early]


@pytest.mark.parametrize(("interval", "early"), EARLY)
def test_a_visit_is_made_no_earlier(interval: int, early: int) -> None:
    soon = visited(due=6, interval=interval)
    answer = kept(plan([soon], [officer("S1")], absences=away("S1", 5 - early)))
    assert visits(answer) == []


@pytest.mark.parametrize(("month", "done"), [(4, True), (3, False)])
def test_an_arms_is_done_two_months_early_at_most(month: int, done: bool) -> None:
    answer = kept(plan([assessed(due=6)], [officer("S1")], absences=away("S1", month)))
    assert arms(answer) == ([(month, "S1")] if done else [])


@pytest.mark.parametrize(("month", "made"), [(4, True), (5, False)])
def test_nothing_is_planned_after_a_registration_ends(month: int, made: bool) -> None:
    ends = visited(registered_until=day(4, 10))
    answer = kept(plan([ends], [officer("S1")], absences=away("S1", month)))
    assert visits(answer) == []  # month 4: already gone at the end of it, no gain in a visit
    whole = visited(registered_until=HORIZON.end(4))
    answer = kept(plan([whole], [officer("S1")], absences=away("S1", month)))
    assert visits(answer) == ([4] if made else [])


@pytest.mark.parametrize(("month", "made"), [(4, True), (3, False)])
def test_nothing_is_planned_before_a_release(month: int, made: bool) -> None:
    released = visited(status=Status.CUSTODY, release_date=day(4, 20))
    answer = kept(plan([released], [officer("S1")], absences=away("S1", month)))
    assert visits(answer) == ([month] if made else [])


@pytest.mark.parametrize(
    "columns",
    [
        {"status": Status.MISSING},
        {"status": Status.CUSTODY},
        {"management": Management.REACTIVE},
        {"registered_from": day(19)},
        {"registered_until": day(0)},
    ],
)
def test_nothing_is_planned_for_somebody_who_is_not_to_be_seen(columns: dict[str, Any]) -> None:
    answer = kept(plan([visited(arms_due=day(1), **columns)], [officer("S1")]))
    assert (answer.plan.visits, answer.plan.arms, answer.cost) == ((), (), 0.0)
    assert stints(answer) == [(1, "S1")]


def test_arms_that_do_not_apply_are_not_planned() -> None:
    answer = kept(plan([assessed(arms_applicable=False)]))
    assert answer.plan.arms == ()


# --- rule 9: crews ------------------------------------------------------------------------------

TWO = policy(visit__crew=2)


def test_nobody_to_second_no_visit() -> None:
    answer = kept(plan([visited()], [officer("S1")], policy=TWO))
    assert (visits(answer), lacking(answer, Duty.VISIT)) == ([], 1)


def test_a_person_who_needs_one_officer_is_visited_by_one() -> None:
    assert visits(kept(plan([visited(crew=1)], [officer("S1")], policy=TWO))) == [1]


@pytest.mark.parametrize("team", ["North", "South"])
def test_the_team_seconds_and_other_teams_where_it_has_nobody(team: str) -> None:
    staff = [officer("S1"), officer("S2", team=team)]
    answer = kept(plan([visited(keep=True)], staff, policy=TWO))
    assert [(v.month, v.second) for v in answer.plan.visits] == [(1, "S2")]


def test_no_other_team_seconds_where_a_colleague_without_hours_is_in_post() -> None:
    staff = [officer("S1"), idle("S2"), officer("T1", team="South")]
    answer = kept(plan([visited(keep=True)], staff, policy=TWO))
    assert visits(answer) == []


@pytest.mark.parametrize(("hours", "made"), [(SECOND, True), (SECOND - MINUTE, False)])
def test_a_second_officers_hours_exactly_enough_are_enough(hours: float, made: bool) -> None:
    staff = [officer("S1"), officer("S2", hours_per_month=hours)]
    answer = kept(plan([visited(keep=True)], staff, policy=TWO))
    assert visits(answer) == ([1] if made else [])


def test_two_may_share_second_hours_but_not_in_month_1() -> None:
    staff = [officer("S1"), *(officer(f"S{n}", hours_per_month=SECOND / 2) for n in (2, 3))]
    answer = kept(plan([visited(keep=True)], staff, policy=TWO))
    assert visits(answer) == [2]


def test_a_lead_does_not_second_the_same_visit() -> None:
    """S1 has hours for both, S2 for none: together enough, but not apart."""
    staff = [officer("S1", hours_per_month=LEAD + SECOND), idle("S2")]
    assert visits(kept(plan([visited(keep=True)], staff, policy=TWO))) == []


def test_seconds_are_found_for_two_leads_who_second_each_other() -> None:
    staff = [officer(s, hours_per_month=LEAD + SECOND) for s in ("S1", "S2")]
    people = [visited("P1", keep=True), visited("P2", som="S2", keep=True)]
    answer = kept(plan(people, staff, policy=TWO))
    assert [(v.month, v.som, v.second) for v in answer.plan.visits] == [
        (1, "S1", "S2"),
        (1, "S2", "S1"),
    ]
