"""Levers on the cases: new ones, reactive ones, crews, and teams merged."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.months import Horizon
from planner.domain.register import Offender
from planner.domain.terms import LEVELS, Management, Status
from planner.levers.catalogue import CREW_KEYS
from planner.levers.sharing import active_there, people_by_team, shared_out
from planner.workload.low_risk import low_risk_cases
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from planner.domain.register import Register
    from planner.levers.scenario import Change

NEW = "NEW-"
"""How references of invented people begin; none of them is ever shown."""


def merged(register: Register, change: Change) -> Register:
    """A team's people and officers in another team, from month 1."""
    if not isinstance(change.value, str) or change.team is None:
        raise ValueError("Merging takes the team to merge, and the team to merge it into.")
    into, team = change.value, change.team
    return replace(
        register,
        offenders=tuple(replace(o, team=into) if o.team == team else o for o in register.offenders),
        officers=tuple(replace(s, team=into) if s.team == team else s for s in register.officers),
    )


def with_surge(register: Register, change: Change) -> Register:
    """So many invented people registered on a month's first day, of today's mix of risk levels."""
    number = int(change.value)
    teams = {change.team: 1.0} if change.team is not None else people_by_team(register)
    found = Counter((o.team, o.level) for o in active_there(register))
    in_all = Counter(o.level for o in active_there(register))
    weights = {
        (team, level): float(found[team, level])
        for team in teams
        for level in LEVELS
        if found[team, level]
    } or {(team, level): float(in_all[level] or 1) for team in teams for level in LEVELS}
    since = Horizon(register.as_at).start(change.first or 1)
    more: list[Offender] = []
    count = 0
    for (team, level), people in shared_out(number, weights).items():
        for _ in range(people):
            count += 1
            while f"{NEW}{count:05}" in register.offender:
                count += 1
            more.append(
                Offender(
                    ref=f"{NEW}{count:05}",
                    status=Status.COMMUNITY,
                    level=level,
                    team=team,
                    registered_from=since,
                )
            )
    return replace(register, offenders=(*register.offenders, *more))


def with_reactive(register: Register, change: Change) -> Register:
    """A share of the low risk cases managed reactively from month 1: no visits, no ARMS."""
    order = low_risk_cases(Situation(register))
    if change.team is not None:
        order = [ref for ref in order if register.offender[ref].team == change.team]
    chosen = set(order[: math.ceil(float(change.value) * len(order) - 1e-9)])
    return replace(
        register,
        offenders=tuple(
            replace(o, management=Management.REACTIVE) if o.ref in chosen else o
            for o in register.offenders
        ),
    )


def with_crew(register: Register, change: Change) -> Register:
    """Another crew for people of a level who have none of their own on the register."""
    level, crew = CREW_KEYS[change.lever], int(change.value)
    return replace(
        register,
        offenders=tuple(
            replace(o, crew=crew) if o.level is level and o.crew is None else o
            for o in register.offenders
        ),
    )
