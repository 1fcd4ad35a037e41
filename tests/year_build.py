"""A small unit's year for the tests: two supervisors, made in this process."""

from __future__ import annotations

import copy
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from planner.sample import synthetic_register
from tests.year.commands import here
from tests.year.paper import by_library
from tests.year.world import World
from tests.year.year import Year

if TYPE_CHECKING:
    from pathlib import Path

    from tests.year.reviewing import Desk


def small_year(
    out: Path, people: int = 150, officers: int = 4, desk: Desk = by_library, seed: int = 3
) -> Year:
    """The year before its first plan."""
    register = synthetic_register(offenders=people, officers=officers)
    staff = tuple(
        replace(s, supervisor=f"SUP-{n % 2 + 1}") for n, s in enumerate(register.officers)
    )
    return Year(
        out=out,
        world=World(register=replace(register, officers=staff), seed=seed),
        desk=desk,
        command=here,
        effort="quick",
    )


def copied(year: Year, to: Path) -> Year:
    """The same year in another folder, to go on from there."""
    shutil.copytree(year.out, to, dirs_exist_ok=True)
    other = copy.copy(year)
    other.out = to
    other.plans, other.faults = list(year.plans), list(year.faults)
    other.ledger = copy.deepcopy(year.ledger)
    return other
