"""Clashes of the locks on one duty of one person: never possible, or too close together."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from planner.clashes.clash import Clash, ClashKind, Member
from planner.clashes.demands import case_member
from planner.domain.rules import Rule
from planner.domain.terms import Duty, Status

if TYPE_CHECKING:
    from planner.clashes.demands import Demands
    from planner.domain.register import Offender
    from planner.workload.situation import DutyChain


def duty_locks_never(demands: Demands) -> list[Clash]:
    """Locks on a month in which the duty may not be done, whatever else is planned."""
    found = []
    for (ref, duty), months in sorted(demands.duty_locks().items()):
        chain = demands.situation.chain.get((ref, duty))
        offender = demands.cases[ref]
        for month, lock in sorted(months.items()):
            if (why := _why_never(demands, offender, duty, chain, month)) is not None:
                what, remedy, fact = why
                found.append(
                    Clash(
                        kind=ClashKind.DUTY_NEVER,
                        members=(lock,),
                        what=what,
                        remedy=remedy,
                        gives_way=Rule.KEPT_AND_LOCKED,
                        facts=(fact,),
                    )
                )
    return found


def _why_never(
    demands: Demands, offender: Offender, duty: Duty, chain: DutyChain | None, month: int
) -> tuple[str, str, Member] | None:
    """What is wrong, what to change, and the row that says so."""
    ref, lock = offender.ref, f"{duty} in {demands.month(month)}"
    if not offender.is_active:
        fact = case_member(ref, f"Management {offender.management}")
        return (
            "A duty is locked for a reactive case.",
            "Delete the lock, or change Management.",
            fact,
        )
    if duty is Duty.ARMS and not offender.arms_applicable:
        fact = case_member(ref, "ARMS applicable No")
        return (
            "ARMS is locked where it does not apply.",
            "Delete the lock, or correct the row.",
            fact,
        )
    if chain is None or not chain.presence.seen_in(month):
        what = f"{lock} is locked, but the person is not in the community then."
        return what, "Delete the lock, or change its month.", case_member(ref, _stay(offender))
    first = chain.earliest(chain.due_month)
    if month < first:
        what = f"{lock} is locked, but may be done from {demands.month(first)} at the earliest."
        fact = case_member(ref, f"{duty} due {chain.due:%d/%m/%Y}")
        return what, "Delete the lock, or give it a later month.", fact
    return None


def _stay(offender: Offender) -> str:
    """What the row says of when the person is in the community."""
    days = (
        ("Registered from", offender.registered_from),
        ("Registered until", offender.registered_until),
        ("Release date", None if offender.status is Status.COMMUNITY else offender.release_date),
    )
    told = [f"{name} {day:%d/%m/%Y}" for name, day in days if day is not None]
    return ", ".join([f"Status {offender.status}", *told])


def duty_locks_too_close(demands: Demands) -> list[Clash]:
    """Pairs of locked months closer than the interval, less the months a duty may be early."""
    found = []
    for (ref, duty), months in sorted(demands.duty_locks().items()):
        chain = demands.situation.chain[ref, duty]
        gap = max(1, chain.interval - chain.early)
        left = sorted(months)
        while close := [p for p in itertools.pairwise(left) if p[1] - p[0] < gap]:
            first, second = close[0]
            found.append(_too_close(demands, chain, gap, months[first], months[second]))
            left = [m for m in left if m not in (first, second)]
    return found


def _too_close(demands: Demands, chain: DutyChain, gap: int, one: Member, other: Member) -> Clash:
    every = f"{chain.duty} every {chain.interval} months"
    apart = f"{gap} month" if gap == 1 else f"{gap} months"
    return Clash(
        kind=ClashKind.DUTIES_CLOSE,
        members=(one, other),
        what=f"Two locks on one person's {chain.duty} are closer than {apart}, the least between "
        "two (the interval, less the months it may be early).",
        remedy="Delete one of the locks, or move it further away.",
        gives_way=Rule.KEPT_AND_LOCKED,
        facts=(case_member(chain.ref, every),),
    )
