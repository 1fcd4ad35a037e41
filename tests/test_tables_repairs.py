"""Repairs in words and figures: nothing claimed beyond what is proved, nobody named."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from planner.commands.plan import PlanRun
from planner.commands.plan_json import plan_json
from planner.commands.plan_text import plan_text
from planner.domain.result import Repair, RepairKind, Shortfall, Standing
from planner.tables.repairs import (
    MOST_SHOWN,
    NO_LEVER,
    front_rows,
    repair_lines,
    repair_rows,
    repairs_for_programs,
)
from planner.tables.summary import headline, in_brief, lacking
from planner.tables.teams import dearest_hours
from planner.workbooks.plan_book import plan_workbook
from tests.plan_build import report, small_register

if TYPE_CHECKING:
    from planner.workbooks.plan_report import PlanReport

NOW = Standing(hours=900.0, posts=1.5, bound=5000.0, is_ruled_out=True, hours_there=4000.0)
OPEN = Standing(hours=0.0, posts=0.0, bound=900.0, is_ruled_out=False, hours_there=4000.0)
IMPOSSIBLE = ("ruled out", "impossible", "cannot", "can't")


def repair(kind: RepairKind, what: str, after: Standing, before: Standing = NOW) -> Repair:
    return Repair(kind=kind, what=what, assumes=f"Basis of {what}.", before=before, after=after)


def ranked() -> tuple[Repair, ...]:
    """Six kinds and twelve rows: overtime first, one kind without effect last."""
    over = [
        repair(
            RepairKind.OVERTIME,
            f"Overtime of {50 - 5 * n}%",
            replace(
                NOW, hours=100.0 * n, is_ruled_out=n > 0, posts=0.1 * n, hours_there=4000 + 200
            ),
        )
        for n in range(7)
    ]
    return (
        *over,
        repair(RepairKind.REACTIVE, "10 of 20 low risk cases", replace(NOW, hours=700.0)),
        repair(RepairKind.POSTS, "1 more post", replace(NOW, hours=750.0, hours_there=5000.0)),
        repair(RepairKind.WIDER_TEAM, "All teams as one", replace(NOW, hours=800.0)),
        repair(RepairKind.TRAINING, "One more trained", replace(NOW, posts=1.2)),
        repair(RepairKind.COLLEAGUES, "ARMS by colleagues", NOW),
    )


def with_repairs(*repairs: Repair) -> PlanReport:
    made = report(small_register(420, 4))
    return replace(made, result=replace(made.result, repairs=repairs))


MENDED = with_repairs(*ranked())
PLAIN = with_repairs()


def sheet_text(made: PlanReport, name: str) -> list[list[object]]:
    book = load_workbook(BytesIO(plan_workbook(made)))
    return [list(row) for row in book[name].iter_rows(values_only=True)]


# --- rows ---------------------------------------------------------------------------------------


def test_rows_begin_with_how_things_are_and_keep_the_rank() -> None:
    now, *rows = repair_rows(MENDED.result)
    assert (now.rank, now.hours, now.posts, now.cost) == (None, 900, 1.5, 5000)
    assert [row.rank for row in rows] == list(range(1, 13))
    assert [row.what for row in rows] == [r.what for r in ranked()]


def test_the_front_page_has_the_best_of_each_kind_and_eight_in_all() -> None:
    now, *rows = front_rows(MENDED.result)
    assert now.rank is None
    assert len(rows) == MOST_SHOWN == 8
    assert [row.rank for row in rows] == [1, 2, 3, 8, 9, 10, 11, 12]
    assert {row.kind for row in rows} == {kind.value for kind in RepairKind}


def test_a_repair_that_does_nothing_says_so() -> None:
    row = repair_rows(MENDED.result)[-1]
    assert row.effect == "No effect on what is proved. Clearing stays proved impossible."
    tiny = repair(RepairKind.TRAINING, "x", replace(NOW, bound=NOW.bound * (1 - 1e-4)))
    assert not tiny.has_effect


@pytest.mark.parametrize(
    ("change", "has_effect"),
    [
        ({}, False),
        ({"hours": 899.96}, False),
        ({"hours": 899.9}, True),
        ({"posts": 1.49}, True),
        ({"bound": 4990.0}, True),
        ({"is_ruled_out": False}, True),
        ({"hours_there": 5000.0}, False),
    ],
)
def test_what_counts_as_an_effect(change: dict[str, float], has_effect: bool) -> None:
    after = replace(NOW, **change)  # type: ignore[arg-type]
    assert repair(RepairKind.POSTS, "x", after).has_effect == has_effect


def test_no_longer_ruled_out_is_never_called_clearing() -> None:
    row = repair_rows(with_repairs(repair(RepairKind.POSTS, "x", OPEN)).result)[1]
    assert row.effect == "Clearing is no longer ruled out; plan with it to see whether it clears."


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (replace(NOW, hours=800.0), "at least 800 hours lack (1.5 posts)"),
        (replace(NOW, hours=0.0, posts=0.4), "people trained for ARMS lack (0.4 posts)"),
        (replace(NOW, hours=0.0, posts=0.0), "some duties nobody can do in time"),
    ],
)
def test_what_still_stands_in_the_way_is_named(after: Standing, words: str) -> None:
    row = repair_rows(with_repairs(repair(RepairKind.POSTS, "x", after)).result)[1]
    assert row.effect.startswith("Clearing is proved impossible: ")
    assert words in row.effect


def test_where_nothing_was_ruled_out_nothing_is_said_to_be() -> None:
    was = replace(OPEN, bound=1000.0)
    rows = repair_rows(with_repairs(repair(RepairKind.OVERTIME, "x", OPEN, was)).result)
    assert rows[0].effect == "Clearing is not proved impossible."
    assert rows[1].effect == (
        "Clearing was not ruled out before; the least cost falls from 1,000 to 900."
    )
    assert not any(row.ruled_out for row in rows)


def test_hours_bought_and_what_each_saves() -> None:
    post = next(r for r in repair_rows(MENDED.result) if r.what == "1 more post")
    assert post.hours_bought == 1000
    assert post.saved_per_hour == pytest.approx(0.15)
    wider = next(r for r in repair_rows(MENDED.result) if r.what == "All teams as one")
    assert (wider.hours_bought, wider.saved_per_hour) == (None, None)


# --- where they are read ------------------------------------------------------------------------


def test_the_summary_and_the_sheet_show_them() -> None:
    front = [row[0] for row in sheet_text(MENDED, "Summary")]
    at = front.index("What might clear it, ranked")
    assert front[at + 2] == "As things are"
    assert front[at + 3] == "1. Overtime of 50%"
    assert "8. 10 of 20 low risk cases *" in front
    assert NO_LEVER in front
    rows = sheet_text(MENDED, "Repairs")
    table = [row for row in rows if isinstance(row[0], int)]
    assert [row[2] for row in table] == [r.what for r in ranked()]
    assert table[0][10] == "Basis of Overtime of 50%."
    assert [row[6] for row in table[:2]] == ["No", "Yes"]


def test_nothing_is_shown_where_the_plan_clears() -> None:
    assert repair_rows(PLAIN.result) == front_rows(PLAIN.result) == ()
    assert repair_lines(PLAIN.result, 4) == ()
    assert repairs_for_programs(PLAIN.result) == []
    front = [row[0] for row in sheet_text(PLAIN, "Summary")]
    assert "What might clear it, ranked" not in front
    assert NO_LEVER not in front
    texts = [cell for row in sheet_text(PLAIN, "Repairs") for cell in row if cell]
    assert "The plan leaves nothing overdue: there is nothing to repair." in texts


def test_the_screen_names_the_best_and_warns() -> None:
    run = PlanRun(report=MENDED, folder=Path(), files=(), seconds=1.0)
    text = plan_text(run)
    assert "  1. Overtime of 50%: Clearing is no longer ruled out" in text
    assert NO_LEVER in text
    assert "might clear" not in plan_text(replace(run, report=PLAIN))


def test_programs_get_every_repair_with_figures_before_and_after() -> None:
    found = plan_json(PlanRun(report=MENDED, folder=Path(), files=(), seconds=1.0))
    assert found["clearing_ruled_out"] is True
    assert [r["rank"] for r in found["repairs"]] == list(range(1, 13))
    assert found["repairs"][1]["hours_lacking"] == [900.0, 100.0]
    assert found["repairs"][1]["clearing_ruled_out"] == [True, True]


def test_reactive_management_alone_is_starred() -> None:
    lines = repair_lines(MENDED.result, 8)
    assert [("*" in line) for line in lines] == [("low risk" in line) for line in lines]


# --- proved, or not -----------------------------------------------------------------------------


def test_a_plan_that_does_not_clear_is_not_called_impossible_without_proof() -> None:
    for unproved in (None, Shortfall(hours={}, posts=0.0)):
        text = headline(MENDED.outcome, unproved)
        assert text.endswith("It is not proved that no plan can clear it.")
        assert text.startswith("In this plan")
        assert not any(word in text.replace("not proved", "") for word in IMPOSSIBLE)


@pytest.mark.parametrize(
    "proof",
    [
        Shortfall(hours={("North", 3): 10.0}, posts=0.2),
        Shortfall(hours={}, posts=0.2),
        Shortfall(hours={}, posts=0.0, without_remedy=(("P1", "why"),)),
    ],
)
def test_with_proof_it_is_said_that_no_plan_can(proof: Shortfall) -> None:
    assert proof.is_proved
    assert "It is proved that no plan can leave nothing overdue." in headline(MENDED.outcome, proof)


def test_people_trained_for_arms_may_be_what_is_lacking() -> None:
    text = lacking(Shortfall(hours={}, posts=0.25))
    assert text.startswith("Hours would do, but people trained for ARMS are lacking")
    assert lacking(Shortfall(hours={}, posts=0.0)) == ""


def test_visits_left_where_the_backlog_clears_are_told_with_what_is_proved() -> None:
    made = report()
    assert made.outcome.cleared_month is not None
    for shortfall, words in (
        (Shortfall(hours={}, posts=0.0), "It is not proved that no plan can do it."),
        (Shortfall(hours={}, posts=0.0, without_remedy=(("P1", "why"),)), "It is proved that no"),
        (Shortfall(hours={("N", 1): 40.0}, posts=0.3), "visits included: at least 40 hours"),
    ):
        text = " ".join(in_brief(made.outcome, replace(made.result, shortfall=shortfall)))
        assert words in text


# --- the price of an hour -----------------------------------------------------------------------


def test_the_dearest_month_of_each_team_comes_first_by_price() -> None:
    price = {("North", 3): 5.0, ("North", 4): 7.0, ("North", 9): 7.0, ("Walsall", 2): 9.0}
    made = replace(MENDED, result=replace(MENDED.result, hour_price=price))
    first, second = dearest_hours(made.outcome, made.result)
    start = made.outcome.situation.horizon.start
    assert (first.team, first.month, first.points) == ("Walsall", start(2), 9.0)
    assert (second.team, second.month, second.points) == ("North", start(4), 7.0)
    assert second.mean == pytest.approx(19 / 18)


def test_the_summary_shows_price_and_hours_by_team() -> None:
    rows = sheet_text(MENDED, "Summary")
    at = next(n for n, row in enumerate(rows) if row[0] == "Team")
    assert rows[at][1:7] == [
        "Hours lacking",
        "Months short",
        "Worst month",
        "Dearest month",
        "Points there",
        "Points, mean",
    ]
    teams = {row[0]: row for row in rows[at + 1 : at + 4]}
    assert teams["Coventry"][5] == 27
    assert teams["Walsall"][1] == "none"
    assert teams["Walsall"][5] == 27


def test_without_shortfall_and_price_there_is_no_table_of_teams() -> None:
    made = replace(PLAIN, result=replace(PLAIN.result, hour_price={}, shortfall=None))
    assert "Team" not in [row[0] for row in sheet_text(made, "Summary")]
