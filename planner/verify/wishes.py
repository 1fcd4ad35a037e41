"""Who is to hold a case by decision: locks on the SOM, and Keep with SOM."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.terms import LockKind
from planner.verify.months import LAST, first_in, last_in, span

if TYPE_CHECKING:
    from planner.domain.register import Lock
    from planner.verify.world import World


@dataclass(frozen=True, slots=True)
class Wish:
    """An officer is to hold the case in these months; none where he may never hold it."""

    staff_id: str
    months: int
    is_keep: bool


Wishes = dict[str, tuple[Wish, ...]]


def wishes_of(world: World) -> Wishes:
    """The wishes for each person on the register who has any."""
    wished: dict[str, dict[tuple[str, bool], Wish]] = {}
    for lock in world.register.locks:
        if lock.kind is LockKind.SOM and lock.ref in world.people:
            staff_id = lock.staff_id or ""
            held = world.may_hold(world.people[lock.ref].offender, staff_id)
            held &= _from(lock, world)
            held |= _already(wished.get(lock.ref, {}), staff_id)
            wished.setdefault(lock.ref, {})[staff_id, False] = Wish(staff_id, held, is_keep=False)
    for ref, person in world.people.items():
        som = world.known_som(person.offender)
        if person.offender.keep and som is not None:
            held = world.may_hold(person.offender, som)
            months = held if held & 2 else 0  # not his in month 1: free from the start
            wished.setdefault(ref, {})[som, True] = Wish(som, months, is_keep=True)
    return {ref: tuple(by_key.values()) for ref, by_key in wished.items()}


def _from(lock: Lock, world: World) -> int:
    """The months in which the lock holds, if the officer may."""
    first = 1 if lock.since is None else max(1, world.months.number(lock.since))
    return span(first, LAST)


def _already(wished: dict[tuple[str, bool], Wish], staff_id: str) -> int:
    """The months of another lock on the same officer."""
    other = wished.get((staff_id, False))
    return 0 if other is None else other.months


def most_kept(wishes: tuple[Wish, ...]) -> list[Wish]:
    """The wishes that can hold together, as many as there can be.

    An officer's months are one run, so this is the choice of runs that do not overlap. There is
    one keep a person at most, so no lock need give way to make the number greatest.
    """
    by_staff: dict[str, list[Wish]] = {}
    for wish in wishes:
        if wish.months:
            by_staff.setdefault(wish.staff_id, []).append(wish)
    runs = sorted(by_staff.values(), key=lambda run: last_in(_months(run)))
    best: list[list[Wish]] = [[]]
    for run in runs:
        fits = 0
        while fits < len(best) - 1 and last_in(_months(runs[fits])) < first_in(_months(run)):
            fits += 1
        best.append(max(best[-1], [*best[fits], *run], key=len))
    return best[-1] + [w for w in wishes if w.is_keep and not w.months]


def _months(run: list[Wish]) -> int:
    months = 0
    for wish in run:
        months |= wish.months
    return months


def holders_by_wish(wishes: tuple[Wish, ...], month: int) -> tuple[str, ...]:
    """Who may hold a case in a month where as many wishes hold as can, sorted.

    Nobody where nobody in particular need hold it. Wishes that never can hold ask for nothing.
    """
    able = [w for w in wishes if w.months]
    for number in range(len(able), 0, -1):
        as_many = [some for some in itertools.combinations(able, number) if _can_all_hold(some)]
        if as_many:
            found = {
                next((w.staff_id for w in some if w.months >> month & 1), None) for some in as_many
            }
            return tuple(sorted(s for s in found if s is not None)) if None not in found else ()
    return ()


def _can_all_hold(wishes: tuple[Wish, ...]) -> bool:
    return not any(
        a.staff_id != b.staff_id and a.months & b.months
        for a, b in itertools.combinations(wishes, 2)
    )
