"""``planner staffing`` as a user meets it: text, JSON, workbook, Scenarios sheet, faults."""

from __future__ import annotations

import json
import re
import stat
from datetime import date
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner.cli import app
from planner.commands.staffing import levels_asked
from planner.errors import InputError
from planner.levers import LEVERS, Change
from planner.sample import synthetic_register
from planner.workbooks.register_read import read_register
from planner.workbooks.register_write import register_workbook

if TYPE_CHECKING:
    from pathlib import Path

RUN = CliRunner()
SHEETS = [
    "Answer",
    "Curve",
    "Exposure",
    "Scenarios",
    "Burn down",
    "Burn down in short",
    "Hours by team",
    "Assumptions",
]


@cache
def plain() -> bytes:
    return register_workbook(synthetic_register(offenders=90, officers=5, seed=4))


def with_scenarios(rows: list[tuple[Any, ...]]) -> bytes:
    book = load_workbook(BytesIO(plain()))
    sheet = book.create_sheet("Scenarios")
    sheet.append(["Scenario", "Lever", "Team", "Value", "From", "To", "Note"])
    for row in rows:
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "register.xlsx"
    path.write_bytes(plain())
    return path


def asked(register: Path, *more: str) -> Any:
    out = register.parent / "out"
    return RUN.invoke(app, ["staffing", str(register), "--out", str(out), "--quiet", *more])


def test_the_answer_with_a_plan_from_both_sides(register: Path) -> None:
    done = asked(register, "--effort", "quick", "--json", "--officers", "2:8", "--plan-at", "6")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert [level["officers"] for level in told["curve"]] == list(
        range(told["curve"][0]["officers"], 9)
    )
    assert {5, 6} <= {plan["officers"] for plan in told["plans"]}
    for plan in told["plans"]:
        (level,) = [one for one in told["curve"] if one["officers"] == plan["officers"]]
        assert plan["accepted"]
        assert level["bound"] <= plan["cost"]
        assert plan["bound"] <= plan["cost"]
        assert not (plan["clears"] and level["ruled_out"])
    assert told["least_planned"] >= told["fewest_proved"]
    assert told["pinned"] == (told["least_planned"] == told["fewest_proved"])


def test_the_workbook_has_its_sheets_and_no_person(register: Path) -> None:
    done = asked(register, "--no-plans")
    assert done.exit_code == 0
    path = register.parent / "out" / "staffing.xlsx"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or path.drive
    book = load_workbook(path)
    assert book.sheetnames == SHEETS
    words = {
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    }
    people = read_register(register).register
    names = {o.ref for o in people.offenders} | set(people.officer)
    text = " ".join(words) + done.output
    assert not [name for name in names if re.search(rf"\b{re.escape(name)}\b", text)]
    assert "NEW-" not in text
    for sheet in book:
        assert str(sheet["A1"].value)
        assert str(sheet["A2"].value).startswith("OFFICIAL")
        assert len(sheet.tables) == 1


def test_both_duties_stand_side_by_side(register: Path) -> None:
    asked(register, "--no-plans")
    book = load_workbook(register.parent / "out" / "staffing.xlsx")
    for name in ("Curve", "Scenarios", "Burn down"):
        headers = {str(cell.value) for row in book[name].iter_rows(max_row=8) for cell in row}
        assert any("ARMS overdue" in h for h in headers), name
        assert any("isits overdue" in h for h in headers), name


def test_every_assumption_has_a_source_and_a_date(register: Path) -> None:
    done = asked(register, "--no-plans", "--json")
    for one in json.loads(done.stdout)["assumptions"]:
        assert one["source"], one
        assert one["dated"], one


def test_the_same_question_gives_the_same_bytes(register: Path) -> None:
    asked(register, "--no-plans")
    path = register.parent / "out" / "staffing.xlsx"
    first = path.read_bytes()
    asked(register, "--no-plans")
    assert path.read_bytes() == first


def test_scenarios_from_a_file_add_up(register: Path) -> None:
    file = register.parent / "s.toml"
    file.write_text(
        '[scenario."Both"]\nofficers = 1\narms.hours = 6\nsurge = { value = 9, from = 4 }\n'
    )
    done = asked(register, "--no-plans", "--json", "--scenario", str(file))
    rows = json.loads(done.stdout)["scenarios"]
    assert [row["row"] for row in rows] == [
        "Run 0: today", "Own effect", "Own effect", "Own effect", "Interaction", "Together",
    ]  # fmt: skip
    for name in rows[0]["figures"]:
        figures = [row["figures"][name] for row in rows]
        assert sum(figures[:-1]) == pytest.approx(figures[-1], abs=1e-6)


def test_scenarios_from_the_registers_own_sheet(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    (team,) = {s.team for s in synthetic_register(offenders=90, officers=5, seed=4).officers}
    path.write_bytes(
        with_scenarios(
            [
                ("More", "officers", team, 2, 3, None, "why"),
                ("More", "ARMS.hours", None, 4, None, None, None),
                ("Cross", "cross_team", None, "On", None, None, None),
                ("Later", "overtime_hours", None, 40, date(2027, 1, 5), 4, None),
            ]
        )
    )
    more, cross, later = read_register(path).scenarios
    assert (more.name, more.note) == ("More", "why")
    assert more.changes == (
        Change(lever="officers", value=2, team=team, first=3),
        Change(lever="arms.hours", value=4),
    )
    assert cross.changes == (Change(lever="cross_team", value=True),)
    assert later.changes == (Change(lever="overtime_hours", value=40, first=2, last=4),)
    done = RUN.invoke(
        app, ["staffing", str(path), "--out", str(tmp_path), "--no-plans", "--json", "--quiet"]
    )
    assert {row["scenario"] for row in json.loads(done.stdout)["scenarios"]} == {
        "More", "Cross", "Later",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (("A", "officer", None, 2, None, None), "unknown-lever", "Lever"),
        (("A", None, None, 2, None, None), "missing-value", "Lever"),
        ((None, "officers", None, 2, None, None), "missing-value", "Scenario"),
        (("A", "officers", None, None, None, None), "missing-value", "Value"),
        (("A", "officers", None, "two", None, None), "wrong-kind", "Value"),
        (("A", "officers", "Nowhere", 2, None, None), "unknown-team", "Team"),
        (("A", "officers", None, 2, 19, None), "outside-the-plan", "From"),
        (("A", "officers", None, 2, "soon", None), "wrong-kind", "From"),
        (("A", "officers", None, 2, 5, 3), "dates-out-of-order", "To"),
        (("Today", "officers", None, 2, None, None), "bad-name", "Scenario"),
        (("A", "leavers", None, 90, None, None), "too-many-leavers", "Value"),
    ],
)
def test_a_faulty_row_says_where(
    tmp_path: Path, row: tuple[Any, ...], code: str, column: str
) -> None:
    path = tmp_path / "register.xlsx"
    path.write_bytes(with_scenarios([row]))
    with pytest.raises(InputError) as caught:
        read_register(path)
    (fault,) = [f for f in caught.value.findings if f.is_fault]
    assert (fault.sheet, fault.row, fault.column, fault.code) == ("Scenarios", 2, column, code)
    assert RUN.invoke(app, ["staffing", str(path), "--out", str(tmp_path)]).exit_code == 3


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--officers", "many"], 2),
        (["--officers", "9:4"], 2),
        (["--officers", "1:900"], 2),
        (["--team", "Nowhere"], 3),
        (["--deadline", "24"], 3),
        (["--deadline", "0"], 3),
        (["--deadline", "2035-01"], 3),
        (["--deadline", "2027-13"], 3),
        (["--scenario", "none.toml"], 3),
        (["--lever", "officer=3"], 3),
        (["--moves", "30"], 2),
        (["--moves", "30:10"], 2),
        (["--price-overtime-hour", "-1"], 2),
        (["--recruits-from", "14"], 2),
    ],
)
def test_what_cannot_be_asked_ends_with_its_code(
    register: Path, more: list[str], code: int
) -> None:
    done = asked(register, "--no-plans", *more)
    assert done.exit_code == code, done.output
    assert not (register.parent / "out" / "staffing.xlsx").exists()


def test_a_deadline_as_a_month(register: Path) -> None:
    by_date = json.loads(asked(register, "--no-plans", "--json", "--deadline", "2027-05").stdout)
    by_number = json.loads(asked(register, "--no-plans", "--json", "--deadline", "6").stdout)
    assert by_date["deadline_month"] == by_number["deadline_month"] == 6
    assert by_date["curve"] == by_number["curve"]


def test_a_folder_that_cannot_be_made_ends_with_6(register: Path) -> None:
    (register.parent / "out").write_text("in the way")
    assert asked(register, "--no-plans").exit_code == 6


def test_a_range() -> None:
    assert levels_asked("40:75") == (40, 75)
    assert levels_asked(" 7 : 7 ") == (7, 7)
    assert levels_asked("40") is None
    assert levels_asked("0:3") is None


def test_every_lever_is_named_in_the_documents() -> None:
    from pathlib import Path

    text = (Path(__file__).parent.parent / "docs" / "staffing.md").read_text(encoding="utf-8")
    for key in LEVERS:
        assert f"`{key}`" in text or f"`{key.rsplit('.', 1)[0]}." in text, key


def test_a_register_without_the_sheet_has_no_scenarios(register: Path) -> None:
    assert read_register(register).scenarios == ()
