"""``planner plan`` and the history: issued with its plan, told when broken, found after a kill."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from planner.cli import app
from planner.commands.plan import PlanOptions, make_plan
from planner.history import database
from planner.history.history import History
from planner.tables.run import run_id
from planner.workbooks.plan_read import read_plan_workbook
from tests.killed import kill_at

if TYPE_CHECKING:
    from pathlib import Path

CLI = CliRunner()


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("register") / "register.xlsx"
    arguments = ["sample", str(path), "--offenders", "60", "--officers", "2"]
    assert CLI.invoke(app, arguments).exit_code == 0
    return path


@pytest.fixture(scope="module")
def made(register: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made") / "out"
    assert plan(register, out).exit_code == 0
    return out


@pytest.fixture
def planned(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "planned")


def plan(register: Path, out: Path, *more: str) -> Result:
    options = ["--out", str(out), "--effort", "quick", *more]
    return CLI.invoke(app, ["plan", str(register), *options])


def test_the_plan_is_issued_under_the_id_that_its_workbook_and_manifest_give(
    planned: Path,
) -> None:
    manifest = json.loads((planned / "manifest.json").read_text(encoding="utf-8"))
    written = read_plan_workbook(planned / "plan.xlsx")
    with History.open(planned) as history:
        (run,) = history.runs()
        issued = history.issued(run.run_id)
    assert run.run_id == manifest["run"] == run_id(written)
    assert run.run_id.startswith(f"{run.first_month:%Y-%m}-")
    assert {row.ref for row in issued.plan.written.allocation} == {
        person.ref for person in issued.plan.people
    }
    assert len(issued.plan.written.schedule) == len(written.schedule)
    copy = planned / "runs" / run.run_id / "manifest.json"
    assert copy.read_bytes() == (planned / "manifest.json").read_bytes()


def test_the_same_register_gives_the_same_run_wherever_it_is_written(
    register: Path, planned: Path, tmp_path: Path
) -> None:
    before = (planned / "plan.xlsx").read_bytes()
    assert plan(register, planned).exit_code == 0
    assert (planned / "plan.xlsx").read_bytes() == before
    with History.open(planned) as history:
        (first,) = history.runs()
    assert plan(register, tmp_path / "other").exit_code == 0
    with History.open(tmp_path / "other") as history:
        (run,) = history.runs()
        assert history.issued(run.run_id).plan == _plan_of(planned, first.run_id)
    assert run.run_id == first.run_id


def _plan_of(folder: Path, run: str) -> object:
    with History.open(folder) as history:
        return history.issued(run).plan


def test_an_edited_workbook_is_kept_and_said_so(register: Path, planned: Path) -> None:
    (planned / "plan.xlsx").write_bytes(b"edited")
    done = plan(register, planned)
    assert "plan.xlsx had been edited since it was issued" in done.output
    (kept,) = planned.glob("runs/*/replaced/plan.xlsx")
    assert kept.read_bytes() == b"edited"


def test_a_broken_history_ends_with_3_before_the_search(register: Path, planned: Path) -> None:
    before = (planned / "manifest.json").read_bytes()
    (planned / "history.sqlite").write_bytes(b"no database " * 500)
    done = plan(register, planned)
    assert done.exit_code == 3
    assert "Delete history.sqlite" in done.output
    assert "Allocating" not in done.output
    assert (planned / "manifest.json").read_bytes() == before


def test_a_history_in_use_ends_with_6_and_the_plan_stands(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.1)
    elsewhere = tmp_path / "unit.sqlite"
    url = f"sqlite:///{elsewhere}"
    assert plan(register, tmp_path / "first", "--history", url).exit_code == 0
    held = sqlite3.connect(elsewhere, isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    done = plan(register, tmp_path / "out", "--history", url, "--as-at", "2027-01-01")
    held.close()
    assert not (tmp_path / "out" / "history.sqlite").exists()
    run = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["run"]
    assert done.exit_code == 6
    assert "The plan is written into" in done.output
    assert "in use by another program" in done.output
    with History.open(tmp_path / "out", url) as history:
        assert [r.run_id for r in history.runs()] == [run]


@pytest.mark.parametrize("command", ["verify", "explain"])
def test_a_command_that_reads_first_finishes_what_was_cut_off(
    register: Path, planned: Path, tmp_path: Path, command: str
) -> None:
    """As after a kill between issuing the plan and putting its files in place."""
    whole = tmp_path / "whole"
    shutil.copytree(planned, whole)
    (run,) = (planned / "runs").glob("20*")
    outputs = run / "publish" / "outputs"
    outputs.mkdir(parents=True)
    shutil.move(planned / "plan.xlsx", outputs)
    shutil.move(planned / "manifest.json", run / "publish")
    order = {"schema_version": 1, "outputs": {"plan.xlsx": ""}, "replaces": {}}
    (run / "publish" / "publish.json").write_text(json.dumps(order))
    ref = read_plan_workbook(whole / "plan.xlsx").allocation[0].ref
    asked = [ref] if command == "explain" else []
    done = CLI.invoke(app, [command, str(planned), *asked, "--register", str(register)])
    assert done.exit_code == 0, done.output
    for name in ("plan.xlsx", "manifest.json"):
        assert (planned / name).read_bytes() == (whole / name).read_bytes()
    assert not (run / "publish").exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("step", [30, 70, 80, 88, 90, 94, 100, 110])
def test_planner_plan_killed_leaves_the_old_plan_or_the_new(
    register: Path, planned: Path, step: int
) -> None:
    before = {name: (planned / name).read_bytes() for name in ("plan.xlsx", "manifest.json")}
    with History.open(planned) as history:
        (old,) = history.runs()
    options = PlanOptions(effort="quick", seed=1)

    def make() -> None:
        make_plan(register, planned, options, lambda _: None)

    kill_at(step, make)
    done = CLI.invoke(app, ["verify", str(planned), "--register", str(register)])
    assert done.exit_code == 0, done.output
    manifest = json.loads((planned / "manifest.json").read_text(encoding="utf-8"))
    after = {name: (planned / name).read_bytes() for name in before}
    assert after == before or manifest["seed"] == 1
    assert manifest["run"] == run_id(read_plan_workbook(planned / "plan.xlsx"))
    with History.open(planned) as history:
        assert {old.run_id, manifest["run"]} <= {run.run_id for run in history.runs()}
