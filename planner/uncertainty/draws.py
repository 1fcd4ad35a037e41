"""Draws asked for, made: today, each scenario, and the tornado of today's assumptions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.optimise.ledger import Ledger
from planner.staffing.uncertain import TornadoRow, Uncertainty, UsedDistribution
from planner.uncertainty.batches import (
    Batch,
    Ground,
    Played,
    batches_of,
    point_played,
    told_in_order,
)
from planner.uncertainty.measured import end_of, replayed
from planner.uncertainty.quantities import QUANTITIES, Override, Range, ranges_of
from planner.uncertainty.world import world_of
from planner.uncertainty.worth import priced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from planner.domain.register import Register
    from planner.staffing.uncertain import Replayed
    from planner.uncertainty.engines import Engine
    from planner.uncertainty.kept import Kept
    from planner.uncertainty.replay import Told

    Say = Callable[[str], None]

OWN_SOURCE = "The register's Uncertainty sheet"
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


@dataclass(frozen=True, eq=False)
class _Course:
    """One run's batches; ``value`` is where the tornado has moved a quantity."""

    batches: list[Batch]
    value: float = 0.0


def uncertainty(
    today: Question,
    scenarios: Sequence[Question],
    asked: Asked,
    engine: Engine,
    kept: Kept,
    say: Say,
) -> Uncertainty:
    """Everything that draws find out. Raises ``EngineError`` or ``OutputError``."""
    questions = (today, *scenarios)
    say("Prices for the draws")
    grounds = [_ground(question) for question in questions]
    told = today.register.policy
    ranges = [ranges_of(ground.world.policy, asked.overrides, told) for ground in grounds]
    runs = [
        _Course(batches_of(ground, one, asked.seed, asked.draws))
        for ground, one in zip(grounds, ranges, strict=True)
    ]
    most = min(TORNADO_DRAWS, asked.draws)
    middle, ends = _tornado_courses(grounds[0], ranges[0], asked.seed, most)
    courses = [*runs, middle, *(end for pair in ends.values() for end in pair)]
    found = _played([b for course in courses for b in course.batches], engine, kept, say)
    replays = [
        _replayed(question, ground, told_in_order(run.batches, found))
        for question, ground, run in zip(questions, grounds, runs, strict=True)
    ]
    return Uncertainty(
        draws=asked.draws,
        seed=asked.seed,
        today=replays[0],
        scenarios=tuple(replays[1:]),
        tornado=_tornado(ends, found, today.deadline),
        tornado_middle=end_of(0.0, told_in_order(middle.batches, found), today.deadline),
        tornado_draws=most,
        distributions=tuple(_used(ranges[0], asked.overrides)),
    )


def _ground(question: Question) -> Ground:
    """The world and its prices; the order of the register's rows makes no difference."""
    register = question.register
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
    return Ground(
        world, priced([part.small for part in parts], question.deadline), question.deadline
    )


def _tornado_courses(
    ground: Ground, ranges: Mapping[str, Range], seed: int, draws: int
) -> tuple[_Course, dict[str, tuple[_Course, _Course]]]:
    """All quantities at their likely value; and each at its low and at its high, the others so."""
    middle = _Course(batches_of(ground, ranges, seed, draws, {}))
    ends = {
        name: (
            _Course(batches_of(ground, ranges, seed, draws, {name: one.low}), one.low),
            _Course(batches_of(ground, ranges, seed, draws, {name: one.high}), one.high),
        )
        for name, one in ranges.items()
        if one.low < one.high
    }
    return middle, ends


def _played(batches: Sequence[Batch], engine: Engine, kept: Kept, say: Say) -> dict[str, Played]:
    """All batches: those kept from an interrupted run are taken, the others replayed and kept."""
    wanted = {batch.key: batch for batch in batches}
    draws = sum(batch.last - batch.first for batch in wanted.values())
    found = {key: done for key, batch in wanted.items() if (done := kept.get(batch)) is not None}
    if found:
        say(f"Taking up an interrupted run: {_draws(found):,} of {draws:,} replays are done")
    told = 0
    for done in engine.play([batch for key, batch in wanted.items() if key not in found]):
        kept.put(done)
        found[done.key] = done
        if 10 * _draws(found) // draws > told:
            told = 10 * _draws(found) // draws
            say(f"Replayed {_draws(found):,} of {draws:,}")
    return found


def _draws(found: Mapping[str, Played]) -> int:
    return sum(len(done.told) for done in found.values())


def _replayed(question: Question, ground: Ground, told: Sequence[Told]) -> Replayed:
    return replayed(
        question.name,
        told,
        point_played(ground),
        deadline=question.deadline,
        cleared_at=question.register.policy.backlog_cleared_at,
    )


def _tornado(
    ends: Mapping[str, tuple[_Course, _Course]], found: Mapping[str, Played], deadline: int
) -> tuple[TornadoRow, ...]:
    rows = []
    for name, pair in ends.items():
        low, high = (end_of(end.value, told_in_order(end.batches, found), deadline) for end in pair)
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
