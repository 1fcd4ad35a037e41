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
from planner.progress.parts import parts_reached
from planner.progress.progress import progress
from planner.workbooks.plan_book import plan_workbook
from planner.workload.situation import Situation
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
    "burn_down_by_team",
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
    for end in told["burn_down"]:
        teams = [t for t in told["burn_down_by_team"] if t["month"] == end["month"]]
        assert [t["team"] for t in teams] == ["Coventry", "North", "Walsall"]
        for name in ("promised_by_first_plan", "promised_by_plan_in_force", "reached"):
            assert added([t[name] for t in teams]) == end[name]
    assert told["forecast"]["proved"] is None  # no manifest beside these runs
    assert {h["duty"] for h in told["hours"]} == {"Visit", "ARMS"}


def added(levels: list[dict[str, int] | None]) -> dict[str, int] | None:
    """Teams' figures together, level by level."""
    known = [numbers for numbers in levels if numbers is not None]
    return {name: sum(n[name] for n in known) for name in known[0]} if known else None


def test_the_backlog_is_told_by_team_and_by_level(folder: Path) -> None:
    seen = progress(unit().past)
    parts = parts_reached(seen)
    assert parts is not None and parts.month == date(2027, 6, 1)
    end = next(e for e in seen.burn_down if e.month == parts.month)
    counts = [row for row in seen.counts if row.month == parts.month]
    for rows in (parts.teams, parts.levels):
        assert sum(p.reached or 0 for p in rows) == sum(end.reached or ())
        assert sum(p.in_force or 0 for p in rows) == sum(end.in_force or ())
        assert sum(p.first_plan or 0 for p in rows) == sum(end.first_plan or ())
        assert sum(p.arms.planned + p.visits.planned for p in rows) == sum(
            row.planned for row in counts
        )
        assert sum(p.arms.done + p.visits.done for p in rows) == sum(row.done for row in counts)
    lines = run(folder, "--quiet").stdout.splitlines()
    for what, parted in (("team", parts.teams), ("level", parts.levels)):
        at = next(
            n for n, x in enumerate(lines) if x.startswith(f"ARMS overdue, Jun 2027 by {what}")
        )
        told = [line.split() for line in lines[at + 1 : at + 1 + len(parted)]]
        assert [
            (*p.name.split(), str(p.first_plan), str(p.in_force), str(p.reached)) for p in parted
        ] == [tuple(line) for line in told]


def test_teams_differ_where_one_does_its_work_and_another_does_not() -> None:
    """Each team's backlog is its own, by the register that followed."""
    made = Unit(replace(small_register(60, 6), as_at=date(2027, 4, 30)))
    made.issue()
    for row in made.planned():
        team = made.register.offender[row.ref].team
        if row.duty == "ARMS" and team == "North":
            made.enter(row.ref, Duty.ARMS, row.month.replace(day=9))
    made.until()
    made.issue()
    parts = parts_reached(progress(made.past))
    assert parts is not None
    coventry, north, _ = parts.teams
    assert north.behind == 0
    assert coventry.behind is not None and coventry.behind > 0
    assert north.reached == sum(
        1
        for c in Situation(made.register).chains
        if c.duty is Duty.ARMS and c.offender.team == "North" and c.due <= made.register.as_at
    )


def test_plans_of_an_older_planner_promise_nothing_by_team(tmp_path: Path) -> None:
    made = unit(months=2)
    old = replace(made.runs[0], plan=replace(made.runs[0].plan, team_backlog=()))
    made.runs[0] = old
    seen = progress(made.past)
    parts = parts_reached(seen)
    assert parts is not None
    assert [(p.first_plan, p.in_force, p.behind) for p in parts.teams] == [(None, None, None)] * 3
    assert sum(p.reached or 0 for p in parts.teams) == sum(p.reached or 0 for p in parts.levels)
    assert "team_backlog" not in json.loads(issued_json(old.plan))


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
        "Progress by team",
        "Backlog promised",
        "Backlog by team",
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
    teams = table_of(book, "Backlog by team")
    assert len(teams) == len(seen.by_team)
    for name in ("First plan", "Plan in force", "Reached"):
        told = [
            int(str(t[name] or 0)) for t in teams if str(t["Month end"])[:10] == MAY.isoformat()
        ]
        assert sum(told) == int(str(ends[1][name] or 0))
    page = [[c.value for c in row] for row in book["Progress by team"].iter_rows()]
    told_of = parts_reached(seen)
    assert told_of is not None
    for part in (*told_of.teams, *told_of.levels):
        row = next(cells for cells in page if cells[0] == part.name)
        assert row[1:9] == [
            *(part.first_plan, part.in_force, part.reached, part.arms.planned, part.arms.done),
            *(part.visits.planned, part.visits.done, part.behind),
        ]


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
