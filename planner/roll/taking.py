"""What people said to the plan before, as decisions that the new plan is to keep or to show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from planner.domain.decision import EditField
from planner.domain.taken import TakenDecision
from planner.review.wishes import done_month, som_wish, wanted_month
from planner.roll.earlier import RowMonths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.domain.taken import Stated
    from planner.roll.earlier import Earlier, Key, Said
    from planner.tables.decisions import DecisionRow

_SHOWN_ONLY = (EditField.DONE_ON, EditField.RESULT, EditField.NOTE, EditField.HOURS_TAKEN)


def taken_from(earlier: Earlier) -> tuple[TakenDecision, ...]:
    """Everything that stands, by reference, field and month; the newer word where two say more.

    It is what the plan before itself took over, with what was said to its own workbooks since:
    a cell that showed a decision and says something else now replaces it, Clear takes it back.
    """
    taking = _Taking(earlier)
    found: dict[tuple[object, ...], TakenDecision] = {}
    for decision in taking.stated():
        found.setdefault(_about(decision), decision)
    renamed = {d.ref for d in found.values() if d.field is EditField.SOM}
    for decision in taking.unshown():
        if decision.field is not EditField.SOM or decision.ref not in renamed:
            found.setdefault(_about(decision), decision)
    kept = [d for d in found.values() if not _is_outdated(d, found, earlier.run.run_id)]
    return tuple(sorted(kept, key=lambda d: (d.ref, d.kind, d.field, d.month, d.decision_ref)))


def _about(decision: TakenDecision) -> tuple[object, ...]:
    """What only one decision is needed about: a case with a SOM, a duty in a month, a cell."""
    if decision.field is EditField.SOM:
        return decision.field, decision.ref, decision.value
    if not decision.binds:
        return decision.field, decision.decision_ref
    return decision.field, decision.ref, decision.kind, decision.month


_OPPOSITE = {
    EditField.LOCK_MONTH: EditField.NOT_POSSIBLE,
    EditField.NOT_POSSIBLE: EditField.LOCK_MONTH,
}


def _is_outdated(
    decision: TakenDecision, found: Mapping[tuple[object, ...], TakenDecision], now: str
) -> bool:
    """Whether a month locked is since said not to be possible, or the other way about."""
    opposite = _OPPOSITE.get(decision.field)
    other = found.get((opposite, decision.ref, decision.kind, decision.month))
    return other is not None and other.run_id == now != decision.run_id


class _Taking:
    def __init__(self, earlier: Earlier) -> None:
        self.earlier = earlier
        self.months = RowMonths(earlier.horizon)
        self.rows = earlier.own.issued.rows
        before = earlier.plan.taken.decisions
        self.shown = {key: d for d in before if (key := d.shown_key) and key[0] in self.rows}
        self.kept = [d for d in before if d.binds and d.shown_key not in self.shown]
        self.said: Mapping[Key, Said] = earlier.own.said
        shown_values = {key: d.shown_value for key, d in self.shown.items()}
        values = {**shown_values, **{key: said.value for key, said in self.said.items()}}
        self.wishes: dict[Key, Stated] = {k: v for k, v in values.items() if v is not None}

    def unshown(self) -> Iterator[TakenDecision]:
        """Those that stood in no cell, so that nobody could say anything else to them there."""
        for decision in self.kept:
            yield _plain(decision)

    def stated(self) -> Iterator[TakenDecision]:
        """What the cells of the plan before say now."""
        for row in sorted(self.rows.values(), key=lambda r: (r.ref, r.month, r.kind)):
            yield from self._of_som(row)
            yield from self._of_duty(row)

    def _of_som(self, row: DecisionRow) -> Iterator[TakenDecision]:
        wish = som_wish(self.months, row, self.wishes)
        if wish is None:
            return
        value = wish.staff_id
        yield self._decision(row, wish.field, EditField.SOM, row.month, value)

    def _of_duty(self, row: DecisionRow) -> Iterator[TakenDecision]:
        done = done_month(self.months, row, self.wishes) is not None
        for field in (EditField.LOCK_MONTH, EditField.NOT_POSSIBLE, EditField.VISIT_TYPE):
            value = self.wishes.get((row.decision_ref, field))
            if value is None or done:
                continue
            month = row.month
            if field is EditField.LOCK_MONTH and isinstance(value, date):
                month = value
            elif field is EditField.VISIT_TYPE:
                wanted = wanted_month(self.months, row, self.wishes)
                month = self.earlier.horizon.start(wanted)
            yield self._decision(row, field, field, month, value)
        for field in _SHOWN_ONLY:
            value = self.wishes.get((row.decision_ref, field))
            if value is not None:
                yield self._decision(row, field, field, row.month, value)

    def _decision(
        self, row: DecisionRow, cell: EditField, field: EditField, month: date, value: Stated
    ) -> TakenDecision:
        key = (row.decision_ref, cell)
        said, before = self.said.get(key), self.shown.get(key)
        if said is None and before is not None:
            return _plain(before)
        return TakenDecision(
            run_id=self.earlier.run.run_id,
            decision_ref=row.decision_ref,
            ref=row.ref,
            kind=row.kind,
            field=field,
            month=month.replace(day=1),
            value=value,
            by=said.by if said else "",
            workbook=said.workbook if said else "",
        )


def _plain(decision: TakenDecision) -> TakenDecision:
    """As it was said, wherever it has been shown since."""
    return replace(decision, shown_ref="", shown_field=None, shown_value=None)
