"""The linear master problem: which mix of calendars the hours allow, and what an hour is worth.

Column generation: the LP chooses among the calendars known so far, its duals are prices, pricing
finds for each case the calendars that those prices favour, and so on until nothing is gained. Each
round's prices also prove a bound; the best is kept.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from ortools.linear_solver import pywraplp

from planner.errors import NoPlanError
from planner.optimise.pricing import CAP_EXCESS, MOVE_EXCESS, Choice, Prices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from planner.optimise.pool import Pool
    from planner.optimise.pricing import Evaluation, Pricer

    Floats = NDArray[np.float64]
    _Key = tuple[int, int, tuple[int, ...], tuple[int, ...], tuple[int, ...]]


BUY_AT = 1.5
DEARER = 5.0
LEAST_BOUGHT = 1e-6
LEAST_PRICE = 1.0
MANY_CASES = 100
SMOOTHING, SMOOTHING_WHERE_FEW = 0.7, 0.3
"""Share of the best prices so far in those that are tried next."""
LESS_SMOOTHING = 0.9
"""Each time the bound does not rise, the share is multiplied by this."""
AS_IT_STANDS = "use_preprocessing:0 use_scaling:0"
"""Each solve goes on from the last one's end, in a third of the steps: see ``docs/method.md``."""
WITH_CARE = "use_preprocessing:1 use_scaling:1"
"""For where rounding spoils that."""


@dataclass(frozen=True, slots=True)
class Column:
    """A choice for a case with who does each ARMS, and what it costs."""

    choice: Choice
    doers: tuple[int, ...]
    cost: float


@dataclass(slots=True)
class MasterResult:
    """Where column generation ended: the LP's value, the bound proved, and the weights."""

    value: float
    bound: float
    prices: Prices
    rounds: int
    weights: list[tuple[Column, float]] = field(default_factory=list)


class Master:
    """The restricted master LP of one pool, grown column by column."""

    def __init__(
        self,
        pool: Pool,
        pricer: Pricer,
        post_hours: Floats | None = None,
    ) -> None:
        self.pool = pool
        self.pricer = pricer
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        self.solver.SetSolverSpecificParametersAsString(AS_IT_STANDS)
        self.columns: list[Column] = []
        self._variables: list[pywraplp.Variable] = []
        self._known: dict[_Key, pywraplp.Variable] = {}
        self._bought: dict[int, tuple[pywraplp.Variable, float]] = {}
        self._routes: list[list[int]] = pool.routes.tolist()
        hours = list(zip(pool.lead.tolist(), pool.second.tolist(), strict=True))
        self._chain_hours = [hours[kind] for kind in pool.chain_kind.tolist()]
        self._month_ends = [np.flatnonzero(case.at_month_end).tolist() for case in pool.cases]
        self._add_rows()
        self._add_second_hours()
        self._posts = None if post_hours is None else self._post(post_hours)

    @property
    def posts(self) -> float:
        """Full-time posts bought, where there were any to be had."""
        return 0.0 if self._posts is None else float(self._posts.solution_value())

    def generate(
        self,
        start: Prices,
        *,
        tolerance: float,
        most_rounds: int,
        buying: bool = False,
        weighing: bool = True,
        stop: Callable[[], bool] = lambda: False,
    ) -> MasterResult:
        """Generate columns until value and bound meet within ``tolerance`` (a fraction).

        With ``buying``, hours beyond those there are can be bought meanwhile, at a few times the
        price of an hour in ``start``: that keeps early prices sensible while good calendars are
        still unknown. What is still bought when nothing else is gained becomes dearer, until
        nothing is bought. Without ``weighing`` only value, bound and prices are told. ``stop``
        ends it early, after the round at hand.
        """
        is_new = not self.columns
        if is_new:
            for case in range(len(self.pool.cases)):
                self._add(self._idle(case), start)
        if buying:
            self._offer_hours(start)
        best_bound, centre = -np.inf, start
        first = self.pricer.evaluate(start)
        if buying:
            best_bound = first.bound()
        if is_new:
            self._add_best(first, np.full(len(self.pool.cases), np.inf))
        rounds = 0
        share = SMOOTHING if len(self.pool.cases) >= MANY_CASES else SMOOTHING_WHERE_FEW
        while rounds < most_rounds:
            rounds += 1
            value, duals, prices = self._solve()
            given_way = self._given_way()
            dearer = self._raise_hours()
            trial = prices.blend(centre, share) if np.isfinite(best_bound) else prices
            for tried in (trial, prices):
                evaluation = self.pricer.evaluate(tried)
                bound = evaluation.bound()
                if bound > best_bound:
                    best_bound, centre = bound, tried
                elif len(self.pool.cases) >= MANY_CASES:
                    share *= LESS_SMOOTHING
                added = self._add_best(evaluation, duals)
                if added:
                    break
            if stop():
                break
            met = value - best_bound <= tolerance * max(1.0, abs(value - given_way))
            if met or not added:
                if not dearer:
                    break
                self._set_hour_costs(dearer)
        weights = self._weights() if weighing else []
        return MasterResult(value, best_bound, centre, rounds, weights)

    def _given_way(self) -> float:
        """What of the value stands for caps and moves that are exceeded."""
        return sum(cost * float(more.solution_value()) for more, cost in self._excess)

    def offer_hours(self, most: float, cost: float) -> None:
        """Let so many hours more be bought in each officer's month, at this cost an hour."""
        for row in self._hours.values():
            self._slack(row, cost, most)

    def _offer_hours(self, start: Prices) -> None:
        """Let hours, and ARMS above an officer's limit, be bought while columns are few."""
        usual = max(LEAST_PRICE, float(np.median(start.hour)))
        rows = [
            (self._hours[s, m], BUY_AT * max(usual, float(start.hour[s, m])))
            for s, m in self._hours
            if self.pool.most_hours[s, m] > 0
        ]
        rows += [
            (row, BUY_AT * max(usual, float(start.arms[s, m])))
            for (s, m), row in self._arms.items()
        ]
        if self._bought:
            self._set_hour_costs({number: cost for number, (_, cost) in enumerate(rows)})
            return
        for number, (row, cost) in enumerate(rows):
            self._bought[number] = (self._slack(row, cost), cost)

    def _raise_hours(self) -> dict[int, float]:
        """The new costs of hours that are bought at the LP's optimum."""
        return {
            key: cost * DEARER
            for key, (variable, cost) in self._bought.items()
            if variable.solution_value() > LEAST_BOUGHT
        }

    def _set_hour_costs(self, costs: dict[int, float]) -> None:
        for key, cost in costs.items():
            variable = self._bought[key][0]
            self._bought[key] = (variable, cost)
            self.solver.Objective().SetCoefficient(variable, cost)

    def _weights(self) -> list[tuple[Column, float]]:
        """The columns in use at the optimum of all columns known."""
        self._solve()
        return [
            (column, weight)
            for column, variable in zip(self.columns, self._variables, strict=True)
            if (weight := variable.solution_value()) > 1e-9
        ]

    def _solve(self) -> tuple[float, Floats, Prices]:
        if not self._is_solved():
            raise NoPlanError("The linear programme did not solve; please report this.")
        shape = self.pool.shape
        hour, arms, cap = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        for (s, m), row in self._hours.items():
            hour[s, m] = max(0.0, -row.dual_value())
        for (s, m), row in self._arms.items():
            arms[s, m] = max(0.0, -row.dual_value())
        for (s, m), row in self._caps.items():
            cap[s, m] = max(0.0, -row.dual_value())
        mix = np.zeros(shape[0])
        for s, row in self._mix.items():
            mix[s] = min(self.pool.cost_mix, max(0.0, -row.dual_value()))
        duals = np.array([row.dual_value() for row in self._convexity])
        move = 0.0 if self._moves is None else max(0.0, -self._moves.dual_value())
        prices = Prices(hour, arms, cap, mix, move)
        return self.solver.Objective().Value(), duals, prices

    def _is_solved(self) -> bool:
        if self.solver.Solve() == pywraplp.Solver.OPTIMAL:
            return True
        self.solver.SetSolverSpecificParametersAsString(WITH_CARE)
        return bool(self.solver.Solve() == pywraplp.Solver.OPTIMAL)

    def _add_best(self, evaluation: Evaluation, duals: Floats) -> int:
        """Add each case's best choice where it beats the case's dual."""
        gain = duals - evaluation.best_value
        worth = np.flatnonzero(gain > np.maximum(1e-7, 1e-9 * np.abs(evaluation.best_value)))
        before = len(self.columns)
        for case in worth:
            choice = evaluation.choice(evaluation.best_pair(int(case)))
            self._add(choice, evaluation.prices)
        return len(self.columns) - before

    def _idle(self, case: int) -> Choice:
        cheapest = int(self.pool.cases[case].move_costs.argmin())
        return Choice(case, int(self.pool.cases[case].routes[cheapest]), (), ())

    def _add(self, choice: Choice, prices: Prices) -> None:
        doers = tuple(self.pricer.doer(choice.route, m - 1, prices) for m in choice.arms)
        self._enter(Column(choice, doers, self._cost(choice)))

    def _enter(self, column: Column) -> None:
        """Let the programme use a column, once."""
        choice = column.choice
        key = (choice.case, choice.route, choice.visits, choice.arms, column.doers)
        if key in self._known:
            self._known[key].SetUb(self.solver.infinity())
            return
        variable = self.solver.NumVar(0.0, self.solver.infinity(), "")
        self.solver.Objective().SetCoefficient(variable, column.cost)
        amounts: dict[pywraplp.Constraint, float] = defaultdict(float)
        for row, amount in self._entries(column):
            amounts[row] += amount
        for row, amount in amounts.items():
            row.SetCoefficient(variable, amount)
        self._known[key] = variable
        self.columns.append(column)
        self._variables.append(variable)

    def _cost(self, choice: Choice) -> float:
        return self.pool.choice_cost(choice)

    def _entries(self, column: Column) -> Iterable[tuple[pywraplp.Constraint, float]]:
        pool, choice = self.pool, column.choice
        case = pool.cases[choice.case]
        route = self._routes[choice.route]
        yield self._convexity[choice.case], 1.0
        if case.visit >= 0:
            lead, second = self._chain_hours[case.visit]
            for month in choice.visits:
                s, m = route[month - 1], month - 1
                yield self._hours[s, m], lead
                if second > 0:
                    yield self._need[s, m], -second
                    if (s, m) in self._others:
                        yield self._others[s, m], second
        if case.arms >= 0:
            lead, _ = self._chain_hours[case.arms]
            for month, doer in zip(choice.arms, column.doers, strict=True):
                yield self._hours[doer, month - 1], lead
                yield self._arms[doer, month - 1], 1.0
        counted = int(case.counted[case.place(choice.route)])
        if self._moves is not None and counted:
            yield self._moves, float(counted)
        if case.high and route[0] >= 0:
            yield self._mix[route[0]], 1.0
        if self._caps:
            for end in self._month_ends[choice.case]:
                if (route[end], end) in self._caps:
                    yield self._caps[route[end], end], 1.0

    def _add_rows(self) -> None:
        pool, solver = self.pool, self.solver
        infinity = solver.infinity()
        self._excess: list[tuple[pywraplp.Variable, float]] = []
        self._convexity = [solver.Constraint(c.count, c.count) for c in pool.cases]
        self._hours, self._arms, self._caps, self._mix = {}, {}, {}, {}
        self._spread: dict[tuple[int, int], pywraplp.Variable] = {}
        self._above_fair: dict[int, pywraplp.Variable] = {}
        self._moves = None
        if pool.moves_allowed is not None:
            self._moves = solver.Constraint(-infinity, float(pool.moves_allowed))
            self._excess.append((self._slack(self._moves, MOVE_EXCESS), MOVE_EXCESS))
        for s in range(len(pool.officers)):
            self._mix[s] = solver.Constraint(-infinity, float(pool.fair_share[s]))
            self._above_fair[s] = self._slack(self._mix[s], pool.cost_mix)
            for m in range(pool.months):
                comfort, most = pool.comfortable_hours[s, m], pool.most_hours[s, m]
                self._hours[s, m] = solver.Constraint(-infinity, float(comfort))
                if most > comfort:
                    room = float(most - comfort)
                    self._spread[s, m] = self._slack(self._hours[s, m], pool.cost_spread, room)
                if pool.arms_limit[s, m] > 0:
                    self._arms[s, m] = solver.Constraint(-infinity, float(pool.arms_limit[s, m]))
                cap = pool.caps[s]
                if cap is not None:
                    self._caps[s, m] = solver.Constraint(-infinity, float(cap))
                    self._excess.append((self._slack(self._caps[s, m], CAP_EXCESS), CAP_EXCESS))

    def _slack(
        self, row: pywraplp.Constraint, cost: float, most: float | None = None
    ) -> pywraplp.Variable:
        upper = self.solver.infinity() if most is None else most
        variable = self.solver.NumVar(0.0, upper, "")
        self.solver.Objective().SetCoefficient(variable, cost)
        row.SetCoefficient(variable, -1.0)
        return variable

    def _post(self, hours: Floats) -> pywraplp.Variable:
        """Let posts be bought at 1 each, all months alike, by a pool with all officers as one."""
        posts = self.solver.NumVar(0.0, self.solver.infinity(), "")
        self.solver.Objective().SetCoefficient(posts, 1.0)
        for (_, m), row in self._hours.items():
            row.SetCoefficient(posts, -float(hours[m]))
        for row in self._arms.values():
            row.SetCoefficient(posts, -self.pool.arms_each)
        return posts

    def _add_second_hours(self) -> None:
        """Hours given as second officer, and what the visits need of them.

        Of the visits of a block, ``total`` hours are needed; each member gives at most what the
        visits of others need, which is enough for every visit to have somebody else.
        """
        infinity = self.solver.infinity()
        self._need: dict[tuple[int, int], pywraplp.Constraint] = {}
        self._others: dict[tuple[int, int], pywraplp.Constraint] = {}
        self._given: dict[tuple[int, int], list[pywraplp.Variable]] = defaultdict(list)
        for block in self.pool.blocks:
            total = self.solver.NumVar(0.0, infinity, "")
            need = self.solver.Constraint(0.0, infinity)
            need.SetCoefficient(total, 1.0)
            supply = self.solver.Constraint(0.0, infinity)
            supply.SetCoefficient(total, -1.0)
            for lead in block.leads:
                self._need[lead, block.month] = need
            for member in block.members:
                given = self.solver.NumVar(0.0, infinity, "")
                self._given[member, block.month].append(given)
                supply.SetCoefficient(given, 1.0)
                self._hours[member, block.month].SetCoefficient(given, 1.0)
                if member in block.leads and len(block.members) > 1:
                    others = self.solver.Constraint(-infinity, 0.0)
                    others.SetCoefficient(given, 1.0)
                    others.SetCoefficient(total, -1.0)
                    self._others[member, block.month] = others
