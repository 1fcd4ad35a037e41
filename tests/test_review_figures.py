"""Figures changed where nothing is to be filled in: told with their cell, on every sheet."""

from __future__ import annotations

import io
import random
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from planner.review.edited import ENDING, ChangedFigure
from planner.workbooks.edited_read import read_edited_file
from planner.workbooks.figures_read import NAMED_BY, changed_figures
from planner.workbooks.loop_books import books
from tests.loop_build import supervised_report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MADE = supervised_report()
BOOKS = books(MADE, by_supervisor=True)
UNIT = "workload.xlsx"
(SECOND, *_) = sorted(
    row.second
    for row in MADE.written.schedule
    if row.month == MADE.outcome.situation.horizon.first and row.second
)
OFFICER = f"officers/{SECOND}.xlsx"
"""Of somebody who seconds visits, so that each sheet has rows."""


class Paper:
    """A workbook in a person's hands: its sheets, with columns by header and the first row."""

    def __init__(self, name: str) -> None:
        self.written = BOOKS[name]
        self.book: Any = load_workbook(io.BytesIO(self.written))

    def sheet(self, title: str) -> tuple[Any, int, dict[str, int]]:
        sheet = self.book[title]
        (table,) = sheet.tables.values()
        top = sheet[table.ref][0][0].row
        return sheet, top, {str(c.value): c.column for c in sheet[top] if c.value is not None}

    def figures(self, tmp_path: Path) -> tuple[ChangedFigure, ...]:
        path = tmp_path / "book.xlsx"
        self.book.save(path)
        return changed_figures(read_edited_file(path).grids, self.written)


@pytest.mark.parametrize("name", sorted(BOOKS))
def test_a_workbook_as_written_or_saved_anew_has_none(name: str, tmp_path: Path) -> None:
    assert Paper(name).figures(tmp_path) == ()


COMPARED_WITH_THE_PLAN = {
    *("Decision ref", "Offender ref", "Risk level", "Kind", "Month", "SOM", "Previous SOM"),
    *("Supervisor", "What is proposed", "Reason", "Due", "Months late", "Hours"),
}
SHEETS = [
    (name, title)
    for name in (UNIT, OFFICER)
    for title in load_workbook(io.BytesIO(BOOKS[name])).sheetnames
    if title in NAMED_BY
]


@pytest.mark.parametrize(("name", "title"), SHEETS)
def test_every_column_that_is_not_to_be_filled_in_is_watched(
    name: str, title: str, tmp_path: Path
) -> None:
    """Those beside the decisions are compared with the plan as issued instead."""
    paper = Paper(name)
    sheet, top, names = paper.sheet(title)
    elsewhere = COMPARED_WITH_THE_PLAN if title in {"Decisions", "Month"} else set()
    expected = {}
    for header, column in names.items():
        cell = sheet.cell(top + 1, column)
        if header in NAMED_BY[title] or header.endswith(ENDING):
            continue
        before = "blank" if cell.value is None else None
        is_date = isinstance(cell.value, datetime)
        cell.value = datetime(2031, 7, 9) if is_date else 987654  # noqa: DTZ001
        if header not in elsewhere:
            said = "09/07/2031" if is_date else "987654"
            expected[f"{title}!{cell.coordinate}"] = (header, said, before)
    found = {
        f.cell: (f.column, f.said, f.written if f.written == "blank" else None)
        for f in paper.figures(tmp_path)
    }
    assert found == expected
    assert expected or title == "Decisions"


def test_every_sheet_but_lists_and_about_is_watched() -> None:
    for data in BOOKS.values():
        titles = load_workbook(io.BytesIO(data)).sheetnames
        assert set(titles) - set(NAMED_BY) <= {"Lists", "About this workbook"}


def shuffled(sheet: Any, top: int, _names: dict[str, int]) -> None:
    rows = [[c.value for c in cells] for cells in sheet.iter_rows(min_row=top + 1)]
    random.Random(3).shuffle(rows)
    for r, values in enumerate(rows, start=top + 1):
        for c, value in enumerate(values, start=1):
            sheet.cell(r, c).value = value


def columns_turned(sheet: Any, top: int, names: dict[str, int]) -> None:
    for cells in list(sheet.iter_rows(min_row=top, max_col=max(names.values()))):
        values = [(c.value, c.number_format) for c in cells][::-1]
        for cell, (value, look) in zip(cells, values, strict=True):
            cell.value, cell.number_format = value, look


def columns_added(sheet: Any, top: int, _names: dict[str, int]) -> None:
    sheet.insert_cols(2, 2)
    sheet.cell(top, 2).value = "Mine"
    sheet.cell(top + 1, 2).value = "ask Bob"
    sheet.cell(top + 1, 3).value = 17


def rows_gone(sheet: Any, top: int, _names: dict[str, int]) -> None:
    sheet.delete_rows(top + 1, 2)


def rows_added(sheet: Any, _top: int, names: dict[str, int]) -> None:
    sheet.cell(sheet.max_row + 2, 1).value = "Total"
    sheet.cell(sheet.max_row, max(names.values())).value = 4711
    sheet.insert_rows(1, 2)


def columns_gone(sheet: Any, _top: int, names: dict[str, int]) -> None:
    sheet.delete_cols(max(names.values()))
    sheet.delete_cols(1)


@pytest.mark.parametrize(
    "change", [shuffled, columns_turned, columns_added, rows_gone, rows_added, columns_gone]
)
@pytest.mark.parametrize("name", [UNIT, OFFICER])
def test_what_people_do_to_sheets_to_read_is_harmless(
    name: str, change: Callable[[Any, int, dict[str, int]], None], tmp_path: Path
) -> None:
    paper = Paper(name)
    for title in paper.book.sheetnames:
        if title in NAMED_BY and title not in {"Decisions", "Month"}:
            change(*paper.sheet(title))
    assert paper.figures(tmp_path) == ()


def test_a_changed_figure_is_found_wherever_its_row_and_column_went(tmp_path: Path) -> None:
    paper = Paper(UNIT)
    sheet, top, names = paper.sheet("Cases")
    ref = sheet.cell(top + 1, names["Offender ref"]).value
    sheet.cell(top + 1, names["Failed attempts"]).value = 9
    shuffled(sheet, top, names)
    columns_turned(sheet, top, names)
    (figure,) = paper.figures(tmp_path)
    assert (figure.row, figure.column, figure.said) == (ref, "Failed attempts", "9")
    at = sheet[figure.cell.split("!")[1]]
    assert at.value == 9


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("01/05/2027", None),
        ("1 May 2027", None),
        (date(2027, 6, 1), "01/06/2027"),
        (None, "blank"),
        ("soon", "soon"),
        ("#N/A", "#N/A"),
        ("=1+1", "a formula without a value"),
    ],
)
def test_a_month_typed_anew(typed: Any, said: str | None, tmp_path: Path) -> None:
    paper = Paper(UNIT)
    sheet, top, names = paper.sheet("Cases")
    column = names["Next visit"]
    may = datetime(2027, 5, 1)  # noqa: DTZ001
    (row, *_) = [r for r in range(top + 1, sheet.max_row) if sheet.cell(r, column).value == may]
    sheet.cell(row, column).value = typed
    told = [(f.said, f.written) for f in paper.figures(tmp_path)]
    assert told == ([] if said is None else [(said, "01/05/2027")])


def test_a_header_that_is_there_twice_is_left_alone(tmp_path: Path) -> None:
    """Nobody knows which of the two the planner wrote."""
    paper = Paper(UNIT)
    sheet, top, names = paper.sheet("Cases")
    sheet.cell(top, max(names.values()) + 1).value = "Area"
    sheet.cell(top + 1, max(names.values()) + 1).value = "town"
    assert paper.figures(tmp_path) == ()


def test_a_sheet_of_the_same_name_without_its_headers_says_nothing(tmp_path: Path) -> None:
    paper = Paper(UNIT)
    del paper.book["Cases"]
    paper.book.create_sheet("Cases").append(["My", "cases"])
    paper.book["Overdue"].title = "Overdue, for the meeting"
    assert paper.figures(tmp_path) == ()


ANY_VALUE = st.one_of(
    st.sampled_from(("SOM", "Month", "=A1", "#N/A", "05/05/2027", "Never")),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=8),
    st.integers(-(10**9), 10**9),
    st.dates(date(1900, 3, 1)),
    st.booleans(),
    st.none(),
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from((UNIT, OFFICER)),
    st.lists(
        st.tuples(
            st.sampled_from(tuple(NAMED_BY)), st.integers(1, 40), st.integers(1, 25), ANY_VALUE
        ),
        max_size=12,
    ),
)
@pytest.mark.filterwarnings("ignore")
def test_whatever_is_typed_anywhere_only_that_is_told(
    tmp_path_factory: pytest.TempPathFactory, name: str, typed: list[tuple[str, int, int, Any]]
) -> None:
    """Never more than the cells typed into, but for rows and columns that got another's name."""
    paper = Paper(name)
    touched, renamed = set(), set()
    for title, row, column, value in typed:
        if title not in paper.book.sheetnames:
            continue
        sheet, top, names = paper.sheet(title)
        cell = sheet.cell(row, column)
        cell.value = value
        touched.add(f"{title}!{cell.coordinate}")
        if row <= top or column in {names.get(n) for n in NAMED_BY[title]}:
            renamed.add(title)
    found = {f.cell for f in paper.figures(tmp_path_factory.mktemp("typed"))}
    assert {cell for cell in found if cell.split("!")[0] not in renamed} <= touched
