"""The workbooks that people fill in, as other programs and people's eyes find them."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from planner.domain.terms import Status
from planner.tables.caseloads import caseload_rows
from planner.tables.decisions import decision_rows
from planner.workbooks.loop_books import books, officers_by_supervisor
from tests.loop_build import (
    SUPERVISORS,
    opened,
    supervised_register,
    supervised_report,
    table_of,
    texts_of,
)
from tests.plan_build import report

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

MADE = supervised_report()
REGISTER = MADE.outcome.situation.register
BYTES = books(MADE, by_supervisor=True)
BOOKS = {name: opened(data) for name, data in BYTES.items()}
UNIT, ASH, OFFICER = "workload.xlsx", "workload/DS Ash.xlsx", "officers/OM01.xlsx"
SHEETS = [
    "Caseload",
    "Overdue",
    "Hours by officer",
    "Workload",
    "Months",
    "Cases",
    "Moves",
    "Decisions",
    "Lists",
    "About this workbook",
]
PROPOSED = [
    "Decision ref",
    "Offender ref",
    "Risk level",
    "Kind",
    "Month",
    "SOM",
    "Previous SOM",
    "Supervisor",
    "What is proposed",
    "Reason",
    "Due",
    "Months late",
    "Hours",
]
EDITABLE = [
    "Accept move (you can edit)",
    "SOM to use instead (you can edit)",
    "Lock to month (you can edit)",
    "Done on (you can edit)",
    "Result (you can edit)",
    "Announced or not (you can edit)",
    "Not possible because (you can edit)",
    "Note (you can edit)",
    "Hours taken (you can edit)",
    "Edited by (you can edit)",
]


def test_there_is_one_for_the_unit_each_supervisor_and_each_officer_in_post() -> None:
    assert sorted(BOOKS) == [
        *(f"officers/OM0{n}.xlsx" for n in range(5)),
        UNIT,
        ASH,
        "workload/DS Birch.xlsx",
    ]
    assert sorted(books(MADE)) == [n for n in sorted(BOOKS) if not n.startswith("workload/")]


def test_sheets_stand_in_order_and_each_is_explained() -> None:
    assert BOOKS[UNIT].sheetnames == BOOKS[ASH].sheetnames == SHEETS
    own = ["Month", "As second officer", "My cases", "About this workbook"]
    assert BOOKS[OFFICER].sheetnames == own
    for book in BOOKS.values():
        items = {row["Item"] for row in table_of(book, "About this workbook")}
        assert {f"Sheet: {n}" for n in book.sheetnames[:-1]} <= items


@pytest.mark.parametrize("name", BOOKS)
def test_nothing_is_hidden_protected_merged_or_a_formula(name: str) -> None:
    book = BOOKS[name]
    assert book.security is None or not book.security.lockStructure
    for sheet in book.worksheets:
        assert sheet.sheet_state == "visible"
        assert not sheet.protection.sheet
        assert not sheet.merged_cells.ranges
        assert not any(d.hidden for d in sheet.row_dimensions.values())
        assert not any(d.hidden for d in sheet.column_dimensions.values())
        assert not any(c.data_type in {"f", "e"} for row in sheet.iter_rows() for c in row)
    assert b"vbaProject" not in BYTES[name]


@pytest.mark.parametrize("name", BOOKS)
def test_every_sheet_is_marked_frozen_filtered_and_prints_on_one_width(name: str) -> None:
    for sheet in BOOKS[name].worksheets:
        assert sheet["A2"].value == REGISTER.marking
        assert sheet.oddHeader is not None
        assert sheet.oddHeader.center.text == REGISTER.marking
        (table,) = sheet.tables.values()
        top = int(re.sub(r"\D", "", table.ref.split(":")[0]))
        assert table.autoFilter is not None
        assert str(sheet.freeze_panes).endswith(str(top + 1))
        assert sheet.print_title_rows == f"${top}:${top}"
        assert sheet.page_setup.orientation == "landscape"
        fit = sheet.sheet_properties.pageSetUpPr
        assert fit is not None
        assert fit.fitToPage
        assert sheet.page_setup.fitToHeight == 0


def test_the_same_report_gives_the_same_bytes() -> None:
    assert books(MADE, by_supervisor=True) == BYTES


def test_the_order_of_sets_does_not_reach_the_files() -> None:
    code = (
        "import hashlib; from tests.loop_build import supervised_report;"
        "from planner.workbooks.loop_books import books;"
        "made = books(supervised_report(), True);"
        "print([(n, hashlib.sha256(made[n]).hexdigest()) for n in made])"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parent.parent,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_decisions_are_the_plans_one_row_each() -> None:
    rows = table_of(BOOKS[UNIT], "Decisions")
    expected = decision_rows(MADE.written, SUPERVISORS)
    assert [list(row) for row in rows] == [PROPOSED + EDITABLE] * len(expected)
    for row, decision in zip(rows, expected, strict=True):
        told = (row["Decision ref"], row["Offender ref"], row["Kind"], row["SOM"], row["Reason"])
        assert told == (
            decision.decision_ref,
            decision.ref,
            decision.kind.value,
            decision.som,
            decision.reason,
        )
        assert row["Month"] == datetime.combine(decision.month, datetime.min.time())
        assert row["Previous SOM"] == decision.previous_som
        assert row["Hours"] == decision.hours
        assert all(row[name] is None for name in EDITABLE)


def test_caseloads_are_written_unrounded_and_in_order() -> None:
    rows = table_of(BOOKS[UNIT], "Caseload")
    for row, own in zip(rows, caseload_rows(MADE.outcome, MADE.written), strict=True):
        assert row["SOM"] == own.officer.staff_id
        assert (row["Caseload"], row["In the community"]) == (
            own.officer.caseload,
            own.officer.community,
        )
        assert row["Against the norm"] == own.officer.caseload - 50
        assert row["Community against the norm"] == own.officer.community - 50
        assert row["Planned hours"] == pytest.approx(own.planned, abs=1e-9)


def test_the_heat_map_has_a_figure_in_each_month() -> None:
    rows = {row["SOM"]: row for row in table_of(BOOKS[UNIT], "Hours by officer")}
    for w in MADE.written.workload:
        told = rows[w.som][f"{w.month:%b %y}"]
        assert told == (pytest.approx(w.utilisation) if w.capacity_hours > 0 else None)
    sheet = BOOKS[UNIT]["Hours by officer"]
    kinds = {rule.type for area in sheet.conditional_formatting for rule in area.rules}
    assert "colorScale" in kinds


def allowed_people(officers: set[str]) -> set[str]:
    """Whose cases these officers hold now or in the plan, or whose ARMS they do in near months."""
    held = {o.ref for o in REGISTER.offenders if o.som in officers}
    held |= {a.ref for a in MADE.written.allocation if a.som in officers}
    return held | {s.ref for s in MADE.written.schedule if s.done_by in officers}


@pytest.mark.parametrize(
    ("name", "boss"), [(ASH, "DS Ash"), ("workload/DS Birch.xlsx", "DS Birch")]
)
def test_a_supervisors_workbook_has_only_their_officers_people(name: str, boss: str) -> None:
    officers = {who for who, whose in SUPERVISORS.items() if whose == boss}
    book = BOOKS[name]
    refs = {o.ref for o in REGISTER.offenders}
    shown = {t.split("/")[0] for t in texts_of(book)} & refs
    assert shown <= allowed_people(officers)
    assert shown < refs
    for sheet in ("Caseload", "Overdue", "Hours by officer", "Workload"):
        assert {row["SOM"] for row in table_of(book, sheet)} == officers
    assert {row["SOM"] for row in table_of(book, "Cases")} == officers
    held = {o.ref for o in REGISTER.offenders if MADE.outcome.plan.som(o.ref, 1) in officers}
    assert {row["Offender ref"] for row in table_of(book, "Cases")} == held


def test_every_decision_is_in_the_book_of_the_supervisor_named_in_it() -> None:
    rows = table_of(BOOKS[UNIT], "Decisions")
    for boss in ("DS Ash", "DS Birch"):
        own = {r["Decision ref"] for r in table_of(BOOKS[f"workload/{boss}.xlsx"], "Decisions")}
        assert {r["Decision ref"] for r in rows if r["Supervisor"] == boss} <= own


@pytest.mark.parametrize("who", ["OM00", "OM01", "OM02", "OM03", "OM04"])
def test_an_officers_workbook_has_only_their_people(who: str) -> None:
    first = MADE.outcome.situation.horizon.first
    now = [s for s in MADE.written.schedule if s.month == first]
    own = {o.ref for o in REGISTER.offenders if MADE.outcome.plan.som(o.ref, 1) == who}
    own |= {s.ref for s in now if s.done_by == who}
    second = {s.ref for s in now if s.second == who}
    book = BOOKS[f"officers/{who}.xlsx"]
    refs = {o.ref for o in REGISTER.offenders}
    assert {t.split("/")[0] for t in texts_of(book)} & refs <= own | second
    seconded = table_of(book, "As second officer")
    assert {r["Offender ref"] for r in seconded} - {None} == second
    assert set(seconded[0]) == {"Week", "Week begins", "Month", "Offender ref", "Led by", "Hours"}


def test_a_canary_in_one_team_is_seen_in_no_others_book() -> None:
    """A reference of Coventry's, whose officers nobody else supervises or seconds."""
    register = supervised_register()
    (at,) = [n for n, o in enumerate(register.offenders) if o.ref == "00003"]
    people = list(register.offenders)
    people[at] = replace(people[at], ref="ZZCANARY")
    made = books(
        supervised_report(replace(register, offenders=tuple(people), locks=())), by_supervisor=True
    )
    seen = {n for n, data in made.items() if any("ZZCANARY" in t for t in texts_of(opened(data)))}
    assert people[at].team == "Coventry"
    assert UNIT in seen
    assert not seen & {"workload/DS Birch.xlsx", "officers/OM02.xlsx", "officers/OM04.xlsx"}


def checks_of(sheet: Worksheet) -> dict[str, DataValidation]:
    """The check of each column, by the column's header; it reaches every row of the table."""
    (table,) = sheet.tables.values()
    header = sheet[table.ref][0]
    _, last = table.ref.split(":")
    bottom = int(re.sub(r"\D", "", last))
    found = {}
    for cell in header:
        first = cell.row + 1
        place = f"{cell.column_letter}{first}:{cell.column_letter}{bottom}"
        for check in sheet.data_validations.dataValidation:
            if str(check.sqref) == place:
                found[str(cell.value)] = check
    return found


def test_every_editable_column_has_a_message_and_what_can_be_chosen_a_list() -> None:
    sheet = BOOKS[UNIT]["Decisions"]
    checks = checks_of(sheet)
    assert set(checks) == set(EDITABLE)
    assert all(check.promptTitle and check.prompt for check in checks.values())
    lists = {n: c.formula1 for n, c in checks.items() if c.type == "list"}
    assert lists == {
        "Accept move (you can edit)": '"Accept,Refuse,Clear"',
        "Result (you can edit)": '"Seen,Nobody in,Refused,Clear"',
        "Announced or not (you can edit)": '"Announced,Unannounced,Clear"',
        "SOM to use instead (you can edit)": "Lists!$A$6:$A$12",
        "Lock to month (you can edit)": "Lists!$B$6:$B$24",
    }
    offered = BOOKS[UNIT]["Lists"]
    staff = [offered[f"A{row}"].value for row in range(6, 13)]
    assert staff == [*sorted(s.staff_id for s in REGISTER.officers), "Clear"]
    months = [offered[f"B{row}"].value for row in range(6, 25)]
    assert months[0] == datetime(2027, 5, 1)  # noqa: DTZ001
    assert months[17:] == [datetime(2028, 10, 1), "Clear"]  # noqa: DTZ001
    assert checks["SOM to use instead (you can edit)"].errorStyle == "warning"


def test_dates_and_hours_are_checked_and_clear_goes_through() -> None:
    checks = checks_of(BOOKS[UNIT]["Decisions"])
    done = checks["Done on (you can edit)"]
    assert done.type == "custom"
    assert done.formula1 == (
        'IF(ISNUMBER(Q7),AND(Q7>=DATE(2027,4,20),Q7<DATE(2027,8,31)+1),UPPER(Q7)="CLEAR")'
    )
    assert "20/04/2027 to 31/08/2027" in str(done.error)
    assert "0" in str(checks["Hours taken (you can edit)"].formula1)
    own = checks_of(BOOKS[OFFICER]["Month"])
    assert "DATE(2027,6,30)" in str(own["Done on (you can edit)"].formula1)


def test_editable_cells_are_tinted_and_take_text_as_text() -> None:
    sheet = BOOKS[UNIT]["Decisions"]
    (table,) = sheet.tables.values()
    header, first, *_ = sheet[table.ref]
    for top, cell in zip(header, first, strict=True):
        is_editable = str(top.value).endswith("(you can edit)")
        assert (cell.fill.fgColor.rgb == "FFFFF6CC") is is_editable
        assert (top.fill.fgColor.rgb == "FFFFDD00") is is_editable
    formats = {str(t.value): c.number_format for t, c in zip(header, first, strict=True)}
    assert formats["SOM to use instead (you can edit)"] == "@"
    assert formats["Note (you can edit)"] == "@"
    assert formats["Done on (you can edit)"] == "dd/mm/yyyy"
    assert formats["Lock to month (you can edit)"] == "mmm yyyy"
    assert formats["Decision ref"] == "@"


def test_what_does_not_apply_is_grey_by_the_rows_kind() -> None:
    sheet = BOOKS[UNIT]["Decisions"]
    rules = {
        str(area.sqref).split(":")[0]: rule.formula[0]
        for area in sheet.conditional_formatting
        for rule in area.rules
        if rule.type == "expression"
    }
    assert rules["N7"] == 'AND($D7<>"",$D7<>"Move")'
    assert rules["S7"] == 'AND($D7<>"",$D7<>"Visit")'
    assert rules["P7"] == 'AND($D7<>"",$D7<>"Visit",$D7<>"ARMS")'
    assert not {"O7", "U7", "W7"} & set(rules)  # SOM to use instead, Note, Edited by


def about(book: Workbook) -> dict[str, Any]:
    return {str(r["Item"]): r["Value"] for r in table_of(book, "About this workbook")}


@pytest.mark.parametrize(("name", "made_for"), [(UNIT, "Unit"), (ASH, "DS Ash"), (OFFICER, "OM01")])
def test_each_says_from_which_run_it_is_and_for_whom(name: str, made_for: str) -> None:
    told = about(BOOKS[name])
    assert told["Run"] == MADE.run_id
    assert told["First month"] == datetime(2027, 5, 1)  # noqa: DTZ001
    assert told["As at"] == datetime(2027, 4, 20)  # noqa: DTZ001
    assert told["Made for"] == made_for
    assert told["Your name"] is None
    assert told["Schema version"] == 1
    book: Any = BOOKS[name]
    own = {p.name: p.value for p in book.custom_doc_props.props}
    assert own["Run"] == MADE.run_id
    assert own["Made for"] == made_for
    assert own["Schema version"] == 1
    assert own["First month"].date() == date(2027, 5, 1)


def test_an_officers_month_can_be_filled_in_row_by_row() -> None:
    rows = table_of(BOOKS[OFFICER], "Month")
    decisions = {r["Decision ref"]: r for r in table_of(BOOKS[UNIT], "Decisions")}
    assert [n for n in rows[0] if n.endswith("(you can edit)")] == [
        "Done on (you can edit)",
        "Result (you can edit)",
        "Announced or not (you can edit)",
        "Hours taken (you can edit)",
        "Not possible because (you can edit)",
        "Note (you can edit)",
    ]
    assert set(checks_of(BOOKS[OFFICER]["Month"])) == {n for n in rows[0] if "can edit" in n}
    assert len(rows) > 5
    for row in rows:
        same = decisions[row["Decision ref"]]
        for column in set(row) & set(PROPOSED):
            assert row[column] == same[column], column
    assert [r["Week"] for r in rows] == sorted(int(str(r["Week"])) for r in rows)


def test_an_officer_says_how_a_visit_was_made_and_not_an_arms() -> None:
    """Grey by what the row proposes, so that it stays right when rows are sorted."""
    sheet = BOOKS[OFFICER]["Month"]
    check = checks_of(sheet)["Announced or not (you can edit)"]
    assert check.formula1 == '"Announced,Unannounced,Clear"'
    (column,) = [
        c.column_letter
        for row in sheet
        for c in row
        if c.value == "Announced or not (you can edit)"
    ]
    (what,) = [c for row in sheet for c in row if c.value == "What is proposed"]
    rules = {
        str(area.sqref).split(":")[0]: rule.formula[0]
        for area in sheet.conditional_formatting
        for rule in area.rules
        if rule.type == "expression"
    }
    top = what.row + 1
    assert rules[f"{column}{top}"] == f'LEFT(${what.column_letter}{top},4)="ARMS"'
    rows = table_of(BOOKS[OFFICER], "Month")
    assert {str(r["What is proposed"])[:4] == "ARMS" for r in rows} == {True, False}
    for row in rows:
        is_arms = "/ARMS/" in str(row["Decision ref"])
        assert is_arms == str(row["What is proposed"]).startswith("ARMS")


def test_a_rejected_plan_says_so_on_every_sheet() -> None:
    made = books(report(supervised_register(), rejected=True), by_supervisor=True)
    for data in made.values():
        for sheet in opened(data).worksheets:
            assert str(sheet["A3"].value).startswith("REJECTED BY THE VERIFIER")
    for book in BOOKS.values():
        assert not any("REJECTED" in text for text in texts_of(book))


def test_references_that_look_like_formulas_stay_text() -> None:
    register = supervised_register()
    odd = ("=1+1", "007", "+44", "-1", "@x", "http://x.example", "1E5", "TRUE")
    people = tuple(
        replace(o, ref=odd[n]) if n < len(odd) else o for n, o in enumerate(register.offenders)
    )
    staff = tuple(replace(s, supervisor="=cmd|x") if s.supervisor else s for s in register.officers)
    made = books(
        supervised_report(replace(register, offenders=people, officers=staff, locks=())), True
    )
    book = opened(made[UNIT])
    cells = [c for row in book["Cases"].iter_rows() for c in row if c.value in odd]
    assert len(cells) == len(odd)
    assert all(c.data_type == "s" and not c.hyperlink for c in cells)
    assert {"=cmd|x"} == {r["Supervisor"] for r in table_of(book, "Overdue")} - {None}
    assert sum(name.startswith("workload/_cmd_x-") for name in made) == 1


def test_supervisors_and_staff_whose_names_differ_by_case_have_a_book_each() -> None:
    register = supervised_register()
    twins = {"OM01": "om-1", "OM02": "OM-1"}
    staff = tuple(
        replace(s, supervisor=twins.get(s.staff_id, s.supervisor)) for s in register.officers
    )
    made = books(supervised_report(replace(register, officers=staff)), True)
    theirs = [n for n in made if n.casefold().startswith("workload/om-1-")]
    assert len({n.casefold() for n in theirs}) == 2
    assert len({n.casefold() for n in made}) == len(made)


def test_who_has_no_supervisor_is_in_the_units_book_only() -> None:
    teams = officers_by_supervisor(REGISTER)
    assert teams == {"DS Ash": {"OM00", "OM01"}, "DS Birch": {"OM02", "OM04"}}


def test_books_of_a_unit_with_nothing_to_do_can_still_be_opened() -> None:
    register = supervised_register()
    gone = replace(
        register.offenders[1], status=Status.CUSTODY, release_date=None, som="OM01", keep=False
    )
    made = books(supervised_report(replace(register, offenders=(gone,), locks=())), True)
    rows = table_of(opened(made[OFFICER]), "Month")
    assert [set(row.values()) for row in rows] == [{None}]
    assert [set(row.values()) for row in table_of(opened(made[UNIT]), "Decisions")] == [{None}]
    assert [r["Offender ref"] for r in table_of(opened(made[OFFICER]), "My cases")] == [gone.ref]
