"""The months in which one duty of one person is done, as a path through the months.

An arc from one doing to the next carries what the wait between them costs, so lateness needs no
further variables. A path always exists: the arc from the start to the end does nothing at all.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.exact import overdue_points

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from planner.workload.situation import DutyChain, Situation

POINT = 10_000
"""Costs are whole ten-thousandths of a point."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """``done`` maps each month in which the duty may be done to the arcs that do it (their sum is
    0 or 1); ``cost`` is (ten-thousandths of a point, arc) for every arc that costs anything.
    """

    done: dict[int, list[Any]]
    cost: list[tuple[int, Any]]


def add_calendar(
    cp: Any,
    situation: Situation,
    chain: DutyChain,
    months: Sequence[int],
    *,
    due: int,
    barred: Collection[int] = (),
) -> Calendar:
    """Add the duty's path over ``months`` (one unbroken run) to the model.

    ``due`` is the month in which it is first due in them, ``barred`` months in which it must not
    be done. What is overdue after the last of ``months`` is not counted.
    """
    start, end = months[0] - 1, months[-1] + 1
    open_months = [m for m in months if chain.presence.seen_in(m) and m not in barred]
    into: dict[int, list[Any]] = defaultdict(list)
    out: dict[int, list[Any]] = defaultdict(list)
    cost = []
    for i in (start, *open_months):
        if i != start and not into[i]:
            continue
        due_next = due if i == start else i + chain.interval
        earliest, points = chain.earliest(due_next), 0.0
        for k in range(i + 1, end + 1):
            if k == end or (k in open_months and k >= earliest):
                arc = cp.new_bool_var("")
                out[i].append(arc)
                into[k].append(arc)
                if points:
                    cost.append((round(points * POINT), arc))
            if k < end:
                points += overdue_points(situation, chain, due_next, k)
    cp.add_exactly_one(out[start])
    for m in open_months:
        if into[m]:
            cp.add(sum(into[m]) == sum(out[m]))
    return Calendar({m: into[m] for m in open_months if into[m]}, cost)
