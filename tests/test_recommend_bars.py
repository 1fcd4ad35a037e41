"""Who may not take a case, new or moving: each rule by itself, and what the case then waits for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from planner.commands.explain_words import bar_text
from planner.domain.register import Lock
from planner.domain.terms import LockKind, RiskLevel, Status
from tests.build import offender, officer
from tests.explain_build import plan_of
from tests.recommend_build import SEEN, STAFF, asked, bars, made, option, ranking, takeover

YOUTH = frozenset({"Youth"})


@pytest.mark.parametrize(
    ("question", "staff", "wanted"),
    [
        ({}, {}, []),
        ({}, {"team": "South"}, [(1, "other_team")]),
        ({"not_with": frozenset({"S2"})}, {}, [(1, "not_with")]),
        ({"needs": YOUTH}, {}, [(1, "skills")]),
        ({"needs": YOUTH}, {"skills": YOUTH}, []),
        ({}, {"end": date(2026, 2, 3)}, [(1, "not_in_post")]),
        ({}, {"start": date(2026, 3, 2)}, [(1, "not_in_post_then")]),
        ({"month": 2}, {"start": date(2026, 3, 2)}, []),
        ({"month": 2}, {"end": date(2026, 3, 30)}, [(1, "not_in_post_then")]),
        ({"month": 2}, {"end": date(2026, 3, 31)}, []),
        ({}, {"cap": 0}, [(3, "cap")]),
        ({}, {"cap": 1}, []),
        ({}, {"arms_trained_from": None}, []),
        (
            {"needs": YOUTH, "not_with": frozenset({"S2"})},
            {"team": "South"},
            [(1, "other_team"), (1, "not_with"), (1, "skills")],
        ),
    ],
)
def test_each_rule_bars_a_new_case(
    question: dict[str, Any], staff: dict[str, Any], wanted: list[tuple[int, str]]
) -> None:
    found = made(staff=(officer("S1", skills=YOUTH), officer("S2", **staff)))
    told = asked(found, plan_of(found, {}), **question)
    assert bars(told, "S2") == wanted
    assert (option(told, "S2").takeover is None) == bool(wanted)
    assert ("S2" in ranking(told)) == (not wanted)
    assert option(told, "S1").takeover


def test_of_another_team_is_no_bar_where_teams_share() -> None:
    staff = (officer("S1"), officer("S9", team="South"))
    apart = made(staff=staff)
    assert bars(asked(apart, plan_of(apart, {})), "S9") == [(1, "other_team")]
    shared = made(staff=staff, cross_team=True)
    assert not bars(asked(shared, plan_of(shared, {})), "S9")


def test_a_cap_says_its_figures_and_counts_only_while_the_person_is_there() -> None:
    people = [
        offender("Q1", som="S2", registered_until=date(2026, 4, 15), **SEEN),
        offender("Q2", som="S2", status=Status.CUSTODY),
    ]
    found = made(people, (officer("S1"), officer("S2", cap=1)))
    told = asked(found, plan_of(found, {"Q1": "S2", "Q2": "S2"}))
    (bar,) = option(told, "S2").bars
    assert (bar.number, bar.held, bar.months) == (1, 1, (1, 2))
    text = bar_text(bar, told.horizon)
    assert text == (
        "Rule 3: S2 has 1 other case(s) in the community in Feb 2026 and 1 more month(s), and a "
        "cap of 1."
    )
    later = asked(found, plan_of(found, {"Q1": "S2", "Q2": "S2"}), month=3)
    assert not bars(later, "S2")


def moving(month: int | None = None, **columns: Any) -> Any:
    """P1, of S1, must move; by a plan in which S1 keeps it."""
    found = made([offender("P1", **{**SEEN, **columns})])
    return asked(found, plan_of(found, {"P1": "S1"}), ref="P1", month=month)


def test_a_case_moves_in_month_1_and_its_som_is_shown_apart() -> None:
    told = moving()
    assert ranking(told) == ["S2", "S3"]
    assert told.present is not None
    assert told.present.staff_id == "S1"
    assert told.present.in_plan
    assert takeover(told, "S1").cost.moves == 0
    assert takeover(told, "S2").cost.moves == 3


def test_a_case_does_not_move_later_unless_its_som_goes() -> None:
    told = moving(month=3)
    assert bars(told, "S2") == bars(told, "S3") == [(4, "move_month")]
    text = bar_text(option(told, "S2").bars[0], told.horizon)
    assert text == (
        "Rule 4: in Apr 2026 the case may not change hands: it may in the plan's first month, "
        "Feb 2026; when its SOM leaves or may no longer hold it; or to an officer in the month in "
        "which that officer joins."
    )
    staff = (officer("S1", end=date(2026, 4, 1)), *STAFF[1:])
    found = made([offender("P1", **SEEN)], staff)
    plan = plan_of(found, {"P1": ((1, "S1"), (3, "S2"))})
    assert ranking(asked(found, plan, ref="P1", month=3)) == ["S2", "S3"]
    assert takeover(asked(found, plan, ref="P1", month=3), "S3").cost.moves == 0
    assert bars(asked(found, plan, ref="P1", month=2), "S3") == [(4, "move_month")]


def test_a_case_may_go_to_an_officer_who_joins_in_that_month_alone() -> None:
    found = made([offender("P1", **SEEN)], (*STAFF[:2], officer("S3", start=date(2026, 4, 1))))
    plan = plan_of(found, {"P1": "S1"})
    assert ranking(asked(found, plan, ref="P1", month=3)) == ["S3"]
    assert bars(asked(found, plan, ref="P1", month=4), "S3") == [(4, "move_month")]
    assert bars(asked(found, plan, ref="P1", month=1), "S3") == [(1, "not_in_post_then")]


def test_a_new_case_may_be_given_out_in_any_month() -> None:
    found = made()
    assert ranking(asked(found, plan_of(found, {}), month=7)) == ["S1", "S2", "S3"]


def test_the_changes_allowed_may_be_used_up() -> None:
    people = [offender("P1", **SEEN), offender("P2", **SEEN), offender("P3", som=None, **SEEN)]
    found = made(people, moves__share=0.34)
    plan = plan_of(found, {"P1": "S1", "P2": "S2", "P3": "S3"})
    told = asked(found, plan, ref="P1")
    assert (told.moves, told.moves_allowed) == (1, 1)
    assert bars(told, "S2") == [(4, "moves")]
    first = asked(found, plan, ref="P3")  # a first SOM is no change
    assert set(ranking(first)) == {"S1", "S2", "S3"}
    own = asked(found, plan, ref="P2")  # its own change, made by the plan, leaves room for this one
    assert set(ranking(own)) == {"S2", "S3"}
    assert set(ranking(asked(found, plan))) == {"S1", "S2", "S3"}


def test_a_keep_or_a_lock_bars_all_others_while_it_holds() -> None:
    assert bars(moving(keep=True), "S2") == [(2, "kept")]
    lock = Lock(ref="P1", kind=LockKind.SOM, staff_id="S3")
    found = made([offender("P1", **SEEN)], locks=(lock,))
    told = asked(found, plan_of(found, {"P1": "S3"}), ref="P1")
    assert bars(told, "S2") == [(2, "locked_som")]
    assert ranking(told) == ["S3"]
    assert bars(told, "S1") == [(2, "locked_som")]  # today's SOM, shown apart
    gone = made([offender("P1", keep=True, not_with=frozenset({"S1"}), **SEEN)])
    assert ranking(asked(gone, plan_of(gone, {"P1": "S2"}), ref="P1")) == ["S2", "S3"]


def test_a_conflict_found_today_is_asked_on_top_of_the_registers() -> None:
    found = made([offender("P1", not_with=frozenset({"S2"}), **SEEN)])
    plan = plan_of(found, {"P1": "S1"})
    told = asked(found, plan, ref="P1", not_with=frozenset({"S1"}))
    assert ranking(told) == ["S3"]
    assert bars(told, "S1") == bars(told, "S2") == [(1, "not_with")]
    assert takeover(told, "S3").cost.moves == 0  # a SOM who may not hold it is left at no cost


def test_a_case_that_comes_to_another_team_goes_to_one_of_that_team() -> None:
    found = made([offender("P1", **SEEN)], (*STAFF, officer("S9", team="South")))
    told = asked(found, plan_of(found, {"P1": "S1"}), ref="P1", team="South")
    assert ranking(told) == ["S9"]
    assert takeover(told, "S9").cost.moves == 0
    assert bars(told, "S2") == [(1, "other_team")]


def test_who_leaves_is_followed_by_whoever_costs_least() -> None:
    staff = (officer("S1", end=date(2026, 6, 30)), officer("S2", cap=0), officer("S3"))
    found = made(staff=staff)
    told = asked(found, plan_of(found, {}))
    assert [(h.month, h.staff_id) for h in takeover(told, "S1").holders] == [(1, "S1"), (6, "S3")]
    assert takeover(told, "S1").nobody_from is None


def test_who_would_follow_dearly_is_passed_over() -> None:
    """By staff ID S2 is asked first and S3 last; whoever has no hours leaves the duties undone."""
    for idle, wanted in (("S2", "S3"), ("S3", "S2")):
        others = tuple(
            officer(s, hours_per_month=0.0 if s == idle else 100.0) for s in ("S2", "S3")
        )
        found = made(staff=(officer("S1", end=date(2026, 6, 30)), *others))
        told = asked(found, plan_of(found, {}), crew=1)
        assert [h.staff_id for h in takeover(told, "S1").holders] == ["S1", wanted]


def test_where_nobody_may_follow_the_case_is_left_from_then_on() -> None:
    staff = (officer("S1", end=date(2026, 6, 30)), officer("S2", cap=0))
    for others in (staff, staff[:1]):
        found = made(staff=others)
        told = asked(found, plan_of(found, {}))
        assert takeover(told, "S1").nobody_from == 6
        assert [h.staff_id for h in takeover(told, "S1").holders] == ["S1"]
        assert all(m.month < 6 for m in takeover(told, "S1").months)


def test_a_case_that_nobody_may_take_has_everybody_barred() -> None:
    found = made()
    told = asked(found, plan_of(found, {}), needs=YOUTH, level=RiskLevel.HIGH)
    assert not told.ranked
    assert {o.staff_id for o in told.barred} == {"S1", "S2", "S3"}
