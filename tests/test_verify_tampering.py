"""A clean plan is accepted; one change to it names exactly that rule or that figure."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from planner.domain.rules import Rule
from planner.domain.terms import Management, RiskLevel, Status, VisitType
from planner.domain.written import WrittenPlan
from planner.verify.verifier import CHECKS, verify
from tests.verify_build import EASY, A, V, officer, person, register, som_lock, written

HIGH = RiskLevel.HIGH
STAFF = [
    officer("S1", cap=4),
    officer("S2", arms_trained_from=None),
    officer("S3", hours_per_month=1.6),
    officer("S9", team="South"),
]
PEOPLE = [
    person("01", last_visit=date(2025, 6, 1), visit_interval=6, arms_due=date(2026, 4, 1)),
    person("02", last_visit=date(2025, 11, 20), visit_interval=6, level=HIGH,
           last_visit_type=VisitType.ANNOUNCED, keep=True),
    person("03", som="S2", arms_due=date(2026, 5, 1), status=Status.COMMUNITY),
    person("04", som="S3", management=Management.REACTIVE),
    person("05", som="S2", status=Status.CUSTODY),
    person("06", som="S1", arms_due=date(2025, 9, 9)),
]  # fmt: skip
DUTIES: list[V | A] = [
    V(1, "01", second="S2"), V(7, "01", "Announced"), V(13, "01"), A(3, "01"), A(15, "01"),
    V(4, "02"), V(10, "02"), V(16, "02"),
    A(4, "03"), A(16, "03"),
    A(2, "06"),  # and overdue again from month 14 on: left for the end
]  # fmt: skip
REGISTER = register(
    PEOPLE, STAFF, policy=EASY.but({"moves.share": 0.34}), locks=[som_lock("03", "S1")]
)
CLEAN = written(REGISTER, DUTIES, holds={"03": [(1, "S1")]})


def found(plan: WrittenPlan) -> tuple[list[int], list[tuple[str, str]]]:
    """The broken rules, and the sheets and items in which figures differ."""
    verdict = verify(REGISTER, plan)
    assert not verdict.accepted
    rules = [f.rule.value for f in verdict.findings if f.broken > f.forced]
    return rules, [(d.sheet, d.item) for d in verdict.discrepancies]


def with_row(plan: WrittenPlan, sheet: str, n: int, **changes: Any) -> WrittenPlan:
    rows = list(getattr(plan, sheet))
    rows[n] = replace(rows[n], **changes)
    return replace(plan, **{sheet: tuple(rows)})


def without_row(plan: WrittenPlan, sheet: str, n: int) -> WrittenPlan:
    rows = list(getattr(plan, sheet))
    del rows[n]
    return replace(plan, **{sheet: tuple(rows)})


def test_the_clean_plan_is_accepted() -> None:
    verdict = verify(REGISTER, CLEAN)
    assert verdict.accepted and verdict.discrepancies == ()
    assert [f.broken for f in verdict.findings] == [0] * 9
    assert verdict.total_cost > 0


def test_every_rule_has_its_check() -> None:
    assert list(CHECKS) == list(Rule)
    assert [f.rule for f in verify(REGISTER, CLEAN).findings] == list(Rule)


def again(duties: list[V | A], **holds: str) -> Callable[[], WrittenPlan]:
    """The plan remade with other decisions, its figures consistent."""
    stints = {ref[1:]: [(1, som)] for ref, som in holds.items()}
    return lambda: written(REGISTER, duties, holds={"03": [(1, "S1")], **stints})


def other(n: int, **changes: Any) -> list[V | A]:
    duties: list[V | A] = list(DUTIES)
    duties[n] = replace(duties[n], **changes)
    return duties


@pytest.mark.parametrize(
    ("rule", "plan"),
    [
        (1, again(DUTIES, _05="S9")),
        (2, again(DUTIES, _02="S2")),
        (2, again(DUTIES, _03="S2")),
        (3, again(DUTIES, _04="S1")),
        (4, again(DUTIES, _04="S2", _05="S1")),  # with the lock on 03 one more than allowed
        (5, again(other(0, second="S3"))),
        (6, again(other(3, by="S2"))),
        (7, again(other(5, kind="Announced"))),
        (8, again(other(1, month=4))),
        (9, again(other(0, second="S9"))),
        (9, again(other(0, by="S2", second="S1"))),
    ],
)
def test_one_wrong_decision_names_its_rule(rule: int, plan: Callable[[], WrittenPlan]) -> None:
    verdict = verify(REGISTER, plan())
    assert verdict.discrepancies == ()
    assert [f.rule.value for f in verdict.findings if f.broken] == [rule]


FIRST = "2026-02-01"


@pytest.mark.parametrize(
    ("sheet", "n", "changes", "item"),
    [
        ("allocation", 0, {"status": "Custody"}, "Status, 01"),
        ("allocation", 0, {"level": "High"}, "Risk level, 01"),
        ("allocation", 0, {"management": "Reactive"}, "Management, 01"),
        ("allocation", 0, {"team": "South"}, "Team, 01"),
        ("allocation", 0, {"previous_som": None}, "Previous SOM, 01"),
        ("allocation", 2, {"moved": "No"}, "Moved, 03"),
        ("allocation", 0, {"moved": "Yes"}, "Moved, 01"),
        ("allocation", 2, {"locked": "No"}, "Locked, 03"),
        ("allocation", 0, {"locked": "Yes"}, "Locked, 01"),
        ("allocation", 0, {"reason": "Because"}, "Reason, 01"),
        ("schedule", 0, {"level": "High"}, "Risk level, Visit of 01 in 2026-02-01"),
        ("schedule", 0, {"som": "S2"}, "SOM, Visit of 01 in 2026-02-01"),
        ("schedule", 0, {"lead_hours": 2.5}, "Lead hours, Visit of 01 in 2026-02-01"),
        ("schedule", 0, {"second_hours": 0.0}, "Second hours, Visit of 01 in 2026-02-01"),
        ("schedule", 0, {"due": date(2025, 12, 2)}, "Due, Visit of 01 in 2026-02-01"),
        ("schedule", 0, {"months_late": 1}, "Months late, Visit of 01 in 2026-02-01"),
        ("schedule", 3, {"second": "S2"}, "Second officer, ARMS of 01 in 2026-04-01"),
        ("schedule", 3, {"visit_type": "Announced"}, "Visit type, ARMS of 01 in 2026-04-01"),
        ("schedule", 3, {"crew": 2}, "Crew, ARMS of 01 in 2026-04-01"),
        ("schedule", 3, {"lead_hours": 5.1}, "Lead hours, ARMS of 01 in 2026-04-01"),
        ("workload", 0, {"team": "South"}, f"Team, S1 in {FIRST}"),
        ("workload", 0, {"capacity_hours": 100.001}, f"Capacity hours, S1 in {FIRST}"),
        ("workload", 0, {"lead_hours": 2.7}, f"Lead hours, S1 in {FIRST}"),
        ("workload", 1, {"second_hours": 1.6}, f"Second hours, S2 in {FIRST}"),
        ("workload", 0, {"planned_hours": 2.7}, f"Planned hours, S1 in {FIRST}"),
        ("workload", 0, {"utilisation": 2.75}, f"Utilisation, S1 in {FIRST}"),
        ("workload", 0, {"caseload": 5}, f"Caseload, S1 in {FIRST}"),
        ("workload", 1, {"community_caseload": 1}, f"Community caseload, S2 in {FIRST}"),
        ("workload", 0, {"very_high_and_high": 0}, f"Very high and high, S1 in {FIRST}"),
        ("backlog", 3, {"arms_overdue": 0}, "ARMS overdue, Low, opening"),
        ("backlog", 3, {"arms_due": 0}, "ARMS due, Low, opening"),
        ("backlog", 7, {"arms_overdue": 0}, f"ARMS overdue, Low, {FIRST}"),
        ("backlog", 7, {"visits_done": 0}, f"Visits done, Low, {FIRST}"),
        ("backlog", 7, {"visits_overdue": 1}, f"Visits overdue, Low, {FIRST}"),
        ("backlog", 7, {"visits_due": 1}, f"Visits due, Low, {FIRST}"),
        ("backlog", 7, {"arms_done": 1}, f"ARMS done, Low, {FIRST}"),
        ("backlog", 7, {"arms_due": 1}, f"ARMS due, Low, {FIRST}"),
        ("not_planned", 0, {"due": date(2026, 1, 1)}, "Due, ARMS of 06"),
        ("run", 0, {"value": date(2026, 1, 16)}, "As-at date"),
        ("run", 1, {"value": date(2026, 1, 1)}, "First month"),
        ("run", 2, {"value": 17}, "Horizon"),
        ("run", 4, {"value": 1.0}, "Cost"),
        ("run", 5, {"value": 1e9}, "Bound"),
        ("run", 5, {"value": None}, "Bound"),
        ("run", 6, {"value": 0.4}, "Gap"),
        ("run", 7, {"value": 1.0}, "Cost: protected"),
        ("run", 10, {"value": 0.5}, "Cost: moves"),
    ],
)
def test_one_wrong_figure_is_named(sheet: str, n: int, changes: dict[str, Any], item: str) -> None:
    rules, items = found(with_row(CLEAN, sheet, n, **changes))
    assert rules == []
    assert items == [(sheet.replace("_", " ").capitalize(), item)]


@pytest.mark.parametrize(
    ("sheet", "n", "rules"),
    [("allocation", 4, [1]), ("workload", 0, []), ("backlog", 5, []), ("not_planned", 0, []),
     ("not_planned", 1, []), ("not_planned", 2, []), ("run", 0, []), ("run", 4, []),
     ("run", 12, [])],
)  # fmt: skip
def test_a_row_left_out_is_noticed(sheet: str, n: int, rules: list[int]) -> None:
    broken, items = found(without_row(CLEAN, sheet, n))
    assert broken == rules and (rules or items)


@pytest.mark.parametrize(
    ("sheet", "n", "rules"),
    [("allocation", 0, []), ("schedule", 3, [8]), ("workload", 0, []), ("backlog", 5, []),
     ("not_planned", 0, []), ("run", 4, [])],
)  # fmt: skip
def test_a_row_given_twice_is_noticed(sheet: str, n: int, rules: list[int]) -> None:
    rows = getattr(CLEAN, sheet)
    broken, items = found(replace(CLEAN, **{sheet: (*rows, rows[n])}))
    assert broken == rules and items


def test_a_moved_month_is_caught_though_nothing_else_changed() -> None:
    rules, items = found(with_row(CLEAN, "schedule", 3, month=date(2026, 5, 1)))
    assert rules == [] and ("Run", "Cost") in items
    assert ("Schedule", "Months late, ARMS of 01 in 2026-05-01") in items


def test_tolerances() -> None:
    hours = CLEAN.workload[0].lead_hours
    assert verify(REGISTER, with_row(CLEAN, "workload", 0, lead_hours=hours + 9e-7)).accepted
    cost = float(CLEAN.run[4].value or 0)  # type: ignore[arg-type]
    assert verify(REGISTER, with_row(CLEAN, "run", 4, value=cost + 9e-5)).accepted
    assert not verify(REGISTER, with_row(CLEAN, "run", 4, value=cost + 1e-2)).accepted
    at_cost = with_row(with_row(CLEAN, "run", 5, value=cost), "run", 6, value=0.0)
    assert verify(REGISTER, at_cost).accepted
    above = with_row(with_row(CLEAN, "run", 5, value=cost + 1e-2), "run", 6, value=-1e-2 / cost)
    assert found(above) == ([], [("Run", "Bound")])
