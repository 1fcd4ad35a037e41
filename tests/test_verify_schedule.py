"""Rules 5 to 8 on both sides of their boundaries."""

from dataclasses import replace
from datetime import date

import pytest
from dateutil.relativedelta import relativedelta

from planner.domain.register import Offender, Officer
from planner.domain.terms import Management, RiskLevel, Status, VisitType
from planner.verify.verifier import verify
from tests.verify_build import EASY, A, V, broken, officer, person, register, written

S1, S2 = officer("S1"), officer("S2")
UNTRAINED = officer("S0", arms_trained_from=None)
DUE_MAY = {"last_visit": date(2025, 11, 20), "visit_interval": 6}  # month 4, at most 2 early
ARMS_MAY = {"arms_due": date(2026, 5, 31)}  # month 4


def judged(
    people: list[Offender],
    duties: list[V | A],
    staff: tuple[Officer, ...] = (S1, S2),
    **policy: float,
) -> dict[int, tuple[int, int]]:
    changed = EASY.but({name.replace("__", "."): value for name, value in policy.items()})
    reg = register(people, staff, policy=changed)
    return broken(reg, written(reg, duties))


# Rule 5


def test_rule_5_hours_at_and_above_capacity() -> None:
    one = [person("1", **ARMS_MAY)]
    enough, short = replace(S1, hours_per_month=5.0), replace(S1, hours_per_month=4.99)
    assert judged(one, [A(4, "1")], (enough, S2)) == {}
    assert judged(one, [A(4, "1")], (short, S2)) == {5: (1, 0)}
    assert judged(one, [A(4, "1")], (short, S2), hours__overtime=0.01) == {}


def test_rule_5_lead_and_second_hours_together() -> None:
    """S1 leads one visit (2.75) and seconds S2's (1.65): 4.4 hours."""
    people = [person("1", **DUE_MAY), person("2", som="S2", **DUE_MAY)]
    visits: list[V | A] = [V(4, "1"), V(4, "2")]
    assert judged(people, visits, (replace(S1, hours_per_month=4.4), S2)) == {}
    assert judged(people, visits, (replace(S1, hours_per_month=4.3), S2)) == {5: (1, 0)}


def test_rule_5_month_1_goes_by_the_named_second() -> None:
    overdue = person("1", last_visit=None)
    idle = replace(S2, hours_per_month=1.6)
    assert judged([overdue], [V(1, "1", second="S2")], (S1, idle)) == {5: (1, 0)}
    assert judged([overdue], [V(1, "1", second="S3")], (S1, idle, officer("S3"))) == {}


def test_rule_5_absent_all_month() -> None:
    gone = replace(S1, end=date(2026, 5, 1))
    found = judged([person("1", som="S2", **ARMS_MAY)], [A(5, "1", by="S1")], (gone, S2))
    assert found == {5: (1, 0), 6: (1, 0)}


# Rule 6


@pytest.mark.parametrize(
    ("by", "policy", "faults"),
    [
        ("S1", {}, 0),
        ("S2", {}, 1),  # the SOM is trained: it is his
        ("S2", {"arms__by_colleague": True}, 0),
        ("S9", {"arms__by_colleague": True}, 1),  # of another team
        ("S9", {"arms__by_colleague": True, "cross_team": True}, 0),
        ("S9", {"cross_team": True}, 1),
        ("S0", {"arms__by_colleague": True}, 1),  # untrained
        ("nobody", {}, 1),
    ],
)
def test_rule_6_where_the_som_is_trained(by: str, policy: dict[str, float], faults: int) -> None:
    staff = (S1, S2, UNTRAINED, officer("S9", team="South"))
    found = judged([person("1", **ARMS_MAY)], [A(4, "1", by=by)], staff, **policy)
    if by == "nobody":
        found.pop(5, None)
    assert found == ({6: (faults, 0)} if faults else {})


@pytest.mark.parametrize(
    ("by", "policy", "faults"),
    [
        ("S1", {}, 0),
        ("S9", {}, 1),
        ("S9", {"cross_team": True}, 0),
        ("S0", {}, 1),
        ("late", {}, 1),  # trained on 2 May, not by the first day
    ],
)
def test_rule_6_where_the_som_is_not_trained(
    by: str, policy: dict[str, float], faults: int
) -> None:
    late = officer("late", arms_trained_from=date(2026, 5, 2))
    staff = (UNTRAINED, S1, late, officer("S9", team="South"))
    found = judged([person("1", som="S0", **ARMS_MAY)], [A(4, "1", by=by)], staff, **policy)
    assert found == ({6: (faults, 0)} if faults else {})


def test_rule_6_a_colleague_in_post_for_part_of_the_month() -> None:
    leaver = officer("S2", end=date(2026, 5, 1))
    one = [person("1", som="S0", **ARMS_MAY)]
    assert judged(one, [A(4, "1", by="S2")], (UNTRAINED, leaver, S1)) == {}


def test_rule_6_arms_a_month() -> None:
    people = [person(f"{n}", **ARMS_MAY) for n in range(4)]
    arms: list[V | A] = [A(4, f"{n}") for n in range(4)]
    assert judged(people, arms, arms__per_month=4) == {}
    assert judged(people, arms, arms__per_month=2) == {6: (2, 0)}


# Rule 7


@pytest.mark.parametrize(
    ("last", "kinds", "faults"),
    [
        (None, "AU", 0),
        (None, "AA", 1),
        (VisitType.ANNOUNCED, "AU", 1),
        (VisitType.ANNOUNCED, "UA", 0),
        (VisitType.UNANNOUNCED, "AU", 0),
        (VisitType.ANNOUNCED, "AA", 2),
    ],
)
def test_rule_7_never_two_announced_in_a_row(
    last: VisitType | None, kinds: str, faults: int
) -> None:
    name = {"A": "Announced", "U": "Unannounced"}
    visits: list[V | A] = [V(4, "1", name[kinds[0]]), V(10, "1", name[kinds[1]])]
    someone = person("1", last_visit_type=last, **DUE_MAY)
    found = judged([someone], visits[::-1], visit__unannounced__low=0)
    assert found == ({7: (faults, 0)} if faults else {})


@pytest.mark.parametrize(
    ("announced", "share", "short"),
    [(2, 0.5, 0), (3, 0.5, 1), (4, 0.5, 2), (1, 0.75, 0), (2, 0.75, 1), (1, 0.76, 1), (4, 0, 0)],
)
def test_rule_7_share_of_a_level(announced: int, share: float, short: int) -> None:
    people = [person(f"{n}", level=RiskLevel.HIGH, **DUE_MAY) for n in range(4)]
    visits: list[V | A] = [
        V(4, f"{n}", "Announced" if n < announced else "Unannounced") for n in range(4)
    ]
    found = judged(people, visits, visit__unannounced__high=share)
    assert found == ({7: (short, 0)} if short else {})


def test_rule_7_goes_by_level() -> None:
    people = [person("1", **DUE_MAY), person("2", level=RiskLevel.MEDIUM, **DUE_MAY)]
    assert judged(people, [V(4, "1", "Announced"), V(4, "2")]) == {7: (1, 0)}


# Rule 8


@pytest.mark.parametrize(("month", "faults"), [(1, 1), (2, 0), (3, 0), (4, 0), (5, 0), (18, 0)])
def test_rule_8_not_too_early(month: int, faults: int) -> None:
    found = judged([person("1", **DUE_MAY)], [V(month, "1")])
    assert found == ({8: (faults, 0)} if faults else {})
    arms = judged([person("1", **ARMS_MAY)], [A(month, "1")])
    assert arms == ({8: (faults, 0)} if faults else {})


@pytest.mark.parametrize(("interval", "early"), [(1, 0), (2, 1), (3, 1), (4, 2), (12, 2)])
def test_rule_8_early_goes_by_the_interval(interval: int, early: int) -> None:
    due = date(2026, 5, 20)  # month 4
    someone = person("1", last_visit=due - relativedelta(months=interval), visit_interval=interval)
    assert judged([someone], [V(4 - early, "1")]) == {}
    assert judged([someone], [V(4 - early - 1, "1")]) == {8: (1, 0)}


@pytest.mark.parametrize(("again", "faults"), [(8, 1), (9, 0), (10, 0), (14, 0)])
def test_rule_8_repeats_go_by_the_month_done(again: int, faults: int) -> None:
    """Done late in month 5, due again in 11, from 9 on."""
    found = judged([person("1", **DUE_MAY)], [V(5, "1"), V(again, "1")])
    assert found == ({8: (faults, 0)} if faults else {})


def test_rule_8_once_a_month() -> None:
    monthly = {"last_visit": date(2025, 12, 31), "visit_interval": 1}
    assert judged([person("1", **monthly)], [V(1, "1"), V(2, "1")]) == {}
    assert judged([person("1", **monthly)], [V(2, "1"), V(2, "1")]) == {8: (1, 0)}
    # a visit and an ARMS in one month are two kinds
    assert judged([person("1", **DUE_MAY, **ARMS_MAY)], [V(4, "1"), A(4, "1")]) == {}
    often: list[V | A] = [A(4, "1"), A(5, "1")]
    assert judged([person("1", **ARMS_MAY)], often, arms__review_months=1) == {}


@pytest.mark.parametrize(
    ("columns", "faults"),
    [
        ({"management": Management.REACTIVE}, 2),
        ({"arms_applicable": False}, 1),
        ({"status": Status.MISSING}, 2),
        ({"registered_until": date(2026, 5, 1)}, 0),
        ({"registered_until": date(2026, 4, 30)}, 2),
    ],
)
def test_rule_8_who_is_visited_and_assessed(columns: dict[str, object], faults: int) -> None:
    someone = person("1", **DUE_MAY, **ARMS_MAY, **columns)
    found = judged([someone], [V(4, "1"), A(4, "1")])
    assert found == ({8: (faults, 0)} if faults else {})


def test_rule_8_back_during_the_month() -> None:
    """Released on 20 April: visit due 4 May, at most 2 early, but not before April."""
    back = person("1", visit_interval=6, status=Status.CUSTODY, release_date=date(2026, 4, 20))
    assert judged([back], [V(3, "1")]) == {}
    assert judged([back], [V(2, "1")]) == {8: (1, 0)}


def test_rule_8_a_month_outside_the_plan() -> None:
    reg = register([person("1", **ARMS_MAY)])
    plan = written(reg, [A(4, "1"), A(16, "1")])
    last = replace(plan.schedule[1], month=date(2027, 8, 1))
    found = verify(reg, replace(plan, schedule=(plan.schedule[0], last)))
    assert [(f.rule.value, f.broken) for f in found.findings if f.broken] == [(8, 1)]
