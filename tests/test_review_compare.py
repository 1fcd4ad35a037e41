"""The three-way compare: what was issued, what a workbook says, what was accepted before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from planner.domain.decision import DecisionKind, EditField
from planner.review.answers import Answer
from planner.review.edited import EDITED_BY, EditedCell, Unusable
from tests.review_build import TODAY, answers, book, key
from tests.test_review_checks import MAR, P1_MOVE, P1_VISIT, desk

if TYPE_CHECKING:
    from planner.review.edited import EditedBook
    from planner.review.issued import Key

NOTE = key("P1", DecisionKind.VISIT, EditField.NOTE)


def changed(found: EditedBook, ref: str, column: str, value: Any) -> EditedBook:
    """One more cell changed, whatever its column."""
    rows = [
        replace(row, cells={**row.cells, column: EditedCell(value, "Z9")})
        if row.decision_ref == ref
        else row
        for row in found.rows
    ]
    return replace(found, rows=tuple(rows))


def test_nothing_said_is_nothing_reviewed() -> None:
    at = desk()
    found = at.review(book(at.issued, {}))
    assert list(found.edits()) == []
    assert found.may_all_be_stored
    assert found.total.is_nothing


@pytest.mark.parametrize("blank", [None, "", "   ", "\n"])
def test_a_blank_says_nothing_even_of_what_was_accepted(blank: Any) -> None:
    at = desk()
    at.accept({P1_MOVE: "S3"})
    assert at.say({P1_MOVE: blank}) == {}


def test_missing_rows_and_columns_say_nothing() -> None:
    at = desk()
    at.accept({P1_MOVE: "S3", NOTE: "ring first"})
    whole = book(at.issued, {P1_VISIT: MAR})
    fewer = replace(whole, rows=tuple(r for r in whole.rows if r.decision_ref == P1_VISIT[0]))
    bare = tuple(
        replace(r, cells={n: c for n, c in r.cells.items() if "Lock" in n}) for r in fewer.rows
    )
    for found in (fewer, replace(fewer, rows=bare), replace(whole, rows=whole.rows[::-1])):
        told = answers(at.review(found))
        assert {k: e.answer for k, e in told.items()} == {P1_VISIT: Answer.ACCEPTED}


@pytest.mark.parametrize(
    ("column", "value", "differs"),
    [
        ("SOM", "S3", True),
        ("SOM", " S1 ", False),
        ("Month", datetime(2026, 2, 1, tzinfo=UTC), False),
        ("Month", date(2026, 3, 1), True),
        ("Hours", 2.7500000001, False),
        ("Hours", 3, True),
        ("Hours", "2.75", False),
        ("Supervisor", "", False),
        ("Risk level", None, True),
        ("Due", Unusable("#REF!"), True),
        ("Months late", 7, True),
    ],
)
def test_figures_that_are_not_editable(column: str, value: Any, differs: bool) -> None:
    at = desk()
    if column == "SOM" and not differs:
        value = f" {at.issued.rows['P1/Visit/2026-02'].som} "
    found = at.review(changed(book(at.issued, {}), "P1/Visit/2026-02", column, value))
    told = [(e.cell, e.column, e.answer) for _, e in found.edits()]
    assert told == ([("Decisions!Z9", column, Answer.NOT_EDITABLE)] if differs else [])
    assert found.may_all_be_stored is not differs


def test_a_reference_typed_anew_without_its_zeros_is_still_the_same() -> None:
    from planner.review.values import same

    assert same("00017", 17)
    assert same("00017", 17.0)
    assert not same("00017", 18)
    assert not same("WS-17", 17)


def test_unknown_refs_only_matter_where_they_say_something() -> None:
    at = desk()
    whole = book(at.issued, {NOTE: "ring first"})
    renamed = tuple(
        replace(r, decision_ref="P9/Visit/2026-02") if r.decision_ref == NOTE[0] else r
        for r in whole.rows
    )
    ((_, edit),) = at.review(replace(whole, rows=renamed)).edits()
    assert edit.answer is Answer.UNKNOWN_REF
    total = replace(whole.rows[0], decision_ref="Total", cells={})
    assert at.review(replace(whole, rows=(*whole.rows, total))).may_all_be_stored


@pytest.mark.parametrize("run", ["2026-01-ffffffff", ""])
def test_a_stale_plan(run: str) -> None:
    at = desk()
    found = at.review(book(at.issued, {NOTE: "ring first", P1_MOVE: "S3"}, run_id=run))
    assert [e.answer for _, e in found.edits()] == [Answer.STALE] * 2
    assert at.review(book(at.issued, {}, run_id=run)).may_all_be_stored


def twice(found: EditedBook, ref: str, column: str, value: Any) -> EditedBook:
    row = next(r for r in found.rows if r.decision_ref == ref)
    copy = replace(row, row=99, cells={**row.cells, column: EditedCell(value, "U99")})
    return replace(found, rows=(*found.rows, copy))


def test_a_row_copied_within_a_workbook() -> None:
    at = desk()
    whole = book(at.issued, {NOTE: "ring first"})
    column = "Note (you can edit)"
    for value, wanted in (
        ("ring first", [Answer.ACCEPTED, Answer.SAID_BEFORE]),
        (None, [Answer.ACCEPTED]),
        ("do not ring", [Answer.REPEATED, Answer.REPEATED]),
    ):
        found = at.review(twice(whole, NOTE[0], column, value))
        assert [e.answer for _, e in found.edits()] == wanted


def said_by_two(one: Any, other: Any, which: Key = NOTE) -> list[Answer]:
    at = desk()
    found = at.review(
        book(at.issued, {which: one}), book(at.issued, {which: other}, "b.xlsx", "Bob")
    )
    return [e.answer for _, e in found.edits()]


def test_the_same_said_by_two_is_no_conflict() -> None:
    assert said_by_two("ring first", "ring first") == [Answer.ACCEPTED, Answer.ACCEPTED]
    assert said_by_two("s3", "S3", P1_MOVE) == [Answer.ACCEPTED, Answer.ACCEPTED]


def test_two_values_are_a_conflict_and_neither_workbook_is_stored() -> None:
    assert said_by_two("ring first", "ring last") == [Answer.CONFLICT, Answer.CONFLICT]
    assert said_by_two("ring first", "Clear") == [Answer.CONFLICT, Answer.CONFLICT]
    at = desk()
    found = at.review(
        book(at.issued, {NOTE: "one", P1_VISIT: MAR}),
        book(at.issued, {NOTE: "two"}, "b.xlsx", "Bob"),
        book(at.issued, {P1_VISIT: MAR}, "c.xlsx", "Cat"),
    )
    assert [b.may_be_stored for b in found.books] == [False, False, True]
    told = answers(found)
    assert told[P1_VISIT].answer is Answer.ACCEPTED
    assert "Bob says two in b.xlsx, Decisions!U4" in told[NOTE].reason


@pytest.mark.parametrize(
    ("before", "now", "by", "wanted"),
    [
        ("ring first", "ring first", "Bob", Answer.SAID_BEFORE),
        ("ring first", "ring last", "Bob", Answer.CONFLICT),
        ("ring first", "ring last", " ann ", Answer.ACCEPTED),
        ("ring first", "clear", "Bob", Answer.ACCEPTED),
        (None, "ring first", "Bob", Answer.ACCEPTED),
        (None, "Clear", "Bob", Answer.SAID_BEFORE),
    ],
)
def test_what_was_accepted_before(before: Any, now: Any, by: str, wanted: Answer) -> None:
    at = desk()
    at.accept({NOTE: before}, "Ann")
    told = at.say({NOTE: now}, by)[NOTE]
    assert told.answer is wanted
    if now == "clear":
        assert told.edit is not None and told.edit.value is None
    if wanted is Answer.CONFLICT:
        assert "Ann said ring first in earlier.xlsx (stored 03/02/2026)" in told.reason
        assert "write Clear there" in told.reason


def test_what_was_shown_as_accepted_is_said_only_where_it_is_changed() -> None:
    at = desk()
    at.issued = replace(at.issued, shown={NOTE: "ring first"})
    assert at.say({NOTE: "ring first"}) == {}
    assert at.say({NOTE: "ring last"})[NOTE].answer is Answer.ACCEPTED


@pytest.mark.parametrize(
    ("your_name", "made_for", "row", "by"),
    [
        ("Ann", "Sgt Brown", "Di Green", "Di Green"),
        ("Ann", "Sgt Brown", None, "Ann"),
        ("", "Sgt Brown", None, "Sgt Brown"),
        ("", "Unit", None, ""),
    ],
)
def test_who_says_so(your_name: str, made_for: str, row: str | None, by: str) -> None:
    at = desk()
    found = book(at.issued, {NOTE: "x"}, by=your_name, made_for=made_for)
    ((_, edit),) = at.review(changed(found, NOTE[0], EDITED_BY, row)).edits()
    assert edit.by == by
    assert (edit.answer is Answer.ACCEPTED) is bool(by)
    if not by:
        assert "Fill in Your name" in edit.reason


def test_all_faults_of_a_workbook_are_said_at_once() -> None:
    at = desk()
    which = key("P1", DecisionKind.VISIT, EditField.DONE_ON)
    told = at.say({P1_MOVE: "S4", which: date(2027, 1, 1), NOTE: "kept"})
    assert [e.answer for e in told.values()] == [Answer.REFUSED, Answer.REFUSED, Answer.ACCEPTED]


@pytest.mark.parametrize("odd", [Unusable("#N/A"), Unusable(""), Unusable("a time of day"), True])
def test_a_cell_without_a_usable_value_is_refused(odd: Any) -> None:
    at = desk()
    for field in (EditField.SOM, EditField.DONE_ON, EditField.RESULT, EditField.LOCK_MONTH):
        which = key("P1", DecisionKind.VISIT, field)
        assert at.say({which: odd})[which].answer is Answer.REFUSED


def test_a_workbook_is_judged_beside_those_that_may_be_stored_only() -> None:
    """A workbook that is held back takes no room of others."""
    at = desk()
    wrong = book(at.issued, {P1_MOVE: "S3", NOTE: "x" * 2001})
    fine = book(at.issued, {key("P1", DecisionKind.VISIT, EditField.DONE_ON): TODAY}, "b.xlsx")
    found = at.review(wrong, fine)
    assert [b.may_be_stored for b in found.books] == [False, True]
    assert found.total.is_nothing
