"""What each eligible officer would cost as the case's SOM, the rest of the plan as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planner.domain.terms import Duty
from planner.explain.bars import Bar, BarKind, Limits, own_bars, wish_bars
from planner.explain.calendars import Step, best_calendars
from planner.explain.case_cost import CaseCost, CaseCosts
from planner.optimise.routes import changes_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.explain.calendars import Months
    from planner.explain.case import CaseView
    from planner.optimise.routes import Route


@dataclass(frozen=True, slots=True)
class Holder:
    """From a month on, this officer holds the case."""

    month: int
    staff_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A way to hold the case: by whom, with which months for its duties, at what cost.

    ``hours`` is what its visits and ARMS take, second hours included, over the plan.
    """

    holders: tuple[Holder, ...]
    visits: Months
    arms: Months
    cost: CaseCost
    hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An officer, and what they would cost (``choice``) or what bars them (``bars``).

    ``change`` is the choice's cost less the case's cost in the plan. ``hours_moved`` are lead and
    ARMS hours of the case that this officer would do and does not do in the plan. ``in_plan``: the
    workbook has them hold the case at some time.
    """

    staff_id: str
    in_plan: bool
    today: bool
    bars: tuple[Bar, ...]
    choice: Choice | None
    change: float | None
    hours_moved: float | None


class Soms:
    """The choices of SOM for one case."""

    def __init__(self, view: CaseView) -> None:
        self.view = view
        self.situation = view.situation
        self.offender = view.offender
        self.limits = Limits(view.situation, view.plan, view.offender, view.moves, view.own_moves)
        self.costs = CaseCosts(view)
        self._steps: dict[tuple[str, int], Mapping[Step, float]] = {}

    def planned(self) -> Choice:
        """The case as the workbook has it."""
        view = self.view
        with view.hours.without(view.own):
            bare = [view.hours.spread(m) for m in self.situation.horizon.months]
        spread = sum(
            view.hours.spread(m) - before
            for m, before in zip(self.situation.horizon.months, bare, strict=True)
        )
        own = sum(sum(view.hours.hours_of(d.duty, d.crew)) for d in view.own)
        return Choice(
            holders=tuple(Holder(h.month, h.som) for h in view.plan.holdings.get(view.ref, ())),
            visits=view.months[Duty.VISIT],
            arms=view.months[Duty.ARMS],
            cost=CaseCost(
                moves=view.own_moves * self.situation.policy.cost_move[self.offender.level],
                mix=self.costs.mix(view.plan.som(view.ref, 1)),
                lateness=self.costs.lateness(view.months[Duty.VISIT], view.months[Duty.ARMS]),
                spread=spread,
            ),
            hours=own,
        )

    def candidates(self) -> tuple[Candidate, ...]:
        """Every officer of the case's team (or unit), those in the plan and today's SOM besides.

        The cheapest first, then those who are barred, by staff ID.
        """
        view, register = self.view, self.situation.register
        everybody = self.situation.policy.cross_team
        asked = {s.staff_id for s in register.officers if everybody or s.team == self.offender.team}
        asked |= view.holders | ({view.today} if view.today else set())
        planned = self.planned()
        with view.hours.without(view.own):
            found = [self._candidate(s, planned) for s in sorted(asked)]
        return tuple(sorted(found, key=lambda c: (c.change is None, c.change or 0.0, c.staff_id)))

    def _candidate(self, staff_id: str, planned: Choice) -> Candidate:
        bars = own_bars(self.situation, self.offender, staff_id)
        choice = None
        if not bars:
            choice, bars = self._cheapest(staff_id)
        return Candidate(
            staff_id=staff_id,
            in_plan=staff_id in self.view.holders,
            today=staff_id == self.view.today,
            bars=bars,
            choice=choice,
            change=None if choice is None else choice.cost.total - planned.cost.total,
            hours_moved=None if choice is None else self._hours_moved(staff_id, choice),
        )

    def _cheapest(self, staff_id: str) -> tuple[Choice | None, tuple[Bar, ...]]:
        """The cheapest route with this officer on it that breaks no rule; or the fewest bars.

        Asked of routes on which the officer takes over from the plan's SOM and then stays for as
        long as they may hold the case; of all routes where there is none such.
        """
        with_them = [route for route in self._routes if staff_id in route]
        routes = [route for route in with_them if self._directly(staff_id, route)] or with_them
        if not routes:
            return None, wish_bars(self.situation, self.offender, staff_id)
        best: Choice | None = None
        fewest: tuple[Bar, ...] | None = None
        for route in routes:
            choice, bars = self._on_route(route)
            if choice is not None and (best is None or choice.cost.total < best.cost.total):
                best = choice
            if bars and (fewest is None or len(bars) < len(fewest)):
                fewest = bars
        return best, () if best is not None else fewest or ()

    def _directly(self, staff_id: str, route: Route) -> bool:
        may_hold, plan = self.situation.posts.may_hold, self.view.plan
        first = route.index(staff_id) + 1
        return all(
            som == plan.som(self.view.ref, m)
            if m < first
            else som == staff_id or not may_hold(staff_id, self.offender, m)
            for m, som in enumerate(route, start=1)
        )

    @cached_property
    def _routes(self) -> tuple[Route, ...]:
        return self.view.routes.open_to(self.offender)

    def _on_route(self, route: Route) -> tuple[Choice | None, tuple[Bar, ...]]:
        changes = list(changes_on(route, self.view.today))
        counted = sum(self.situation.move_counts(self.offender, old, m) for m, old, _ in changes)
        if bars := self.limits.bars(route, counted):
            return None, bars
        steps = [self._open_steps(som, m) for m, som in enumerate(route, start=1)]
        visits, arms = best_calendars(
            self.costs.arcs.get(Duty.VISIT), self.costs.arcs.get(Duty.ARMS), steps
        )
        if missed := self.costs.locks_missed(visits, arms):
            return None, (Bar(BarKind.LOCKED_MONTH, months=missed),)
        cost = CaseCost(
            moves=counted * self.situation.policy.cost_move[self.offender.level],
            mix=self.costs.mix(route[0]),
            lateness=self.costs.lateness(visits, arms),
            spread=sum(steps[m - 1][m in visits, m in arms] for m in sorted({*visits, *arms})),
        )
        visit_hours = sum(self.view.hours.hours_of(Duty.VISIT, self.view.crew))
        hours = len(visits) * visit_hours + len(arms) * self.situation.hours.arms
        return Choice(
            holders=tuple(_holders(route)), visits=visits, arms=arms, cost=cost, hours=hours
        ), ()

    def _open_steps(self, som: str | None, month: int) -> Mapping[Step, float]:
        """What may be done of the case in a month under a SOM, and the cost of spread it adds."""
        if som is None:
            return {}
        key = (som, month)
        if key not in self._steps:
            self._steps[key] = dict(self._steps_of(som, month))
        return self._steps[key]

    def _steps_of(self, som: str, month: int) -> Iterable[tuple[Step, float]]:
        hours = self.view.hours
        before = hours.spread(month)
        for step in ((True, False), (False, True), (True, True)):
            wanted = [d for d, done in zip(Duty, step, strict=True) if done]
            chains = [self.view.chain.get(duty) for duty in wanted]
            if any(c is None or not c.is_open(month) for c in chains):
                continue
            duties = [(c.duty, c.crew) for c in chains if c is not None]
            placed = hours.placed(self.view.ref, duties, som, month)
            if placed is not None:
                with hours.with_also(placed):
                    yield step, hours.spread(month) - before

    def _hours_moved(self, staff_id: str, choice: Choice) -> float:
        """Lead hours of visits, and of ARMS where the SOM does them, new to this officer."""
        now = sum(
            self.view.hours.hours_of(d.duty, d.crew)[0] for d in self.view.own if d.by == staff_id
        )
        then = 0.0
        for months, duty in ((choice.visits, Duty.VISIT), (choice.arms, Duty.ARMS)):
            for m in months:
                if _som(choice, m) != staff_id:
                    continue
                if duty is Duty.VISIT or self.situation.posts.is_trained(staff_id, m):
                    then += self.view.hours.hours_of(duty, self.view.crew)[0]
        return then - now


def _holders(route: Route) -> Iterable[Holder]:
    for month, _, som in changes_on(route, None):
        yield Holder(month, som)


def _som(choice: Choice, month: int) -> str | None:
    held = None
    for holder in choice.holders:
        if holder.month <= month:
            held = holder.staff_id
    return held
