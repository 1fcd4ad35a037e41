"""A pool: officers and cases whose hours hang together, as arrays.

Without ``cross_team`` each team is a pool of its own, save that a team in which somebody is at some
time alone takes its second officers from the whole unit. Months are columns 0 to 17 here; officers,
routes, kinds, chains and cases are numbered within the pool.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from planner.domain.terms import Duty, LockKind, RiskLevel
from planner.optimise.calendars import Kind, arc_costs, start_costs
from planner.optimise.meant import meant_in
from planner.optimise.routes import Routes, changes_on

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from numpy.typing import NDArray

    from planner.domain.previous import Previous
    from planner.domain.register import Offender
    from planner.optimise.meant import Meant
    from planner.optimise.pricing import Choice
    from planner.optimise.routes import Route
    from planner.workload.situation import DutyChain, Situation

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

NO_CHAIN = -1
LOCK_PASSED_OVER = 5e4
"""Penalty for a lock on the SOM that gives way to a keep: less than for a cap or a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One offender's case: the routes open to it, what each costs, and its two chains.

    ``count`` is above 1 only in a pooled pool, where a case stands for many alike. ``passed_over``
    is the part of each move cost that is none of the contract's: it stands for locks on the SOM
    that give way to a keep.
    """

    ref: str
    count: int = 1
    routes: Ints
    move_costs: Floats
    counted: Ints
    visit: int
    arms: int
    high: bool
    at_month_end: NDArray[np.bool_]
    passed_over: Floats | None = None

    def on_routes(self, some: Collection[int]) -> Case:
        """The case with only these of its routes open."""
        places = [n for n, route in enumerate(self.routes) if int(route) in some]
        return replace(
            self,
            routes=self.routes[places],
            move_costs=self.move_costs[places],
            counted=self.counted[places],
            passed_over=None if self.passed_over is None else self.passed_over[places],
        )

    def move_cost(self, route: int) -> float:
        """What its changes of SOM cost on a route."""
        return float(self.move_costs[self.place(route)])

    def place(self, route: int) -> int:
        """Where a route stands among the case's."""
        return [int(r) for r in self.routes].index(route)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondBlock:
    """In a month, visits led by ``leads`` are seconded by anyone of ``members`` but the lead.

    ``lone``: the leads are each alone in their team and draw on the whole unit.
    """

    month: int
    leads: tuple[int, ...]
    members: tuple[int, ...]
    lone: bool = False


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Everything the optimisation of one pool needs, and nothing of any other pool.

    ``comfortable_hours`` and ``most_hours`` are (officers, months): what may be planned without a
    cost for spread, and at all, overtime included. ``moves_allowed`` is the pool's part of the
    register's changes that count; None where the register's limit does not bind.
    ``has_every_route`` is false where a case has too many routes for all to be offered. ``meant``
    is what the plan before meant to do, where that is to count; it is no part of the pool's costs.
    """

    name: str
    months: int
    officers: tuple[str, ...]
    comfortable_hours: Floats
    most_hours: Floats
    cost_spread: float
    cost_mix: float
    caps: tuple[int | None, ...]
    fair_share: Floats
    arms_limit: Floats
    arms_each: float
    doers: dict[tuple[int, int], tuple[int, ...]]
    blocks: tuple[SecondBlock, ...]
    routes: Ints
    kinds: tuple[Kind, ...]
    arcs: Floats
    lead: Floats
    second: Floats
    chain_kind: Ints
    chain_due: Ints
    start: Floats
    cases: tuple[Case, ...]
    moves_allowed: int | None = None
    has_every_route: bool = True
    meant: Meant | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Officers, months."""
        return len(self.officers), self.months

    def with_kinds(self, kinds: tuple[Kind, ...]) -> Pool:
        """The pool with other costs of lateness: a kind for each of its own, in order."""
        dues = zip(self.chain_kind.tolist(), self.chain_due.tolist(), strict=True)
        arcs = np.array([arc_costs(kind, self.months) for kind in kinds])
        start = np.array([start_costs(kinds[k], due, self.months) for k, due in dues])
        return replace(
            self,
            kinds=kinds,
            arcs=arcs.reshape(self.arcs.shape),
            start=start.reshape(self.start.shape),
        )

    def calendar_cost(self, chain: int, calendar: Sequence[int]) -> float:
        """Cost of a chain's calendar (months from 1, ascending), missed locks included."""
        arcs = self._arcs[self.chain_kind[chain]]
        stops = [*calendar, self.months + 1]
        cost = float(self.start[chain, stops[0] - 1])
        for i, k in itertools.pairwise(stops):
            cost += arcs[i - 1][k - 1]
        return cost

    @cached_property
    def _arcs(self) -> list[list[list[float]]]:
        """``arcs`` as lists: much quicker to look up one by one."""
        return list(self.arcs.tolist())

    def choice_cost(self, choice: Choice) -> float:
        """Cost of a case's route and calendars, hours, caps and mix apart."""
        case = self.cases[choice.case]
        cost = case.move_cost(choice.route)
        for chain, calendar in ((case.visit, choice.visits), (case.arms, choice.arms)):
            if chain >= 0:
                cost += self.calendar_cost(chain, calendar)
        return cost


def team_groups(situation: Situation) -> tuple[tuple[str, ...], ...]:
    """The teams that must be planned together, each group sorted."""
    teams = situation.register.teams
    if situation.policy.cross_team:
        return (teams,)
    there = Counter(
        (s.team, month)
        for s in situation.register.officers
        for month in situation.posts.seconding_months[s.staff_id]
    )
    if any(there[team, month] == 1 for team in teams for month in situation.horizon.months):
        return (teams,)
    return tuple((team,) for team in teams)


def build_pool(
    situation: Situation, teams: Sequence[str], routes: Routes, previous: Previous | None = None
) -> Pool:
    """Gather one pool of the register; with what the plan before meant to do, if it is to count."""
    pool = PoolBuilder(situation, teams, routes).pool()
    return replace(pool, meant=meant_in(pool, previous))


class PoolBuilder:
    """Gathers a pool; another may gather its cases in another way."""

    def __init__(self, situation: Situation, teams: Sequence[str], routes: Routes) -> None:
        self.situation = situation
        self.teams = teams
        self.open_routes = routes
        register = situation.register
        everybody = situation.policy.cross_team
        self.officers = tuple(
            sorted(s.staff_id for s in register.officers if everybody or s.team in teams)
        )
        self.number = {s: n for n, s in enumerate(self.officers)}
        self.months = situation.horizon.length
        self.route_number: dict[tuple[int, ...], int] = {}
        self.kind_number: dict[Kind, int] = {}
        self.chain_kind: list[int] = []
        self.chain_due: list[int] = []
        self.locked: dict[tuple[str, LockKind], set[int]] = {}
        for lock in register.locks:
            if lock.month is not None:
                month = situation.horizon.number(lock.month)
                self.locked.setdefault((lock.ref, lock.kind), set()).add(month)

    def pool(self) -> Pool:
        situation, policy = self.situation, self.situation.policy
        register = situation.register
        cases = tuple(self.cases())
        kinds = tuple(self.kind_number)
        shape = (len(self.officers), self.months)
        capacity = np.zeros(shape)
        trained = np.zeros(shape, dtype=bool)
        for s, name in enumerate(self.officers):
            for m in range(self.months):
                capacity[s, m] = situation.capacity[name, m + 1]
                trained[s, m] = situation.posts.is_trained(name, m + 1)
        hours = situation.hours
        return Pool(
            name=", ".join(self.teams),
            months=self.months,
            officers=self.officers,
            comfortable_hours=capacity * min(policy.hours_comfort, 1 + policy.hours_overtime),
            most_hours=capacity * (1 + policy.hours_overtime),
            cost_spread=policy.cost_spread,
            cost_mix=policy.cost_mix,
            caps=tuple(register.officer[s].cap for s in self.officers),
            fair_share=self.fair_share(),
            arms_limit=trained * policy.arms_per_month,
            arms_each=policy.arms_per_month,
            doers=self._doers(),
            blocks=tuple(self._blocks()),
            routes=np.array(list(self.route_number), dtype=np.int64).reshape(-1, self.months),
            kinds=kinds,
            arcs=np.array([arc_costs(k, self.months) for k in kinds]).reshape(
                -1, self.months, self.months + 1
            ),
            lead=np.array(
                [hours.lead if k.duty is Duty.VISIT else hours.arms for k in kinds], dtype=float
            ),
            second=np.array([max(0, k.crew - 1) * hours.second for k in kinds], dtype=float),
            chain_kind=np.array(self.chain_kind, dtype=np.int64),
            chain_due=np.array(self.chain_due, dtype=np.int64),
            start=np.array(
                [
                    start_costs(kinds[k], d, self.months)
                    for k, d in zip(self.chain_kind, self.chain_due, strict=True)
                ]
            ).reshape(-1, self.months + 1),
            cases=cases,
            has_every_route=self.open_routes.complete,
        )

    def cases(self) -> Iterable[Case]:
        """The pool's cases; kinds, chains and routes are numbered as they are met."""
        offenders = sorted(self.situation.register.offenders, key=lambda o: o.ref)
        return (self._case(o) for o in offenders if o.team in self.teams)

    def fair_share(self) -> Floats:
        """Each officer's fair share of the riskiest cases."""
        return np.array([self.situation.fair_share[s] for s in self.officers])

    def _case(self, offender: Offender) -> Case:
        situation = self.situation
        before = situation.register.som_of(offender)
        routes = self.open_routes.open_to(offender)
        counted = [self._counted(route, before, offender) for route in routes]
        cost = situation.policy.cost_move[offender.level]
        there = situation.presence[offender.ref]
        passed_over = self._passed_over(offender, routes)
        move_costs = np.array(counted, dtype=float) * cost
        return Case(
            ref=offender.ref,
            routes=np.array([self._route(r) for r in routes], dtype=np.int64),
            move_costs=move_costs if passed_over is None else move_costs + passed_over,
            passed_over=passed_over,
            counted=np.array(counted, dtype=np.int64),
            visit=self._chain(situation.chain.get((offender.ref, Duty.VISIT)), LockKind.VISIT),
            arms=self._chain(situation.chain.get((offender.ref, Duty.ARMS)), LockKind.ARMS),
            high=offender.level >= RiskLevel.HIGH and there.at_end_of(1),
            at_month_end=np.array(
                [
                    there.at_end_of(m) and self._is_held(offender, som, m)
                    for m, som in enumerate(routes[0], 1)
                ]
            ),
        )

    def _passed_over(self, offender: Offender, routes: Sequence[Route]) -> Floats | None:
        """What is added to each route's cost for a lock that gives way to a keep; None: nothing.

        Either breaks rule 2 once, so caps and moves decide first; then the lock holds.
        """
        if len(routes) < 2 or offender.ref not in self.situation.som_locks:
            return None
        missed = np.array([self.open_routes.locks_missed(offender, r) for r in routes], dtype=float)
        return LOCK_PASSED_OVER * (missed - missed.min()) if missed.any() else None

    def _is_held(self, offender: Offender, som: str | None, month: int) -> bool:
        """Whether somebody may hold the case in the month: whoever stands in is no fuller for it.

        ``som`` is the case's on any of its routes.
        """
        return som is not None and self.situation.posts.may_hold(som, offender, month)

    def _counted(self, route: Route, before: str | None, offender: Offender) -> int:
        return sum(
            self.situation.move_counts(offender, old, month)
            for month, old, _ in changes_on(route, before)
        )

    def _route(self, route: Route) -> int:
        key = tuple(NO_CHAIN if s is None else self.number[s] for s in route)
        return self.route_number.setdefault(key, len(self.route_number))

    def _chain(self, chain: DutyChain | None, lock: LockKind) -> int:
        if chain is None:
            return NO_CHAIN
        kind = Kind.of(chain, self.situation.policy)
        if locked := tuple(sorted(self.locked.get((chain.ref, lock), ()))):
            kind = replace(kind, locked=kind.compatible(locked, chain.due_month, self.months))
        return self.number_chain(kind, chain.due_month)

    def number_chain(self, kind: Kind, due_month: int) -> int:
        """A new chain's number."""
        self.chain_kind.append(self.kind_number.setdefault(kind, len(self.kind_number)))
        self.chain_due.append(due_month)
        return len(self.chain_kind) - 1

    def _doers(self) -> dict[tuple[int, int], tuple[int, ...]]:
        """Who may do the ARMS of an officer's cases, by officer and month column."""
        posts, register = self.situation.posts, self.situation.register
        if self.situation.policy.arms_per_month < 1:
            return {(s, m): () for s in range(len(self.officers)) for m in range(self.months)}
        return {
            (s, m): tuple(
                self.number[d] for d in posts.assessors(register.officer[name].team, name, m + 1)
            )
            for s, name in enumerate(self.officers)
            for m in range(self.months)
        }

    def _blocks(self) -> Iterable[SecondBlock]:
        situation = self.situation
        posts, register = situation.posts, situation.register
        for m in range(self.months):
            blocks: dict[tuple[tuple[int, ...], bool], list[int]] = {}
            for s, name in enumerate(self.officers):
                if m + 1 not in posts.holding_months[name]:
                    continue
                others = posts.seconds(register.officer[name].team, name, m + 1)
                members = tuple(sorted({s, *(self.number[o] for o in others)}))
                team = register.officer[name].team
                lone = not situation.policy.cross_team and not any(
                    register.officer[o].team == team for o in others
                )
                if others:
                    blocks.setdefault((members, lone), []).append(s)
            for (members, lone), leads in sorted(blocks.items()):
                yield SecondBlock(month=m, leads=tuple(leads), members=members, lone=lone)


def pooled(pool: Pool) -> Pool:
    """The same work with all officers as one: a relaxation, small whatever the register's size.

    Chains alike in kind and due month become one case with a count; a visit's second hours join
    its lead hours. What no officer may do (nobody to hold, second or assess) is barred still.
    """
    counts: Counter[tuple[int, int]] = Counter()
    for case in pool.cases:
        for chain in (case.visit, case.arms):
            if chain >= 0:
                counts[int(pool.chain_kind[chain]), int(pool.chain_due[chain])] += case.count
    chains = sorted(counts)
    route = np.zeros(1, dtype=np.int64)
    cases = tuple(
        Case(
            ref="",
            count=counts[key],
            routes=route,
            move_costs=np.zeros(1),
            counted=route,
            visit=n if pool.kinds[key[0]].duty is Duty.VISIT else NO_CHAIN,
            arms=n if pool.kinds[key[0]].duty is Duty.ARMS else NO_CHAIN,
            high=False,
            at_month_end=np.zeros(pool.months, dtype=bool),
        )
        for n, key in enumerate(chains)
    )
    some = {m: (0,) for m in range(pool.months) if pool.arms_limit[:, m].any()}
    seconded = {block.month for block in pool.blocks}
    return replace(
        pool,
        officers=("all",),
        comfortable_hours=pool.comfortable_hours.sum(axis=0, keepdims=True),
        most_hours=pool.most_hours.sum(axis=0, keepdims=True),
        caps=(None,),
        fair_share=np.zeros(1),
        arms_limit=pool.arms_limit.sum(axis=0, keepdims=True),
        doers={(0, m): some.get(m, ()) for m in range(pool.months)},
        blocks=tuple(SecondBlock(month=m, leads=(0,), members=(0,)) for m in sorted(seconded)),
        routes=np.zeros((1, pool.months), dtype=np.int64),
        lead=pool.lead + pool.second,
        second=np.zeros_like(pool.second),
        chain_kind=np.array([k for k, _ in chains], dtype=np.int64),
        chain_due=np.array([d for _, d in chains], dtype=np.int64),
        start=np.array([start_costs(pool.kinds[k], d, pool.months) for k, d in chains]).reshape(
            -1, pool.months + 1
        ),
        cases=cases,
        moves_allowed=None,
        meant=None,
    )
