"""The working weeks of month 1, and in which of them each duty is best done.

The plan gives months. Within the month each officer's hours are spread evenly over the weeks in
which the officer is there: visits to very high and high cases by their due dates, then the riskiest
and longest overdue first. Nobody is put down for a week in which they are not in the community. A
proposal, not part of the plan.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.terms import Duty, RiskLevel
from planner.workload.community import stay

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from planner.domain.register import Absence, Register
    from planner.domain.written import ScheduleRow
    from planner.workload.outcome import Outcome

_ALIKE = 1e-9


@dataclass(frozen=True, slots=True)
class Week:
    """A calendar week of the month: ``number`` from 1, and its working days in the month."""

    number: int
    days: tuple[date, ...]

    @property
    def begins(self) -> date:
        return self.days[0]

    @property
    def ends(self) -> date:
        return self.days[-1]


@dataclass(frozen=True, slots=True)
class PlacedDuty:
    """A duty of month 1 and the week proposed for it."""

    row: ScheduleRow
    week: Week


def month_weeks(outcome: Outcome) -> tuple[Week, ...]:
    """The weeks of month 1 that have a working day, in order."""
    found: dict[tuple[int, int], list[date]] = defaultdict(list)
    for day in outcome.situation.posts.days_of_month(1):
        year, week, _ = day.isocalendar()
        found[year, week].append(day)
    return tuple(Week(n, tuple(found[key])) for n, key in enumerate(sorted(found), start=1))


def placed_duties(outcome: Outcome, schedule: Iterable[ScheduleRow]) -> tuple[PlacedDuty, ...]:
    """Every duty of month 1 with its week, the more pressing first."""
    first = outcome.situation.horizon.first
    duties = [row for row in schedule if row.month == first]
    duties.sort(key=lambda row: _pressing(row, outcome))
    spread = _Spread(outcome, duties)
    return tuple(PlacedDuty(row, spread.place(row)) for row in duties)


def _pressing(row: ScheduleRow, outcome: Outcome) -> tuple[object, ...]:
    """Visits to very high and high cases first; of the rest too the riskiest, then longest due."""
    level = outcome.situation.register.offender[row.ref].level
    is_close = level >= RiskLevel.HIGH and row.duty == Duty.VISIT.value
    return (not is_close, -level, row.due, row.ref, row.duty)


class _Spread:
    """Officers' hours of the month, week by week, as duties are put into them."""

    def __init__(self, outcome: Outcome, duties: Sequence[ScheduleRow]) -> None:
        self.register = outcome.situation.register
        self.weeks = month_weeks(outcome)
        self.there = {
            s.staff_id: _shares(self.weeks, days, away.get(s.staff_id, ()))
            for away in (_absences(self.register),)
            for s in self.register.officers
            for days in (outcome.situation.posts.days_in_post(s, 1),)
        }
        self.total: dict[str, float] = defaultdict(float)
        for row in duties:
            for who, hours in _hours(row):
                self.total[who] += hours
        self.used: dict[tuple[str, int], float] = defaultdict(float)

    def place(self, row: ScheduleRow) -> Week:
        """The first week by choice in which all have room; else where it overfills least."""
        choice = self._by_choice(row)
        week = next((w for w in choice if self._excess(row, w) <= _ALIKE), None)
        if week is None:
            week = min(choice, key=lambda w: self._excess(row, w))
        for who, hours in _hours(row):
            self.used[who, week.number] += hours
        return week

    def _by_choice(self, row: ScheduleRow) -> list[Week]:
        """Possible weeks, best first: as early as can be, or where it falls due in the month.

        A very high or high case whose visit falls due within the month is seen in the week in
        which it does or just before: much earlier would leave a gap after it.
        """
        weeks = self._possible(row)
        level = self.register.offender[row.ref].level
        is_close = level >= RiskLevel.HIGH and row.duty == Duty.VISIT.value
        if not is_close or not row.month <= row.due <= self.weeks[-1].ends:
            return weeks
        in_time = [w for w in weeks if w.begins <= row.due]
        return [*reversed(in_time), *(w for w in weeks if w.begins > row.due)]

    def _possible(self, row: ScheduleRow) -> list[Week]:
        """Weeks in which the person is in the community and all officers are there.

        Where there is none, only the person counts; where even that fails, every week.
        """
        days = stay(self.register.offender[row.ref])
        seen = [w for w in self.weeks if days is None or any(map(days.covers, w.days))]
        doers = [who for who, _ in _hours(row)]
        both = [w for w in seen if all(self.there[who][w.number] > 0 for who in doers)]
        lead = [w for w in seen if self.there[doers[0]][w.number] > 0]
        return both or lead or seen or list(self.weeks)

    def _excess(self, row: ScheduleRow, week: Week) -> float:
        """How far the week would be above somebody's even share, in hours."""
        return max(
            self.used[who, week.number] + hours - self.total[who] * self.there[who][week.number]
            for who, hours in _hours(row)
        )


def _hours(row: ScheduleRow) -> list[tuple[str, float]]:
    """Who gives hours to a duty, and how many; the doer first."""
    given = [(row.done_by, row.lead_hours)]
    if row.second is not None:
        given.append((row.second, row.second_hours))
    return given


def _absences(register: Register) -> Mapping[str, list[Absence]]:
    found: dict[str, list[Absence]] = defaultdict(list)
    for absence in register.absences:
        found[absence.staff_id].append(absence)
    return found


def _shares(
    weeks: Sequence[Week], in_post: Iterable[date], absences: Iterable[Absence]
) -> dict[int, float]:
    """Each week's share of the officer's time in the month; they add up to 1, or are all 0."""
    present = set(in_post)
    away = list(absences)
    there = {w.number: sum(_there(day, away) for day in w.days if day in present) for w in weeks}
    total = sum(there.values())
    return {number: days / total if total > 0 else 0.0 for number, days in there.items()}


def _there(day: date, absences: Iterable[Absence]) -> float:
    """How much of a day the officer is there, 0 to 1."""
    return 1.0 - max((a.share for a in absences if a.first <= day <= a.last), default=0.0)
