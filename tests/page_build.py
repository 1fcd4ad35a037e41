"""Registers and reports that the tests of the pages share."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from planner.commands.staffing import StaffingOptions, made_report
from planner.levers import Change, Scenario
from planner.sample import synthetic_register
from planner.staffing.cheapest import Bought, Cheapest, Tariff, Way
from planner.staffing.familiar import Familiar, FamiliarPoint
from planner.staffing.uncertain import (
    Band,
    Chance,
    MonthReplayed,
    PointReplayed,
    Replayed,
    TeamReplayed,
    TornadoEnd,
    TornadoRow,
    Uncertainty,
    UsedDistribution,
)

if TYPE_CHECKING:
    from planner.domain.register import Register
    from planner.staffing.report import StaffingReport

HOSTILE = '<script>alert(1)</script> & "North"'
BOTH = Scenario(
    name="Both <b>",
    note="As the board asked & more",
    changes=(Change(lever="officers", value=1), Change(lever="arms.hours", value=4)),
)


@cache
def unit(first: str = "Ash", second: str = "Beech") -> Register:
    """Two teams, about 150 people, fewer hours than they would like."""
    found = synthetic_register(offenders=130, officers=6, seed=5)
    teams = first, second
    officers = tuple(
        replace(s, team=teams[n % 2], fte=min(s.fte, 0.2))
        for n, s in enumerate(sorted(found.officers, key=lambda s: s.staff_id))
    )
    team_of = {s.staff_id: s.team for s in officers}
    people = tuple(
        replace(o, team=team_of.get(o.som or "", teams[n % 2]))
        for n, o in enumerate(found.offenders)
    )
    return replace(found, officers=officers, offenders=people)


@cache
def report(first: str = "Ash") -> StaffingReport:
    """What the command finds out, without whole plans."""
    options = StaffingOptions(effort=None, levels=(5, 9))
    return made_report(unit(first), (BOTH,), 18, options, lambda _: None)


def with_everything(found: StaffingReport) -> StaffingReport:
    """The same with draws, cheapest ways and a familiar curve, all invented."""
    return replace(found, uncertainty=uncertainty(), cheapest=cheapest(), familiar=familiar())


def uncertainty() -> Uncertainty:
    chance = Chance(share=0.25, low=0.2, high=0.31)
    band = Band(p5=1, p25=2, p50=3, p75=5, p95=9, mean=3.6)
    months = tuple(
        MonthReplayed(
            month=m,
            arms=band,
            visits=band,
            not_in=band,
            cleared=chance,
            cleared_but_not_in=chance,
            arms_cleared=chance,
        )
        for m in range(1, 19)
    )
    today = Replayed(
        name="Today",
        draws=200,
        deadline=18,
        months=months,
        teams=(TeamReplayed(team="Ash", cleared_but_not_in=chance, arms=band, visits=band),),
        exposure=band,
        point=PointReplayed(arms=(0,) * 18, visits=(0,) * 18, exposure=1.0, clears_from=4),
    )

    def end(value: float, arms: float) -> TornadoEnd:
        return TornadoEnd(value=value, arms=arms, visits=10, exposure=50, cleared=chance)

    row = TornadoRow(
        name="arms.hours", words="Hours of an ARMS", unit="hours", low=end(3, 5), high=end(8, 90)
    )
    used = UsedDistribution(
        name="arms.hours",
        words="Hours of an ARMS",
        unit="hours",
        meaning="What one takes",
        low=3,
        likely=5,
        high=8,
        source="Assumption",
        dated="no date",
        is_assumed=True,
    )
    return Uncertainty(
        draws=200,
        seed=0,
        today=today,
        scenarios=(),
        tornado=(row,),
        tornado_middle=end(5, 20),
        tornado_draws=50,
        distributions=(used,),
    )


def cheapest() -> Cheapest:
    bought = Bought(change=Change(lever="overtime_hours", value=100), price=63_000.0)
    way = Way(name="Overtime only", levers=("overtime_hours",), bound=60_000.0, purchases=(bought,))
    none = Way(name="Recruits only", levers=("recruits",), bound=None)
    return Cheapest(tariff=Tariff(assumed=frozenset({"arms_month"})), deadline=18, ways=(way, none))


def familiar() -> Familiar:
    points = tuple(
        FamiliarPoint(
            share=share,
            allowed=10,
            moves=9,
            bound=90.0,
            cost=100.0 - share,
            exposure=70.0,
            mix=10.0,
            moving=10.0,
            spread=10.0,
            utilisation_mean=0.9,
            utilisation_deviation=0.05,
            utilisation_least=0.8,
            utilisation_most=1.0,
            arms_overdue=3,
            visits_overdue=0,
            accepted=True,
        )
        for share in (0.0, 0.15)
    )
    return Familiar(points=points, effort="quick")
