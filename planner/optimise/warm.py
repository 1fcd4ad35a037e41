"""Begin a master programme with what another, of much the same duties, found out already.

A change of an ARMS's hours or of an interval makes other duties of nearly all, but most calendars
that were good before still are. Entering the best of them saves most rounds of column generation.
What is proved does not depend on where it began.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from planner.domain.terms import Duty
from planner.optimise.master import Column
from planner.optimise.pricing import Choice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planner.optimise.lasting import LastingMaster
    from planner.optimise.pool import Case, Pool

BEST_KEPT = 2
"""So many calendars of each duty are taken over: those in use, then the nearest to it."""
_Alike = tuple[object, ...]


def likeness(pool: Pool) -> list[_Alike]:
    """By chain, what two duties share for a calendar of one to be worth trying for the other."""
    kinds = [(k.duty, k.weight, k.presence, k.pressing, k.barred) for k in pool.kinds]
    dues = zip(pool.chain_kind.tolist(), pool.chain_due.tolist(), strict=True)
    return [(*kinds[kind], due) for kind, due in dues]


def begin_like(new: LastingMaster, known: Pool, columns: Iterable[Column]) -> None:
    """Enter into a fresh programme the best calendars that were found of another pool."""
    places: dict[_Alike, list[int]] = defaultdict(list)
    alike = likeness(new.pool)
    for number, case in enumerate(new.pool.cases):
        places[alike[_chain(case)]].append(number)
    new.enter_idle()
    can = _Open(new.pool)
    before = likeness(known)
    for column in columns:
        case = known.cases[column.choice.case]
        for number in places.get(before[_chain(case)], ()):
            for fitted in _fitted(can, number, column):
                new.enter(fitted)


class _Open:
    """In which months somebody may second a visit, and somebody do an ARMS, in a pooled pool."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self._seconded = {block.month + 1 for block in pool.blocks}
        self._assessed = {m + 1 for (_, m), doers in pool.doers.items() if doers}

    def allows(self, chain: int, months: tuple[int, ...]) -> bool:
        """Whether there is somebody for a duty in each of these months."""
        kind = self.pool.kinds[self.pool.chain_kind[chain]]
        if kind.duty is Duty.ARMS:
            return self._assessed.issuperset(months)
        return kind.crew <= 1 or self._seconded.issuperset(months)


def _fitted(can: _Open, number: int, column: Column) -> Iterator[Column]:
    """The column for a case of another pool; none where its months are not open there."""
    choice = column.choice
    chain, months = _chain(can.pool.cases[number]), choice.visits or choice.arms
    cost = can.pool.calendar_cost(chain, months)
    if np.isfinite(cost) and can.allows(chain, months):
        yield Column(Choice(number, choice.route, choice.visits, choice.arms), column.doers, cost)


def _chain(case: Case) -> int:
    return case.visit if case.visit >= 0 else case.arms
