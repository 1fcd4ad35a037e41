"""Why these months, in words: a sentence or two for each duty, then its earlier months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.commands.explain_words import (
    FAULT,
    ROOM,
    day_name,
    month_name,
    month_names,
    points,
)
from planner.explain.duties import Room

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.domain.months import Horizon
    from planner.explain.duties import DutyReason, EarlierMonth
    from planner.explain.explanation import Explanation

_HARDLY = 0.05
"""Points too few to speak of."""


def month_lines(found: Explanation) -> Iterator[str]:
    """The section on months."""
    yield "Why these months"
    for row in found.not_planned:
        what = row.duty or "Nothing"
        yield f"  Not planned says: {what}{' overdue' if row.duty else ' planned'}. {row.reason}"
    if not found.duties:
        yield "  No visit and no ARMS falls due within the plan."
    for reason in found.duties:
        yield f"  {_heading(reason, found.horizon)}"
        yield from (f"    {line}" for line in _sentences(reason, found.horizon))
        if reason.earlier:
            yield from (f"    {line}" for line in _table(reason, found.horizon))


def _heading(reason: DutyReason, horizon: Horizon) -> str:
    if reason.month is None:
        when = "not done within the plan"
    else:
        when = f"{month_name(horizon, reason.month)}, by {reason.done_by}"
    due = "" if reason.due is None else f"; due {day_name(reason.due)}"
    return f"{reason.duty.value}: {when}{due}"


def _sentences(reason: DutyReason, horizon: Horizon) -> Iterator[str]:
    yield from (FAULT[fault] for fault in reason.faults)
    if reason.locked:
        yield "Locked to this month (Locks), so no other is allowed (rule 2)."
    if reason.earliest is not None:
        yield f"May be done from {month_name(horizon, reason.earliest)}. {_late(reason)}"
    elif reason.due is not None:
        yield "The person leaves the community before it may be done."
    if reason.due is not None and reason.earliest is not None and not reason.locked:
        yield from _why_not_earlier(reason, horizon)


def _late(reason: DutyReason) -> str:
    cost = points(reason.cost.total)
    if reason.month is None:
        return f"Left undone it costs {cost} points."
    if reason.months_late:
        noun = "month" if reason.months_late == 1 else "months"
        return f"{reason.months_late} {noun} late, which costs {cost} points in the plan."
    due = reason.due_month or 0
    return "Done early." if reason.month < due else "On time."


def _why_not_earlier(reason: DutyReason, horizon: Horizon) -> Iterator[str]:
    if not reason.earlier:
        if reason.month is not None and not reason.faults:
            yield "No earlier month of the plan is allowed."
        return
    worth = [e for e in reason.earlier if e.gain > _HARDLY]
    if not worth:
        yield "An earlier month would save nothing."
        return
    free = [e for e in worth if e.room is Room.FITS]
    if free:
        best = max(free, key=lambda e: e.gain)
        yield (
            f"There is room in {month_name(horizon, best.month)}: doing it then would save "
            f"{points(best.gain)} points. The plan could be better here."
        )
    swaps = [e for e in worth if e.giving_way is not None]
    if swaps:
        yield from _swap(max(swaps, key=lambda e: e.net or 0.0), horizon)
    elif not free:
        yield from _no_swap(worth, horizon)


def _swap(best: EarlierMonth, horizon: Horizon) -> Iterator[str]:
    way, net = best.giving_way, best.net
    if way is None or net is None:
        return
    gone = [m for m in way.months if m not in way.instead]
    new = [m for m in way.instead if m not in way.months]
    yield (
        f"Earlier at least cost: in {month_name(horizon, best.month)}, if the {way.duty.value} of "
        f"{way.ref} ({way.by}) gives way: {month_names(horizon, new)} instead of "
        f"{month_names(horizon, gone)}."
    )
    sum_up = (
        f"{points(-net)} points worse in all"
        if net < -_HARDLY
        else f"{points(net)} points better in all: the plan could be better here"
        if net > _HARDLY
        else "nothing gained in all"
    )
    there = "saves" if way.cost < -_HARDLY else "costs"
    yield (
        f"That saves {points(best.gain)} points here and {there} {points(abs(way.cost))} there: "
        f"{sum_up}."
    )


def _no_swap(worth: list[EarlierMonth], horizon: Horizon) -> Iterator[str]:
    short = [e for e in worth if e.room in (Room.NO_HOURS, Room.ARMS_LIMIT)]
    if not short:
        yield f"In the earlier months {ROOM[worth[0].room]}."
        return
    yield "In no earlier month is there room, and no single planned duty would make room for it."
    priced = [e for e in short if e.price is not None]
    if priced:
        best = max(priced, key=lambda e: e.gain - e.hours_needed * (e.price or 0.0))
        worth_to_others = points(best.hours_needed * (best.price or 0.0))
        yield (
            f"Its {best.hours_needed:.1f} hours in {month_name(horizon, best.month)} are worth "
            f"about {worth_to_others} points to others, and it would save {points(best.gain)}."
        )


def _table(reason: DutyReason, horizon: Horizon) -> Iterator[str]:
    heads = ("Needs", "Left", "Team left", "Price", "Saves", "Adds", "Costs")
    yield f"{'Month':<10}" + "".join(f"{head:>10}" for head in heads) + "  What it means"
    for e in reason.earlier:
        cells = (
            f"{e.hours_needed:.1f}",
            f"{e.officer_left:.1f}" if e.by else "",
            f"{e.team_left:.1f}",
            "" if e.price is None else f"{e.price:.2f}",
            points(e.saves),
            points(e.adds),
            "" if e.giving_way is None else points(e.giving_way.cost),
        )
        way = e.giving_way
        remark = ROOM[e.room] if way is None else f"in place of {way.duty.value} of {way.ref}"
        who = f"{e.by}: " if e.by else ""
        yield (
            f"{month_name(horizon, e.month):<10}"
            + "".join(f"{c:>10}" for c in cells)
            + (f"  {who}{remark}")
        )
