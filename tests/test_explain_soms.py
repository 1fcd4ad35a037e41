"""Why this SOM: what bars each officer, rule by rule, and what the others would cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from planner.domain.register import Lock, Offender, Officer
from planner.domain.terms import LockKind, RiskLevel, Status
from planner.explain.bars import BarKind
from planner.explain.decisions import decisions
from planner.explain.explanation import explain
from planner.workload.situation import Situation
from tests.build import AS_AT, offender, officer, situation
from tests.explain_build import (
    LATENESS,
    bars,
    candidate,
    cost_of,
    explained,
    plan_of,
    with_choice,
    written,
)
from tests.plan_build import plain_plan, small_register

LONG_SEEN: dict[str, Any] = {"last_visit": date(2026, 1, 10), "last_arms": date(2026, 1, 10)}
STAFF = tuple(officer(s) for s in ("S1", "S2", "S3"))
EASY = {"moves.share": 1.0}


def made(
    people: list[Offender],
    staff: tuple[Officer, ...] = STAFF,
    locks: tuple[Lock, ...] = (),
    **policy: float,
) -> Situation:
    found = situation(
        people, staff, {**EASY, **{k.replace("__", "."): v for k, v in policy.items()}}
    )
    return Situation(replace(found.register, locks=locks))


@pytest.mark.parametrize(
    ("person", "staff", "wanted"),
    [
        ({"not_with": frozenset({"S2"})}, {}, [(1, "not_with")]),
        ({"needs": frozenset({"Youth"})}, {}, [(1, "skills")]),
        ({}, {"end": date(2026, 2, 3)}, [(1, "not_in_post")]),
        ({}, {"start": date(2027, 9, 1)}, [(1, "not_in_post")]),
        ({"keep": True}, {}, [(2, "kept")]),
        ({}, {"cap": 0}, [(3, "cap")]),
        ({}, {}, []),
        ({}, {"start": date(2026, 3, 2)}, []),
    ],
)
def test_each_rule_bars(
    person: dict[str, Any], staff: dict[str, Any], wanted: list[tuple[int, str]]
) -> None:
    youth = frozenset({"Youth"})
    found = made(
        [offender(**LONG_SEEN, **person)], (officer("S1", skills=youth), officer("S2", **staff))
    )
    told = explained(found, plan_of(found, {"P1": "S1"}), "P1")
    assert bars(told, "S2") == wanted
    assert (candidate(told, "S2").choice is None) == bool(wanted)
    assert not candidate(told, "S1").bars


def test_a_lock_on_the_som_bars_all_others() -> None:
    lock = Lock(ref="P1", kind=LockKind.SOM, staff_id="S3")
    found = made([offender(**LONG_SEEN)], locks=(lock,))
    told = explained(found, plan_of(found, {"P1": "S3"}), "P1")
    assert bars(told, "S1") == bars(told, "S2") == [(2, "locked_som")]
    assert candidate(told, "S1").bars[0].names == ("S3",)
    assert not bars(told, "S3")


def test_a_month_locked_bars_whoever_has_no_hours_in_it() -> None:
    lock = Lock(ref="P1", kind=LockKind.VISIT, month=date(2026, 6, 1))
    away = officer("S2", hours_per_month=2.2)
    found = made([offender(level=RiskLevel.MEDIUM, **LONG_SEEN)], (*STAFF[:1], away), (lock,))
    told = explained(found, plan_of(found, {"P1": "S1"}, [("P1", 5)]), "P1")
    assert bars(told, "S2") == [(2, "locked_month")]
    assert candidate(told, "S2").bars[0].months == (5,)
    choice = candidate(told, "S1").choice
    assert choice is not None
    assert 5 in choice.visits


def test_the_cap_counts_the_other_cases_of_the_plan_month_by_month() -> None:
    people = [offender("P1", **LONG_SEEN), offender("P2", som="S2", **LONG_SEEN)]
    people[1] = replace(people[1], registered_until=date(2026, 4, 15))
    found = made(people, (officer("S1"), officer("S2", cap=1)))
    told = explained(found, plan_of(found, {"P1": "S1", "P2": "S2"}), "P1")
    (bar,) = candidate(told, "S2").bars
    assert (bar.kind, bar.names, bar.months, bar.number) == (BarKind.CAP, ("S2",), (1, 2), 1)


def test_the_cap_does_not_count_the_case_itself() -> None:
    found = made([offender(**LONG_SEEN)], (officer("S1"), officer("S2", cap=1)))
    told = explained(found, plan_of(found, {"P1": "S2"}), "P1")
    assert not bars(told, "S2")


def test_a_lock_on_another_case_bars_nobody_from_this_one() -> None:
    people = [offender("P1", keep=True, **LONG_SEEN), offender("P2", **LONG_SEEN)]
    found = made(people, locks=(Lock(ref="P2", kind=LockKind.SOM, staff_id="S3"),))
    told = explained(found, plan_of(found, {"P1": "S1", "P2": "S3"}), "P1")
    assert bars(told, "S2") == [(2, "kept")]


def test_moves_used_up_by_other_cases_bar_one_more() -> None:
    people = [offender(f"P{n}", **LONG_SEEN) for n in range(1, 5)]
    held = {"P1": "S1", "P2": "S2", "P3": "S1", "P4": "S1"}
    found = made(people, moves__share=0.25)
    told = explained(found, plan_of(found, held), "P1")
    assert (told.moves, told.moves_allowed) == (1, 1)
    assert bars(told, "S2") == [(4, "moves")]
    # the case that has the move may take it elsewhere, or give it back
    own = explained(found, plan_of(found, held), "P2")
    assert not bars(own, "S1")
    assert not bars(own, "S3")


def test_moving_away_from_a_leaver_does_not_count() -> None:
    staff = (officer("S1", end=date(2026, 6, 30)), officer("S2"), officer("S3"))
    found = made([offender(**LONG_SEEN)], staff, moves__share=0.0)
    told = explained(found, plan_of(found, {"P1": ((1, "S1"), (6, "S2"))}), "P1")
    assert [h.month for h in told.planned.holders] == [1, 6]
    for staff_id in ("S2", "S3"):
        choice = candidate(told, staff_id).choice
        assert choice is not None
        assert choice.cost.moves == 0
    assert candidate(told, "S1").in_plan
    assert candidate(told, "S1").today


def test_the_cheapest_successor_is_taken_where_the_officer_leaves() -> None:
    staff = (
        officer("S1", end=date(2026, 6, 30)),
        officer("S2", hours_per_month=1.7),
        officer("S3"),
    )
    found = made([offender(**LONG_SEEN)], staff)
    told = explained(found, plan_of(found, {"P1": ((1, "S1"), (6, "S2"))}), "P1")
    choice = candidate(told, "S1").choice
    assert choice is not None
    assert [h.staff_id for h in choice.holders] == ["S1", "S3"]
    change = candidate(told, "S2").change
    assert change is not None
    assert candidate(told, "S1").change == pytest.approx(candidate(told, "S3").change)
    assert (candidate(told, "S3").change or 0.0) < change


def test_an_officer_takes_over_at_once_and_not_by_way_of_another() -> None:
    """By way of S2, who leaves, S3 would not have the high case in month 1; nobody asked that."""
    high = {"level": RiskLevel.HIGH, **LONG_SEEN}
    people = [offender("P1", **high), *(offender(f"Q{n}", som="S3", **high) for n in range(4))]
    staff = (officer("S1"), officer("S2", end=date(2026, 6, 30)), officer("S3"))
    found = made(people, staff)
    held = {"P1": "S1", **{f"Q{n}": "S3" for n in range(4)}}
    told = explained(found, plan_of(found, held), "P1")
    choice = candidate(told, "S3").choice
    assert choice is not None
    assert [(h.month, h.staff_id) for h in choice.holders] == [(1, "S3")]
    assert choice.cost.mix == pytest.approx(10)


def test_a_change_that_counts_costs_what_the_policy_says() -> None:
    found = made([offender(level=RiskLevel.HIGH, **LONG_SEEN)])
    told = explained(found, plan_of(found, {"P1": "S1"}), "P1")
    other = candidate(told, "S2").choice
    assert other is not None
    assert other.cost.moves == 12
    assert told.planned.cost.moves == 0


def test_officers_of_other_teams_are_asked_only_where_teams_share() -> None:
    staff = (officer("S1"), officer("S2"), officer("S9", team="South"))
    found = made([offender(**LONG_SEEN)], staff)
    told = explained(found, plan_of(found, {"P1": "S1"}), "P1")
    assert [c.staff_id for c in told.candidates] == ["S1", "S2"]
    shared = made([offender(**LONG_SEEN)], staff, cross_team=True)
    told = explained(shared, plan_of(shared, {"P1": "S1"}), "P1")
    assert {c.staff_id for c in told.candidates} == {"S1", "S2", "S9"}
    assert not bars(told, "S9")


def test_a_plan_edited_to_a_wrong_officer_is_explained_as_it_stands() -> None:
    staff = (officer("S1"), officer("S2"), officer("S9", team="South"), officer("S8", team="South"))
    found = made([offender(**LONG_SEEN)], staff)
    told = explained(found, plan_of(found, {"P1": "S9"}), "P1")
    assert candidate(told, "S9").in_plan
    assert bars(told, "S9") == [(1, "other_team")]
    assert candidate(told, "S1").choice is not None


def test_a_case_that_nobody_may_hold_has_everybody_barred() -> None:
    found = made([offender(needs=frozenset({"Youth"}), **LONG_SEEN)])
    told = explained(found, plan_of(found, {"P1": "S1"}), "P1")
    assert all(c.choice is None for c in told.candidates)
    assert {kind for s in ("S1", "S2", "S3") for _, kind in bars(told, s)} == {"skills"}


def test_rows_that_mean_nothing_are_counted_and_left_out() -> None:
    found = made([offender(**LONG_SEEN)])
    rows = written(found, plan_of(found, {"P1": "S1"}, [("P1", 12)]))
    (held,), (done,) = rows.allocation, rows.schedule
    edited = replace(
        rows,
        allocation=(held, replace(held, som="nobody"), replace(held, ref="P7")),
        schedule=(
            done,
            done,
            replace(done, duty="Call"),
            replace(done, month=date(2030, 1, 1)),
            replace(done, ref="P7"),
        ),
    )
    got = decisions(found, edited)
    assert (got.allocation_left_out, got.schedule_left_out) == (2, 4)
    assert explain(found, edited, "P1", {}).rows_left_out == 6
    assert got.plan.som("P1", 1) == "S1"
    assert [v.month for v in got.plan.visits] == [12]


def test_somebody_in_custody_has_a_som_and_no_duties() -> None:
    found = made([offender(status=Status.CUSTODY)])
    told = explained(found, plan_of(found, {"P1": "S1"}), "P1")
    assert told.duties == ()
    assert told.planned.cost.total == 0
    assert candidate(told, "S2").change == 3
    assert [row.reason for row in told.not_planned] == ["Custody: no release date is given."]


SMALL = Situation(small_register())
PLAIN = plain_plan(SMALL)
RISKY = [o.ref for o in SMALL.register.offenders if o.level >= RiskLevel.HIGH]


@pytest.mark.parametrize("ref", sorted({*sorted(PLAIN.holdings)[::5], *RISKY}))
def test_each_choice_costs_what_the_plan_with_it_costs(ref: str) -> None:
    """Put into the plan, an alternative changes its cost by just what was said, spread aside."""
    told = explained(SMALL, PLAIN, ref)
    parts = (*LATENESS, "moves", "mix")
    before = cost_of(SMALL, PLAIN, *parts)
    choices = [c.choice for c in told.candidates if c.choice is not None]
    assert choices
    for choice in choices:
        after = cost_of(SMALL, with_choice(SMALL, PLAIN, ref, choice), *parts)
        said = choice.cost.total - choice.cost.spread
        now = told.planned.cost.total - told.planned.cost.spread
        assert after - before == pytest.approx(said - now, abs=1e-6)


def test_hours_the_plan_has_used_make_an_officer_dearer() -> None:
    """S2 has hours for his own visits only: the case would then be left undone."""
    seen = date(2025, 1, 10)
    people = [
        offender("P1", last_visit=seen, arms_applicable=False, visit_interval=24, crew=1),
        *(
            offender(f"Q{n}", som="S2", last_visit=seen, arms_applicable=False, crew=1)
            for n in range(2)
        ),
    ]
    staff = (officer("S1"), officer("S2", hours_per_month=3.0))
    found = made(people, staff)
    held = {"P1": "S1", "Q0": "S2", "Q1": "S2"}
    month = next(m for m in range(1, 19) if found.capacity["S2", m] >= 2.75)
    everywhere = [("Q0", m) for m in range(month, 19) if m % 2] + [
        ("Q1", m) for m in range(month, 19) if not m % 2
    ]
    free = explained(found, plan_of(found, held, [("P1", 12)]), "P1")
    full = explained(found, plan_of(found, held, [("P1", 12), *everywhere]), "P1")
    gained, lost = candidate(free, "S2").change, candidate(full, "S2").change
    assert gained is not None
    assert lost is not None
    assert lost > gained
    assert found.register.as_at == AS_AT
