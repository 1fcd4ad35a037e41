"""What edits cost, against the plan worked out anew with the edit made by hand."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from planner.domain.decision import EditField
from planner.domain.plan import Holding, PlannedArms, PlannedVisit
from planner.domain.terms import Duty, RiskLevel, VisitType
from planner.explain.decisions import decisions
from planner.review.cost import Limit, Standing
from planner.review.wishes import route
from planner.review.words import cost_text
from planner.review.work import case_work
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation
from tests.build import AS_AT, offender, officer, situation
from tests.explain_build import plan_of
from tests.plan_build import plain_plan, small_register
from tests.review_build import TODAY, Desk, book, key
from tests.test_review_checks import (
    APR,
    ARMS,
    BARRED,
    DONE,
    LOCK,
    MAR,
    MOVE,
    P1_MOVE,
    RESULT,
    SOM,
    VISIT,
    desk,
)

if TYPE_CHECKING:
    from planner.domain.plan import Plan
    from planner.review.issued import Key, Stated


def remade(standing: Standing, plan: Plan) -> Plan:
    """The plan with every case held and worked as the standing has it."""
    ground = standing.ground
    holdings, visits, arms = dict(plan.holdings), [], []
    for ref in plan.holdings:
        work = case_work(ground, ref, standing.wishes, standing.roomiest)
        held, before = [], None
        for month, som in enumerate(route(ground, ref, standing.wishes), start=1):
            if som is not None and som != before:
                held.append(Holding(month, som))
                before = som
        holdings[ref] = tuple(held)
        kinds = {v.month: v.visit_type for v in ground.visits[ref]}
        kind = VisitType.UNANNOUNCED
        visits += [
            PlannedVisit(v.month, ref, v.lead, kinds.get(v.month, kind), v.crew)
            for v in work.visits
        ]
        arms += [
            PlannedArms(a.month, ref, str(work.soms[a.month - 1]), a.done_by) for a in work.arms
        ]
    return replace(plan, holdings=holdings, visits=tuple(visits), arms=tuple(arms))


def late_points(at: Desk, standing: Standing, ref: str) -> tuple[float, float, float]:
    """Exposure, protected and uncleared of a case's planned doings, by the contract's words."""
    found, policy = at.situation, at.situation.policy
    exposure = protected = uncleared = 0.0
    for duty, months in case_work(at.ground, ref, standing.wishes, standing.roomiest).months:
        for doing in months:
            instance = at.ground.outcome.instance[ref, duty, doing.planned]
            done = 99 if doing.wanted is None else doing.wanted
            for end in found.horizon.months:
                if not instance.due_month <= end < done or not found.presence[ref].at_end_of(end):
                    continue
                level = instance.chain.level
                exposure += policy.weight[level] * (1 + policy.ageing * (end - instance.due_month))
                if duty is Duty.VISIT and level >= RiskLevel.HIGH:
                    protected += policy.cost_protected[level]
                uncleared += policy.cost_uncleared * (end == found.horizon.length)
    return exposure, protected, uncleared


def drawn(at: Desk, draw: random.Random) -> tuple[Key, Stated]:
    """Something said to one row, with no regard for the rules."""
    row = at.issued.rows[draw.choice(sorted(at.issued.rows))]
    if row.kind is MOVE:
        return (row.decision_ref, SOM), draw.choice(sorted(at.situation.register.officer))
    field = draw.choice((SOM, LOCK, BARRED, DONE))
    month = at.situation.horizon.start(draw.randint(1, 5))
    values = {SOM: draw.choice(sorted(at.situation.register.officer)), BARRED: "away"}
    return (row.decision_ref, field), values.get(field, month)


@pytest.mark.parametrize("seed", range(6))
def test_points_and_hours_are_those_of_the_plan_made_anew(seed: int) -> None:
    found = Situation(small_register(seed=seed + 1))
    at = Desk(found, plain_plan(found), date(2027, 12, 31))
    draw = random.Random(seed)
    standing = Standing(at.ground, {})
    plan = decisions(found, at.issued.written).plan
    before = Outcome(found, plan)
    total = dict.fromkeys(("exposure", "protected", "uncleared"), 0.0)
    hours: dict[tuple[str, int], float] = {}
    moves = 0
    for _ in range(25):
        cost = standing.meet(*drawn(at, draw))
        for part in total:
            total[part] += getattr(cost, part)
        for place, more in cost.hours.items():
            hours[place] = hours.get(place, 0.0) + more
        moves += cost.moves
    after = Outcome(found, remade(standing, plan))
    late = [late_points(at, standing, ref) for ref in plan.holdings]
    at_first = [late_points(at, Standing(at.ground, {}), ref) for ref in plan.holdings]
    for n, points in enumerate(total.values()):
        expected = sum(p[n] for p in late) - sum(p[n] for p in at_first)
        assert points == pytest.approx(expected, abs=1e-6)
    lead = {
        place: after.lead_hours.get(place, 0.0) - before.lead_hours.get(place, 0.0)
        for place in {*after.lead_hours, *before.lead_hours}
    }
    for place, more in lead.items():
        assert standing.lead[place] - before.lead_hours.get(place, 0.0) == pytest.approx(more)
    assert moves == sum(c.counts for c in after.changes) - sum(c.counts for c in before.changes)
    for month in found.horizon.months:
        assert after.community_caseload(month) == {
            som: n for (som, m), n in standing.held.items() if m == month and n
        }


def test_second_hours_are_kept_in_sum() -> None:
    found = Situation(small_register())
    at = Desk(found, plain_plan(found), date(2027, 12, 31))
    draw, standing = random.Random(7), Standing(at.ground, {})
    for _ in range(30):
        which, value = drawn(at, draw)
        if which[1] is SOM:
            before = sum(standing.second.values())
            standing.meet(which, value)
            assert sum(standing.second.values()) == pytest.approx(before)


def test_a_visit_a_month_later_costs_a_month_of_its_weight() -> None:
    told = desk().say({key("P1", VISIT, LOCK): MAR})[key("P1", VISIT, LOCK)].cost
    assert told is not None
    # High weighs 8, and 0.05 more for each month since it fell due, in February.
    assert told.exposure == pytest.approx(8)
    assert told.protected == 2000
    assert told.hours["S2", 1] == pytest.approx(-2.75)
    assert told.hours["S2", 2] == pytest.approx(2.75)


def test_done_a_month_early_saves_what_it_was_late() -> None:
    people = [offender("P1", last_visit=date(2025, 1, 10), arms_applicable=False)]
    found = situation(people, [officer("S1"), officer("S2")])
    at = Desk(found, plan_of(found, {"P1": "S1"}, visits=[("P1", 2)]))
    told = at.say({key("P1", VISIT, DONE, MAR): TODAY})[key("P1", VISIT, DONE, MAR)].cost
    assert told is not None
    # Low weighs 1; overdue at the end of February since January 2026.
    assert told.exposure == pytest.approx(-1.05)


def test_a_failed_attempt_costs_until_the_month_after() -> None:
    at = desk()
    done, result = key("P1", VISIT, DONE), key("P1", VISIT, RESULT)
    told = at.say({done: TODAY, result: "Nobody in"})
    free, late = told[done].cost, told[result].cost
    assert free is not None
    assert free.is_nothing
    assert late is not None
    assert late.exposure == pytest.approx(8)
    assert told[result].reason.endswith("its cost here is as if in Mar 2026.")


def test_another_som_takes_the_hours_of_the_whole_plan() -> None:
    told = desk().say({P1_MOVE: "S3"})[P1_MOVE].cost
    assert told is not None
    lead = sum(hours for (s, _), hours in told.hours.items() if s == "S3")
    # Two visits led; S3 is not trained, so S2, who is to hold the case, does the ARMS all the same.
    assert lead == pytest.approx(2 * 2.75)
    assert told.moves == 0
    assert "S3 +2.8 in Feb 2026 and +2.8 in May 2026" in cost_text(told, desk().situation.horizon)


def test_refusing_a_move_takes_back_a_change_that_counts() -> None:
    which = ("P1/Move/2026-02", EditField.ACCEPT)
    told = desk().say({which: "Refuse"})[which].cost
    assert told is not None
    assert told.moves == -1


def test_who_is_now_over() -> None:
    people = [
        offender(
            f"P{n}", level=RiskLevel.HIGH, last_visit=date(2025, 11, 5), crew=1, last_arms=AS_AT
        )
        for n in (1, 2)
    ]
    staff = [officer("S1", hours_per_month=3), officer("S2", hours_per_month=3)]
    found = situation(people, staff)
    at = Desk(found, plan_of(found, {"P1": "S1", "P2": "S1"}, visits=[("P1", 1), ("P2", 2)]))
    told = at.say({key("P1", VISIT, LOCK): MAR})[key("P1", VISIT, LOCK)].cost
    assert told is not None
    (over,) = told.over
    assert (over.staff_id, over.month, over.limit) == ("S1", 2, Limit.HOURS)
    assert over.by == pytest.approx(2 * 2.75 - 3)
    assert "now over: S1 by 2.5 hours in Mar 2026" in cost_text(told, found.horizon)


def test_too_many_assessments_in_a_month_are_told() -> None:
    people = [offender(f"P{n}", last_arms=date(2025, 2, 5), last_visit=AS_AT) for n in range(11)]
    found = situation(people, policy={"arms.per_month": 10})
    arms = [(f"P{n}", 2 if n else 1) for n in range(11)]
    at = Desk(found, plan_of(found, {p.ref: "S1" for p in people}, arms=arms))
    told = at.say({key("P0", ARMS, LOCK): MAR})[key("P0", ARMS, LOCK)].cost
    assert told is not None
    assert [(o.limit, o.by) for o in told.over if o.limit is Limit.ARMS] == [(Limit.ARMS, 1)]


def test_costs_of_several_edits_add_up_to_the_total() -> None:
    at = desk()
    said = {key("P1", VISIT, LOCK): MAR, key("P1", ARMS, LOCK, MAR): APR, P1_MOVE: "S1"}
    told = at.review(book(at.issued, said))
    parts = [e.cost for _, e in told.edits() if e.cost is not None]
    assert len(parts) == 3
    assert told.total.exposure == pytest.approx(sum(c.exposure for c in parts))
    for place, hours in told.total.hours.items():
        assert hours == pytest.approx(sum(c.hours.get(place, 0.0) for c in parts))


def test_a_second_officer_who_takes_the_case_changes_places_with_the_som() -> None:
    people = [offender("P1", level=RiskLevel.HIGH, last_visit=date(2025, 11, 10))]
    found = situation(people, [officer("S1"), officer("S2"), officer("S3")])
    plan = plan_of(found, {"P1": "S1"}, visits=[("P1", 1)])
    (visit,) = plan.visits
    second = {("S2", 1): found.hours.second}
    plan = replace(plan, visits=(replace(visit, second="S2"),), second_hours=second)
    at = Desk(found, plan)
    told = at.say({key("P1", VISIT, SOM): "S2"})[key("P1", VISIT, SOM)].cost
    assert told is not None
    swapped = found.hours.lead - found.hours.second
    assert told.hours == pytest.approx({("S1", 1): -swapped, ("S2", 1): swapped})
