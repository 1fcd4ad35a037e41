"""What a repair is said to do is what the register with it proves, built and solved on its own."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from planner.domain.register import Officer
from planner.domain.result import RepairKind
from planner.domain.terms import LockKind, Management, RiskLevel, Role, Status
from planner.optimise.candidates import candidates
from planner.optimise.efforts import EFFORTS
from planner.optimise.gathering import build_pool, team_groups
from planner.optimise.market import Market
from planner.optimise.pool import pooled
from planner.optimise.pricing import Pricer, Prices
from planner.optimise.repairs import leaves_overdue, rank, repairs
from planner.optimise.routes import Routes
from planner.optimise.shortfall import in_time, shortfall
from planner.optimise.small_pool import duties_of, small_pool
from planner.optimise.solve import solve
from planner.optimise.solve_pool import pooled_result
from planner.optimise.standing import Family
from planner.sample import synthetic_register
from planner.workload.capacity import full_post_hours
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation
from tests.build import nasty_register
from tests.exact import solve_exactly
from tests.test_optimise_rules import LEAD, assessed, away, idle, plan, policy, visited
from tests.test_optimise_shortfall import BEYOND_HOURS, SEEDS, drawn, least_bought
from tests.verify_build import AS_AT, duty_lock, officer, person, register

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planner.domain.register import Offender, Register
    from planner.domain.result import Repair, Shortfall, Standing

    Floats = NDArray[np.float64]

HARDLY = 1e-3
BOUND_SHARE = 1e-3
"""How far apart two bounds of the same may lie: both are worked out to less than half of this."""


@cache
def short() -> Register:
    """Three teams of two to three, 260 people: too few hours everywhere."""
    found = synthetic_register(offenders=330, officers=8, seed=3)
    people = tuple(o for n, o in enumerate(found.offenders) if n % 6 or o.level > RiskLevel.LOW)
    officers = tuple(
        replace(s, team=("Ash", "Beech", "Cedar")[n % 3], fte=min(s.fte, 0.35))
        for n, s in enumerate(sorted(found.officers, key=lambda s: s.staff_id))
    )
    team_of = {s.staff_id: s.team for s in officers}
    people = tuple(
        replace(o, team=team_of.get(o.som or "", ("Ash", "Beech", "Cedar")[n % 3]))
        for n, o in enumerate(people)
    )
    return replace(found, officers=officers, offenders=people)


@cache
def told(made: Callable[[], Register] = short) -> tuple[Repair, ...]:
    return repairs(Situation(made()))


def named(start: str) -> Repair:
    """The one repair whose words begin so."""
    (found,) = [r for r in told() if r.what.startswith(start)]
    return found


def directly(changed: Register) -> Shortfall:
    """The pools built with every route and officer, then what they lack."""
    situation, routes = Situation(changed), Routes(Situation(changed))
    return shortfall(
        situation, [build_pool(situation, teams, routes) for teams in team_groups(situation)]
    )


def cost_bound(changed: Register) -> float:
    situation, routes = Situation(replace(changed, locks=())), Routes(Situation(changed))
    return sum(
        pooled_result(build_pool(situation, teams, routes), EFFORTS["normal"]).bound
        for teams in team_groups(situation)
    )


def agrees(standing: Standing, changed: Register) -> None:
    lacking = directly(changed)
    assert standing.hours == pytest.approx(lacking.total_hours, rel=1e-5, abs=HARDLY)
    assert standing.posts == pytest.approx(lacking.posts, rel=1e-4, abs=3 * HARDLY)
    assert standing.bound == pytest.approx(cost_bound(changed), rel=BOUND_SHARE)
    assert standing.is_ruled_out == lacking.is_proved


def with_setting(name: str, value: float | bool) -> Register:
    return short().with_policy(short().policy.but({name: value}))


def all_low_reactive() -> Register:
    """All low risk people in the community today without a locked duty."""
    day = short().as_at
    locked = {lock.ref for lock in short().locks if lock.kind is not LockKind.SOM}

    def goes(o: Offender) -> bool:
        since, until = o.registered_from or day, o.registered_until or day
        there = o.status is Status.COMMUNITY or (o.release_date or date.max) <= day
        there = there and o.status is not Status.MISSING and since <= day <= until
        return o.level is RiskLevel.LOW and there and o.ref not in locked

    people = tuple(
        replace(o, management=Management.REACTIVE) if goes(o) else o for o in short().offenders
    )
    return replace(short(), offenders=people)


# --- effects are those of a direct re-solve -----------------------------------------------------


def test_how_things_are_agrees_with_a_direct_solve() -> None:
    before = told()[0].before
    assert before.hours > 100
    assert before.posts > 0.5
    assert before.is_ruled_out
    agrees(before, short())
    assert all(repair.before == before for repair in told())


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        ("Overtime of 5%", lambda: with_setting("hours.overtime", 0.05)),
        ("Overtime of 10%", lambda: with_setting("hours.overtime", 0.10)),
        ("Overtime of 20%", lambda: with_setting("hours.overtime", 0.20)),
        ("All teams work as one", lambda: with_setting("cross_team", True)),
        ("ARMS by any", lambda: with_setting("arms.by_colleague", True)),
    ],
)
def test_an_effect_agrees_with_a_direct_solve(words: str, changed: Callable[[], Register]) -> None:
    agrees(named(words).after, changed())


def test_all_low_risk_cases_reactive_agree_with_a_direct_solve() -> None:
    most = next(r for r in told() if r.kind is RepairKind.REACTIVE)
    assert most.what.split(" ")[0] == most.what.split(" ")[2]
    agrees(most.after, all_low_reactive())


def test_posts_agree_with_a_direct_solve() -> None:
    repair = named("1 more full-time post")
    team = repair.assumes.split(" ")[0]
    assert team in short().teams
    more = Officer(staff_id="X", team=team, role=Role.OFFICER, arms_trained_from=date(2020, 1, 1))
    agrees(repair.after, replace(short(), officers=(*short().officers, more)))


def test_a_post_goes_where_most_are_lacking() -> None:
    found = directly(short())
    by_team = {
        team: sum(hours for (name, _), hours in found.hours.items() if name == team)
        for team in short().teams
    }
    assert named("1 more full-time post").assumes.startswith(max(by_team, key=by_team.__getitem__))


def test_every_candidate_of_small_registers_agrees_with_a_direct_solve() -> None:
    """Officers who come and go, cross-team, ARMS limits, few hours."""
    for seed in (1, 4, 7):
        situation = Situation(drawn(seed))
        by_words = {one.what: one.register for one in candidates(situation, [])}
        for repair in repairs(situation):
            if repair.what in by_words:
                agrees(repair.after, by_words[repair.what])


# --- proofs are sound ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [s for s in SEEDS if s != BEYOND_HOURS])
def test_no_more_is_said_to_lack_than_does(seed: int) -> None:
    least = least_bought(seed)
    assert least is not None
    before = repairs(Situation(drawn(seed)))[0].before
    needed = sum(least.bought.values())
    assert before.hours <= needed + HARDLY
    if needed == 0:
        assert not before.is_ruled_out


@pytest.mark.parametrize("seed", [1, 3, 5, 8])
def test_what_is_ruled_out_with_more_overtime_cannot_be_done(seed: int) -> None:
    more = drawn(seed).with_policy(drawn(seed).policy.but({"hours.overtime": 0.4}))
    least = solve_exactly(more, buying=True)
    after = repairs(Situation(more))[0].before
    assert after.hours <= sum(least.bought.values()) + HARDLY
    if not sum(least.bought.values()):
        assert not after.is_ruled_out


def test_any_prices_prove_no_more_than_is_told() -> None:
    """A bound at random prices is a bound: none may be above what column generation ends with."""
    draw = random.Random(5)
    situation = Situation(short())
    pool = pooled(build_pool(situation, ("Ash",), Routes(situation)))
    own = Family(pool).standing(pool, _post(situation)).bound
    for _ in range(20):
        prices = Prices(
            hour=_drawn_prices(draw, pool.months, 60),
            arms=_drawn_prices(draw, pool.months, 5),
            cap=_drawn_prices(draw, pool.months, 0),
            mix=_drawn_prices(draw, 1, 0)[0],
        )
        assert Pricer(pool).evaluate(prices).bound() <= own * (1 + BOUND_SHARE)


def _drawn_prices(draw: random.Random, months: int, most: float) -> Floats:
    return np.array([[draw.uniform(0, most) for _ in range(months)]])


def _post(situation: Situation) -> Floats:
    return np.array(full_post_hours(situation.register, situation.posts))


@pytest.mark.parametrize("rounds", [1, 2, 4, 7])
@pytest.mark.parametrize("is_stuck", [False, True])
def test_a_search_cut_short_proves_less_never_more(
    rounds: int, is_stuck: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Posts, hours and overtime go by the bound, not by what the programme has found so far."""
    situation = Situation(short())
    pool = small_pool(situation, ("Ash",), duties_of(_part(short(), "Ash")))
    if is_stuck:
        pool = replace(pool, doers={**pool.doers, **{(0, m): () for m in range(9, 18)}})
    post, timed = _post(situation), in_time(pool)
    whole = Market(timed)
    capacity = pool.most_hours[0]
    posts, overtime = whole.least_posts(timed, post), whole.least_overtime(timed, capacity)
    hours = whole.least_hours(timed)
    monkeypatch.setattr("planner.optimise.market._ROUNDS", rounds)
    assert Market(timed).least_hours(timed) <= hours + HARDLY
    assert Market(timed).least_posts(timed, post).amount <= posts.amount + 1e-5
    assert Market(timed).least_overtime(timed, capacity).amount <= overtime.amount + 1e-5
    assert posts.suffices != is_stuck


class Dear(Market):
    """Ends with prices at which a post would be worth several, and with all the posts it likes."""

    times = 1.0

    def _solved(self, ware: str) -> Prices:
        found = super()._solved(ware)
        self._sold[ware] = 1e9
        return replace(found, hour=found.hour * self.times, arms=found.arms * self.times)


@pytest.mark.parametrize("times", [1.0, 1.5, 4.0])
@pytest.mark.parametrize("of_arms", [False, True])
def test_prices_at_which_a_post_would_pay_for_itself_prove_no_more(
    times: float, of_arms: bool
) -> None:
    """A bound needs prices at which a post is worth 1 at most; any others are scaled down."""
    situation = Situation(one_trained() if of_arms else short())
    (team, *_) = situation.register.teams
    pool = small_pool(situation, (team,), duties_of(_part(situation.register, team)))
    post, timed = _post(situation), in_time(pool)
    dear = Dear(timed)
    dear.times = times
    true = Market(timed).least_posts(timed, post).amount
    assert true > 0.1
    assert dear.least_posts(timed, post).amount <= true + 1e-5


def test_a_family_takes_only_pools_whose_limits_it_can_move_to() -> None:
    situation = Situation(short())
    pool = small_pool(situation, ("Ash",), duties_of(_part(short(), "Ash")))
    first = np.arange(pool.months) == 0
    closed = replace(
        pool,
        most_hours=np.where(first, 0.0, pool.most_hours),
        comfortable_hours=np.where(first, 0.0, pool.comfortable_hours),
    )
    unassessed = replace(pool, arms_limit=np.where(first, 0.0, pool.arms_limit))
    some = dict(list(duties_of(_part(short(), "Ash")).items())[1:])
    fewer = small_pool(situation, ("Ash",), some)
    assert Family(pool).takes(closed)
    assert not Family(closed).takes(pool)
    assert not Family(pool).takes(unassessed)
    assert not Family(unassessed).takes(pool)
    assert Family(pool).takes(fewer)
    assert not Family(fewer).takes(pool)
    assert not Family(pool).takes(replace(pool, blocks=pool.blocks[1:]))


def test_rounding_does_not_rank() -> None:
    before = told()[0].before
    noisy = [
        replace(told()[0], after=replace(before, bound=before.bound * (1 + share)))
        for share in (1e-4, -1e-4)
    ]
    assert not any(r.has_effect for r in noisy)
    assert rank(noisy[0]) == rank(noisy[1])


@pytest.mark.parametrize("seed", range(25))
def test_nasty_registers_agree_with_direct_solves(seed: int) -> None:
    """People and officers around month ends, any policy, teams with nobody in them."""
    situation = Situation(nasty_register(random.Random(seed)))
    by_words = {one.what: one.register for one in candidates(situation, [])}
    for repair in repairs(situation):
        if repair.what in by_words:
            lacking = directly(by_words[repair.what])
            assert repair.after.hours == pytest.approx(lacking.total_hours, abs=0.01)
            assert lacking.is_proved >= repair.after.is_ruled_out
            assert repair.after.is_ruled_out >= (lacking.total_hours > 0)


# --- the least overtime and posts ---------------------------------------------------------------


def test_less_than_the_least_overtime_lacks_hours_and_the_least_does_not() -> None:
    (least,) = [r for r in told() if "the least, going by hours" in r.what]
    share = float(least.what.split(" ")[2].rstrip("%")) / 100
    assert least.after.hours == 0
    assert directly(with_setting("hours.overtime", share)).total_hours == pytest.approx(0, abs=0.1)
    assert directly(with_setting("hours.overtime", share - 0.003)).total_hours > 0


def test_the_least_posts_suffice_and_fewer_do_not() -> None:
    rows = [r for r in told() if r.kind is RepairKind.POSTS]
    (least,) = [r for r in rows if "the least" in r.what]
    assert not least.after.is_ruled_out
    assert least.after.posts == 0
    assert all(r.after.is_ruled_out for r in rows if r is not least)
    assert int(least.what.split(" ")[0]) >= least.before.posts


# --- more never lacks more ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", [RepairKind.OVERTIME, RepairKind.POSTS, RepairKind.REACTIVE])
def test_more_of_a_repair_never_lacks_more(kind: RepairKind) -> None:
    def size(repair: Repair) -> float:
        words = repair.what.removeprefix("Overtime of ").split(" ")[0]
        return float(words.rstrip("%").replace(",", ""))

    rows = sorted((r for r in told() if r.kind is kind), key=size)
    assert len(rows) >= 3
    standings = [rows[0].before, *(r.after for r in rows)]
    for less, more in itertools.pairwise(standings):
        assert more.hours <= less.hours + HARDLY
        assert more.posts <= less.posts + HARDLY
        assert more.bound <= less.bound * (1 + BOUND_SHARE)
        assert less.is_ruled_out >= more.is_ruled_out
    assert standings[-1].hours < standings[0].hours


def test_what_buys_no_hours_says_none_and_what_does_says_how_many() -> None:
    assert named("All teams work as one").hours_bought == 0
    assert named("All teams work as one").saved_per_hour is None
    overtime = named("Overtime of 10%")
    assert overtime.hours_bought == pytest.approx(0.1 * overtime.before.hours_there)
    saved = overtime.saved_per_hour
    assert saved == pytest.approx(overtime.hours_saved / overtime.hours_bought)
    assert saved is not None
    assert 0 < saved <= 1.0001


# --- ranking, sameness, order -------------------------------------------------------------------


def test_the_best_come_first() -> None:
    after = [(r.after.is_ruled_out, round(r.after.hours, 1)) for r in told() if r.has_effect]
    assert after == sorted(after)
    effects = [r.has_effect for r in told()]
    assert effects == sorted(effects, reverse=True)


def test_a_repair_without_effect_has_none() -> None:
    assert not named("ARMS by any trained colleague").has_effect


def test_the_order_of_the_register_changes_nothing() -> None:
    draw = random.Random(1)
    mixed = replace(
        short(),
        offenders=tuple(draw.sample(short().offenders, len(short().offenders))),
        officers=tuple(draw.sample(short().officers, len(short().officers))),
    )
    again = repairs(Situation(mixed))
    assert [r.what for r in again] == [r.what for r in told()]
    for one, other in zip(again, told(), strict=True):
        assert one.after.hours == pytest.approx(other.after.hours, abs=HARDLY)
        assert one.after.posts == pytest.approx(other.after.posts, abs=HARDLY)
        assert one.after.bound == pytest.approx(other.after.bound, rel=BOUND_SHARE)


def test_the_same_register_gives_the_same_repairs() -> None:
    assert repairs(Situation(short())) == told()


def test_what_was_solved_before_does_not_change_what_is_proved() -> None:
    """A family's programme after others' hours, counts and limits, against one of its own."""
    situation = Situation(short())
    post = _post(situation)
    pool = small_pool(situation, ("Ash",), duties_of(_part(short(), "Ash")))
    family = Family(pool)
    fewer = replace(pool, most_hours=pool.most_hours / 2, comfortable_hours=pool.most_hours / 3)
    more = replace(pool, most_hours=pool.most_hours * 2)
    half = replace(pool, cases=tuple(replace(c, count=c.count // 2) for c in pool.cases))
    no_arms = replace(pool, arms_limit=pool.arms_limit * 0 + 1)
    for one in (fewer, more, half, no_arms, pool):
        assert family.takes(one)
        mixed, own = family.standing(one, post), Family(one).standing(one, post)
        assert mixed.hours == pytest.approx(own.hours, rel=1e-6, abs=HARDLY)
        assert mixed.posts == pytest.approx(own.posts, rel=1e-6, abs=HARDLY)
        assert mixed.bound == pytest.approx(own.bound, rel=BOUND_SHARE, abs=0.5)
        assert mixed.is_ruled_out == own.is_ruled_out


def _part(whole: Register, team: str) -> Situation:
    people = tuple(o for o in whole.offenders if o.team == team)
    return Situation(replace(whole, offenders=people))


def test_a_small_pool_is_the_pooled_pool() -> None:
    bare = replace(short(), locks=())
    situation = Situation(bare)
    for teams in team_groups(situation):
        long = pooled(build_pool(situation, teams, Routes(situation)))
        quick = small_pool(situation, teams, duties_of(_part(bare, teams[0])))
        assert (quick.most_hours == long.most_hours).all()
        assert (quick.arms_limit == long.arms_limit).all()
        assert quick.doers == long.doers
        assert quick.blocks == long.blocks
        assert sum(c.count for c in quick.cases) == sum(c.count for c in long.cases)
        assert len(quick.cases) == len(long.cases)


# --- ARMS limits, and people trained ------------------------------------------------------------

MANY = tuple(assessed(f"P{n}", due=1, level=RiskLevel.LOW) for n in range(20))
"""Twenty ARMS at one a month: hours enough. What is done in the first 6 months is due again."""
SPARE_ASSESSORS = 20 / 12 - 1


def one_trained() -> Register:
    staff = (officer("S1"), officer("S2", arms_trained_from=None))
    return register(MANY, staff, policy=policy(arms__per_month=1))


def test_where_hours_would_do_a_trained_colleague_is_the_repair() -> None:
    before = told(one_trained)[0].before
    assert before.hours == 0
    assert before.lacks_trained
    assert before.posts == pytest.approx(SPARE_ASSESSORS, abs=HARDLY)
    (training,) = [r for r in told(one_trained) if r.kind is RepairKind.TRAINING]
    assert not training.after.is_ruled_out
    (post,) = [r for r in told(one_trained) if r.kind is RepairKind.POSTS]
    assert not post.after.is_ruled_out
    for repair in told(one_trained):
        if repair.kind is RepairKind.OVERTIME:
            assert repair.after.posts == pytest.approx(before.posts)
            assert repair.after.is_ruled_out


def test_a_shortfall_tells_of_people_trained_for_arms_though_hours_would_do() -> None:
    found = directly(one_trained())
    assert found.total_hours == 0
    assert found.posts == pytest.approx(SPARE_ASSESSORS, abs=HARDLY)
    assert found.is_proved


def test_nobody_trained_is_ruled_out_until_somebody_is() -> None:
    staff = (officer("S1", arms_trained_from=None),)
    found = repairs(Situation(register([assessed()], staff, policy=policy())))
    assert found[0].before.is_ruled_out
    assert found[0].before.hours == 0
    ruled_out = {r.kind: r.after.is_ruled_out for r in found}
    assert ruled_out[RepairKind.TRAINING] is False
    assert ruled_out[RepairKind.OVERTIME] is True


# --- which cases go to reactive management ------------------------------------------------------


def test_low_risk_cases_with_nothing_overdue_go_first_and_locked_ones_never() -> None:
    people = (
        assessed("A", due=-3, level=RiskLevel.LOW),
        person("B"),
        assessed("C", due=-3, level=RiskLevel.MEDIUM),
        person("D"),
        person("E"),
        person("F", management=Management.REACTIVE),
    )
    whole = register(people, locks=(duty_lock("B", LockKind.VISIT, 2),), policy=policy())
    chosen = [
        {o.ref for o in one.register.offenders if o.management is Management.REACTIVE} - {"F"}
        for one in candidates(Situation(whole), [])
        if one.kind is RepairKind.REACTIVE
    ]
    assert chosen == [{"D"}, {"D", "E"}, {"A", "D", "E"}]
    assert whole.as_at == AS_AT


# --- when they are worked out -------------------------------------------------------------------


def test_nothing_is_repaired_where_the_plan_clears() -> None:
    answer = plan([visited(due=3)], [officer("S1")])
    assert answer.result.shortfall is None
    assert answer.result.repairs == ()
    assert not leaves_overdue(answer.outcome)


def test_a_plan_that_leaves_something_comes_with_its_repairs() -> None:
    answer = plan([visited(due=3)], [officer("S1", hours_per_month=LEAD / 3)])
    assert answer.result.shortfall is not None
    assert answer.result.repairs
    assert leaves_overdue(answer.outcome)
    assert answer.result.repairs[0].before.hours == pytest.approx(
        answer.result.shortfall.total_hours, abs=HARDLY
    )


def test_a_riskiest_visit_late_from_month_3_needs_repair_though_done_by_the_end() -> None:
    late = register([visited()], [officer("S1")], policy=policy(), absences=away("S1", 4))
    result = solve(Situation(late), processes=1)
    outcome = Outcome(Situation(late), result.plan)
    assert outcome.backlog(18) == 0
    assert leaves_overdue(outcome)
    assert result.repairs
    on_time = register([visited()], [officer("S1")], policy=policy(), absences=away("S1", 3))
    assert solve(Situation(on_time), processes=1).repairs == ()


def test_a_team_without_hours_at_all_is_told_of() -> None:
    found = repairs(Situation(register([visited()], [idle("S1")], policy=policy())))
    assert found[0].before.hours == pytest.approx(LEAD, abs=HARDLY)
    assert not any(r.has_effect for r in found if r.kind is RepairKind.OVERTIME)
    assert any(not r.after.is_ruled_out for r in found if r.kind is RepairKind.POSTS)


def two_teams() -> Register:
    """North has hardly any hours, South plenty."""
    staff = [
        *(officer(f"N{n}", team="N", hours_per_month=LEAD / 3) for n in range(2)),
        *(officer(f"S{n}", team="S") for n in range(2)),
    ]
    people = [
        visited("P1", team="N", som="N0", due=3),
        visited("P2", team="S", som="S0", due=3),
    ]
    return register(people, staff, policy=policy())


def test_the_teams_that_leave_something_overdue_are_named() -> None:
    situation = Situation(two_teams())
    result = solve(situation, processes=1)
    assert leaves_overdue(Outcome(situation, result.plan)) == {"N"}
    assert result.shortfall is not None
    assert {team for team, _ in result.shortfall.hours} <= {"N"}


def test_in_a_large_unit_only_they_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others clear, so nothing lacks there: what lacks in all is the same."""
    situation = Situation(two_teams())
    whole = repairs(situation)
    monkeypatch.setattr("planner.optimise.repairs.MOST_TEAMS", 1)
    some = repairs(situation, frozenset({"N"}))
    assert all("1 of 2 teams" in repair.assumes for repair in some)
    assert not any("of 2 teams" in repair.assumes for repair in whole)
    assert some[0].before.hours == pytest.approx(whole[0].before.hours, abs=HARDLY)
    assert some[0].before.posts == pytest.approx(whole[0].before.posts, abs=HARDLY)
    assert some[0].before.hours_there < whole[0].before.hours_there
