"""Who may do what in which month: hold a case, second a visit, do an ARMS."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planner.verify.months import ALL, LAST, Months, first_in
from planner.verify.people import Person, person_of

if TYPE_CHECKING:
    from datetime import date

    from planner.domain.policy import Policy
    from planner.domain.register import Offender, Officer, Register


@dataclass(frozen=True, slots=True)
class Post:
    """One officer's months: sets of months as bits.

    ``holds``: in post on the last working day; ``works``: on at least one working day;
    ``trained``: for ARMS by the first day. ``leaves`` within the horizon; ``joins`` is the first
    month held in, None where that is month 1 or never.
    """

    officer: Officer
    holds: int
    works: int
    trained: int
    leaves: bool
    joins: int | None

    @property
    def team(self) -> str:
        return self.officer.team


def in_post(officer: Officer, day: date) -> bool:
    return (officer.start is None or officer.start <= day) and (
        officer.end is None or day <= officer.end
    )


def post_of(officer: Officer, months: Months) -> Post:
    holds = works = trained = 0
    since = officer.arms_trained_from
    for m in range(1, LAST + 1):
        holds |= in_post(officer, months.last_working_day(m)) << m
        works |= any(in_post(officer, day) for day in months.working[m]) << m
        trained |= (since is not None and since <= months.starts[m]) << m
    joins = first_in(holds) if holds and not holds & 2 else None
    leaves = officer.end is not None and officer.end < months.last_working_day(LAST)
    return Post(officer, holds, works, trained, leaves, joins)


@dataclass(frozen=True)
class World:
    """The register as the verifier sees it, every answer worked out from the columns alone."""

    register: Register
    months: Months
    people: dict[str, Person]
    staff: dict[str, Post]
    teams: dict[str, list[str]]
    people_of: dict[str, list[Person]]
    _anyone: dict[object, int] = field(default_factory=dict)
    _working: dict[tuple[str, int], frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, register: Register) -> World:
        months = Months.after(register.as_at)
        teams: dict[str, list[str]] = {}
        for officer in register.officers:
            teams.setdefault(officer.team, []).append(officer.staff_id)
        people = {o.ref: person_of(o, register.policy, months) for o in register.offenders}
        people_of: dict[str, list[Person]] = {}
        for person in people.values():
            people_of.setdefault(person.offender.team, []).append(person)
        return cls(
            register=register,
            months=months,
            people=people,
            staff={s.staff_id: post_of(s, months) for s in register.officers},
            teams=teams,
            people_of=people_of,
        )

    @property
    def policy(self) -> Policy:
        return self.register.policy

    def known_som(self, offender: Offender) -> str | None:
        """Today's SOM, None where nobody in Staff."""
        return offender.som if offender.som in self.staff else None

    def may_hold(self, offender: Offender, staff_id: str | None) -> int:
        """The months in which an officer may hold a case."""
        post = self.staff.get(staff_id) if staff_id is not None else None
        if post is None or post.officer.staff_id in offender.not_with:
            return 0
        if not self.policy.cross_team and post.team != offender.team:
            return 0
        return post.holds if offender.needs <= post.officer.skills else 0

    def candidates(self, offender: Offender) -> list[str]:
        """Staff IDs among whom somebody who may hold the case is to be looked for."""
        return list(self.staff) if self.policy.cross_team else self.teams.get(offender.team, [])

    def held_by_anyone(self, offender: Offender) -> int:
        """The months in which there is somebody who may hold the case."""
        team = "" if self.policy.cross_team else offender.team
        key = (team, offender.not_with, offender.needs)
        if key not in self._anyone:
            months = 0
            for staff_id in self.candidates(offender):
                months |= self.may_hold(offender, staff_id)
                if months == ALL:
                    break
            self._anyone[key] = months
        return self._anyone[key]

    def working(self, team: str, month: int) -> frozenset[str]:
        """Those of a team in post on at least one working day of the month."""
        key = (team, month)
        if key not in self._working:
            ids = self.teams.get(team, [])
            self._working[key] = frozenset(s for s in ids if self.staff[s].works >> month & 1)
        return self._working[key]

    def has_nobody_else(self, team: str, lead: str, month: int) -> bool:
        """Whether the team has no colleague to second a lead in that month."""
        return not self.working(team, month) - {lead}

    def may_second(self, team: str, lead: str, staff_id: str, month: int) -> bool:
        """Whether an officer may second a lead's visit to somebody of a team."""
        post = self.staff.get(staff_id)
        if post is None or staff_id == lead or not post.works >> month & 1:
            return False
        if self.policy.cross_team or post.team == team:
            return True
        return self.has_nobody_else(team, lead, month)

    def can_assess(self, staff_id: str | None, month: int) -> bool:
        """Whether an officer is trained for ARMS and there to do one."""
        post = self.staff.get(staff_id) if staff_id is not None else None
        return post is not None and bool(post.works & post.trained & 1 << month)

    def may_do_arms(self, team: str, som: str | None, staff_id: str, month: int) -> bool:
        """Whether an officer may do the ARMS of somebody of a team whose SOM is ``som``."""
        if not self.can_assess(staff_id, month):
            return False
        if staff_id == som:
            return True
        if not self.policy.cross_team and self.staff[staff_id].team != team:
            return False
        return self.policy.arms_by_colleague or not self.can_assess(som, month)
