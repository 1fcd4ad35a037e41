"""What the plan before meant to do, by the numbers of a pool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.terms import Duty

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.domain.previous import Previous
    from planner.optimise.pool import Pool

NOBODY = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a pool's people count on.

    ``months`` are the months (columns, ascending) in which the plan before meant to do a chain and
    ``by`` who was to do it in each (``NOBODY`` where that need not be kept). ``cost`` is what each
    change costs, beside the contract's.
    """

    months: Mapping[int, tuple[int, ...]]
    by: Mapping[int, tuple[int, ...]]
    cost: float


def meant_in(pool: Pool, previous: Previous | None) -> Meant | None:
    """What the plan before meant for a pool's cases; None where there was none."""
    if previous is None:
        return None
    number = {staff: n for n, staff in enumerate(pool.officers)}
    months, by = {}, {}
    for case in pool.cases:
        for chain, duty in ((case.visit, Duty.VISIT), (case.arms, Duty.ARMS)):
            if chain >= 0 and (kept := previous.of(case.ref, duty)):
                months[chain] = tuple(m - 1 for m in kept)
                who = (previous.done_by.get((case.ref, duty, m), "") for m in kept)
                by[chain] = tuple(number.get(s, NOBODY) for s in who)
    return Meant(months=months, by=by, cost=previous.cost)
