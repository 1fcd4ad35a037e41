"""The simulated world: a register, and what a month makes of it. Pure: the same seed and plan, the
same month.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from planner.domain.months import Horizon
from planner.domain.terms import Duty, RiskLevel
from planner.workload.community import stay
from planner.workload.due import first_due
from tests.year.habits import Habits, chances
from tests.year.people import Turning
from tests.year.staffing import falls_ill, turned_over
from tests.year.work import Month, entered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.domain.register import Lock, Offender, Register
    from planner.domain.written import WrittenPlan
    from tests.year.work import Doing


@dataclass(frozen=True, kw_only=True)
class World:
    """``register`` is today's; ``month`` counts the months gone by, ``come`` all who ever came."""

    register: Register
    seed: int = 1
    habits: Habits = field(default_factory=Habits)
    month: int = 0
    come: int = 0


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A month that went by: the world after it, and what happened in it."""

    world: World
    doings: tuple[Doing, ...]
    new: tuple[str, ...]
    gone: Mapping[str, str]
    events: Counter[str]


def passed(world: World, written: WrittenPlan, soms: Mapping[str, str | None]) -> Passed:
    """Month 1 of the plan goes by. ``soms`` is who holds each case at its end, as people decided.

    The next register is as at the month's last day. Locks on months that are over, and on people
    or officers who are gone, are deleted from it.
    """
    register, habits, month = world.register, world.habits, world.month + 1
    as_at = Horizon(register.as_at).end(1)

    turned = Turning(register, habits, chances(world.seed, month, "people")).turned(world.come + 1)
    sick = falls_ill(register, habits, chances(world.seed, month, "sickness"))
    staff, staffing = turned_over(register, month, habits, chances(world.seed, month, "staff"))
    work = chances(world.seed, month, "work")
    going_by = Month(register, sick, turned.gone_from, habits, work)
    planned = going_by.done(written)
    doings = (*planned, *going_by.intake(turned.new))
    by_ref: dict[str, list[Doing]] = defaultdict(list)
    for doing in doings:
        by_ref[doing.ref].append(doing)
    people = tuple(
        replace(entered(person, by_ref[ref]), som=soms.get(ref, person.som))
        for ref, person in sorted(turned.people.items())
    )
    there = {s.staff_id for s in staff}
    events = turned.events + staffing + Counter({"Fell ill": len(sick)}) + _counted(planned)
    events["Duties planned"] = sum(row.month == going_by.first for row in written.schedule)
    return Passed(
        world=replace(
            world,
            register=replace(
                register,
                as_at=as_at,
                offenders=people,
                officers=staff,
                absences=tuple(
                    a for a in (*register.absences, *sick) if a.staff_id in there and a.last > as_at
                ),
                locks=tuple(
                    x for x in register.locks if _stands(x, there, turned.people, register)
                ),
            ),
            month=month,
            come=world.come + len(turned.new),
        ),
        doings=doings,
        new=tuple(o.ref for o in turned.new),
        gone=turned.gone,
        events=events,
    )


def _counted(doings: tuple[Doing, ...]) -> Counter[str]:
    return Counter(
        {
            "Visits done": sum(d.is_done and d.duty is Duty.VISIT for d in doings),
            "ARMS done": sum(d.is_done and d.duty is Duty.ARMS for d in doings),
            "Visits that failed": sum(d.failed for d in doings),
        }
    )


def _stands(
    lock: Lock, staff: set[str], people: Mapping[str, Offender], register: Register
) -> bool:
    is_over = lock.month is not None and lock.month <= Horizon(register.as_at).end(1)
    of_somebody = lock.staff_id is None or lock.staff_id in staff
    return lock.ref in people and of_somebody and not is_over


def unaccounted(before: Register, month: Passed) -> list[str]:
    """Nobody vanishes and nobody comes from nowhere; each fault in words."""
    was = {o.ref for o in before.offenders}
    now = {o.ref for o in month.world.register.offenders}
    faults = []
    if lost := was - now - month.gone.keys():
        faults.append(f"{len(lost)} people vanished: {', '.join(sorted(lost)[:3])}")
    if extra := now - was - set(month.new):
        faults.append(f"{len(extra)} people came from nowhere: {', '.join(sorted(extra)[:3])}")
    if both := now & month.gone.keys():
        faults.append(f"{len(both)} people are gone and still there")
    if len(now) != len(was) + len(month.new) - len(month.gone):
        faults.append(
            f"{len(was)} people, {len(month.new)} new, {len(month.gone)} gone: {len(now)}"
        )
    return faults


def overdue(register: Register, duty: Duty, *, riskiest_only: bool = False) -> int:
    """People whose duty is overdue on the as-at date, counted from the register itself."""
    found = 0
    for person in register.offenders:
        days = stay(person)
        due = first_due(person, duty, register.policy, register.as_at)
        counts = not riskiest_only or person.level >= RiskLevel.HIGH
        if counts and days is not None and days.covers(register.as_at) and due is not None:
            found += due <= register.as_at
    return found
