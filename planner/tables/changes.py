"""The Changes sheet: what moved against the previous plan, and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.terms import Duty

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from planner.domain.written import AllocationRow, WrittenPlan


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """Fields follow the columns: Offender ref, What, Before, After, Reason."""

    ref: str
    what: str
    before: str | None
    after: str | None
    reason: str


_FACTS = (
    ("Status", "status"),
    ("Risk level", "level"),
    ("Management", "management"),
    ("Team", "team"),
)


def changes(now: WrittenPlan, previous: WrittenPlan | None) -> tuple[ChangeRow, ...] | None:
    """By reference; None where there is no previous plan.

    SOMs are compared in the new plan's first month, duties over the months both plans cover.
    """
    if previous is None:
        return None
    first = min((w.month for w in now.workload), default=None)
    last = max((w.month for w in previous.workload), default=None)
    if first is None or last is None:
        return ()
    old, new = _Side(previous, first, last), _Side(now, first, last)
    return tuple(
        row for ref in sorted(old.held.keys() | new.held.keys()) for row in _of(ref, old, new)
    )


class _Side:
    """One plan as the comparison needs it: who holds whom in a month, what is done when."""

    def __init__(self, plan: WrittenPlan, first: date, last: date) -> None:
        self.held: dict[str, AllocationRow] = {}
        for row in sorted(plan.allocation, key=lambda r: (r.ref, r.month)):
            if row.ref not in self.held or row.month <= first:
                self.held[row.ref] = row
        self.done: Mapping[tuple[str, str], set[date]] = defaultdict(set)
        for done in plan.schedule:
            if first <= done.month <= last:
                self.done[done.ref, done.duty].add(done.month)


def _of(ref: str, old: _Side, new: _Side) -> Iterator[ChangeRow]:
    before, after = old.held.get(ref), new.held.get(ref)
    if after is None:
        yield ChangeRow(ref, "Register", "In the plan", None, "No longer on the register")
    elif before is None:
        yield ChangeRow(ref, "Register", None, f"SOM {after.som}", "New on the register")
    else:
        yield from _of_both(before, after, old, new)


def _of_both(
    before: AllocationRow, after: AllocationRow, old: _Side, new: _Side
) -> Iterator[ChangeRow]:
    causes = []
    for what, name in _FACTS:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            causes.append(what)
            yield ChangeRow(after.ref, what, was, now, "The register says so")
    if before.som != after.som:
        causes.append("SOM")
        yield ChangeRow(after.ref, "SOM", before.som, after.som, after.reason)
    reason = f"{causes[0]} changed" if causes else "Planned anew"
    for duty in (Duty.VISIT.value, Duty.ARMS.value):
        was_done, now_done = old.done[after.ref, duty], new.done[after.ref, duty]
        if was_done != now_done:
            dropped, added = _months(was_done - now_done), _months(now_done - was_done)
            yield ChangeRow(after.ref, duty, dropped, added, reason)


def _months(months: set[date]) -> str | None:
    return ", ".join(f"{month:%b %Y}" for month in sorted(months)) or None
