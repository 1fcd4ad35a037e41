"""Each team's hours month by month: how many, planned, lacking, and what one more is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from planner.domain.result import SolveResult
    from planner.workload.outcome import Outcome


@dataclass(frozen=True, slots=True)
class TeamMonths:
    """One figure of one team in each month of the plan, and over all of them."""

    team: str
    figure: str
    months: tuple[float, ...]
    overall: float


def team_hours(outcome: Outcome, result: SolveResult) -> tuple[TeamMonths, ...]:
    """Capacity, planned and lacking hours of each team."""
    lacking = result.shortfall.hours if result.shortfall is not None else {}
    rows = []
    for team in _teams(outcome, lacking):
        members = [s.staff_id for s in outcome.situation.register.officers if s.team == team]
        capacity = [
            sum(outcome.situation.capacity[s, m] for s in members)
            for m in outcome.situation.horizon.months
        ]
        planned = [
            sum(outcome.planned_hours(s, m) for s in members)
            for m in outcome.situation.horizon.months
        ]
        for figure, months in (
            ("Capacity", capacity),
            ("Planned", planned),
            ("Lacking", _by_month(outcome, lacking, team)),
        ):
            rows.append(TeamMonths(team, figure, tuple(months), sum(months)))
    return tuple(rows)


def hour_prices(outcome: Outcome, result: SolveResult) -> tuple[TeamMonths, ...]:
    """What one more hour would save, by team and month; ``overall`` is the dearest month's."""
    rows = []
    for team in _teams(outcome, result.hour_price):
        months = tuple(_by_month(outcome, result.hour_price, team))
        rows.append(TeamMonths(team, "Points saved by one more hour", months, max(months)))
    return tuple(rows)


def prices_by_team(outcome: Outcome, result: SolveResult) -> dict[tuple[str, int], float]:
    """The same by team and month number, as ``workbooks.plan_prices`` reads it back."""
    return {
        (row.team, month): float(f"{price:.16g}")  # as many digits as a workbook holds
        for row in hour_prices(outcome, result)
        for month, price in enumerate(row.months, start=1)
    }


@dataclass(frozen=True, slots=True)
class DearestHour:
    """A team's month in which one more hour saves most; points there, and on average."""

    team: str
    month: date
    points: float
    mean: float


def dearest_hours(outcome: Outcome, result: SolveResult) -> tuple[DearestHour, ...]:
    """The teams in which an hour is worth anything, dearest first; of equal months the first."""
    horizon = outcome.situation.horizon
    rows = [
        DearestHour(
            team=row.team,
            month=horizon.start(1 + row.months.index(row.overall)),
            points=row.overall,
            mean=sum(row.months) / len(row.months),
        )
        for row in hour_prices(outcome, result)
        if row.overall > 0
    ]
    return tuple(sorted(rows, key=lambda r: (-r.points, -r.mean, r.team)))


def _teams(outcome: Outcome, figures: Mapping[tuple[str, int], float]) -> list[str]:
    """The teams of the staff, and any that cases name without having staff of their own."""
    return sorted({*outcome.situation.register.teams, *(team for team, _ in figures)})


def _by_month(outcome: Outcome, figures: Mapping[tuple[str, int], float], team: str) -> list[float]:
    return [figures.get((team, m), 0.0) for m in outcome.situation.horizon.months]
