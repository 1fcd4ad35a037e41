"""A whole plan month by month: each month is filled in whole duties, then the rest planned anew.

The linear programme says which duties are due for a month, a few of them in part. Whole numbers
near those are chosen so that the month's hours are used up (``month``); then the month is settled
and the programme of the others solved again. What one month's rounding spoils, the months that are
left put right. A case stays free to go to another SOM until something is done for it.

Just enough hours for everything to be done by the last month leave nothing to put right with. So
some of the last month is kept back, to be had only at a price, less of it from month to month.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.errors import NoPlanError
from planner.optimise.board import Decided
from planner.optimise.month import MonthModel, Work, Worth
from planner.optimise.pricing import Choice
from planner.optimise.still_open import StillOpen
from planner.optimise.stretch import Stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from planner.optimise.master import Column, MasterResult
    from planner.optimise.pool import Pool
    from planner.optimise.pricing import Evaluation, Prices
    from planner.optimise.stretch import Done

KEPT_PRICE = 20.0
MOST_KEPT = 0.5
"""At most this share of the last month's hours."""
AT_ONCE = 3
"""So many months at the end are planned at once, with this much more effort."""
LAST_MONTHS = 12.0
MOST_OFFICERS = 20
"""In larger pools the last months would be too many numbers to weigh at once."""
FIRST_MONTH = 10.0
"""In month 1 second officers are named for whole visits: its model gets this much more effort."""


class Manner(NamedTuple):
    """How months are rounded; one may come out better than another, none always does.

    ``firmness`` is for ``MonthModel``. ``hours`` (half of them at last) and ``arms`` of the last
    month are kept back for each officer. ``as_allocated``: cases keep to the route that the
    programme gives them, its rows of whole duties included; else they may take others near it.
    """

    firmness: float
    hours: float
    arms: float
    as_allocated: bool = False


class ByMonth:
    """Plans one pool month by month, from its linear programme.

    ``route`` has each case's likeliest route, ``routes`` those it may still take; ``columns`` are
    what the programme knows already.
    """

    def __init__(
        self,
        pool: Pool,
        route: Sequence[int],
        routes: Sequence[Collection[int]],
        columns: Iterable[Column],
        manner: Manner,
    ) -> None:
        self.manner = manner
        cases = tuple(case.on_routes(near) for case, near in zip(pool.cases, routes, strict=True))
        self.whole = replace(pool, cases=cases)
        self.pool = replace(
            self.whole,
            start=pool.start.copy(),
            most_hours=pool.most_hours.copy(),
            comfortable_hours=pool.comfortable_hours.copy(),
            arms_limit=pool.arms_limit.copy(),
        )
        self.route = list(route)
        known = (c for c in columns if c.choice.route in routes[c.choice.case])
        self.programme = StillOpen(self.pool, self.whole, known)

    def run(
        self,
        prices: Prices,
        *,
        tolerance: float,
        most_rounds: int,
        effort: float,
        stop: Callable[[], bool] = lambda: False,
    ) -> list[Decided] | None:
        """Plan every month; None where ``stop`` said so before the end.

        ``tolerance`` and ``most_rounds`` are for each programme, ``effort`` for each month's model
        (in CP-SAT's own seconds).
        """
        for case, route in enumerate(self.route):
            self.programme.let_wait(case, route, prices)
        at_once = self.pool.months - AT_ONCE
        for m in range(self.pool.months):
            if stop():
                return None
            try:
                linear = self._linear(m, prices, tolerance, most_rounds)
            except NoPlanError:
                self.programme = self.programme.anew()
                linear = self._linear(m, prices, tolerance, most_rounds)
            if (
                m == at_once
                and len(self.pool.officers) <= MOST_OFFICERS
                and self._last_months(linear, m, effort)
            ):
                break
            prices = linear.prices
            evaluation = self.programme.pricer.evaluate(prices)
            wanted = self._wanted(linear, m)
            work = self._work(evaluation, wanted, m)
            second, _ = self.programme.pricer.hour_prices(prices)
            worth = Worth(prices.hour[:, m], prices.arms[:, m], second[:, m])
            model = MonthModel(self.pool, m, work, worth, self.manner.firmness)
            doing = model.doing(effort * (1 if m else FIRST_MONTH))
            self.programme.settle(m, doing, self.route, prices)
        return [self._decided(case) for case in range(len(self.pool.cases))]

    def _last_months(self, linear: MasterResult, first: int, effort: float) -> bool:
        """Plan the months from ``first`` (a column) on at once; False where that found nothing."""
        wanted = self._wanted_calendars(linear, first)
        self._reserve(0.0, 0.0)
        columns = range(first, self.pool.months)
        model = Stretch(
            self.pool, columns, self.route, wanted, {}, range(len(self.pool.chain_kind))
        )
        found = model.doing(effort * LAST_MONTHS)
        if found is None:
            return False
        doing: list[dict[int, int]] = [{} for _ in columns]
        for chain, (months, doers) in found.items():
            for m, doer in zip(months, doers, strict=True):
                doing[m - first][chain] = doer
        self.programme.note(first, doing)
        return True

    def _linear(self, m: int, prices: Prices, tolerance: float, most_rounds: int) -> MasterResult:
        self._keep_back(m)
        return self.programme.generate(
            prices, tolerance=tolerance, most_rounds=most_rounds, buying=True
        )

    def _keep_back(self, m: int) -> None:
        last = self.pool.months - 1
        still = 0.5 + 0.5 * (last - m) / max(1, last) if m < last else 0.0
        self._reserve(self.manner.hours * still, self.manner.arms * (m < last))

    def _reserve(self, each: float, arms_each: float) -> None:
        """Keep so many hours and ARMS of each officer's last month, to be had at a price."""
        last = self.pool.months - 1
        hours = self.whole.most_hours[:, last]
        kept = each * len(hours)
        share = min(MOST_KEPT, kept / max(1e-9, float(hours.sum())))
        arms = np.minimum(self.whole.arms_limit[:, last], arms_each)
        self.programme.keep_back(hours * share, arms, KEPT_PRICE)

    def _wanted(self, linear: MasterResult, m: int) -> dict[int, float]:
        """The share of each chain that the programme does in a month; sets the likeliest routes."""
        wanted: dict[int, float] = defaultdict(float)
        on: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for column, weight in linear.weights:
            choice = column.choice
            case = self.pool.cases[choice.case]
            on[choice.case][choice.route] += weight
            if m + 1 in choice.visits:
                wanted[case.visit] += weight
            if m + 1 in choice.arms:
                wanted[case.arms] += weight
        for number, weights in on.items():
            self.route[number] = max(sorted(weights), key=weights.__getitem__)
        return wanted

    def _wanted_calendars(self, linear: MasterResult, first: int) -> dict[int, Done]:
        """Each chain's weightiest calendar from a month on; sets the likeliest routes."""
        self._wanted(linear, first)
        best: dict[int, float] = {}
        found: dict[int, Done] = {}
        for column, weight in linear.weights:
            choice = column.choice
            case = self.pool.cases[choice.case]
            on_route = weight + (choice.route == self.route[choice.case])
            soms = self.pool.routes[choice.route].tolist()
            led = tuple(soms[m - 1] for m in choice.visits)
            for chain, months, doers in (
                (case.visit, choice.visits, led),
                (case.arms, choice.arms, column.doers),
            ):
                if chain >= 0 and on_route > best.get(chain, 0.0):
                    best[chain] = on_route
                    ahead = [(m - 1, d) for m, d in zip(months, doers, strict=True) if m > first]
                    found[chain] = tuple(m for m, _ in ahead), tuple(d for _, d in ahead)
        return found

    def _work(self, evaluation: Evaluation, wanted: dict[int, float], m: int) -> list[Work]:
        """What may be done in a month."""
        pool = self.pool
        found = []
        for case, route in zip(pool.cases, self.route, strict=True):
            for chain in (case.visit, case.arms):
                if chain < 0:
                    continue
                kind = int(pool.chain_kind[chain])
                totals = pool.start[chain] + evaluation.to_go[kind, route]
                now, later = float(totals[m]), float(np.delete(totals, m).min())
                if np.isfinite(now):
                    som = int(pool.routes[route, m])
                    found.append(Work(chain, kind, som, now - later, wanted[chain]))
        return found

    def _decided(self, number: int) -> Decided:
        case, programme = self.pool.cases[number], self.programme
        visits = programme.months_done[case.visit] if case.visit >= 0 else ()
        arms = programme.months_done[case.arms] if case.arms >= 0 else ()
        doers = programme.done_by[case.arms] if case.arms >= 0 else ()
        return Decided(Choice(number, self.route[number], visits, arms), doers)
