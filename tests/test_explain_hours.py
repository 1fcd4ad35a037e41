"""Hours left: whether a duty fits is asked of the month as it then stands."""

from __future__ import annotations

from datetime import date

from planner.domain.terms import Duty
from planner.explain.case import CaseView
from planner.explain.hours import Doing, HoursLeft
from tests.build import offender, officer, situation
from tests.plan_build import plain_plan


def hours_left() -> HoursLeft:
    """Two trained officers of one team, some thirty ARMS of time each, and nothing planned."""
    staff = [officer(s, arms_trained_from=date(2020, 1, 1)) for s in ("S1", "S2")]
    seen = {"last_visit": date(2026, 1, 10), "last_arms": date(2026, 1, 10)}
    found = situation([offender("P1", som="S1", visit_interval=24, **seen)], staff)
    return CaseView(found, plain_plan(found), "P1").hours


def arms(by: str, times: int) -> list[Doing]:
    return [Doing(f"Q{n}", Duty.ARMS, 2, by, 0) for n in range(times)]


def test_a_month_overfull_by_others_is_not_made_worse_by_what_still_has_room() -> None:
    hours = hours_left()
    most = hours.arms_room("S1", 2)
    assert hours.fits(arms("S1", 1))
    with hours.with_also(arms("S1", most + 1)):
        assert not hours.fits(arms("S1", 1))
        assert hours.fits(arms("S2", 1))
    assert hours.fits(arms("S1", 1))


def test_what_is_taken_out_makes_room_again() -> None:
    hours = hours_left()
    own = arms("S1", 3)
    with hours.with_also(own):
        left = int(hours.not_led("S1", 2) // hours.hours_of(Duty.ARMS, 0)[0])
        room = min(left, hours.arms_room("S1", 2))
        assert hours.fits(arms("S1", room))
        assert not hours.fits(arms("S1", room + 1))
        with hours.without(own):
            assert hours.fits(arms("S1", room + 1))
