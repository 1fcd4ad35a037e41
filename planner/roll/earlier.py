"""The plan before and what has been said since, as the history tells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from planner.domain.decision import EditField
from planner.domain.months import Horizon
from planner.review.issued import Issued, issued

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from planner.domain.issued import IssuedPerson, IssuedPlan, IssuedRun
    from planner.domain.taken import Stated
    from planner.tables.decisions import DecisionRow

Key = tuple[str, EditField]
"""One cell that people may fill in: decision ref and field."""


class Said(Protocol):
    """What somebody last said in one cell; ``value`` None: taken back."""

    @property
    def value(self) -> Stated: ...

    @property
    def by(self) -> str: ...

    @property
    def workbook(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOnRun:
    """Everything accepted of one run's workbooks, the last of each cell."""

    run_id: str
    issued: Issued
    said: Mapping[Key, Said]


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """The plan before, and what was said to it and to the plans before it, in order of time.

    The last of ``runs`` is the plan before.
    """

    run: IssuedRun
    runs: tuple[SaidOnRun, ...]

    @property
    def plan(self) -> IssuedPlan:
        return self.run.plan

    @cached_property
    def horizon(self) -> Horizon:
        return Horizon(self.plan.as_at)

    @cached_property
    def person(self) -> dict[str, IssuedPerson]:
        """People as the register had them then."""
        return {person.ref: person for person in self.plan.people}

    @property
    def own(self) -> SaidOnRun:
        """What was said to the plan before itself."""
        return self.runs[-1]


def said_on(run: IssuedRun, said: Mapping[Key, Said]) -> SaidOnRun:
    """One run with what was accepted of it."""
    return SaidOnRun(run_id=run.run_id, issued=issued(run.run_id, run.plan), said=said)


@dataclass(frozen=True, slots=True)
class RowMonths:
    """Months of rows and days by the numbers of one horizon; those before are below 1."""

    horizon: Horizon

    def number(self, day: date) -> int:
        return self.horizon.number(day)

    def month(self, row: DecisionRow) -> int:
        return self.horizon.number(row.month)
