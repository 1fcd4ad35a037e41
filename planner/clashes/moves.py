"""Clashes with the number of changes of SOM allowed: locks and caps that force more than those."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.clashes.clash import Clash, ClashKind, Member
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
from planner.domain.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.clashes.demands import Demands


@dataclass(frozen=True, slots=True)
class Full:
    """An officer who stays and has more cases of his own in a month than his cap."""

    staff_id: str
    month: int
    cap: int
    refs: tuple[str, ...]

    @property
    def forced(self) -> int:
        """How many of them must change hands, each a change that counts."""
        return len(self.refs) - self.cap


def changes_above_allowed(demands: Demands) -> list[Clash]:
    """The clash of moves.share with what forces the changes, as few rows as there can be."""
    situation = demands.situation
    setting = setting_member(MOVES_SHARE, situation.policy.moves_share)
    if not demands.stands(setting):
        return []
    away = {ref: n for ref in demands.cases if (n := changes_forced(demands, ref))}
    full = full_officers(demands, away)
    by_locks, by_caps = sum(away.values()), sum(f.forced for f in full)
    allowed = situation.moves_allowed
    if by_locks + by_caps <= allowed:
        return []
    needed = allowed + 1
    members = [setting]
    for ref in sorted(away, key=lambda r: (-away[r], r)):
        if needed > 0:
            least = _fewest_of_case(demands, ref, min(needed, away[ref]))
            members += least
            needed -= min(needed, away[ref])
    for officer in _cheapest(full, needed):
        taken = min(needed, officer.forced)
        members.append(staff_member(officer.staff_id, CAP, f"Caseload cap {officer.cap}"))
        members += [case_member(ref) for ref in officer.refs[: officer.cap + taken]]
        needed -= taken
    return [
        Clash(
            kind=ClashKind.MOVES,
            members=tuple(members),
            what=_what(by_locks, by_caps, allowed),
            remedy="Raise moves.share in Policy, delete locks, or raise caps.",
            gives_way=Rule.MOVES,
            by=by_locks + by_caps - allowed,
        )
    ]


def _what(by_locks: int, by_caps: int, allowed: int) -> str:
    parts = [
        f"{what} at least {n}"
        for what, n in (("locks on the SOM force", by_locks), ("caps force", by_caps))
        if n
    ]
    told = " and ".join(parts)
    return (
        f"{told[0].upper()}{told[1:]} changes of SOM that count; moves.share allows {allowed}. "
        f"Any {allowed + 1} of them clash with it."
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
    horizon, posts, register = situation.horizon, situation.posts, situation.register
    homes: dict[str, list[str]] = defaultdict(list)
    for ref in demands.cases:
        som = register.som_of(register.offender[ref])
        if som is not None and ref not in away and not posts.leaves(som):
            homes[som] += [ref] if all(som in able for able in demands.able(ref)) else []
    found = []
    for staff_id, refs in sorted(homes.items()):
        cap = register.officer[staff_id].cap
        if cap is None or len(refs) <= cap or not demands.stands(staff_member(staff_id, CAP)):
            continue
        there = {m: [r for r in refs if situation.presence[r].at_end_of(m)] for m in horizon.months}
        month = max(horizon.months, key=lambda m: (len(there[m]), -m))
        if len(there[month]) > cap:
            found.append(Full(staff_id, month, cap, tuple(there[month])))
    return found


def _cheapest(full: list[Full], needed: int) -> list[Full]:
    """Officers who together force as many changes, with the fewest rows: cap + 1 each beyond."""
    best: dict[int, tuple[int, tuple[Full, ...]]] = {0: (0, ())}
    for officer in full:
        for covered, (rows, chosen) in list(best.items()):
            reached = min(needed, covered + officer.forced)
            cost = rows + officer.cap + 1
            if reached not in best or cost < best[reached][0]:
                best[reached] = (cost, (*chosen, officer))
    return list(best[max(0, needed)][1]) if needed > 0 else []
