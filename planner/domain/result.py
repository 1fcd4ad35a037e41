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
    STOPPED = "Stopped by the user: the best plan so far, within the gap shown of the best possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """Hours lacking for the unit to be able to clear, proved: at least this much.

    ``hours`` maps (team, month number) to hours; their sum is the least total with which every
    duty could be done by the end of the plan and no very high or high visit be overdue from month
    3 on. ``posts`` is the least number of full-time experienced posts, the same all months, that
    would do as well; where it is above zero and no hours lack, people trained for ARMS do. Both are
    zero where nothing is lacking. ``without_remedy`` lists duties that no hours could bring about
    (nobody may do them), as (reference, why).
    """

    hours: Mapping[tuple[str, int], float]
    posts: float
    without_remedy: tuple[tuple[str, str], ...] = ()

    @property
    def total_hours(self) -> float:
        return sum(self.hours.values())

    @property
    def is_proved(self) -> bool:
        """Whether it is proved that no plan can clear: where nothing lacks, it is not."""
        return self.total_hours > 0 or self.posts > 0 or bool(self.without_remedy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is proved with all officers of each pool taken as one: no plan can do without so much.

    ``hours`` and ``posts`` are those of ``Shortfall``; ``bound`` is a cost that no plan can beat
    (looser than the plan's own bound, which keeps officers apart). ``is_ruled_out``: it is proved
    that no plan can clear; where False, that a plan can is not proved either. ``hours_there`` is
    what the officers have in all months, overtime included. ``posts_would_do``: with ``posts`` more
    it would no longer be ruled out; where False, something else stands in the way.
    """

    hours: float
    posts: float
    bound: float
    is_ruled_out: bool
    hours_there: float
    posts_would_do: bool = True

    @property
    def lacks_trained(self) -> bool:
        """Whether hours would do, and people who may do ARMS are what is proved to lack."""
        return self.is_ruled_out and self.hours <= 0 < self.posts


class RepairKind(StrEnum):
    """What is changed."""

    OVERTIME = "Overtime"
    POSTS = "Posts"
    TRAINING = "Training for ARMS"
    WIDER_TEAM = "Wider team"
    COLLEAGUES = "ARMS by colleagues"
    REACTIVE = "Reactive management"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One change that might let the unit clear, and what is proved with it and without.

    ``assumes`` says what stands behind it, in sentences for people; no reference of anybody.
    """

    kind: RepairKind
    what: str
    assumes: str
    before: Standing
    after: Standing

    @property
    def hours_saved(self) -> float:
        """Hours that no longer lack."""
        return self.before.hours - self.after.hours

    @property
    def hours_bought(self) -> float:
        """Hours that the change adds, all months; 0 where it adds none."""
        more = self.after.hours_there - self.before.hours_there
        return more if more >= LEAST_HOURS else 0.0

    @property
    def saved_per_hour(self) -> float | None:
        """Hours that no longer lack for each hour bought; None where none is bought."""
        return self.hours_saved / self.hours_bought if self.hours_bought else None

    @property
    def has_effect(self) -> bool:
        """Whether anything that is proved changes by more than rounding."""
        was, now = self.before, self.after
        return (
            was.is_ruled_out != now.is_ruled_out
            or abs(was.hours - now.hours) >= LEAST_HOURS
            or abs(was.posts - now.posts) >= LEAST_POSTS
            or abs(was.bound - now.bound) > LEAST_SHARE * max(1.0, was.bound)
        )


LEAST_HOURS = 0.05
LEAST_POSTS = 0.005
LEAST_SHARE = 6e-4
"""Smaller differences of a bound are rounding: it is worked out to half of this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveResult:
    """The plan found and what is proved of it.

    ``bound`` is a number that no plan keeping the hard rules can beat (contract, section 3).
    ``hour_price`` maps (team, month number) to what one more hour there would save. ``seconds``
    is time by stage, in order. ``shortfall`` is None where the plan leaves nothing overdue, and
    ``repairs``, best first, are none where it clears.
    """

    plan: Plan
    status: SearchStatus
    bound: float
    seed: int
    effort: str
    hour_price: Mapping[tuple[str, int], float] = field(default_factory=dict)
    shortfall: Shortfall | None = None
    repairs: tuple[Repair, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
