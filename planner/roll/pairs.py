"""A duty in the plan before and in the new one: which doings stay, and which go where."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.terms import Duty
from planner.roll.disagreements import last_done

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.domain.register import Register
    from planner.domain.written import ScheduleRow
    from planner.roll.earlier import Earlier
    from planner.workload.situation import Situation

Key = tuple[str, Duty]
"""A person's reference and a duty."""

NEAR = 2
"""Months apart at which two doings may still be the same one moved, whatever the interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A doing before and now, by month numbers of the new plan; one is None: gone, or new.

    ``before`` below 1: planned for a month that is over, and not done in it. ``is_done``: done by
    now, ahead of its month.
    """

    before: int | None
    after: int | None
    is_done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyPair:
    """One duty of one person in both plans.

    ``planned`` holds the months that the plan before gave it, past ones included, ``now`` the new
    plan's; ``stays`` those of both. ``last`` is the month in which the register shows it done since
    the plan before, None where it does not. ``beyond`` are doings after the plan before ends.
    """

    key: Key
    planned: Mapping[int, ScheduleRow]
    now: Mapping[int, ScheduleRow]
    stays: tuple[int, ...]
    pairs: tuple[Pair, ...]
    beyond: tuple[int, ...]
    last: int | None

    @property
    def elapsed(self) -> tuple[int, ...]:
        """Months that are over in which it was planned."""
        return tuple(sorted(m for m in self.planned if m < 1))

    @property
    def slipped(self) -> tuple[int, ...]:
        """Those of them in or after which the register shows no doing."""
        return tuple(m for m in self.elapsed if self.last is None or m > self.last)


def duty_pairs(
    earlier: Earlier, situation: Situation, now: Iterable[ScheduleRow]
) -> tuple[DutyPair, ...]:
    """Every duty that either plan does, by reference and duty."""
    horizon = situation.horizon
    last = horizon.number(earlier.horizon.end(earlier.horizon.length))
    old = _by_key(earlier.plan.written.schedule, situation)
    new = _by_key(now, situation)
    register = situation.register
    return tuple(
        _paired(
            key,
            old.get(key, {}),
            new.get(key, {}),
            last,
            (_interval(situation, key), done_since(earlier, register, key, situation)),
        )
        for key in sorted(old.keys() | new.keys())
    )


def done_since(earlier: Earlier, register: Register, key: Key, situation: Situation) -> int | None:
    """The month of the last doing that the register shows after the plan before was made."""
    offender = register.offender.get(key[0])
    day = None if offender is None else last_done(offender, key[1])
    before = earlier.person.get(key[0])
    if day is None or day <= earlier.plan.as_at:
        return None
    known = None if before is None else before.last_visit
    if before is not None and key[1] is Duty.ARMS:
        known = before.last_arms
    return None if day == known else situation.horizon.number(day)


def _by_key(rows: Iterable[ScheduleRow], situation: Situation) -> dict[Key, dict[int, ScheduleRow]]:
    found: dict[Key, dict[int, ScheduleRow]] = defaultdict(dict)
    for row in rows:
        found[row.ref, Duty(row.duty)][situation.horizon.number(row.month)] = row
    return dict(found)


def _interval(situation: Situation, key: Key) -> int:
    chain = situation.chain.get(key)
    return chain.interval if chain else NEAR


def _paired(
    key: Key,
    planned: Mapping[int, ScheduleRow],
    now: Mapping[int, ScheduleRow],
    last: int,
    known: tuple[int, int | None],
) -> DutyPair:
    interval, done = known
    stays = tuple(sorted(m for m in planned if m >= 1 and m in now))
    slipped = [m for m in planned if m < 1 and (done is None or m > done)]
    going = sorted([*sorted(slipped)[:1], *(m for m in planned if m >= 1 and m not in now)])
    coming = sorted(m for m in now if m not in planned)
    pairs: list[Pair] = []
    ahead = done is not None and not any(m <= done for m in planned if m < 1)
    if ahead and going:
        pairs.append(Pair(before=going.pop(0), after=None, is_done=True))
    beyond: list[int] = []
    for before in going:
        after = coming[0] if coming else None
        near = after is not None and abs(after - before) <= max(interval, NEAR)
        if after is not None and (near or before < 1):
            coming.pop(0)
            pairs.append(Pair(before=before, after=after))
        else:
            pairs.append(Pair(before=before, after=None))
    for after in coming:
        if after > last:
            beyond.append(after)
        else:
            pairs.append(Pair(before=None, after=after))
    return DutyPair(
        key=key,
        planned=planned,
        now=now,
        stays=stays,
        pairs=tuple(pairs),
        beyond=tuple(beyond),
        last=done,
    )
