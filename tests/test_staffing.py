"""The least number of officers, against brute force; bounds below plans; parts that add up."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from planner.domain.plan import Holding, Plan, PlannedVisit
from planner.domain.terms import LEVELS, Duty, RiskLevel, VisitType
from planner.levers import TODAY, Change, Scenario, changed
from planner.optimise.ledger import Ledger
from planner.optimise.repairs import repairs
from planner.optimise.solve import solve
from planner.sample import synthetic_register
from planner.staffing import Desk, curve, least_officers, outlook
from planner.staffing.effects import effects, measures
from planner.staffing.ladder import Ladder, without
from planner.staffing.reached import clears_from, least_reached, reached
from planner.workload.new_posts import with_posts
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation
from tests.exact import solve_exactly
from tests.test_optimise_rules import assessed, away, policy, visited
from tests.verify_build import officer, register, som_lock

if TYPE_CHECKING:
    from planner.domain.register import Register

HARDLY = 1e-3
SAME = 1e-3
"""Share within which two bounds are the same."""


def team(
    number: int, month_due: int = 1, hours: float = 6.0, staff: int = 3, **columns: object
) -> Register:
    """So many people whose ARMS is due, and officers with few hours a month."""
    people = [
        assessed(f"P{n}", due=month_due, level=RiskLevel.LOW, **columns) for n in range(number)
    ]
    officers = [officer(f"S{n}", hours_per_month=hours) for n in range(staff)]
    rules = policy(arms__review_months=60)
    return register(people, officers, policy=rules)


def mixed(seed: int) -> Register:
    """A team of four with hours of their own, one away at first, one untrained, visits and ARMS."""
    people = [
        *(visited(f"V{n}", due=1 + (n + seed) % 6, interval=5 + n % 3) for n in range(3)),
        *(assessed(f"A{n}", due=n - 3, level=LEVELS[n % 4]) for n in range(5 + seed % 3)),
    ]
    staff = [
        officer("S0", hours_per_month=5.0 + seed % 2),
        officer("S1", hours_per_month=5.5),
        officer("S2", hours_per_month=5.0 + seed % 3),
        officer(
            "S3", hours_per_month=2.75, arms_trained_from=None if seed % 2 else assessed_end(-3)
        ),
    ]
    return register(
        people,
        staff,
        policy=policy(arms__per_month=20),
        absences=away("S0", *range(3 - seed % 3, 19)),
    )


def assessed_end(month: int):  # type: ignore[no-untyped-def]
    from tests.test_optimise_rules import day

    return day(month)


def can_clear(reg: Register, deadline: int = 18) -> bool:
    """By the exact model: whether no hours need be bought."""
    try:
        return not sum(solve_exactly(reg, buying=True, deadline=deadline).bought.values())
    except ValueError:
        return False


def truly_least(reg: Register, deadline: int = 18) -> int:
    """Fewest officers that clear, whoever goes, every team keeping two; by trying each choice."""
    names = sorted(reg.officer)
    if not can_clear(reg, deadline):
        more = 1
        while not can_clear(with_posts(reg, {"North": more}), deadline):
            more += 1
        return len(names) + more
    least = len(names)
    for fewer in range(1, len(names) - 1):
        choices = [c for c in itertools.combinations(names, fewer) if len(c) <= len(names) - 2]
        if not any(can_clear(without(reg, gone), deadline) for gone in choices):
            break
        least = len(names) - fewer
    return least


# --- against brute force ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "hours", "least"),
    [
        (18, 5.0, 2),
        (36, 5.0, 2),
        (37, 5.0, 3),
        (54, 5.0, 3),
        (55, 5.0, 4),
    ],
)
def test_arms_by_hand(people: int, hours: float, least: int) -> None:
    """One officer does one ARMS a month in 5 hours: 18 in the plan. New posts have far more."""
    found = least_officers(team(people, hours=hours))
    assert (found.fewest, found.enough, found.today) == (least, least, 3)
    assert found.is_at_floor == (least == 2)


@pytest.mark.parametrize(("deadline", "least"), [(18, 2), (12, 3), (9, 3), (8, 4)])
def test_a_deadline_by_hand(deadline: int, least: int) -> None:
    """27 ARMS, 1 a month each: 2 officers take 14 months, 3 take 9."""
    by = Scenario(name="by", changes=(Change(lever="deadline", value=deadline),))
    assert least_officers(team(27, hours=5.0), by).fewest == least
    found = outlook(team(27, hours=5.0), by)
    assert found.earliest == 9
    assert found.standing.is_ruled_out == (deadline < 9)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("deadline", [18, 3, 2, 1])
def test_no_number_is_ruled_out_that_truly_clears(seed: int, deadline: int) -> None:
    reg = mixed(seed)
    by = Scenario(name="by", changes=(Change(lever="deadline", value=deadline),))
    found = least_officers(reg, by)
    true = truly_least(reg, deadline)
    assert found.fewest is not None
    assert found.fewest <= true
    assert found.fewest >= true - 2, "the proof is of use"


def test_the_brute_force_sees_more_and_fewer_than_today_and_most_is_proved() -> None:
    """Officers as one may share an ARMS, so the proof may stop short; here it seldom does."""
    asked = [(seed, d) for seed in range(6) for d in (3, 2, 1)]
    true = [truly_least(mixed(seed), d) for seed, d in asked]
    proved = [
        least_officers(
            mixed(seed), Scenario(name="by", changes=(Change(lever="deadline", value=d),))
        ).fewest
        for seed, d in asked
    ]
    assert {2, 3, 5} <= set(true)
    assert sum(a == b for a, b in zip(true, proved, strict=True)) >= 12


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("inflow", [0.0, 0.4])
def test_whoever_goes_covers_every_choice(seed: int, inflow: float) -> None:
    """Where a number fewer is ruled out, each choice of officers is, solved by itself."""
    reg = mixed(seed)
    reg = reg.with_policy(reg.policy.but({"inflow.per_year": inflow, "hours.overtime": 0.1}))
    reg = changed(
        reg, Scenario(name="x", changes=(Change(lever="overtime_hours", value=2, last=3),))
    )
    ledger = Ledger()
    (part,) = outlook(reg, ledger=ledger).parts
    ladder = Ladder(part, ledger)
    for fewer in (1, 2):
        each = [
            outlook(without(reg, gone)).standing.is_ruled_out
            for gone in itertools.combinations(sorted(reg.officer), fewer)
        ]
        assert (ladder.can_clear(fewer, 18) is None) == all(each)
        small = ladder._relaxed(fewer)  # noqa: SLF001
        assert small is not None
        for gone in itertools.combinations(sorted(reg.officer), fewer):
            (rest,) = outlook(without(reg, gone)).parts
            assert (rest.small.most_hours <= small.most_hours + 1e-9).all()
            assert (rest.small.arms_limit <= small.arms_limit + 1e-9).all()


def test_many_choices_are_left_open_unless_proved() -> None:
    """Seven of fourteen may go in 3,432 ways: only the relaxation speaks, and may stay silent."""
    reg = team(60, hours=5.0, staff=14)
    found = least_officers(reg)
    assert found.fewest is not None
    assert found.enough is not None
    assert found.fewest <= 4 <= found.enough


def test_what_no_officer_can_do_needs_no_number() -> None:
    """Nobody may visit one whose visits come too early to be in time twice over."""
    reg = team(1, hours=5.0)
    never = [visited("V1", due=1, interval=1, registered_until=None, level=RiskLevel.VERY_HIGH)]
    staff = [replace(s, end=assessed_end(6)) for s in reg.officers]
    late = [replace(o, needs=frozenset({"Nobody has it"})) for o in never]
    found = least_officers(replace(reg, offenders=(*reg.offenders, *late), officers=tuple(staff)))
    assert found.fewest is None or found.fewest > 3


# --- bounds and plans ---------------------------------------------------------------------------


@cache
def unit() -> Register:
    """Two teams, 110 people, fewer hours than they would like."""
    found = synthetic_register(offenders=130, officers=6, seed=5)
    officers = tuple(
        replace(s, team=("Ash", "Beech")[n % 2], fte=min(s.fte, 0.2))
        for n, s in enumerate(sorted(found.officers, key=lambda s: s.staff_id))
    )
    team_of = {s.staff_id: s.team for s in officers}
    people = tuple(
        replace(o, team=team_of.get(o.som or "", ("Ash", "Beech")[n % 2]))
        for n, o in enumerate(found.offenders)
    )
    return replace(found, officers=officers, offenders=people)


@cache
def desk() -> Desk:
    return Desk(unit())


def test_run_0_is_what_the_plan_proves() -> None:
    """The bound before any repair, the plan's hours lacking, and never above the plan's own."""
    found = outlook(unit())
    before = repairs(Situation(unit()))[0].before
    assert found.standing.bound == pytest.approx(before.bound, rel=SAME)
    result = solve(Situation(unit()), effort="quick", processes=1)
    outcome = Outcome(Situation(unit()), result.plan)
    assert found.standing.bound <= outcome.total_cost
    assert found.standing.bound <= result.bound * (1 + SAME)
    assert result.shortfall is not None
    assert found.standing.hours == pytest.approx(result.shortfall.total_hours, rel=1e-5)
    assert found.standing.posts == pytest.approx(result.shortfall.posts, abs=HARDLY)
    assert found.standing.hours > 0
    for (name, month), hours in result.shortfall.hours.items():
        assert found.hours_lacking[name, month] == pytest.approx(hours, abs=0.01)


def test_the_best_plan_with_officers_as_one_adds_up() -> None:
    """Its cost by its own months is the bound; hours used are within those there."""
    found, rules = outlook(unit()), unit().policy
    cost = found.exposure()
    for month in range(1, 19):
        for level in LEVELS:
            cost += found.overdue(month, Duty.VISIT, level) * rules.cost_protected.get(level, 0)
    cost += rules.cost_uncleared * sum(found.overdue(18, duty) for duty in Duty)
    spread = sum(
        max(0.0, found.hours_used[key] - rules.hours_comfort * there)
        for key, there in found.hours_there.items()
    )
    cost += rules.cost_spread * spread
    assert cost == pytest.approx(found.standing.bound, rel=SAME)
    for key, there in found.hours_there.items():
        assert found.hours_used[key] <= there + 1e-6
    assert sum(found.exposure(d, lv) for d in Duty for lv in LEVELS) == pytest.approx(
        found.exposure()
    )


def test_every_duty_is_followed() -> None:
    """With no hours nothing is done: overdue and exposure are those of a plan that does nothing."""
    idle = replace(unit(), officers=tuple(replace(s, hours_per_month=0.0) for s in unit().officers))
    found = outlook(idle)
    nothing = Outcome(Situation(idle), solve(Situation(idle), effort="quick", processes=1).plan)
    assert not nothing.plan.visits
    for month, level, duty in itertools.product(range(1, 19), LEVELS, Duty):
        told = found.overdue(month, duty, level)
        assert told == pytest.approx(nothing.overdue[month, level, duty], abs=1e-6)
    for level, duty in itertools.product(LEVELS, Duty):
        assert found.overdue(0, duty, level) == nothing.opening[level, duty]
    assert found.exposure() == pytest.approx(nothing.cost["exposure"])


def test_more_officers_are_never_worse() -> None:
    levels = desk().curve(range(4, 16))
    assert len(levels) == 12
    for less, more in itertools.pairwise(levels):
        assert more.bound <= less.bound
        assert less.is_ruled_out >= more.is_ruled_out
        assert more.outlook.standing.hours <= less.outlook.standing.hours + HARDLY
        first, second = less.outlook.earliest, more.outlook.earliest
        assert (second or 99) <= (first or 99)
        assert more.officers == less.officers + 1 == more.outlook.officers


def test_a_level_is_ruled_out_below_the_least_and_not_above_enough() -> None:
    least = desk().least()
    assert least.fewest is not None
    assert least.enough is not None
    assert least.fewest > least.today
    for level in desk().curve(range(4, 16)):
        assert level.is_ruled_out == (level.officers < least.fewest)
        if level.officers >= least.enough:
            assert not level.outlook.standing.is_ruled_out


def test_a_level_is_the_register_with_those_officers() -> None:
    """Rungs are solved team by team; the whole register proves the same."""
    for level in desk().curve((4, 5, 9, 12)):
        whole = outlook(desk().register_with(level.steps))
        assert whole.standing.bound == pytest.approx(level.outlook.standing.bound, rel=SAME)
        assert whole.standing.hours == pytest.approx(level.outlook.standing.hours, abs=0.1)
        assert whole.officers == level.officers


def test_a_level_that_would_break_up_a_crew_is_left_out() -> None:
    assert [level.officers for level in desk().curve(range(1, 6))] == [4, 5]
    with pytest.raises(ValueError, match="two"):
        desk().register_with({"Ash": -2})


def test_a_post_goes_where_it_saves_most() -> None:
    """No other spread of one more officer proves less; ruled out teams come first."""
    (level,) = curve(unit(), [7])
    bounds = {name: outlook(with_posts(unit(), {name: 1})).standing.bound for name in unit().teams}
    (chosen,) = [name for name, step in level.steps.items() if step]
    assert bounds[chosen] <= min(bounds.values()) * (1 + SAME)


def test_what_was_asked_before_changes_no_answer() -> None:
    ledger = Ledger()
    for value in (0.5, 0.2):
        outlook(
            unit(),
            Scenario(name="x", changes=(Change(lever="reactive", value=value),)),
            ledger=ledger,
        )
    mixed_up, fresh = outlook(unit(), ledger=ledger), outlook(unit())
    assert mixed_up.standing.bound == pytest.approx(fresh.standing.bound, rel=SAME)
    assert mixed_up.standing.hours == pytest.approx(fresh.standing.hours, abs=HARDLY)
    easy = with_posts(unit(), {"Ash": 4, "Beech": 4})
    outlook(easy, ledger=ledger).earliest  # noqa: B018
    more = with_posts(unit(), {"Ash": 5, "Beech": 3})
    assert outlook(more, ledger=ledger).earliest == outlook(more).earliest


def test_a_team_by_itself() -> None:
    both = Desk(unit()).least()
    alone = Desk(unit(), team="Ash").least()
    (own,) = [p for p in both.parts if p.name == "Ash"]
    assert (alone.fewest, alone.today) == (own.today + (own.fewest or 0), own.today)
    joined = changed(unit(), Scenario(name="x", changes=(Change(lever="cross_team", value=True),)))
    with pytest.raises(ValueError, match="together"):
        Desk(joined, team="Ash")


# --- scenarios ----------------------------------------------------------------------------------

BOTH = Scenario(
    name="Both",
    changes=(
        Change(lever="officers", value=3),
        Change(lever="arms.hours", value=4),
        Change(lever="surge", value=12, first=2),
    ),
)


def test_effects_add_up_and_each_is_its_own() -> None:
    found = effects(unit(), BOTH)
    total = measures(found.today) + found.interaction
    for change, one in found.own:
        total = total + one
        only = outlook(unit(), Scenario(name="x", changes=(change,)))
        assert one.bound == pytest.approx(
            (measures(only) - measures(outlook(unit()))).bound, rel=0.01
        )
    together = measures(found.outlook)
    for told, summed in zip(_all(together), _all(total), strict=True):
        assert told == pytest.approx(summed, abs=1e-6)
    assert found.own[0][1].hours_lacking < 0 < found.own[2][1].hours_lacking
    assert found.own[0][1].hours_there > 0


def _all(one: object) -> list[float]:
    from dataclasses import astuple

    return list(astuple(one))  # type: ignore[call-overload]


def test_a_deadline_is_asked_of_run_0_too() -> None:
    asked = Scenario(name="x", changes=(Change(lever="deadline", value=6),))
    found = effects(unit(), asked)
    assert found.own == ()
    assert found.today.deadline == found.outlook.deadline == 6
    assert found.today.standing.hours > outlook(unit()).standing.hours
    assert measures(found.outlook) == measures(found.today)


@pytest.mark.parametrize(
    ("change", "better"),
    [
        (Change(lever="officers", value=1), True),
        (Change(lever="overtime_hours", value=40), True),
        (Change(lever="arms_team", value=1, last=6), True),
        (Change(lever="arms.hours", value=4), True),
        (Change(lever="visit.interval.low", value=18), True),
        (Change(lever="crew.low", value=1), True),
        (Change(lever="reactive", value=0.3), True),
        (Change(lever="hours.other_duties", value=0.25), True),
        (Change(lever="visit.failed_rate", value=0.4), False),
        (Change(lever="hours.unplanned_absence", value=0.25), False),
        (Change(lever="inflow.per_year", value=0.1), False),
        (Change(lever="surge", value=20, first=4), False),
        (Change(lever="leavers", value=1, first=4), False),
        (Change(lever="arms.review_months", value=9), False),
    ],
)
def test_each_lever_moves_what_it_should(change: Change, better: bool) -> None:
    today = outlook(unit(), ledger=LEDGER).standing
    then = outlook(unit(), Scenario(name="x", changes=(change,)), ledger=LEDGER).standing
    fewer, more = (then.hours, today.hours) if better else (today.hours, then.hours)
    assert fewer <= more + HARDLY
    assert (then.bound < today.bound) == better


LEDGER = Ledger()


# --- plans --------------------------------------------------------------------------------------


def never() -> bool:
    return False


def test_the_least_number_is_shown_by_a_plan_that_the_verifier_accepts() -> None:
    asked = Desk(team(40, hours=5.0))
    today = reached(asked, {}, effort="quick", stop=never)
    plans = least_reached(asked, today, effort="quick", say=lambda _: None, stop=never)
    assert plans[-1].clears
    assert plans[-1].officers == asked.least().fewest == 3
    assert today.clears
    more = Desk(team(56, hours=5.0))
    short = reached(more, {}, effort="quick", stop=never)
    assert not short.clears
    assert short.late_teams == ("North",)
    found = least_reached(more, short, effort="quick", say=lambda _: None, stop=never)
    assert (found[-1].officers, found[-1].clears, found[-1].accepted) == (4, True, True)


def test_a_plan_for_fewer_than_today() -> None:
    asked = Desk(team(20, hours=5.0))
    today = reached(asked, {}, effort="quick", stop=never)
    plan = least_reached(asked, today, effort="quick", say=lambda _: None, stop=never)[-1]
    assert (plan.officers, plan.clears) == (2, True)
    assert len(plan.outcome.situation.register.officers) == 2


def test_when_a_plan_clears_is_as_the_exact_counts_say() -> None:
    result = solve(Situation(team(27, hours=5.0)), effort="quick", processes=1)
    outcome = Outcome(Situation(team(27, hours=5.0)), result.plan)
    month = clears_from(outcome)
    assert month is not None
    assert all(not outcome.backlog(m) for m in range(month, 19))
    assert month == 1 or outcome.backlog(month - 1)
    late = team(200, hours=5.0)
    lost = Outcome(Situation(late), solve(Situation(late), effort="quick", processes=1).plan)
    assert clears_from(lost) is None


def test_run_0_has_the_name_of_today() -> None:
    assert outlook(unit()).name == TODAY.name


def test_a_plan_that_leaves_the_riskiest_unseen_does_not_clear() -> None:
    """A high visit overdue at the end of month 3 forbids it, one of month 2 does not."""
    reg = register([visited("V", due=1)], [officer("S1"), officer("S2")], policy=policy())
    for month, clears in ((1, 1), (2, 2), (3, 3), (4, None), (9, None)):
        held = {"V": (Holding(1, "S1"),)}
        visit = PlannedVisit(month, "V", "S1", VisitType.UNANNOUNCED, 1, None)
        made = Plan(Situation(reg).horizon, held, (visit,), (), {})
        assert clears_from(Outcome(Situation(reg), made)) == clears
    low = replace(reg, offenders=(replace(reg.offenders[0], level=RiskLevel.LOW),))
    visit = PlannedVisit(9, "V", "S1", VisitType.UNANNOUNCED, 1, None)
    made = Plan(Situation(low).horizon, {"V": (Holding(1, "S1"),)}, (visit,), (), {})
    assert clears_from(Outcome(Situation(low), made)) == 9
    assert clears_from(Outcome(Situation(low), made), "South") == 1


def test_locks_on_those_who_go_are_gone_too() -> None:
    lock = som_lock("P0", "S1")
    reg = replace(team(3), locks=(lock, som_lock("P1", "S2")), absences=away("S1", 1))
    rest = without(reg, {"S1"})
    assert [one.staff_id for one in rest.locks] == ["S2"]
    assert rest.absences == ()


@pytest.mark.parametrize("deadline", [3, 8, 14, 18])
def test_whether_posts_lack_is_what_the_least_posts_say(deadline: int) -> None:
    """The quick question agrees with the full one, for any hours, asked in any order."""
    ledger = Ledger()
    for fewer_hours in (1.0, 0.4, 2.0, 0.9):
        staff = tuple(
            replace(s, hours_per_month=15.0 * fewer_hours * (1 + n))
            for n, s in enumerate(unit().officers)
        )
        reg = replace(unit(), officers=staff)
        for part, fresh in zip(outlook(reg, ledger=ledger).parts, outlook(reg).parts, strict=True):
            quick = part.is_ruled_out(deadline)
            assert quick == fresh.standing_by(deadline).is_ruled_out


def test_the_earliest_month_is_the_first_not_ruled_out() -> None:
    ledger = Ledger()
    for extra in (2, 6, 1, 3):
        made = with_posts(unit(), {"Ash": extra, "Beech": extra})
        found = outlook(made, ledger=ledger)
        months = [
            m for m in range(1, 19) if not any(p.standing_by(m).is_ruled_out for p in found.parts)
        ]
        assert found.earliest == (months[0] if months else None)
        assert months == list(range(19 - len(months), 19))


def test_the_riskiest_are_not_in_time_before_month_3_either() -> None:
    """Nobody there in month 1: a high visit due then is late, so that month is no deadline."""
    reg = register(
        [visited("V", due=1)],
        [officer("S1"), officer("S2")],
        policy=policy(),
        absences=(*away("S1", *range(2, 19)), *away("S2", *range(2, 19))),
    )
    assert outlook(reg).earliest == 2


def test_deadlines_asked_in_turn_are_each_proved_as_if_alone() -> None:
    """One programme serves them all: what its calendars cost changes with the deadline."""
    made = with_posts(unit(), {"Ash": 1, "Beech": 1})
    (part, _) = outlook(made).parts
    for deadline in (14, 3, 9, 1, 14, 5, 2):
        (fresh, _) = outlook(made).parts
        told, true = part.standing_by(deadline), fresh.standing_by(deadline)
        assert told.posts == pytest.approx(true.posts, abs=HARDLY)
        assert told.hours == pytest.approx(true.hours, abs=HARDLY)
        family = part.family
        _, market = family._market(deadline)  # noqa: SLF001
        for column in market.columns:
            assert column.cost == pytest.approx(market.pool.choice_cost(column.choice))
