"""How much of rules 3 and 4 the register leaves no choice on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.verify.flow import Network
from planner.verify.months import ALL, LAST, first_in, months_in, span
from planner.verify.wishes import fixed_holder

if TYPE_CHECKING:
    from planner.domain.register import Offender
    from planner.verify.evidence import Evidence
    from planner.verify.people import Person
    from planner.verify.wishes import Wish

_MOST_ARCS = 200_000
"""Above this many pairs, Not with is left out of account: the bound stays one, only weaker."""

_SOURCE, _SINK, _FIRST_NODE = 0, 1, 2


def least_excess(evidence: Evidence, team: str, month: int) -> int:
    """The fewest community cases above cap in a month, whoever holds what.

    ``team`` is "" for the whole unit, where cross_team is on. People whom nobody may hold are left
    out: nobody need have them.
    """
    fixed: dict[str, int] = {}
    free: dict[tuple[frozenset[str], frozenset[str]], list[Offender]] = {}
    for person in _covered(evidence, team):
        if not person.at_end >> month & 1:
            continue
        offender = person.offender
        holder = fixed_holder(evidence.wishes.get(offender.ref, ()), month)
        if holder is not None:
            fixed[holder] = fixed.get(holder, 0) + 1
        else:
            free.setdefault((offender.not_with, offender.needs), []).append(offender)
    room: dict[str, int] = {}
    excess = 0
    for staff_id, post in evidence.world.staff.items():
        if post.officer.cap is not None:
            left = post.officer.cap - fixed.get(staff_id, 0)
            room[staff_id] = max(0, left)
            excess += max(0, -left)
    return excess + _unplaced(evidence, _grouped(evidence, free, month), room)


def _covered(evidence: Evidence, team: str) -> list[Person]:
    if team:
        return evidence.world.people_of.get(team, [])
    return list(evidence.world.people.values())


def _grouped(
    evidence: Evidence,
    free: dict[tuple[frozenset[str], frozenset[str]], list[Offender]],
    month: int,
) -> dict[tuple[str, ...], int]:
    """How many people there are for each set of officers who may hold them."""
    groups: dict[tuple[str, ...], int] = {}
    coarse = len(free) * len(evidence.world.staff) > _MOST_ARCS
    known: dict[tuple[str, frozenset[str]], tuple[str, ...]] = {}
    for (_, needs), offenders in free.items():
        key = (offenders[0].team, needs)
        if not coarse or key not in known:
            known[key] = _eligible(evidence, offenders[0], month)
        groups[known[key]] = groups.get(known[key], 0) + len(offenders)
    return groups


def _eligible(evidence: Evidence, offender: Offender, month: int) -> tuple[str, ...]:
    world = evidence.world
    ids = world.candidates(offender)
    return tuple(s for s in ids if world.may_hold(offender, s) >> month & 1)


def _unplaced(evidence: Evidence, groups: dict[tuple[str, ...], int], room: dict[str, int]) -> int:
    """How many people find no officer below cap, at best."""
    limited = {ids: n for ids, n in groups.items() if ids and all(s in room for s in ids)}
    staff = sorted({s for ids in limited for s in ids})
    node = {s: _FIRST_NODE + n for n, s in enumerate(staff)}
    network = Network(_FIRST_NODE + len(staff) + len(limited))
    for staff_id in staff:
        network.join(node[staff_id], _SINK, room[staff_id])
    for n, (ids, people) in enumerate(limited.items(), _FIRST_NODE + len(staff)):
        network.join(_SOURCE, n, people)
        for staff_id in ids:
            network.join(n, node[staff_id], people)
    return sum(limited.values()) - network.greatest_flow(_SOURCE, _SINK)


def least_moves(evidence: Evidence) -> int:
    """At least so many changes that count are forced, by locks on the SOM and by caps."""
    away = {ref for ref, wishes in evidence.wishes.items() if _locked_away(evidence, ref, wishes)}
    teams = [""] if evidence.policy.cross_team else sorted(evidence.world.teams)
    return len(away) + sum(_moves_by_caps(evidence, team, away) for team in teams)


def _locked_away(evidence: Evidence, ref: str, wishes: tuple[Wish, ...]) -> bool:
    """Whether locks take a case from a SOM who could go on holding it."""
    offender = evidence.world.people[ref].offender
    som = evidence.world.known_som(offender)
    locks = [w for w in wishes if not w.is_keep and w.months]
    if som is None or not locks or any(w.staff_id == som for w in locks):
        return False
    until = max(first_in(w.months) for w in locks)
    needed = span(1, until)
    able = evidence.world.may_hold(offender, som) & needed == needed
    return able and not evidence.world.staff[som].leaves


def _moves_by_caps(evidence: Evidence, team: str, away: set[str]) -> int:
    """Cases that today's SOMs could go on holding but for their caps: the worst month's."""
    held: dict[str, list[int]] = {}
    fixed: dict[str, list[int]] = {}
    for person in _covered(evidence, team):
        som = evidence.world.known_som(person.offender)
        ref = person.offender.ref
        if som is None or ref in away or evidence.world.may_hold(person.offender, som) != ALL:
            continue
        wished = any(w.months for w in evidence.wishes.get(ref, ()))
        counts = fixed if wished else held
        by_month = counts.setdefault(som, [0] * (LAST + 1))
        for month in months_in(person.at_end):
            by_month[month] += 1
    worst = 0
    for month in range(1, LAST + 1):
        above = 0
        for staff_id, movable in held.items():
            cap = evidence.world.staff[staff_id].officer.cap
            if cap is not None:
                kept = fixed[staff_id][month] if staff_id in fixed else 0
                above += max(0, min(movable[month], movable[month] + kept - cap))
        if above > worst:
            worst = max(worst, above - least_excess(evidence, team, month))
    return worst
