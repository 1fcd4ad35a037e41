"""Changes: each reason by itself, and how much of the plan before stays."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from planner.domain.decision import EditField
from planner.domain.plan import Holding, Plan, PlannedArms, PlannedVisit
from planner.domain.policy import SETTINGS
from planner.domain.terms import Duty, Management, RiskLevel, VisitType
from planner.roll.meant import missed
from planner.roll.words import changed_line, price_line, with_rolled
from planner.tables.run import COST_PARTS
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation
from tests.build import nasty_register, offender, officer, situation
from tests.roll_build import (
    VISIT,
    Issue,
    Month,
    issue,
    kept_up,
    next_month,
    said,
)
from tests.world import after

if TYPE_CHECKING:
    from planner.domain.register import Offender, Register
    from planner.roll.changes import ChangeRow

FEB = date(2026, 2, 1)
AS_AT = date(2026, 2, 28)
STAFF = (officer("S1"), officer("S2"), officer("S3", arms_trained_from=None))
HIGH: dict[str, Any] = {
    "level": RiskLevel.HIGH,
    "last_visit": date(2025, 12, 10),
    "arms_due": date(2028, 1, 1),
}
"""A visit in March, then every three months; no ARMS."""

Duties = dict[str, dict[int, VisitType | str]]
"""Visits by reference and month, with their type; an ARMS as whom it is done by."""

U, A = VisitType.UNANNOUNCED, VisitType.ANNOUNCED


def made(reg: Register, duties: Duties, soms: dict[str, list[Holding]] | None = None) -> Plan:
    """A plan of these duties only, each with today's SOM unless others hold the case."""
    found = Situation(reg)
    holdings = {
        o.ref: tuple((soms or {}).get(o.ref, [Holding(1, o.som or "S1")])) for o in reg.offenders
    }
    plan = Plan(found.horizon, holdings, (), (), {})
    visits, arms = [], []
    for ref, months in duties.items():
        for month, what in months.items():
            som = plan.som(ref, month) or "S1"
            if isinstance(what, VisitType):
                visits.append(PlannedVisit(month, ref, som, what, 2))
            else:
                arms.append(PlannedArms(month, ref, som, what))
    return replace(plan, visits=tuple(sorted(visits)), arms=tuple(sorted(arms)))


def register(*people: Offender, **policy: float) -> Register:
    return situation(people or [offender(**HIGH)], STAFF, policy).register


QUARTERLY: Duties = {"P1": {2: U, 5: U, 8: U, 11: U, 14: U, 17: U}}


def first(reg: Register | None = None, duties: Duties | None = None, **soms: Any) -> Issue:
    reg = reg or register()
    return issue(reg, made(reg, duties or QUARTERLY, soms))


def rolled(
    before: Issue,
    duties: Duties,
    *told: Any,
    reg: Register | None = None,
    soms: dict[str, list[Holding]] | None = None,
    months: int = 1,
) -> Month:
    reg = reg or kept_up(before.situation.register, before.situation.horizon.end(months))
    return next_month(before.earlier(*told), reg, plan=made(reg, duties, soms))


def rows(month: Month) -> list[tuple[str | None, str, str, str | None, str | None, str]]:
    return [(r.ref, r.what, r.change, r.before, r.after, r.reason) for r in month.rolled.changes]


def only(month: Month) -> ChangeRow:
    (row,) = [r for r in month.rolled.changes if r.ref is not None]
    return row


LATER: Duties = {"P1": {1: U, 4: U, 7: U, 10: U, 13: U, 16: U}}
"""The same, by the numbers of a month later."""


def moved(to: int = 2) -> Duties:
    return {"P1": {to: U, 4: U, 7: U, 10: U, 13: U, 16: U}}


def test_the_same_duties_a_month_on_are_no_change() -> None:
    month = rolled(first(), LATER)
    assert rows(month) == []
    counts = month.rolled.counts
    assert (counts.months, counts.duties, counts.changed, counts.share) == (17, 6, 0, 0.0)
    assert month.rolled.stability == 0


def test_months_beyond_the_plan_before_are_told_together() -> None:
    month = rolled(first(), {"P1": {**LATER["P1"], 18: U}})
    assert rows(month) == [(None, "Duties", "New", None, "1 in Aug 2027", "Rolled on")]
    assert month.rolled.counts.rolled_on == 1
    assert month.rolled.counts.changed == 0


def test_a_better_plan() -> None:
    late = first(duties={"P1": {4: U, 7: U, 10: U, 13: U, 16: U}})
    month = rolled(late, LATER, reg=kept_up(late.situation.register, AS_AT))
    first_row = next(r for r in month.rolled.changes if r.ref)
    assert (first_row.change, first_row.before, first_row.after) == (
        "Month",
        "May 2026",
        "Mar 2026",
    )
    assert first_row.reason == "Better plan"
    assert first_row.detail.endswith("leaving its months weighs 25.")
    assert month.rolled.missed == 5
    assert month.rolled.stability == 25
    plain = rolled(first(), moved())
    assert only(plain).reason == "Better plan"
    assert only(plain).detail.startswith("No gain of its own")


def test_hours_that_fell() -> None:
    before = first()
    reg = kept_up(before.situation.register, AS_AT)
    away = replace(STAFF[0], hours_per_month=40.0)
    fewer = replace(reg, officers=(away, *STAFF[1:]))
    row = only(rolled(before, moved(), reg=fewer))
    assert row.reason == "Fewer hours"
    assert row.detail.startswith("S1 has 40.0 hours in Mar 2026, ")
    team = replace(reg, officers=(STAFF[0], replace(STAFF[1], hours_per_month=40.0), STAFF[2]))
    assert only(rolled(before, moved(), reg=team)).detail.startswith("Team North has ")


def test_room_for_other_duties() -> None:
    people = [offender(f"P{n}", **HIGH) for n in range(1, 6)]
    tight = tuple(replace(s, hours_per_month=7.0) for s in STAFF)
    reg = situation(people, tight).register
    before = issue(reg, made(reg, {"P1": {2: U, 5: U}}))
    now = kept_up(reg, AS_AT)
    month = rolled(before, {"P1": {2: U, 4: U}, "P2": {1: U}, "P3": {1: U}}, reg=now)
    row = next(r for r in month.rolled.changes if r.ref == "P1")
    assert (row.reason, row.detail) == (
        "Room for other duties",
        "S1 has no hours left in Mar 2026.",
    )


def test_a_duty_not_done_in_its_month() -> None:
    before = first(duties={"P1": {1: U, 4: U, 7: U, 10: U, 13: U, 16: U}})
    month = rolled(before, LATER)
    found = rows(month)
    assert found[0] == ("P1", "Visit", "Not done", "Feb 2026", "Mar 2026", "Not done in its month")
    assert {r[5] for r in found} == {"Not done in its month"}
    assert month.rolled.counts.slipped == 1
    assert month.rolled.counts.moved == 5  # May to June, and so on
    assert "1 not done in their month" in changed_line(month.rolled)


def test_a_duty_done_ahead_of_its_month() -> None:
    before = first()
    reg = kept_up(before.situation.register, AS_AT, P1={"last_visit": date(2026, 2, 20)})
    month = rolled(before, {"P1": {3: U, 6: U, 9: U, 12: U, 15: U, 18: U}}, reg=reg)
    found = [row for row in rows(month) if row[0]]
    assert found[0] == ("P1", "Visit", "Gone", "Mar 2026", None, "Done")
    assert {r[5] for r in found if r[0]} == {"Done"}
    (detail,) = {r.detail for r in month.rolled.changes if r.ref}
    assert detail == "Done on 20/02/2026, not in its month."


def test_a_duty_done_in_its_month_changes_nothing() -> None:
    before = first(duties={"P1": {1: U, 4: U, 7: U, 10: U, 13: U, 16: U}})
    reg = kept_up(before.situation.register, AS_AT, P1={"last_visit": date(2026, 2, 20)})
    month = rolled(before, {"P1": {3: U, 6: U, 9: U, 12: U, 15: U, 18: U}}, reg=reg)
    assert rows(month) == [(None, "Duties", "New", None, "1 in Aug 2027", "Rolled on")]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"level": RiskLevel.VERY_HIGH}, "Risk level: High before, Very high now"),
        ({"last_visit": date(2025, 12, 28), "team": "North"}, "Last Visit: 10/12/2025 before"),
        (
            {"visit_interval": 5, "interval_reason": "RMP"},
            "Due in Mar 2026 before, in May 2026 now",
        ),
        ({"last_visit": date(2025, 9, 10)}, "Last Visit: 10/12/2025 before, 10/09/2025 now"),
    ],
)
def test_the_register_changed(change: dict[str, Any], told: str) -> None:
    before = first()
    reg = kept_up(before.situation.register, AS_AT, P1=change)
    month = rolled(before, moved(3), reg=reg)
    visit = next(r for r in month.rolled.changes if r.what == "Visit")
    assert visit.reason == "Register changed"
    assert told in visit.detail
    if "level" in change:
        assert ("P1", "Risk level", "Register", "High", "Very high", "Register changed") in rows(
            month
        )


def test_a_reactive_case_has_no_visits_now() -> None:
    before = first()
    reg = kept_up(before.situation.register, AS_AT, P1={"management": Management.REACTIVE})
    month = rolled(before, {}, reg=reg)
    gone = [r for r in month.rolled.changes if r.change == "Gone"]
    assert len(gone) == 6
    assert {r.reason for r in gone} == {"Register changed"}
    assert month.rolled.counts.share == 1.0
    assert month.rolled.missed == 0  # nothing is owed any more, so nothing is broken


def test_new_people_and_people_gone() -> None:
    before = first(register(offender(**HIGH), offender("P2", **HIGH)), {**QUARTERLY, "P2": {3: U}})
    reg = kept_up(before.situation.register, AS_AT)
    new = offender("P9", **{**HIGH, "registered_from": date(2026, 2, 3)})
    month = rolled(
        before,
        {**LATER, "P9": {1: U}},
        reg=replace(reg, offenders=(reg.offenders[0], new)),
    )
    assert rows(month) == [
        ("P2", "Person", "Gone", "S1", None, "No longer on the register"),
        ("P2", "Visit", "Gone", "Apr 2026", None, "No longer on the register"),
        ("P9", "Person", "New", None, "High", "New registration"),
        ("P9", "Visit", "New", None, "Mar 2026", "New registration"),
    ]
    assert "Registered from 03/02/2026." in {r.detail for r in month.rolled.changes}


def test_an_accepted_decision() -> None:
    before = first()
    told = said("P1", VISIT, date(2026, 3, 1), EditField.LOCK_MONTH, date(2026, 4, 1), "DS Ash")
    row = only(rolled(before, moved(), told))
    assert (row.reason, row.detail) == ("Accepted decision", "DS Ash: locked to Apr 2026.")
    told = said("P1", VISIT, date(2026, 3, 1), EditField.NOT_POSSIBLE, "in court", "DS Ash")
    row = only(rolled(before, moved(), told))
    assert row.reason == "Accepted decision"
    assert row.detail == "DS Ash: not possible in Mar 2026 (in court)."


def test_visit_types() -> None:
    before = first(duties={"P1": {2: A, 5: U, 8: U, 11: U, 14: U, 17: U}})
    same = rolled(before, LATER)
    assert rows(same) == []  # types are kept from the plan before
    told = said("P1", VISIT, date(2026, 3, 1), EditField.VISIT_TYPE, "Unannounced", "DS Ash")
    row = only(rolled(before, LATER, told))
    assert (row.change, row.before, row.after) == (
        "Visit type",
        "Announced, Mar 2026",
        "Unannounced, Mar 2026",
    )
    assert (row.reason, row.detail) == ("Accepted decision", "DS Ash: Unannounced.")
    assert rolled(before, LATER, told).rolled.counts.changed == 1
    reg = kept_up(before.situation.register, AS_AT, P1={"last_visit_type": A})
    row = only(rolled(before, LATER, reg=reg))
    assert row.detail == "Never two announced in a row; the least share of unannounced visits."


def test_cases_that_change_hands() -> None:
    before = first()
    to_s2 = {"P1": [Holding(1, "S2")]}
    month = rolled(before, LATER, soms=to_s2)
    row = only(month)
    assert (row.what, row.change, row.before, row.after) == ("Case", "SOM", "S1", "S2")
    assert row.reason == "Better plan"
    assert row.detail == "From Mar 2026. Risk mix. 6 planned duties go along."
    assert month.rolled.counts.other_officer == month.rolled.counts.changed == 6
    assert month.rolled.counts.share == 1.0
    assert (month.rolled.missed, month.rolled.handed_over) == (0, 6)
    assert month.rolled.stability == 30  # 5 for each duty that another officer is to do
    assert month.rolled.counts.cases_moved == 1
    told = said("P1", VISIT, FEB.replace(month=3), EditField.SOM, "S2", "DS Ash")
    assert only(rolled(before, LATER, told, soms=to_s2)).reason == "Accepted decision"
    reg = kept_up(before.situation.register, AS_AT, P1={"som": "S2"})
    row = only(rolled(before, LATER, reg=reg))
    assert row.reason == "Register changed"
    assert "SOM: S1 before, S2 now." in row.detail


def test_the_next_officer_of_a_case_whose_som_leaves() -> None:
    staff = (replace(STAFF[0], end=date(2026, 6, 10)), *STAFF[1:])
    reg = replace(register(), officers=staff)
    plan = made(reg, QUARTERLY, {"P1": [Holding(1, "S1"), Holding(5, "S2")]})
    other = {"P1": [Holding(1, "S1"), Holding(4, "S3")]}
    row = only(rolled(issue(reg, plan), LATER, soms=other))
    assert (row.before, row.after, row.reason) == ("S2", "S3", "Better plan")
    assert row.detail.startswith("From Jun 2026. S1 leaves, and S3 takes the case instead.")
    unaware = first()
    now = replace(kept_up(unaware.situation.register, AS_AT), officers=staff)
    row = only(rolled(unaware, LATER, reg=now, soms={"P1": [Holding(1, "S3")]}))
    assert (row.reason, row.detail[:24]) == ("Officer left", "From Mar 2026. S1 leaves")


def test_a_register_that_follows_the_plan_is_no_change_of_it() -> None:
    before = first(register(offender(**HIGH, som=None)), P1=[Holding(1, "S1"), Holding(4, "S2")])
    now = kept_up(before.situation.register, AS_AT, P1={"som": "S1"})
    row = only(rolled(before, LATER, reg=now))
    assert (row.reason, row.detail[:39]) == (
        "Better plan",
        "From May 2026. It can stay with S1 for ",
    )


@pytest.mark.parametrize("how", ["end", "gone"])
def test_an_officer_who_left(how: str) -> None:
    before = first()
    reg = kept_up(before.situation.register, AS_AT)
    left = (replace(STAFF[0], end=date(2026, 2, 20)),) if how == "end" else ()
    staff = (*left, *STAFF[1:])
    row = only(
        rolled(before, LATER, reg=replace(reg, officers=staff), soms={"P1": [Holding(1, "S2")]})
    )
    assert row.reason == "Officer left"
    assert ("last day 20/02/2026" if how == "end" else "not in Staff") in row.detail


def test_a_move_that_was_not_made() -> None:
    before = first(P1=[Holding(1, "S2")])
    row = only(rolled(before, LATER))
    assert (row.before, row.after, row.reason) == ("S2", "S1", "Move not made")
    ahead = first(P1=[Holding(1, "S1"), Holding(4, "S2")])
    row = only(rolled(ahead, LATER))
    assert (row.before, row.after, row.reason) == ("S2", "S1", "Better plan")
    assert row.detail.startswith("From Apr 2026".replace("Apr", "May"))


def test_an_arms_by_somebody_else() -> None:
    person = offender(som="S3", last_arms=date(2025, 3, 1), last_visit=date(2026, 1, 1))
    reg = register(person)
    before = first(reg, {"P1": {3: "S1"}})
    now = kept_up(reg, AS_AT)
    row = only(rolled(before, {"P1": {2: "S2"}}, reg=now))
    assert (row.what, row.change, row.before, row.after) == (
        "ARMS",
        "Done by",
        "S1, Apr 2026",
        "S2, Apr 2026",
    )
    assert row.reason == "Better plan"
    left = replace(now, officers=(replace(STAFF[0], end=date(2026, 3, 3)), *STAFF[1:]))
    assert only(rolled(before, {"P1": {2: "S2"}}, reg=left)).reason == "Officer left"
    lapsed = replace(now, officers=(replace(STAFF[0], arms_trained_from=None), *STAFF[1:]))
    assert only(rolled(before, {"P1": {2: "S2"}}, reg=lapsed)).reason == "Register changed"


def test_settings_that_changed_are_told() -> None:
    before = first()
    reg = kept_up(before.situation.register, AS_AT)
    other = reg.with_policy(reg.policy.but({"arms.hours": 6}))
    assert (None, "arms.hours", "Policy", "5", "6", "Register changed") in rows(
        rolled(before, LATER, reg=other)
    )


@pytest.mark.parametrize(("months", "covered"), [(3, 15), (17, 1), (18, 0), (30, 0)])
def test_after_a_pause_only_the_months_of_both_are_compared(months: int, covered: int) -> None:
    before = first(duties={"P1": {18: U}})
    month = rolled(before, {"P1": {max(1, 18 - months): U}}, months=months)
    counts = month.rolled.counts
    assert counts.months == covered
    assert counts.duties == (1 if covered else 0)
    assert counts.changed == 0
    assert ("covers none of these months" in changed_line(month.rolled)) is (covered == 0)


def test_planned_anew_for_the_same_month() -> None:
    before = first()
    reg = before.situation.register
    assert rows(rolled(before, QUARTERLY, reg=reg)) == []
    month = rolled(before, {"P1": {**QUARTERLY["P1"], 2: A}}, reg=reg)
    assert month.rolled.counts.months == 18
    assert rows(month) == []


def test_the_price_is_a_policy_setting_beside_the_cost() -> None:
    setting = SETTINGS["cost.stability"]
    assert (setting.default, setting.assumption) == (5, True)
    before = first(register(**{"cost.stability": 7.5}))
    month = rolled(before, moved())
    assert month.rolled.stability == 7.5
    outcome = Outcome(month.situation, month.plan)
    assert set(outcome.cost) == set(COST_PARTS)
    items = {item.item: item.value for item in with_rolled(month.written.run, month.rolled)}
    assert items["Previous run"] == before.run.run_id
    text = price_line(month.rolled, 100.0, 90.0)
    assert "at most 10.0 points" in text
    assert "1 duty left the month given before, at 7.5 points each: 8, beside the cost." in text


def test_previous_holds_what_may_still_be_done_then() -> None:
    person = offender(
        level=RiskLevel.VERY_HIGH, last_visit=date(2026, 1, 10), arms_applicable=False
    )
    reg = register(person)
    months: Duties = {"P1": dict.fromkeys(range(1, 19), U)}
    before = first(reg, months)
    meant = rolled(before, {}).made.before
    assert meant.of("P1", Duty.VISIT) == tuple(range(1, 18))
    assert meant.cost == 5
    assert meant.done_by == {("P1", Duty.VISIT, m): "S1" for m in range(1, 18)}
    slower = kept_up(reg, AS_AT, P1={"level": RiskLevel.HIGH, "last_visit": date(2026, 2, 20)})
    kept = rolled(before, {}, reg=slower).made.before.of("P1", Duty.VISIT)
    assert kept[0] >= 2
    assert all(b - a >= 2 for a, b in itertools.pairwise(kept))
    told = said("P1", VISIT, date(2026, 4, 1), EditField.NOT_POSSIBLE, "away")
    assert 2 not in rolled(before, {}, told).made.before.of("P1", Duty.VISIT)
    left = kept_up(reg, AS_AT, P1={"registered_until": date(2026, 5, 5)})
    assert rolled(before, {}, reg=left).made.before.of("P1", Duty.VISIT) == (1, 2, 3)


@pytest.mark.parametrize("seed", range(60))
def test_an_untouched_world_rolled_on_changes_only_what_must(seed: int) -> None:
    """Month 1 done as planned, nothing else: the plan before, moved on a month, still stands.

    Drawn registers planned by hand. What is compared is that plan itself by the new months'
    numbers: it must be told as no change at all, keep the rules as before and miss nothing.
    """
    reg = nasty_register(Random(seed))
    before = issue(reg)
    now = after(reg, before.plan)
    shifted = shift(before.plan, now)
    month = next_month(before.earlier(), now, plan=shifted)
    told = [r for r in month.rolled.changes if r.change != "Visit type"]
    assert told == []
    assert month.rolled.counts.moved == month.rolled.counts.gone == 0
    assert month.rolled.missed == missed(month.made.before, shifted) == 0
    assert month.rolled.counts.slipped == 0


def shift(plan: Plan, now: Register) -> Plan:
    """The same plan by the numbers of a month later; what was done in month 1 is left out."""
    horizon = Situation(now).horizon
    return Plan(
        horizon,
        {
            ref: tuple(
                Holding(max(1, h.month - 1), h.som)
                for n, h in enumerate(held)
                if n + 1 == len(held) or held[n + 1].month > 2
            )
            for ref, held in plan.holdings.items()
        },
        tuple(replace(v, month=v.month - 1) for v in plan.visits if v.month > 1),
        tuple(replace(a, month=a.month - 1) for a in plan.arms if a.month > 1),
        {(s, m - 1): hours for (s, m), hours in plan.second_hours.items() if m > 1},
    )
