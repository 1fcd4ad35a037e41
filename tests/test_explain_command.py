"""``planner explain`` as a person types it: exit codes, sentences, --json, hand-edited plans."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner.cli import app
from planner.workbooks.plan_prices import read_hour_prices
from planner.workbooks.plan_read import open_plan_workbook
from planner.workbooks.register_read import read_register
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from pathlib import Path

RUN = CliRunner()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of 60 people and, beside it, the folder of its plan."""
    there = tmp_path_factory.mktemp("explain")
    made = ["sample", str(there / "register.xlsx"), "--offenders", "60", "--officers", "3"]
    assert RUN.invoke(app, made).exit_code == 0
    planned = ["plan", str(there / "register.xlsx"), "--out", str(there / "plan")]
    assert RUN.invoke(app, [*planned, "--effort", "quick"]).exit_code == 0
    return there


def asked(folder: Path, ref: str, *options: str) -> Any:
    """The result as JSON, and nothing else on standard output."""
    done = RUN.invoke(app, ["explain", str(folder / "plan"), ref, "--json", *options])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def refs(folder: Path) -> list[str]:
    """The case of each row of the Schedule."""
    sheet = load_workbook(folder / "plan" / "plan.xlsx")["Schedule"]
    row, names = header(sheet)
    at = names["Offender ref"]
    return [str(cells[at]) for cells in sheet.iter_rows(min_row=row + 1, values_only=True)]


def header(sheet: Any) -> tuple[int, dict[str, int]]:
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if "Offender ref" in cells:
            return number, {str(name): n for n, name in enumerate(cells)}
    raise AssertionError


def copied(folder: Path, to: Path) -> Path:
    shutil.copytree(folder, to, dirs_exist_ok=True)
    return to


def test_it_says_why_in_sentences_and_finds_the_register_by_itself(folder: Path) -> None:
    ref = refs(folder)[0]
    done = RUN.invoke(app, ["explain", str(folder / "plan"), ref, "--quiet"])
    assert done.exit_code == 0
    assert done.stderr == ""
    for part in (
        f"Case {ref}: ",
        "Why this SOM",
        "Why these months",
        "Why announced or not",
        "Changes of SOM that count",
        "in the plan",
    ):
        assert part in done.stdout
    assert "Warning" not in done.stdout


def test_progress_goes_to_standard_error_and_names_nobody(folder: Path) -> None:
    ref = refs(folder)[0]
    done = RUN.invoke(app, ["explain", str(folder / "plan"), ref, "--json"])
    assert "Reading the plan" in done.stderr
    assert ref not in done.stderr


def test_json_has_the_same_for_every_case(folder: Path) -> None:
    register = read_register(folder / "register.xlsx").register
    for person in register.offenders[::5]:
        told = asked(folder, person.ref, "--quiet")
        assert set(told) == {
            *("schema_version", "ref", "risk_level", "status", "management", "team"),
            *("first_month", "last_month", "same_register", "warnings", "som", "duties"),
            *("not_planned", "visit_types"),
        }
        assert told["ref"] == person.ref
        assert told["same_register"] is True
        assert told["warnings"] == []
        assert {c["staff_id"] for c in told["som"]["candidates"]} >= {
            s.staff_id for s in register.officers if s.team == person.team
        }
        for candidate in told["som"]["candidates"]:
            assert candidate["eligible"] == (candidate["costs_more"] is not None)
            assert candidate["eligible"] != bool(candidate["bars"])
            if candidate["choice"]:
                parts = candidate["choice"]["cost"]
                assert parts["total"] == pytest.approx(sum(parts.values()) - parts["total"])
        done = [d for d in told["duties"] if d["month"]]
        assert len([d for d in done if d["duty"] == "Visit"]) == len(told["visit_types"]["visits"])
        for duty in done:
            assert all(e["month"] < duty["month"] for e in duty["earlier_months"])


def test_prices_are_those_of_the_workbook(folder: Path) -> None:
    situation = Situation(read_register(folder / "register.xlsx").register)
    book = open_plan_workbook(folder / "plan" / "plan.xlsx")
    prices = read_hour_prices(book, situation.horizon)
    teams = situation.register.teams
    assert set(prices) == {(team, m) for team in teams for m in situation.horizon.months}
    sheet = load_workbook(folder / "plan" / "plan.xlsx")["Price of an hour"]
    cells = next(row for row in sheet.iter_rows(values_only=True) if row[0] == teams[0])
    assert [prices[teams[0], m] for m in (1, 18)] == pytest.approx([cells[1], cells[18]])
    starts = {situation.horizon.start(m).isoformat(): m for m in situation.horizon.months}
    told = [
        (earlier["price_of_an_hour"], prices[person["team"], starts[earlier["month"]]])
        for ref in sorted(set(refs(folder)))[::5]
        for person in [asked(folder, ref)]
        for duty in person["duties"]
        for earlier in duty["earlier_months"]
    ]
    assert told
    assert all(said == held for said, held in told)


def test_a_workbook_without_prices_is_explained_without_them(folder: Path, tmp_path: Path) -> None:
    there = copied(folder, tmp_path)
    book = load_workbook(there / "plan" / "plan.xlsx")
    del book["Price of an hour"]
    book.save(there / "plan" / "plan.xlsx")
    told = asked(there, refs(folder)[0])
    assert [w for w in told["warnings"] if "price" in w]


def test_a_reference_that_nobody_has_ends_with_3(folder: Path) -> None:
    done = RUN.invoke(app, ["explain", str(folder / "plan"), "nobody", "--quiet"])
    assert done.exit_code == 3
    assert done.stdout == ""
    assert "No case of the register has the reference given." in done.stderr
    assert "nobody" not in done.stderr
    told = RUN.invoke(app, ["explain", str(folder / "plan"), "nobody", "--json", "--quiet"])
    assert told.exit_code == 3
    assert json.loads(told.stdout)["findings"][0]["code"] == "unknown-ref"


def test_a_reference_nearly_right_is_asked_about(folder: Path) -> None:
    ref = next(r for r in refs(folder) if "-" in r)
    done = RUN.invoke(app, ["explain", str(folder / "plan"), ref.lower().replace("-", " ")])
    assert done.exit_code == 3
    assert f"Is {ref} meant?" in done.stderr


def test_a_register_gone_or_changed_must_be_named(folder: Path, tmp_path: Path) -> None:
    there = copied(folder, tmp_path)
    ref = refs(folder)[0]
    register = there / "register.xlsx"
    assert asked(there, ref)["same_register"] is True  # moved together
    register.rename(there / "kept.xlsx")
    done = RUN.invoke(app, ["explain", str(there / "plan"), ref])
    assert done.exit_code == 3
    assert "--register REGISTER" in done.stderr
    assert asked(there, ref, "--register", str(there / "kept.xlsx"))["same_register"] is True
    book = load_workbook(there / "kept.xlsx")
    book["About"]["D1"] = "changed"
    book.save(register)
    done = RUN.invoke(app, ["explain", str(there / "plan"), ref])
    assert done.exit_code == 3
    assert "has been changed" in done.stderr
    told = asked(there, ref, "--register", str(register))
    assert told["same_register"] is False
    assert "another register" in told["warnings"][0]


def test_without_a_manifest_the_register_must_be_named(folder: Path, tmp_path: Path) -> None:
    there = copied(folder, tmp_path)
    (there / "plan" / "manifest.json").unlink()
    ref = refs(folder)[0]
    assert RUN.invoke(app, ["explain", str(there / "plan"), ref]).exit_code == 3
    assert asked(there, ref, "--register", str(there / "register.xlsx"))["ref"] == ref


def test_the_plan_says_for_which_day_the_register_is_read(folder: Path, tmp_path: Path) -> None:
    there = copied(folder, tmp_path)
    first = asked(there, refs(folder)[0])["first_month"]
    (there / "plan" / "manifest.json").unlink()
    book = load_workbook(there / "register.xlsx")
    del book["About"]  # without it the register is read as of today
    book.save(there / "register.xlsx")
    told = asked(there, refs(folder)[0], "--register", str(there / "register.xlsx"))
    assert told["first_month"] == first


def test_a_register_of_csv_files_is_found_too(tmp_path: Path) -> None:
    sheets = tmp_path / "sheets"
    sheets.mkdir()
    (sheets / "Offenders.csv").write_text(
        "Offender ref,Status,Risk level,Team,SOM,Last visit,Last ARMS\n"
        "P1,Community,Low,North,S1,10/01/2026,10/01/2026\n"
    )
    (sheets / "Staff.csv").write_text(
        "Staff ID,Team,FTE,ARMS trained from\nS1,North,1,01/01/2020\nS2,North,1,01/01/2020\n"
    )
    (sheets / "About.csv").write_text("Item,Value\nAs at,15/01/2026\n")
    out = ["plan", str(sheets), "--out", str(tmp_path / "plan"), "--effort", "quick"]
    assert RUN.invoke(app, out).exit_code == 0
    told = asked(tmp_path, "P1")
    assert told["same_register"] is True
    assert told["first_month"] == "2026-02-01"


def test_a_folder_without_a_plan_ends_with_3(folder: Path, tmp_path: Path) -> None:
    done = RUN.invoke(app, ["explain", str(tmp_path), "P1"])
    assert done.exit_code == 3
    assert RUN.invoke(app, ["explain"]).exit_code == 2


def test_a_plan_edited_by_hand_is_explained_as_edited(folder: Path, tmp_path: Path) -> None:
    """Another SOM in Allocation, a visit moved to the end: the answer goes by the edit."""
    there = copied(folder, tmp_path)
    book = load_workbook(there / "plan" / "plan.xlsx")
    allocation: Any = book["Allocation"]
    schedule: Any = book["Schedule"]
    names = header(schedule)[1]
    visit: Any = next(
        row
        for row in schedule.iter_rows(min_row=header(schedule)[0] + 1)
        if row[names["Duty"]].value == "Visit"
        and row[names["Risk level"]].value == "Low"
        and row[names["Due"]].value < row[names["Month"]].value
    )
    ref = str(visit[names["Offender ref"]].value)
    before = asked(folder, ref)
    other = next(
        c["staff_id"] for c in before["som"]["candidates"] if c["eligible"] and not c["in_plan"]
    )
    last = before["last_month"]
    visit[names["Month"]].value = datetime.fromisoformat(last)
    held = header(allocation)[1]
    for row in allocation.iter_rows(min_row=header(allocation)[0] + 1):
        if str(row[held["Offender ref"]].value) == ref:
            row[held["SOM"]].value = other
    book.save(there / "plan" / "plan.xlsx")
    told = asked(there, ref)
    assert [h["staff_id"] for h in told["som"]["planned"]["holders"]] == [other]
    assert next(c for c in told["som"]["candidates"] if c["staff_id"] == other)["in_plan"]
    months = [d["month"] for d in told["duties"] if d["duty"] == "Visit"]
    assert last in months
    assert last not in [d["month"] for d in before["duties"] if d["duty"] == "Visit"]
    # the visit before is missed now, which earlier months with room would mend
    costs = [answer["som"]["planned"]["cost"]["exposure"] for answer in (before, told)]
    assert costs[0] < costs[1]
    done = RUN.invoke(app, ["explain", str(there / "plan"), ref, "--quiet"])
    assert "could be better here" in done.stdout
