"""Command line. Reads, calls, writes; decides nothing. Heavy imports wait for their command."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.errors import EngineError, InputError, NoPlanError, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

app = typer.Typer(
    help="Plan offender-management caseloads, visits and ARMS assessments.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)

WRONG_COMMAND, BAD_INPUT, NO_PLAN, REJECTED, UNWRITABLE = 2, 3, 4, 5, 6


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


@app.command()
def plan(
    register: RegisterPath,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write into.")],
    as_at: AsAt = None,
    seed: Annotated[int, typer.Option(min=0, help="Where the search starts.")] = 0,
    effort: Annotated[Effort, typer.Option(help="How hard to search.")] = Effort.NORMAL,
    by_supervisor: Annotated[
        bool,
        typer.Option("--by-supervisor", help="A workload workbook for each supervisor too."),
    ] = False,
    previous: Annotated[
        Path | None,
        typer.Option("--previous", metavar="DIR", help="Folder of the plan before, to roll on."),
    ] = None,
    trust: Annotated[
        Trusted,
        typer.Option("--trust", help="What counts where register and done marks disagree."),
    ] = Trusted.REGISTER,
    history: HistoryUrl = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Make the monthly plan: allocate, schedule, verify, write.

    With --previous what people decided on the plan before holds, and duties stay in their month
    unless there is a reason (cost.stability); the sheet Changes says what changed and why.

    Ends with 3 if the register is unusable, 4 if no plan was found, 5 if the verifier rejects the
    plan (it is written, marked so), 6 if it cannot be written.
    """
    from planner.commands.plan import PlanOptions, make_plan
    from planner.commands.plan_text import plan_text
    from planner.roll.disagreements import Trust

    options = PlanOptions(
        as_at=day(as_at),
        seed=seed,
        effort=effort.value,
        by_supervisor=by_supervisor,
        history=history,
        previous=previous,
        trust=Trust(trust.value),
    )
    with plain_errors(as_json):
        run = make_plan(register, out, options, progress(quiet))
    show(run.as_json(), plan_text(run), as_json)
    if not run.accepted:
        raise typer.Exit(REJECTED)


@app.command()
def verify(
    folder: PlanFolder,
    register: Annotated[Path, typer.Option("--register", help="The register planned for.")],
    as_at: AsAt = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Judge a written plan workbook, perhaps edited by hand, against its register.

    Ends with 5 where it is rejected, 3 where the register or the workbook can't be read.
    """
    from planner.commands.verify import verdict_json, verdict_text, verify_folder

    with plain_errors(as_json):
        verdict = verify_folder(folder, register, day(as_at), progress(quiet))
    show(verdict_json(verdict), verdict_text(verdict), as_json)
    if not verdict.accepted:
        raise typer.Exit(REJECTED)


@app.command()
def explain(
    folder: PlanFolder,
    ref: Annotated[str, typer.Argument(metavar="REF", help="Reference of the case.")],
    register: PlansRegister = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say why one case has its SOM, its months and its visit types, and what else would cost.

    It goes by the plan workbook as it stands, perhaps edited by hand. Ends with 3 where there is no
    such case, or the register or the workbook can't be read.
    """
    from planner.commands.explain import explain_folder
    from planner.commands.explain_json import explanation_json
    from planner.commands.explain_text import explanation_text

    with plain_errors(as_json):
        answer = explain_folder(folder, ref, register, progress(quiet))
    show(explanation_json(answer), explanation_text(answer), as_json)


@app.command()
def review(
    folder: PlanFolder,
    workbooks: Annotated[
        list[Path], typer.Argument(metavar="WORKBOOK...", help="Workbooks that came back.")
    ],
    apply: Annotated[
        bool, typer.Option("--apply", help="Store what may be stored; else a dry run.")
    ] = False,
    by: Annotated[
        str, typer.Option(help="Who stores it, and says so where a workbook does not.")
    ] = "",
    register: PlansRegister = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="The result; else DIR/review.xlsx."),
    ] = None,
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=DAYS, help="Day of the review; else today."),
    ] = None,
    history: HistoryUrl = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Take back what supervisors and officers filled in: say what it costs, or store it.

    A dry run says of each entry whether it is accepted, and why not. With --apply a workbook is
    stored whole, or not at all where an entry of it is refused, in conflict or out of place.

    Ends with 3 where a workbook is, or would be, held back or can't be read; 6 where the result or
    the history can't be written.
    """
    from planner.commands.review import ReviewOptions, review_folder
    from planner.commands.review_json import review_json
    from planner.commands.review_text import review_text

    options = ReviewOptions(
        apply=apply, by=by, register=register, history=history, result=out, day=day(on)
    )
    with plain_errors(as_json):
        done = review_folder(folder, workbooks, options, progress(quiet))
    show(review_json(done), review_text(done), as_json)
    if done.has_failed:
        raise typer.Exit(UNWRITABLE)
    if not done.is_complete:
        raise typer.Exit(BAD_INPUT)


@app.command()
def recommend(
    folder: PlanFolder,
    level: Annotated[
        str | None,
        typer.Option("--risk-level", help="Very high, High, Medium or Low; for a new case."),
    ] = None,
    team: Annotated[str | None, typer.Option("--team", help="Its team; for a new case.")] = None,
    needs: Annotated[
        list[str] | None, typer.Option("--needs", help="A skill its SOM must have; repeat, or `;`.")
    ] = None,
    not_with: Annotated[
        list[str] | None, typer.Option("--not-with", help="A Staff ID not to be its SOM; the same.")
    ] = None,
    crew: Annotated[
        int | None, typer.Option(min=1, max=2, help="Officers a visit needs; else the policy's.")
    ] = None,
    visit_interval: Annotated[
        int | None, typer.Option(min=1, help="Months between visits; else the policy's.")
    ] = None,
    arms: Annotated[
        bool | None, typer.Option("--arms/--no-arms", help="Whether ARMS applies; else yes.")
    ] = None,
    registered_from: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%d/%m/%Y"],
            help="A new case's first day; else that of the month it is held from.",
        ),
    ] = None,
    ref: Annotated[
        str | None,
        typer.Option("--ref", help="A case of the register that must move, in place of a new one."),
    ] = None,
    first_month: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            formats=["%Y-%m", "%Y-%m-%d", "%d/%m/%Y"],
            help="Month from which the case is held; else the plan's first.",
        ),
    ] = None,
    register: PlansRegister = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Rank the officers who may take one case, with what each costs; say why the others can't.

    For a new case (--risk-level, --team) or one that must move (--ref; other options then replace
    what the register says). It goes by the plan workbook as it stands. Ends with 3 where the
    register or the workbook can't be read, or they know no such case, team, skill or officer.
    """
    if ref is None and (level is None or team is None):
        raise typer.BadParameter("give --risk-level and --team for a new case, or --ref")
    from planner.commands.recommend import CaseOptions, level_named, recommend_in_folder
    from planner.commands.recommend_json import recommendation_json
    from planner.commands.recommend_text import recommendation_text

    if level is not None and level_named(level) is None:
        raise typer.BadParameter("--risk-level is Very high, High, Medium or Low")
    asked = CaseOptions(
        ref=ref,
        level=level_named(level) if level else None,
        team=team,
        needs=tuple(needs or ()),
        not_with=tuple(not_with or ()),
        crew=crew,
        visit_interval=visit_interval,
        arms=arms,
        registered_from=day(registered_from),
        first_month=day(first_month),
    )
    with plain_errors(as_json):
        advice = recommend_in_folder(folder, asked, register, progress(quiet))
    show(recommendation_json(advice), recommendation_text(advice), as_json)


@app.command("progress")
def progress_so_far(
    folder: PlanFolder,
    month: Annotated[
        datetime | None,
        typer.Option(
            "--month",
            formats=["%Y-%m", *DAYS],
            help="To the end of this month; else to the last before the newest plan.",
        ),
    ] = None,
    refs: Annotated[
        bool, typer.Option("--refs", help="Name what slipped by reference, SOM and what was said.")
    ] = False,
    history: HistoryUrl = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say whether we are on track: planned against done, what slipped and why, and the pace.

    It goes by the plans issued month after month in a folder, what was marked and accepted, and
    what each next register shows. Proposes a setting where hours taken differ from the policy's;
    changes nothing. Ends with 3 where the folder holds no plan, or none for that month.
    """
    from planner.commands.progress import progress_of_folder
    from planner.commands.progress_json import progress_json
    from planner.commands.progress_text import progress_text

    with plain_errors(as_json):
        found = progress_of_folder(folder, history, day(month), progress(quiet))
    show(progress_json(found, refs), progress_text(found, refs), as_json)


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


def day(given: datetime | None) -> date | None:
    """The day of an option."""
    return None if given is None else given.date()


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
