"""Shares and stages give what the desk and the command give."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from planner.commands.staffing import StaffingOptions, made_report
from planner.domain.months import Horizon
from planner.levers import TODAY, Change, Scenario
from planner.optimise.lasting import LastingMaster
from planner.optimise.ledger import Ledger
from planner.optimise.standing import Family
from planner.page.explore.engine import Engine
from planner.page.explore.team import Team
from planner.page.explore.worker import QUIET, Worker
from planner.staffing import Desk
from planner.staffing.effects import measures
from planner.staffing.figures import Question, figures_of, outlook_from
from planner.staffing.levels import levels_around
from planner.staffing.rows import TOGETHER, level_rows, month_rows, scenario_rows, team_rows
from planner.staffing.share import Share, settled
from tests.page_build import BOTH, unit

if TYPE_CHECKING:
    from planner.page.explore.answer import Answer
    from planner.staffing.report import StaffingReport

SAME = 1e-3
"""Share within which two bounds are the same."""
JOINED = Scenario(name="Joined", changes=(Change(lever="cross_team", value=True),))


@cache
def stages() -> dict[str, list[Answer]]:
    """All stages of some scenarios, worked out in two processes and one more."""

    async def found() -> dict[str, list[Answer]]:
        engine = Engine(Team(unit(), shares=2))
        try:
            await engine.begin()
            return {
                scenario.name: [answer async for answer in engine.stages(scenario)]
                for scenario in (TODAY, BOTH, JOINED)
            }
        finally:
            engine.team.end()

    return asyncio.run(found())


@cache
def command(scenario: Scenario) -> StaffingReport:
    asked = (scenario,) if scenario.effective else ()
    return made_report(unit(), asked, 18, StaffingOptions(effort=None), lambda _: None)


@pytest.mark.parametrize("scenario", [TODAY, BOTH, JOINED], ids=lambda s: s.name)
def test_the_stages_come_in_order_and_end_settled(scenario: Scenario) -> None:
    found = stages()[scenario.name]
    assert not found[0].is_proved
    assert found[1].is_proved
    assert found[1].least is None
    assert found[2].least is not None
    counts = [len(answer.levels) for answer in found[2:]]
    assert counts == sorted(counts)
    assert [answer.has_all_levels for answer in found[-2:]] == [True, True]
    assert [answer.is_settled for answer in found[-2:]] == [False, True]


@pytest.mark.parametrize("scenario", [BOTH, JOINED], ids=lambda s: s.name)
def test_what_is_shown_as_final_is_what_the_command_gives(scenario: Scenario) -> None:
    final = stages()[scenario.name][-1]
    (row,) = [r for r in scenario_rows(command(scenario)) if r.row == TOGETHER]
    own = final.row()
    assert own._replace(figures=row.figures) == row
    assert measures(final.outlook) == row.figures
    report = final.report(unit())
    assert report is not None
    ours = [r._replace(run=scenario.name) for r in month_rows(replace(report, levels=()))]
    theirs = [r for r in month_rows(command(scenario)) if r.run == scenario.name]
    assert ours == theirs


def test_today_is_what_the_command_gives_with_its_curve() -> None:
    final = stages()["Today"][-1]
    report = final.report(unit())
    assert report is not None
    for one, other in zip(team_rows(report), team_rows(command(TODAY)), strict=True):
        assert one[:2] == other[:2]
        assert one[2:] == pytest.approx(other[2:], abs=1e-6)
    for mine, its in zip(month_rows(report), month_rows(command(TODAY)), strict=True):
        assert mine[:4] == its[:4]
        assert mine[4:] == pytest.approx(its[4:], abs=1e-6)
    ours, theirs = list(level_rows(report)), list(level_rows(command(TODAY)))
    assert len(ours) == len(theirs) > 10
    for a, b in zip(ours, theirs, strict=True):
        assert (a.officers, *a[2:6]) == (b.officers, *b[2:6])
        assert a.hours_lacking == pytest.approx(b.hours_lacking, abs=0.1)
        assert a.posts_lacking == pytest.approx(b.posts_lacking, abs=1e-3)
        assert a.bound == pytest.approx(b.bound, rel=SAME)


@pytest.mark.parametrize("scenario", [BOTH, JOINED], ids=lambda s: s.name)
def test_what_is_proved_early_is_final(scenario: Scenario) -> None:
    found = stages()[scenario.name]
    early, final = found[2], found[-1]
    assert early.outlook.earliest == final.outlook.earliest
    assert early.least is not None
    assert final.least is not None
    assert early.least.fewest == final.least.fewest
    a, b = measures(early.outlook), measures(final.outlook)
    assert a.hours_lacking == pytest.approx(b.hours_lacking, abs=0.1)
    assert a.bound == pytest.approx(b.bound, rel=SAME)
    assert a.hours_there == pytest.approx(b.hours_there)


@pytest.mark.parametrize("scenario", [BOTH, JOINED], ids=lambda s: s.name)
def test_the_curve_climbed_in_shares_is_the_desks(scenario: Scenario) -> None:
    desk = Desk(unit(), scenario)
    low, high = levels_around(desk.least())
    theirs, ours = desk.curve(range(low, high + 1)), stages()[scenario.name][-1].levels
    assert [one.officers for one in ours] == [one.officers for one in theirs]
    for a, b in zip(ours, theirs, strict=True):
        assert a.steps == b.steps
        assert a.is_ruled_out == b.is_ruled_out
        assert a.outlook.earliest == b.outlook.earliest
        assert a.bound == pytest.approx(b.bound, rel=SAME)


def test_every_part_belongs_to_one_share() -> None:
    shares = [Share(unit(), n, 3) for n in range(3)]
    for scenario, names in ((TODAY, ["Ash", "Beech"]), (JOINED, ["Ash, Beech"])):
        found = sorted(
            (part for share in shares for part in share.parts(scenario)), key=lambda p: p.place
        )
        assert [part.name for part in found] == names
        assert [part.place for part in found] == list(range(len(names)))


def test_a_share_forgets_the_oldest_scenarios_and_still_answers() -> None:
    share = Share(unit(), 0, 1)
    first = share.proved(BOTH, 0)
    for value in range(1, 9):
        share.parts(Scenario(name="x", changes=(Change(lever="overtime_hours", value=value),)))
    again = share.proved(BOTH, 0)
    assert first.standing is not None
    assert again.standing is not None
    assert again.standing.bound == pytest.approx(first.standing.bound, rel=SAME)


def test_figures_make_the_same_outlook() -> None:
    found = Desk(unit()).today
    asked = Question(name="x", deadline=18, horizon=Horizon(unit().as_at))
    made = outlook_from(asked, figures_of(found), found.earliest)
    assert measures(made) == measures(found)
    assert (made.earliest, made.officers) == (found.earliest, found.officers)
    assert made.fte == pytest.approx(found.fte)
    assert made.hours_lacking == found.hours_lacking


def test_settled_is_the_commands_order() -> None:
    found = settled(unit(), BOTH)
    (row,) = [r for r in scenario_rows(command(BOTH)) if r.row == TOGETHER]
    asked = Question(name="x", deadline=18, horizon=Horizon(unit().as_at))
    assert measures(outlook_from(asked, found.parts)) == row.figures
    assert found.least.fewest == row.fewest


@pytest.mark.parametrize(
    ("lever", "value"),
    [
        ("arms.hours", 3.0),
        ("visit.interval.low", 18),
        ("arms.review_months", 18),
        ("arms.per_month", 0),
        ("arms.per_month", 1),
        ("visit.interval.very_high", 2),
        ("cross_team", True),
        ("crew.low", 1),
        ("surge", 12),
        ("reactive", 0.5),
        ("deadline", 9),
    ],
)
def test_a_warm_start_changes_nothing_that_is_proved(lever: str, value: float | bool) -> None:
    stem = Ledger()
    today = Desk(unit(), ledger=stem).today
    assert today.standing.bound > 0
    assert today.burn_down
    asked = Scenario(name="x", changes=(Change(lever=lever, value=value),))
    warm, cold = Desk(unit(), asked, ledger=Ledger(stem)), Desk(unit(), asked)
    assert warm.today.standing.bound == pytest.approx(cold.today.standing.bound, rel=SAME)
    assert warm.today.standing.hours == pytest.approx(cold.today.standing.hours, abs=1e-2)
    assert warm.today.standing.posts == pytest.approx(cold.today.standing.posts, abs=1e-3)
    assert warm.today.earliest == cold.today.earliest
    assert warm.least().fewest == cold.least().fewest
    assert warm.today.exposure() == pytest.approx(cold.today.exposure(), rel=5e-3)


def test_what_a_family_lends_is_what_it_found_first() -> None:
    part = Desk(unit()).today.parts[0]
    family = Family(part.small)
    assert family.lend(LastingMaster(part.small)) is None
    family.best_plan(part.small)
    one, other = LastingMaster(part.small), LastingMaster(part.small)
    before = family.lend(one)
    hours = part.small.comfortable_hours, part.small.most_hours
    family.best_plan(replace(part.small, comfortable_hours=hours[0] / 2, most_hours=hours[1] / 2))
    after = family.lend(other)
    assert before is not None
    assert after is before
    assert one.columns == other.columns
    assert len(one.columns) > len(part.small.cases)


def _rounds_of_collecting() -> int:
    return sum(generation["collections"] for generation in gc.get_stats())


def _much_garbage() -> int:
    before = _rounds_of_collecting()
    for _ in range(100_000):
        held: list[object] = []
        held.append(held)
    return _rounds_of_collecting() - before


def test_garbage_is_looked_for_only_while_nothing_is_asked() -> None:
    async def found() -> tuple[int, int, int]:
        worker = Worker()
        try:
            meanwhile = await worker.ask(_much_garbage)
            before = await worker.ask(_rounds_of_collecting)
            await asyncio.sleep(3 * QUIET)
            return meanwhile, before, await worker.ask(_rounds_of_collecting)
        finally:
            worker.end()

    meanwhile, before, after = asyncio.run(found())
    assert meanwhile == 0
    assert after > before
