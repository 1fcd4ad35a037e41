"""What draws came to, in sentences and rows; no person's reference in any."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planner.staffing.answer import Line
from planner.staffing.assumptions import Assumption

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planner.domain.months import Horizon
    from planner.staffing.report import StaffingReport
    from planner.staffing.uncertain import (
        Band,
        Chance,
        Replayed,
        TornadoEnd,
        Uncertainty,
        UsedDistribution,
    )

BY_DRAWS = "By draws"

HOW_DRAWN = (
    (
        "What a draw is",
        "One way the 18 months may go. Each month duties are chosen anew with the prices that the "
        "planner's own plans are built on, each team's officers as one. It stands for a unit that "
        "plans each month again, not for one fixed plan.",
    ),
    (
        "How near that is to a whole plan",
        "With nothing left to chance it comes within 3% of a whole plan's exposure and clears when "
        "the plan does; it needs 1 to 2% more hours than where clearing is proved impossible "
        "(docs/uncertainty.md). Where ARMS a month, not hours, are the limit, and where teams "
        "could help each other, people would do better.",
    ),
    (
        "Visits",
        "A visit is tried at most three times a month. Who was in at none of them is counted as "
        "overdue, and shown apart: no hours would have helped.",
    ),
    (
        "What people know",
        "They begin with what the register assumes, and go by their own experience as months pass: "
        "three months of it weigh as much as the assumption.",
    ),
)
"""What every draw assumes, beside the ranges."""


def percent(share: float) -> str:
    """A share in words, never rounded to certainty: "under 1%", "over 99%"."""
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 <= share < 1:
        return "over 99%"
    return f"{share:.0%}"


def with_interval(chance: Chance) -> str:
    """The share, and between which two it lies, at 95%: "62% (59% to 65%)"."""
    return f"{percent(chance.share)} ({percent(chance.low)} to {percent(chance.high)})"


def chance_lines(report: StaffingReport) -> Iterator[Line]:
    """The draws in a few lines: the chance to clear, what may be left, what matters most."""
    found = report.uncertainty
    if found is None:
        return
    end = found.today.at_deadline
    yield Line(
        "Chance to clear",
        f"By {report.by_when}, ARMS and visits both: {with_interval(end.cleared_but_not_in)} of "
        f"{found.draws:,} draws, visits to people who were not in left out; "
        f"{percent(end.cleared.share)} with those. The ARMS alone: "
        f"{with_interval(end.arms_cleared)}.",
        BY_DRAWS,
    )
    yield Line(
        "Overdue then",
        f"In the middle draw {end.arms.p50:,.0f} ARMS and {end.visits.p50:,.0f} visits; in 90 of "
        f"100 draws {end.arms.p5:,.0f} to {end.arms.p95:,.0f} ARMS and {end.visits.p5:,.0f} to "
        f"{end.visits.p95:,.0f} visits.",
        BY_DRAWS,
    )
    yield Line("By team", _by_team(found), BY_DRAWS)
    if found.tornado:
        top = found.tornado[0]
        yield Line(
            "What matters most",
            f"{top.words}: from {top.low.value:g} to {top.high.value:g} {top.unit}, ARMS and "
            f"visits overdue then go from {top.low.arms:,.0f} and {top.low.visits:,.0f} to "
            f"{top.high.arms:,.0f} and {top.high.visits:,.0f}, all else at its likeliest.",
            BY_DRAWS,
        )


def _by_team(found: Uncertainty) -> str:
    """The teams least and most likely to clear; each has only its own officers."""
    order = sorted(found.today.teams, key=lambda t: (t.cleared_but_not_in.share, t.team))
    if len(order) == 1:
        return f"All of it is one: {order[0].team}."
    worst, best = order[0], order[-1]
    if worst.cleared_but_not_in.share == best.cleared_but_not_in.share:
        share = percent(worst.cleared_but_not_in.share)
        return f"Each team has its own officers only, and clears in {share} of the draws."
    return (
        f"Each team has its own officers only: {worst.team} clears in "
        f"{percent(worst.cleared_but_not_in.share)} of the draws, {best.team} in "
        f"{percent(best.cleared_but_not_in.share)}. The unit clears where all do."
    )


class MonthChances(NamedTuple):
    """A month's end of one run: chances to have cleared, each with its interval, and bands."""

    run: str
    month: date
    cleared_but_not_in: Chance
    cleared: Chance
    arms_cleared: Chance
    if_aimed_at: Chance | None
    arms: Band
    visits: Band
    not_in: Band


def month_chances(found: Uncertainty, horizon: Horizon) -> Iterator[MonthChances]:
    """Today's months, then each scenario's."""
    for run in runs(found):
        for one in run.months:
            yield MonthChances(
                run=run.name,
                month=horizon.start(one.month),
                cleared_but_not_in=one.cleared_but_not_in,
                cleared=one.cleared,
                arms_cleared=one.arms_cleared,
                if_aimed_at=one.if_aimed_at,
                arms=one.arms,
                visits=one.visits,
                not_in=one.not_in,
            )


def runs(found: Uncertainty) -> tuple[Replayed, ...]:
    """Today, then the scenarios."""
    return (found.today, *found.scenarios)


def left_against(end: TornadoEnd, middle: TornadoEnd) -> float:
    """Duties overdue at the deadline, more than with every assumption at its likeliest."""
    return end.arms + end.visits - middle.arms - middle.visits


def drawn_assumptions(found: Uncertainty | None) -> Iterator[Assumption]:
    """What the draws rest on: how they are made, and every range with its source and date."""
    if found is None:
        return
    for what, meaning in HOW_DRAWN:
        yield Assumption(what, "", "", meaning, "How this is worked out", "this version", True)
    for one in found.distributions:
        yield Assumption(
            what=f"Range: {one.words.lower()} ({one.name})",
            value=range_told(one),
            unit=one.unit,
            meaning=f"{one.meaning} Drawn once for each draw, from a triangle.",
            source=one.source,
            dated=one.dated,
            is_assumed=one.is_assumed,
        )


def range_told(one: UsedDistribution) -> str:
    """A range in words: "3 to 8, likely 5"."""
    if one.low == one.high:
        return f"{one.low:g}"
    return f"{one.low:g} to {one.high:g}, likely {one.likely:g}"
