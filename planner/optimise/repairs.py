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
from planner.optimise.gathering import team_groups
from planner.optimise.ledger import Ledger, part_of
from planner.optimise.shortfall import IN_TIME_FROM
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from planner.domain.register import Register
    from planner.workload.outcome import Outcome


MOST_TEAMS = 20
"""In larger units only the teams that leave something overdue are looked at."""


def repairs(situation: Situation, overdue: frozenset[str] | None = None) -> tuple[Repair, ...]:
    """Every change that is tried, best first: ruled out last, then hours lacking, then cost.

    ``overdue``: the teams that leave something overdue; in a large unit the others are left out.
    """
    teams = situation.register.teams
    left_out = ""
    if overdue is not None and len(teams) > MOST_TEAMS:
        groups = [group for group in team_groups(situation) if overdue & set(group)]
        chosen = tuple(team for group in groups for team in group)
        if len(chosen) < len(teams):
            situation = Situation(part_of(situation.register, chosen))
            among = f"{len(chosen)} of {len(teams)} teams"
            left_out = f" Worked out for the {among} that leave something overdue."
    ledger = Ledger()
    before = ledger.standing(situation.register)
    lacking = _lacking(ledger, situation.register)
    found = [
        Repair(
            kind=one.kind,
            what=one.what,
            assumes=one.assumes + left_out,
            before=before,
            after=ledger.standing(one.register),
        )
        for one in candidates(situation, lacking)
    ]
    return tuple(sorted(found, key=rank))


def leaves_overdue(outcome: Outcome) -> frozenset[str]:
    """The teams for which a plan does not clear by its last month: "can clear" in the contract."""
    last = outcome.situation.horizon.length
    offender = outcome.situation.register.offender
    found = set()
    for instance in outcome.instances:
        chain = instance.chain
        is_pressing = chain.duty is Duty.VISIT and chain.level >= RiskLevel.HIGH
        months = range(IN_TIME_FROM, last + 1) if is_pressing else (last,)
        if any(instance.overdue_at(month) for month in months):
            found.add(offender[chain.ref].team)
    return frozenset(found)


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
