"""The benchmark: every row measured and judged, gaps to one bound, whatever becomes of a run."""

from __future__ import annotations

import os
import signal
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import tests.rivals
from planner.by_hand import by_hand_plan
from planner.domain.result import SearchStatus
from tests.benchmark import EFFORTS, main
from tests.benchmark_registers import REGISTERS
from tests.benchmark_run import BY_HAND, FORCE, OURS, Measured, Nothing, Task, measure, run_apart
from tests.benchmark_tables import best_bound, rivals_table, sizes_table

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmark_run import Answer

PLAIN = Measured(
    seconds=10.0,
    memory_mb=200.4,
    on_register=50,
    teams=1,
    exposure=1234.5,
    backlog=7,
    cleared=None,
    cost=2000.0,
    bound=None,
    broken="",
    note="",
)
SMALL = Task(rival=FORCE, offenders=30, officers=2, seconds=2.0, deterministic=True)


def cells(table: str, name: str) -> dict[str, str]:
    """The cells of the row that begins so, by column."""
    lines = [
        [c.strip() for c in line.split("|")[1:-1]] for line in table.splitlines() if "|" in line
    ]
    row = next(line for line in lines if line[0].startswith(name))
    return dict(zip(lines[0], row, strict=True))


class Script:
    """Runs nothing: answers from a list, and keeps what it was asked."""

    def __init__(self, **answers: Answer) -> None:
        self.answers = answers
        self.asked: list[Task] = []

    def __call__(self, task: Task) -> Answer:
        self.asked.append(task)
        return self.answers.get(task.effort if task.rival == OURS else task.rival, PLAIN)


def test_a_small_benchmark_from_end_to_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Real runs, each in its own process; every plan accepted, and none below the bound."""
    out = tmp_path / "benchmark.md"
    asked = "--offenders 30 --officers 2 --effort quick --seconds-b 2 --seconds-c 2 --deterministic"
    code = main([*asked.split(), "--sizes", "20", "--size-effort", "quick", "--out", str(out)])
    told = capsys.readouterr()
    assert (code, out.read_text(encoding="utf-8")) == (0, told.out)
    first, second = told.out.split("## By size")
    rows = [cells(first, name) for name in ("(a)", "(b)", "(c)", "(d) ours, quick")]
    assert [row["accepted"] for row in rows] == ["yes"] * 4
    assert all(float(row["seconds"]) >= 0 and row["memory, MB"] != "0" for row in rows)
    assert cells(second, "20")["accepted"] == "yes"
    assert cells(second, "20")["officers"] == "2"


def test_every_gap_is_to_the_best_bound_of_ours() -> None:
    rows: list[tuple[str, Answer]] = [
        ("hand", PLAIN),
        ("quick", replace(PLAIN, cost=1000.0, bound=700.0)),
        ("normal", replace(PLAIN, cost=900.0, bound=800.0)),
        ("none", Nothing("no plan in 600 s")),
    ]
    table = rivals_table(rows)
    gaps = [cells(table, name)["gap"] for name, _ in rows]
    assert gaps == ["60.00%", "20.00%", "11.11%", "-"]
    assert "Best bound proved by ours: 800.00." in table
    assert cells(table, "none")["how the search ended"] == "no plan in 600 s"


def test_without_a_bound_there_is_no_gap() -> None:
    table = rivals_table([("hand", PLAIN), ("free", replace(PLAIN, cost=0.0))])
    assert cells(table, "hand")["gap"] == "n/a"
    assert "No bound was proved." in table
    assert best_bound([PLAIN, Nothing("")]) is None


def test_a_plan_that_costs_nothing_has_no_gap() -> None:
    table = rivals_table([("free", replace(PLAIN, cost=0.0, bound=0.0))])
    assert cells(table, "free")["gap"] == "0.00%"


def test_the_tables_tell_what_was_measured() -> None:
    row = replace(PLAIN, cleared=9, memory_mb=None, broken="rule 5 (2)", note="proved best")
    table = cells(rivals_table([("x", row)]), "x")
    assert table == {
        "plan": "x",
        "seconds": "10.0",
        "memory, MB": "n/a",
        "exposure": "1,234",
        "ARMS overdue, month 18": "7",
        "clears": "month 9",
        "cost": "2,000",
        "gap": "n/a",
        "accepted": "no: rule 5 (2)",
        "how the search ended": "proved best",
    }
    task = Task(rival=OURS, offenders=40, officers=3)
    by_size = sizes_table([(task, replace(PLAIN, bound=1500.0)), (task, Nothing("gone"))])
    told = cells(by_size, "40")
    assert (told["seconds per 1,000"], told["gap"]) == ("250.0", "25.00%")
    assert (told["officers"], told["on the register"], told["clears"]) == ("3", "50", "never")
    assert by_size.splitlines()[-1].endswith("| gone |")


def test_a_model_an_officer_gets_as_long_as_ours_at_normal() -> None:
    script = Script(
        quick=replace(PLAIN, seconds=3.0),
        normal=replace(PLAIN, seconds=44.0),
        thorough=replace(PLAIN, seconds=900.0),
    )
    assert main(["--offenders", "9", "--officers", "2", "--memory-b", "100"], script) == 0
    asked = [(t.rival, t.effort) for t in script.asked]
    assert asked[:3] == [("d", effort) for effort in EFFORTS]
    by_rival = {t.rival: t for t in script.asked}
    assert (by_rival["c"].seconds, by_rival["c"].memory_mb) == (44.0, None)
    assert (by_rival["b"].seconds, by_rival["b"].memory_mb) == (600.0, 100.0)
    assert {(t.offenders, t.officers) for t in script.asked} == {(9, 2)}


def test_a_model_an_officer_may_get_several_times() -> None:
    script = Script(quick=replace(PLAIN, seconds=7.0))
    main(["--rivals", "c,d", "--effort", "quick", "--seconds-c", "ours,600"], script)
    assert [t.seconds for t in script.asked if t.rival == "c"] == [7.0, 600.0]


def test_sizes_have_officers_in_proportion() -> None:
    script = Script()
    asked = ["--rivals", "none", "--sizes", "50,4158,70000", "--size-effort", "thorough"]
    main(asked, script)
    assert [(t.offenders, t.officers) for t in script.asked] == [
        (50, 2),
        (4158, 54),
        (70000, 909),
    ]
    assert {(t.rival, t.effort) for t in script.asked} == {(OURS, "thorough")}


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (replace(PLAIN, bound=2100.0), "less than the bound"),
        (replace(PLAIN, bound=100.0, broken="rule 5 (2)"), "the verifier rejects"),
        (Nothing("failed: KeyError", is_fault=True), "failed: KeyError"),
    ],
)
def test_what_cannot_be_right_is_a_fault(
    answer: Answer, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--rivals", "a,d", "--effort", "quick"]
    assert main(asked, Script(quick=answer)) == 1
    assert fault in capsys.readouterr().err
    assert main(["--rivals", "none", "--sizes", "9"], Script(normal=answer)) == 1


@pytest.mark.parametrize(
    "answer", [Nothing("no plan in 600 s"), replace(PLAIN, broken="rule 2 (1)", cost=1.0)]
)
def test_what_becomes_of_a_rival_is_a_result(answer: Answer) -> None:
    ours = replace(PLAIN, bound=1900.0)
    assert main(["--rivals", "b,d", "--effort", "quick"], Script(b=answer, quick=ours)) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        ["--rivals", "a,e"],
        ["--effort", "slow"],
        ["--sizes", "0"],
        ["--rivals", "c"],  # as long as what?
    ],
)
def test_a_wrong_command_line_is_told(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(wrong, Script())
    assert stopped.value.code == 2


def test_a_run_that_holds_too_much_memory_is_ended() -> None:
    answer = run_apart(replace(SMALL, memory_mb=1.0))
    assert isinstance(answer, Nothing)
    assert (answer.why, answer.is_fault) == ("out of memory (1 MB allowed)", False)


def test_a_run_that_fails_is_a_fault() -> None:
    answer = run_apart(replace(SMALL, rival=BY_HAND, offenders=0))
    assert answer == Nothing("failed: ValueError", is_fault=True)


def test_a_run_that_finds_nothing_says_so() -> None:
    answer = measure(replace(SMALL, seconds=0.0, deterministic=False))
    assert isinstance(answer, Nothing)
    assert (answer.why, answer.is_fault) == ("no plan in 0 s", False)
    assert answer.seconds is not None


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal on Windows")
def test_a_run_killed_by_the_system_is_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.benchmark_run._answer", killed)
    answer = run_apart(SMALL)
    assert answer == Nothing("killed by the system, most likely out of memory")


def killed(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_plan_that_breaks_a_rule_is_told_with_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_seconds(situation: Any, _: Any) -> Any:
        return replace(by_hand_plan(situation), second_hours={}), SearchStatus.PROVED.value

    monkeypatch.setattr(tests.rivals, "plan_force", without_seconds)
    answer = measure(SMALL)
    assert isinstance(answer, Measured)
    assert answer.broken.startswith("rule 9 (")
    assert not answer.accepted


def test_registers_of_other_shapes_get_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    script = Script(normal=replace(PLAIN, bound=1990.0))
    assert main(["--rivals", "none", "--registers", "36% done; a third leave"], script) == 0
    assert [task.named for task in script.asked] == ["36% done", "a third leave"]
    row = cells(capsys.readouterr().out, "a third leave")
    assert row["gap"] == "0.50%"
    assert row["on it"] == "50"


def test_an_unknown_register_is_a_wrong_command_line() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--rivals", "none", "--registers", "urban"], Script())
    assert ended.value.code == 2


def test_the_registers_are_what_their_names_say() -> None:
    as_at = REGISTERS["a third leave"]().as_at
    leaving = [s for s in REGISTERS["a third leave"]().officers if s.end and s.end > as_at]
    rural = REGISTERS["rural, 700 on the register"]()
    by_team = Counter(s.team for s in rural.officers)
    assert 18 <= len(leaving) <= 20
    assert len(rural.offenders) == 700
    assert sorted(by_team.values()) == [1, 1, 1, 1, 2, 3]
    assert {o.team for o in rural.offenders} == set(by_team)
