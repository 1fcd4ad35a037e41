"""Why each visit of a case is announced or not: rule 7, from the visit before to the one after."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from planner.domain.terms import VisitType

if TYPE_CHECKING:
    from planner.explain.case import CaseView

_ROUNDING = 1e-9


class TypeReason(StrEnum):
    """Why a visit has its type; stable names for programs."""

    ANNOUNCED_WITHIN_SHARE = "announced_within_share"
    ANNOUNCED_TWICE = "announced_twice_in_a_row"
    ANNOUNCED_ABOVE_SHARE = "announced_above_share"
    AFTER_ANNOUNCED = "visit_before_is_announced"
    BEFORE_ANNOUNCED = "visit_after_is_announced"
    OFTEN_OUT = "often_out"
    SHARE_USED_UP = "share_used_up"
    FREE_CHOICE = "could_be_announced"


@dataclass(frozen=True, slots=True)
class VisitTypeReason:
    """One visit: its month, its type, why, and whether the other type would keep rule 7."""

    month: int
    visit_type: VisitType
    reason: TypeReason
    may_change: bool


@dataclass(frozen=True, slots=True)
class TypeReasons:
    """The visits of a case in order, and what its level's share of unannounced leaves.

    ``announced`` of ``visits`` visits to the level's people are announced in the whole plan, and
    ``allowed`` may be.
    """

    last_type: VisitType | None
    share: float
    visits: int
    announced: int
    allowed: int
    of_case: tuple[VisitTypeReason, ...]


def type_reasons(view: CaseView) -> TypeReasons:
    """Why this case's visits are announced or not."""
    policy, level = view.situation.policy, view.offender.level
    offenders = view.situation.register.offender
    of_level = [v for v in view.plan.visits if offenders[v.ref].level is level]
    announced = sum(v.visit_type is VisitType.ANNOUNCED for v in of_level)
    share = policy.visit_unannounced[level]
    allowed = len(of_level) - math.ceil(share * len(of_level) - _ROUNDING)
    own = sorted((v for v in view.plan.visits if v.ref == view.ref), key=lambda v: v.month)
    types = [v.visit_type for v in own]
    last = view.offender.last_visit_type
    often_out = view.offender.failed_attempts >= policy.visit_warrant_after
    reasons = []
    for n, visit in enumerate(own):
        before = types[n - 1] if n else last
        after = types[n + 1] if n + 1 < len(types) else None
        beside = (before, after, announced, allowed)
        reason = (
            _announced(*beside)
            if visit.visit_type is VisitType.ANNOUNCED
            else _unannounced(*beside, often_out=often_out)
        )
        may_change = visit.visit_type is VisitType.ANNOUNCED or (
            VisitType.ANNOUNCED not in (before, after) and announced < allowed
        )
        reasons.append(VisitTypeReason(visit.month, visit.visit_type, reason, may_change))
    return TypeReasons(last, share, len(of_level), announced, allowed, tuple(reasons))


def _announced(
    before: VisitType | None, after: VisitType | None, announced: int, allowed: int
) -> TypeReason:
    if VisitType.ANNOUNCED in (before, after):
        return TypeReason.ANNOUNCED_TWICE
    if announced > allowed:
        return TypeReason.ANNOUNCED_ABOVE_SHARE
    return TypeReason.ANNOUNCED_WITHIN_SHARE


def _unannounced(
    before: VisitType | None,
    after: VisitType | None,
    announced: int,
    allowed: int,
    *,
    often_out: bool,
) -> TypeReason:
    if before is VisitType.ANNOUNCED:
        return TypeReason.AFTER_ANNOUNCED
    if after is VisitType.ANNOUNCED:
        return TypeReason.BEFORE_ANNOUNCED
    if often_out:
        return TypeReason.OFTEN_OUT
    return TypeReason.SHARE_USED_UP if announced >= allowed else TypeReason.FREE_CHOICE
