"""Commands between one plan and the next: edits taken back, one case, and the pace."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.options import DAYS, HistoryUrl, Json, PlanFolder, PlansRegister, Quiet, day
from planner.cli.start import app
from planner.cli.telling import BAD_INPUT, UNWRITABLE, plain_errors, progress, show


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
