"""What bars an officer from a case, rule by rule. Words for it are elsewhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from planner.domain.rules import Rule
from planner.domain.terms import LockKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planner.domain.plan import Plan
    from planner.domain.register import Offender
    from planner.workload.situation import Situation


class BarKind(StrEnum):
    """What stands in the way; stable names for programs."""

    OTHER_TEAM = "other_team"
    NOT_WITH = "not_with"
    SKILLS = "skills"
    NOT_IN_POST = "not_in_post"
    LOCKED = "locked_som"
    KEPT = "kept"
    LOCKED_MONTH = "locked_month"
    CAP = "cap"
    MOVES = "moves"
    NO_CHANGE = "no_change"
    NOT_IN_POST_THEN = "not_in_post_then"
    MOVE_MONTH = "move_month"

    @property
    def rule(self) -> Rule:
        """The hard rule that would be broken."""
        return _RULE[self]


_RULE = {
    BarKind.OTHER_TEAM: Rule.ONE_SOM,
    BarKind.NOT_WITH: Rule.ONE_SOM,
    BarKind.SKILLS: Rule.ONE_SOM,
    BarKind.NOT_IN_POST: Rule.ONE_SOM,
    BarKind.LOCKED: Rule.KEPT_AND_LOCKED,
    BarKind.KEPT: Rule.KEPT_AND_LOCKED,
    BarKind.LOCKED_MONTH: Rule.KEPT_AND_LOCKED,
    BarKind.CAP: Rule.CASELOAD_CAP,
    BarKind.MOVES: Rule.MOVES,
    BarKind.NO_CHANGE: Rule.MOVES,
    BarKind.NOT_IN_POST_THEN: Rule.ONE_SOM,
    BarKind.MOVE_MONTH: Rule.MOVES,
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One rule in the way. ``names`` are skills, or officers; ``months`` are numbers, 1 to 18.

    ``number`` is the cap, or the changes allowed; ``held`` the cases that reach the cap.
    """

    kind: BarKind
    names: tuple[str, ...] = ()
    months: tuple[int, ...] = ()
    number: int | None = None
    held: int | None = None


def own_bars(situation: Situation, offender: Offender, staff_id: str) -> tuple[Bar, ...]:
    """Why the officer may not hold the case in any month of the plan; empty where they may."""
    officer = situation.register.officer[staff_id]
    found = []
    if officer.team != offender.team and not situation.policy.cross_team:
        found.append(Bar(BarKind.OTHER_TEAM, (officer.team,)))
    if staff_id in offender.not_with:
        found.append(Bar(BarKind.NOT_WITH))
    if lacking := tuple(sorted(offender.needs - officer.skills)):
        found.append(Bar(BarKind.SKILLS, lacking))
    if not situation.posts.holding_months[staff_id]:
        found.append(Bar(BarKind.NOT_IN_POST))
    return tuple(found)


def wish_bars(situation: Situation, offender: Offender, staff_id: str) -> tuple[Bar, ...]:
    """Why an officer who may hold the case is on none of the routes open to it.

    Either somebody has decided who holds it, or it cannot change hands to them.
    """
    register = situation.register
    locked = tuple(
        sorted(
            {
                lock.staff_id
                for lock in register.locks
                if lock.ref == offender.ref
                and lock.kind is LockKind.SOM
                and lock.staff_id in register.officer
                and lock.staff_id != staff_id
            }
        )
    )
    if locked:
        return (Bar(BarKind.LOCKED, locked),)
    som = register.som_of(offender)
    if offender.keep and som is not None and som != staff_id:
        return (Bar(BarKind.KEPT, (som,)),)
    return (Bar(BarKind.NO_CHANGE),)


class Limits:
    """Caps and the limit on changes, with the rest of the plan as it stands without one case."""

    def __init__(
        self, situation: Situation, plan: Plan, offender: Offender, moves: int, own_moves: int
    ) -> None:
        self.situation = situation
        self.offender = offender
        self.allowed = situation.moves_allowed
        self.moves_of_others = moves - own_moves
        self._most_moves = max(self.allowed, moves)
        self.ends = [
            m for m in situation.horizon.months if situation.presence[offender.ref].at_end_of(m)
        ]
        self._held: Counter[tuple[str, int]] = Counter()
        capped = {s.staff_id for s in situation.register.officers if s.cap is not None}
        for ref, holdings in plan.holdings.items():
            if ref == offender.ref or all(holding.som not in capped for holding in holdings):
                continue
            there = situation.presence[ref]
            for m in self.ends:
                if there.at_end_of(m) and (som := plan.som(ref, m)) is not None:
                    self._held[som, m] += 1

    def bars(self, route: Sequence[str | None], counted: int) -> tuple[Bar, ...]:
        """What is in the way of a route that has so many changes that count."""
        found = list(self._caps(route))
        if self.moves_of_others + counted > self._most_moves:
            found.append(Bar(BarKind.MOVES, number=self.allowed))
        return tuple(found)

    def _caps(self, route: Sequence[str | None]) -> Iterator[Bar]:
        full: dict[str, list[int]] = {}
        for m in self.ends:
            som = route[m - 1]
            if som is None:
                continue
            cap = self.situation.register.officer[som].cap
            if cap is not None and self._held[som, m] >= cap:
                full.setdefault(som, []).append(m)
        for som, months in full.items():
            cap, held = self.situation.register.officer[som].cap, self._held[som, months[0]]
            yield Bar(BarKind.CAP, (som,), tuple(months), cap, held)
