"""Where the register and what people marked as done say different things."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from planner.domain.terms import Duty
from planner.roll.marks import marks, of_person

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from planner.domain.register import Offender, Register
    from planner.roll.earlier import Earlier
    from planner.roll.marks import Mark


class Trust(StrEnum):
    """Which wins where they disagree."""

    REGISTER = "register"
    HISTORY = "history"


class Kind(StrEnum):
    """How they disagree, as the sheet names it."""

    NOT_IN_REGISTER = "Marked done, not in the register"
    AFTER_AS_AT = "Marked done after the as-at date"
    NOT_MARKED = "In the register, not marked done"
    UNKNOWN_REF = "Marked done, nobody of this reference"
    ATTEMPTS = "Failed attempts differ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One of them. ``ref`` is blank where it is about everybody; ``counts`` says what counts."""

    kind: Kind
    ref: str
    duty: str | None
    history: str
    register: str
    counts: str
    what_to_do: str


def last_done(offender: Offender, duty: Duty) -> date | None:
    """When the duty was last done, by the register."""
    return offender.last_visit if duty is Duty.VISIT else offender.last_arms


def disagreements(earlier: Earlier, register: Register, trust: Trust) -> tuple[Disagreement, ...]:
    """By kind, reference and duty."""
    finding = _Finding(earlier, register, trust, marks(earlier))
    order = list(Kind)
    return tuple(sorted(finding.all(), key=lambda d: (order.index(d.kind), d.ref, d.duty or "")))


class _Finding:
    def __init__(
        self, earlier: Earlier, register: Register, trust: Trust, found: tuple[Mark, ...]
    ) -> None:
        self.earlier = earlier
        self.register = register
        self.trust = trust
        self.marks = found
        self.by_ref = {duty: of_person(found, duty) for duty in Duty}

    def all(self) -> Iterator[Disagreement]:
        yield from self._unknown()
        for duty in Duty:
            for ref, found in self.by_ref[duty].items():
                if ref in self.register.offender:
                    yield from self._not_shown(self.register.offender[ref], duty, found)
            yield from self._not_marked(duty)
        for offender in self.register.offenders:
            yield from self._attempts(offender)

    def _unknown(self) -> Iterator[Disagreement]:
        """Marks on people who are not on the register; only those of the plan before."""
        known = self.register.offender
        since = self.earlier.plan.as_at
        for mark in self.marks:
            if mark.ref not in known and not mark.failed and mark.done_on > since:
                yield Disagreement(
                    kind=Kind.UNKNOWN_REF,
                    ref=mark.ref,
                    duty=mark.duty.value,
                    history=_told(mark),
                    register="Not on the register",
                    counts="Register",
                    what_to_do="Put the person back, or correct the reference, if it was changed.",
                )

    def _not_shown(
        self, offender: Offender, duty: Duty, found: Iterable[Mark]
    ) -> Iterator[Disagreement]:
        """Marks after the last doing that the register has."""
        last = last_done(offender, duty)
        for mark in found:
            if mark.failed or (last is not None and mark.done_on <= last):
                continue
            late = mark.done_on > self.register.as_at
            trusted = self.trust is Trust.HISTORY and not late
            column = "Last visit" if duty is Duty.VISIT else "Last ARMS"
            do = f"Enter {mark.done_on:%d/%m/%Y} as {column}, or take the mark back."
            yield Disagreement(
                kind=Kind.AFTER_AS_AT if late else Kind.NOT_IN_REGISTER,
                ref=offender.ref,
                duty=duty.value,
                history=_told(mark),
                register=_done_on(last),
                counts="History" if trusted else "Register",
                what_to_do="Nothing now: it belongs into the next register." if late else do,
            )

    def _not_marked(self, duty: Duty) -> Iterator[Disagreement]:
        """Doings in the register since the plan before that nobody marked.

        Where nothing at all of the kind was marked, one line says so.
        """
        new = [o for o in self.register.offenders if self._is_new(o, duty)]
        since = self.earlier.plan.as_at
        marked = {
            ref
            for ref, found in self.by_ref[duty].items()
            if any(not mark.failed and mark.done_on > since for mark in found)
        }
        if new and not marked:
            yield self._unmarked("", duty, "None marked as done", f"{len(new):,} new")
            return
        for offender in new:
            if offender.ref not in marked:
                last = _done_on(last_done(offender, duty))
                yield self._unmarked(offender.ref, duty, "Not marked as done", last)

    def _is_new(self, offender: Offender, duty: Duty) -> bool:
        last, before = last_done(offender, duty), self.earlier.person.get(offender.ref)
        if last is None or before is None or last <= self.earlier.plan.as_at:
            return False
        return last != (before.last_visit if duty is Duty.VISIT else before.last_arms)

    def _unmarked(self, ref: str, duty: Duty, history: str, register: str) -> Disagreement:
        return Disagreement(
            kind=Kind.NOT_MARKED,
            ref=ref,
            duty=duty.value,
            history=history,
            register=register,
            counts="Register",
            what_to_do="Nothing, if the register is right.",
        )

    def _attempts(self, offender: Offender) -> Iterator[Disagreement]:
        expected = self.attempts(offender)
        if expected is None or expected == offender.failed_attempts:
            return
        yield Disagreement(
            kind=Kind.ATTEMPTS,
            ref=offender.ref,
            duty=Duty.VISIT.value,
            history=f"{expected} since the last successful visit",
            register=str(offender.failed_attempts),
            counts="History" if self.trust is Trust.HISTORY else "Register",
            what_to_do="Correct Failed attempts, or the marks.",
        )

    def attempts(self, offender: Offender) -> int | None:
        """Failed attempts by the marks; None where nobody marked one that the register may show."""
        found = self.by_ref[Duty.VISIT].get(offender.ref, [])
        return attempts_marked(self.earlier, offender, found, self.register.as_at)


def attempts_marked(
    earlier: Earlier, offender: Offender, found: Iterable[Mark], as_at: date
) -> int | None:
    """Failed attempts since the last successful visit, as marked up to the as-at date.

    Those that the register had when the plan before was made stay, where no visit succeeded since.
    None where none was marked since, or it is not known how many there were before.
    """
    before = earlier.person.get(offender.ref)
    since, last = earlier.plan.as_at, offender.last_visit
    failed = [m for m in found if m.failed and since < m.done_on <= as_at]
    if not failed or before is None or before.failed_attempts is None:
        return None
    if last == before.last_visit:
        return before.failed_attempts + len(failed)
    return sum(last is None or m.done_on > last for m in failed)


def _told(mark: Mark) -> str:
    return f"{_done_on(mark.done_on)} ({mark.by})"


def _done_on(day: date | None) -> str:
    return "Never done" if day is None else f"Done on {day:%d/%m/%Y}"
