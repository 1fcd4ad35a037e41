"""The active people in the community: their level, when they were last seen and assessed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from planner.domain.policy import Policy
from planner.domain.register import Offender
from planner.domain.terms import LEVELS, RiskLevel, Status, VisitType
from planner.sample.dates import days_on, months_on
from planner.sample.draws import EvenSpread, EveryFew, apportioned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from planner.sample.draws import Draws
    from planner.sample.size import Size

LEVEL_MIX = {
    RiskLevel.VERY_HIGH: 0.005,
    RiskLevel.HIGH: 0.155,
    RiskLevel.MEDIUM: 0.32,
    RiskLevel.LOW: 0.52,
}
"""Merseyside 2018 (0.3 and 15.7%) and the national mix of 2016, as the domain notes give them."""

VISIT_OVERDUE = {
    RiskLevel.VERY_HIGH: (0.06, 5, 25),
    RiskLevel.HIGH: (0.08, 10, 120),
    RiskLevel.MEDIUM: (0.12, 20, 240),
    RiskLevel.LOW: (0.15, 30, 400),
}
"""The share of each level whose visit is overdue, and by how many days, at least and at most."""

ARMS_OVERDUE_DAYS = {
    RiskLevel.VERY_HIGH: 300,
    RiskLevel.HIGH: 540,
    RiskLevel.MEDIUM: 760,
    RiskLevel.LOW: 910,
}
"""By how many days an ARMS is overdue at most: the riskiest came first, none above 30 months."""

NEVER_SEEN = 0.005
NEVER_SEEN_DAYS = 700
"""They registered at most so many days ago, so no visit is overdue by two years."""
NEVER_ASSESSED = 0.15
OWN_INTERVAL = 0.02
OWN_CREW = 0.015
OWN_ARMS_DUE = 0.06
UNDATED = 4
"""People about whom no date at all is known, of 4,158."""
ENDING_SOON = 0.04
ENDING_LATER = 0.1
DISTRICTS = 6

_INTERVALS = {
    RiskLevel.HIGH: ((2, "Risk management plan: recent breach of an order"),),
    RiskLevel.MEDIUM: (
        (4, "Risk management plan: change of circumstances"),
        (9, "Risk management plan: stable, supported accommodation"),
    ),
    RiskLevel.LOW: ((6, "Risk management plan: new relationship"),),
}


class ArmsState(Enum):
    """Where a person stands with ARMS on the as-at date."""

    NOT_APPLICABLE = auto()
    NEWLY_REGISTERED = auto()
    UNDATED = auto()
    OVERDUE = auto()
    CURRENT = auto()


@dataclass
class Dating:
    """What turns a drawn person into one with dates: the day, the chance, even spreads."""

    as_at: date
    draws: Draws
    visits: EvenSpread
    arms: EvenSpread
    never_seen: EvenSpread
    ending: EveryFew
    policy: Policy

    @classmethod
    def on(cls, as_at: date, draws: Draws) -> Dating:
        visits, arms = EvenSpread(draws.fraction()), EvenSpread(draws.fraction())
        ending = EveryFew(ENDING_SOON, draws.fraction())
        return cls(as_at, draws, visits, arms, EvenSpread(0.0), ending, Policy())

    def interval(self, person: Offender) -> int:
        """Months from one visit to the next."""
        return person.visit_interval or int(self.policy.visit_interval[person.level])


def community(
    size: Size, strength: Mapping[str, float], refs: Iterator[str], dating: Dating
) -> list[Offender]:
    """Active people in the community, level by level and team by team, nobody's case yet."""
    people = _by_level_and_team(size, strength, refs, dating.draws)
    states = _arms_states(people, size, dating.draws)
    overdue = _visit_overdue(people)
    dated = []
    for person, state, late in zip(people, states, overdue, strict=True):
        if state is ArmsState.UNDATED:
            dated.append(person)
        elif state is ArmsState.NEWLY_REGISTERED:
            dated.append(_newly_registered(person, dating))
        else:
            dated.append(_known(_with_overrides(person, dating), state, late, dating))
    return dated


def area(team: int, draws: Draws) -> str:
    """An invented district: no postcode begins so."""
    return f"Z{team + 1:02d}-{draws.whole(1, DISTRICTS)}"


def _by_level_and_team(
    size: Size, strength: Mapping[str, float], refs: Iterator[str], draws: Draws
) -> list[Offender]:
    people = []
    levels = apportioned(size.offenders, [LEVEL_MIX[level] for level in LEVELS])
    for level, number in zip(LEVELS, levels, strict=True):
        parts = apportioned(number, list(strength.values()))
        for index, (team, part) in enumerate(zip(strength, parts, strict=True)):
            for _ in range(part):
                person = Offender(
                    ref=next(refs),
                    status=Status.COMMUNITY,
                    level=level,
                    team=team,
                    area=area(index, draws),
                )
                people.append(person)
    return people


def _arms_states(people: list[Offender], size: Size, draws: Draws) -> list[ArmsState]:
    """Exactly ``size.overdue`` of them overdue; the exceptions are nobody at very high risk."""
    riskiest = [i for i, p in enumerate(people) if p.level is RiskLevel.VERY_HIGH]
    others = draws.shuffled(i for i, p in enumerate(people) if p.level < RiskLevel.VERY_HIGH)
    undated = min(size.of_people(UNDATED), size.overdue)
    states = [ArmsState.CURRENT] * len(people)
    for state, number in (
        (ArmsState.NOT_APPLICABLE, size.not_applicable),
        (ArmsState.NEWLY_REGISTERED, size.newly_registered),
        (ArmsState.UNDATED, undated),
    ):
        for i in others[:number]:
            states[i] = state
        others = others[number:]
    still = size.overdue - states.count(ArmsState.UNDATED)
    for i in draws.shuffled(others + riskiest)[:still]:
        states[i] = ArmsState.OVERDUE
    return states


def _visit_overdue(people: list[Offender]) -> list[bool]:
    """Every so many of a level, so that each team has its share of the overdue."""
    quota = {level: EveryFew(VISIT_OVERDUE[level][0]) for level in LEVELS}
    return [quota[person.level].next() for person in people]


def _with_overrides(person: Offender, dating: Dating) -> Offender:
    draws = dating.draws
    if person.level in _INTERVALS and draws.chance(OWN_INTERVAL):
        months, reason = draws.one_of(_INTERVALS[person.level])
        person = replace(person, visit_interval=months, interval_reason=reason)
    if draws.chance(OWN_CREW) and person.level < RiskLevel.HIGH:
        person = replace(person, crew=1)
    return person


def _newly_registered(person: Offender, dating: Dating) -> Offender:
    """Registered less than 56 days ago and not assessed yet; half have been seen."""
    draws, as_at = dating.draws, dating.as_at
    age = draws.whole(3, 50)
    registered = days_on(as_at, -age)
    seen = None
    if draws.chance(0.5):
        seen = min(as_at, days_on(registered, draws.whole(2, 20)))
    return replace(
        person,
        registered_from=registered,
        last_visit=seen,
        last_visit_type=None if seen is None else VisitType.ANNOUNCED,
    )


def _known(person: Offender, state: ArmsState, late: bool, dating: Dating) -> Offender:
    """Somebody on the register for a while: visits, ARMS, registration, failed attempts."""
    draws = dating.draws
    if person.level < RiskLevel.VERY_HIGH and draws.chance(NEVER_SEEN):
        person = replace(person, failed_attempts=draws.whole(0, 3))
    else:
        person = _seen(person, late, dating)
    if state is ArmsState.NOT_APPLICABLE:
        person = replace(person, arms_applicable=False)
    else:
        person = _assessed(person, state, dating)
    person = _registered(person, dating)
    return person if person.last_visit is not None else _never_seen(person, state, dating)


def _never_seen(person: Offender, state: ArmsState, dating: Dating) -> Offender:
    """Registered not long ago; not assessed either, unless the ARMS is current (on paper)."""
    as_at, first = dating.as_at, int(dating.policy.arms_first_within_days)
    if state is ArmsState.OVERDUE:
        most = min(NEVER_SEEN_DAYS, first + ARMS_OVERDUE_DAYS[person.level])
        age = dating.never_seen.whole(first, most)
        person = replace(person, last_arms=None, arms_due=None)
    elif person.last_arms is not None:
        age = dating.never_seen.whole((as_at - person.last_arms).days, NEVER_SEEN_DAYS)
    else:
        age = dating.never_seen.whole(first, NEVER_SEEN_DAYS)
    return replace(person, registered_from=days_on(as_at, -age))


def _seen(person: Offender, late: bool, dating: Dating) -> Offender:
    draws, as_at, months = dating.draws, dating.as_at, dating.interval(person)
    if late:
        _, least, most = VISIT_OVERDUE[person.level]
        due = days_on(as_at, -draws.low_whole(least, most))
    else:
        whole_interval = (months_on(as_at, months) - as_at).days
        due = days_on(as_at, dating.visits.whole(1, whole_interval))
    last = min(as_at, months_on(due, -months))
    return replace(
        person,
        last_visit=last,
        last_visit_type=visit_type(draws),
        failed_attempts=_failed(late, draws),
    )


def visit_type(draws: Draws) -> VisitType | None:
    """A little more than half unannounced; now and then nobody wrote it down."""
    if draws.chance(0.04):
        return None
    return VisitType.UNANNOUNCED if draws.chance(0.55) else VisitType.ANNOUNCED


def _failed(late: bool, draws: Draws) -> int:
    """Failed attempts explain some of the late visits; two or more are the warrant threshold."""
    if not draws.chance(0.4 if late else 0.03):
        return 0
    return 1 if draws.chance(0.6) else draws.whole(2, 4)


def _assessed(person: Offender, state: ArmsState, dating: Dating) -> Offender:
    draws, as_at = dating.draws, dating.as_at
    if state is ArmsState.CURRENT:
        due = days_on(as_at, dating.arms.whole(3, 364))
    else:
        due = days_on(as_at, -draws.low_whole(0, ARMS_OVERDUE_DAYS[person.level]))
        first = days_on(due, -int(dating.policy.arms_first_within_days))
        seen_since = person.last_visit is None or first < person.last_visit
        if seen_since and draws.chance(NEVER_ASSESSED):
            return replace(person, registered_from=first)
    last = months_on(due, -int(dating.policy.arms_review_months))
    if draws.chance(OWN_ARMS_DUE):
        return replace(person, last_arms=days_on(last, -draws.whole(0, 60)), arms_due=due)
    return replace(person, last_arms=last)


def _registered(person: Offender, dating: Dating) -> Offender:
    """Since when and until when, around the dates already there."""
    draws, as_at = dating.draws, dating.as_at
    since = person.registered_from
    if since is None:
        dates = [d for d in (person.last_visit, person.last_arms) if d is not None]
        earliest = min(dates, default=days_on(as_at, -120))
        since = days_on(earliest, -draws.whole(20, 4500))
    until = None
    if person.level < RiskLevel.VERY_HIGH:
        if dating.ending.next():
            until = days_on(as_at, draws.whole(30, 540))
        elif draws.chance(ENDING_LATER):
            until = days_on(as_at, draws.whole(560, 2500))
    blank = person.last_visit is not None and person.last_arms is not None and draws.chance(0.04)
    return replace(person, registered_from=None if blank else since, registered_until=until)
