"""Why a duty slipped: what people said first, then what the next register shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from planner.domain.terms import Duty, Management, Status
from planner.progress.fate import PlannedDuty, SlipReason
from planner.progress.progress import progress
from tests.test_progress_counts import MAY, duty, found, unit

if TYPE_CHECKING:
    from planner.domain.written import ScheduleRow
    from tests.progress_build import Unit

JUNE = date(2027, 6, 1)


def slip(of: Unit, row: ScheduleRow) -> PlannedDuty:
    return next(
        p for p in found(of).slipped if (p.ref, p.duty, p.month) == (row.ref, row.duty, row.month)
    )


@pytest.mark.parametrize(
    ("said", "reason", "detail"),
    [
        ({}, SlipReason.NO_WORD, ""),
        ({"note": "ring first"}, SlipReason.NOTE, "ring first"),
        (
            {"result": "Nobody in", "done_on": MAY.replace(day=4)},
            SlipReason.NOBODY_IN,
            "tried on 04/05/2027",
        ),
        (
            {"result": "Refused", "done_on": MAY.replace(day=4)},
            SlipReason.REFUSED,
            "tried on 04/05/2027",
        ),
        ({"not_possible": "in hospital"}, SlipReason.NOT_POSSIBLE, "in hospital"),
        ({"lock_month": JUNE}, SlipReason.MOVED, "to Jun 2027"),
        ({"lock_month": MAY}, SlipReason.NO_WORD, ""),
        ({"not_possible": "away", "lock_month": JUNE}, SlipReason.NOT_POSSIBLE, "away"),
        ({"done_on": date(2027, 4, 30), "result": "Seen"}, SlipReason.OTHER_MONTH, "on 30/04/2027"),
        ({"note": "x", "result": "Nobody in"}, SlipReason.NOBODY_IN, ""),
    ],
)
def test_what_people_said(said: dict[str, Any], reason: SlipReason, detail: str) -> None:
    made = unit()
    row = duty(made)
    made.say(row, **said)
    seen = slip(made, row)
    assert (seen.reason, seen.detail, seen.since) == (reason, detail, None)


@pytest.mark.parametrize(
    ("change", "reason", "detail"),
    [
        ({"status": Status.CUSTODY}, SlipReason.NOT_IN_COMMUNITY, "Custody"),
        ({"status": Status.MISSING}, SlipReason.NOT_IN_COMMUNITY, "Missing"),
        ({"management": Management.REACTIVE}, SlipReason.REACTIVE, ""),
    ],
)
def test_what_the_next_register_shows_of_the_person(
    change: dict[str, Any], reason: SlipReason, detail: str
) -> None:
    made = unit()
    row = duty(made)
    made.change(row.ref, **change)
    seen = slip(made, row)
    assert (seen.reason, seen.detail) == (reason, detail)


def test_a_person_no_longer_on_the_register() -> None:
    made = unit()
    row = duty(made)
    others = tuple(o for o in made.register.offenders if o.ref != row.ref)
    made.register = replace(made.register, offenders=others, locks=())
    assert slip(made, row).reason is SlipReason.OFF_REGISTER


def test_an_officer_no_longer_in_staff() -> None:
    made = unit()
    row = duty(made)
    staff = tuple(s for s in made.register.officers if s.staff_id != row.done_by)
    made.register = replace(made.register, officers=staff, absences=(), locks=())
    assert (slip(made, row).reason, slip(made, row).detail) == (SlipReason.SOM_LEFT, row.done_by)


def test_an_officer_without_hours_afterwards() -> None:
    made = unit()
    row = duty(made)
    staff = tuple(
        replace(s, end=date(2027, 5, 20)) if s.staff_id == row.done_by else s
        for s in made.register.officers
    )
    made.register = replace(made.register, officers=staff, locks=())
    assert slip(made, row).reason is SlipReason.SOM_AWAY


def test_what_people_said_comes_before_what_the_register_shows() -> None:
    made = unit()
    row = duty(made)
    made.say(row, result="Nobody in")
    made.change(row.ref, status=Status.CUSTODY)
    assert slip(made, row).reason is SlipReason.NOBODY_IN


def test_a_register_that_was_behind_explains_what_was_planned_again() -> None:
    made = unit()
    row = duty(made)
    made.say(row, done_on=MAY.replace(day=9), result="Seen")
    found(made)  # the register at the end of May does not show it, so June plans it again
    again = next(r for r in made.planned() if (r.ref, r.duty) == (row.ref, Duty.ARMS))
    made.until()
    made.issue()
    (seen,) = (p for p in progress(made.past).slipped if (p.ref, p.duty) == (row.ref, Duty.ARMS))
    assert (seen.month, seen.reason) == (again.month, SlipReason.REGISTER_BEHIND)
    assert seen.detail == "on 09/05/2027"


def test_a_slip_that_was_made_good_says_when() -> None:
    made = unit()
    row = duty(made)
    found(made)
    made.enter(row.ref, Duty.ARMS, JUNE.replace(day=7))
    made.until()
    made.issue()
    seen = progress(made.past)
    (slipped,) = (p for p in seen.slipped if (p.ref, p.duty, p.month) == (row.ref, Duty.ARMS, MAY))
    assert slipped.since == JUNE.replace(day=7)
    still = [p for p in seen.slipped if p.month == MAY and p.ref != row.ref]
    assert still and all(p.since is None for p in still)


def test_what_was_said_of_the_plan_in_force_comes_before_what_was_said_earlier() -> None:
    made = unit()
    june = made.planned(JUNE)[0]
    made.say(june, lock_month=date(2027, 7, 1))
    found(made)
    assert (june.ref, june.duty) in {(r.ref, r.duty) for r in made.planned()}
    made.say(june, result="Refused", done_on=JUNE.replace(day=3))
    made.until()
    made.issue()
    (seen,) = (
        p
        for p in progress(made.past).slipped
        if (p.ref, p.duty, p.month) == (june.ref, june.duty, JUNE)
    )
    assert seen.reason is SlipReason.REFUSED


def test_the_newest_month_stands_first() -> None:
    made = unit()
    found(made)
    made.until()
    made.issue()
    months = [p.month for p in progress(made.past).slipped]
    assert months == sorted(months, reverse=True)
    assert set(months) == {MAY, JUNE}
