"""Draws as text: today's months, each scenario's chance, the tornado."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.commands.columns_text import lined
from planner.staffing.chances import percent, runs, with_interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.staffing.report import StaffingReport
    from planner.staffing.uncertain import Band, Uncertainty


def chances_text(report: StaffingReport, found: Uncertainty) -> list[str]:
    """Paragraphs of the command's answer."""
    return [
        "\n".join(_months(report, found)),
        "\n".join(_runs(report, found)),
        "\n".join(_tornado(report, found)),
    ]


def _months(report: StaffingReport, found: Uncertainty) -> Iterator[str]:
    yield f"{found.draws:,} draws, today: overdue at each month's end, and the chance to clear."
    yield "Cleared leaves out visits to people who were not in; 'sooner' is for a unit that works"
    yield f"towards an earlier month than {report.month(found.today.deadline)} from the start."
    heads = ("month", "ARMS, middle", "5 to 95%", "visits, middle", "5 to 95%", "ARMS cleared")
    rows = [
        (
            f"{report.horizon.start(one.month):%b %Y}",
            f"{one.arms.p50:,.0f}",
            _range(one.arms),
            f"{one.visits.p50:,.0f}",
            _range(one.visits),
            percent(one.arms_cleared.share),
            with_interval(one.cleared_but_not_in),
            "" if one.if_aimed_at is None else percent(one.if_aimed_at.share),
        )
        for one in found.today.months
    ]
    yield from lined([(*heads, "cleared", "sooner"), *rows])


def _runs(report: StaffingReport, found: Uncertainty) -> Iterator[str]:
    yield "By the deadline:"
    heads = ("run", "by", "cleared", "ARMS, middle", "visits, middle", "exposure, middle")
    rows = [
        (
            run.name,
            report.month(run.deadline),
            with_interval(run.at_deadline.cleared_but_not_in),
            f"{run.at_deadline.arms.p50:,.0f}",
            f"{run.at_deadline.visits.p50:,.0f}",
            f"{run.exposure.p50:,.0f}",
        )
        for run in runs(found)
    ]
    yield from lined([heads, *rows], left=1)


def _tornado(report: StaffingReport, found: Uncertainty) -> Iterator[str]:
    yield "Each assumption at its low and high, all others at their likeliest; means by"
    yield f"{report.by_when}:"
    heads = ("assumption", "unit", "low", "ARMS", "visits", "high", "ARMS", "visits", "exposure")
    rows = [
        (
            row.words,
            row.unit,
            f"{row.low.value:g}",
            f"{row.low.arms:,.0f}",
            f"{row.low.visits:,.0f}",
            f"{row.high.value:g}",
            f"{row.high.arms:,.0f}",
            f"{row.high.visits:,.0f}",
            f"{row.low.exposure:,.0f} to {row.high.exposure:,.0f}",
        )
        for row in found.tornado
    ]
    yield from lined([heads, *rows], left=2)


def _range(band: Band) -> str:
    return f"{band.p5:,.0f} to {band.p95:,.0f}"
