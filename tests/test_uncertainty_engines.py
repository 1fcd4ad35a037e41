"""Where it runs makes no difference: processes, a Dask cluster, a worker killed, a run taken up."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from joblib.externals.loky import reusable_executor

from planner.errors import EngineError
from planner.uncertainty import engines
from planner.uncertainty.batches import STAMP, as_bytes, batches_of, from_bytes, played
from planner.uncertainty.draws import Site
from planner.uncertainty.engines import Dask, Local
from planner.uncertainty.kept import FOLDER, kept_in
from planner.uncertainty.quantities import ranges_of
from tests.uncertainty_build import found, ground, marked, shuffled, small, workbook_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from planner.uncertainty.batches import Batch, Played

DRAWS = 60


@pytest.fixture
def no_processes_left() -> Iterator[None]:
    yield
    executor = reusable_executor._executor  # noqa: SLF001
    if executor is not None:
        executor.shutdown(wait=True, kill_workers=True)


def some_batches(draws: int = DRAWS) -> list[Batch]:
    return batches_of(ground(), ranges_of(small().policy, {}), 0, draws)


# --- what is kept --------------------------------------------------------------------------------


def test_a_batch_comes_back_as_it_was_kept() -> None:
    batch = some_batches()[0]
    done = played(batch)
    again = from_bytes(as_bytes(done), batch)
    assert again is not None and as_bytes(again) == as_bytes(done)


def test_what_is_damaged_or_of_another_batch_is_not_taken() -> None:
    first, second = some_batches()[:2]
    data = as_bytes(played(first))
    assert from_bytes(data, second) is None
    assert from_bytes(data[: len(data) // 2], first) is None
    assert from_bytes(b"[]", first) is None
    whole = json.loads(data)
    whole["told"] = whole["told"][1:]
    assert from_bytes(json.dumps(whole).encode(), first) is None
    whole = json.loads(data)
    whole["told"][0]["arms"] = whole["told"][0]["arms"][1:]
    assert from_bytes(json.dumps(whole).encode(), first) is None
    assert from_bytes(data.replace(STAMP.encode(), b"0.0.1 rule 0"), first) is None


def test_another_register_seed_range_or_deadline_is_another_batch() -> None:
    usual = ranges_of(small().policy, {})
    key = batches_of(ground(), usual, 0, 5)[0].key
    other = replace(
        small(), officers=(replace(small().officers[0], fte=0.3), *small().officers[1:])
    )
    wider = {**usual, "arms.hours": replace(usual["arms.hours"], high=9.0)}
    others = [
        batches_of(Site.of(other).ground(18), usual, 0, 5),
        batches_of(ground(12), usual, 0, 5),
        batches_of(ground(), usual, 1, 5),
        batches_of(ground(), usual, 0, 6),
        batches_of(ground(), wider, 0, 5),
        batches_of(ground(), usual, 0, 5, {"arms.hours": 3.0}),
    ]
    keys = {key, *(batches[0].key for batches in others)}
    assert len(keys) == 1 + len(others)
    assert batches_of(Site.of(shuffled(small())).ground(18), usual, 0, 5)[0].key == key


def test_batches_are_kept_for_their_owner_and_go_when_the_run_ends(tmp_path: Path) -> None:
    batch = batches_of(Site.of(marked()).ground(18), ranges_of(small().policy, {}), 0, 5)[0]
    with kept_in(tmp_path) as kept:
        kept.put(played(batch))
        (file,) = (tmp_path / FOLDER).glob("*.json")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert "CANARY" not in file.read_text()
        assert kept.get(batch) is not None
    assert list(tmp_path.iterdir()) == []


def test_batches_stay_where_a_run_fails(tmp_path: Path) -> None:
    batch = some_batches()[0]
    with pytest.raises(RuntimeError), kept_in(tmp_path) as kept:  # noqa: PT012
        kept.put(played(batch))
        raise RuntimeError
    with kept_in(tmp_path) as kept:
        assert kept.get(batch) is not None


class Counting:
    """An engine that counts, and fails once it has done so many batches."""

    def __init__(self, most: int = 10_000) -> None:
        self.most, self.done = most, 0

    def play(self, batches: Sequence[Batch]) -> Iterator[Played]:
        for batch in batches:
            if self.done == self.most:
                raise KeyboardInterrupt
            self.done += 1
            yield played(batch)


def test_an_interrupted_run_goes_on_and_does_nothing_twice(tmp_path: Path) -> None:
    whole = Counting()
    expected = found(small(), whole, draws=10)
    first, second = Counting(most=5), Counting()
    with pytest.raises(KeyboardInterrupt), kept_in(tmp_path) as kept:
        found(small(), first, draws=10, kept=kept)
    with kept_in(tmp_path) as kept:
        assert found(small(), second, draws=10, kept=kept) == expected
    assert first.done == 5 and first.done + second.done == whole.done


# --- this machine --------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_processes_left")
def test_two_processes_find_what_one_finds() -> None:
    one, two = ({d.key: as_bytes(d) for d in Local(n).play(some_batches())} for n in (1, 2))
    assert one == two


class Killing(Local):
    """Kills one of its processes once it has a first batch back."""

    def _together(self, batches: Sequence[Batch]) -> Iterator[Played]:
        for number, done in enumerate(super()._together(batches)):
            if number == 0 and len(batches) == len(some_batches(150)):
                processes = reusable_executor._executor._processes  # noqa: SLF001
                os.kill(next(iter(processes)), signal.SIGKILL)
            yield done


@pytest.mark.usefixtures("no_processes_left")
@pytest.mark.filterwarnings("ignore:A worker stopped")
def test_a_process_that_is_killed_costs_nothing_but_time() -> None:
    killed = {d.key: as_bytes(d) for d in Killing(2).play(some_batches(150))}
    assert killed == {d.key: as_bytes(d) for d in Local(1).play(some_batches(150))}


# --- the command, killed -------------------------------------------------------------------------


def command(register: Path, out: Path, *more: str) -> list[str]:
    asked = ["staffing", str(register), "--out", str(out), "--no-plans", "--officers", "12:12"]
    return [sys.executable, "-m", "planner", *asked, "--draws", "60", *more]


def test_the_command_killed_goes_on_with_the_same_figures(tmp_path: Path) -> None:
    register, out = workbook_of(small(), tmp_path / "register.xlsx"), tmp_path / "out"
    one = ("--workers", "1", "--json")
    run = subprocess.Popen(command(register, out, *one), stdout=-3, stderr=-3)
    deadline = time.monotonic() + 120
    while len(list((out / FOLDER).glob("*.json"))) < 4 and time.monotonic() < deadline:
        assert run.poll() is None
        time.sleep(0.01)
    run.send_signal(signal.SIGKILL)
    run.wait()
    kept = {p.name: p.stat().st_mtime_ns for p in (out / FOLDER).glob("*.json")}
    assert len(kept) >= 4 and not (out / "staffing.xlsx").exists()
    again = subprocess.run(command(register, out, *one), capture_output=True, check=True, text=True)
    assert "Taking up an interrupted run" in again.stderr
    fresh = subprocess.run(
        command(register, tmp_path / "other", *one), capture_output=True, check=True, text=True
    )
    assert "Taking up" not in fresh.stderr
    figures: list[dict[str, Any]] = [json.loads(r.stdout)["uncertainty"] for r in (again, fresh)]
    assert figures[0] == figures[1]
    assert sorted(p.name for p in out.iterdir()) == ["staffing.html", "staffing.xlsx"]


# --- a Dask cluster ------------------------------------------------------------------------------


def test_a_cluster_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "PATIENCE_SECONDS", 0.5)
    with pytest.raises(EngineError, match="No Dask scheduler answers"):
        Dask("tcp://127.0.0.1:9")
    with pytest.raises(EngineError, match="No Dask scheduler answers"):
        Dask("nonsense")


def test_a_missing_library_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(EngineError, match="needs the Dask extra"):
        Dask("tcp://127.0.0.1:8786")


def test_a_worker_with_another_version_is_said() -> None:
    other = replace(played(some_batches(5)[0]), stamp="0.0.1 rule 0")
    with pytest.raises(EngineError, match="another version"):
        engines.by_this_version(other)


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_of_two_one_of_which_is_killed_midway_finds_the_same() -> None:
    distributed = pytest.importorskip("distributed")
    batches = some_batches(400)
    expected = {d.key: as_bytes(d) for d in Local(1).play(batches)}
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        pids = [worker.pid for worker in cluster.workers.values()]
        assert len(set(pids)) == 2 and os.getpid() not in pids
        results: dict[str, bytes] = {}
        for number, done in enumerate(Dask(cluster.scheduler_address).play(batches)):
            if number == 1:
                os.kill(pids[0], signal.SIGKILL)
            assert done.key not in results
            results[done.key] = as_bytes(done)
    assert results == expected
