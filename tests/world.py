"""A world that goes on after a plan: what was done in a month, and the register that says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.months import Horizon
from planner.domain.terms import Duty, VisitType
from planner.workload.posts import working_days

if TYPE_CHECKING:
    from datetime import date

    from planner.domain.plan import Plan
    from planner.domain.register import Offender, Register

Done = Callable[[str, Duty, int], bool]
"""Whether a duty planned in a month (its number) was done in it."""


def everything(ref: str, duty: Duty, month: int) -> bool:
    """Every duty was done as planned."""
    return True


def after(register: Register, plan: Plan, months: int = 1, done: Done = everything) -> Register:
    """The register at the end of the plan's first months, kept up as supervisors do.

    Duties were done as planned, on working days spread over their month, where ``done`` says so;
    one not done is no failed attempt. Cases are with whom the plan gives them. Nothing else
    happened: nobody came or went, no date was changed. Locks on months that are over are deleted.
    """
    horizon = Horizon(register.as_at)
    as_at = horizon.end(months)
    people = {o.ref: o for o in register.offenders}
    for visit in sorted(plan.visits):
        if visit.month <= months and done(visit.ref, Duty.VISIT, visit.month):
            day = day_of(visit.ref, visit.month, horizon)
            people[visit.ref] = visited(people[visit.ref], day, visit.visit_type)
    for arms in sorted(plan.arms):
        if arms.month <= months and done(arms.ref, Duty.ARMS, arms.month):
            day = day_of(arms.ref, arms.month, horizon)
            people[arms.ref] = replace(people[arms.ref], last_arms=day, arms_due=None)
    kept = [replace(o, som=plan.som(o.ref, months) or o.som) for o in people.values()]
    locks = tuple(x for x in register.locks if x.month is None or x.month > as_at)
    return replace(register, as_at=as_at, offenders=tuple(kept), locks=locks)


def visited(offender: Offender, day: date, kind: VisitType) -> Offender:
    """Seen on a day."""
    return replace(offender, last_visit=day, last_visit_type=kind, failed_attempts=0)


def day_of(ref: str, month: int, horizon: Horizon) -> date:
    """A working day of the month, the same for the same person."""
    days = working_days(horizon.start(month), horizon.end(month))
    return days[sum(ref.encode()) * 7 % len(days)]
