"""Finds the plan before in its folder, with all that was said since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.commands.plan_register import question_fault
from planner.commands.publish import finish_publication
from planner.errors import InputError, OutputError
from planner.history.carry_over import carry_over
from planner.history.history import History
from planner.history.run_folder import RUNS
from planner.roll.earlier import Earlier, said_on
from planner.workbooks.manifest import read_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from planner.domain.issued import IssuedRun


def present_run(history: History, folder: Path) -> IssuedRun:
    """The plan that the folder now holds, by its manifest; else the last one issued.

    Raises ``InputError`` where it holds none.
    """
    ids = [run.run_id for run in history.runs()]
    if not ids:
        raise no_run()
    try:
        named = str(read_manifest(folder).get("run"))
    except InputError:
        named = ""
    return history.issued(named if named in ids else ids[-1])


def no_run() -> InputError:
    """The folder is none of a plan."""
    return question_fault(
        "no-run",
        RUNS,
        "The folder holds no plan as issued, so there is nothing to compare with.",
        "Name the folder given to planner plan --out.",
    )


@dataclass(frozen=True, slots=True)
class EarlierPlan:
    """The plan before, as it lies in its folder.

    ``version`` is how many batches of decisions on it had been accepted when it was read.
    """

    plan: Earlier
    folder: Path
    history_url: str | None
    version: int

    def carry_over(self, out: Path) -> None:
        """Bring its history along into the new plan's folder.

        Raises ``OutputError`` where somebody decided something on it since it was read: the new
        plan does not know of that.
        """
        with History.open(self.folder, self.history_url) as history:
            version = history.version(self.plan.run.run_id)
        if version != self.version:
            raise OutputError(
                "Decisions on the plan before were accepted while the new one was being made, "
                "which does not know of them. Nothing was written. Run the command again."
            )
        carry_over(self.folder, out)


def read_earlier(folder: Path, history_url: str | None) -> EarlierPlan:
    """The plan before, and what was said to it and to those before it.

    Raises ``InputError`` where the folder holds no plan, or its history can't be read.
    """
    if not (folder / RUNS).is_dir():
        raise no_run()
    finish_publication(folder)
    with History.open(folder, history_url) as history:
        run = present_run(history, folder)
        runs = history.runs()
        place = [r.run_id for r in runs].index(run.run_id)
        said = [said_on(history.issued(r.run_id), history.accepted(r.run_id)) for r in runs[:place]]
        own = said_on(run, history.accepted(run.run_id))
        version = history.version(run.run_id)
    return EarlierPlan(Earlier(run=run, runs=(*said, own)), folder, history_url, version)
