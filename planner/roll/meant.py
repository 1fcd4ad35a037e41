"""What the plan before meant to do in the months that the new one covers too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.previous import Previous
from planner.domain.terms import Duty, VisitType
from planner.optimise.calendars import Kind
from planner.roll.hands import planned_by_now

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.domain.plan import Plan
    from planner.domain.register import Offender
    from planner.domain.written import ScheduleRow
    from planner.roll.earlier import Earlier
    from planner.roll.pairs import Key
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
    return Previous(
        months=found,
        done_by=dict(_hands(earlier, situation, found)),
        cost=situation.policy.cost_stability,
    )


def _hands(
    earlier: Earlier, situation: Situation, kept: Mapping[Key, tuple[int, ...]]
) -> Iterator[tuple[tuple[str, Duty, int], str]]:
    """Who was to do each of these duties, where that still can and need be kept.

    It need not where the register gives the case to somebody whom the plan before did not mean to
    hold it by now, or where somebody has decided who holds it: what they say counts.
    """
    held = {ref: person.som for ref, person in earlier.person.items()}
    held |= planned_by_now(earlier, situation.horizon)
    for row in earlier.plan.written.schedule:
        key, month = (row.ref, Duty(row.duty)), situation.horizon.number(row.month)
        if month not in kept.get(key, ()) or row.ref in situation.som_locks:
            continue
        offender = situation.register.offender[row.ref]
        given = offender.som in {None, held.get(row.ref)}
        if given and _can(situation, offender, row, month):
            yield (*key, month), row.done_by


def _can(situation: Situation, offender: Offender, row: ScheduleRow, month: int) -> bool:
    """Whether the register still lets that officer do the duty in a month."""
    posts, who = situation.posts, row.done_by
    if who not in situation.register.officer:
        return False
    if row.duty == Duty.VISIT:
        return posts.may_hold(who, offender, month)
    return posts.is_trained(who, month)


def _fit_together(chain: DutyChain, months: tuple[int, ...]) -> bool:
    """Whether all the months are such that rule 8 allows the duty in each."""
    dues = (chain.due_month, *(m + chain.interval for m in months))
    return all(chain.earliest(due) <= m for due, m in zip(dues, months, strict=False))


def handed_over(before: Previous, plan: Plan) -> int:
    """How many of those duties a plan does in their month, but by somebody else."""
    doing = {(v.ref, Duty.VISIT, v.month): plan.som(v.ref, v.month) for v in plan.visits}
    doing |= {(a.ref, Duty.ARMS, a.month): a.done_by for a in plan.arms}
    return sum(doing.get(key, who) != who for key, who in before.done_by.items())


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
