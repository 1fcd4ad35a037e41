"""Which visits are announced: no more than the policy asks, never two in a row to one person."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from planner.domain.terms import RiskLevel, VisitType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.domain.policy import Policy
    from planner.domain.register import Offender

Visits = Mapping[str, "Sequence[int]"]


def visit_types(
    visits: Visits, offenders: Mapping[str, Offender], policy: Policy
) -> dict[tuple[str, int], VisitType]:
    """The type of each visit, by reference and month.

    As many of a level's visits are announced as the unannounced share leaves, spread evenly over
    its people and months; the rest are unannounced, as inspectors want. Nobody is told beforehand
    who has been out so often that a warrant is considered.
    """
    types: dict[tuple[str, int], VisitType] = {}
    by_level: dict[RiskLevel, list[tuple[int, str]]] = defaultdict(list)
    for ref in sorted(visits):
        for month in visits[ref]:
            by_level[offenders[ref].level].append((month, ref))
    last = {ref: offenders[ref].last_visit_type for ref in visits}
    for level, due in sorted(by_level.items()):
        share = policy.visit_unannounced[level]
        allowed = len(due) - math.ceil(share * len(due) - 1e-9)
        announced = 0
        for seen, (month, ref) in enumerate(sorted(due), start=1):
            wanted = math.floor(allowed * seen / len(due) + 1e-9)
            often_out = offenders[ref].failed_attempts >= policy.visit_warrant_after
            told = announced < wanted and last[ref] is not VisitType.ANNOUNCED and not often_out
            announced += told
            last[ref] = types[ref, month] = VisitType.ANNOUNCED if told else VisitType.UNANNOUNCED
    return types
