"""Small registers whose rows contradict each other, and what is really possible of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from planner.clashes.clash import Member, Sheet
from planner.clashes.demands import (
    ARMS_PER_MONTH,
    CAP,
    HOURS,
    KEEP,
    MOVES_SHARE,
    NEEDS,
    NOT_WITH,
)
from planner.domain.policy import Policy
from planner.domain.register import Lock, Offender, Register
from planner.domain.terms import LockKind, Status
from planner.workload.situation import Situation
from tests.build import AS_AT, nasty_register, offender, officer
from tests.exact import every_rule_can_hold

if TYPE_CHECKING:
    from collections.abc import Collection
    from random import Random

NO_LIMIT = 1_000_000


def clashing_register(draw: Random) -> Register:
    """A nasty register with few hours, low caps, hardly a change allowed, and many locks."""
    register = nasty_register(draw)
    hours = draw.choice((None, None, 6.0, 12.0))
    officers = tuple(
        replace(s, cap=draw.choice((None, 0, 1, 2)), hours_per_month=hours or s.hours_per_month)
        for s in register.officers
    )
    people = tuple(replace(o, keep=draw.random() < 0.25) for o in register.offenders)
    few = {"moves.share": draw.choice((0.0, 0.0, 0.15, 1.0)), "inflow.per_year": 0}
    found = replace(register, officers=officers, offenders=people, policy=register.policy.but(few))
    return replace(found, locks=tuple(_lock(found, n, draw) for n in range(draw.randint(0, 8))))


def _lock(register: Register, n: int, draw: Random) -> Lock:
    ref = draw.choice(register.offenders).ref
    kind = draw.choice((LockKind.SOM, LockKind.SOM, LockKind.VISIT, LockKind.ARMS))
    if kind is LockKind.SOM:
        staff_id = draw.choice(register.officers).staff_id
        return Lock(ref=ref, kind=kind, staff_id=staff_id, row=n + 2)
    month = Situation(register).horizon.start(draw.choice((1, 2, 2, 3, draw.randint(1, 18))))
    return Lock(ref=ref, kind=kind, month=month, row=n + 2)


def can_all_hold(register: Register, members: Collection[Member]) -> bool:
    """Whether some plan of the whole 18 months keeps every rule on these rows alone.

    Everything else that the register asks is taken off it, and the exact model asked.
    """
    full = Situation(register)
    refs = {m.ref for m in members if m.ref}
    cells = {(m.key, m.column) for m in members}
    people = tuple(_only(full, o, cells) for o in register.offenders if o.ref in refs)
    locks = tuple(
        lock
        for place, lock in enumerate(register.locks)
        if any(m.sheet is Sheet.LOCKS and m.key == str(place) for m in members)
    )
    officers = tuple(
        s if (s.staff_id, CAP) in cells else replace(s, cap=None) for s in register.officers
    )
    changed: dict[str, float] = {}
    if not any(m.key == MOVES_SHARE for m in members):
        changed["moves.share"] = 10
    else:
        changed["moves.share"] = full.moves_allowed / max(1, len(people))
    if not any(m.key == ARMS_PER_MONTH for m in members):
        changed["arms.per_month"] = 1000
    fewer = replace(
        register,
        offenders=people,
        officers=officers,
        locks=locks,
        policy=register.policy.but(changed),
    )
    limited = {(m.key, m.month) for m in members if m.column == HOURS}
    situation = Situation(fewer)
    vars(situation)["capacity"] = {
        key: hours if key in limited else NO_LIMIT for key, hours in full.capacity.items()
    }
    locked = {(lock.ref, lock.kind) for lock in locks}
    vars(situation)["chains"] = tuple(
        c for c in situation.chains if (c.ref, LockKind(c.duty.value)) in locked
    )  # no rule asks for a duty that is not locked
    return every_rule_can_hold(situation)


def _only(full: Situation, offender: Offender, cells: set[tuple[str, str]]) -> Offender:
    """The case with only those cells that are asked about; a keep that never held asks nothing."""
    som = full.register.som_of(offender)
    kept = offender.keep and som is not None and full.posts.may_hold(som, offender, 1)
    return replace(
        offender,
        needs=offender.needs if (offender.ref, NEEDS) in cells else frozenset(),
        not_with=offender.not_with if (offender.ref, NOT_WITH) in cells else frozenset(),
        keep=kept and (offender.ref, KEEP) in cells,
    )


def crowded_register(draw: Random) -> Register:
    """One or two teams, nearly all there throughout, so that cases clash with each other."""
    teams = ("North", "South")[: draw.choice((1, 1, 2))]
    skills = (frozenset[str](), frozenset({"Youth"}), frozenset({"Youth", "Deaf"}))
    staff = tuple(
        officer(
            f"S{n}",
            team=draw.choice(teams) if n else teams[0],
            cap=draw.choice((None, 1, 2, 3)),
            skills=draw.choice(skills),
            hours_per_month=draw.choice((None, 8.0, 12.0)),
            arms_trained_from=draw.choice((None, date(2020, 1, 1))),
            end=draw.choice((None, None, None, None, date(2026, 9, 15))),
        )
        for n in range(draw.randint(2, 4))
    )
    ids = [s.staff_id for s in staff]
    people = tuple(
        offender(
            f"P{n}",
            team=draw.choice(sorted({s.team for s in staff})),
            som=draw.choice((None, *ids)),
            keep=draw.random() < 0.2,
            needs=draw.choice((frozenset[str](), frozenset[str](), frozenset({"Youth"}))),
            not_with=frozenset(draw.sample(ids, draw.choice((0, 0, 1)))),
            release_date=date(2026, 6, 10),
            status=draw.choice((Status.COMMUNITY,) * 5 + (Status.CUSTODY,)),
        )
        for n in range(draw.randint(3, 9))
    )
    policy = Policy.of(
        {
            "moves.share": draw.choice((0.0, 0.15, 0.4, 1.0)),
            "inflow.per_year": 0,
            "arms.per_month": draw.choice((1, 10)),
            "arms.by_colleague": draw.random() < 0.5,
            "cross_team": draw.random() < 0.3,
        }
    )
    found = Register(as_at=AS_AT, offenders=people, officers=staff, policy=policy)
    return replace(found, locks=tuple(_lock(found, n, draw) for n in range(draw.randint(0, 9))))
