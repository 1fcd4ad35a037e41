"""Calendars: which months a duty is done in, and what a calendar costs.

A duty is a chain: done in month i, it is next due in month i + interval. A calendar is therefore a
path through the months 1 to 18, and every cost of lateness sits on an arc from one doing to the
next. Month 19 stands for "not again within the plan".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from planner.domain.terms import Duty, RiskLevel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.domain.policy import Policy
    from planner.workload.community import Presence
    from planner.workload.situation import DutyChain

    Floats = NDArray[np.float64]

BARRED = np.inf
LOCK_MISSED = 1e7
"""Penalty for a locked month in which the duty is not done; no part of the contract's cost."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What chains must share to have the same arcs: all but the first due month.

    ``protected`` is the cost of each month end, from month ``protected_from`` on, at which the
    duty is overdue; ``pressing`` marks a very high or high visit; ``locked`` the months in which
    somebody has decided that it is done, ``barred`` those in which it cannot be. Each of the months
    ``kept`` in which it is not done costs ``cost_kept``, no part of the contract's cost.
    """

    duty: Duty
    weight: float
    ageing: float
    protected: float
    uncleared: float
    interval: int
    early: int
    presence: Presence
    crew: int
    pressing: bool
    locked: tuple[int, ...] = ()
    protected_from: int = 1
    barred: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()
    cost_kept: float = 0.0

    @classmethod
    def of(cls, chain: DutyChain, policy: Policy, locked: tuple[int, ...] = ()) -> Kind:
        visit = chain.duty is Duty.VISIT
        return cls(
            duty=chain.duty,
            weight=policy.weight[chain.level],
            ageing=policy.ageing,
            protected=policy.cost_protected.get(chain.level, 0.0) if visit else 0.0,
            uncleared=policy.cost_uncleared,
            interval=chain.interval,
            early=chain.early,
            presence=chain.presence,
            crew=chain.crew,
            pressing=visit and chain.level >= RiskLevel.HIGH,
            locked=locked,
            barred=chain.barred,
        )

    def is_open(self, month: int) -> bool:
        """Whether the duty may be done in a month, due or not."""
        return self.presence.seen_in(month) and month not in self.barred

    def next_costs(self, due: int, after: int, length: int) -> Floats:
        """Cost of each choice of the next doing: months 1 to ``length``, then "never".

        ``due`` is the due month of the next doing and ``after`` the month of the one before (0:
        none within the plan). Entry k-1 is for month k; a month in which it may not be done is
        ``BARRED``.
        """
        months = np.arange(1, length + 2)
        late = np.array([self._overdue_cost(due, m, length) for m in range(1, length + 1)])
        total = np.concatenate(([0.0], np.cumsum(late)))
        costs = np.asarray(total[months - 1], dtype=float)
        for locked in self.locked:
            costs += np.where((locked > after) & (locked < months), LOCK_MISSED, 0.0)
        for kept in self.kept:
            costs += np.where((kept > after) & (kept < months), self.cost_kept, 0.0)
        allowed = (months > after) & (months >= max(1, due - self.early))
        allowed &= (months >= self.presence.first_seen) & (months <= self.presence.last_seen)
        if self.barred:
            allowed &= ~np.isin(months, self.barred)
        allowed[-1] = True
        return np.where(allowed, costs, BARRED)

    def compatible(self, locked: tuple[int, ...], due: int, length: int) -> tuple[int, ...]:
        """The most of these locked months that one calendar can honour, whatever the hours."""
        kind = replace(self, weight=0.0, protected=0.0, uncleared=0.0, locked=locked)
        kept: list[tuple[int, ...]] = [()] * (length + 2)
        for i in range(length, -1, -1):
            nexts = kind.next_costs(i + kind.interval if i else due, i, length)
            months = [k for k in range(i + 1, length + 1) if nexts[k - 1] < BARRED]
            onward = max((kept[k] for k in months), key=len, default=())
            kept[i] = (i, *onward) if i in locked else onward
        return kept[0]

    def _overdue_cost(self, due: int, month: int, length: int) -> float:
        if month < due or not self.presence.at_end_of(month):
            return 0.0
        cost = self.weight * (1 + self.ageing * (month - due))
        cost += self.protected if month >= self.protected_from else 0.0
        return cost + (self.uncleared if month == length else 0.0)


@lru_cache(maxsize=4096)
def arc_costs(kind: Kind, length: int) -> Floats:
    """Costs from each doing (row i-1: month i) to the next (column k-1, last: never)."""
    arcs = np.array([kind.next_costs(i + kind.interval, i, length) for i in range(1, length + 1)])
    arcs.setflags(write=False)
    return arcs


@lru_cache(maxsize=65536)
def start_costs(kind: Kind, due: int, length: int) -> Floats:
    """Costs of the first doing (column k-1; last: never), given the first due month."""
    start = kind.next_costs(due, 0, length)
    start.setflags(write=False)
    return start
