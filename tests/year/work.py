"""What officers get done of a month's plan: hours run short, visits fail, people fall ill."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.domain.decision import NOBODY_IN, REFUSED, SEEN
from planner.domain.months import Horizon
from planner.domain.terms import Duty, VisitType
from planner.workload.capacity import DutyHours, hold_back_hours
from planner.workload.community import stay
from planner.workload.posts import working_days

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    import numpy as np

    from planner.domain.register import Absence, Offender, Register
    from planner.domain.written import ScheduleRow, WrittenPlan
    from tests.year.habits import Habits

SHORTEST, HOURS_TO = 0.5, 0.25
"""The least hours anybody notes, and to what they round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """One duty tried: the last try's day, result and hours; ``failed`` counts tries that failed."""

    ref: str
    duty: Duty
    day: date
    result: str
    hours: float
    failed: int = 0
    visit_type: VisitType | None = None

    @property
    def is_done(self) -> bool:
        return self.result == SEEN


class Month:
    """Month 1 of a plan as it goes by. ``gone_from`` says from which day somebody is not there."""

    def __init__(
        self,
        register: Register,
        sick: Iterable[Absence],
        gone_from: Mapping[str, date],
        habits: Habits,
        draw: np.random.Generator,
    ) -> None:
        self.register = register
        self.habits = habits
        self.draw = draw
        self.gone_from = gone_from
        horizon = Horizon(register.as_at)
        self.first, self.last = horizon.start(1), horizon.end(1)
        self.days = working_days(self.first, self.last)
        self.ill = self._away(sick)
        self.listed = self._away(a for a in register.absences if a.share == 1)

    def _away(self, absences: Iterable[Absence]) -> dict[str, set[date]]:
        found: dict[str, set[date]] = defaultdict(set)
        for absence in absences:
            for day in self.days:
                if absence.first <= day <= absence.last:
                    found[absence.staff_id].add(day)
        return found

    def done(self, written: WrittenPlan) -> tuple[Doing, ...]:
        """What was tried of the plan: each officer the riskiest and latest first, while hours last.

        Hours are those of the plan's Workload (listed absences are off already), less the days ill,
        less what colleagues need as second officers.
        """
        planned: dict[str, list[ScheduleRow]] = defaultdict(list)
        for row in written.schedule:
            if row.month == self.first:
                planned[row.done_by].append(row)
        overtime = 1 + self.register.policy.hours_overtime
        found: list[Doing] = []
        for load in sorted(written.workload, key=lambda r: r.som):
            if load.month == self.first and load.som in planned:
                there = 1 - len(self.ill[load.som]) / len(self.days)
                hours = there * (load.capacity_hours * overtime - load.second_hours)
                found += self._by(load.som, sorted(planned[load.som], key=_order), hours)
        return tuple(found)

    def _by(self, staff_id: str, rows: Iterable[ScheduleRow], hours: float) -> Iterable[Doing]:
        away = self.ill[staff_id] | self.listed[staff_id]
        days = [day for day in self.days if day not in away]
        left = hours
        for row in rows:
            day = self._day(row.ref, days, 1 - left / hours) if hours > 0 else None
            tried = self._tried(row, day, left) if day else None
            if tried is not None:
                doing, spent = tried
                left -= spent
                yield doing

    def _day(self, ref: str, days: list[date], through: float) -> date | None:
        """A day so far through the month, or the next on which the person is there."""
        there = stay(self.register.offender[ref])
        gone = self.gone_from.get(ref)
        at = days[min(len(days) - 1, int(through * len(days))) :] if days else []
        fits = (d for d in at if there and there.covers(d) and (gone is None or d < gone))
        return next(fits, None)

    def _tried(self, row: ScheduleRow, day: date, left: float) -> tuple[Doing, float] | None:
        """The duty tried and the hours spent; None where they do not suffice."""
        if row.duty == Duty.ARMS.value:
            hours = self._noted(self.habits.arms_hours)
            arms = Doing(ref=row.ref, duty=Duty.ARMS, day=day, result=SEEN, hours=hours)
            return (arms, hours) if hours <= left else None
        policy = self.register.policy
        whole = policy.visit_hours + policy.visit_write_up_hours
        lost = whole * policy.visit_failed_cost
        failed, spent = 0, 0.0
        for _ in range(2):
            if spent + whole > left:
                break
            if self.draw.random() >= policy.visit_failed_rate:
                hours = self._noted(whole)
                seen = self._visit(row, day, SEEN, hours, failed)
                return seen, spent + hours
            failed, spent = failed + 1, spent + lost
            if self.draw.random() >= self.habits.second_try:
                break
        if not failed:
            return None
        result = REFUSED if self.draw.random() < self.habits.refused else NOBODY_IN
        return self._visit(row, day, result, lost, failed), spent

    def _visit(self, row: ScheduleRow, day: date, result: str, hours: float, failed: int) -> Doing:
        return Doing(
            ref=row.ref,
            duty=Duty.VISIT,
            day=day,
            result=result,
            hours=hours,
            failed=failed,
            visit_type=VisitType(str(row.visit_type)),
        )

    def _noted(self, usual: float) -> float:
        """About so many hours, to the quarter."""
        drawn = self.draw.normal(usual, self.habits.hours_spread)
        return max(SHORTEST, round(drawn / HOURS_TO) * HOURS_TO)

    def intake(self, new: Iterable[Offender]) -> tuple[Doing, ...]:
        """First visits and ARMS of those who have come, by the hours that teams hold back."""
        hours = DutyHours.of(self.register.policy)
        visit = hours.visit(int(self.register.policy.visit_crew))
        left = hold_back_hours(self.register)
        found = []
        for person in sorted(new, key=lambda o: o.ref):
            there = stay(person)
            if there is None or not any(there.covers(day) for day in self.days):
                continue
            day = next(day for day in reversed(self.days) if there.covers(day))
            for duty, needed in ((Duty.VISIT, visit), (Duty.ARMS, self.habits.arms_hours)):
                if left[person.team] >= needed:
                    left[person.team] -= needed
                    kind = VisitType.ANNOUNCED if duty is Duty.VISIT else None
                    found.append(
                        Doing(
                            ref=person.ref,
                            duty=duty,
                            day=day,
                            result=SEEN,
                            hours=needed,
                            visit_type=kind,
                        )
                    )
        return tuple(found)


def _order(row: ScheduleRow) -> tuple[object, ...]:
    """Visits before ARMS, the riskiest first, then the longest due."""
    risk = ("Very high", "High", "Medium", "Low").index(row.level)
    return row.duty != Duty.VISIT.value, risk, row.due, row.ref


def entered(person: Offender, doings: Iterable[Doing]) -> Offender:
    """The person's row once what was done is in the register."""
    for doing in doings:
        if doing.duty is Duty.ARMS:
            person = replace(person, last_arms=doing.day, arms_due=None)
        elif doing.is_done:
            person = replace(
                person, last_visit=doing.day, last_visit_type=doing.visit_type, failed_attempts=0
            )
        else:
            person = replace(person, failed_attempts=person.failed_attempts + doing.failed)
    return person
