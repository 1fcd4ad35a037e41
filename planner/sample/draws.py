"""Chance that comes out the same everywhere, and ways to share things out evenly."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

T = TypeVar("T")

_GOLDEN = 0.6180339887498949


class Draws:
    """A named stream of random numbers, the same for a seed on every platform and Python.

    Only ``random()`` is used, whose sequence Python promises not to change; ``shuffle`` and
    ``sample`` carry no such promise. One stream a subject: a change to the staff leaves the
    people as they were.
    """

    def __init__(self, seed: int, stream: str) -> None:
        self._random = Random(f"{seed}/{stream}")

    def fraction(self) -> float:
        """A number from 0 to 1, 1 excluded."""
        return self._random.random()

    def factor(self, low: float, high: float) -> float:
        """A number from ``low`` to ``high``."""
        return low + (high - low) * self.fraction()

    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + int(self.fraction() * (high - low + 1))

    def low_whole(self, low: int, high: int) -> int:
        """As ``whole``, small numbers more often."""
        return min(self.whole(low, high), self.whole(low, high))

    def chance(self, share: float) -> bool:
        """True in this share of the calls."""
        return self.fraction() < share

    def one_of(self, items: Sequence[T]) -> T:
        return items[self.whole(0, len(items) - 1)]

    def shuffled(self, items: Iterable[T]) -> list[T]:
        """A new list in random order (Fisher and Yates)."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.whole(0, last)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed


class EvenSpread:
    """Numbers from 0 to 1 of which any run in a row lies evenly (the golden ratio's multiples).

    Due dates drawn so load every month alike, in each team as in the whole.
    """

    def __init__(self, start: float) -> None:
        self._at = start

    def whole(self, low: int, high: int) -> int:
        """The next number, scaled from ``low`` to ``high``, both included."""
        self._at = (self._at + _GOLDEN) % 1.0
        return low + int(self._at * (high - low + 1))


class EveryFew:
    """True in a share of the calls, in any run of calls as nearly as can be.

    People come team by team, so each team has its share.
    """

    def __init__(self, share: float, start: float = 0.5) -> None:
        self._share = share
        self._sum = start

    def next(self) -> bool:
        self._sum += self._share
        if self._sum < 1:
            return False
        self._sum -= 1
        return True


def apportioned(total: int, weights: Sequence[float]) -> list[int]:
    """``total`` in whole parts near to proportion (largest remainders); the parts add up to it."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(share) for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
