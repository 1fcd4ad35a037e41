"""Supervisors fill in their workbooks, hand them in, and correct what does not hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from planner.domain.decision import EditField
from tests.year.commands import Answer, Command, StoppedError
from tests.year.paper import Job
from tests.year.said import EMPTY

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from tests.year.said import Entry

Desk = Callable[[Sequence[Job]], None]
"""Fills in and saves workbooks."""

FITTING = frozenset({"Accepted", "Said before"})
MOST_ROUNDS = 6
_FIELDS = {what.value: what for what in EditField}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What came of a month's workbooks: cells typed, cells accepted, and cells emptied again by
    the outcome that they had. ``run_id`` is the plan they speak of.
    """

    run_id: str = ""
    workbooks: int = 0
    typed: int = 0
    accepted: tuple[Entry, ...] = ()
    emptied: Counter[str] = field(default_factory=Counter)
    faults: tuple[str, ...] = ()


def reviewed(plan: Path, jobs: Sequence[Job], desk: Desk, command: Command, day: date) -> Said:
    """Fill in, review, empty what is refused until nothing is, then store it all."""
    if not jobs:
        return Said()
    typed = sum(len(job.entries) for job in jobs)
    desk(jobs)
    emptied: Counter[str] = Counter()
    for number in range(MOST_ROUNDS):
        found = _review(plan, jobs, command, day)
        unfit = [list(_unfit(job, book)) for job, book in _pairs(jobs, found)]
        if not any(unfit):
            break
        emptied.update(outcome for cells in unfit for _, outcome in cells)
        jobs = [
            _corrected(job, {e.key for e, _ in cells}, desk, number)
            for job, cells in zip(jobs, unfit, strict=True)
        ]
    found = _review(plan, jobs, command, day, "--apply")
    accepted: list[Entry] = []
    faults: list[str] = []
    for job, book in _pairs(jobs, found):
        answers = _answers(book)
        new = [e for e in job.entries if answers.get(e.key) == "Accepted"]
        accepted += new
        if book["stored"] != len(new):
            faults.append(f"{book['workbook']}: {len(new)} accepted, {book['stored']} stored")
        faults += [
            f"{book['workbook']}: nothing is said of {e.key[0]}, {e.field.value}"
            for e in job.entries
            if answers.get(e.key) not in FITTING
        ]
        own = {e.key for e in job.entries}
        faults += [
            f"{book['workbook']}: {outcome} at {key[0]}, {key[1]}, where nobody typed"
            for key, outcome in answers.items()
            if key not in own and outcome not in FITTING
        ]
    return Said(
        run_id=str(found["run"]),
        workbooks=len(jobs),
        typed=typed,
        accepted=tuple(accepted),
        emptied=emptied,
        faults=tuple(faults),
    )


def _review(plan: Path, jobs: Sequence[Job], command: Command, day: date, *more: str) -> Any:
    done: Answer = command(
        "review", plan, *(job.to for job in jobs), "--on", day, "--json", "--quiet", *more
    )
    if done.code not in (0, 3) or not done.out.startswith("{"):
        raise StoppedError("review", done)
    return done.json()


def _pairs(jobs: Sequence[Job], found: Any) -> list[tuple[Job, Any]]:
    return list(zip(jobs, found["workbooks"], strict=True))


def _answers(book: Any) -> dict[tuple[str, Any], str]:
    """Outcomes by cell; the column stays as told where it is none to fill in."""
    return {
        (entry["decision_ref"], _FIELDS.get(entry["column"], entry["column"])): entry["outcome"]
        for entry in book["entries"]
    }


def _unfit(job: Job, book: Any) -> list[tuple[Entry, str]]:
    """Cells typed that do not hold, with the outcome told."""
    answers = _answers(book)
    found = [(e, answers[e.key]) for e in job.entries if e.key in answers]
    return [(entry, outcome) for entry, outcome in found if outcome not in FITTING]


def _corrected(job: Job, keys: set[tuple[str, EditField]], desk: Desk, number: int) -> Job:
    """The workbook opened once more and those cells emptied."""
    if not keys:
        return job
    empty = [replace(e, value=EMPTY) for e in job.entries if e.key in keys]
    to = job.to.with_name(f"{job.to.stem.partition(' (')[0]} ({number + 2}).xlsx")
    desk([Job(source=job.to, to=to, entries=empty, name=job.name)])
    return replace(job, to=to, entries=[e for e in job.entries if e.key not in keys])
