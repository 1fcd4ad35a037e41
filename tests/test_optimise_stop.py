"""Ctrl-C: the best plan so far is taken, sound, with its bound; twice gives up."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from planner.commands.interrupt import stoppable
from planner.domain.result import SearchStatus
from planner.optimise.solve import solve
from planner.sample import synthetic_register
from planner.tables import run_items, written_plan
from planner.verify.verifier import verify
from planner.workbooks.register_write import register_workbook
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("after", [0, 3])
def test_a_stopped_search_gives_a_plan_like_any_other(processes: int, after: int) -> None:
    register = synthetic_register(offenders=300, officers=12)
    situation = Situation(register)
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > after

    result = solve(situation, effort="thorough", processes=processes, stop=stop)
    assert result.status is SearchStatus.STOPPED
    outcome = Outcome(situation, result.plan)
    written = written_plan(outcome, run_items(outcome, result, {"register.xlsx": "0" * 64}))
    verdict = verify(register, written)
    assert verdict.accepted
    assert verdict.discrepancies == ()
    assert 0 <= result.bound <= outcome.total_cost


def test_the_first_ctrl_c_is_noted_and_the_second_ends() -> None:
    said: list[str] = []
    with stoppable(said.append) as stop:
        assert not stop()
        signal.raise_signal(signal.SIGINT)
        assert stop()
        assert len(said) == 1
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to another process on Windows")
def test_ctrl_c_during_planner_plan_writes_a_whole_plan(tmp_path: Path) -> None:
    book = tmp_path / "register.xlsx"
    book.write_bytes(register_workbook(synthetic_register(offenders=500, officers=12)))
    out = tmp_path / "plan"
    command = [sys.executable, "-m", "planner", "plan", str(book), "--out", str(out)]
    running = subprocess.Popen(
        [*command, "--effort", "thorough", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert running.stderr is not None
    for line in running.stderr:
        if "Allocating" in line:
            break
    time.sleep(2)
    running.send_signal(signal.SIGINT)
    output, errors = running.communicate(timeout=240)
    assert running.returncode == 0, errors
    told = json.loads(output)
    assert told["status"] == SearchStatus.STOPPED.value
    assert told["accepted"]
    assert (out / "manifest.json").is_file()
