"""How many cases above cap (rule 3) the register leaves no choice on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.verify.flow import Network
from planner.verify.wishes import holders_by_wish

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.domain.register import Offender
    from planner.verify.evidence import Evidence
    from planner.verify.people import Person

_MOST_ARCS = 200_000
"""Above this many pairs, Not with is left out of account: the bound stays one, only weaker."""

_SOURCE, _SINK, _FIRST_NODE = 0, 1, 2

Able = tuple[str, ...]
"""The officers who may hold a case in a month."""


@dataclass(frozen=True, slots=True)
class Placing:
    """The community cases of a team in a month that are to be placed with its officers.

    ``room``: what each officer's cap leaves beside the cases he must hold, officers with a cap
    only; ``excess``: the cases above cap among those that he must. ``groups``: how many of the
    others there are for each set of officers who may hold them, by those with whom they would stay
    if they could (none: they may as well be anywhere).
    """

    room: dict[str, int]
    excess: int
    groups: Counter[tuple[Able, Able]]

    def is_limited(self, able: Able) -> bool:
        """Whether caps limit how many such cases can be placed."""
        return bool(able) and all(s in self.room for s in able)

    def unplaced(self) -> int:
        """How many cases find no officer below cap, at best."""
        limited: Counter[Able] = Counter()
        for (_, able), people in self.groups.items():
            if self.is_limited(able):
                limited[able] += people
        staff = sorted({s for able in limited for s in able})
        node = {s: _FIRST_NODE + n for n, s in enumerate(staff)}
        network = Network(_FIRST_NODE + len(staff) + len(limited))
        for staff_id in staff:
            network.join(node[staff_id], _SINK, self.room[staff_id])
        for n, (able, people) in enumerate(limited.items(), _FIRST_NODE + len(staff)):
            network.join(_SOURCE, n, people)
            for staff_id in able:
                network.join(n, node[staff_id], people)
        return sum(limited.values()) - network.greatest_flow(_SOURCE, _SINK)


def least_excess(evidence: Evidence, team: str, month: int) -> int:
    """The fewest community cases above cap in a month, whoever holds what.

    ``team`` is "" for the whole unit, where cross_team is on. People whom nobody may hold are left
    out: whoever is named for them breaks rule 1, which is all that counts then.
    """
    placing = placing_of(evidence, team, month, {})
    return placing.excess + placing.unplaced()


def placing_of(evidence: Evidence, team: str, month: int, stays: Mapping[str, Able]) -> Placing:
    """What is to be placed in a month; ``stays``: with whom cases would stay, by ref."""
    fixed: Counter[str] = Counter()
    torn: Counter[tuple[Able, Able]] = Counter()
    free: dict[tuple[frozenset[str], frozenset[str]], list[Offender]] = {}
    for person in covered(evidence, team):
        if not person.at_end >> month & 1:
            continue
        offender = person.offender
        holders = holders_by_wish(evidence.wishes.get(offender.ref, ()), month)
        if len(holders) == 1:
            fixed[holders[0]] += 1
        elif holders:
            torn[stays.get(offender.ref, ()), holders] += 1
        else:
            free.setdefault((offender.not_with, offender.needs), []).append(offender)
    staff = evidence.world.staff
    caps = {s: post.officer.cap for s, post in staff.items() if post.officer.cap is not None}
    return Placing(
        room={s: max(0, cap - fixed[s]) for s, cap in caps.items()},
        excess=sum(max(0, fixed[s] - cap) for s, cap in caps.items()),
        groups=_grouped(evidence, free, month, stays) + torn,
    )


def covered(evidence: Evidence, team: str) -> list[Person]:
    """The people of a team; of the whole unit for ""."""
    if team:
        return evidence.world.people_of.get(team, [])
    return list(evidence.world.people.values())


def _grouped(
    evidence: Evidence,
    free: dict[tuple[frozenset[str], frozenset[str]], list[Offender]],
    month: int,
    stays: Mapping[str, Able],
) -> Counter[tuple[Able, Able]]:
    groups: Counter[tuple[Able, Able]] = Counter()
    coarse = len(free) * len(evidence.world.staff) > _MOST_ARCS
    known: dict[frozenset[str], Able] = {}
    for (_, needs), offenders in free.items():
        if not coarse:
            able = able_to_hold(evidence, offenders[0], month)
        else:
            if needs not in known:
                anyone = replace(offenders[0], not_with=frozenset())
                known[needs] = able_to_hold(evidence, anyone, month)
            able = known[needs]
        groups.update((stays.get(o.ref, ()), able) for o in offenders)
    return groups


def able_to_hold(evidence: Evidence, offender: Offender, month: int) -> Able:
    world = evidence.world
    ids = world.candidates(offender)
    return tuple(s for s in ids if world.may_hold(offender, s) >> month & 1)
