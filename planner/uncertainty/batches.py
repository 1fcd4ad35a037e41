"""A batch of draws: what a worker is given, what it gives back, and how that is kept on disk.

A batch's key is made of all that its figures follow from: the world, the prices, the ranges, the
seed, which draws, and the version of the rule. So what was worked out for another register can
never be taken for this one's.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from planner import __version__
from planner.domain.months import HORIZON_MONTHS
from planner.uncertainty.drawn import drawn_of, likely_values, point_of, values_of
from planner.uncertainty.replay import COUNTED, Replay, Told
from planner.uncertainty.worth import Worth, worth_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.uncertainty.quantities import Range
    from planner.uncertainty.world import World
    from planner.uncertainty.worth import Pricing

RULE = 1
"""To be raised whenever the same draw would come to other figures."""
STAMP = f"{__version__} rule {RULE}"
BATCH = 25
"""Draws in a batch: a second or less of work, so that little is lost."""


@dataclass(frozen=True, eq=False)
class Ground:
    """A world with its prices, for one deadline: what all batches of a run share."""

    world: World
    pricing: Pricing
    deadline: int

    @cached_property
    def key(self) -> str:
        """What tells it from every other."""
        digest = hashlib.sha256()
        for part in _parts_of((self.world, self.pricing, self.deadline)):
            digest.update(part)
        return digest.hexdigest()


@dataclass(frozen=True, eq=False, kw_only=True)
class Batch:
    """Draws ``first`` to ``last`` (not included). ``moved`` names the one quantity not at its
    likely value, and where it is; empty: all are likely; None: every quantity is drawn.
    """

    ground: Ground
    ranges: Mapping[str, Range]
    seed: int
    first: int
    last: int
    moved: Mapping[str, float] | None = None

    @cached_property
    def key(self) -> str:
        """The name under which its figures are kept."""
        moved = None if self.moved is None else sorted(self.moved.items())
        ranges = [(name, one.low, one.likely, one.high) for name, one in self.ranges.items()]
        about = (STAMP, self.ground.key, ranges, self.seed, self.first, self.last, moved)
        return hashlib.sha256(repr(about).encode()).hexdigest()[:40]


@dataclass(frozen=True, eq=False)
class Played:
    """A batch's figures, one ``Told`` a draw, in order."""

    key: str
    stamp: str
    told: tuple[Told, ...]


def batches_of(
    ground: Ground,
    ranges: Mapping[str, Range],
    seed: int,
    draws: int,
    moved: Mapping[str, float] | None = None,
) -> list[Batch]:
    """So many draws, in batches."""
    return [
        Batch(
            ground=ground,
            ranges=ranges,
            seed=seed,
            first=first,
            last=min(first + BATCH, draws),
            moved=moved,
        )
        for first in range(0, draws, BATCH)
    ]


def played(batch: Batch) -> Played:
    """Replay a batch, wherever this runs."""
    world, ranges = batch.ground.world, batch.ranges
    worth, deadline = _worth_for(batch.ground), batch.ground.deadline
    told = []
    for draw in range(batch.first, batch.last):
        if batch.moved is None:
            values = values_of(ranges, batch.seed, draw)
        else:
            values = {**likely_values(ranges), **batch.moved}
        drawn = drawn_of(world, ranges, values, batch.seed, draw)
        told.append(Replay(world, worth, drawn, deadline).run())
    return Played(batch.key, STAMP, tuple(told))


def point_played(ground: Ground) -> Told:
    """The rule with nothing left to chance."""
    world = ground.world
    return Replay(world, _worth_for(ground), point_of(world), ground.deadline).run()


def as_bytes(done: Played) -> bytes:
    """A batch's figures as they are kept: numbers of duties only."""
    rows = [_row(told) for told in done.told]
    return json.dumps({"key": done.key, "stamp": done.stamp, "told": rows}).encode()


def from_bytes(data: bytes, batch: Batch) -> Played | None:
    """A kept batch's figures; None where they are not this batch's, or not whole."""
    try:
        kept = json.loads(data)
        told = tuple(_told(row, len(batch.ground.world.parts)) for row in kept["told"])
    except (ValueError, KeyError, TypeError):
        return None
    is_this = (kept["key"], kept["stamp"]) == (batch.key, STAMP)
    is_whole = len(told) == batch.last - batch.first
    return Played(batch.key, STAMP, told) if is_this and is_whole else None


def _row(told: Told) -> dict[str, Any]:
    counts = {name: getattr(told, name).tolist() for name in COUNTED}
    return {**counts, "parts": told.parts.tolist(), "exposure": told.exposure}


def _told(row: dict[str, Any], parts: int) -> Told:
    counts = {name: np.array(row[name], dtype=np.int64) for name in COUNTED}
    by_part = np.array(row["parts"], dtype=np.int64)
    shapes = {one.shape for one in counts.values()}
    if shapes != {(HORIZON_MONTHS,)} or by_part.shape != (3, parts):
        raise ValueError("A draw's figures are not whole.")
    return Told(**counts, parts=by_part, exposure=float(row["exposure"]))


_KNOWN: OrderedDict[str, Worth] = OrderedDict()
_MOST_KNOWN = 2


def _worth_for(ground: Ground) -> Worth:
    """What doing is worth, worked out once by each process for the grounds last met."""
    if ground.key not in _KNOWN:
        _KNOWN[ground.key] = worth_of(ground.world, ground.pricing, ground.deadline)
        while len(_KNOWN) > _MOST_KNOWN:
            _KNOWN.popitem(last=False)
    _KNOWN.move_to_end(ground.key)
    return _KNOWN[ground.key]


def _parts_of(thing: Any) -> Iterator[bytes]:
    """Everything that a thing is made of, as bytes, in an order that is always the same."""
    if isinstance(thing, np.ndarray):
        yield f"{thing.dtype.str}{thing.shape}".encode()
        yield np.ascontiguousarray(thing).tobytes()
    elif is_dataclass(thing):
        for field in fields(thing):
            yield field.name.encode()
            yield from _parts_of(getattr(thing, field.name))
    elif isinstance(thing, tuple | list):
        yield f"{len(thing)}:".encode()
        for one in thing:
            yield from _parts_of(one)
    elif isinstance(thing, dict):
        yield from _parts_of(sorted((str(k), repr(v)) for k, v in thing.items()))
    else:
        yield repr(thing).encode()
