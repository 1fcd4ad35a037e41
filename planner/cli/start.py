"""The command line's beginning: what is the same for every command."""

import os
import sys
from typing import Annotated

import typer

app = typer.Typer(
    help="Plan offender-management caseloads, visits and ARMS assessments.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)


def main() -> None:
    """Run the command line; an error of our own is told without a person's data."""
    try:
        app()
    except Exception as error:
        if os.environ.get("PLANNER_TRACEBACK"):
            raise
        typer.echo(
            f"The planner stopped on an error of its own ({type(error).__name__}). A folder "
            "without manifest.json is unfinished. Set PLANNER_TRACEBACK=1 and run again to see "
            "where; the traceback may quote the register.",
            err=True,
        )
        sys.exit(1)


@app.callback(invoke_without_command=True)
def planner(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Plan offender-management caseloads, visits and ARMS assessments."""
    if version:
        from planner import __version__

        typer.echo(__version__)
        raise typer.Exit
