"""Routes: who holds a case, month by month, over the whole plan.

A case may change hands in month 1, when its SOM leaves or may no longer hold it, and to an officer
who joins, in that month (rule 4). The routes open to a case are few, so each is a choice of its
own in the model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.terms import LockKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.domain.register import Offender, Officer
    from planner.workload.situation import Situation

Route = tuple[str | None, ...]
"""The SOM of each month, month 1 first; None where nobody is in post at all."""

MOST_ROUTES = 400


class Routes:
    """The routes open to each case of a register."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self._by_signature: dict[tuple[object, ...], tuple[Route, ...]] = {}
        self.complete = True

    def open_to(self, offender: Offender) -> tuple[Route, ...]:
        """Every route that keeps rules 1, 2 and 4, in a fixed order.

        Where nobody may hold the case in some month, the officers in post who come nearest to it
        stand in, so that the case keeps a named SOM; the month is a breach of rule 1 all the same.
        """
        register = self.situation.register
        known = tuple(sorted(offender.not_with & register.officer.keys()))
        signature = (offender.team, known, tuple(sorted(offender.needs)))
        if signature not in self._by_signature:
            self._by_signature[signature] = tuple(self._enumerate(offender))
        return self._kept_and_locked(offender, self._by_signature[signature])

    def holders(self, offender: Offender, month: int) -> tuple[str, ...]:
        """Who may hold the case in the month; else those in post who come nearest."""
        posts = self.situation.posts
        officers = [
            s for s in self.situation.register.officers if month in posts.holding_months[s.staff_id]
        ]
        fitting = [s.staff_id for s in officers if posts.fits(s, offender)]
        if fitting:
            return tuple(sorted(fitting))
        unfit = [(self._unfitness(s, offender), s.staff_id) for s in officers]
        least = min((u for u, _ in unfit), default=None)
        return tuple(sorted(s for u, s in unfit if u == least))

    def _unfitness(self, officer: Officer, offender: Offender) -> tuple[bool, bool, int]:
        outside = not self.situation.policy.cross_team and officer.team != offender.team
        missing = len(offender.needs - officer.skills)
        return officer.staff_id in offender.not_with, outside, missing

    def _enumerate(self, offender: Offender) -> Iterator[Route]:
        months = self.situation.horizon.months
        holders = [self.holders(offender, m) for m in months]
        for most_joins, lasting_only in ((2, False), (1, False), (1, True), (0, True)):
            found = list(self._extend((), holders, most_joins, lasting_only))
            if len(found) <= MOST_ROUTES:
                break
            self.complete = False
        yield from found

    def _extend(
        self, route: Route, holders: list[tuple[str, ...]], most_joins: int, lasting_only: bool
    ) -> Iterator[Route]:
        if len(route) == len(holders):
            yield route
            return
        month = len(route) + 1
        able = holders[month - 1]
        now = route[-1] if route else None
        if now in able:
            yield from self._extend((*route, now), holders, most_joins, lasting_only)
            if most_joins:
                for joiner in able:
                    if joiner != now and self.situation.posts.joins(joiner) == month:
                        yield from self._extend(
                            (*route, joiner), holders, most_joins - 1, lasting_only
                        )
            return
        if route and lasting_only:
            able = tuple(s for s in able if s in holders[-1]) or able
        for som in able or (None,):
            yield from self._extend((*route, som), holders, most_joins, lasting_only)

    def _kept_and_locked(self, offender: Offender, routes: tuple[Route, ...]) -> tuple[Route, ...]:
        posts, register = self.situation.posts, self.situation.register
        wanted = [
            lock.staff_id
            for lock in register.locks
            if lock.ref == offender.ref and lock.kind is LockKind.SOM
        ]
        if not wanted and offender.keep and register.som_of(offender) is not None:
            wanted = [register.som_of(offender)]
        if not wanted:
            return routes

        def honoured(route: Route) -> int:
            return max(
                sum(
                    route[m - 1] == som
                    for m in self.situation.horizon.months
                    if som is not None and posts.may_hold(som, offender, m)
                )
                for som in wanted
            )

        most = max(map(honoured, routes))
        return tuple(r for r in routes if honoured(r) == most)


def changes_on(route: Route, before: str | None) -> Iterator[tuple[int, str | None, str]]:
    """Each change on a route: month, the SOM before, the SOM after; ``before`` is today's."""
    for month, som in enumerate(route, start=1):
        if som is not None and som != before:
            yield month, before, som
        before = som if som is not None else before
