"""What a command prints, where it says how far it is, and how it ends."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from planner.errors import EngineError, InputError, NoPlanError, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WRONG_COMMAND, BAD_INPUT, NO_PLAN, REJECTED, UNWRITABLE = 2, 3, 4, 5, 6


def show(result: dict[str, Any], text: str, as_json: bool) -> None:
    """Print the result: for programs nothing but JSON, else plain text."""
    sys.stdout.write((json.dumps(result, indent=2, default=str) if as_json else text) + "\n")


def progress(quiet: bool) -> Callable[[str], None]:
    """Where long work says how far it is: standard error, with seconds."""
    import time

    started = time.perf_counter()

    def say(text: str) -> None:
        if not quiet:
            typer.echo(f"{time.perf_counter() - started:6.1f} s  {text}", err=True)

    return say


@contextmanager
def plain_errors(as_json: bool) -> Iterator[None]:
    """Show what is wrong, not where in our code we noticed; end with the contract's code."""
    try:
        yield
    except InputError as error:
        from planner.workbooks.findings_text import findings_json, findings_report

        if as_json:
            show(findings_json(error.findings), "", as_json)
        typer.echo(findings_report(error.findings, consequence=error.consequence), err=True)
        raise typer.Exit(BAD_INPUT) from error
    except NoPlanError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(NO_PLAN) from error
    except OutputError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(UNWRITABLE) from error
    except EngineError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_COMMAND) from error
