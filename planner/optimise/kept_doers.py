"""ARMS that colleagues do: each by whom the plan before named, where there is room for it.

An ARMS takes the same hours whoever does it. So within a month ARMS may change hands as long as
nobody does more than there is room for: a flow finds the most that stay with whom they were given.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from ortools.graph.python import min_cost_flow

from planner.optimise.hours import grains_up
from planner.optimise.meant import NOBODY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.optimise.board import Board
    from planner.optimise.meant import Meant


class _Assessed(NamedTuple):
    """An ARMS of a month: who may do it, who is to, and who was to in the plan before."""

    slot: int
    able: tuple[int, ...]
    doer: int
    meant: int


def keep_doers(board: Board, meant: Meant) -> None:
    """Give the ARMS of each month on a board back to whom they were promised to, where it can be.

    Months stay as sound as they were. Nobody gets more ARMS than before where the hours above
    comfort could cost more than the change saves.
    """
    by_month: dict[int, list[_Assessed]] = defaultdict(list)
    for slot, chain in enumerate(board.chain):
        if board.is_arms[slot]:
            named = dict(zip(meant.months.get(chain, ()), meant.by.get(chain, ()), strict=True))
            som = board.pool.routes[board.route[board.case_of[slot]]]
            for m, doer in zip(board.calendar[slot], board.doers[slot], strict=True):
                able = board.pool.doers[int(som[m]), m]
                by_month[m].append(_Assessed(slot, able, doer, named.get(m, NOBODY)))
    for m, there in sorted(by_month.items()):
        if any(one.meant in one.able and one.meant != one.doer for one in there):
            _keep_in_month(board, meant, m, there)


def _keep_in_month(board: Board, meant: Meant, m: int, there: Sequence[_Assessed]) -> None:
    done = Counter(one.doer for one in there)
    for room in (_room(board, meant, m, there), {}):
        given = _most_kept(there, {s: done[s] + room.get(s, 0) for s in {*done, *room}})
        _give(board, m, there, given)
        if board.ledger.sound(m):
            return
        _give(board, m, there, [one.doer for one in there])


def _room(board: Board, meant: Meant, m: int, there: Sequence[_Assessed]) -> dict[int, int]:
    """How many ARMS more each of those named could do."""
    pool, ledger = board.pool, board.ledger
    kind = pool.chain_kind[board.chain[there[0].slot]]
    hours = float(pool.lead[kind])
    if hours * pool.cost_spread > meant.cost:
        return {}
    return {
        s: max(0, min(ledger.room[s][m], ledger.left[s][m] // grains_up(hours)))
        for s in sorted({one.meant for one in there if one.meant in one.able})
    }


def _most_kept(there: Sequence[_Assessed], most: dict[int, int]) -> list[int]:
    """Who does each, so that the most are done by whom they were given, and then as now."""
    flow = min_cost_flow.SimpleMinCostFlow()
    node = {s: len(there) + n for n, s in enumerate(sorted(most))}
    sink = len(there) + len(node)
    arcs: dict[int, tuple[int, int]] = {}
    for place, one in enumerate(there):
        flow.set_node_supply(place, 1)
        for s in one.able:
            if s in node:
                cost = 3 * (s != one.meant and one.meant in one.able) + (s != one.doer)
                arc = flow.add_arc_with_capacity_and_unit_cost(place, node[s], 1, cost)
                arcs[arc] = (place, s)
    for s, number in node.items():
        flow.add_arc_with_capacity_and_unit_cost(number, sink, most[s], 0)
    flow.set_node_supply(sink, -len(there))
    if flow.solve() != flow.OPTIMAL:
        return [one.doer for one in there]
    given = {place: s for arc, (place, s) in arcs.items() if flow.flow(arc)}
    return [given[place] for place in range(len(there))]


def _give(board: Board, m: int, there: Sequence[_Assessed], doers: Sequence[int]) -> None:
    """Let these do the ARMS of a month."""
    for one in there:
        board.take_out(one.slot)
    for one, doer in zip(there, doers, strict=True):
        calendar, before = board.calendar[one.slot], board.doers[one.slot]
        place = calendar.index(m)
        board.put(one.slot, calendar, (*before[:place], doer, *before[place + 1 :]))
