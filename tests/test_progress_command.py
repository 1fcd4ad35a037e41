"""``planner progress``, and the Progress sheet of the second plan."""

from __future__ import annotations

import json
import re
import time
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner.cli import app
from planner.commands.progress import progress_before, progress_of_folder
from planner.domain.decision import DecisionKind, EditField, decision_ref
from planner.domain.months import Horizon
from planner.domain.taken import CountedDuty, TakenOver
from planner.domain.terms import Duty
from planner.history.batch import DecisionBatch
from planner.history.history import History
from planner.history.issued_json import issued_json, run_id_of
from planner.progress.done import Difference, Source
from planner.progress.progress import progress
from planner.workbooks.plan_book import plan_workbook
from tests.loop_build import table_of
from tests.plan_build import report, small_register
from tests.progress_build import KIND, Unit

if TYPE_CHECKING:
    from pathlib import Path

CLI = CliRunner()
MAY = date(2027, 5, 1)


def unit(people: int = 60, months: int = 3, officers: int = 6) -> Unit:
    """Every third duty marked and on the register, every seventh not possible."""
    made = Unit(replace(small_register(people, officers), as_at=date(2027, 4, 30)))
    for number in range(months):
        made.issue()
        if number == months - 1:
            break
        for n, row in enumerate(made.planned()):
            if n % 3 == 0:
                day = row.month.replace(day=n % 28 + 1)
                made.say(row, done_on=day, result="Seen", hours_taken=6.0 + n % 2)
                made.enter(row.ref, Duty(row.duty), day)
            elif n % 7 == 0:
                made.say(row, not_possible="on holiday with Zzcanary")
        made.until()
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with History.open(tmp_path) as history:
        unit().keep(history)
    return tmp_path


def run(*arguments: object) -> Any:
    return CLI.invoke(app, ["progress", *map(str, arguments)])


def test_what_the_history_holds_is_what_is_told(folder: Path) -> None:
    told = progress_of_folder(folder, None, None, lambda _: None)
    assert told == progress(unit().past)
    assert sum(told.known.sources.values()) > 10


def test_a_gap_of_months_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    made = unit(months=1)
    made.until(months=5)
    made.issue()
    with History.open(tmp_path) as history:
        made.keep(history)
    told = progress_of_folder(tmp_path, None, None, lambda _: None)
    assert told == progress(made.past)
    assert [m.month.month for m in told.months] == [5, 6, 7, 8, 9]
    assert any(row.planned for row in told.counts if row.month == told.months[-1].month)


def test_hours_noted_on_a_later_months_row_of_an_earlier_plan_are_read(tmp_path: Path) -> None:
    made = unit(months=1)
    (row, *_) = made.planned(date(2027, 7, 1))
    made.say(row, done_on=date(2027, 5, 20), result="Seen", hours_taken=4.0)
    made.until()
    made.issue()
    with History.open(tmp_path) as history:
        made.keep(history)
    told = progress_of_folder(tmp_path, None, None, lambda _: None)
    assert told == progress(made.past)
    assert sum(hours.planned for hours in told.hours) == row.lead_hours


def test_what_was_taken_back_and_moves_of_cases_say_nothing(tmp_path: Path) -> None:
    made = unit(months=2)
    marked = next(key for key, told in made.said[0].items() if EditField.NOT_POSSIBLE in told)
    with History.open(tmp_path) as history:
        made.keep(history)
        known = history.accepted(made.runs[0].run_id)
        taken_back = decision_ref(marked[0], KIND[marked[1]], marked[2])
        first = next(s.edit for s in known.values() if s.edit.decision_ref == taken_back)
        edits = (
            *(
                replace(s.edit, value=None)
                for s in known.values()
                if s.edit.decision_ref == taken_back
            ),
            replace(
                first,
                decision_ref=decision_ref(first.ref, DecisionKind.MOVE, MAY),
                kind=DecisionKind.MOVE,
                field=EditField.ACCEPT,
                value="Accept",
            ),
        )
        batch = DecisionBatch(
            run_id=made.runs[0].run_id,
            read_at=history.version(made.runs[0].run_id),
            edits=edits,
            by="DS Khan",
            workbook="workload.xlsx",
            at=made.runs[0].issued_at,
        )
        history.accept(batch)
    del made.said[0][marked]
    assert progress_of_folder(tmp_path, None, None, lambda _: None) == progress(made.past)


def test_the_text_leads_with_the_backlog_and_ends_with_the_hours(folder: Path) -> None:
    done = run(folder, "--quiet")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == (
        "Progress of May 2027 to June 2027, by 3 plans; the newest register is as at 30/06/2027."
    )
    assert "ARMS were overdue on 30/06/2027" in lines[1]
    assert any(line.startswith("Jun 2027  Visit") for line in lines)
    assert "Proposed row" in lines[-1] or "SOM" in lines[-1]


def test_references_are_told_only_where_asked(folder: Path) -> None:
    refs = {p.ref for p in progress(unit().past).slipped}
    for quiet in (run(folder, "--quiet"), run(folder, "--json", "--quiet")):
        assert not any(ref in quiet.stdout for ref in refs)
        assert "Zzcanary" not in quiet.stdout
    told = json.loads(run(folder, "--json", "--refs", "--quiet").stdout)
    assert {row["ref"] for row in told["slipped"]} == refs
    named = run(folder, "--refs", "--quiet").stdout
    assert "Said not to be possible (on holiday with Zzcanary)" in named


KEYS = {
    "schema_version",
    "plans",
    "months",
    "counts",
    "slipped",
    "known_from",
    "disagreements",
    "came_with_a_date",
    "burn_down",
    "forecast",
    "hours",
}


def test_the_json_holds_everything_and_adds_up(folder: Path) -> None:
    told = json.loads(run(folder, "--json", "--quiet").stdout)
    assert set(told) == KEYS
    assert told["schema_version"] == 1
    assert [p["first_month"] for p in told["plans"]] == ["2027-05-01", "2027-06-01", "2027-07-01"]
    assert [m["month"] for m in told["months"]] == ["2027-05-01", "2027-06-01"]
    for row in told["counts"]:
        parts = ("done_as_planned", "done_before", "slipped", "not_known", "not_yet")
        assert row["planned"] == sum(row[name] for name in parts)
    assert sum(row["slipped"] for row in told["counts"]) == len(told["slipped"])
    done = sum(row["done_as_planned"] + row["done_besides"] for row in told["counts"])
    assert done == sum(told["known_from"].values())
    assert told["burn_down"][0]["reached_as_at"] == "2027-04-30"
    assert told["burn_down"][3]["reached"] is None
    assert told["forecast"]["proved"] is None  # no manifest beside these runs
    assert {h["duty"] for h in told["hours"]} == {"Visit", "ARMS"}


def test_a_month_may_be_asked_for(folder: Path) -> None:
    told = json.loads(run(folder, "--json", "--quiet", "--month", "2027-05").stdout)
    assert [m["month"] for m in told["months"]] == ["2027-05-01"]
    assert len(told["plans"]) == 2
    refused = run(folder, "--month", "2028-05")
    assert refused.exit_code == 3
    assert "they begin with May 2027, the newest with July 2027" in refused.stderr


def test_one_plan_says_that_it_is_the_only_one(tmp_path: Path) -> None:
    made = unit(months=1)
    made.say(made.planned()[0], done_on=MAY.replace(day=4), result="Seen")
    with History.open(tmp_path) as history:
        made.keep(history)
    done = run(tmp_path, "--quiet")
    assert done.exit_code == 0
    assert "Only one plan has been issued" in done.stdout
    assert "May 2027 is not over as far as registers go: nothing in it is called slipped." in (
        done.stdout
    )
    assert "Visits and ARMS done: 1 (1 marked only)." in done.stdout
    assert "No month is over yet" in done.stdout


def test_a_folder_without_plans_is_refused(tmp_path: Path) -> None:
    assert run(tmp_path).exit_code == 3
    assert run(tmp_path / "none").exit_code == 3


def test_what_was_proved_is_read_from_the_runs_manifest(folder: Path) -> None:
    runs = sorted((folder / "runs").iterdir())
    proved = {"hours_lacking": 40.0, "posts_lacking": 0.5, "clearing_ruled_out": True}
    (runs[-1] / "manifest.json").write_text(json.dumps(proved), encoding="utf-8")
    told = json.loads(run(folder, "--json", "--quiet").stdout)
    assert told["forecast"]["proved"] == proved
    (runs[-1] / "manifest.json").write_text("{}", encoding="utf-8")
    assert json.loads(run(folder, "--json", "--quiet").stdout)["forecast"]["proved"] is None


# In the plan workbook


def test_a_first_plan_has_no_progress(tmp_path: Path) -> None:
    made = report(small_register(30))
    assert progress_before(tmp_path, None, made) is None
    assert list(tmp_path.iterdir()) == []
    names = load_workbook(BytesIO(plan_workbook(made)), read_only=True).sheetnames
    assert not {"Progress", "Slipped"} & set(names)


def test_the_second_plan_has_its_sheets_and_charts(tmp_path: Path) -> None:
    made = unit(months=2)
    del made.runs[-1], made.said[-1]
    with History.open(tmp_path) as history:
        made.keep(history)
    new = report(made.register)
    seen = progress_before(tmp_path, None, new)
    assert seen is not None and [m.month for m in seen.months] == [MAY]
    data = plan_workbook(replace(new, progress=seen))
    assert data == plan_workbook(replace(new, progress=progress_before(tmp_path, None, new)))
    book = load_workbook(BytesIO(data))
    assert book.sheetnames[:5] == [
        "Summary",
        "Progress",
        "Backlog promised",
        "Planned and done",
        "Slipped",
    ]
    with zipfile.ZipFile(BytesIO(data)) as parts:
        texts = {n: parts.read(n).decode() for n in parts.namelist() if n.startswith("xl/charts/")}
    assert len([t for t in texts.values() if "Promised by the first plan" in t]) == 1
    (bars,) = (t for t in texts.values() if "Visits done" in t)
    found = re.findall(r"<c:tx><c:v>([\w ]+)</c:v>.*?<c:val>.*?<c:f>Progress!\$(\w)\$(\d+)", bars)
    headers = {
        name: book["Progress"][f"{column}{int(row) - 1}"].value for name, column, row in found
    }
    assert headers == {
        "ARMS planned": "Planned",
        "ARMS done": "Done in all",
        "Visits planned": "Planned",
        "Visits done": "Done in all",
    }
    slipped = table_of(book, "Slipped")
    assert len(slipped) == len(seen.slipped)
    assert slipped[0]["Why"] in {p.reason.value for p in seen.slipped if p.reason}
    counted = table_of(book, "Planned and done")
    assert sum(int(str(row["Planned"])) for row in counted) == sum(r.planned for r in seen.counts)
    ends = table_of(book, "Backlog promised")
    assert ends[0]["Reached"] == ends[0]["First plan"] == ends[0]["Plan in force"]
    assert ends[1]["Reached"] == sum(seen.burn_down[1].reached or ())


def test_what_came_later_does_not_change_the_sheets_of_a_plan(tmp_path: Path) -> None:
    made = unit(months=4)
    with History.open(tmp_path) as history:
        made.keep(history)
    early = Unit(made.register, made.runs[:1], made.said[:1])
    (tmp_path / "early").mkdir()
    with History.open(tmp_path / "early") as history:
        early.keep(history)
    register = replace(unit(months=1).register, as_at=Horizon(MAY).end(1))
    new = report(register)
    assert progress_before(tmp_path, None, new) == progress_before(tmp_path / "early", None, new)


# Time


def test_twelve_plans_take_a_moment(tmp_path: Path) -> None:
    """A tenth of the people of a large force, and more than a tenth of the 5 seconds allowed."""
    with History.open(tmp_path) as history:
        unit(400, 12, 12).keep(history)
    started = time.process_time()
    progress_of_folder(tmp_path, None, None, lambda _: None)
    assert time.process_time() - started < 2


def test_a_mark_that_the_next_plan_took_over_is_not_its_registers_word(tmp_path: Path) -> None:
    made = unit(months=1)
    row = next(row for row in made.planned() if row.duty == Duty.ARMS)
    made.say(row, done_on=MAY.replace(day=9), result="Seen")
    made.enter(row.ref, Duty.ARMS, MAY.replace(day=9))
    made.until()
    run = made.issue()
    counted = (CountedDuty(ref=row.ref, duty=row.duty, done_on=MAY.replace(day=9)),)
    plan = replace(run.plan, taken=TakenOver(counted=counted))
    name = run_id_of(plan.first_month, issued_json(plan))
    made.runs[-1] = replace(run, run_id=name, plan=plan)
    with History.open(tmp_path) as history:
        made.keep(history)
    told = progress_of_folder(tmp_path, None, None, lambda _: None)
    assert told.known.sources[Source.MARK] == 1
    assert told.known.differences[Difference.NOT_SHOWN] == 1
