"""No decision lost: what people were told is accepted, looked for in each next plan's workbook.

It knows only what was typed and what the workbook shows; nothing of how plans are rolled on.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from planner.domain.decision import FAILED, SEEN, DecisionKind, EditField
from planner.review.values import ACCEPT
from planner.workbooks.plan_read import read_plan_workbook
from planner.workbooks.plan_rolled import ACCEPTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from tests.year.said import Entry, Value

Key = tuple[str, EditField]
BINDING = (EditField.SOM, EditField.LOCK_MONTH, EditField.NOT_POSSIBLE, EditField.VISIT_TYPE)
HELD, NOT_HELD = "Held", "Not held"
OVER, OFF = "Its month is over", "Not on the register any more"
OPPOSITE = {
    EditField.LOCK_MONTH: EditField.NOT_POSSIBLE,
    EditField.NOT_POSSIBLE: EditField.LOCK_MONTH,
}
GIVEN = "The register has given the case"
WORDS = {
    EditField.SOM: "With ",
    EditField.LOCK_MONTH: "Locked to",
    EditField.NOT_POSSIBLE: "Not possible",
}
"""How the sheet Accepted decisions begins to tell each; a visit type ends in "visit"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One that binds the next plans. ``what`` is one of ``BINDING``; ``shown`` the decision ref
    of the row that shows it in the newest workbooks, blank where none does.
    """

    run_id: str
    decision_ref: str
    ref: str
    kind: DecisionKind
    what: EditField
    month: date
    value: Value
    shown: str = ""

    @property
    def about(self) -> tuple[object, ...]:
        """What only one decision can be about."""
        if self.what is EditField.SOM:
            return self.what, self.ref, self.value
        return self.what, self.ref, self.kind, self.month

    @property
    def against(self) -> tuple[object, ...]:
        """What a later decision the other way would be about."""
        return OPPOSITE.get(self.what), self.ref, self.kind, self.month


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of the decisions in a plan: how many, by the outcome told; what was lost."""

    outcomes: Counter[str]
    whys: Counter[str]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlan:
    """A plan's workbook and what it was made from.

    ``soms`` is with whom its register has each case, ``before`` with whom the plan before had it in
    the month that is over. ``breaks_locks``: the verifier found rule 2 broken (where it had to be).
    """

    workbook: Path
    first_month: date
    soms: Mapping[str, str | None]
    before: Mapping[str, str | None]
    breaks_locks: bool = False


@dataclass
class Ledger:
    """``standing`` are decisions that still bind; ``stored`` everything accepted, by run."""

    standing: list[Decision] = field(default_factory=list)
    stored: dict[str, dict[Key, Value]] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    def accept(self, run_id: str, entries: Iterable[Entry]) -> None:
        """What was accepted on a run's workbooks."""
        of_run = self.stored.setdefault(run_id, {})
        said = list(entries)
        for entry in said:
            of_run[entry.key] = entry.value
            self.standing = [d for d in self.standing if (d.shown, _cell(d, entry)) != entry.key]
        for entry in said:
            decision = _binding(entry, run_id)
            if decision is not None:
                self.standing = [d for d in self.standing if not _gives_way(d, decision)]
                self.standing.append(decision)
        self.done = {e.row.decision_ref for e in said if (e.field, e.value) == _SEEN}

    def fate(self, new: NewPlan) -> Fate:
        """What a new plan says of all that stands; what no longer binds is struck off."""
        judging = _Judging(new)
        outcomes: Counter[str] = Counter()
        whys: Counter[str] = Counter()
        faults, kept = [], []
        for decision in self.standing:
            own = decision.shown or decision.decision_ref
            if decision.what is not EditField.SOM and own in self.done:
                outcomes["Done"] += 1
                continue
            outcome, why, fault, shown = judging.judged(decision)
            outcomes[outcome] += 1
            if fault:
                told = f"{decision.what.value} of {decision.decision_ref} ({decision.run_id})"
                faults.append(f"{told}: {fault}")
            if outcome in (HELD, NOT_HELD):
                kept.append(replace(decision, shown=shown))
            if outcome not in (HELD, OVER):
                whys[_gist(outcome, why)] += 1
        self.standing = kept
        return Fate(outcomes=outcomes, whys=whys, faults=tuple(faults))


_SEEN = (EditField.RESULT, SEEN)
assert SEEN not in FAILED


def _cell(decision: Decision, entry: Entry) -> EditField:
    """The editable field in which a decision is shown in the entry's row: a move's is Accept."""
    is_move = entry.row.kind is DecisionKind.MOVE and entry.row.som == decision.value
    return EditField.ACCEPT if decision.what is EditField.SOM and is_move else decision.what


def _binding(entry: Entry, run_id: str) -> Decision | None:
    row, value, what = entry.row, entry.value, entry.field
    if value is None:
        return None
    if what is EditField.ACCEPT:
        what, value = EditField.SOM, row.som if value == ACCEPT else row.previous_som
    if what not in BINDING:
        return None
    month = value if what is EditField.LOCK_MONTH else row.month
    return Decision(
        run_id=run_id,
        decision_ref=row.decision_ref,
        ref=row.ref,
        kind=row.kind,
        what=what,
        month=month,  # type: ignore[arg-type]
        value=value,
        shown=row.decision_ref,
    )


def _gives_way(old: Decision, new: Decision) -> bool:
    """Whether an older decision is replaced by a newer."""
    if old.run_id == new.run_id:
        return old.about == new.about
    is_other_som = old.what is new.what is EditField.SOM and old.ref == new.ref and not old.shown
    return old.about == new.about or old.about == new.against or is_other_som


class _Judging:
    def __init__(self, new: NewPlan) -> None:
        self.new = new
        self.told = accepted_rows(new.workbook)
        self.first = new.first_month
        plan = read_plan_workbook(new.workbook)
        self.duties = {(r.ref, r.duty, r.month): r.visit_type for r in plan.schedule}
        self.held: dict[str, list[tuple[date, str]]] = {}
        for row in plan.allocation:
            self.held.setdefault(row.ref, []).append((row.month, row.som))

    def judged(self, d: Decision) -> tuple[str, str, str, str]:
        """The outcome told, why, what is wrong with it (blank: nothing), where it is shown."""
        row = self.told.get((d.run_id, d.decision_ref, d.what))
        if row is None:
            return "Lost", "", "accepted, and the next plan says nothing of it", ""
        outcome, why = str(row["Outcome"]), str(row["Why"] or "")
        fault = ""
        if outcome == HELD:
            fault = "" if self._is_kept(d) else "told to be held, and is not in the plan"
        elif outcome == OVER:
            fault = "" if d.month < self.first else "told to be over, and its month is to come"
        elif outcome == OFF:
            fault = "" if d.ref not in self.new.soms else "told to be off the register; it is not"
        elif not why:
            fault = f"told as {outcome!r} without a reason"
        elif outcome == NOT_HELD and d.what is not EditField.VISIT_TYPE:
            fault = "" if self.new.breaks_locks else "not held, and no rule 2 is told to be broken"
        elif why.startswith(GIVEN) and self._is_as_planned(d):
            fault = "told to be against the register, which only did as the plan before said"
        return outcome, why, fault, str(row["Shown again"] or "")

    def _is_as_planned(self, d: Decision) -> bool:
        """Whether the register did as the plan before said, in months before the decision's."""
        same = self.new.soms.get(d.ref) == self.new.before.get(d.ref)
        return same and d.month >= self.first

    def _is_kept(self, d: Decision) -> bool:
        if d.what is EditField.SOM:
            since = max(d.month, self.first)
            before = [som for month, som in sorted(self.held.get(d.ref, [])) if month <= since]
            return bool(before) and before[-1] == d.value
        planned = (d.ref, d.kind.value, d.month) in self.duties
        if d.what is EditField.NOT_POSSIBLE:
            return not planned
        if d.what is EditField.LOCK_MONTH:
            return planned
        return planned and self.duties[d.ref, d.kind.value, d.month] == d.value


def accepted_rows(plan: Path) -> dict[tuple[str, str, EditField], dict[str, Any]]:
    """The sheet Accepted decisions, by run, decision ref and what was decided; none: no sheet."""
    book = load_workbook(plan, read_only=True)
    if ACCEPTED not in book.sheetnames:
        return {}
    header: tuple[Any, ...] | None = None
    found = {}
    for cells in book[ACCEPTED].iter_rows(values_only=True):
        if header is None:
            header = cells if cells and cells[0] == "Offender ref" else None
        elif cells and cells[0] is not None:
            row = dict(zip(header, cells, strict=False))
            key = (str(row["Said to plan"]), str(row["Decision ref"]), _what(str(row["Decision"])))
            found[key] = row
    return found


def _what(words: str) -> EditField:
    return next(
        (f for f, begins in WORDS.items() if words.startswith(begins)), EditField.VISIT_TYPE
    )


def _gist(outcome: str, why: str) -> str:
    """A reason without the references in it, so that equal ones count together."""
    for begins in ("Due in", "Held by", "The register keeps", "The register has given"):
        if why.startswith(begins):
            return f"{outcome}: {begins} …"
    return f"{outcome}: {why}" if why and not any(c.isdigit() for c in why) else outcome
