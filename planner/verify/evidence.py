"""Everything the rules, the cost and the stated figures are judged by, worked out once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planner.domain.terms import Duty
from planner.verify.capacity import DutyHours, capacities
from planner.verify.chains import Chains, Link, Tally, chains_of, tally_of
from planner.verify.months import LAST, first_in, last_in
from planner.verify.reading import Entry, Reading, read
from planner.verify.wishes import Wishes, wishes_of
from planner.verify.world import World

if TYPE_CHECKING:
    from planner.domain.policy import Policy
    from planner.domain.register import Register
    from planner.domain.terms import RiskLevel
    from planner.domain.written import WrittenPlan


def _by_month() -> list[int]:
    return [0] * (LAST + 1)


@dataclass
class Load:
    """What one officer holds and does, indexed by month: counts of cases and of duties.

    ``cases``: all held; ``community``: of those in the community on the last day; ``risky``: of
    those very high or high. ``seconds``: visits on which the officer is named as second.
    """

    cases: list[int] = field(default_factory=_by_month)
    community: list[int] = field(default_factory=_by_month)
    risky: list[int] = field(default_factory=_by_month)
    visits: list[int] = field(default_factory=_by_month)
    arms: list[int] = field(default_factory=_by_month)
    seconds: list[int] = field(default_factory=_by_month)


@dataclass(frozen=True, slots=True)
class Change:
    """A case passing from one known SOM to another in a month; ``counts`` against moves.share."""

    ref: str
    level: RiskLevel
    month: int
    before: str
    after: str
    opens: bool
    counts: bool


@dataclass(frozen=True)
class Evidence:
    world: World
    reading: Reading
    hours: DutyHours
    capacity: dict[str, list[float]]
    chains: Chains
    tally: Tally
    loads: dict[str, Load]
    changes: tuple[Change, ...]
    wishes: Wishes

    @classmethod
    def of(cls, register: Register, written: WrittenPlan) -> Evidence:
        world = World.of(register)
        reading = read(written, world)
        chains = chains_of(world, reading)
        return cls(
            world=world,
            reading=reading,
            hours=DutyHours.of(register.policy),
            capacity=capacities(world),
            chains=chains,
            tally=tally_of(world, reading, chains),
            loads=_loads(world, reading),
            changes=tuple(_changes(world, reading)),
            wishes=wishes_of(world),
        )

    @property
    def policy(self) -> Policy:
        return self.world.policy

    def link(self, entry: Entry) -> Link:
        """What an entry does: the link of its chain done in that month.

        Raises ``KeyError`` for a duty that cannot fall due to the person.
        """
        chain = self.chains[entry.ref, entry.duty]
        return next(link for link in chain if link.done == entry.month)

    def lead_hours(self, staff_id: str, month: int) -> float:
        load = self.loads[staff_id]
        return load.visits[month] * self.hours.lead + load.arms[month] * self.hours.arms

    def second_hours(self, staff_id: str, month: int) -> float:
        """Of month 1 from the named second officers, later what Workload states."""
        if month == 1:
            return self.loads[staff_id].seconds[1] * self.hours.second
        return self.reading.second_hours(staff_id, month)

    def planned_hours(self, staff_id: str, month: int) -> float:
        return self.lead_hours(staff_id, month) + self.second_hours(staff_id, month)

    def most_hours(self, staff_id: str, month: int) -> float:
        """Capacity and the overtime allowed on it."""
        return self.capacity[staff_id][month] * (1 + self.policy.hours_overtime)


def _loads(world: World, reading: Reading) -> dict[str, Load]:
    loads = {staff_id: Load() for staff_id in world.staff}
    for ref, stints in reading.stints.items():
        person = world.people[ref]
        for stint in stints:
            load = loads.get(stint.som)
            if load is None:
                continue
            _hold(load.cases, stint.months)
            _hold(load.community, stint.months & person.at_end)
            if person.is_risky:
                _hold(load.risky, stint.months & person.at_end)
    for entry in reading.entries:
        if entry.done_by in loads:
            done = loads[entry.done_by]
            (done.visits if entry.duty is Duty.VISIT else done.arms)[entry.month] += 1
        if entry.duty is Duty.VISIT and entry.second in loads:
            loads[entry.second].seconds[entry.month] += 1
    for load in loads.values():
        for counts in (load.cases, load.community, load.risky):
            _run_up(counts)
    return loads


def _hold(steps: list[int], months: int) -> None:
    """Note a case held over a run of months as one step up and one down."""
    if months:
        steps[first_in(months)] += 1
        if last_in(months) < LAST:
            steps[last_in(months) + 1] -= 1


def _run_up(steps: list[int]) -> None:
    for month in range(1, LAST + 1):
        steps[month] += steps[month - 1]


def _changes(world: World, reading: Reading) -> list[Change]:
    found = []
    for ref, stints in reading.stints.items():
        offender = world.people[ref].offender
        before = world.known_som(offender)
        for n, stint in enumerate(stints):
            if before in world.staff and stint.som in world.staff and before != stint.som:
                counts = (
                    not world.staff[before].leaves
                    and world.may_hold(offender, before) >> stint.first & 1
                )
                change = Change(
                    ref, offender.level, stint.first, before, stint.som, n == 0, bool(counts)
                )
                found.append(change)
            before = stint.som
    return found
