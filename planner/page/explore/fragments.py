"""An answer as pieces of the page, each put in its place as it comes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.domain.months import HORIZON_MONTHS
from planner.domain.terms import Duty
from planner.page.explore.about import about_rows
from planner.page.levels import curve_chart, curve_table, exposure_figure
from planner.page.months import hours_figure, level_figures, runs_figures
from planner.page.scenarios import Beside, side_by_side_chart, side_by_side_table
from planner.page.section import Figure
from planner.page.staffing_page import templates
from planner.page.told import month, signed, whole
from planner.staffing.answer import headline
from planner.staffing.least import Least
from planner.staffing.report import StaffingReport
from planner.staffing.rows import month_rows, team_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.domain.register import Register
    from planner.page.explore.answer import Answer
    from planner.staffing.rows import LevelRow

WAITING = "…"


@dataclass(frozen=True, slots=True)
class Card:
    """One figure that is always in sight, and how it differs from today; not known yet: waiting."""

    words: str
    value: str
    difference: str = ""


def cards(answer: Answer, today: Answer | None) -> str:
    """The figures that matter most, side by side."""
    found = answer.outlook
    last = f"{found.horizon.start(HORIZON_MONTHS):%B %Y}"
    by = f"{found.horizon.start(found.deadline):%b %Y}"
    told = [
        Card(f"ARMS overdue, {last}", *_overdue(answer, today, Duty.ARMS)),
        Card(f"Visits overdue, {last}", *_overdue(answer, today, Duty.VISIT)),
        Card("Exposure", *_exposure(answer, today)),
    ]
    if answer.is_proved:
        standing = found.standing
        ruled = "Ruled out" if standing.is_ruled_out else "Not ruled out"
        lacking = signed(standing.hours - today.outlook.standing.hours) if today else ""
        told += [
            Card(f"Clearing by {by}", ruled),
            Card("Hours lacking", whole(standing.hours), lacking),
        ]
    else:
        told += [Card(f"Clearing by {by}", WAITING), Card("Hours lacking", WAITING)]
    if answer.least is not None:
        day = None if found.earliest is None else found.horizon.start(found.earliest)
        fewest = answer.least.fewest
        told += [
            Card("Not cleared before", month(day)),
            Card("Fewest officers, proved", "No number" if fewest is None else f"{fewest}"),
        ]
    else:
        told += [Card("Not cleared before", WAITING), Card("Fewest officers, proved", WAITING)]
    return _render("cards.html", cards=told, is_compared=today is not None)


def _overdue(answer: Answer, today: Answer | None, duty: Duty) -> tuple[str, str]:
    value = answer.outlook.overdue(HORIZON_MONTHS, duty)
    before = None if today is None else today.outlook.overdue(HORIZON_MONTHS, duty)
    return whole(value), "" if before is None else signed(value - before)


def _exposure(answer: Answer, today: Answer | None) -> tuple[str, str]:
    value = answer.outlook.exposure()
    return whole(value), "" if today is None else signed(value - today.outlook.exposure())


def months(answer: Answer, today: Answer | None, register: Register) -> dict[str, str]:
    """Burn-downs beside today's, by risk level, and the hours."""
    own = _report(answer, register)
    rows = [row._replace(run=answer.scenario.name) for row in month_rows(own)]
    base = [] if today is None else list(month_rows(_report(today, register)))
    lines = runs_figures([*base, *rows])
    hours = hours_figure(list(team_rows(own)))
    return {
        "burn-down": _figures(lines),
        "by-level": _figures(level_figures(rows)),
        "hours": _figures([hours]),
    }


def curve(answer: Answer, base: Answer | None, register: Register) -> str:
    """The curve as far as it is known; before that, today's moved sideways: about right."""
    rows = answer.level_rows(register)
    today = answer.outlook.officers
    here = answer.scenario.name
    if not rows:
        if base is None:
            return ""
        rows = about_rows(base.level_rows(register), answer.outlook.exposure(), today)
        return _figures(_curve_figures(rows, today, here, is_about=True))
    return _figures(_curve_figures(rows, today, here, is_about=False))


def _curve_figures(
    rows: Sequence[LevelRow], today: int, here: str, *, is_about: bool
) -> list[Figure]:
    if not rows:
        return []
    chart = curve_chart(rows, today, here=here, about=is_about)
    table, exposure = curve_table(rows), exposure_figure(rows, today, here=here, about=is_about)
    if is_about:
        note = ("About right only: today's curve moved sideways until it meets the new figures.",)
        table = replace(table, notes=note, caption=f"About: {table.caption}")
        exposure = replace(exposure, table=replace(exposure.table, notes=note))
    return [Figure(chart=chart, table=table), exposure]


def told_headline(answer: Answer, register: Register) -> str:
    """The answer in one sentence, once the least number is known."""
    report = answer.report(register)
    return "" if report is None else headline(report)


def compared(found: Sequence[tuple[Answer, Answer]], register: Register) -> str:
    """Up to four scenarios beside today, each with its own run 0."""
    beside = [Beside(answer.row(), today.row()) for answer, today in found]
    rows = list(month_rows(_report(found[0][1], register)))
    for answer, _ in found:
        own = month_rows(_report(answer, register))
        rows += [row._replace(run=answer.scenario.name) for row in own]
    figures = [
        Figure(chart=side_by_side_chart(beside, key="compared"), table=side_by_side_table(beside)),
        *runs_figures(rows, key="compared-runs"),
    ]
    return _figures(figures)


def _report(answer: Answer, register: Register) -> StaffingReport:
    """The answer as a report whose months can be told; its least number may not be known yet."""
    return answer.report(register) or StaffingReport(
        register=register,
        team=None,
        deadline=answer.outlook.deadline,
        today=answer.outlook,
        least=Least(deadline=answer.outlook.deadline, parts=()),
        levels=(),
    )


def _figures(figures: Sequence[Figure]) -> str:
    return _render("figures.html", figures=figures)


def _render(name: str, **values: object) -> str:
    return templates().get_template(name).render(**values)
