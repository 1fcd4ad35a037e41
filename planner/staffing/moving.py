"""The curve of moves allowed: a whole plan at each share, judged, with the bound beside it."""

from __future__ import annotations

import math
import statistics
from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.months import HORIZON_MONTHS
from planner.domain.terms import Duty
from planner.staffing.familiar import Familiar, FamiliarPoint
from planner.staffing.reached import planned
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planner.domain.register import Register
    from planner.domain.result import SolveResult
    from planner.staffing.buying import How
    from planner.workload.outcome import Outcome

MOVES_SHARE = "moves.share"


def familiar(register: Register, shares: Iterable[float], how: How) -> Familiar:
    """Plan at each share of cases that may change SOM; the points come fewest moves first.

    Whoever may move more may also move less. So a bound holds for every smaller share too, and a
    plan for every share that its moves keep to: it begins with the most, and plans anew only where
    the last plan moves too many. Once ``how`` says stop, no further share is planned.
    """
    effort = how.effort or "quick"
    points: list[FamiliarPoint] = []
    for share in sorted(set(shares), reverse=True):
        asked = register.with_policy(register.policy.but({MOVES_SHARE: share}))
        allowed = Situation(asked).moves_allowed
        if points and points[-1].accepted and points[-1].moves <= allowed:
            points.append(replace(points[-1], share=share, allowed=allowed))
            continue
        if points and how.stop():
            break
        how.say(f"Planning with {share:.0%} of cases allowed to move")
        outcome, result, accepted = planned(asked, effort, how.seed, how.stop)
        points.append(_point(share, outcome, result, accepted=accepted))
    return Familiar(points=tuple(best_of(points[::-1])), effort=effort)


def best_of(points: Sequence[FamiliarPoint]) -> list[FamiliarPoint]:
    """Each point with the best bound that holds for it, and the cheapest plan that keeps it."""
    bounds: list[float] = []
    for point in reversed(points):
        bounds.append(max([point.bound, *bounds[-1:]]))
    found: list[FamiliarPoint] = []
    for point, bound in zip(points, reversed(bounds), strict=True):
        shown = point
        if found and found[-1].accepted and (not point.accepted or found[-1].cost < point.cost):
            shown = replace(found[-1], share=point.share, allowed=point.allowed)
        found.append(replace(shown, bound=bound))
    return found


def _point(share: float, outcome: Outcome, result: SolveResult, *, accepted: bool) -> FamiliarPoint:
    cost = outcome.cost
    used = list(utilisation(outcome).values()) or [0.0]
    return FamiliarPoint(
        share=share,
        allowed=outcome.situation.moves_allowed,
        moves=sum(change.counts for change in outcome.changes),
        bound=result.bound,
        cost=outcome.total_cost,
        exposure=cost["exposure"],
        mix=cost["mix"],
        moving=cost["moves"],
        spread=cost["spread"],
        utilisation_mean=statistics.fmean(used),
        utilisation_deviation=statistics.pstdev(used),
        utilisation_least=min(used),
        utilisation_most=max(used),
        arms_overdue=outcome.backlog(HORIZON_MONTHS, Duty.ARMS),
        visits_overdue=outcome.backlog(HORIZON_MONTHS, Duty.VISIT),
        accepted=accepted,
    )


def utilisation(outcome: Outcome) -> dict[str, float]:
    """Each officer's planned hours over capacity, all months together; without any: left out."""
    situation = outcome.situation
    months = situation.horizon.months
    found = {}
    for officer in sorted(situation.register.officers, key=lambda s: s.staff_id):
        name = officer.staff_id
        capacity = math.fsum(situation.capacity[name, m] for m in months)
        if capacity > 0:
            hours = math.fsum(outcome.planned_hours(name, m) for m in months)
            found[name] = hours / capacity
    return found
