"""The whole answer for one case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.explain.announced import type_reasons
from planner.explain.case import CaseView
from planner.explain.decisions import decisions
from planner.explain.duties import duty_reasons
from planner.explain.soms import Soms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.domain.months import Horizon
    from planner.domain.register import Offender
    from planner.domain.written import AllocationRow, NotPlannedRow, WrittenPlan
    from planner.explain.announced import TypeReasons
    from planner.explain.duties import DutyReason
    from planner.explain.soms import Candidate, Choice
    from planner.workload.situation import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What the workbook says of a case, and why.

    ``allocation`` and ``not_planned`` are the workbook's own rows for it. ``planned`` is the case
    as planned with its cost; ``candidates`` every officer asked. ``rows_left_out`` counts rows of
    Allocation and Schedule that mean nothing. ``moves`` are the plan's changes of SOM that count,
    ``moves_allowed`` how many may. ``routes_complete`` is false where too many ways to hold the
    case exist for all to be tried.
    """

    offender: Offender
    horizon: Horizon
    today: str | None
    allocation: tuple[AllocationRow, ...]
    not_planned: tuple[NotPlannedRow, ...]
    planned: Choice
    candidates: tuple[Candidate, ...]
    duties: tuple[DutyReason, ...]
    visit_types: TypeReasons
    moves: int
    moves_allowed: int
    rows_left_out: int
    routes_complete: bool


def explain(
    situation: Situation,
    written: WrittenPlan,
    ref: str,
    prices: Mapping[tuple[str, int], float],
) -> Explanation:
    """Explain a case of the register by a written plan.

    ``prices`` maps (team, month number) to the price of an hour. Raises ``KeyError`` where the
    register has no such case.
    """
    found = decisions(situation, written)
    view = CaseView(situation, found.plan, ref)
    soms = Soms(view)
    planned = soms.planned()
    return Explanation(
        offender=view.offender,
        horizon=situation.horizon,
        today=view.today,
        allocation=tuple(
            sorted((r for r in written.allocation if r.ref == ref), key=lambda r: r.month)
        ),
        not_planned=tuple(r for r in written.not_planned if r.ref == ref),
        planned=planned,
        candidates=soms.candidates(),
        duties=duty_reasons(view, prices),
        visit_types=type_reasons(view),
        moves=view.moves,
        moves_allowed=situation.moves_allowed,
        rows_left_out=found.allocation_left_out + found.schedule_left_out,
        routes_complete=view.routes.complete,
    )
