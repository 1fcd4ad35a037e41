"""What became of each planned duty, and why it slipped where that is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from planner.domain.decision import NOBODY_IN, REFUSED, EditField
from planner.domain.months import Horizon
from planner.domain.terms import Duty, Management, Status
from planner.progress.past import DUTY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planner.domain.written import ScheduleRow
    from planner.progress.done import Doing, Doings
    from planner.progress.past import Key, Past, Term, Value


class Fate(StrEnum):
    """What became of a planned duty."""

    DONE = "Done in its month"
    BEFORE = "Done before its month"
    SLIPPED = "Slipped"
    NOT_KNOWN = "Not known"
    """The next register shows a later one only: whether one was done before it can't be seen."""
    OPEN = "Not done yet"
    """The month is not over, as far as registers go."""


class SlipReason(StrEnum):
    """Why a duty slipped; what people said comes first, then what the next register shows."""

    NOBODY_IN = "Nobody in"
    REFUSED = "Refused"
    NOT_POSSIBLE = "Said not to be possible"
    MOVED = "Moved to another month"
    OTHER_MONTH = "Done in another month"
    OFF_REGISTER = "No longer on the register"
    NOT_IN_COMMUNITY = "Not in the community"
    REACTIVE = "Now managed reactively"
    SOM_LEFT = "SOM left"
    SOM_AWAY = "SOM without hours in the month after"
    REGISTER_BEHIND = "Done before the plan; its register did not show it"
    NOTE = "A note only"
    NO_WORD = "No word at all"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDuty:
    """A duty planned for a month by the plan in force then, and what became of it.

    ``som`` is who was to do it. ``reason`` and ``detail`` are given where it slipped; ``since`` is
    the day on which it was done after its month, None while it is not.
    """

    month: date
    ref: str
    duty: Duty
    team: str
    level: str
    som: str
    fate: Fate
    reason: SlipReason | None = None
    detail: str = ""
    since: date | None = None


def planned_duties(past: Past, done: Doings, months: Sequence[date]) -> Iterator[PlannedDuty]:
    """Every duty that the plan in force had for one of the months."""
    for term in past.terms:
        own = [m for m in months if past.term(m) is term]
        used: set[tuple[Key, date]] = set()
        for month in own:
            for row in term.rows.get(month, ()):
                yield _fate(past, term, row, done.of.get((row.ref, DUTY[row.duty]), ()), used)


def _fate(
    past: Past,
    term: Term,
    row: ScheduleRow,
    done: Sequence[Doing],
    used: set[tuple[Key, date]],
) -> PlannedDuty:
    key = row.ref, DUTY[row.duty]
    person = term.people.get(row.ref)
    after = past.register_after(row.month)
    since = next((d.day for d in done if d.month > row.month), None)
    fate, reason, detail = Fate.SLIPPED, None, ""
    word = past.words.get((*key, row.month))
    if any(d.month == row.month for d in done):
        fate = Fate.DONE
    elif _was_done_before(term, row, done, used):
        fate = Fate.BEFORE
    elif after is None:
        fate = Fate.OPEN
    elif (told := _said(row, word.said if word else {})) is not None:
        reason, detail = told
    elif _is_hidden(after, row, key):
        fate = Fate.NOT_KNOWN
    else:
        reason, detail = _seen(term, after, row, done) or _noted(word.said if word else {})
    return PlannedDuty(
        month=row.month,
        ref=row.ref,
        duty=key[1],
        team=person.team if person else "",
        level=row.level,
        som=row.done_by,
        fate=fate,
        reason=reason,
        detail=detail,
        since=since if fate is Fate.SLIPPED else None,
    )


def _was_done_before(
    term: Term, row: ScheduleRow, done: Sequence[Doing], used: set[tuple[Key, date]]
) -> bool:
    """Whether it was done after the plan's register and before its month, and serves no other."""
    key = row.ref, DUTY[row.duty]
    planned = term.months[key]
    for doing in done:
        free = doing.month not in planned and (key, doing.day) not in used
        if term.as_at < doing.day and doing.month < row.month and free:
            used.add((key, doing.day))
            return True
    return False


def _is_hidden(after: Term, row: ScheduleRow, key: Key) -> bool:
    last = after.last_done(key)
    return last is not None and last > Horizon(row.month).end(1)


Told = tuple[SlipReason, str]


def _said(row: ScheduleRow, said: Mapping[EditField, Value]) -> Told | None:
    """What people said of it; None where they gave no reason."""
    result = said.get(EditField.RESULT)
    tried = said.get(EditField.DONE_ON)
    on = f"tried on {tried:%d/%m/%Y}" if isinstance(tried, date) else ""
    if result == NOBODY_IN:
        return SlipReason.NOBODY_IN, on
    if result == REFUSED:
        return SlipReason.REFUSED, on
    if EditField.NOT_POSSIBLE in said:
        return SlipReason.NOT_POSSIBLE, str(said[EditField.NOT_POSSIBLE])
    locked = said.get(EditField.LOCK_MONTH)
    if isinstance(locked, date) and locked != row.month:
        return SlipReason.MOVED, f"to {locked:%b %Y}"
    if isinstance(tried, date):
        return SlipReason.OTHER_MONTH, f"on {tried:%d/%m/%Y}"
    return None


def _seen(term: Term, after: Term, row: ScheduleRow, done: Sequence[Doing]) -> Told | None:
    """What the next register shows; None where it explains nothing."""
    person = after.people.get(row.ref)
    if person is None:
        return SlipReason.OFF_REGISTER, ""
    if person.status != Status.COMMUNITY.value:
        return SlipReason.NOT_IN_COMMUNITY, person.status
    if person.management == Management.REACTIVE.value:
        return SlipReason.REACTIVE, ""
    if row.done_by not in after.officers:
        return SlipReason.SOM_LEFT, row.done_by
    if after.hours.get(row.done_by, 0.0) <= 0:
        return SlipReason.SOM_AWAY, row.done_by
    known = term.last_done((row.ref, DUTY[row.duty]))
    behind = [d.day for d in done if d.day <= term.as_at and (known is None or d.day > known)]
    if behind:
        return SlipReason.REGISTER_BEHIND, f"on {behind[-1]:%d/%m/%Y}"
    return None


def _noted(said: Mapping[EditField, Value]) -> Told:
    note = said.get(EditField.NOTE)
    return (SlipReason.NO_WORD, "") if note is None else (SlipReason.NOTE, str(note))
