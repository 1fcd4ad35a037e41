"""A few months at once, in whole duties, by an exact model.

What is done in other months stays. In these, duties may change places, and be done by the SOM or
by whoever may do the ARMS, so that the hours are used up as well as they can be. Duties alike (of
one kind and one officer, with the same calendars at the same cost) are counted, so a few months are
few numbers.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from planner.domain.terms import Duty
from planner.optimise.branching import branched
from planner.optimise.month_hours import MonthHours

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from planner.optimise.pool import Pool

    Floats = NDArray[np.float64]

POINT = 10_000
"""Costs are whole ten-thousandths of a point in here."""
MOST_DEARER = 150.0
"""Calendars are left out that cost so much more than the best of a duty, unless it is not to be."""
BEGINNING = 2.0
"""CP-SAT's own seconds for completing what is known to a solution."""

Calendar = tuple[int, ...]
"""Columns of months, ascending."""
Done = tuple[Calendar, tuple[int, ...]]
"""The columns in which a duty is done, and who does it in each."""


class Ahead(NamedTuple):
    """A chain in the stretch: who holds its case in each month, and what each calendar costs."""

    chain: int
    kind: int
    soms: tuple[int, ...]
    costs: tuple[tuple[Calendar, int], ...]


class Stretch:
    """The exact model of some months (columns); ``route`` has the route of each case.

    ``known`` has what is done in those months at present, ``fixed`` the other columns in which each
    chain is done, and ``free`` the chains that may change. ``calendars`` lists those that a chain
    may have beside what is known; by default all there are in so many months.
    """

    def __init__(
        self,
        pool: Pool,
        columns: Sequence[int],
        route: Sequence[int],
        known: Mapping[int, Done],
        fixed: Mapping[int, Calendar],
        free: Collection[int],
        calendars: Callable[[int], Iterable[Calendar]] | None = None,
    ) -> None:
        self.hours = MonthHours(pool)
        self.pool, self.columns, self.known, self.fixed = pool, tuple(columns), known, fixed
        self._free = free
        self._calendars_of = calendars or _all_calendars(self.columns)
        groups: dict[Ahead, list[int]] = defaultdict(list)
        for one in self._ahead(route):
            groups[one._replace(chain=-1)].append(one.chain)
        self.groups = groups
        self.model = cp_model.CpModel()
        self._own: dict[tuple[int, int], list[cp_model.LinearExpr]] = defaultdict(list)
        self._arms: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        self._need: dict[tuple[int, int], list[cp_model.LinearExpr]] = defaultdict(list)
        self._costs: list[cp_model.LinearExprT] = []
        self._count: dict[Ahead, dict[Calendar, cp_model.IntVar]] = {}
        self._doers: dict[tuple[Ahead, int], dict[int, cp_model.IntVar]] = {}
        for group, chains in groups.items():
            self._choose(group, len(chains))
        self._keep_hours()
        self.model.minimize(cp_model.LinearExpr.sum(self._costs))
        self._hint()

    def doing(self, effort: float) -> dict[int, Done] | None:
        """When each chain is done in the stretch, and by whom.

        ``effort`` is in CP-SAT's own seconds; None where nothing was found in that.
        """
        solver = _one_by_one(effort)
        if solver.solve(self.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        return self._done(solver.value)

    def doing_by_branching(self, nodes: int) -> dict[int, Done] | None:
        """As ``doing``, by SCIP: better where months are many and calendars few.

        ``nodes`` limits the search tree. Begins with what is known.
        """
        solver = _one_by_one(BEGINNING)
        solver.parameters.fix_variables_to_their_hinted_value = True
        begin = None
        if solver.solve(self.model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            every = range(len(self.model.proto.variables))
            begin = [solver.value(self.model.get_int_var_from_proto_index(one)) for one in every]
        values = branched(self.model, begin, nodes)
        return None if values is None else self._done(lambda variable: values[variable.index])

    def _done(self, value: Callable[[cp_model.IntVar], int]) -> dict[int, Done]:
        """What the counts of a solution say of each chain."""
        found: dict[int, Done] = {}
        for group, chains in self.groups.items():
            members = iter(chains)
            doers = {m: self._by(group, m, value) for m in self.columns}
            for calendar, count in self._count[group].items():
                for _ in range(value(count)):
                    found[next(members)] = calendar, tuple(next(doers[m]) for m in calendar)
        return found

    def _by(self, group: Ahead, m: int, value: Callable[[cp_model.IntVar], int]) -> Iterator[int]:
        """Who does the duties of a group in a month, one after another."""
        if (group, m) not in self._doers:
            return itertools.repeat(group.soms[self.columns.index(m)])
        counts = self._doers[group, m].items()
        return (doer for doer, count in counts for _ in range(value(count)))

    def _hint(self) -> None:
        """Where to begin: what is known of each chain."""
        for group, chains in self.groups.items():
            counts: dict[Calendar, int] = defaultdict(int)
            by: dict[tuple[int, int], int] = defaultdict(int)
            for chain in chains:
                calendar, doers = self.known.get(chain, ((), ()))
                counts[calendar] += 1
                for m, doer in zip(calendar, doers, strict=True):
                    by[m, doer] += 1
            for calendar, variable in self._count[group].items():
                self.model.add_hint(variable, counts[calendar])
            for m in self.columns:
                for doer, variable in self._doers.get((group, m), {}).items():
                    self.model.add_hint(variable, by[m, doer])

    def _ahead(self, route: Sequence[int]) -> Iterator[Ahead]:
        columns = list(self.columns)
        for case, number in zip(self.pool.cases, route, strict=True):
            soms = tuple(self.pool.routes[number, columns].tolist())
            for chain in (case.visit, case.arms):
                if chain >= 0:
                    kind = int(self.pool.chain_kind[chain])
                    yield Ahead(chain, kind, soms, self._calendars(chain, kind, soms))

    def _calendars(
        self, chain: int, kind: int, soms: tuple[int, ...]
    ) -> tuple[tuple[Calendar, int], ...]:
        """The calendars that a chain may have, and what each costs above the best."""
        known = self.known.get(chain, ((), ()))[0]
        if chain not in self._free:
            return ((known, 0),)
        pool, fixed = self.pool, self.fixed.get(chain, ())
        is_arms = pool.kinds[kind].duty is Duty.ARMS
        open_to = {
            m
            for m, som in zip(self.columns, soms, strict=True)
            if pool.kinds[kind].is_open(m + 1) and som >= 0 and (not is_arms or pool.doers[som, m])
        }
        found: dict[Calendar, float] = {}
        for calendar in dict.fromkeys((*self._calendars_of(chain), known)):
            if open_to.issuperset(calendar):
                months = sorted({m + 1 for m in (*fixed, *calendar)})
                cost = pool.calendar_cost(chain, months)
                if cost < np.inf:
                    found[calendar] = cost
        least = min(found.values())
        return tuple(
            (calendar, round((cost - least) * POINT))
            for calendar, cost in found.items()
            if calendar in ((), known) or cost - least <= MOST_DEARER
        )

    def _choose(self, group: Ahead, size: int) -> None:
        """How many of the duties alike have each calendar, and who does their ARMS."""
        model, pool = self.model, self.pool
        counts = {calendar: model.new_int_var(0, size, "") for calendar, _ in group.costs}
        model.add(cp_model.LinearExpr.sum(list(counts.values())) == size)
        self._costs += [counts[calendar] * cost for calendar, cost in group.costs if cost]
        self._count[group] = counts
        hours, second = self.hours.lead[group.kind], self.hours.second[group.kind]
        for m in self.columns:
            done = [count for calendar, count in counts.items() if m in calendar]
            if not done:
                continue
            som = group.soms[self.columns.index(m)]
            if pool.kinds[group.kind].duty is Duty.ARMS:
                doers = pool.doers[som, m]
                by = {d: model.new_int_var(0, size, "") for d in doers}
                model.add(sum(by.values()) == sum(done))
                self._doers[group, m] = by
                for doer, count in by.items():
                    self._own[doer, m].append(count * hours)
                    self._arms[doer, m].append(count)
            else:
                self._own[som, m] += [count * hours for count in done]
                if second:
                    self._need[som, m] += [count * second for count in done]

    def _keep_hours(self) -> None:
        """Each month's hours, and ARMS by each officer."""
        pool, model = self.pool, self.model
        spread = round(pool.cost_spread * POINT / self.hours.steps)
        for m in self.columns:
            own = {s: self._own[s, m] for s in range(len(pool.officers))}
            need = {s: self._need[s, m] for s in range(len(pool.officers))}
            self._costs += [above * spread for above in self.hours.keep(model, m, own, need)]
            for s in own:
                if self._arms[s, m]:
                    model.add(sum(self._arms[s, m]) <= int(pool.arms_limit[s, m]))


def _one_by_one(effort: float) -> cp_model.CpSolver:
    """CP-SAT with one worker and so many of its own seconds: the same result everywhere."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = effort
    return solver


def _all_calendars(columns: Calendar) -> Callable[[int], Iterable[Calendar]]:
    every = [
        calendar
        for size in range(len(columns) + 1)
        for calendar in itertools.combinations(columns, size)
    ]
    return lambda chain: every
