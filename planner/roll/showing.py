"""What became of the decisions in the new plan, and the cells of its workbooks that show them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.decision import DecisionKind, EditField, decision_ref
from planner.domain.terms import Duty
from planner.review.ground import DUTY
from planner.review.values import ACCEPT
from planner.roll.judging import Judged, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.domain.plan import Plan
    from planner.domain.taken import Stated, TakenDecision
    from planner.roll.earlier import Key
    from planner.tables.decisions import DecisionRow
    from planner.workload.situation import Situation

_SEE = "See Checks and Clashes."


def settled(judged: Iterable[Judged], situation: Situation, plan: Plan) -> tuple[Judged, ...]:
    """The same once the plan is made: what was to hold, and does not, is said."""
    settling = _Settling(situation, plan)
    return tuple(settling.settled(one) if one.binds else one for one in judged)


class _Settling:
    def __init__(self, situation: Situation, plan: Plan) -> None:
        self.situation = situation
        self.plan = plan
        self.types = {(v.ref, v.month): v.visit_type for v in plan.visits}
        self.done = {(v.ref, Duty.VISIT, v.month) for v in plan.visits}
        self.done |= {(a.ref, Duty.ARMS, a.month) for a in plan.arms}

    def settled(self, judged: Judged) -> Judged:
        why = self._broken(judged.decision)
        return replace(judged, standing=Standing.NOT_HELD, why=why) if why else judged

    def _broken(self, decision: TakenDecision) -> str:
        month = self.situation.horizon.number(decision.month)
        if decision.field is EditField.SOM:
            return self._not_with(decision, month)
        done = (decision.ref, DUTY[decision.kind], month) in self.done
        if decision.field is EditField.NOT_POSSIBLE:
            return f"It is planned then all the same. {_SEE}" if done else ""
        if decision.field is EditField.LOCK_MONTH:
            return "" if done else f"It is not planned then. {_SEE}"
        kind = self.types.get((decision.ref, month))
        if kind is None:
            return "No visit is planned in that month."
        if kind.value == decision.value:
            return ""
        return (
            "The visit before or after it, or the least share of unannounced visits, stands "
            "against it."
        )

    def _not_with(self, decision: TakenDecision, since: int) -> str:
        named, offender = (
            str(decision.value),
            self.situation.register.offender[decision.ref],
        )
        for month in self.situation.horizon.months:
            may = month >= since and self.situation.posts.may_hold(named, offender, month)
            held = self.plan.som(decision.ref, month)
            if may and held != named:
                when = self.situation.horizon.start(month)
                return f"Held by {held or 'nobody'} in {when:%b %Y}. {_SEE}"
        return ""


def placed(
    decisions: Iterable[TakenDecision], rows: Iterable[DecisionRow]
) -> tuple[TakenDecision, ...]:
    """Each decision with the cell that shows it; what only shows, and has none, is left out."""
    by_ref = {row.decision_ref: row for row in rows}
    of_case: dict[str, list[DecisionRow]] = {}
    for row in by_ref.values():
        of_case.setdefault(row.ref, []).append(row)
    found: list[TakenDecision] = []
    taken: set[Key] = set()
    for decision in decisions:
        cell = _cell(decision, by_ref, of_case.get(decision.ref, []))
        if cell is not None and (key := cell[:2]) not in taken:
            taken.add(key)
            ref, field, value = cell
            found.append(replace(decision, shown_ref=ref, shown_field=field, shown_value=value))
        elif decision.binds:
            found.append(replace(decision, shown_ref="", shown_field=None, shown_value=None))
    return tuple(found)


def _cell(
    decision: TakenDecision, by_ref: Mapping[str, DecisionRow], of_case: Iterable[DecisionRow]
) -> tuple[str, EditField, Stated] | None:
    if decision.field is EditField.SOM:
        return _som_cell(decision, of_case)
    ref = decision_ref(decision.ref, decision.kind, decision.month)
    if ref not in by_ref or decision.field is EditField.NOT_POSSIBLE:
        return None
    return ref, decision.field, decision.value


def _som_cell(
    decision: TakenDecision, of_case: Iterable[DecisionRow]
) -> tuple[str, EditField, Stated] | None:
    """Accept at the move itself, else the SOM named at the case's first row."""
    first = None
    for row in sorted(of_case, key=lambda r: (r.month, r.kind is not DecisionKind.MOVE, r.kind)):
        if row.kind is DecisionKind.MOVE and row.som == decision.value:
            return row.decision_ref, EditField.ACCEPT, ACCEPT
        if row.month >= decision.month:
            first = first or row
    return (first.decision_ref, EditField.SOM, decision.value) if first else None
