"""One run of the benchmark, in a process of its own, so that its memory and its end are its own."""

from __future__ import annotations

import os
import threading
import time
import traceback
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING

from planner.sample.size import OFFICERS, PEOPLE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection

    from planner.domain.plan import Plan
    from planner.domain.register import Register
    from planner.domain.verdict import Verdict
    from planner.workload.situation import Situation

BY_HAND, FORCE, BY_OFFICER, OURS = "a", "b", "c", "d"
"""The rivals by the letters of ``--rivals``."""

GRACE_SECONDS = 120.0
"""Beyond twice its own limit and this, a run that does not end is ended."""

WATCHED_EVERY = 0.2
"""Seconds from one look at the memory to the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to run: a rival on the sample of so many active people and officers, or on the register
    ``named`` in ``REGISTERS``.

    ``seconds`` limits rivals b and c, by the clock, or in CP-SAT's own seconds on one core where
    ``deterministic``; ``memory_mb`` (million bytes) ends a run that holds more, None never.
    """

    rival: str
    offenders: int = PEOPLE
    officers: int = OFFICERS
    named: str | None = None
    effort: str = "normal"
    seconds: float = 0.0
    deterministic: bool = False
    memory_mb: float | None = None

    def register(self) -> Register:
        """The register, the same in every run."""
        from planner.sample import synthetic_register
        from tests.benchmark_registers import REGISTERS

        if self.named is not None:
            return REGISTERS[self.named]()
        return synthetic_register(offenders=self.offenders, officers=self.officers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A plan as measured and judged.

    ``seconds`` are from the register to the plan, judging not included; ``memory_mb`` the most
    held by then, None where the system does not tell; ``on_register`` everybody, ``teams`` how
    many; ``cleared`` a month's number, None if never; ``bound`` what the run proved, None where it
    proves nothing; ``broken`` says why the verifier rejects the plan, empty where it accepts.
    """

    seconds: float
    memory_mb: float | None
    on_register: int
    teams: int
    exposure: float
    backlog: int
    cleared: int | None
    cost: float
    bound: float | None
    broken: str
    note: str

    @property
    def accepted(self) -> bool:
        return not self.broken


@dataclass(frozen=True, slots=True)
class Nothing:
    """No plan, and why: out of time or memory. ``is_fault``: the benchmark's own, not a result.

    ``seconds`` and ``memory_mb`` until then, where they are known.
    """

    why: str
    is_fault: bool = False
    seconds: float | None = None
    memory_mb: float | None = None


Answer = Measured | Nothing


def run_apart(task: Task) -> Answer:
    """Run the task in a fresh process and wait for it. However it ends, this one goes on."""
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(task, sender))
    process.start()
    sender.close()
    limited = task.rival in (FORCE, BY_OFFICER) and not task.deterministic
    try:
        if not receiver.poll(2 * task.seconds + GRACE_SECONDS if limited else None):
            process.kill()
            return Nothing(f"no plan in {task.seconds:g} s")
        found = receiver.recv()
    except EOFError:
        process.join()
        return _ended(process.exitcode)
    finally:
        receiver.close()
        process.join()
        process.close()
    answer: Answer = found
    return answer


def _ended(exit_code: int | None) -> Nothing:
    """A process that ended without a word: killed by the system, or by its own library."""
    if exit_code == -9:
        return Nothing("killed by the system, most likely out of memory")
    return Nothing(f"ended without a plan (exit code {exit_code})", is_fault=True)


def _answer(task: Task, sender: Connection) -> None:
    if task.memory_mb is not None:
        threading.Thread(target=_watch, args=(task.memory_mb, sender), daemon=True).start()
    try:
        answer: Answer = measure(task)
    except MemoryError:
        answer = Nothing("out of memory")
    except Exception as error:
        traceback.print_exc()
        answer = Nothing(f"failed: {type(error).__name__}", is_fault=True)
    sender.send(answer)
    sender.close()


def _watch(limit: float, sender: Connection) -> None:
    """End the process once it has held more than ``limit`` million bytes."""
    from planner.workbooks.manifest import peak_memory_mb

    started = time.perf_counter()
    while (held := peak_memory_mb().get("main", 0.0)) <= limit:
        time.sleep(WATCHED_EVERY)
    why = f"out of memory ({limit:,.0f} MB allowed)"
    sender.send(Nothing(why, seconds=time.perf_counter() - started, memory_mb=held))
    os._exit(1)


def measure(task: Task) -> Answer:
    """Make the plan in this process, measure it, and have the verifier judge it as rows."""
    from planner.domain.result import SearchStatus, SolveResult
    from planner.tables import run_items, written_plan
    from planner.verify.verifier import verify
    from planner.workbooks.manifest import peak_memory_mb
    from planner.workload.outcome import Outcome
    from planner.workload.situation import Situation
    from tests.rivals import NothingFoundError

    register = task.register()
    started = time.perf_counter()
    situation = Situation(register)
    try:
        plan, bound, note = _planned(task, situation)
    except NothingFoundError as nothing:
        memory = _at_most(peak_memory_mb(), len(register.teams))
        return Nothing(str(nothing), seconds=time.perf_counter() - started, memory_mb=memory)
    seconds = time.perf_counter() - started
    memory = _at_most(peak_memory_mb(), len(register.teams))
    outcome = Outcome(situation, plan)
    result = SolveResult(
        plan=plan,
        status=SearchStatus.WITHIN_GAP,
        bound=0.0 if bound is None else bound,
        seed=0,
        effort=task.effort,
    )
    verdict = verify(register, written_plan(outcome, run_items(outcome, result, {}, {})))
    return Measured(
        seconds=seconds,
        memory_mb=memory,
        on_register=len(register.offenders),
        teams=len(register.teams),
        exposure=outcome.cost["exposure"],
        backlog=outcome.backlog(situation.horizon.length),
        cleared=outcome.cleared_month,
        cost=outcome.total_cost,
        bound=bound,
        broken=_broken(verdict),
        note=note,
    )


def _planned(task: Task, situation: Situation) -> tuple[Plan, float | None, str]:
    """The plan, what is proved of it, and a word on how the search ended."""
    if task.rival == BY_HAND:
        from planner.by_hand import by_hand_plan

        return by_hand_plan(situation), None, ""
    if task.rival == OURS:
        from planner.optimise.solve import solve

        found = solve(situation, effort=task.effort)
        return found.plan, found.bound, ""
    from tests.rivals import Limit, plan_by_officer, plan_force

    limit = Limit(task.seconds, task.deterministic)
    rival = plan_force if task.rival == FORCE else plan_by_officer
    plan, note = rival(situation, limit)
    return plan, None, note


def _at_most(peak: Mapping[str, float], teams: int) -> float | None:
    """The peak of the process, and its largest worker's for each that may run at a time."""
    if not peak:
        return None
    return peak["main"] + min(os.cpu_count() or 1, teams) * peak["largest worker"]


def _broken(verdict: Verdict) -> str:
    if verdict.accepted:
        return ""
    rules = [
        f"rule {f.rule.value} ({f.broken - f.forced})"
        for f in verdict.findings
        if f.broken > f.forced
    ]
    if verdict.discrepancies:
        rules.append(f"figures ({len(verdict.discrepancies)})")
    return ", ".join(rules)
