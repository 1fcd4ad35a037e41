"""Cases held by somebody else than in the plan before, and why."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.decision import EditField
from planner.domain.terms import MoveReason
from planner.roll.reasons import Reason, Why

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planner.domain.months import Horizon
    from planner.domain.written import AllocationRow
    from planner.roll.earlier import Earlier
    from planner.roll.reasons import Reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """From a month on (its number) a case is with ``after``; the plan before had ``before``."""

    ref: str
    month: int
    before: str
    after: str
    why: Why


def hands(
    earlier: Earlier, reasons: Reasons, now: Iterable[AllocationRow], months: range
) -> Iterator[Hands]:
    """By reference and month, over the months that both plans cover."""
    old = _by_ref(earlier.plan.written.allocation)
    for ref, rows in sorted(_by_ref(now).items()):
        if ref not in old:
            continue
        spans = []
        for m in months:
            before, after = _holder(old[ref], m, reasons), _holder(rows, m, reasons)
            spans.append((before, after))
        yield from _changed(ref, spans, months.start, reasons)


def _by_ref(rows: Iterable[AllocationRow]) -> dict[str, list[AllocationRow]]:
    found: dict[str, list[AllocationRow]] = {}
    for row in sorted(rows, key=lambda r: (r.ref, r.month)):
        found.setdefault(row.ref, []).append(row)
    return found


def _holder(rows: list[AllocationRow], month: int, reasons: Reasons) -> AllocationRow | None:
    held = [row for row in rows if reasons.horizon.number(row.month) <= month]
    return held[-1] if held else None


def _changed(
    ref: str,
    spans: list[tuple[AllocationRow | None, AllocationRow | None]],
    first: int,
    reasons: Reasons,
) -> Iterator[Hands]:
    month = first
    for (before, after), group in itertools.groupby(spans, key=_soms):
        same = list(group)
        held = same[0][1]
        if before and after and before != after and held is not None:
            why = _why(ref, month, before, held, reasons)
            yield Hands(ref=ref, month=month, before=before, after=after, why=why)
        month += len(same)


def _soms(span: tuple[AllocationRow | None, AllocationRow | None]) -> tuple[str, str]:
    before, after = span
    return before.som if before else "", after.som if after else ""


def _why(ref: str, month: int, before: str, row: AllocationRow, reasons: Reasons) -> Why:
    """What decided, then what the register says, then what the plan gains."""
    for decision in reasons.decisions.get(ref, ()):
        if decision.field is EditField.SOM and decision.value == row.som:
            return Why(Reason.DECISION, f"{decision.by}: {row.som} is to hold it.")
    register = reasons.register
    offender, then = register.offender[ref], reasons.earlier.person.get(ref)
    was = then.som if then else None
    kept_up = planned_by_now(reasons.earlier, reasons.horizon).get(ref)
    if row.som == offender.som and offender.som not in {was, kept_up}:
        return Why(Reason.REGISTER, f"SOM: {was or 'nobody'} before, {offender.som} now.")
    if before not in register.officer:
        return Why(Reason.OFFICER, f"{before} is not in Staff any more.")
    end = register.officer[before].end
    if month not in reasons.situation.posts.holding_months[before]:
        told = f"last day {end:%d/%m/%Y}" if end else "not in post then"
        return Why(Reason.OFFICER, f"{before}: {told}.")
    if not reasons.situation.posts.may_hold(before, offender, month):
        facts = "; ".join(f"{what}: {a} before, {b} now" for what, a, b in reasons.facts(offender))
        told = f"{before} may not hold it (team, skill or conflict). {facts}".strip()
        return Why(Reason.REGISTER, told)
    if row.som == offender.som and before == kept_up:
        return Why(Reason.NOT_MADE, f"The register still has {row.som}.")
    if row.reason in {MoveReason.LOCKED, MoveReason.KEPT}:
        return Why(Reason.REGISTER, f"{row.reason} in the register.")
    if row.reason == MoveReason.OFFICER_LEFT:
        leaver = row.previous_som
        if before == leaver:
            return Why(Reason.OFFICER, f"{leaver} leaves.")
        return Why(Reason.BETTER, f"{leaver} leaves, and {row.som} takes the case instead.")
    if row.som == offender.som:
        return Why(Reason.BETTER, f"It can stay with {row.som} for now.")
    return Why(Reason.BETTER, f"{row.reason}.")


def planned_by_now(earlier: Earlier, horizon: Horizon) -> dict[str, str]:
    """Who was to hold each case by the end of the months that are over; none where none are."""
    rows = sorted(earlier.plan.written.allocation, key=lambda row: row.month)
    return {row.ref: row.som for row in rows if horizon.number(row.month) < 1}
