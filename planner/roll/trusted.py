"""The register with what people marked as done counted, where the history is to be trusted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.taken import CountedDuty
from planner.domain.terms import Duty, VisitType
from planner.roll.disagreements import attempts_marked, last_done
from planner.roll.marks import marks, of_person

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planner.domain.register import Offender, Register
    from planner.roll.earlier import Earlier
    from planner.roll.marks import Mark


def counted_duties(earlier: Earlier, register: Register) -> tuple[CountedDuty, ...]:
    """Marks up to the as-at date that the register does not show, by reference and duty."""
    found = marks(earlier)
    by_ref = {duty: of_person(found, duty) for duty in Duty}
    return tuple(
        counted
        for offender in sorted(register.offenders, key=lambda o: o.ref)
        for duty in Duty
        for counted in _counted(
            earlier, register, offender, duty, by_ref[duty].get(offender.ref, ())
        )
    )


def _counted(
    earlier: Earlier, register: Register, offender: Offender, duty: Duty, found: Iterable[Mark]
) -> Iterator[CountedDuty]:
    found = [mark for mark in found if mark.done_on <= register.as_at]
    last = last_done(offender, duty)
    new = [m for m in found if not m.failed and (last is None or m.done_on > last)]
    if duty is Duty.ARMS:
        if new:
            yield CountedDuty(ref=offender.ref, duty=duty.value, done_on=new[-1].done_on)
        return
    seen = replace(offender, last_visit=new[-1].done_on) if new else offender
    attempts = attempts_marked(earlier, seen, found, register.as_at)
    if new:
        yield CountedDuty(
            ref=offender.ref,
            duty=duty.value,
            done_on=new[-1].done_on,
            visit_type=new[-1].visit_type or None,
            failed_attempts=attempts or 0,
        )
    elif attempts is not None and attempts != offender.failed_attempts:
        yield CountedDuty(ref=offender.ref, duty=duty.value, done_on=None, failed_attempts=attempts)


def with_counted(register: Register, counted: Iterable[CountedDuty]) -> Register:
    """The register as if it showed these duties. An ARMS due that was given is met by an ARMS."""
    of_ref: dict[str, list[CountedDuty]] = {}
    for duty in counted:
        of_ref.setdefault(duty.ref, []).append(duty)
    people = []
    for person in register.offenders:
        changed = person
        for done in of_ref.get(person.ref, ()):
            changed = _after(changed, done)
        people.append(changed)
    return replace(register, offenders=tuple(people)) if of_ref else register


def _after(offender: Offender, done: CountedDuty) -> Offender:
    if done.duty == Duty.ARMS.value:
        return replace(offender, last_arms=done.done_on, arms_due=None)
    attempts = offender.failed_attempts if done.failed_attempts is None else done.failed_attempts
    if done.done_on is None:
        return replace(offender, failed_attempts=attempts)
    kind = VisitType(done.visit_type) if done.visit_type else None
    return replace(
        offender, last_visit=done.done_on, last_visit_type=kind, failed_attempts=attempts
    )
