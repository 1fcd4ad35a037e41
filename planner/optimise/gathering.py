"""Gather a pool from the register: which teams belong together, their officers, cases and hours."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.domain.terms import Duty, LockKind, RiskLevel
from planner.optimise.calendars import Kind, arc_costs, start_costs
from planner.optimise.meant import meant_in
from planner.optimise.pool import NO_CHAIN, Case, Pool, SecondBlock
from planner.optimise.routes import Routes, changes_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from planner.domain.previous import Previous
    from planner.domain.register import Offender
    from planner.optimise.routes import Route
    from planner.workload.situation import DutyChain, Situation

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LOCK_PASSED_OVER = 5e4
"""Penalty for a lock on the SOM that gives way to a keep: less than for a cap or a change."""


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
