"""Options and arguments that several commands take."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Effort(StrEnum):
    """How hard to search; the result does not depend on the machine."""

    QUICK = "quick"
    NORMAL = "normal"
    THOROUGH = "thorough"


class Trusted(StrEnum):
    """What wins where the register and marks of done duties disagree."""

    REGISTER = "register"
    HISTORY = "history"


RegisterPath = Annotated[
    Path, typer.Argument(metavar="REGISTER", help="Register workbook, or a folder of .csv files.")
]
NewWorkbook = Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="Workbook to write.")]
PlanFolder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a finished plan.")]
DAYS = ["%Y-%m-%d", "%d/%m/%Y"]
AsAt = Annotated[
    datetime | None,
    typer.Option(
        "--as-at",
        formats=DAYS,
        help="Day on which the register was true; else its About sheet's, else today.",
    ),
]
PlansRegister = Annotated[
    Path | None,
    typer.Option("--register", help="The register planned for; else found by the manifest."),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result for programs.")]
HistoryUrl = Annotated[
    str | None,
    typer.Option(
        "--history",
        metavar="URL",
        envvar="PLANNER_HISTORY",
        show_envvar=True,
        help="Database of the history; else history.sqlite in the plan's folder.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress on standard error.")]


def day(given: datetime | None) -> date | None:
    """The day of an option."""
    return None if given is None else given.date()
