"""A scripted year: plans rolled on month by month in a simulated world.

``python -m tests.year --help`` lists the options; ``docs/year.md`` says how, and what came of it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from planner.sample import synthetic_register
from planner.sample.size import OFFICERS, PEOPLE
from tests.benchmark_tables import machine
from tests.year.commands import Command, StoppedError, apart
from tests.year.habits import Habits
from tests.year.office import Office
from tests.year.paper import by_library
from tests.year.tables import line, tables
from tests.year.world import World
from tests.year.year import Year

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.year.planned import Planned

RESULT = "year.md"


def main(arguments: Sequence[str] | None = None, command: Command = apart) -> int:
    """Run the year; 0, or 1 where a plan was rejected, a decision lost or the year stopped."""
    options = _parser().parse_args(arguments)
    out: Path = options.out
    if out.exists() and any(out.iterdir()):
        _parser().error("--out names a folder that is not empty")
    register = synthetic_register(
        offenders=options.people, officers=options.officers, completed=options.completed
    )
    year = Year(
        out=out,
        world=World(
            register=register, seed=options.seed, habits=Habits(arms_hours=options.arms_hours)
        ),
        desk=by_library if options.no_office else Office(out / "office"),
        command=command,
        effort=options.effort,
        workbooks=options.workbooks,
        rebuild=frozenset({options.months // 2}),
        adopts=not options.keep_hours,
    )

    def tell(plan: Planned) -> None:
        """A line, and the tables so far: a year may take hours."""
        sys.stderr.write(f"{line(plan)}\n")
        sys.stderr.flush()
        (out / RESULT).write_text(_text(options, year), encoding="utf-8")

    year.tell = tell
    try:
        year.run(options.months)
    except StoppedError as stopped:
        year.faults.append(str(stopped))
    text = _text(options, year)
    out.mkdir(parents=True, exist_ok=True)
    (out / RESULT).write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 1 if year.faults else 0


def _text(options: argparse.Namespace, year: Year) -> str:
    desk = "a library" if options.no_office else "LibreOffice"
    how = (
        f"{len(year.plans)} plans over {len(year.plans) - 1} months; {options.people:,} active "
        f"people and {options.officers:,} officers to begin with; effort {options.effort}; seed "
        f"{options.seed}; workbooks filled in through {desk}; an ARMS really takes "
        f"{options.arms_hours:g} hours. {machine()}"
    )
    faults = "".join(f"- {fault}\n" for fault in year.faults) or (
        "None: every plan was accepted, no decision was lost, nobody vanished.\n"
    )
    body = tables(year.plans) if year.plans else ""
    return f"# A scripted year\n\n{how}\n\n## Faults\n\n{faults}\n{body}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.year", description=__doc__)
    add = parser.add_argument
    add("--months", type=int, default=12, help="months that go by; one plan more is made")
    add("--people", type=int, default=PEOPLE, help="active people in the sample register")
    add("--officers", type=int, default=OFFICERS, help="officers in the sample register")
    add("--completed", type=float, default=None, help="share of the ARMS due that is done already")
    add("--effort", choices=("quick", "normal", "thorough"), default="normal")
    add("--seed", type=int, default=1, help="another seed, another year")
    add("--arms-hours", type=float, default=Habits().arms_hours, help="what an ARMS really takes")
    add("--keep-hours", action="store_true", help="never enter the hours that progress proposes")
    add("--workbooks", type=int, default=3, help="supervisors who fill in, each month")
    add("--no-office", action="store_true", help="fill in workbooks without LibreOffice")
    add("--out", type=Path, required=True, help="an empty folder for plans, registers, year.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
