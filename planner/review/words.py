"""What edits cost, in sentences a sergeant reads."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from planner.review.cost import Limit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planner.domain.months import Horizon
    from planner.review.answers import Review, ReviewedBook
    from planner.review.cost import EditCost, Over

NOTHING = "Nothing"
MOST_OVERS = 4
MOST_OFFICERS = 6
MOST_MONTHS = 2
LEAST_POINTS = 0.05


def cost_text(cost: EditCost | None, horizon: Horizon, most: int = MOST_OVERS) -> str:
    """Exposure, hours and who is now over; "Nothing" where an edit moves nothing."""
    if cost is None or cost.is_nothing:
        return NOTHING
    parts = [_points(cost)] if _points(cost) else []
    if cost.moves:
        parts.append(f"changes of SOM that count {cost.moves:+d}")
    if cost.hours:
        parts.append(f"hours: {hours_text(cost.hours, horizon)}")
    if cost.over:
        parts.append(f"now over: {overs_text(cost.over, horizon, most)}")
    text = "; ".join(parts) or NOTHING
    return f"{text[:1].upper()}{text[1:]}."


def total_text(review: Review, horizon: Horizon, most: int = MOST_OVERS) -> str:
    """What all that may be stored costs, and whether too many cases then change hands."""
    text = cost_text(review.total, horizon, most)
    return f"{text} {moves_line(review)}" if moves_line(review) else text


def total_lines(review: Review) -> tuple[str, ...]:
    """The same in short lines, hours and people left to a table."""
    total = review.total
    if total.is_nothing:
        return ("What may be stored costs nothing against the plan as written.",)
    over = len({(o.staff_id, o.month) for o in total.over})
    lines = [
        f"What may be stored costs, against the plan as written: {_points(total) or 'no points'}.",
        f"Hours move in {len(total.hours):,} officer-months; {over:,} are then over a limit: see "
        "What it costs.",
        moves_line(review),
    ]
    return tuple(line for line in lines if line)


def moves_line(review: Review) -> str:
    """Where more cases would change hands than the policy allows, and edits are why."""
    if review.total.moves <= 0 or review.moves <= review.moves_allowed:
        return ""
    return (
        f"Changes of SOM that count would be {review.moves:,}; moves.share allows "
        f"{review.moves_allowed:,}."
    )


def _points(cost: EditCost) -> str:
    return "; ".join(
        f"{name} {points:+,.1f}"
        for name, points in (
            ("exposure", cost.exposure),
            ("very high and high visits overdue", cost.protected),
            ("overdue at the plan's end", cost.uncleared),
        )
        if abs(points) >= LEAST_POINTS
    )


def hours_text(hours: Mapping[tuple[str, int], float], horizon: Horizon) -> str:
    """Hours more and less by officer, with the month, or how many months."""
    by_officer: dict[str, dict[int, float]] = defaultdict(dict)
    for (staff_id, month), more in hours.items():
        by_officer[staff_id][month] = more
    told = [
        f"{staff_id} {_by_month(by_officer[staff_id], horizon)}" for staff_id in sorted(by_officer)
    ]
    return _listed(told, MOST_OFFICERS)


def overs_text(overs: Sequence[Over], horizon: Horizon, most: int = MOST_OVERS) -> str:
    """Who is over what, by how much, the first few."""
    return _listed([over_text(over, horizon) for over in overs], most)


def over_text(over: Over, horizon: Horizon) -> str:
    """One officer over one limit in one month."""
    month = f"{horizon.start(over.month):%b %Y}"
    if over.limit is Limit.HOURS:
        return f"{over.staff_id} by {over.by:,.1f} hours in {month}"
    noun = "cases above the cap" if over.limit is Limit.CAP else "ARMS above the most a month"
    return f"{over.staff_id} by {over.by:,.0f} {noun} in {month}"


def book_line(book: ReviewedBook) -> str:
    """What becomes of a workbook, and how to go on where it is held back."""
    if not book.edits:
        return "Nothing is said in it."
    if not book.may_be_stored:
        held = sum(edit.answer.holds_back for edit in book.edits)
        noun = "entry holds" if held == 1 else "entries hold"
        return (
            f"Held back whole: {held} {noun} it back. Put right or empty those cells, save, and "
            "review it again; nothing of it is stored until then."
        )
    new = len(book.accepted)
    if not new:
        return "Nothing new: everything in it was said before."
    return f"May be stored: {new} new {'entry' if new == 1 else 'entries'}."


def _by_month(months: Mapping[int, float], horizon: Horizon) -> str:
    """Each month's hours; of more than a few months, their sum."""
    if len(months) <= MOST_MONTHS:
        each = (f"{more:+,.1f} in {horizon.start(m):%b %Y}" for m, more in sorted(months.items()))
        return " and ".join(each)
    first, last = horizon.start(min(months)), horizon.start(max(months))
    total = sum(months.values())
    return f"{total:+,.1f} in {len(months)} months, {first:%b %Y} to {last:%b %Y}"


def _listed(told: Iterable[str], most: int) -> str:
    told = list(told)
    more = f" and {len(told) - most} more" if len(told) > most else ""
    return ", ".join(told[:most]) + more
