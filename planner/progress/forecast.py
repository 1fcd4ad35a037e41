"""When the backlog clears at the pace so far; never sooner than the newest plan itself does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from planner.domain.terms import Duty
from planner.progress.burn_down import arms_by_month, by_month, cleared_month, opening
from planner.progress.counts import Count, summed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from planner.progress.past import Past, Proof, Term

LEAST_MONTHS = 3
"""With fewer whole months no date is given."""
MOST_MONTHS = 6
"""The pace is that of the last so many whole months that count."""
ENOUGH = 0.1
"""A month counts where the plan in force meant to leave at least this share of the month's planned
ARMS overdue at its end: where work runs out, what was done says nothing of the pace."""


class Outlook(Enum):
    """What can be said of the month in which the backlog clears."""

    CLEARED = "It is cleared"
    TOO_FEW = "Too few months to tell"
    NOT_PLANNED = "The newest plan itself does not clear it"
    TOO_SLOW = "Not at this pace within the newest plan"
    DATED = "A month and a range"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceMonth:
    """A whole month: ARMS planned for it, done in it, and due in it by the plan in force.

    ``meant_to_leave``: overdue at its end as that plan promised.
    """

    month: date
    planned: int
    done: int
    due: int
    meant_to_leave: int

    @property
    def counts(self) -> bool:
        """Whether hours, not work, set the pace."""
        return self.meant_to_leave > 0 and self.meant_to_leave >= ENOUGH * self.planned


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """ARMS a month so far, and what follows.

    ``backlog`` is what the newest plan began with, ``planned`` the month in which that plan clears
    it (None: it does not), ``end`` its last month. ``likely`` goes by the mean of ``pace``,
    ``earliest`` and ``latest`` by its best and worst month; None: not by ``end``, or not to be
    told. None of them is before ``planned``. ``left`` is what would be overdue at ``end`` at the
    mean pace, no less than the plan leaves (``planned_left``). ``ran_out`` are whole months that
    don't count: their plan meant to leave hardly anything overdue.
    """

    outlook: Outlook
    backlog: int
    as_at: date
    limit: float
    pace: tuple[PaceMonth, ...]
    ran_out: int
    planned: date | None
    planned_left: int
    end: date
    proof: Proof | None
    likely: date | None = None
    earliest: date | None = None
    latest: date | None = None
    left: int | None = None

    @property
    def done_a_month(self) -> float:
        """The mean; 0 where there is no whole month."""
        return sum(p.done for p in self.pace) / len(self.pace) if self.pace else 0.0

    @property
    def due_a_month(self) -> float:
        """The mean; 0 where there is no whole month."""
        return sum(p.due for p in self.pace) / len(self.pace) if self.pace else 0.0


def forecast(past: Past, rows: Iterable[Count], months: Sequence[date]) -> Forecast:
    """By the whole ones of ``months`` only; ``rows`` as counted for them."""
    newest = past.newest
    limit = float(newest.plan.policy["backlog.cleared_at"])
    promise = [(month, sum(levels)) for month, levels in by_month(newest).items()]
    planned, (end, planned_left) = cleared_month(promise, limit), promise[-1]
    whole = _whole_months(past, rows, months)
    known = Forecast(
        outlook=Outlook.TOO_FEW,
        backlog=sum(opening(newest)),
        as_at=newest.as_at,
        limit=limit,
        pace=tuple(month for month in whole if month.counts)[-MOST_MONTHS:],
        ran_out=sum(not month.counts for month in whole),
        planned=planned,
        planned_left=planned_left,
        end=end,
        proof=newest.proof,
    )
    if known.backlog <= limit and planned == promise[0][0]:
        return replace(known, outlook=Outlook.CLEARED)
    if len(known.pace) < LEAST_MONTHS:
        return known
    at_mean = _at_pace(newest, known.done_a_month)
    known = replace(known, left=max(planned_left, round(at_mean[-1][1])))
    if planned is None:
        return replace(known, outlook=Outlook.NOT_PLANNED)

    def clears(pace: float) -> date | None:
        month = cleared_month(_at_pace(newest, pace), limit)
        return None if month is None else max(month, planned)

    likely = clears(known.done_a_month)
    return replace(
        known,
        outlook=Outlook.TOO_SLOW if likely is None else Outlook.DATED,
        likely=likely,
        earliest=clears(max(month.done for month in known.pace)),
        latest=clears(min(month.done for month in known.pace)),
    )


def _whole_months(
    past: Past, rows: Iterable[Count], months: Sequence[date]
) -> tuple[PaceMonth, ...]:
    """Months that a register saw to their end, oldest first."""
    sums = summed((row for row in rows if row.duty is Duty.ARMS), "month")
    of_month = {row.month: row for row in sums}
    found = []
    for month in months:
        if past.register_after(month) is not None:
            row, term = of_month.get(month, Count()), past.term(month)
            found.append(
                PaceMonth(
                    month=month,
                    planned=row.planned,
                    done=row.done,
                    due=arms_by_month(term, "arms_due").get(month, 0),
                    meant_to_leave=sum(by_month(term).get(month, ())),
                )
            )
    return tuple(found)


def _at_pace(term: Term, pace: float) -> Sequence[tuple[date, float]]:
    """The backlog at each month's end with so many ARMS done a month.

    What comes up in a month is what the plan has: the change of its backlog and what it does.
    """
    before, left = sum(opening(term)), float(sum(opening(term)))
    done = arms_by_month(term, "arms_done")
    found = []
    for month, levels in by_month(term).items():
        promised = sum(levels)
        comes_up = promised - before + done.get(month, 0)
        left = max(0.0, left + comes_up - pace)
        found.append((month, left))
        before = promised
    return found
