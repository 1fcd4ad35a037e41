"""The workload workbook's sheets to read: officers, what is overdue, hours, cases and moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.workbooks.fields import Fields, columns_of, number_of, values_of, without
from planner.workbooks.plan_columns import WORKLOAD
from planner.workbooks.plan_hours import add_hours_grid
from planner.workbooks.sheet import Column, Sheet, paint_above, paint_scale, paint_words
from planner.workbooks.theme import DUE_SOON, LATE, NAVY, OVERDUE, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.workbooks.sheet import Book, Placed
    from planner.workbooks.workload_content import WorkloadContent

_CASELOAD: Fields = (
    ("officer.staff_id", Column("SOM", width=11)),
    ("officer.name", Column("Name", width=18)),
    ("officer.team", Column("Team", width=13)),
    ("supervisor", Column("Supervisor", width=13)),
    ("officer.fte", Column("FTE", Kind.NUMBER, 8)),
    ("today", Column("Cases today", Kind.WHOLE, 9)),
    ("moves_in", Column("Cases in", Kind.WHOLE, 9)),
    ("moves_out", Column("Cases out", Kind.WHOLE, 9)),
    ("officer.caseload", Column("Caseload", Kind.WHOLE, 11)),
    ("officer.against_norm", Column("Against the norm", Kind.SIGNED, 11)),
    ("officer.elsewhere", Column("In custody or away", Kind.WHOLE, 12)),
    ("officer.community", Column("In the community", Kind.WHOLE, 13)),
    ("community_against_norm", Column("Community against the norm", Kind.SIGNED, 13)),
    ("officer.reactive", Column("Reactive", Kind.WHOLE, 11)),
    ("officer.cap", Column("Cap", Kind.WHOLE, 8)),
    ("very_high", Column("Very high", Kind.WHOLE, 9)),
    ("high", Column("High", Kind.WHOLE, 9)),
    ("medium", Column("Medium", Kind.WHOLE, 10)),
    ("low", Column("Low", Kind.WHOLE, 9)),
    ("officer.risky", Column("Very high and high", Kind.WHOLE, 11)),
    ("officer.fair_share", Column("Fair share of these", Kind.HOURS, 11)),
    ("capacity", Column("Capacity hours", Kind.HOURS, 11)),
    ("planned", Column("Planned hours", Kind.HOURS, 11)),
    ("used", Column("Hours used", Kind.SHARE, 9)),
)

_OVERDUE: Fields = (
    ("staff_id", Column("SOM", width=11)),
    ("team", Column("Team", width=13)),
    ("supervisor", Column("Supervisor", width=13)),
    ("visits_overdue", Column("Visits overdue", Kind.WHOLE, 11)),
    ("oldest_visit", Column("Oldest visit overdue, days", Kind.WHOLE, 15)),
    ("arms_overdue", Column("ARMS overdue", Kind.WHOLE, 11)),
    ("oldest_arms", Column("Oldest ARMS overdue, days", Kind.WHOLE, 15)),
    ("longest_since", Column("Days since last successful visit, longest", Kind.WHOLE, 17)),
    ("median_since", Column("Days since last successful visit, middle", Kind.WHOLE, 17)),
    ("never_seen", Column("Never seen", Kind.WHOLE, 10)),
    ("tried", Column("With failed attempts", Kind.WHOLE, 13)),
    ("at_warrant", Column("At the warrant threshold", Kind.WHOLE, 13)),
    ("visits", Column("Visits planned", Kind.WHOLE, 11)),
    ("unannounced", Column("Visits unannounced", Kind.SHARE, 15)),
    ("solo", Column("Solo visits", Kind.WHOLE, 10)),
)

_CASES: Fields = (
    ("som", Column("SOM", width=11)),
    ("supervisor", Column("Supervisor", width=13)),
    ("ref", Column("Offender ref", width=14)),
    ("level", Column("Risk level", width=11)),
    ("status", Column("Status", width=13)),
    ("management", Column("Management", width=14)),
    ("area", Column("Area", width=10)),
    ("last_visit", Column("Last successful visit", Kind.DATE, 13)),
    ("days_since", Column("Days since", Kind.WHOLE, 10)),
    ("failed_attempts", Column("Failed attempts", Kind.WHOLE, 11)),
    ("attention", Column("Attention", width=26)),
    ("visit_due", Column("Visit due", Kind.DATE, 12)),
    ("visit_days", Column("Visit overdue, days", Kind.WHOLE, 12)),
    ("next_visit", Column("Next visit", Kind.MONTH, 11)),
    ("arms_due", Column("ARMS due", Kind.DATE, 12)),
    ("arms_days", Column("ARMS overdue, days", Kind.WHOLE, 12)),
    ("next_arms", Column("Next ARMS", Kind.MONTH, 11)),
    ("next_arms_by", Column("ARMS by a colleague", width=11)),
    ("remark", Column("Why nothing is planned", Kind.PARAGRAPH, 44)),
)

_MOVES: Fields = (
    ("month", Column("From", Kind.MONTH, 11)),
    ("ref", Column("Offender ref", width=14)),
    ("level", Column("Risk level", width=11)),
    ("status", Column("Status", width=13)),
    ("management", Column("Management", width=14)),
    ("team", Column("Team", width=13)),
    ("previous_som", Column("SOM now", width=11)),
    ("som", Column("Proposed SOM", width=11)),
    ("reason", Column("Reason", width=17)),
    ("why", Column("What is behind it", Kind.PARAGRAPH, 72)),
)


def add_caseload(book: Book, content: WorkloadContent) -> Placed:
    """Each officer's cases against the norm, with and without custody, and their mix."""
    rows = content.caseloads
    unused = [] if any(row.officer.name for row in rows) else ["officer.name"]
    fields = without(_for_reader(_CASELOAD, content), *unused)
    norm = content.report.outcome.situation.policy.caseload_norm
    first = content.stamp.first_month
    placed = book.add_table(
        Sheet(
            name="Caseload",
            title=f"Caseload: {_whose(content)}, {first:%B %Y}",
            notes=(
                f"Cases on the last day of {first:%B %Y}, with the moves proposed for that month "
                f"(Cases in, Cases out). Against the norm: less {norm:g}, the accepted ratio "
                "(shown, not enforced).",
                "Very high to Low: community cases. Fair share: the team's very high and high in "
                "proportion to FTE. Hours are those of the month, for visits and ARMS.",
            ),
            columns=columns_of(fields),
            rows=values_of(fields, rows),
            tab_colour=NAVY,
        )
    )
    for name in ("officer.caseload", "officer.community", "officer.risky"):
        paint_scale(placed, (number_of(fields, name),) * 2)
    paint_scale(placed, (number_of(fields, "used"),) * 2, high=1.0)
    return placed


def add_overdue(book: Book, content: WorkloadContent) -> None:
    """Who is behind, how far, and how the plan's visits are made."""
    rows = content.overdue
    fields = _for_reader(_OVERDUE, content)
    policy = content.report.outcome.situation.policy
    placed = book.add_table(
        Sheet(
            name="Overdue",
            title=f"Overdue on {content.stamp.as_at:%d/%m/%Y}: {_whose(content)}",
            notes=(
                f"Together {sum(r.visits_overdue for r in rows):,} visits and "
                f"{sum(r.arms_overdue for r in rows):,} ARMS overdue; "
                f"{sum(r.at_warrant for r in rows):,} people at the warrant threshold of "
                f"{policy.visit_warrant_after:g} failed attempts (Sexual Offences Act 2003 s.96B).",
                "By the SOM proposed for the first month. Days since: active people in the "
                "community; a visit where nobody answered does not count. The cases are on Cases.",
                "Visits planned, the share unannounced and solo visits (a crew of one) are over "
                "the whole plan.",
            ),
            columns=columns_of(fields),
            rows=values_of(fields, rows),
            tab_colour=NAVY,
        )
    )
    for name in ("oldest_visit", "oldest_arms", "longest_since"):
        paint_scale(placed, (number_of(fields, name),) * 2)
    paint_above(book, placed, number_of(fields, "at_warrant"), 0, OVERDUE)
    for name in ("never_seen", "solo"):
        paint_above(book, placed, number_of(fields, name), 0, DUE_SOON)


def add_hours(book: Book, content: WorkloadContent) -> None:
    """The heat map of hours used, then the hours themselves."""
    outcome = content.report.outcome
    add_hours_grid(book, outcome, content.hours, "Hours in full are on Workload.")
    book.add_table(
        Sheet(
            name=WORKLOAD.name,
            title=f"Workload: hours of {_whose(content)}, month by month",
            notes=(
                "Capacity: hours for visits and ARMS once leave, absence, other duties and new "
                "registrations are taken off. Utilisation: planned hours / capacity.",
            ),
            columns=[Column(c.header, c.kind, c.width) for c in WORKLOAD.columns],
            rows=values_of(
                tuple((c.field, Column(c.header)) for c in WORKLOAD.columns), content.workload
            ),
            frozen_columns=2,
            tab_colour=NAVY,
        )
    )


def add_cases(book: Book, content: WorkloadContent) -> None:
    """Every case, by SOM and risk."""
    add_case_list(
        book,
        name="Cases",
        title=f"Cases: {_whose(content)}",
        rows=content.cases,
        fields=_for_reader(_CASES, content),
        as_at=f"{content.stamp.as_at:%d/%m/%Y}",
    )


def add_my_cases(book: Book, rows: Sequence[object], staff_id: str, as_at: str) -> None:
    """One officer's cases."""
    fields = without(_CASES, "som", "supervisor", "management", "area")
    add_case_list(
        book,
        name="My cases",
        title=f"My cases: {staff_id}",
        rows=rows,
        fields=fields,
        as_at=as_at,
    )


def add_case_list(
    book: Book, *, name: str, title: str, rows: Sequence[object], fields: Fields, as_at: str
) -> None:
    """Cases with what is overdue painted."""
    placed = book.add_table(
        Sheet(
            name=name,
            title=title,
            notes=(
                f"{len(rows):,} cases, by the SOM proposed for the first month, riskiest first. "
                f"Days are counted to {as_at}; blank: not overdue, or not visited.",
                "Next visit and Next ARMS: the first month in which the plan has one.",
            ),
            columns=columns_of(fields),
            rows=values_of(fields, rows),
            frozen_columns=number_of(fields, "ref") + 1,
            tab_colour=NAVY,
        )
    )
    paint_words(book, placed, number_of(fields, "attention"), "Consider", OVERDUE)
    for days in ("visit_days", "arms_days"):
        paint_above(book, placed, number_of(fields, days), -1, LATE)


def add_moves(book: Book, content: WorkloadContent) -> None:
    """The moves proposed, with what is behind each."""
    book.add_table(
        Sheet(
            name="Moves",
            title=f"Proposed moves: {_whose(content)}",
            notes=(
                f"{len(content.moves):,} cases change hands or get their first SOM. SOM now blank: "
                "not yet allocated. To accept or refuse one, fill in its row on Decisions "
                "(Kind: Move).",
            ),
            columns=columns_of(_MOVES),
            rows=values_of(_MOVES, content.moves),
            frozen_columns=2,
            tab_colour=NAVY,
        )
    )


def _for_reader(fields: Fields, content: WorkloadContent) -> Fields:
    """Without the column that says the same in every row."""
    return fields if content.is_of_unit else without(fields, "supervisor")


def _whose(content: WorkloadContent) -> str:
    if content.is_of_unit:
        return "the unit"
    return f"officers of {content.stamp.made_for}"
