"""The others on the register: in custody, in hospital, abroad, missing, or managed reactively."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.domain.register import Offender
from planner.domain.terms import LEVELS, Management, Status
from planner.sample.dates import days_on
from planner.sample.draws import EvenSpread, EveryFew, apportioned
from planner.sample.people import area, visit_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from planner.sample.draws import Draws
    from planner.sample.size import Size


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """``number`` and ``returning`` (within the horizon) are for 4,158 people in the community;
    ``mix`` is shares of the levels, riskiest first; ``unseen`` days since the last visit at least.
    """

    status: Status
    number: int
    mix: Sequence[float]
    returning: int = 0
    unseen: int = 60
    management: Management = Management.ACTIVE


GROUPS = (
    _Group(status=Status.CUSTODY, number=470, mix=(0.02, 0.3, 0.38, 0.3), returning=110),
    _Group(status=Status.HOSPITAL, number=50, mix=(0.02, 0.28, 0.4, 0.3), returning=15),
    _Group(status=Status.ABROAD, number=90, mix=(0.0, 0.05, 0.25, 0.7), returning=25),
    _Group(status=Status.MISSING, number=40, mix=(0.05, 0.3, 0.35, 0.3)),
    _Group(
        status=Status.COMMUNITY,
        number=250,
        mix=(0.0, 0.0, 0.06, 0.94),
        unseen=370,
        management=Management.REACTIVE,
    ),
)
"""About 900 beside 4,158; the mix and who returns are assumptions, as no source gave them."""

LATER_RELEASE = 0.15
"""Of those who don't return within the horizon, the share with a release date after it."""


def elsewhere(
    size: Size, strength: Mapping[str, float], refs: Iterator[str], as_at: date, draws: Draws
) -> list[Offender]:
    """Everybody without duties today, nobody's case yet; returns spread over the horizon."""
    returns = EvenSpread(draws.fraction())
    people = []
    for group in GROUPS:
        number = size.of_people(group.number)
        places = _places(apportioned(number, list(strength.values())))
        levels = draws.shuffled(_places(apportioned(number, group.mix)))
        back = EveryFew(group.returning / group.number, draws.fraction())
        for place, level in zip(places, levels, strict=True):
            person = _person(group, next(refs), as_at, draws)
            person = replace(person, level=LEVELS[level], area=area(place, draws))
            if back.next():
                person = replace(person, release_date=days_on(as_at, returns.whole(2, 540)))
            elif group.returning and draws.chance(LATER_RELEASE):
                person = replace(person, release_date=days_on(as_at, draws.whole(560, 3000)))
            people.append(replace(person, team=list(strength)[place]))
    return people


def _places(parts: list[int]) -> list[int]:
    """The index of each part, as often as the part is large."""
    return [place for place, part in enumerate(parts) for _ in range(part)]


def _person(group: _Group, ref: str, as_at: date, draws: Draws) -> Offender:
    """What happened before today; a quarter went to custody before anybody saw them."""
    registered = days_on(as_at, -draws.whole(group.unseen + 900, 6000))
    seen = assessed = None
    if group.status is not Status.CUSTODY or draws.chance(0.75):
        seen = days_on(as_at, -draws.low_whole(group.unseen, group.unseen + 700))
        assessed = days_on(as_at, -draws.low_whole(group.unseen, group.unseen + 900))
    missing = group.status is Status.MISSING
    return Offender(
        ref=ref,
        status=group.status,
        level=LEVELS[-1],
        management=group.management,
        team="",
        last_visit=seen,
        last_visit_type=None if seen is None else visit_type(draws),
        failed_attempts=draws.whole(1, 4) if missing else 0,
        last_arms=assessed,
        registered_from=registered,
    )
