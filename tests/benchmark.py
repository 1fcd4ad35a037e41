"""What the planner is worth: its plans beside what people would do otherwise, and cost by size.

``python -m tests.benchmark --help`` lists the options; ``docs/benchmark.md`` says what is compared
and how.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from planner.sample.size import OFFICERS, PEOPLE
from tests.benchmark_registers import REGISTERS
from tests.benchmark_run import (
    BY_HAND,
    BY_OFFICER,
    FORCE,
    OURS,
    Measured,
    Nothing,
    Task,
    run_apart,
)
from tests.benchmark_tables import (
    best_bound,
    machine,
    registers_table,
    rivals_table,
    sizes_table,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.benchmark_run import Answer

    Run = Callable[[Task], Answer]

EFFORTS = ("quick", "normal", "thorough")
SHARE_OF_MEMORY = 0.75
"""How much of the machine's memory the model of the whole force may hold."""
ROUNDING = 1e-6


def main(arguments: Sequence[str] | None = None, run: Run = run_apart) -> int:
    """Run the benchmark; 0, or 1 where a run failed, a plan of ours is rejected, or a plan that the
    verifier accepts beats the bound.
    """
    options = _parser().parse_args(arguments)
    _check(options)
    parts, faults = [f"# Benchmark\n\n{machine()}"], []
    if options.rivals:
        rows = compare(options, run)
        faults += _faults([answer for _, answer in rows])
        size = f"{options.offenders:,} active people and {options.officers:,} officers"
        parts.append(f"## Beside what people would do otherwise\n\nSample register of {size}.")
        parts.append(rivals_table(rows))
    if options.registers:
        named = on_registers(options, run)
        faults += [fault for _, answer in named for fault in _faults([answer])]
        parts.append(f"## On registers of other shapes\n\nEffort: {options.size_effort}.")
        parts.append(registers_table(named))
    if options.sizes:
        by_size = grow(options, run)
        faults += [fault for _, answer in by_size for fault in _faults([answer])]
        parts.append(f"## By size\n\nEffort: {options.size_effort}.")
        parts.append(sizes_table(by_size))
    text = "\n\n".join(parts) + "\n"
    sys.stdout.write(text)
    if options.out is not None:
        options.out.write_text(text, encoding="utf-8")
    for fault in faults:
        sys.stderr.write(f"FAULT: {fault}\n")
    return 1 if faults else 0


def compare(options: argparse.Namespace, run: Run) -> list[tuple[str, Answer]]:
    """A row a plan, in the order of the letters; ours first, as rival c gets as long."""
    base = Task(rival=OURS, offenders=options.offenders, officers=options.officers)
    ours: dict[str, Answer] = {}
    if OURS in options.rivals:
        for effort in options.effort:
            ours[effort] = _told(f"ours, {effort}", replace(base, effort=effort), run)
    others: list[tuple[str, Answer]] = []
    for task in _rivals(options, base, ours):
        name = _name(task)
        others.append((name, _told(name, task, run)))
    return others + [(f"(d) ours, {effort}", answer) for effort, answer in ours.items()]


def _rivals(options: argparse.Namespace, base: Task, ours: dict[str, Answer]) -> list[Task]:
    """The rivals asked for, each with its limits; c once for each time it gets."""
    tasks = []
    if BY_HAND in options.rivals:
        tasks.append(replace(base, rival=BY_HAND))
    limited = replace(base, deterministic=options.deterministic)
    if FORCE in options.rivals:
        tasks.append(
            replace(limited, rival=FORCE, seconds=options.seconds_b, memory_mb=options.memory_b)
        )
    if BY_OFFICER in options.rivals:
        tasks += [
            replace(limited, rival=BY_OFFICER, seconds=given or _as_long_as(ours))
            for given in options.seconds_c
        ]
    return tasks


def _name(task: Task) -> str:
    limit = f"{task.seconds:,.0f} s" + (" (deterministic)" if task.deterministic else "")
    return {
        BY_HAND: "(a) by hand",
        FORCE: f"(b) one CP-SAT model of the force, {limit}",
        BY_OFFICER: f"(c) one CP-SAT model an officer, {limit} in all",
    }[task.rival]


def _as_long_as(ours: dict[str, Answer]) -> float:
    """The seconds that ours took at normal effort, else at the last effort that gave a plan."""
    took = {e: a.seconds for e, a in ours.items() if isinstance(a, Measured)}
    return took.get("normal", next(reversed(took.values()), 60.0))


def on_registers(options: argparse.Namespace, run: Run) -> list[tuple[str, Answer]]:
    """Ours on each register of another shape."""
    return [
        (
            name,
            _told(name, Task(rival=OURS, named=name, effort=options.size_effort), run),
        )
        for name in options.registers
    ]


def grow(options: argparse.Namespace, run: Run) -> list[tuple[Task, Answer]]:
    """Ours at each size, with as many people to an officer as in the default sample."""
    found = []
    for people in options.sizes:
        task = Task(
            rival=OURS,
            offenders=people,
            officers=max(2, round(people * OFFICERS / PEOPLE)),
            effort=options.size_effort,
        )
        found.append((task, _told(f"{people:,} people", task, run)))
    return found


def _told(name: str, task: Task, run: Run) -> Answer:
    """Run the task, with a line on standard error as it begins and ends."""
    sys.stderr.write(f"{name} …\n")
    answer = run(task)
    told = (
        answer.why
        if isinstance(answer, Nothing)
        else f"cost {answer.cost:,.0f}, {answer.seconds:,.1f} s"
    )
    sys.stderr.write(f"{name}: {told}\n")
    return answer


def _faults(answers: Sequence[Answer]) -> list[str]:
    """What cannot be right, whatever the machine."""
    bound = best_bound(answers)
    found = [a.why for a in answers if isinstance(a, Nothing) and a.is_fault]
    for answer in answers:
        if not isinstance(answer, Measured):
            continue
        if answer.bound is not None and not answer.accepted:
            found.append(f"the verifier rejects a plan of ours: {answer.broken}")
        if answer.accepted and bound is not None and answer.cost < bound - ROUNDING * bound:
            found.append(f"a plan costs {answer.cost:,.2f}, less than the bound {bound:,.2f}")
    return found


def _check(options: argparse.Namespace) -> None:
    if BY_OFFICER in options.rivals and OURS not in options.rivals and 0 in options.seconds_c:
        _parser().error("rival c gets as long as ours: run d too, or give --seconds-c")


def _letters(text: str) -> list[str]:
    letters = [part.strip() for part in text.split(",") if part.strip() not in ("", "none")]
    unknown = sorted(set(letters) - {BY_HAND, FORCE, BY_OFFICER, OURS})
    if unknown:
        raise argparse.ArgumentTypeError(f"there is no rival {', '.join(unknown)}")
    return letters


def _registers(text: str) -> list[str]:
    if text == "all":
        return list(REGISTERS)
    names = [part.strip() for part in text.split(";")]
    unknown = sorted(set(names) - set(REGISTERS))
    if unknown:
        raise argparse.ArgumentTypeError(
            f"there is no register {', '.join(unknown)}; there are: {'; '.join(REGISTERS)}"
        )
    return names


def _efforts(text: str) -> list[str]:
    efforts = [part.strip() for part in text.split(",")]
    unknown = sorted(set(efforts) - set(EFFORTS))
    if unknown:
        raise argparse.ArgumentTypeError(f"there is no effort {', '.join(unknown)}")
    return efforts


def _times(text: str) -> list[float]:
    """Seconds; 0 stands for as long as ours took."""
    return [0.0 if part.strip() == "ours" else float(part) for part in text.split(",")]


def _numbers(text: str) -> list[int]:
    numbers = [int(part) for part in text.split(",")]
    if min(numbers) < 1:
        raise argparse.ArgumentTypeError("a size is at least 1")
    return numbers


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__)
    add = parser.add_argument
    add("--rivals", type=_letters, default=_letters("a,b,c,d"), help="a,b,c,d, or none")
    add("--effort", type=_efforts, default=list(EFFORTS), help="efforts of ours, with commas")
    add("--offenders", type=int, default=PEOPLE, help="active people in the sample register")
    add("--officers", type=int, default=OFFICERS, help="officers in the sample register")
    add("--seconds-b", type=float, default=600.0, help="how long rival b may look")
    add("--seconds-c", type=_times, default=[0.0], help="how long rival c: ours, or ours,600")
    add("--memory-b", type=float, default=_memory_mb(), help="million bytes that rival b may hold")
    add("--deterministic", action="store_true", help="CP-SAT's own seconds, one core: for tests")
    add("--sizes", type=_numbers, default=[], help="numbers of people for the table by size")
    add("--registers", type=_registers, default=[], help="all, or names with semicolons")
    add("--size-effort", choices=EFFORTS, default="normal", help="effort of these two tables")
    add("--out", type=Path, default=None, help="a Markdown file to write the tables to")
    return parser


def _memory_mb() -> float | None:
    """Three quarters of the machine's memory in million bytes; None where it does not tell."""
    try:
        there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None
    return there * SHARE_OF_MEMORY / 1e6


if __name__ == "__main__":
    sys.exit(main())
