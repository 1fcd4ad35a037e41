"""``planner recommend`` as a person types it: exit codes, sentences, --json, any plan."""

from __future__ import annotations

import json
import shutil
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner.cli import app
from planner.commands.recommend import Advice
from planner.commands.recommend_json import recommendation_json
from planner.commands.recommend_text import recommendation_text
from planner.domain.terms import RiskLevel
from planner.recommend.question import Question
from planner.recommend.recommendation import recommend
from planner.tables.written import written_plan
from planner.workbooks.register_read import read_register
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation
from tests.build import DrawnPlan, nasty_register

if TYPE_CHECKING:
    from pathlib import Path

    from planner.domain.register import Register

RUN = CliRunner()
NEW = ("--risk-level", "High", "--team")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of 120 people and, beside it, the folder of its plan."""
    there = tmp_path_factory.mktemp("recommend")
    made = ["sample", str(there / "register.xlsx"), "--offenders", "120", "--officers", "6"]
    assert RUN.invoke(app, made).exit_code == 0
    planned = ["plan", str(there / "register.xlsx"), "--out", str(there / "plan")]
    assert RUN.invoke(app, [*planned, "--effort", "quick"]).exit_code == 0
    return there


@pytest.fixture(scope="module")
def register(folder: Path) -> Register:
    return read_register(folder / "register.xlsx").register


def run(folder: Path, *options: str) -> Any:
    return RUN.invoke(app, ["recommend", str(folder / "plan"), *options])


def told(folder: Path, *options: str) -> Any:
    """The result as JSON, and nothing else on standard output."""
    done = run(folder, *options, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_it_ranks_in_sentences_and_a_table(folder: Path, register: Register) -> None:
    team = register.teams[0]
    done = run(folder, *NEW, team, "--quiet")
    assert done.exit_code == 0
    assert done.stderr == ""
    for part in (
        f"A new case: High, Community, Active, team {team}; to be held from December 2026.",
        "Its next visit is due",
        "hours a month back for new registrations",
        "costs least:",
        "Who may take it, the least cost first",
        "Month by month",
        "  1. SOM-",
    ):
        assert part in done.stdout
    assert "Warning" not in done.stdout
    assert "The SOM today" not in done.stdout


def test_a_case_that_must_move_shows_its_som_apart(folder: Path, register: Register) -> None:
    person = next(o for o in register.offenders if o.som and not o.keep and o.is_active)
    done = run(folder, "--ref", person.ref)
    assert done.exit_code == 0
    assert f"Case {person.ref}: {person.level.label}" in done.stdout
    assert f"The SOM today, who is not ranked: {person.som}" in done.stdout
    assert person.ref not in done.stderr
    found = told(folder, "--ref", person.ref)
    assert found["present"]["staff_id"] == person.som
    listed = [o["staff_id"] for part in ("ranked", "barred") for o in found[part]]
    assert person.som not in listed
    assert sorted([*listed, person.som]) == sorted(register.officer)
    assert found["held_back_hours"] == 0


CASE = {
    *("new", "ref", "risk_level", "status", "management", "team", "needs", "not_with", "crew"),
    *("visit_interval", "arms_applicable", "registered_from", "visit_due", "arms_due"),
}
OPTION = {
    *("rank", "staff_id", "team", "eligible", "in_plan", "trained_for_arms", "load", "bars"),
    "takeover",
}
LOAD = {
    *("caseload", "over_norm", "community_caseload", "cap", "very_high_and_high", "fair_share"),
    *("capacity_hours", "community_per_100_hours"),
}
TAKEOVER = {
    *("holders", "nobody_from", "cost", "hours", "hours_displaced", "visits", "arms"),
    *("next_visit", "next_arms", "months"),
}
COST = {
    *("exposure", "protected", "uncleared", "moves", "mix", "spread", "displaced", "total"),
}
MONTH = {
    *("month", "visit", "arms_by", "hours_needed", "officer_hours_needed", "officer_hours_left"),
    *("team_hours_left", "held_back_hours", "hours_displaced", "price_of_an_hour"),
    *("displaced_cost", "spread_cost", "arms_gives_way"),
}


def questions(register: Register) -> list[tuple[str, ...]]:
    new = [(*NEW, team) for team in register.teams]
    return [*new, *(("--ref", o.ref) for o in register.offenders[::20])]


def test_json_has_the_same_for_every_question(folder: Path, register: Register) -> None:
    for question in questions(register):
        found = told(folder, *question, "--quiet")
        assert set(found) == {
            *("schema_version", "case", "month", "first_month", "last_month", "same_register"),
            *("warnings", "norm", "held_back_hours", "changes_counted", "changes_allowed"),
            *("present", "ranked", "barred"),
        }
        assert set(found["case"]) == CASE
        assert found["same_register"] is True
        assert found["month"] == found["first_month"] == "2026-12-01"
        assert [o["rank"] for o in found["ranked"]] == list(range(1, len(found["ranked"]) + 1))
        for option in (*found["ranked"], *found["barred"]):
            assert set(option) == OPTION
            assert set(option["load"]) == LOAD
            assert option["load"]["over_norm"] == option["load"]["caseload"] - found["norm"]
            assert option["eligible"] == (option["takeover"] is not None) == (not option["bars"])
            assert option["eligible"] == (option["rank"] is not None)
            for bar in option["bars"]:
                assert set(bar) == {"rule", "kind", "names", "months", "number", "held", "text"}
                assert bar["text"].startswith(f"Rule {bar['rule']}: ")
        costs = [o["takeover"]["cost"]["total"] for o in found["ranked"]]
        assert costs == sorted(costs, key=lambda c: round(c, 1))
        for option in found["ranked"]:
            check(option["takeover"])


def check(taken: Any) -> None:
    """Its figures hang together, and the columns are those promised."""
    assert set(taken) == TAKEOVER
    assert set(taken["cost"]) == COST
    cost = taken["cost"]
    assert cost["total"] == pytest.approx(sum(cost.values()) - cost["total"])
    months = taken["months"]
    assert all(set(m) == MONTH for m in months)
    assert [m["month"] for m in months if m["visit"]] == taken["visits"]
    assert [m["month"] for m in months if m["arms_by"]] == taken["arms"]
    assert sum(m["hours_needed"] for m in months) == pytest.approx(taken["hours"])
    assert sum(m["hours_displaced"] for m in months) == pytest.approx(taken["hours_displaced"])
    assert sum(m["displaced_cost"] for m in months) == pytest.approx(cost["displaced"])
    assert sum(m["spread_cost"] for m in months) == pytest.approx(cost["spread"])
    for m in months:
        going = m["arms_gives_way"]
        points = m["hours_displaced"] * m["price_of_an_hour"]
        if going:
            points += max(0.0, going["cost"] - going["hours_freed"] * m["price_of_an_hour"])
        assert m["displaced_cost"] == pytest.approx(points)
    for first, done in (("next_visit", "visits"), ("next_arms", "arms")):
        if taken[first]:
            assert taken[first]["month"] == min(taken[done], default=None)


def test_hours_left_are_those_of_the_workload_sheet(folder: Path, register: Register) -> None:
    """Capacity less lead hours; and the team's capacity less its planned hours."""
    sheet: Any = load_workbook(folder / "plan" / "plan.xlsx")["Workload"]
    rows = [r for r in sheet.iter_rows(values_only=True) if r[0] is not None]
    head = next(n for n, r in enumerate(rows) if "Capacity hours" in r)
    named = [dict(zip(rows[head], r, strict=True)) for r in rows[head + 1 :]]
    team = register.teams[0]
    best = told(folder, *NEW, team)["ranked"][0]
    for m in best["takeover"]["months"]:
        of_month = [
            r for r in named if r["Month"].date().isoformat() == m["month"] and r["Team"] == team
        ]
        own = next(r for r in of_month if r["SOM"] == best["staff_id"])
        assert m["officer_hours_left"] == pytest.approx(
            own["Capacity hours"] - own["Lead hours"], abs=0.01
        )
        left = sum(r["Capacity hours"] - r["Planned hours"] for r in of_month)
        assert m["team_hours_left"] == pytest.approx(left, abs=0.1)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--risk-level", "High"], 2),
        (["--team", "Oak"], 2),
        ([], 2),
        (["--risk-level", "Severe", "--team", "TEAM"], 2),
        ([*NEW, "TEAM", "--crew", "3"], 2),
        ([*NEW, "TEAM", "--from", "soon"], 2),
        ([*NEW, "Nowhere"], 3),
        ([*NEW, "TEAM", "--needs", "Juggling"], 3),
        ([*NEW, "TEAM", "--not-with", "SOM-99"], 3),
        ([*NEW, "TEAM", "--from", "2026-11"], 3),
        ([*NEW, "TEAM", "--from", "2030-01"], 3),
        ([*NEW, "TEAM", "--registered-from", "2030-01-01"], 3),
        (["--ref", "nobody"], 3),
        ([*NEW, "TEAM", "--from", "2027-03", "--registered-from", "2027-02-10"], 0),
        (["--risk-level", "very HIGH", "--team", "team"], 0),
        ([*NEW, "TEAM", "--no-arms", "--crew", "1", "--visit-interval", "2"], 0),
    ],
)
def test_it_ends_with_the_contracts_code(
    folder: Path, register: Register, options: list[str], code: int
) -> None:
    team = register.teams[0]
    names = {"TEAM": team, "team": team.lower()}
    done = run(folder, *(names.get(o, o) for o in options), "--quiet")
    assert done.exit_code == code, done.output
    if code:
        assert done.stdout == ""
        assert done.stderr


def test_a_name_nearly_right_is_asked_about(folder: Path, register: Register) -> None:
    done = run(folder, *NEW, register.teams[0] + "s")
    assert done.exit_code == 3
    assert f"Is {register.teams[0]} meant?" in done.stderr
    done = run(folder, *NEW, register.teams[0], "--not-with", "SOM01")
    assert "Is SOM-01 meant?" in done.stderr


def test_lists_may_be_repeated_or_divided_by_semicolons(folder: Path, register: Register) -> None:
    team = register.teams[0]
    first, second = sorted(s.staff_id for s in register.officers if s.team == team)[:2]
    for options in (
        ("--not-with", first, "--not-with", second.lower()),
        ("--not-with", f"{first}; {second}"),
    ):
        found = told(folder, *NEW, team, *options)
        assert found["case"]["not_with"] == [first, second]
        kinds = {o["staff_id"]: [b["kind"] for b in o["bars"]] for o in found["barred"]}
        assert kinds[first] == kinds[second] == ["not_with"]


def test_a_workbook_without_prices_is_said(
    folder: Path, register: Register, tmp_path: Path
) -> None:

    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    book = load_workbook(tmp_path / "plan" / "plan.xlsx")
    del book["Price of an hour"]
    book.save(tmp_path / "plan" / "plan.xlsx")
    found = told(tmp_path, *NEW, register.teams[0])
    assert [w for w in found["warnings"] if "no price of an hour" in w]


@pytest.mark.parametrize("seed", range(60))
def test_any_register_and_plan_gets_an_answer(seed: int) -> None:
    """A new case in each team and three that must move; every officer is in one list."""
    draw = Random(seed)
    register = nasty_register(draw)
    found = Situation(register)
    written = written_plan(Outcome(found, DrawnPlan(found, draw, by_the_rules=True).plan()), [])
    prices = {
        (team, m): draw.choice((0.0, 1.5, 4.0))
        for team in register.teams
        for m in found.horizon.months
        if draw.random() < 0.9
    }
    new = [
        Question(
            level=draw.choice(list(RiskLevel)),
            team=team,
            month=draw.choice((None, 1, 4, 18)),
            crew=draw.choice((None, 1, 2)),
            needs=frozenset(draw.choice(((), ("Youth",)))),
        )
        for team in register.teams
    ]
    moving = [Question(ref=o.ref, month=draw.choice((None, 1, 3))) for o in register.offenders[:3]]
    for question in (*new, *moving):
        answer = recommend(found, written, question, prices)
        advice = Advice(recommendation=answer, same_register=True, priced=bool(prices))
        assert recommendation_text(advice)
        assert json.dumps(recommendation_json(advice), default=str)
        everybody = [*answer.ranked, *answer.barred, *([answer.present] if answer.present else [])]
        assert sorted(o.staff_id for o in everybody) == sorted(register.officer)
        person = answer.offender
        for option in answer.ranked:
            assert found.posts.may_hold(option.staff_id, person, answer.month)
            assert option.takeover
            for taken in option.takeover.months:
                assert taken.month >= answer.month or not answer.is_new
                assert taken.displaced >= 0
                assert taken.spread >= 0
