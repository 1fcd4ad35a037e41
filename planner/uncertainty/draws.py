"""Draws asked for, made: today, each scenario, and the tornado of today's assumptions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from planner.optimise.ledger import Ledger
from planner.staffing.uncertain import TornadoRow, Uncertainty, UsedDistribution
from planner.uncertainty.batches import (
    Batch,
    Ground,
    Played,
    batches_of,
    point_played,
)
from planner.uncertainty.measured import end_of, replayed, with_aims
from planner.uncertainty.quantities import QUANTITIES, Override, Range, ranges_of
from planner.uncertainty.world import world_of
from planner.uncertainty.worth import priced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from planner.domain.policy import Policy
    from planner.domain.register import Register
    from planner.optimise.pool import Pool
    from planner.staffing.uncertain import Replayed
    from planner.uncertainty.engines import Engine
    from planner.uncertainty.kept import Kept
    from planner.uncertainty.replay import Told
    from planner.uncertainty.world import World

    Say = Callable[[str], None]

OWN_SOURCE = "The register's Uncertainty sheet"
AIMS, AIM_DRAWS = (6, 9, 12, 15), 250
"""Months to work towards, besides the deadline, and draws for each, at most."""
TORNADO_DRAWS = 100
"""Draws for each of the tornado's ends, at most: each with the same chances as all others."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Question:
    """A run to be replayed: a register with its changes made, and the month to clear by."""

    name: str
    register: Register
    deadline: int


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How many draws, from which seed, with which ranges of the force's own."""

    draws: int
    seed: int = 0
    overrides: Mapping[str, Override]


@dataclass(frozen=True, eq=False, kw_only=True)
class Bench:
    """Where batches are replayed, where they are kept meanwhile, and who is told how far it is."""

    engine: Engine
    kept: Kept
    say: Say

    def play(self, batches: Sequence[Batch]) -> dict[str, Played]:
        """All batches: those kept from an interrupted run are taken, the others replayed and kept.

        Raises ``EngineError`` or ``OutputError``.
        """
        wanted = {batch.key: batch for batch in batches}
        draws = sum(batch.last - batch.first for batch in wanted.values())
        kept = ((key, self.kept.get(batch)) for key, batch in wanted.items())
        found = {key: done for key, done in kept if done is not None}
        if found:
            done = _draws(found)
            self.say(f"Taking up an interrupted run: {done:,} of {draws:,} replays are done")
        told = 10 * _draws(found) // draws
        for one in self.engine.play([b for key, b in wanted.items() if key not in found]):
            self.kept.put(one)
            found[one.key] = one
            if 10 * _draws(found) // draws > told:
                told = 10 * _draws(found) // draws
                self.say(f"Replayed {_draws(found):,} of {draws:,}")
        return found


@dataclass(frozen=True, eq=False)
class _Course:
    """One run's batches; ``value`` is where the tornado has moved a quantity."""

    batches: list[Batch]
    value: float = 0.0

    def told(self, found: Mapping[str, Played]) -> list[Told]:
        """Its figures, by draw number."""
        return [told for batch in self.batches for told in found[batch.key].told]


def uncertainty(
    today: Question, scenarios: Sequence[Question], asked: Asked, bench: Bench
) -> Uncertainty:
    """Everything that draws find out. Raises ``EngineError`` or ``OutputError``."""
    bench.say("Prices for the draws")
    runs = [_Run(question, asked, today.register.policy) for question in (today, *scenarios)]
    first = runs[0]
    aims, middle, ends = first.aims(), first.likely(), first.ends()
    tornado = [middle, *(end for pair in ends.values() for end in pair)]
    courses = [first.course, *tornado, *aims.values(), *(run.course for run in runs[1:])]
    found = bench.play([batch for course in courses for batch in course.batches])
    sooner = {aim: course.told(found) for aim, course in aims.items()}
    return Uncertainty(
        draws=asked.draws,
        seed=asked.seed,
        today=with_aims(first.replayed(found), sooner),
        scenarios=tuple(run.replayed(found) for run in runs[1:]),
        tornado=_tornado(ends, found, today.deadline),
        tornado_middle=end_of(0.0, middle.told(found), today.deadline),
        tornado_draws=first.few,
        distributions=tuple(_used(first.ranges, asked.overrides)),
    )


class _Run:
    """A question's draws, and what is asked about its assumptions.

    ``told`` is the policy that the force's own ranges belong to.
    """

    def __init__(self, question: Question, asked: Asked, told: Policy) -> None:
        self.question, self.asked = question, asked
        self.site = Site.of(question.register)
        self.ranges = ranges_of(self.site.world.policy, asked.overrides, told)
        self.ground = self.site.ground(question.deadline)
        self.few = min(TORNADO_DRAWS, asked.draws)
        self.course = _Course(batches_of(self.ground, self.ranges, asked.seed, asked.draws))

    def aims(self) -> dict[int, _Course]:
        """Draws in which the unit works towards earlier months, by month."""
        draws = min(AIM_DRAWS, self.asked.draws)
        return {
            aim: _Course(batches_of(self.site.ground(aim), self.ranges, self.asked.seed, draws))
            for aim in AIMS
            if aim < self.question.deadline
        }

    def likely(self) -> _Course:
        """All quantities at their likely value, the rest left to chance."""
        return self._moved({})

    def ends(self) -> dict[str, tuple[_Course, _Course]]:
        """Each quantity at its low and at its high, the others at their likely value."""
        return {
            name: (self._moved({name: one.low}), self._moved({name: one.high}))
            for name, one in self.ranges.items()
            if one.low < one.high
        }

    def _moved(self, moved: Mapping[str, float]) -> _Course:
        batches = batches_of(self.ground, self.ranges, self.asked.seed, self.few, moved)
        return _Course(batches, *moved.values())

    def replayed(self, found: Mapping[str, Played]) -> Replayed:
        """What its draws come to."""
        return replayed(
            self.question.name,
            self.course.told(found),
            point_played(self.ground),
            ground=self.ground,
            cleared_at=self.question.register.policy.backlog_cleared_at,
        )


@dataclass(frozen=True, eq=False)
class Site:
    """A register's world and its parts, to be priced for one deadline or another."""

    world: World
    pools: tuple[Pool, ...]

    @classmethod
    def of(cls, register: Register) -> Self:
        """The order of the register's rows makes no difference."""
        in_order = replace(
            register,
            offenders=tuple(sorted(register.offenders, key=lambda o: o.ref)),
            officers=tuple(sorted(register.officers, key=lambda s: s.staff_id)),
            absences=tuple(sorted(register.absences, key=repr)),
            agreed=tuple(sorted(register.agreed, key=repr)),
            locks=(),
        )
        parts = Ledger().parts(in_order)
        world = world_of(in_order, [part.teams for part in parts])
        return cls(world, tuple(part.small for part in parts))

    def ground(self, deadline: int) -> Ground:
        """What its batches share."""
        return Ground(self.world, priced(self.pools, deadline), deadline)


def _draws(found: Mapping[str, Played]) -> int:
    return sum(len(done.told) for done in found.values())


def _tornado(
    ends: Mapping[str, tuple[_Course, _Course]], found: Mapping[str, Played], deadline: int
) -> tuple[TornadoRow, ...]:
    rows = []
    for name, pair in ends.items():
        low, high = (end_of(end.value, end.told(found), deadline) for end in pair)
        about = QUANTITIES[name]
        rows.append(TornadoRow(name=name, words=about.words, unit=about.unit, low=low, high=high))
    return tuple(sorted(rows, key=lambda row: (-row.swing, row.name)))


def _used(
    ranges: Mapping[str, Range], overrides: Mapping[str, Override]
) -> Iterator[UsedDistribution]:
    for name, one in ranges.items():
        about, own = QUANTITIES[name], overrides.get(name)
        yield UsedDistribution(
            name=name,
            words=about.words,
            unit=about.unit,
            meaning=about.meaning,
            low=one.low,
            likely=one.likely,
            high=one.high,
            source=about.source if own is None else own.source or OWN_SOURCE,
            dated=about.dated if own is None else "",
            is_assumed=own is None and about.is_assumed,
        )
