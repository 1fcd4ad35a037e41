"""Rows of the tables that text, programs and the workbook show: no person's reference in any."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planner.domain.months import HORIZON_MONTHS
from planner.domain.terms import LEVELS, Duty
from planner.staffing.effects import Measures, measures

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planner.domain.terms import RiskLevel
    from planner.staffing.outlook import Outlook
    from planner.staffing.reached import Reached
    from planner.staffing.report import StaffingReport

NO_CHANGE, OWN, INTERACTION, TOGETHER = "Run 0: today", "Own effect", "Interaction", "Together"


class LevelRow(NamedTuple):
    """One number of officers. What a plan reached is None where none was made."""

    officers: int
    fte: float
    against_today: int
    spread: str
    ruled_out: bool
    not_before: date | None
    hours_lacking: float
    posts_lacking: float
    bound: float
    arms_overdue: float
    visits_overdue: float
    exposure: dict[tuple[Duty, RiskLevel], float]
    hours_there: float
    hours_used: float
    plan_clears: date | None
    plan_made: bool
    plan_accepted: bool | None
    plan_cost: float | None
    plan_arms_overdue: int | None
    plan_visits_overdue: int | None


def level_rows(report: StaffingReport) -> Iterator[LevelRow]:
    """Every level, fewest officers first, proof and plan side by side."""
    plans = {plan.officers: plan for plan in report.plans}
    for level in report.levels:
        found, plan = level.outlook, plans.get(level.officers)
        figures = measures(found)
        yield LevelRow(
            officers=level.officers,
            fte=found.fte,
            against_today=sum(level.steps.values()),
            spread=", ".join(f"{n} {s:+d}" for n, s in sorted(level.steps.items()) if s),
            ruled_out=level.is_ruled_out,
            not_before=_day(report, found.earliest),
            hours_lacking=figures.hours_lacking,
            posts_lacking=figures.posts_lacking,
            bound=level.bound,
            arms_overdue=figures.arms_overdue,
            visits_overdue=figures.visits_overdue,
            exposure={(d, one): found.exposure(d, one) for d in Duty for one in LEVELS},
            hours_there=figures.hours_there,
            hours_used=figures.hours_used,
            plan_clears=None if plan is None else _day(report, plan.clears_from),
            plan_made=plan is not None,
            plan_accepted=None if plan is None else plan.accepted,
            plan_cost=None if plan is None else plan.outcome.total_cost,
            plan_arms_overdue=None if plan is None else _left(plan, Duty.ARMS),
            plan_visits_overdue=None if plan is None else _left(plan, Duty.VISIT),
        )


class ScenarioRow(NamedTuple):
    """Run 0, an own effect, the interaction or the whole of a scenario: figures or differences."""

    scenario: str
    row: str
    change: str
    figures: Measures
    not_before: date | None
    ruled_out: bool | None
    fewest: int | None


def scenario_rows(report: StaffingReport) -> Iterator[ScenarioRow]:
    """Each scenario: run 0, each change's own effect, the interaction, and together, which adds up.

    Own effects and interaction are differences; run 0 and together are figures.
    """
    for found in report.scenarios:
        one = found.effects
        name = one.scenario.name
        yield _whole(
            report, name, NO_CHANGE, one.today, report_least(report, one.scenario.deadline)
        )
        for change, figures in one.own:
            yield ScenarioRow(name, OWN, change.words, figures, None, None, None)
        if len(one.own) > 1:
            yield ScenarioRow(name, INTERACTION, "", one.interaction, None, None, None)
        yield _whole(report, name, TOGETHER, one.outlook, found.least.fewest)


def report_least(report: StaffingReport, deadline: int) -> int | None:
    """The least number today, where the scenario asks for the same deadline."""
    return report.least.fewest if deadline == report.least.deadline else None


def _whole(
    report: StaffingReport, name: str, row: str, found: Outlook, fewest: int | None
) -> ScenarioRow:
    return ScenarioRow(
        scenario=name,
        row=row,
        change="",
        figures=measures(found),
        not_before=_day(report, found.earliest),
        ruled_out=found.standing.is_ruled_out,
        fewest=fewest,
    )


class MonthRow(NamedTuple):
    """A month's end of one run: what is overdue, and hours. Month None: the opening backlog."""

    run: str
    basis: str
    month: date | None
    level: str
    arms_overdue: float
    visits_overdue: float


OFFICERS_AS_ONE, WHOLE_PLAN = "Best plan, officers as one", "Whole plan, verified"


def month_rows(report: StaffingReport) -> Iterator[MonthRow]:
    """Burn-downs: today's and each scenario's best plan with officers as one, and whole plans."""
    yield from _outlook_months(report, "Today", report.today)
    for found in report.scenarios:
        yield from _outlook_months(report, found.effects.scenario.name, found.effects.outlook)
    for plan in report.plans:
        for month in range(HORIZON_MONTHS + 1):
            for level in LEVELS:
                counts = [_overdue(plan, month, level, duty) for duty in (Duty.ARMS, Duty.VISIT)]
                day = _day(report, month) if month else None
                run = f"{plan.officers} officers"
                yield MonthRow(run, WHOLE_PLAN, day, level.label, counts[0], counts[1])


def _outlook_months(report: StaffingReport, name: str, found: Outlook) -> Iterator[MonthRow]:
    for month in range(HORIZON_MONTHS + 1):
        for level in LEVELS:
            arms = found.overdue(month, Duty.ARMS, level)
            visits = found.overdue(month, Duty.VISIT, level)
            day = _day(report, month) if month else None
            yield MonthRow(name, OFFICERS_AS_ONE, day, level.label, arms, visits)


class TeamRow(NamedTuple):
    """A team, or teams planned together, in a month as things are today."""

    team: str
    month: date
    there: float
    used: float
    lacking: float


def team_rows(report: StaffingReport) -> Iterator[TeamRow]:
    """Hours there, used by the best plan with officers as one, and lacking, as things are."""
    found = report.today
    for (team, month), there in sorted(found.hours_there.items()):
        yield TeamRow(
            team=team,
            month=found.horizon.start(month),
            there=there,
            used=found.hours_used[team, month],
            lacking=found.hours_lacking.get((team, month), 0.0),
        )


def _overdue(plan: Reached, month: int, level: RiskLevel, duty: Duty) -> int:
    outcome = plan.outcome
    return outcome.overdue[month, level, duty] if month else outcome.opening[level, duty]


def _left(plan: Reached, duty: Duty) -> int:
    return plan.outcome.backlog(HORIZON_MONTHS, duty)


def _day(report: StaffingReport, month: int | None) -> date | None:
    return None if month is None else report.horizon.start(month)
