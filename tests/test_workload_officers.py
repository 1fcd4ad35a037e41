"""What a plan asks of officers: changes of SOM, the risk mix, hours and caseloads, by hand."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from planner.domain.plan import Holding, Plan, PlannedArms, PlannedVisit
from planner.domain.terms import Management, RiskLevel, Status, VisitType
from planner.workload.announced import visit_types
from planner.workload.outcome import Change, Outcome
from tests.build import AS_AT, offender, officer, situation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.domain.register import Officer
    from planner.workload.situation import Situation

LOW, MEDIUM, HIGH, VERY_HIGH = RiskLevel
TOLD, UNTOLD = VisitType.ANNOUNCED, VisitType.UNANNOUNCED


def holding(found: Situation, **holdings: list[tuple[int, str]]) -> Outcome:
    """A plan that only says who holds which case from when."""
    held = {ref: tuple(Holding(m, s) for m, s in stints) for ref, stints in holdings.items()}
    return Outcome(found, Plan(found.horizon, held, (), (), {}))


STAFF = (officer("S1"), officer("S2"), officer("S3"))
LEAVER = (officer("S1", end=date(2026, 6, 30)), officer("S2"), officer("S3"))


@pytest.mark.parametrize(
    ("columns", "staff", "stints", "counts"),
    [
        ({}, STAFF, [(1, "S1")], []),
        ({}, STAFF, [(1, "S2")], [True]),
        ({}, STAFF, [(1, "S2"), (3, "S3")], [True, True]),
        ({"som": None}, STAFF, [(1, "S2")], [False]),  # not yet allocated
        ({"som": "S9"}, STAFF, [(1, "S2")], [False]),  # not in Staff
        ({"som": None}, STAFF, [(1, "S2"), (3, "S3")], [False, True]),
        # The SOM leaves within the horizon: no change from them counts, whenever.
        ({}, LEAVER, [(1, "S2")], [False]),
        ({}, LEAVER, [(1, "S1"), (6, "S2")], [False]),
        ({"som": "S2"}, LEAVER, [(1, "S1"), (6, "S2")], [True, False]),
        # Leaving on the horizon's last working day is staying.
        ({}, (officer("S1", end=date(2027, 7, 30)), STAFF[1]), [(1, "S2")], [True]),
        ({}, (officer("S1", end=date(2027, 7, 29)), STAFF[1]), [(1, "S2")], [False]),
        # The SOM may not hold the case.
        ({"not_with": frozenset({"S1"})}, STAFF, [(1, "S2")], [False]),
        ({"needs": frozenset({"Youth"})}, STAFF, [(1, "S2")], [False]),
        ({"team": "South"}, (STAFF[0], officer("S4", team="South")), [(1, "S4")], [False]),
        # The SOM is not in post yet in that month.
        ({}, (officer("S1", start=date(2026, 4, 1)), STAFF[1]), [(1, "S2")], [False]),
        ({}, (officer("S1", start=date(2026, 4, 1)), STAFF[1]), [(3, "S2")], [True]),
    ],
)
def test_changes_that_count(
    columns: dict[str, Any],
    staff: tuple[Officer, ...],
    stints: list[tuple[int, str]],
    counts: list[bool],
) -> None:
    found = holding(situation([offender(**columns)], staff), P1=stints)
    assert [c.counts for c in found.changes] == counts
    assert found.cost["moves"] == 3 * sum(counts)


def test_changes_are_told_from_whom_to_whom() -> None:
    found = holding(situation([offender()], STAFF), P1=[(1, "S1"), (4, "S2"), (7, "S1")])
    assert found.changes == (Change("P1", 4, "S1", "S2", True), Change("P1", 7, "S2", "S1", True))


@pytest.mark.parametrize(("level", "cost"), [(VERY_HIGH, 24), (HIGH, 12), (MEDIUM, 6), (LOW, 3)])
def test_a_change_costs_by_level(level: RiskLevel, cost: float) -> None:
    found = holding(situation([offender(level=level)], STAFF), P1=[(1, "S2")])
    assert found.cost["moves"] == cost


@pytest.mark.parametrize(
    ("share", "people", "allowed"),
    [
        (0.15, 6, 0),  # 0.9
        (0.15, 7, 1),  # 1.05
        (0.15, 20, 3),
        (0.15, 19, 2),
        (0.29, 100, 29),  # 28.999999999999996 to the machine
        (0.0, 50, 0),
        (1.0, 3, 3),
    ],
)
def test_changes_allowed_are_rounded_down(share: float, people: int, allowed: int) -> None:
    homes = [offender(f"P{n}") for n in range(people)]
    assert situation(homes, policy={"moves.share": share}).moves_allowed == allowed


def test_mix_above_a_fair_share() -> None:
    """Three such cases, FTE 1 and 0.5: fair are 2 and 1. S2 with two is one above: 10 points."""
    staff = (officer("S1"), officer("S2", fte=0.5))
    found = situation([offender(f"P{n}", level=HIGH) for n in (1, 2, 3)], staff)
    assert found.fair_share == pytest.approx({"S1": 2, "S2": 1})
    first, second = [(1, "S1")], [(1, "S2")]
    assert holding(found, P1=first, P2=first, P3=second).cost["mix"] == pytest.approx(0)
    assert holding(found, P1=first, P2=second, P3=second).cost["mix"] == pytest.approx(10)
    assert holding(found, P1=second, P2=second, P3=second).cost["mix"] == pytest.approx(20)
    # Both hold more than a third of a case above or below: only what is above counts.
    assert holding(found, P1=first, P2=first, P3=first).cost["mix"] == pytest.approx(10)
    # Month 1 alone counts.
    assert holding(found, P1=first, P2=first, P3=[(1, "S2"), (2, "S1")]).cost["mix"] == 0


@pytest.mark.parametrize(
    ("columns", "share"),
    [
        ({}, 0.5),
        ({"level": VERY_HIGH}, 0.5),
        ({"level": MEDIUM}, 0),
        ({"management": Management.REACTIVE}, 0.5),
        ({"status": Status.MISSING}, 0),
        ({"status": Status.CUSTODY, "release_date": date(2026, 2, 28)}, 0.5),
        ({"status": Status.CUSTODY, "release_date": date(2026, 3, 1)}, 0),
        ({"registered_until": date(2026, 2, 28)}, 0.5),
        ({"registered_until": date(2026, 2, 27)}, 0),
    ],
)
def test_the_mix_is_of_very_high_and_high_cases_there_at_month_1s_end(
    columns: dict[str, Any], share: float
) -> None:
    found = situation([offender(**{"level": HIGH, **columns})], (officer("S1"), officer("S2")))
    assert found.fair_share == {"S1": share, "S2": share}


@pytest.mark.parametrize(
    ("policy", "shares"),
    [
        ({}, {"S1": 4, "S2": 0, "S3": 1, "S4": 1}),
        ({"cross_team": True}, {"S1": 2, "S2": 0, "S3": 2, "S4": 2}),
    ],
)
def test_fair_is_within_the_team_or_with_cross_team_the_unit(
    policy: Mapping[str, float | bool], shares: dict[str, float]
) -> None:
    """Four cases in North, where S2 leaves before month 1's last working day; two in South."""
    staff = (
        officer("S1"),
        officer("S2", end=date(2026, 2, 26)),
        officer("S3", team="South"),
        officer("S4", team="South"),
    )
    people = [offender(f"N{n}", level=HIGH) for n in range(4)]
    people += [offender(f"S{n}", level=HIGH, team="South") for n in range(2)]
    assert situation(people, staff, policy).fair_share == pytest.approx(shares)


def test_a_fair_share_of_no_fte_is_none() -> None:
    found = situation([offender(level=HIGH)], [officer(fte=0.0)])
    assert found.fair_share == {"S1": 0}
    assert holding(found, P1=[(1, "S1")]).cost["mix"] == 10


def test_hours_and_spread() -> None:
    """S1 has 10 hours a month. Month 2: two visits, 5.5 h, and an ARMS done for S2: 10.5 h.

    That is 1.5 above 90 %, and in month 3 S1 gives 9.2 second hours, 0.2 above: 0.2 a point.
    """
    staff = (officer("S1", hours_per_month=10), officer("S2", hours_per_month=100))
    found = situation([offender(f"P{n}") for n in (1, 2, 3)], staff)
    plan = Plan(
        found.horizon,
        {"P1": (Holding(1, "S1"),), "P2": (Holding(1, "S1"),), "P3": (Holding(1, "S2"),)},
        (PlannedVisit(2, "P1", "S1", UNTOLD, 2, "S2"), PlannedVisit(2, "P2", "S1", UNTOLD, 1)),
        (PlannedArms(2, "P3", "S2", "S1"),),
        {("S2", 2): 1.65, ("S1", 3): 9.2},
    )
    outcome = Outcome(found, plan)
    assert outcome.lead_hours == pytest.approx({("S1", 2): 10.5})
    assert outcome.planned_hours("S1", 2) == pytest.approx(10.5)
    assert outcome.planned_hours("S2", 2) == pytest.approx(1.65)
    assert outcome.planned_hours("S2", 4) == 0
    assert outcome.cost["spread"] == pytest.approx(0.2 * (1.5 + 0.2))


def test_spread_counts_from_the_comfortable_share_on() -> None:
    found = situation([offender()], [officer(hours_per_month=100)], {"hours.comfort": 0.5})
    for hours, cost in ((50.0, 0.0), (51.0, 0.2)):
        plan = Plan(found.horizon, {}, (), (), {("S1", 1): hours})
        assert Outcome(found, plan).cost["spread"] == pytest.approx(cost)


def test_caseloads() -> None:
    people = [
        offender("P1", level=VERY_HIGH, registered_until=date(2026, 3, 31)),
        offender("P2", level=HIGH, management=Management.REACTIVE),
        offender("P3", status=Status.MISSING, level=HIGH),
        offender("P4", status=Status.CUSTODY, release_date=date(2026, 3, 31)),
    ]
    stints = [(1, "S1"), (3, "S2")]
    found = holding(
        situation(people, STAFF), P1=[(1, "S1")], P2=stints, P3=[(1, "S1")], P4=[(1, "S1")]
    )
    assert [found.caseload(m)["S1"] for m in (1, 2, 3)] == [4, 4, 3]
    assert [found.community_caseload(m)["S1"] for m in (1, 2, 3)] == [2, 3, 1]
    assert [found.community_caseload(m, HIGH)["S1"] for m in (1, 2, 3)] == [2, 2, 0]
    assert found.community_caseload(3)["S2"] == 1


def kinds(
    visits: dict[str, list[int]],
    last: VisitType | None = None,
    policy: Mapping[str, float | bool] | None = None,
) -> list[VisitType]:
    people = {ref: offender(ref, last_visit=AS_AT, last_visit_type=last) for ref in visits}
    found = situation(people.values(), policy=policy)
    types = visit_types(visits, people, found.policy)
    return [types[ref, m] for ref in visits for m in visits[ref]]


def test_no_more_visits_are_announced_than_the_share_leaves() -> None:
    """Half of low visits at least are unannounced: of 1, 1; of 4, 2; of 5, 3."""
    assert kinds({"P1": [1]}) == [UNTOLD]
    assert kinds({"P1": [1, 4, 7, 10]}).count(TOLD) == 2
    assert kinds({"P1": [1, 3, 5, 7, 9]}).count(TOLD) == 2
    assert kinds({"P1": [1, 2, 3]}, policy={"visit.unannounced.low": 1}) == [UNTOLD] * 3


@pytest.mark.parametrize("last", [None, TOLD, UNTOLD])
def test_never_two_announced_visits_in_a_row(last: VisitType | None) -> None:
    found = kinds({"P1": [1, 3, 5, 7, 9]}, last, {"visit.unannounced.low": 0})
    told = [last, *found]
    assert not any(a is b is TOLD for a, b in pairwise(told))
    assert found.count(TOLD) == (2 if last is TOLD else 3)
