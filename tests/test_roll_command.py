"""``planner plan --previous`` as a person types it: the whole loop of a month."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from planner.cli import app
from planner.commands.earlier_plan import read_earlier
from planner.commands.plan import PlanOptions, make_plan
from planner.domain.decision import EditField
from planner.errors import OutputError
from planner.history.history import History
from planner.optimise.solve import solve
from planner.workbooks.plan_read import read_plan_workbook
from planner.workbooks.register_read import read_register
from planner.workbooks.register_write import register_workbook
from planner.workload.situation import Situation
from tests.loop_build import kept_up, table_of
from tests.review_build import fill, sheet_with_key

if TYPE_CHECKING:
    from pathlib import Path

    from planner.domain.register import Register
    from planner.review.issued import Key

RUN = CliRunner()
DEC, JAN, FEB = date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)
QUICK = ("--effort", "quick", "--quiet")


def run(*arguments: object, code: int = 0) -> Result:
    done = RUN.invoke(app, [str(a) for a in arguments])
    assert done.exit_code == code, done.output
    return done


def plan(register: Path, out: Path, *more: object, code: int = 0) -> Any:
    done = run("plan", register, "--out", out, *QUICK, "--json", *more, code=code)
    return json.loads(done.stdout)


def saved(register: Register, path: Path) -> Path:
    path.write_bytes(register_workbook(register))
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of 60 people and its plan of December, with decisions stored."""
    there = tmp_path_factory.mktemp("roll")
    run("sample", there / "register.xlsx", "--offenders", 60, "--officers", 3)
    plan(there / "register.xlsx", there / "plan")
    said = {
        (near(there / "plan", "Visit", JAN)[0], EditField.LOCK_MONTH): FEB,
        (near(there / "plan", "ARMS", DEC)[0], EditField.NOTE): "with the court",
        (near(there / "plan", "Visit", JAN)[1], EditField.NOT_POSSIBLE): "in hospital",
        (near(there / "plan", "Visit", DEC)[0], EditField.DONE_ON): date(2026, 12, 8),
    }
    stored(there / "plan", said)
    return there


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "copy")
    return tmp_path / "copy" / "plan"


def near(folder: Path, kind: str, month: date) -> list[str]:
    """The decision refs of one kind in a month, people locked or barred by the sample left out."""
    _, sheet, top, names = sheet_with_key(folder / "workload.xlsx")
    refs = [sheet.cell(r, names["Decision ref"]).value for r in range(top + 1, sheet.max_row + 1)]
    return sorted(str(ref) for ref in refs if str(ref).endswith(f"/{kind}/{month:%Y-%m}"))


def stored(folder: Path, said: dict[Key, Any], code: int = 0) -> Any:
    book = fill(folder / "workload.xlsx", said, "DS Khan", folder.parent / "back.xlsx")
    asked = ("review", folder, book, "--apply", "--json", "--quiet", "--on", "2026-12-20")
    return json.loads(run(*asked, code=code).stdout)


def accepted_sheet(folder: Path, name: str = "Accepted decisions") -> list[dict[str, object]]:
    return table_of(load_workbook(folder / "plan.xlsx"), name)


@pytest.mark.parametrize("same_folder", [True, False])
def test_a_month_on_decisions_hold_and_everything_is_told(folder: Path, same_folder: bool) -> None:
    out = folder if same_folder else folder.parent / "next"
    lock, note, bar, done = _said(folder)
    register = saved(kept_up(folder), folder.parent / "january.xlsx")
    first = json.loads((folder / "manifest.json").read_text())["run"]
    told = plan(register, out, "--previous", folder)
    rolled = told["rolled"]
    assert told["accepted"] is True
    assert rolled["previous_run"] == first
    assert rolled["decisions"]["Held"] == 2
    assert rolled["months_both_cover"] == 17
    assert rolled["stability"] == pytest.approx(5 * rolled["left_month"])
    written = read_plan_workbook(out / "plan.xlsx")
    planned = {(row.ref, row.duty, row.month) for row in written.schedule}
    assert (lock, "Visit", FEB) in planned
    assert (bar, "Visit", JAN) not in planned
    items = {item.item: item.value for item in written.run}
    assert items["Cost: stability"] == pytest.approx(rolled["stability"])
    assert items["Previous run"] == first
    assert items["Cost"] == pytest.approx(sum(told["cost_parts"].values()))
    assert {row["Outcome"] for row in accepted_sheet(out)} == {"Held"}
    assert {row["By"] for row in accepted_sheet(out)} == {"DS Khan"}
    kinds = {row["What disagrees"] for row in accepted_sheet(out, "Register and history")}
    assert "In the register, not marked done" in kinds
    text = run("verify", out, "--register", register).stdout
    assert text.startswith("Accepted.")
    with History.open(out) as history:
        assert [r.run_id for r in history.runs()] == [first, told["run"]]
        assert len(history.accepted(first)) == 4
    assert note and done


def _said(folder: Path) -> list[str]:
    """The people whom the stored decisions are about, in the order in which they were said."""
    refs = (
        near(folder, "Visit", JAN)[0],
        near(folder, "ARMS", DEC)[0],
        near(folder, "Visit", JAN)[1],
        near(folder, "Visit", DEC)[0],
    )
    return [ref.split("/")[0] for ref in refs]


def test_what_holds_is_shown_again_and_can_be_taken_back(folder: Path) -> None:
    out = folder.parent / "next"
    lock, _, bar, _ = _said(folder)
    register = saved(kept_up(folder), folder.parent / "january.xlsx")
    plan(register, out, "--previous", folder)
    rows = table_of(load_workbook(out / "workload.xlsx"), "Decisions")
    shown = {
        row["Decision ref"]: row["Lock to month (you can edit)"]
        for row in rows
        if row["Lock to month (you can edit)"]
    }
    key = f"{lock}/Visit/2027-02"
    assert list(shown) == [key]
    untouched = run("review", out, out / "workload.xlsx", "--json", "--quiet", "--on", "2027-01-10")
    assert json.loads(untouched.stdout)["workbooks"][0]["entries"] == []
    told = stored_at(out, {(key, EditField.LOCK_MONTH): "Clear"})
    (entry,) = told["workbooks"][0]["entries"]
    assert entry["outcome"] == "Accepted"
    assert "Takes back what DS Khan said" in entry["reason"]
    again = plan(register, folder.parent / "again", "--previous", out)
    assert again["rolled"]["decisions"]["Held"] == 1  # the month barred is over only in February
    assert [r["Offender ref"] for r in accepted_sheet(folder.parent / "again")] == [bar]


def stored_at(folder: Path, said: dict[Key, Any]) -> Any:
    book = fill(folder / "workload.xlsx", said, "DS Khan", folder.parent / "cleared.xlsx")
    asked = ("review", folder, book, "--apply", "--json", "--quiet", "--on", "2027-01-20")
    return json.loads(run(*asked).stdout)


def test_a_decision_of_another_is_a_conflict_in_the_next_workbook_too(folder: Path) -> None:
    out = folder.parent / "next"
    lock = _said(folder)[0]
    plan(saved(kept_up(folder), folder.parent / "january.xlsx"), out, "--previous", folder)
    said: dict[Key, Any] = {(f"{lock}/Visit/2027-02", EditField.LOCK_MONTH): date(2027, 3, 1)}
    book = fill(out / "workload.xlsx", said, "DS Other", out.parent / "other.xlsx")
    done = run("review", out, book, "--json", "--quiet", "--on", "2027-01-10", code=3)
    (entry,) = json.loads(done.stdout)["workbooks"][0]["entries"]
    assert entry["outcome"] == "Conflict"


@pytest.mark.parametrize(("months", "covered"), [(4, 14), (20, 0)])
def test_after_a_pause(folder: Path, months: int, covered: int) -> None:
    reg = read_register(folder.parent / "register.xlsx").register
    late = replace(reg, as_at=Situation(reg).horizon.end(months), locks=())
    register = saved(late, folder.parent / "late.xlsx")
    told = plan(register, folder.parent / "next", "--previous", folder)
    assert told["rolled"]["months_both_cover"] == covered
    assert told["rolled"]["decisions"]["Its month is over"] == 2
    assert told["accepted"] is True


def test_the_same_month_planned_again(folder: Path) -> None:
    register = folder.parent / "register.xlsx"
    told = plan(register, folder, "--previous", folder)
    assert told["rolled"]["months_both_cover"] == 18
    rows = table_of(load_workbook(folder / "workload.xlsx"), "Decisions")
    marked = [r for r in rows if r["Done on (you can edit)"]]
    noted = [r for r in rows if r["Note (you can edit)"]]
    assert (len(marked), len(noted)) == (1, 1)  # said of months still ahead, so shown again
    own = [table_of(load_workbook(path), "Month") for path in (folder / "officers").iterdir()]
    said = [row for rows in own for row in rows if row["Done on (you can edit)"]]
    assert [row["Decision ref"] for row in said] == [marked[0]["Decision ref"]]
    assert run("verify", folder, "--register", register).stdout.startswith("Accepted.")


def test_a_first_plan_has_none_of_it(made: Path) -> None:
    book = load_workbook(made / "plan" / "plan.xlsx")
    assert not {"Accepted decisions", "Register and history"} & set(book.sheetnames)
    items = {item.item for item in read_plan_workbook(made / "plan" / "plan.xlsx").run}
    assert "Cost: stability" not in items


def test_trust_history_makes_marks_count(folder: Path) -> None:
    register = folder.parent / "register.xlsx"
    reg = replace(read_register(register).register, as_at=date(2026, 12, 31), locks=())
    behind = saved(reg, folder.parent / "behind.xlsx")
    ref = _said(folder)[3]
    by_register = plan(behind, folder.parent / "one", "--previous", folder)
    assert by_register["rolled"]["disagreements"]["Marked done, not in the register"] == 1
    trusting = ("--previous", folder, "--trust", "history")
    plan(behind, folder.parent / "two", *trusting)
    (row,) = [
        r
        for r in accepted_sheet(folder.parent / "two", "Register and history")
        if r["Offender ref"] == ref
    ]
    assert row["Counts"] == "History"
    due = {
        name: min(
            r.due
            for r in read_plan_workbook(folder.parent / name / "plan.xlsx").schedule
            if (r.ref, r.duty) == (ref, "Visit")
        )
        for name in ("one", "two")
    }
    assert due["one"] < due["two"]
    out = folder.parent / "two"
    assert run("verify", out, "--register", behind).stdout.startswith("Accepted.")
    assert ref in run("explain", out, ref, "--register", behind, "--quiet").stdout


def test_a_newer_plan_is_refused(folder: Path) -> None:
    reg = read_register(folder.parent / "register.xlsx").register
    people = tuple(replace(o, last_visit=None, last_arms=None) for o in reg.offenders)
    old = saved(replace(reg, as_at=date(2026, 10, 15), offenders=people), folder.parent / "o.xlsx")
    out = folder.parent / "next"
    done = run("plan", old, "--out", out, "--previous", folder, *QUICK, code=3)
    assert "The plan before begins in December 2026, the new one in November 2026" in done.output
    assert not (out / "plan.xlsx").exists()


def test_wrong_folders_are_clear_errors(folder: Path, tmp_path: Path) -> None:
    register = folder.parent / "register.xlsx"
    empty = tmp_path / "empty"
    empty.mkdir()
    for wrong in (empty, tmp_path / "none", register):
        done = run("plan", register, "--out", tmp_path / "out", "--previous", wrong, *QUICK, code=3)
        assert "The folder holds no plan as issued" in done.output
    assert not list(empty.iterdir())
    run("sample", tmp_path / "other.xlsx", "--offenders", 20, "--officers", 2, "--seed", 9)
    other = read_register(tmp_path / "other.xlsx").register
    renamed = tuple(replace(o, ref=f"X{o.ref}") for o in other.offenders)
    strangers = saved(replace(other, offenders=renamed, locks=()), tmp_path / "strangers.xlsx")
    done = run("plan", strangers, "--out", tmp_path / "out", "--previous", folder, *QUICK, code=3)
    assert "nobody in common" in done.output


def test_decisions_stored_while_planning_stop_the_plan(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is accepted after the plan before was read would be lost."""
    register = folder.parent / "register.xlsx"
    note: dict[Key, Any] = {(near(folder, "ARMS", DEC)[0], EditField.HOURS_TAKEN): 3.0}
    note[near(folder, "ARMS", DEC)[0], EditField.DONE_ON] = date(2026, 12, 9)

    def slow(*args: Any, **named: Any) -> Any:
        stored(folder, note)
        return solve(*args, **named)

    monkeypatch.setattr("planner.commands.plan.solve", slow)
    options = PlanOptions(effort="quick", previous=folder)
    before = (folder / "manifest.json").read_bytes()
    with pytest.raises(OutputError, match="accepted while the new one was being made"):
        make_plan(register, folder, options, lambda _: None)
    assert (folder / "manifest.json").read_bytes() == before


def test_the_history_before_is_read_in_order(folder: Path) -> None:
    register = saved(kept_up(folder), folder.parent / "january.xlsx")
    plan(register, folder, "--previous", folder)
    earlier = read_earlier(folder, None).plan
    assert [r.issued.rows != {} for r in earlier.runs] == [True, True]
    assert earlier.runs[-1].run_id == earlier.run.run_id
