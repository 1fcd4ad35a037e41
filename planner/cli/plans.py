"""Commands on plans: make one, judge one, and say why one case stands as it does."""

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.options import (
    AsAt,
    Effort,
    HistoryUrl,
    Json,
    PlanFolder,
    PlansRegister,
    Quiet,
    RegisterPath,
    Trusted,
    day,
)
from planner.cli.start import app
from planner.cli.telling import REJECTED, plain_errors, progress, show


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
    from planner.commands.plan_json import plan_json
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
    show(plan_json(run), plan_text(run), as_json)
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
