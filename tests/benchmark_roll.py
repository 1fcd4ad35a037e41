"""How much of a plan stays when it is rolled on a month over a register that has not changed.

``python -m tests.benchmark_roll`` plans registers, lets month 1 be done as planned and
nothing else happen, plans the next month with ``--previous`` and prints what became of the duties
of the 17 months that both plans cover. ``docs/method.md`` holds the last figures.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.sample import synthetic_register
from planner.workbooks.register_write import register_workbook
from tests.benchmark_registers import DONE
from tests.loop_build import kept_up

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planner.domain.register import Register

REGISTERS: dict[str, Callable[[], Register]] = {
    "960 people, 14 officers": lambda: synthetic_register(offenders=960, officers=14),
    "default sample": synthetic_register,
    "default sample, 56 officers": lambda: synthetic_register(officers=56),
    "default sample, 58 officers": lambda: synthetic_register(officers=58),
    "default sample, 62 officers": lambda: synthetic_register(officers=62),
    "36% done": lambda: synthetic_register(completed=DONE),
    "36% done, 58 officers": lambda: synthetic_register(completed=DONE, officers=58),
}
HEAD = (
    "| register | effort | cost, first plan | gap | cost, rolled on | gap | duties both cover "
    "| changed | share |\n|---|---|--:|--:|--:|--:|--:|--:|--:|\n"
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a row for each register and effort, as it comes."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--registers", nargs="*", choices=sorted(REGISTERS), default=[*REGISTERS])
    asked.add_argument("--effort", nargs="*", default=["quick"])
    options = asked.parse_args(arguments)
    sys.stdout.write(HEAD)
    for name in options.registers:
        for effort in options.effort:
            with tempfile.TemporaryDirectory() as folder:
                row = rolled_on(REGISTERS[name](), Path(folder), effort)
            sys.stdout.write(f"| {name} | {effort} | {row} |\n")
            sys.stdout.flush()


def rolled_on(register: Register, folder: Path, effort: str) -> str:
    """The figures of one register, as the table has them."""
    first, second = folder / "first.xlsx", folder / "second.xlsx"
    first.write_bytes(register_workbook(register))
    before = _planned(first, folder / "before", effort)
    second.write_bytes(register_workbook(kept_up(folder / "before", name=first.name)))
    now = _planned(second, folder / "after", effort, "--previous", folder / "before")
    rolled = now["rolled"]
    return (
        f"{before['cost']:,.0f} | {before['gap']:.2%} | {now['cost']:,.0f} | {now['gap']:.2%} "
        f"| {rolled['duties_before']:,} | {rolled['changed']:,} | {rolled['share_changed']:.1%}"
    )


def _planned(register: Path, out: Path, effort: str, *more: object) -> Any:
    asked = ["plan", register, "--out", out, "--effort", effort, "--json", "--quiet", *more]
    command = [sys.executable, "-m", "planner", *map(str, asked)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
