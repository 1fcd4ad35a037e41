"""``planner review`` as a person types it: plan, edit, review, store."""

from __future__ import annotations

import json
import os
import shutil
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner.cli import app
from planner.domain.decision import EditField
from planner.history.history import History
from tests.review_build import fill, sheet_with_key

if TYPE_CHECKING:
    from pathlib import Path

    from planner.review.issued import Key

RUN = CliRunner()
DAY = "2026-12-15"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of 60 people and, beside it, the folder of its plan."""
    there = tmp_path_factory.mktemp("review")
    sample = ["sample", str(there / "register.xlsx"), "--offenders", "60", "--officers", "3"]
    assert RUN.invoke(app, sample).exit_code == 0
    planned = ["plan", str(there / "register.xlsx"), "--out", str(there / "plan"), "--quiet"]
    assert RUN.invoke(app, [*planned, "--effort", "quick"]).exit_code == 0
    return there


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of its own for each test."""
    shutil.copytree(made, tmp_path / "copy")
    return tmp_path / "copy" / "plan"


def rows(folder: Path, kind: str, month: str = "2026-12") -> list[str]:
    _, sheet, top, names = sheet_with_key(folder / "workload.xlsx")
    refs = [sheet.cell(r, names["Decision ref"]).value for r in range(top + 1, sheet.max_row + 1)]
    return sorted(str(ref) for ref in refs if str(ref).endswith(f"/{kind}/{month}"))


def filled(folder: Path, name: str, said: dict[Key, Any], by: str = "Ann") -> Path:
    return fill(folder / "workload.xlsx", said, by, folder.parent / name)


def reviewed(folder: Path, *workbooks: Path, code: int = 0, options: tuple[str, ...] = ()) -> Any:
    asked = ["review", str(folder), *map(str, workbooks), "--json", "--quiet", "--on", DAY]
    done = RUN.invoke(app, [*asked, *options])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def accepted(folder: Path) -> dict[Key, Any]:
    with History.open(folder) as history:
        (run,) = history.runs()
        return {key: said.value for key, said in history.accepted(run.run_id).items()}


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted((folder / "runs").rglob("*"))
        if p.is_file()
    }


def entries(told: Any) -> list[tuple[str, str, str]]:
    return [
        (e["decision_ref"], e["column"], e["outcome"])
        for book in told["workbooks"]
        for e in book["entries"]
    ]


def test_a_dry_run_stores_nothing_and_apply_stores_once(folder: Path) -> None:
    visit, other = rows(folder, "Visit")[:2]
    said: dict[Key, Any] = {
        (visit, EditField.DONE_ON): date(2026, 12, 8),
        (visit, EditField.RESULT): "Seen",
        (other, EditField.NOT_POSSIBLE): "In hospital",
    }
    book = filled(folder, "north.xlsx", said)
    before = files(folder)
    told = reviewed(folder, book)
    assert [e[2] for e in entries(told)] == ["Accepted"] * 3
    assert told["applied"] is False
    assert files(folder) == before
    assert accepted(folder) == {}

    told = reviewed(folder, book, options=("--apply", "--by", "Insp Jones"))
    assert told["workbooks"][0]["stored"] == 3
    assert accepted(folder) == said
    (stored,) = [name for name in files(folder) if "decisions" in name]
    batch = json.loads(files(folder)[stored])
    assert batch["by"] == "Insp Jones"
    assert {e["by"] for e in batch["edits"]} == {"Ann"}
    assert batch["edits"][0]["cell"].startswith("Decisions!")

    again = reviewed(folder, book, options=("--apply",))
    assert [e[2] for e in entries(again)] == ["Said before"] * 3
    assert len([name for name in files(folder) if "decisions" in name]) == 1


def test_a_workbook_with_one_refused_entry_is_held_back_whole(folder: Path) -> None:
    visit, other = rows(folder, "Visit")[:2]
    wrong = filled(
        folder,
        "a.xlsx",
        {(visit, EditField.SOM): "Sgt Brown", (other, EditField.NOTE): "ring first"},
    )
    right = filled(folder, "b.xlsx", {(other, EditField.NOTE): "ring first"}, "Bob")
    told = reviewed(folder, wrong, right, code=3, options=("--apply",))
    assert [b["stored"] for b in told["workbooks"]] == [0, 1]
    assert told["workbooks"][0]["told"].startswith("Held back whole: 1 entry holds it back")
    assert accepted(folder) == {(other, EditField.NOTE): "ring first"}


def test_two_supervisors_against_each_other(folder: Path) -> None:
    visit = rows(folder, "Visit")[0]
    which = (visit, EditField.NOTE)
    one = filled(folder, "a.xlsx", {which: "ring first"}, "Ann")
    other = filled(folder, "b.xlsx", {which: "never ring"}, "Bob")
    told = reviewed(folder, one, other, code=3, options=("--apply",))
    assert [e[2] for e in entries(told)] == ["Conflict", "Conflict"]
    assert accepted(folder) == {}
    reviewed(folder, one, options=("--apply",))
    assert entries(reviewed(folder, other, code=3))[0][2] == "Conflict"
    clear = filled(folder, "c.xlsx", {which: "Clear"}, "Bob")
    reviewed(folder, clear, options=("--apply",))
    assert accepted(folder) == {which: None}
    reviewed(folder, other, options=("--apply",))
    assert accepted(folder) == {which: "never ring"}


def test_two_who_say_the_same_are_both_told_and_it_is_stored_once(folder: Path) -> None:
    visit, other = rows(folder, "Visit")[:2]
    one = filled(folder, "a.xlsx", {(visit, EditField.NOTE): "ring first"}, "Ann")
    two = filled(
        folder,
        "b.xlsx",
        {(visit, EditField.NOTE): "ring first", (other, EditField.NOTE): "new flat"},
        "Bob",
    )
    told = reviewed(folder, one, two, options=("--apply",))
    assert [b["stored"] for b in told["workbooks"]] == [1, 1]
    assert len(accepted(folder)) == 2


def test_an_officers_own_workbook(folder: Path) -> None:
    path = sorted((folder / "officers").iterdir())[0]
    _, sheet, top, names = sheet_with_key(path)
    ref = str(sheet.cell(top + 1, names["Decision ref"]).value)
    fill(path, {(ref, EditField.DONE_ON): date(2026, 12, 3)}, "")
    told = reviewed(folder, path, options=("--apply",))
    (entry,) = told["workbooks"][0]["entries"]
    assert (entry["by"], entry["outcome"]) == (path.stem, "Accepted")
    assert accepted(folder) == {(ref, EditField.DONE_ON): date(2026, 12, 3)}


def test_the_result_is_a_workbook_too(folder: Path) -> None:
    visit, other = rows(folder, "Visit")[:2]
    said: dict[Key, Any] = {
        (visit, EditField.LOCK_MONTH): date(2027, 2, 1),
        (other, EditField.NOTE): "=HYPERLINK(1)",
    }
    book = filled(folder, "a.xlsx", {})
    found, sheet, top, names = sheet_with_key(book)
    at = {sheet.cell(r, names["Decision ref"]).value: r for r in range(top + 1, sheet.max_row + 1)}
    for (ref, field), value in said.items():
        cell = sheet.cell(at[ref], names[f"{field.value} (you can edit)"])
        cell.value = value
        cell.data_type = "s" if isinstance(value, str) else cell.data_type
    found.save(book)
    out = folder.parent / "result.xlsx"
    told = reviewed(folder, book, options=("--out", str(out), "--by", "Ann"))
    assert told["result"] == "result.xlsx"
    if os.name == "posix":
        assert out.stat().st_mode & 0o777 == 0o600
    result = load_workbook(out)
    assert result.sheetnames == ["Review", "Entries", "What it costs"]
    lines = [[c.value for c in r] for r in result["Entries"].iter_rows()]
    header = next(r for r in lines if "Outcome" in r)
    assert header == [
        *("Workbook", "Cell", "Decision ref", "Column", "What was said", "By", "Outcome"),
        *("Reason", "Cost"),
    ]
    first = next(r for r in lines if r[2] == visit)
    assert first[3:7] == ["Lock to month", "01/02/2027", "Ann", "Accepted"]
    assert "hours: " in str(first[8]).lower()
    note = next(r for r in lines if r[2] == other)
    assert note[4] == "=HYPERLINK(1)"
    assert all(
        cell.data_type != "f" for sheet in result for cells in sheet.iter_rows() for cell in cells
    )
    costs = [[c.value for c in r] for r in result["What it costs"].iter_rows()]
    hours = sum(r[2] for r in costs if isinstance(r[2], int | float))
    assert hours == pytest.approx(0, abs=0.02)


def test_text_for_people(folder: Path) -> None:
    visit, other = rows(folder, "Visit")[:2]
    wrong = filled(
        folder, "a.xlsx", {(visit, EditField.SOM): "?", (other, EditField.LOCK_MONTH): "Jan 2027"}
    )
    done = RUN.invoke(app, ["review", str(folder), str(wrong), "--on", DAY])
    assert done.exit_code == 3
    assert "a.xlsx: Held back whole: 1 entry holds it back." in done.stdout
    assert f"{visit}, SOM to use instead: ?. REFUSED. Nobody in Staff" in done.stdout
    assert f"{other}, Lock to month: 01/01/2027. Accepted." in done.stdout
    assert "Dry run: there is nothing to store." in done.stdout
    assert "Comparing" in done.stderr
    assert visit not in done.stderr


def test_what_cannot_be_read_is_told(folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"no workbook")
    good = filled(folder, "a.xlsx", {(rows(folder, "Visit")[0], EditField.NOTE): "x"})
    told = reviewed(folder, good, broken, code=3, options=("--apply",))
    assert [f["code"] for f in told["findings"]] == ["not-a-workbook"]
    assert accepted(folder) == {}
    done = RUN.invoke(app, ["review", str(tmp_path / "nowhere"), str(good)])
    assert done.exit_code == 3
    (folder.parent / "register.xlsx").unlink()
    done = RUN.invoke(app, ["review", str(folder), str(good), "--quiet"])
    assert done.exit_code == 3
    assert "--register REGISTER" in done.stderr


def test_the_workbook_of_another_plan_is_stale(folder: Path, made: Path) -> None:
    other = made.parent / "other"
    planned = ["plan", str(made / "register.xlsx"), "--out", str(other), "--quiet", "--as-at"]
    assert RUN.invoke(app, [*planned, "2026-12-02", "--effort", "quick"]).exit_code == 0
    ref = rows(other, "Visit", "2027-01")[0]
    book = fill(
        other / "workload.xlsx", {(ref, EditField.NOTE): "x"}, "Ann", folder.parent / "other.xlsx"
    )
    told = reviewed(folder, book, code=3, options=("--apply",))
    assert [e[2] for e in entries(told)] == ["Stale plan"]
    assert accepted(folder) == {}


def test_a_result_that_cannot_be_written(folder: Path) -> None:
    book = filled(folder, "a.xlsx", {})
    done = RUN.invoke(app, ["review", str(folder), str(book), "--out", str(folder)])
    assert done.exit_code == 6
