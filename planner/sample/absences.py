"""Who is away when: annual leave, courses, a long sickness and a maternity leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.register import Absence
from planner.sample.dates import days_on, monday_on
from planner.sample.staff import by_team

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from planner.domain.months import Horizon
    from planner.domain.register import Officer
    from planner.sample.draws import Draws
    from planner.sample.size import Size

# Each number is of the 54 officers and scales with them.
LONG_ABSENCES = 2
COURSES = 12
LONG_DAYS = 30
"""An absence of more days at a stretch counts as long."""

SUMMER_LEAVE = 0.85
WINTER_LEAVE = 0.4
SPRING_LEAVE = 0.3
"""Shares of officers whose leave is booked already; the rest take theirs as the policy says."""

_SUMMER_MONTHS = (6, 7, 8, 9)
_ANNUAL_LEAVE = "Annual leave"


def absences(
    officers: Sequence[Officer], size: Size, horizon: Horizon, draws: Draws
) -> tuple[Absence, ...]:
    """Every absence listed, in the order of staff IDs and dates; nobody takes leave or a course
    out of post or while away for months.
    """
    long = list(_long(officers, size, horizon, draws))
    listed = [
        *_courses(officers, size, horizon, draws),
        *_summer(officers, horizon, draws),
        *_winter_and_spring(officers, horizon, draws),
    ]
    posts = {s.staff_id: s for s in officers}
    possible = [a for a in listed if _while_in_post(a, posts[a.staff_id]) and not _within(a, long)]
    return tuple(sorted(long + possible, key=lambda a: (a.staff_id, a.first, a.last, a.reason)))


def _while_in_post(absence: Absence, officer: Officer) -> bool:
    started = officer.start is None or officer.start <= absence.first
    return started and (officer.end is None or absence.last <= officer.end)


def _within(absence: Absence, long: Sequence[Absence]) -> bool:
    return any(
        absence.staff_id == away.staff_id
        and absence.first <= away.last
        and away.first <= absence.last
        for away in long
    )


def _long(
    officers: Sequence[Officer], size: Size, horizon: Horizon, draws: Draws
) -> Iterator[Absence]:
    """A maternity leave of five months, a sickness of as long with a phased return, in turn; in
    teams that lose nobody, as long as there are such.
    """
    losing = {s.team for s in officers if s.end is not None}
    staying = [s for s in officers if s.end is None and _settled(s, horizon)]
    mixed = sorted(draws.shuffled(staying), key=lambda s: s.team in losing)
    teams: set[str] = set()
    for i in range(min(size.of_staff(LONG_ABSENCES), len(mixed))):
        person = next((s for s in mixed if s.team not in teams), mixed[0])
        mixed.remove(person)
        teams.add(person.team)
        if i % 2 == 0:
            first = monday_on(horizon.start(2 + i % 5))
            last = days_on(first, 7 * 22 - 1)
            yield _away(person, first, last, "Maternity leave")
        else:
            first = monday_on(days_on(horizon.as_at, -45))
            back = days_on(first, 7 * 20)
            yield _away(person, first, days_on(back, -1), "Sickness")
            yield _away(person, back, days_on(back, 7 * 6 - 1), "Phased return", 0.5)


def _settled(officer: Officer, horizon: Horizon) -> bool:
    start, trained = officer.start, officer.arms_trained_from
    year_ago = days_on(horizon.as_at, -365)
    return (start is None or start < year_ago) and trained is not None and trained < horizon.as_at


def _courses(
    officers: Sequence[Officer], size: Size, horizon: Horizon, draws: Draws
) -> Iterator[Absence]:
    for officer in draws.shuffled(officers)[: size.of_staff(COURSES)]:
        month = draws.whole(1, horizon.length)
        first = monday_on(days_on(horizon.start(month), draws.whole(0, 20)))
        length = draws.one_of((2, 3, 5, 12))
        yield _away(officer, first, days_on(first, length - 1), "Course")


def _summer(officers: Sequence[Officer], horizon: Horizon, draws: Draws) -> Iterator[Absence]:
    """Two weeks each, a fortnight apart within a team, so that somebody is always in."""
    for year in _years(horizon):
        opening = monday_on(horizon.as_at.replace(year=year, month=_SUMMER_MONTHS[0], day=1))
        for team in by_team(officers).values():
            for place, officer in enumerate(draws.shuffled(team)):
                first = days_on(opening, 14 * (place % 8))
                if draws.chance(SUMMER_LEAVE) and _planned(first, horizon):
                    yield _away(officer, first, days_on(first, 11), _ANNUAL_LEAVE)


def _winter_and_spring(
    officers: Sequence[Officer], horizon: Horizon, draws: Draws
) -> Iterator[Absence]:
    for year in _years(horizon):
        for officer in officers:
            christmas = horizon.as_at.replace(year=year, month=12, day=draws.whole(19, 23))
            spring = horizon.as_at.replace(year=year, month=draws.whole(2, 5), day=10)
            easter = monday_on(spring)
            if draws.chance(WINTER_LEAVE) and _planned(christmas, horizon):
                yield _away(officer, christmas, days_on(christmas, 9), _ANNUAL_LEAVE)
            if draws.chance(SPRING_LEAVE) and _planned(easter, horizon):
                yield _away(officer, easter, days_on(easter, 4), _ANNUAL_LEAVE)


def _years(horizon: Horizon) -> range:
    return range(horizon.first.year, horizon.end(horizon.length).year + 1)


def _planned(day: date, horizon: Horizon) -> bool:
    return horizon.first <= day <= horizon.end(horizon.length)


def _away(officer: Officer, first: date, last: date, reason: str, share: float = 1.0) -> Absence:
    return Absence(staff_id=officer.staff_id, first=first, last=last, share=share, reason=reason)


def long_away(absences: Iterable[Absence]) -> frozenset[str]:
    """Who is away for more than a month at a stretch, annual leave aside."""
    return frozenset(
        a.staff_id
        for a in absences
        if not a.is_annual_leave and (a.last - a.first).days > LONG_DAYS
    )
