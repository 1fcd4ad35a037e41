"""How a search ended, apart from the plan it found."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.domain.plan import Plan


class SearchStatus(StrEnum):
    """What stopped the search, in words a manager reads."""

    PROVED = "Proved best"
    WITHIN_GAP = "Within the gap shown of the best possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """Hours lacking for the unit to be able to clear, proved: at least this much.

    ``hours`` maps (team, month number) to hours; their sum is the least total with which every
    duty could be done by the end of the plan and no very high or high visit be overdue from month
    3 on. ``posts`` is the least number of full-time experienced posts, the same all months, that
    would do as well. Both are zero where nothing is lacking. ``without_remedy`` lists duties that
    no hours could bring about (nobody may do them), as (reference, why).
    """

    hours: Mapping[tuple[str, int], float]
    posts: float
    without_remedy: tuple[tuple[str, str], ...] = ()

    @property
    def total_hours(self) -> float:
        return sum(self.hours.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveResult:
    """The plan found and what is proved of it.

    ``bound`` is a number that no plan keeping the hard rules can beat (contract, section 3).
    ``hour_price`` maps (team, month number) to what one more hour there would save. ``seconds``
    is time by stage, in order. ``shortfall`` is None where the plan leaves nothing overdue.
    """

    plan: Plan
    status: SearchStatus
    bound: float
    seed: int
    effort: str
    hour_price: Mapping[tuple[str, int], float] = field(default_factory=dict)
    shortfall: Shortfall | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
