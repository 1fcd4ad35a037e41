"""Every duty's near calendars side by side, as arrays: what an exchange chooses from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.optimise.near import NearCalendars

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Duty:
    """A slot as an exchange sees it: its chain, its case's route, and the calendar it now has.

    ``price`` is (months,): what doing it in a month is worth at the linear programme's prices.
    """

    chain: int
    route: int
    calendar: tuple[int, ...]
    cost: float
    price: Floats


class Options:
    """The calendars open to each of a pool's duties, numbered through.

    ``use`` is (options, months): 1 where the option does the duty. ``cost`` is what it costs,
    ``priced`` the same with hours at their price. ``slot`` and ``option`` are the pairs of a duty
    with each of its options; ``now`` is the option that each duty has.
    """

    def __init__(self, near: NearCalendars, duties: Sequence[Duty]) -> None:
        self.months: list[tuple[int, ...]] = []
        self._cost: list[float] = []
        self._priced: list[float] = []
        self._number: dict[tuple[int, int, tuple[int, ...]], int] = {}
        blocks: dict[tuple[int, int], list[int]] = {}
        now, lists = [], []
        for duty in duties:
            key = (id(near.of(duty.chain, duty.route)), duty.route)
            if key not in blocks:
                blocks[key] = [
                    self._enter(key, calendar.months, calendar.cost, calendar.priced)
                    for calendar in near.of(duty.chain, duty.route)
                ]
            place = (*key, duty.calendar)
            if place not in self._number:
                priced = duty.cost + float(duty.price[list(duty.calendar)].sum())
                blocks[key].append(self._enter(key, duty.calendar, duty.cost, priced))
            now.append(self._number[place])
            lists.append(blocks[key])
        self.now: Ints = np.array(now, dtype=np.int64)
        self.slot: Ints = np.repeat(np.arange(len(duties)), [len(block) for block in lists])
        self.option: Ints = np.array([n for block in lists for n in block], dtype=np.int64)
        self.cost: Floats = np.array(self._cost)
        self.priced: Floats = np.array(self._priced)
        self.use = np.zeros((len(self.months), near.pool.months), dtype=np.float32)
        for n, months in enumerate(self.months):
            self.use[n, list(months)] = 1.0

    def _enter(
        self, key: tuple[int, int], months: tuple[int, ...], cost: float, priced: float
    ) -> int:
        number = len(self.months)
        self.months.append(months)
        self._cost.append(cost)
        self._priced.append(priced)
        self._number[*key, months] = number
        return number
