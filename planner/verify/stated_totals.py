"""What Backlog, Not planned and Run state, against our own figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.months import HORIZON_MONTHS
from planner.domain.terms import LEVELS, Duty, RiskLevel
from planner.verify.cells import close, differs, is_blank, number, shown
from planner.verify.months import LAST, as_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from planner.domain.verdict import Discrepancy
    from planner.domain.written import BacklogRow, NotPlannedRow, RunItem, WrittenPlan
    from planner.verify.evidence import Evidence

_COST_TOLERANCE = 1e-4
_RELATIVE = 1e-6
_KINDS: tuple[object, ...] = tuple(duty.value for duty in Duty)


def stated_backlog(evidence: Evidence, written: WrittenPlan) -> Iterator[Discrepancy]:
    """Backlog: four opening rows and four a month, and the counts in each."""
    labels = {level.label: level for level in LEVELS}
    rows: dict[tuple[int, RiskLevel], BacklogRow] = {}
    starts = {start: m for m, start in enumerate(evidence.world.months.starts) if m}
    for n, row in enumerate(written.backlog, 1):
        day = as_date(row.month)
        month = 0 if is_blank(row.month) else starts.get(day) if day is not None else None
        level = labels.get(row.level) if isinstance(row.level, str) else None
        if month is None or level is None:
            place = f"{shown(row.month)} {shown(row.level)}"
            yield differs("Backlog", f"Row {n}", place, "a month of the plan and a level")
        elif (month, level) in rows:
            yield differs("Backlog", f"Rows of {level.label}, month {month}", 2, 1)
        else:
            rows[month, level] = row
    for month in range(LAST + 1):
        for level in LEVELS:
            found = rows.get((month, level))
            if found is None:
                yield differs("Backlog", f"Row of {level.label}, month {month}", "no row", "one")
            else:
                yield from _differing_counts(evidence, found, month, level)


def _differing_counts(
    evidence: Evidence, row: BacklogRow, month: int, level: RiskLevel
) -> Iterator[Discrepancy]:
    tally = evidence.tally
    arms, visit = (Duty.ARMS, level), (Duty.VISIT, level)
    figures: list[tuple[str, object, int | None]] = [
        ("ARMS overdue", row.arms_overdue, tally.overdue[arms][month]),
        ("Visits overdue", row.visits_overdue, tally.overdue[visit][month]),
    ]
    opening = month == 0  # nothing falls due and nothing is done before month 1
    figures += [
        ("ARMS due", row.arms_due, None if opening else tally.due[arms][month]),
        ("ARMS done", row.arms_done, None if opening else tally.done[arms][month]),
        ("Visits due", row.visits_due, None if opening else tally.due[visit][month]),
        ("Visits done", row.visits_done, None if opening else tally.done[visit][month]),
    ]
    for column, stated, found in figures:
        agrees = is_blank(stated) if found is None else number(stated) == found
        if not agrees:
            place = f"{column}, {level.label}, {shown(row.month) or 'opening'}"
            yield differs("Backlog", place, stated, found)


def stated_not_planned(evidence: Evidence, written: WrittenPlan) -> Iterator[Discrepancy]:
    """Not planned: every duty overdue at the plan's end, and everybody with nothing planned."""
    overdue = _overdue_at_end(evidence)
    busy = {entry.ref for entry in evidence.reading.entries}
    listed: set[tuple[str, object]] = set()
    for n, row in enumerate(written.not_planned, 1):
        duty = None if is_blank(row.duty) else row.duty
        if (row.ref, duty) in listed:
            yield differs("Not planned", f"Rows of {shown(row.ref)}, {shown(duty)}", 2, 1)
        listed.add((row.ref, duty))
        yield from _wrong_row(evidence, n, row, overdue, busy)
    for ref, kind in overdue:
        if (ref, kind) not in listed:
            yield differs("Not planned", f"Row of {ref}, {kind}", "no row", "overdue at the end")
    refs = {ref for ref, _ in listed}
    for ref in evidence.world.people:
        if ref not in busy and ref not in refs:
            yield differs("Not planned", f"Row of {ref}", "no row", "nothing is planned")


def _overdue_at_end(evidence: Evidence) -> dict[tuple[str, str], date]:
    """The due dates of the duties overdue at the end of month 18, by ref and duty."""
    return {
        (ref, duty.value): chain[-1].due
        for (ref, duty), chain in evidence.chains.items()
        if (chain[-1].overdue & evidence.world.people[ref].at_end) >> LAST & 1
    }


def _wrong_row(
    evidence: Evidence,
    n: int,
    row: NotPlannedRow,
    overdue: Mapping[tuple[str, str], date],
    busy: set[str],
) -> Iterator[Discrepancy]:
    sheet = "Not planned"
    if row.ref not in evidence.world.people:
        yield differs(sheet, f"Offender ref, row {n}", row.ref, "one on the register")
    elif is_blank(row.duty):
        if row.ref in busy:
            yield differs(sheet, f"Row of {row.ref}", "nothing planned", "duties are planned")
    elif row.duty not in _KINDS:
        yield differs(sheet, f"Duty, {row.ref}", row.duty, "Visit, ARMS or blank")
    elif (row.ref, str(row.duty)) not in overdue:
        yield differs(sheet, f"Row of {row.ref}, {row.duty}", "overdue", "not overdue at the end")
    elif as_date(row.due) != (due := overdue[row.ref, str(row.duty)]):
        yield differs(sheet, f"Due, {row.duty} of {row.ref}", row.due, due)


def stated_run(
    evidence: Evidence, written: WrittenPlan, cost: Mapping[str, float]
) -> Iterator[Discrepancy]:
    """Run: dates, horizon, cost and its parts, bound and gap."""
    items: dict[object, RunItem] = {}
    for line in written.run:
        if line.item in items and line.item in _VERIFIED:
            yield differs("Run", f"Rows of {line.item}", 2, 1)
        items.setdefault(line.item, line)
    stated = {name: items[name].value if name in items else None for name in _VERIFIED}
    for name, day in (
        ("As-at date", evidence.world.register.as_at),
        ("First month", evidence.world.months.starts[1]),
    ):
        if as_date(stated[name]) != day:
            yield differs("Run", name, stated[name], day)
    if number(stated["Horizon"]) != HORIZON_MONTHS:
        yield differs("Run", "Horizon", stated["Horizon"], HORIZON_MONTHS)
    total = sum(cost.values())
    for name, found in [("Cost", total), *((f"Cost: {part}", cost[part]) for part in _PARTS)]:
        if not _same_cost(stated[name], found):
            yield differs("Run", name, stated[name], found)
    yield from _bound_and_gap(stated["Bound"], stated["Gap"], total)


_PARTS = ("exposure", "protected", "uncleared", "moves", "mix", "spread")
_VERIFIED = (
    *("As-at date", "First month", "Horizon", "Cost", "Bound", "Gap"),
    *(f"Cost: {part}" for part in _PARTS),
)


def _same_cost(cell: object, found: float) -> bool:
    value = number(cell)
    return value is not None and abs(value - found) <= _cost_tolerance(found)


def _cost_tolerance(cost: float) -> float:
    return max(_COST_TOLERANCE, _RELATIVE * abs(cost))


def _bound_and_gap(stated_bound: object, stated_gap: object, total: float) -> Iterator[Discrepancy]:
    bound = number(stated_bound)
    if bound is None or bound > total + _cost_tolerance(total):
        yield differs("Run", "Bound", stated_bound, f"at most {shown(total)}")
        return
    gap = (total - bound) / total if total > 0 else 0.0
    if not close(stated_gap, gap):
        yield differs("Run", "Gap", stated_gap, gap)
