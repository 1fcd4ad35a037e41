"""Fair or familiar: what moving more cases to other officers gains, and what continuity costs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FamiliarPoint:
    """One share of cases that may change SOM: what no plan can beat, and what a plan reaches.

    ``share`` is a fraction of the register, ``allowed`` that in cases, ``moves`` the changes that
    count. ``bound`` is of ``cost``, the contract's; ``exposure``, ``mix``, ``moving`` and
    ``spread`` are parts of that. Utilisations are each officer's planned hours over capacity, the
    plan's months together: mean, standard deviation, least and most over officers with any
    capacity. The plan shown may be that of another share, where it keeps this limit too and is
    cheaper. ``accepted``: by the verifier.
    """

    share: float
    allowed: int
    moves: int
    bound: float
    cost: float
    exposure: float
    mix: float
    moving: float
    spread: float
    utilisation_mean: float
    utilisation_deviation: float
    utilisation_least: float
    utilisation_most: float
    arms_overdue: int
    visits_overdue: int
    accepted: bool

    @property
    def gap(self) -> float:
        """(cost - bound) / cost."""
        return (self.cost - self.bound) / self.cost if self.cost > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Familiar:
    """The curve, fewest moves first; ``effort`` is how hard each plan was searched for."""

    points: tuple[FamiliarPoint, ...]
    effort: str
