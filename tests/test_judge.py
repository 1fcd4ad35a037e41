"""The written plan is judged as it lies on the disk, whichever process does it."""

from __future__ import annotations

import io
import os
import pickle
import signal
import sys
import time
from dataclasses import replace
from multiprocessing import active_children
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from planner.clashes import find_clashes
from planner.commands import judge as judging_module
from planner.commands.aside import Aside
from planner.commands.judge import judging
from planner.errors import InputError, OutputError
from planner.optimise.solve import solve
from planner.sample import synthetic_register
from planner.verify.verifier import verify
from planner.workbooks.plan_book import plan_workbook
from planner.workload.situation import Situation
from tests.plan_build import report

if TYPE_CHECKING:
    from pathlib import Path

MADE = report()
REGISTER = MADE.outcome.situation.register
VERDICT = verify(REGISTER, MADE.written)
DATA = plan_workbook(MADE)


@pytest.fixture(params=["here", "beside"])
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Judged in this process, or in one of its own as for a large register."""
    if request.param == "beside":
        monkeypatch.setattr(judging_module, "LARGE", 0)
        monkeypatch.setattr(os, "cpu_count", lambda: 2)
    return str(request.param)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(DATA)
    return path


def with_one_visit_later() -> bytes:
    """The workbook with one row of the Schedule that is another than was judged."""
    book = load_workbook(io.BytesIO(DATA))
    sheet = book["Schedule"]
    (table,) = sheet.tables.values()
    first = int("".join(c for c in table.ref.split(":")[0] if c.isdigit())) + 1
    sheet.cell(first, 2).value = "nobody"
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_what_was_written_passes(place: str, path: Path) -> None:
    with judging(REGISTER) as judge:
        assert bool(active_children()) == (place == "beside")
        judge.begin(DATA)
        judge.check(path, VERDICT)
    assert not active_children()


@pytest.mark.usefixtures("place")
def test_a_workbook_that_says_something_else_is_refused(path: Path) -> None:
    other = with_one_visit_later()
    path.write_bytes(other)
    with judging(REGISTER) as judge:
        judge.begin(other)
        with pytest.raises(OutputError, match="does not read back"):
            judge.check(path, VERDICT)


@pytest.mark.usefixtures("place")
def test_a_verdict_of_another_plan_is_refused(path: Path) -> None:
    first, *others = VERDICT.findings
    wrong = replace(VERDICT, findings=(replace(first, checked=first.checked + 1), *others))
    with judging(REGISTER) as judge:
        judge.begin(DATA)
        with pytest.raises(OutputError, match="does not read back"):
            judge.check(path, wrong)


@pytest.mark.usefixtures("place")
def test_a_file_that_is_not_what_was_judged_is_refused(path: Path) -> None:
    """However sound the bytes in memory: the disk may have lost some."""
    path.write_bytes(DATA[:-1])
    with judging(REGISTER) as judge:
        judge.begin(DATA)
        with pytest.raises(OutputError, match="does not read back"):
            judge.check(path, VERDICT)


@pytest.mark.usefixtures("place")
def test_what_cannot_be_read_is_told_with_its_findings(path: Path) -> None:
    path.write_bytes(DATA[:1000])
    with judging(REGISTER) as judge:
        judge.begin(DATA[:1000])
        with pytest.raises(InputError) as caught:
            judge.check(path, VERDICT)
    assert [finding.code for finding in caught.value.findings] == ["not-a-workbook"]
    again = pickle.loads(pickle.dumps(InputError(caught.value.findings, "so it is")))
    assert (again.findings, again.consequence) == (caught.value.findings, "so it is")
    assert str(again) == str(caught.value)


def test_nothing_judged_is_nothing_passed(path: Path) -> None:
    with judging(REGISTER) as judge, pytest.raises(OutputError):
        judge.check(path, VERDICT)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("place", ["beside"], indirect=True)
def test_where_the_other_process_dies_the_plan_is_judged_here(
    place: str, path: Path, when: str
) -> None:
    assert place == "beside"
    with judging(REGISTER) as judge:
        if when == "after":
            judge.begin(DATA)
        for child in active_children():
            child.kill()
            child.join()
        if when == "before":
            time.sleep(0.5)
            judge.begin(DATA)
        judge.check(path, VERDICT)


@pytest.mark.parametrize("place", ["beside"], indirect=True)
def test_where_no_process_can_be_had_the_plan_is_judged_here(
    place: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    assert place == "beside"
    monkeypatch.setattr("concurrent.futures.process.ProcessPoolExecutor.submit", refuse)
    with judging(REGISTER) as judge:
        judge.begin(DATA)
        judge.check(path, VERDICT)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to another process on Windows")
@pytest.mark.parametrize("place", ["beside"], indirect=True)
def test_ctrl_c_does_not_end_the_other_process(place: str, path: Path) -> None:
    assert place == "beside"
    with judging(REGISTER) as judge:
        (child,) = active_children()
        for _ in range(10):
            os.kill(child.pid or 0, signal.SIGINT)
            time.sleep(0.05)
        judge.begin(DATA)
        judge.check(path, VERDICT)
        assert child.is_alive()


@pytest.mark.parametrize("processes", [1, 2])
def test_other_work_is_done_once_while_the_search_runs(processes: int) -> None:
    register = synthetic_register(offenders=60, officers=12)
    assert len(register.teams) > 1  # else nothing is left to another process
    situation = Situation(register)
    calls: list[int] = []
    plain = solve(situation, effort="quick", processes=processes)
    busy = solve(situation, effort="quick", processes=processes, meanwhile=lambda: calls.append(1))
    assert calls == [1]
    assert (busy.plan, busy.bound) == (plain.plan, plain.bound)


def test_what_is_worked_out_aside_is_the_registers_own() -> None:
    situation = Situation(REGISTER)
    aside = Aside(situation)
    aside.work_out()
    assert aside.by_hand.plan == Aside(Situation(REGISTER)).by_hand.plan
    assert aside.clashes == find_clashes(situation)
