"""Clashes with the number of changes of SOM allowed: locks and caps that force more than those."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.clashes.clash import Clash, ClashKind, Member, Sheet
from planner.clashes.demands import (
    CAP,
    MOVES_SHARE,
    NEEDS,
    NOT_WITH,
    case_member,
    cell_member,
    setting_member,
    staff_member,
)
from planner.clashes.shrink import shrink
from planner.domain.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planner.clashes.demands import Demands, Wish


@dataclass(frozen=True, slots=True)
class Full:
    """An officer who stays, and in a month has more cases than his cap.

    ``homes``: those that are his today and that he could go on holding; ``guests``: those that
    locks bring him, with the lock, those first that a change counts for already.
    """

    staff_id: str
    cap: int
    homes: tuple[str, ...]
    guests: tuple[Member, ...]
    counted: int

    @property
    def forced(self) -> int:
        """How many homes must change hands, each a change that counts."""
        return min(len(self.homes), len(self.homes) + len(self.guests) - self.cap)

    @property
    def rows_beyond(self) -> int:
        """Rows to be told beside one for each change."""
        return max(0, self.cap - self.counted) + 1

    def members(self, changes: int) -> list[Member]:
        """Of the rows, enough for so many changes."""
        cases = [*self.guests[: self.counted], *(case_member(ref) for ref in self.homes)]
        cases += self.guests[self.counted :]
        cap = staff_member(self.staff_id, CAP, f"Caseload cap {self.cap}")
        return [cap, *cases[: self.cap + changes]]


def changes_above_allowed(demands: Demands) -> list[Clash]:
    """The clash of moves.share with what forces the changes, with few rows."""
    situation = demands.situation
    setting = setting_member(MOVES_SHARE, situation.policy.moves_share)
    away = changes_by_locks(demands)
    full = full_officers(demands, away)
    by_locks, by_caps = sum(away.values()), sum(f.forced for f in full)
    allowed = situation.moves_allowed
    if not demands.stands(setting) or by_locks + by_caps <= allowed:
        return []
    needed = allowed + 1
    members: list[Member] = []
    for ref in sorted(away, key=lambda r: (-away[r], r)):
        wanted = min(needed, away[ref])
        members += _fewest_of_case(demands, ref, wanted) if wanted else []
        needed -= wanted
    for officer in _cheapest(full, needed):
        taken = min(needed, officer.forced)
        members += officer.members(taken)
        needed -= taken
    if forced_in_all(demands.of(members)) <= allowed:
        return []  # not proved
    return [
        Clash(
            kind=ClashKind.MOVES,
            members=(setting, *_without_needless(demands, dict.fromkeys(members), allowed)),
            what=_what(by_locks, by_caps, allowed),
            remedy="Raise moves.share in Policy, delete locks, or raise caps.",
            gives_way=Rule.MOVES,
            by=by_locks + by_caps - allowed,
        )
    ]


def forced_in_all(demands: Demands) -> int:
    """At least so many changes that count are forced."""
    away = changes_by_locks(demands)
    return sum(away.values()) + sum(f.forced for f in full_officers(demands, away))


def changes_by_locks(demands: Demands) -> dict[str, int]:
    """The changes that count which locks force, by reference; those with none left out."""
    return {ref: n for ref in demands.locks if (n := changes_forced(demands, ref))}


def _without_needless(demands: Demands, members: Iterable[Member], allowed: int) -> list[Member]:
    """Cases of one SOM who are there at the same time are interchangeable."""
    register, presence = demands.situation.register, demands.situation.presence
    classes: dict[object, list[tuple[Member]]] = defaultdict(list)
    for m in members:
        if m.sheet is Sheet.OFFENDERS and not m.column:
            classes[register.offender[m.ref].som, presence[m.ref]].append((m,))
        else:
            classes[m].append((m,))
    return shrink(list(classes.values()), lambda some: forced_in_all(demands.of(some)) > allowed)


def _what(by_locks: int, by_caps: int, allowed: int) -> str:
    parts = [
        f"at least {n} forced by {what}"
        for what, n in (("locks on the SOM", by_locks), ("caps", by_caps))
        if n
    ]
    return (
        f"Changes of SOM that count: {', '.join(parts)}; moves.share allows {allowed}. "
        f"The rows named force {allowed + 1}."
    )


def changes_forced(demands: Demands, ref: str) -> int:
    """The fewest changes that count (rule 4) with which a case's locks and keep can hold."""
    wishes = demands.wishes(ref)
    if all(w.is_keep for w in wishes):
        return 0
    situation, offender = demands.situation, demands.cases[ref]
    fixed = {m: w.staff_id for w in wishes for m in w.months}
    able = demands.able(ref)
    best: Mapping[str | None, float] = {situation.register.som_of(offender): 0.0}
    for month in situation.horizon.months:
        nexts: dict[str | None, float] = {}
        for som in (fixed[month],) if month in fixed else able[month - 1]:
            ways = [
                changes + (som != before and situation.move_counts(offender, before, month))
                for before, changes in best.items()
                if som == before or month == 1 or _has_reason(demands, ref, before, som, month)
            ]
            nexts[som] = min(ways, default=math.inf)
        best = nexts
    least = min(best.values(), default=math.inf)
    return int(least) if least < math.inf else 0


def _has_reason(demands: Demands, ref: str, before: str | None, after: str, month: int) -> bool:
    """Whether a case may pass on in a month after the first (rule 4)."""
    able = demands.able(ref)[month - 1]
    return before not in able or demands.situation.posts.joins(after) == month


def _fewest_of_case(demands: Demands, ref: str, wanted: int) -> list[Member]:
    """The fewest of a case's demands that force so many changes."""
    offender = demands.cases[ref]
    asked = [w.member for w in demands.wishes(ref)]
    asked += [cell_member(offender, NEEDS)] if offender.needs else []
    asked += [cell_member(offender, NOT_WITH)] if offender.not_with else []
    for number in range(1, len(asked) + 1):
        for some in itertools.combinations(asked, number):
            if changes_forced(demands.of(some), ref) >= wanted:
                return list(some)
    return asked


def full_officers(demands: Demands, away: Mapping[str, int]) -> list[Full]:
    """Officers who must give up cases for their cap, each in his fullest month.

    Only cases count that their SOM could go on holding throughout, and that no lock takes away.
    """
    situation = demands.situation
    horizon, register = situation.horizon, situation.register
    homes: dict[str, list[str]] = defaultdict(list)
    for ref in demands.cases:
        som = register.som_of(register.offender[ref])
        if som is not None and ref not in away:
            homes[som] += [ref] if all(som in able for able in demands.able(ref)) else []
    locked: dict[str, list[tuple[str, Wish]]] = defaultdict(list)
    for ref in sorted(demands.locks, key=lambda r: (r not in away, r)):
        for wish in {w.staff_id: w for w in demands.wishes(ref)}.values():
            locked[wish.staff_id].append((ref, wish))
    found = []
    for staff_id, refs in sorted(homes.items()):
        cap = register.officer[staff_id].cap
        guests = [(ref, wish) for ref, wish in locked[staff_id] if ref not in refs]
        if cap is None or len(refs) + len(guests) <= cap:
            continue
        if demands.stands(staff_member(staff_id, CAP)):
            months = [_in_month(demands, staff_id, refs, guests, m, away) for m in horizon.months]
            fullest = max(months, key=lambda f: (f.forced, f.counted))
            found += [fullest] if fullest.forced > 0 else []
    return found


def _in_month(
    demands: Demands,
    staff_id: str,
    refs: Sequence[str],
    guests: Sequence[tuple[str, Wish]],
    month: int,
    away: Mapping[str, int],
) -> Full:
    there = demands.situation.presence
    present = [(r, w) for r, w in guests if there[r].at_end_of(month) and month in w.months]
    return Full(
        staff_id=staff_id,
        cap=demands.situation.register.officer[staff_id].cap or 0,
        homes=tuple(r for r in refs if there[r].at_end_of(month)),
        guests=tuple(w.member for _, w in present),
        counted=sum(r in away for r, _ in present),
    )


def _cheapest(full: list[Full], needed: int) -> list[Full]:
    """Officers who together force as many changes, with the fewest rows: cap + 1 each beyond."""
    best: dict[int, tuple[int, tuple[Full, ...]]] = {0: (0, ())}
    for officer in full:
        for covered, (rows, chosen) in list(best.items()):
            reached = min(needed, covered + officer.forced)
            cost = rows + officer.rows_beyond
            if reached not in best or cost < best[reached][0]:
                best[reached] = (cost, (*chosen, officer))
    return list(best[max(0, needed)][1]) if needed > 0 else []
