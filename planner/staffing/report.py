"""Everything that one run of ``planner staffing`` found out, for text, programs and workbooks."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from planner.domain.months import HORIZON_MONTHS, Horizon

if TYPE_CHECKING:
    from planner.domain.register import Register
    from planner.levers import Scenario
    from planner.staffing.cheapest import Cheapest
    from planner.staffing.effects import Effects
    from planner.staffing.familiar import Familiar
    from planner.staffing.least import Least
    from planner.staffing.levels import LevelOutlook
    from planner.staffing.outlook import Outlook
    from planner.staffing.reached import Reached
    from planner.staffing.uncertain import Uncertainty


@dataclass(frozen=True, kw_only=True, eq=False)
class ScenarioFound:
    """A scenario's effects, and the least number of officers with it."""

    effects: Effects
    least: Least


@dataclass(frozen=True, kw_only=True, eq=False)
class StaffingReport:
    """``register`` is what was asked about: the whole, or one team (``team``) by itself.

    ``plans`` are whole plans, as judged by the verifier, today's first; none where none was asked
    for. ``cheapest`` and ``familiar`` are None where they were not asked for, ``uncertainty`` where
    no draws were. ``seconds`` by stage.
    """

    register: Register
    team: str | None
    deadline: int
    today: Outlook
    least: Least
    levels: tuple[LevelOutlook, ...]
    plans: tuple[Reached, ...] = ()
    scenarios: tuple[ScenarioFound, ...] = ()
    cheapest: Cheapest | None = None
    familiar: Familiar | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    uncertainty: Uncertainty | None = None

    @property
    def horizon(self) -> Horizon:
        return self.today.horizon

    @cached_property
    def fewest_that_clears(self) -> Reached | None:
        """The plan with the fewest officers that clears by the deadline; None where none does."""
        clearing = [plan for plan in self.plans if plan.clears]
        return min(clearing, key=lambda plan: plan.officers, default=None)

    @property
    def is_accepted(self) -> bool:
        """Whether the verifier accepts every plan that was made."""
        ways = self.cheapest.ways if self.cheapest is not None else ()
        points = self.familiar.points if self.familiar is not None else ()
        return (
            all(plan.accepted for plan in self.plans)
            and all(way.plan is None or way.plan.accepted for way in ways)
            and all(point.accepted for point in points)
        )

    @property
    def is_pinned(self) -> bool:
        """Whether the least number is proved from both sides."""
        plan = self.fewest_that_clears
        return plan is not None and plan.officers == self.least.fewest

    @property
    def asked(self) -> tuple[Scenario, ...]:
        """The scenarios asked about."""
        return tuple(found.effects.scenario for found in self.scenarios)

    def month(self, number: int | None) -> str:
        """A month of the plan in words: "May 2028"."""
        return "never" if number is None else f"{self.horizon.start(number):%B %Y}"

    @property
    def by_when(self) -> str:
        """The deadline in words."""
        return f"the end of {self.month(self.deadline)} (month {self.deadline})"

    @property
    def is_usual_deadline(self) -> bool:
        return self.deadline == HORIZON_MONTHS
