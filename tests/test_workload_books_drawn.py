"""The workbooks that people fill in, opened, filled in and saved by LibreOffice."""

from __future__ import annotations

import subprocess
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from planner.workbooks.loop_books import books
from tests.loop_build import supervised_report
from tests.test_workload_books import EDITABLE, PROPOSED, checks_of

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

pytestmark = pytest.mark.office

FILLED: dict[str, Any] = {
    "Accept move (you can edit)": "Refuse",
    "SOM to use instead (you can edit)": "007",
    "Lock to month (you can edit)": datetime(2027, 7, 1),  # noqa: DTZ001
    "Done on (you can edit)": datetime(2027, 5, 14),  # noqa: DTZ001
    "Result (you can edit)": "Nobody in",
    "Announced or not (you can edit)": "Unannounced",
    "Not possible because (you can edit)": "=Away & at sea; back in June",
    "Note (you can edit)": "Second line\nbelow",
    "Hours taken (you can edit)": 2.25,
    "Edited by (you can edit)": "DS Ash",
}


def converted(path: Path, kind: str) -> Path:
    """The file as LibreOffice saves it in another folder."""
    folder = path.parent / f"as-{kind}"
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{path.parent}/profile",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(folder),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder / f"{path.stem}.{kind}"


def filled_in(path: Path) -> None:
    """Every editable column of the third row of Decisions, and the name."""
    book = load_workbook(path)
    sheet = book["Decisions"]
    top = header_row(book)
    for cell in sheet[top]:
        if cell.value in FILLED:
            target = sheet.cell(top + 3, cell.column, FILLED[str(cell.value)])
            if isinstance(target.value, str):
                target.data_type = "s"
    about = book["About this workbook"]
    (name,) = [row for row in about.iter_rows() if row[0].value == "Your name"]
    name[1].value = "Inspector Oak"
    book.save(path)


def header_row(book: Workbook) -> int:
    return next(
        cell.row
        for row in book["Decisions"].iter_rows(max_col=1)
        for cell in row
        if cell.value == "Decision ref"
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("drawn")
    made = books(supervised_report(), by_supervisor=True)
    for name, file in (
        ("workload.xlsx", "unit.xlsx"),
        ("workload/DS Ash.xlsx", "supervisor.xlsx"),
        ("officers/OM01.xlsx", "officer.xlsx"),
    ):
        (path / file).write_bytes(made[name])
    return path


@pytest.mark.parametrize("through", [("xlsx",), ("ods", "xlsx")])
def test_what_was_filled_in_survives_another_program(
    folder: Path, tmp_path: Path, through: tuple[str, ...]
) -> None:
    path = tmp_path / "unit.xlsx"
    path.write_bytes((folder / "unit.xlsx").read_bytes())
    before = load_workbook(path)
    filled_in(path)
    for kind in through:
        path = converted(path, kind)
    book = load_workbook(path)
    sheet, top = book["Decisions"], header_row(book)
    assert [cell.value for cell in sheet[top]][: len(PROPOSED + EDITABLE)] == PROPOSED + EDITABLE
    row = dict(zip(PROPOSED + EDITABLE, (c.value for c in sheet[top + 3]), strict=False))
    assert {name: row[name] for name in FILLED} == FILLED
    first = [c.value for c in before["Decisions"][top + 3]][: len(PROPOSED)]
    assert [row[name] for name in PROPOSED] == first
    told = {r[0].value: r[1].value for r in book["About this workbook"].iter_rows()}
    assert told["Your name"] == "Inspector Oak"
    own: Any = book
    assert {p.name: p.value for p in own.custom_doc_props.props}["Run"] == told["Run"]
    assert book.sheetnames == before.sheetnames
    if through == ("xlsx",):
        kinds = {check.type for check in sheet.data_validations.dataValidation}
        assert {"list", "custom"} <= kinds
        assert checks_of(before["Decisions"]).keys() == set(EDITABLE)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("unit.xlsx", ("Caseload: the unit", "Proposed moves", "Lists: what the drop-downs")),
        ("supervisor.xlsx", ("Caseload: officers of DS Ash", "Decisions: what the plan")),
        ("officer.xlsx", ("OM01: May 2027", "As second officer: OM01", "My cases: OM01")),
    ],
)
def test_every_page_is_marked_and_no_figure_too_wide(
    folder: Path, file: str, words: tuple[str, ...]
) -> None:
    pdf = converted(folder / file, "pdf")
    text = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True
    ).stdout
    pages = text.rstrip("\f").split("\f")
    assert all(page.count("OFFICIAL-SENSITIVE") >= 2 for page in pages)
    assert "###" not in text
    assert all(word in text for word in words)
