"""The plan workbook's sheets about the plan before: decisions on it, marks and the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.decision import EditField
from planner.roll.words import decisions_line, disagreements_line
from planner.workbooks.sheet import Column, Sheet, paint_words
from planner.workbooks.theme import LATE, Kind

if TYPE_CHECKING:
    from planner.domain.taken import TakenDecision
    from planner.roll.judging import Judged
    from planner.roll.roll import Rolled
    from planner.workbooks.sheet import Book, Value

ACCEPTED = "Accepted decisions"
DISAGREEMENTS = "Register and history"

_ACCEPTED_COLUMNS = (
    Column("Offender ref", width=15),
    Column("Duty", width=8),
    Column("Decision", Kind.PARAGRAPH, 34),
    Column("Month", Kind.MONTH, 11),
    Column("By", width=16),
    Column("Said to plan", width=18),
    Column("Decision ref", width=24),
    Column("Outcome", width=26),
    Column("Why", Kind.PARAGRAPH, 50),
    Column("Shown again", width=28),
)

_DISAGREEMENT_COLUMNS = (
    Column("Offender ref", width=15),
    Column("Duty", width=8),
    Column("What disagrees", width=36),
    Column("History", Kind.PARAGRAPH, 34),
    Column("Register", width=24),
    Column("Counts", width=10),
    Column("What to do", Kind.PARAGRAPH, 56),
)


def add_accepted(book: Book, rolled: Rolled) -> None:
    """One row a decision that people made on the plan before, or one before that."""
    shown = {
        (d.run_id, d.decision_ref, d.field): d.shown_ref for d in rolled.taken.decisions if d.binds
    }
    placed = book.add_table(
        Sheet(
            name=ACCEPTED,
            title=ACCEPTED,
            notes=(
                "What people said to the plan before: what holds, what does not, and why.",
                decisions_line(rolled) or "None was made.",
                "A decision holds until it is taken back (Clear, in the cell that shows it again), "
                "its month is over, the officer leaves or the register says otherwise.",
            ),
            columns=_ACCEPTED_COLUMNS,
            rows=[_accepted_row(one, shown) for one in rolled.judged],
        )
    )
    paint_words(book, placed, 7, "Not held", LATE)


def _accepted_row(one: Judged, shown: dict[tuple[str, str, EditField], str]) -> tuple[Value, ...]:
    decision = one.decision
    is_case = decision.field is EditField.SOM
    return (
        decision.ref,
        None if is_case else decision.kind.value,
        said(decision),
        decision.month,
        decision.by,
        decision.run_id,
        decision.decision_ref,
        one.standing.value,
        one.why or None,
        shown.get((decision.run_id, decision.decision_ref, decision.field)) or None,
    )


def said(decision: TakenDecision) -> str:
    """A decision in words; its month stands beside."""
    if decision.field is EditField.SOM:
        return f"With {decision.value} from this month"
    if decision.field is EditField.LOCK_MONTH:
        return "Locked to this month"
    if decision.field is EditField.NOT_POSSIBLE:
        return f"Not possible in this month: {decision.value}"
    return f"{decision.value} visit"


def add_disagreements(book: Book, rolled: Rolled) -> None:
    """One row for each thing that the register and people's marks say differently."""
    book.add_table(
        Sheet(
            name=DISAGREEMENTS,
            title=DISAGREEMENTS,
            notes=(
                "Where the register and what people marked as done disagree, and which counts.",
                disagreements_line(rolled) or "They agree.",
                "The register counts unless the plan is made with --trust history.",
            ),
            columns=_DISAGREEMENT_COLUMNS,
            rows=[
                (d.ref or None, d.duty, d.kind.value, d.history, d.register, d.counts, d.what_to_do)
                for d in rolled.disagreements
            ],
        )
    )
