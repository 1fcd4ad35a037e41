"""What the case's duties take in a month, and what gives way to them where the month is full.

Hours that are not left over are bought at the price of an hour: what other work, all of it taken
together, loses with each hour that it gives up. So a full month costs what a new plan would find,
about, and not what one other duty left undone would.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.terms import Duty
from planner.explain.hours import Doing
from planner.recommend.margins import Margins
from planner.recommend.own_duties import OwnDuties

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.explain.calendars import Step
    from planner.explain.case import CaseView
    from planner.explain.hours import HoursLeft
    from planner.recommend.own_duties import Going

_HARDLY = 1e-6
_STEPS: tuple[Step, ...] = ((True, False), (False, True), (True, True))


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthTaken:
    """A month's duties of the case under an officer, in hours; prices and costs in points.

    ``own`` is what the officer leads or assesses, ``needed`` that and what colleagues give.
    ``officer_left`` and ``team_left`` are the hours there without them; ``held_back`` what the
    team holds back for new registrations, 0 where the case may not draw on it. ``displaced`` are
    the hours for which other work gives way, ``price`` what such an hour costs on average (None:
    the workbook does not say). Where whoever does the ARMS has as many as arms.per_month allows,
    ``going`` is the ARMS that goes in its stead, which frees ``freed`` hours. ``points`` is what
    all that gives way costs: ``displaced`` at the price, and the ARMS less its hours at the price.
    """

    month: int
    visit: bool
    arms_by: str | None
    needed: float
    own: float
    officer_left: float
    team_left: float
    held_back: float
    displaced: float
    price: float | None
    going: Going | None
    freed: float
    points: float
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placing:
    """A month's duties under an officer, placed; fields as in ``MonthTaken``.

    ``lacking``: the hours that then lack, and of these what only officers lack.
    """

    placed: tuple[Doing, ...]
    arms_by: str | None
    needed: float
    own: float
    lacking: tuple[float, float]
    going: Going | None
    freed: float
    spread: float


class FullMonths:
    """What each month's duties would take under each officer.

    ``held_back`` are the hours left when those held back for new registrations are there too: a
    new case's first visit and first ARMS draw on them. None: nothing does.
    """

    def __init__(
        self,
        view: CaseView,
        prices: Mapping[tuple[str, int], float],
        held_back: HoursLeft | None,
    ) -> None:
        self.view = view
        self.prices = prices
        self.held_back = held_back
        self.own = OwnDuties(view, prices)
        self._plain = Margins(view.hours)
        self._held = None if held_back is None else Margins(held_back)
        self._open: dict[tuple[str, int, Step], dict[Step, float]] = {}
        self._known: dict[tuple[str, int, Step, Step], MonthTaken | None] = {}
        self._placings: dict[tuple[str, int, Step], _Placing | None] = {}

    def open_steps(self, som: str, month: int, done: Step) -> dict[Step, float]:
        """What may be done in a month, with its cost; ``done``: which duties were done before."""
        key = (som, month, done)
        if key not in self._open:
            taken = ((step, self.taken(som, month, step, done)) for step in _STEPS)
            self._open[key] = {step: t.points + t.spread for step, t in taken if t is not None}
        return self._open[key]

    def taken(self, som: str, month: int, step: Step, done: Step) -> MonthTaken | None:
        """What these duties take; None where they cannot be done in the month at all."""
        first = (False, False)
        if self.held_back is not None:
            first = (step[0] and not done[0], step[1] and not done[1])
        key = (som, month, step, first)
        if key not in self._known:
            self._known[key] = self._taken(som, month, step, first)
        return self._known[key]

    def _taken(self, som: str, month: int, step: Step, first: Step) -> MonthTaken | None:
        at = self._placing(som, month, step)
        if at is None or (at.going is not None and not self.prices):
            return None
        firsts = [d for d in at.placed if first[0 if d.duty is Duty.VISIT else 1]]
        over, own_only = self._displaced(som, month, at.lacking, firsts)
        price = self._price(som, month, at.placed, over, max(0.0, own_only - at.freed))
        if over > 0 and price is None:
            return None
        return MonthTaken(
            month=month,
            visit=step[0],
            arms_by=at.arms_by,
            needed=at.needed,
            own=at.own,
            officer_left=self.view.hours.not_led(som, month),
            team_left=self.view.hours.of_team(som, month),
            held_back=self._held_back(som, month) if firsts else 0.0,
            displaced=over,
            price=price,
            going=at.going,
            freed=at.freed,
            points=over * (price or 0.0) + _net(at.going, at.freed * (price or 0.0)),
            spread=at.spread,
        )

    def _placing(self, som: str, month: int, step: Step) -> _Placing | None:
        """The same whichever duties were done before; None where they cannot be done at all."""
        key = (som, month, step)
        if key not in self._placings:
            placed = self._placed(som, month, step)
            found = None if placed is None else self._placing_of(som, month, placed)
            self._placings[key] = found
        return self._placings[key]

    def _placing_of(self, som: str, month: int, placed: tuple[Doing, ...]) -> _Placing | None:
        hours_left = self.view.hours
        arms_by = next((d.by for d in placed if d.duty is Duty.ARMS), None)
        going, freed = None, 0.0
        if arms_by is not None and hours_left.arms_room(arms_by, month) <= 0:
            going, freed = self.own.arms(arms_by, month), hours_left.hours_of(Duty.ARMS, 0)[0]
            if going is None:
                return None
        hours = {d.duty: hours_left.hours_of(d.duty, d.crew) for d in placed}
        lacking = self._plain.lacking(som, month, placed)
        return _Placing(
            placed=placed,
            arms_by=arms_by,
            needed=sum(sum(h) for h in hours.values()),
            own=sum(hours[d.duty][0] for d in placed if d.by == som),
            lacking=lacking,
            going=going,
            freed=freed,
            spread=self._plain.spread(month, placed, lacking[0]),
        )

    def _placed(self, som: str, month: int, step: Step) -> tuple[Doing, ...] | None:
        """By whom the duties are done: within the hours left if they fit, else beyond them."""
        view = self.view
        chains = [view.chain.get(d) for d, wanted in zip(Duty, step, strict=True) if wanted]
        if som not in view.hours.number or any(c is None or not c.is_open(month) for c in chains):
            return None
        duties = [(c.duty, c.crew) for c in chains if c is not None]
        placed = view.hours.placed(view.ref, duties, som, month)
        if placed is not None:
            return placed
        crammed = []
        for duty, crew in duties:
            by: str | None = som
            if duty is Duty.ARMS:
                by = self._assessor(som, month)
            elif crew > 1 and not view.hours.seconded(som, month):
                by = None
            if by is None:
                return None
            crammed.append(Doing(view.ref, duty, month, by, crew))
        return tuple(crammed)

    def _assessor(self, som: str, month: int) -> str | None:
        """Who does the ARMS where no hours are left: whoever has room for one more, if anybody."""
        able = self.view.hours.assessors(som, month)
        free = (s for s in able if self.view.hours.arms_room(s, month) > 0)
        return next(free, able[0] if able else None)

    def _displaced(
        self, som: str, month: int, lacking: tuple[float, float], firsts: list[Doing]
    ) -> tuple[float, float]:
        """Hours for which work gives way; of these, those that only officers lack.

        ``lacking`` is what lacks of the hours planned with; of hours held back there is more.
        """
        over, own = lacking
        if over > _HARDLY and firsts and self._held is not None:
            plain, held = (
                left.lacking(som, month, tuple(firsts)) for left in (self._plain, self._held)
            )
            over += held[0] - plain[0]
            own += held[1] - plain[1]
        over = max(0.0, over) if over > _HARDLY else 0.0
        return over, min(over, max(0.0, own))

    def _price(
        self, som: str, month: int, placed: tuple[Doing, ...], over: float, own_only: float
    ) -> float | None:
        """What an hour costs that gives way; None where the workbook does not say."""
        team = self.view.situation.register.officer[som].team
        price = self.prices.get((team, month))
        if price is None or over <= 0:
            return price
        own = price
        if own_only > _HARDLY:
            own = max(price, *(self.own.hour(s, month) for s in sorted({d.by for d in placed})))
        return (price * (over - own_only) + own * own_only) / over

    def _held_back(self, som: str, month: int) -> float:
        """Hours that the officer's team holds back in the month."""
        if self.held_back is None:
            return 0.0
        return self.held_back.of_team(som, month) - self.view.hours.of_team(som, month)


def _net(going: Going | None, worth: float) -> float:
    """What an ARMS that goes costs, less what the hours are worth that it frees; never a gain.

    Where it would be one, the plan could be better without this case too.
    """
    return max(0.0, going.points - worth) if going else 0.0
