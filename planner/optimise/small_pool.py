"""A pool with all its officers as one, built straight from a register: no routes, no cases."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from planner.domain.terms import Duty
from planner.optimise.calendars import Kind
from planner.optimise.gathering import PoolBuilder
from planner.optimise.pool import NO_CHAIN, Case, pooled
from planner.optimise.routes import Routes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from planner.optimise.pool import Pool
    from planner.workload.situation import Situation

    Floats = NDArray[np.float64]
    Duties = Mapping[tuple[Kind, int], int]
    """How many people have a duty of a kind, first due in a month."""

OF_OFFICERS = ("hours.overtime", "cross_team", "arms.by_colleague")
"""Settings that make no difference to what falls due."""


def duties_of(situation: Situation) -> Duties:
    """Every duty of a register's people, counted; locks are left out."""
    policy = situation.policy
    return Counter((Kind.of(chain, policy), chain.due_month) for chain in situation.chains)


def small_pool(situation: Situation, teams: Sequence[str], duties: Duties) -> Pool:
    """As ``pooled(build_pool(...))`` of a register that has these teams, duties and no locks."""
    return pooled(_Builder(situation, teams, duties).pool())


class _Builder(PoolBuilder):
    def __init__(self, situation: Situation, teams: Sequence[str], duties: Duties) -> None:
        super().__init__(situation, teams, Routes(situation))
        self.duties = duties

    def cases(self) -> Iterator[Case]:
        """One for each duty: who holds it makes no difference with officers as one."""
        route, none = np.zeros(0, dtype=np.int64), np.zeros(0)
        for (kind, due_month), count in self.duties.items():
            chain = self.number_chain(kind, due_month)
            yield Case(
                ref="",
                count=count,
                routes=route,
                move_costs=none,
                counted=route,
                visit=chain if kind.duty is Duty.VISIT else NO_CHAIN,
                arms=chain if kind.duty is Duty.ARMS else NO_CHAIN,
                high=False,
                at_month_end=np.zeros(self.months, dtype=bool),
            )

    def fair_share(self) -> Floats:
        """None: with officers as one there is nothing to share."""
        return np.zeros(len(self.officers))
