"""``planner plan``: read, allocate and schedule, verify, write."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from planner.commands.aside import Aside
from planner.commands.at_hand import at_hand_bytes
from planner.commands.earlier_plan import read_earlier
from planner.commands.interrupt import stoppable
from planner.commands.judge import judging
from planner.commands.plan_register import PLAN_BOOK
from planner.commands.plan_text import as_planned
from planner.commands.progress import progress_before
from planner.commands.publish import finish_publication, publish, stage
from planner.domain.issued import IssuedRun
from planner.errors import InputError, OutputError
from planner.files.lock import sole_writer
from planner.history.history import HISTORY_VARIABLE, History
from planner.history.run_folder import RUNS
from planner.optimise.solve import solve
from planner.roll.disagreements import Trust
from planner.roll.roll import finished, roll, with_known_types
from planner.roll.words import with_rolled
from planner.tables import run_items, written_plan
from planner.tables.clashes import clash_rows
from planner.tables.decisions import decision_rows
from planner.tables.issued import issued_plan_of
from planner.tables.teams import prices_by_team
from planner.tables.written import identified
from planner.verify.verifier import verify
from planner.workbooks.collecting import without_collecting
from planner.workbooks.loop_books import books
from planner.workbooks.manifest import InputFile, RunRecord, manifest_bytes, peak_memory_mb
from planner.workbooks.plan_book import plan_workbook
from planner.workbooks.plan_report import PlanReport
from planner.workbooks.register_read import read_register
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from planner.commands.judge import Judge
    from planner.commands.publish import Published
    from planner.domain.result import SolveResult
    from planner.roll.roll import Roll
    from planner.workbooks.register_read import RegisterFile

    Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """What the user asked for."""

    as_at: date | None = None
    seed: int = 0
    effort: str = "normal"
    by_supervisor: bool = False
    """A workload workbook for each supervisor too."""
    history: str | None = None
    """URL of another history database than the folder's own."""
    previous: Path | None = None
    """Folder of the plan before, to be rolled on."""
    trust: Trust = Trust.REGISTER
    """What wins where the register and marks of done duties disagree."""
    now: datetime | None = None
    """When the plan counts as issued; else the clock is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRun:
    """A finished run."""

    report: PlanReport
    folder: Path
    files: tuple[Path, ...]
    seconds: float

    @property
    def names(self) -> tuple[str, ...]:
        """What was written, as seen from the plan's folder, with ``/`` between."""
        return tuple(file.relative_to(self.folder).as_posix() for file in self.files)

    @property
    def accepted(self) -> bool:
        return self.report.verdict.accepted


def make_plan(register: Path, out: Path, options: PlanOptions, say: Say) -> PlanRun:
    """Make the monthly plan of a register and write it into a folder.

    Raises ``InputError``, ``NoPlanError`` or ``OutputError``. A plan that the verifier rejects is
    written too, marked so.
    """
    started = time.perf_counter()
    say("Reading the register")
    with without_collecting():
        file = read_register(register, options.as_at)
    if file.warnings:
        say(f"{len(file.warnings)} warning(s): see planner check")
    _open_folder(out)
    finish_publication(out)
    _try_history(out, options.history)
    before = None
    if options.previous is not None:
        say("Reading the plan before")
        before = read_earlier(options.previous, options.history)
    made = roll(before.plan, file.register, options.trust) if before else None
    situation = made.situation if made else Situation(file.register)
    aside = Aside(situation)
    result = _solved(situation, options, say, made, aside)
    with without_collecting(), judging(situation.register) as judge:
        report = _judged(Outcome(situation, result.plan), aside, result, file, say, made)
        before_it = progress_before(options.previous or out, options.history, report)
        report = replace(report, progress=before_it)
        say("Writing the workbooks")
        judge.begin(plan := plan_workbook(report))
        files = {PLAN_BOOK: plan, **books(report, options.by_supervisor)}
        record = RunRecord(
            command="planner plan",
            options=_told(options, file, made),
            inputs=_inputs(register, file),
            seconds={**result.seconds, "all": time.perf_counter() - started},
            peak_memory_mb=peak_memory_mb(),
        )
        if before is not None:
            before.carry_over(out)
        published = _published(out, report, files, record, options, judge)
    for kept in published.kept:
        say(f"{kept.name} had been edited since it was issued; kept as {kept}")
    seconds = time.perf_counter() - started
    return PlanRun(report=report, folder=out, files=published.files, seconds=seconds)


def _told(
    options: PlanOptions, file: RegisterFile, made: Roll | None
) -> dict[str, str | int | None]:
    """The options as the manifest tells them."""
    return {
        "as_at": str(file.register.as_at),
        "seed": options.seed,
        "effort": options.effort,
        "previous": made.earlier.run.run_id if made else None,
        "trust": options.trust.value if made else None,
    }


def _published(
    out: Path,
    report: PlanReport,
    files: Mapping[str, bytes],
    record: RunRecord,
    options: PlanOptions,
    judge: Judge,
) -> Published:
    """Put the plan in its folder, and into the history."""
    run = IssuedRun(
        run_id=report.run_id,
        issued_at=options.now or datetime.now(UTC),
        plan=issued_plan_of(report.outcome, report.written, report.taken),
    )
    outcome = report.outcome
    at_hand = at_hand_bytes(outcome.situation.register, prices_by_team(outcome, report.result))
    manifest = manifest_bytes(out, record, report, files, at_hand)
    with sole_writer(out / RUNS):
        staged = stage(out, run, files, manifest, at_hand)
        judge.check(staged.path(PLAN_BOOK), report.verdict)
        published = publish(staged)
    new = None if staged.is_again else run
    with _said_that_it_is_written(out), History.open(out, options.history, new):
        return published


@contextmanager
def _said_that_it_is_written(out: Path) -> Iterator[None]:
    """The plan stands, whatever is wrong with the database: the next command puts that right."""
    try:
        yield
    except OutputError as error:
        raise OutputError(f"The plan is written into {out}. {error}") from error
    except InputError as error:
        consequence = f"the plan is written into {out}, but its history needs putting right"
        raise InputError(error.findings, consequence) from error


def _try_history(out: Path, url: str | None) -> None:
    """Say what is wrong with the history before the long search, not after it."""
    if url or HISTORY_VARIABLE in os.environ or (out / RUNS).exists():
        with History.open(out, url):
            pass


def _open_folder(out: Path) -> None:
    """Find out before the long search; what stands there stays until the new plan is published."""
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"The folder {out} cannot be made ({error.strerror}). Name another with --out."
        ) from error


def _solved(
    situation: Situation, options: PlanOptions, say: Say, made: Roll | None, aside: Aside
) -> SolveResult:
    say("Allocating and scheduling")
    with stoppable(say) as stop:
        result = solve(
            situation,
            effort=options.effort,
            seed=options.seed,
            tell=as_planned(say, len(situation.register.teams)),
            stop=stop,
            previous=made.before if made else None,
            meanwhile=aside.work_out,
        )
    return replace(result, plan=with_known_types(result.plan, made)) if made else result


def _judged(
    outcome: Outcome,
    aside: Aside,
    result: SolveResult,
    file: RegisterFile,
    say: Say,
    made: Roll | None,
) -> PlanReport:
    say("Verifying")
    register = outcome.situation.register
    written = written_plan(outcome, run_items(outcome, result, file.sha256))
    rolled = None
    if made is not None:
        rows = decision_rows(written, {s.staff_id: s.supervisor for s in register.officers})
        rolled = finished(made, outcome, written, rows)
        told = replace(written, run=with_rolled(written.run, rolled))
        written = identified(outcome, told, rolled.taken)
    verdict = verify(register, written)
    return PlanReport(
        outcome=outcome,
        by_hand=aside.by_hand,
        result=result,
        written=written,
        verdict=verdict,
        rolled=rolled,
        clashes=clash_rows(aside.clashes, file.places),
    )


def _inputs(register: Path, file: RegisterFile) -> tuple[InputFile, ...]:
    rows = {sheet: count.read for sheet, count in file.counts.items()}
    paths = sorted(register.glob("*.csv")) if register.is_dir() else [register]
    return tuple(InputFile.of(path, rows) for path in paths)
