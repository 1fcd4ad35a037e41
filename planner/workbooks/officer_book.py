"""An officer's own workbook: the month by week, visits to second, their cases; nobody else's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_col_to_name

from planner.domain.decision import EditField
from planner.domain.terms import Duty
from planner.review.edited import KEY
from planner.workbooks.edit_about import add_edit_about
from planner.workbooks.edit_checks import Bounds, add_edit_check
from planner.workbooks.edit_columns import MONTH, OFFICER_FIELDS, edit_column
from planner.workbooks.fields import Fields, columns_of, number_of, values_of
from planner.workbooks.sheet import Book, Column, Sheet, paint_where, paint_words
from planner.workbooks.theme import (
    LATE,
    NAVY,
    NOT_FOR_THIS_ROW,
    OVERDUE,
    PLUM,
    SECOND_BAND,
    Kind,
)
from planner.workbooks.workload_decisions import shown_again
from planner.workbooks.workload_people import add_my_cases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.tables.officer_month import OfficerMonth
    from planner.workbooks.edit_about import Stamp
    from planner.workbooks.loop_report import LoopReport
    from planner.workbooks.sheet import Placed, Value
    from planner.workbooks.workload_content import Shown

AS_SECOND = "As second officer"

MEANING = {
    MONTH: "What to do, by week, with room for what came of it.",
    AS_SECOND: "Visits of colleagues' cases on which you are the second officer.",
    "My cases": "Your cases: last seen, overdue, what is planned next.",
}

_MONTH: Fields = (
    ("week", Column("Week", Kind.WHOLE, 7)),
    ("begins", Column("Week begins", Kind.DATE, 12)),
    ("ref", Column("Offender ref", width=13)),
    ("level", Column("Risk level", width=10)),
    ("what", Column("What is proposed", width=30)),
    ("reason", Column("Reason", width=18)),
    ("due", Column("Due", Kind.DATE, 12)),
    ("area", Column("Area", width=9)),
    ("last_visit", Column("Last successful visit", Kind.DATE, 12)),
    ("days_since", Column("Days since", Kind.WHOLE, 8)),
    ("failed_attempts", Column("Failed attempts", Kind.WHOLE, 10)),
    ("attention", Column("Attention", Kind.PARAGRAPH, 17)),
    ("som", Column("SOM", width=9)),
    ("hours", Column("Hours", Kind.NUMBER, 8)),
)

_ROOM = 29
"""A row's height in points: two lines, and room to write on paper."""

_KEY = Column(KEY, width=24)

_AS_SECOND: Fields = (
    ("week", Column("Week", Kind.WHOLE, 8)),
    ("begins", Column("Week begins", Kind.DATE, 12)),
    ("month", Column("Month", Kind.MONTH, 11)),
    ("ref", Column("Offender ref", width=14)),
    ("led_by", Column("Led by", width=11)),
    ("hours", Column("Hours", Kind.NUMBER, 9)),
)


def officer_workbook(month: OfficerMonth, report: LoopReport, stamp: Stamp) -> bytes:
    """The workbook's bytes: the same content always gives the same."""
    situation = report.outcome.situation
    title = f"{month.staff_id}: {stamp.first_month:%B %Y}"
    book = Book(
        title=title,
        marking=situation.register.marking,
        as_at=stamp.as_at,
        warning=report.warning,
    )
    bounds = Bounds(first_day=stamp.as_at, last_day=situation.horizon.end(2))
    _add_month(book, month, title, bounds, report.taken.shown)
    _add_as_second(book, month)
    add_my_cases(book, month.cases, month.staff_id, f"{stamp.as_at:%d/%m/%Y}")
    add_edit_about(book, replace(stamp, made_for=month.staff_id), MEANING)
    return book.to_bytes()


def _add_month(book: Book, month: OfficerMonth, title: str, bounds: Bounds, shown: Shown) -> None:
    values: list[Sequence[Value]] = [
        (*row, *shown_again(shown, item.decision_ref, OFFICER_FIELDS), item.decision_ref)
        for row, item in zip(values_of(_MONTH, month.items), month.items, strict=True)
    ]
    placed = book.add_table(
        Sheet(
            name=MONTH,
            title=title,
            notes=(
                *_week_lines(month),
                "Weeks are a proposal: visits to very high and high cases by their due dates, then "
                "the riskiest and longest overdue first; hours even. The plan only fixes months.",
                "Fill in the yellow columns and hand the workbook in; grey: not for an ARMS. SOM: "
                "whose case it is. "
                f"Days and reasons are as on {bounds.first_day:%d/%m/%Y}.",
            ),
            columns=[*columns_of(_MONTH), *(edit_column(f) for f in OFFICER_FIELDS), _KEY],
            rows=values,
            frozen_columns=number_of(_MONTH, "ref") + 1,
            tab_colour=PLUM,
        )
    )
    paint_words(book, placed, number_of(_MONTH, "reason"), "Overdue", LATE)
    paint_words(book, placed, number_of(_MONTH, "attention"), "Consider", OVERDUE)
    for column, field in enumerate(OFFICER_FIELDS, start=len(_MONTH)):
        add_edit_check(placed, column, field, bounds)
        if field is EditField.VISIT_TYPE:
            _grey_out_arms(book, placed, column)
    _band_weeks(book, placed, number_of(_MONTH, "reason"))
    for row in range(placed.first_row, placed.last_row + 1):
        placed.sheet.set_row(row, _ROOM)


def _week_lines(month: OfficerMonth) -> list[str]:
    """The hours of each week, and of the month."""
    weeks = "; ".join(
        f"week {w.week} ({w.begins:%d/%m} to {w.ends:%d/%m}) {_hours(w.hours)}" for w in month.weeks
    )
    total = sum(w.hours for w in month.weeks)
    return [
        f"{len(month.items):,} duties, and {len(month.seconded):,} visits as second officer (own "
        f"list): {_hours(total)} hours. By week: {weeks}."
    ]


def _hours(hours: float) -> str:
    """To a tenth, halves up, as Excel shows them on the other sheets."""
    return f"{hours + 1e-9:.1f}"


def _grey_out_arms(book: Book, placed: Placed, column: int) -> None:
    """An ARMS is neither announced nor unannounced; the rule goes with the row when sorted."""
    what = f"${xl_col_to_name(number_of(_MONTH, 'what'))}{placed.first_row + 1}"
    paint_where(book, placed, column, f'=LEFT({what},4)="{Duty.ARMS.value}"', NOT_FOR_THIS_ROW)


def _band_weeks(book: Book, placed: Placed, columns: int) -> None:
    """Every other week on a band, so that they stay apart; the number says which it is."""
    placed.sheet.conditional_format(
        placed.first_row,
        0,
        placed.last_row,
        columns - 1,
        {
            "type": "formula",
            "criteria": f"=ISEVEN($A{placed.first_row + 1}+1)",
            "format": book.theme.change(**SECOND_BAND),
        },
    )


def _add_as_second(book: Book, month: OfficerMonth) -> None:
    book.add_table(
        Sheet(
            name=AS_SECOND,
            title=f"As second officer: {month.staff_id}",
            notes=(
                f"{len(month.seconded):,} visits. The lead officer holds the case, sets the day "
                "with you and enters the result. Hours are yours.",
            ),
            columns=columns_of(_AS_SECOND),
            rows=values_of(_AS_SECOND, month.seconded),
            tab_colour=NAVY,
        )
    )
