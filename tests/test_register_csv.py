"""A folder of CSV files reads as the workbook does, whatever its encoding and separator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planner.workbooks.register_read import read_register
from tests.register_files import (
    findings_of,
    put,
    read_sheets,
    save_folder,
    small_register,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_folder_of_csv_files_reads_the_same(tmp_path: Path, separator: str) -> None:
    expected = read_sheets(small_register(), tmp_path).register
    folder = save_folder(small_register(), tmp_path / "csv", separator=separator)
    (folder / "Notes.csv").write_text("not ours\n")
    read = read_register(folder)
    assert read.register == expected
    assert read.warnings == ()
    assert set(read.sha256) == {f"{name}.csv" for name in small_register()}


def test_csv_in_windows_1252_is_read_and_said(tmp_path: Path) -> None:
    sheets = put(small_register(), "Offenders", 2, "Area", "Ynys Môn")
    for encoding, expected in (("cp1252", ["encoding"]), ("utf-8-sig", []), ("utf-8", [])):
        folder = save_folder(sheets, tmp_path / encoding, encoding)
        read = read_register(folder)
        assert read.register.offenders[0].area == "Ynys Môn"
        assert [f.code for f in read.warnings] == expected
        assert all(f.sheet == "Offenders.csv" for f in read.warnings)


def test_csv_faults_have_places_too(tmp_path: Path) -> None:
    sheets = put(small_register(), "Offenders", 3, "Last visit", "#N/A")
    put(sheets, "Offenders", 2, "Area", "two\nlines")
    put(sheets, "Offenders", 4, "Status", "Nowhere")
    found = findings_of(save_folder(sheets, tmp_path / "csv"))
    assert [(f.sheet, f.code, f.cell) for f in found] == [
        ("Offenders", "error-cell", "H3"),
        ("Offenders", "wrong-kind", "B4"),
    ]


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        ("Setting,Value\nvisit.crew,1\n".encode("utf-16"), ["encoding"]),
        (b"Setting,Value\nvisit.crew,1 \x81\n", ["encoding"]),
        (b'Setting,Value\nvisit.crew,"1\n', ["not-a-table"]),
        (b"Setting,Value\nvisit.hours," + b"9" * 400, ["wrong-kind"]),
        (b"Setting,Value\nvisit.crew,\x00\n", ["missing-value"]),
    ],
)
def test_odd_csv_files_are_read_or_refused(tmp_path: Path, data: bytes, codes: list[str]) -> None:
    folder = save_folder(small_register(), tmp_path / "csv")
    (folder / "Policy.csv").write_bytes(data)
    assert [f.code for f in findings_of(folder)] == codes


def test_a_huge_csv_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = save_folder(small_register(), tmp_path / "csv")
    monkeypatch.setattr("planner.workbooks.register_csv.MAX_UNPACKED", 200)
    assert "too-large" in [f.code for f in findings_of(folder)]
