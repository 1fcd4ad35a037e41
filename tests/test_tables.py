"""The contract's sheets as rows: what a plan says of itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from planner.domain.plan import Holding, Plan, PlannedArms, PlannedVisit
from planner.domain.register import Lock, Offender, Officer, Register
from planner.domain.terms import Duty, LockKind, Management, RiskLevel, Status, VisitType
from planner.tables import run_items, written_plan
from planner.tables.allocation import allocation_rows
from planner.tables.backlog import backlog_rows
from planner.tables.not_planned import not_planned_rows
from planner.tables.schedule import schedule_rows
from planner.tables.workload import workload_rows
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation
from tests.plan_build import AS_AT, plain_plan, report, small_register

TRAINED = date(2020, 1, 1)


def officer(staff_id: str, **facts: object) -> Officer:
    given: dict[str, object] = {"team": "North", "arms_trained_from": TRAINED, **facts}
    return Officer(staff_id=staff_id, **given)  # type: ignore[arg-type]


def person(ref: str, **facts: object) -> Offender:
    """Low risk, in the community, held by A, nothing due for a while unless said."""
    given: dict[str, object] = {
        "status": Status.COMMUNITY,
        "level": RiskLevel.LOW,
        "team": "North",
        "som": "A",
        "last_visit": date(2027, 1, 10),
        "last_arms": date(2027, 1, 10),
        **facts,
    }
    return Offender(ref=ref, **given)  # type: ignore[arg-type]


STAFF = (officer("A"), officer("B"))


def outcome_of(
    people: list[Offender],
    holdings: dict[str, tuple[Holding, ...]],
    *,
    staff: tuple[Officer, ...] = STAFF,
    visits: tuple[PlannedVisit, ...] = (),
    arms: tuple[PlannedArms, ...] = (),
    locks: tuple[Lock, ...] = (),
) -> Outcome:
    register = Register(
        as_at=date(2027, 4, 20), offenders=tuple(people), officers=staff, locks=locks
    )
    situation = Situation(register)
    return Outcome(situation, Plan(situation.horizon, holdings, visits, arms, {}))


LEAVES = officer("L", end=date(2027, 9, 1))
LOCK = Lock(ref="1", kind=LockKind.SOM, staff_id="B")


@pytest.mark.parametrize(
    ("who", "new", "locks", "reason", "previous", "moved"),
    [
        (person("1", som=None), "A", (), "First allocation", None, "No"),
        (person("1", som="Gone"), "A", (), "First allocation", None, "No"),  # not in Staff
        (person("1", som="L"), "A", (), "Officer left", "L", "Yes"),
        (person("1", not_with=frozenset("A")), "B", (), "Not eligible", "A", "Yes"),
        (person("1"), "B", (LOCK,), "Locked", "A", "Yes"),
        (person("1", som="B"), "B", (LOCK,), "Locked", "B", "No"),
        (person("1", keep=True), "A", (), "Kept", "A", "No"),
        (person("1"), "A", (), "Unchanged", "A", "No"),
        (person("1"), "B", (), "Workload", "A", "Yes"),
        (person("1", level=RiskLevel.HIGH), "B", (), "Risk mix", "A", "Yes"),
        # a lock for somebody else is not honoured, so it explains nothing
        (person("1"), "A", (LOCK,), "Unchanged", "A", "No"),
    ],
)
def test_allocation_gives_the_first_reason_that_applies(
    who: Offender, new: str, locks: tuple[Lock, ...], reason: str, previous: str | None, moved: str
) -> None:
    outcome = outcome_of([who], {"1": (Holding(1, new),)}, staff=(*STAFF, LEAVES), locks=locks)
    (row,) = allocation_rows(outcome)
    assert (row.reason, row.previous_som, row.moved) == (reason, previous, moved)
    assert row.locked == ("Yes" if locks and new == "B" else "No")
    assert row.month == date(2027, 5, 1)


def test_a_case_that_changes_hands_has_a_row_for_each_period() -> None:
    outcome = outcome_of(
        [person("1", som="L")],
        {"1": (Holding(1, "L"), Holding(5, "B"))},
        staff=(*STAFF, LEAVES),
    )
    first, second = allocation_rows(outcome)
    assert (first.som, first.reason, first.month) == ("L", "Unchanged", date(2027, 5, 1))
    assert (second.som, second.previous_som, second.reason) == ("B", "L", "Officer left")
    assert second.month == date(2027, 9, 1)


def test_schedule_says_who_does_what_when_it_was_due_and_how_late() -> None:
    outcome = outcome_of(
        [person("1", level=RiskLevel.HIGH, last_visit=date(2027, 1, 31), arms_due=TRAINED)],
        {"1": (Holding(1, "A"),)},
        visits=(
            PlannedVisit(1, "1", "A", VisitType.UNANNOUNCED, 2, "B"),
            PlannedVisit(5, "1", "A", VisitType.ANNOUNCED, 2),
        ),
        arms=(PlannedArms(2, "1", "A", "B"),),
    )
    visit, arms, later = schedule_rows(outcome)
    assert (visit.due, visit.months_late) == (date(2027, 4, 30), 1)  # 31 January and three months
    assert (visit.done_by, visit.second, visit.crew) == ("A", "B", 2)
    assert visit.lead_hours == pytest.approx(2.75)
    assert visit.second_hours == pytest.approx(1.65)
    assert (arms.duty, arms.done_by, arms.visit_type, arms.crew) == ("ARMS", "B", None, None)
    assert (arms.lead_hours, arms.second_hours) == (5, 0)
    assert arms.months_late == 7 * 12 + 5
    assert (later.due, later.months_late) == (date(2027, 8, 1), 1)  # a repeat: the month's first
    assert later.second is None


def test_schedule_is_sorted_by_month_officer_level_and_reference() -> None:
    outcome = report().outcome
    level = {o.ref: -o.level for o in outcome.situation.register.offenders}
    rows = schedule_rows(outcome)
    keys = [(r.month, r.som, level[r.ref], r.ref) for r in rows]
    assert keys == sorted(keys)
    assert len(rows) == len(outcome.plan.visits) + len(outcome.plan.arms)


def test_workload_has_every_officer_in_every_month_and_adds_up() -> None:
    outcome = report().outcome
    rows = workload_rows(outcome)
    assert len(rows) == 18 * len(outcome.situation.register.officers)
    for row in rows:
        assert row.planned_hours == pytest.approx(row.lead_hours + row.second_hours)
        if row.capacity_hours == 0:
            assert row.utilisation == 0
        else:
            assert row.utilisation == pytest.approx(row.planned_hours / row.capacity_hours)
    first = [row for row in rows if row.month == date(2027, 5, 1)]
    assert sum(row.caseload for row in first) == len(outcome.plan.holdings)
    assert all(row.very_high_and_high <= row.community_caseload <= row.caseload for row in rows)


def test_backlog_opens_with_four_rows_then_four_a_month() -> None:
    rows = backlog_rows(report().outcome)
    assert len(rows) == 4 + 4 * 18
    assert all(r.month is None and r.arms_due is None and r.visits_done is None for r in rows[:4])
    assert [r.level for r in rows[:4]] == ["Very high", "High", "Medium", "Low"]
    assert [r.level for r in rows[4:8]] == ["Very high", "High", "Medium", "Low"]
    assert {r.month for r in rows[4:8]} == {date(2027, 5, 1)}


def test_backlog_counts_flow() -> None:
    """Nobody comes or goes here: overdue = overdue before + due - done on time or late."""
    register = small_register()
    there = tuple(
        replace(o, status=Status.COMMUNITY, release_date=None, registered_until=None)
        for o in register.offenders
    )
    situation = Situation(replace(register, offenders=there))
    outcome = Outcome(situation, plain_plan(situation))  # it never does a duty early
    rows = [r for r in backlog_rows(outcome) if r.level == "Low"][1:]
    for before, now in pairwise(rows):
        assert now.arms_due is not None
        assert now.arms_done is not None
        assert now.arms_overdue == before.arms_overdue + now.arms_due - now.arms_done


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        (person("1", management=Management.REACTIVE), "Reactive management"),
        (person("1", status=Status.MISSING), "Missing"),
        (person("1", status=Status.CUSTODY), "Custody: no release date"),
        (
            person("1", status=Status.ABROAD, release_date=date(2029, 3, 4)),
            "Abroad: released 04/03/2029, after the plan ends",
        ),
        (person("1", registered_from=date(2030, 1, 1)), "Registered from 01/01/2030"),
        (person("1", registered_until=date(2027, 4, 25)), "Registration ends 25/04/2027"),
        (
            person(
                "1",
                status=Status.HOSPITAL,
                release_date=date(2028, 1, 1),
                registered_until=date(2027, 12, 1),
            ),
            "registration ends 01/12/2027, before",
        ),
        (
            person("1", visit_interval=36, interval_reason="RMP", arms_applicable=False),
            "next due 10/01/2030",
        ),
        (
            person("1", last_visit=date(2027, 4, 1), registered_until=date(2028, 4, 20)),
            "the person leaves before it is done. Registration ends 20/04/2028",
        ),
    ],
)
def test_everybody_with_nothing_planned_is_listed_with_the_reason(
    who: Offender, reason: str
) -> None:
    rows = not_planned_rows(outcome_of([who], {"1": (Holding(1, "A"),)}))
    (row,) = [row for row in rows if row.duty is None]
    assert reason in row.reason
    assert row.due is None


LATE = person("1", last_visit=date(2026, 1, 1), arms_due=date(2026, 6, 1))


@pytest.mark.parametrize(
    ("who", "staff", "held_by", "visit", "arms"),
    [
        (LATE, (), (), "Nobody may hold the case", "Nobody may hold the case"),
        (
            LATE,
            (officer("A", arms_trained_from=None, hours_per_month=0.0),),
            ("A",),
            "Nobody to be the second officer",
            "Nobody who may do it is trained for ARMS",
        ),
        (
            LATE,
            (officer("A", hours_per_month=1.0), officer("B")),
            ("A",),
            "Not enough hours",
            "Not enough hours",
        ),
        (LATE, STAFF, ("A",), "although hours are free", "although hours are free"),
    ],
)
def test_what_is_left_overdue_says_what_kept_it_from_being_done(
    who: Offender, staff: tuple[Officer, ...], held_by: tuple[str, ...], visit: str, arms: str
) -> None:
    holdings = {"1": tuple(Holding(1, s) for s in held_by)} if held_by else {}
    rows = not_planned_rows(outcome_of([who], holdings, staff=staff))
    found = {row.duty: row for row in rows}
    assert visit in found["Visit"].reason
    assert arms in found["ARMS"].reason
    assert found["ARMS"].due == date(2026, 6, 1)
    assert found["Visit"].due == date(2027, 1, 1)
    assert found[None].due is None  # nothing at all is planned for this person


def test_all_duties_overdue_at_the_end_and_all_people_without_a_duty_are_listed() -> None:
    outcome = report(small_register(420, 4)).outcome
    rows = not_planned_rows(outcome)
    overdue = sum(outcome.backlog(18, duty) for duty in Duty)
    assert overdue > 0
    assert len([r for r in rows if r.duty is not None]) == overdue
    planned = {v.ref for v in outcome.plan.visits} | {a.ref for a in outcome.plan.arms}
    everybody = {o.ref for o in outcome.situation.register.offenders}
    assert {r.ref for r in rows if r.duty is None} == everybody - planned


def test_run_names_the_contracts_items() -> None:
    made = report()
    items = run_items(made.outcome, made.result, {"b.csv": "22", "a.csv": "11"})
    assert [i.item for i in items[:17]] == [
        "As-at date",
        "First month",
        "Horizon",
        "Status",
        "Cost",
        "Bound",
        "Gap",
        "Cost: exposure",
        "Cost: protected",
        "Cost: uncleared",
        "Cost: moves",
        "Cost: mix",
        "Cost: spread",
        "Seed",
        "Effort",
        "Input SHA-256: a.csv",
        "Input SHA-256: b.csv",
    ]
    value = {i.item: i.value for i in items}
    assert value["As-at date"] == AS_AT
    assert value["First month"] == date(2027, 5, 1)
    assert value["Gap"] == pytest.approx(0.03)
    parts = [i.value for i in items if i.item.startswith("Cost: ")]
    assert sum(p for p in parts if isinstance(p, float)) == pytest.approx(value["Cost"])
    for name in ("planner", "Python", "ortools", "XlsxWriter", "holidays"):
        assert value[f"Version: {name}"]
    # what differs from run to run stays out, so that the workbook does not
    assert "manifest.json" in str(value["Seconds by stage"])
    assert "manifest.json" in str(value["Peak memory"])


def test_a_written_plan_holds_every_sheet() -> None:
    made = report()
    again = written_plan(made.outcome, made.written.run)
    assert again == made.written
