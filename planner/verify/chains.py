"""What falls due after what is done: each duty's chain over the horizon."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planner.domain.terms import LEVELS, Duty, RiskLevel
from planner.verify.months import LAST, months_in, span

if TYPE_CHECKING:
    from datetime import date

    from planner.verify.months import Months
    from planner.verify.people import Person, Rhythm
    from planner.verify.reading import Reading
    from planner.verify.world import World


@dataclass(frozen=True, slots=True)
class Link:
    """A duty standing due from after month ``since`` until done: in month ``done``, or None.

    ``due_month`` is a month's number, below 1 for a due date before the plan.
    """

    due: date
    due_month: int
    since: int
    done: int | None

    @property
    def overdue(self) -> int:
        """The month ends at which the duty is overdue, as bits, in the community or not."""
        until = LAST if self.done is None else self.done - 1
        return span(max(1, self.since, self.due_month), until)


Chain = tuple[Link, ...]
Chains = dict[tuple[str, Duty], Chain]


def chain_of(rhythm: Rhythm, done: list[int], months: Months) -> Chain:
    """The links of one duty of one person, given the months in which it is done, sorted."""
    links: list[Link] = []
    due, due_month, since = rhythm.due, months.number(rhythm.due), 0
    for month in done:
        if month == since:
            continue  # twice in one month: rule 8 speaks of it
        links.append(Link(due, due_month, since, month))
        due_month, since = month + rhythm.interval, month
        due = months.start(due_month)
    links.append(Link(due, due_month, since, None))
    return tuple(links)


def chains_of(world: World, reading: Reading) -> Chains:
    """Every duty that can fall due, by ref and kind."""
    return {
        (ref, duty): chain_of(rhythm, reading.doings.get((ref, duty), []), world.months)
        for ref, person in world.people.items()
        for duty, rhythm in person.rhythms.items()
    }


def _zeros() -> dict[tuple[Duty, RiskLevel], list[int]]:
    return {(duty, level): [0] * (LAST + 1) for duty in Duty for level in LEVELS}


@dataclass
class Tally:
    """Counts by duty and level, indexed by month; index 0 of ``overdue`` is the opening.

    ``ages`` sums the ages of the duties overdue at each month's end.
    """

    overdue: dict[tuple[Duty, RiskLevel], list[int]] = field(default_factory=_zeros)
    ages: dict[tuple[Duty, RiskLevel], list[int]] = field(default_factory=_zeros)
    due: dict[tuple[Duty, RiskLevel], list[int]] = field(default_factory=_zeros)
    done: dict[tuple[Duty, RiskLevel], list[int]] = field(default_factory=_zeros)


def tally_of(world: World, reading: Reading, chains: Chains) -> Tally:
    tally = Tally()
    for (ref, duty), chain in chains.items():
        person = world.people[ref]
        key = (duty, person.offender.level)
        if person.opening and chain[0].due <= world.months.as_at:
            tally.overdue[key][0] += 1
        for link in chain:
            _count_link(link, person, key, tally)
    for entry in reading.entries:
        level = world.people[entry.ref].offender.level
        tally.done[entry.duty, level][entry.month] += 1
    return tally


def _count_link(link: Link, person: Person, key: tuple[Duty, RiskLevel], tally: Tally) -> None:
    overdue = link.overdue & person.at_end
    if overdue:
        counts, ages = tally.overdue[key], tally.ages[key]
        for month in months_in(overdue):
            counts[month] += 1
            ages[month] += month - link.due_month
    falls_due = 1 <= link.due_month <= LAST and person.at_end >> link.due_month & 1
    if falls_due and (link.done is None or link.done >= link.due_month):
        tally.due[key][link.due_month] += 1
