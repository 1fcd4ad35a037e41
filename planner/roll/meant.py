"""What the plan before meant to do in the months that the new one covers too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.previous import Previous
from planner.domain.terms import Duty, VisitType
from planner.optimise.calendars import Kind

if TYPE_CHECKING:
    from planner.domain.plan import Plan
    from planner.roll.earlier import Earlier
    from planner.workload.situation import DutyChain, Situation


def previous(earlier: Earlier, situation: Situation) -> Previous:
    """The duties that people count on, with the price of not doing one in its month.

    Left out are duties that are not owed any more, months in which the person is not there or the
    duty said not to be possible, and those that what is done by now, or a shorter time between two,
    has made too early.
    """
    months: dict[tuple[str, Duty], set[int]] = {}
    last = situation.horizon.length
    for row in earlier.plan.written.schedule:
        month = situation.horizon.number(row.month)
        if 1 <= month <= last:
            months.setdefault((row.ref, Duty(row.duty)), set()).add(month)
    found = {}
    for key, wanted in months.items():
        chain = situation.chain.get(key)
        if chain is None:
            continue
        open_months = tuple(sorted(m for m in wanted if chain.is_open(m)))
        if not _fit_together(chain, open_months):
            kind = Kind.of(chain, situation.policy)
            open_months = kind.compatible(open_months, chain.due_month, last)
        if open_months:
            found[key] = open_months
    return Previous(months=found, cost=situation.policy.cost_stability)


def _fit_together(chain: DutyChain, months: tuple[int, ...]) -> bool:
    """Whether all the months are such that rule 8 allows the duty in each."""
    dues = (chain.due_month, *(m + chain.interval for m in months))
    return all(chain.earliest(due) <= m for due, m in zip(dues, months, strict=False))


def missed(before: Previous, plan: Plan) -> int:
    """How many of those duties a plan does not do in their month."""
    done: dict[tuple[str, Duty], set[int]] = {}
    for visit in plan.visits:
        done.setdefault((visit.ref, Duty.VISIT), set()).add(visit.month)
    for arms in plan.arms:
        done.setdefault((arms.ref, Duty.ARMS), set()).add(arms.month)
    return sum(m not in done.get(key, ()) for key, months in before.months.items() for m in months)


def types_before(earlier: Earlier, situation: Situation) -> dict[tuple[str, int], VisitType]:
    """The visit types that people were told, by reference and month of the new plan."""
    return {
        (row.ref, situation.horizon.number(row.month)): VisitType(row.visit_type)
        for row in earlier.plan.written.schedule
        if row.visit_type in set(VisitType)
    }
