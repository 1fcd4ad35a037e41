"""Levers on people who do the work: more of them, fewer, for a time, or longer hours."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from planner.domain.months import HORIZON_MONTHS, Horizon
from planner.domain.register import AgreedHours, Officer
from planner.domain.terms import Role
from planner.levers.catalogue import RECRUITS, STAFF
from planner.levers.sharing import people_by_team, shared_out
from planner.workload.capacity import full_post_hours
from planner.workload.new_posts import with_posts
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from datetime import date

    from planner.domain.register import Register
    from planner.levers.scenario import Change

_ONE_DAY = timedelta(days=1)


def with_more(register: Register, change: Change) -> Register:
    """More officers, staff or recruits, full-time and trained."""
    horizon = Horizon(register.as_at)
    is_new = change.lever == RECRUITS.key
    first = change.first or 1
    start = horizon.start(first) if first > 1 or is_new else None
    like = Officer(
        staff_id="",
        team="",
        role=Role.STAFF if change.lever == STAFF.key else Role.OFFICER,
        start=start,
        end=None if change.last is None else horizon.end(change.last),
        arms_trained_from=register.as_at,
        settled=not is_new,
    )
    return with_posts(register, _by_people(register, change), like)


def with_arms_team(register: Register, change: Change) -> Register:
    """People who do ARMS only: no community case, hours for no more ARMS than they may do.

    FTE is 0 as they take no share of the caseload; their hours are given.
    """
    horizon = Horizon(register.as_at)
    first, last = change.first or 1, change.last or HORIZON_MONTHS
    posts = Situation(replace(register, offenders=())).posts
    full = full_post_hours(register, posts)[first - 1 : last]
    policy = register.policy
    like = Officer(
        staff_id="",
        team="",
        fte=0.0,
        start=horizon.start(first) if first > 1 else None,
        end=horizon.end(last),
        arms_trained_from=register.as_at,
        cap=0,
        hours_per_month=min(sum(full) / len(full), policy.arms_per_month * policy.arms_hours),
        settled=True,
    )
    more = with_posts(register, _by_people(register, change), like, "ARMS team")
    return more.with_policy(policy.but({"arms.by_colleague": True}))


def without_leavers(register: Register, change: Change) -> Register:
    """Some officers gone from a month on: those with most hours from then on.

    Raises ``ValueError`` where that would leave a team without anybody.
    """
    horizon = Horizon(register.as_at)
    first = change.first or 1
    situation = Situation(replace(register, offenders=()))
    hours = {
        s.staff_id: sum(situation.capacity[s.staff_id, m] for m in range(first, 1 + horizon.length))
        for s in register.officers
    }
    there = [s for s in register.officers if first in situation.posts.seconding_months[s.staff_id]]
    staff = Counter(s.team for s in there)
    number = int(change.value)
    if change.team is not None:
        where = {change.team: number}
    else:
        where = shared_out(number, {team: float(staff[team]) for team in register.teams})
    gone: set[str] = set()
    for team, leaving in where.items():
        if leaving and leaving >= staff[team]:
            raise ValueError(f"{leaving} cannot leave a team of {staff[team]}.")
        mates = sorted((s for s in there if s.team == team), key=lambda s: s.staff_id)
        mates.sort(key=lambda s: -round(hours[s.staff_id], 6))
        gone |= {s.staff_id for s in mates[:leaving]}
    day = horizon.start(first) - _ONE_DAY
    officers = tuple(_until(s, day) if s.staff_id in gone else s for s in register.officers)
    return replace(register, officers=tuple(s for s in officers if s is not None))


def _until(officer: Officer, day: date) -> Officer | None:
    """The officer with an earlier last day; None where that is before the first."""
    if officer.start is not None and officer.start > day:
        return None
    return replace(officer, end=day)


def with_overtime(register: Register, change: Change) -> Register:
    """Overtime hours in some months, of one team or shared out over all."""
    horizon = Horizon(register.as_at)
    weights = people_by_team(register)
    total = sum(weights.values())
    if change.team is not None:
        parts = {change.team: 1.0}
    elif total > 0:
        parts = {team: weight / total for team, weight in weights.items()}
    else:
        parts = {team: 1 / len(weights) for team in weights}
    more = tuple(
        AgreedHours(team=team, month=horizon.start(m), hours=float(change.value) * part)
        for m in range(change.first or 1, 1 + (change.last or horizon.length))
        for team, part in parts.items()
        if part > 0
    )
    return replace(register, agreed=(*register.agreed, *more))


def _by_people(register: Register, change: Change) -> dict[str, int]:
    number = int(change.value)
    if change.team is not None:
        return {change.team: number}
    return shared_out(number, people_by_team(register))
