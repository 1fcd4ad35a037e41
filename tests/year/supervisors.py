"""What supervisors decide in a month: made up by chance, as people do who know their cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planner.domain.decision import DecisionKind, EditField
from planner.domain.months import Horizon
from planner.domain.terms import Duty, VisitType
from planner.review.values import ACCEPT, REFUSE
from planner.workload.posts import Posts
from tests.year.said import Entry, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    import numpy as np

    from planner.domain.register import Register
    from tests.year.work import Doing

WHY_NOT = ("In hospital", "Abroad until the end of the month", "On holiday; told us")
NOTES = ("Ring first", "With the court", "Dog at the address: two officers")
MARKED_OFFICERS = 2
"""Each supervisor enters the month of so many officers."""
FORGOTTEN = 0.25
"""How often an accepted move is not entered in the register."""
WISHES = (EditField.ACCEPT, EditField.SOM, EditField.LOCK_MONTH, EditField.NOT_POSSIBLE)


@dataclass
class Deciding:
    """One supervisor at the end of month 1, with what was done in it.

    Of each kind of decision ``each``, as far as there are rows. Now and then somebody asks for what
    cannot be: an officer of another team.
    """

    rows: tuple[Row, ...]
    supervisor: str
    register: Register
    doings: Mapping[tuple[str, Duty], Doing]
    draw: np.random.Generator
    each: int = 2
    said: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.horizon = Horizon(self.register.as_at)
        self.posts = Posts(self.register, self.horizon)
        self.own = [row for row in self.rows if row.supervisor == self.supervisor]
        self.taken = {row.ref for row in self.rows for f in row.filled if f in WISHES}

    def entries(self) -> tuple[Entry, ...]:
        """Everything this supervisor types, one thing of each cell."""
        self._moves()
        self._months()
        self._other_mind()
        self._marks()
        return tuple({entry.key: entry for entry in self.said}.values())

    def _moves(self) -> None:
        moves = [r for r in self.own if r.kind is DecisionKind.MOVE and not r.filled]
        for row in self._some(moves):
            self._say(row, EditField.ACCEPT, ACCEPT)
        for row in self._some(r for r in moves if r.previous_som is not None):
            if self._may_hold(row.previous_som or "", row):
                self._say(row, EditField.ACCEPT, REFUSE)
        for row in self._some(moves):
            if mates := self._others(row):
                self._say(row, EditField.SOM, mates[self._below(len(mates))])

    def _months(self) -> None:
        """Months locked and said not to be possible; the type of a visit; an officer instead."""
        ahead = [r for r in self.own if r.month == self.horizon.start(2) and not r.filled]
        ahead = [r for r in ahead if r.kind is not DecisionKind.MOVE]
        for row in self._some(ahead):
            self._say(row, EditField.LOCK_MONTH, self.horizon.start(2 + self._below(2)))
        for row in self._some(ahead):
            self._say(row, EditField.NOT_POSSIBLE, WHY_NOT[self._below(len(WHY_NOT))])
        for row in self._some(r for r in ahead if r.kind is DecisionKind.VISIT):
            kind = VisitType.UNANNOUNCED if self._below(2) else VisitType.ANNOUNCED
            self._say(row, EditField.VISIT_TYPE, kind.value)
        for row in self._some(ahead, 1):
            if mates := self._others(row):
                self._say(row, EditField.SOM, mates[self._below(len(mates))])
        for row in self._some(ahead, 1):
            self._say(row, EditField.NOTE, NOTES[self._below(len(NOTES))])

    def _other_mind(self) -> None:
        """Something said before is taken back, or another month is locked."""
        stands = [r for r in self.own if set(r.filled) & set(WISHES) and r.month > self._now]
        for row in self._some(stands, 2, again=True):
            what = min(set(row.filled) & set(WISHES))
            later = what is EditField.LOCK_MONTH and self._below(2)
            value = self.horizon.start(3) if later else None
            if value != row.filled[what]:
                self.said.append(Entry(row=row, field=what, value=value))

    def _marks(self) -> None:
        """What the officers did in month 1, with hours; failed attempts with their result."""
        officers = sorted({row.som for row in self.own})
        marked = {str(s) for s in self.draw.permutation(officers)[:MARKED_OFFICERS]}
        for row in self.own:
            if row.kind is DecisionKind.MOVE or row.month != self._now or row.som not in marked:
                continue
            doing = self.doings.get((row.ref, Duty(row.kind.value)))
            if doing is not None:
                self.said.append(Entry(row=row, field=EditField.DONE_ON, value=doing.day))
                self.said.append(Entry(row=row, field=EditField.RESULT, value=doing.result))
                if doing.is_done:
                    hours = float(doing.hours)
                    self.said.append(Entry(row=row, field=EditField.HOURS_TAKEN, value=hours))

    @property
    def _now(self) -> date:
        return self.horizon.first

    def _say(self, row: Row, what: EditField, value: str | date) -> None:
        self.taken.add(row.ref)
        self.said.append(Entry(row=row, field=what, value=value))

    def _some(self, rows: Iterable[Row], most: int = 0, *, again: bool = False) -> Iterator[Row]:
        """Some of the rows, of different people of whom nothing is decided yet."""
        able = list(rows)
        found = 0
        for n in self.draw.permutation(len(able)):
            row = able[int(n)]
            if found < (most or self.each) and (again or row.ref not in self.taken):
                found += 1
                yield row

    def _below(self, number: int) -> int:
        return int(self.draw.integers(0, number))

    def _may_hold(self, staff_id: str, row: Row) -> bool:
        person = self.register.offender[row.ref]
        number = self.horizon.number(row.month)
        return staff_id in self.register.officer and self.posts.may_hold(staff_id, person, number)

    def _others(self, row: Row) -> list[str]:
        """Who else may hold the case; once in ten asks, somebody of another team."""
        able = [s.staff_id for s in self.register.officers if self._may_hold(s.staff_id, row)]
        if self._below(10) == 0:
            team = self.register.offender[row.ref].team
            able = [s.staff_id for s in self.register.officers if s.team != team]
        return sorted(set(able) - {row.som, row.previous_som})


def holders(
    accepted: Iterable[Entry],
    planned: Mapping[str, str | None],
    today: Mapping[str, str | None],
    first: date,
    draw: np.random.Generator,
) -> dict[str, str | None]:
    """Who holds each case at month 1's end in the register: as planned, save where people decided
    otherwise from month 1; now and then the register is not brought up to date.

    ``planned`` is the plan's SOM by reference, ``today`` the register's before, ``first`` month 1.
    """
    found = dict(planned)
    for entry in sorted(accepted, key=lambda e: e.key):
        row, value = entry.row, entry.value
        if row.kind is not DecisionKind.MOVE or row.month != first or value is None:
            continue
        if entry.field is EditField.ACCEPT:
            found[row.ref] = row.som if value == ACCEPT else row.previous_som
        elif entry.field is EditField.SOM:
            found[row.ref] = str(value)
        if draw.random() < FORGOTTEN:
            found[row.ref] = today.get(row.ref)
    return found
