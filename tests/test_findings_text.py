"""What is found, as people and programs are told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.workbooks.findings_text import findings_json, findings_report
from tests.register_files import (
    findings_of,
    put,
    read_sheets,
    save_workbook,
    small_register,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_the_report_puts_faults_first_and_caps_repeats(tmp_path: Path) -> None:
    sheets = small_register()
    head, row = sheets["Offenders"][:2]
    sheets["Offenders"] = [head, *([f"{n:03}", "Nowhere", *row[2:]] for n in range(1, 26))]
    put(sheets, "Offenders", 2, "SOM", "OM9")
    path = save_workbook(sheets, tmp_path / "register.xlsx")
    report = findings_report(findings_of(path))
    assert report.index("25 faults") < report.index("1 warning:")
    assert report.count("Nowhere") == 20 and "and 5 more" in report
    assert "Offenders, row 2, column Status (B2)" in report
    assert "more" not in findings_report(findings_of(path), limit=25)


def test_the_report_for_programs_leaves_nothing_out(tmp_path: Path) -> None:
    read = read_sheets(put(small_register(), "Offenders", 2, "SOM", "OM9"), tmp_path)
    result = findings_json(read.warnings, read.counts)
    assert (result["faults"], result["warnings"]) == (0, 1)
    assert result["findings"][0]["cell"] == "G2"
    assert result["counts"]["Offenders"] == {"read": 3, "used": 3, "left_out": {}}
    assert "Offenders: 3 rows read, 3 used." in findings_report(read.warnings, read.counts)
    assert "Nothing is wrong" in findings_report((), read.counts)
