"""A pool's plan as a search changes it: duties in and out, cases on and off their routes.

Slots are duties: a case's visits or its ARMS. A slot is put where it costs least by a shortest path
over its months; hours beyond those there are cost ``penalty`` times what an hour is worth.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from planner.domain.terms import Duty
from planner.optimise.calendars import LOCK_MISSED
from planner.optimise.hours import GRAIN, OVERFULL_AT_ALL, Ledger, grains_up
from planner.optimise.pricing import CAP_EXCESS, MOVE_EXCESS, Choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.optimise.pool import Pool

INFINITE = math.inf
NEEDLESS = 1e-3
"""What each doing costs on top while searching, so that nothing is done oftener than it must be."""
NEVER_OVERFULL = 1e7
"""Price of an hour beyond those there are when none may be used."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A case's decision: its choice and who does each of its ARMS."""

    choice: Choice
    doers: tuple[int, ...]


class Board:
    """One pool's plan under change. Slots are duties: a case's visits or its ARMS."""

    def __init__(
        self,
        pool: Pool,
        decided: Sequence[Decided],
        routes: Sequence[Sequence[int]],
        dear: Sequence[float],
        seed: int,
    ) -> None:
        self.pool = pool
        self.random = Random(seed)
        self.ledger = Ledger(pool)
        self._tables()
        self._near_routes = routes
        self.route = [d.choice.route for d in decided]
        self.slots_of: list[list[int]] = []
        self.case_of: list[int] = []
        self.chain: list[int] = []
        self.calendar: list[tuple[int, ...]] = []
        self.doers: list[tuple[int, ...]] = []
        self.cost: list[float] = []
        self._high_held = [0] * len(pool.officers)
        self._held = [[0] * pool.months for _ in pool.officers]
        self._moves = 0
        self.penalty = NEVER_OVERFULL
        self._excess = [0] * pool.months
        self.total_excess = 0
        self._dear = [worth / GRAIN for worth in dear]
        self._excess_worth = 0.0
        for case, decision in enumerate(decided):
            self._enter(case, decision)
        self._share_of_month()

    # --- what the plan is -----------------------------------------------------------------

    def decided(self) -> list[Decided]:
        """The plan as it stands."""
        found = []
        for case, slots in enumerate(self.slots_of):
            visits: tuple[int, ...] = ()
            arms: tuple[int, ...] = ()
            doers: tuple[int, ...] = ()
            for slot in slots:
                months = tuple(m + 1 for m in self.calendar[slot])
                if self.is_arms[slot]:
                    arms, doers = months, self.doers[slot]
                else:
                    visits = months
            found.append(Decided(Choice(case, self.route[case], visits, arms), doers))
        return found

    def value(self) -> float:
        """Cost of the plan but for the spread, penalties included, overfull hours not counted."""
        routes = sum(self._route_cost(case, route) for case, route in enumerate(self.route))
        mix = sum(
            max(0.0, held - share)
            for held, share in zip(self._high_held, self.pool.fair_share, strict=True)
        )
        excess = CAP_EXCESS * self._above_caps() + MOVE_EXCESS * self._above_moves()
        return float(sum(self.cost) + routes + self.pool.cost_mix * mix + excess)

    def spread(self) -> float:
        """What hours above comfort cost, second hours given as evenly as can be."""
        above = sum(self.ledger.above_comfort(m) for m in range(self._months))
        return self.pool.cost_spread * above / GRAIN

    def penalties(self) -> float:
        """What of the value stands for rules given way: locked months, caps, moves."""
        missed = sum(
            LOCK_MISSED
            for slot, months in enumerate(self.calendar)
            for month in self.pool.kinds[self._chain_kind[self.chain[slot]]].locked
            if month - 1 not in months
        )
        passed_over = sum(
            float(about.passed_over[self._place_of[case][self.route[case]]])
            for case, about in enumerate(self.pool.cases)
            if about.passed_over is not None
        )
        excess = CAP_EXCESS * self._above_caps() + MOVE_EXCESS * self._above_moves()
        return missed + passed_over + excess

    def _above_caps(self) -> int:
        return sum(
            max(0, held - cap)
            for row, cap in zip(self._held, self.pool.caps, strict=True)
            if cap is not None
            for held in row
        )

    def _above_moves(self) -> int:
        allowed = self.pool.moves_allowed
        return 0 if allowed is None else max(0, self._moves - allowed)

    # --- setting up -----------------------------------------------------------------------

    def _tables(self) -> None:
        pool = self.pool
        self._months = pool.months
        self._arcs = [a.tolist() for a in pool.arcs]
        self._lead = [grains_up(float(h)) for h in pool.lead]
        self._second = [grains_up(float(h)) for h in pool.second]
        self._routes: list[list[int]] = pool.routes.tolist()
        self._spread = pool.cost_spread / GRAIN
        self._starts: list[list[float]] = pool.start.tolist()
        self._chain_kind: list[int] = pool.chain_kind.tolist()
        self._seen = [[m for m in range(pool.months) if k.is_open(m + 1)] for k in pool.kinds]
        self._weights = [k.weight + k.protected + LOCK_MISSED * bool(k.locked) for k in pool.kinds]
        self._place_of = [
            {int(route): place for place, route in enumerate(case.routes)} for case in pool.cases
        ]
        self._ends = [[int(m) for m in case.at_month_end.nonzero()[0]] for case in pool.cases]
        self._capped = any(cap is not None for cap in pool.caps)
        self.is_arms: list[bool] = []
        self._most = [list(row) for row in self.ledger.left]

    def _enter(self, case: int, decision: Decided) -> None:
        slots = []
        about = self.pool.cases[case]
        choice = decision.choice
        for chain, months in ((about.visit, choice.visits), (about.arms, choice.arms)):
            if chain < 0:
                continue
            slot = len(self.case_of)
            slots.append(slot)
            arms = self.pool.kinds[self._chain_kind[chain]].duty is Duty.ARMS
            self.case_of.append(case)
            self.chain.append(chain)
            self.is_arms.append(arms)
            self.calendar.append(tuple(m - 1 for m in months))
            self.doers.append(decision.doers if arms else ())
            self.cost.append(self._calendar_cost(slot))
            self._use(slot, 1)
        self.slots_of.append(slots)
        self._hold(case, 1)

    def _share_of_month(self) -> None:
        """Slots by their officer at the end, so that duties sharing hours are found together."""
        by_officer: dict[int, list[int]] = {}
        for slot, case in enumerate(self.case_of):
            by_officer.setdefault(self._routes[self.route[case]][-1], []).append(slot)
        self._mates = by_officer
        self._all = list(range(len(self.case_of)))

    # --- one duty in, one duty out ----------------------------------------------------------

    def _use(self, slot: int, sign: int) -> None:
        kind = self._chain_kind[self.chain[slot]]
        ledger = self.ledger
        hours = self._lead[kind]
        if self.is_arms[slot]:
            for m, doer in zip(self.calendar[slot], self.doers[slot], strict=True):
                ledger.arms(doer, m, hours, sign)
        else:
            second = self._second[kind]
            route = self._routes[self.route[self.case_of[slot]]]
            for m in self.calendar[slot]:
                ledger.visit(route[m], m, hours, second, sign)
        for m in self.calendar[slot]:
            now = ledger.excess(m)
            change = now - self._excess[m]
            if change:
                self.total_excess += change
                self._excess_worth += change * self._dear[m]
                self._excess[m] = now

    def _calendar_cost(self, slot: int) -> float:
        chain = self.chain[slot]
        stops = (*self.calendar[slot], self._months)
        arcs = self._arcs[self._chain_kind[chain]]
        cost = self._starts[chain][stops[0]]
        for i, k in itertools.pairwise(stops):
            cost += arcs[i][k]
        return cost

    def _place(self, slot: int) -> None:
        """Put a duty back where it costs least, overfull hours at their price."""
        months, added, doers = self._openings(slot)
        chain = self.chain[slot]
        arcs, start = self._arcs[self._chain_kind[chain]], self._starts[chain]
        end = self._months
        to_go = [0.0] * (end + 1)
        follow = [end] * end
        for place in range(len(months) - 1, -1, -1):
            m = months[place]
            row = arcs[m]
            best, onward = row[end], end
            for k in months[place + 1 :]:
                value = row[k]
                if value < best:
                    value += to_go[k]
                    if value < best:
                        best, onward = value, k
            to_go[m] = best + added[m]
            follow[m] = onward
        best, month = start[end], end
        for k in months:
            value = start[k]
            if value < best:
                value += to_go[k]
                if value < best:
                    best, month = value, k
        stops = []
        while month < end:
            stops.append(month)
            month = follow[month]
        self.calendar[slot] = tuple(stops)
        if self.is_arms[slot]:
            self.doers[slot] = tuple(doers[m] for m in stops)
        self.cost[slot] = self._calendar_cost(slot)
        self._use(slot, 1)

    def _openings(self, slot: int) -> tuple[list[int], list[float], dict[int, int]]:
        """Months in which the duty may be done, what each adds beyond its own cost, by whom."""
        kind = self._chain_kind[self.chain[slot]]
        route = self._routes[self.route[self.case_of[slot]]]
        hours, second = self._lead[kind], self._second[kind]
        arms = self.is_arms[slot]
        needs_second = self.pool.kinds[kind].crew > 1
        months, added, doers = [], [0.0] * self._months, {}
        for m in self._seen[kind]:
            who = route[m]
            if who < 0:
                continue
            if arms:
                who = self.doer(who, m)
                if who < 0:
                    continue
                doers[m] = who
            elif needs_second and not self.ledger.seconded[who][m]:
                continue
            price = self._added(who, m, hours, second, arms=arms)
            if price < INFINITE:
                months.append(m)
                added[m] = price + NEEDLESS
        return months, added, doers

    def doer(self, som: int, m: int) -> int:
        """Of those who may do the ARMS and have not done enough, who has most hours left."""
        best, most = -1, -(10**12)
        for doer in self.pool.doers[som, m]:
            if self.ledger.room[doer][m] > 0 and self.ledger.left[doer][m] > most:
                best, most = doer, self.ledger.left[doer][m]
        return best

    def _added(self, who: int, m: int, hours: int, second: int, *, arms: bool) -> float:
        """Price of overfull hours and of spread that one more duty of an officer adds."""
        ledger = self.ledger
        if self._most[who][m] < hours:
            return INFINITE
        total = hours + second
        group = ledger.group[who][m]
        slack = ledger.slack[m][group] if group >= 0 else total
        if ledger.delicate[m]:
            if arms:
                ledger.arms(who, m, hours)
                over = ledger.excess(m) - self._excess[m]
                ledger.arms(who, m, hours, -1)
            else:
                ledger.visit(who, m, hours, second)
                over = ledger.excess(m) - self._excess[m]
                ledger.visit(who, m, hours, second, -1)
        else:
            left = ledger.left[who][m]
            over = 0
            if slack < total:
                over = total if slack < 0 else total - slack + OVERFULL_AT_ALL
            if left < hours:
                over += hours if left < 0 else hours - left + OVERFULL_AT_ALL
        price = self.penalty * over * self._dear[m]
        if group >= 0:
            above = total - slack + ledger.beyond_comfort[m][group]
            if above > 0:
                price += self._spread * (above if above < total else total)
        return price

    # --- a case's route -----------------------------------------------------------------------

    def _hold(self, case: int, sign: int) -> None:
        route = self._routes[self.route[case]]
        self._moves += sign * self._counted(case)
        if self.pool.cases[case].high and route[0] >= 0:
            self._high_held[route[0]] += sign
        if self._capped:
            for m in self._ends[case]:
                if route[m] >= 0:
                    self._held[route[m]][m] += sign

    def _route_cost(self, case: int, route: int) -> float:
        about = self.pool.cases[case]
        place = self._place_of[case][route]
        return float(about.move_costs[place])

    def _counted(self, case: int) -> int:
        return int(self.pool.cases[case].counted[self._place_of[case][self.route[case]]])

    def _holding_cost(self, case: int, route: int) -> float:
        """Cost of the case being on the route, as things stand without it."""
        cost = self._route_cost(case, route)
        months = self._routes[route]
        first = months[0]
        if self.pool.cases[case].high and first >= 0:
            held, share = self._high_held[first], float(self.pool.fair_share[first])
            cost += self.pool.cost_mix * (max(0.0, held + 1 - share) - max(0.0, held - share))
        allowed = self.pool.moves_allowed
        if allowed is not None:
            counted = int(self.pool.cases[case].counted[self._place_of[case][route]])
            above = max(0, self._moves + counted - allowed) - max(0, self._moves - allowed)
            cost += MOVE_EXCESS * above
        if self._capped:
            for m in self._ends[case]:
                cap = self.pool.caps[months[m]] if months[m] >= 0 else None
                if cap is not None and self._held[months[m]][m] >= cap:
                    cost += CAP_EXCESS
        return cost

    def som(self, slot: int, m: int) -> int:
        """Who holds a duty's case in a month (column)."""
        return self._routes[self.route[self.case_of[slot]]][m]

    def who(self, slot: int, m: int) -> int:
        """Who does a duty in a month (column) in which it is done."""
        if self.is_arms[slot]:
            return self.doers[slot][self.calendar[slot].index(m)]
        return self.som(slot, m)

    def take_out(self, slot: int) -> None:
        """Take a duty out; its calendar stays noted, its hours are free."""
        self._use(slot, -1)

    def put(self, slot: int, calendar: tuple[int, ...], doers: tuple[int, ...]) -> None:
        """Put a duty that has been taken out on a calendar (month columns), done by these."""
        self.calendar[slot], self.doers[slot] = calendar, doers
        self.cost[slot] = self._calendar_cost(slot)
        self._use(slot, 1)
