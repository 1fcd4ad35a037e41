"""The decisions that a written plan holds, perhaps edited by hand: what cannot be used is counted.

Whether they are good decisions is for the verifier. Here only rows that mean nothing are left out:
an unknown case or officer, a month outside the plan, the same duty twice in a month.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from planner.domain.plan import Holding, Plan, PlannedArms, PlannedVisit
from planner.domain.terms import Duty, VisitType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.domain.written import AllocationRow, ScheduleRow, WrittenPlan
    from planner.workload.situation import Situation


@dataclass(frozen=True, slots=True)
class Decisions:
    """A plan as its workbook says it, and how many rows of each sheet could not be used."""

    plan: Plan
    allocation_left_out: int
    schedule_left_out: int


def decisions(situation: Situation, written: WrittenPlan) -> Decisions:
    """The plan's decisions. Second hours are the Workload sheet's."""
    holdings, unheld = _holdings(situation, written.allocation)
    visits, arms, undone = _doings(situation, written.schedule)
    officers, months = situation.register.officer, situation.horizon.months
    number = cache(situation.horizon.number)
    second = {
        (row.som, month): row.second_hours
        for row in written.workload
        if row.som in officers and (month := number(row.month)) in months
    }
    plan = Plan(situation.horizon, holdings, visits, arms, second)
    return Decisions(plan, unheld, undone)


def _holdings(
    situation: Situation, rows: Iterable[AllocationRow]
) -> tuple[dict[str, tuple[Holding, ...]], int]:
    """Who holds each case from when; of two rows for one month the later in the sheet counts."""
    register, months = situation.register, situation.horizon.months
    number = cache(situation.horizon.number)
    found: dict[str, dict[int, str]] = {}
    left_out = 0
    for row in rows:
        month = max(1, number(row.month))
        if row.ref in register.offender and row.som in register.officer and month in months:
            found.setdefault(row.ref, {})[month] = row.som
        else:
            left_out += 1
    held = {
        ref: tuple(Holding(month, soms[month]) for month in sorted(soms))
        for ref, soms in found.items()
    }
    return held, left_out


def _doings(
    situation: Situation, rows: Iterable[ScheduleRow]
) -> tuple[tuple[PlannedVisit, ...], tuple[PlannedArms, ...], int]:
    register, months = situation.register, situation.horizon.months
    number = cache(situation.horizon.number)
    visits: dict[tuple[str, int], PlannedVisit] = {}
    arms: dict[tuple[str, int], PlannedArms] = {}
    left_out = 0
    for row in rows:
        month = number(row.month)
        key = (row.ref, month)
        who = row.done_by if row.done_by in register.officer else row.som
        known = row.ref in register.offender and who in register.officer
        duty = duty_named(row.duty)
        if (
            not known
            or duty is None
            or month not in months
            or key in (arms if duty is Duty.ARMS else visits)
        ):
            left_out += 1
        elif duty is Duty.ARMS:
            arms[key] = PlannedArms(month, row.ref, row.som, who)
        else:
            crew = row.crew or situation.crew(register.offender[row.ref])
            told = row.visit_type == VisitType.ANNOUNCED
            kind = VisitType.ANNOUNCED if told else VisitType.UNANNOUNCED
            second = row.second if row.second in register.officer else None
            visits[key] = PlannedVisit(month, row.ref, who, kind, crew, second)
    return _in_order(visits), _in_order(arms), left_out


_T = TypeVar("_T")


def _in_order(found: Mapping[tuple[str, int], _T]) -> tuple[_T, ...]:
    """By month, then by reference."""
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[1], key[0])))


_DUTIES = {duty.value: duty for duty in Duty}


def duty_named(text: str) -> Duty | None:
    """The duty that a Schedule row names; None where it names none."""
    return _DUTIES.get(text)
