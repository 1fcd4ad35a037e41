"""Commands for leaders: how many officers, what if, how sure."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.options import AsAt, Effort, Json, Quiet, RegisterPath, day
from planner.cli.start import app
from planner.cli.telling import REJECTED, plain_errors, progress, show


@app.command()
def staffing(
    register: RegisterPath,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write into.")],
    officers: Annotated[
        str | None,
        typer.Option("--officers", metavar="40:75", help="Numbers of officers to show."),
    ] = None,
    team: Annotated[
        str | None, typer.Option("--team", help="Ask about this team by itself.")
    ] = None,
    scenario: Annotated[
        Path | None,
        typer.Option(
            "--scenario", metavar="FILE", help="Scenarios (TOML); else the Scenarios sheet's."
        ),
    ] = None,
    deadline: Annotated[
        str | None,
        typer.Option(
            "--deadline", metavar="MONTH", help="Clear by then: 1 to 18, or 2027-11; else 18."
        ),
    ] = None,
    as_at: AsAt = None,
    effort: Annotated[
        Effort, typer.Option(help="How hard to search for whole plans.")
    ] = Effort.NORMAL,
    no_plans: Annotated[
        bool, typer.Option("--no-plans", help="Only what is proved: the answer in seconds.")
    ] = False,
    plan_at: Annotated[
        list[int] | None,
        typer.Option("--plan-at", min=1, help="Plan with so many officers too; repeat."),
    ] = None,
    draws: Annotated[
        int,
        typer.Option(
            "--draws", metavar="N", min=0, max=100_000, help="Chances from so many draws: try 1000."
        ),
    ] = 0,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, help="Processes for the draws; else one a core."),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option("--dask", metavar="ADDRESS", help="Draw on this Dask cluster instead."),
    ] = None,
    lever: Annotated[
        list[str] | None,
        typer.Option(
            "--lever",
            metavar='"officers=6 team=North from=3"',
            help="Pull a lever; repeat: together they make one scenario.",
        ),
    ] = None,
    cheapest: Annotated[
        bool, typer.Option("--cheapest", help="Find the cheapest ways to clear, at these prices:")
    ] = False,
    price_officer_month: Annotated[
        float | None,
        typer.Option(
            "--price-officer-month", min=0, max=1e5, help="Of a full-time post, in pounds."
        ),
    ] = None,
    price_overtime_hour: Annotated[
        float | None,
        typer.Option(
            "--price-overtime-hour", min=0, max=1e5, help="Of an overtime hour, in pounds."
        ),
    ] = None,
    price_arms_month: Annotated[
        float | None,
        typer.Option(
            "--price-arms-month", min=0, max=1e5, help="Of one of an ARMS team, in pounds."
        ),
    ] = None,
    overtime_limit: Annotated[
        float | None,
        typer.Option("--overtime-limit", min=0, max=1e5, help="Hours a month for each officer."),
    ] = None,
    recruits_from: Annotated[
        int | None,
        typer.Option("--recruits-from", min=1, max=13, help="First month with new recruits."),
    ] = None,
    moves: Annotated[
        str | None,
        typer.Option(
            "--moves", metavar="0:30", help="Plan at these shares of cases that may change SOM."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Where the search starts.")] = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say how many officers it takes to clear, by when, and what if: writes DIR/staffing.xlsx.

    Proves with how many no plan clears, and makes whole plans for today and for the fewest that do.
    With --draws assumptions are ranges: the chance to clear by each month, bands, and which
    assumption matters most; interrupted, the same command goes on from there.
    Ends with 3 if the register or a scenario is unusable, 5 if the verifier rejects a plan (it
    counts for nothing), 6 if the workbook cannot be written.
    """
    from planner.commands.staffing import StaffingOptions, answer_staffing, levels_asked
    from planner.commands.staffing_asked import shares_asked, tariff_asked
    from planner.commands.staffing_draws import DrawOptions
    from planner.commands.staffing_json import staffing_json
    from planner.commands.staffing_text import staffing_text

    levels = None if officers is None else levels_asked(officers)
    if officers is not None and levels is None:
        raise typer.BadParameter("--officers is a range such as 40:75, of at most 200 numbers")
    shares = () if moves is None else shares_asked(moves)
    if shares is None:
        raise typer.BadParameter("--moves is a range of per cent such as 0:30")
    options = StaffingOptions(
        as_at=day(as_at),
        levels=levels,
        team=team,
        scenarios=scenario,
        deadline=deadline,
        effort=None if no_plans else effort.value,
        plan_at=tuple(plan_at or ()),
        seed=seed,
        draws=DrawOptions(draws=draws, workers=workers, dask=dask),
        levers=tuple(lever or ()),
        tariff=tariff_asked(
            is_asked=cheapest,
            officer_month=price_officer_month,
            overtime_hour=price_overtime_hour,
            arms_month=price_arms_month,
            overtime_limit=overtime_limit,
            recruits_from=recruits_from,
        ),
        shares=shares,
    )
    with plain_errors(as_json):
        report, file = answer_staffing(register, out, options, progress(quiet))
    show(staffing_json(report, file), staffing_text(report, file), as_json)
    if not report.is_accepted:
        raise typer.Exit(REJECTED)


@app.command()
def explore(
    register: RegisterPath,
    as_at: AsAt = None,
    scenarios: Annotated[
        Path | None,
        typer.Option(
            "--scenarios",
            metavar="FILE",
            help="Begin with these scenarios, and keep new ones here.",
        ),
    ] = None,
    idle_minutes: Annotated[
        float, typer.Option("--idle-minutes", min=0.01, help="Stop when unused for so long.")
    ] = 30.0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the address.")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Open a page on this machine only: pull levers and see the curve, the months and the hours.

    The address is printed; it works once. The page stops when idle, or with Ctrl-C. Ends with 3 if
    the register or the scenarios are unusable.
    """
    from planner.commands.explore import ExploreOptions
    from planner.commands.explore import explore as open_page

    def tell(address: str) -> None:
        told = f"Open {address} (it works once; unused for {idle_minutes:g} minutes it stops)"
        show({"address": address, "idle_minutes": idle_minutes}, told, as_json)
        sys.stdout.flush()

    options = ExploreOptions(
        as_at=day(as_at),
        scenarios=scenarios,
        idle_minutes=idle_minutes,
        open_browser=not no_browser,
    )
    with plain_errors(as_json):
        open_page(register, options, progress(quiet), tell)
