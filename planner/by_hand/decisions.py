"""What people have already decided, as far as it can hold: who has a case, when a duty is done."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from planner.domain.terms import Duty, LockKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.domain.register import Offender
    from planner.workload.situation import DutyChain, Situation

_LOCK_KIND = {Duty.VISIT: LockKind.VISIT, Duty.ARMS: LockKind.ARMS}


class _Weight(NamedTuple):
    """How many decisions hold; among as many, those with more locks come first."""

    decisions: int
    locks: int

    def plus(self, other: _Weight) -> _Weight:
        return _Weight(self.decisions + other.decisions, self.locks + other.locks)


@dataclass(frozen=True, slots=True)
class Tie:
    """A case is tied to a SOM, by a lock or a keep, in the months in which he may hold it."""

    som: str
    months: range


def ties(situation: Situation) -> dict[str, tuple[Tie, ...]]:
    """The ties of each case that has any, in order of months; none of them overlap.

    Where locks and keeps clash, as many hold as can, and a lock rather than a keep.
    """
    register = situation.register
    locked = situation.som_locks
    found = {}
    for offender in register.offenders:
        kept = register.som_of(offender) if offender.keep else None
        if kept is not None or offender.ref in locked:
            found[offender.ref] = _compatible(
                _weighted(situation, offender, locked.get(offender.ref, {}), kept)
            )
    return {ref: of_case for ref, of_case in found.items() if of_case}


def _weighted(
    situation: Situation, offender: Offender, locked: Mapping[str, int], kept: str | None
) -> Iterable[tuple[Tie, _Weight]]:
    posts, officer = situation.posts, situation.register.officer
    if kept is not None and not posts.may_hold(kept, offender, 1):
        kept = None
    for som in sorted(locked if kept is None else {*locked, kept}):
        held = posts.holding_months[som]
        first = 1 if som == kept else locked[som]
        if not _changes_hands(situation, offender, first):
            first = 1
        months = range(max(first, held.start), held.stop)
        if months and posts.fits(officer[som], offender):
            yield Tie(som, months), _Weight((som in locked) + (som == kept), int(som in locked))


def _changes_hands(situation: Situation, offender: Offender, month: int) -> bool:
    """Whether today's SOM holds the case until the month before, and no longer then."""
    now, posts = situation.register.som_of(offender), situation.posts
    return (
        month > 1
        and now is not None
        and posts.may_hold(now, offender, month - 1)
        and not posts.may_hold(now, offender, month)
    )


def _compatible(weighted: Iterable[tuple[Tie, _Weight]]) -> tuple[Tie, ...]:
    """The weightiest ties that do not overlap; the one that ends first where that is open."""
    by_end = sorted(weighted, key=lambda pair: (pair[0].months.stop, pair[0].som))
    best: list[tuple[_Weight, tuple[Tie, ...]]] = [(_Weight(0, 0), ())]
    for tie, weight in by_end:
        before = sum(other.months.stop <= tie.months.start for other, _ in by_end)
        weight_before, ties_before = best[before]
        with_it = weight_before.plus(weight), (*ties_before, tie)
        best.append(with_it if with_it[0] > best[-1][0] else best[-1])
    return best[-1][1]


def locked_months(situation: Situation) -> dict[tuple[str, Duty], tuple[int, ...]]:
    """The months to which each duty is locked and in which it can be done, in order.

    Locks too close together for the duty's interval give way to the one before.
    """
    wanted: dict[tuple[str, LockKind], set[int]] = defaultdict(set)
    for lock in situation.register.locks:
        if lock.month is not None:
            wanted[lock.ref, lock.kind].add(situation.horizon.number(lock.month))
    found = {}
    for (ref, duty), chain in situation.chain.items():
        months = _far_enough_apart(chain, wanted.get((ref, _LOCK_KIND[duty]), set()))
        if months:
            found[ref, duty] = months
    return found


def _far_enough_apart(chain: DutyChain, wanted: set[int]) -> tuple[int, ...]:
    kept: list[int] = []
    for month in sorted(wanted):
        earliest = chain.earliest(kept[-1] + chain.interval if kept else chain.due_month)
        if chain.is_open(month) and month >= earliest and month not in kept:
            kept.append(month)
    return tuple(kept)
