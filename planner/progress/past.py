"""The plans issued month after month, as progress is judged by them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from planner.domain.months import Horizon
from planner.domain.terms import Duty

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.domain.decision import EditField
    from planner.domain.issued import IssuedOfficer, IssuedPerson, IssuedRun
    from planner.domain.written import ScheduleRow

Key = tuple[str, Duty]
"""One person's visits, or their ARMS."""
Value = str | float | date

DUTY = {duty.value: duty for duty in Duty}

SLACK = timedelta(days=3)
"""A month counts as over once a register is as at its last days: a weekend may follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What was accepted of one planned duty, by the column it was written in."""

    ref: str
    duty: Duty
    month: date
    said: Mapping[EditField, Value]
    run_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was proved when a plan was made: hours and posts lacking to leave nothing overdue.

    ``is_ruled_out``: no plan can leave nothing overdue.
    """

    hours: float
    posts: float
    is_ruled_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """A plan as issued, what was said of its duties, and what was proved; None: not known.

    ``counted`` are people's duties whose last date in the plan's facts is a mark that it took over:
    of them its register shows nothing.
    """

    run: IssuedRun
    words: tuple[Word, ...] = ()
    proof: Proof | None = None
    counted: frozenset[Key] = frozenset()


class Term:
    """A plan in force: from its first month until the next plan's, or for that month alone.

    ``rows`` are its duties of those months, ``months`` the months among them planned for each, and
    ``hours`` the officers' capacity in its first month.
    """

    def __init__(self, past: PastRun, following: date | None) -> None:
        plan = past.run.plan
        self.run_id = past.run.run_id
        self.plan = plan
        self.proof = past.proof
        self.counted = past.counted
        self.first, self.as_at = plan.first_month, plan.as_at
        self.people: dict[str, IssuedPerson] = {p.ref: p for p in plan.people}
        self.officers: dict[str, IssuedOfficer] = {s.staff_id: s for s in plan.officers}
        self.rows: dict[date, list[ScheduleRow]] = defaultdict(list)
        self.months: dict[Key, set[date]] = defaultdict(set)
        for row in plan.written.schedule:
            if row.month == self.first or (following is not None and row.month < following):
                self.rows[row.month].append(row)
                self.months[row.ref, DUTY[row.duty]].add(row.month)
        self.hours = {
            row.som: row.capacity_hours for row in plan.written.workload if row.month == self.first
        }

    def shows(self, key: Key) -> bool:
        """Whether this plan's register says when a person was last visited or assessed."""
        return key[0] in self.people and key not in self.counted

    def last_done(self, key: Key) -> date | None:
        """When that was; None: never, or the register does not say."""
        person = self.people.get(key[0])
        if person is None or key in self.counted:
            return None
        return person.last_visit if key[1] is Duty.VISIT else person.last_arms


class Past:
    """Plans in order of their first month, and all that was said.

    Where a month was planned more than once, the plan issued last counts; what was said of an
    earlier one is kept where nothing was said of the later. ``spoken_of`` are the planned rows that
    words are about. Raises ``ValueError`` where there is no plan.
    """

    def __init__(self, runs: Sequence[PastRun]) -> None:
        if not runs:
            raise ValueError("Progress needs at least one plan.")
        ordered = sorted(
            runs, key=lambda r: (r.run.plan.first_month, r.run.issued_at, r.run.run_id)
        )
        in_force = {past.run.plan.first_month: past for past in ordered}
        following = [*in_force, None][1:]
        self.terms = tuple(map(Term, in_force.values(), following))
        self.words = {(w.ref, w.duty, w.month): w for past in ordered for w in past.words}
        self.spoken_of: dict[tuple[str, str, Duty, date], ScheduleRow] = {}
        for past in ordered:
            spoken = {(w.ref, w.duty, w.month) for w in past.words}
            months = {w.month for w in past.words}
            for row in past.run.plan.written.schedule if spoken else ():
                if row.month in months and (key := (row.ref, DUTY[row.duty], row.month)) in spoken:
                    self.spoken_of[past.run.run_id, *key] = row

    @property
    def first(self) -> Term:
        return self.terms[0]

    @property
    def newest(self) -> Term:
        return self.terms[-1]

    @property
    def since(self) -> date:
        """The day on which the first plan's register was true."""
        return self.first.as_at

    def term(self, month: date) -> Term:
        """The plan in force in a month. Raises ``ValueError`` before the first plan's."""
        found = [term for term in self.terms if term.first <= month]
        if not found:
            raise ValueError("No plan was in force in that month.")
        return found[-1]

    def register_after(self, month: date) -> Term | None:
        """The first register that saw a month to its end; None while there is none."""
        seen = Horizon(month).end(1) - SLACK
        return next((term for term in self.terms if term.as_at >= seen), None)


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def months_from(first: date, last: date) -> tuple[date, ...]:
    """Every month from one to another, both included."""
    horizon = Horizon(first)
    return tuple(horizon.start(n) for n in range(1, horizon.number(last) + 1))
