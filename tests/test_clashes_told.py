"""Clashes as people read them: sheet, row and cell in their own file, in every command."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest

from planner.clashes import find_clashes
from planner.commands.plan import PlanOptions, make_plan
from planner.commands.plan_json import plan_json
from planner.commands.plan_text import plan_text
from planner.commands.registers import check_register
from planner.domain.places import Places
from planner.tables.clashes import clash_findings, clash_rows, clashes_line
from planner.workbooks.register_read import read_register
from planner.workload.situation import Situation
from tests.register_files import save_folder, save_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.register_files import Sheets


def contradictory() -> Sheets:
    """Blank rows, moved columns and a force's own names; five cases of Youth for caps of 3."""
    cases: list[list[object]] = [
        [None, "High", f"00{n}", "North", "Community", "Youth"] for n in range(5)
    ]
    cases.append([None, "Low", "007", "North", "Community", "Welsh"])
    return {
        "Offenders": [
            ["Cases of the unit"],
            [],
            [None, "Risk level", "Offender ref", "Team", "Where", "Skill tags"],
            *cases[:2],
            [],
            [],
            *cases[2:],
        ],
        "Staff": [
            [None, "FTE", "Staff ID", "Team", "Caseload cap", "Skills"],
            [None, 1, "OM1", "North", 2, "Youth"],
            [],
            [None, 1, "OM2", "North", 1, "Youth"],
            [None, 1, "OM3", "North"],
        ],
        "Locks": [
            [],
            ["Kind", "Value", "Offender ref"],
            [],
            ["SOM", "OM1", "000"],
            [],
            ["SOM", "OM2", "000"],
            ["SOM", "OM3", "001"],
        ],
        "Policy": [[], ["Value", "Setting"], [1, "visit.crew"], [], [0.15, "Moves.Share"]],
        "Columns": [["Ours", "Theirs"], ["Status", "Where"], ["Needs", "Skill tags"]],
        "About": [["Item", "Value"], ["As at", date(2026, 1, 15)]],
    }


FOUND = [
    ("nobody-may-hold", "Offenders row 11: Needs Welsh"),
    ("lock-on-somebody-who-may-not-hold", "Locks row 7: SOM OM3; Offenders row 5: Needs Youth"),
    ("two-holders", "Locks row 4: SOM OM1; Locks row 6: SOM OM2"),
    (
        "caps-below-cases",
        "Staff row 2: Caseload cap 2; Staff row 4: Caseload cap 1; "
        "Offenders rows 4, 8 to 10: Needs Youth",
    ),
]


@pytest.mark.parametrize("kind", ["workbook", "folder"])
def test_rows_are_those_of_the_file(tmp_path: Path, kind: str) -> None:
    save = save_folder if kind == "folder" else save_workbook
    file = read_register(save(contradictory(), tmp_path / f"register.{kind}.xlsx"))
    rows = clash_rows(find_clashes(Situation(file.register)), file.places)
    assert [(row.kind, row.rows) for row in rows] == FOUND


def test_settings_are_found_by_row_whatever_their_case(tmp_path: Path) -> None:
    file = read_register(save_workbook(contradictory(), tmp_path / "register.xlsx"))
    assert file.places.row("Policy", "moves.share") == 5
    assert file.places.row("Policy", "arms.per_month") is None


def test_check_warns_at_the_cell_and_ends_well(tmp_path: Path) -> None:
    path = save_workbook(contradictory(), tmp_path / "register.xlsx")
    usable, found, text = check_register(path, None)
    assert usable and found["faults"] == 0
    told = [f for f in found["findings"] if f["code"].startswith("clash")]
    assert [(f["sheet"], f["row"], f["column"], f["cell"]) for f in told] == [
        ("Offenders", 11, "Skill tags", "F11"),
        ("Locks", 7, "Value", "B7"),
        ("Locks", 4, "Value", "B4"),
        ("Staff", 2, "Caseload cap", "E2"),
    ]
    assert {f["severity"] for f in told} == {"Warning"}
    assert "4 clashes: rows that no plan can all meet" in text
    assert "Staff, row 2, column Caseload cap (E2): In February 2026, 4 community cases" in text
    assert text.index("4 clashes") > text.index("warning")


def test_a_register_without_clashes_says_nothing_of_them(tmp_path: Path) -> None:
    sheets = contradictory()
    sheets["Locks"] = sheets["Locks"][:3]
    sheets["Offenders"] = sheets["Offenders"][:5]
    path = save_workbook(sheets, tmp_path / "register.xlsx")
    assert "clash" not in check_register(path, None)[2]
    run = make_plan(path, tmp_path / "plan", PlanOptions(effort="quick"), lambda _: None)
    assert plan_json(run)["clashes"] == [] and "clash" not in plan_text(run)
    assert (
        "Clashes"
        not in openpyxl.load_workbook(
            next(f for f in run.files if f.name == "plan.xlsx")
        ).sheetnames
    )


def test_the_plan_tells_of_clashes_by_row_and_never_by_reference(tmp_path: Path) -> None:
    path = save_workbook(contradictory(), tmp_path / "register.xlsx")
    run = make_plan(path, tmp_path / "plan", PlanOptions(effort="quick"), lambda _: None)
    assert run.accepted
    told = plan_json(run)["clashes"]
    assert [(c["kind"], c["rows"]) for c in told] == FOUND
    assert not any(ref in str(told) for ref in ("000", "001", "007"))
    assert "Rules that clash: 4 sets of rows" in plan_text(run)
    assert "and 1 more: see the sheet Clashes." in plan_text(run)
    book = openpyxl.load_workbook(next(f for f in run.files if f.name == "plan.xlsx"))
    front = " ".join(str(row[0].value) for row in book["Summary"].iter_rows())
    assert "Rules that clash: 4 sets of rows" in front and "Offenders row 11: Needs Welsh" in front
    cells = [[c.value for c in row] for row in book["Clashes"].iter_rows()]
    head = next(n for n, row in enumerate(cells) if row[0] == "What clashes")
    assert [row[1] for row in cells[head + 1 :]] == [rows for _, rows in FOUND]


def test_what_came_from_no_file_is_named_by_its_key(tmp_path: Path) -> None:
    file = read_register(save_workbook(contradictory(), tmp_path / "register.xlsx"))
    clashes = find_clashes(Situation(file.register))
    assert clash_rows(clashes, Places())[0].rows == "Offenders 007: Needs Welsh"
    assert clash_findings(clashes, Places())[0].row is None
    assert clashes_line(()) == ""
