"""A few decisions already made, each of which can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.months import Horizon
from planner.domain.policy import Policy
from planner.domain.register import Lock
from planner.domain.terms import LockKind, RiskLevel, Status
from planner.sample.absences import long_away
from planner.sample.dates import months_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planner.domain.register import Offender, Officer, Register
    from planner.sample.draws import Draws
    from planner.sample.size import Size

# Each number is for 4,158 people and scales with them.
SOM_LOCKS = 3
VISIT_LOCKS = 3
ARMS_LOCKS = 2


def locks(register: Register, size: Size, draws: Draws) -> tuple[Lock, ...]:
    """Locks on cases of trained full-time officers who are there all along."""
    horizon = Horizon(register.as_at)
    steady = {s.staff_id: s for s in _steady(register)}
    simple = [p for p in register.offenders if p.som in steady and _is_simple(p)]
    mixed = iter(draws.shuffled(simple))
    made = [
        *_som_locks(mixed, list(steady.values()), size.of_people(SOM_LOCKS)),
        *_visit_locks(mixed, horizon, size.of_people(VISIT_LOCKS)),
        *_arms_locks(mixed, horizon, size.of_people(ARMS_LOCKS)),
    ]
    return tuple(made)


def _steady(register: Register) -> Iterator[Officer]:
    away = long_away(register.absences)
    for officer in register.officers:
        trained = officer.arms_trained_from
        if (
            officer.staff_id not in away
            and officer.end is None
            and officer.fte == 1
            and officer.cap is None
            and trained is not None
            and trained < register.as_at
        ):
            yield officer


def _is_simple(person: Offender) -> bool:
    """In the community for good, with nothing special about who may hold the case."""
    tied = person.needs or person.not_with or person.keep
    return (
        person.status is Status.COMMUNITY
        and person.is_active
        and person.arms_applicable
        and person.level in (RiskLevel.MEDIUM, RiskLevel.LOW)
        and person.registered_until is None
        and person.visit_interval is None
        and not tied
    )


def _som_locks(mixed: Iterator[Offender], steady: Sequence[Officer], number: int) -> Iterator[Lock]:
    """With the present SOM, every third with a colleague."""
    for i in range(number):
        person = next(mixed, None)
        if person is None:
            return
        others = [s.staff_id for s in steady if s.team == person.team and s.staff_id != person.som]
        move = i % 3 == 2 and bool(others)
        yield Lock(
            ref=person.ref,
            kind=LockKind.SOM,
            staff_id=others[0] if move else person.som,
            reason="Agreed at supervision" if move else "Agreed at a MAPPA meeting",
            by="Detective sergeant",
        )


def _visit_locks(mixed: Iterator[Offender], horizon: Horizon, number: int) -> Iterator[Lock]:
    """In the month in which the visit falls due, some months from now."""
    for person in mixed:
        if number == 0:
            return
        if person.last_visit is None:
            continue
        interval = int(Policy().visit_interval[person.level])
        month = horizon.number(months_on(person.last_visit, interval))
        if 2 <= month <= 10:
            number -= 1
            yield Lock(
                ref=person.ref,
                kind=LockKind.VISIT,
                month=horizon.start(month),
                reason="Joint visit agreed with children's services",
                by="SOM",
            )


def _arms_locks(mixed: Iterator[Offender], horizon: Horizon, number: int) -> Iterator[Lock]:
    """An assessment that is overdue, promised for one of the coming months."""
    for person in mixed:
        if number == 0:
            return
        if person.last_arms is None or person.arms_due is not None:
            continue
        if months_on(person.last_arms, int(Policy().arms_review_months)) <= horizon.as_at:
            number -= 1
            yield Lock(
                ref=person.ref,
                kind=LockKind.ARMS,
                month=horizon.start(2 + number),
                reason="Promised to the offender's housing provider",
                by="Supervisor",
            )
