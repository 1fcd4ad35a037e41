"""Killed at any moment, accepting and issuing leave the old state or the new one."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from planner.history.history import History
from tests.history_build import RUN, batch, edit, issued_run
from tests.killed import kill_at

NEW = batch(edit("00002", value="new"), edit("00003", value="new"), read_at=1, minutes=1)
MOST_STEPS = 400


def prepared(folder: Path, url: str | None = None) -> Path:
    folder.mkdir(exist_ok=True)
    with History.open(folder, url) as history:
        history.issue(RUN)
        history.accept(batch(edit(value="old")))
    return folder


@pytest.fixture(scope="module")
def as_prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepared(tmp_path_factory.mktemp("prepared"))


def values(folder: Path, url: str | None) -> list[object]:
    with History.open(folder, url) as history:
        return [said.value for said in history.accepted(RUN.run_id).values()]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_step_accepting_is_done_or_not_begun(
    tmp_path: Path, as_prepared: Path, history_url: str | None
) -> None:
    def accept() -> None:
        with History.open(folder, history_url) as history:
            history.accept(NEW)

    found = set()
    for step in range(1, MOST_STEPS):
        if history_url is None:
            folder = shutil.copytree(as_prepared, tmp_path / str(step))
        elif step == 1:
            folder = prepared(tmp_path, history_url)
        if survived := kill_at(step, accept):
            break
        after = values(folder, history_url)
        assert after in (["old"], ["old", "new", "new"]), step
        found.add(len(after))
        if history_url is None:
            (folder / "history.sqlite").unlink()
            assert values(folder, None) == after, step
        elif len(after) == 3:  # on one server the next kills would find all done
            break
    assert history_url or survived
    assert step > 10
    assert found == {1, 3}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_step_issuing_is_done_or_not_begun(tmp_path: Path, as_prepared: Path) -> None:
    second = issued_run(seed=2)

    def issue() -> None:
        with History.open(folder) as history:
            history.issue(second)

    found = set()
    for step in range(1, MOST_STEPS):
        folder = shutil.copytree(as_prepared, tmp_path / str(step))
        survived = kill_at(step, issue)
        with History.open(folder) as history:
            runs = {run.run_id for run in history.runs()}
            assert RUN.run_id in runs
            found.add(len(runs))
            history.issue(second)
            assert history.issued(second.run_id) == second
            assert len(history.runs()) == 2
        assert not list((folder / "runs").glob("*.new"))
        shutil.rmtree(folder)
        if survived:
            break
    assert survived
    assert step > 10
    assert found == {1, 2}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_step_making_the_database_can_be_done_again(
    tmp_path: Path, as_prepared: Path
) -> None:
    for step in range(1, MOST_STEPS):
        folder = shutil.copytree(as_prepared, tmp_path / str(step))
        (folder / "history.sqlite").unlink()

        def rebuild(folder: Path = folder) -> None:
            with History.open(folder):
                pass

        survived = kill_at(step, rebuild)
        assert values(folder, None) == ["old"], step
        if survived:
            break
    assert survived
    assert step > 10


_ENDLESS = """
import sys
from pathlib import Path
from planner.history.history import History
from tests.history_build import batch, edit
url = sys.argv[2] or None
with History.open(Path(sys.argv[1]), url) as history:
    for number in range(10_000):
        made = batch(edit(f"{number:05}", value="x"), edit(f"{number:05}b", value="x"), read_at=0)
        print(history.accept(made).version, flush=True)
"""


def test_killed_at_random_every_batch_that_was_answered_is_there(
    tmp_path: Path, history_url: str | None
) -> None:
    """A process accepts on and on and is killed at random; whole batches, none lost."""
    draw = random.Random(5)
    with History.open(tmp_path, history_url) as history:
        history.issue(RUN)
    least = 0
    for _ in range(4):
        child = subprocess.Popen(
            [sys.executable, "-c", _ENDLESS, str(tmp_path), history_url or ""],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent.parent,
        )
        assert child.stdout is not None
        told = [child.stdout.readline()]
        time.sleep(draw.uniform(0, 0.3))
        child.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        told += child.stdout.read().split()
        child.wait()
        child.stdout.close()
        least = max([least, *map(int, told)])
        with History.open(tmp_path, history_url) as history:
            version = history.version(RUN.run_id)
            said = history.accepted(RUN.run_id)
        assert version in (least, least + 1)
        assert len({ref for ref, _ in said}) % 2 == 0
        assert len(list((tmp_path / "runs" / RUN.run_id / "decisions").glob("*.json"))) == version
        least = version
