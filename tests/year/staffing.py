"""Officers fall ill, give notice, leave and join."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from planner.domain.months import Horizon
from planner.domain.register import Absence, Officer

if TYPE_CHECKING:
    import numpy as np

    from planner.domain.register import Register
    from tests.year.habits import Habits

SICKNESS = "Sickness"
TRAINED_AFTER = 90
"""Days from a joiner's first day to the ARMS training."""


def falls_ill(register: Register, habits: Habits, draw: np.random.Generator) -> tuple[Absence, ...]:
    """Who falls ill in month 1, from a day on, for whole weeks; known as an absence at its end."""
    horizon = Horizon(register.as_at)
    first, last = horizon.start(1), horizon.end(1)
    found = []
    for officer in sorted(register.officers, key=lambda s: s.staff_id):
        is_ill, day = draw.random() < habits.sickness, int(draw.integers(0, 28))
        weeks = int(draw.integers(habits.sick_weeks[0], habits.sick_weeks[1] + 1))
        gone = officer.end is not None and officer.end < first
        if is_ill and not gone and (officer.start is None or officer.start <= last):
            since = first + timedelta(days=day)
            until = since + timedelta(days=7 * weeks - 1)
            found.append(
                Absence(staff_id=officer.staff_id, first=since, last=until, reason=SICKNESS)
            )
    return tuple(found)


def turned_over(
    register: Register, month: int, habits: Habits, draw: np.random.Generator
) -> tuple[tuple[Officer, ...], Counter[str]]:
    """Staff as at the end of month 1: those whose last day is over are gone; notice, joiners.

    ``month`` counts the year's months from 1.
    """
    horizon = Horizon(register.as_at)
    last = horizon.end(1)
    events: Counter[str] = Counter()
    staff = [s for s in register.officers if s.end is None or s.end > last]
    events["Officer left"] = len(register.officers) - len(staff)
    if month >= habits.first_notice and (month - habits.first_notice) % habits.notice_every == 0:
        staying = [s for s in staff if s.end is None and (s.start is None or s.start <= last)]
        largest = Counter(s.team for s in staying)
        most = max(largest.values())
        able = sorted(s.staff_id for s in staying if largest[s.team] == most)
        leaver = able[int(draw.integers(0, len(able)))]
        end = horizon.start(3) + timedelta(days=int(draw.integers(5, 25)))
        staff = [replace(s, end=end) if s.staff_id == leaver else s for s in staff]
        events["Officer gave notice"] += 1
    if month >= habits.first_joiner and (month - habits.first_joiner) % habits.notice_every == 0:
        staff.append(_joiner(register, horizon, month))
        events["Officer to join"] += 1
    return tuple(staff), events


def _joiner(register: Register, horizon: Horizon, month: int) -> Officer:
    """In the team with the fewest who stay, with the skills of a colleague."""
    staying = Counter(dict.fromkeys(register.teams, 0))
    staying.update(s.team for s in register.officers if s.end is None)
    team = min(sorted(staying), key=lambda t: staying[t])
    mate = next(s for s in register.officers if s.team == team)
    start = horizon.start(3)
    return Officer(
        staff_id=f"NEW-{month:02d}",
        name=f"Officer who joined in month {month}",
        team=team,
        supervisor=mate.supervisor,
        start=start,
        arms_trained_from=start + timedelta(days=TRAINED_AFTER),
        skills=mate.skills,
    )
