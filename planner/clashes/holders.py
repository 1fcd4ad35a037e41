"""Clashes of one case: nobody may hold it, or those who are to hold it may not, or are two."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from planner.clashes.clash import Clash, ClashKind, Member, Sheet
from planner.clashes.demands import (
    NEEDS,
    NOT_WITH,
    case_member,
    cell_member,
    staff_member,
)
from planner.domain.rules import Rule
from planner.domain.terms import LockKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.clashes.demands import Demands, Wish
    from planner.domain.register import Lock, Offender, Officer

MOST_STAFF_TOLD = 12


def nobody_may_hold(demands: Demands) -> list[Clash]:
    """Cases that nobody may hold in some month; those alike told as one."""
    found: dict[tuple[object, ...], tuple[Clash, list[Member]]] = {}
    for ref, offender in demands.cases.items():
        if all(demands.able(ref)):
            continue
        columns, month = _reason(demands, offender)
        cells = tuple(cell_member(offender, c) for c in columns)
        key = (
            offender.team,
            columns,
            month,
            offender.needs if NEEDS in columns else None,
            offender.not_with if NOT_WITH in columns else None,
        )
        if key in found:
            found[key][1].append(case_member(ref))
        else:
            found[key] = (_nobody(demands, offender, cells, month), [])
    return [replace(clash, alike=tuple(alike)) for clash, alike in found.values()]


def _reason(demands: Demands, offender: Offender) -> tuple[tuple[str, ...], int]:
    """The fewest of Needs and Not with that leave some month to nobody; the first such month."""
    for columns in ((), (NEEDS,), (NOT_WITH,), (NEEDS, NOT_WITH)):
        cells = [cell_member(offender, c) for c in (NEEDS, NOT_WITH) if c not in columns]
        fewer = demands.of([case_member(offender.ref), *_cells(offender)]).less(cells)
        for month, able in enumerate(fewer.able(offender.ref), start=1):
            if not able:
                return columns, month
    raise ValueError("Somebody may hold the case in every month.")


def _cells(offender: Offender) -> Iterator[Member]:
    if offender.needs:
        yield cell_member(offender, NEEDS)
    if offender.not_with:
        yield cell_member(offender, NOT_WITH)


def _nobody(demands: Demands, offender: Offender, cells: tuple[Member, ...], month: int) -> Clash:
    situation = demands.situation
    unit = "the unit" if situation.policy.cross_team else f"team {offender.team}"
    there = _in_post(demands, offender, month)
    columns = [c.column for c in cells]
    if not columns:
        what = f"Nobody of {unit} is in post at the end of {demands.month(month)}."
        remedy = "Correct Start and End in Staff, give the case another team, or set cross_team on."
        members: tuple[Member, ...] = (case_member(offender.ref, f"Team {offender.team}"),)
        ids = sorted(
            s.staff_id
            for s in situation.register.officers
            if situation.policy.cross_team or s.team == offender.team
        )
        facts = [staff_member(s, "End", _spell(situation.register.officer[s])) for s in ids]
    else:
        reasons = {
            (NEEDS,): "has every skill that the case needs",
            (NOT_WITH,): "is free of a conflict with it",
            (NEEDS, NOT_WITH): "has every skill that the case needs and no conflict with it",
        }
        what = f"Nobody of {unit} {reasons[tuple(columns)]} in {demands.month(month)}."
        remedy = {
            (NEEDS,): "Change Needs, give somebody the skill, or set cross_team on.",
            (NOT_WITH,): "Change Not with, or set cross_team on.",
            (NEEDS, NOT_WITH): "Change Needs or Not with, give somebody the skill, or set "
            "cross_team on.",
        }[tuple(columns)]
        members = cells
        facts = [
            staff_member(s.staff_id, "Skills", f"Skills {_listed(s.skills)}")
            for s in there
            if NEEDS in columns and s.staff_id not in offender.not_with
        ]
    return Clash(
        kind=ClashKind.NOBODY,
        members=members,
        what=what,
        remedy=remedy,
        gives_way=Rule.ONE_SOM,
        by=sum(not able for able in demands.able(offender.ref)),
        facts=tuple(facts[:MOST_STAFF_TOLD]),
    )


def _in_post(demands: Demands, offender: Offender, month: int) -> list[Officer]:
    """Officers of the case's team, or of the unit, in post at a month's end, sorted."""
    posts = demands.situation.posts
    return sorted(
        (
            s
            for s in demands.situation.register.officers
            if month in posts.holding_months[s.staff_id]
            and (demands.situation.policy.cross_team or s.team == offender.team)
        ),
        key=lambda s: s.staff_id,
    )


def _listed(names: frozenset[str]) -> str:
    return "; ".join(sorted(names)) or "blank"


def _spell(officer: Officer) -> str:
    """An officer's time in post as Staff has it."""
    parts = [
        f"{name} {day:%d/%m/%Y}"
        for name, day in (("Start", officer.start), ("End", officer.end))
        if day is not None
    ]
    return ", ".join(parts) or "in post"


def locks_on_whom(demands: Demands) -> list[Clash]:
    """Locks on the SOM that name somebody who may never hold the case; of each case the first."""
    found: dict[str, Clash] = {}
    for ref, locks in demands.locks.items():
        for member, lock in locks:
            if lock.kind is LockKind.SOM and ref not in found:
                clash = _barred(demands, demands.cases[ref], member, lock)
                found |= {} if clash is None else {ref: clash}
    return list(found.values())


def _barred(demands: Demands, offender: Offender, member: Member, lock: Lock) -> Clash | None:
    """The clash of a lock with the first of what stands in its way; the rest are told with it."""
    situation = demands.situation
    officer = situation.register.officer.get(lock.staff_id or "")
    ways: list[tuple[str, str, tuple[Member, ...], tuple[Member, ...]]] = []
    if officer is None:
        ways.append(("is not in Staff", "Correct the lock.", (), ()))
    else:
        if not situation.posts.holding_months[officer.staff_id]:
            post = staff_member(officer.staff_id, "End", _spell(officer))
            ways.append(
                ("is in post at no month's end", "Correct the lock, or Start and End.", (), (post,))
            )
        if not situation.policy.cross_team and officer.team != offender.team:
            teams = (
                case_member(offender.ref, f"Team {offender.team}"),
                staff_member(officer.staff_id, "Team", f"Team {officer.team}"),
            )
            ways.append(
                (
                    "is of another team",
                    "Correct the lock or a team, or set cross_team on.",
                    (),
                    teams,
                )
            )
        if officer.staff_id in offender.not_with:
            cell = (cell_member(offender, NOT_WITH),)
            ways.append(("is in Not with", "Delete the lock, or change Not with.", cell, ()))
        if not offender.needs <= officer.skills:
            cell = (cell_member(offender, NEEDS),)
            skills = staff_member(officer.staff_id, "Skills", f"Skills {_listed(officer.skills)}")
            remedy = "Delete the lock, change Needs, or give the officer the skill."
            ways.append(("lacks a skill in Needs", remedy, cell, (skills,)))
    if not ways:
        return None
    first = ways[0]
    also = f" The officer also {' and '.join(w[0] for w in ways[1:])}." if ways[1:] else ""
    return Clash(
        kind=ClashKind.LOCK_BARRED,
        members=(member, *first[2]),
        what=f"The lock names an officer who {first[0]}, and may never hold the case.{also}",
        remedy=first[1],
        gives_way=Rule.KEPT_AND_LOCKED,
        facts=first[3],
    )


def two_holders(demands: Demands) -> list[Clash]:
    """Locks on the SOM, or a lock and Keep with SOM, that give one case to two at once."""
    keeping = {o.ref for o in demands.cases.values() if o.keep}
    found = []
    for ref in sorted({*demands.locks, *keeping}):
        wishes = demands.wishes(ref) if ref in demands.cases else []
        while (pair := _apart(wishes)) is not None:
            found.append(_two(demands, *pair))
            wishes = [w for w in wishes if w not in pair]
    return found


def _apart(wishes: list[Wish]) -> tuple[Wish, Wish] | None:
    for one, other in itertools.combinations(wishes, 2):
        if one.staff_id != other.staff_id and _shared_months(one, other):
            return one, other
    return None


def _shared_months(one: Wish, other: Wish) -> range:
    first = max(one.months.start, other.months.start)
    return range(first, min(one.months.stop, other.months.stop))


def _two(demands: Demands, one: Wish, other: Wish) -> Clash:
    months = _shared_months(one, other)
    until = demands.month(months[-1])
    if one.is_keep:
        what, remedy = (
            "A lock moves a case that is to be kept with its SOM",
            "the lock, or the Keep",
        )
    else:
        what, remedy = "Two locks give one case to two officers", "one of the locks"
    return Clash(
        kind=ClashKind.TWO_HOLDERS,
        members=(one.member, other.member),
        what=f"{what}: both are in post from {demands.month(months[0])} to {until}.",
        remedy=f"Delete {remedy}.",
        gives_way=Rule.KEPT_AND_LOCKED,
        facts=(case_member(one.member.ref),) if one.member.sheet is Sheet.LOCKS else (),
    )
