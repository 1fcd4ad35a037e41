"""Fair or familiar, levers as options, and both with prices as a user meets them."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner.cli import app
from planner.commands.staffing_asked import shares_asked, tariff_asked
from planner.domain.terms import LEVELS
from planner.errors import InputError
from planner.levers import Change, read_levers
from planner.sample import synthetic_register
from planner.staffing.buying import How
from planner.staffing.cheapest import Tariff
from planner.staffing.familiar import FamiliarPoint
from planner.staffing.moving import best_of, familiar, utilisation
from planner.workbooks.register_write import register_workbook
from planner.workload.outcome import Outcome
from tests.test_optimise_rules import assessed, policy
from tests.verify_build import officer, register

if TYPE_CHECKING:
    from pathlib import Path

REG = synthetic_register(offenders=90, officers=12, seed=2)
TEAMS = REG.teams


def point(share: float, bound: float, cost: float, accepted: bool = True) -> FamiliarPoint:
    return FamiliarPoint(
        share=share,
        allowed=round(share * 100),
        moves=round(share * 50),
        bound=bound,
        cost=cost,
        exposure=cost / 2,
        mix=1.0,
        moving=2.0,
        spread=3.0,
        utilisation_mean=0.8,
        utilisation_deviation=0.1,
        utilisation_least=0.6,
        utilisation_most=1.0,
        arms_overdue=0,
        visits_overdue=0,
        accepted=accepted,
    )


# --- fair or familiar ---------------------------------------------------------------------------


def test_a_bound_holds_for_fewer_moves_and_a_plan_for_more() -> None:
    found = best_of([point(0.0, 50, 100), point(0.1, 60, 80), point(0.2, 40, 90)])
    assert [p.bound for p in found] == [60, 60, 40]
    assert [p.cost for p in found] == [100, 80, 80]
    assert [p.share for p in found] == [0.0, 0.1, 0.2]
    assert [p.moves for p in found] == [0, 5, 5]
    assert [p.allowed for p in found] == [0, 10, 20]


def test_a_plan_that_is_not_accepted_stands_for_no_other() -> None:
    found = best_of([point(0.0, 50, 70, accepted=False), point(0.1, 40, 80)])
    assert [p.cost for p in found] == [70, 80]
    found = best_of([point(0.0, 50, 100), point(0.1, 40, 60, accepted=False)])
    assert [p.cost for p in found] == [100, 100]


def lopsided() -> Any:
    """One officer holds all cases, another none: fairer with moves."""
    people = [assessed(f"P{n}", due=1, level=LEVELS[n % 4], som="S0") for n in range(12)]
    staff = [officer(f"S{n}", hours_per_month=10.0) for n in range(2)]
    return register(people, staff, policy=policy(arms__review_months=60, cost__mix=10))


def test_the_curve_of_a_lopsided_team() -> None:
    found = familiar(lopsided(), [0.3, 0.0, 0.5], How("quick", 0, lambda _: None, lambda: False))
    points = found.points
    assert [p.share for p in points] == [0.0, 0.3, 0.5]
    assert [p.allowed for p in points] == [0, 3, 6]
    assert points[0].moves == 0
    for p in points:
        assert p.accepted
        assert p.bound <= p.cost + 1e-6
        assert p.moves <= p.allowed
        parts = p.exposure + p.mix + p.moving + p.spread
        assert parts <= p.cost + 1e-6
    assert points[-1].cost < points[0].cost, "fairer is cheaper here"
    assert points[-1].exposure < points[0].exposure
    assert points[-1].utilisation_deviation < points[0].utilisation_deviation
    assert [p.cost for p in points] == sorted((p.cost for p in points), reverse=True)
    assert [p.bound for p in points] == sorted((p.bound for p in points), reverse=True)


def test_it_stops_when_told() -> None:
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return True

    found = familiar(lopsided(), [0.0, 0.3], How("quick", 0, lambda _: None, stop))
    assert [p.share for p in found.points] == [0.3]


def test_no_share_is_planned_anew_that_the_last_plan_keeps() -> None:
    """Three of twelve cases move, whatever more is allowed: one plan stands for all of those."""
    said: list[str] = []
    found = familiar(lopsided(), [0.9, 1.0, 0.0], How("quick", 0, said.append, lambda: False))
    most = found.points[-1]
    assert most.moves <= found.points[1].allowed
    assert len(said) == 2
    assert replace(found.points[1], share=1.0, allowed=12) == most


def test_utilisation_is_all_months_together() -> None:
    from planner.staffing.reached import planned

    outcome, _, _ = planned(lopsided(), "quick", 0, lambda: False)
    assert isinstance(outcome, Outcome)
    situation = outcome.situation
    for name, share in utilisation(outcome).items():
        hours = sum(outcome.planned_hours(name, m) for m in range(1, 19))
        there = sum(situation.capacity[name, m] for m in range(1, 19))
        assert share == pytest.approx(hours / there)


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("0:30", (0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3)),
        ("0:12", (0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.1, 0.12)),
        (" 10 : 10 ", (0.1,)),
        ("30:10", None),
        ("0:101", None),
        ("0", None),
        ("-5:10", None),
    ],
)
def test_shares(text: str, shares: tuple[float, ...] | None) -> None:
    assert shares_asked(text) == shares


# --- prices -------------------------------------------------------------------------------------


def test_prices_not_given_are_assumptions() -> None:
    assert tariff_asked(is_asked=False, officer_month=None) is None
    given = tariff_asked(is_asked=False, officer_month=100.0, overtime_hour=None)
    assert given is not None
    assert (given.officer_month, given.overtime_hour) == (100.0, Tariff().overtime_hour)
    assert "officer_month" not in given.assumed
    assert {"overtime_hour", "arms_month", "overtime_limit", "recruits_from"} <= given.assumed
    every = tariff_asked(is_asked=True)
    assert every is not None
    assert replace(every, assumed=frozenset()) == Tariff()


# --- levers as options --------------------------------------------------------------------------


def test_levers_as_words() -> None:
    team = TEAMS[0]
    (found,) = read_levers(
        [
            f'officers=6 team="{team}" from=3',
            "arms.hours=4",
            "overtime_hours=120.5 from=2 to=5",
            "cross_team=on",
            "reactive=10%",
            "deadline=12",
        ],
        REG,
    )
    assert found.name == "As asked"
    assert found.deadline == 12
    assert found.changes[:5] == (
        Change(lever="officers", value=6, team=team, first=3),
        Change(lever="arms.hours", value=4),
        Change(lever="overtime_hours", value=120.5, first=2, last=5),
        Change(lever="cross_team", value=True),
        Change(lever="reactive", value=0.1),
    )
    assert read_levers([], REG) == ()


def test_a_month_as_a_date() -> None:
    first = f"{REG.as_at.year + 1}-01"
    (found,) = read_levers([f"officers=1 from={first}"], REG)
    assert found.changes[0].first is not None
    assert 1 <= found.changes[0].first <= 18


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ("officer=6", "unknown-lever", "Lever"),
        ("", "no-lever", "Lever"),
        ("officers", "missing-value", "Lever"),
        ("officers=", "missing-value", "Lever"),
        ("officers=many", "wrong-value", "Value"),
        ("officers=1.5", "wrong-value", "Value"),
        ("officers=nan", "wrong-value", "Value"),
        ("officers=6 where=North", "unknown-field", None),
        ("officers=6 team=Nowhere", "unknown-team", "Team"),
        ("officers=6 from=19", "outside-the-plan", "From"),
        ("officers=6 from=5 to=3", "dates-out-of-order", "To"),
        ("officers=6 from=soon", "wrong-value", "From"),
        ("officers=6 from=2026-13", "wrong-value", "From"),
        ("cross_team=maybe", "wrong-value", "Value"),
        ("arms.hours=4 team=North", "no-team", "Team"),
        ('officers=6 team="North', "no-lever", "Lever"),
    ],
)
def test_a_faulty_lever_says_which_option(text: str, code: str, field: str | None) -> None:
    with pytest.raises(InputError) as raised:
        read_levers(["officers=1", text], REG)
    fault = raised.value.findings[0]
    assert (fault.sheet, fault.row, fault.column, fault.code) == ("--lever", 2, field, code)


def test_faults_of_levers_beside_one_another() -> None:
    with pytest.raises(InputError) as raised:
        read_levers(["officers=1", "arms.hours=4", "arms.hours=3"], REG)
    assert [(f.row, f.code) for f in raised.value.findings] == [(3, "twice")]


# --- the command --------------------------------------------------------------------------------


def test_all_of_it_as_a_user_meets_it(tmp_path: Path) -> None:
    path, out = tmp_path / "register.xlsx", tmp_path / "out"
    path.write_bytes(register_workbook(synthetic_register(offenders=60, officers=4, seed=4)))
    more = ["--no-plans", "--price-officer-month", "6000", "--moves", "10:15", "--quiet", "--json"]
    levers = ["--lever", "officers=1 from=3", "--lever", "arms.hours=4"]
    done = CliRunner().invoke(app, ["staffing", str(path), "--out", str(out), *more, *levers])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["cheapest"]["ways"][0]["way"] == "The cheapest mix of all"
    assert [p["share"] for p in told["familiar"]["points"]] == [0.1, 0.15]
    assert told["scenarios"][0]["scenario"] == "As asked"
    prices = {one["what"]: one for one in told["cheapest"]["prices"]}
    assert (prices["Officer-month"]["value"], prices["Officer-month"]["is_assumed"]) == (
        "6,000",
        False,
    )
    assert prices["Overtime hour"]["is_assumed"]
    assert {"Officer-month", "Overtime hour"} <= {one["what"] for one in told["assumptions"]}
    book = load_workbook(out / "staffing.xlsx")
    assert {"Ways to clear", "Purchases", "Fair or familiar"} <= set(book.sheetnames)
    assert book.sheetnames[0] == "Answer"
    for name, charts in (("Answer", 2), ("Fair or familiar", 2)):
        assert len(book[name]._charts) == charts  # type: ignore[attr-defined]  # noqa: SLF001
    told_rows = Random(0).sample(told["familiar"]["points"], 1)
    assert all(row["accepted"] and row["bound"] <= row["cost"] for row in told_rows)
