"""Which visits are announced: no more than the policy asks, never two in a row to one person."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planner.domain.terms import RiskLevel, VisitType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.domain.policy import Policy
    from planner.domain.register import Offender

Visits = Mapping[str, "Sequence[int]"]
Types = Mapping[tuple[str, int], VisitType]
"""Visit types by reference and month."""


@dataclass(frozen=True, slots=True)
class KnownTypes:
    """Types that people chose, and those they were told of by the plan before."""

    chosen: Types = field(default_factory=dict)
    before: Types = field(default_factory=dict)


def visit_types(
    visits: Visits,
    offenders: Mapping[str, Offender],
    policy: Policy,
    known: KnownTypes | None = None,
) -> dict[tuple[str, int], VisitType]:
    """The type of each visit, by reference and month.

    As many of a level's visits are announced as the unannounced share leaves, spread evenly over
    its people and months; the rest are unannounced, as inspectors want. Nobody is told beforehand
    who has been out so often that a warrant is considered. Types that people chose come first,
    then those of the plan before, as far as the share and the visit before and after allow.
    """
    by_level: dict[RiskLevel, list[tuple[int, str]]] = defaultdict(list)
    for ref in sorted(visits):
        for month in visits[ref]:
            by_level[offenders[ref].level].append((month, ref))
    typing = _Typing(visits, offenders, policy, known or KnownTypes())
    for level, due in sorted(by_level.items()):
        typing.announce(sorted(due), policy.visit_unannounced[level])
    return {
        (ref, month): VisitType.ANNOUNCED if (ref, month) in typing.told else VisitType.UNANNOUNCED
        for ref in sorted(visits)
        for month in visits[ref]
    }


class _Typing:
    """``told`` holds the visits announced so far."""

    def __init__(
        self,
        visits: Visits,
        offenders: Mapping[str, Offender],
        policy: Policy,
        known: KnownTypes,
    ) -> None:
        self.months = {ref: sorted(months) for ref, months in visits.items()}
        self.offenders = offenders
        self.most_attempts = policy.visit_warrant_after
        self.known = known
        self.told: set[tuple[str, int]] = set()

    def announce(self, due: Sequence[tuple[int, str]], share: float) -> None:
        """Choose which of a level's visits, by month and reference, are announced."""
        left = len(due) - math.ceil(share * len(due) - 1e-9)
        for types in (self.known.chosen, self.known.before):
            for month, ref in due if types else ():
                asked = types.get((ref, month)) is VisitType.ANNOUNCED
                if asked and left > 0 and self._may_be(ref, month, types is self.known.chosen):
                    self.told.add((ref, month))
                    left -= 1
        known = self.known.chosen.keys() | self.known.before.keys()
        free = [(m, ref) for m, ref in due if (ref, m) not in known]
        announced = 0
        for seen, (month, ref) in enumerate(free, start=1):
            wanted = math.floor(left * seen / len(free) + 1e-9)
            if announced < wanted and self._may_be(ref, month, False):
                self.told.add((ref, month))
                announced += 1

    def _may_be(self, ref: str, month: int, is_chosen: bool) -> bool:
        """Whether no visit beside it is announced, nor a warrant considered."""
        offender, months = self.offenders[ref], self.months[ref]
        if (ref, month) in self.told:
            return False
        if not is_chosen:
            if self.known.chosen.get((ref, month)) is not None:
                return False
            if offender.failed_attempts >= self.most_attempts:
                return False
        at = months.index(month)
        before = (ref, months[at - 1]) in self.told if at else _was_announced(offender)
        after = at + 1 < len(months) and (ref, months[at + 1]) in self.told
        return not before and not after


def _was_announced(offender: Offender) -> bool:
    return offender.last_visit_type is VisitType.ANNOUNCED
