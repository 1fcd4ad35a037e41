"""Killed at any moment, ``planner review --apply`` has stored a workbook whole or not at all."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from planner.cli import app
from planner.commands.review import RESULT, ReviewOptions, review_folder
from planner.domain.decision import EditField
from planner.history.history import History
from tests.killed import arm, kill_at
from tests.review_build import fill, sheet_with_key

if TYPE_CHECKING:
    from planner.review.issued import Key

RUN = CliRunner()
DAY = date(2026, 12, 15)
NEVER = 10**9
MOST_STEPS = 300

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan of 40 people of which one entry is accepted; beside it two workbooks filled in."""
    there = tmp_path_factory.mktemp("killed")
    register, plan = there / "register.xlsx", there / "plan"
    sample = ["sample", str(register), "--offenders", "40", "--officers", "2"]
    assert RUN.invoke(app, sample).exit_code == 0
    planned = ["plan", str(register), "--out", str(plan), "--quiet", "--effort", "quick"]
    assert RUN.invoke(app, planned).exit_code == 0
    old, one, two, three = visits(plan)[:4]
    for name, by, said in (
        ("old", "Ann", {(old, EditField.NOTE): "old"}),
        ("a", "Ann", {(one, EditField.NOTE): "a", (two, EditField.DONE_ON): date(2026, 12, 3)}),
        ("b", "Bob", {(old, EditField.NOTE): "Clear", (three, EditField.NOTE): "b"}),
    ):
        fill(plan / "workload.xlsx", said, by, there / f"{name}.xlsx")
    apply(there, "old")
    return there


def visits(plan: Path) -> list[str]:
    _, sheet, top, names = sheet_with_key(plan / "workload.xlsx")
    refs = [sheet.cell(r, names["Decision ref"]).value for r in range(top + 1, sheet.max_row + 1)]
    return sorted(str(ref) for ref in refs if "/Visit/" in str(ref))


def apply(there: Path, *names: str, storing: int = NEVER) -> None:
    """Store workbooks; killed before the given step after storing begins."""

    def say(text: str) -> None:
        if text == "Storing" and storing < NEVER:
            arm(storing)

    options = ReviewOptions(apply=True, day=DAY)
    review_folder(there / "plan", [there / f"{name}.xlsx" for name in names], options, say)


def held(there: Path) -> dict[Key, Any]:
    with History.open(there / "plan") as history:
        (run,) = history.runs()
        return {key: said.value for key, said in history.accepted(run.run_id).items()}


def files(there: Path) -> dict[str, bytes]:
    """Everything in the plan's folder but the history's own and the result."""
    plan = there / "plan"
    return {
        path.relative_to(plan).as_posix(): path.read_bytes()
        for path in sorted(plan.rglob("*"))
        if path.is_file()
        and "runs" not in path.relative_to(plan).parts
        and not path.name.startswith(("history.sqlite", ".", RESULT))
    }


def test_killed_at_any_step_each_workbook_is_stored_whole_or_not_at_all(
    made: Path, tmp_path: Path
) -> None:
    before = held(made)
    whole = shutil.copytree(made, tmp_path / "whole")
    apply(whole, "a")
    half = held(whole)
    apply(whole, "b")
    after = held(whole)
    states = [before, half, after]
    assert before != half != after
    found = []
    for step in range(1, MOST_STEPS):
        there = shutil.copytree(made, tmp_path / str(step))
        survived = kill_at(NEVER, lambda: apply(there, "a", "b", storing=step))  # noqa: B023
        assert files(there) == files(made)
        found.append(states.index(held(there)))
        (there / "plan" / "history.sqlite").unlink()
        assert states.index(held(there)) == found[-1]
        apply(there, "a", "b")  # said again, it all comes to the same
        assert held(there) == after
        shutil.rmtree(there)
        if survived:
            break
    assert survived
    assert step > 20
    assert set(found) == {0, 1, 2}
    assert found == sorted(found)


def test_killed_at_random_by_the_clock(made: Path, tmp_path: Path) -> None:
    """The command itself, from reading the workbooks to writing the result."""
    before = held(made)
    for tenths in range(2, 30, 3):
        there = shutil.copytree(made, tmp_path / str(tenths))
        asked = [str(there / name) for name in ("plan", "a.xlsx", "b.xlsx")]
        child = subprocess.Popen(
            [sys.executable, "-m", "planner", "review", *asked, "--apply", "--on", "2026-12-15"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parent.parent,
        )
        try:
            child.wait(tenths / 10)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
        now = held(there)
        assert len(now) in {len(before), len(before) + 2, len(before) + 3}
        assert files(there) == files(made)
        shutil.rmtree(there)
