"""``planner progress``: planned against done, and the pace."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from planner.commands.plan_register import question_fault
from planner.commands.publish import finish_publication
from planner.domain.decision import DecisionKind, EditField
from planner.domain.issued import IssuedRun
from planner.domain.months import Horizon
from planner.domain.result import Shortfall
from planner.domain.terms import Duty
from planner.errors import InputError
from planner.history.history import History
from planner.history.run_folder import RUNS, run_folder
from planner.progress.past import PastRun, Proof, Value, Word
from planner.progress.progress import progress
from planner.tables.decisions import NEAR_MONTHS
from planner.tables.issued import issued_plan_of
from planner.workbooks.manifest import read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from planner.domain.taken import TakenOver
    from planner.progress.past import Key
    from planner.progress.progress import Progress
    from planner.workbooks.plan_report import PlanReport

    Say = Callable[[str], None]

_DUTY = {DecisionKind.VISIT: Duty.VISIT, DecisionKind.ARMS: Duty.ARMS}


def progress_of_folder(
    folder: Path, history_url: str | None, until: date | None, say: Say
) -> Progress:
    """Progress by all plans of a folder, to the end of a month where one is given.

    Raises ``InputError`` where the folder holds no plan or the month is none of its own, and what
    ``History`` raises.
    """
    finish_publication(folder)
    say("Reading the plans as issued")
    with History.open(folder, history_url) as history:
        runs = _past_runs(history, folder)
    if not runs:
        raise question_fault(
            "no-run",
            RUNS,
            "The folder holds no plan as issued, so there is nothing to compare with.",
            "Name the folder given to planner plan --out.",
        )
    say("Comparing")
    try:
        return progress(runs, None if until is None else until.replace(day=1))
    except ValueError as error:
        raise _outside(runs) from error


def progress_before(folder: Path, history_url: str | None, report: PlanReport) -> Progress | None:
    """Progress to the beginning of a plan that is about to be issued; None for a first plan.

    ``folder`` holds the plans before it. What came after the plan's month changes nothing, so that
    the same plan made again says the same.
    """
    if not (folder / RUNS).is_dir():
        return None
    first = report.outcome.situation.horizon.first
    with History.open(folder, history_url) as history:
        before = _past_runs(history, folder, first)
    if not before:
        return None
    lacking = report.result.shortfall or Shortfall(hours={}, posts=0.0)
    new = PastRun(
        run=IssuedRun(
            run_id=report.run_id,
            issued_at=datetime.combine(first, time(), UTC),
            plan=issued_plan_of(report.outcome, report.written, report.taken),
        ),
        proof=Proof(hours=lacking.total_hours, posts=lacking.posts, is_ruled_out=lacking.is_proved),
    )
    return progress([*before, new], Horizon(first).start(0))


def _past_runs(history: History, folder: Path, before: date | None = None) -> list[PastRun]:
    """Every plan that begins before a month, as far as progress needs it."""
    runs = [run for run in history.runs() if before is None or run.first_month < before]
    begins = sorted({run.first_month for run in runs} | ({before} if before else set()))
    found = []
    for run in runs:
        spoken_of = Horizon(run.first_month).start(NEAR_MONTHS + 1)
        following = next((month for month in begins if month > run.first_month), spoken_of)
        found.append(_past_run(history, folder, run.run_id, max(following, spoken_of)))
    return found


def _past_run(history: History, folder: Path, run_id: str, duties_before: date) -> PastRun:
    said: dict[tuple[str, Duty, date], dict[EditField, Value]] = defaultdict(dict)
    for (_, field), accepted in history.accepted(run_id).items():
        edit = accepted.edit
        if edit.kind in _DUTY and edit.value is not None:
            said[edit.ref, _DUTY[edit.kind], edit.month][field] = edit.value
    run = history.issued(run_id, duties_before)
    return PastRun(
        run=run,
        words=tuple(
            Word(ref=ref, duty=duty, month=month, said=told, run_id=run_id)
            for (ref, duty, month), told in sorted(said.items())
        ),
        proof=_proof(folder, run_id),
        counted=_counted(run.plan.taken),
    )


def _counted(taken: TakenOver) -> frozenset[Key]:
    """Whose last visit or ARMS is a mark that the plan took over, not its register's word."""
    return frozenset((c.ref, Duty(c.duty)) for c in taken.counted if c.done_on is not None)


def _proof(folder: Path, run_id: str) -> Proof | None:
    """What the run's manifest says was proved; None: there is none, or an older planner's."""
    try:
        told: dict[str, Any] = read_manifest(run_folder(folder, run_id))
        return Proof(
            hours=float(told["hours_lacking"]),
            posts=float(told["posts_lacking"]),
            is_ruled_out=bool(told["clearing_ruled_out"]),
        )
    except (InputError, KeyError, TypeError, ValueError):
        return None


def _outside(runs: list[PastRun]) -> InputError:
    months = sorted(past.run.plan.first_month for past in runs)
    return question_fault(
        "outside-the-plans",
        RUNS,
        f"No plan was made for that month: they begin with {months[0]:%B %Y}, the newest with "
        f"{months[-1]:%B %Y}.",
        "Give a month from the one to the other, as 2027-01.",
    )
