"""Draws: the rule beside the plan, chance left out and brought in, levers that move it rightly."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from planner.domain.terms import Duty, RiskLevel
from planner.optimise.solve import solve
from planner.staffing.reached import clears_from
from planner.uncertainty import replay
from planner.uncertainty.batches import batches_of, played, point_played
from planner.uncertainty.drawn import drawn_of, likely_values, point_of, values_of
from planner.uncertainty.draws import Site
from planner.uncertainty.measured import band_of, chance_of, clear_month
from planner.uncertainty.quantities import QUANTITIES, Range, ranges_of
from planner.uncertainty.replay import NEVER
from planner.uncertainty.world import world_of
from planner.uncertainty.worth import Worth, needed, worth_of
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation
from tests.uncertainty_build import DRAWS, fixed, found, ground, marked, shuffled, small, told
from tests.verify_build import officer, person, register

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.uncertainty.replay import Told


@cache
def worth() -> Worth:
    return worth_of(ground().world, ground().pricing)


def left(draws: Sequence[Told]) -> float:
    """Mean number of duties overdue at the end, people not in left out."""
    return float(np.mean([t.arms[-1] + t.visits[-1] - t.not_in[-1] for t in draws]))


def exposure(draws: Sequence[Told]) -> float:
    return float(np.mean([t.exposure for t in draws]))


# --- the world ----------------------------------------------------------------------------------


def test_the_world_has_the_plans_hours_arms_limits_and_opening_backlog() -> None:
    site = Site.of(small())
    point = point_of(site.world)
    for part, pool in enumerate(site.pools):
        assert point.strength.hours[part] == pytest.approx(pool.most_hours[0])
        assert point.strength.most_arms[part] == pytest.approx(pool.arms_limit[0])
    situation = Situation(small())
    opening = [
        sum(c.duty is d and situation.is_open_at_start(c) for c in situation.chains) for d in Duty
    ]
    assert sorted(site.world.opening) == sorted(opening)


def test_no_reference_of_anybody_is_in_what_a_worker_gets() -> None:
    batch = batches_of(Site.of(marked()).ground(18), fixed(), 0, 1)[0]
    assert b"CANARY" not in pickle.dumps(batch) + pickle.dumps(played(batch))
    assert b"CANARY" in pickle.dumps(marked())


# --- the rule beside the plan -------------------------------------------------------------------


def test_with_nothing_left_to_chance_it_comes_near_a_whole_plan() -> None:
    outcome = Outcome(Situation(small()), solve(Situation(small()), effort="quick").plan)
    weights = small().policy.weight
    planned = sum(
        weights[i.chain.level] * (1 + small().policy.ageing * i.age(m))
        for i in outcome.instances
        for m in outcome.situation.horizon.months
        if i.overdue_at(m)
    )
    point = point_played(ground())
    assert point.exposure == pytest.approx(planned, rel=0.12)
    clears = clears_from(outcome)
    month = clear_month(point.arms + point.visits, point.pressing)
    assert (month <= 18) == (clears is not None)


def test_a_person_overdue_counts_as_the_contract_has_it() -> None:
    """One officer without hours: nothing is done, and exposure is worked out by hand."""
    one = person(
        "P1", level=RiskLevel.HIGH, last_visit=None, visit_interval=None, arms_applicable=False
    )
    reg = register([replace(one, registered_from=None)], [officer("S1", hours_per_month=0.0)])
    point = point_played(Site.of(reg).ground(18))
    assert list(point.visits) == [1] * 18  # due on the as-at date, in the month before month 1
    weight, ageing = reg.policy.weight[RiskLevel.HIGH], reg.policy.ageing
    assert point.exposure == pytest.approx(sum(weight * (1 + ageing * m) for m in range(1, 19)))
    assert list(point.pressing) == [1] * 18


def test_it_counts_nobody_before_they_come_and_after_they_leave() -> None:
    away = person("P1", visit_interval=1, last_visit=date(2025, 11, 1), arms_applicable=False)
    reg = register(
        [replace(away, registered_until=date(2026, 4, 15))], [officer("S1", hours_per_month=0.0)]
    )
    assert list(point_played(Site.of(reg).ground(18)).visits) == [1, 1, *[0] * 16]


@pytest.mark.parametrize(
    ("due", "interval", "month", "often"),
    [
        (1, 12, 1, 2),
        (6, 12, 1, 2),
        (7, 12, 1, 1),
        (19, 12, 1, 0),
        (-20, 3, 18, 1),
        (16, 3, 1, 1),
        (15, 3, 1, 2),
    ],
)
def test_how_often_a_duty_is_needed(due: int, interval: int, month: int, often: int) -> None:
    assert int(needed(np.array([due]), np.array([interval]), month)[0]) == often


class Watched(replay.Replay):
    """Sees to it that nothing else is done while a very high or high visit is left for late."""

    def _work(self, month: int) -> tuple[replay.Ints, replay.Flags]:
        late = self.world.kinds.pressing[self._kind] & (self._due <= month)
        late &= (self._first_seen <= month) & (month <= self._last_end)
        done, in_vain = super()._work(month)
        waiting = late & ~in_vain
        waiting[done] = False
        others = done[~self.world.kinds.pressing[self._kind[done]]]
        assert not (waiting[:, None] & (self._part[:, None] == self._part[others])).any()
        return done, in_vain


def test_very_high_and_high_visits_come_before_everything() -> None:
    usual, waited = ranges_of(small().policy, {}), 0
    for draw in range(DRAWS):
        values = {**values_of(usual, 0, draw), "hours.other_duties": 0.88}
        drawn = drawn_of(ground().world, usual, values, 0, draw)
        waited += int(Watched(ground().world, worth(), drawn).run().pressing.sum())
    assert waited  # so that there was something to see


def test_more_hours_are_never_worse() -> None:
    point = point_of(ground().world)
    results = []
    for share in (0.8, 0.9, 1.0, 1.1, 1.3):
        strength = replace(
            point.strength,
            hours=point.strength.hours * share,
            foreseen=point.strength.foreseen * share,
            trained_hours=point.strength.trained_hours * share,
        )
        results.append(
            replay.Replay(ground().world, worth(), replace(point, strength=strength)).run()
        )
    overdue = [int(t.arms[-1] + t.visits[-1]) for t in results]
    assert overdue == sorted(overdue, reverse=True) and overdue[-1] == 0
    points = [t.exposure for t in results]
    assert points == sorted(points, reverse=True)


# --- each quantity moves it the right way, and only where it should ------------------------------


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("hours.unplanned_absence", 0.0, 0.5),
        ("hours.other_duties", 0.5, 0.8),
        ("visit.failed_rate", 0.0, 1.0),
        ("visit.hours", 1.0, 3.0),
        ("arms.hours", 3.0, 8.0),
        ("inflow.per_year", 0.0, 0.5),
        ("staff.turnover_a_year", 0.0, 0.6),
    ],
)
def test_each_quantity_moves_what_is_overdue_the_right_way(
    name: str, good: float, bad: float
) -> None:
    key = name.replace(".", "__")
    better, worse = told(fixed(**{key: good}), draws=20), told(fixed(**{key: bad}), draws=20)
    assert exposure(better) < exposure(worse)
    assert left(better) <= left(worse)


def test_a_longer_gap_costs_where_officers_leave_and_nothing_where_none_does() -> None:
    short, long = ({"staff__gap_months": gap, "staff__turnover_a_year": 0.5} for gap in (0.0, 12.0))
    assert exposure(told(fixed(**short), 20)) < exposure(told(fixed(**long), 20))
    none = [told(fixed(staff__gap_months=g, staff__turnover_a_year=0.0), 5) for g in (0.0, 12.0)]
    assert [t.exposure for t in none[0]] == [t.exposure for t in none[1]]


def test_nobody_fails_where_nobody_is_out() -> None:
    assert all(not t.not_in.any() for t in told(fixed(visit__failed_rate=0.0), 10))
    assert any(t.not_in.any() for t in told(fixed(visit__failed_rate=1.0), 10))


def test_visits_fail_as_often_as_said() -> None:
    drawn = drawn_of(
        ground().world, fixed(), {**likely_values(fixed()), "visit.failed_rate": 0.25}, 0, 1
    )
    assert drawn.tries is not None
    share = [(drawn.tries == n).mean() for n in range(4)]
    failing = 0.25 / 1.25
    expected = [(1 - failing) * failing**n for n in range(3)] + [failing**3]
    assert share == pytest.approx(expected, abs=0.01)


def test_levels_change_as_often_as_said_and_the_mix_stays() -> None:
    quiet = fixed(risk__changes_a_month=0.05)
    world = ground().world
    changed, levels = 0, np.zeros(5)
    for draw in range(20):
        drawn = drawn_of(world, quiet, likely_values(quiet), 0, draw)
        state = replay.Replay(world, worth(), drawn)
        before = state._level.copy()  # noqa: SLF001
        state._change_levels(2)  # noqa: SLF001
        after = state._level  # noqa: SLF001
        changed += int((after != before).sum())
        assert abs(after - before).max() <= 1 and after.min() >= 1 and after.max() <= 4
        levels += np.bincount(after[: len(world.level)], minlength=5)
    people = 20 * len(world.level)
    assert changed / people == pytest.approx(0.05, rel=0.2)
    assert levels[1:] / people == pytest.approx(world.level_mix, abs=0.02)


def test_as_many_register_as_said() -> None:
    world, values = ground().world, {**likely_values(fixed()), "inflow.per_year": 0.4}
    usual = ranges_of(small().policy, {})
    came = [len(drawn_of(world, usual, values, 0, d).level) - len(world.level) for d in range(60)]
    assert np.mean(came) == pytest.approx(0.4 * 1.5 * world.people.sum(), rel=0.1)


def test_fewer_who_register_are_some_of_the_same() -> None:
    world, usual = ground().world, ranges_of(small().policy, {})
    few, many = (
        drawn_of(world, usual, {**likely_values(usual), "inflow.per_year": rate}, 0, 3).duties
        for rate in (0.02, 0.05)
    )
    assert set(few.first_seen.tolist()) <= set(many.first_seen.tolist())
    assert len(few.due) < len(many.due)


# --- the same whoever draws ----------------------------------------------------------------------


def test_a_draw_depends_on_nothing_but_seed_and_number() -> None:
    usual = ranges_of(small().policy, {})
    assert values_of(usual, 0, 7) == values_of(usual, 0, 7)
    assert values_of(usual, 0, 7) != values_of(usual, 0, 8) != values_of(usual, 1, 7)
    alone = told(draws=3)
    among = told(draws=30)
    assert [t.exposure for t in alone] == [t.exposure for t in among[:3]]


def test_the_order_of_the_rows_makes_no_difference() -> None:
    assert found(shuffled(small()), draws=5) == found(small(), draws=5)


def test_the_middle_of_the_tornado_is_the_same_for_every_assumption() -> None:
    """An assumption at its likely value is the middle itself: like is compared with like."""
    usual = ranges_of(small().policy, {})
    middle = batches_of(ground(), usual, 0, 4, {})[0]
    again = batches_of(ground(), usual, 0, 4, {"arms.hours": usual["arms.hours"].likely})[0]
    assert [t.exposure for t in played(middle).told] == [t.exposure for t in played(again).told]


def test_everything_is_told() -> None:
    whole = found(small(), draws=8)
    assert [m.month for m in whole.today.months] == list(range(1, 19))
    assert {row.name for row in whole.tornado} == set(QUANTITIES)
    assert [r.swing for r in whole.tornado] == sorted(
        (r.swing for r in whole.tornado), reverse=True
    )
    assert {d.name for d in whole.distributions} == set(QUANTITIES)
    assert all(d.source and d.unit and d.meaning and d.dated for d in whole.distributions)
    for one in whole.today.months:
        for band in (one.arms, one.visits, one.not_in):
            assert band.p5 <= band.p25 <= band.p50 <= band.p75 <= band.p95
        assert one.cleared.share <= one.cleared_but_not_in.share <= one.arms_cleared.share
    shares = [one.cleared_but_not_in.share for one in whole.today.months]
    assert shares == sorted(shares)


def test_working_towards_an_earlier_month_clears_earlier() -> None:
    """With hours to spare the rule clears late unless it is told to clear early."""
    ample = fixed(hours__other_duties=0.5, visit__failed_rate=0.0, staff__turnover_a_year=0.0)
    late, early = (
        [t for b in batches_of(ground(aim), ample, 0, 10) for t in played(b).told]
        for aim in (18, 12)
    )
    months = [
        np.mean([clear_month(t.arms + t.visits - t.not_in, 0 * t.arms) <= 12 for t in run])
        for run in (late, early)
    ]
    assert months[1] >= months[0] and months[1] > 0.5


# --- figures -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("happened", "draws", "low", "high"),
    [
        (0, 100, 0.0, 0.0370),
        (100, 100, 0.9630, 1.0),
        (50, 100, 0.4038, 0.5962),
        (1, 10, 0.0179, 0.4042),
    ],
)
def test_wilson(happened: int, draws: int, low: float, high: float) -> None:
    chance = chance_of(happened, draws)
    assert (chance.low, chance.high) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("overdue", "pressing", "month"),
    [
        ([0] * 18, [0] * 18, 1),
        ([1] * 17 + [0], [0] * 18, 18),
        ([1] * 18, [0] * 18, NEVER),
        ([0] * 5 + [1] + [0] * 12, [0] * 18, 7),
        ([1, 1, *[0] * 16], [1, 1, *[0] * 16], 3),
        ([1, 1, 1, *[0] * 15], [1, 1, 1, *[0] * 15], NEVER),
    ],
)
def test_clear_month(overdue: list[int], pressing: list[int], month: int) -> None:
    assert clear_month(np.array(overdue), np.array(pressing)) == month


def test_band() -> None:
    band = band_of(np.arange(101))
    assert (band.p5, band.p25, band.p50, band.p75, band.p95, band.mean) == (5, 25, 50, 75, 95, 50)


@pytest.mark.parametrize(("share", "value"), [(0, 3), (0.2, 4.414), (0.4, 5), (1, 8)])
def test_a_triangle(share: float, value: float) -> None:
    assert Range(3, 5, 8).at(share) == pytest.approx(value, abs=1e-3)


def test_a_unit_without_officers_or_people_in_a_team_is_drawn_too() -> None:
    reg = register([person("P1", arms_due=None)], [officer("S1"), officer("T1", team="South")])
    world = world_of(reg, [("North",), ("South",)])
    assert world.people.tolist() == [1, 0]
    assert found(reg, draws=3).draws == 3
