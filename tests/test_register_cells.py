"""Cell by cell: what is refused, what is taken, what is read with a word said."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

import pytest

from planner.domain.terms import LockKind, Status
from planner.errors import InputError
from planner.workbooks.register_read import OUTSIDE_HORIZON, SheetCount, read_register
from tests.register_files import (
    AS_AT,
    findings_of,
    put,
    read_sheets,
    said,
    save_workbook,
    small_register,
)

if TYPE_CHECKING:
    from pathlib import Path


# Each row: sheet, row, header, a value that is refused, the code it is refused with.
FAULTS = [
    ("Offenders", 2, "Offender ref", None, "missing-value"),
    ("Offenders", 3, "Status", None, "missing-value"),
    ("Offenders", 3, "Status", "Comunity", "wrong-kind"),
    ("Offenders", 3, "Status", 3, "wrong-kind"),
    ("Offenders", 2, "Risk level", "Severe", "wrong-kind"),
    ("Offenders", 2, "Management", "None", "wrong-kind"),
    ("Offenders", 2, "Team", None, "missing-value"),
    ("Offenders", 2, "Team", "East", "unknown-team"),
    ("Offenders", 2, "Area", date(2026, 3, 4), "wrong-kind"),  # B 3-4, which Excel made a date
    ("Offenders", 2, "Last visit", "soon", "wrong-kind"),
    ("Offenders", 2, "Last visit", "03/14/2025", "wrong-kind"),  # month first
    ("Offenders", 2, "Last visit", "14/03/25", "wrong-kind"),
    ("Offenders", 2, "Last visit", 45000, "wrong-kind"),
    ("Offenders", 2, "Last visit", True, "wrong-kind"),
    ("Offenders", 2, "Last visit", time(10, 30), "wrong-kind"),
    ("Offenders", 2, "Last visit", date(2026, 1, 16), "after-as-at"),
    ("Offenders", 2, "Last visit", "#N/A", "error-cell"),
    ("Offenders", 2, "Last ARMS", date(2026, 1, 16), "after-as-at"),
    ("Offenders", 2, "ARMS due", date(2201, 1, 1), "out-of-range"),
    ("Offenders", 2, "ARMS due", "01/01/1899", "out-of-range"),
    ("Offenders", 2, "Last visit type", "Unanounced", "wrong-kind"),
    ("Offenders", 2, "Failed attempts", -1, "out-of-range"),
    ("Offenders", 2, "Failed attempts", 1.5, "wrong-kind"),
    ("Offenders", 2, "Failed attempts", "two", "wrong-kind"),
    ("Offenders", 2, "Visit interval", 0, "out-of-range"),
    ("Offenders", 2, "Crew", 0, "out-of-range"),
    ("Offenders", 2, "Crew", 3, "out-of-range"),
    ("Offenders", 2, "ARMS applicable", "Perhaps", "wrong-kind"),
    ("Offenders", 2, "Keep with SOM", True, "wrong-kind"),
    ("Offenders", 2, "Offender ref", 1.5, "wrong-kind"),
    ("Offenders", 2, "Offender ref", 1234567890123456, "digits-lost"),
    ("Offenders", 3, "Offender ref", "001", "duplicate-ref"),
    ("Staff", 2, "FTE", None, "missing-value"),
    ("Staff", 2, "FTE", 1.01, "out-of-range"),
    ("Staff", 2, "FTE", -0.01, "out-of-range"),
    ("Staff", 2, "Role", "Sergeant", "wrong-kind"),
    ("Staff", 2, "Caseload cap", -1, "out-of-range"),
    ("Staff", 2, "Hours per month", -0.5, "out-of-range"),
    ("Staff", 3, "Staff ID", "OM1", "duplicate-ref"),
    ("Absences", 2, "Staff ID", "OM9", "unknown-ref"),
    ("Absences", 2, "From", None, "missing-value"),
    ("Absences", 2, "To", date(2026, 2, 1), "dates-out-of-order"),
    ("Absences", 2, "Share", 1.5, "out-of-range"),
    ("Locks", 2, "Offender ref", "009", "unknown-ref"),
    ("Locks", 2, "Kind", "Team", "wrong-kind"),
    ("Locks", 2, "Value", "OM9", "unknown-ref"),
    ("Locks", 2, "Value", None, "missing-value"),
    ("Locks", 3, "Value", "OM1", "wrong-kind"),
    ("Locks", 3, "Value", 3, "wrong-kind"),
    ("Policy", 2, "Setting", "visit.krew", "unknown-setting"),
    ("Policy", 2, "Value", None, "missing-value"),
    ("Policy", 2, "Value", 3, "out-of-range"),
    ("Policy", 2, "Value", 1.5, "wrong-kind"),
    ("Policy", 3, "Value", "Perhaps", "wrong-kind"),
    ("Policy", 3, "Setting", "visit.crew", "duplicate-name"),
    ("About", 2, "Value", "last week", "wrong-kind"),
]


@pytest.mark.parametrize(("sheet", "row", "header", "value", "code"), FAULTS)
def test_refuses_a_bad_cell_and_names_its_place(
    tmp_path: Path, sheet: str, row: int, header: str, value: object, code: str
) -> None:
    sheets = put(small_register(), sheet, row, header, value)
    if header == "Visit interval":
        put(sheets, sheet, row, "Interval reason", "Agreed")
    path = save_workbook(sheets, tmp_path / "register.xlsx")
    with pytest.raises(InputError) as caught:
        read_register(path)
    faults = [f for f in caught.value.findings if f.is_fault]
    cell = f"{'ABCDEFGHIJKLMNOPQRSTUV'[sheets[sheet][0].index(header)]}{row}"
    expected = (code, sheet, row, header, cell)
    found = [(f.code, f.sheet, f.row, f.column, f.cell) for f in faults]
    if (sheet, header, row) == ("Offenders", "Offender ref", 2):
        found = [f for f in found if f[1] == "Offenders"]  # its lock has lost its person
    if code in ("duplicate-ref", "duplicate-name"):
        found = [f for f in found if f[0] == code]  # so has the one of the overwritten
    assert found == [expected]
    assert all(f.message.endswith((".", "?")) and f.remedy.endswith(".") for f in faults)


# Each row: sheet, row, header, a value at the edge of what is permitted.
PERMITTED = [
    ("Offenders", 2, "Last visit", AS_AT),
    ("Offenders", 2, "Last visit", datetime(2026, 1, 15, 14, 30)),  # noqa: DTZ001
    ("Offenders", 2, "Last ARMS", AS_AT),
    ("Offenders", 2, "ARMS due", date(2200, 12, 31)),
    ("Offenders", 2, "ARMS due", date(1900, 1, 1)),
    ("Offenders", 2, "Failed attempts", 0),
    ("Offenders", 2, "Crew", 1),
    ("Offenders", 2, "Crew", 2),
    ("Staff", 2, "FTE", 0),
    ("Staff", 2, "FTE", 1),
    ("Staff", 2, "Caseload cap", 0),
    ("Staff", 2, "Hours per month", 0),
    ("Absences", 2, "To", date(2026, 2, 2)),
    ("Absences", 2, "Share", 0),
    ("Locks", 3, "Value", date(2026, 2, 1)),  # month 1
    ("Locks", 3, "Value", date(2027, 7, 31)),  # month 18
    ("Policy", 2, "Value", 2),
    ("Policy", 3, "Value", False),
]


@pytest.mark.parametrize(("sheet", "row", "header", "value"), PERMITTED)
def test_takes_a_value_at_the_edge_without_a_word(
    tmp_path: Path, sheet: str, row: int, header: str, value: object
) -> None:
    assert said(put(small_register(), sheet, row, header, value), tmp_path) == []


# Each row: sheet, row, header, a value that is read, and the code of what is said of it.
WARNINGS = [
    ("Offenders", 2, "SOM", "OM9", "unknown-som"),
    ("Offenders", 2, "SOM", "om1", "letter-case"),
    ("Offenders", 2, "Team", "NORTH", "letter-case"),
    ("Offenders", 2, "Not with", "OM2;OM9", "unknown-not-with"),
    ("Offenders", 2, "Needs", "youth", "letter-case"),
    ("Offenders", 2, "Status", "community", "letter-case"),
    ("Offenders", 2, "Status", "Community ", "spaces"),
    ("Offenders", 2, "Risk level", "Very\xa0high", "spaces"),
    ("Offenders", 2, "Last visit", "05/03/2025", "text-date"),
    ("Offenders", 2, "Last visit", "2025-03-05", "text-date"),
    ("Offenders", 2, "Area", "=1+1", "looks-like-formula"),
    ("Offenders", 2, "Area", "+44", "looks-like-formula"),
    ("Offenders", 2, "Area", "-", "looks-like-formula"),
    ("Offenders", 2, "Area", "@x", "looks-like-formula"),
    ("Offenders", 2, "Failed attempts", "2", "text-number"),
    ("Staff", 2, "Staff ID", "OM1 ", "spaces"),
    ("Locks", 3, "Value", date(2026, 1, 31), "lock-outside-horizon"),
    ("Locks", 3, "Value", date(2027, 8, 1), "lock-outside-horizon"),
    ("Policy", 2, "Setting", "Visit.Crew", "letter-case"),
]


@pytest.mark.parametrize(("sheet", "row", "header", "value", "code"), WARNINGS)
def test_reads_with_a_warning_that_names_the_place(
    tmp_path: Path, sheet: str, row: int, header: str, value: object, code: str
) -> None:
    read = read_sheets(put(small_register(), sheet, row, header, value), tmp_path)
    found = [(f.severity.value, f.code, f.sheet, f.row, f.column) for f in read.warnings]
    assert found == [("Warning", code, sheet, row, header)]


def test_what_is_warned_of_is_read_as_said(tmp_path: Path) -> None:
    sheets = small_register()
    put(sheets, "Offenders", 2, "SOM", "OM9")
    put(sheets, "Offenders", 2, "Not with", "om2; OM9;")
    put(sheets, "Offenders", 2, "Last visit", "5/3/2025")
    put(sheets, "Offenders", 2, "Area", "=1+1")
    put(sheets, "Offenders", 3, "Offender ref", 2.0)
    put(sheets, "Offenders", 3, "Status", " CUSTODY")
    put(sheets, "Offenders", 3, "SOM", "om1")
    put(sheets, "Locks", 3, "Offender ref", 2)
    put(sheets, "Locks", 3, "Value", date(2027, 8, 1))
    read = read_sheets(sheets, tmp_path)
    first, second, _ = read.register.offenders
    assert first.som is None
    assert first.not_with == {"OM2"}
    assert first.last_visit == date(2025, 3, 5)
    assert first.area == "=1+1"
    assert (second.ref, second.status, second.som) == ("2", Status.CUSTODY, "OM1")
    assert [lock.kind for lock in read.register.locks] == [LockKind.SOM]
    assert read.counts["Locks"] == SheetCount(read=2, used=1, left_out={OUTSIDE_HORIZON: 1})
    codes = {f.code for f in read.warnings}
    assert codes >= {"number-as-ref", "lock-outside-horizon", "unknown-som", "text-date"}


@pytest.mark.parametrize(
    "text",
    ["05/03/2025", "5-3-2025", "05.03.2025", "5 Mar 2025", "05 March 2025", "5-Mar-2025",
     "2025-03-05", "2025-03-05 00:00:00"],
)  # fmt: skip
def test_every_way_to_write_a_date_as_text_is_day_first(tmp_path: Path, text: str) -> None:
    read = read_sheets(put(small_register(), "Offenders", 2, "Last visit", text), tmp_path)
    assert read.register.offenders[0].last_visit == date(2025, 3, 5)


@pytest.mark.parametrize("text", ["31/02/2025", "5 Mmm 2025", "1/2-2025", "2025-13-01", "0/1/2025"])
def test_text_that_is_no_date_is_refused(tmp_path: Path, text: str) -> None:
    sheets = put(small_register(), "Offenders", 2, "Last visit", text)
    assert said(sheets, tmp_path) == [("Fault", "wrong-kind", "H2")]


def test_fifteen_digits_are_the_ref_and_sixteen_are_not(tmp_path: Path) -> None:
    sheets = put(small_register(), "Offenders", 4, "Offender ref", 123456789012345)
    assert read_sheets(sheets, tmp_path).register.offenders[2].ref == "123456789012345"
    put(sheets, "Offenders", 4, "Offender ref", 1234567890123450)
    assert ("Fault", "digits-lost", "A4") in said(sheets, tmp_path)


def test_an_override_needs_a_reason(tmp_path: Path) -> None:
    sheets = put(small_register(), "Offenders", 2, "Visit interval", 1)
    assert said(sheets, tmp_path) == [("Fault", "override-without-reason", "L2")]
    put(sheets, "Offenders", 2, "Interval reason", "Agreed in the plan")
    assert said(sheets, tmp_path) == []


@pytest.mark.parametrize(
    ("sheet", "first", "last"),
    [("Staff", "Start", "End"), ("Offenders", "Registered from", "Registered until")],
)
def test_the_last_day_may_be_the_first_but_not_before_it(
    tmp_path: Path, sheet: str, first: str, last: str
) -> None:
    sheets = put(small_register(), sheet, 2, first, date(2025, 6, 2))
    put(sheets, sheet, 2, last, date(2025, 6, 2))
    assert said(sheets, tmp_path) == []
    put(sheets, sheet, 2, last, date(2025, 6, 1))
    assert [code for _, code, _ in said(sheets, tmp_path)] == ["dates-out-of-order"]


def test_another_letter_case_is_not_guessed_where_two_are_alike(tmp_path: Path) -> None:
    sheets = put(small_register(), "Staff", 3, "Staff ID", "om1")
    put(sheets, "Offenders", 3, "Not with", None)
    put(sheets, "Locks", 2, "Value", "OM1")
    put(sheets, "Offenders", 4, "SOM", "Om1")
    assert said(sheets, tmp_path) == [("Warning", "unknown-som", "G4")]


def test_a_duplicate_names_both_rows(tmp_path: Path) -> None:
    sheets = put(small_register(), "Offenders", 4, "Offender ref", "001")
    path = save_workbook(sheets, tmp_path / "register.xlsx")
    (finding,) = findings_of(path)
    assert "row 2" in finding.message and "row 4" in finding.message


def test_an_unknown_setting_suggests_the_nearest(tmp_path: Path) -> None:
    sheets = put(small_register(), "Policy", 2, "Setting", "visit.intervals.high")
    (finding,) = findings_of(save_workbook(sheets, tmp_path / "register.xlsx"))
    assert "visit.interval.high" in finding.message


def test_all_faults_come_at_once_with_the_warnings(tmp_path: Path) -> None:
    sheets = small_register()
    put(sheets, "Offenders", 2, "Status", "Comunity")
    put(sheets, "Offenders", 3, "SOM", "OM9")
    put(sheets, "Staff", 2, "FTE", "full")
    put(sheets, "Policy", 2, "Setting", "nonsense")
    assert said(sheets, tmp_path) == [
        ("Fault", "wrong-kind", "B2"),
        ("Warning", "unknown-som", "G3"),
        ("Fault", "wrong-kind", "F2"),
        ("Fault", "unknown-setting", "A2"),
    ]
