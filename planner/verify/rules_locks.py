"""Rule 2: Keep with SOM and Locks hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.rules import Rule
from planner.domain.verdict import Breach, RuleFinding
from planner.verify.findings import by_number
from planner.verify.forced_locks import DutyLock, duty_locks, forced_duty_locks
from planner.verify.months import LAST, first_in
from planner.verify.wishes import Wish, most_kept

if TYPE_CHECKING:
    from planner.verify.evidence import Evidence


def keeps_and_locks(evidence: Evidence) -> RuleFinding:
    """Each keep, each distinct lock and each barred month within the horizon once."""
    breaches, forced = _broken_wishes(evidence)
    checked = sum(len(wishes) for wishes in evidence.wishes.values())
    locks = duty_locks(evidence)
    broken = [lock for lock in locks if lock.month not in _done(evidence, lock)]
    breaches += [_missed(evidence, lock) for lock in broken]
    if broken:
        forced += forced_duty_locks(evidence, locks)
    strangers = _locks_on_strangers(evidence)
    barred = _barred(evidence)
    breaches += [*strangers, *(breach for breach in barred if breach is not None)]
    checked += len(locks) + len(strangers) + len(barred)
    return by_number(Rule.KEPT_AND_LOCKED, checked, breaches, forced + len(strangers))


def _broken_wishes(evidence: Evidence) -> tuple[list[Breach], int]:
    breaches = []
    forced = 0
    for ref, wishes in evidence.wishes.items():
        forced += len(wishes) - len(most_kept(wishes))
        for wish in wishes:
            broken = _months_not_held(evidence, ref, wish)
            if broken:
                breaches.append(_not_held(evidence, ref, wish, broken))
            elif not wish.months and not wish.is_keep:
                detail = f"Locked to {wish.staff_id}, who may not hold the case in any month."
                breaches.append(
                    Breach(
                        rule=Rule.KEPT_AND_LOCKED, ref=ref, staff_id=wish.staff_id, detail=detail
                    )
                )
    return breaches, forced


def _months_not_held(evidence: Evidence, ref: str, wish: Wish) -> int:
    """The months of a wish in which somebody else holds the case, or nobody."""
    held = 0
    for stint in evidence.reading.stints.get(ref, ()):
        if stint.som == wish.staff_id:
            held |= stint.months
    return wish.months & ~held


def _not_held(evidence: Evidence, ref: str, wish: Wish, broken: int) -> Breach:
    kind = "Kept with" if wish.is_keep else "Locked to"
    month = first_in(broken)
    som = evidence.reading.som(ref, month) or "nobody"
    return Breach(
        rule=Rule.KEPT_AND_LOCKED,
        ref=ref,
        staff_id=wish.staff_id,
        month=evidence.world.months.starts[month],
        detail=f"{kind} {wish.staff_id}, but held by {som}.",
    )


def _done(evidence: Evidence, lock: DutyLock) -> list[int]:
    return evidence.reading.doings.get((lock.ref, lock.duty), [])


def _missed(evidence: Evidence, lock: DutyLock) -> Breach:
    return Breach(
        rule=Rule.KEPT_AND_LOCKED,
        ref=lock.ref,
        month=evidence.world.months.starts[lock.month],
        detail=f"{lock.duty} is locked to this month but not planned in it.",
    )


def _barred(evidence: Evidence) -> list[Breach | None]:
    """For each duty said not to be possible in a month of the plan: planned then all the same.

    Nothing forces that: the duty may always be left to another month, or undone.
    """
    months = evidence.world.months
    found: list[Breach | None] = []
    for bar in dict.fromkeys((b.ref, b.duty, b.month) for b in evidence.world.register.bars):
        ref, duty, start = bar
        month = months.number(start)
        if not 1 <= month <= LAST:
            continue
        planned = month in evidence.reading.doings.get((ref, duty), [])
        detail = f"{duty} is said not to be possible in this month, but is planned in it."
        breach = Breach(
            rule=Rule.KEPT_AND_LOCKED, ref=ref, month=months.starts[month], detail=detail
        )
        found.append(breach if planned else None)
    return found


def _locks_on_strangers(evidence: Evidence) -> list[Breach]:
    refs = sorted({lock.ref for lock in evidence.world.register.locks} - set(evidence.world.people))
    detail = "Locks name somebody who is not on the register."
    return [Breach(rule=Rule.KEPT_AND_LOCKED, ref=ref, detail=detail) for ref in refs]
