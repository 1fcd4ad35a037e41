"""How many locks on duties cannot be kept, whatever the plan."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.terms import Duty, LockKind
from planner.verify.flow import Network
from planner.verify.months import LAST
from planner.verify.wishes import holders_by_wish

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.verify.evidence import Evidence
    from planner.verify.people import Person

_DUTY = {LockKind.VISIT: Duty.VISIT, LockKind.ARMS: Duty.ARMS}
_ROUNDING = 1e-6
_ANY_NUMBER = 10**9


@dataclass(frozen=True, slots=True, order=True)
class DutyLock:
    """A duty of a person on the register that is to be done in a month of the plan."""

    ref: str
    duty: Duty
    month: int


def duty_locks(evidence: Evidence) -> list[DutyLock]:
    """The distinct locks on duties of people on the register, in months of the plan."""
    locks: dict[DutyLock, None] = {}
    for lock in evidence.world.register.locks:
        if lock.kind in _DUTY and lock.month is not None and lock.ref in evidence.world.people:
            month = evidence.world.months.number(lock.month)
            if 1 <= month <= LAST:
                locks[DutyLock(lock.ref, _DUTY[lock.kind], month)] = None
    return list(locks)


def forced_duty_locks(evidence: Evidence, locks: list[DutyLock]) -> int:
    """Locks to be broken at the least: never possible, too close together, more than the hours."""
    possible = [lock for lock in locks if _is_possible(evidence, lock)]
    apart = _far_enough_apart(evidence, possible)
    together: dict[tuple[str, int], list[DutyLock]] = {}
    for lock in apart:
        team = "" if evidence.policy.cross_team else _person(evidence, lock).offender.team
        together.setdefault((team, lock.month), []).append(lock)
    kept = sum(_most_doable(evidence, team, group) for (team, _), group in together.items())
    return len(locks) - kept


def _person(evidence: Evidence, lock: DutyLock) -> Person:
    return evidence.world.people[lock.ref]


def _is_possible(evidence: Evidence, lock: DutyLock) -> bool:
    """Whether the duty could be done in that month if nothing else were planned."""
    person = _person(evidence, lock)
    rhythm = person.rhythms.get(lock.duty)
    if rhythm is None or not person.present >> lock.month & 1:
        return False
    if lock.month < evidence.world.months.number(rhythm.due) - rhythm.early:
        return False
    if lock.duty is Duty.ARMS:
        return bool(_doers(evidence, lock))
    return _anyone_seconds(evidence, lock) if person.crew > 1 else bool(_leads(evidence, lock))


def _soms(evidence: Evidence, lock: DutyLock) -> list[str]:
    """Who may be the SOM in the month of a lock: those wished for, else all who may hold."""
    offender = _person(evidence, lock).offender
    wished = holders_by_wish(evidence.wishes.get(lock.ref, ()), lock.month)
    ids = wished or evidence.world.candidates(offender)
    return [s for s in ids if evidence.world.may_hold(offender, s) >> lock.month & 1]


def _leads(evidence: Evidence, lock: DutyLock) -> list[str]:
    needed = evidence.hours.lead - _ROUNDING
    soms = _soms(evidence, lock)
    return [s for s in soms if evidence.most_hours(s, lock.month) >= needed]


def _anyone_seconds(evidence: Evidence, lock: DutyLock) -> bool:
    """Whether somebody may second a SOM who can lead: in month 1, alone and within hours."""
    world = evidence.world
    team = _person(evidence, lock).offender.team
    needed = evidence.hours.second - _ROUNDING if lock.month == 1 else 0.0
    return any(
        world.may_second(team, som, other, lock.month)
        for som in _leads(evidence, lock)
        for other in world.staff
        if evidence.most_hours(other, lock.month) >= needed
    )


def _doers(evidence: Evidence, lock: DutyLock) -> list[str]:
    """Who may do the ARMS and has the hours, with one SOM or another."""
    world, month = evidence.world, lock.month
    if evidence.policy.arms_per_month < 1:
        return []
    able = _soms(evidence, lock)
    if (
        world.policy.arms_by_colleague
        or not able
        or not all(world.can_assess(s, month) for s in able)
    ):
        able = world.candidates(_person(evidence, lock).offender)
    able = [s for s in able if world.can_assess(s, month)]
    return [s for s in able if evidence.most_hours(s, month) >= evidence.hours.arms - _ROUNDING]


def _far_enough_apart(evidence: Evidence, locks: list[DutyLock]) -> list[DutyLock]:
    """The most locks on each person's duty that its interval allows: each the earliest it can."""
    kept: list[DutyLock] = []
    for lock in sorted(locks):
        rhythm = _person(evidence, lock).rhythms[lock.duty]
        before = kept[-1] if kept else None
        if (
            before is not None
            and (before.ref, before.duty) == (lock.ref, lock.duty)
            and lock.month < before.month + rhythm.gap
        ):
            continue
        kept.append(lock)
    return kept


def _most_doable(evidence: Evidence, team: str, locks: list[DutyLock]) -> int:
    """At most so many of a team's locks in one month fit the hours of those who may do them."""
    month = locks[0].month
    visits = [lock for lock in locks if lock.duty is Duty.VISIT]
    assessments = [lock for lock in locks if lock.duty is Duty.ARMS]
    a_month = int(evidence.policy.arms_per_month)

    def leads_most(staff_id: str) -> int:
        return _whole(evidence.most_hours(staff_id, month), evidence.hours.lead)

    def assesses_most(staff_id: str) -> int:
        return min(a_month, _whole(evidence.most_hours(staff_id, month), evidence.hours.arms))

    led = _most_shared_out(Counter(tuple(_leads(evidence, lock)) for lock in visits), leads_most)
    crewed = sum(_person(evidence, lock).crew > 1 for lock in visits)
    led = min(led, len(visits) - crewed + min(crewed, _most_crewed(evidence, team, month)))
    doers = Counter(tuple(_doers(evidence, lock)) for lock in assessments)
    apart = led + _most_shared_out(doers, assesses_most)
    return min(apart, _fitting(evidence, team, locks))


def _most_shared_out(groups: Counter[tuple[str, ...]], most: Callable[[str], int]) -> int:
    """At most so many duties, grouped by who may do them, that each does no more than he can."""
    staff = sorted({s for able in groups for s in able})
    node = {s: n for n, s in enumerate(staff, 2)}
    network = Network(2 + len(staff) + len(groups))
    for staff_id in staff:
        network.join(node[staff_id], 1, most(staff_id))
    for n, (able, duties) in enumerate(groups.items(), 2 + len(staff)):
        network.join(0, n, duties)
        for staff_id in able:
            network.join(n, node[staff_id], duties)
    return network.greatest_flow(0, 1)


def _most_crewed(evidence: Evidence, team: str, month: int) -> int:
    """At most so many visits by two: whoever of the two is one officer, colleagues give the other.

    In month 1 each second officer is one person, later several may share a second's hours.
    """
    each = min(evidence.hours.second, evidence.hours.lead)
    hours = [evidence.most_hours(s, month) for s in _working(evidence, team, month)]
    if len(hours) < 2:
        return _ANY_NUMBER  # others give them
    if month == 1:
        whole = [_whole(h, each) for h in hours]
        return sum(whole) - max(whole)
    return _whole(sum(hours) - max(hours), each)


def _working(evidence: Evidence, team: str, month: int) -> list[str]:
    """Those of the team, or of the unit for "", who are there on some day of the month."""
    world = evidence.world
    ids = world.teams.get(team, []) if team else list(world.staff)
    return [s for s in ids if world.staff[s].works >> month & 1]


def _fitting(evidence: Evidence, team: str, locks: list[DutyLock]) -> int:
    """How many fit the team's hours together, cheapest first."""
    month = locks[0].month
    working = _working(evidence, team, month)
    left = sum(evidence.most_hours(s, month) for s in working) + _ROUNDING
    fitting = 0
    for needed in sorted(_hours_of(evidence, lock, alone=len(working) < 2) for lock in locks):
        if needed > left:
            break
        left -= needed
        fitting += 1
    return fitting


def _hours_of(evidence: Evidence, lock: DutyLock, *, alone: bool) -> float:
    """Hours a lock takes of its team: without the second's, where another team gives them."""
    if lock.duty is Duty.ARMS:
        return evidence.hours.arms
    return evidence.hours.visit(1 if alone else _person(evidence, lock).crew)


def _whole(hours: float, each: float) -> int:
    return int((hours + _ROUNDING) // each) if each > 0 else _ANY_NUMBER
