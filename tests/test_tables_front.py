"""What leaders and supervisors read: sentences, comparisons, lists, checks, changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from planner.domain.policy import SETTINGS, Policy
from planner.domain.result import SearchStatus, Shortfall
from planner.domain.rules import Rule
from planner.domain.terms import Duty
from planner.domain.verdict import Discrepancy
from planner.tables import check_rows, comparison
from planner.tables.checks import breach_text
from planner.tables.month_list import WARRANT, how_late, this_month
from planner.tables.officers import officer_hours, officer_rows
from planner.tables.summary import (
    assumptions_line,
    headline,
    how_sure,
    in_brief,
    month_by_month,
    oldest_by_level,
    overdue_by_level,
    rules_line,
    shortfall_by_team,
    unannounced_by_level,
)
from planner.tables.teams import hour_prices, team_hours
from tests.plan_build import rejected_verdict, report, small_register

MADE = report()
SHORT = report(small_register(420, 4))
LACK = Shortfall(hours={("North", 3): 300.0, ("North", 4): 500.0, ("South", 9): 7500.0}, posts=7.24)


def test_the_headline_names_the_month_in_which_the_backlog_clears() -> None:
    month = MADE.outcome.cleared_month
    assert month is not None
    name = f"{MADE.outcome.situation.horizon.start(month):%B %Y}"
    opening = sum(r.arms_overdue for r in MADE.written.backlog[:4])
    expected = f"The ARMS backlog of {opening:,} clears in month {month} ({name})."
    assert headline(MADE.outcome, None) == expected


def test_the_headline_of_a_backlog_that_does_not_clear_names_what_is_lacking() -> None:
    left = SHORT.outcome.backlog(18)
    text = headline(SHORT.outcome, LACK)
    assert "does NOT clear in 18 months" in text or "GROWS" in text
    assert f"{left:,}" in text
    assert text.endswith("At least 8,300 hours are lacking, about 7.2 full-time posts.")


def test_nothing_overdue_today_is_said_so() -> None:
    register = small_register()
    register = replace(register, offenders=register.offenders[3:4])
    fresh = replace(register.offenders[0], arms_due=date(2027, 8, 1), last_visit=date(2027, 4, 19))
    outcome = report(replace(register, offenders=(fresh,))).outcome
    assert headline(outcome, None).startswith("No ARMS is overdue today")


def test_what_follows_the_headline_says_what_no_hours_bring_about() -> None:
    texts = list(in_brief(MADE.outcome, MADE.result))
    assert texts[-1] == "No hours would help 1 duty: nobody of the team is trained for ARMS."


def test_visits_left_overdue_are_counted_in_words() -> None:
    late = next(in_brief(SHORT.outcome, SHORT.result))
    number = SHORT.outcome.backlog(18, Duty.VISIT)
    assert number > 1
    assert f"; {number:,} visits of any level are overdue at the end of month 18." in late
    register = small_register()
    person = replace(register.offenders[3], registered_until=date(2028, 1, 1))
    none = report(replace(register, offenders=(person,)))
    assert "; no visit of any level is overdue" in next(in_brief(none.outcome, none.result))


def test_how_sure_is_said_in_words() -> None:
    text = how_sure(MADE.outcome, MADE.result)
    assert "at most 3.0% could be saved" in text
    proved = replace(MADE.result, status=SearchStatus.PROVED)
    assert "proved best" in how_sure(MADE.outcome, proved)


def test_the_rules_line_counts_broken_and_forced() -> None:
    assert rules_line(MADE.verdict).startswith("All 9 hard rules are kept")
    text = rules_line(rejected_verdict(MADE.outcome))
    assert text.startswith("2 hard rules are broken, 26 times in all")
    assert text.endswith("no choice on 25 of them.")


def test_assumptions_are_counted_and_a_forces_own_figure_is_none() -> None:
    line = assumptions_line(Policy())
    count = int(line.split("rest on ")[1].split()[0])
    own = assumptions_line(Policy().but({"arms.hours": 6}))
    assert f"rest on {count - 1} assumptions" in own
    assert "hours for an ARMS" in line
    assert "hours for an ARMS" not in own  # 6 is the force's own: no example of an assumption
    given = {n: 0.123 for n, s in SETTINGS.items() if s.assumption and s.kind == "number"}
    given |= {n: 9 for n, s in SETTINGS.items() if s.assumption and s.kind == "whole"}
    assert "has a source" in assumptions_line(Policy().but(given))


def test_levels_add_up_to_all() -> None:
    *levels, total = overdue_by_level(SHORT.outcome)
    assert total.level == "All"
    assert total.arms[-1] == SHORT.outcome.backlog(18)
    assert total.visits[-1] == SHORT.outcome.backlog(18, Duty.VISIT)
    assert total.arms[0] == sum(row.arms[0] or 0 for row in levels)


def test_unannounced_shares_stand_beside_what_is_wanted() -> None:
    rows = unannounced_by_level(MADE.outcome)
    assert sum(row.visits for row in rows) == len(MADE.outcome.plan.visits)
    assert all((row.share is None) == (row.visits == 0) for row in rows)
    assert [row.least for row in rows] == [0.75, 0.75, 0.5, 0.5]
    assert all(row.is_assumed for row in rows)


def test_the_oldest_is_none_where_nothing_is_overdue() -> None:
    for count, age in zip(
        overdue_by_level(SHORT.outcome), oldest_by_level(SHORT.outcome), strict=False
    ):
        for number, months in zip(count.arms + count.visits, age.arms + age.visits, strict=True):
            assert (number == 0) == (months is None)


def test_teams_that_lack_most_come_first() -> None:
    south, north = shortfall_by_team(MADE.outcome, LACK)
    assert (south.team, south.hours, south.months) == ("South", 7500, 1)
    assert (north.team, north.hours, north.worst) == ("North", 800, date(2027, 8, 1))
    assert shortfall_by_team(MADE.outcome, None) == ()


def test_month_by_month_starts_today() -> None:
    rows = month_by_month(MADE.outcome, MADE.by_hand)
    assert len(rows) == 19
    assert rows[0].month is None
    assert rows[0].arms_by_hand == sum(rows[0].arms)
    assert sum(rows[-1].arms) == MADE.outcome.backlog(18)
    assert rows[-1].arms_by_hand == MADE.by_hand.backlog(18)


def test_comparison_measures_both_plans_alike() -> None:
    rows = comparison(SHORT.outcome, SHORT.outcome)
    assert all(row.plan == row.by_hand for row in rows)
    assert len({row.measure for row in rows}) == len(rows)
    share = rows[-1]
    assert share.is_share
    assert isinstance(share.plan, float)
    assert 0 < share.plan <= 1


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (date(2027, 4, 20), "Overdue today"),
        (date(2027, 4, 19), "Overdue 1 day"),
        (date(2024, 4, 20), "Overdue 1,095 days"),
        (date(2027, 4, 28), "Due before the month begins"),
        (date(2027, 5, 31), "Due this month"),
        (date(2027, 7, 1), "Early: due Jul 2027"),
    ],
)
def test_lateness_is_said_in_words(due: date, words: str) -> None:
    assert how_late(MADE.outcome, due) == words


def test_this_month_lists_month_1_by_team_and_doer_and_flags_warrants() -> None:
    items = this_month(MADE.outcome, MADE.written)
    first = [row for row in MADE.written.schedule if row.month == date(2027, 5, 1)]
    assert len(items) == len(first)
    assert [(i.team, i.officer) for i in items] == sorted((i.team, i.officer) for i in items)
    for item in items:
        tried = MADE.outcome.situation.register.offender[item.ref].failed_attempts
        assert (item.attention == WARRANT) == (tried >= 2)
        assert (item.days_since == "Never") == (item.last_visit is None)
    assert any(item.attention for item in items)


def test_officers_show_cases_by_kind_and_hours_by_month() -> None:
    rows = officer_rows(MADE.outcome)
    assert [r.staff_id for r in rows] == [h.staff_id for h in officer_hours(MADE.outcome)]
    for row in rows:
        assert row.community + row.elsewhere == row.caseload
        assert row.against_norm == row.caseload - 50
    assert sum(r.cases_in for r in rows) == len(MADE.outcome.changes)
    gone = next(h for h in officer_hours(MADE.outcome) if h.staff_id == "OM00")
    assert gone.shares[-1] is None  # left in December


def test_team_figures_cover_every_team_and_month() -> None:
    rows = team_hours(MADE.outcome, MADE.result)
    assert [r.figure for r in rows[:3]] == ["Capacity", "Planned", "Lacking"]
    lacking = [r for r in rows if r.figure == "Lacking"]
    assert MADE.result.shortfall is not None
    assert sum(r.overall for r in lacking) == pytest.approx(MADE.result.shortfall.total_hours)
    prices = hour_prices(MADE.outcome, MADE.result)
    assert [(r.team, r.overall) for r in prices] == [
        (team, 27.0) for team in MADE.outcome.situation.register.teams
    ]


def test_checks_list_every_rule_then_the_stated_figures() -> None:
    verdict = rejected_verdict(MADE.outcome)
    wrong = Discrepancy(sheet="Run", item="Cost", stated="1", found="2")
    rows = check_rows(replace(verdict, discrepancies=(wrong,)), MADE.written)
    assert [row.rule for row in rows[:-1]] == [rule.label for rule in Rule]
    caps = rows[Rule.CASELOAD_CAP.value - 1]
    assert (caps.broken, caps.forced) == (25, 25)
    assert caps.detail.startswith("OM00, May 2027: 3 above the cap of 20; OM01")
    assert caps.detail.endswith("and 5 more.")
    assert rows[-1].rule.startswith("0. ")
    assert rows[-1].detail == "Run, Cost: stated 1, worked out again 2."
    assert breach_text(rejected_verdict(MADE.outcome).findings[4].breaches[0]) == (
        "OM02, Jun 2027: 4.5 h over"
    )
