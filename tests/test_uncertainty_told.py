"""Ranges as a force gives them, their faults, and draws as a user meets them."""

from __future__ import annotations

import json
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner.cli import app
from planner.errors import InputError
from planner.staffing.chances import percent
from planner.uncertainty.quantities import QUANTITIES, Override, Range, ranges_of
from planner.workbooks.register_read import read_register
from planner.workbooks.register_write import register_workbook
from tests.uncertainty_build import small

if TYPE_CHECKING:
    from pathlib import Path

RUN = CliRunner()
HEADERS = ("Quantity", "Low", "Likely", "High", "Source")


@cache
def plain() -> bytes:
    return register_workbook(small())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "register.xlsx"
    file.write_bytes(plain())
    return file


def put(path: Path, *rows: tuple[Any, ...], sheet: str = "Uncertainty") -> Path:
    book = load_workbook(BytesIO(plain()))
    page = book.create_sheet(sheet)
    page.append(HEADERS)
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def faults(path: Path) -> list[tuple[str, int | None, str | None, str]]:
    with pytest.raises(InputError) as caught:
        read_register(path)
    return [(f.code, f.row, f.column, f.message) for f in caught.value.findings if f.is_fault]


# --- ranges --------------------------------------------------------------------------------------


def test_every_quantity_has_a_unit_a_meaning_and_a_source_that_says_where_it_is_assumed() -> None:
    for one in QUANTITIES.values():
        assert one.unit and one.meaning and one.words and one.dated
        assert one.least <= one.low <= one.likely <= one.high <= one.most
        assert ("ssumption" in one.source) or not one.is_assumed


def test_a_settings_likely_value_is_the_policys_and_the_range_goes_with_it() -> None:
    policy = small().policy.but({"arms.hours": 4, "inflow.per_year": 0})
    ranges = ranges_of(policy, {})
    hours = ranges["arms.hours"]
    assert (hours.low, hours.likely, hours.high) == pytest.approx((2.4, 4, 6.4))
    assert ranges["inflow.per_year"] == Range(0, 0, 0)


def test_ones_own_range_moves_with_a_scenarios_value() -> None:
    told, own = small().policy, {"arms.hours": Override(name="arms.hours", low=4, high=6)}
    assert ranges_of(told, own, told)["arms.hours"] == Range(4, 5, 6)
    changed = ranges_of(told.but({"arms.hours": 10}), own, told)["arms.hours"]
    assert changed == Range(8, 10, 12)


def test_the_sheet_is_read_and_letter_case_forgiven(path: Path) -> None:
    put(
        path,
        ("ARMS.hours", 4, None, 7, "Time noted, May 2026"),
        ("staff.turnover_a_year", 0.02, 0.04, 0.08, None),
        ("staff.gap_months", 3, None, 3, None),
    )
    found = read_register(path).ranges
    assert found["arms.hours"] == Override(
        name="arms.hours", low=4, high=7, source="Time noted, May 2026"
    )
    ranges = ranges_of(small().policy, found)
    assert ranges["staff.turnover_a_year"] == Range(0.02, 0.04, 0.08)
    assert ranges["staff.gap_months"] == Range(3, 3, 3)


@pytest.mark.parametrize(
    ("row", "code", "column", "told"),
    [
        (("arms.hour", 4, None, 7, None), "unknown-quantity", "Quantity", "nearest is arms.hours"),
        (("Absense", 0, None, 1, None), "unknown-quantity", "Quantity", "hours.unplanned_absence"),
        (("arms.hours", 6, None, 7, None), "wrong-range", "Low", "policy's value, 5"),
        (("arms.hours", 4, 5, 7, None), "wrong-range", "Likely", "Policy sheet's"),
        (("staff.gap_months", 5, 3, 7, None), "wrong-range", "Low", "likely value, 3"),
        (("staff.gap_months", 3, 4, 99, None), "wrong-range", "High", "0 to 18"),
        (("staff.gap_months", -1, 4, 9, None), "wrong-range", "Low", "0 to 18"),
        (("arms.hours", None, None, 7, None), "missing-value", "Low", "Low is blank"),
        (("arms.hours", 4, None, "many", None), "wrong-kind", "High", "High"),
        ((None, 4, None, 7, None), "missing-value", "Quantity", "Quantity is blank"),
    ],
)
def test_faults_say_row_and_column(
    path: Path, row: tuple[Any, ...], code: str, column: str, told: str
) -> None:
    usual = ("risk.changes_a_month", 0.001, None, 0.01, None)
    found = faults(put(path, usual, row))
    assert [(f[0], f[1], f[2]) for f in found] == [(code, 3, column)]
    assert told in found[0][3]


def test_a_quantity_said_twice_is_a_fault(path: Path) -> None:
    row = ("arms.hours", 4, None, 7, None)
    assert [(f[0], f[1]) for f in faults(put(path, row, row))] == [("duplicate-name", 3)]


def test_check_says_it_too(path: Path) -> None:
    put(path, ("arms.hour", 4, None, 7, None))
    result = RUN.invoke(app, ["check", str(path), "--quiet"])
    assert result.exit_code == 3 and "arms.hours" in result.output


# --- the command ---------------------------------------------------------------------------------


def asked(path: Path, *more: str) -> Any:
    out = path.parent / "out"
    usual = ["--no-plans", "--officers", "12:12", "--workers", "1", "--quiet"]
    return RUN.invoke(app, ["staffing", str(path), "--out", str(out), *usual, *more])


def test_without_draws_there_is_nothing_of_them(path: Path) -> None:
    result = asked(path, "--json")
    assert json.loads(result.stdout)["uncertainty"] is None
    assert "Chances" not in load_workbook(path.parent / "out" / "staffing.xlsx").sheetnames


def test_draws_in_text_json_and_workbook(path: Path) -> None:
    put(path, ("arms.hours", 4, None, 7, "Time noted, May 2026"))
    result = asked(path, "--draws", "10", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    today = told["uncertainty"]["today"]
    assert told["uncertainty"]["draws"] == today["draws"] == 10
    assert len(today["months"]) == 18 and len(today["teams"]) == 2
    assert [r["how"] for r in told["lines"]].count("By draws") == 4
    ranged = {a["what"]: a for a in told["assumptions"] if a["what"].startswith("Range: ")}
    assert len(ranged) == len(QUANTITIES)
    own = ranged["Range: hours of an arms (arms.hours)"]
    assert (own["value"], own["source"]) == ("4 to 7, likely 5", "Time noted, May 2026")
    assert not own["is_assumed"]
    book = load_workbook(path.parent / "out" / "staffing.xlsx")
    assert book.sheetnames[:5] == ["Answer", "Chances", "Bands", "Chances by team", "Tornado"]
    drawn = {name: len(getattr(book[name], "_charts")) for name in ("Bands", "Tornado")}  # noqa: B009
    assert drawn == {"Bands": 2, "Tornado": 1}
    text = " ".join(str(c.value) for row in book["Assumptions"].iter_rows() for c in row)
    assert all(name in text for name in QUANTITIES)
    for sheet in book:
        cells = {str(c.value) for row in sheet.iter_rows() for c in row}
        assert not cells & {o.ref for o in small().offenders}


def test_draws_in_text_show_arms_and_visits_together(path: Path) -> None:
    text = asked(path, "--draws", "10").output
    for line in ("Chance to clear", "Overdue then", "By team", "What matters most"):
        assert line in text
    assert "ARMS, middle" in text and "visits, middle" in text and "Hours of an ARMS" in text


def test_each_scenario_is_drawn_too(path: Path) -> None:
    scenario = path.parent / "what.toml"
    scenario.write_text('[scenario."Quicker"]\n"arms.hours" = 3\n', encoding="utf-8")
    result = asked(path, "--draws", "10", "--json", "--scenario", str(scenario))
    told = json.loads(result.stdout)["uncertainty"]
    (quicker,) = told["scenarios"]
    assert quicker["name"] == "Quicker"
    assert quicker["exposure"]["mean"] < told["today"]["exposure"]["mean"]


def test_a_team_by_itself(path: Path) -> None:
    told = json.loads(asked(path, "--draws", "5", "--json", "--team", "Ash").stdout)["uncertainty"]
    assert [team["team"] for team in told["today"]["teams"]] == ["Ash"]


def test_an_earlier_deadline_is_aimed_at(path: Path) -> None:
    told = json.loads(asked(path, "--draws", "5", "--json", "--deadline", "9").stdout)
    assert told["uncertainty"]["today"]["deadline"] == 9
    assert told["uncertainty"]["today"]["aims"] == [6]


def test_a_cluster_that_does_not_answer_ends_with_2_before_any_work(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.uncertainty.engines.PATIENCE_SECONDS", 0.5)
    result = asked(path, "--draws", "5", "--dask", "tcp://127.0.0.1:9")
    assert result.exit_code == 2 and "No Dask scheduler answers" in result.output
    assert not (path.parent / "out").exists()


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (0, "0%"),
        (0.004, "under 1%"),
        (0.006, "1%"),
        (0.994, "99%"),
        (0.996, "over 99%"),
        (1, "100%"),
    ],
)
def test_no_share_is_rounded_to_certainty(share: float, told: str) -> None:
    assert percent(share) == told
