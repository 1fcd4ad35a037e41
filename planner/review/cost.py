"""What edits cost, against the written plan as it stands: nothing is planned anew."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from planner.explain.lateness import Lateness, by_doing
from planner.review.work import case_work

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planner.domain.terms import Duty
    from planner.review.ground import Ground
    from planner.review.issued import Key, Stated
    from planner.review.wishes import DutyMonth
    from planner.review.work import CaseWork, Visit

LEAST_HOURS = 0.01


class Limit(StrEnum):
    """What somebody is over."""

    HOURS = "hours"
    CAP = "caseload cap"
    ARMS = "ARMS a month"


@dataclass(frozen=True, slots=True, order=True)
class Over:
    """``by`` hours, cases or assessments above the limit in a month (its number)."""

    staff_id: str
    month: int
    limit: Limit
    by: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EditCost:
    """Differences against the plan without the edit.

    ``exposure``, ``protected`` and ``uncleared`` are points of the contract's cost; ``hours`` maps
    (staff ID, month number) to hours more; ``over`` names whoever is over a limit that they kept,
    or further over; ``moves`` are changes of SOM that rule 4 counts.
    """

    exposure: float = 0.0
    protected: float = 0.0
    uncleared: float = 0.0
    moves: int = 0
    hours: Mapping[tuple[str, int], float] = field(default_factory=dict)
    over: tuple[Over, ...] = ()

    @property
    def is_nothing(self) -> bool:
        points = (self.exposure, self.protected, self.uncleared)
        return not (self.moves or self.hours or self.over) and not any(
            abs(p) > 1e-6 for p in points
        )


class Standing:
    """The plan with the wishes met so far: hours, caseloads and lateness as they then stand."""

    def __init__(self, ground: Ground, wishes: Mapping[Key, Stated]) -> None:
        self.ground = ground
        self.situation = ground.situation
        self.wishes: dict[Key, Stated] = {}
        self.lead: dict[tuple[str, int], float] = defaultdict(float, ground.outcome.lead_hours)
        self.second: dict[tuple[str, int], float] = defaultdict(float, ground.plan.second_hours)
        self.held = ground.community_caseloads()
        self.arms: Counter[tuple[str, int]] = Counter(
            (a.done_by, a.month) for a in ground.plan.arms
        )
        self.moves = sum(change.counts for change in ground.outcome.changes)
        for key, value in wishes.items():
            self.meet(key, value)

    def copy(self) -> Standing:
        """The same, to try something on."""
        twin = copy(self)
        twin.wishes = dict(self.wishes)
        twin.lead, twin.second = self.lead.copy(), self.second.copy()
        twin.held, twin.arms = self.held.copy(), self.arms.copy()
        return twin

    def meet(self, key: Key, value: Stated) -> EditCost:
        """Meet one more wish, or take one back; what that costs."""
        row = self.ground.issued.rows.get(key[0])
        changed = {k: v for k, v in self.wishes.items() if k != key}
        if value is not None:
            changed[key] = value
        if row is None or self.ground.offender(row.ref) is None:
            self.wishes = changed
            return EditCost()
        before = case_work(self.ground, row.ref, self.wishes, self.roomiest)
        after = case_work(self.ground, row.ref, changed, self.roomiest)
        self.wishes = changed
        if before == after:
            return EditCost()
        return self._exchanged(row.ref, before, after)

    def over(self, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int, Limit], float]:
        """By how much each officer is over each limit in each of these months, where at all."""
        found = {}
        for staff_id, month in places:
            for limit, by in self._over(staff_id, month):
                if by > LEAST_HOURS:
                    found[staff_id, month, limit] = by
        return found

    def roomiest(self, able: Sequence[str], month: int) -> str:
        """Of several officers the one with most hours left; the first of equals."""
        return max(sorted(able), key=lambda s: self.room(s, month))

    def room(self, staff_id: str, month: int) -> float:
        """Hours left, below zero where over."""
        most = self.situation.capacity.get((staff_id, month), 0.0)
        most *= 1 + self.situation.policy.hours_overtime
        return most - self.lead[staff_id, month] - self.second[staff_id, month]

    def _over(self, staff_id: str, month: int) -> Iterable[tuple[Limit, float]]:
        officer = self.situation.register.officer.get(staff_id)
        if officer is None:
            return
        yield Limit.HOURS, self._over_hours(staff_id, month)
        if officer.cap is not None:
            yield Limit.CAP, self.held[staff_id, month] - officer.cap
        yield Limit.ARMS, self.arms[staff_id, month] - self.situation.policy.arms_per_month

    def _over_hours(self, staff_id: str, month: int) -> float:
        """Hours above the most; after month 1, less the second hours that colleagues could give."""
        over = -self.room(staff_id, month)
        if over <= 0 or month == 1:
            return over
        team = self.situation.register.officer[staff_id].team
        mates = self.ground.posts.seconds(team, staff_id, month)
        spare = sum(max(0.0, self.room(mate, month)) for mate in mates)
        return over - min(spare, self.second[staff_id, month])

    def _exchanged(self, ref: str, before: CaseWork, after: CaseWork) -> EditCost:
        """Put one case's work in place of another; what is different."""
        change = _Change()
        self._change_visits(ref, before, after, change)
        for arms, sign in ((before.arms, -1), (after.arms, 1)):
            for done in arms:
                change.lead[done.done_by, done.month] += sign * self.situation.hours.arms
                change.arms[done.done_by, done.month] += sign
        there = self.situation.presence[ref]
        for work, sign in ((before, -1), (after, 1)):
            for month, som in enumerate(work.soms, start=1):
                if som is not None and there.at_end_of(month):
                    change.held[som, month] += sign
        places = change.places()
        was_over = self.over(places)
        self._enter(change)
        stay = _doings(before) & _doings(after)
        late = self._lateness(ref, _doings(after) - stay)
        was_late = self._lateness(ref, _doings(before) - stay)
        moves = self._moves(ref, after) - self._moves(ref, before)
        self.moves += moves
        hours = {p: change.lead[p] + change.second[p] for p in places}
        return EditCost(
            exposure=late.exposure - was_late.exposure,
            protected=late.protected - was_late.protected,
            uncleared=late.uncleared - was_late.uncleared,
            moves=moves,
            hours={place: h for place, h in hours.items() if abs(h) > LEAST_HOURS},
            over=newly_over(was_over, self.over(places)),
        )

    def _change_visits(self, ref: str, before: CaseWork, after: CaseWork, change: _Change) -> None:
        """Lead hours go with the lead; second hours with whoever is named, else see below.

        A visit that only changes its lead keeps its second officer where nobody is named. For one
        that moves, the hours come off the colleague who gives most and go to whoever has most left.
        """
        gone = list((Counter(before.visits) - Counter(after.visits)).elements())
        new = list((Counter(after.visits) - Counter(before.visits)).elements())
        kept = {v.month for v in gone if v.second is None} & {
            v.month for v in new if v.second is None
        }
        team = self.situation.register.offender[ref].team
        for visits, sign in ((gone, -1), (new, 1)):
            for visit in visits:
                change.lead[visit.lead, visit.month] += sign * self.situation.hours.lead
                if visit.crew < 2 or visit.month in kept:
                    continue
                giver = visit.second or self._giver(team, visit, sign)
                if giver is not None:
                    hours = sign * (visit.crew - 1) * self.situation.hours.second
                    change.second[giver, visit.month] += hours

    def _giver(self, team: str, visit: Visit, sign: int) -> str | None:
        able = self.ground.posts.seconds(team, visit.lead, visit.month)
        if not able:
            return None
        if sign > 0:
            return self.roomiest(able, visit.month)
        return max(able, key=lambda s: self.second.get((s, visit.month), 0.0))

    def _enter(self, change: _Change) -> None:
        for place in change.places():
            self.lead[place] += change.lead[place]
            self.second[place] += change.second[place]
            self.held[place] += change.held[place]
            self.arms[place] += change.arms[place]

    def _lateness(self, ref: str, doings: Iterable[tuple[Duty, DutyMonth]]) -> Lateness:
        """Of planned doings, from when each is due in the plan to when it is then done.

        Doings after it stay due when they were: the next plan shifts them as it must.
        """
        total = Lateness()
        for duty, doing in sorted(doings, key=lambda d: (d[0], d[1].planned)):
            chain = self.situation.chain.get((ref, duty))
            instance = self.ground.outcome.instance.get((ref, duty, doing.planned))
            if chain is None or instance is None or (doing.wanted or 1) < 1:
                continue
            then = replace(chain, due_month=instance.due_month)
            until = () if doing.wanted is None else (doing.wanted,)
            total = total.plus(next(by_doing(self.situation, then, until)))
        return total

    def _moves(self, ref: str, work: CaseWork) -> int:
        offender = self.situation.register.offender[ref]
        before, counted = self.situation.register.som_of(offender), 0
        for month, som in enumerate(work.soms, start=1):
            if som is not None and som != before:
                counted += self.situation.move_counts(offender, before, month)
                before = som
        return counted


def _doings(work: CaseWork) -> set[tuple[Duty, DutyMonth]]:
    return {(duty, doing) for duty, months in work.months for doing in months}


class _Change:
    """Hours, cases and assessments more, by (staff ID, month number)."""

    def __init__(self) -> None:
        self.lead: dict[tuple[str, int], float] = defaultdict(float)
        self.second: dict[tuple[str, int], float] = defaultdict(float)
        self.held: Counter[tuple[str, int]] = Counter()
        self.arms: Counter[tuple[str, int]] = Counter()

    def places(self) -> list[tuple[str, int]]:
        return sorted({*self.lead, *self.second, *self.held, *self.arms})


Overs = Mapping[tuple[str, int, Limit], float]


def newly_over(before: Overs, after: Overs) -> tuple[Over, ...]:
    """Whoever is over a limit now and was not, or was less."""
    return tuple(
        Over(*place, by)
        for place, by in sorted(after.items())
        if by > before.get(place, 0.0) + LEAST_HOURS
    )


def together(costs: Iterable[EditCost], over: tuple[Over, ...]) -> EditCost:
    """Several edits' costs, each beside those before it, as one."""
    costs = tuple(costs)
    hours: dict[tuple[str, int], float] = defaultdict(float)
    for cost in costs:
        for place, more in cost.hours.items():
            hours[place] += more
    return EditCost(
        exposure=sum(c.exposure for c in costs),
        protected=sum(c.protected for c in costs),
        uncleared=sum(c.uncleared for c in costs),
        moves=sum(c.moves for c in costs),
        hours={place: h for place, h in sorted(hours.items()) if abs(h) > LEAST_HOURS},
        over=over,
    )
