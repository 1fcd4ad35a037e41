"""Small registers to draw from, and what tests ask of their draws."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from planner.sample import synthetic_register
from planner.uncertainty.batches import batches_of, played
from planner.uncertainty.draws import Asked, Bench, Question, Site, uncertainty
from planner.uncertainty.engines import Local
from planner.uncertainty.quantities import Range, ranges_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planner.domain.register import Register
    from planner.staffing.uncertain import Uncertainty
    from planner.uncertainty.batches import Batch, Ground
    from planner.uncertainty.engines import Engine
    from planner.uncertainty.kept import Kept
    from planner.uncertainty.replay import Told

DRAWS = 30


@cache
def small() -> Register:
    """Some three hundred and sixty people in two teams, whose hours just suffice."""
    found = synthetic_register(offenders=300, officers=12, seed=4)
    return found.with_policy(found.policy.but({"hours.other_duties": 0.65}))


@cache
def ground(deadline: int = 18) -> Ground:
    return Site.of(small()).ground(deadline)


def fixed(**moved: float) -> dict[str, Range]:
    """Nothing uncertain; dots in a quantity's name are written as two underscores."""
    told = {name.replace("__", "."): value for name, value in moved.items()}
    return {
        name: Range(value, value, value)
        for name, one in ranges_of(small().policy, {}).items()
        for value in [told.get(name, one.likely)]
    }


def told(
    ranges: Mapping[str, Range] | None = None, draws: int = DRAWS, seed: int = 0
) -> list[Told]:
    """The draws of the small register, with the usual ranges where none are given."""
    used = ranges or ranges_of(small().policy, {})
    return [t for batch in batches_of(ground(), used, 0, draws) for t in played(batch).told]


class Nowhere:
    """Keeps nothing."""

    def get(self, batch: Batch) -> None:
        """Nothing is known."""

    def put(self, done: object) -> None:
        """Forgotten at once."""


def found(
    register: Register, engine: Engine | None = None, draws: int = DRAWS, kept: Kept | None = None
) -> Uncertainty:
    """Everything the draws of a register find out."""
    bench = Bench(
        engine=engine or Local(1),
        kept=kept or Nowhere(),  # type: ignore[arg-type]
        say=lambda _: None,
    )
    question = Question(name="Today", register=register, deadline=18)
    return uncertainty(question, (), Asked(draws=draws, overrides={}), bench)


@cache
def marked() -> Register:
    """The same with references that nothing else can look like."""
    names = {s.staff_id: f"CANARY-S{n}" for n, s in enumerate(small().officers)}
    return replace(
        small(),
        offenders=tuple(
            replace(o, ref=f"CANARY-P{n}", som=None, not_with=frozenset())
            for n, o in enumerate(small().offenders)
        ),
        officers=tuple(replace(s, staff_id=names[s.staff_id]) for s in small().officers),
        absences=tuple(replace(a, staff_id=names[a.staff_id]) for a in small().absences),
        locks=(),
    )


def shuffled(register: Register) -> Register:
    """The same register, its rows in another order."""
    return replace(
        register,
        offenders=tuple(reversed(register.offenders)),
        officers=tuple(reversed(register.officers)),
        absences=tuple(reversed(register.absences)),
    )


def workbook_of(register: Register, path: Path) -> Path:
    from planner.workbooks.register_write import register_workbook

    path.write_bytes(register_workbook(register))
    return path
