"""``planner explain``: why one case has its SOM, its months and its visit types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.commands.plan_and_register import read_plan_and_register
from planner.commands.plan_register import known_ref
from planner.explain.explanation import explain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from planner.explain.explanation import Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An explanation, and what to know of its sources.

    ``same_register``: the register is the one that the workbook says it was made from; None where
    the workbook does not say. ``priced``: the workbook gives the price of an hour.
    """

    explanation: Explanation
    same_register: bool | None
    priced: bool


def explain_folder(
    folder: Path, ref: str, register: Path | None, say: Callable[[str], None]
) -> Answer:
    """Explain one case of the plan in a folder.

    Raises ``InputError`` where the register or the workbook can't be read or there is no such case.
    """
    read = read_plan_and_register(folder, register, say)
    known = known_ref(ref, read.situation.register.offender)
    say("Working out the alternatives")
    return Answer(
        explanation=explain(read.situation, read.written, known, read.prices),
        same_register=read.same_register,
        priced=bool(read.prices),
    )
