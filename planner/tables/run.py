"""The Run sheet: what the plan was made from, how, and how good it is proved to be."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import TYPE_CHECKING

import planner
from planner.domain.written import RunItem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from planner.domain.result import SolveResult
    from planner.domain.written import WrittenPlan
    from planner.workload.outcome import Outcome

COST_PARTS = ("exposure", "protected", "uncleared", "moves", "mix", "spread")
"""The parts of the cost, as the Run sheet names them: ``Cost: exposure``."""

RUN = "Run"
"""The item with the run's id."""

_VARIES = "see manifest.json (differs from run to run)"
_LIBRARIES = ("ortools", "XlsxWriter", "holidays")


def run_items(
    outcome: Outcome,
    result: SolveResult,
    inputs: Mapping[str, str],
    versions: Mapping[str, str] | None = None,
) -> tuple[RunItem, ...]:
    """The contract's items by their names.

    ``inputs`` maps each input file's name to its SHA-256; ``versions`` defaults to what is
    installed. Nothing here differs from one run to the next on the same input.
    """
    horizon = outcome.situation.horizon
    items: dict[str, str | float | int | date | None] = {
        "As-at date": outcome.situation.register.as_at,
        "First month": horizon.first,
        "Horizon": horizon.length,
        "Status": result.status.value,
        "Cost": outcome.total_cost,
        "Bound": result.bound,
        "Gap": gap(outcome.total_cost, result.bound),
    }
    items |= {f"Cost: {part}": outcome.cost[part] for part in COST_PARTS}
    items |= {"Seed": result.seed, "Effort": result.effort}
    items |= {f"Input SHA-256: {name}": inputs[name] for name in sorted(inputs)}
    found = installed_versions() if versions is None else versions
    items |= {f"Version: {name}": number for name, number in found.items()}
    items |= {"Seconds by stage": _VARIES, "Peak memory": _VARIES}
    return tuple(RunItem(item, value) for item, value in items.items())


def run_id(written: WrittenPlan) -> str | None:
    """The run's id by the Run sheet; None where a workbook has none (made by an older planner)."""
    return next((str(item.value) for item in written.run if item.item == RUN), None)


def gap(cost: float, bound: float) -> float:
    """How much of the cost is not proved necessary, a fraction; 0 for a plan that costs nothing."""
    return (cost - bound) / cost if cost > 0 else 0.0


def installed_versions() -> dict[str, str]:
    """The planner's own version, Python's, and those of libraries that shape a plan."""
    return {
        "planner": planner.__version__,
        "Python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
    }
