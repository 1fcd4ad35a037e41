"""Whole numbers shared out over teams in proportion to something."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from planner.workload.community import stay

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from planner.domain.register import Offender, Register

K = TypeVar("K", bound="Hashable")


def shared_out(number: int, weights: Mapping[K, float]) -> dict[K, int]:
    """Whole parts in proportion to the weights, adding up to ``number``: largest remainder.

    Of equal remainders the one first in ``weights`` gets the unit, so the caller's order decides.
    Without any weight, all weigh alike.
    """
    total = sum(weights.values())
    even = total <= 0
    exact = {
        key: number / len(weights) if even else number * weight / total
        for key, weight in weights.items()
    }
    parts = {key: math.floor(one + 1e-9) for key, one in exact.items()}
    order = sorted(exact, key=lambda key: -round(exact[key] - parts[key], 9))
    for key in order[: number - sum(parts.values())]:
        parts[key] += 1
    return parts


def active_there(register: Register) -> list[Offender]:
    """The active people in the community on the as-at date, by reference."""
    return [
        o
        for o in sorted(register.offenders, key=lambda o: o.ref)
        if o.is_active and (days := stay(o)) is not None and days.covers(register.as_at)
    ]


def people_by_team(register: Register) -> dict[str, float]:
    """How many active people in the community each team of the staff has."""
    found = Counter(o.team for o in active_there(register))
    return {team: float(found[team]) for team in register.teams}
