"""``planner plan``: read, allocate and schedule, verify, write."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.by_hand import by_hand_plan
from planner.clashes import find_clashes
from planner.commands.interrupt import stoppable
from planner.commands.plan_register import PLAN_BOOK
from planner.errors import OutputError
from planner.optimise.solve import solve
from planner.tables import changes, run_items, written_plan
from planner.tables.clashes import clash_rows
from planner.tables.repairs import repairs_for_programs
from planner.tables.run import gap
from planner.verify.verifier import verify
from planner.workbooks.manifest import (
    InputFile,
    RunRecord,
    peak_memory_mb,
    remove_manifest,
    write_manifest,
)
from planner.workbooks.plan_book import plan_workbook
from planner.workbooks.plan_read import read_plan_workbook
from planner.workbooks.plan_report import PlanReport
from planner.workbooks.register_read import read_register
from planner.workbooks.save import save_atomically
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from planner.domain.result import SolveResult
    from planner.domain.verdict import Verdict
    from planner.workbooks.register_read import RegisterFile

    Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """What the user asked for."""

    as_at: date | None = None
    seed: int = 0
    effort: str = "normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRun:
    """A finished run."""

    report: PlanReport
    files: tuple[Path, ...]
    seconds: float

    @property
    def accepted(self) -> bool:
        return self.report.verdict.accepted

    def as_json(self) -> dict[str, Any]:
        """The result for programs; no reference of any person."""
        outcome, result = self.report.outcome, self.report.result
        horizon = outcome.situation.horizon
        cleared = outcome.cleared_month
        lacking = result.shortfall
        return {
            "accepted": self.accepted,
            "status": result.status.value,
            "cost": outcome.total_cost,
            "cost_parts": dict(outcome.cost),
            "bound": result.bound,
            "gap": gap(outcome.total_cost, result.bound),
            "first_month": horizon.first.isoformat(),
            "backlog_cleared_month": None
            if cleared is None
            else horizon.start(cleared).isoformat(),
            "backlog_by_month": [outcome.backlog(m) for m in horizon.months],
            "hours_lacking": lacking.total_hours if lacking else 0.0,
            "posts_lacking": lacking.posts if lacking else 0.0,
            "clearing_ruled_out": bool(lacking and lacking.is_proved),
            "repairs": repairs_for_programs(result),
            "rules_broken": {f.rule.value: f.broken for f in self.report.verdict.findings},
            "clashes": [
                {
                    "kind": clash.kind,
                    "what": clash.what,
                    "rows": clash.rows,
                    "gives_way": clash.gives_way,
                    "remedy": clash.remedy,
                }
                for clash in self.report.clashes
            ],
            "seconds": self.seconds,
            "files": [file.name for file in self.files],
        }


def make_plan(register: Path, out: Path, options: PlanOptions, say: Say) -> PlanRun:
    """Make the monthly plan of a register and write it into a folder.

    Raises ``InputError``, ``NoPlanError`` or ``OutputError``. A plan that the verifier rejects is
    written too, marked so.
    """
    started = time.perf_counter()
    say("Reading the register")
    file = read_register(register, options.as_at)
    if file.warnings:
        say(f"{len(file.warnings)} warning(s): see planner check")
    _open_folder(out)
    situation = Situation(file.register)
    result = _solved(situation, options, say)
    say("Planning by hand, to compare")
    by_hand = Outcome(situation, by_hand_plan(situation))
    report = _judged(Outcome(situation, result.plan), by_hand, result, file, say)
    say("Writing the workbook")
    path = out / PLAN_BOOK
    save_atomically(path, plan_workbook(report))
    _check_as_written(path, report)
    record = RunRecord(
        command="planner plan",
        options={"as_at": str(file.register.as_at), "seed": options.seed, "effort": options.effort},
        inputs=_inputs(register, file),
        seconds={**result.seconds, "all": time.perf_counter() - started},
        peak_memory_mb=peak_memory_mb(),
    )
    manifest = write_manifest(out, record, report, [path])
    return PlanRun(report=report, files=(path, manifest), seconds=time.perf_counter() - started)


def _open_folder(out: Path) -> None:
    """From here on the run is unfinished: no manifest until all else is written."""
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"The folder {out} cannot be made ({error.strerror}). Name another with --out."
        ) from error
    remove_manifest(out)


def _solved(situation: Situation, options: PlanOptions, say: Say) -> SolveResult:
    teams = len(situation.register.teams)
    done: list[float] = []

    def tell(name: str, cost: float) -> None:
        done.append(cost)
        say(f"Planned {name} ({len(done)} of up to {teams}), cost so far about {sum(done):,.0f}")

    say("Allocating and scheduling")
    with stoppable(say) as stop:
        return solve(situation, effort=options.effort, seed=options.seed, tell=tell, stop=stop)


def _judged(
    outcome: Outcome, by_hand: Outcome, result: SolveResult, file: RegisterFile, say: Say
) -> PlanReport:
    say("Verifying")
    written = written_plan(outcome, run_items(outcome, result, file.sha256))
    verdict = verify(file.register, written)
    return PlanReport(
        outcome=outcome,
        by_hand=by_hand,
        result=result,
        written=written,
        verdict=verdict,
        changes=changes(written, None),
        clashes=clash_rows(find_clashes(outcome.situation), file.places),
    )


def _check_as_written(path: Path, report: PlanReport) -> None:
    """The verdict must be the same on the file as it was on the rows it was made from."""
    register = report.outcome.situation.register
    again = verify(register, read_plan_workbook(path))
    if _gist(again) != _gist(report.verdict):
        raise OutputError(
            f"{path} does not read back as it was written. Do not use it; run the plan again."
        )


def _gist(verdict: Verdict) -> tuple[object, ...]:
    rules = tuple((f.rule, f.checked, f.broken, f.forced) for f in verdict.findings)
    return rules, len(verdict.discrepancies)


def _inputs(register: Path, file: RegisterFile) -> tuple[InputFile, ...]:
    rows = {sheet: count.read for sheet, count in file.counts.items()}
    paths = sorted(register.glob("*.csv")) if register.is_dir() else [register]
    return tuple(InputFile.of(path, rows) for path in paths)
