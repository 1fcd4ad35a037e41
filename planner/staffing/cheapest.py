"""Ways to clear with their price: what no such way can cost less than, and one that does it.

Money is in pounds and counts what is bought on top of today's staff, within the plan's months.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.levers import Change
    from planner.staffing.reached import Reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """What things cost, in pounds, and how much of them can be had.

    ``officer_month`` is of a full-time post, ``arms_month`` of one person in a temporary ARMS team.
    ``overtime_limit`` is hours a month for each full-time officer in post; ``recruits_from`` the
    first month of the plan in which somebody newly recruited can start; posts and ARMS teams are
    had for ``months_at_least``. ``assumed`` names the fields that nobody gave: defaults.
    """

    officer_month: float = 5_500.0
    overtime_hour: float = 35.0
    arms_month: float = 4_500.0
    overtime_limit: float = 16.0
    recruits_from: int = 4
    months_at_least: int = 6
    assumed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """A lever pulled, as a scenario would have it, and what that costs in all."""

    change: Change
    price: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Way:
    """Clearing with some levers only (``levers``, by key).

    ``bound``: no way of clearing with these levers costs less, proved; None: proved that none
    clears, however much is bought within the tariff's limits. ``purchases`` are one way, with
    ``plan`` a whole plan made with them; without a plan they are what officers as one would need,
    at the bound's price, and no way that is known to clear. ``spare`` is the
    share of hours beyond those that officers as one would need. ``overtime_needed``: where overtime
    alone is ruled out, the least whole hours a month for each officer at which it is not, proved;
    None where no overtime would do, or none is asked about.
    """

    name: str
    levers: tuple[str, ...]
    bound: float | None
    purchases: tuple[Bought, ...] = ()
    plan: Reached | None = None
    spare: float = 0.0
    overtime_needed: int | None = None

    @cached_property
    def price(self) -> float | None:
        """What the way shown costs; None where no plan was made for it."""
        if self.bound is None or self.plan is None:
            return None
        return sum(one.price for one in self.purchases)

    @property
    def is_ruled_out(self) -> bool:
        """Whether it is proved that nobody can clear with these levers alone."""
        return self.bound is None

    @property
    def is_confirmed(self) -> bool:
        """Whether a whole plan that the verifier accepts clears with what is bought."""
        return self.plan is not None and self.plan.clears

    @property
    def gap(self) -> float | None:
        """What the way shown costs above the bound, as a share of its price."""
        if self.price is None or self.bound is None:
            return None
        return (self.price - self.bound) / self.price if self.price > 0 else 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Cheapest:
    """Ways to clear by a month's end, the cheapest mix of all levers first."""

    tariff: Tariff
    deadline: int
    ways: tuple[Way, ...]

    @cached_property
    def best(self) -> Way | None:
        """The cheapest way that a whole plan confirms; None where none does."""
        found = [way for way in self.ways if way.is_confirmed and way.price is not None]
        return min(found, key=lambda way: way.price or 0.0, default=None)

    @property
    def bound(self) -> float | None:
        """No way of clearing with any of these levers costs less; None: none clears."""
        bounds = [way.bound for way in self.ways if way.bound is not None]
        return min(bounds, default=None)
