"""What some more duties would ask of the hours left: how many lack, and what spread they add."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.explain.hours import Doing, HoursLeft


class Margins:
    """Asks one lot of hours left, month by month. Nothing else may be entered in it meanwhile."""

    def __init__(self, hours: HoursLeft) -> None:
        self.hours = hours
        self._lacking: dict[int, tuple[float, float]] = {}
        self._spread: dict[int, float] = {}
        self._asked: dict[tuple[str, tuple[Doing, ...]], tuple[float, float]] = {}

    def lacking(self, som: str, month: int, added: tuple[Doing, ...]) -> tuple[float, float]:
        """Hours that lack because of these duties; of these, those that only officers lack.

        Only officers: whoever does the duties has no time, and the team of ``som`` would have.
        """
        if (som, added) not in self._asked:
            self._asked[som, added] = self._worked_out(som, month, added)
        return self._asked[som, added]

    def _worked_out(self, som: str, month: int, added: tuple[Doing, ...]) -> tuple[float, float]:
        hours = self.hours
        if month not in self._lacking:
            self._lacking[month] = hours.lacking(month)
        own, second = self._lacking[month]
        team = min(0.0, hours.of_team(som, month))
        with hours.with_also(added):
            own_then, second_then = hours.lacking(month)
            team_then = min(0.0, hours.of_team(som, month))
        over = max(0.0, own_then + second_then - own - second)
        alone = over - (team - team_then)
        return over, min(max(0.0, alone), max(0.0, own_then - own))

    def spread(self, month: int, added: tuple[Doing, ...], lacking: float) -> float:
        """Cost of hours above comfort that these duties add; hours that lack push others out."""
        hours = self.hours
        if month not in self._spread:
            self._spread[month] = hours.spread(month)
        with hours.with_also(added):
            more = hours.spread(month) - self._spread[month]
        return max(0.0, more - hours.situation.policy.cost_spread * lacking)
