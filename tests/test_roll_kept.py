"""Who was to do a duty is kept where the register still lets them, nobody saying otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from planner.domain.decision import EditField
from planner.domain.plan import Holding
from planner.domain.terms import Duty
from planner.roll.words import for_programs, price_line
from tests.build import offender
from tests.roll_build import VISIT, kept_up, said
from tests.test_roll_changes import AS_AT, HIGH, LATER, first, register, rolled

if TYPE_CHECKING:
    from planner.domain.register import Register
    from tests.roll_build import Issue, Month

ARMS_IN_MAY = {"P1": {4: "S2"}}
"""An ARMS in month 4 of the plan before, done by S2; month 3 of the new plan."""


def hands(month: Month) -> set[str]:
    return set(month.made.before.done_by.values())


def next_register(before: Issue, **columns: object) -> Register:
    return kept_up(before.situation.register, AS_AT, P1=dict(columns))


def with_officer(reg: Register, staff_id: str, **columns: object) -> Register:
    officers = tuple(
        replace(s, **columns) if s.staff_id == staff_id else s  # type: ignore[arg-type]
        for s in reg.officers
    )
    return replace(reg, officers=officers)


def test_each_visit_stays_with_its_som() -> None:
    kept = rolled(first(), LATER).made.before
    assert kept.done_by == {("P1", Duty.VISIT, m): "S1" for m in LATER["P1"]}


def test_the_som_that_the_register_names_counts() -> None:
    before = first()
    assert hands(rolled(before, LATER, reg=next_register(before, som="S2"))) == set()
    assert hands(rolled(before, LATER, reg=next_register(before, som=None))) == {"S1"}


def test_a_move_made_as_planned_stays_made() -> None:
    before = first(P1=[Holding(1, "S2")])
    assert hands(rolled(before, LATER, reg=next_register(before, som="S2"))) == {"S2"}
    not_made = rolled(before, LATER, reg=next_register(before, som="S1"))
    assert hands(not_made) == set()


def test_a_som_who_is_to_take_over_later_is_kept() -> None:
    before = first(P1=[Holding(1, "S1"), Holding(6, "S2")])
    done_by = rolled(before, LATER).made.before.done_by
    assert done_by["P1", Duty.VISIT, 1] == "S1"
    assert done_by["P1", Duty.VISIT, 7] == "S2"


def test_a_decision_on_the_som_counts() -> None:
    told = said("P1", VISIT, date(2026, 3, 1), EditField.SOM, "S2", "DS Ash")
    assert hands(rolled(first(), LATER, told)) == set()


def test_an_officer_who_leaves_or_is_gone_is_not_waited_for() -> None:
    before = first()
    leaving = with_officer(next_register(before), "S1", end=date(2026, 8, 31))
    months = {month for _, _, month in rolled(before, LATER, reg=leaving).made.before.done_by}
    assert months == {1, 4}
    gone = replace(leaving, officers=tuple(s for s in leaving.officers if s.staff_id != "S1"))
    assert hands(rolled(before, LATER, reg=gone)) == set()


def test_an_arms_stays_with_whoever_is_trained() -> None:
    person = offender(**{**HIGH, "som": "S3", "arms_due": date(2026, 5, 10)})
    before = first(register(person), ARMS_IN_MAY)
    assert hands(rolled(before, {"P1": {3: "S2"}})) == {"S2"}
    untrained = with_officer(next_register(before), "S2", arms_trained_from=None)
    assert hands(rolled(before, {}, reg=untrained)) == set()


def test_another_officer_without_need_is_part_of_the_price() -> None:
    person = offender(**{**HIGH, "som": "S3", "arms_due": date(2026, 5, 10)})
    before = first(register(person), ARMS_IN_MAY)
    month = rolled(before, {"P1": {3: "S1"}})
    assert (month.rolled.missed, month.rolled.handed_over) == (0, 1)
    assert month.rolled.stability == 5
    assert "0 duties left the month given before and 1 are by another officer" in price_line(
        month.rolled, 10.0, 5.0
    )
    assert for_programs(month.rolled, 10.0, 5.0)["left_officer"] == 1
    assert rolled(before, {"P1": {3: "S2"}}).rolled.stability == 0
