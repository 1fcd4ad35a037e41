"""``planner staffing --draws``: chances beside the answer, on this machine or on a cluster."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.levers import changed
from planner.staffing.levels import team_alone
from planner.uncertainty.draws import Asked, Bench, Question, uncertainty
from planner.uncertainty.engines import Dask, Local
from planner.uncertainty.kept import kept_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from planner.domain.register import Register
    from planner.staffing.report import StaffingReport
    from planner.uncertainty.engines import Engine
    from planner.uncertainty.quantities import Override

    Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawOptions:
    """How many draws (0: none), and where: ``workers`` None: one a core; ``dask``: an address."""

    draws: int = 0
    workers: int | None = None
    dask: str | None = None


def engine_of(options: DrawOptions, say: Say) -> Engine:
    """Where the draws are replayed; a cluster is asked at once. Raises ``EngineError``."""
    if options.draws and options.dask is not None:
        say("Asking the cluster")
        return Dask(options.dask)
    return Local(options.workers)


@contextmanager
def with_draws(
    report: StaffingReport, whole: Register, asked: Asked, engine: Engine, *, out: Path, say: Say
) -> Iterator[StaffingReport]:
    """The report with its draws, if any; what they left in ``out`` goes once it is written.

    Raises ``EngineError`` or ``OutputError``.
    """
    if not asked.draws:
        yield report
        return
    today = Question(name="Today", register=report.register, deadline=report.deadline)
    scenarios = [
        Question(
            name=scenario.name,
            register=_alone(changed(whole, scenario), report.team),
            deadline=scenario.deadline,
        )
        for scenario in report.asked
    ]
    with kept_in(out) as kept:
        bench = Bench(engine=engine, kept=kept, say=say)
        yield replace(report, uncertainty=uncertainty(today, scenarios, asked, bench))


def asked_of(options: DrawOptions, seed: int, overrides: Mapping[str, Override]) -> Asked:
    """The draws that somebody asked for."""
    return Asked(draws=options.draws, seed=seed, overrides=overrides)


def _alone(register: Register, team: str | None) -> Register:
    return register if team is None else team_alone(register, team)
