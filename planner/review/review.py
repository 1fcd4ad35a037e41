"""The review of several workbooks: each edit's outcome and cost, as if stored one by one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.decision import EditField
from planner.review.answers import Answer, Review, ReviewedBook
from planner.review.check_duty import (
    refused_done,
    refused_lock,
    refused_not_possible,
    refused_result,
    refused_type,
)
from planner.review.check_som import against_each_other, over_cap, refused_accept, refused_som
from planner.review.cost import Standing, newly_over, together
from planner.review.remarks import remark
from planner.review.statements import HOW_TO_CHANGE, compare, read_book, told_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from planner.domain.decision import Edit
    from planner.review.answers import ReviewedEdit
    from planner.review.cost import EditCost
    from planner.review.edited import EditedBook
    from planner.review.ground import Ground
    from planner.review.issued import Key
    from planner.review.statements import Sources
    from planner.review.wishes import SomWish, Wishes
    from planner.tables.decisions import DecisionRow

    Check = Callable[[Ground, DecisionRow, object, Wishes], str]

_SOM_CHECKS: dict[EditField, Check] = {
    EditField.ACCEPT: refused_accept,
    EditField.SOM: refused_som,
}
_DUTY_CHECKS: dict[EditField, Check] = {
    EditField.DONE_ON: refused_done,
    EditField.LOCK_MONTH: refused_lock,
    EditField.NOT_POSSIBLE: refused_not_possible,
    EditField.VISIT_TYPE: refused_type,
}
_RESULT_CHECKS: dict[EditField, Check] = {
    EditField.RESULT: refused_result,
    EditField.HOURS_TAKEN: refused_result,
}


def review(ground: Ground, books: Sequence[EditedBook], sources: Sources) -> Review:
    """Compare, check and weigh. Each workbook is judged beside what was accepted before and the
    workbooks before it that may be stored; where two change one thing, neither may.
    """
    names = told_names([b.name for b in books])
    told = compare([read_book(b, sources) for b in books], names, sources)
    told = _cases_apart(ground, told, names, sources)
    accepted = {key: a.value for key, a in sources.accepted.items() if a.value is not None}
    start = standing = Standing(ground, accepted)
    found, costs = [], []
    for book, edits in zip(books, told, strict=True):
        checked, then = _checked(edits, standing)
        reviewed = ReviewedBook(
            name=book.name,
            run_id=book.run_id,
            made_for=book.made_for,
            edits=tuple(checked),
            warnings=book.warnings,
        )
        found.append(reviewed)
        if reviewed.may_be_stored:
            costs += [edit.cost for edit in checked if edit.cost is not None]
            standing = then
    places = sorted({place for cost in costs for place in (*cost.hours, *_named(cost))})
    over = newly_over(start.over(places), standing.over(places))
    return Review(
        run_id=sources.issued.run_id,
        books=tuple(found),
        total=together(costs, over),
        moves=standing.moves,
        moves_allowed=ground.situation.moves_allowed,
    )


def _named(cost: EditCost) -> Iterable[tuple[str, int]]:
    return ((over.staff_id, over.month) for over in cost.over)


def _checked(
    edits: Sequence[ReviewedEdit], standing: Standing
) -> tuple[list[ReviewedEdit], Standing]:
    """One workbook's edits against the register and the rules, and the plan with them met."""
    ground = standing.ground
    asked = _asked(edits)
    wishes = _with(standing.wishes, asked)
    refused = _refusals(ground, asked, wishes, _SOM_CHECKS)
    refused |= _over_cap(standing, {k: e for k, e in asked.items() if k not in refused})
    possible = _with(standing.wishes, {k: e for k, e in asked.items() if k not in refused})
    refused |= _refusals(ground, asked, possible, _DUTY_CHECKS)
    refused |= _refusals(ground, asked, wishes, _RESULT_CHECKS)
    refused |= _dangling(asked, wishes)
    then = standing.copy()
    found = []
    for said in edits:
        key = _key(said)
        if said.answer is not Answer.ACCEPTED or said.edit is None or key is None:
            found.append(said)
        elif key in refused:
            found.append(replace(said, answer=Answer.REFUSED, reason=refused[key]))
        else:
            row = ground.issued.rows[key[0]]
            told = remark(ground, row, key[1], said.edit.value, possible)
            reason = " ".join(part for part in (said.reason, told) if part)
            found.append(replace(said, reason=reason, cost=then.meet(key, said.edit.value)))
    return found, then


def _key(said: ReviewedEdit) -> Key | None:
    return None if said.edit is None else (said.edit.decision_ref, said.edit.field)


def _asked(edits: Iterable[ReviewedEdit]) -> dict[Key, Edit]:
    return {
        (e.edit.decision_ref, e.edit.field): e.edit
        for e in edits
        if e.answer is Answer.ACCEPTED and e.edit is not None
    }


def _with(wishes: Wishes, asked: Mapping[Key, Edit]) -> Wishes:
    merged = {**wishes, **{key: edit.value for key, edit in asked.items()}}
    return {key: value for key, value in merged.items() if value is not None}


def _refusals(
    ground: Ground, asked: Mapping[Key, Edit], wishes: Wishes, checks: Mapping[EditField, Check]
) -> dict[Key, str]:
    found = {}
    for key, edit in asked.items():
        if edit.value is None or edit.field not in checks:
            continue
        row = ground.issued.rows[edit.decision_ref]
        if reason := checks[edit.field](ground, row, edit.value, wishes):
            found[key] = reason
    return found


def _over_cap(standing: Standing, asked: Mapping[Key, Edit]) -> dict[Key, str]:
    fields = (EditField.ACCEPT, EditField.SOM)
    giving = {key: edit for key, edit in asked.items() if edit.field in fields}
    tried = standing.copy()
    for key, edit in giving.items():
        tried.meet(key, edit.value)
    return over_cap(tried, list(giving), standing.held)


def _dangling(asked: Mapping[Key, Edit], wishes: Wishes) -> dict[Key, str]:
    """Taking back a date leaves nothing for a result, or hours taken, to speak of."""
    left = (EditField.RESULT, EditField.HOURS_TAKEN)
    return {
        key: "A result or hours taken were accepted for that day. Write Clear there too."
        for key, edit in asked.items()
        if edit.field is EditField.DONE_ON
        and edit.value is None
        and any((edit.decision_ref, field) in wishes for field in left)
    }


def _cases_apart(
    ground: Ground,
    books: Sequence[list[ReviewedEdit]],
    names: Sequence[str],
    sources: Sources,
) -> list[list[ReviewedEdit]]:
    """Rows of one case that want different officers at once, in one workbook or in several."""
    places: dict[Key, dict[int, str]] = defaultdict(dict)
    wishes = {key: a.value for key, a in sources.accepted.items()}
    for number, edits in enumerate(books):
        for said in edits:
            if said.answer is Answer.ACCEPTED and said.edit is not None:
                key = said.edit.decision_ref, said.edit.field
                places[key][number] = f"{names[number]}, {said.cell}"
                wishes[key] = said.edit.value
    told: dict[Key, tuple[Answer, str]] = {}
    for ref in sorted({ground.issued.rows[key[0]].ref for key in places}):
        for one, other in against_each_other(ground, ref, wishes):
            told |= _told_apart(one, other, places) | _told_apart(other, one, places)
    return [[_retold(said, told) for said in edits] for edits in books]


def _retold(said: ReviewedEdit, told: Mapping[Key, tuple[Answer, str]]) -> ReviewedEdit:
    key = _key(said)
    if key is None or said.answer is not Answer.ACCEPTED or key not in told:
        return said
    answer, reason = told[key]
    return replace(said, answer=answer, reason=reason)


def _told_apart(
    wish: SomWish, other: SomWish, places: Mapping[Key, Mapping[int, str]]
) -> dict[Key, tuple[Answer, str]]:
    """What is said of one wish beside another; ``places`` has each cell by its workbook."""
    if wish.key not in places:
        return {}
    wants = f"{other.row.decision_ref} wants {other.staff_id} to hold the same case"
    if other.key not in places:
        told = f"{wants} ({other.field.value}), accepted before. {HOW_TO_CHANGE}"
        return {wish.key: (Answer.CONFLICT, told)}
    own, others = places[wish.key], places[other.key]
    answer = Answer.REFUSED if own.keys() == others.keys() else Answer.CONFLICT
    told = f"{wants} ({'; '.join(others.values())}). Agree on one, and empty the other cell."
    return {wish.key: (answer, told)}
