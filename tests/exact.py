"""The whole problem as one exact model, for registers small enough to be solved outright.

Written from the contract and sharing nothing with ``planner.optimise``: who holds each case each
month, every visit and ARMS, who does it, who seconds it, and the contract's cost, in one CP-SAT
model. Hours are whole thousandths, costs whole ten-thousandths.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ortools.sat.python import cp_model

from planner.domain.plan import Holding, Plan, PlannedArms, PlannedVisit
from planner.domain.terms import Duty, LockKind, RiskLevel, VisitType
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from planner.domain.register import Offender, Register
    from planner.workload.situation import DutyChain

POINT = 10_000
HOUR = 1000
NEVER = 19
MONTHS = range(1, 19)
MOVE_TOO_MANY, CASE_ABOVE_CAP, WISH_BROKEN = 10**6, 10**8, 10**10
"""Points that a clash of rules 4, 3 and 2 counts: any of the next is worse than all of the last."""


@dataclass(frozen=True)
class Exact:
    """The best plan there is. ``least``: no plan that breaks no more than this costs less.

    ``broken`` is by how much rules 4, 3 and 2 must give way; ``bought`` hours bought, where hours
    were to be had.
    """

    plan: Plan
    cost: float
    least: float
    proved: bool
    broken: tuple[int, int, int]
    bought: dict[tuple[str, int], float]


def solve_exactly(
    register: Register,
    *,
    clashes: bool = False,
    buying: bool = False,
    limit: float = 20.0,
    deadline: int = 18,
) -> Exact:
    """Solve the register outright; ``limit`` in CP-SAT's own deterministic seconds.

    ``clashes``: rules 4, 3 and 2 may give way, at the price above. ``buying``: instead of the
    contract's cost, the least hours to be bought for the register to clear as the contract has it,
    by the end of month ``deadline``.
    """
    model = _Model(Situation(register), clashes=clashes, buying=buying, deadline=deadline)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = limit
    status = solver.solve(model.cp)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise ValueError(f"The exact model ended {solver.status_name(status)}.")
    return model.read(solver, proved=status == cp_model.OPTIMAL)


def every_rule_can_hold(situation: Situation) -> bool:
    """Whether some plan keeps all hard rules and every lock, none giving way."""
    posts, offender = situation.posts, situation.register.offender
    for lock in situation.register.locks:
        if lock.staff_id is not None and not any(
            posts.may_hold(lock.staff_id, offender[lock.ref], m) for m in MONTHS
        ):
            return False
    model = _Model(situation, clashes=False, buying=False)
    model.cp.minimize(0)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = 5.0
    status = solver.solve(model.cp)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE):
        raise ValueError(f"The exact model ended {solver.status_name(status)}.")
    return status != cp_model.INFEASIBLE


def overdue_points(situation: Situation, chain: DutyChain, due: int, month: int) -> float:
    """What the duty, due in month ``due`` and still not done, costs at a month's end."""
    policy = situation.policy
    if month < due or not chain.presence.at_end_of(month):
        return 0.0
    points = policy.weight[chain.level] * (1 + policy.ageing * (month - due))
    if chain.duty is Duty.VISIT:
        points += policy.cost_protected.get(chain.level, 0.0)
    return points + (policy.cost_uncleared if month == MONTHS[-1] else 0.0)


def _forbidden_if_clearing(chain: DutyChain, due: int, month: int, deadline: int) -> bool:
    """Whether "can clear" by the deadline forbids that the duty is overdue at this month's end."""
    if month < due or not chain.presence.at_end_of(month):
        return False
    pressing = chain.duty is Duty.VISIT and chain.level >= RiskLevel.HIGH and month >= 3
    return pressing or month >= deadline


class _Model:
    """Variables and rules; one method a rule."""

    def __init__(
        self, situation: Situation, *, clashes: bool, buying: bool, deadline: int = 18
    ) -> None:
        self.deadline = deadline
        self.situation = situation
        self.register = situation.register
        self.posts = situation.posts
        self.policy = situation.policy
        self.clashes = clashes
        self.buying = buying
        self.cp = cp_model.CpModel()
        self.points: list[Any] = []
        self.bad: dict[int, list[Any]] = {4: [], 3: [], 2: []}
        self.people = sorted(self.register.offenders, key=lambda o: o.ref)
        self.staff = sorted(self.register.officer)
        self.load: dict[tuple[str, int], list[Any]] = defaultdict(list)
        self.arms_done: dict[tuple[str, int], list[Any]] = defaultdict(list)
        self.bought: dict[tuple[str, int], Any] = {}
        self.second_given: dict[tuple[str, int], list[Any]] = defaultdict(list)
        self.paired: dict[tuple[str, str, str], Any] = {}
        self.hold: dict[tuple[str, str, int], Any] = {}
        self.done: dict[tuple[str, Duty, int], Any] = {}
        self.led: dict[tuple[str, str, int], Any] = {}
        self.assessed: dict[tuple[str, str, int], Any] = {}
        for rule in (
            self._one_som,
            self._changes_for_a_reason,
            self._counted_changes,
            self._keeps_and_som_locks,
            self._caps,
            self._duties_when_allowed,
            self._duty_locks,
            self._visits_by_the_som,
            self._arms_by_whom,
            self._seconds,
            self._hours,
            self._mix,
        ):
            rule()
        penalties = (
            (MOVE_TOO_MANY, self.bad[4]),
            (CASE_ABOVE_CAP, self.bad[3]),
            (WISH_BROKEN, self.bad[2]),
        )
        self.cp.minimize(
            sum(self.points) + sum(POINT * each * sum(broken) for each, broken in penalties)
        )

    def _flag(self) -> Any:
        return self.cp.new_bool_var("")

    def _cost(self, points: float, times: Any) -> None:
        if not self.buying and points:
            self.points.append(round(points * POINT) * times)

    def _one_som(self) -> None:
        for o in self.people:
            for m in MONTHS:
                able = [s for s in self.staff if self.posts.may_hold(s, o, m)]
                for s in able:
                    self.hold[o.ref, s, m] = self._flag()
                self.cp.add_exactly_one(self.hold[o.ref, s, m] for s in able)

    def _changes_for_a_reason(self) -> None:
        for o in self.people:
            for m in MONTHS[1:]:
                joiners = [
                    self.hold[o.ref, s, m]
                    for s in self.staff
                    if self.posts.joins(s) == m and (o.ref, s, m) in self.hold
                ]
                for s in self.staff:
                    if (o.ref, s, m - 1) in self.hold and (o.ref, s, m) in self.hold:
                        stays = self.hold[o.ref, s, m]
                        self.cp.add(self.hold[o.ref, s, m - 1] <= stays + sum(joiners))

    def _counted_changes(self) -> None:
        counted = []
        for o in self.people:
            som = self.register.som_of(o)
            for s in self.staff:
                if self.posts.leaves(s):
                    continue
                for m in MONTHS:
                    if (o.ref, s, m) not in self.hold:
                        continue
                    if m == 1 and s == som:
                        counted.append((o, 1 - self.hold[o.ref, s, 1]))
                    elif m > 1 and (o.ref, s, m - 1) in self.hold:
                        gone = self._flag()
                        self.cp.add(gone >= self.hold[o.ref, s, m - 1] - self.hold[o.ref, s, m])
                        counted.append((o, gone))
        for o, change in counted:
            self._cost(self.policy.cost_move[o.level], change)
        allowed = math.floor(self.policy.moves_share * len(self.people) + 1e-9)
        self.cp.add(sum(change for _, change in counted) <= allowed + self._gives_way(4, 40))

    def _gives_way(self, rule: int, most: int) -> Any:
        if not self.clashes:
            return 0
        slack = self.cp.new_int_var(0, most, "")
        self.bad[rule].append(slack)
        return slack

    def _keeps_and_som_locks(self) -> None:
        for o in self.people:
            wanted = {
                lock.staff_id
                for lock in self.register.locks
                if lock.kind is LockKind.SOM and lock.ref == o.ref
            }
            som = self.register.som_of(o)
            if o.keep and som is not None and self.posts.may_hold(som, o, 1):
                wanted.add(som)
            for s in sorted(str(name) for name in wanted):
                months = [m for m in MONTHS if (o.ref, s, m) in self.hold]
                broken = self._gives_way(2, 1)
                for m in months:
                    self.cp.add(self.hold[o.ref, s, m] + broken >= 1)

    def _caps(self) -> None:
        for s in self.staff:
            cap = self.register.officer[s].cap
            if cap is None:
                continue
            for m in MONTHS:
                held = [
                    self.hold[o.ref, s, m]
                    for o in self.people
                    if (o.ref, s, m) in self.hold and self.situation.presence[o.ref].at_end_of(m)
                ]
                if held:
                    self.cp.add(sum(held) <= cap + self._gives_way(3, 40))

    def _duties_when_allowed(self) -> None:
        for chain in self.situation.chains:
            into: dict[int, list[Any]] = defaultdict(list)
            out: dict[int, list[Any]] = defaultdict(list)
            for i in (0, *MONTHS):
                if i and not chain.presence.seen_in(i):
                    continue
                due = i + chain.interval if i else chain.due_month
                for k in (*range(i + 1, NEVER), NEVER):
                    if k < NEVER and (k < due - chain.early or not chain.presence.seen_in(k)):
                        continue
                    between = range(i + 1, k)
                    if self.buying and any(
                        _forbidden_if_clearing(chain, due, m, self.deadline) for m in between
                    ):
                        continue
                    arc = self._flag()
                    self._cost(
                        sum(overdue_points(self.situation, chain, due, m) for m in between), arc
                    )
                    out[i].append(arc)
                    into[k].append(arc)
            self.cp.add_exactly_one(out[0])
            for m in MONTHS:
                done = self.done[chain.ref, chain.duty, m] = self._flag()
                self.cp.add(sum(into[m]) == done)
                self.cp.add(sum(out[m]) == done)

    def _duty_locks(self) -> None:
        kinds = {LockKind.VISIT: Duty.VISIT, LockKind.ARMS: Duty.ARMS}
        locks = {
            (lock.ref, kinds[lock.kind], self.situation.horizon.number(lock.month))
            for lock in self.register.locks
            if lock.month is not None
        }
        for ref, duty, month in sorted(locks):
            broken = self._gives_way(2, 1)
            self.cp.add(self.done.get((ref, duty, month), 0) + broken >= 1)

    def _visits_by_the_som(self) -> None:
        hours = round(self.situation.hours.lead * HOUR)
        for (ref, duty, m), done in list(self.done.items()):
            if duty is not Duty.VISIT:
                continue
            shares = []
            for s in self.staff:
                if (ref, s, m) in self.hold:
                    led = self.led[ref, s, m] = self._flag()
                    self.cp.add_implication(led, self.hold[ref, s, m])
                    self.load[s, m].append(hours * led)
                    shares.append(led)
            self.cp.add(sum(shares) == done)

    def _arms_by_whom(self) -> None:
        hours = round(self.situation.hours.arms * HOUR)
        for (ref, duty, m), done in list(self.done.items()):
            if duty is not Duty.ARMS:
                continue
            offender, shares = self.register.offender[ref], []
            soms = [s for s in self.staff if (ref, s, m) in self.hold]
            for d in self.staff:
                asking = [
                    self.hold[ref, s, m]
                    for s in soms
                    if d in self.posts.assessors(offender.team, s, m)
                ]
                if asking:
                    assessed = self.assessed[ref, d, m] = self._flag()
                    self.cp.add(assessed <= sum(asking))
                    self.load[d, m].append(hours * assessed)
                    self.arms_done[d, m].append(assessed)
                    shares.append(assessed)
            self.cp.add(sum(shares) == done)
        if not self.buying:
            for done_here in self.arms_done.values():
                self.cp.add(sum(done_here) <= int(self.policy.arms_per_month))

    def _seconds(self) -> None:
        """Whole visits in month 1, any part of the hours later."""
        each = round(self.situation.hours.second * HOUR)
        needs: dict[tuple[str, str, int], list[Any]] = defaultdict(list)
        for (ref, s, m), led in self.led.items():
            offender = self.register.offender[ref]
            if self.situation.crew(offender) > 1:
                needs[offender.team, s, m].append(led)
        for (team, s, m), visits in sorted(needs.items(), key=lambda item: item[0]):
            unit = each if m == 1 else 1
            parts = []
            for d in self.posts.seconds(team, s, m):
                part = self.cp.new_int_var(0, len(visits) * (1 if m == 1 else each), "")
                self.load[d, m].append(unit * part)
                self.second_given[d, m].append((unit, part))
                if m == 1:
                    self.paired[team, s, d] = part
                parts.append(part)
            self.cp.add(unit * sum(parts) == each * sum(visits))

    def _hours(self) -> None:
        for (s, m), parts in sorted(self.load.items(), key=lambda item: item[0]):
            capacity = self.situation.capacity[s, m]
            most = math.floor(capacity * (1 + self.policy.hours_overtime) * HOUR + 1e-6)
            comfort = math.ceil(capacity * self.policy.hours_comfort * HOUR - 1e-6)
            bought: Any = 0
            if self.buying:
                bought = self.bought[s, m] = self.cp.new_int_var(0, 10**6, "")
                self.points.append(bought)
            self.cp.add(sum(parts) <= most + bought)
            if most > comfort and not self.buying:
                above = self.cp.new_int_var(0, most - comfort, "")
                self.cp.add(above >= sum(parts) - comfort)
                self._cost(self.policy.cost_spread / HOUR, above)

    def _mix(self) -> None:
        for s, share in self.situation.fair_share.items():
            held = [
                self.hold[o.ref, s, 1]
                for o in self.people
                if (o.ref, s, 1) in self.hold
                and o.level >= RiskLevel.HIGH
                and self.situation.presence[o.ref].at_end_of(1)
            ]
            if held:
                excess = self.cp.new_int_var(0, len(held) * POINT, "")
                self.cp.add(excess >= POINT * sum(held) - math.ceil(share * POINT))
                self._cost(self.policy.cost_mix / POINT, excess)

    # --- the answer -------------------------------------------------------------------------

    def read(self, solver: cp_model.CpSolver, *, proved: bool) -> Exact:
        plan = self._plan(solver)
        broken = tuple(sum(int(solver.value(b)) for b in self.bad[rule]) for rule in (4, 3, 2))
        gave_way = sum(
            n * each
            for n, each in zip(broken, (MOVE_TOO_MANY, CASE_ABOVE_CAP, WISH_BROKEN), strict=True)
        )
        unit = HOUR if self.buying else POINT
        return Exact(
            plan=plan,
            cost=Outcome(self.situation, plan).total_cost,
            least=solver.best_objective_bound / unit - gave_way * POINT / unit,
            proved=proved,
            broken=(broken[0], broken[1], broken[2]),
            bought={
                key: solver.value(b) / HOUR for key, b in self.bought.items() if solver.value(b)
            },
        )

    def _plan(self, solver: cp_model.CpSolver) -> Plan:
        som = {(ref, m): s for (ref, s, m), held in self.hold.items() if solver.value(held)}
        holdings = {o.ref: tuple(_holdings(o, som)) for o in self.people}
        visits = []
        left = {key: solver.value(part) for key, part in self.paired.items()}
        for (ref, s, m), led in sorted(self.led.items(), key=lambda item: item[0]):
            if not solver.value(led):
                continue
            offender = self.register.offender[ref]
            crew, second = self.situation.crew(offender), None
            if crew > 1 and m == 1:
                key = next(k for k in left if k[:2] == (offender.team, s) and left[k])
                left[key] -= 1
                second = key[2]
            visits.append(PlannedVisit(m, ref, s, VisitType.UNANNOUNCED, crew, second))
        arms = [
            PlannedArms(m, ref, som[ref, m], d)
            for (ref, d, m), done in sorted(self.assessed.items(), key=lambda item: item[0])
            if solver.value(done)
        ]
        second_hours = {
            key: hours
            for key, parts in self.second_given.items()
            if (hours := sum(unit * solver.value(part) for unit, part in parts) / HOUR)
        }
        return Plan(
            horizon=self.situation.horizon,
            holdings=holdings,
            visits=tuple(sorted(visits)),
            arms=tuple(sorted(arms)),
            second_hours=second_hours,
        )


def _holdings(offender: Offender, som: dict[tuple[str, int], str]) -> list[Holding]:
    found: list[Holding] = []
    for m in MONTHS:
        if not found or found[-1].som != som[offender.ref, m]:
            found.append(Holding(m, som[offender.ref, m]))
    return found
