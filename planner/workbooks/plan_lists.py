"""The plan workbook's lists for people: this month, officers, hours and what an hour is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.tables.cases import at_warrant
from planner.tables.month_list import this_month
from planner.tables.officers import officer_rows
from planner.workbooks.fields import columns_of, number_of, values_of, without
from planner.workbooks.sheet import Column, Sheet, paint_scale, paint_words
from planner.workbooks.theme import LATE, NAVY, OVERDUE, Kind

if TYPE_CHECKING:
    from planner.domain.written import WrittenPlan
    from planner.workbooks.sheet import Book
    from planner.workload.outcome import Outcome

_MONTH_LIST = (
    ("team", Column("Team", width=15)),
    ("officer", Column("Officer", width=10)),
    ("ref", Column("Offender ref", width=15)),
    ("level", Column("Risk level", width=11)),
    ("duty", Column("Duty", width=8)),
    ("visit_type", Column("Visit type", width=13)),
    ("crew", Column("Crew", Kind.WHOLE, 8)),
    ("second", Column("Second officer", width=11)),
    ("due", Column("Due", Kind.DATE, 12)),
    ("how_late", Column("How late", width=25)),
    ("last_visit", Column("Last successful visit", Kind.DATE, 13)),
    ("days_since", Column("Days since", Kind.WHOLE, 12)),
    ("failed_attempts", Column("Failed attempts", Kind.WHOLE, 11)),
    ("attention", Column("Attention", width=26)),
    ("area", Column("Area", width=11)),
    ("som", Column("SOM of the case", width=11)),
)

_OFFICERS = (
    ("staff_id", Column("SOM", width=10)),
    ("name", Column("Name", width=18)),
    ("team", Column("Team", width=15)),
    ("fte", Column("FTE", Kind.NUMBER, 8)),
    ("trained", Column("ARMS trained", width=10)),
    ("caseload", Column("Caseload", Kind.WHOLE, 11)),
    ("against_norm", Column("Against the norm", Kind.SIGNED, 11)),
    ("community", Column("In the community", Kind.WHOLE, 13)),
    ("elsewhere", Column("In custody or away", Kind.WHOLE, 14)),
    ("reactive", Column("Reactive", Kind.WHOLE, 11)),
    ("cap", Column("Cap", Kind.WHOLE, 8)),
    ("risky", Column("Very high and high", Kind.WHOLE, 11)),
    ("fair_share", Column("Fair share of these", Kind.HOURS, 13)),
    ("cases_in", Column("Cases in", Kind.WHOLE, 10)),
    ("cases_out", Column("Cases out", Kind.WHOLE, 11)),
    ("unannounced", Column("Visits unannounced", Kind.SHARE, 15)),
    ("hours_used", Column("Hours used", Kind.SHARE, 9)),
)


def add_this_month(book: Book, outcome: Outcome, written: WrittenPlan) -> None:
    first = outcome.situation.horizon.first
    rows = this_month(outcome, written)
    limit = outcome.situation.policy.visit_warrant_after
    warrants = {row.ref for row in rows if row.attention is not None}
    unlisted = at_warrant(outcome) - warrants
    placed = book.add_table(
        Sheet(
            name="This month",
            title=f"This month: {first:%B %Y}",
            notes=(
                f"{len(rows):,} duties, by team and the officer who does them, riskiest first. "
                f"Lateness and days are counted to {outcome.situation.register.as_at:%d/%m/%Y}.",
                f"{len(warrants):,} of these people to consider for a warrant (Sexual Offences Act "
                f"2003 s.96B): entry refused or nobody in, {limit:g} times or more. "
                f"{len(unlisted):,} others have as many failed attempts and no duty this month: "
                "see Failed attempts in the register.",
            ),
            columns=columns_of(_MONTH_LIST),
            rows=values_of(_MONTH_LIST, rows),
            frozen_columns=3,
            tab_colour=NAVY,
        )
    )
    late = number_of(_MONTH_LIST, "how_late")
    paint_words(book, placed, late, "Overdue", LATE)
    paint_words(book, placed, number_of(_MONTH_LIST, "attention"), "Consider", OVERDUE)


def add_officers(book: Book, outcome: Outcome) -> None:
    norm = outcome.situation.policy.caseload_norm
    rows = officer_rows(outcome)
    named = any(row.name for row in rows)
    fields = _OFFICERS if named else without(_OFFICERS, "name")
    placed = book.add_table(
        Sheet(
            name="Officers",
            title="Officers",
            notes=(
                f"Cases on the last day of {outcome.situation.horizon.first:%B %Y}. "
                f"Against the norm: caseload less {norm:g}, the accepted ratio (shown, not "
                "enforced).",
                "Fair share: the team's very high and high community cases in proportion to FTE. "
                "Cases in and out, visits and hours are over the whole plan.",
            ),
            columns=columns_of(fields),
            rows=values_of(fields, rows),
            tab_colour=NAVY,
        )
    )
    paint_scale(placed, (number_of(fields, "hours_used"),) * 2, high=1.0)
