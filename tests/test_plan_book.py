"""The plan workbook as other programs and people's eyes find it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook, load_workbook

from planner.domain.terms import Status
from planner.domain.written import WrittenPlan
from planner.workbooks.plan_book import plan_workbook
from planner.workbooks.plan_columns import MEANING, PLAN_SHEETS
from tests.plan_build import report, small_register

if TYPE_CHECKING:
    from planner.workbooks.plan_report import PlanReport

SHEETS = [
    "Summary",
    "This month",
    "Officers",
    "Hours by officer",
    "Price of an hour",
    "Hours by team",
    "Repairs",
    "Month by month",
    "Allocation",
    "Schedule",
    "Workload",
    "Backlog",
    "Not planned",
    "Changes",
    "Checks",
    "Run",
    "Policy",
    "About",
]

CONTRACT = {
    "Allocation": "Offender ref, Status, Risk level, Management, Team, From, SOM, Previous SOM, "
    "Moved, Locked, Reason",
    "Schedule": "Month, Offender ref, Risk level, SOM, Duty, Visit type, Crew, Second officer, "
    "Done by, Lead hours, Second hours, Due, Months late",
    "Workload": "Month, SOM, Team, Capacity hours, Lead hours, Second hours, Planned hours, "
    "Utilisation, Caseload, Community caseload, Very high and high",
    "Backlog": "Month, Risk level, ARMS overdue, ARMS due, ARMS done, Visits overdue, Visits due, "
    "Visits done",
    "Not planned": "Offender ref, Duty, Due, Reason",
    "Changes": "Offender ref, What, Change, Before, After, Reason, Detail",
    "Checks": "Rule, What it means, Checked, Broken, Forced, Detail",
    "Run": "Item, Value",
    "Policy": "Setting, Value, Unit, Meaning, Source, Default?, Assumption",
}

MARKING = "OFFICIAL-SENSITIVE"


@pytest.fixture(scope="module")
def made() -> PlanReport:
    return report()


@pytest.fixture(scope="module")
def data(made: PlanReport) -> bytes:
    return plan_workbook(made)


@pytest.fixture(scope="module")
def book(data: bytes) -> Workbook:
    return load_workbook(BytesIO(data))


def opened(made: PlanReport) -> Workbook:
    return load_workbook(BytesIO(plan_workbook(made)))


def header_row(book: Workbook, name: str) -> int:
    (table,) = book[name].tables.values()
    return int("".join(c for c in table.ref.split(":")[0] if c.isdigit()))


def rows_of(book: Workbook, name: str) -> list[tuple[object, ...]]:
    top = header_row(book, name)
    return list(book[name].iter_rows(min_row=top + 1, values_only=True))


def test_sheets_stand_in_order_and_each_is_explained(book: Workbook) -> None:
    assert book.sheetnames == SHEETS
    assert list(MEANING) == SHEETS


@pytest.mark.parametrize("name", CONTRACT)
def test_columns_are_the_contracts(book: Workbook, name: str) -> None:
    top = header_row(book, name)
    found = [cell.value for cell in book[name][top]]
    assert found == CONTRACT[name].split(", ")
    table = next(iter(book[name].tables.values()))
    assert [c.name for c in table.tableColumns] == found
    assert table.autoFilter is not None
    assert str(book[name].freeze_panes).endswith(str(top + 1))


def test_the_readers_columns_are_those_written() -> None:
    for sheet in PLAN_SHEETS:
        assert ", ".join(c.header for c in sheet.columns) == CONTRACT[sheet.name]


def test_every_row_is_written(made: PlanReport, book: Workbook) -> None:
    for sheet in PLAN_SHEETS:
        assert len(rows_of(book, sheet.name)) == len(getattr(made.written, sheet.part))


def test_the_same_report_gives_the_same_bytes(made: PlanReport, data: bytes) -> None:
    assert plan_workbook(made) == data


def test_the_order_of_sets_does_not_reach_the_file() -> None:
    """Two runs of Python hash text differently."""
    code = (
        "import hashlib; from tests.plan_build import report;"
        "from planner.workbooks.plan_book import plan_workbook;"
        "print(hashlib.sha256(plan_workbook(report())).hexdigest())"
    )
    root = Path(__file__).parent.parent
    hashes = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=root,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(hashes) == 1


def test_nothing_is_hidden_merged_or_a_formula(book: Workbook) -> None:
    for sheet in book.worksheets:
        assert sheet.sheet_state == "visible"
        assert not sheet.merged_cells.ranges
        assert not any(d.hidden for d in sheet.row_dimensions.values())
        assert not any(d.hidden for d in sheet.column_dimensions.values())
        for row in sheet.iter_rows():
            assert not any(cell.data_type in {"f", "e"} for cell in row)
        assert not sheet.protection.sheet


def test_every_sheet_is_marked_on_screen_and_on_paper(book: Workbook) -> None:
    for sheet in book.worksheets:
        assert sheet["A2"].value == MARKING
        assert sheet["A1"].value
        head, foot = sheet.oddHeader, sheet.oddFooter
        assert head is not None
        assert foot is not None
        assert head.center.text == MARKING
        assert foot.center.text == MARKING
        assert foot.right.text == "Page &P of &N"


def test_a_forces_own_marking_is_used() -> None:
    marked = replace(small_register(12), marking="OFFICIAL & MORE")
    book = opened(report(marked))
    assert {sheet["A2"].value for sheet in book.worksheets} == {"OFFICIAL & MORE"}
    with zipfile.ZipFile(BytesIO(plan_workbook(report(marked)))) as archive:
        assert b"OFFICIAL &amp;&amp; MORE" in archive.read("xl/worksheets/sheet1.xml")


def test_every_sheet_prints_on_a4_landscape_one_page_wide(book: Workbook) -> None:
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert str(sheet.page_setup.paperSize) == "9"
        fit = sheet.sheet_properties.pageSetUpPr
        assert fit is not None
        assert fit.fitToPage
        assert sheet.page_setup.fitToWidth in (None, 1)
        if sheet.title == "Summary":
            assert sheet.page_setup.fitToHeight in (None, 1)
        else:
            top = header_row(book, sheet.title)
            assert sheet.page_setup.fitToHeight == 0
            assert sheet.print_title_rows == f"${top}:${top}"


def test_months_and_dates_are_real_dates_shown_as_people_write_them(book: Workbook) -> None:
    top = header_row(book, "Schedule") + 1
    sheet = book["Schedule"]
    assert sheet.cell(top, 1).value == datetime(2027, 5, 1)  # noqa: DTZ001
    assert sheet.cell(top, 1).number_format == "mmm yyyy"
    assert sheet.cell(top, 12).number_format == "dd/mm/yyyy"
    assert isinstance(sheet.cell(top, 12).value, datetime)


def test_text_stays_text() -> None:
    """References that look like formulas, numbers or links are what they were."""
    register = small_register(30)
    odd = ("=1+1", "007", "+44", "-1", "@x", "http://x.example", "1E5", "TRUE")
    people = tuple(replace(o, ref=ref) for o, ref in zip(register.offenders, odd, strict=False))
    locked = replace(register, offenders=people, locks=())
    book = opened(report(locked))
    sheet = book["Allocation"]
    cells = [row[0] for row in sheet.iter_rows(min_row=header_row(book, "Allocation") + 1)]
    assert {c.value for c in cells} <= set(odd)
    assert len({c.value for c in cells}) == len(odd)
    assert all(c.data_type == "s" and c.number_format == "@" for c in cells)
    assert not any(c.hyperlink for c in cells)


def test_figures_are_not_rounded(made: PlanReport, book: Workbook) -> None:
    column = CONTRACT["Workload"].split(", ").index("Capacity hours")
    found = [row[column] for row in rows_of(book, "Workload")]
    assert found == pytest.approx([w.capacity_hours for w in made.written.workload], abs=1e-9)


def test_a_rejected_plan_says_so_before_anything_else() -> None:
    book = opened(report(rejected=True))
    assert str(book["Summary"]["A3"].value).startswith("REJECTED BY THE VERIFIER")
    assert str(book["Checks"]["A3"].value).startswith("REJECTED BY THE VERIFIER")
    text = "\n".join(str(row[0]) for row in book["Summary"].iter_rows(values_only=True))
    assert "3. Caseload caps: broken 25 times, forced by the register. OM00, May 2027" in text
    assert "5. Hours within capacity: broken once, not forced by the register" in text


def test_the_summary_begins_with_whether_the_backlog_clears(book: Workbook) -> None:
    assert str(book["Summary"]["A3"].value).startswith("The ARMS backlog ")
    text = "\n".join(str(row[0]) for row in book["Summary"].iter_rows(values_only=True))
    for words in (
        "Overdue by risk level",
        "Most overdue, in months",
        "Against planning by hand",
        "assumptions",
        "hard rules",
        "at most 3.0% could be saved",
    ):
        assert words in text


def test_the_summarys_print_header_is_whole_and_its_text_names_the_register(book: Workbook) -> None:
    header = book["Summary"].oddHeader
    assert header is not None
    left = header.left.text
    assert left == book["Summary"]["A1"].value
    assert left == "Plan for May 2027 to October 2028 (register as at 20/04/2027)"
    text = [row[0] for row in book["Summary"].iter_rows(values_only=True)]
    assert "Made from: SYNTHETIC register for tests." in text


def test_this_month_says_who_else_has_been_knocked_for_in_vain(made: PlanReport) -> None:
    register = made.outcome.situation.register
    tried = [replace(o, failed_attempts=2) for o in register.offenders]
    everybody = replace(register, offenders=tuple(tried))
    book = opened(report(everybody))
    flagged = {row[2] for row in rows_of(book, "This month") if row[13]}
    active = [o for o in tried if o.is_active and o.status is Status.COMMUNITY]
    note = str(book["This month"]["A4"].value)
    assert note.startswith(f"{len(flagged)} of these people to consider for a warrant")
    others = len({o.ref for o in active} - flagged)
    assert f"{others} others have as many failed attempts and no duty this month" in note


def test_month_by_month_adds_the_levels_up(book: Workbook) -> None:
    for row in rows_of(book, "Month by month"):
        assert row[6] == sum(int(str(n)) for n in row[2:6])


def test_the_first_plan_has_an_empty_table_of_changes(book: Workbook) -> None:
    assert book["Changes"]["A4"].value == "First plan: nothing to compare with."
    assert rows_of(book, "Changes") == [(None,) * 7]


def test_tables_without_rows_still_make_a_sound_workbook(made: PlanReport) -> None:
    bare = WrittenPlan(
        allocation=(), schedule=(), workload=(), backlog=(), not_planned=(), run=made.written.run
    )
    book = opened(replace(made, written=bare))
    assert rows_of(book, "Schedule") == [(None,) * 13]


def test_the_policy_sheet_marks_each_assumption(made: PlanReport) -> None:
    register = made.outcome.situation.register
    own = register.with_policy(register.policy.but({"arms.hours": 6, "cross_team": True}))
    rows = {row[0]: row for row in rows_of(opened(report(own)), "Policy")}
    assert rows["arms.hours"][1] == 6
    assert rows["arms.hours"][5:] == ("No", "No")
    assert "Default: 5" in str(rows["arms.hours"][4])
    assert rows["cross_team"][1] == "On"
    assert rows["visit.hours"][5:] == ("Yes", "Yes")
    assert rows["visit.crew"][5:] == ("Yes", "No")


def test_about_tells_what_the_register_is_and_which_days_are_off(book: Workbook) -> None:
    about = {row[0]: str(row[1]) for row in rows_of(book, "About")}
    assert "SYNTHETIC" in about["Register"]
    assert "25/12/2027" in about["Bank holidays left out"]
    assert "03/05/2027" in about["Bank holidays left out"]
    assert "01/01/2029" not in about["Bank holidays left out"]
    assert all(f"Sheet: {name}" in about for name in SHEETS)


def test_charts_have_a_description_for_those_who_cannot_see_them(data: bytes) -> None:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
    assert drawing.count('descr="Stacked columns') == 2


def test_the_documents_date_is_the_registers(book: Workbook) -> None:
    assert book.properties.created.date() == date(2027, 4, 20)
    assert book.properties.title == "Plan for May 2027 to October 2028"
    assert book.properties.subject == MARKING
