"""The register as a plan was made with it: with what the plan took over from the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.taken import NOTHING
from planner.history.run_folder import read_issued, run_folder

if TYPE_CHECKING:
    from pathlib import Path

    from planner.domain.register import Register
    from planner.domain.taken import TakenOver
    from planner.domain.written import WrittenPlan


def taken_by(folder: Path, written: WrittenPlan) -> TakenOver:
    """What a plan in its folder was made with beside its register; nothing for a first plan.

    Raises ``InputError`` where the history that holds it can't be read.
    """
    from planner.roll.words import PREVIOUS_RUN  # slow to import, like what is imported below
    from planner.tables.run import run_id

    name = run_id(written)
    is_rolled = any(item.item == PREVIOUS_RUN for item in written.run)
    if name is None or not is_rolled or not run_folder(folder, name).is_dir():
        return NOTHING
    return read_issued(folder, name).plan.taken


def as_planned(register: Register, folder: Path, written: WrittenPlan) -> Register:
    """The register with what its plan had taken over from the plan before."""
    taken = taken_by(folder, written)
    if taken.is_empty:
        return register
    from planner.roll.roll import with_taken

    return with_taken(register, taken)
