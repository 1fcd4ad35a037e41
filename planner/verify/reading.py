"""The written plan as decisions: who holds what from when, what is done when, who seconds.

Rows that cannot be read as a decision are set aside: as a breach where a rule speaks of them, else
as a discrepancy. What is left can be judged without looking at raw cells again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planner.domain.rules import Rule
from planner.domain.terms import Duty
from planner.domain.verdict import Breach, Discrepancy
from planner.verify.cells import differs, month_number, number, shown, text
from planner.verify.months import LAST, as_date, span

if TYPE_CHECKING:
    from planner.domain.written import AllocationRow, ScheduleRow, WorkloadRow, WrittenPlan
    from planner.verify.world import World

_DUTIES = {duty.value: duty for duty in Duty}
_NO_MONTH = "a month of the plan"


@dataclass(frozen=True, slots=True)
class Stint:
    """One Allocation row: ``som`` holds the case from month ``first`` to ``last``, "" nobody."""

    ref: str
    first: int
    last: int
    som: str
    row: AllocationRow

    @property
    def months(self) -> int:
        return span(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Entry:
    """One Schedule row that names a person, a duty and a month of the plan."""

    ref: str
    duty: Duty
    month: int
    done_by: str
    second: str
    row: ScheduleRow


@dataclass
class Reading:
    """``held``: the SOM of each case by month (index 0 unused); ``doubled``: months with two rows.

    ``workload`` has one row for each officer and month; ``doings`` the months in which each duty
    is done.
    """

    stints: dict[str, list[Stint]] = field(default_factory=dict)
    held: dict[str, tuple[str, ...]] = field(default_factory=dict)
    doubled: dict[str, int] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    doings: dict[tuple[str, Duty], list[int]] = field(default_factory=dict)
    workload: dict[tuple[str, int], WorkloadRow] = field(default_factory=dict)
    breaches: list[Breach] = field(default_factory=list)
    discrepancies: list[Discrepancy] = field(default_factory=list)

    def som(self, ref: str, month: int) -> str:
        """Who holds a case in a month by the Allocation sheet; "" where nobody does."""
        held = self.held.get(ref)
        return held[month] if held else ""

    def second_hours(self, staff_id: str, month: int) -> float:
        """The second hours that Workload states; none where it states no number."""
        row = self.workload.get((staff_id, month))
        return (number(row.second_hours) or 0.0) if row is not None else 0.0


def read(written: WrittenPlan, world: World) -> Reading:
    reading = Reading()
    _read_allocation(written, world, reading)
    for n, row in enumerate(written.schedule, 1):
        _read_schedule_row(n, row, world, reading)
    for duty_months in reading.doings.values():
        duty_months.sort()
    for n, line in enumerate(written.workload, 1):
        _read_workload_row(n, line, world, reading)
    return reading


def _read_allocation(written: WrittenPlan, world: World, reading: Reading) -> None:
    rows: dict[str, list[tuple[int, AllocationRow]]] = {}
    for n, row in enumerate(written.allocation, 1):
        month = month_number(row.month, world.months)
        if row.ref not in world.people:
            reading.discrepancies.append(_stranger("Allocation", n, row.ref))
        elif month is None:
            item = f"From, {row.ref}"
            reading.discrepancies.append(differs("Allocation", item, row.month, _NO_MONTH))
        else:
            _expect_first_day("Allocation", row.ref, row.month, month, world, reading)
            rows.setdefault(row.ref, []).append((month, row))
    for ref, dated in rows.items():
        _stints_of(ref, sorted(dated, key=lambda pair: pair[0]), reading)


def _stints_of(ref: str, dated: list[tuple[int, AllocationRow]], reading: Reading) -> None:
    stints: list[Stint] = []
    for n, (month, row) in enumerate(dated):
        later = [m for m, _ in dated[n + 1 :] if m > month]
        last = later[0] - 1 if later else LAST
        if stints and stints[-1].first == month:
            _double_row(stints[-1], row, reading)
            continue
        stints.append(Stint(ref, month, last, text(row.som), row))
    held = [""] * (LAST + 1)
    for stint in stints:
        held[stint.first : stint.last + 1] = [stint.som] * (stint.last + 1 - stint.first)
    reading.stints[ref] = stints
    reading.held[ref] = tuple(held)


def _double_row(stint: Stint, row: AllocationRow, reading: Reading) -> None:
    if text(row.som) == stint.som:
        reading.discrepancies.append(
            differs("Allocation", f"Rows from {shown(row.month)}, {stint.ref}", 2, 1)
        )
    else:
        reading.doubled[stint.ref] = reading.doubled.get(stint.ref, 0) | stint.months


def _read_schedule_row(n: int, row: ScheduleRow, world: World, reading: Reading) -> None:
    duty = _DUTIES.get(text(row.duty))
    month = month_number(row.month, world.months)
    if row.ref not in world.people:
        reading.discrepancies.append(_stranger("Schedule", n, row.ref))
    elif duty is None:
        item = f"Duty, {row.ref}, row {n}"
        reading.discrepancies.append(differs("Schedule", item, row.duty, "Visit or ARMS"))
    elif month is None:
        detail = f"A {duty} is planned in {shown(row.month) or 'no month'}, outside the plan."
        day = as_date(row.month)
        reading.breaches.append(Breach(rule=Rule.WHEN, ref=row.ref, month=day, detail=detail))
    else:
        _expect_first_day("Schedule", row.ref, row.month, month, world, reading)
        entry = Entry(row.ref, duty, month, text(row.done_by), text(row.second), row)
        reading.entries.append(entry)
        reading.doings.setdefault((row.ref, duty), []).append(month)


def _read_workload_row(n: int, row: WorkloadRow, world: World, reading: Reading) -> None:
    month = month_number(row.month, world.months)
    if row.som not in world.staff:
        reading.discrepancies.append(_stranger("Workload", n, row.som))
    elif month is None:
        item = f"Month, {row.som}, row {n}"
        reading.discrepancies.append(differs("Workload", item, row.month, _NO_MONTH))
    elif (row.som, month) in reading.workload:
        item = f"Rows of {row.som} in {shown(row.month)}"
        reading.discrepancies.append(differs("Workload", item, 2, 1))
    else:
        _expect_first_day("Workload", row.som, row.month, month, world, reading)
        reading.workload[row.som, month] = row


def _expect_first_day(
    sheet: str, who: str, cell: object, month: int, world: World, reading: Reading
) -> None:
    """Take a day within a month for its month, and say so."""
    start = world.months.starts[month]
    if as_date(cell) != start:
        reading.discrepancies.append(differs(sheet, f"Month, {who}", cell, start))


def _stranger(sheet: str, n: int, cell: object) -> Discrepancy:
    kind = "Staff ID" if sheet == "Workload" else "Offender ref"
    return differs(sheet, f"{kind}, row {n}", cell, "one on the register")
