"""Small plans to be explained, and what a proposed change makes of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.plan import Holding, Plan, PlannedArms, PlannedVisit
from planner.domain.terms import Duty, VisitType
from planner.explain.explanation import Explanation, explain
from planner.tables.written import written_plan
from planner.workload.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.domain.written import WrittenPlan
    from planner.explain.soms import Candidate, Choice
    from planner.workload.situation import Situation

LATENESS = ("exposure", "protected", "uncleared")


def plan_of(
    situation: Situation,
    held: Mapping[str, str | tuple[tuple[int, str], ...]],
    visits: Iterable[tuple[str, int]] = (),
    arms: Iterable[tuple[str, int]] = (),
    announced: Iterable[tuple[str, int]] = (),
) -> Plan:
    """A plan: by whom each case is held, the months of its duties; seconds are not named."""
    holdings = {
        ref: (Holding(1, soms),)
        if isinstance(soms, str)
        else tuple(Holding(month, som) for month, som in soms)
        for ref, soms in held.items()
    }
    bare = Plan(situation.horizon, holdings, (), (), {})
    told = set(announced)
    people = situation.register.offender
    return replace(
        bare,
        visits=tuple(
            PlannedVisit(
                month,
                ref,
                str(bare.som(ref, month)),
                VisitType.ANNOUNCED if (ref, month) in told else VisitType.UNANNOUNCED,
                situation.crew(people[ref]),
            )
            for ref, month in visits
        ),
        arms=tuple(
            PlannedArms(m, ref, str(bare.som(ref, m)), str(bare.som(ref, m))) for ref, m in arms
        ),
    )


def written(situation: Situation, plan: Plan) -> WrittenPlan:
    return written_plan(Outcome(situation, plan), [])


def explained(
    situation: Situation,
    plan: Plan,
    ref: str,
    prices: Mapping[tuple[str, int], float] | None = None,
) -> Explanation:
    return explain(situation, written(situation, plan), ref, prices or {})


def candidate(found: Explanation, staff_id: str) -> Candidate:
    return next(c for c in found.candidates if c.staff_id == staff_id)


def bars(found: Explanation, staff_id: str) -> list[tuple[int, str]]:
    return [(b.kind.rule.value, b.kind.value) for b in candidate(found, staff_id).bars]


def with_choice(situation: Situation, plan: Plan, ref: str, choice: Choice) -> Plan:
    """The plan with one case held and its duties done as proposed."""
    holdings = tuple(Holding(h.month, h.staff_id) for h in choice.holders)
    changed = replace(plan, holdings={**plan.holdings, ref: holdings})
    return with_months(
        situation,
        with_months(situation, changed, ref, Duty.VISIT, choice.visits),
        ref,
        Duty.ARMS,
        choice.arms,
    )


def with_months(
    situation: Situation, plan: Plan, ref: str, duty: Duty, months: Iterable[int]
) -> Plan:
    """The plan with one duty done in these months instead."""
    if duty is Duty.ARMS:
        doer = {a.month: a.done_by for a in plan.arms if a.ref == ref}
        done = (
            PlannedArms(m, ref, _som(plan, ref, m), doer.get(m, _som(plan, ref, m))) for m in months
        )
        return replace(plan, arms=(*(a for a in plan.arms if a.ref != ref), *done))
    crew = situation.crew(situation.register.offender[ref])
    seen = (PlannedVisit(m, ref, _som(plan, ref, m), VisitType.UNANNOUNCED, crew) for m in months)
    return replace(plan, visits=(*(v for v in plan.visits if v.ref != ref), *seen))


def _som(plan: Plan, ref: str, month: int) -> str:
    return str(plan.som(ref, month))


def cost_of(situation: Situation, plan: Plan, *parts: str) -> float:
    """Parts of the plan's cost as the planner's own sums have them."""
    cost = Outcome(situation, plan).cost
    return sum(cost[part] for part in parts)
