"""``planner staffing``: how many officers, by when, and what if."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planner.commands.interrupt import stoppable
from planner.commands.plan_register import question_fault
from planner.commands.staffing_draws import DrawOptions, asked_of, engine_of, with_draws
from planner.domain.months import HORIZON_MONTHS, Horizon
from planner.files.save import save_atomically
from planner.levers import TODAY, Change, Scenario, read_levers, read_scenarios
from planner.levers.catalogue import DEADLINE
from planner.optimise.clock import Clock
from planner.optimise.ledger import Ledger
from planner.page.staffing_page import STAFFING_PAGE, staffing_page
from planner.staffing import Desk
from planner.staffing.buying import How, cheapest
from planner.staffing.effects import effects
from planner.staffing.levels import MOST_LEVELS, levels_around
from planner.staffing.moving import familiar
from planner.staffing.reached import least_reached, reached
from planner.staffing.report import ScenarioFound, StaffingReport
from planner.workbooks.register_read import read_register
from planner.workbooks.staffing_book import STAFFING_BOOK, staffing_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from planner.domain.register import Register
    from planner.staffing.cheapest import Cheapest, Tariff
    from planner.staffing.familiar import Familiar
    from planner.staffing.reached import Reached

    Say = Callable[[str], None]

_RANGE = re.compile(r"(\d+)\s*:\s*(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingOptions:
    """What the user asked for. ``levels``: fewest and most officers; ``deadline``: a month."""

    as_at: date | None = None
    levels: tuple[int, int] | None = None
    team: str | None = None
    scenarios: Path | None = None
    deadline: str | None = None
    effort: str | None = "normal"
    """How hard to search for whole plans; None: make none."""
    plan_at: Sequence[int] = ()
    """Further numbers of officers to make a whole plan for."""
    seed: int = 0
    draws: DrawOptions = field(default_factory=DrawOptions)
    levers: Sequence[str] = ()
    """Levers as words; together one scenario more."""
    tariff: Tariff | None = None
    """Prices, where the cheapest ways to clear are asked for."""
    shares: Sequence[float] = ()
    """Shares of cases that may change SOM, where that curve is asked for."""


def levels_asked(text: str) -> tuple[int, int] | None:
    """The fewest and the most officers of "40:75"; None where it is no such range."""
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        return None
    low, high = int(found[1]), int(found[2])
    return (low, high) if 1 <= low <= high < low + MOST_LEVELS else None


def answer_staffing(
    path: Path, out: Path, options: StaffingOptions, say: Say
) -> tuple[StaffingReport, Path]:
    """Answer for a register, and write the workbook and the page into a folder.

    Raises ``InputError``, ``EngineError`` or ``OutputError``.
    """
    engine = engine_of(options.draws, say)
    say("Reading the register")
    file = read_register(path, options.as_at)
    whole = file.register
    if options.team is not None and options.team not in whole.teams:
        raise question_fault(
            "unknown-team",
            "Staff",
            f"The register knows no team {options.team!r}.",
            f"Name one of {', '.join(whole.teams)}.",
        )
    deadline = _deadline(options.deadline, whole)
    scenarios = read_scenarios(options.scenarios, whole) if options.scenarios else file.scenarios
    scenarios = (*scenarios, *read_levers(options.levers, whole))
    report = made_report(whole, scenarios, deadline, options, say)
    target = out / STAFFING_BOOK
    asked = asked_of(options.draws, options.seed, file.ranges)
    with with_draws(report, whole, asked, engine, out=out, say=say) as drawn:
        say("Writing the workbook and the page")
        save_atomically(target, staffing_workbook(drawn))
        save_atomically(out / STAFFING_PAGE, staffing_page(drawn))
    return drawn, target


def made_report(
    whole: Register,
    scenarios: Sequence[Scenario],
    deadline: int,
    options: StaffingOptions,
    say: Say,
) -> StaffingReport:
    """Everything asked about a register, proved and, where asked, planned."""
    clock = Clock()
    ledger = Ledger()
    asked = Scenario(name=TODAY.name, changes=_asked(deadline))
    say("Proving how many officers it takes")
    desk = _desk(whole, asked, options.team, ledger)
    least = desk.least()
    clock.lap("least number")
    found: list[ScenarioFound] = []
    for scenario in scenarios:
        say(f"Scenario {len(found) + 1} of {len(scenarios)}")
        found.append(_scenario(whole, _by(scenario, deadline), options.team, ledger))
    clock.lap("scenarios")
    plans = _plans(desk, options, say)
    clock.lap("plans")
    say("The curve")
    low, high = options.levels or _around(desk, plans)
    levels = desk.curve(range(low, high + 1))
    for level in levels:
        level.outlook.earliest  # noqa: B018  # worked out here, so that its time is counted
        level.outlook.burn_down  # noqa: B018
    clock.lap("curve")
    ways, moving = _besides(desk, options, say)
    clock.lap("cheapest ways, fair or familiar")
    return StaffingReport(
        register=desk.register,
        team=options.team,
        deadline=deadline,
        today=desk.today,
        least=least,
        levels=levels,
        plans=plans,
        scenarios=tuple(found),
        cheapest=ways,
        familiar=moving,
        seconds=clock.laps,
    )


def _scenario(
    whole: Register, scenario: Scenario, team: str | None, ledger: Ledger
) -> ScenarioFound:
    desk = _desk(whole, scenario, team, ledger)
    return ScenarioFound(
        effects=effects(whole, scenario, team=team, ledger=ledger), least=desk.least()
    )


def _desk(register: Register, scenario: Scenario, team: str | None, ledger: Ledger) -> Desk:
    try:
        return Desk(register, scenario, team=team, ledger=ledger)
    except ValueError as error:
        raise question_fault(
            "team-not-apart", "Staff", str(error), "Ask about the whole unit: leave --team out."
        ) from error


def _plans(desk: Desk, options: StaffingOptions, say: Say) -> tuple[Reached, ...]:
    """Whole plans: today's, those on the way to the least that clears, and those asked for."""
    if options.effort is None:
        return ()
    effort, seed = options.effort, options.seed
    with stoppable(say) as stop:
        say(f"Planning with today's {desk.officers} officers")
        today = reached(desk, {}, effort=effort, seed=seed, stop=stop)
        tried = least_reached(desk, today, effort=effort, seed=seed, say=say, stop=stop)
        more = []
        for officers in options.plan_at:
            level = desk.level(officers)
            known = {plan.officers for plan in (today, *tried)}
            if level is not None and officers not in known and not stop():
                say(f"Planning with {officers} officers")
                more.append(reached(desk, level.steps, effort=effort, seed=seed, stop=stop))
    plans = {plan.officers: plan for plan in (today, *tried, *more)}
    return tuple(plans[officers] for officers in sorted(plans))


def _besides(
    desk: Desk, options: StaffingOptions, say: Say
) -> tuple[Cheapest | None, Familiar | None]:
    """The cheapest ways to clear, and the curve of moves allowed, where asked for."""
    ways, moving = None, None
    with stoppable(say) as stop:
        if options.tariff is not None:
            effort = None if options.effort is None else "quick"
            ways = cheapest(desk, options.tariff, How(effort, options.seed, say, stop))
        if options.shares:
            how = How("quick", options.seed, say, stop)
            moving = familiar(desk.register, options.shares, how)
    return ways, moving


def _around(desk: Desk, plans: Sequence[Reached]) -> tuple[int, int]:
    """Levels worth showing: some below and above today's, the least, and those planned."""
    return levels_around(desk.least(), [plan.officers for plan in plans])


def _by(scenario: Scenario, deadline: int) -> Scenario:
    """The scenario by the deadline asked for, unless it says its own."""
    if any(change.lever == DEADLINE.key for change in scenario.changes):
        return scenario
    changes = (*scenario.changes, *_asked(deadline))
    return Scenario(name=scenario.name, changes=changes, note=scenario.note)


def _asked(deadline: int) -> tuple[Change, ...]:
    if deadline == HORIZON_MONTHS:
        return ()
    return (Change(lever=DEADLINE.key, value=deadline),)


def _deadline(text: str | None, register: Register) -> int:
    """The month's number: "12", or "2027-11" as a date."""
    if text is None:
        return HORIZON_MONTHS
    horizon = Horizon(register.as_at)
    number = horizon.told(text.strip())
    if number is None or not 1 <= number <= HORIZON_MONTHS:
        raise question_fault(
            "outside-the-plan",
            "Run",
            f"The deadline {text!r} is no month of the plan, which runs from "
            f"{horizon.first:%B %Y} to {horizon.start(horizon.length):%B %Y}.",
            f"Give a number from 1 to {HORIZON_MONTHS}, or a month as 2027-11.",
        )
    return number
