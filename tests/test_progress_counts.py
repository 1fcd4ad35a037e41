"""Planned against done: drawn histories against a slow count by hand, and each way to be known."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from planner.domain.months import Horizon
from planner.domain.terms import Duty
from planner.progress.counts import Count, summed
from planner.progress.done import Difference, Source
from planner.progress.progress import Progress, progress
from tests.plan_build import small_register
from tests.progress_build import LAST, Unit

if TYPE_CHECKING:
    from planner.domain.written import ScheduleRow

AS_AT = date(2027, 4, 30)
MAY = date(2027, 5, 1)
NONE = dict.fromkeys(Difference, 0)


def unit(people: int = 30, officers: int = 6, seed: int = 1) -> Unit:
    made = Unit(replace(small_register(people, officers, seed), as_at=AS_AT))
    made.issue()
    return made


def duty(of: Unit, kind: Duty = Duty.ARMS) -> ScheduleRow:
    """The first duty of the kind planned for this month."""
    return next(row for row in of.planned() if row.duty == kind)


def found(of: Unit, until: date | None = MAY) -> Progress:
    """Progress after the next month's plan is issued."""
    of.until()
    of.issue()
    return progress(of.past, until)


def total(of: Progress, kind: Duty) -> Count:
    return next(row for row in summed(of.counts, "duty") if row.duty is kind)


# One duty, known one way or another


def test_nothing_done_is_all_slipped() -> None:
    made = unit()
    planned = Counter(row.duty for row in made.planned())
    seen = found(made)
    for kind in Duty:
        row = total(seen, kind)
        assert (row.planned, row.slipped, row.done) == (planned[kind], planned[kind], 0)
    assert len(seen.slipped) == planned.total()


@pytest.mark.parametrize("kind", Duty)
@pytest.mark.parametrize(
    ("marked", "entered", "source", "difference"),
    [
        (12, 12, Source.BOTH, None),
        (12, 14, Source.BOTH, Difference.OTHER_DAY),
        (12, 19, Source.BOTH, Difference.OTHER_DAY),
        (12, None, Source.MARK, Difference.NOT_SHOWN),
        (None, 14, Source.REGISTER, None),
    ],
)
def test_a_duty_done_is_counted_once_however_it_is_known(
    kind: Duty, marked: int | None, entered: int | None, source: Source, difference: Any
) -> None:
    made = unit()
    row = duty(made, kind)
    if marked:
        made.say(row, done_on=MAY.replace(day=marked), result="Seen")
    if entered:
        made.enter(row.ref, kind, MAY.replace(day=entered))
    seen = found(made)
    assert total(seen, kind).as_planned == 1
    assert total(seen, kind).besides == 0
    assert seen.known.sources == {**dict.fromkeys(Source, 0), source: 1}
    assert seen.known.differences == NONE | ({difference: 1} if difference else {})
    assert row.ref not in {p.ref for p in seen.slipped if p.duty is kind}


def test_a_mark_more_than_a_week_from_the_registers_day_is_another_visit() -> None:
    made = unit()
    row = duty(made, Duty.VISIT)
    made.say(row, done_on=MAY.replace(day=2), result="Seen")
    made.enter(row.ref, Duty.VISIT, MAY.replace(day=20))
    seen = found(made)
    assert (total(seen, Duty.VISIT).as_planned, total(seen, Duty.VISIT).besides) == (1, 1)
    assert seen.known.differences == NONE  # a later one hides it: the register says nothing


def test_a_mark_on_a_person_who_left_the_register_is_no_disagreement() -> None:
    made = unit()
    row = duty(made)
    made.say(row, done_on=MAY.replace(day=2), result="Seen")
    made.register = replace(
        made.register,
        offenders=tuple(o for o in made.register.offenders if o.ref != row.ref),
        locks=(),
    )
    seen = found(made)
    assert seen.known.sources[Source.MARK] == 1
    assert seen.known.differences == NONE
    assert total(seen, Duty.ARMS).done == 1


def test_an_attempt_that_failed_is_not_done() -> None:
    made = unit()
    row = duty(made, Duty.VISIT)
    made.say(row, done_on=MAY.replace(day=2), result="Nobody in")
    assert total(found(made), Duty.VISIT).done == 0


def test_a_failed_attempt_that_the_register_has_as_done_is_a_disagreement() -> None:
    made = unit()
    row = duty(made, Duty.VISIT)
    made.say(row, done_on=MAY.replace(day=2), result="Nobody in")
    made.enter(row.ref, Duty.VISIT, MAY.replace(day=2))
    seen = found(made)
    assert total(seen, Duty.VISIT).as_planned == 1
    assert seen.known.differences[Difference.SAID_NOT_DONE] == 1


def test_a_failed_attempt_before_the_visit_is_no_disagreement() -> None:
    made = unit()
    row = duty(made, Duty.VISIT)
    made.say(row, done_on=MAY, result="Nobody in")
    made.enter(row.ref, Duty.VISIT, MAY.replace(day=20))
    seen = found(made)
    assert total(seen, Duty.VISIT).as_planned == 1
    assert seen.known.differences == NONE


def test_what_was_not_possible_and_yet_done_is_a_disagreement() -> None:
    made = unit()
    row = duty(made)
    made.say(row, not_possible="in hospital")
    made.enter(row.ref, Duty.ARMS, MAY.replace(day=20))
    assert found(made).known.differences[Difference.SAID_NOT_DONE] == 1


def test_what_the_first_register_had_is_not_done_since() -> None:
    made = unit()
    row = duty(made)
    made.enter(row.ref, Duty.ARMS, AS_AT - timedelta(days=3))  # entered late
    assert not sum(found(made).known.sources.values())


@pytest.mark.parametrize("is_marked", [True, False])
def test_done_on_the_very_day_of_the_first_register_counts(is_marked: bool) -> None:
    made = Unit(replace(small_register(30, 6), as_at=MAY))
    made.issue()
    row = duty(made)
    if is_marked:
        made.say(row, done_on=MAY, result="Seen")
    else:
        made.enter(row.ref, Duty.ARMS, MAY)
    seen = found(made)
    assert (total(seen, Duty.ARMS).as_planned, seen.known.came_with) == (1, 0)


def test_a_date_taken_back_by_a_later_register_does_not_count() -> None:
    made = unit()
    row = duty(made)
    before = made.register.offender[row.ref].last_arms
    made.enter(row.ref, Duty.ARMS, MAY.replace(day=20))
    found(made)
    made.enter(row.ref, Duty.ARMS, before)
    seen = found(made, date(2027, 6, 1))
    assert total(seen, Duty.ARMS).done == 0
    assert seen.known.differences[Difference.TAKEN_BACK] == 1


def test_a_date_put_right_by_a_later_register_counts_once_on_its_new_day() -> None:
    made = unit()
    row = duty(made)
    made.enter(row.ref, Duty.ARMS, MAY.replace(day=20))
    found(made)
    made.enter(row.ref, Duty.ARMS, MAY.replace(day=18))
    seen = found(made, date(2027, 6, 1))
    assert sum(seen.known.sources.values()) == total(seen, Duty.ARMS).as_planned == 1
    assert seen.known.differences == NONE


def test_who_comes_onto_the_register_brings_no_work_done() -> None:
    made = unit()
    new = replace(made.register.offenders[0], ref="new", last_arms=MAY.replace(day=9))
    made.register = replace(made.register, offenders=(*made.register.offenders, new))
    seen = found(made)
    assert not sum(seen.known.sources.values())
    assert seen.known.came_with == 1


def test_a_mark_taken_over_into_the_plans_facts_is_not_the_registers_word() -> None:
    made = unit()
    row = duty(made)
    made.say(row, done_on=MAY.replace(day=9), result="Seen")
    made.enter(row.ref, Duty.ARMS, MAY.replace(day=9))
    made.until()
    made.issue()
    before, after = made.past
    key = row.ref, Duty.ARMS
    seen = progress([before, replace(after, counted=frozenset({key}))], MAY)
    assert seen.known.sources[Source.MARK] == 1
    assert seen.known.differences[Difference.NOT_SHOWN] == 1
    assert total(seen, Duty.ARMS).as_planned == 1


def test_what_is_done_besides_counts_for_its_month_team_and_level() -> None:
    made = unit()
    planned = {(row.ref, row.duty) for row in made.planned()}
    person = next(
        o for o in made.register.offenders if o.is_active and (o.ref, Duty.ARMS) not in planned
    )
    made.enter(person.ref, Duty.ARMS, MAY.replace(day=20))
    seen = found(made)
    (row,) = (r for r in seen.counts if r.besides)
    assert (row.month, row.team, row.level) == (MAY, person.team, person.level.label)
    assert (row.duty, row.besides) == (Duty.ARMS, 1)


def test_done_after_the_register_and_before_the_month_is_not_slipped() -> None:
    made = Unit(replace(small_register(30, 6), as_at=date(2027, 4, 20)))
    made.issue()
    row = duty(made)
    made.enter(row.ref, Duty.ARMS, date(2027, 4, 26))
    seen = found(made)
    assert total(seen, Duty.ARMS).before == 1
    assert row.ref not in {p.ref for p in seen.slipped if p.duty is Duty.ARMS}


def test_a_month_that_no_register_saw_to_its_end_has_nothing_slipped() -> None:
    made = unit()
    planned = len(made.planned())
    made.until(date(2027, 5, 20))
    made.issue()
    seen = progress(made.past, MAY)
    assert not seen.months[0].is_over
    assert sum(row.not_yet for row in seen.counts) == planned
    assert not seen.slipped


@pytest.mark.parametrize(("last_day", "over"), [(27, False), (28, True)])
def test_a_month_is_over_three_days_before_its_end(last_day: int, over: bool) -> None:
    made = unit()
    made.until(date(2027, 5, last_day))
    made.issue()
    assert progress(made.past, MAY).months[0].is_over is over


def test_a_visit_that_a_later_one_hides_is_not_known() -> None:
    made = unit()
    row = duty(made, Duty.VISIT)
    made.enter(row.ref, Duty.VISIT, date(2027, 7, 5))
    made.until(months=3)
    made.issue()
    seen = progress(made.past)
    assert [m.month.month for m in seen.months] == [5, 6, 7]
    (may,) = (r for r in summed(seen.counts, "month", "duty") if r.not_known)
    assert (may.month, may.duty, may.not_known) == (MAY, Duty.VISIT, 1)


def test_the_last_plan_of_a_month_counts_and_marks_on_the_earlier_one_too() -> None:
    made = unit()
    row = duty(made)
    made.say(row, done_on=MAY.replace(day=3), result="Seen", hours_taken=4.0)
    made.register = replace(made.register, offenders=made.register.offenders[1:], locks=())
    made.issue()
    made.runs[-1] = replace(made.runs[-1], issued_at=made.runs[0].issued_at + timedelta(hours=1))
    seen = found(made)
    assert [p.run_id for p in seen.plans] == [made.runs[1].run_id, made.runs[2].run_id]
    assert total(seen, Duty.ARMS).done == 1
    (arms,) = (h for h in seen.hours if h.duty is Duty.ARMS)
    assert (arms.records, arms.taken) == (1, 4.0)


# Drawn histories


@pytest.mark.parametrize("seed", range(6))
def test_a_drawn_history_is_counted_as_by_hand(seed: int) -> None:
    draw = random.Random(seed)
    made = unit(60, 6, seed + 1)
    known: dict[tuple[str, str, date], date] = {}
    where: Counter[Source] = Counter()
    planned: list[tuple[date, ScheduleRow, str]] = []
    for _ in range(4):
        team = {o.ref: o.team for o in made.register.offenders}
        for row in made.planned():
            planned.append((made.month, row, team[row.ref]))
            _draw_one(draw, made, row, known, where)
        made.until()
        made.issue()
    seen = progress(made.past)
    by_hand: Counter[tuple[Any, ...]] = Counter()
    for month, row, team_name in planned:
        was = "as_planned" if (row.ref, row.duty, month) in known else "slipped"
        by_hand[month, team_name, row.level, row.duty, was] += 1
    counted = Counter(
        {
            (r.month, r.team, r.level, r.duty, name): getattr(r, name)
            for r in seen.counts
            for name in ("as_planned", "slipped")
            if getattr(r, name)
        }
    )
    assert counted == by_hand
    assert sum(r.planned for r in seen.counts) == len(planned)
    assert not sum(r.before + r.not_known + r.not_yet + r.besides for r in seen.counts)
    assert seen.known.sources == {source: where[source] for source in Source}
    slipped = {(p.ref, p.duty, p.month) for p in seen.slipped}
    assert slipped == {(r.ref, r.duty, m) for m, r, _ in planned} - known.keys()
    for p in seen.slipped:
        later = sorted(d for (r, k, m), d in known.items() if (r, k) == (p.ref, p.duty))
        assert p.since == next((d for d in later if d > Horizon(p.month).end(1)), None)


def _draw_one(
    draw: random.Random,
    made: Unit,
    row: ScheduleRow,
    known: dict[tuple[str, str, date], date],
    where: Counter[Source],
) -> None:
    """What becomes of a duty, and from where it can be known."""
    day = row.month + timedelta(days=draw.randint(0, 20))
    kind, fate = Duty(row.duty), draw.choice(("both", "mark", "register", "failed", "nothing"))
    if fate in ("both", "mark"):
        made.say(row, done_on=day, result="Seen")
    if fate == "failed":
        made.say(row, done_on=day, result="Refused")
    if fate in ("both", "register"):
        day += timedelta(days=draw.choice((0, 0, 3)))
        made.enter(row.ref, kind, day)
        assert getattr(made.register.offender[row.ref], LAST[kind]) == day
    if fate in ("both", "mark", "register"):
        known[row.ref, row.duty, row.month] = day
        where[{"both": Source.BOTH, "mark": Source.MARK, "register": Source.REGISTER}[fate]] += 1


def test_sums_by_team_level_and_month_are_all_the_same_duties() -> None:
    made = unit(60)
    for row in made.planned()[::2]:
        made.enter(row.ref, Duty(row.duty), MAY.replace(day=11))
    seen = found(made)
    (whole,) = summed(seen.counts)
    for by in (("month",), ("team",), ("level", "duty"), ("team", "level")):
        parts = summed(seen.counts, *by)
        assert sum(p.planned for p in parts) == whole.planned
        assert sum(p.done for p in parts) == whole.done
    assert [r.level for r in summed(seen.counts, "level")] == [
        level
        for level in ("Very high", "High", "Medium", "Low")
        if any(r.level == level for r in seen.counts)
    ]
