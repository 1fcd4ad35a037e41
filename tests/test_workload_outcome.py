"""What a plan comes to: overdue, backlog and exposure worked out by hand on tiny plans."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from planner.domain.plan import Holding, Plan, PlannedArms, PlannedVisit
from planner.domain.terms import LEVELS, Duty, Management, RiskLevel, Status, VisitType
from planner.workload.outcome import Outcome
from tests.build import AS_AT, offender, situation
from tests.plan_build import report

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.domain.register import Offender

VISIT, ARMS = Duty.VISIT, Duty.ARMS
LOW, MEDIUM, HIGH, VERY_HIGH = RiskLevel
FAR = date(2030, 1, 1)
NO_ARMS = {"arms_applicable": False}


def visited(level: RiskLevel, last: date, ref: str = "P1", **columns: Any) -> Offender:
    """Somebody to whom visits fall due, and no ARMS."""
    return offender(ref, level=level, last_visit=last, **NO_ARMS, **columns)


def assessed(arms_due: date, ref: str = "P1", **columns: Any) -> Offender:
    """Somebody low to whom ARMS fall due, and no visit within the plan."""
    usual = {"last_visit": date(2026, 1, 10), "visit_interval": 24, "arms_due": arms_due}
    return offender(ref, **{**usual, **columns})


def outcome(
    people: Iterable[Offender],
    visits: Iterable[tuple[str, int]] = (),
    arms: Iterable[tuple[str, int]] = (),
    policy: Mapping[str, float | bool] | None = None,
) -> Outcome:
    """S1 holds everybody and does everything; visits and ARMS by reference and month."""
    found = situation(people, policy=policy)
    kind = VisitType.UNANNOUNCED
    plan = Plan(
        found.horizon,
        {o.ref: (Holding(1, "S1"),) for o in found.register.offenders},
        tuple(PlannedVisit(m, ref, "S1", kind, 1) for ref, m in visits),
        tuple(PlannedArms(m, ref, "S1", "S1") for ref, m in arms),
        {},
    )
    return Outcome(found, plan)


def overdue(found: Outcome, level: RiskLevel, duty: Duty) -> list[int]:
    """The months at whose end something is overdue."""
    return [m for m in range(1, 19) if found.overdue[m, level, duty]]


# P1, high, last seen on 20 December 2025: due on 20 March 2026, month 2, and every 3 months.
HIGH_CASE = visited(HIGH, date(2025, 12, 20))


@pytest.mark.parametrize(
    ("done", "months"),
    [
        ([], range(2, 19)),
        ([1], range(4, 19)),  # early: next due three months after it was done
        ([2], range(5, 19)),  # in its month: on time
        ([3], [2, *range(6, 19)]),  # late: overdue at the end of month 2
        ([4], [2, 3, *range(7, 19)]),
        ([2, 5, 8, 11, 14, 17], []),
        ([2, 4, 7, 10, 13, 16], []),
        ([2, 5, 8, 11, 14], [17, 18]),
    ],
)
def test_overdue_from_the_due_months_end_until_done(done: list[int], months: Iterable[int]) -> None:
    found = outcome([HIGH_CASE], visits=[("P1", m) for m in done])
    assert overdue(found, HIGH, VISIT) == list(months)


def test_exposure_and_its_like_by_hand() -> None:
    """Done in month 4: overdue at the ends of 2 and 3, then of 7 to 18, at ages 0, 1 and 0 to 11.

    Exposure 8 x (1 + 1.05) + 8 x (12 + 0.05 x 66) = 16.4 + 122.4; 14 month ends of 2000 points;
    one duty overdue at the end of month 18.
    """
    found = outcome([HIGH_CASE], visits=[("P1", 4)])
    assert found.cost["exposure"] == pytest.approx(138.8)
    assert found.cost["protected"] == 28000
    assert found.cost["uncleared"] == 1000
    assert [found.most_overdue(m, HIGH, VISIT) for m in (1, 2, 3, 4, 7, 18)] == [
        None, 0, 1, None, 0, 11,
    ]  # fmt: skip


def test_a_duty_long_overdue_brings_its_age_along() -> None:
    """ARMS due in November 2025, month -2, done in month 2: at month 1's end 1 x (1 + 0.05 x 3).

    Next due in month 14: overdue at the ends of 14 to 18, 5 + 0.05 x 10.
    """
    found = outcome([assessed(date(2025, 11, 10))], arms=[("P1", 2)])
    assert overdue(found, LOW, ARMS) == [1, *range(14, 19)]
    assert found.cost["exposure"] == pytest.approx(1.15 + 5.5)
    assert found.most_overdue(1, LOW, ARMS) == 3
    late = found.instance["P1", ARMS, 2]
    assert (late.due, late.due_month, late.months_late) == (date(2025, 11, 10), -2, 4)


@pytest.mark.parametrize(
    ("level", "protected"), [(VERY_HIGH, 4000), (HIGH, 2000), (MEDIUM, 0), (LOW, 0)]
)
def test_visits_to_the_riskiest_are_protected(level: RiskLevel, protected: float) -> None:
    """A visit due in month 18, not done: overdue at one month end, aged 0."""
    found = outcome([visited(level, AS_AT, visit_interval=18)])
    weight = {VERY_HIGH: 16, HIGH: 8, MEDIUM: 3, LOW: 1}[level]
    assert dict(found.cost) == {
        "protected": protected, "uncleared": 1000, "exposure": weight,
        "moves": 0, "mix": 0, "spread": 0,
    }  # fmt: skip


def test_arms_are_not_protected_but_are_to_be_cleared() -> None:
    found = outcome([assessed(date(2027, 7, 31), level=VERY_HIGH)])
    assert (found.cost["protected"], found.cost["uncleared"], found.cost["exposure"]) == (
        0, 1000, 16,
    )  # fmt: skip
    assert found.total_cost == 1016


def test_what_falls_due_after_the_plan_costs_nothing() -> None:
    assert outcome([assessed(date(2027, 8, 1))]).total_cost == 0


@pytest.mark.parametrize(
    ("columns", "months"),
    [
        ({}, range(2, 19)),
        ({"registered_until": date(2026, 5, 31)}, [2, 3, 4]),  # the last day of month 4
        ({"registered_until": date(2026, 5, 30)}, [2, 3]),
        ({"registered_until": date(2026, 3, 25)}, []),
        ({"status": Status.MISSING}, []),
        ({"status": Status.CUSTODY}, []),
        ({"management": Management.REACTIVE}, []),
        # Released on 20 May 2026, month 4: due 14 days later, in month 5.
        ({"status": Status.CUSTODY, "release_date": date(2026, 5, 20)}, range(5, 19)),
        # Registered from 31 March 2026, not yet at the as-at date: due on 14 April, month 3.
        ({"registered_from": date(2026, 3, 31)}, range(3, 19)),
    ],
)
def test_only_people_in_the_community_count(columns: dict[str, Any], months: Iterable[int]) -> None:
    found = outcome([visited(HIGH, date(2025, 12, 20), **columns)])
    assert overdue(found, HIGH, VISIT) == list(months)


def test_due_while_away_is_overdue_from_the_return() -> None:
    """Due 0 days after release on 31 March 2026, in month 2: overdue at that month's end."""
    person = visited(LOW, AS_AT, status=Status.ABROAD, release_date=date(2026, 3, 31))
    found = outcome([person], policy={"visit.first_within_days": 0})
    assert overdue(found, LOW, VISIT) == list(range(2, 19))


@pytest.mark.parametrize(
    ("arms_due", "opening"),
    [
        (date(2025, 12, 31), 1),
        (AS_AT, 1),  # on the as-at date
        (date(2026, 1, 16), 0),  # the day after: overdue at month 1's end, not before
    ],
)
def test_the_opening_backlog_goes_by_the_date(arms_due: date, opening: int) -> None:
    found = outcome([assessed(arms_due)])
    assert found.opening[LOW, ARMS] == opening
    assert found.backlog(1) == 1 and found.due[1, LOW, ARMS] == 0


def test_the_opening_backlog_holds_only_people_there() -> None:
    leaving = assessed(AS_AT, registered_until=AS_AT)
    assert outcome([leaving]).opening[LOW, ARMS] == 1
    back = assessed(AS_AT, status=Status.ABROAD, release_date=date(2026, 1, 16))
    found = outcome([back], policy={"arms.first_within_days": 0})
    assert found.opening[LOW, ARMS] == 0 and found.backlog(1) == 1


def test_the_oldest_at_the_start() -> None:
    """The as-at date lies in month 0; 30 September 2025 is 4 months before."""
    people = [assessed(date(2025, 9, 30)), assessed(date(2025, 12, 1), "P2"), assessed(FAR, "P3")]
    assert outcome(people).oldest_at_start == {(LOW, ARMS): 4}


@pytest.mark.parametrize(
    ("done", "due", "months_late"),
    [
        (None, {4: 1}, None),
        (3, {15: 1}, 0),  # done a month early: it never falls due; the next does in month 15
        (4, {4: 1, 16: 1}, 0),
        (6, {4: 1, 18: 1}, 2),  # done late, it had fallen due
        (7, {4: 1}, 3),  # the next in month 19
    ],
)
def test_due_and_done(done: int | None, due: dict[int, int], months_late: int | None) -> None:
    """ARMS due in May 2026, month 4."""
    found = outcome([assessed(date(2026, 5, 9))], arms=[] if done is None else [("P1", done)])
    assert {m: n for (m, _, duty), n in found.due.items() if duty is ARMS} == due
    assert dict(found.done) == ({} if done is None else {(done, LOW, ARMS): 1})
    if done is not None:
        assert found.instance["P1", ARMS, done].months_late == months_late


def test_a_repeat_is_due_on_the_first_of_its_month() -> None:
    found = outcome([HIGH_CASE], visits=[("P1", 2), ("P1", 6)])
    second = found.instance["P1", VISIT, 6]
    assert (second.due, second.due_month, second.months_late) == (date(2026, 6, 1), 5, 1)


def test_nothing_falls_due_where_the_person_is_not_there_at_the_months_end() -> None:
    gone = assessed(date(2026, 5, 9), registered_until=date(2026, 5, 30))
    there = assessed(date(2026, 5, 9), registered_until=date(2026, 5, 31))
    assert outcome([gone]).due[4, LOW, ARMS] == 0 and outcome([there]).due[4, LOW, ARMS] == 1


def test_what_nobody_owed_is_done_all_the_same() -> None:
    """A hand-edited plan may hold it; the verifier counts it, and so do we."""
    reactive = visited(LOW, AS_AT, management=Management.REACTIVE)
    found = outcome([reactive], visits=[("P1", 3)])
    assert found.done[3, LOW, VISIT] == 1 and found.due.total() == 0


def test_twice_in_a_month_is_done_once_for_what_falls_due_next() -> None:
    found = outcome([HIGH_CASE], visits=[("P1", 3), ("P1", 3)])
    assert found.done[3, HIGH, VISIT] == 2
    assert found.instance["P1", VISIT, 3].months_late == 1
    assert overdue(found, HIGH, VISIT) == [2, *range(6, 19)]


THREE = [assessed(date(2026, 2, 1), f"P{n}") for n in range(3)]


@pytest.mark.parametrize(
    ("arms", "cleared_at", "month"),
    [
        ([("P0", 1), ("P1", 2), ("P2", 3)], 0, None),  # due again from month 13 on
        ([("P0", 6), ("P1", 7), ("P2", 8)], 0, None),  # the first falls due in month 18
        ([("P0", 7), ("P1", 8), ("P2", 9)], 0, 9),  # next due from month 19
        ([("P0", 7), ("P1", 8), ("P2", 9)], 1, 8),
        ([("P0", 7), ("P1", 8), ("P2", 9)], 2, 7),
        ([("P0", 7), ("P1", 8), ("P2", 9)], 3, 1),  # cleared from the beginning
        ([("P0", 6), ("P1", 7), ("P2", 8)], 1, 7),
        ([("P0", 7), ("P1", 8), ("P2", 18)], 0, 18),
        ([("P0", 7), ("P1", 8)], 0, None),
    ],
)
def test_cleared_from_the_first_month_that_stays_so(
    arms: list[tuple[str, int]], cleared_at: int, month: int | None
) -> None:
    found = outcome(THREE, arms=arms, policy={"backlog.cleared_at": cleared_at})
    assert found.cleared_month == month


def test_the_backlog_is_of_arms_alone() -> None:
    found = outcome([HIGH_CASE, assessed(date(2026, 2, 1), "P2")], arms=[("P2", 8)])
    assert [found.backlog(m) for m in (1, 7, 8, 18)] == [1, 1, 0, 0]
    assert found.backlog(8, VISIT) == 1 and found.cleared_month == 8


@pytest.mark.parametrize("at_least", LEVELS)
def test_cases_counted_by_month_are_those_counted_one_by_one(at_least: RiskLevel) -> None:
    found = report().outcome
    plan, facts = found.plan, found.situation
    for month in facts.horizon.months:
        held = {o: plan.som(o.ref, month) for o in facts.register.offenders}
        there = {
            o: som
            for o, som in held.items()
            if o.level >= at_least and facts.presence[o.ref].at_end_of(month)
        }
        assert found.caseload(month) == Counter(som for som in held.values() if som)
        counted = Counter(som for som in there.values() if som)
        assert found.community_caseload(month, at_least) == counted


@pytest.mark.parametrize("duty", Duty)
@pytest.mark.parametrize("level", [LOW, MEDIUM, HIGH])  # the register has nobody above
def test_the_most_overdue_is_the_oldest_of_all_then_overdue(level: RiskLevel, duty: Duty) -> None:
    made = report().outcome
    found = Outcome(made.situation, replace(made.plan, visits=(), arms=made.plan.arms[:5]))
    most = 0
    for month in found.situation.horizon.months:
        ages = [
            i.age(month)
            for i in found.instances
            if (i.chain.level, i.chain.duty) == (level, duty) and i.overdue_at(month)
        ]
        assert found.most_overdue(month, level, duty) == max(ages, default=None)
        most = max(most, len(ages))
    assert most > 1  # else nothing is chosen


def test_the_arms_backlog_of_the_teams_adds_up() -> None:
    made = report().outcome
    teams = {o.team for o in made.situation.register.offenders}
    assert len(teams) > 1
    for level in LEVELS:
        of_teams = [made.arms_overdue_of_team[0, team, level] for team in teams]
        assert sum(of_teams) == made.opening[level, ARMS]
        for m in made.situation.horizon.months:
            of_teams = [made.arms_overdue_of_team[m, team, level] for team in teams]
            assert sum(of_teams) == made.overdue[m, level, ARMS]
    assert sum(made.arms_overdue_of_team.values()) > 0


def test_who_holds_a_case_in_every_month_is_who_holds_it_in_each() -> None:
    plan = report().outcome.plan
    assert any(len(held) > 1 for held in plan.holdings.values())
    for ref in (*plan.holdings, "nobody"):
        assert plan.soms(ref) == tuple(plan.som(ref, m) for m in plan.horizon.months)
