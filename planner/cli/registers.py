"""Commands on registers: make one, and check one."""

from typing import Annotated

import typer

from planner.cli.options import AsAt, Json, NewWorkbook, Quiet, RegisterPath, day
from planner.cli.start import app
from planner.cli.telling import BAD_INPUT, plain_errors, progress, show


@app.command()
def sample(
    out: NewWorkbook,
    offenders: Annotated[int, typer.Option(min=1, help="Active people in the community.")] = 4158,
    officers: Annotated[int, typer.Option(min=1, help="SOMs in post.")] = 54,
    backlog: Annotated[int | None, typer.Option(min=0, help="ARMS overdue.")] = None,
    completed: Annotated[
        float | None, typer.Option(min=0, max=1, help="Share of the ARMS due that is done.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed, another register.")] = 1,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write a synthetic register, marked so: invented people in the field's proportions."""
    if backlog is not None and completed is not None:
        raise typer.BadParameter("give --backlog or --completed, not both")
    from planner.commands.registers import write_sample

    tell = progress(quiet)
    with plain_errors(as_json):
        tell("Inventing people and writing the register")
        told = write_sample(
            out,
            offenders=offenders,
            officers=officers,
            backlog=backlog,
            completed=completed,
            seed=seed,
        )
    show(told, f"Wrote {out}: {told['people']} invented people.", as_json)


@app.command()
def template(out: NewWorkbook, as_json: Json = False, quiet: Quiet = False) -> None:
    """Write an empty register with drop-downs and notes."""
    from planner.commands.registers import write_template

    tell = progress(quiet)
    with plain_errors(as_json):
        tell("Writing the register")
        write_template(out)
    show({"file": out.name}, f"Wrote {out}.", as_json)


@app.command()
def check(
    register: RegisterPath, as_at: AsAt = None, as_json: Json = False, quiet: Quiet = False
) -> None:
    """Find every fault of a register at once: where it is and what to do.

    Ends with 3 where there is a fault; warnings alone end with 0.
    """
    from planner.commands.registers import check_register

    progress(quiet)("Reading the register")
    usable, found, text = check_register(register, day(as_at))
    show(found, text, as_json)
    if not usable:
        raise typer.Exit(BAD_INPUT)
