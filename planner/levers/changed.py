"""The register that a scenario makes: each lever's change, in the catalogue's order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.levers import cases, staff
from planner.levers.catalogue import (
    ARMS_TEAM,
    CREW_KEYS,
    DEADLINE,
    LEAVERS,
    LEVERS,
    MERGE,
    OFFICERS,
    OVERTIME_HOURS,
    REACTIVE,
    RECRUITS,
    STAFF,
    SURGE,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planner.domain.register import Register
    from planner.levers.scenario import Change, Scenario

_MADE: Mapping[str, Callable[[Register, Change], Register]] = {
    MERGE.key: cases.merged,
    SURGE.key: cases.with_surge,
    REACTIVE.key: cases.with_reactive,
    **dict.fromkeys(CREW_KEYS, cases.with_crew),
    LEAVERS.key: staff.without_leavers,
    OFFICERS.key: staff.with_more,
    STAFF.key: staff.with_more,
    RECRUITS.key: staff.with_more,
    ARMS_TEAM.key: staff.with_arms_team,
    OVERTIME_HOURS.key: staff.with_overtime,
    DEADLINE.key: lambda register, _: register,
}


def changed(register: Register, scenario: Scenario) -> Register:
    """The register with a scenario's changes; the very same object where it makes none.

    The order of the changes makes no difference. Raises ``ValueError`` where a change cannot be
    made of this register; ``checking.faults_of`` says so beforehand, in words for people.
    """
    order = list(LEVERS)
    wanted = sorted(scenario.effective, key=lambda c: (order.index(c.lever), _place(c)))
    for change in wanted:
        register = _made(register, change)
    return register


def _made(register: Register, change: Change) -> Register:
    if LEVERS[change.lever].is_setting:
        if isinstance(change.value, str):
            raise ValueError(f"{change.lever} takes a number, or On or Off.")
        return register.with_policy(register.policy.but({change.lever: change.value}))
    return _MADE[change.lever](register, change)


def _place(change: Change) -> tuple[str, int, int, str]:
    return (change.team or "", change.first or 0, change.last or 0, str(change.value))
