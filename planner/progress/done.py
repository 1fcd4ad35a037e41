"""What was done: marked by people, shown by the next register, each counted once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from planner.domain.decision import FAILED, EditField, done_on
from planner.domain.terms import Duty
from planner.progress.past import month_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from planner.progress.past import Key, Past

SAME = timedelta(days=7)
"""A mark and a register's date so near one another are one visit, or one ARMS."""


class Source(StrEnum):
    """Where it is known from."""

    BOTH = "Marked and on the register"
    MARK = "Marked only"
    REGISTER = "On the register only"


class Difference(StrEnum):
    """Where people and registers disagree."""

    NOT_SHOWN = "Marked as done, and the next register does not show it"
    OTHER_DAY = "Marked on another day than the register's, which counts"
    SAID_NOT_DONE = "Said to have failed or not to be possible, and the register shows it done"
    TAKEN_BACK = "Shown by one register and gone from a later one; not counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """One visit or ARMS that was done."""

    ref: str
    duty: Duty
    day: date
    source: Source
    difference: Difference | None = None

    @property
    def month(self) -> date:
        return month_of(self.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doings:
    """All that was done, as far as the first plan's register did not show it, by person and duty.

    ``taken_back`` are dates that a later register no longer has. ``came_with`` are dates that
    people brought with them when they first stood on a register after the first: not counted.
    """

    of: Mapping[Key, tuple[Doing, ...]]
    taken_back: tuple[date, ...]
    came_with: int

    def all(self) -> Iterator[Doing]:
        for found in self.of.values():
            yield from found


def doings(past: Past) -> Doings:
    """Each once, whether it is marked, on a register, or both."""
    trail = _Trail(past.since)
    for term in past.terms:
        for key in ((ref, duty) for ref in term.people for duty in Duty):
            if term.shows(key):
                trail.see(key, term.last_done(key))
    marks: dict[Key, set[date]] = defaultdict(set)
    for word in past.words.values():
        day = done_on(word.said)
        if day is not None:
            marks[word.ref, word.duty].add(day)
    denied = _denied(past)
    found: dict[Key, tuple[Doing, ...]] = {}
    for key in sorted(marks.keys() | trail.days.keys()):
        made = _merged(past, key, sorted(marks.get(key, ())), trail.days.get(key, []))
        found[key] = tuple(
            sorted((_against(d, denied.get(key, _Denied())) for d in made), key=lambda d: d.day)
        )
    return Doings(of=found, taken_back=tuple(trail.taken_back), came_with=trail.came_with)


class _Trail:
    """The dates that registers show, one register after the other."""

    def __init__(self, since: date) -> None:
        self.days: dict[Key, list[date]] = {}
        self.taken_back: list[date] = []
        self.came_with = 0
        self._since = since
        self._last: dict[Key, date | None] = {}
        self._known: dict[Key, date] = {}
        """What was done by the day that a person's first register shows is not news."""

    def see(self, key: Key, day: date | None) -> None:
        """What the next register says."""
        before = self._last.get(key)
        if key not in self._last:
            self._known[key] = day or date.min
            self.came_with += day is not None and day > self._since
        elif day is not None and (before is None or day > before):
            self._add(key, day)
        elif day != before:
            self._correct(key, day)
        self._last[key] = day

    def _add(self, key: Key, day: date) -> None:
        if day > self._known[key]:
            self.days.setdefault(key, []).append(day)

    def _correct(self, key: Key, day: date | None) -> None:
        """An earlier date than before, or none: what lies after it is taken back."""
        shown = self.days.get(key, [])
        gone = [d for d in shown if day is None or d > day]
        if not gone:
            return
        self.days[key] = [d for d in shown if d not in gone]
        if day is not None and day not in self.days[key]:
            self._add(key, day)
        moved = day is not None and day in self.days[key] and gone[0] - day <= SAME
        self.taken_back += gone[1:] if moved else gone


def _merged(past: Past, key: Key, marks: Iterable[date], shown: Iterable[date]) -> Iterator[Doing]:
    """Marks and register dates in pairs: the same day first, then the nearest."""
    ref, duty = key
    left, pairs = list(shown), []
    waiting = []
    for day in marks:
        if day in left:
            left.remove(day)
            pairs.append((day, day))
        else:
            waiting.append(day)
    for day in waiting:
        near = min(left, key=lambda d: (abs(d - day), d), default=None)
        if near is not None and abs(near - day) <= SAME:
            left.remove(near)
            pairs.append((day, near))
        else:
            yield Doing(
                ref=ref,
                duty=duty,
                day=day,
                source=Source.MARK,
                difference=None if _may_be(past, key, day) else Difference.NOT_SHOWN,
            )
    for marked, day in pairs:
        difference = None if marked == day else Difference.OTHER_DAY
        yield Doing(ref=ref, duty=duty, day=day, source=Source.BOTH, difference=difference)
    for day in left:
        yield Doing(ref=ref, duty=duty, day=day, source=Source.REGISTER)


def _may_be(past: Past, key: Key, day: date) -> bool:
    """Whether no register speaks against it: none since, or it shows a later one."""
    after = next((t for t in past.terms if t.as_at >= day and key[0] in t.people), None)
    if after is None:
        return True
    last = after.last_done(key)
    return last is not None and last >= day


@dataclass(frozen=True, slots=True)
class _Denied:
    """Days of attempts that failed, and months in which it was said not to be possible."""

    days: set[date] = field(default_factory=set)
    months: set[date] = field(default_factory=set)


def _denied(past: Past) -> dict[Key, _Denied]:
    found: dict[Key, _Denied] = defaultdict(_Denied)
    for word in past.words.values():
        day = word.said.get(EditField.DONE_ON)
        if word.said.get(EditField.RESULT) in FAILED and isinstance(day, date):
            found[word.ref, word.duty].days.add(day)
        elif EditField.NOT_POSSIBLE in word.said and done_on(word.said) is None:
            found[word.ref, word.duty].months.add(word.month)
    return found


def _against(doing: Doing, denied: _Denied) -> Doing:
    """The same, marked where somebody said that it was not done."""
    if doing.source is Source.REGISTER and (
        doing.day in denied.days or doing.month in denied.months
    ):
        return replace(doing, difference=Difference.SAID_NOT_DONE)
    return doing
