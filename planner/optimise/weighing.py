"""What exchanges are weighed by: single changes as arrays, the room there is, and who fits whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Singles = NDArray[np.float32]
    Ints = NDArray[np.int64]
    Exchanged = tuple[int, ...]

ALIKE = 3
LEAST_GAIN = 1e-3
MOST_PARTNERS, MOST_WEIGHED = 12, 150


class Changes(NamedTuple):
    """Single changes worth a thought: a slot takes another option.

    ``team`` is (changes, months): hours added to the team's months; ``tight`` (changes, places):
    hours or ARMS added where an officer has little room left.
    """

    slot: Ints
    option: Ints
    cost: Singles
    dearer: Singles
    team: Singles
    tight: Singles


@dataclass(frozen=True, slots=True)
class Room:
    """What is left, and what an hour beyond it costs, of a team's months and of tight places."""

    team: Singles
    team_worth: Singles
    tight: Singles
    tight_worth: Singles


def partners(
    changes: Changes, room: Room, leader: Exchanged, others: range
) -> list[tuple[float, Exchanged]]:
    """Of these others, the dozen with which the leader (none: nobody) gains most."""
    first = list(leader)
    team = room.team - changes.team[first].sum(axis=0)
    tight = room.tight - changes.tight[first].sum(axis=0)
    base = float(np.maximum(0, -room.team) @ room.team_worth)
    base += float(np.maximum(0, -room.tight) @ room.tight_worth)
    base -= float(changes.cost[first].sum())
    rows = slice(others.start, others.stop)
    value = np.maximum(0, changes.team[rows] - team) @ room.team_worth + changes.cost[rows]
    if len(first) == 1 and len(changes.slot):
        value[changes.slot[rows] == changes.slot[first]] = np.inf
    maybe = np.flatnonzero(value < base - LEAST_GAIN)
    if not len(maybe):
        return []
    if len(maybe) > MOST_WEIGHED:
        maybe = maybe[np.argpartition(value[maybe], MOST_WEIGHED)[:MOST_WEIGHED]]
    value = value[maybe] + (np.maximum(0, changes.tight[rows][maybe] - tight) @ room.tight_worth)
    gain = value - base
    good = np.flatnonzero(gain < -LEAST_GAIN)
    if len(good) > MOST_PARTNERS:
        good = good[np.argpartition(gain[good], MOST_PARTNERS)[:MOST_PARTNERS]]
    return [(float(gain[k]), (*leader, others.start + int(maybe[k]))) for k in good]


def few_alike(moved: Singles, most: int) -> Ints:
    """The first few of each set of changes that move the same hours, in order."""
    seen: dict[bytes, int] = {}
    kept = []
    keys = np.round(moved * 20).astype(np.int16)
    for n in range(len(moved)):
        key = keys[n].tobytes()
        seen[key] = seen.get(key, 0) + 1
        if seen[key] <= ALIKE:
            kept.append(n)
            if len(kept) >= most:
                break
    return np.array(kept, dtype=np.int64)
