"""Every kind of clash in turn, each among the rows that no clash found before stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.clashes.caps import caps_below_cases
from planner.clashes.clash import ClashKind, Member
from planner.clashes.demands import Demands, case_member, cell_member
from planner.clashes.duties import duty_locks_never, duty_locks_too_close
from planner.clashes.holders import locks_on_whom, nobody_may_hold, two_holders
from planner.clashes.hours import duties_nobody_may_do, hours_below_locks
from planner.clashes.moves import changes_above_allowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.clashes.clash import Clash
    from planner.workload.situation import Situation

OF_ONE_CASE: tuple[Callable[[Demands], list[Clash]], ...] = (
    nobody_may_hold,
    locks_on_whom,
    two_holders,
    duty_locks_never,
    duties_nobody_may_do,
    duty_locks_too_close,
)
OF_MANY_CASES: tuple[Callable[[Demands], list[Clash]], ...] = (
    caps_below_cases,
    hours_below_locks,
    changes_above_allowed,
)
"""Looked for after the others, so that no set of many cases holds a clash of one."""


def find_clashes(situation: Situation) -> tuple[Clash, ...]:
    """The smallest sets of rows that contradict each other, no cell in two of them.

    A set told is proved to clash, and to clash no more without any one of its members. What shows
    only over several months together, each of which could be met alone, is not looked for. A case
    that nobody may hold breaks rule 1, which is all that counts then: it is in no clash of many.
    """
    demands = Demands(situation)
    found: list[Clash] = []
    for of_kind in OF_ONE_CASE:
        while clashes := of_kind(demands):
            found += clashes
            demands = demands.less(m for clash in clashes for m in _set_aside(clash, demands))
    unheld = [m.ref for c in found if c.kind is ClashKind.NOBODY for m in (*c.members, *c.alike)]
    demands = demands.less(map(case_member, unheld))
    for of_kind in OF_MANY_CASES:
        clashes = of_kind(demands)
        found += clashes
        demands = demands.less(m for clash in clashes for m in clash.members)
    return tuple(found)


def _set_aside(clash: Clash, demands: Demands) -> list[Member]:
    """Its rows, and those of cases that clash in the same way."""
    aside = list(clash.members)
    if clash.kind is ClashKind.NOBODY:
        columns = [m.column for m in clash.members]
        for other in clash.alike:
            offender = demands.cases[other.key]
            aside += [cell_member(offender, c) if c else other for c in columns]
    return aside
