"""What the draws came to: chances of clearing by month, bands, and the tornado."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.page.bars import Swing, tornado_chart
from planner.page.lines import Area, Line, Place, band_chart
from planner.page.section import Figure, Section, Table
from planner.page.svg import Frame
from planner.page.told import month, percent, tenths, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from markupsafe import Markup

    from planner.domain.months import Horizon
    from planner.staffing.uncertain import (
        Band,
        Chance,
        Replayed,
        TornadoEnd,
        TornadoRow,
        Uncertainty,
        UsedDistribution,
    )


def draws_section(found: Uncertainty, horizon: Horizon) -> Section:
    """Chances, bands and the tornado, each chart over its table."""
    figures: list[Figure] = []
    for number, run in enumerate((found.today, *found.scenarios)):
        figures += _of_run(run, horizon, f"draws-{number}")
    if found.tornado_middle is not None and found.tornado:
        figures.append(_tornado(found.tornado, found.tornado_middle, found.tornado_draws))
    figures.append(Figure(table=_distributions(found.distributions)))
    return Section(
        key="draws",
        heading=f"How sure is that? {found.draws:,} draws",
        says=(
            "Each draw takes every uncertain assumption from its range and replays the months by "
            "one fixed rule, chance included. So a draw shows what that rule comes to, not the "
            "best plan.",
            "The interval beside a chance says how sure it is for so many draws, given the ranges. "
            "It says nothing of whether these are right: see where each comes from below.",
        ),
        figures=figures,
    )


def _of_run(run: Replayed, horizon: Horizon, key: str) -> Iterator[Figure]:
    months = [horizon.start(one.month) for one in run.months]
    yield Figure(chart=_chance_chart(run, months, key), table=_chance_table(run, months))
    for duty, bands in (
        ("ARMS", [one.arms for one in run.months]),
        ("Visits", [one.visits for one in run.months]),
    ):
        yield _bands(run.name, duty, bands, months, f"{key}-{duty.lower()}")
    yield Figure(table=_teams(run))


def _chance_chart(run: Replayed, months: Sequence[date], key: str) -> Markup:
    chances = [one.cleared_but_not_in for one in run.months]
    frame = Frame(
        key=f"{key}-chance",
        title=_chance_title(run),
        says=f"By the deadline: {_chance(chances[run.deadline - 1])}. Visits to people who were "
        "tried as often as a month allows and not in are left out.",
        across="Month's end",
        up="Share of draws that clear",
        is_share=True,
    )
    return band_chart(
        frame,
        [f"{day:%b %y}" for day in months],
        [Area("95% interval", [c.low for c in chances], [c.high for c in chances])],
        Line("Share of draws", [c.share for c in chances]),
        places=[Place(run.deadline - 1, "Deadline")],
    )


def _chance_title(run: Replayed) -> str:
    return f"{run.name}: chance of having cleared by each month's end"


def _chance_table(run: Replayed, months: Sequence[date]) -> Table:
    return Table(
        caption=_chance_title(run),
        heads=(
            "Month's end",
            "Cleared, not-in visits left out",
            "The same, if aimed at from the start",
            "Cleared",
            "ARMS alone cleared",
        ),
        rows=[
            (
                month(day),
                _chance(m.cleared_but_not_in),
                "Not tried" if m.if_aimed_at is None else _chance(m.if_aimed_at),
                _chance(m.cleared),
                _chance(m.arms_cleared),
            )
            for day, m in zip(months, run.months, strict=True)
        ],
        notes=(
            "In brackets: the 95% interval for so many draws. All columns but the one that says "
            "otherwise are of a unit that works towards the deadline.",
        ),
    )


def _teams(run: Replayed) -> Table:
    return Table(
        caption=f"{run.name}: each team at the deadline",
        heads=("Team", "Cleared", "ARMS overdue, 5 to 95 of 100", "Visits overdue, 5 to 95 of 100"),
        rows=[
            (
                one.team,
                _chance(one.cleared_but_not_in),
                f"{whole(one.arms.p5)} to {whole(one.arms.p95)}",
                f"{whole(one.visits.p5)} to {whole(one.visits.p95)}",
            )
            for one in run.teams
        ],
        notes=("Visits to people who were not in are left out.",),
    )


def _bands(run: str, duty: str, bands: Sequence[Band], months: Sequence[date], key: str) -> Figure:
    labels = [f"{day:%b %y}" for day in months]
    frame = Frame(
        key=key,
        title=f"{run}: {duty} overdue at each month's end, over all draws",
        says=f"In the last month half the draws have {whole(bands[-1].p50)} or fewer, 90 of 100 "
        f"between {whole(bands[-1].p5)} and {whole(bands[-1].p95)}.",
        across="Month's end",
        up=f"{duty} overdue",
    )
    areas = [
        Area("90 of 100 draws", [b.p5 for b in bands], [b.p95 for b in bands]),
        Area("half the draws", [b.p25 for b in bands], [b.p75 for b in bands]),
    ]
    chart = band_chart(frame, labels, areas, Line("Middle draw", [b.p50 for b in bands]))
    table = Table(
        caption=frame.title,
        heads=(
            "Month's end",
            "5 of 100",
            "25 of 100",
            "50 of 100",
            "75 of 100",
            "95 of 100",
            "Mean",
        ),
        rows=[
            (month(day), *(whole(v) for v in (b.p5, b.p25, b.p50, b.p75, b.p95)), tenths(b.mean))
            for day, b in zip(months, bands, strict=True)
        ],
        notes=("So many of 100 draws have this many overdue, or fewer.",),
    )
    return Figure(chart=chart, table=table)


def _tornado(rows: Sequence[TornadoRow], middle: TornadoEnd, draws: int) -> Figure:
    base = middle.arms + middle.visits
    frame = Frame(
        key="tornado",
        title="Which assumption matters most: duties overdue at the deadline",
        says=f"With every assumption at its middle {whole(base)} are overdue on average. "
        f"The widest swing is {rows[0].words}: {whole(rows[0].swing)}.",
        across="ARMS and visits overdue at the deadline, mean of the draws",
        up="",
    )
    swings = [
        Swing(
            row.words,
            row.low.arms + row.low.visits,
            row.high.arms + row.high.visits,
            f"{row.low.value:g}",
            f"{row.high.value:g}",
        )
        for row in rows
    ]
    table = Table(
        caption=frame.title,
        heads=(
            "Assumption",
            "Unit",
            "Low",
            "Overdue at low",
            "Cleared at low",
            "High",
            "Overdue at high",
            "Cleared at high",
            "Swing",
        ),
        rows=[_tornado_cells(row) for row in rows],
        words=frozenset({1}),
        notes=(f"All others at their middle; each figure rests on {draws:,} draws.",),
    )
    return Figure(chart=tornado_chart(frame, base, swings), table=table)


def _tornado_cells(row: TornadoRow) -> tuple[str, ...]:
    return (
        row.words,
        row.unit,
        f"{row.low.value:g}",
        whole(row.low.arms + row.low.visits),
        _chance(row.low.cleared),
        f"{row.high.value:g}",
        whole(row.high.arms + row.high.visits),
        _chance(row.high.cleared),
        whole(row.swing),
    )


def _distributions(used: Sequence[UsedDistribution]) -> Table:
    return Table(
        caption="What was drawn, from which range, and where the range comes from",
        heads=(
            "Quantity",
            "Unit",
            "Low",
            "Likeliest",
            "High",
            "Meaning",
            "Source",
            "Of",
            "Assumed",
        ),
        rows=[
            (
                one.words,
                one.unit,
                f"{one.low:g}",
                f"{one.likely:g}",
                f"{one.high:g}",
                one.meaning,
                one.source,
                one.dated,
                "Yes" if one.is_assumed else "No",
            )
            for one in used
        ],
        words=frozenset({1, 5, 6, 7, 8}),
    )


def _chance(chance: Chance) -> str:
    return f"{percent(chance.share)} ({percent(chance.low)} to {percent(chance.high)})"
