"""How the simulated world behaves: every rate in one place, each an assumption of this test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """Shares are of everybody concerned, a month. What the policy states (how many visits find
    nobody in, how many register in a year) is the policy's, not repeated here.

    ``second_try`` is how often, after a visit that failed, another is tried in the same month.
    ``sickness`` comes on top of the policy's unplanned absence. ``arms_hours`` is what an ARMS
    really takes, give or take ``hours_spread``; a plan may think otherwise. An officer gives notice
    in the month ``first_notice`` and every ``notice_every`` months after; as many join.
    """

    second_try: float = 0.5
    refused: float = 0.1
    sickness: float = 0.03
    sick_weeks: tuple[int, int] = (1, 6)
    level_changes: float = 0.008
    recalled: float = 0.002
    missing: float = 0.0005
    found: float = 0.2
    release_moved: float = 0.1
    gone: float = 0.0007
    arrives_in_custody: float = 0.1
    arms_hours: float = 6.0
    hours_spread: float = 0.5
    first_notice: int = 2
    first_joiner: int = 3
    notice_every: int = 5


def chances(seed: int, month: int, about: str) -> np.random.Generator:
    """Chance for one thing in one month: the same whatever else is drawn before."""
    return np.random.default_rng([seed, month, *about.encode()])
