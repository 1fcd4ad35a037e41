"""What ``planner plan`` says as it works, and at its end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from planner.roll.words import rolled_lines
from planner.tables.clashes import clashes_line
from planner.tables.repairs import NO_LEVER, front_rows, has_reactive, repair_lines
from planner.tables.run import gap
from planner.tables.summary import headline, rules_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from planner.commands.plan import PlanRun
    from planner.domain.result import SolveResult
    from planner.tables.clashes import ClashRow

CLASHES_SHOWN = 3
MOST_REPAIRS = 4


def as_planned(say: Callable[[str], None], teams: int) -> Callable[[str, float], None]:
    """Says a line for each team, or teams planned as one, by name with its cost.

    One planned again takes the place of its plan before.
    """
    costs: dict[str, float] = {}

    def tell(name: str, cost: float) -> None:
        again = " again" if name in costs else ""
        costs[name] = cost
        total = sum(costs.values())
        say(
            f"Planned {name}{again} ({len(costs)} of up to {teams}), cost so far about {total:,.0f}"
        )

    return tell


def plan_text(run: PlanRun) -> str:
    """A few lines: cleared or not, rules, cost and bound, against by hand, what was written."""
    report = run.report
    outcome, by_hand, result = report.outcome, report.by_hand, report.result
    last = outcome.situation.horizon.length
    cost = outcome.total_cost
    return "\n".join(
        [
            "Accepted by the verifier." if run.accepted else "REJECTED BY THE VERIFIER.",
            headline(outcome, result.shortfall),
            *_repairs(result),
            rules_line(report.verdict),
            *_clashes(report.clashes),
            *(rolled_lines(report.rolled, cost, result.bound) if report.rolled else ()),
            f"Cost {cost:,.0f}; no plan can cost less than {result.bound:,.0f} "
            f"(gap {gap(cost, result.bound):.2%}).",
            f"Exposure {outcome.cost['exposure']:,.0f} against {by_hand.cost['exposure']:,.0f} by "
            f"hand; ARMS overdue at the end {outcome.backlog(last):,} against "
            f"{by_hand.backlog(last):,}.",
            f"Wrote {_written(run.names)} in {run.seconds:.1f} s.",
        ]
    )


def _written(names: Sequence[str]) -> str:
    """The files by name, those in folders by their number."""
    folders = Counter(name.partition("/")[0] for name in names if "/" in name)
    told = [name for name in names if "/" not in name]
    told += [f"{folder}/ ({number:,} workbooks)" for folder, number in sorted(folders.items())]
    return ", ".join(told)


def _clashes(clashes: Sequence[ClashRow]) -> Iterator[str]:
    """The register's rows that contradict each other, the first few."""
    if clashes:
        yield clashes_line(clashes)
    yield from (f"  {clash.line}" for clash in clashes[:CLASHES_SHOWN])
    if (more := len(clashes) - CLASHES_SHOWN) > 0:
        yield f"  and {more:,} more: see the sheet Clashes."


def _repairs(result: SolveResult) -> Iterator[str]:
    """The best changes that might let it clear; nothing where it clears."""
    lines = repair_lines(result, MOST_REPAIRS)
    if lines:
        yield "What might clear it, ranked (all on the sheet Repairs):"
        yield from (f"  {line}" for line in lines)
        if has_reactive(front_rows(result)):
            yield f"  {NO_LEVER}"
