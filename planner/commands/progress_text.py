"""Progress as lines of text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from planner.progress.counts import in_month, summed
from planner.progress.fate import SlipReason
from planner.progress.parts import parts_reached
from planner.progress.words import (
    delivered,
    forecast_lines,
    headline,
    hours_lines,
    known_lines,
    remarks,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from planner.progress.counts import Count
    from planner.progress.fate import PlannedDuty
    from planner.progress.progress import Progress

MOST_SHOWN = 100
"""Slipped duties named one by one."""


def progress_text(progress: Progress, with_refs: bool) -> str:
    """The backlog first, then months, what slipped and why, the pace and the hours."""
    newest, months = progress.plans[-1], progress.months
    plans = f"{len(progress.plans)} plan{'s' * (len(progress.plans) != 1)}"
    span = f"{months[0].month:%B %Y}"
    if len(months) > 1:
        span += f" to {months[-1].month:%B %Y}"
    lines = [
        f"Progress of {span}, by {plans}; the newest register is as at {newest.as_at:%d/%m/%Y}.",
        headline(progress),
        *delivered(progress),
        *remarks(progress),
        "",
        *_counted("Month", summed(progress.counts, "month", "duty"), _month_and_duty),
    ]
    whole = next((m.month for m in reversed(months) if m.is_over), months[-1].month)
    last = list(in_month(progress.counts, whole))
    name = f"{whole:%b %Y}"
    for title, by in (("team", "team"), ("level", "level")):
        rows = summed(last, by, "duty")
        if rows:
            lines += ["", *_counted(f"{name} by {title}", rows, _named(by))]
    lines += ["", *known_lines(progress), "", *_slipped(progress.slipped, with_refs)]
    lines += ["", *_backlog(progress), "", *forecast_lines(progress.forecast)]
    lines += ["", *hours_lines(progress)]
    return "\n".join(lines)


_HEADER = ("Planned", "Done", "Before", "Slipped", "Unknown", "Not yet", "Besides")
_WIDTH = 30


def _counted(title: str, rows: Sequence[Count], name: Callable[[Count], str]) -> Iterator[str]:
    yield f"{title:{_WIDTH}}" + "".join(f"{label:>9}" for label in _HEADER)
    for row in rows:
        numbers = (
            row.planned,
            row.as_planned,
            row.before,
            row.slipped,
            row.not_known,
            row.not_yet,
            row.besides,
        )
        yield f"{name(row):{_WIDTH}}" + "".join(f"{number:>9,}" for number in numbers)


def _month_and_duty(row: Count) -> str:
    return f"{row.month:%b %Y}  {row.duty}"


def _named(by: str) -> Callable[[Count], str]:
    return lambda row: f"{getattr(row, by) or 'not known'}  {row.duty}"


def _slipped(slipped: Iterable[PlannedDuty], with_refs: bool) -> Iterator[str]:
    slipped = list(slipped)
    if not slipped:
        yield "Nothing is known to have slipped."
        return
    since = sum(p.since is not None for p in slipped)
    yield f"{len(slipped):,} slipped; {since or 'none'} of them done since. Why:"
    why = Counter(p.reason for p in slipped)
    yield from (f"  {reason.value}: {why[reason]:,}" for reason in SlipReason if why[reason])
    if with_refs:
        yield from (_one(p) for p in slipped[:MOST_SHOWN])
        if len(slipped) > MOST_SHOWN:
            yield f"  … and {len(slipped) - MOST_SHOWN:,} more: --json has them all."


def _one(planned: PlannedDuty) -> str:
    why = planned.reason.value if planned.reason else ""
    detail = f" ({planned.detail})" if planned.detail else ""
    since = f"; done on {planned.since:%d/%m/%Y}" if planned.since else ""
    who = f"{planned.duty} {planned.ref}, {planned.som}"
    return f"  {planned.month:%b %Y}  {who}: {why}{detail}{since}"


_PROMISES = "".join(f"{label:>12}" for label in ("First plan", "In force", "Reached"))


def _backlog(progress: Progress) -> Iterator[str]:
    """Month ends told of; then the last one reached by team and by level."""
    yield "ARMS overdue at the end of".ljust(_WIDTH) + _PROMISES
    last = progress.months[-1].month
    for end in progress.burn_down:
        if end.month > last:
            break
        day = f"  as at {end.as_at:%d/%m/%Y}" if end.as_at else ""
        numbers = (end.first_plan, end.in_force, end.reached)
        sums = (None if levels is None else sum(levels) for levels in numbers)
        yield f"{end.month:%b %Y}".ljust(_WIDTH) + _promises(*sums) + day
    parts = parts_reached(progress)
    if parts is None:
        return
    for what, rows in (("team", parts.teams), ("level", parts.levels)):
        yield ""
        yield f"ARMS overdue, {parts.month:%b %Y} by {what}".ljust(_WIDTH) + _PROMISES
        for part in rows:
            yield part.name.ljust(_WIDTH) + _promises(part.first_plan, part.in_force, part.reached)


def _promises(*numbers: int | None) -> str:
    return "".join(f"{'' if number is None else f'{number:,}':>12}" for number in numbers)
