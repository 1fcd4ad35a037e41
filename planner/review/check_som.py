"""Whether a case may be held by whom an edit wants: the contract's "Who may hold a case"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.decision import DecisionKind, EditField
from planner.domain.terms import LockKind
from planner.explain.bars import BarKind, own_bars
from planner.review.values import ACCEPT, REFUSE
from planner.review.wishes import SomWish, som_wish, som_wishes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from planner.domain.register import Offender, Officer
    from planner.review.cost import Standing
    from planner.review.ground import Ground
    from planner.review.issued import Key
    from planner.review.wishes import Wishes
    from planner.tables.decisions import DecisionRow


def refused_accept(ground: Ground, row: DecisionRow, value: object, wishes: Wishes) -> str:
    """Why Accept or Refuse cannot be taken; empty where it can."""
    named = wishes.get((row.decision_ref, EditField.SOM))
    if value == ACCEPT:
        if named is not None and named != row.som:
            return f"It says Accept, but names {named} instead of {row.som}. Empty one of the two."
        return ""
    if value != REFUSE:
        return ""
    if named is not None:
        same = (
            f"It says Refuse, but names {named}, to whom the case was to go. Empty one of the two."
        )
        return same if named == row.som else ""
    if row.previous_som is None:
        return "The case has no SOM to stay with. Name the SOM to use instead."
    return _may_not_hold(ground, row, row.previous_som, f"{row.previous_som} cannot keep the case")


def refused_som(ground: Ground, row: DecisionRow, value: object, wishes: Wishes) -> str:
    """Why the SOM named cannot hold the case; empty where that is possible."""
    named = str(value)
    reason = _may_not_hold(ground, row, named, f"{named} cannot hold the case")
    if reason or row.kind is not DecisionKind.ARMS:
        return reason
    offender = ground.offender(row.ref)
    if offender is None or ground.posts.assessors(offender.team, named, ground.month(row)):
        return ""
    where = "in the unit" if ground.situation.policy.cross_team else f"in team {offender.team}"
    return (
        f"{untrained(ground, named, ground.month(row))}, and nobody else {where} is, so nobody "
        "could do this one. Name somebody who is trained."
    )


def untrained(ground: Ground, staff_id: str, month: int) -> str:
    """Why an officer does no ARMS in a month, in words; empty where trained."""
    if ground.posts.is_trained(staff_id, month):
        return ""
    trained = ground.situation.register.officer[staff_id].arms_trained_from
    since = "" if trained is None else f" (trained from {trained:%d/%m/%Y})"
    return f"{staff_id} is not trained for ARMS on the first day of {ground.name(month)}{since}"


def _may_not_hold(ground: Ground, row: DecisionRow, staff_id: str, told: str) -> str:
    register = ground.situation.register
    offender, officer = ground.offender(row.ref), register.officer.get(staff_id)
    if offender is None:
        return "The person is not on the register given."
    if officer is None:
        return f"{told}: not in Staff any more."
    if whys := list(_whys(ground, offender, officer, ground.month(row))):
        return f"{told}: {'; '.join(whys)}."
    return ""


def _whys(ground: Ground, offender: Offender, officer: Officer, month: int) -> list[str]:
    situation = ground.situation
    found = []
    for bar in own_bars(situation, offender, officer.staff_id):
        if bar.kind is BarKind.OTHER_TEAM:
            found.append(f"of team {officer.team}, the case is of {offender.team}")
        elif bar.kind is BarKind.NOT_WITH:
            found.append("named in Not with")
        elif bar.kind is BarKind.SKILLS:
            found.append(f"lacks the skill {', '.join(bar.names)} that the case needs")
    if month not in situation.posts.holding_months[officer.staff_id]:
        found.append(_not_in_post(ground, officer, month))
    som = situation.register.som_of(offender)
    kept = offender.keep and som is not None and som != officer.staff_id
    if kept and som is not None and situation.posts.may_hold(som, offender, month):
        found.append(f"Keep with SOM holds it with {som}")
    locked = {
        lock.staff_id
        for lock in situation.register.locks
        if lock.ref == offender.ref and lock.kind is LockKind.SOM
    } - {officer.staff_id, None}
    held = [s for s in locked if s in situation.register.officer]
    if able := sorted(s for s in held if s and situation.posts.may_hold(s, offender, month)):
        found.append(f"the register locks it to {able[0]}")
    return found


def _not_in_post(ground: Ground, officer: Officer, month: int) -> str:
    told = f"not in post on the last working day of {ground.name(month)}"
    if officer.end is not None and officer.end < ground.horizon.end(month):
        return f"{told} (leaves on {officer.end:%d/%m/%Y})"
    if officer.start is not None and officer.start > ground.horizon.start(month):
        return f"{told} (starts on {officer.start:%d/%m/%Y})"
    return told


def against_each_other(ground: Ground, ref: str, wishes: Wishes) -> list[tuple[SomWish, SomWish]]:
    """Wishes for one case that cannot both be met: two officers who may both hold it then."""
    offender = ground.offender(ref)
    if offender is None:
        return []
    found = som_wishes(ground, ref, wishes)
    return [
        (one, other)
        for n, one in enumerate(found)
        for other in found[n + 1 :]
        if one.staff_id != other.staff_id
        and one.staff_id in ground.situation.register.officer
        and ground.posts.may_hold(one.staff_id, offender, other.month)
    ]


def over_cap(
    standing: Standing, asked: Collection[Key], before: Mapping[tuple[str, int], int]
) -> dict[Key, str]:
    """Which edits asked must go so that nobody's caseload is further above a cap than before.

    ``standing`` has all of them met, and is left with those that stay; the last asked go first.
    """
    refused: dict[Key, str] = {}
    while found := _last_over_cap(standing, [k for k in asked if k not in refused], before):
        refused[found[0]] = found[1]
        standing.meet(found[0], None)
    return refused


def _last_over_cap(
    standing: Standing, asked: list[Key], before: Mapping[tuple[str, int], int]
) -> tuple[Key, str] | None:
    """The last edit that gives somebody a case above the cap, and why it must go."""
    ground = standing.ground
    caps = {s.staff_id: s.cap for s in ground.situation.register.officers if s.cap is not None}
    for key in reversed(asked):
        row = ground.issued.rows[key[0]]
        wish = som_wish(ground, row, standing.wishes)
        if wish is None or wish.field is not key[1] or wish.staff_id not in caps:
            continue
        cap, there = caps[wish.staff_id], ground.situation.presence[row.ref]
        full = [
            m
            for m in ground.horizon.months
            if m >= wish.month
            and there.at_end_of(m)
            and standing.held[wish.staff_id, m] > max(cap, before.get((wish.staff_id, m), 0))
            and ground.plan.som(row.ref, m) != wish.staff_id
        ]
        if full:
            most = max(standing.held[wish.staff_id, m] for m in full)
            return key, (
                f"{wish.staff_id} would hold {most} cases in the community in "
                f"{ground.name(full[0])}; the cap is {cap}."
            )
    return None
