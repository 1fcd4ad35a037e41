"""One draw, month by month: what the rule does with the state as it is, and what comes of it.

Each month, in this order: risk levels change and people register; how much room there is against
the register's hours is judged anew from what is left to do and the hours left; what each open duty
is worth is looked up at that room (``worth``); the duties worth most an hour are done while hours
and ARMS a month last; what is overdue at the month's end is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.domain.months import HORIZON_MONTHS
from planner.uncertainty.drawn import MOST_TRIES
from planner.uncertainty.worth import LATEST_DUE, OLDEST_DUE, ROOMS, needed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.uncertainty.drawn import Drawn
    from planner.uncertainty.world import World
    from planner.uncertainty.worth import Worth

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

CAUTION, LAST_CAUTION = 0.015, 0.15
"""The rule reckons with so much less room than it judges there to be: always, and, shared by the
months left, more towards the end. Measured (``docs/uncertainty.md``): with less, a few duties a
team are left over at the end; with more, the risky wait longer."""
INERTIA = 0.1
"""How much a change of room since the month before counts against a better fit of tightness."""
FREE = -1e-3
"""A duty worth at least this is done where hours would otherwise go unused."""

COUNTED = ("arms", "visits", "not_in", "pressing", "pressing_not_in")

IN_TIME_FROM = 3
"""From this month on no very high or high visit may be overdue (contract, "Can clear")."""
NEVER = HORIZON_MONTHS + 1

_FINE = np.linspace(ROOMS[0], ROOMS[-1], 161)


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A draw's figures at each month's end, and its exposure over all of them.

    Overdue: ``arms``, ``visits``, of these ``not_in`` (tried as often as a month allows, nobody
    in), and of very high and high visits ``pressing`` and ``pressing_not_in``. ``parts`` is of each
    part, (3, parts): the month by whose end it clears (``NEVER``: it does not), people who were not
    in left out; then ARMS and visits overdue at the deadline.
    """

    arms: Ints
    visits: Ints
    not_in: Ints
    pressing: Ints
    pressing_not_in: Ints
    parts: Ints
    exposure: float


class Replay:
    """The state of one draw of a world. ``rooms`` keeps the room judged, by month and part.

    ``deadline`` is the month at which the parts are looked at.
    """

    def __init__(
        self, world: World, worth: Worth, drawn: Drawn, deadline: int = HORIZON_MONTHS
    ) -> None:
        self.world, self.worth, self.drawn, self.deadline = world, worth, drawn, deadline
        self._parts = np.ones((3, len(world.parts)), dtype=np.int64)
        kinds, duties = world.kinds, drawn.duties
        self._person, self._family = duties.person, duties.family
        self._first_seen = duties.first_seen
        self._is_known = np.arange(len(duties.due)) < len(world.duties.due)
        self._due, self._moves = duties.due.copy(), duties.moves.copy()
        self._level = drawn.level
        self._kind = self._family * 4 + self._level[self._person] - 1
        self._part, self._crew = kinds.part[self._kind], kinds.crew[self._kind]
        self._is_visit, self._own = kinds.is_visit[self._kind], kinds.own[self._kind]
        self._last_seen, self._last_end = kinds.last_seen[self._kind], kinds.last_end[self._kind]
        self._spare = np.zeros(len(world.parts))
        self._room = np.ones(len(world.parts))
        self.rooms: list[Floats] = []

    def run(self) -> Told:
        """Live through all months."""
        told = np.zeros((len(COUNTED), self.world.months), dtype=np.int64)
        exposure = 0.0
        for month in range(1, self.world.months + 1):
            self._change_levels(month)
            done, in_vain = self._work(month)
            self._due[done] = month + self.world.kinds.interval[self._kind[done]]
            self._moves[done] = self._is_visit[done] & ~self._own[done]
            told[:, month - 1], points = self._overdue(month, in_vain)
            exposure += points
        return Told(**dict(zip(COUNTED, told, strict=True)), parts=self._parts, exposure=exposure)

    def _change_levels(self, month: int) -> None:
        """Some people's level goes one up or down, from month 2 on, and the due month with it."""
        drawn = self.drawn
        if drawn.level_chance is None or month == 1:
            return
        chance = drawn.level_chance[:, month - 1]
        level = self._level.copy()
        known = level[: len(chance)]
        up, down = drawn.up[known - 1], drawn.down[known - 1]
        known += np.where(chance < up, 1, np.where(chance < up + down, -1, 0))
        changed = np.flatnonzero((level != self._level)[self._person])
        self._level = level
        interval = self.world.kinds.interval
        before = interval[self._kind[changed]]
        self._kind[changed] = self._family[changed] * 4 + level[self._person[changed]] - 1
        longer = interval[self._kind[changed]] - before
        self._due[changed] += np.where(self._moves[changed], longer, 0)

    def _work(self, month: int) -> tuple[Ints, Flags]:
        """The duties done in a month (numbers), and which visits were tried in vain (flags).

        A duty begun before the hours run out is finished; the next month has those hours less. What
        an hour is worth goes by the hours that were priced, whatever a duty takes by now: else all
        that takes less than it was priced at would come first, and the rest be left for the end.
        """
        duties, worth = self._open(month)
        per_hour = worth / self.worth.hours[self._kind[duties]]
        duties = duties[np.lexsort((-per_hour, self._part[duties]))]
        duties = duties[self._within_arms_limit(duties, month)]
        part = self._part[duties]
        hours, seen = self._spent(duties, month)
        there = self.drawn.strength.hours[:, month - 1] + self._spare
        begun = _running(hours, part, len(there)) - hours < there[part] - 1e-9
        spent = np.bincount(part[begun], hours[begun], minlength=len(there))
        self._spare = np.minimum(0.0, there - spent)
        in_vain = np.zeros(len(self._due), dtype=bool)
        in_vain[duties[begun & ~seen]] = True
        return duties[begun & seen], in_vain

    def _open(self, month: int) -> tuple[Ints, Floats]:
        """Duties that may be done in a month and are worth doing, and what each is worth."""
        early = self.world.kinds.early[self._kind]
        is_open = (self._due <= month + early) & (self._first_seen <= month)
        duties = np.flatnonzero(is_open & (month <= self._last_seen))
        late = LAST_CAUTION / (self.world.months + 1 - month)
        room = self._judged_room(month) - CAUTION - late
        due = np.clip(self._due[duties], OLDEST_DUE, LATEST_DUE)
        worth = self.worth.at(room[self._part[duties]], self._kind[duties], month, due)
        keep = worth >= FREE
        return duties[keep], worth[keep]

    def _reckoned(self, month: int) -> Floats:
        """Hours of each duty as people reckon in this month, failures included."""
        lead, second, arms = self.drawn.hours.reckoned[month - 1]
        return np.asarray(np.where(self._is_visit, lead + (self._crew - 1) * second, arms))

    def _judged_room(self, month: int) -> Floats:
        """The room at which the programme's own plan would be as tight in this month as we are.

        Late in the plan many rooms are equally tight: then what was judged before decides.
        """
        interval = self.world.kinds.interval[self._kind]
        there = (month <= self._last_seen) & (self._is_known | (self._first_seen <= month))
        often = np.where(there, needed(self._due, interval, month), 0)
        need = np.bincount(
            self._part, often * self._reckoned(month), minlength=len(self.world.parts)
        )
        tight = need / np.maximum(self.drawn.strength.foreseen[:, month - 1], 1.0)
        for part, usual in enumerate(self.worth.tightness[:, :, month - 1].T):
            misfit = (np.interp(_FINE, ROOMS, usual) - tight[part]) ** 2
            misfit += INERTIA * (_FINE - self._room[part]) ** 2
            self._room[part] = _FINE[misfit.argmin()]
        self.rooms.append(self._room.copy())
        return self._room

    def _within_arms_limit(self, duties: Ints, month: int) -> Flags:
        """Which of the duties, in this order, are visits or ARMS that somebody may still do."""
        strength, visit, part = self.drawn.strength, self._is_visit[duties], self._part[duties]
        each = max(self.drawn.hours.reckoned[month - 1, 2], 0.1)
        most = np.minimum(
            strength.most_arms[:, month - 1], strength.trained_hours[:, month - 1] / each
        )
        return np.asarray(visit | (_running(~visit * 1.0, part, len(most)) <= most[part] + 1e-9))

    def _spent(self, duties: Ints, month: int) -> tuple[Floats, Flags]:
        """Hours that each duty takes in truth, and whether it succeeds."""
        hours, visit = self.drawn.hours, self._is_visit[duties]
        attempt = hours.lead + (self._crew[duties] - 1) * hours.second
        if self.drawn.tries is None:
            return np.where(visit, attempt, hours.arms), np.ones(len(duties), dtype=bool)
        failed = np.where(visit, self.drawn.tries[duties, month - 1], 0)
        seen = failed < MOST_TRIES
        visits = attempt * (failed * hours.failed_cost + seen)
        return np.where(visit, visits, hours.arms), seen

    def _overdue(self, month: int, in_vain: Flags) -> tuple[tuple[int, ...], float]:
        """Duties overdue at a month's end, counted as ``Told`` has them, and their exposure."""
        kinds = self.world.kinds
        late = (self._due <= month) & (self._first_seen <= month) & (month <= self._last_end)
        kind, age = self._kind[late], month - self._due[late]
        visit, pressing, vain = self._is_visit[late], kinds.pressing[kind], in_vain[late]
        self._look_at_parts(month, self._part[late][~vain], visit[~vain], pressing[~vain])
        counted = (~visit, visit, vain, pressing, pressing & vain)
        points = float((kinds.weight[kind] * (1 + kinds.ageing * age)).sum())
        return tuple(int(np.count_nonzero(one)) for one in counted), points

    def _look_at_parts(self, month: int, part: Ints, visit: Flags, pressing: Flags) -> None:
        """Note of each part what is overdue at a month's end, people who were not in left out."""
        cleared, arms, visits = self._parts
        cleared[part] = np.maximum(cleared[part], month + 1)
        if month >= IN_TIME_FROM:
            cleared[part[pressing]] = NEVER
        if month == self.deadline:
            arms[:] = np.bincount(part[~visit], minlength=len(arms))
            visits[:] = np.bincount(part[visit], minlength=len(visits))


def _running(amount: Floats, part: Ints, parts: int) -> Floats:
    """Running totals within each part; ``part`` is sorted."""
    total = np.concatenate(([0.0], np.cumsum(amount)))
    first = np.searchsorted(part, np.arange(parts))
    return np.asarray(total[1:] - total[first][part])
