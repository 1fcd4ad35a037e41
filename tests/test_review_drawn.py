"""Any series of edits: never crashes, never loses a lock, never changes what wasn't edited."""

from __future__ import annotations

import copy
import io
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from planner.domain.decision import NOBODY_IN, SEEN, EditField
from planner.domain.policy import Policy
from planner.domain.terms import VisitType
from planner.review.answers import Answer
from planner.review.check_som import against_each_other
from planner.review.cost import Limit, Standing
from planner.review.edited import MACHINE_OWNED, EditedBook, EditedCell, Unusable, header
from planner.review.issued import Accepted, Key
from planner.review.values import ACCEPT, APPLIES, REFUSE
from planner.review.wishes import som_wishes
from planner.workbooks.edited_read import read_edited_workbook
from planner.workbooks.loop_books import books
from planner.workload.situation import Situation
from tests.plan_build import plain_plan, report, small_register
from tests.review_build import Desk, book, sheet_with_key

if TYPE_CHECKING:
    from pathlib import Path

    from planner.review.answers import Review


def crowded() -> Situation:
    """Anybody may hold any case, but nobody's cap leaves room for more than one case more."""
    register = small_register().with_policy(Policy.of({"cross_team": True}))
    ground = Desk(Situation(register), plain_plan(Situation(register))).ground
    most: dict[str, int] = {}
    for (som, _), held in ground.community_caseloads().items():
        most[som] = max(held, most.get(som, 0))
    staff = tuple(replace(s, cap=most.get(s.staff_id, 0) + 1) for s in register.officers)
    return Situation(replace(register, officers=staff))


FOUND = crowded()
DESK = Desk(FOUND, plain_plan(FOUND), date(2027, 6, 20))
REFS = sorted(DESK.issued.rows)
STAFF = sorted(FOUND.register.officer)
NAMES = ("Ann", "Bob", "")

GOOD: dict[EditField, st.SearchStrategy[Any]] = {
    EditField.ACCEPT: st.sampled_from((ACCEPT, REFUSE)),
    EditField.SOM: st.sampled_from(STAFF),
    EditField.LOCK_MONTH: st.integers(-1, 20).map(FOUND.horizon.start),
    EditField.DONE_ON: st.dates(date(2027, 4, 1), date(2027, 7, 1)),
    EditField.RESULT: st.sampled_from((SEEN, NOBODY_IN, "Refused")),
    EditField.VISIT_TYPE: st.sampled_from([v.value for v in VisitType]),
    EditField.NOT_POSSIBLE: st.sampled_from(("away", "in hospital")),
    EditField.NOTE: st.text(max_size=5),
    EditField.HOURS_TAKEN: st.floats(0, 100),
}
ODD = st.one_of(
    st.sampled_from(("Clear", "clear", " CLEAR ", "", "#N/A", "=1+1", Unusable("#REF!"), True)),
    st.text(max_size=8),
    st.integers(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.dates(),
    st.datetimes(),
)


# Few rows, so that people meet on them.
BUSY = [r for r in REFS if "/Move/" in r][:4] + [r for r in REFS if "/Move/" not in r][:10]
FREE = {
    EditField.LOCK_MONTH: st.integers(2, 8).map(FOUND.horizon.start),
    EditField.DONE_ON: st.dates(date(2027, 5, 1), date(2027, 6, 20)),
}
"""Values that mostly hold."""


@st.composite
def entries(draw: st.DrawFn, *, odd: bool) -> tuple[Key, Any]:
    ref = draw(st.sampled_from(BUSY))
    kind = DESK.issued.rows[ref].kind
    what = draw(st.sampled_from([f for f in sorted(EditField) if odd or kind in APPLIES[f]]))
    usual = FREE.get(what, GOOD[what])
    value = draw(st.one_of(GOOD[what], st.just("Clear"), ODD) if odd else usual)
    if not odd and draw(st.integers(0, 7)) == 7:
        value = "Clear"
    return (ref, what), value


@st.composite
def workbooks(draw: st.DrawFn) -> EditedBook:
    """A workbook filled in, its rows in any order, some missing; now and then odd."""
    odd = draw(st.integers(0, 4)) == 4
    said = dict(draw(st.lists(entries(odd=odd), max_size=5 if odd else 3)))
    name = draw(st.sampled_from(("a.xlsx", "b.xlsx", "c.xlsx")))
    found = book(DESK.issued, said, name, draw(st.sampled_from(NAMES if odd else NAMES[:2])))
    rows = list(found.rows)
    kept = [r for r in rows if r.decision_ref in {ref for ref, _ in said}]
    rows = list(draw(st.permutations(kept)) if kept else rows)
    strange = draw(st.integers(0, 4)) if odd else 0
    if strange == 1:
        rows = [*rows, replace(rows[0], decision_ref=draw(st.sampled_from(("", "P9/Visit", "?"))))]
    elif strange == 2:
        rows = [*rows, rows[0]]
    elif strange == 3:
        column = draw(st.sampled_from(MACHINE_OWNED))
        rows[0] = replace(rows[0], cells={**rows[0].cells, column: EditedCell(draw(ODD), "B2")})
    elif strange == 4:
        found = replace(found, run_id="2027-01-00000000")
    return replace(found, rows=tuple(rows))


@dataclass
class Store:
    """What is accepted, as the history keeps it: the last said of each key."""

    held: dict[Key, Accepted] = field(default_factory=dict)

    def store(self, found: Review) -> None:
        for reviewed in found.storable:
            for edit in reviewed.accepted:
                self.held[edit.decision_ref, edit.field] = Accepted(
                    value=edit.value,
                    by=edit.by,
                    workbook=edit.workbook,
                    at=datetime(2027, 6, 20, tzinfo=UTC),
                )


Step = tuple[list[EditedBook], bool]
STEPS = st.lists(
    st.tuples(st.lists(workbooks(), min_size=1, max_size=3), st.booleans()), min_size=1, max_size=4
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_any_series_of_edits(steps: list[Step]) -> None:
    desk = copy.copy(DESK)
    issued_before = copy.deepcopy(desk.issued)
    store = Store()
    for given_books, apply in steps:
        desk.accepted = dict(store.held)
        found = desk.review(*given_books)
        assert_told(found, given_books)
        before = dict(store.held)
        if apply:
            store.store(found)
        assert_nothing_else_changed(before, store.held, found, apply=apply)
        assert_can_all_be_met(store)
    assert desk.issued == issued_before


def assert_told(found: Review, given_books: list[EditedBook]) -> None:
    """Each filled cell has one answer; each answer that holds back says why."""
    for reviewed, asked in zip(found.books, given_books, strict=True):
        filled = sum(
            cell.value is not None and not (isinstance(cell.value, str) and not cell.value.strip())
            for row in asked.rows
            for name, cell in row.cells.items()
            if name in {header(f) for f in EditField}
        )
        assert len([e for e in reviewed.edits if e.column not in MACHINE_OWNED]) == filled
        for edit in reviewed.edits:
            assert edit.reason or not edit.answer.holds_back
            assert (edit.answer is Answer.ACCEPTED) <= (edit.edit is not None)
        if not reviewed.may_be_stored:
            assert reviewed not in found.storable


def assert_nothing_else_changed(
    before: dict[Key, Accepted], after: dict[Key, Accepted], found: Review, *, apply: bool
) -> None:
    said = {(e.decision_ref, e.field): e for reviewed in found.storable for e in reviewed.accepted}
    for which in before.keys() | after.keys():
        if before.get(which) == after.get(which):
            continue
        assert apply
        edit = said[which]
        assert after[which].value == edit.value
        if which in before and before[which].value is not None and edit.value is not None:
            assert before[which].by.casefold() == edit.by.casefold()
    for which, old in before.items():
        if which not in said:
            assert after[which] == old


def assert_can_all_be_met(store: Store) -> None:
    """What is accepted never contradicts itself, nor puts anybody above a cap."""
    wishes = {key: a.value for key, a in store.held.items() if a.value is not None}
    ground = DESK.ground
    for ref in {DESK.issued.rows[ref].ref for ref, _ in wishes}:
        assert against_each_other(ground, ref, wishes) == []
        person = FOUND.register.offender[ref]
        for wish in som_wishes(ground, ref, wishes):
            if not wish.is_agreed:
                assert ground.posts.may_hold(wish.staff_id, person, wish.month)
    standing, start = Standing(ground, wishes), Standing(ground, {})
    places = [(s, m) for s in STAFF for m in FOUND.horizon.months]
    was, now = start.over(places), standing.over(places)
    for (staff_id, month, limit), by in now.items():
        if limit is Limit.CAP:
            assert by <= was.get((staff_id, month, limit), 0.0)


MADE = report()
WORKLOAD = books(MADE)["workload.xlsx"]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            st.integers(0, 60),
            st.integers(0, 24),
            st.one_of(
                st.sampled_from(("Clear", "=A1", "#N/A", "Accept", "OM01", "05/05/2027")),
                st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=8),
                st.integers(-(10**9), 10**9),
                st.dates(date(1900, 3, 1)),
                st.booleans(),
            ),
        ),
        max_size=12,
    )
)
@pytest.mark.filterwarnings("ignore")
def test_any_cells_of_a_file(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[int, int, Any]]
) -> None:
    """Whatever stands in whatever cell below the headers: read and reviewed, or a fault told."""
    path: Path = tmp_path_factory.mktemp("drawn") / "workload.xlsx"
    path.write_bytes(WORKLOAD)
    found, sheet, top, _ = sheet_with_key(path)
    for down, across, value in cells:
        sheet.cell(top + 1 + down, 1 + across).value = value
    found.save(path)
    assert load_workbook(io.BytesIO(path.read_bytes())) is not None
    from planner.review.ground import Ground
    from planner.review.issued import issued
    from planner.review.review import review
    from planner.review.statements import Sources
    from planner.tables.issued import issued_plan_of

    given_plan = issued(MADE.run_id, issued_plan_of(MADE.outcome, MADE.written))
    ground = Ground(MADE.outcome.situation, given_plan, date(2027, 5, 20))
    staff = MADE.outcome.situation.register.officer
    told = review(
        ground,
        [read_edited_workbook(path)],
        Sources(issued=given_plan, accepted={}, staff=staff, by="Ann"),
    )
    addresses = {f"{sheet.title}!{sheet.cell(top + 1 + d, 1 + a).coordinate}" for d, a, _ in cells}
    rows_hit = {top + 1 + d for d, a, _ in cells if a == 0}
    for _, edit in told.edits():
        row = int("".join(c for c in edit.cell.split("!")[1] if c.isdigit()))
        assert edit.cell in addresses or row in rows_hit
