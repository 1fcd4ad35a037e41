"""What a register asks of a plan, demand by demand, so that any of them can be set aside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from planner.clashes.clash import Member, Sheet
from planner.domain.terms import Duty, LockKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.domain.register import Lock, Offender
    from planner.workload.situation import Situation

Able = tuple[str, ...]
"""Staff IDs of those who may hold a case in a month, sorted."""

DUTY_OF = {LockKind.VISIT: Duty.VISIT, LockKind.ARMS: Duty.ARMS}

CASE, NEEDS, NOT_WITH, KEEP = "", "Needs", "Not with", "Keep with SOM"
CAP, HOURS = "Caseload cap", "Hours"
MOVES_SHARE, ARMS_PER_MONTH = "moves.share", "arms.per_month"


def case_member(ref: str, says: str = "") -> Member:
    return Member(sheet=Sheet.OFFENDERS, key=ref, ref=ref, says=says)


def cell_member(offender: Offender, column: str) -> Member:
    """One of the cells by which an offender's row asks for a particular SOM, or for none such."""
    says = {
        NEEDS: f"Needs {'; '.join(sorted(offender.needs))}",
        NOT_WITH: f"Not with {'; '.join(sorted(offender.not_with))}",
        KEEP: f"Keep with SOM {offender.som}",
    }
    return Member(
        sheet=Sheet.OFFENDERS, key=offender.ref, column=column, says=says[column], ref=offender.ref
    )


def lock_member(place: int, lock: Lock) -> Member:
    value = lock.staff_id if lock.month is None else f"in {lock.month:%B %Y}"
    return Member(
        sheet=Sheet.LOCKS,
        key=str(place),
        column="Value",
        says=f"{lock.kind} {value}",
        ref=lock.ref,
        row=lock.row,
    )


def staff_member(staff_id: str, column: str, says: str = "", month: int = 0) -> Member:
    return Member(sheet=Sheet.STAFF, key=staff_id, column=column, says=says, month=month)


def setting_member(name: str, value: float) -> Member:
    return Member(sheet=Sheet.POLICY, key=name, column="Value", says=f"{name} {value:g}")


@dataclass(frozen=True, slots=True)
class Wish:
    """An officer is to hold a case in these months: by a lock, or by Keep with SOM."""

    staff_id: str
    months: range
    member: Member

    @property
    def is_keep(self) -> bool:
        return self.member.sheet is Sheet.OFFENDERS


@dataclass(frozen=True, slots=True, order=True)
class Way:
    """One way to do a case's locked duties: the SOM, who does the ARMS, who may second the visit.

    ``lead`` is "" without a visit, ``doer`` without an ARMS; ``seconds`` is empty where none is
    needed.
    """

    lead: str
    doer: str
    seconds: Able


Ways = tuple[Way, ...]


class Demands:
    """A register's demands, less those set aside; or only a few of them.

    To set a demand aside is to take its row or cell off the register: a case leaves it, a cap, an
    officer's hours or a setting limit nothing. Fewer demands are never harder to meet.
    """

    def __init__(
        self,
        situation: Situation,
        aside: frozenset[Member] = frozenset(),
        only: frozenset[Member] | None = None,
    ) -> None:
        self.situation = situation
        self.aside = aside
        self.only = only
        self._able: dict[tuple[object, ...], tuple[Able, ...]] = {}
        self.known_ways: dict[tuple[object, ...], Ways] = {}
        self._locks: dict[str, list[tuple[Member, Lock]]] = {}
        if only is None and not aside:
            for place, lock in enumerate(situation.register.locks):
                self._locks.setdefault(lock.ref, []).append((lock_member(place, lock), lock))

    def less(self, members: Iterable[Member]) -> Demands:
        return self._with(self.aside | frozenset(members), self.only)

    def of(self, members: Iterable[Member]) -> Demands:
        """Nothing but these; the cases they are about belong to them."""
        return self._with(frozenset(), frozenset(members))

    def _with(self, aside: frozenset[Member], only: frozenset[Member] | None) -> Demands:
        fewer = Demands(self.situation, aside, only)
        # what follows is the same whatever is asked
        fewer._able, fewer._locks, fewer.known_ways = self._able, self._locks, self.known_ways
        return fewer

    def stands(self, member: Member) -> bool:
        return member not in self.aside and (self.only is None or member in self.only)

    @cached_property
    def cases(self) -> dict[str, Offender]:
        """The cases by reference, in the register's order, each with the cells that stand."""
        register = self.situation.register
        people: Iterable[Offender] = register.offenders
        if self.only is not None:
            people = (register.offender[ref] for ref in sorted({m.ref for m in self.only} - {""}))
        gone = {m.key for m in self.aside if m.sheet is Sheet.OFFENDERS and m.column == CASE}
        return {o.ref: self._standing(o) for o in people if o.ref not in gone}

    def _standing(self, offender: Offender) -> Offender:
        if self.only is None and offender.ref not in self._touched:
            return offender
        needs = offender.needs if self.stands(cell_member(offender, NEEDS)) else frozenset()
        barred = offender.not_with if self.stands(cell_member(offender, NOT_WITH)) else frozenset()
        return replace(offender, needs=needs, not_with=barred)

    @cached_property
    def _touched(self) -> frozenset[str]:
        return frozenset(m.key for m in self.aside if m.sheet is Sheet.OFFENDERS)

    @cached_property
    def locks(self) -> dict[str, list[tuple[Member, Lock]]]:
        """The locks that stand on cases that do, by reference."""
        found = {
            ref: [lock for lock in self._locks[ref] if self.stands(lock[0])]
            for ref in (self.cases if len(self.cases) < len(self._locks) else self._locks)
            if ref in self.cases and ref in self._locks
        }
        return {ref: locks for ref, locks in found.items() if locks}

    def duty_locks(self) -> dict[tuple[str, Duty], dict[int, Member]]:
        """Locked months of each duty, the first lock on each month."""
        horizon = self.situation.horizon
        found: dict[tuple[str, Duty], dict[int, Member]] = {}
        for ref, locks in self.locks.items():
            for member, lock in locks:
                if lock.month is not None and horizon.number(lock.month) in horizon.months:
                    months = found.setdefault((ref, DUTY_OF[lock.kind]), {})
                    months.setdefault(horizon.number(lock.month), member)
        return found

    def wishes(self, ref: str) -> list[Wish]:
        """Keep with SOM, then the locks on the SOM, of those who are in post to hold the case."""
        posts, register = self.situation.posts, self.situation.register
        found: list[Wish] = []
        asked = register.offender[ref]
        if not asked.keep and ref not in self.locks:
            return []
        som = register.som_of(asked)
        if asked.keep and som is not None and posts.may_hold(som, asked, 1):
            member = cell_member(asked, KEEP)
            if self.stands(member):
                found.append(Wish(som, posts.holding_months[som], member))
        for member, lock in self.locks.get(ref, ()):
            if lock.kind is LockKind.SOM and lock.staff_id in register.officer:
                held = posts.holding_months[lock.staff_id]
                first = max(held.start, self.situation.first_locked(lock))
                found.append(Wish(lock.staff_id, range(first, held.stop), member))
        return found

    def able(self, ref: str) -> tuple[Able, ...]:
        """Who may hold the case, wishes apart, in each month (month 1 first)."""
        o = self.cases[ref]
        key = (o.team, o.needs, o.not_with)
        if key not in self._able:
            posts, register = self.situation.posts, self.situation.register
            fit = [s for s in sorted(register.officer) if posts.fits(register.officer[s], o)]
            self._able[key] = tuple(
                tuple(s for s in fit if m in posts.holding_months[s])
                for m in self.situation.horizon.months
            )
        return self._able[key]

    def pools(self) -> dict[str, list[str]]:
        """The cases whose officers hang together: of each team; of the unit with cross_team."""
        found: dict[str, list[str]] = {}
        for ref, offender in self.cases.items():
            team = "" if self.situation.policy.cross_team else offender.team
            found.setdefault(team, []).append(ref)
        return dict(sorted(found.items()))

    def month(self, number: int) -> str:
        """A month in words."""
        return f"{self.situation.horizon.start(number):%B %Y}"
