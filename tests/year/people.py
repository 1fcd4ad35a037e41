"""Who comes, goes, comes home or is recalled in a month, and whose risk level changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from planner.domain.months import Horizon
from planner.domain.register import Offender
from planner.domain.terms import LEVELS, RiskLevel, Status
from planner.sample.people import LEVEL_MIX
from planner.workload.community import stay

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import numpy as np

    from planner.domain.register import Register
    from tests.year.habits import Habits

AWAY = frozenset({Status.CUSTODY, Status.HOSPITAL, Status.ABROAD})
ENDED, LEFT = "Registration ended", "Died or moved away"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """What a month made of the people on the register; ``gone_from``: not there from that day.

    ``gone`` says why somebody is on it no more; ``events`` counts what happened.
    """

    people: dict[str, Offender]
    new: tuple[Offender, ...]
    gone: dict[str, str]
    gone_from: dict[str, date]
    events: Counter[str]


class Turning:
    """Draws what happens to each person in month 1 of a register."""

    def __init__(self, register: Register, habits: Habits, draw: np.random.Generator) -> None:
        horizon = Horizon(register.as_at)
        self.register = register
        self.first, self.last = horizon.start(1), horizon.end(1)
        self.habits = habits
        self.draw = draw
        self.gone: dict[str, str] = {}
        self.gone_from: dict[str, date] = {}
        self.events: Counter[str] = Counter()

    def turned(self, first_new: int) -> Turned:
        """Everybody by reference as at the month's end; new people are numbered from there."""
        people = {}
        for person in sorted(self.register.offenders, key=lambda o: o.ref):
            if (later := self._later(person)) is not None:
                people[person.ref] = later
        new = tuple(self._new(first_new))
        people |= {person.ref: person for person in new}
        return Turned(
            people=people,
            new=new,
            gone=self.gone,
            gone_from=self.gone_from,
            events=self.events,
        )

    def _later(self, person: Offender) -> Offender | None:
        """The person as at the month's end; None: not on the register any more."""
        if person.registered_until is not None and person.registered_until <= self.last:
            self._off(person, ENDED, person.registered_until)
            return None
        if self._happens(self.habits.gone):
            self._off(person, LEFT, self._day())
            return None
        person = self._other_level(person)
        if person.status in AWAY:
            return self._away(person)
        if person.status is Status.MISSING:
            if self._happens(self.habits.found):
                self.events["Found again"] += 1
                return replace(person, status=Status.COMMUNITY)
            return person
        return self._in_community(person)

    def _off(self, person: Offender, why: str, last: date) -> None:
        self.gone[person.ref] = why
        self.gone_from[person.ref] = last + timedelta(days=1)
        self.events[why] += 1

    def _other_level(self, person: Offender) -> Offender:
        if not self._happens(self.habits.level_changes):
            return person
        step = 1 if self.draw.random() < 0.5 else -1
        level = RiskLevel(min(max(person.level + step, RiskLevel.LOW), RiskLevel.VERY_HIGH))
        if level is not person.level:
            self.events["Risk level up" if step > 0 else "Risk level down"] += 1
        return replace(person, level=level)

    def _away(self, person: Offender) -> Offender:
        due = person.release_date
        if due is None or due > self.last + timedelta(days=31):
            return person
        if due > self.last:
            if self._happens(self.habits.release_moved):
                self.events["Release put off"] += 1
                return replace(person, release_date=due + timedelta(days=self._whole(20, 120)))
            return person
        self.events["Came home"] += 1
        return home(person, self.register)

    def _in_community(self, person: Offender) -> Offender:
        if self._happens(self.habits.recalled):
            self.events["Recalled"] += 1
            self.gone_from[person.ref] = self._day()
            back = None if self._happens(0.3) else self.last + timedelta(days=self._whole(20, 200))
            return replace(person, status=Status.CUSTODY, release_date=back)
        if self._happens(self.habits.missing):
            self.events["Went missing"] += 1
            self.gone_from[person.ref] = self._day()
            return replace(person, status=Status.MISSING)
        return person

    def _new(self, number: int) -> Iterable[Offender]:
        there = Counter(o.team for o in self.register.offenders if _is_there(o, self.first))
        yearly = self.register.policy.inflow_per_year * there.total()
        teams = sorted(there)
        shares = [there[team] / there.total() for team in teams]
        mix = [LEVEL_MIX[level] for level in LEVELS]
        for n in range(int(self.draw.poisson(yearly / 12))):
            team = teams[int(self.draw.choice(len(teams), p=shares))]
            level = LEVELS[int(self.draw.choice(len(LEVELS), p=[m / sum(mix) for m in mix]))]
            person = Offender(
                ref=f"NR-{number + n:05d}",
                status=Status.COMMUNITY,
                level=level,
                team=team,
                registered_from=self._day(),
            )
            if self._happens(self.habits.arrives_in_custody):
                back = self.last + timedelta(days=self._whole(20, 400))
                person = replace(person, status=Status.CUSTODY, release_date=back)
            self.events["Registered"] += 1
            yield person

    def _happens(self, share: float) -> bool:
        return bool(self.draw.random() < share)

    def _whole(self, least: int, most: int) -> int:
        return int(self.draw.integers(least, most + 1))

    def _day(self) -> date:
        return self.first + timedelta(days=self._whole(0, (self.last - self.first).days))


def _is_there(person: Offender, day: date) -> bool:
    days = stay(person)
    return days is not None and days.covers(day)


def home(person: Offender, register: Register) -> Offender:
    """Somebody who has come home, entered so that visit and ARMS stay due when they were.

    Before, both were due so many days after the release, whatever the columns said (contract,
    section 3). Now the columns count: the visits of years ago are taken out, the registration
    begins anew with the release, and ARMS due is filled in.
    """
    begins = [d for d in (person.release_date, person.registered_from) if d is not None]
    since = max(begins)
    within = timedelta(days=register.policy.arms_first_within_days)
    return replace(
        person,
        status=Status.COMMUNITY,
        release_date=None,
        last_visit=None,
        last_visit_type=None,
        failed_attempts=0,
        registered_from=since,
        arms_due=since + within if person.arms_applicable else None,
    )
