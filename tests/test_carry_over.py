"""Runs and decisions carried from last month's folder into this month's."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from planner.errors import InputError
from planner.history.carry_over import carry_over
from planner.history.history import History
from planner.history.run_folder import list_runs, read_issued
from tests.history_build import RUN, batch, edit, issued_run
from tests.killed import kill_at

if TYPE_CHECKING:
    from pathlib import Path

SECOND = issued_run(seed=2)


@pytest.fixture
def previous(tmp_path: Path) -> Path:
    folder = tmp_path / "previous"
    folder.mkdir()
    with History.open(folder) as history:
        history.issue(RUN)
        history.issue(SECOND)
        history.accept(batch(edit()))
    (folder / "runs" / RUN.run_id / "manifest.json").write_text("{}")
    (folder / "runs" / RUN.run_id / "replaced").mkdir()
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    runs = folder / "runs"
    return {
        path.relative_to(runs).as_posix(): path.read_bytes()
        for path in runs.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def test_every_run_is_copied_and_answers_the_same(tmp_path: Path, previous: Path) -> None:
    out = tmp_path / "out"
    assert sorted(carry_over(previous, out)) == sorted([RUN.run_id, SECOND.run_id])
    assert contents(out) == contents(previous)
    with History.open(previous) as before, History.open(out) as after:
        assert after.runs() == before.runs()
        assert after.accepted(RUN.run_id) == before.accepted(RUN.run_id)


def test_what_came_later_is_added_and_nothing_is_taken_away(tmp_path: Path, previous: Path) -> None:
    out = tmp_path / "out"
    carry_over(previous, out)
    with History.open(previous) as history:
        history.accept(batch(edit("00002"), read_at=1))
    with History.open(out) as history:
        history.issue(issued_run(seed=3))
        history.accept(batch(edit("00003"), read_at=1))
    assert carry_over(previous, out) == ()
    assert contents(previous).keys() < contents(out).keys()
    with History.open(out) as history:
        refs = {said.edit.ref for said in history.accepted(RUN.run_id).values()}
        assert refs == {"00001", "00002", "00003"}
        assert history.version(RUN.run_id) == 3


def test_the_same_folder_and_one_without_runs_change_nothing(
    tmp_path: Path, previous: Path
) -> None:
    before = contents(previous)
    assert carry_over(previous, previous.parent / "previous") == ()
    (tmp_path / "empty").mkdir()
    assert carry_over(tmp_path / "empty", previous) == ()
    assert contents(previous) == before


@pytest.mark.parametrize("name", ["issued.json.gz", "run.json", "decisions"])
def test_what_cannot_be_read_is_named_and_nothing_is_copied(
    tmp_path: Path, previous: Path, name: str
) -> None:
    place = previous / "runs" / RUN.run_id / name
    path = next(place.iterdir()) if place.is_dir() else place
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(InputError) as caught:
        carry_over(previous, tmp_path / "out")
    assert [f.sheet for f in caught.value.findings] == [path.relative_to(previous).as_posix()]
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_step_it_can_be_done_again(
    tmp_path: Path, previous: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)  # a step all the same; quicker
    for step in range(1, 300):
        out = tmp_path / str(step)

        def carry(out: Path = out) -> None:
            carry_over(previous, out)

        survived = kill_at(step, carry)
        for run_id in list_runs(out):  # whole runs or none
            assert read_issued(out, run_id) == read_issued(previous, run_id)
        carry_over(previous, out)
        assert contents(out) == contents(previous), step
        shutil.rmtree(out)
        if survived:
            break
    assert survived
    assert step > 20
