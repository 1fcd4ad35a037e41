"""One part's cheapest purchase with which a whole plan of it clears, and parts put together.

Parts are planned apart, so their plans side by side are a plan of the whole, which the verifier
then judges as one. People who are bought are named anew there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from planner.domain.plan import Plan
from planner.domain.result import SearchStatus, SolveResult
from planner.levers import Scenario, changed
from planner.optimise.ledger import Ledger, part_of
from planner.optimise.purchases import least_price
from planner.staffing.offers import offers, purchases
from planner.staffing.reached import Reached, clears_from, is_accepted, planned
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from planner.domain.register import Register
    from planner.optimise.ledger import Part
    from planner.staffing.cheapest import Bought, Tariff

SPARES = (0.0, 0.004, 0.008, 0.015, 0.03, 0.05, 0.08, 0.12)
"""Shares of hours to spare with which a part's whole plan is tried."""
FIRST = 2
"""Where in ``SPARES`` to begin: with less if that clears, else with more."""


class Wanted(NamedTuple):
    """One part's question: ``register`` holds its people, officers and locks only.

    ``team`` is where things are bought; None: shared out over the unit.
    """

    register: Register
    teams: tuple[str, ...]
    team: str | None
    tariff: Tariff
    levers: tuple[str, ...]
    deadline: int
    effort: str
    seed: int


class Stall(NamedTuple):
    """The least that a part's clearing costs, proved (None: it is ruled out), and the purchase."""

    bound: float | None
    bought: tuple[Bought, ...] | None


class Shown(NamedTuple):
    """What was bought for a part with how much to spare, and its whole plan."""

    bought: tuple[Bought, ...]
    spare: float
    clears: bool
    outcome: Outcome
    result: SolveResult

    @property
    def price(self) -> float:
        return sum(one.price for one in self.bought)


def stall(part: Part, wanted: Wanted, spare: float = 0.0) -> Stall:
    """A part's cheapest purchase with officers as one."""
    offered = offers(part, wanted.team, wanted.tariff, wanted.levers)
    wares = [offer.ware for offer in offered]
    found = least_price(part.small, wares, wanted.deadline, spare)
    if found.amounts is None:
        return Stall(found.bound, None)
    return Stall(found.bound, tuple(purchases(offered, found.amounts, wanted.tariff)))


def shown(wanted: Wanted, stop: Callable[[], bool] = lambda: False) -> Shown | None:
    """The cheapest purchase tried with which a whole plan of the part clears.

    Else the last one tried, which does not; None where nothing could be bought.
    """
    part = Ledger().part(wanted.teams, part_of(wanted.register, wanted.teams))
    tried: dict[tuple[Bought, ...], Shown] = {}

    def at(rung: int) -> Shown | None:
        bought = stall(part, wanted, SPARES[rung]).bought
        if bought is None:
            return None
        if bought not in tried:
            tried[bought] = made_with(wanted, bought, SPARES[rung], stop)
        return tried[bought]

    rung, found = FIRST, at(FIRST)
    if found is not None and found.clears:
        while rung > 0 and not stop():
            rung -= 1
            less = at(rung)
            if less is None or not less.clears:
                break
            found = less
        return found
    while rung + 1 < len(SPARES) and not stop():
        rung += 1
        more = at(rung)
        if more is None:
            break
        found = more
        if found.clears:
            break
    return found


def made_with(
    wanted: Wanted, bought: Iterable[Bought], spare: float, stop: Callable[[], bool]
) -> Shown:
    bought = tuple(bought)
    outcome, result, accepted = planned(
        with_bought(wanted.register, bought), wanted.effort, wanted.seed, stop
    )
    month = clears_from(outcome)
    clears = accepted and month is not None and month <= wanted.deadline
    return Shown(bought, spare, clears, outcome, result)


def with_bought(register: Register, bought: Iterable[Bought]) -> Register:
    """The register with what was bought."""
    changes = tuple(one.change for one in bought)
    return changed(register, Scenario(name="", changes=changes))


def put_together(register: Register, parts: Sequence[Shown], deadline: int) -> Reached:
    """The parts' plans as one plan of the whole register, judged by the verifier."""
    made = with_bought(register, [one for part in parts for one in part.bought])
    situation = Situation(made)
    plans = [_renamed(part.outcome, register, made) for part in parts]
    plan = Plan(
        horizon=situation.horizon,
        holdings={ref: held for one in plans for ref, held in one.holdings.items()},
        visits=tuple(sorted(v for one in plans for v in one.visits)),
        arms=tuple(sorted(a for one in plans for a in one.arms)),
        second_hours={key: h for one in plans for key, h in one.second_hours.items()},
    )
    result = SolveResult(
        plan=plan,
        status=SearchStatus.WITHIN_GAP,
        bound=sum(part.result.bound for part in parts),
        seed=parts[0].result.seed,
        effort=parts[0].result.effort,
        hour_price={k: p for part in parts for k, p in part.result.hour_price.items()},
    )
    outcome = Outcome(situation, plan)
    holding = situation.posts.holding_months
    return Reached(
        officers=sum(1 in months for months in holding.values()),
        steps={},
        deadline=deadline,
        outcome=outcome,
        result=result,
        accepted=is_accepted(outcome, result),
    )


def _renamed(outcome: Outcome, before: Register, made: Register) -> Plan:
    """A part's plan with the names that the people bought for it have in the whole register."""
    own = outcome.situation.register
    teams = {s.team for s in own.officers}
    new = [s.staff_id for s in own.officers if s.staff_id not in before.officer]
    whole = [
        s.staff_id for s in made.officers if s.staff_id not in before.officer and s.team in teams
    ]
    name = dict(zip(new, whole, strict=True))
    return _with_names(outcome.plan, name)


def _with_names(plan: Plan, name: Mapping[str, str]) -> Plan:
    def of(staff_id: str) -> str:
        return name.get(staff_id, staff_id)

    return Plan(
        horizon=plan.horizon,
        holdings={
            ref: tuple(replace(held, som=of(held.som)) for held in holdings)
            for ref, holdings in plan.holdings.items()
        },
        visits=tuple(
            replace(v, som=of(v.som), second=None if v.second is None else of(v.second))
            for v in plan.visits
        ),
        arms=tuple(replace(a, som=of(a.som), done_by=of(a.done_by)) for a in plan.arms),
        second_hours={(of(s), m): hours for (s, m), hours in plan.second_hours.items()},
    )
