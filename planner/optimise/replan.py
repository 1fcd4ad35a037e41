"""Plan parts of a whole plan anew, again and again, keeping what gains.

Each time an exact model (``stretch``) decides anew what some officers' cases have done in some
months, everything else as it is. All months of one officer are planned among calendars near the
best. Of a few officers months in a row let duties slide; two pairs of months far apart let a duty
change places with one of another season; many months of one officer gather what each month has
left over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planner.optimise.stretch import Stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from random import Random

    from planner.optimise.board import Board
    from planner.optimise.near import NearCalendars
    from planner.optimise.pool import Pool
    from planner.optimise.stretch import Calendar, Done

LEAST_GAIN = 1e-6
MOST_OFFICERS = 3
PASSES = 3
"""So often is each officer's turn at most."""
PATIENCE, LITTLE = 60, 2e-4
"""Where so many tries gain less than this share of the cost, it is left at that."""


class Part(NamedTuple):
    """What is planned anew: months (columns), and the officers whose cases' duties may change."""

    columns: Calendar
    officers: frozenset[int]


def replan(
    board: Board,
    *,
    tries: int,
    effort: float,
    near_enough: float,
    stop: Callable[[], bool] = lambda: False,
) -> None:
    """Plan so many parts of a sound plan anew, until it costs no more than ``near_enough``.

    ``effort`` is for each part, in CP-SAT's own seconds. The plan stays sound.
    """
    mates = _mates(board.pool)
    value = board.value() + board.spread()
    gains: list[float] = []
    for _ in range(tries if mates else 0):
        if stop() or value <= near_enough or _is_spent(gains, value):
            break
        part = _some_part(mates, board.pool.months, board.random)
        gains.append(replan_part(board, part, effort))
        value -= gains[-1]


def _is_spent(gains: list[float], value: float) -> bool:
    """Whether the last tries have gained next to nothing."""
    return len(gains) >= PATIENCE and sum(gains[-PATIENCE:]) < LITTLE * value


def replan_officers(
    board: Board,
    near: NearCalendars,
    *,
    nodes: int,
    near_enough: float,
    stop: Callable[[], bool] = lambda: False,
) -> None:
    """Plan all months of each officer anew among near calendars, and again where that gained.

    ``nodes`` limits the search for each. The plan stays sound.
    """
    value = board.value() + board.spread()
    gain = value
    for _ in range(PASSES if nodes else 0):
        if gain < LITTLE * value:
            break
        gain = 0.0
        for officer in range(len(board.pool.officers)):
            if stop() or value <= near_enough:
                return
            gained = replan_officer(board, near, officer, nodes)
            gain, value = gain + gained, value - gained


def replan_officer(board: Board, near: NearCalendars, officer: int, nodes: int) -> float:
    """Plan all months of one officer anew; what that gains, 0 where the plan is left as it was."""
    part = Part(tuple(range(board.pool.months)), frozenset({officer}))
    known, fixed, free = _as_it_is(board, part)
    route_of = {c: board.route[board.case_of[slot]] for slot, c in enumerate(board.chain)}

    def calendars(chain: int) -> list[Calendar]:
        return [calendar.months for calendar in near.of(chain, route_of[chain])]

    stretch = Stretch(board.pool, part.columns, board.route, known, fixed, free, calendars)
    return _kept(board, part, stretch.doing_by_branching(nodes), known, fixed)


def replan_part(board: Board, part: Part, effort: float) -> float:
    """Plan one part anew; what that gains, 0 where the plan is left as it was."""
    known, fixed, free = _as_it_is(board, part)
    stretch = Stretch(board.pool, part.columns, board.route, known, fixed, free)
    return _kept(board, part, stretch.doing(effort), known, fixed)


def _as_it_is(board: Board, part: Part) -> tuple[dict[int, Done], dict[int, Calendar], set[int]]:
    """What is done of each chain in the part's months and in others; the chains that may change."""
    columns = frozenset(part.columns)
    known, fixed, free = {}, {}, set()
    for slot, chain in enumerate(board.chain):
        known[chain], fixed[chain] = _split(board, slot, columns)
        if part.officers & {board.som(slot, m) for m in part.columns}:
            free.add(chain)
    return known, fixed, free


def _kept(
    board: Board,
    part: Part,
    found: Mapping[int, Done] | None,
    known: Mapping[int, Done],
    fixed: Mapping[int, Calendar],
) -> float:
    """Put what was found on the board where it gains; what it gains."""
    if found is None:
        return 0.0
    was = board.value() + board.spread()
    changed: dict[int, Done] = {}
    for slot, chain in enumerate(board.chain):
        if found[chain] != known[chain]:
            changed[slot] = board.calendar[slot], board.doers[slot]
            _put(board, slot, fixed[chain], found[chain])
    gain = was - board.value() - board.spread()
    if gain > LEAST_GAIN and all(board.ledger.sound(m) for m in part.columns):
        return gain
    for slot, (calendar, doers) in changed.items():
        board.take_out(slot)
        board.put(slot, calendar, doers)
    return 0.0


def _split(board: Board, slot: int, columns: Collection[int]) -> tuple[Done, Calendar]:
    """What is done of a duty in these months, and by whom; the other months it is done in."""
    calendar = board.calendar[slot]
    inside = tuple(m for m in calendar if m in columns)
    by = tuple(board.who(slot, m) for m in inside)
    return (inside, by), tuple(m for m in calendar if m not in columns)


def _put(board: Board, slot: int, fixed: Calendar, done: Done) -> None:
    """Give a duty new months among those that are planned anew."""
    inside, by = done
    doers = {m: board.who(slot, m) for m in fixed} | dict(zip(inside, by, strict=True))
    months = tuple(sorted(doers))
    board.take_out(slot)
    board.put(slot, months, tuple(doers[m] for m in months) if board.is_arms[slot] else ())


def _mates(pool: Pool) -> list[list[int]]:
    """Officers who second each other; those alone in their teams together."""
    together: dict[tuple[int, ...], set[int]] = {}
    for block in pool.blocks:
        key = () if block.lone else block.members
        together.setdefault(key, set()).update(block.leads)
    return sorted({tuple(sorted(leads)): sorted(leads) for leads in together.values()}.values())


def _some_part(mates: list[list[int]], months: int, random: Random) -> Part:
    """A part by chance: the more officers somebody works with, the likelier is each of them."""
    flat = [group for group in mates for _ in group]
    group = flat[int(random.random() * len(flat))]
    manner = random.random()
    if manner < 0.2:
        length, number = 6, 1
    else:
        length, number = 4, MOST_OFFICERS
    length = min(length, months)
    if manner < 0.6 or months < 4:
        first = int(random.random() * (months - length + 1))
        columns = set(range(first, first + length))
    else:
        pairs = [int(random.random() * (months - 1)) for _ in range(2)]
        columns = {m for first in pairs for m in (first, first + 1)}
    order = {s: random.random() for s in group}
    chosen = sorted(group, key=order.__getitem__)[:number]
    return Part(tuple(sorted(columns)), frozenset(chosen))
