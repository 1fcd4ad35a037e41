"""Rules 1, 3 and 4: who holds the cases, how many, and why they change hands."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from planner.domain.rules import Rule
from planner.domain.verdict import Breach, RuleFinding
from planner.verify.findings import by_amount
from planner.verify.forced import least_excess
from planner.verify.forced_moves import least_moves
from planner.verify.months import ALL, LAST, first_in, months_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.verify.evidence import Change, Evidence

_ROUNDING = 1e-9


def one_som(evidence: Evidence) -> RuleFinding:
    """Rule 1, in offender-months: one breach a person, its amount the months."""
    breaches = []
    forced = 0
    for ref, person in evidence.world.people.items():
        broken = _months_without_one_som(evidence, ref)
        if broken:
            breaches.append(_without_som(evidence, ref, broken))
            forced += (broken & ~evidence.world.held_by_anyone(person.offender)).bit_count()
    checked = len(evidence.world.people) * LAST
    return by_amount(Rule.ONE_SOM, checked, breaches, forced)


def _months_without_one_som(evidence: Evidence, ref: str) -> int:
    reading = evidence.reading
    offender = evidence.world.people[ref].offender
    held = 0
    for stint in reading.stints.get(ref, ()):
        held |= stint.months & evidence.world.may_hold(offender, stint.som)
    return ALL & (~held | reading.doubled.get(ref, 0))


def _without_som(evidence: Evidence, ref: str, broken: int) -> Breach:
    first = first_in(broken)
    som = evidence.reading.som(ref, first)
    if evidence.reading.doubled.get(ref, 0) >> first & 1:
        detail = "Two different SOMs are given for the same month."
    elif not som:
        detail = "Nobody holds the case."
    elif som not in evidence.world.staff:
        detail = f"{som} is not in Staff."
    else:
        detail = f"{som} may not hold the case."
    return Breach(
        rule=Rule.ONE_SOM,
        ref=ref,
        staff_id=som or None,
        month=evidence.world.months.starts[first],
        amount=broken.bit_count(),
        detail=f"{detail} Months: {broken.bit_count()}.",
    )


def caseload_caps(evidence: Evidence) -> RuleFinding:
    """Rule 3, in cases above cap, summed over officers and months.

    A case counts in the months in which its SOM may hold it. In others it breaks rule 1, and counts
    there: where nobody may hold it, whoever is named for it is no fuller for that.
    """
    barred = _barred(evidence)
    breaches = []
    over: set[tuple[str, int]] = set()
    checked = 0
    for staff_id, post in evidence.world.staff.items():
        cap = post.officer.cap
        if cap is None:
            continue
        checked += LAST
        for month in range(1, LAST + 1):
            held = evidence.loads[staff_id].community[month] - barred[staff_id, month]
            if held > cap:
                breaches.append(_above_cap(evidence, staff_id, month, held, cap))
                team = "" if evidence.policy.cross_team else post.team
                over.add((team, month))
    forced = sum(least_excess(evidence, team, month) for team, month in sorted(over))
    return by_amount(Rule.CASELOAD_CAP, checked, breaches, forced)


def _barred(evidence: Evidence) -> Counter[tuple[str, int]]:
    """How many community cases an officer is named for in a month in which he may not hold them."""
    barred: Counter[tuple[str, int]] = Counter()
    for ref, stints in evidence.reading.stints.items():
        person = evidence.world.people[ref]
        for stint in stints:
            held = evidence.world.may_hold(person.offender, stint.som)
            months = stint.months & person.at_end & ~held
            barred.update((stint.som, month) for month in months_in(months))
    return barred


def _above_cap(evidence: Evidence, staff_id: str, month: int, held: int, cap: int) -> Breach:
    return Breach(
        rule=Rule.CASELOAD_CAP,
        staff_id=staff_id,
        month=evidence.world.months.starts[month],
        amount=held - cap,
        detail=f"Holds {held} community cases; the cap is {cap}.",
    )


def moves(evidence: Evidence) -> RuleFinding:
    """Rule 4: each change without a reason, and the changes above the number allowed."""
    breaches = list(_without_reason(evidence))
    counted = sum(change.counts for change in evidence.changes)
    limit = math.floor(evidence.policy.moves_share * len(evidence.world.people) + _ROUNDING)
    forced = 0
    if counted > limit:
        detail = f"{counted} changes of SOM count; at most {limit} are allowed."
        breaches.append(Breach(rule=Rule.MOVES, amount=counted - limit, detail=detail))
        forced = max(0, least_moves(evidence) - limit)
    checked = sum(len(stints) for stints in evidence.reading.stints.values())
    return by_amount(Rule.MOVES, checked, breaches, forced)


def _without_reason(evidence: Evidence) -> Iterator[Breach]:
    for change in evidence.changes:
        if not change.opens and not _has_reason(evidence, change):
            yield Breach(
                rule=Rule.MOVES,
                ref=change.ref,
                staff_id=change.after,
                month=evidence.world.months.starts[change.month],
                detail=f"{change.before} could go on holding the case and {change.after} does not "
                "join in this month.",
            )


def _has_reason(evidence: Evidence, change: Change) -> bool:
    world = evidence.world
    offender = world.people[change.ref].offender
    if not world.may_hold(offender, change.before) >> change.month & 1:
        return True
    return world.staff[change.after].joins == change.month
