"""A neighbourhood: some cases are planned anew, exactly, while all others stay as they are.

The integer model of part of a pool: which route and which calendars each free case takes, within
the hours that the fixed cases leave. Calendars are offered where they come near enough to the best
at the prices of the linear programme; the incumbent's are always among them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from ortools.linear_solver.python import model_builder

from planner.optimise.pricing import CAP_EXCESS, Choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.optimise.pool import Pool
    from planner.optimise.pricing import Evaluation

    Floats = NDArray[np.float64]
    Variable = model_builder.Variable

UNSECONDED = 2e4
"""Penalty for an hour of a second officer that nobody gives, while searching only."""
ROUNDING = 1e-7
"""Hours kept back from each capacity so that sums of floats stay within it."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A case's decision: its choice and who does each of its ARMS."""

    choice: Choice
    doers: tuple[int, ...]


class Effort(NamedTuple):
    """How wide to offer and how long to search; all in units that do not depend on the machine."""

    slack: float = 4.0
    most_offers: int = 20
    most_routes: int = 3
    solver: str = "sat"
    budget: float = 2.0
    seed: int = 0


class _Option(NamedTuple):
    """A chain's calendar on a route, as a yes or no in the model."""

    route: int
    calendar: tuple[int, ...]
    doers: tuple[int, ...]
    variable: Variable


class Neighbourhood:
    """The integer model with some cases free, around an incumbent."""

    def __init__(
        self,
        pool: Pool,
        decided: Sequence[Decided],
        free: Sequence[int],
        evaluation: Evaluation,
        effort: Effort,
    ) -> None:
        self.pool = pool
        self.decided = list(decided)
        self.free = tuple(free)
        self.evaluation = evaluation
        self.effort = effort
        self.model = model_builder.Model()
        self._cost: list[tuple[Variable, float]] = []
        self._constant = 0.0
        shape = pool.capacity.shape
        self._fixed = {name: np.zeros(shape) for name in ("hours", "arms", "need", "held")}
        self._fixed_mix = np.zeros(shape[0])
        self._terms: dict[tuple[str, int, int], list[tuple[Variable, float]]] = defaultdict(list)
        self._routes: dict[int, list[tuple[int, Variable]]] = {}
        self._options: dict[tuple[int, str], list[_Option]] = {}
        loose = set(self.free)
        for case, decision in enumerate(self.decided):
            if case not in loose:
                self._fix(decision)
        for case in self.free:
            self._offer(case)
        self._rows()

    def solve(self) -> tuple[list[Decided], float] | None:
        """Search; the decisions found and the pool's cost with penalties, or None."""
        objective = sum(v * c for v, c in self._cost) + self._constant
        self.model.minimize(objective)
        solver = model_builder.Solver(self.effort.solver)
        self._limit(solver)
        status = solver.solve(self.model)
        if status not in (model_builder.SolveStatus.OPTIMAL, model_builder.SolveStatus.FEASIBLE):
            return None
        found = list(self.decided)
        for case in self.free:
            found[case] = self._read(solver, case)
        return found, float(solver.objective_value)

    def _limit(self, solver: model_builder.Solver) -> None:
        if self.effort.solver == "sat":
            solver.set_solver_specific_parameters(
                f"max_deterministic_time:{self.effort.budget} num_workers:1 "
                f"random_seed:{self.effort.seed} relative_gap_limit:1e-5"
            )
        elif self.effort.solver == "scip":
            solver.set_solver_specific_parameters(
                f"limits/nodes = {int(self.effort.budget)}\nlimits/gap=1e-5"
            )
        else:
            solver.set_time_limit_in_seconds(self.effort.budget)

    def _read(self, solver: model_builder.Solver, case: int) -> Decided:
        route = max(self._routes[case], key=lambda rv: solver.value(rv[1]))[0]
        calendars: dict[str, tuple[int, ...]] = {"visit": (), "arms": ()}
        doers: tuple[int, ...] = ()
        for name in calendars:
            taken = [
                o for o in self._options.get((case, name), ()) if solver.value(o.variable) > 0.5
            ]
            if taken:
                calendars[name] = taken[0].calendar
                if name == "arms":
                    doers = taken[0].doers
        return Decided(Choice(case, route, calendars["visit"], calendars["arms"]), doers)

    def _fix(self, decision: Decided) -> None:
        pool, choice = self.pool, decision.choice
        case, route = pool.cases[choice.case], pool.routes[choice.route]
        place = int(np.flatnonzero(case.routes == choice.route)[0])
        self._constant += float(case.move_costs[place])
        if case.visit >= 0:
            kind = pool.chain_kind[case.visit]
            self._constant += pool.calendar_cost(case.visit, choice.visits)
            for month in choice.visits:
                self._fixed["hours"][route[month - 1], month - 1] += pool.lead[kind]
                self._fixed["need"][route[month - 1], month - 1] += pool.second[kind]
        if case.arms >= 0:
            kind = pool.chain_kind[case.arms]
            self._constant += pool.calendar_cost(case.arms, choice.arms)
            for month, doer in zip(choice.arms, decision.doers, strict=True):
                self._fixed["hours"][doer, month - 1] += pool.lead[kind]
                self._fixed["arms"][doer, month - 1] += 1
        for m in np.flatnonzero(case.at_month_end & (route >= 0)):
            self._fixed["held"][route[m], m] += 1
        if case.high and route[0] >= 0:
            self._fixed_mix[route[0]] += 1

    def _offer(self, number: int) -> None:
        pool, case = self.pool, self.pool.cases[number]
        now = self.decided[number]
        routes = self._near_routes(number, now.choice.route)
        self._routes[number] = []
        for route in routes:
            place = int(np.flatnonzero(case.routes == route)[0])
            chosen = self.model.new_bool_var("")
            self._cost.append((chosen, float(case.move_costs[place])))
            self._routes[number].append((route, chosen))
            soms = pool.routes[route]
            for m in np.flatnonzero(case.at_month_end & (soms >= 0)):
                if pool.caps[soms[m]] is not None:
                    self._terms["held", int(soms[m]), int(m)].append((chosen, 1.0))
            if case.high and soms[0] >= 0:
                self._terms["mix", int(soms[0]), 0].append((chosen, 1.0))
            for name, chain in (("visit", case.visit), ("arms", case.arms)):
                if chain >= 0:
                    mine = route == now.choice.route
                    self._calendars(number, name, chain, route, chosen, now if mine else None)
        self.model.add(sum(v for _, v in self._routes[number]) == 1)

    def _near_routes(self, number: int, now: int) -> list[int]:
        pricer = self.evaluation.pricer
        first, end = pricer.pair_start[number : number + 2]
        values = self.evaluation.value[first:end]
        order = np.argsort(values, kind="stable")[: self.effort.most_routes]
        near = [
            int(pricer.pair_route[first + p])
            for p in order
            if values[p] <= values[order[0]] + self.effort.slack
        ]
        return near if now in near else [*near, now]

    def _calendars(
        self, number: int, name: str, chain: int, route: int, chosen: Variable, now: Decided | None
    ) -> None:
        pool = self.pool
        kind = int(pool.chain_kind[chain])
        offers = self.evaluation.near_best(chain, route, self.effort.slack, self.effort.most_offers)
        with_doers = [
            (c, self.evaluation.doers(route, c) if name == "arms" else ()) for c in offers
        ]
        if now is not None:
            held = now.choice.visits if name == "visit" else now.choice.arms
            incumbent = (held, now.doers if name == "arms" else ())
            if incumbent not in with_doers:
                with_doers.append(incumbent)
        options = []
        for calendar, doers in with_doers:
            taken = self.model.new_bool_var("")
            options.append(_Option(route, calendar, doers, taken))
            self._cost.append((taken, pool.calendar_cost(chain, calendar)))
            for place, month in enumerate(calendar):
                m, som = month - 1, int(pool.routes[route, month - 1])
                who = doers[place] if name == "arms" else som
                self._terms["hours", who, m].append((taken, float(pool.lead[kind])))
                if name == "arms":
                    self._terms["arms", who, m].append((taken, 1.0))
                elif pool.second[kind] > 0:
                    self._terms["need", som, m].append((taken, float(pool.second[kind])))
        self._options.setdefault((number, name), []).extend(options)
        self.model.add(sum(o.variable for o in options) == chosen)

    def _rows(self) -> None:
        pool = self.pool
        given = self._second_hours()
        for s in range(len(pool.officers)):
            self._mix_row(s)
            for m in range(pool.months):
                self._hours_row(s, m, given.get((s, m), []))
                self._counted_row("arms", s, m, float(pool.arms_limit[s, m]))
                cap = pool.caps[s]
                if cap is not None:
                    self._counted_row("held", s, m, float(cap), CAP_EXCESS)

    def _mix_row(self, s: int) -> None:
        terms = self._terms.get(("mix", s, 0), [])
        room = float(self.pool.fair_share[s] - self._fixed_mix[s])
        if self.pool.cost_mix > 0 and room < len(terms):
            excess = self.model.new_num_var(0.0, 1e6, "")
            self._cost.append((excess, self.pool.cost_mix))
            self.model.add(sum(v * a for v, a in terms) - excess <= room)

    def _hours_row(self, s: int, m: int, given: list[tuple[Variable, float]]) -> None:
        pool = self.pool
        terms = self._terms.get(("hours", s, m), []) + given
        if not terms:
            return
        fixed = self._fixed["hours"][s, m]
        comfort, most = pool.comfortable_hours[s, m], pool.most_hours[s, m]
        above = self.model.new_num_var(0.0, max(0.0, float(most - comfort) - ROUNDING), "")
        self._cost.append((above, pool.cost_spread))
        used = sum(v * a for v, a in terms)
        self.model.add(
            used - above <= max(float(comfort - fixed), 0.0)
            if fixed > most
            else used - above <= float(comfort - fixed)
        )

    def _counted_row(
        self, name: str, s: int, m: int, limit: float, penalty: float | None = None
    ) -> None:
        terms = self._terms.get((name, s, m), [])
        room = limit - self._fixed[name][s, m]
        if not terms or room >= sum(a for _, a in terms):
            return
        used = sum(v * a for v, a in terms)
        if penalty is not None:
            excess = self.model.new_num_var(0.0, 1e6, "")
            self._cost.append((excess, penalty))
            used = used - excess
        self.model.add(used <= max(0.0, room) if penalty is None else used <= room)

    def _second_hours(self) -> dict[tuple[int, int], list[tuple[Variable, float]]]:
        pool = self.pool
        unit = float(pool.second.max(initial=0.0))
        given: dict[tuple[int, int], list[tuple[Variable, float]]] = defaultdict(list)
        for block in pool.blocks:
            m = block.month
            fixed = sum(self._fixed["need"][lead, m] for lead in block.leads)
            terms = [t for lead in block.leads for t in self._terms.get(("need", lead, m), [])]
            if unit == 0 or (fixed == 0 and not terms):
                continue
            need = sum(v * a for v, a in terms) + float(fixed)
            lacking = self.model.new_num_var(0.0, 1e6, "")
            self._cost.append((lacking, UNSECONDED))
            shares = []
            for member in block.members:
                if m == 0:
                    share, size = self.model.new_int_var(0, 1000, ""), unit
                else:
                    share, size = self.model.new_num_var(0.0, 1e5, ""), 1.0
                own = sum(v * a for v, a in self._terms.get(("need", member, m), []))
                own = own + float(self._fixed["need"][member, m]) if member in block.leads else 0.0
                shares.append(share * size)
                given[member, m].append((share, size))
                self.model.add(share * size + own <= need)
            self.model.add(sum(shares) + lacking >= need)
        return given
