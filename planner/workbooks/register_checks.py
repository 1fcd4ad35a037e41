"""What only several cells together show: duplicates, unknown references, dates out of order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.months import Horizon
from planner.domain.terms import LockKind
from planner.workbooks.register_dates import spelt
from planner.workbooks.register_findings import SheetLog, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from planner.domain.register import Absence, Lock, Offender, Officer
    from planner.workbooks.register_rows import Placed


class Names:
    """Known references. Another letter case is understood where it can mean one of them only."""

    def __init__(self, names: Iterable[str | None]) -> None:
        self._exact = {name for name in names if name}
        self._folded: dict[str, list[str]] = {}
        for name in sorted(self._exact):
            self._folded.setdefault(name.casefold(), []).append(name)

    def __bool__(self) -> bool:
        return bool(self._exact)

    def find(self, name: str, header: str, row: int, log: SheetLog) -> str | None:
        """The known reference that is meant, or None."""
        if name in self._exact:
            return name
        same = self._folded.get(name.casefold(), [])
        if len(same) != 1:
            return None
        log.warn(
            "letter-case",
            f"{header} holds {quoted(name)}; it was read as {same[0]}.",
            f"Write {same[0]}.",
            row,
            header,
        )
        return same[0]


def say_duplicates(refs: Iterable[tuple[int, str | None]], header: str, log: SheetLog) -> None:
    """``refs`` are rows and the reference in each; each later row is named beside the first."""
    first: dict[str, int] = {}
    for row, ref in refs:
        if ref and first.setdefault(ref, row) != row:
            log.fault(
                "duplicate-ref",
                f"{header} {quoted(ref)} stands in row {first[ref]} and again in row {row}.",
                "Delete one of the two rows, or correct its reference.",
                row,
                header,
            )


def _in_order(
    first: date | None, last: date | None, names: tuple[str, str], row: int, log: SheetLog
) -> None:
    if first is not None and last is not None and last < first:
        log.fault(
            "dates-out-of-order",
            f"{names[1]}, {spelt(last)}, is before {names[0]}, {spelt(first)}.",
            "Correct one of the two dates.",
            row,
            names[1],
        )


def _not_after(day: date | None, as_at: date, header: str, row: int, log: SheetLog) -> None:
    if day is not None and day > as_at:
        log.fault(
            "after-as-at",
            f"{header}, {spelt(day)}, is after the as-at date, {spelt(as_at)}.",
            "Correct the date, or the day on which the register is true (As at).",
            row,
            header,
        )


def check_officers(officers: Sequence[Placed[Officer]], log: SheetLog) -> None:
    say_duplicates(((p.row, p.item.staff_id) for p in officers), "Staff ID", log)
    for placed in officers:
        _in_order(placed.item.start, placed.item.end, ("Start", "End"), placed.row, log)


def check_offenders(
    offenders: Sequence[Placed[Offender]],
    officers: Sequence[Placed[Officer]],
    as_at: date,
    log: SheetLog,
) -> list[Offender]:
    """The offenders with their references settled; without an officer to go by, they stand."""
    say_duplicates(((p.row, p.item.ref) for p in offenders), "Offender ref", log)
    for placed in offenders:
        _check_offender(placed.item, as_at, placed.row, log)
    if not officers:
        return [placed.item for placed in offenders]
    staff = Names(p.item.staff_id for p in officers)
    teams = Names(p.item.team for p in officers)
    skills = Names(skill for p in officers for skill in p.item.skills)
    return [_settled(placed, staff, teams, skills, log) for placed in offenders]


def _check_offender(offender: Offender, as_at: date, row: int, log: SheetLog) -> None:
    _not_after(offender.last_visit, as_at, "Last visit", row, log)
    _not_after(offender.last_arms, as_at, "Last ARMS", row, log)
    _in_order(
        offender.registered_from,
        offender.registered_until,
        ("Registered from", "Registered until"),
        row,
        log,
    )
    if offender.visit_interval is not None and not offender.interval_reason:
        log.fault(
            "override-without-reason",
            f"Visit interval is overridden to {offender.visit_interval} without an Interval "
            "reason.",
            "Give the reason, or leave Visit interval blank to go by the policy.",
            row,
            "Interval reason",
        )


def _settled(
    placed: Placed[Offender], staff: Names, teams: Names, skills: Names, log: SheetLog
) -> Offender:
    offender, row = placed.item, placed.row
    team = teams.find(offender.team, "Team", row, log)
    if team is None and offender.team:
        log.fault(
            "unknown-team",
            f"Team {quoted(offender.team)} is not the team of anybody in Staff.",
            "Correct the team, or add its officers to Staff.",
            row,
            "Team",
        )
    settled = {
        "team": team or offender.team,
        "som": offender.som and _som(offender.som, staff, row, log),
        "not_with": _not_with(offender.not_with, staff, row, log),
        "needs": frozenset(
            skills.find(need, "Needs", row, log) or need for need in sorted(offender.needs)
        ),
    }
    if all(getattr(offender, name) == value for name, value in settled.items()):
        return offender
    return replace(offender, **settled)  # type: ignore[arg-type]  # fields of an offender


def _som(som: str, staff: Names, row: int, log: SheetLog) -> str | None:
    known = staff.find(som, "SOM", row, log)
    if known is None:
        log.warn(
            "unknown-som",
            f"SOM {quoted(som)} is not in Staff; the case is treated as not yet allocated.",
            "Correct the Staff ID, or add the officer to Staff.",
            row,
            "SOM",
        )
    return known


def _not_with(names: frozenset[str], staff: Names, row: int, log: SheetLog) -> frozenset[str]:
    known = set()
    for name in sorted(names):
        found = staff.find(name, "Not with", row, log)
        if found is None:
            log.warn(
                "unknown-not-with",
                f"Not with names {quoted(name)}, who is not in Staff; it was left out.",
                "Correct the Staff ID, or delete it.",
                row,
                "Not with",
            )
        else:
            known.add(found)
    return frozenset(known)


def check_absences(
    absences: Sequence[Placed[Absence]], officers: Sequence[Placed[Officer]], log: SheetLog
) -> list[Absence]:
    staff = Names(p.item.staff_id for p in officers)
    settled = []
    for placed in absences:
        absence, row = placed.item, placed.row
        _in_order(absence.first, absence.last, ("From", "To"), row, log)
        who = _known(absence.staff_id, staff, ("Staff ID", "Staff"), row, log)
        settled.append(replace(absence, staff_id=who))
    return settled


def check_locks(
    locks: Sequence[Placed[Lock]],
    offenders: Sequence[Placed[Offender]],
    officers: Sequence[Placed[Officer]],
    as_at: date,
    log: SheetLog,
) -> list[Lock]:
    """The locks that lie in the horizon, their references settled."""
    refs = Names(p.item.ref for p in offenders)
    staff = Names(p.item.staff_id for p in officers)
    horizon = Horizon(as_at)
    kept = []
    for placed in locks:
        lock, row = placed.item, placed.row
        ref = _known(lock.ref, refs, ("Offender ref", "Offenders"), row, log)
        if lock.kind is LockKind.SOM:
            who = _known(lock.staff_id or "", staff, ("Value", "Staff"), row, log)
            kept.append(replace(lock, ref=ref, staff_id=who))
        elif lock.month is not None and _is_in(horizon, lock.month, row, log):
            kept.append(replace(lock, ref=ref))
    return kept


def _is_in(horizon: Horizon, month: date, row: int, log: SheetLog) -> bool:
    if horizon.number(month) in horizon.months:
        return True
    log.warn(
        "lock-outside-horizon",
        f"Value is {month:%m/%Y}, outside the plan's months, {horizon.first:%m/%Y} to "
        f"{horizon.start(horizon.length):%m/%Y}; the lock was left out.",
        "Delete the lock, or correct the month.",
        row,
        "Value",
    )
    return False


def _known(
    name: str, names: Names, column_and_sheet: tuple[str, str], row: int, log: SheetLog
) -> str:
    """The reference as its own sheet spells it; a fault where that sheet has none such."""
    if not name or not names:
        return name
    header, sheet = column_and_sheet
    found = names.find(name, header, row, log)
    if found is None:
        log.fault(
            "unknown-ref",
            f"{header} {quoted(name)} is not in {sheet}.",
            f"Correct it, or add it to {sheet}.",
            row,
            header,
        )
    return found or name
