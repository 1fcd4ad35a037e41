"""Small registers, said briefly, and small nasty ones drawn at random, with plans for them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from planner.domain.months import HORIZON_MONTHS, Horizon
from planner.domain.plan import Holding, Plan, PlannedArms, PlannedVisit
from planner.domain.policy import Policy
from planner.domain.register import Absence, Offender, Officer, Register
from planner.domain.terms import LEVELS, Duty, Management, RiskLevel, Role, Status, VisitType
from planner.workload.announced import visit_types
from planner.workload.posts import working_days
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from random import Random

AS_AT = date(2026, 1, 15)
"""Month 1 is February 2026, month 18 July 2027."""

_MONTHS = range(1, HORIZON_MONTHS + 1)


def offender(ref: str = "P1", **columns: Any) -> Offender:
    """Somebody low, active and in the community, of team North with S1; no dates given."""
    usual: dict[str, Any] = {
        "ref": ref,
        "status": Status.COMMUNITY,
        "level": RiskLevel.LOW,
        "team": "North",
        "som": "S1",
    }
    return Offender(**{**usual, **columns})


def officer(staff_id: str = "S1", **columns: Any) -> Officer:
    """A full-time police officer of team North, long in post, trained for ARMS."""
    usual: dict[str, Any] = {
        "staff_id": staff_id,
        "team": "North",
        "arms_trained_from": date(2020, 1, 1),
    }
    return Officer(**{**usual, **columns})


def situation(
    people: Iterable[Offender] = (),
    staff: Iterable[Officer] = (),
    policy: Mapping[str, float | bool] | None = None,
    as_at: date = AS_AT,
    absences: Iterable[Absence] = (),
) -> Situation:
    """What follows from a register: S1 alone unless staff are given, nothing held back."""
    return Situation(
        Register(
            as_at=as_at,
            offenders=tuple(people),
            officers=tuple(staff) or (officer(),),
            absences=tuple(absences),
            policy=Policy.of({"inflow.per_year": 0, **(policy or {})}),
        )
    )


_AS_ATS = (
    date(2026, 1, 15),
    date(2026, 4, 1),
    date(2026, 1, 31),
    date(2027, 2, 28),
    date(2028, 2, 29),
    date(2027, 12, 31),
    date(2026, 10, 2),
)


def nasty_register(draw: Random) -> Register:
    """A few people and officers with dates on and around month ends, and any policy.

    It is valid as the reader takes validity: nothing done after the as-at date, no team without
    staff, no end before its start.
    """
    as_at = draw.choice(_AS_ATS)
    teams = ("North", "South", "West")[: draw.randint(1, 3)]
    officers = tuple(_officer(n, as_at, teams, draw) for n in range(draw.randint(1, 5)))
    staffed = sorted({s.team for s in officers})
    ids = [s.staff_id for s in officers]
    return Register(
        as_at=as_at,
        offenders=tuple(_person(n, as_at, staffed, ids, draw) for n in range(draw.randint(1, 8))),
        officers=officers,
        absences=tuple(_absence(as_at, ids, draw) for _ in range(draw.randint(0, 5))),
        policy=_policy(draw),
    )


def _day(as_at: date, first: int, last: int, draw: Random) -> date:
    """A day of a month from ``first`` to ``last`` (numbers), most often close to its edge.

    Now and then it is close to the as-at date instead.
    """
    if draw.random() < 0.15:
        return as_at + timedelta(days=draw.choice((-1, 0, 1)))
    horizon = Horizon(as_at)
    month = draw.randint(first, last)
    if last >= HORIZON_MONTHS and draw.random() < 0.2:
        month = HORIZON_MONTHS
    start, end = horizon.start(month), horizon.end(month)
    edges = (start, end, working_days(start, end)[-1])
    day = draw.choice((*edges, start + timedelta(days=draw.randint(0, 27))))
    return day + timedelta(days=draw.choice((0, 0, -1, 1, -2, 2)))


def _perhaps(draw: Random, day: date, share: float = 0.5) -> date | None:
    return day if draw.random() < share else None


def _done_by(as_at: date, draw: Random) -> date | None:
    """A day on or before the as-at date, or none."""
    return _perhaps(draw, min(as_at, _day(as_at, -30, 1, draw)), 0.7)


def _person(n: int, as_at: date, teams: list[str], ids: list[str], draw: Random) -> Offender:
    since = _perhaps(draw, _day(as_at, -20, 20, draw) if draw.random() < 0.4 else date(2019, 3, 1))
    until = _perhaps(draw, _day(as_at, -3, 20, draw), 0.3)
    if until and since and until < since:
        until = since
    return Offender(
        ref=f"P{n}",
        status=draw.choice((Status.COMMUNITY, Status.COMMUNITY, Status.COMMUNITY, *Status)),
        level=draw.choice(LEVELS),
        management=Management.REACTIVE if draw.random() < 0.15 else Management.ACTIVE,
        team=draw.choice(teams),
        som=draw.choice((None, "gone", *ids, *ids)),
        last_visit=_done_by(as_at, draw),
        last_visit_type=draw.choice((None, *VisitType)),
        visit_interval=draw.choice((None, None, draw.randint(1, 24))),
        crew=draw.choice((None, 1, 2)),
        arms_applicable=draw.random() < 0.85,
        last_arms=_done_by(as_at, draw),
        arms_due=_perhaps(draw, _day(as_at, -10, 20, draw), 0.3),
        registered_from=since,
        registered_until=until,
        release_date=_perhaps(draw, _day(as_at, -3, 20, draw), 0.6),
        not_with=frozenset(draw.sample(ids, draw.choice((0, 0, 0, 1)))),
        needs=frozenset(draw.choice(((), (), ("Youth",), ("Youth", "Deaf")))),
        keep=draw.random() < 0.1,
    )


def _officer(n: int, as_at: date, teams: tuple[str, ...], draw: Random) -> Officer:
    start = _perhaps(draw, _day(as_at, -6, 19, draw))
    end = _perhaps(draw, _day(as_at, -1, 19, draw))
    if start and end and end < start:
        end = start
    return Officer(
        staff_id=f"S{n}",
        team=draw.choice(teams),
        role=draw.choice(tuple(Role)),
        fte=draw.choice((0.0, 0.2, 0.5, 1.0)),
        start=start,
        end=end,
        arms_trained_from=_perhaps(draw, _day(as_at, -3, 19, draw), 0.7),
        skills=frozenset(draw.choice(((), ("Youth",), ("Youth", "Deaf")))),
        cap=draw.choice((None, 0, 1, 3)),
        hours_per_month=draw.choice((None, None, None, 0.0, 40.0)),
    )


def _absence(as_at: date, ids: list[str], draw: Random) -> Absence:
    first = _day(as_at, -1, 19, draw)
    return Absence(
        staff_id=draw.choice(ids),
        first=first,
        last=first + timedelta(days=draw.choice((0, 1, 5, 40, 200))),
        share=draw.choice((0.0, 0.25, 0.5, 1.0, 1.0)),
        reason=draw.choice(("Annual leave", " annual LEAVE ", "Sickness", "")),
    )


def _policy(draw: Random) -> Policy:
    drawn: dict[str, float | bool] = {
        **{f"visit.interval.{level.key}": draw.randint(1, 24) for level in LEVELS},
        "visit.first_within_days": draw.randint(0, 100),
        "arms.first_within_days": draw.randint(0, 100),
        "arms.review_months": draw.randint(1, 24),
        "visit.crew": draw.choice((1, 2)),
        "visit.failed_rate": draw.choice((0.0, 0.2, 0.5)),
        "hours.leave_days": draw.choice((0, 27, 60)),
        "hours.ramp.first_months": draw.choice((0, 1, 3)),
        "hours.ramp.second_months": draw.choice((0, 2, 3)),
        "hours.comfort": draw.choice((0.0, 0.5, 0.9)),
        "ageing": draw.choice((0.0, 0.05, 1.0)),
        "inflow.per_year": draw.choice((0.0, 0.03, 2.0, 10.0)),
        "moves.share": draw.choice((0.0, 0.15, 0.3, 1 / 3, 0.7, 1.0)),
        "backlog.cleared_at": draw.choice((0, 1, 2)),
        "cross_team": draw.random() < 0.4,
        "arms.by_colleague": draw.random() < 0.5,
    }
    return Policy.of({name: value for name, value in drawn.items() if draw.random() < 0.6})


class DrawnPlan:
    """A plan drawn at random over a register: by the rules on when and by whom, or not at all."""

    def __init__(self, found: Situation, draw: Random, *, by_the_rules: bool) -> None:
        self.situation = found
        self.register = found.register
        self.draw = draw
        self.by_the_rules = by_the_rules
        self.ids = sorted(found.register.officer)
        self.visits: list[PlannedVisit] = []
        self.arms: list[PlannedArms] = []
        self.second: dict[tuple[str, int], float] = {
            (s, m): draw.choice((0.0, 1.65, 30.0)) for s in self.ids for m in _MONTHS if m > 1
        }
        held = {o.ref: tuple(self._holdings(o)) for o in found.register.offenders}
        self.holdings = {ref: holdings for ref, holdings in held.items() if holdings}

    def plan(self) -> Plan:
        horizon = self.situation.horizon
        held = Plan(horizon, self.holdings, (), (), {})
        for ref, duty, month in self._doings():
            som = held.som(ref, month)
            if som is not None:
                self._do(self.register.offender[ref], duty, month, som)
        kinds = self._visit_types()
        visits = tuple(
            PlannedVisit(v.month, v.ref, v.som, kinds[v.ref, v.month], v.crew, v.second)
            for v in sorted(self.visits)
        )
        return Plan(horizon, self.holdings, visits, tuple(sorted(self.arms)), self.second)

    def _holdings(self, offender: Offender) -> Iterator[Holding]:
        """By the rules: a change only where the SOM may no longer hold the case."""
        posts, now = self.situation.posts, None
        for month in _MONTHS:
            able = self.ids
            if self.by_the_rules:
                able = [s for s in self.ids if posts.may_hold(s, offender, month)]
            stays = now in able and (self.by_the_rules or self.draw.random() < 0.9)
            if able and not stays:
                now = self.draw.choice(able)
                yield Holding(month, now)

    def _doings(self) -> Iterator[tuple[str, Duty, int]]:
        if not self.by_the_rules:
            for ref in self.register.offender:
                for duty in Duty:
                    for month in self.draw.choices(_MONTHS, k=self.draw.choice((0, 1, 4))):
                        yield ref, duty, month
            return
        often = self.draw.choice((0.05, 0.3, 0.9))
        for chain in self.situation.chains:
            due, before = chain.due_month, 0
            for month in _MONTHS:
                may = month > before and month >= chain.earliest(due)
                if may and chain.presence.seen_in(month) and self.draw.random() < often:
                    yield chain.ref, chain.duty, month
                    due, before = month + chain.interval, month

    def _do(self, offender: Offender, duty: Duty, month: int, som: str) -> None:
        posts, team = self.situation.posts, offender.team
        if duty is Duty.ARMS:
            able = posts.assessors(team, som, month) if self.by_the_rules else self.ids
            if able:
                self.arms.append(PlannedArms(month, offender.ref, som, self.draw.choice(able)))
            return
        crew = self.situation.crew(offender)
        named = None
        if month == 1 and crew > 1:
            able = posts.seconds(team, som, month) if self.by_the_rules else self.ids
            if not able:
                return
            named = self.draw.choice(able)
            hours = self.second.get((named, 1), 0.0) + self.situation.hours.second
            self.second[named, 1] = hours
        kind = VisitType.UNANNOUNCED
        self.visits.append(PlannedVisit(month, offender.ref, som, kind, crew, named))

    def _visit_types(self) -> dict[tuple[str, int], VisitType]:
        if not self.by_the_rules:
            kinds = tuple(VisitType)
            return {(v.ref, v.month): self.draw.choice(kinds) for v in self.visits}
        months: dict[str, list[int]] = {}
        for visit in self.visits:
            months.setdefault(visit.ref, []).append(visit.month)
        return visit_types(months, self.register.offender, self.register.policy)
