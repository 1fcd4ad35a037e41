"""Clashes of caps: cases that only some officers may hold, and caps that add up to fewer.

In one month, a set of officers has room for as many community cases as their caps add up to. If
more cases than that can go to nobody else, the caps clash with them: and only then (Hall's
theorem), so each such month is found. What is looked for is the clash with the fewest rows.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.clashes.clash import Clash, ClashKind, Member, Sheet
from planner.clashes.demands import (
    CAP,
    NEEDS,
    NOT_WITH,
    case_member,
    cell_member,
    staff_member,
)
from planner.clashes.shrink import shrink
from planner.domain.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planner.clashes.demands import Able, Demands
    from planner.clashes.fewest_rows import Choice

MOST_IN_A_POOL = 10
"""Clashes of caps told of one team: the smallest, then the smallest without its rows, and so on."""


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """Cases alike in who may hold them in a month, officers with a cap only.

    ``able``: by team, skills and conflicts; empty where somebody without a cap is among them.
    ``wished``: who is to hold them, "" where nobody with a cap is; ``by_lock``: by a lock, which is
    a row of its own, not by Keep with SOM.
    """

    able: Able
    wished: str
    by_lock: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A pool's community cases in a month that caps may leave no room for, by group."""

    number: int
    caps: Mapping[str, int]
    groups: Mapping[Group, Sequence[str]]

    @property
    def key(self) -> frozenset[tuple[Group, int]]:
        """The same for months that caps limit in the same way."""
        return frozenset((group, len(cases)) for group, cases in self.groups.items())

    def clearly_fits(self) -> bool:
        """Whether each case finds room at once; False may still mean that all fit."""
        room = dict(self.caps)
        for group in sorted(self.groups, key=lambda g: (not g.wished, len(g.able))):
            left = len(self.groups[group])
            ids = [group.wished] if group.wished else sorted(group.able, key=lambda s: -room[s])
            for staff_id in ids:
                taken = min(left, room[staff_id])
                room[staff_id] -= taken
                left -= taken
            if left:
                return False
        return True


def caps_below_cases(demands: Demands) -> list[Clash]:
    """Clashes of caps with cases, the smallest of each team first; no row stands in two."""
    found = []
    for refs in demands.pools().values():
        for _ in range(MOST_IN_A_POOL):
            clash = _smallest(demands, [ref for ref in refs if ref in demands.cases])
            if clash is None:
                break
            found.append(clash)
            demands = demands.less(clash.members)
    return found


def fits_caps(demands: Demands) -> bool:
    """Whether every month, looked at alone, has room for all cases."""
    known: set[frozenset[tuple[Group, int]]] = set()
    for refs in demands.pools().values():
        for month in _months(demands, refs):
            if month.key not in known and not month.clearly_fits() and _fewest(month) is not None:
                return False
            known.add(month.key)
    return True


def _fewest(month: Month) -> Choice | None:
    from planner.clashes.fewest_rows import fewest_rows  # slow to import, and seldom needed

    return fewest_rows(month)


def _months(demands: Demands, refs: Sequence[str]) -> list[Month]:
    """The months of a pool; none where nobody has a cap."""
    caps = {
        s.staff_id: s.cap
        for s in demands.situation.register.officers
        if s.cap is not None and demands.stands(staff_member(s.staff_id, CAP))
    }
    if not caps:
        return []
    alike: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for ref in refs:
        alike[_signature(demands, ref)].append(ref)
    found = []
    for number in demands.situation.horizon.months:
        groups: dict[Group, list[str]] = defaultdict(list)
        for first, *others in alike.values():
            if demands.situation.presence[first].at_end_of(number):
                group = _group(demands, first, number, caps)
                if group.able or group.wished:
                    groups[group] += [first, *others]
        found.append(Month(number, caps, dict(groups)))
    return found


def _group(demands: Demands, ref: str, month: int, caps: Mapping[str, int]) -> Group:
    able = demands.able(ref)[month - 1]
    limited = able if all(s in caps for s in able) else ()
    for wish in demands.wishes(ref):
        if month in wish.months and wish.staff_id in caps:
            return Group(limited, wish.staff_id, not wish.is_keep)
    return Group(limited, "", by_lock=False)


def _smallest(demands: Demands, refs: Sequence[str]) -> Clash | None:
    best: tuple[Month, Choice] | None = None
    known: dict[frozenset[tuple[Group, int]], Choice | None] = {}
    for month in _months(demands, refs):
        if month.clearly_fits():
            continue
        if month.key not in known:
            known[month.key] = _fewest(month)
        choice = known[month.key]
        if choice is not None and (best is None or choice.rows < best[1].rows):
            best = month, choice
    return None if best is None else _clash(demands, *best)


def _clash(demands: Demands, month: Month, choice: Choice) -> Clash:
    caps = [staff_member(s, CAP, f"Caseload cap {month.caps[s]}") for s in sorted(choice.officers)]
    taken = [
        (group, ref, n >= free)
        for group, (free, wished) in sorted(choice.taken.items())
        for n, ref in enumerate(month.groups[group][: free + wished])
    ]
    cases = [case_member(ref) for _, ref, _ in taken]
    cells = _needed_cells(demands, [*caps, *cases], taken)
    locks = [m for m in cells if m.sheet is Sheet.LOCKS]
    told = {m.key: m for m in cells if m.sheet is Sheet.OFFENDERS}
    total, room = choice.covered, sum(month.caps[s] for s in choice.officers)
    return Clash(
        kind=ClashKind.CAPS,
        members=(*caps, *(m for m in cases if m.key not in told), *cells),
        what=_what(demands, month.number, total, room, len(caps), bool(told or locks)),
        remedy="Raise a cap, change what keeps these cases from others, or move cases to another "
        "team.",
        gives_way=Rule.CASELOAD_CAP,
        by=total - room,
    )


def _what(
    demands: Demands, month: int, total: int, room: int, officers: int, restricted: bool
) -> str:
    whom = "one officer" if officers == 1 else f"{officers} officers"
    caps = f"the cap is {room}" if officers == 1 else f"the caps add up to {room}"
    can = "can go to nobody but" if restricted else "are to be held by"
    some = f" The clash names {room + 1} of them." if total > room + 1 else ""
    return f"In {demands.month(month)}, {total} community cases {can} {whom}; {caps}.{some}"


def _needed_cells(
    demands: Demands, fixed: Sequence[Member], taken: Sequence[tuple[Group, str, bool]]
) -> list[Member]:
    """The demands without which some of the cases could go to others.

    As there is just one case too many, a cell is needed where its own case could then go to
    others, whatever the rest do: so it is for all that ask for the same, or for none.
    """
    classes: dict[tuple[object, ...], list[tuple[Member, ...]]] = defaultdict(list)
    for group, ref, by_wish in taken:
        for cell in _cells(demands, ref, by_wish=by_wish):
            key = (cell.sheet, cell.column, group, by_wish, _signature(demands, ref))
            classes[key].append((cell,))
    return shrink(list(classes.values()), lambda some: not fits_caps(demands.of([*fixed, *some])))


def _signature(demands: Demands, ref: str) -> tuple[object, ...]:
    """What cases share that ask for the same, and are there at the same time."""
    offender = demands.cases[ref]
    wishes = tuple((w.staff_id, w.is_keep) for w in demands.wishes(ref))
    there = demands.situation.presence[ref]
    return offender.team, offender.needs, offender.not_with, wishes, there


def _cells(demands: Demands, ref: str, *, by_wish: bool) -> Iterable[Member]:
    """The demands by which a case may be kept to its officers."""
    offender = demands.cases[ref]
    if by_wish:
        yield from (w.member for w in demands.wishes(ref))
    if offender.needs:
        yield cell_member(offender, NEEDS)
    if offender.not_with:
        yield cell_member(offender, NOT_WITH)
