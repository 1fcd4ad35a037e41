"""``planner plan`` and the workbooks to fill in: which are there, and which no longer."""

from __future__ import annotations

import json
import stat
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner.cli import app
from planner.workbooks.manifest import sha256
from planner.workbooks.register_read import read_register

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

RUN = CliRunner()


def plan(register: Path, out: Path, *options: str) -> str:
    done = RUN.invoke(
        app, ["plan", str(register), "--out", str(out), "--effort", "quick", *options]
    )
    assert done.exit_code == 0, done.output
    return done.stdout


def names(out: Path) -> set[str]:
    """Every workbook in the folder but those kept with the runs."""
    found = (path.relative_to(out).as_posix() for path in out.rglob("*.xlsx"))
    return {name for name in found if not name.startswith("runs/")}


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("register") / "register.xlsx"
    done = RUN.invoke(app, ["sample", str(path), "--offenders", "60", "--officers", "3"])
    assert done.exit_code == 0, done.output
    return path


@pytest.fixture(scope="module")
def staff(register: Path) -> list[str]:
    """Officers in post in the first month, December 2026."""
    officers = read_register(register, None).register.officers
    return [s.staff_id for s in officers if s.start is None or s.start < date(2027, 1, 1)]


def test_every_workbook_is_there_listed_and_for_its_owner_only(
    register: Path, staff: list[str], tmp_path: Path
) -> None:
    told = json.loads(plan(register, tmp_path, "--by-supervisor", "--json"))
    expected = {"plan.xlsx", "workload.xlsx", *(f"officers/{who}.xlsx" for who in staff)}
    assert expected < names(tmp_path)
    assert {n.split("/")[0] for n in names(tmp_path) - expected} == {"workload"}
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["outputs"]) == names(tmp_path)
    for name, hashed in manifest["outputs"].items():
        assert sha256((tmp_path / name).read_bytes()) == hashed
        if sys.platform != "win32":
            assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert set(told["files"]) == {*names(tmp_path), "manifest.json"}


def test_a_supervisors_books_are_made_on_request_only_and_do_not_linger(
    register: Path, tmp_path: Path
) -> None:
    assert not any(n.startswith("workload/") for n in _planned(register, tmp_path))
    assert any(n.startswith("workload/") for n in _planned(register, tmp_path, "--by-supervisor"))
    text = plan(register, tmp_path)
    assert not any(n.startswith("workload/") for n in names(tmp_path))
    assert "workload.xlsx" in text
    assert "officers/ (" in text


def _planned(register: Path, out: Path, *options: str) -> set[str]:
    plan(register, out, *options)
    return names(out)


def without(sheet: Worksheet, value: str) -> None:
    """Delete every row that holds a value."""
    rows = [n for n, row in enumerate(sheet.iter_rows(values_only=True), 1) if value in row]
    for number in reversed(rows):
        sheet.delete_rows(number)


def test_the_book_of_somebody_no_longer_there_goes_and_what_was_written_in_it_is_kept(
    register: Path, staff: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    plan(register, out)
    own = out / "officers" / "mine.xlsx"
    own.write_bytes(b"not one of ours")
    gone, edited = staff[0], staff[1]
    path = out / "officers" / f"{edited}.xlsx"
    book = load_workbook(path)
    book["About this workbook"]["B9"] = "DS Ash"
    book.save(path)
    written = path.read_bytes()
    fewer = load_workbook(register)
    for name in ("Staff", "Absences", "Locks"):
        without(fewer[name], gone)
    fewer.save(tmp_path / "fewer.xlsx")
    plan(tmp_path / "fewer.xlsx", out)
    assert not (out / "officers" / f"{gone}.xlsx").exists()
    assert own.exists()
    assert path.read_bytes() != written
    assert written in [kept.read_bytes() for kept in (out / "runs").rglob("*.xlsx")]
