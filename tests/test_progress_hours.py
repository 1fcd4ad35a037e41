"""Hours taken: what they propose, and when they propose nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any

import pytest

from planner.domain.policy import Policy
from planner.domain.terms import Duty
from planner.progress.hours import HoursTaken, t_quantile
from planner.progress.progress import progress
from planner.progress.words import hours_lines
from tests.plan_build import small_register
from tests.progress_build import Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

AS_AT = date(2027, 4, 30)
DAY = date(2027, 5, 10)


def unit(**policy: Any) -> Unit:
    register = replace(small_register(120, 9), as_at=AS_AT)
    settings = {name.replace("__", "."): value for name, value in policy.items()}
    made = Unit(register.with_policy(Policy.of(settings)))
    made.issue()
    return made


def noted(hours: Sequence[float], duty: Duty = Duty.ARMS, **policy: Any) -> Unit:
    """So many duties marked as done with these hours."""
    made = unit(**policy)
    rows = [row for row in made.planned() if row.duty == duty]
    assert len(rows) >= len(hours)
    for row, taken in zip(rows, hours, strict=False):
        made.say(row, done_on=DAY, result="Seen", hours_taken=taken)
    return made


def evidence(of: Unit, duty: Duty = Duty.ARMS) -> HoursTaken:
    return next(h for h in progress(of.past).hours if h.duty is duty)


SPREAD = [5.4, 7.0, 6.2, 5.8, 6.6] * 4
"""20 records, mean 6.2."""


def test_arms_that_take_longer_propose_the_hours_they_take() -> None:
    made = noted(SPREAD)
    seen = evidence(made)
    assert seen.mean == pytest.approx(6.2)
    assert seen.spread == pytest.approx(stdev(SPREAD))
    assert seen.low is not None and seen.high is not None
    reach = 2.093024 * stdev(SPREAD) / 20**0.5  # t of 19 degrees of freedom, from a table
    assert seen.low == pytest.approx(6.2 - reach, abs=1e-4)
    assert seen.high == pytest.approx(6.2 + reach, abs=1e-4)
    assert [(s.name, s.value, s.now) for s in seen.proposed] == [("arms.hours", 6.2, 5.0)]
    assert (seen.records, seen.marked, seen.planned) == (20, 20, 100.0)
    assert seen.taken == pytest.approx(124.0)
    rows = [row for row in made.planned() if row.duty == Duty.ARMS][:20]
    assert seen.officers == len({row.done_by for row in rows})
    assert any("arms.hours  6.2  (now 5)" in line for line in hours_lines(progress(made.past)))


def test_nineteen_records_propose_nothing() -> None:
    seen = evidence(noted(SPREAD[:19]))
    assert (seen.records, seen.proposed, seen.low, seen.high) == (19, (), None, None)
    told = list(hours_lines(progress(noted(SPREAD[:19]).past)))
    assert any("With fewer than 20 records nothing is proposed" in line for line in told)


def test_an_interval_that_holds_the_policys_value_proposes_nothing() -> None:
    wide = [1.0, 12.0, 2.0, 11.0, 5.0] * 4
    assert fmean(wide) == 6.2
    assert evidence(noted(wide)).proposed == ()
    assert evidence(noted(SPREAD, arms__hours=6.1)).proposed == ()


def test_hours_as_the_policy_has_them_to_a_tenth_propose_nothing() -> None:
    seen = evidence(noted([5.02, 5.04] * 10))
    assert seen.low is not None and seen.low > 5
    assert seen.proposed == ()


def test_the_policy_of_the_newest_plan_is_compared_with() -> None:
    made = noted(SPREAD)
    made.register = made.register.with_policy(Policy.of({"arms.hours": 6.2}))
    made.until()
    made.issue()
    seen = evidence(made)
    assert (seen.policy, seen.proposed, seen.planned) == (6.2, (), 100.0)


def test_only_duties_done_with_hours_are_evidence() -> None:
    made = noted(SPREAD)
    rest = [row for row in made.planned() if row.duty == Duty.ARMS][20:]
    made.say(rest[0], done_on=DAY, result="Refused", hours_taken=90.0)
    made.say(rest[1], done_on=DAY, result="Seen", hours_taken=0.0)
    made.say(rest[2], done_on=DAY, result="Seen")
    seen = evidence(made)
    assert (seen.records, seen.left_out, seen.marked) == (20, 2, 22)
    assert any("ARMS: 2 more left out" in line for line in hours_lines(progress(made.past)))
    assert seen.mean == pytest.approx(6.2)


def test_one_day_marked_on_two_rows_is_one_record() -> None:
    made = noted([6.0])
    (row, *_) = [row for row in made.planned() if row.duty == Duty.ARMS]
    made.until()
    made.issue()
    again = replace(row, month=date(2027, 6, 1))
    made.say(again, done_on=DAY, result="Seen", hours_taken=6.0)
    assert evidence(made).records == 1


def test_visits_put_the_difference_on_the_write_up() -> None:
    seen = evidence(noted([3.2, 3.4] * 10, Duty.VISIT), Duty.VISIT)
    assert seen.policy == 2.5
    assert [(s.name, s.value, s.now) for s in seen.proposed] == [("visit.write_up_hours", 1.8, 1.0)]


def test_visits_shorter_than_the_visit_alone_shorten_it() -> None:
    seen = evidence(noted([1.1, 1.3] * 10, Duty.VISIT), Duty.VISIT)
    assert [(s.name, s.value) for s in seen.proposed] == [
        ("visit.write_up_hours", 0.0),
        ("visit.hours", 1.2),
    ]


def test_no_hours_are_said_to_be_none() -> None:
    told = list(hours_lines(progress(unit().past)))
    assert told == ["Visits (the lead's hours): no hours were noted.", "ARMS: no hours were noted."]


def test_a_proposal_follows_the_truth_in_all_but_few_of_many_draws() -> None:
    """With the policy's own mean nothing is proposed in about 19 of 20 draws."""
    import random

    draw = random.Random(5)
    made = noted([5.0] * 20)
    proposals = 0
    for _ in range(200):
        for told in made.said[-1].values():
            for field in told:
                if field.name == "HOURS_TAKEN":
                    told[field] = draw.gauss(5.0, 1.5)
        seen = evidence(made)
        assert seen.low is not None and seen.high is not None
        proposals += not seen.low <= 5.0 <= seen.high
    assert 2 <= proposals <= 20


@pytest.mark.parametrize(
    ("freedom", "table"), [(10, 2.2281), (19, 2.0930), (30, 2.0423), (60, 2.0003), (1000, 1.9623)]
)
def test_students_t_is_the_tables(freedom: int, table: float) -> None:
    assert t_quantile(freedom) == pytest.approx(table, abs=5e-4)


def test_hours_are_told_by_the_day_they_were_done_not_by_the_plan() -> None:
    made = noted([6.0])
    row = next(row for row in made.planned() if row.duty == Duty.ARMS)
    made.say(row, done_on=DAY + timedelta(days=40))
    assert evidence(made).records == 1
