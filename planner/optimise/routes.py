"""Routes: who holds a case, month by month, over the whole plan.

A case may change hands in month 1, when its SOM leaves or may no longer hold it, and to an officer
who joins, in that month (rule 4). The routes open to a case are few, so each is a choice of its
own in the model.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planner.domain.register import Offender
    from planner.workload.situation import Situation

Route = tuple[str | None, ...]
"""The SOM of each month, month 1 first; None where nobody is in post at all."""

MOST_ROUTES = 400


class Routes:
    """The routes open to each case of a register.

    ``complete`` says whether every route there is was listed; a bound holds for those listed.
    """

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self._by_signature: dict[tuple[object, ...], tuple[Route, ...]] = {}
        self.complete = True

    def open_to(self, offender: Offender) -> tuple[Route, ...]:
        """Every route that keeps rules 1, 2 and 4, in a fixed order.

        Where nobody may hold the case in some month, colleagues of the team who lack fewest skills
        may stand in, so that the case keeps a named SOM, or nobody holds it; the month is a breach
        of rule 1 all the same.
        """
        for as_many in self._wishes(offender):
            routes = dict.fromkeys(r for fixed in as_many for r in self._enumerate(offender, fixed))
            if routes:
                return tuple(routes)
        register = self.situation.register
        known = tuple(sorted(offender.not_with & register.officer.keys()))
        signature = (offender.team, known, tuple(sorted(offender.needs)))
        if signature not in self._by_signature:
            self._by_signature[signature] = tuple(self._enumerate(offender, {}))
        return self._by_signature[signature]

    def locks_missed(self, offender: Offender, route: Route) -> int:
        """How many locks on the case's SOM do not hold on a route."""
        held, locked = self._held(offender)
        return sum(any(route[m - 1] != s for m in held[s]) for s in locked)

    def holders(self, offender: Offender, month: int) -> tuple[str, ...]:
        """Who may hold the case in the month, sorted."""
        posts = self.situation.posts
        return tuple(sorted(s for s in posts.holding_months if posts.may_hold(s, offender, month)))

    def stand_ins(self, offender: Offender, month: int) -> tuple[str | None, ...]:
        """Colleagues without a conflict of interest who lack fewest skills; and nobody at all."""
        posts, policy = self.situation.posts, self.situation.policy
        near = [
            (len(offender.needs - s.skills), s.staff_id)
            for s in self.situation.register.officers
            if month in posts.holding_months[s.staff_id]
            and (policy.cross_team or s.team == offender.team)
            and s.staff_id not in offender.not_with
        ]
        least = min((lacking for lacking, _ in near), default=0)
        return (*sorted(s for lacking, s in near if lacking == least), None)

    def _enumerate(self, offender: Offender, fixed: dict[int, str]) -> list[Route]:
        months = self.situation.horizon.months
        holders = [self.holders(offender, m) for m in months]
        near = [
            () if able else self.stand_ins(offender, m)
            for m, able in zip(months, holders, strict=True)
        ]
        found: list[Route] = []
        for most_joins, lasting_only in (
            (len(holders), False),
            (2, False),
            (1, False),
            (1, True),
            (0, True),
        ):
            tree = _Tree(self.situation, holders, near, fixed, lasting_only)
            found = list(itertools.islice(tree.extend((), most_joins), MOST_ROUTES + 1))
            if len(found) <= MOST_ROUTES:
                break
            self.complete = False
        return found

    def _wishes(self, offender: Offender) -> Iterator[list[dict[int, str]]]:
        """Who is to hold the case in which months: the most wishes that hold together first.

        A wish is a lock on the SOM or a keep; it holds for as long as that officer may hold the
        case. Which of as many give way is for caps and other cases to decide.
        """
        held, _ = self._held(offender)
        for number in range(len(held), 0, -1):
            as_many = []
            for together in itertools.combinations(held, number):
                fixed = {m: s for s in together for m in held[s]}
                if len(fixed) == sum(len(held[s]) for s in together):
                    as_many.append(fixed)
            yield as_many

    def _held(self, offender: Offender) -> tuple[dict[str, set[int]], list[str]]:
        """The months in which each wish is that somebody holds the case; whose are locks."""
        posts, register = self.situation.posts, self.situation.register
        months = self.situation.horizon.months
        since = dict(self.situation.som_locks.get(offender.ref, {}))
        wanted = sorted(since)
        som = register.som_of(offender)
        if offender.keep and som is not None and posts.may_hold(som, offender, 1):
            wanted += [] if som in since else [som]
            since[som] = 1
        held = {
            s: {m for m in months if m >= since[s] and posts.may_hold(s, offender, m)}
            for s in wanted
        }
        held = {s: there for s, there in held.items() if there}
        locks = self.situation.som_locks.get(offender.ref, {})
        return held, [s for s in held if s in locks]


@dataclass(frozen=True)
class _Tree:
    """Routes as a tree, a month a level.

    ``holders`` of each month; ``near``: who may stand in where there are none; ``fixed``: who is to
    hold the case in a month; ``lasting_only``: a case that must change hands goes to somebody who
    stays to the end, where there is anybody.
    """

    situation: Situation
    holders: Sequence[tuple[str, ...]]
    near: Sequence[tuple[str | None, ...]]
    fixed: Mapping[int, str]
    lasting_only: bool

    def extend(self, route: Route, most_joins: int) -> Iterator[Route]:
        """Every route that begins so, with so many changes to joiners at most."""
        if len(route) == len(self.holders):
            yield route
            return
        month = len(route) + 1
        for som in self._nexts(route, month, joins=most_joins > 0):
            chosen = bool(route) and som != route[-1] and route[-1] in self.holders[month - 1]
            yield from self.extend((*route, som), most_joins - chosen)

    def _nexts(self, route: Route, month: int, *, joins: bool) -> Sequence[str | None]:
        able: Sequence[str | None] = self.holders[month - 1] or self.near[month - 1]
        stays = bool(route) and route[-1] in able
        joiners = [s for s in able if s is not None and self.situation.posts.joins(s) == month]
        wanted = self.fixed.get(month)
        if wanted is not None:
            reached = not stays or wanted == route[-1] or wanted in joiners
            return [wanted] if reached else []
        if stays:
            others = [s for s in joiners if s != route[-1]] if joins else []
            return [route[-1], *others]
        if route and self.lasting_only:
            return [s for s in able if s in self.holders[-1]] or able
        return able


def changes_on(route: Route, before: str | None) -> Iterator[tuple[int, str | None, str]]:
    """Each change on a route: month, the SOM before, the SOM after; ``before`` is today's."""
    for month, som in enumerate(route, start=1):
        if som is not None and som != before:
            yield month, before, som
        before = som if som is not None else before
