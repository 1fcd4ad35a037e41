"""The whole answer: every officer, by what taking the case would cost, or with what bars them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.domain.terms import Duty
from planner.explain.bars import Bar, BarKind, Limits
from planner.explain.calendars import best_calendars_by_turn
from planner.explain.case import CaseView
from planner.explain.case_cost import CaseCost, CaseCosts
from planner.explain.decisions import decisions
from planner.explain.hours import HoursLeft
from planner.explain.soms import Holder
from planner.optimise.routes import changes_on
from planner.recommend.full_months import FullMonths
from planner.recommend.loads import Loads
from planner.recommend.question import asked_case
from planner.recommend.takeovers import alone, bars_at_once, takeovers
from planner.workload.capacity import capacity_hours, hold_back_hours

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from planner.domain.months import Horizon
    from planner.domain.register import Offender
    from planner.domain.written import WrittenPlan
    from planner.explain.calendars import Months, Step
    from planner.optimise.routes import Route
    from planner.recommend.full_months import MonthTaken
    from planner.recommend.loads import Load
    from planner.recommend.question import AskedCase, Question
    from planner.workload.situation import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstDuty:
    """The case's next visit or ARMS: when due, and in which month it would come; None: in none."""

    due: date
    month: int | None
    months_late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeover:
    """What it would be like if the officer took the case.

    ``holders``: the officer, and whoever follows where they leave within the plan (``staff_id``
    None: nobody may). ``months`` are those in which duties of the case are done, ``undone`` the
    duties that nobody could do in any month. Costs are points.
    """

    holders: tuple[Holder, ...]
    nobody_from: int | None
    cost: CaseCost
    visits: Months
    arms: Months
    months: tuple[MonthTaken, ...]
    first: Mapping[Duty, FirstDuty]

    @property
    def hours(self) -> float:
        """Hours of the case's visits and ARMS over the plan, colleagues' included."""
        return sum(m.needed for m in self.months)

    @property
    def displaced(self) -> float:
        """Hours of other work that gives way."""
        return sum(m.displaced for m in self.months)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An officer: ``takeover`` where they may take the case, else the ``bars`` in the way.

    ``in_plan``: the plan has them hold it in the month; ``trained``: for ARMS, in that month.
    """

    staff_id: str
    team: str
    in_plan: bool
    trained: bool
    load: Load
    bars: tuple[Bar, ...]
    takeover: Takeover | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """Every officer of the unit: ``ranked``, the best first, and ``barred``.

    ``month`` is that from which the case would be held. ``present`` is today's SOM of a case that
    must move, who is in neither list. ``due`` has the case's next duties; ``held_back`` the hours
    a month that the team holds back for new registrations, for a new case. ``norm`` is
    ``caseload.norm``. ``moves`` and ``moves_allowed`` are the plan's changes of SOM that count.
    ``rows_left_out``: of Allocation and Schedule, that mean nothing.
    """

    offender: Offender
    is_new: bool
    horizon: Horizon
    month: int
    due: Mapping[Duty, date]
    present: Option | None
    ranked: tuple[Option, ...]
    barred: tuple[Option, ...]
    held_back: float
    norm: int
    moves: int
    moves_allowed: int
    rows_left_out: int


def recommend(
    planned: Situation,
    written: WrittenPlan,
    question: Question,
    prices: Mapping[tuple[str, int], float],
) -> Recommendation:
    """Rank the officers for one case by a written plan and the register it was made from.

    ``prices`` maps (team, month number) to the price of an hour. Raises ``KeyError`` where the
    question names a case that the register has not.
    """
    found = decisions(planned, written)
    asked = asked_case(planned, question)
    view = CaseView(asked.situation, found.plan, asked.offender.ref)
    options = _Options(view, asked, prices)
    with view.hours.without(view.own):
        every = [options.option(s.staff_id) for s in planned.register.officers]
    others = [o for o in every if o.staff_id != view.today]
    return Recommendation(
        offender=asked.offender,
        is_new=asked.is_new,
        horizon=planned.horizon,
        month=asked.month,
        due={duty: chain.due for duty, chain in view.chain.items()},
        present=next((o for o in every if o.staff_id == view.today), None),
        ranked=tuple(sorted((o for o in others if o.takeover), key=_rank)),
        barred=tuple(sorted((o for o in others if not o.takeover), key=_barred_order)),
        held_back=hold_back_hours(planned.register)[view.offender.team] if asked.is_new else 0.0,
        norm=int(planned.policy.caseload_norm),
        moves=view.moves,
        moves_allowed=asked.situation.moves_allowed,
        rows_left_out=found.allocation_left_out + found.schedule_left_out,
    )


def _rank(option: Option) -> tuple[float, float, str]:
    """By cost as shown, to a tenth of a point; then by cases for the hours; then by staff ID."""
    cost = option.takeover.cost.total if option.takeover else 0.0
    return round(cost, 1), option.load.community_per_100_hours, option.staff_id


def _barred_order(option: Option) -> tuple[bool, str, str]:
    """Those of the case's own team first."""
    elsewhere = any(bar.kind is BarKind.OTHER_TEAM for bar in option.bars)
    return elsewhere, option.team if elsewhere else "", option.staff_id


class _Options:
    def __init__(
        self, view: CaseView, asked: AskedCase, prices: Mapping[tuple[str, int], float]
    ) -> None:
        self.view = view
        self.situation = view.situation
        self.month = asked.month
        self.costs = CaseCosts(view)
        self.loads = Loads(view, asked.month)
        self.limits = Limits(view.situation, view.plan, view.offender, view.moves, view.own_moves)
        held_back = _with_held_back(view) if asked.is_new else None
        self.full_months = FullMonths(view, prices, held_back)

    def option(self, staff_id: str) -> Option:
        """What the officer would cost, or what bars them."""
        bars = bars_at_once(self.view, staff_id, self.month)
        takeover = None
        if not bars:
            takeover, bars = self._cheapest(staff_id)
        return Option(
            staff_id=staff_id,
            team=self.situation.register.officer[staff_id].team,
            in_plan=self.view.plan.som(self.view.ref, self.month) == staff_id,
            trained=self.situation.posts.is_trained(staff_id, self.month),
            load=self.loads.of(staff_id),
            bars=bars,
            takeover=takeover,
        )

    def _cheapest(self, staff_id: str) -> tuple[Takeover | None, tuple[Bar, ...]]:
        """The cheapest way in which the officer takes the case; or the fewest bars.

        Where only those who would follow the officer are barred, nobody follows.
        """
        best, fewest = None, None
        ways: list[Iterator[Route]] = [
            takeovers(self.view, staff_id, self.month),
            iter([alone(self.view, staff_id, self.month)]),
        ]
        for routes in ways:
            for route in routes:
                takeover, bars = self._on_route(route)
                if takeover and (best is None or takeover.cost.total < best.cost.total):
                    best = takeover
                if bars and (fewest is None or len(bars) < len(fewest)):
                    fewest = bars
            if best is not None:
                return best, ()
        return None, fewest or ()

    def _on_route(self, route: Route) -> tuple[Takeover | None, tuple[Bar, ...]]:
        changes = list(changes_on(route, self.view.today))
        counted = sum(
            self.situation.move_counts(self.view.offender, old, m) for m, old, _ in changes
        )
        if bars := self.limits.bars(route, counted):
            return None, bars
        visits, arms = self._calendars(route)
        if missed := self.costs.locks_missed(visits, arms):
            return None, (Bar(BarKind.LOCKED_MONTH, months=missed),)
        months = tuple(self._months(route, visits, arms))
        gaps = [m for m in range(self.month, len(route) + 1) if route[m - 1] is None]
        return Takeover(
            holders=tuple(Holder(m, som) for m, _, som in changes if m >= self.month),
            nobody_from=min(gaps, default=None),
            cost=CaseCost(
                moves=counted * self.situation.policy.cost_move[self.view.offender.level],
                mix=self.costs.mix(route[0]),
                lateness=self.costs.lateness(visits, arms),
                spread=sum(m.spread for m in months),
                displaced=sum(m.points for m in months),
            ),
            visits=visits,
            arms=arms,
            months=months,
            first={
                duty: self._first(duty, done)
                for duty, done in ((Duty.VISIT, visits), (Duty.ARMS, arms))
                if duty in self.view.chain
            },
        ), ()

    def _calendars(self, route: Route) -> tuple[Months, Months]:
        def open_steps(month: int, done: Step) -> Mapping[Step, float]:
            som = route[month - 1]
            return {} if som is None else self.full_months.open_steps(som, month, done)

        arcs = self.costs.arcs
        return best_calendars_by_turn(
            arcs.get(Duty.VISIT), arcs.get(Duty.ARMS), len(route), open_steps
        )

    def _months(self, route: Route, visits: Months, arms: Months) -> Iterator[MonthTaken]:
        for m in sorted({*visits, *arms}):
            som = route[m - 1]
            done = (m > min(visits, default=m), m > min(arms, default=m))
            taken = som and self.full_months.taken(som, m, (m in visits, m in arms), done)
            if taken:
                yield taken

    def _first(self, duty: Duty, months: Months) -> FirstDuty:
        chain, month = self.view.chain[duty], min(months, default=None)
        late = 0 if month is None else max(0, month - chain.due_month)
        return FirstDuty(due=chain.due, month=month, months_late=late)


def _with_held_back(view: CaseView) -> HoursLeft:
    """Hours left if those held back for new registrations may be planned too."""
    register, pool = view.situation.register, view.pool
    policy = replace(register.policy, inflow_per_year=0.0)
    officers = tuple(register.officer[s] for s in pool.officers)
    bare = replace(register, policy=policy, officers=officers)
    hours = capacity_hours(bare, view.situation.posts)
    more = pool.most_hours.copy()
    for s, name in enumerate(pool.officers):
        for m in range(pool.months):
            more[s, m] = hours[name, m + 1] * (1 + policy.hours_overtime)
    return HoursLeft(view.situation, replace(pool, most_hours=more), view.plan, view.doings)
