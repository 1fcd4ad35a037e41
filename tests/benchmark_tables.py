"""The benchmark's tables, in Markdown."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING

from tests.benchmark_run import Measured

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.benchmark_run import Answer, Task

_RIGHT = "--:"
_LEFT = "---"
_NONE = "-"


def best_bound(answers: Iterable[Answer]) -> float | None:
    """The best bound that any of the runs proved; None where none proved any."""
    bounds = (a.bound for a in answers if isinstance(a, Measured) and a.bound is not None)
    return max(bounds, default=None)


def rivals_table(rows: Sequence[tuple[str, Answer]]) -> str:
    """Every plan beside the others, all gaps to the one bound."""
    bound = best_bound(answer for _, answer in rows)
    heads = [
        *("plan", "seconds", "memory, MB", "exposure", "ARMS overdue, month 18", "clears"),
        *("cost", "gap", "accepted", "how the search ended"),
    ]
    lines = [_head(heads, left=(0, 8, 9))]
    for name, answer in rows:
        if isinstance(answer, Measured):
            cells = [
                *(_seconds(answer.seconds), _whole(answer.memory_mb), _whole(answer.exposure)),
                *(f"{answer.backlog:,}", _month(answer.cleared), _whole(answer.cost)),
                *(_gap(answer.cost, bound), _accepted(answer), answer.note or _NONE),
            ]
        else:
            took = _NONE if answer.seconds is None else _seconds(answer.seconds)
            cells = [took, _whole(answer.memory_mb), *[_NONE] * 6, answer.why]
        lines.append(_line([name, *cells]))
    told = "No bound was proved." if bound is None else f"Best bound proved by ours: {bound:,.2f}."
    return "\n".join([*lines, "", told])


def sizes_table(rows: Sequence[tuple[Task, Answer]]) -> str:
    """What a plan costs in time and memory, by size; each gap is to the run's own bound."""
    heads = [
        *("active people", "officers", "on the register", "teams", "seconds"),
        *("seconds per 1,000", "memory, MB", "cost", "bound", "gap", "clears", "accepted"),
    ]
    lines = [_head(heads, left=(11,))]
    for task, answer in rows:
        cells = [f"{task.offenders:,}", f"{task.officers:,}"]
        if isinstance(answer, Measured):
            cells += [
                *(f"{answer.on_register:,}", f"{answer.teams:,}", _seconds(answer.seconds)),
                *(_seconds(1000 * answer.seconds / task.offenders), _whole(answer.memory_mb)),
                *(_whole(answer.cost), _whole(answer.bound), _gap(answer.cost, answer.bound)),
                *(_month(answer.cleared), _accepted(answer)),
            ]
        else:
            cells += [*[_NONE] * (len(heads) - 3), answer.why]
        lines.append(_line(cells))
    return "\n".join(lines)


def registers_table(rows: Sequence[tuple[str, Answer]]) -> str:
    """Ours on registers of other shapes; each gap is to the run's own bound."""
    heads = [
        *("register", "on it", "seconds", "memory, MB", "exposure", "ARMS overdue, month 18"),
        *("cost", "bound", "gap", "clears", "accepted"),
    ]
    lines = [_head(heads, left=(0, 10))]
    for name, answer in rows:
        if isinstance(answer, Measured):
            cells = [
                *(f"{answer.on_register:,}", _seconds(answer.seconds), _whole(answer.memory_mb)),
                *(_whole(answer.exposure), f"{answer.backlog:,}", _whole(answer.cost)),
                *(_whole(answer.bound), _gap(answer.cost, answer.bound)),
                *(_month(answer.cleared), _accepted(answer)),
            ]
        else:
            cells = [*[_NONE] * (len(heads) - 2), answer.why]
        lines.append(_line([name, *cells]))
    return "\n".join(lines)


def machine() -> str:
    """What the figures were measured on."""
    return (
        f"{os.cpu_count()} cores, {platform.system()} on {platform.machine()}, Python "
        f"{platform.python_version()}, OR-Tools {version('ortools')}."
    )


def _head(heads: Sequence[str], left: Sequence[int]) -> str:
    rule = [_LEFT if n in left else _RIGHT for n in range(len(heads))]
    return f"{_line(heads)}\n|{'|'.join(rule)}|"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _seconds(seconds: float) -> str:
    return f"{seconds:,.1f}"


def _whole(number: float | None) -> str:
    return "n/a" if number is None else f"{number:,.0f}"


def _month(cleared: int | None) -> str:
    return "never" if cleared is None else f"month {cleared}"


def _gap(cost: float, bound: float | None) -> str:
    if bound is None:
        return "n/a"
    return f"{(cost - bound) / cost if cost > 0 else 0.0:.2%}"


def _accepted(answer: Measured) -> str:
    return "yes" if answer.accepted else f"no: {answer.broken}"
