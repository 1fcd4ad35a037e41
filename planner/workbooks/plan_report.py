"""What a plan workbook and its manifest tell of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.taken import NOTHING
from planner.tables.run import run_id

if TYPE_CHECKING:
    from planner.domain.result import SolveResult
    from planner.domain.taken import TakenOver
    from planner.domain.verdict import Verdict
    from planner.domain.written import WrittenPlan
    from planner.progress.progress import Progress
    from planner.roll.roll import Rolled
    from planner.tables.clashes import ClashRow
    from planner.workload.outcome import Outcome


REJECTED = "REJECTED BY THE VERIFIER: do not work from this plan. See Checks in plan.xlsx."


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReport:
    """A plan with all that is said of it.

    ``written`` is ``outcome`` as rows; ``verdict`` judges those rows. ``by_hand`` is the same
    register planned by hand. ``rolled`` is None where there is no previous plan.
    ``clashes`` are the sets of the register's rows that no plan can all meet. ``progress`` is what
    came of the plans before; None for a first one.
    """

    outcome: Outcome
    by_hand: Outcome
    result: SolveResult
    written: WrittenPlan
    verdict: Verdict
    rolled: Rolled | None = None
    clashes: tuple[ClashRow, ...] = ()
    progress: Progress | None = None

    @property
    def taken(self) -> TakenOver:
        """What the plan was made with beside its register."""
        return self.rolled.taken if self.rolled else NOTHING

    @property
    def warning(self) -> str:
        """What every sheet that people work from must say of a rejected plan; else nothing."""
        return "" if self.verdict.accepted else REJECTED

    @property
    def run_id(self) -> str:
        """The id under which this plan is issued: ``2026-12-3f9a1c2b``."""
        found = run_id(self.written)
        if found is None:
            raise ValueError("A plan to be written has its run id.")
        return found
