"""The best months for visits and ARMS together, against every possibility there is."""

from __future__ import annotations

import itertools
import math
from random import Random

import pytest

from planner.explain.calendars import NEEDLESS, Arcs, Step, best_calendars

LENGTH = 4
STEPS: tuple[Step, ...] = ((True, False), (False, True), (True, True))


def drawn(draw: Random) -> Arcs:
    def row() -> list[float]:
        return [draw.choice((0.0, 1.0, 5.0, 20.0, math.inf)) for _ in range(LENGTH)] + [
            draw.choice((0.0, 3.0, 50.0))
        ]

    return Arcs(row(), [row() for _ in range(LENGTH)])


def cost(duty: Arcs | None, months: tuple[int, ...]) -> float:
    if duty is None:
        return 0.0 if not months else math.inf
    stops = (0, *months, LENGTH + 1)
    total = sum(duty.cost(before, month) for before, month in itertools.pairwise(stops))
    return total + NEEDLESS * len(months)


def whole(
    visit: Arcs | None,
    arms: Arcs | None,
    steps: list[dict[Step, float]],
    chosen: tuple[tuple[int, ...], tuple[int, ...]],
) -> float:
    added = 0.0
    for month, open_steps in enumerate(steps, start=1):
        step = (month in chosen[0], month in chosen[1])
        if any(step):
            added += open_steps.get(step, math.inf)
    return added + cost(visit, chosen[0]) + cost(arms, chosen[1])


@pytest.mark.parametrize("seed", range(60))
def test_nothing_is_cheaper(seed: int) -> None:
    draw = Random(seed)
    visit = drawn(draw) if seed % 5 else None
    arms = drawn(draw) if seed % 7 else None
    steps = [
        {s: draw.choice((0.0, 0.5, 4.0)) for s in STEPS if draw.random() < 0.7}
        for _ in range(LENGTH)
    ]
    months = [
        tuple(m for m in range(1, LENGTH + 1) if mask >> (m - 1) & 1) for mask in range(2**LENGTH)
    ]
    least = min(whole(visit, arms, steps, pair) for pair in itertools.product(months, months))
    found = best_calendars(visit, arms, steps)
    assert whole(visit, arms, steps, found) == pytest.approx(least)
