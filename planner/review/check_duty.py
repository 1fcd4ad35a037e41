"""Whether a duty may be done when, and was done as, an edit says."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from planner.domain.decision import DecisionKind, EditField
from planner.domain.terms import VisitType
from planner.explain.lateness import LOCKS
from planner.optimise.calendars import Kind
from planner.review.ground import DUTY
from planner.review.wishes import done_month, route, wanted_month

if TYPE_CHECKING:
    from planner.domain.register import Offender
    from planner.review.ground import Ground
    from planner.review.wishes import Wishes
    from planner.tables.decisions import DecisionRow

YEAR = 12
"""Months before the plan; a date before is a slip of the keyboard."""


def refused_lock(ground: Ground, row: DecisionRow, value: object, wishes: Wishes) -> str:
    """Why the duty cannot be locked to a month; empty where it can."""
    offender, duty = ground.offender(row.ref), DUTY[row.kind]
    chain = ground.situation.chain.get((row.ref, duty))
    if not isinstance(value, date) or offender is None or chain is None:
        return f"The register given asks for no {duty.value} of this person."
    month = ground.number(value)
    done = done_month(ground, row, wishes)
    if done is not None and done != month:
        return "The duty is marked as done. Empty one of the two."
    if month not in ground.horizon.months:
        first, last = ground.horizon.first, ground.horizon.start(ground.horizon.length)
        return f"{value:%b %Y} is outside the plan ({first:%b %Y} to {last:%b %Y})."
    if month < ground.number(ground.today):
        return f"{ground.name(month)} is over. Name this month or a later one."
    if not chain.presence.seen_in(month):
        return f"The person is not in the community in {ground.name(month)}."
    if _is_barred(row, month, ground, wishes):
        return f"It is locked to {ground.name(month)} and said not to be possible then."
    instance = ground.outcome.instance.get((row.ref, duty, ground.month(row)))
    due_month = instance.due_month if instance else chain.due_month
    if month < chain.earliest(due_month):
        return (
            f"Too early: due in {ground.name(due_month)}, it may be done from "
            f"{ground.name(chain.earliest(due_month))} on."
        )
    return _by_nobody(ground, row, offender, month, wishes) or _two_locks(
        ground, row, month, wishes
    )


def _is_barred(row: DecisionRow, month: int, ground: Ground, wishes: Wishes) -> bool:
    barred = wishes.get((row.decision_ref, EditField.NOT_POSSIBLE)) is not None
    return barred and month == ground.month(row)


def _by_nobody(
    ground: Ground, row: DecisionRow, offender: Offender, month: int, wishes: Wishes
) -> str:
    """Why nobody could do it then: no SOM in post, nobody to second, nobody trained."""
    som = route(ground, row.ref, wishes)[month - 1]
    if som is None or not ground.posts.may_hold(som, offender, month):
        who = f"{som}, who is to hold the case, may not" if som else "nobody may"
        return f"In {ground.name(month)} {who} hold it (in post, team, skills): see the register."
    if row.kind is DecisionKind.ARMS:
        if ground.posts.assessors(offender.team, som, month):
            return ""
        return f"In {ground.name(month)} nobody who may do it is trained for ARMS and in post."
    alone = ground.situation.crew(offender) > 1 and not ground.posts.seconds(
        offender.team, som, month
    )
    return f"In {ground.name(month)} there is nobody to be the second officer." if alone else ""


def _two_locks(ground: Ground, row: DecisionRow, month: int, wishes: Wishes) -> str:
    """Whether it clashes with another lock on the same duty, the register's or another row's."""
    duty = DUTY[row.kind]
    chain = ground.situation.chain[row.ref, duty]
    others: dict[int, str] = {}
    for lock in ground.situation.register.locks:
        if lock.ref == row.ref and lock.kind is LOCKS[duty] and lock.month is not None:
            others[ground.number(lock.month)] = "the register's Locks"
    for other in ground.rows[row.ref]:
        wanted = wishes.get((other.decision_ref, EditField.LOCK_MONTH))
        if other.kind is row.kind and other is not row and isinstance(wanted, date):
            locked = ground.number(wanted)
            if locked == month:
                return (
                    f"The {duty.value} of {other.month:%b %Y} is locked to {wanted:%b %Y} too: at "
                    "most one a month."
                )
            others[locked] = f"the lock of the {duty.value} of {other.month:%b %Y}"
    kind = Kind.of(chain, ground.situation.policy)
    for locked, whose in sorted(others.items()):
        both = tuple(sorted({locked, month}))
        if len(kind.compatible(both, chain.due_month, ground.horizon.length)) < len(both):
            return (
                f"Against {whose}, which wants it in {ground.name(locked)}: the two are too close "
                "together."
            )
    return ""


def refused_done(ground: Ground, row: DecisionRow, value: object, wishes: Wishes) -> str:
    """Why the duty cannot have been done on a day; empty where it can."""
    offender = ground.offender(row.ref)
    if not isinstance(value, date) or offender is None:
        return "The person is not on the register given."
    if value > ground.today:
        return f"{value:%d/%m/%Y} is after today, {ground.today:%d/%m/%Y}."
    if ground.number(value) < 1 - YEAR:
        return f"{value:%d/%m/%Y} is more than a year before the plan. Correct the year."
    last = offender.last_visit if row.kind is DecisionKind.VISIT else offender.last_arms
    if last is not None and value <= last:
        return (
            f"The register has the last {row.kind.value} on {last:%d/%m/%Y}, so this is not a new "
            "one."
        )
    for other in ground.rows[row.ref]:
        said = wishes.get((other.decision_ref, EditField.DONE_ON))
        if other.kind is row.kind and other is not row and said == value:
            return f"The {row.kind.value} of {other.month:%b %Y} is marked as done on that day too."
    return ""


def refused_result(ground: Ground, row: DecisionRow, value: object, wishes: Wishes) -> str:
    """Why a result, or hours taken, says nothing yet."""
    if wishes.get((row.decision_ref, EditField.DONE_ON)) is None:
        return "It is not said when. Fill in Done on too."
    return ""


def refused_not_possible(ground: Ground, row: DecisionRow, value: object, wishes: Wishes) -> str:
    """Why a duty cannot be called impossible: somebody says that it was done."""
    if done_month(ground, row, wishes) is not None:
        return "The duty is marked as done. Empty one of the two."
    return ""


def refused_type(ground: Ground, row: DecisionRow, value: object, wishes: Wishes) -> str:
    """Why a visit cannot be announced: one beside it is. What was done is a fact."""
    offender = ground.offender(row.ref)
    if value != VisitType.ANNOUNCED.value or offender is None:
        return ""
    if done_month(ground, row, wishes) is not None:
        return ""
    beside = announced_beside(ground, row, offender, wishes)
    return f"{beside} {_TWICE}" if beside else ""


def announced_beside(ground: Ground, row: DecisionRow, offender: Offender, wishes: Wishes) -> str:
    """Which visit next to this one is announced, and cannot be changed by planning anew."""
    visits = _visits(ground, row, wishes)
    at = next((n for n, (_, _, own) in enumerate(visits) if own is row), None)
    if at is None:
        return ""
    if at == 0 and offender.last_visit_type is VisitType.ANNOUNCED:
        return "The last visit was announced."
    if at > 0 and visits[at - 1][1] is VisitType.ANNOUNCED:
        return f"The visit before, in {ground.name(visits[at - 1][0])}, is announced."
    if at + 1 < len(visits):
        month, kind, other = visits[at + 1]
        if kind is VisitType.ANNOUNCED and other is not None:
            return f"The visit after, in {ground.name(month)}, is announced."
    return ""


_TWICE = "Never two in a row: make that one unannounced as well, or leave this one."


def _visits(
    ground: Ground, row: DecisionRow, wishes: Wishes
) -> list[tuple[int, VisitType, DecisionRow | None]]:
    """The person's visits by month, each with its type as wished and the row that proposes it."""
    rows = {ground.month(r): r for r in ground.rows[row.ref] if r.kind is DecisionKind.VISIT}
    found: list[tuple[int, VisitType, DecisionRow | None]] = []
    for visit in ground.visits[row.ref]:
        own = rows.get(visit.month)
        kind, month = visit.visit_type, visit.month
        if own is not None:
            month = wanted_month(ground, own, wishes)
            wished = wishes.get((own.decision_ref, EditField.VISIT_TYPE))
            kind = VisitType(wished) if isinstance(wished, str) else kind
        found.append((month, kind, own))
    return sorted(found, key=lambda v: v[0])
