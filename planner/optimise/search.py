"""Search around the linear programme's plan for the best whole one.

Duties are taken out a few at a time and put back, each by a shortest path over its months. A month
may be overfull for a while at a price, which rises until none is: so duties move along chains of
months that a search keeping every limit at every step would never find. Steps are counted, not
timed, and all chance comes from the seed, so the same start gives the same end on any machine.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, TypeVar

from planner.domain.terms import Duty
from planner.optimise.calendars import LOCK_MISSED
from planner.optimise.hours import GRAIN, OVERFULL_AT_ALL, Ledger, grains_up
from planner.optimise.pricing import CAP_EXCESS, MOVE_EXCESS, Choice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planner.optimise.pool import Pool

T = TypeVar("T")

INFINITE = math.inf
NEVER_OVERFULL = 1e7
"""Price of an hour beyond those there are when none may be used."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A case's decision: its choice and who does each of its ARMS."""

    choice: Choice
    doers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchOptions:
    """How long and how freely to search.

    ``steps``: how many times a few duties are taken out and put back. ``heat``: a step may at
    first worsen the plan by this much, later by less. ``penalty``: price of an overfull hour at
    first and at last, as a multiple of what an hour of that month is worth. ``most``: duties
    taken out at once. ``cycles``: how often the price rises.
    """

    steps: int
    seed: int = 0
    heat: float = 0.0
    penalty: tuple[float, float] = (1.3, 30.0)
    most: int = 5
    cycles: int = 2


class Search:
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
                if self._is_arms[slot]:
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

    def penalties(self) -> float:
        """What of the value stands for rules given way: locked months, caps, moves."""
        missed = sum(
            LOCK_MISSED
            for slot, months in enumerate(self.calendar)
            for month in self.pool.kinds[self._chain_kind[self.chain[slot]]].locked
            if month - 1 not in months
        )
        return missed + CAP_EXCESS * self._above_caps() + MOVE_EXCESS * self._above_moves()

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
        self._seen = [
            [m for m in range(pool.months) if k.presence.seen_in(m + 1)] for k in pool.kinds
        ]
        self._weights = [k.weight + k.protected for k in pool.kinds]
        self._place_of = [
            {int(route): place for place, route in enumerate(case.routes)} for case in pool.cases
        ]
        self._ends = [[int(m) for m in case.at_month_end.nonzero()[0]] for case in pool.cases]
        self._capped = any(cap is not None for cap in pool.caps)
        self._is_arms: list[bool] = []
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
            self._is_arms.append(arms)
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
        if self._is_arms[slot]:
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
        if self._is_arms[slot]:
            self.doers[slot] = tuple(doers[m] for m in stops)
        self.cost[slot] = self._calendar_cost(slot)
        self._use(slot, 1)

    def _openings(self, slot: int) -> tuple[list[int], list[float], dict[int, int]]:
        """Months in which the duty may be done, what each adds beyond its own cost, by whom."""
        kind = self._chain_kind[self.chain[slot]]
        route = self._routes[self.route[self.case_of[slot]]]
        hours, second = self._lead[kind], self._second[kind]
        arms = self._is_arms[slot]
        needs_second = self.pool.kinds[kind].crew > 1
        months, added, doers = [], [0.0] * self._months, {}
        for m in self._seen[kind]:
            who = route[m]
            if who < 0:
                continue
            if arms:
                who = self._doer(who, m)
                if who < 0:
                    continue
                doers[m] = who
            elif needs_second and not self.ledger.seconded[who][m]:
                continue
            price = self._added(who, m, hours, second, arms=arms)
            if price < INFINITE:
                months.append(m)
                added[m] = price
        return months, added, doers

    def _doer(self, som: int, m: int) -> int:
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

    def _reroute(self, case: int) -> float:
        """Put a case that has been taken out on the route where it costs least."""
        best, taken, parts = INFINITE, self.route[case], []
        for route in self._near_routes[case]:
            self.route[case] = route
            cost = self._holding_cost(case, route)
            before = self._excess_worth
            for slot in self.slots_of[case]:
                self._place(slot)
                cost += self.cost[slot]
            cost += self.penalty * (self._excess_worth - before)
            if cost < best:
                best, taken = cost, route
                parts = [(s, self.calendar[s], self.doers[s]) for s in self.slots_of[case]]
            for slot in self.slots_of[case]:
                self._use(slot, -1)
        self.route[case] = taken
        holding = self._holding_cost(case, taken)
        for slot, calendar, doers in parts:
            self._put(slot, calendar, doers)
        self._hold(case, 1)
        return holding

    def _put(self, slot: int, calendar: tuple[int, ...], doers: tuple[int, ...]) -> None:
        self.calendar[slot], self.doers[slot] = calendar, doers
        self.cost[slot] = self._calendar_cost(slot)
        self._use(slot, 1)

    # --- the search ---------------------------------------------------------------------------

    def run(self, options: SearchOptions, tell: Callable[[float], None] | None = None) -> float:
        """Search, and leave the best plan without an overfull month; its value.

        In each cycle the price of overfull hours rises from the first to the last; what is still
        overfull then is mended, and the next cycle starts from there.
        """
        best, kept = INFINITE, self._copy()
        first, last = options.penalty
        each = options.steps // options.cycles
        for cycle in range(options.cycles):
            cool = 1 - cycle / options.cycles
            value = self.value()
            for step in range(each):
                done = step / each
                self.penalty = first + (last - first) * done * done
                value += self._step(options.heat * cool * (1 - done), options.most)
                if self.total_excess == 0 and value < best - 1e-9:
                    best, kept = value, self._copy()
            self.mend()
            if (value := self.value()) < best - 1e-9:
                best, kept = value, self._copy()
            self._restore(kept)
            self.mend()
            if tell is not None:
                tell(best)
        return self.value()

    def _step(self, heat: float, most: int) -> float:
        """Take a few duties out, put them back; the change of cost if kept, else 0."""
        chance = self.random.random
        slots, case = self._pick(1 + int(chance() * most))
        whole = [*slots, *(self.slots_of[case] if case is not None else ())]
        order = sorted(set(whole))
        before = [(s, self.calendar[s], self.doers[s], self.cost[s]) for s in order]
        route_before = None if case is None else self.route[case]
        was = sum(b[3] for b in before) + self.penalty * self._excess_worth
        for slot in order:
            self._use(slot, -1)
        change = 0.0
        if case is not None and route_before is not None:
            self._hold(case, -1)
            change -= self._holding_cost(case, route_before)
            change += self._reroute(case)
            order = [s for s in order if self.case_of[s] != case]
        self._shuffle(order)
        for slot in order:
            self._place(slot)
        now = sum(self.cost[b[0]] for b in before)
        gain: float = now - sum(b[3] for b in before) + change
        if now + self.penalty * self._excess_worth + change <= was + heat * chance():
            return gain
        for slot, *_ in before:
            self._use(slot, -1)
        if case is not None and route_before is not None:
            self._hold(case, -1)
            self.route[case] = route_before
            self._hold(case, 1)
        for slot, calendar, doers, _ in before:
            self._put(slot, calendar, doers)
        return 0.0

    def _pick(self, wanted: int) -> tuple[list[int], int | None]:
        """Which duties to take out: around a trouble spot half the time; perhaps a case to move."""
        chance = self.random.random
        slots: set[int] = set()
        month = int(chance() * self._months)
        if chance() < 0.5:
            if self.total_excess and chance() < 0.5:
                month, trouble = self._overfull()
            else:
                trouble = max(
                    (int(chance() * len(self._all)) for _ in range(8)), key=self.cost.__getitem__
                )
                if self.calendar[trouble]:
                    month = self._one_of(self.calendar[trouble])
            if trouble is not None:
                slots.add(trouble)
        width = self._one_of((1, 1, 2, 3))
        mates = self._all
        if slots and chance() < 0.5:
            case = self.case_of[min(slots)]
            mates = self._mates.get(self._routes[self.route[case]][-1], self._all)
        for _ in range(60):
            if len(slots) >= wanted:
                break
            slot = self._one_of(mates)
            for m in self.calendar[slot]:
                if month <= m < month + width:
                    slots.add(slot)
                    break
        case_to_move = None
        if slots and chance() < 0.15:
            case = self.case_of[self._one_of(sorted(slots))]
            if len(self._near_routes[case]) > 1:
                case_to_move = case
        return sorted(slots), case_to_move

    def _overfull(self) -> tuple[int, int | None]:
        """An overfull month and a duty in it, of an overfull officer where there is one."""
        month = self._one_of([m for m, over in enumerate(self._excess) if over])
        officers = {s for s, row in enumerate(self.ledger.left) if row[month] < 0}
        there = [
            slot
            for slot, months in enumerate(self.calendar)
            if month in months and (not officers or self._who(slot, month) in officers)
        ]
        return month, self._one_of(there) if there else None

    def _who(self, slot: int, month: int) -> int:
        if self._is_arms[slot]:
            return self.doers[slot][self.calendar[slot].index(month)]
        return self._routes[self.route[self.case_of[slot]]][month]

    def _shuffle(self, order: list[int]) -> None:
        chance = self.random.random
        for i in range(len(order) - 1, 0, -1):
            j = int(chance() * (i + 1))
            order[i], order[j] = order[j], order[i]
        if chance() < 0.5:
            weight = {
                s: self._weights[self._chain_kind[self.chain[s]]] * (0.5 + chance()) for s in order
            }
            order.sort(key=lambda s: -weight[s])

    def _one_of(self, items: Sequence[T]) -> T:
        return items[int(self.random.random() * len(items))]

    # --- keeping and mending ------------------------------------------------------------------

    def _copy(self) -> tuple[list[int], list[tuple[int, ...]], list[tuple[int, ...]]]:
        return list(self.route), list(self.calendar), list(self.doers)

    def _restore(
        self, kept: tuple[list[int], list[tuple[int, ...]], list[tuple[int, ...]]]
    ) -> None:
        routes, calendars, doers = kept
        for slot in self._all:
            self._use(slot, -1)
        for case, route in enumerate(routes):
            self._hold(case, -1)
            self.route[case] = route
            self._hold(case, 1)
        for slot in self._all:
            self._put(slot, calendars[slot], doers[slot])

    def mend(self) -> None:
        """Make every month sound: take out the least weighty duties, put back what fits."""
        self.penalty = NEVER_OVERFULL
        out: list[int] = []
        for m in range(self._months):
            while not self.ledger.sound(m):
                there = [s for s in self._all if m in self.calendar[s]]
                full = {s for s, row in enumerate(self.ledger.left) if row[m] < 0}
                tight = [s for s in there if self._who(s, m) in full] or there
                slot = min(tight, key=lambda s: (self._weights[self._chain_kind[self.chain[s]]], s))
                self._use(slot, -1)
                self.calendar[slot], self.doers[slot] = (), ()
                self.cost[slot] = self._calendar_cost(slot)
                out.append(slot)
        for slot in sorted(out, key=lambda s: -self._weights[self._chain_kind[self.chain[s]]]):
            self._place_if_sound(slot)

    def _place_if_sound(self, slot: int) -> None:
        self._place(slot)
        if not all(self.ledger.sound(m) for m in self.calendar[slot]):
            self._use(slot, -1)
            self._put(slot, (), ())
