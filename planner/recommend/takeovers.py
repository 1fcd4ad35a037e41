"""Who would hold the case from when, if an officer takes it in a month; and what bars that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.explain.bars import Bar, BarKind, own_bars, wish_bars

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.explain.case import CaseView
    from planner.optimise.routes import Route


def takeovers(view: CaseView, staff_id: str, month: int) -> Iterator[Route]:
    """The routes on which the officer takes the case in a month and keeps it while they may.

    Before it, the case is held as in the plan. After the officer leaves, by each colleague who may
    then hold it to the plan's end; where there is none, by whoever may for longest.
    """
    before = tuple(view.plan.som(view.ref, m) for m in range(1, month))
    yield from _onward(view, (*before, staff_id), staff_id)


def alone(view: CaseView, staff_id: str, month: int) -> Route:
    """The route on which nobody holds the case once the officer no longer may."""
    before = tuple(view.plan.som(view.ref, m) for m in range(1, month))
    last = _last(view, staff_id, month)
    length = view.situation.horizon.length
    return (*before, *[staff_id] * (last - month + 1), *[None] * (length - last))


def _onward(view: CaseView, route: Route, staff_id: str) -> Iterator[Route]:
    length = view.situation.horizon.length
    last = _last(view, staff_id, len(route))
    held = (*route, *[staff_id] * (last - len(route)))
    while len(held) < length and not (able := _able(view, len(held) + 1)):
        held = (*held, None)  # nobody may hold it: the register leaves no choice
    if len(held) >= length:
        yield held
        return
    month = len(held) + 1
    lasting = [s for s in able if _last(view, s, month) == length]
    longest = max(able, key=lambda s: (_last(view, s, month), s))
    for successor in lasting or [longest]:
        yield from _onward(view, (*held, successor), successor)


def _able(view: CaseView, month: int) -> list[str]:
    return list(view.routes.holders(view.offender, month))


def _last(view: CaseView, staff_id: str, month: int) -> int:
    """The last month up to which the officer, who may hold the case in ``month``, may hold it."""
    return max(month, view.situation.posts.holding_months[staff_id].stop - 1)


def bars_at_once(view: CaseView, staff_id: str, month: int) -> tuple[Bar, ...]:
    """Why the officer may not take the case in the month, whatever happens later.

    Team, conflict of interest, skills, not in post; a keep or a lock on the SOM; rule 4 on when a
    case may change hands.
    """
    situation, offender = view.situation, view.offender
    found = list(own_bars(situation, offender, staff_id))
    in_post = situation.posts.holding_months[staff_id]
    if in_post and month not in in_post:
        found.append(Bar(BarKind.NOT_IN_POST_THEN, months=(month,)))
    for bar in wish_bars(situation, offender, staff_id):
        held = any(situation.posts.may_hold(s, offender, month) for s in bar.names)
        if held and bar.kind in (BarKind.KEPT, BarKind.LOCKED):
            found.append(bar)
    if not _may_change(view, staff_id, month):
        found.append(Bar(BarKind.MOVE_MONTH, months=(month,)))
    return tuple(found)


def _may_change(view: CaseView, staff_id: str, month: int) -> bool:
    """Whether rule 4 lets the case come to the officer in the month."""
    before = view.plan.som(view.ref, month - 1) if month > 1 else None
    if before is None or before == staff_id:
        return True
    posts = view.situation.posts
    return not posts.may_hold(before, view.offender, month) or posts.joins(staff_id) == month
