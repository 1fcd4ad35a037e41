"""Repairs: what would let the unit clear, each worked out anew, ranked by what it would do.

Every change is made in the register, the pools are built from that, and what is lacking is proved
again with all officers of a pool as one (``docs/bound.md``). Nothing is estimated from another
change's effect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.result import Repair
from planner.domain.terms import Duty, RiskLevel
from planner.optimise.candidates import Lacking, candidates
from planner.optimise.ledger import Ledger
from planner.optimise.shortfall import IN_TIME_FROM

if TYPE_CHECKING:
    from planner.domain.register import Register
    from planner.workload.outcome import Outcome
    from planner.workload.situation import Situation


def repairs(situation: Situation) -> tuple[Repair, ...]:
    """Every change that is tried, best first: ruled out last, then hours lacking, then cost."""
    ledger = Ledger()
    before = ledger.standing(situation.register)
    lacking = _lacking(ledger, situation.register)
    found = [
        Repair(
            kind=one.kind,
            what=one.what,
            assumes=one.assumes,
            before=before,
            after=ledger.standing(one.register),
        )
        for one in candidates(situation, lacking)
    ]
    return tuple(sorted(found, key=rank))


def leaves_overdue(outcome: Outcome) -> bool:
    """Whether a plan does not clear by its last month: "can clear", ``docs/contract.md``."""
    months = outcome.situation.horizon.length
    pressing = (
        outcome.overdue[m, level, Duty.VISIT]
        for m in range(IN_TIME_FROM, months + 1)
        for level in RiskLevel
        if level >= RiskLevel.HIGH
    )
    return any(outcome.backlog(months, duty) for duty in Duty) or any(pressing)


def rank(repair: Repair) -> tuple[bool, float, float, float]:
    """What repairs are sorted by; those without effect keep the order in which they are tried."""
    after = repair.after if repair.has_effect else repair.before
    return after.is_ruled_out, round(after.hours, 1), round(after.posts, 2), round(after.bound, 0)


def _lacking(ledger: Ledger, register: Register) -> list[Lacking]:
    """What each part lacks that cannot clear."""
    share = 1 + register.policy.hours_overtime
    return [
        Lacking(
            teams=part.teams,
            posts=part.standing.posts,
            overtime=part.family.least_overtime(part.small, part.small.most_hours / share),
        )
        for part in ledger.parts(register)
        if part.standing.is_ruled_out
    ]
