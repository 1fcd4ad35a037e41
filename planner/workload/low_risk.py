"""Low risk cases in the order in which they might go to reactive management."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.terms import Duty, LockKind, RiskLevel
from planner.workload.community import stay

if TYPE_CHECKING:
    from planner.workload.situation import Situation


def low_risk_cases(situation: Situation) -> list[str]:
    """Low risk, active cases in the community today: fewest duties overdue first, then by ref.

    Cases with a locked visit or ARMS are left out: somebody has decided that they are seen.
    """
    register = situation.register
    locked = {lock.ref for lock in register.locks if lock.kind is not LockKind.SOM}
    found = []
    for offender in register.offenders:
        days = stay(offender)
        is_there = days is not None and days.covers(register.as_at)
        if offender.level is RiskLevel.LOW and offender.is_active and is_there:
            chains = [situation.chain.get((offender.ref, duty)) for duty in Duty]
            overdue = sum(c is not None and c.due <= register.as_at for c in chains)
            if offender.ref not in locked:
                found.append((overdue, offender.ref))
    return [ref for _, ref in sorted(found)]
