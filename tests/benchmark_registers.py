"""Registers of other shapes than the sample: short of hours, with leavers, rural."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING

from planner.domain.months import Horizon
from planner.sample import synthetic_register

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.domain.register import Register

FEW_OFFICERS = 38
DONE = 0.36
LAST_LEAVER = 16
RURAL_OFFICERS = 9
TEAM_OF = "AAABBCDEF"
"""The rural unit's officers by team: three, two, and four who are alone in theirs."""


def leavers() -> Register:
    """The default sample; of the staff in order every third leaves, one in each month 2 to 16."""
    sample = synthetic_register()
    horizon = Horizon(sample.as_at)
    months = cycle(range(2, LAST_LEAVER + 1))
    chosen = sorted(s.staff_id for s in sample.officers)[::3]
    end = {staff_id: horizon.start(next(months)).replace(day=15) for staff_id in chosen}
    staff = tuple(
        replace(s, end=end[s.staff_id])
        if s.staff_id in end and s.end is None and (s.start is None or s.start < end[s.staff_id])
        else s
        for s in sample.officers
    )
    return replace(sample, officers=staff)


def rural(people: int) -> Register:
    """Nine officers in six teams, four of them alone; each team's people are its officers' cases.

    ``people`` are active and in the community. Cases of nobody go to the officers' teams in turn.
    """
    sample = synthetic_register(offenders=people, officers=RURAL_OFFICERS, seed=3)
    team = dict(zip(sorted(s.staff_id for s in sample.officers), TEAM_OF, strict=True))
    turns = cycle(TEAM_OF)
    return replace(
        sample,
        officers=tuple(replace(s, team=team[s.staff_id]) for s in sample.officers),
        offenders=tuple(
            replace(o, team=team[o.som] if o.som in team else next(turns)) for o in sample.offenders
        ),
        locks=(),
    )


REGISTERS: dict[str, Callable[[], Register]] = {
    "default sample": synthetic_register,
    "36% done": lambda: synthetic_register(completed=DONE),
    "38 officers": lambda: synthetic_register(officers=FEW_OFFICERS),
    "a third leave": leavers,
    "rural, 700 on the register": lambda: rural(575),
    "rural, 700 active": lambda: rural(700),
}
"""By the names that the table gives them."""
