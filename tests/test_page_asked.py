"""The form: every lever is in it, values are checked as in a scenario file, and read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planner.errors import OutputError
from planner.levers import LEVERS, Change, LeverKind, Scenario, read_scenarios
from planner.levers.checking import faults_of
from planner.levers.scenario_write import scenarios_toml
from planner.page.explore.about import about_rows
from planner.page.explore.asked import asked, name_fault, rows_of
from planner.page.explore.fields import Control, field_of, fields, groups
from planner.page.explore.kept import Kept
from planner.staffing.rows import level_rows
from tests.page_build import BOTH, HOSTILE, report, unit

if TYPE_CHECKING:
    from pathlib import Path

    from planner.levers import Lever

MANY = Scenario(
    name='A "quoted" \\ name\nwith \x7f',
    note="é, 'quoted'",
    changes=(
        Change(lever="officers", value=2, team="Beech", first=2, last=7),
        Change(lever="officers", value=1),
        Change(lever="cross_team", value=True),
        Change(lever="arms.hours", value=4.5),
        Change(lever="merge", value="Beech", team="Ash"),
    ),
)


def pulled(lever: Lever) -> dict[str, str]:
    """A row that changes something and is in order."""
    if lever.kind is LeverKind.TEAM:
        return {"lever": lever.key, "value": "Beech", "team": "Ash"}
    if lever.kind is LeverKind.SWITCH:
        return {"lever": lever.key, "value": "true"}
    base = field_of(lever, unit()).base
    value = next(
        v for v in (2.0, 3.0, 0.75, 1.0) if lever.low <= v <= lever.high and f"{v:g}" != base
    )
    return {"lever": lever.key, "value": f"{value:g}"}


@pytest.mark.parametrize("lever", LEVERS.values(), ids=lambda lever: lever.key)
def test_every_lever_is_in_the_form_and_makes_its_change(lever: Lever) -> None:
    (field,) = [one for one in fields(unit()) if one.key == lever.key]
    assert asked([{"lever": lever.key, "value": field.base}], unit()).scenario == Scenario(
        name="What if"
    )
    found = asked([pulled(lever)], unit())
    assert found.faults == ()
    assert found.scenario is not None
    (change,) = found.scenario.changes
    assert change.lever == lever.key
    assert not list(faults_of(change, unit()))
    assert asked(rows_of(found.scenario), unit()).scenario == found.scenario


def test_sliders_stay_within_what_the_lever_takes_and_hold_the_base() -> None:
    for field in fields(unit()):
        if field.control is Control.SLIDER:
            assert float(field.low) <= float(field.base) <= float(field.high)
            assert float(field.high) <= field.lever.high
            assert float(field.low) >= (0 if field.lever.low == 1 else field.lever.low)
    assert [group.heading for group in groups(unit())][-1] == "The question"


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        ({"lever": "officers", "value": "lots"}, "value", "a whole number from 1 to 1000"),
        ({"lever": "officers", "value": "1.5"}, "value", "a whole number"),
        ({"lever": "officers", "value": "-1"}, "value", "from 1"),
        ({"lever": "officers", "value": "nan"}, "value", "from 1"),
        ({"lever": "officers", "value": "1", "team": "Nowhere"}, "team", "knows no team"),
        ({"lever": "officers", "value": "1", "from": "soon"}, "from", "no month"),
        ({"lever": "officers", "value": "1", "from": "19"}, "from", "which has 18"),
        ({"lever": "officers", "value": "1", "from": "5", "to": "4"}, "to", "before From"),
        ({"lever": "arms.hours", "value": "4", "team": "Ash"}, "team", "takes no team"),
        ({"lever": "reactive", "value": "2"}, "value", "from 0 to 1"),
        ({"lever": "merge", "value": "Ash"}, "team", "not said"),
        ({"lever": "merge", "value": "Ash", "team": "Ash"}, "value", "into itself"),
        ({"lever": "leavers", "value": "90"}, "value", "cannot leave"),
        ({"lever": "cross_team", "value": "maybe"}, "value", "On or Off"),
        ({"lever": "wishes", "value": "1"}, "lever", "no lever"),
    ],
)
def test_a_wrong_value_says_where_and_what(row: dict[str, str], field: str, words: str) -> None:
    found = asked([{"lever": "arms.hours", "value": "4"}, {**row, "row": "7"}], unit())
    assert found.scenario is None
    assert {one.field for one in found.faults} == {field}
    assert {one.row for one in found.faults} == {7}
    assert any(words in one.message for one in found.faults)


@pytest.mark.parametrize("told", [None, "x", [1, None], {"rows": 1}])
def test_what_is_no_form_asks_for_today(told: object) -> None:
    assert asked(told, unit()).scenario == Scenario(name="What if")


def test_two_of_one_lever_add_up_or_are_a_fault() -> None:
    more = {"lever": "officers", "value": "1"}
    found = asked([more, {**more, "team": "Ash"}, more], unit())
    assert found.scenario is not None
    assert len(found.scenario.changes) == 3
    hours = [{"lever": "arms.hours", "value": v} for v in ("4", "6")]
    (fault,) = asked(hours, unit()).faults
    assert (fault.row, fault.field) == (1, "lever")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Give"),
        ("  ", "Give"),
        ("today", "run 0"),
        ("a" * 81, "at most"),
        ("a\nb", "printable"),
        (" six ", "already"),
        (HOSTILE, None),
    ],
)
def test_names(name: str, words: str | None) -> None:
    fault = name_fault(name, ["Six"])
    assert fault is None if words is None else words in (fault or "")


def test_a_written_file_reads_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "scenarios.toml"
    file.write_text(scenarios_toml([MANY, BOTH]), encoding="utf-8")
    first, second = read_scenarios(file, unit())
    assert (first.name, first.note, second.name) == (MANY.name, MANY.note, BOTH.name)
    assert set(first.changes) == set(MANY.changes)
    assert set(second.changes) == set(BOTH.changes)


def test_what_is_kept_is_in_the_file_at_once(tmp_path: Path) -> None:
    file = tmp_path / "kept.toml"
    kept = Kept([], file)
    assert kept.keep(BOTH) is None
    assert "already" in (kept.keep(BOTH) or "")
    assert [s.name for s in read_scenarios(file, unit())] == [BOTH.name]
    assert kept.named([BOTH.name, "nobody"]) == (BOTH,)
    kept.forget(BOTH.name)
    assert kept.scenarios == ()
    assert file.read_text() == ""


def test_a_file_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    kept = Kept([], tmp_path)
    with pytest.raises(OutputError):
        kept.keep(BOTH)
    assert kept.scenarios == ()


def test_a_curve_about_right_goes_through_the_new_figure() -> None:
    rows = list(level_rows(report()))
    one, two = rows[2], rows[3]
    same = about_rows(rows, sum(one.exposure.values()), one.officers)
    assert [r.officers for r in same] == [r.officers for r in rows[: len(same)]]
    assert sum(same[2].exposure.values()) == pytest.approx(sum(one.exposure.values()))
    moved = about_rows(rows, sum(two.exposure.values()), one.officers)
    (at,) = [r for r in moved if r.officers == one.officers]
    assert sum(at.exposure.values()) == pytest.approx(sum(two.exposure.values()))
    assert about_rows(rows[:1], 1.0, one.officers) == []
    last, first = rows[-1], rows[0]
    better = about_rows(rows, sum(last.exposure.values()) * 0.9, last.officers)
    assert better
    assert all(r.officers < last.officers for r in better)
    worse = about_rows(rows, sum(first.exposure.values()) * 1.05, first.officers)
    assert worse
    assert all(r.officers > first.officers for r in worse)
