"""Clashes of locked months with hours: duties locked to a month that nobody has the time to do.

Also where nobody may do them at all: no SOM whom nobody seconds, nobody trained. In one month, who
leads each locked visit, who goes along and who does each locked ARMS is a small exact problem.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.clashes.clash import Clash, ClashKind, Member, Sheet
from planner.clashes.demands import (
    ARMS_PER_MONTH,
    HOURS,
    NEEDS,
    NOT_WITH,
    Way,
    Ways,
    cell_member,
    setting_member,
    staff_member,
)
from planner.clashes.shrink import rows, shrink
from planner.domain.rules import Rule
from planner.domain.terms import Duty

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from planner.clashes.demands import Able, Demands
    from planner.domain.register import Offender
    from planner.workload.situation import Situation

MOST_IN_A_MONTH = 5
"""Clashes of hours told of one team in one month."""


@dataclass(frozen=True, slots=True)
class LockedMonth:
    """The duties locked to a month in a pool.

    ``cases``: how many there are for each set of ways; ``hours`` of officers whose hours are
    limited; ``arms``: the most ARMS each may do, None without limit. ``whole_seconds``: a second
    officer is one person (month 1), not hours of several.
    """

    cases: Mapping[Ways, int]
    hours: Mapping[str, float]
    arms: int | None
    lead_hours: float
    second_hours: float
    arms_hours: float
    whole_seconds: bool

    def clearly_fits(self) -> bool:
        """Whether every case has a way of which each officer could do all there is."""
        total, assessed = 0.0, 0
        for ways, cases in self.cases.items():
            total += cases * max((self._needs(way) for way in ways), default=0.0)
            assessed += cases * any(way.doer for way in ways)
        return all(any(self._has_time(w, total, assessed) for w in ways) for ways in self.cases)

    def _needs(self, way: Way) -> float:
        """At most so many hours of one officer: nobody seconds himself, and a lead takes more."""
        return self.lead_hours * bool(way.lead) + self.arms_hours * bool(way.doer)

    def _has_time(self, way: Way, total: float, assessed: int) -> bool:
        if way.doer and self.arms is not None and assessed > self.arms:
            return False
        busy = [s for s in (way.lead, way.doer) if s]
        free = [s for s in way.seconds if self.hours.get(s, total) >= total]
        return all(self.hours.get(s, total) >= total for s in busy) and (
            bool(free) or not way.seconds
        )


def duties_nobody_may_do(demands: Demands) -> list[Clash]:
    """Locked duties that nobody may do in that month, however many the hours; of each case one."""
    found: dict[str, Clash] = {}
    for (ref, _), months in sorted(demands.duty_locks().items()):
        for month, lock in sorted(months.items()):
            members = [lock, *_cells(demands, ref)]
            if ref not in found and not fits_hours(demands.of(members), month):
                found[ref] = _clash(demands, members, month)
    return list(found.values())


def hours_below_locks(demands: Demands) -> list[Clash]:
    """Clashes of locked duties with hours, month by month; no row stands in two."""
    found = []
    for refs in demands.pools().values():
        locked = [ref for ref in refs if any(x.month for _, x in demands.locks.get(ref, ()))]
        for month in demands.situation.horizon.months if locked else ():
            for _ in range(MOST_IN_A_MONTH):
                here = [ref for ref in locked if ref in demands.cases]
                members = _members(demands, here, month)
                if fits_hours(demands.of(members), month):
                    break
                clash = _clash(demands, members, month)
                found.append(clash)
                demands = demands.less(clash.members)
    return found


def fits_hours(demands: Demands, month: int) -> bool:
    """Whether the duties locked to the month can all be done; True where it cannot be told."""
    locked = _locked_month(demands, month)
    if locked.clearly_fits():
        return True
    from planner.clashes.locked_month import can_be_done  # slow to import, and seldom needed

    return can_be_done(locked)


def _locked_month(demands: Demands, month: int) -> LockedMonth:
    situation, policy = demands.situation, demands.situation.policy
    duties: dict[str, set[Duty]] = defaultdict(set)
    for (ref, duty), months in demands.duty_locks().items():
        if month in months:
            duties[ref].add(duty)
    limit = setting_member(ARMS_PER_MONTH, policy.arms_per_month)
    return LockedMonth(
        cases=Counter(_ways(demands, ref, month, found) for ref, found in duties.items()),
        hours={
            s: situation.capacity[s, month] * (1 + policy.hours_overtime)
            for s in situation.register.officer
            if demands.stands(staff_member(s, HOURS, month=month))
        },
        arms=int(policy.arms_per_month) if demands.stands(limit) else None,
        lead_hours=situation.hours.lead,
        second_hours=situation.hours.second,
        arms_hours=situation.hours.arms,
        whole_seconds=month == 1,
    )


def _ways(demands: Demands, ref: str, month: int, duties: set[Duty]) -> Ways:
    """Every way to do a case's locked duties in a month, hours apart."""
    situation, offender = demands.situation, demands.cases[ref]
    wished = tuple(w.staff_id for w in demands.wishes(ref) if month in w.months)
    soms = wished[:1] or demands.able(ref)[month - 1]
    key = (offender.team, soms, situation.crew(offender), month, frozenset(duties))
    if key not in demands.known_ways:
        demands.known_ways[key] = _ways_of(situation, offender, soms, month, duties)
    return demands.known_ways[key]


def _ways_of(
    situation: Situation, offender: Offender, soms: Able, month: int, duties: set[Duty]
) -> Ways:
    posts = situation.posts
    found: set[Way] = set()
    for som in soms:
        seconds: Able = ()
        if Duty.VISIT in duties and situation.crew(offender) > 1:
            seconds = posts.seconds(offender.team, som, month)
            if not seconds:
                continue
        lead = som if Duty.VISIT in duties else ""
        doers = posts.assessors(offender.team, som, month) if Duty.ARMS in duties else ("",)
        found.update(Way(lead, doer, seconds) for doer in doers)
    return tuple(sorted(found))


def _members(demands: Demands, refs: Iterable[str], month: int) -> list[Member]:
    """All that may play a part in a month's clash."""
    return [m for c in _classes(demands, refs, month) for bundle in c for m in bundle]


def _classes(demands: Demands, refs: Iterable[str], month: int) -> list[list[tuple[Member, ...]]]:
    """The parts, those first that had better not be told: hours, the limit on ARMS, locks, cells.

    Locks of cases that ask for the same are interchangeable.
    """
    situation = demands.situation
    months = demands.duty_locks()
    locks: dict[tuple[object, ...], list[tuple[Member, ...]]] = defaultdict(list)
    cells: list[list[tuple[Member, ...]]] = []
    staff: set[str] = set()
    for ref in refs:
        here = {d: months[ref, d][month] for d in Duty if month in months.get((ref, d), {})}
        asked = list(_cells(demands, ref)) if here else []
        cells += [[(m,)] for m in asked]
        for duty, lock in here.items():
            ways = _ways(demands, ref, month, {duty})
            staff.update(s for w in ways for s in (w.lead, w.doer, *w.seconds) if s)
            alone = not asked and len(here) == 1
            locks[duty, ways if alone else ref].append((lock,))
    most_first = sorted(staff, key=lambda s: (-situation.capacity[s, month], s))
    limits = [_hours(demands, s, month) for s in most_first]
    limits.append(setting_member(ARMS_PER_MONTH, situation.policy.arms_per_month))
    standing: list[list[tuple[Member, ...]]] = [[(m,)] for m in limits if demands.stands(m)]
    return [*standing, *locks.values(), *cells]


def _hours(demands: Demands, staff_id: str, month: int) -> Member:
    situation = demands.situation
    hours = situation.capacity[staff_id, month] * (1 + situation.policy.hours_overtime)
    return staff_member(staff_id, HOURS, f"{hours:.1f} hours in {demands.month(month)}", month)


def _cells(demands: Demands, ref: str) -> Iterator[Member]:
    """What says who is to hold a case, or who may not."""
    offender = demands.cases[ref]
    yield from (w.member for w in demands.wishes(ref))
    if offender.needs:
        yield cell_member(offender, NEEDS)
    if offender.not_with:
        yield cell_member(offender, NOT_WITH)


def _clash(demands: Demands, members: Sequence[Member], month: int) -> Clash:
    """The smallest found: of one officer's hours, if his alone clash, else of the team's."""

    def clashes(some: Iterable[Member]) -> bool:
        return not fits_hours(demands.of(some), month)

    refs = list(dict.fromkeys(m.ref for m in members if m.ref))
    wanted = set(members)
    classes = [[b for b in c if wanted.issuperset(b)] for c in _classes(demands, refs, month)]
    classes = [c for c in classes if c]
    hours = [c for c in classes if c[0][0].column == HOURS]
    others = [c for c in classes if c[0][0].column != HOURS]
    starts = [others, *([c, *others] for c in hours)]
    found = [shrink(s, clashes) for s in starts if clashes(m for c in s for b in c for m in b)]
    best = min(found, key=rows) if found else shrink([*hours, *others], clashes)
    return Clash(
        kind=ClashKind.HOURS,
        members=tuple(best),
        what=_what(demands, best, month),
        remedy="Give some of the locks another month, or take some away."
        if any(m.column == HOURS for m in best)
        else "Delete the lock, or change what keeps everybody from the duty.",
        gives_way=Rule.KEPT_AND_LOCKED,
    )


def _what(demands: Demands, members: Sequence[Member], month: int) -> str:
    kinds = Counter(
        m.says.split()[0]
        for m in members
        if m.sheet is Sheet.LOCKS and not m.says.startswith("SOM")
    )
    locked = " and ".join(
        f"{n} {kind if kind == 'ARMS' else kind.lower() + 's' * (n > 1)}"
        for kind, n in sorted(kinds.items(), reverse=True)
    )
    staff = [m.key for m in members if m.column == HOURS]
    when = demands.month(month)
    if not staff:
        if any(m.sheet is Sheet.POLICY for m in members):
            return (
                f"{locked} locked to {when}: more than arms.per_month allows those who may do them."
            )
        return f"{locked} locked to {when}, and nobody is there then who may do it."
    hours = sum(
        demands.situation.capacity[s, month] * (1 + demands.situation.policy.hours_overtime)
        for s in staff
    )
    whom = "one officer has" if len(staff) == 1 else f"{len(staff)} officers have"
    return f"{locked} locked to {when} do not fit the {hours:.1f} hours that {whom} then."
