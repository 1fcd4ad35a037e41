"""What the reader takes, what it refuses, and that it says where."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.domain.terms import LockKind, Management, RiskLevel, Role, Status
from planner.workbooks.register_columns import OFFENDERS
from planner.workbooks.register_layouts import STAFF
from planner.workbooks.register_read import SheetCount, read_register
from tests.register_files import (
    AS_AT,
    Sheets,
    findings_of,
    put,
    read_sheets,
    said,
    save_folder,
    save_workbook,
    small_register,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_reads_a_clean_register_as_it_stands(tmp_path: Path) -> None:
    read = read_sheets(small_register(), tmp_path)
    register = read.register
    assert read.warnings == ()
    assert [o.ref for o in register.offenders] == ["001", "002", "003"]
    first, second, third = register.offenders
    assert (first.status, first.level, first.som) == (Status.COMMUNITY, RiskLevel.VERY_HIGH, "OM1")
    assert (first.management, first.failed_attempts, first.keep) == (Management.ACTIVE, 0, False)
    assert first.arms_applicable and first.crew is None
    assert second.not_with == {"OM2"}
    assert third.needs == {"Court", "Youth"}
    assert [(s.staff_id, s.role, s.fte) for s in register.officers] == [
        ("OM1", Role.OFFICER, 1.0),
        ("OM2", Role.OFFICER, 0.5),
        ("OM3", Role.OFFICER, 1.0),
    ]
    assert register.absences[0].share == 1.0 and register.absences[0].is_annual_leave
    som, visit = register.locks
    assert (som.kind, som.staff_id, som.month, som.row) == (LockKind.SOM, "OM2", None, 2)
    assert (visit.month, visit.staff_id, visit.row) == (date(2026, 3, 1), None, 3)
    assert register.policy.visit_crew == 1 and register.policy.cross_team is True
    assert (register.as_at, register.marking) == (AS_AT, "OFFICIAL")


def test_counts_rows_and_hashes_the_file(tmp_path: Path) -> None:
    read = read_sheets(small_register(), tmp_path)
    assert read.counts["Offenders"] == SheetCount(read=3, used=3)
    assert read.counts["Locks"] == SheetCount(read=2, used=2)
    data = (tmp_path / "register.xlsx").read_bytes()
    assert read.sha256 == {"register.xlsx": hashlib.sha256(data).hexdigest()}


def test_as_at_comes_from_the_caller_then_the_about_sheet_then_today(tmp_path: Path) -> None:
    path = save_workbook(small_register(), tmp_path / "register.xlsx")
    told = read_register(path, date(2026, 5, 1))
    assert (told.register.as_at, told.as_at_from) == (date(2026, 5, 1), "command line")
    assert read_register(path).as_at_from == "About sheet"
    sheets = small_register()
    del sheets["About"], sheets["Locks"]
    bare = save_workbook(sheets, tmp_path / "bare.xlsx")
    read = read_register(bare, today=lambda: date(2026, 7, 9))
    assert (read.register.as_at, read.as_at_from) == (date(2026, 7, 9), "today")


def test_a_missing_sheet_is_a_fault_and_an_optional_one_is_not(tmp_path: Path) -> None:
    sheets = small_register()
    for name in ("Absences", "Locks", "Policy"):
        del sheets[name]
    assert said(sheets, tmp_path) == []
    sheets["Offender list"] = sheets.pop("Offenders")
    path = save_workbook(sheets, tmp_path / "register.xlsx")
    (finding,) = findings_of(path)
    assert (finding.code, finding.sheet) == ("missing-sheet", "register.xlsx")
    assert "Offenders" in finding.message


def test_a_sheet_that_is_nearly_named_is_pointed_at(tmp_path: Path) -> None:
    sheets = small_register()
    sheets["Abscences"] = sheets.pop("Absences")
    assert [code for _, code, _ in said(sheets, tmp_path)] == ["similar-sheet"]


@pytest.mark.parametrize("header", [c.header for c in OFFENDERS.columns])
def test_a_required_column_must_be_there(tmp_path: Path, header: str) -> None:
    sheets = small_register()
    place = sheets["Offenders"][0].index(header)
    for row in sheets["Offenders"]:
        del row[place]
    path = save_workbook(sheets, tmp_path / "register.xlsx")
    faults = [f for f in findings_of(path) if f.is_fault and f.sheet == "Offenders"]
    if not OFFENDERS.column(header).required:
        assert faults == []
    else:
        assert [(f.code, f.column, f.row) for f in faults] == [("missing-column", header, 1)]


def test_a_column_that_is_nearly_named_is_pointed_at(tmp_path: Path) -> None:
    sheets = small_register()
    sheets["Offenders"][0][sheets["Offenders"][0].index("Last visit")] = "Last visits"
    sheets["Offenders"][0].append("Something of our own")
    assert [code for _, code, _ in said(sheets, tmp_path)] == ["similar-column"]


def test_an_empty_register_is_a_fault(tmp_path: Path) -> None:
    sheets = small_register()
    sheets["Offenders"] = sheets["Offenders"][:1]
    del sheets["Locks"]
    assert said(sheets, tmp_path) == [("Fault", "empty-register", None)]
    sheets["Offenders"] = []
    assert said(sheets, tmp_path) == [("Fault", "no-header", None)]


def test_the_table_may_start_anywhere_and_have_blank_rows(tmp_path: Path) -> None:
    sheets = small_register()
    width = [None, None]
    table = [[*width, *row] for row in sheets["Offenders"]]
    sheets["Offenders"] = [
        ["Status of the register", "Team"],
        [],
        ["Team", "Status", "and what else we hold"],
        table[0],
        [],
        table[1],
        ["a note beside the table"],
        [None, None, "  ", "\xa0"],
        table[2],
        table[3],
    ]
    read = read_sheets(sheets, tmp_path)
    assert [o.ref for o in read.register.offenders] == ["001", "002", "003"]
    assert read.warnings == ()
    sheets["Offenders"][8][3] = "Nowhere"
    assert said(sheets, tmp_path) == [("Fault", "wrong-kind", "D9")]


def test_headers_match_without_case_spaces_and_punctuation(tmp_path: Path) -> None:
    sheets = small_register()
    sheets["Offenders"][0] = [
        f" {h.upper().replace(' ', '_')}: " for h in map(str, sheets["Offenders"][0])
    ]
    assert said(sheets, tmp_path) == []


def test_a_duplicate_header_is_a_fault(tmp_path: Path) -> None:
    sheets = small_register()
    sheets["Offenders"][0].append("STATUS")
    path = save_workbook(sheets, tmp_path / "register.xlsx")
    (finding,) = findings_of(path)
    assert finding.code == "duplicate-header"
    assert "B1" in finding.message and "W1" in finding.message


def test_the_columns_sheet_maps_a_forces_own_names(tmp_path: Path) -> None:
    sheets = small_register()
    for ours, theirs in (("Offender ref", "ViSOR no."), ("Risk level", "RMP tier")):
        sheets["Offenders"][0][sheets["Offenders"][0].index(ours)] = theirs
    assert {code for _, code, _ in said(sheets, tmp_path)} >= {"missing-column"}
    sheets["Columns"] = [
        ["ours", "theirs"],
        ["offender REF", "visor no"],
        ["Risk level", "RMP tier"],
    ]
    assert said(sheets, tmp_path) == []
    put(sheets, "Offenders", 2, "RMP tier", "Severe")
    path = save_workbook(sheets, tmp_path / "register.xlsx")
    (finding,) = findings_of(path)
    assert (finding.column, finding.cell) == ("RMP tier", "C2")
    sheets["Columns"].append(["Risc level", "x"])
    assert ("Fault", "unknown-column", "A4") in said(sheets, tmp_path)


def test_a_name_of_our_own_is_mapped_only_where_we_have_such_a_column(tmp_path: Path) -> None:
    sheets = small_register()
    sheets["Offenders"][0][sheets["Offenders"][0].index("SOM")] = "Supervisor"
    sheets["Columns"] = [["Ours", "Theirs"], ["SOM", "Supervisor"]]
    put(sheets, "Staff", 2, "Supervisor", "DS Lee")
    register = read_sheets(sheets, tmp_path).register
    assert register.offenders[0].som == "OM1"
    assert register.officers[0].supervisor == "DS Lee"


def test_notes_in_about_may_repeat_but_not_the_as_at_date(tmp_path: Path) -> None:
    sheets = small_register()
    sheets["About"] += [["Note", "one"], ["Note", "two"], ["Source", "#N/A"]]
    assert said(sheets, tmp_path) == []
    sheets["About"].append(["As at", AS_AT])
    assert said(sheets, tmp_path) == [("Fault", "duplicate-name", "A7")]


def test_findings_come_in_the_order_of_the_sheet(tmp_path: Path) -> None:
    sheets = put(small_register(), "Offenders", 4, "Status", "Nowhere")
    put(sheets, "Offenders", 2, "Team", "East")
    assert [cell for _, _, cell in said(sheets, tmp_path)] == ["E2", "B4"]


def test_rows_with_faults_are_still_known_to_others(tmp_path: Path) -> None:
    sheets = put(small_register(), "Offenders", 2, "Status", "Nowhere")
    put(sheets, "Staff", 3, "FTE", "half")
    assert [code for _, code, _ in said(sheets, tmp_path)] == ["wrong-kind", "wrong-kind"]


CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.sampled_from(["#N/A", "=live()", "SOM", "OM1", "001", " ; ", "\xa0", "1e5", "On"]),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_whatever_a_cell_holds_the_answer_is_a_register_or_an_input_error(
    tmp_path: Path, data: st.DataObject
) -> None:
    sheets: Sheets = small_register()
    for _ in range(6):
        name = data.draw(st.sampled_from(sorted(sheets)))
        row = data.draw(st.integers(0, len(sheets[name]) - 1))
        place = data.draw(st.integers(0, len(sheets[name][row]) - 1))
        value = data.draw(CELLS)
        if isinstance(value, str):
            value = "".join(c for c in value if c.isprintable() and not 0xD800 <= ord(c) <= 0xDFFF)
        if isinstance(value, date) and value.year < 1900:
            value = value.isoformat()
        sheets[name][row][place] = value
    for path in (
        save_workbook(sheets, tmp_path / "register.xlsx"),
        save_folder(sheets, tmp_path / "csv"),
    ):
        for finding in findings_of(path):
            assert finding.message.endswith((".", "?")) and finding.remedy.endswith(".")


def test_staff_columns_are_all_optional_but_three() -> None:
    assert [c.header for c in STAFF.columns if c.required] == ["Staff ID", "Team", "FTE"]
