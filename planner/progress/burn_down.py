"""The backlog promised, month by month, against what was reached."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.months import Horizon
from planner.domain.terms import LEVELS
from planner.progress.past import months_from

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from planner.progress.past import Past, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthEnd:
    """ARMS overdue at a month's end, by level, riskiest first; None: not promised, not known.

    ``in_force`` is the promise of the plan that the month fell to (months to come: the newest
    plan's); at the first row both are what the first plan began with. ``reached`` is what the plan
    after it began with, as its register had it on ``as_at``.
    """

    month: date
    first_plan: tuple[int, ...] | None
    in_force: tuple[int, ...] | None
    reached: tuple[int, ...] | None
    as_at: date | None


def burn_down(past: Past) -> tuple[MonthEnd, ...]:
    """From the end of the month before the first plan to the end of the newest plan."""
    promised = {id(term): by_month(term) for term in past.terms}
    start = Horizon(past.first.first).start(0)
    first = promised[id(past.first)]
    last = max(max(promise, default=start) for promise in promised.values())
    begun = {Horizon(term.first).start(0): term for term in past.terms}
    first[start] = opening(past.first)
    rows = []
    for month in months_from(start, last):
        own = promised[id(past.term(month))] if month > start else first
        term = begun.get(month)
        rows.append(
            MonthEnd(
                month=month,
                first_plan=first.get(month),
                in_force=own.get(month),
                reached=opening(term) if term else None,
                as_at=term.as_at if term else None,
            )
        )
    return tuple(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMonthEnd:
    """The same of one team at one month's end."""

    month: date
    team: str
    first_plan: tuple[int, ...] | None
    in_force: tuple[int, ...] | None
    reached: tuple[int, ...] | None


def burn_down_by_team(past: Past) -> tuple[TeamMonthEnd, ...]:
    """Team by team, from month end to month end as ``burn_down``.

    A plan that does not say it by team (an older planner issued it) has promised none.
    """
    told = {id(term): _by_team(term) for term in past.terms}
    begun = {Horizon(term.first).start(0): told[id(term)] for term in past.terms}
    start = Horizon(past.first.first).start(0)
    first = told[id(past.first)]
    first |= {(start, team): levels for (month, team), levels in first.items() if month is None}
    teams = sorted({team for found in told.values() for _, team in found})
    last = max((m for found in told.values() for m, _ in found if m is not None), default=start)
    rows = []
    for month in months_from(start, last):
        own = told[id(past.term(month))] if month > start else first
        for team in teams:
            rows.append(
                TeamMonthEnd(
                    month=month,
                    team=team,
                    first_plan=first.get((month, team)),
                    in_force=own.get((month, team)),
                    reached=begun.get(month, {}).get((None, team)),
                )
            )
    return tuple(rows)


def _by_team(term: Term) -> dict[tuple[date | None, str], tuple[int, ...]]:
    """ARMS overdue by level at each month's end (None: the register's day) and team."""
    found: dict[tuple[date | None, str], Counter[str]] = defaultdict(Counter)
    for row in term.plan.team_backlog:
        found[row.month, row.team][row.level] += row.arms_overdue
    return {key: _levels(levels) for key, levels in found.items()}


def by_month(term: Term) -> dict[date, tuple[int, ...]]:
    """ARMS overdue at each month's end, as the plan promises, by level."""
    found: dict[date, Counter[str]] = defaultdict(Counter)
    for row in term.plan.written.backlog:
        if row.month is not None:
            found[row.month][row.level] += row.arms_overdue
    return {month: _levels(levels) for month, levels in sorted(found.items())}


def opening(term: Term) -> tuple[int, ...]:
    """ARMS overdue on the register's day, by level."""
    levels: Counter[str] = Counter()
    for row in term.plan.written.backlog:
        if row.month is None:
            levels[row.level] += row.arms_overdue
    return _levels(levels)


def arms_by_month(term: Term, column: str) -> dict[date, int]:
    """All levels together of ``arms_due`` or ``arms_done``, by month."""
    found: Counter[date] = Counter()
    for row in term.plan.written.backlog:
        if row.month is not None:
            found[row.month] += getattr(row, column) or 0
    return dict(found)


def cleared_month(overdue: Sequence[tuple[date, float]], limit: float) -> date | None:
    """The first month from which the backlog stays at the limit or below; None: there is none."""
    cleared = None
    for month, number in overdue:
        if number > limit:
            cleared = None
        elif cleared is None:
            cleared = month
    return cleared


def _levels(levels: Counter[str]) -> tuple[int, ...]:
    return tuple(levels[level.label] for level in LEVELS)
