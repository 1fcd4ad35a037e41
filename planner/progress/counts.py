"""Planned against done, counted by month, team, level and duty."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from planner.domain.terms import LEVELS, Duty
from planner.progress.fate import Fate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from planner.progress.done import Doings
    from planner.progress.fate import PlannedDuty
    from planner.progress.past import Past

_ORDER = {level.label: place for place, level in enumerate(LEVELS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Duties of one month, team, level and kind; None in a sum over all of one of them.

    ``planned`` = ``as_planned`` + ``before`` + ``slipped`` + ``not_known`` + ``not_yet``; all that
    was done in the month is ``as_planned`` + ``besides``.
    """

    month: date | None = None
    team: str | None = None
    level: str | None = None
    duty: Duty | None = None
    as_planned: int = 0
    before: int = 0
    slipped: int = 0
    not_known: int = 0
    not_yet: int = 0
    besides: int = 0

    @property
    def planned(self) -> int:
        return self.as_planned + self.before + self.slipped + self.not_known + self.not_yet

    @property
    def done(self) -> int:
        return self.as_planned + self.besides


_FIGURES = ("as_planned", "before", "slipped", "not_known", "not_yet", "besides")
_NAMES = {
    Fate.DONE: "as_planned",
    Fate.BEFORE: "before",
    Fate.SLIPPED: "slipped",
    Fate.NOT_KNOWN: "not_known",
    Fate.OPEN: "not_yet",
}


def counts(
    past: Past, planned: Iterable[PlannedDuty], done: Doings, months: Sequence[date]
) -> tuple[Count, ...]:
    """One row for each month, team, level and duty with anything planned or done, in order."""
    found: dict[tuple[date, str, str, Duty], Counter[str]] = {}
    served: Counter[tuple[str, Duty, date]] = Counter()
    for p in planned:
        found.setdefault((p.month, p.team, p.level, p.duty), Counter())[_NAMES[p.fate]] += 1
        served[p.ref, p.duty, p.month] += p.fate is Fate.DONE
    for doing in done.all():
        if doing.month not in months:
            continue
        if served[doing.ref, doing.duty, doing.month]:
            served[doing.ref, doing.duty, doing.month] -= 1
            continue
        team, level = _who(past, doing.ref, doing.month)
        found.setdefault((doing.month, team, level, doing.duty), Counter())["besides"] += 1
    rows = [
        Count(month=month, team=team, level=level, duty=duty, **figures)
        for (month, team, level, duty), figures in found.items()
    ]
    return tuple(sorted(rows, key=_place))


def summed(rows: Iterable[Count], *by: str) -> tuple[Count, ...]:
    """Sums by some of month, team, level and duty, in order."""
    found: dict[tuple[object, ...], Counter[str]] = {}
    for row in rows:
        sums = found.setdefault(tuple(getattr(row, name) for name in by), Counter())
        for name in _FIGURES:
            sums[name] += getattr(row, name)
    made = [Count(**dict(zip(by, key, strict=True)), **sums) for key, sums in found.items()]  # type: ignore[arg-type]
    return tuple(sorted(made, key=_place))


def _place(row: Count) -> tuple[object, ...]:
    month = row.month.isoformat() if row.month else ""
    return month, row.duty or "", row.team or "", _ORDER.get(row.level or "", len(_ORDER))


def _who(past: Past, ref: str, month: date) -> tuple[str, str]:
    """Team and level by the plan in force, else by the nearest register that knows the person."""
    own = past.term(month)
    others = sorted(past.terms, key=lambda t: (abs((t.first - own.first).days), t.first))
    for term in (own, *others):
        if ref in term.people:
            return term.people[ref].team, term.people[ref].level
    return "", ""


def in_month(rows: Iterable[Count], month: date) -> Iterator[Count]:
    return (row for row in rows if row.month == month)


figures = attrgetter(*_FIGURES)
