"""Who manages whom today: caseloads as uneven as in life, the riskiest most of all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.terms import RiskLevel, Status
from planner.sample.draws import apportioned
from planner.sample.staff import by_team

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.domain.register import Offender, Officer
    from planner.sample.draws import Draws
    from planner.sample.size import Size

UNALLOCATED = 0.03
UNEVEN = (0.9, 1.12)
"""How far an officer's caseload strays from what their hours would say."""
UNEVEN_RISK = (0.3, 1.9)
"""The same for very high and high risk."""
CAPPED = 4
"""Officers of 54 with a caseload cap, a little above their caseload."""


def allocated(
    people: Sequence[Offender], officers: Sequence[Officer], draws: Draws
) -> list[Offender]:
    """The same people in the same order, all but a few with a SOM of their team.

    ``officers`` are those in post.
    """
    waiting = _unallocated(people, draws)
    groups: dict[tuple[str, int], list[int]] = {}
    for i, person in enumerate(people):
        if person.ref not in waiting:
            groups.setdefault((person.team, _kind(person)), []).append(i)
    som: dict[int, str] = {}
    for team, colleagues in by_team(officers).items():
        parts = [groups.get((team, kind), []) for kind in (0, 1, 2)]
        for members, shares in zip(parts, _shares(parts, colleagues, draws), strict=True):
            names = [s.staff_id for s, n in zip(colleagues, shares, strict=True) for _ in range(n)]
            som.update(zip(draws.shuffled(members), names, strict=True))
    return [replace(person, som=som.get(i)) for i, person in enumerate(people)]


def capped(
    officers: Sequence[Officer], people: Sequence[Offender], size: Size, draws: Draws
) -> tuple[Officer, ...]:
    """A few officers with a cap of 5 to 14 above what they hold in the community."""
    held = community_caseloads(people)
    able = [s.staff_id for s in officers if s.end is None and s.staff_id in held]
    caps = {
        name: (held[name] + draws.whole(5, 9)) // 5 * 5 + 5
        for name in draws.shuffled(able)[: size.of_staff(CAPPED)]
    }
    return tuple(replace(s, cap=caps.get(s.staff_id)) for s in officers)


def community_caseloads(people: Sequence[Offender]) -> Mapping[str, int]:
    """How many in the community each SOM holds today, reactive included."""
    held: dict[str, int] = {}
    for person in people:
        if person.som is not None and person.status is Status.COMMUNITY:
            held[person.som] = held.get(person.som, 0) + 1
    return held


def _unallocated(people: Sequence[Offender], draws: Draws) -> set[str]:
    able = [p.ref for p in people if p.level < RiskLevel.VERY_HIGH]
    number = min(len(able), int(len(people) * UNALLOCATED + 0.5))
    return set(draws.shuffled(able)[:number])


def _kind(person: Offender) -> int:
    """0 for the riskiest with duties, 1 for the others with duties, 2 for those without today."""
    if person.status is not Status.COMMUNITY or not person.is_active:
        return 2
    return 0 if person.level >= RiskLevel.HIGH else 1


def _shares(
    parts: Sequence[Sequence[int]], colleagues: Sequence[Officer], draws: Draws
) -> tuple[list[int], list[int], list[int]]:
    """How many of each kind each colleague holds: a caseload each, then the riskiest within it."""
    weights = [_weight(s) * draws.factor(*UNEVEN) for s in colleagues]
    caseloads = apportioned(len(parts[0]) + len(parts[1]), weights)
    risk = [(load + 0.01) * draws.factor(*UNEVEN_RISK) for load in caseloads]
    riskiest = _within(apportioned(len(parts[0]), risk), caseloads)
    others = [load - part for load, part in zip(caseloads, riskiest, strict=True)]
    return riskiest, others, apportioned(len(parts[2]), weights)


def _weight(officer: Officer) -> float:
    """Loosely by hours: half-time officers hold more than half of a caseload."""
    return 0.4 + 0.6 * officer.fte


def _within(parts: list[int], limits: list[int]) -> list[int]:
    """The parts cut to their limits, the excess handed to whoever has room, in order."""
    kept = [min(part, limit) for part, limit in zip(parts, limits, strict=True)]
    excess = sum(parts) - sum(kept)
    for i, limit in enumerate(limits):
        more = min(excess, limit - kept[i])
        kept[i] += more
        excess -= more
    return kept
