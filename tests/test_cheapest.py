"""The cheapest way to clear: against every purchase there is, by hand, and by exact plans."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from functools import cache
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from planner.domain.terms import LEVELS, Duty
from planner.levers import Scenario, changed
from planner.optimise import purchases as purchases_module
from planner.optimise.ledger import Ledger
from planner.optimise.pricing import Prices
from planner.optimise.purchases import Shop, Ware, least_price, opened
from planner.optimise.shortfall import in_time
from planner.sample import synthetic_register
from planner.staffing import Desk
from planner.staffing.buying import ALL, WAYS, How, cheapest
from planner.staffing.by_part import Shown, Wanted, put_together, shown, stall, with_bought
from planner.staffing.cheapest import Bought, Cheapest, Tariff, Way
from planner.staffing.offers import offers, purchases
from planner.staffing.reached import clears_from, only
from planner.staffing.way_rows import bought_words, cheapest_words, how_sure
from planner.workload.situation import Situation
from tests.test_optimise_rules import assessed, policy, visited
from tests.test_staffing import can_clear, team
from tests.verify_build import officer, register

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.domain.register import Register
    from planner.optimise.ledger import Part
    from planner.staffing.offers import Offer

PENNY = 0.01


def never() -> bool:
    return False


def quiet(effort: str | None) -> How:
    return How(effort, 0, lambda _: None, never)


def short(seed: int) -> Register:
    """A team that lacks hours: visits and ARMS of all levels, ARMS limits that may bind."""
    draw = Random(seed)
    people = [
        *(
            visited(f"V{n}", due=draw.randint(1, 9), interval=draw.randint(4, 9))
            for n in range(5 + seed)
        ),
        *(assessed(f"A{n}", due=draw.randint(-3, 12), level=draw.choice(LEVELS)) for n in range(8)),
    ]
    staff = [officer(f"S{n}", hours_per_month=draw.choice([2.0, 2.5, 3.0])) for n in range(2)]
    rules = policy(
        arms__per_month=draw.choice([1, 2, 20]),
        arms__review_months=draw.choice([9, 12, 60]),
        inflow__per_year=draw.choice([0, 0.1]),
    )
    return register(people, staff, policy=rules)


def wanted(reg: Register, levers: Sequence[str], tariff: Tariff, deadline: int = 18) -> Wanted:
    return Wanted(reg, reg.teams, reg.teams[0], tariff, tuple(levers), deadline, "quick", 0)


def part_of(reg: Register) -> Part:
    (part,) = Ledger().parts(reg)
    return part


def price(bought: Sequence[Bought]) -> float:
    return sum(one.price for one in bought)


def baskets(offered: Sequence[Offer], most: int) -> list[tuple[int, ...]]:
    """Every purchase of at most so many units in all."""
    found = [(0,) * len(offered)]
    for size in range(1, most + 1):
        for chosen in itertools.combinations_with_replacement(range(len(offered)), size):
            found.append(tuple(chosen.count(n) for n in range(len(offered))))
    return found


@cache
def priced(seed: int, levers: tuple[str, ...]) -> list[tuple[float, Register]]:
    """Every purchase of one or two units, with its price and the register it makes."""
    reg, tariff = short(seed), Tariff(months_at_least=9, arms_month=4_000)
    offered = offers(part_of(reg), "North", tariff, levers)
    made = []
    for amounts in baskets(offered, 2):
        bought = tuple(purchases(offered, amounts, tariff))
        made.append((price(bought), with_bought(reg, bought)))
    return sorted(made, key=lambda one: one[0])


# --- the proof ----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("levers", [("officers",), ("recruits",), ("arms_team",)])
def test_no_purchase_of_all_is_cheaper(seed: int, levers: tuple[str, ...]) -> None:
    """Of every purchase, made as the levers make it, the cheapest not ruled out costs the bound."""
    tariff = Tariff(months_at_least=9, arms_month=4_000)
    found = stall(part_of(short(seed)), wanted(short(seed), levers, tariff))
    ledger = Ledger()
    for told, reg in priced(seed, levers):
        if not ledger.standing(reg).is_ruled_out:
            assert found.bound == pytest.approx(told, abs=PENNY)
            return
    dearest_of_two = 2 * 18 * 5_500
    assert found.bound is None or found.bound > 0
    assert found.bound is None or found.bound <= 20 * dearest_of_two


def test_the_brute_force_above_finds_something() -> None:
    ledger = Ledger()
    known = [
        next(p for p, reg in priced(seed, ("officers",)) if not ledger.standing(reg).is_ruled_out)
        for seed in range(6)
    ]
    assert len(set(known)) > 2
    assert sum(told > 0 for told in known) >= 4


@pytest.mark.parametrize("seed", [1, 2])
def test_nobody_clears_for_less_than_the_bound(seed: int) -> None:
    """By exact whole plans: what they can clear with never costs less."""
    tariff = Tariff(months_at_least=9)
    found = stall(part_of(short(seed)), wanted(short(seed), ("officers",), tariff))
    cheaper = [reg for told, reg in priced(seed, ("officers",)) if told < (found.bound or 1e9)]
    assert cheaper
    for reg in Random(seed).sample(cheaper, min(2, len(cheaper))):
        assert not can_clear(reg)


def test_overtime_by_hand() -> None:
    """Of 60 ARMS of 5 hours three officers do 54 in theirs: 30 hours lack, at £35."""
    part = part_of(team(60, hours=5.0))
    asked = wanted(team(60, hours=5.0), ("overtime_hours",), Tariff(overtime_limit=5.0))
    found = stall(part, asked)
    assert found.bound == pytest.approx(30 * 35)
    assert price(found.bought or ()) == pytest.approx(30 * 35)
    little = asked._replace(tariff=Tariff(overtime_limit=0.5))
    assert stall(part, little).bound is None, "18 hours at most, and whole ones each month"


def test_a_post_by_hand_is_had_as_late_as_it_may() -> None:
    """Six ARMS lack; a post does ten a month, for six months at least."""
    found = stall(part_of(team(60, hours=5.0)), wanted(team(60), ("officers",), Tariff()))
    assert found.bound == 6 * 5_500
    (one,) = found.bought or ()
    assert (one.change.value, one.change.first, one.change.last) == (1, 13, None)


def test_where_arms_a_month_are_the_limit_hours_buy_nothing() -> None:
    """Two officers do one ARMS a month each, 36 of 40; a post from month 13 does six more."""
    people = [assessed(f"P{n}", due=1, level=LEVELS[0]) for n in range(40)]
    staff = [officer(f"S{n}", hours_per_month=90.0) for n in range(2)]
    rules = policy(arms__review_months=60, arms__per_month=1)
    reg = register(people, staff, policy=rules)
    hours = wanted(reg, ("overtime_hours",), Tariff(overtime_limit=60))
    assert stall(part_of(reg), hours).bound is None
    assert stall(part_of(reg), wanted(reg, ("officers",), Tariff())).bound == 6 * 5_500
    longer = wanted(reg, ("arms_team",), Tariff(months_at_least=1))
    assert stall(part_of(reg), longer).bound == 4 * 4_500


def test_the_mix_takes_what_is_cheaper() -> None:
    part = part_of(team(60, hours=5.0))
    for hour, bound in ((35.0, 30 * 35.0), (5_000.0, 6 * 4_500.0)):
        tariff = Tariff(overtime_hour=hour, overtime_limit=5.0)
        assert stall(part, wanted(team(60), ALL, tariff)).bound == pytest.approx(bound)


def test_an_earlier_deadline_costs_more() -> None:
    part = part_of(team(40, hours=5.0))
    bounds = [
        stall(part, wanted(team(40), ("overtime_hours",), Tariff(overtime_limit=30), d)).bound
        for d in (18, 12, 9, 6)
    ]
    assert bounds == [0, 20 * 35, 65 * 35, 110 * 35]


def test_what_no_purchase_brings_about_is_ruled_out() -> None:
    """A visit of the riskiest that the rules leave no month for: nothing bought helps."""
    late = register(
        [visited("V0", due=-6, level=LEVELS[0])],
        [officer("S0"), officer("S1")],
        policy=policy(),
    )
    assert stall(part_of(late), wanted(late, ALL, Tariff(), deadline=18)).bound is not None
    part = part_of(late)
    nothing = least_price(part.small, [], 18)
    assert nothing.amounts == ()
    poor = part_of(team(60, hours=5.0))
    assert least_price(poor.small, [], 18) == (None, None)


@pytest.mark.parametrize("seed", range(6))
def test_every_row_holds_for_every_purchase_that_clears(seed: int) -> None:
    """Weak duality, at prices near the best ones: no purchase that clears is cut off."""
    draw = np.random.default_rng(seed)
    reg, tariff = short(seed), Tariff(months_at_least=9)
    part = part_of(reg)
    offered = offers(part, "North", tariff, ("officers", "arms_team"))
    wares = [offer.ware for offer in offered]
    shop = Shop(opened(in_time(part.small, 18), 1.0), wares, 1.0)
    enough = least_price(part.small, wares, 18).amounts
    assert enough is not None
    tight = shop.solved_at_a_price()
    for _ in range(20):
        prices = Prices(
            hour=tight.hour * draw.uniform(0.9, 1.1, (1, 18)),
            arms=tight.arms * draw.uniform(0.9, 1.1, (1, 18)),
            cap=np.zeros((1, 18)),
            mix=np.zeros(1),
        )
        row = shop.row(prices)
        assert float(np.array(enough) @ row.worth) >= row.least - 1e-6


@pytest.mark.parametrize("levers", [(key,) for key in ALL])
@pytest.mark.parametrize("overtime", [0.0, 0.1])
def test_a_ware_brings_what_its_lever_brings(levers: tuple[str, ...], overtime: float) -> None:
    reg = synthetic_register(offenders=60, officers=6, seed=5)
    reg = only(reg, reg.teams[:1])
    rules = reg.policy.but({"inflow.per_year": 0, "hours.overtime": overtime})
    reg = reg.with_policy(rules)
    part, where = part_of(reg), reg.teams[0]
    offered = offers(part, where, Tariff(), levers)
    for offer in Random(1).sample(offered, min(6, len(offered))):
        made = part_of(changed(reg, Scenario(name="x", changes=(offer.change,))))
        more = made.small.most_hours[0] - part.small.most_hours[0]
        assert more == pytest.approx(offer.ware.hours, abs=1e-6), offer.change
        arms = made.small.arms_limit[0] - part.small.arms_limit[0]
        assert arms == pytest.approx(offer.ware.arms), offer.change


@pytest.mark.parametrize("seed", range(3))
def test_growth_held_back_never_makes_a_lever_bring_more(seed: int) -> None:
    reg = short(seed)
    reg = reg.with_policy(reg.policy.but({"inflow.per_year": 3.0}))
    part = part_of(reg)
    for offer in Random(seed).sample(offers(part, "North", Tariff(), ALL), 8):
        made = part_of(changed(reg, Scenario(name="x", changes=(offer.change,))))
        more = made.small.most_hours[0] - part.small.most_hours[0]
        assert (more <= offer.ware.hours + 1e-6).all()


def test_overtime_is_limited_by_who_is_in_post() -> None:
    reg = team(10, hours=5.0)
    gone = replace(reg.officers[0], end=Situation(reg).horizon.end(9))
    half = replace(reg.officers[1], fte=0.5)
    reg = replace(reg, officers=(gone, half, reg.officers[2]))
    offered = offers(part_of(reg), "North", Tariff(overtime_limit=10), ("overtime_hours",))
    assert [o.ware.most for o in offered] == [25] * 9 + [15] * 9


def test_the_cheapest_of_wares_alike_is_taken_whole() -> None:
    """Two hours lack in all; in whole units of 1.5 hours that is two of the cheaper."""
    part = part_of(team(55, hours=5.0))
    month = np.zeros(18)
    month[3] = 3.0
    wares = [
        Ware(hours=month, arms=np.zeros(18), price=2.0, most=5),
        Ware(hours=month, arms=np.zeros(18), price=1.5, most=1),
    ]
    assert least_price(part.small, wares, 18) == (3.5, (1, 1))


def test_where_the_effort_runs_out_what_is_proved_so_far_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No purchase is found then, and none is said to be impossible."""
    part = part_of(team(60, hours=5.0))
    asked = wanted(team(60, hours=5.0), ("overtime_hours",), Tariff(overtime_limit=5.0))
    monkeypatch.setattr(purchases_module, "_EFFORT", 0.0)
    found = stall(part, asked)
    assert found.bought is None
    assert found.bound is not None and 0 <= found.bound <= 30 * 35


# --- plans --------------------------------------------------------------------------------------


@cache
def unit() -> Register:
    """Two teams of three officers, each of them short of hours for a few ARMS."""
    found = [
        [assessed(f"{name}{n}", due=1, level=LEVELS[n % 4], team=name) for n in range(number)]
        for name, number in (("North", 58), ("South", 60))
    ]
    staff = [
        officer(f"{name}{n}", team=name, hours_per_month=5.0)
        for name in ("North", "South")
        for n in range(3)
    ]
    return register([o for one in found for o in one], staff, policy=policy(arms__review_months=60))


@cache
def ways() -> Cheapest:
    tariff = Tariff(overtime_limit=20, assumed=frozenset({"officer_month"}))
    return cheapest(Desk(unit()), tariff, quiet("quick"), (WAYS[0], WAYS[1], WAYS[3]))


def test_the_unit_needs_to_buy_and_several_ways_are_confirmed() -> None:
    confirmed = [way for way in ways().ways if way.is_confirmed]
    assert len(confirmed) >= 3
    assert (ways().bound or 0) > 0


def test_no_way_shown_costs_less_than_its_bound() -> None:
    for way in ways().ways:
        if way.price is not None:
            assert way.price >= (way.bound or 0) - PENNY
            assert 0 <= (way.gap or 0) < 1
            assert way.plan is not None
            assert way.plan.accepted


def test_more_levers_never_cost_more() -> None:
    mix = ways().ways[0]
    assert mix.levers == ALL
    assert all((mix.bound or 0) <= way.bound + PENNY for way in ways().ways if way.bound)


def test_what_is_bought_is_what_the_plan_has() -> None:
    """The plan's register is today's with the levers pulled, nothing else."""
    for way in ways().ways:
        if way.plan is not None:
            made = with_bought(unit(), way.purchases)
            assert way.plan.outcome.situation.register == made
            assert (clears_from(way.plan.outcome) is not None) == way.plan.clears
            if way.plan.clears:
                assert way.plan.outcome.backlog(18, Duty.ARMS) == 0
                assert way.plan.outcome.backlog(18, Duty.VISIT) == 0


def test_the_answer_is_the_cheapest_confirmed() -> None:
    found = ways()
    assert found.best is not None
    assert found.best.price == min(w.price for w in found.ways if w.is_confirmed and w.price)
    told = cheapest_words(found, "the end")
    assert f"£{found.best.price:,.0f}" in told
    assert "(proved)" in told


def test_without_plans_no_price_is_told() -> None:
    found = cheapest(Desk(unit()), Tariff(), quiet(None))
    assert all(way.price is None and not way.is_confirmed for way in found.ways)
    assert found.bound == pytest.approx(min(w.bound for w in found.ways if w.bound is not None))
    assert found.best is None


def test_nothing_need_be_bought_where_today_clears() -> None:
    rich = team(10, hours=60.0)
    found = cheapest(Desk(rich), Tariff(), quiet(None))
    assert found.bound == 0
    assert bought_words(found.ways[0]) == "Nothing"


def test_overtime_that_does_not_suffice_says_how_much_would() -> None:
    """30 hours lack of three officers; in whole hours a month for each: 1 does (54), 0 does not."""
    found = cheapest(Desk(team(60, hours=5.0)), Tariff(overtime_limit=0.0), quiet(None))
    (way,) = [one for one in found.ways if one.levers == ("overtime_hours",)]
    assert way.is_ruled_out
    assert way.overtime_needed == 1
    assert "1 hours a month" in bought_words(way)
    assert how_sure(way) == "Ruled out (proved)"


def test_parts_put_together_are_judged_as_one() -> None:
    """The names of people bought differ in the whole register: the plan must use those."""
    desk = Desk(unit())
    parts: list[Shown] = []
    for ladder in desk.ladders:
        own = only(unit(), ladder.part.teams)
        asked = Wanted(
            own, ladder.part.teams, ladder.part.teams[0], Tariff(), ("officers",), 18, "quick", 0
        )
        one = shown(asked)
        assert one is not None
        parts.append(one)
    assert len(parts) > 1, "or nothing is put together"
    whole = put_together(unit(), parts, 18)
    assert whole.accepted
    assert sum(len(p.bought) for p in parts) > 1
    holders = {h.som for held in whole.result.plan.holdings.values() for h in held}
    assert holders <= set(whole.outcome.situation.register.officer)
    costs = [p.outcome.total_cost for p in parts]
    assert whole.outcome.total_cost == pytest.approx(sum(costs))


def test_a_part_that_the_first_try_does_not_clear_gets_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Sabotaged plans: those with less than 2% to spare are said not to clear."""
    from planner.staffing import by_part

    real = by_part.made_with

    def strict(asked: Wanted, bought: object, spare: float, stop: object) -> Shown:
        found = real(asked, bought, spare, stop)  # type: ignore[arg-type]
        return found if spare >= 0.02 else found._replace(clears=False)

    monkeypatch.setattr(by_part, "made_with", strict)
    asked = wanted(team(60, hours=5.0), ("overtime_hours",), Tariff(overtime_limit=40))
    found = by_part.shown(asked)
    assert found is not None
    assert found.spare >= 0.02
    assert found.price > 30 * 35


def test_a_gap_and_a_way_without() -> None:
    way = Way(name="x", levers=("officers",), bound=None)
    assert way.gap is None
    assert way.price is None
    assert len({name for name, _ in WAYS}) == len(WAYS)
    assert math.isclose(Tariff().officer_month * 12, 66_000)
