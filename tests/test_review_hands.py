"""``planner review`` with workbooks of several hands: supervisors who share rows, and officers."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner.cli import app
from planner.domain.decision import EditField
from planner.history.history import History
from planner.workbooks.officer_book import officer_workbook
from tests.review_build import fill, sheet_with_key

if TYPE_CHECKING:
    from pathlib import Path

    from planner.review.issued import Key

RUN = CliRunner()
NOTE = EditField.NOTE


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 people of one team; two supervisors share its officers. As at 30/11/2026."""
    there = tmp_path_factory.mktemp("hands")
    path = there / "register.xlsx"
    sample = ["sample", str(path), "--offenders", "60", "--officers", "3"]
    assert RUN.invoke(app, sample).exit_code == 0
    book = load_workbook(path)
    sheet = book["Staff"]
    header = {str(c.value): c for row in sheet.iter_rows() for c in row if c.value is not None}
    for n, row in enumerate(range(header["Supervisor"].row + 1, sheet.max_row + 1)):
        if sheet.cell(row, 1).value is not None:
            sheet.cell(row, header["Supervisor"].column).value = ("DS Ash", "DS Birch")[n % 2]
        if n == 0:  # so that colleagues of the other supervisor do the ARMS
            sheet.cell(row, header["ARMS trained from"].column).value = None
    book.save(path)
    planned = ["plan", str(path), "--out", str(there / "plan"), "--quiet", "--by-supervisor"]
    assert RUN.invoke(app, [*planned, "--effort", "quick"]).exit_code == 0
    return there


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of its own for each test."""
    shutil.copytree(made, tmp_path / "copy")
    return tmp_path / "copy" / "plan"


def refs(path: Path) -> set[str]:
    _, sheet, top, names = sheet_with_key(path)
    column = names["Decision ref"]
    return {str(sheet.cell(r, column).value) for r in range(top + 1, sheet.max_row + 1)}


def reviewed(folder: Path, *workbooks: Path, code: int = 0, options: tuple[str, ...] = ()) -> Any:
    asked = ["review", str(folder), *map(str, workbooks), "--json", "--quiet"]
    done = RUN.invoke(app, [*asked, "--on", "2026-12-15", *options])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def entries(told: Any) -> list[tuple[str, str, str]]:
    return [(e["cell"], e["outcome"], e["reason"]) for b in told["workbooks"] for e in b["entries"]]


def accepted(folder: Path) -> dict[Key, Any]:
    with History.open(folder) as history:
        (run,) = history.runs()
        return {key: said.value for key, said in history.accepted(run.run_id).items()}


def shared(folder: Path) -> tuple[Path, Path, str]:
    """Both supervisors' workbooks, and a row that stands in both."""
    ash, birch = (folder / "workload" / f"DS {name}.xlsx" for name in ("Ash", "Birch"))
    both = sorted(refs(ash) & refs(birch))
    assert both
    return ash, birch, both[0]


def test_a_row_in_two_supervisors_workbooks_is_a_conflict_that_names_both_cells(
    folder: Path,
) -> None:
    ash, birch, ref = shared(folder)
    fill(ash, {(ref, NOTE): "ring first"}, "Ann")
    fill(birch, {(ref, NOTE): "never ring"}, "Bob")
    told = reviewed(folder, ash, birch, code=3, options=("--apply",))
    (mine, one, why), (theirs, other, because) = entries(told)
    assert (one, other) == ("Conflict", "Conflict")
    assert f"Bob says never ring in DS Birch.xlsx, {theirs}" in why
    assert f"Ann says ring first in DS Ash.xlsx, {mine}" in because
    assert accepted(folder) == {}


def test_a_row_in_two_supervisors_workbooks_that_says_the_same_is_taken_once(folder: Path) -> None:
    ash, birch, ref = shared(folder)
    fill(ash, {(ref, NOTE): "ring first"}, "Ann")
    fill(birch, {(ref, NOTE): "ring first"}, "Bob")
    told = reviewed(folder, ash, birch, options=("--apply",))
    (_, one, why), (_, other, _) = entries(told)
    assert (one, other) == ("Accepted", "Accepted")
    assert why.startswith("Also said in DS Birch.xlsx, Decisions!")
    assert [b["stored"] for b in told["workbooks"]] == [1, 0]
    assert [b["told"] for b in told["workbooks"]] == [
        "Stored: 1 entry.",
        "Nothing left to store: all that is new in it was stored with another workbook.",
    ]
    assert accepted(folder) == {(ref, NOTE): "ring first"}
    again = reviewed(folder, ash, birch, options=("--apply",))
    assert [e[1] for e in entries(again)] == ["Said before"] * 2


def an_officers(folder: Path, kind: str) -> tuple[Path, str]:
    """An officer's own workbook, and a row of a kind in it."""
    for path in sorted((folder / "officers").iterdir()):
        found = sorted(ref for ref in refs(path) if f"/{kind}/" in ref)
        if found:
            return path, found[0]
    raise AssertionError


def test_an_officer_says_how_a_visit_was_made(folder: Path) -> None:
    path, ref = an_officers(folder, "Visit")
    said: dict[Key, Any] = {
        (ref, EditField.DONE_ON): date(2026, 12, 3),
        (ref, EditField.RESULT): "Seen",
        (ref, EditField.VISIT_TYPE): "Unannounced",
        (ref, EditField.HOURS_TAKEN): 2.5,
    }
    told = reviewed(folder, fill(path, said, ""), options=("--apply",))
    assert {(e["by"], e["outcome"]) for e in told["workbooks"][0]["entries"]} == {
        (path.stem, "Accepted")
    }
    assert accepted(folder) == said


def test_an_arms_is_neither_announced_nor_unannounced(folder: Path) -> None:
    path, ref = an_officers(folder, "ARMS")
    fill(path, {(ref, EditField.VISIT_TYPE): "Announced"})
    ((_, outcome, reason),) = entries(reviewed(folder, path, code=3))
    assert outcome == "Refused"
    assert reason == "Announced or not does not apply to a row of kind ARMS. Empty the cell."


def changed(
    path: Path, header: str, value: Any, title: str = "Month", to: Path | None = None
) -> str:
    """Type over a cell of a sheet's first row; where it stands."""
    book = load_workbook(path)
    sheet = book[title]
    top = next(c for row in sheet.iter_rows(max_row=15) for c in row if c.value == header)
    cell = sheet.cell(top.row + 1, top.column)
    cell.value = value
    book.save(to or path)
    return f"{title}!{cell.coordinate}"


@pytest.mark.parametrize("in_place", [True, False])
@pytest.mark.parametrize(
    ("header", "value", "said"),
    [
        ("Failed attempts", 7, "7"),
        ("Days since", "Never", "Never"),
        ("Last successful visit", datetime(2026, 12, 9), "09/12/2026"),  # noqa: DTZ001
        ("Week", 12, "12"),
        ("Area", "the moon", "the moon"),
        ("Reason", "no reason", "no reason"),
        ("Hours", 99, "99"),
    ],
)
def test_a_figure_of_an_officers_month_that_is_not_editable(
    folder: Path, header: str, value: Any, said: str, in_place: bool
) -> None:
    """Edited where the plan lies, the workbook as written is made again to compare with."""
    path, _ = an_officers(folder, "Visit")
    to = path if in_place else folder.parent / "mine.xlsx"
    cell = changed(path, header, value, to=to)
    told = reviewed(folder, to, code=3, options=("--apply",))
    ((where, outcome, reason),) = entries(told)
    assert (where, outcome) == (cell, "Not editable")
    assert reason.startswith("The planner wrote ")
    assert told["workbooks"][0]["entries"][0]["said"] == said
    assert told["workbooks"][0]["warnings"] == []
    assert accepted(folder) == {}


def test_an_officers_own_column_is_harmless_whatever_it_is_called(folder: Path) -> None:
    path, ref = an_officers(folder, "Visit")
    book, sheet, top, names = sheet_with_key(path)
    for n, header in enumerate(("Kind", "Supervisor", "Months late", "Lock", "Today"), start=1):
        sheet.cell(top, max(names.values()) + n).value = header
        sheet.cell(top + 1, max(names.values()) + n).value = "mine"
    book.save(path)
    fill(path, {(ref, NOTE): "ring first"})
    assert [e[1] for e in entries(reviewed(folder, path))] == ["Accepted"]


@pytest.mark.parametrize(
    ("name", "title", "header"),
    [
        ("workload.xlsx", "Cases", "SOM"),
        ("workload.xlsx", "Caseload", "Cap"),
        ("workload.xlsx", "Moves", "Proposed SOM"),
        ("workload/DS Ash.xlsx", "Cases", "Failed attempts"),
        ("workload/DS Ash.xlsx", "Workload", "Planned hours"),
    ],
)
def test_a_figure_on_a_sheet_to_read_is_told_too(
    folder: Path, name: str, title: str, header: str
) -> None:
    cell = changed(folder / name, header, 17, title)
    ((where, outcome, _),) = entries(reviewed(folder, folder / name, code=3))
    assert (where, outcome) == (cell, "Not editable")


def test_with_another_register_a_copy_is_compared_and_what_cannot_be_is_said(folder: Path) -> None:
    """Edited in its place, a workbook can only be made again from the plan's own register."""
    path, ref = an_officers(folder, "Visit")
    own, other = folder.parent / "register.xlsx", folder.parent / "other.xlsx"
    book = load_workbook(own)
    book["About"].cell(30, 1).value = "Later"
    book.save(other)
    options = ("--register", str(other))
    changed(path, "Failed attempts", 7, to=folder.parent / "mine.xlsx")
    copy = reviewed(folder, folder.parent / "mine.xlsx", code=3, options=options)
    assert [e[1] for e in entries(copy)] == ["Not editable"]
    changed(path, "Failed attempts", 7)
    fill(path, {(ref, NOTE): "ring first"})
    told = reviewed(folder, path, options=options)
    assert [e[1] for e in entries(told)] == ["Accepted"]
    (warning,) = told["workbooks"][0]["warnings"]
    assert "can neither be found as it was written nor made again" in warning


def test_a_column_sorted_alone_is_told_in_few_lines(folder: Path) -> None:
    """Thousands of figures may then be wrong; all of them are in the result."""
    book = load_workbook(folder / "workload.xlsx")
    sheet = book["Cases"]
    top = next(c for row in sheet.iter_rows(max_row=15) for c in row if c.value == "Area")
    for row in range(top.row + 1, sheet.max_row + 1):
        sheet.cell(row, top.column).value = "elsewhere"
    book.save(folder / "workload.xlsx")
    visit = next(r for r in sorted(refs(folder / "workload.xlsx")) if "/Visit/" in r)
    fill(folder / "workload.xlsx", {(visit, EditField.SOM): "nobody", (visit, NOTE): "ring"})
    asked = ["review", str(folder), str(folder / "workload.xlsx"), "--quiet"]
    done = RUN.invoke(app, [*asked, "--on", "2026-12-15"])
    assert done.exit_code == 3
    changed_count = sheet.max_row - top.row
    assert changed_count > 40
    assert done.stdout.count("NOT EDITABLE") == 40
    assert f"… and {changed_count - 40} more figures changed that are not editable." in done.stdout
    assert done.stdout.count("REFUSED") == 1
    assert "… and 1 more that hold nothing back." in done.stdout
    entries_sheet = load_workbook(folder / "review.xlsx")["Entries"]
    outcomes = [c.value for row in entries_sheet.iter_rows() for c in row]
    assert outcomes.count("Not editable") == changed_count


def test_a_result_that_cannot_be_written_says_what_was_stored(folder: Path) -> None:
    path, ref = an_officers(folder, "Visit")
    fill(path, {(ref, NOTE): "ring first"})
    asked = ["review", str(folder), str(path), "--apply", "--quiet", "--on", "2026-12-15"]
    done = RUN.invoke(app, [*asked, "--out", str(folder)])
    assert done.exit_code == 6
    assert "What was accepted is kept all the same: 1 workbook was stored." in done.stderr
    assert accepted(folder) == {(ref, NOTE): "ring first"}


def test_what_is_worth_knowing_is_in_the_result_too(folder: Path) -> None:
    path, _ = an_officers(folder, "Visit")
    book, sheet, top, names = sheet_with_key(path)
    sheet.cell(top, names["Note (you can edit)"]).value = "Notes (you can edit)"
    book.save(path)
    told = reviewed(folder, path)
    assert len(told["workbooks"][0]["warnings"]) == 2
    result = load_workbook(folder / "review.xlsx")["Review"]
    texts = [str(c.value) for row in result.iter_rows() for c in row]
    assert any("No column of the planner's is headed Notes (you can edit)" in t for t in texts)


def test_a_workbook_made_again_otherwise_than_it_was_is_not_compared_with(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by a planner of another version: its figures would be told as people's changes."""
    path, ref = an_officers(folder, "Visit")
    fill(path, {(ref, NOTE): "ring first"})

    def another(month: Any, report: Any, stamp: Any) -> bytes:
        items = tuple(replace(item, failed_attempts=99) for item in month.items)
        return officer_workbook(replace(month, items=items), report, stamp)

    monkeypatch.setattr("planner.workbooks.loop_books.officer_workbook", another)
    told = reviewed(folder, path)
    assert [e[1] for e in entries(told)] == ["Accepted"]
    assert len(told["workbooks"][0]["warnings"]) == 1


def test_a_clock_before_the_plans_register_is_not_believed(folder: Path) -> None:
    """Nobody has had the workbooks before the day on which the register was true."""
    path, ref = an_officers(folder, "Visit")
    said = {(ref, EditField.DONE_ON): date(2026, 11, 30)}
    fill(path, said)
    told = reviewed(folder, path, options=("--on", "2026-01-01"))
    ((_, outcome, reason),) = entries(told)
    assert outcome == "Accepted"
    assert reason.startswith("On or before 30/11/2026, the day of the register")
    fill(path, {(ref, EditField.DONE_ON): date(2026, 12, 1)})
    ((_, outcome, reason),) = entries(
        reviewed(folder, path, code=3, options=("--on", "2026-01-01"))
    )
    assert (outcome, reason) == ("Refused", "01/12/2026 is after today, 30/11/2026.")


@pytest.mark.parametrize("trust", [(), ("--trust", "history")])
def test_the_workbooks_of_a_plan_rolled_on_are_made_again_too(
    folder: Path, trust: tuple[str, ...]
) -> None:
    """With what it took over: cells filled in again, duties that count as done."""
    path, ref = an_officers(folder, "Visit")
    fill(path, {(ref, EditField.DONE_ON): date(2026, 12, 3)})
    later = next(r for r in sorted(refs(folder / "workload.xlsx")) if r.endswith("Visit/2027-01"))
    fill(folder / "workload.xlsx", {(later, EditField.LOCK_MONTH): date(2027, 2, 1)})
    reviewed(folder, path, folder / "workload.xlsx", options=("--apply",))
    register, second = folder.parent / "register.xlsx", folder.parent / "second"
    asked = ["plan", str(register), "--out", str(second), "--previous", str(folder), "--quiet"]
    asked += ["--as-at", "2026-12-31", "--effort", "quick", "--by-supervisor", *trust]
    assert RUN.invoke(app, asked).exit_code == 0
    books = sorted(p for p in second.rglob("*.xlsx") if p.name not in {"plan.xlsx"})
    for book in books:
        opened = load_workbook(book)
        opened["About this workbook"]["D1"].value = "seen"
        opened.save(book)  # in its place, so that it has to be made again
    told = reviewed(second, *books, options=("--on", "2027-01-15"))
    assert entries(told) == []
    assert [b["warnings"] for b in told["workbooks"]] == [[]] * len(books)
