"""The three-way compare: what was issued, what a workbook says now, what was accepted before.

Rows are matched by their key and cells by their header, so that order, filters, moved and added
columns and missing rows say nothing. A blank cell says nothing either.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.domain.decision import Edit
from planner.review.answers import Answer, ReviewedEdit
from planner.review.edited import EDITED_BY, FIELD_OF, OFFICERS_OWN
from planner.review.issued import stated
from planner.review.values import APPLIES, UnfitError, is_blank, is_clear, read_value, same, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from planner.domain.decision import EditField
    from planner.review.edited import ChangedFigure, EditedBook, EditedCell, EditedRow
    from planner.review.issued import Accepted, Issued, Key
    from planner.tables.decisions import DecisionRow

UNIT = "unit"
HOW_TO_CHANGE = "To change it, write Clear there, store that, then write the new value."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What workbooks are compared with. ``by`` is who says so where a workbook does not."""

    issued: Issued
    accepted: Mapping[Key, Accepted]
    staff: Collection[str]
    by: str = ""


def read_book(book: EditedBook, sources: Sources) -> list[ReviewedEdit]:
    """Every cell of the workbook that says something, in order; accepted unless seen otherwise."""
    found: list[ReviewedEdit] = []
    for row in book.rows:
        issued_row = sources.issued.rows.get(row.decision_ref)
        if book.run_id != sources.issued.run_id:
            found += _all_of(row, book, sources, Answer.STALE, _stale(book, sources))
        elif issued_row is None:
            found += _all_of(row, book, sources, Answer.UNKNOWN_REF, _unknown(row))
        else:
            found += _not_editable(row, issued_row, _who(row, book, sources))
            found += _said(row, issued_row, book, sources)
    found += [_figure(figure, book, sources) for figure in book.figures]
    return _repeated(found)


def told_names(names: Sequence[str]) -> list[str]:
    """Workbooks by name; of several with one name also which of those given it is."""
    times = Counter(names)
    return [
        f"{name} (number {number} of {len(names)} given)" if times[name] > 1 else name
        for number, name in enumerate(names, start=1)
    ]


def compare(
    books: Sequence[list[ReviewedEdit]], names: Sequence[str], sources: Sources
) -> list[list[ReviewedEdit]]:
    """What was said before, and where two people changed one thing."""
    by_key: dict[Key, list[tuple[int, ReviewedEdit]]] = defaultdict(list)
    for number, edits in enumerate(books):
        for said in edits:
            if said.answer is Answer.ACCEPTED and said.edit is not None:
                by_key[said.edit.decision_ref, said.edit.field].append((number, said))
    return [
        [_compared(number, said, by_key, names, sources) for said in edits]
        for number, edits in enumerate(books)
    ]


def _said(
    row: EditedRow, issued_row: DecisionRow, book: EditedBook, sources: Sources
) -> Iterator[ReviewedEdit]:
    for field, cell in _filled(row):
        before = sources.issued.shown.get((row.decision_ref, field))
        if before is not None and same(before, cell.value):
            continue
        who = _who(row, book, sources)
        told = _told(row, field, cell, who)
        if issued_row.kind not in APPLIES[field]:
            reason = f"{field.value} does not apply to a row of kind {issued_row.kind.value}."
            yield replace(told, answer=Answer.REFUSED, reason=f"{reason} Empty the cell.")
            continue
        try:
            value = read_value(field, cell.value, sources.staff)
        except UnfitError as unfit:
            yield replace(told, answer=Answer.REFUSED, reason=str(unfit))
            continue
        if not who:
            yield replace(told, answer=Answer.REFUSED, reason=_NOBODY)
            continue
        edit = Edit(
            run_id=sources.issued.run_id,
            decision_ref=row.decision_ref,
            ref=issued_row.ref,
            kind=issued_row.kind,
            month=issued_row.month,
            field=field,
            value=value,
            by=who,
            workbook=book.name,
            cell=told.cell,
        )
        yield replace(told, said="Clear" if value is None else shown(value), edit=edit)


_NOBODY = (
    "It is not said who says so. Fill in Your name on the sheet About this workbook, or give --by."
)


def _filled(row: EditedRow) -> Iterator[tuple[EditField, EditedCell]]:
    for name, field in FIELD_OF.items():
        cell = row.cells.get(name)
        if cell is not None and not is_blank(cell.value):
            yield field, cell


def _told(row: EditedRow, field: EditField, cell: EditedCell, who: str) -> ReviewedEdit:
    return ReviewedEdit(
        cell=f"{row.sheet}!{cell.cell}",
        decision_ref=row.decision_ref,
        column=field.value,
        said="Clear" if is_clear(cell.value) else shown(cell.value),
        by=who,
        answer=Answer.ACCEPTED,
    )


def _who(row: EditedRow, book: EditedBook, sources: Sources) -> str:
    """Who says so: the row, else the workbook, else whoever it was made for, else ``--by``."""
    cell = row.cells.get(EDITED_BY)
    own = "" if cell is None or is_blank(cell.value) else shown(cell.value)
    return own or _author(book, sources)


def _author(book: EditedBook, sources: Sources) -> str:
    made_for = "" if book.made_for.casefold() == UNIT else book.made_for
    return book.your_name or made_for or sources.by


def _all_of(
    row: EditedRow, book: EditedBook, sources: Sources, answer: Answer, reason: str
) -> Iterator[ReviewedEdit]:
    """What such a row says; a row that says nothing is nobody's mistake."""
    for field, cell in _filled(row):
        told = _told(row, field, cell, _who(row, book, sources))
        yield replace(told, answer=answer, reason=reason)


def _stale(book: EditedBook, sources: Sources) -> str:
    of = f"is of plan {book.run_id}" if book.run_id else "does not say of which plan it is"
    return (
        f"The workbook {of}; the plan now is {sources.issued.run_id}. Say it again in a workbook "
        "of the plan now."
    )


def _unknown(row: EditedRow) -> str:
    what = (
        "The row has no decision ref" if not row.decision_ref else "The plan has no such decision"
    )
    return f"{what}. Say it in the row that the planner wrote, or take it out."


def _not_editable(row: EditedRow, issued_row: DecisionRow, who: str) -> Iterator[ReviewedEdit]:
    for name, value in stated(issued_row).items():
        cell = row.cells.get(name)
        if cell is None or same(value, cell.value):
            continue
        if row.is_of_officer and name not in OFFICERS_OWN:
            continue
        yield ReviewedEdit(
            cell=f"{row.sheet}!{cell.cell}",
            decision_ref=row.decision_ref,
            column=name,
            said=shown(cell.value),
            by=who,
            answer=Answer.NOT_EDITABLE,
            reason=_put_back(shown(value)),
        )


def _figure(figure: ChangedFigure, book: EditedBook, sources: Sources) -> ReviewedEdit:
    """A figure changed on a sheet, or in a column, in which nothing is filled in."""
    return ReviewedEdit(
        cell=figure.cell,
        decision_ref=figure.row,
        column=figure.column,
        said=figure.said,
        by=_author(book, sources),
        answer=Answer.NOT_EDITABLE,
        reason=_put_back(figure.written),
    )


def _put_back(written: str) -> str:
    return (
        f"The planner wrote {written}. Put that back; what you want instead goes into the yellow "
        "columns."
    )


def _repeated(edits: list[ReviewedEdit]) -> list[ReviewedEdit]:
    """One key twice in a workbook: harmless where both say the same, else neither is taken."""
    by_key: dict[tuple[str, str], list[ReviewedEdit]] = defaultdict(list)
    for said in edits:
        if said.edit is not None:
            by_key[said.decision_ref, said.column].append(said)
    found = []
    for said in edits:
        twins = by_key[said.decision_ref, said.column] if said.edit is not None else [said]
        if len({_value(twin) for twin in twins}) > 1:
            others = ", ".join(f"{t.cell} ({t.said})" for t in twins if t is not said)
            reason = f"The same row stands here twice and says something else: {others}. Keep one."
            found.append(replace(said, answer=Answer.REPEATED, reason=reason, edit=None))
        elif said is not twins[0]:
            reason = f"Also said in {twins[0].cell}."
            found.append(replace(said, answer=Answer.SAID_BEFORE, reason=reason, edit=None))
        else:
            found.append(said)
    return found


def _value(said: ReviewedEdit) -> object:
    return said.edit.value if said.edit is not None else None


def _compared(
    number: int,
    said: ReviewedEdit,
    by_key: Mapping[Key, list[tuple[int, ReviewedEdit]]],
    names: Sequence[str],
    sources: Sources,
) -> ReviewedEdit:
    edit = said.edit
    if said.answer is not Answer.ACCEPTED or edit is None:
        return said
    key = edit.decision_ref, edit.field
    others = [(n, other) for n, other in by_key[key] if n != number]
    if different := [(n, o) for n, o in others if _value(o) != edit.value]:
        told = "; ".join(f"{o.by} says {o.said} in {names[n]}, {o.cell}" for n, o in different)
        reason = f"{told}. Agree on one, and empty the other cell."
        return replace(said, answer=Answer.CONFLICT, reason=reason)
    before = sources.accepted.get(key)
    also = "; ".join(f"also said in {names[n]}, {o.cell}" for n, o in others)
    return _against_accepted(
        replace(said, reason=f"{also[:1].upper()}{also[1:]}." if also else ""), edit, before
    )


def _against_accepted(said: ReviewedEdit, edit: Edit, before: Accepted | None) -> ReviewedEdit:
    if before is None or before.value is None:
        if edit.value is None:
            reason = "Nothing had been accepted here, so there is nothing to take back."
            return replace(said, answer=Answer.SAID_BEFORE, reason=reason)
        return said
    told = (
        f"{before.by} said {shown(before.value)} in {before.workbook} (stored {before.at:%d/%m/%Y})"
    )
    if before.value == edit.value:
        return replace(said, answer=Answer.SAID_BEFORE, reason=f"{told}.")
    if edit.value is None:
        return replace(said, reason=f"Takes back what {told}.")
    if _same_person(before.by, edit.by):
        return replace(said, reason=f"Replaces what {told}.")
    return replace(said, answer=Answer.CONFLICT, reason=f"{told}. {HOW_TO_CHANGE}")


def _same_person(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
