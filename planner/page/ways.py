"""The cheapest ways to clear, and fair against familiar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.levers import LEVERS
from planner.page.lines import Line, line_chart
from planner.page.section import Figure, Section, Table
from planner.page.svg import Frame
from planner.page.told import month, percent, pounds, whole
from planner.staffing.way_rows import bought_words, how_sure, purchase_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.staffing.cheapest import Cheapest, Tariff, Way
    from planner.staffing.familiar import Familiar, FamiliarPoint
    from planner.staffing.report import StaffingReport

MOVES_TITLE = "Cost by the share of cases that may change officer"
_TARIFF = (
    ("officer_month", "An officer for a month", pounds),
    ("overtime_hour", "An hour of overtime", pounds),
    ("arms_month", "A person of an ARMS team for a month", pounds),
    ("overtime_limit", "Most overtime, hours a month for each full-time officer", whole),
    ("recruits_from", "First month in which a recruit can start", whole),
)


def cheapest_section(report: StaffingReport, found: Cheapest) -> Section:
    """Each way with what it cannot cost less than, and one that does it."""
    best = found.best
    if best is not None and best.price is not None:
        told = f"The cheapest way shown costs {pounds(best.price)}: {best.name}."
    else:
        told = "No way to clear was confirmed by a whole plan."
    bound = found.bound
    proved = (
        "It is proved that none of these ways clears."
        if bound is None
        else f"It is proved that no way with these levers costs less than {pounds(bound)}."
    )
    table = Table(
        caption="Ways to clear, and what they cost",
        heads=("Way", "Costs at least", "One way costs", "Gap", "What is bought", "How sure"),
        rows=[_way(way) for way in found.ways],
        words=frozenset({4, 5}),
        notes=(
            "In pounds, for what is bought on top of today's staff, within the plan's months.",
            "Costs at least: proved. One way costs: that of what is bought, where a way was found.",
        ),
    )
    return Section(
        key="cheapest",
        heading="The cheapest way to clear",
        says=(told, proved),
        figures=[Figure(table=t) for t in (table, *_purchases(report), _prices(found.tariff))],
    )


def _way(way: Way) -> tuple[str, ...]:
    if way.is_ruled_out:
        return (way.name, "None clears", "", "", _levers(way), how_sure(way))
    return (
        way.name,
        "" if way.bound is None else pounds(way.bound),
        "Not shown" if way.price is None else pounds(way.price),
        "" if way.gap is None else f"{way.gap:.1%}",
        bought_words(way) if way.purchases else "Nothing" if way.price == 0 else _levers(way),
        how_sure(way),
    )


def _purchases(report: StaffingReport) -> Iterator[Table]:
    """What each way buys, where and when; none where none is shown."""
    rows = [
        (
            row.way,
            row.lever,
            row.team,
            f"{row.value:g}",
            month(row.first),
            month(row.last),
            pounds(row.price),
        )
        for row in purchase_rows(report)
    ]
    if rows:
        yield Table(
            caption="What each way buys, where and when",
            heads=("Way", "Lever", "Team", "How many", "From", "To", "Price"),
            rows=rows,
            words=frozenset({1, 2, 4, 5}),
        )


def _levers(way: Way) -> str:
    return "Open: " + ", ".join(LEVERS[key].words if key in LEVERS else key for key in way.levers)


def _prices(tariff: Tariff) -> Table:
    values = {
        "officer_month": tariff.officer_month,
        "overtime_hour": tariff.overtime_hour,
        "arms_month": tariff.arms_month,
        "overtime_limit": tariff.overtime_limit,
        "recruits_from": tariff.recruits_from,
    }
    return Table(
        caption="The prices, and how much can be had",
        heads=("What", "Value", "Assumed"),
        rows=[
            (words, tell(values[name]), "Yes" if name in tariff.assumed else "No")
            for name, words, tell in _TARIFF
        ],
        words=frozenset({2}),
    )


def familiar_section(found: Familiar) -> Section:
    """Cost and its bound by the share of cases that may change SOM."""
    points = found.points
    frame = Frame(
        key="familiar",
        title=MOVES_TITLE,
        says=" ".join(
            f"{percent(p.share)}: cost {whole(p.cost)}, at least {whole(p.bound)}." for p in points
        ),
        across="Share of cases that may change officer (moves.share)",
        up="Cost",
    )
    lines = [
        Line("A plan's cost", [p.cost for p in points]),
        Line("No plan can beat", [p.bound for p in points]),
    ]
    return Section(
        key="familiar",
        heading="Fair or familiar",
        says=(
            "Moving more cases evens out the work; each move breaks up somebody's knowledge of "
            "a person.",
        ),
        figures=[
            Figure(
                chart=line_chart(frame, [percent(p.share) for p in points], lines),
                table=_moves_table(found),
            )
        ],
    )


def _moves_table(found: Familiar) -> Table:
    return Table(
        caption=MOVES_TITLE,
        heads=(
            "Share",
            "Cases allowed",
            "Cases moved",
            "Cost",
            "No plan can beat",
            "Gap",
            "Exposure",
            "Moves",
            "Mix",
            "Spread",
            "Hours used, mean",
            "Least to most",
            "ARMS overdue",
            "Visits overdue",
            "Verifier",
        ),
        rows=[_point(p) for p in found.points],
        words=frozenset({14}),
        notes=(f"Each plan was searched for with effort {found.effort}.",),
    )


def _point(p: FamiliarPoint) -> tuple[str, ...]:
    return (
        percent(p.share),
        whole(p.allowed),
        whole(p.moves),
        whole(p.cost),
        whole(p.bound),
        f"{p.gap:.1%}",
        whole(p.exposure),
        whole(p.moving),
        whole(p.mix),
        whole(p.spread),
        percent(p.utilisation_mean),
        f"{percent(p.utilisation_least)} to {percent(p.utilisation_most)}",
        whole(p.arms_overdue),
        whole(p.visits_overdue),
        "Accepted" if p.accepted else "REJECTED",
    )
