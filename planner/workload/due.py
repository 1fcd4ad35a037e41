"""When a visit or an ARMS falls due, and how early it may be done.

Definitions: ``docs/contract.md``, section 3, "Due".
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING

from planner.domain.terms import Duty
from planner.workload.community import stay

if TYPE_CHECKING:
    from planner.domain.policy import Policy
    from planner.domain.register import Offender

VISIT_EARLY_AT_MOST = 2
ARMS_EARLY = 2


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last where it has no such day."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return date(years, month, min(day.day, calendar.monthrange(years, month)[1]))


def applies(offender: Offender, duty: Duty) -> bool:
    """Whether the duty is owed at all: active, some day in the community, ARMS applicable."""
    if not offender.is_active or stay(offender) is None:
        return False
    return duty is Duty.VISIT or offender.arms_applicable


def interval_months(offender: Offender, duty: Duty, policy: Policy) -> int:
    """Months from one doing to the next due month."""
    if duty is Duty.ARMS:
        return int(policy.arms_review_months)
    return int(offender.visit_interval or policy.visit_interval[offender.level])


def early_months(offender: Offender, duty: Duty, policy: Policy) -> int:
    """How many months before its due month the duty may be done."""
    if duty is Duty.ARMS:
        return ARMS_EARLY
    return min(VISIT_EARLY_AT_MOST, interval_months(offender, duty, policy) // 2)


def first_due(offender: Offender, duty: Duty, policy: Policy, as_at: date) -> date | None:
    """The date on which the duty is next due; None where it is not owed at all."""
    days = stay(offender)
    if days is None or not applies(offender, duty):
        return None
    within = timedelta(
        days=policy.visit_first_within_days if duty is Duty.VISIT else policy.arms_first_within_days
    )
    if days.last < as_at:
        return None
    if days.first > as_at:
        begins = (d for d in (offender.release_date, offender.registered_from) if d is not None)
        return max(begins) + within
    interval = interval_months(offender, duty, policy)
    if duty is Duty.ARMS and offender.arms_due is not None:
        return offender.arms_due
    last = offender.last_visit if duty is Duty.VISIT else offender.last_arms
    if last is not None:
        return add_months(last, interval)
    if offender.registered_from is not None:
        return offender.registered_from + within
    return as_at
