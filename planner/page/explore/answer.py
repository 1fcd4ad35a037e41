"""An answer on its way: what is known so far of a scenario, and what is only about right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.staffing.effects import measures
from planner.staffing.report import StaffingReport
from planner.staffing.rows import TOGETHER, ScenarioRow, level_rows

if TYPE_CHECKING:
    from planner.domain.register import Register
    from planner.levers import Scenario
    from planner.staffing.least import Least
    from planner.staffing.levels import LevelOutlook
    from planner.staffing.outlook import Outlook
    from planner.staffing.rows import LevelRow


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """What is known of a scenario. None, or empty, is not known yet.

    ``is_proved``: hours and posts lacking and the bound are known. ``least`` comes with the first
    month (``outlook.earliest``). ``levels`` grow until ``has_all_levels``. ``is_settled``: the
    months of the best plan are those of ``planner staffing``, too.
    """

    scenario: Scenario
    outlook: Outlook
    is_proved: bool = False
    has_lacking: bool = False
    least: Least | None = None
    levels: tuple[LevelOutlook, ...] = ()
    has_all_levels: bool = False
    is_settled: bool = False

    def report(self, register: Register) -> StaffingReport | None:
        """The answer as the command has it; None before the least number is known."""
        if self.least is None:
            return None
        return StaffingReport(
            register=register,
            team=None,
            deadline=self.outlook.deadline,
            today=self.outlook,
            least=self.least,
            levels=self.levels,
        )

    def level_rows(self, register: Register) -> list[LevelRow]:
        """The levels known so far as rows."""
        report = self.report(register)
        return [] if report is None else list(level_rows(report))

    def row(self) -> ScenarioRow:
        """The whole of the scenario, as a row to stand beside others."""
        month = self.outlook.earliest if self.least is not None else None
        return ScenarioRow(
            scenario=self.scenario.name,
            row=TOGETHER,
            change="",
            figures=measures(self.outlook),
            not_before=None if month is None else self.outlook.horizon.start(month),
            ruled_out=self.outlook.standing.is_ruled_out,
            fewest=None if self.least is None else self.least.fewest,
        )
