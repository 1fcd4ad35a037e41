"""The answer on staffing as text: sentences, the curve, scenarios side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.commands.columns_text import lined
from planner.commands.staffing_chances_text import chances_text
from planner.staffing.answer import answer_lines, headline
from planner.staffing.chances import chance_lines
from planner.staffing.rows import INTERACTION, OWN, level_rows, scenario_rows
from planner.staffing.way_rows import pounds, tariff_words, way_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from planner.staffing.cheapest import Cheapest
    from planner.staffing.familiar import Familiar
    from planner.staffing.report import StaffingReport
    from planner.staffing.rows import LevelRow, ScenarioRow


def staffing_text(report: StaffingReport, file: Path) -> str:
    """What the command prints; no person's reference in it."""
    parts = [headline(report), "\n".join(_answer(report)), "\n".join(_curve(report))]
    if report.scenarios:
        parts.append("\n".join(_scenarios(report)))
    if report.uncertainty is not None:
        parts += chances_text(report, report.uncertainty)
    if report.cheapest is not None:
        parts.append("\n".join(_ways(report, report.cheapest)))
    if report.familiar is not None:
        parts.append("\n".join(_moving(report.familiar)))
    parts.append(f"Wrote {file}: with all this, burn-downs and every assumption.")
    return "\n\n".join(parts)


def _answer(report: StaffingReport) -> Iterator[str]:
    for line in (*answer_lines(report), *chance_lines(report)):
        yield f"  {line.what}: {line.told} [{line.how}]"


def _curve(report: StaffingReport) -> Iterator[str]:
    yield f"Clearing by {report.by_when}, with each team's officers as one: no plan does better."
    yield "ARMS and visits are those overdue in the last month; plan: a whole one, where made."
    rows = [_level(row) for row in level_rows(report)]
    heads = ("officers", "FTE", "clearing", "not before", "ARMS", "visits", "hours lacking")
    yield from lined([(*heads, "cost at least", "exposure", "plan"), *rows])


def _level(row: LevelRow) -> tuple[str, ...]:
    plan = ""
    if row.plan_made:
        plan = f"clears {_month(row.plan_clears)}" if row.plan_clears else "does not clear"
        plan += "" if row.plan_accepted else ", REJECTED"
    return (
        f"{row.officers}",
        f"{row.fte:.1f}",
        "ruled out" if row.ruled_out else "not ruled out",
        _month(row.not_before),
        f"{row.arms_overdue:,.0f}",
        f"{row.visits_overdue:,.0f}",
        f"{row.hours_lacking:,.0f}",
        f"{row.bound:,.0f}",
        f"{sum(row.exposure.values()):,.0f}",
        plan,
    )


def _scenarios(report: StaffingReport) -> Iterator[str]:
    yield "Scenarios; own effects and interaction are differences from run 0, and add up:"
    heads = ("scenario", "", "ARMS", "visits", "hours lacking", "cost at least", "exposure")
    rows = [_scenario(row) for row in scenario_rows(report)]
    yield from lined([(*heads, "clearing", "not before", "fewest"), *rows], left=2)


def _scenario(row: ScenarioRow) -> tuple[str, ...]:
    one, is_difference = row.figures, row.row in {OWN, INTERACTION}
    sign = "+" if is_difference else ""

    def told(value: float) -> str:
        return format(round(value) + 0.0, f"{sign},.0f")

    ruled = "" if row.ruled_out is None else "ruled out" if row.ruled_out else "not ruled out"
    return (
        row.scenario if not is_difference else "",
        row.change or row.row,
        told(one.arms_overdue),
        told(one.visits_overdue),
        told(one.hours_lacking),
        told(one.bound),
        told(one.exposure),
        ruled,
        "" if is_difference else _month(row.not_before),
        "" if row.fewest is None else f"{row.fewest}",
    )


def _ways(report: StaffingReport, found: Cheapest) -> Iterator[str]:
    yield f"Ways to clear by {report.by_when}, with their price on top of today's staff."
    yield "At least: no such way costs less, proved. Price: of the way shown."
    rows = [
        (
            row.way,
            "" if row.bound is None else pounds(row.bound),
            "" if row.price is None else pounds(row.price),
            "" if row.gap is None else f"{row.gap:.1%}",
            row.how,
            row.bought,
        )
        for row in way_rows(report)
    ]
    yield from lined([("way", "at least", "price", "above", "how sure", "bought"), *rows], left=1)
    yield f"  Prices and limits: {tariff_words(found.tariff)}."


def _moving(found: Familiar) -> Iterator[str]:
    yield "Fair or familiar: share of cases that may change SOM, and what comes of it."
    heads = ("may move", "moves", "cost at least", "cost", "above", "exposure", "mix")
    rows = [
        (
            f"{p.share:.0%}",
            f"{p.moves:,}",
            f"{p.bound:,.0f}",
            f"{p.cost:,.0f}",
            f"{p.gap:.1%}",
            f"{p.exposure:,.0f}",
            f"{p.mix:,.0f}",
            f"{p.utilisation_deviation:.1%}",
            f"{p.utilisation_least:.0%} to {p.utilisation_most:.0%}"
            + ("" if p.accepted else ", REJECTED"),
        )
        for p in found.points
    ]
    yield from lined([(*heads, "deviation", "officers' use of hours"), *rows])


def _month(day: date | None) -> str:
    return "never" if day is None else f"{day:%b %Y}"
