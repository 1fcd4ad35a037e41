"""Small registers, said briefly, and small nasty ones drawn at random."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from planner.domain.months import Horizon
from planner.domain.policy import Policy
from planner.domain.register import Absence, Offender, Officer, Register
from planner.domain.terms import LEVELS, Management, RiskLevel, Role, Status, VisitType
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from random import Random

AS_AT = date(2026, 1, 15)
"""Month 1 is February 2026, month 18 July 2027."""


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
    """A day of a month from ``first`` to ``last`` (numbers), most often close to its edge."""
    horizon = Horizon(as_at)
    month = draw.randint(first, last)
    start, end = horizon.start(month), horizon.end(month)
    day = draw.choice((start, end, start + timedelta(days=draw.randint(0, 27))))
    return day + timedelta(days=draw.choice((0, 0, -1, 1, -2, 2)))


def _perhaps(draw: Random, day: date, share: float = 0.5) -> date | None:
    return day if draw.random() < share else None


def _done_by(as_at: date, draw: Random) -> date | None:
    """A day on or before the as-at date, or none."""
    return _perhaps(draw, min(as_at, _day(as_at, -30, 1, draw)), 0.7)


def _person(
    n: int, as_at: date, teams: list[str], ids: list[str], draw: Random
) -> Offender:
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
