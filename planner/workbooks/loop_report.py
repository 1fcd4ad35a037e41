"""What the workbooks that people fill in are made from: a plan, new or made again as issued."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from planner.domain.taken import TakenOver
    from planner.domain.written import WrittenPlan
    from planner.workload.outcome import Outcome


class LoopReport(Protocol):
    """``written`` is ``outcome`` as rows, with its run's dates; ``warning`` is every sheet's."""

    @property
    def outcome(self) -> Outcome: ...

    @property
    def written(self) -> WrittenPlan: ...

    @property
    def taken(self) -> TakenOver: ...

    @property
    def warning(self) -> str: ...

    @property
    def run_id(self) -> str: ...
