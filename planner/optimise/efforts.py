"""How hard to look for a plan, in units that do not depend on the machine."""

from __future__ import annotations

from typing import NamedTuple

from planner.optimise.by_month import Manner


class Effort(NamedTuple):
    """How hard to look, in units that do not depend on the machine.

    ``tolerance`` and ``rounds`` limit the linear programme; with ``cuts`` its bound is tightened by
    what whole duties cannot use up. ``manners`` are how the plan is filled
    month by month, with so much ``month`` effort (CP-SAT's own seconds) for a month; they are tried
    in turn until one comes out within ``one_fill`` of the bound (a fraction), and the best kept.
    Where the whole plan is not within ``near_enough`` of its bound, ``replans`` parts at most of
    each pool that is not are planned anew, with so much ``replan`` effort for each. Before that all
    months of each officer are, by so many ``nodes`` of a search tree: where there are ``others``,
    further manners to begin from, only of few officers.
    ``steps_per_duty`` and ``cycles`` limit the search; ``first`` are the prices of overfull hours
    at which it begins to weigh exchanges, and ``quartets`` how often at each price those of four
    duties are weighed, ``breadth`` how many.
    """

    tolerance: float
    rounds: int
    steps_per_duty: float
    cycles: int
    first: tuple[float, ...]
    quartets: int
    breadth: float = 1.0
    month: float = 0.0
    manners: tuple[Manner, ...] = ()
    one_fill: float = 0.0
    cuts: bool = False
    near_enough: float = 1.0
    nodes: int = 0
    replans: int = 0
    replan: float = 0.0
    others: tuple[Manner, ...] = ()


USUAL = Manner(firmness=0.07, hours=1.5, arms=1.0)
OTHERS = (
    Manner(firmness=0.03, hours=1.5, arms=1.0),
    Manner(firmness=0.07, hours=1.5, arms=2.0),
    Manner(firmness=0.15, hours=0.75, arms=1.0),
    Manner(firmness=0.07, hours=0.3, arms=1.0),
)
ALLOCATED = tuple(manner._replace(as_allocated=True) for manner in (USUAL, *OTHERS[:2]))
EFFORTS = {
    "quick": Effort(1e-2, 12, 2, 0, (10,), 0, 0.2),
    "normal": Effort(
        tolerance=5e-4,
        rounds=100,
        steps_per_duty=5,
        cycles=0,
        first=(10, 30),
        quartets=1,
        breadth=0.4,
        month=0.06,
        manners=(USUAL, OTHERS[0]),
        one_fill=0.012,
        cuts=True,
        near_enough=0.0095,
        nodes=300,
        replans=300,
        replan=0.3,
        others=(*ALLOCATED, OTHERS[1]),
    ),
    "thorough": Effort(
        tolerance=1e-4,
        rounds=100,
        steps_per_duty=5,
        cycles=0,
        first=(2, 4, 10, 30),
        quartets=2,
        breadth=1.0,
        month=0.2,
        manners=(USUAL, *OTHERS, ALLOCATED[0]),
        cuts=True,
        near_enough=0.0,
        nodes=1000,
        replans=300,
        replan=0.5,
    ),
}
AT_ONCE = Effort(1.0, 3, 2, 0, (), 0, 0.2)
"""For pools not begun when somebody asks for what there is."""
