"""Month by month: what is overdue in each run, by risk level, and the hours."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from planner.domain.terms import LEVELS
from planner.page.bars import Layer, stacked_chart
from planner.page.lines import Line, line_chart
from planner.page.section import Figure, Section, Table
from planner.page.svg import Frame
from planner.page.told import month, whole
from planner.staffing.answer import BOTH, lacking_words
from planner.staffing.rows import WHOLE_PLAN, month_rows, team_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from planner.staffing.report import StaffingReport
    from planner.staffing.rows import MonthRow, TeamRow

    Counts = dict[date | None, float]

START = "As-at date"
_MOST_LINES = 5


def burn_down_section(report: StaffingReport) -> Section:
    """Runs side by side, then today's by risk level, for both duties."""
    rows = list(month_rows(report))
    figures = [*runs_figures(rows), *level_figures([r for r in rows if r.run == "Today"])]
    return Section(
        key="burn-down",
        heading="What is overdue at each month's end",
        says=(
            BOTH,
            "Run names such as “58 officers” are whole plans, judged by the verifier. All others "
            "are best plans with each team's officers as one.",
        ),
        figures=figures,
    )


def runs_figures(rows: Sequence[MonthRow], *, key: str = "runs") -> list[Figure]:
    """ARMS, then visits: a line for each run, five a chart."""
    arms, visits = _by_run(rows, is_arms=True), _by_run(rows, is_arms=False)
    names = list(arms)
    return [
        _runs_figure(
            duty,
            {name: found[name] for name in names[n : n + _MOST_LINES]},
            f"{key}-{duty.lower()}-{n}",
        )
        for duty, found in (("ARMS", arms), ("Visits", visits))
        for n in range(0, len(names), _MOST_LINES)
    ]


def _by_run(rows: Sequence[MonthRow], *, is_arms: bool) -> dict[str, Counts]:
    found: dict[str, Counts] = {}
    for row in rows:
        name = f"{row.run}, whole plan" if row.basis == WHOLE_PLAN else row.run
        counts = found.setdefault(name, defaultdict(float))
        counts[row.month] += row.arms_overdue if is_arms else row.visits_overdue
    return found


def _runs_figure(duty: str, runs: Mapping[str, Counts], key: str) -> Figure:
    months = list(next(iter(runs.values())))
    frame = Frame(
        key=key,
        title=f"{duty} overdue at each month's end",
        says=" ".join(
            f"{name}: from {whole(found[months[0]])} to {whole(found[months[-1]])}."
            for name, found in runs.items()
        ),
        across="Month's end",
        up=f"{duty} overdue",
    )
    lines = [Line(name, [found[m] for m in months]) for name, found in runs.items()]
    table = Table(
        caption=frame.title,
        heads=("Month's end", *runs),
        rows=[(month(m, START), *(whole(found[m]) for found in runs.values())) for m in months],
    )
    return Figure(chart=line_chart(frame, _labels(months), lines), table=table)


def level_figures(rows: Sequence[MonthRow], *, key: str = "levels") -> list[Figure]:
    """One run by risk level, ARMS and visits, each as stacked bars."""
    return [
        _level_figure("ARMS", {(r.month, r.level): r.arms_overdue for r in rows}, key),
        _level_figure("Visits", {(r.month, r.level): r.visits_overdue for r in rows}, key),
    ]


def _level_figure(duty: str, found: Mapping[tuple[date | None, str], float], key: str) -> Figure:
    months = list(dict.fromkeys(m for m, _ in found))
    levels = [level.label for level in LEVELS]
    totals = [sum(found[m, level] for level in levels) for m in months]
    frame = Frame(
        key=f"{key}-{duty.lower()}",
        title=f"{duty} overdue by risk level, as things are in this run",
        says=f"From {whole(totals[0])} on the as-at date to {whole(totals[-1])} in the last month; "
        f"the most at a month's end is {whole(max(totals[1:], default=0.0))}.",
        across="Month's end",
        up=f"{duty} overdue",
    )
    layers = [Layer(level, [found[m, level] for m in months]) for level in levels]
    table = Table(
        caption=frame.title,
        heads=("Month's end", *levels, "All"),
        rows=[
            (month(m, START), *(whole(found[m, level]) for level in levels), whole(total))
            for m, total in zip(months, totals, strict=True)
        ],
    )
    return Figure(chart=stacked_chart(frame, _labels(months), layers), table=table)


def hours_section(report: StaffingReport) -> Section:
    """Hours there, used and lacking, by month and by team, as things are today."""
    rows = list(team_rows(report))
    return Section(
        key="hours",
        heading="Hours, as things are",
        says=(lacking_words(report),),
        figures=[hours_figure(rows), Figure(table=_teams(rows))],
    )


def hours_figure(rows: Sequence[TeamRow], *, key: str = "hours") -> Figure:
    """All teams together: used, there and not used, and lacking on top."""
    months = sorted({row.month for row in rows})
    used, there, lacking = (
        [sum(told_of(r) for r in rows if r.month == m) for m in months]
        for told_of in (_used, _there, _lacking)
    )
    frame = Frame(
        key=key,
        title="Hours by month, all teams",
        says=f"In all {whole(sum(there))} hours are there, {whole(sum(used))} are used and "
        f"{whole(sum(lacking))} lack.",
        across="Month",
        up="Hours",
    )
    spare = [max(0.0, t - u) for t, u in zip(there, used, strict=True)]
    layers = [Layer("Used", used), Layer("There, not used", spare), Layer("Lacking", lacking)]
    table = Table(
        caption=frame.title,
        heads=("Month", "Hours there", "Hours used", "Hours lacking"),
        rows=[
            (month(m), whole(t), whole(u), whole(k))
            for m, t, u, k in zip(months, there, used, lacking, strict=True)
        ],
    )
    return Figure(chart=stacked_chart(frame, _labels(months), layers), table=table)


def _used(row: TeamRow) -> float:
    return row.used


def _there(row: TeamRow) -> float:
    return row.there


def _lacking(row: TeamRow) -> float:
    return row.lacking


def _teams(rows: Sequence[TeamRow]) -> Table:
    teams = list(dict.fromkeys(row.team for row in rows))
    own = {team: [row for row in rows if row.team == team] for team in teams}
    return Table(
        caption="Hours by team, all months",
        heads=("Team", "Hours there", "Hours used", "Hours lacking"),
        rows=[
            (team, *(whole(sum(of(r) for r in own[team])) for of in (_there, _used, _lacking)))
            for team in teams
        ],
        notes=("Team by month: sheet Hours by team of staffing.xlsx.",),
    )


def _labels(months: Sequence[date | None]) -> list[str]:
    return ["Now" if m is None else f"{m:%b %y}" for m in months]
