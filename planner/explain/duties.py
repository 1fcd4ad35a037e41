"""Why each duty of a case is done when it is: due, allowed from, late by; each earlier month."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from planner.domain.terms import Duty
from planner.explain.giving_way import GiveWay, Wanted
from planner.explain.hours import Doing
from planner.explain.lateness import Lateness, by_doing, lateness

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from planner.explain.case import CaseView
    from planner.explain.giving_way import GivingWay
    from planner.workload.outcome import Instance

_HARDLY = 1e-6


class Room(StrEnum):
    """What an earlier month holds for a duty; stable names for programs."""

    FITS = "fits"
    NO_HOURS = "no_hours"
    NOBODY_HOLDS = "nobody_holds_the_case"
    NOBODY_TRAINED = "nobody_trained"
    NOBODY_SECONDS = "nobody_to_second"
    ARMS_LIMIT = "arms_per_month"


class Fault(StrEnum):
    """What is wrong with a planned duty: only in a plan edited by hand."""

    TOO_EARLY = "too_early"
    NOT_THERE = "not_in_the_community"
    NOT_OWED = "not_owed"
    BARRED = "said_not_to_be_possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierMonth:
    """A month before the planned one in which rule 8 allows the duty.

    ``by`` is who would do it. ``hours_needed`` are lead and second hours; ``officer_left`` what
    ``by`` has left and ``team_left`` what all together have. ``price`` is that of an hour in the
    month (None: not in the workbook). ``saves`` are points of lateness that this duty would no
    longer cost, ``adds`` what the duties after it would cost more, falling due earlier and staying
    where they are. ``giving_way`` is the planned duty that makes room at least cost; None where
    there is room, or nothing to gain, or no single duty makes room.
    """

    month: int
    room: Room
    by: str | None
    hours_needed: float
    officer_left: float
    team_left: float
    price: float | None
    saves: float
    adds: float
    giving_way: GivingWay | None

    @property
    def gain(self) -> float:
        """Points saved by this case's own duties."""
        return self.saves - self.adds

    @property
    def net(self) -> float | None:
        """Points that the swap would save in all; None where there is none."""
        return None if self.giving_way is None else self.gain - self.giving_way.cost


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyReason:
    """One duty: when it is due, from when it may be done, when it is planned, what that costs.

    ``month`` is None for a duty that the plan leaves undone; ``earliest`` None where it may not be
    done in any month of the plan. ``cost`` is what its lateness costs. A duty locked to its month
    has no ``earlier`` ones.
    """

    duty: Duty
    due: date | None
    due_month: int | None
    earliest: int | None
    month: int | None
    done_by: str | None
    months_late: int
    cost: Lateness
    locked: bool
    faults: tuple[Fault, ...]
    earlier: tuple[EarlierMonth, ...]


def duty_reasons(view: CaseView, prices: Mapping[tuple[str, int], float]) -> tuple[DutyReason, ...]:
    """Every duty of the case that is planned or falls due within the plan, visits first."""
    give_way = GiveWay(view)
    return tuple(
        reason
        for duty in Duty
        for reason in (
            _Reasons(view, duty, prices, give_way).all()
            if duty in view.chain
            else _not_owed(view, duty)
        )
    )


def _not_owed(view: CaseView, duty: Duty) -> Iterator[DutyReason]:
    for doing in view.of_ref.get((view.ref, duty), ()):
        yield DutyReason(
            duty=duty,
            due=None,
            due_month=None,
            earliest=None,
            month=doing.month,
            done_by=doing.by,
            months_late=0,
            cost=Lateness(),
            locked=False,
            faults=(Fault.NOT_OWED,),
            earlier=(),
        )


class _Reasons:
    def __init__(
        self,
        view: CaseView,
        duty: Duty,
        prices: Mapping[tuple[str, int], float],
        give_way: GiveWay,
    ) -> None:
        self.view = view
        self.duty = duty
        self.prices = prices
        self.give_way = give_way
        self.chain = view.chain[duty]
        self.months = view.months[duty]
        self.doing = {d.month: d for d in view.of_ref.get((view.ref, duty), ())}
        self.locked = set(view.chains.locked(self.chain))

    def all(self) -> Iterator[DutyReason]:
        instances = [
            i
            for i in self.view.outcome.instances
            if i.chain.ref == self.view.ref and i.chain.duty is self.duty
        ]
        costs = by_doing(self.view.situation, self.chain, self.months)
        before = 0
        for instance, cost in zip(instances, costs, strict=True):
            if instance.done_month is not None or self._matters(instance):
                yield self._reason(instance, cost, before)
            before = instance.done_month or before

    def _matters(self, undone: Instance) -> bool:
        """Whether a duty left undone is due while the person is there and the plan lasts."""
        there = self.chain.presence
        last = min(self.view.situation.horizon.length, there.last_seen)
        return undone.due_month <= last and there.first_seen <= last

    def _reason(self, instance: Instance, cost: Lateness, before: int) -> DutyReason:
        there = self.chain.presence
        month = instance.done_month
        first = max(self.chain.earliest(instance.due_month), there.first_seen, before + 1)
        last = there.last_seen if month is None else min(month - 1, there.last_seen)
        if month in self.locked:
            last = 0
        done_by = self.doing[month].by if month is not None else None
        faults = []
        if month is not None and month < self.chain.earliest(instance.due_month):
            faults.append(Fault.TOO_EARLY)
        if month is not None and not there.seen_in(month):
            faults.append(Fault.NOT_THERE)
        if month in self.chain.barred:
            faults.append(Fault.BARRED)
        return DutyReason(
            duty=self.duty,
            due=instance.due,
            due_month=instance.due_month,
            earliest=first if first <= there.last_seen else None,
            month=month,
            done_by=done_by,
            months_late=instance.months_late,
            cost=cost,
            locked=month in self.locked,
            faults=tuple(faults),
            earlier=tuple(
                self._earlier(k, instance, cost)
                for k in range(first, last + 1)
                if k not in self.chain.barred
            ),
        )

    def _earlier(self, month: int, instance: Instance, cost: Lateness) -> EarlierMonth:
        view, planned = self.view, instance.done_month
        room, ours = self._room(month)
        by = ours.by if ours else None
        saves, adds = self._saving(month, planned, cost)
        giving_way = None
        som = view.plan.som(view.ref, month)
        blocked = room in (Room.NO_HOURS, Room.ARMS_LIMIT)
        if blocked and som is not None and saves - adds > _HARDLY:
            wanted = Wanted(self.duty, self.chain.crew, som, month)
            leaving = self.doing[planned] if planned is not None else None
            giving_way = self.give_way.cheapest(wanted, leaving)
        return EarlierMonth(
            month=month,
            room=room,
            by=by,
            hours_needed=sum(view.hours.hours_of(self.duty, self.chain.crew)),
            officer_left=view.hours.of_officer(by, month) if by else 0.0,
            team_left=view.hours.of_all(month),
            price=self.prices.get((view.offender.team, month)),
            saves=saves,
            adds=adds,
            giving_way=giving_way,
        )

    def _room(self, month: int) -> tuple[Room, Doing | None]:
        """Whether the duty fits into the month; if only hours lack, who would do it."""
        view = self.view
        som = view.plan.som(view.ref, month)
        if som is None or som not in view.hours.number:
            return Room.NOBODY_HOLDS, None
        placed = view.hours.placed(view.ref, [(self.duty, self.chain.crew)], som, month)
        if placed is not None:
            return Room.FITS, placed[0]
        if self.duty is Duty.VISIT:
            ours = Doing(view.ref, self.duty, month, som, self.chain.crew)
            seconded = self.chain.crew < 2 or view.hours.seconded(som, month)
            return (Room.NO_HOURS, ours) if seconded else (Room.NOBODY_SECONDS, None)
        able = view.hours.assessors(som, month)
        if not able:
            return Room.NOBODY_TRAINED, None
        free = [s for s in able if view.hours.arms_room(s, month) > 0]
        ours = Doing(view.ref, self.duty, month, (free or list(able))[0], 0)
        return Room.NO_HOURS if free else Room.ARMS_LIMIT, ours

    def _saving(self, month: int, planned: int | None, cost: Lateness) -> tuple[float, float]:
        """Points this duty saves done in the month, and points the duties after it then add."""
        situation = self.view.situation
        kept = [m for m in self.months if m != planned]
        moved = tuple(sorted({*kept, month}))
        costs = list(by_doing(situation, self.chain, moved))
        saves = cost.total - costs[moved.index(month)].total
        now = lateness(situation, self.chain, self.months).total
        change = now - sum(c.total for c in costs)
        return saves, saves - change
