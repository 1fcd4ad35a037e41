"""What a case comes to where people's wishes are met: who holds it, when its duties are done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from planner.domain.decision import FAILED, DecisionKind, EditField, done_on
from planner.review.ground import DUTY
from planner.review.issued import Key, Stated
from planner.review.values import ACCEPT, REFUSE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.domain.terms import Duty
    from planner.review.ground import Ground
    from planner.tables.decisions import DecisionRow

Wishes = Mapping[Key, Stated]
"""What is wanted: accepted before, or asked now. None: nothing."""


class Months(Protocol):
    """Whatever numbers the months that rows and days lie in."""

    def number(self, day: date) -> int: ...

    def month(self, row: DecisionRow) -> int: ...


@dataclass(frozen=True, slots=True)
class SomWish:
    """From a month on, this officer is to hold the case, by one cell of a row."""

    month: int
    staff_id: str
    row: DecisionRow
    field: EditField

    @property
    def key(self) -> Key:
        return self.row.decision_ref, self.field

    @property
    def is_agreed(self) -> bool:
        """Whether it only says yes to the plan."""
        return self.field is EditField.ACCEPT and self.staff_id == self.row.som


def som_wish(ground: Months, row: DecisionRow, wishes: Wishes) -> SomWish | None:
    """Whom the row's cells want as SOM: the one named, else who keeps or gets a case that moves."""
    named = wishes.get((row.decision_ref, EditField.SOM))
    if isinstance(named, str):
        return SomWish(ground.month(row), named, row, EditField.SOM)
    said = wishes.get((row.decision_ref, EditField.ACCEPT))
    staff_id = {ACCEPT: row.som, REFUSE: row.previous_som}.get(str(said))
    if row.kind is not DecisionKind.MOVE or staff_id is None:
        return None
    return SomWish(ground.month(row), staff_id, row, EditField.ACCEPT)


def som_wishes(ground: Ground, ref: str, wishes: Wishes) -> tuple[SomWish, ...]:
    """Every wish about who holds a case, the earliest first."""
    found = (som_wish(ground, row, wishes) for row in ground.rows[ref])
    return tuple(
        sorted((w for w in found if w is not None), key=lambda w: (w.month, w.row.decision_ref))
    )


def route(ground: Ground, ref: str, wishes: Wishes) -> list[str | None]:
    """Who holds the case in each month: as planned, save where a wish can be met."""
    soms = ground.planned_route(ref)
    offender = ground.offender(ref)
    if offender is None:
        return soms
    for wish in som_wishes(ground, ref, wishes):
        if wish.is_agreed or wish.staff_id not in ground.situation.register.officer:
            continue
        for m in ground.horizon.months:
            if m >= wish.month and ground.posts.may_hold(wish.staff_id, offender, m):
                soms[m - 1] = wish.staff_id
    return soms


def done_month(ground: Months, row: DecisionRow, wishes: Wishes) -> int | None:
    """The month in which the duty was done; None where it was not, as far as anybody said."""
    told = (EditField.DONE_ON, EditField.RESULT)
    day = done_on({field: wishes.get((row.decision_ref, field)) for field in told})
    return None if day is None else ground.number(day)


def wanted_month(ground: Months, row: DecisionRow, wishes: Wishes) -> int:
    """The month of a duty: done, else locked, else the next where it cannot be in its own."""
    done = done_month(ground, row, wishes)
    if done is not None:
        return done
    locked = wishes.get((row.decision_ref, EditField.LOCK_MONTH))
    if isinstance(locked, date):
        return ground.number(locked)
    failed = wishes.get((row.decision_ref, EditField.RESULT)) in FAILED
    barred = wishes.get((row.decision_ref, EditField.NOT_POSSIBLE)) is not None
    return ground.month(row) + 1 if failed or barred else ground.month(row)


@dataclass(frozen=True, slots=True)
class DutyMonth:
    """A duty planned in a month, and the month it moves to: the same where nobody asks.

    ``wanted`` is None where the person is not there then; ``is_merged`` where the same duty is
    done in that month anyway, which then does for both.
    """

    planned: int
    wanted: int | None
    is_merged: bool = False


def duty_months(
    ground: Ground, ref: str, duty: Duty, planned: Sequence[int], wishes: Wishes
) -> tuple[DutyMonth, ...]:
    """Each planned doing of a duty, by month."""
    asked = {
        ground.month(row): wanted_month(ground, row, wishes)
        for row in ground.rows[ref]
        if DUTY.get(row.kind) is duty
    }
    chain = ground.situation.chain.get((ref, duty))
    found: list[DutyMonth] = []
    taken = {m for m in planned if asked.get(m, m) == m}
    for m in sorted(planned):
        wanted = asked.get(m, m)
        there = wanted < 1 or chain is None or chain.is_open(wanted)
        if wanted == m:
            found.append(DutyMonth(m, m))
        elif not there:
            found.append(DutyMonth(m, None))
        else:
            found.append(DutyMonth(m, wanted, wanted in taken))
            taken.add(wanted)
    return tuple(found)
