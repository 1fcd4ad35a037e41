"""The verifier's own picture of a person: when in the community, what falls due and when first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from planner.domain.terms import Duty, RiskLevel, Status
from planner.verify.months import ALL, LAST, Months

if TYPE_CHECKING:
    from planner.domain.policy import Policy
    from planner.domain.register import Offender

_RETURNING = (Status.CUSTODY, Status.HOSPITAL, Status.ABROAD)
_MOST_EARLY = 2


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How one duty recurs to one person: first due on a date, then every ``interval`` months.

    ``early`` is how many months before its due month it may be done.
    """

    due: date
    interval: int
    early: int

    @property
    def gap(self) -> int:
        """The fewest months between two doings."""
        return max(1, self.interval - self.early)


@dataclass(frozen=True, slots=True)
class Person:
    """``present``: the months with a day in the community; ``at_end``: with the last day so.

    ``rhythms`` has an entry for each duty that can fall due to the person, none where reactive.
    """

    offender: Offender
    opening: bool
    present: int
    at_end: int
    crew: int
    rhythms: dict[Duty, Rhythm]

    @property
    def is_risky(self) -> bool:
        return self.offender.level >= RiskLevel.HIGH


def person_of(offender: Offender, policy: Policy, months: Months) -> Person:
    stay = community_stay(offender)
    return Person(
        offender=offender,
        opening=stay is not None and stay[0] <= months.as_at <= stay[1],
        present=_overlapping(stay, months),
        at_end=_ending_in(stay, months),
        crew=int(policy.visit_crew if offender.crew is None else offender.crew),
        rhythms=_rhythms(offender, stay, policy, months.as_at),
    )


def community_stay(offender: Offender) -> tuple[date, date] | None:
    """The first and last day in the community; None for somebody never in it."""
    first = offender.registered_from or date.min
    if offender.status in _RETURNING:
        if offender.release_date is None:
            return None
        first = max(first, offender.release_date)
    elif offender.status is not Status.COMMUNITY:
        return None
    last = offender.registered_until or date.max
    return (first, last) if first <= last else None


def _overlapping(stay: tuple[date, date] | None, months: Months) -> int:
    if stay is None:
        return 0
    first, last = stay
    if first <= months.ends[1] and last >= months.starts[LAST]:
        return ALL
    days = enumerate(zip(months.starts, months.ends, strict=True))
    return sum(1 << m for m, (start, end) in days if m and first <= end and last >= start)


def _ending_in(stay: tuple[date, date] | None, months: Months) -> int:
    if stay is None:
        return 0
    first, last = stay
    if first <= months.ends[1] and last >= months.ends[LAST]:
        return ALL
    return sum(1 << m for m, end in enumerate(months.ends) if m and first <= end <= last)


def _rhythms(
    offender: Offender, stay: tuple[date, date] | None, policy: Policy, as_at: date
) -> dict[Duty, Rhythm]:
    if not offender.is_active or stay is None:
        return {}
    away = not stay[0] <= as_at <= stay[1]
    interval = visit_interval(offender, policy)
    visit_due = first_visit_due(offender, policy, as_at, away=away)
    rhythms = {Duty.VISIT: Rhythm(visit_due, interval, min(_MOST_EARLY, interval // 2))}
    if offender.arms_applicable:
        arms_due = first_arms_due(offender, policy, as_at, away=away)
        rhythms[Duty.ARMS] = Rhythm(arms_due, int(policy.arms_review_months), _MOST_EARLY)
    return rhythms


def visit_interval(offender: Offender, policy: Policy) -> int:
    """Whole months between visits: the person's own, else the policy's for the level."""
    return int(offender.visit_interval or policy.visit_interval[offender.level])


def first_visit_due(offender: Offender, policy: Policy, as_at: date, *, away: bool) -> date:
    within = int(policy.visit_first_within_days)
    if away:
        return _after_return(offender, within, as_at)
    if offender.last_visit is not None:
        return offender.last_visit + relativedelta(months=visit_interval(offender, policy))
    return _after_registration(offender, within, as_at)


def first_arms_due(offender: Offender, policy: Policy, as_at: date, *, away: bool) -> date:
    within = int(policy.arms_first_within_days)
    if away:
        return _after_return(offender, within, as_at)
    if offender.arms_due is not None:
        return offender.arms_due
    if offender.last_arms is not None:
        return offender.last_arms + relativedelta(months=int(policy.arms_review_months))
    return _after_registration(offender, within, as_at)


def _after_return(offender: Offender, within: int, as_at: date) -> date:
    begins = [d for d in (offender.release_date, offender.registered_from) if d is not None]
    return max(begins) + timedelta(days=within) if begins else as_at


def _after_registration(offender: Offender, within: int, as_at: date) -> date:
    if offender.registered_from is None:
        return as_at
    return offender.registered_from + timedelta(days=within)
