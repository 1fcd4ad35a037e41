"""Search around the linear programme's plan for the best whole one.

Duties are taken out a few at a time and put back. A month may be overfull for a while at a price,
which rises until none is: so duties move along chains of months that a search keeping every limit
at every step would never find. Steps are counted, not timed, and all chance comes from the seed, so
the same start gives the same end on any machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from planner.optimise.board import INFINITE, NEVER_OVERFULL, Board

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

RELIEVING = 10.0
STEPS_TO_MEND = 20
AT_ANY_PRICE = (100.0, 3000.0)
MENDING = (30.0, 300.0)
"""Price of an overfull hour, in hours' worth, while only what is overfull is mended."""

SURELY = 1e-6
COSTLY = 500.0
"""A duty that costs this much is not done in time: uncleared, protected, or a lock missed."""
MOST_COSTLY = 20


class Exchanging(Protocol):
    """Improves a plan at each of these prices of an overfull hour in turn (in hours' worth)."""

    def __call__(self, board: Search, penalties: Sequence[float], /) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchOptions:
    """How long and how freely to search.

    ``first``: prices of an overfull hour, in hours' worth, at which exchanges are weighed at the
    start. Then come ``cycles``; in each a few duties are taken out and put back ``steps`` times,
    while the price rises from the first to the second of ``rising``, and then exchanges are weighed
    at the prices ``again``. ``most``: duties taken out at once.
    """

    steps: int
    cycles: int
    first: tuple[float, ...] = (2.0, 4.0, 10.0, 30.0)
    rising: tuple[float, float] = (1.3, 10.0)
    again: tuple[float, ...] = (3.0, 10.0)
    most: int = 5


class Search(Board):
    """One pool's plan, searched."""

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
            self.put(slot, calendar, doers)
        self._hold(case, 1)
        return holding

    # --- the search ---------------------------------------------------------------------------

    def run(
        self,
        options: SearchOptions,
        exchange: Exchanging,
        stop: Callable[[], bool] = lambda: False,
    ) -> float:
        """Search, and leave the best plan without an overfull month; its value.

        The plan there is at the start is among those compared.

        Once ``stop`` says so, the best plan so far is made sound and left.
        """
        sound = all(self.ledger.sound(m) for m in range(self._months))
        start = self.value() + self.spread() if sound else INFINITE
        kept = self._copy()
        exchange(self, options.first)
        if any(min(row) < 0 for row in self.ledger.left):
            self.relieve_officers(RELIEVING)
        self._make_sound(options, exchange)
        best = self.value() + self.spread()
        if start < best:
            best = start
            self._restore(kept)
        kept = self._copy()
        for _ in range(options.cycles):
            if stop():
                break
            self._steps(options.steps, options.rising, options.most)
            exchange(self, options.again)
            self._make_sound(options, exchange)
            if (value := self.value() + self.spread()) < best - 1e-9:
                best, kept = value, self._copy()
            else:
                self._restore(kept)
        self._unblock()
        self._tidy()
        return self.value()

    def _make_sound(self, options: SearchOptions, exchange: Exchanging) -> None:
        """Leave no month overfull, at little cost if that can be had."""
        exchange(self, AT_ANY_PRICE)
        if self.total_excess:
            steps = max(options.steps, STEPS_TO_MEND * len(self._all))
            self._steps(steps, MENDING, options.most, until_sound=True)
            self.mend()
            exchange(self, AT_ANY_PRICE)
        self.mend()

    def _steps(
        self, steps: int, penalty: tuple[float, float], most: int, *, until_sound: bool = False
    ) -> None:
        """Take a few duties out and put them back, so many times, at a rising price."""
        first, last = penalty
        for step in range(steps):
            if until_sound and self.total_excess == 0:
                return
            done = step / steps
            self.penalty = first + (last - first) * done * done
            self._step(most)

    def _step(self, most: int) -> None:
        """Take a few duties out, put them back; keep that if it costs no more."""
        chance = self.random.random
        slots, case = self._pick(1 + int(chance() * most))
        self._try(slots, case, 0.0)

    def relieve_officers(self, penalty: float) -> None:
        """Give cases of officers whose own hours run over to others, where that costs less."""
        self.penalty = penalty
        over = {s for s, row in enumerate(self.ledger.left) if min(row) < 0}
        for case in range(len(self.route)):
            if len(self._near_routes[case]) > 1 and over & set(self._routes[self.route[case]]):
                self._try([], case, SURELY)
                over = {s for s, row in enumerate(self.ledger.left) if min(row) < 0}

    def _try(self, slots: list[int], case: int | None, least_gain: float) -> None:
        """Take duties out, a whole case perhaps, put them back; keep that if it gains so much."""
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
        if now + self.penalty * self._excess_worth + change <= was - least_gain:
            return
        for slot, *_ in before:
            self._use(slot, -1)
        if case is not None and route_before is not None:
            self._hold(case, -1)
            self.route[case] = route_before
            self._hold(case, 1)
        for slot, calendar, doers, _ in before:
            self.put(slot, calendar, doers)

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
            if month in months and (not officers or self.who(slot, month) in officers)
        ]
        return month, self._one_of(there) if there else None

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
            self.put(slot, calendars[slot], doers[slot])

    def _unblock(self) -> None:
        """Try each costly duty before another that shares its officer: one may bar the other."""
        self.penalty = NEVER_OVERFULL
        costly = sorted(
            (s for s in self._all if self.cost[s] >= COSTLY), key=lambda s: -self.cost[s]
        )
        for slot in costly[:MOST_COSTLY]:
            som = self._routes[self.route[self.case_of[slot]]][-1]
            for other in self._mates.get(som, self._all):
                if other != slot and self.calendar[other] and self.cost[slot] >= COSTLY:
                    self._try_first(slot, other)

    def _try_first(self, slot: int, other: int) -> None:
        """Take two duties out, put the first back first; keep that if it costs less."""
        before = [(s, self.calendar[s], self.doers[s]) for s in (slot, other)]
        was = self.cost[slot] + self.cost[other] + self.penalty * self._excess_worth
        for s, *_ in before:
            self._use(s, -1)
        for s, *_ in before:
            self._place(s)
        now = self.cost[slot] + self.cost[other] + self.penalty * self._excess_worth
        if now >= was - 1e-9 or not self._sound_for(slot, other):
            for s, *_ in before:
                self._use(s, -1)
            for s, calendar, doers in before:
                self.put(s, calendar, doers)

    def _tidy(self) -> None:
        """Put each duty where it costs less, or no more and is done fewer times."""
        self.penalty = NEVER_OVERFULL
        for slot in self._all:
            calendar, doers, cost = self.calendar[slot], self.doers[slot], self.cost[slot]
            self._use(slot, -1)
            self._place(slot)
            fewer = len(self.calendar[slot]) < len(calendar)
            gains = self.cost[slot] < cost - 1e-9 or (self.cost[slot] <= cost + 1e-9 and fewer)
            if not gains or not self._sound_for(slot):
                self._use(slot, -1)
                self.put(slot, calendar, doers)

    def _sound_for(self, *slots: int) -> bool:
        return all(self.ledger.sound(m) for s in slots for m in self.calendar[s])

    def mend(self) -> None:
        """Make every month sound: take out the least weighty duties, put back what fits."""
        self.penalty = NEVER_OVERFULL
        out: list[int] = []
        for m in range(self._months):
            while not self.ledger.sound(m):
                there = [s for s in self._all if m in self.calendar[s]]
                full = {s for s, row in enumerate(self.ledger.left) if row[m] < 0}
                tight = [s for s in there if self.who(s, m) in full] or there
                slot = min(tight, key=lambda s: (self._dearer_elsewhere(s), s))
                self._use(slot, -1)
                self.calendar[slot], self.doers[slot] = (), ()
                self.cost[slot] = self._calendar_cost(slot)
                out.append(slot)
        for slot in sorted(out, key=lambda s: -self._weights[self._chain_kind[self.chain[s]]]):
            self._place_if_sound(slot)

    def _dearer_elsewhere(self, slot: int) -> float:
        """What it costs more to do a duty only in months that have time for it."""
        calendar, doers, cost = self.calendar[slot], self.doers[slot], self.cost[slot]
        self._use(slot, -1)
        self._place(slot)
        dearer = self.cost[slot] - cost + self.penalty * self._excess_worth
        self._use(slot, -1)
        self.put(slot, calendar, doers)
        return dearer

    def _place_if_sound(self, slot: int) -> None:
        self._place(slot)
        if not self._sound_for(slot):
            self._use(slot, -1)
            self.put(slot, (), ())
