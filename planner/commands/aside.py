"""What a plan is shown beside: the plan by hand and the register's clashes.

Neither depends on the search, so both are worked out while it runs on other cores.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from planner.by_hand import by_hand_plan
from planner.clashes import find_clashes
from planner.workload.outcome import Outcome

if TYPE_CHECKING:
    from planner.clashes.clash import Clash
    from planner.workload.situation import Situation


class Aside:
    """Each worked out once, when first asked for."""

    def __init__(self, situation: Situation) -> None:
        self._situation = situation

    @cached_property
    def by_hand(self) -> Outcome:
        """The same register planned by hand, its cost worked out."""
        outcome = Outcome(self._situation, by_hand_plan(self._situation))
        _ = outcome.cost
        return outcome

    @cached_property
    def clashes(self) -> tuple[Clash, ...]:
        """Sets of the register's rows that no plan can all meet."""
        return tuple(find_clashes(self._situation))

    def work_out(self) -> None:
        """Do all of it now."""
        _ = self.by_hand, self.clashes
