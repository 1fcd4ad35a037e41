"""What might clear it, ranked: each repair with what is proved of it, in words and figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.result import RepairKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.domain.result import Repair, SolveResult, Standing

MOST_SHOWN = 8
"""Rows on the front page."""

WHAT_IS_PROVED = (
    "Lacking, least cost: proved with a team's officers as one; less will not do, more may be "
    "needed. Ruled out: no plan leaves nothing overdue, proved. No: plan with the change to see."
)
NO_LEVER = (
    "* Reactive management is a decision on each person's risk, made case by case. It is no way "
    "to save hours."
)


@dataclass(frozen=True, slots=True)
class RepairRow:
    """A repair, or (rank None) how things are; ``ruled_out``: clearing is proved impossible.

    ``hours_bought`` and ``saved_per_hour`` are None where no hours are bought.
    """

    rank: int | None
    kind: str
    what: str
    hours: float
    posts: float
    cost: float
    ruled_out: bool
    hours_bought: float | None
    saved_per_hour: float | None
    effect: str
    assumes: str


def repair_rows(result: SolveResult) -> tuple[RepairRow, ...]:
    """How things are, then every repair, best first; none where there is nothing to repair."""
    if not result.repairs:
        return ()
    repairs = [_row(rank, repair) for rank, repair in enumerate(result.repairs, start=1)]
    return (_as_things_are(result.repairs[0].before), *repairs)


def front_rows(result: SolveResult) -> tuple[RepairRow, ...]:
    """How things are and the best repairs: the best of each kind, then the next best."""
    now, *rows = repair_rows(result) or (None,)
    if now is None:
        return ()
    kinds = [row.kind for row in rows]
    firsts = [row for n, row in enumerate(rows) if row.kind not in kinds[:n]]
    others = [row for row in rows if row not in firsts]
    shown = {row.rank for row in (*firsts, *others)[:MOST_SHOWN]}
    return (now, *(row for row in rows if row.rank in shown))


def repair_lines(result: SolveResult, most: int) -> tuple[str, ...]:
    """The best repairs, a line each, for the screen."""
    return tuple(
        f"{row.rank}. {row.what}{'*' * _is_reactive(row)}: {row.effect}"
        for row in front_rows(result)[1 : most + 1]
    )


def repairs_for_programs(result: SolveResult) -> list[dict[str, object]]:
    """Every repair in rank order, its figures as they are and as they would be."""
    return [
        {
            "rank": rank,
            "kind": repair.kind.value,
            "what": repair.what,
            "hours_lacking": [repair.before.hours, repair.after.hours],
            "posts_lacking": [repair.before.posts, repair.after.posts],
            "cost_at_least": [repair.before.bound, repair.after.bound],
            "clearing_ruled_out": [repair.before.is_ruled_out, repair.after.is_ruled_out],
            "hours_bought": repair.hours_bought,
            "has_effect": repair.has_effect,
        }
        for rank, repair in enumerate(result.repairs, start=1)
    ]


def has_reactive(rows: Sequence[RepairRow]) -> bool:
    """Whether any row needs the warning ``NO_LEVER``."""
    return any(_is_reactive(row) for row in rows)


def title_of(row: RepairRow) -> str:
    """The repair with its rank, starred where ``NO_LEVER`` applies."""
    rank = "" if row.rank is None else f"{row.rank}. "
    return f"{rank}{row.what}{' *' * _is_reactive(row)}"


def ruled_out(row: RepairRow) -> str:
    """Yes: it is proved that no plan clears. No: that is not proved."""
    return "Yes" if row.ruled_out else "No"


def _is_reactive(row: RepairRow) -> bool:
    return row.kind == RepairKind.REACTIVE.value


def _as_things_are(now: Standing) -> RepairRow:
    return RepairRow(
        rank=None,
        kind="",
        what="As things are",
        hours=now.hours,
        posts=now.posts,
        cost=now.bound,
        ruled_out=now.is_ruled_out,
        hours_bought=None,
        saved_per_hour=None,
        effect=_how_it_stands(now) if now.is_ruled_out else "Clearing is not proved impossible.",
        assumes="",
    )


def _row(rank: int, repair: Repair) -> RepairRow:
    return RepairRow(
        rank=rank,
        kind=repair.kind.value,
        what=repair.what,
        hours=repair.after.hours,
        posts=repair.after.posts,
        cost=repair.after.bound,
        ruled_out=repair.after.is_ruled_out,
        hours_bought=repair.hours_bought or None,
        saved_per_hour=repair.saved_per_hour,
        effect=_effect(repair),
        assumes=repair.assumes,
    )


def _effect(repair: Repair) -> str:
    was, now = repair.before, repair.after
    if not repair.has_effect:
        state = " Clearing stays proved impossible." if was.is_ruled_out else ""
        return f"No effect on what is proved.{state}"
    if now.is_ruled_out:
        return _how_it_stands(now)
    if was.is_ruled_out:
        return "Clearing is no longer ruled out; plan with it to see whether it clears."
    return (
        f"Clearing was not ruled out before; the least cost falls from {was.bound:,.0f} "
        f"to {now.bound:,.0f}."
        if now.bound < was.bound
        else "Clearing was not ruled out before; the least cost does not fall."
    )


def _how_it_stands(now: Standing) -> str:
    if now.hours > 0:
        lacking = f"at least {now.hours:,.0f} hours lack ({now.posts:,.1f} posts)"
    elif now.lacks_trained:
        lacking = f"hours would do, but people trained for ARMS lack ({now.posts:,.1f} posts)"
    else:
        lacking = "some duties nobody can do in time"
    return f"Clearing is proved impossible: {lacking}."
