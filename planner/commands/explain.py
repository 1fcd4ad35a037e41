"""``planner explain``: why one case has its SOM, its months and its visit types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.commands.plan import PLAN_BOOK
from planner.commands.plan_register import (
    as_at_of_plan,
    hashes_of_plan,
    question_fault,
    register_of_plan,
)
from planner.commands.publish import finish_publication
from planner.explain.explanation import explain
from planner.workbooks.plan_prices import read_hour_prices
from planner.workbooks.plan_read import read_plan_workbook
from planner.workbooks.register_read import read_register
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
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
    finish_publication(folder)
    say("Reading the plan")
    path = folder / PLAN_BOOK
    written = read_plan_workbook(path)
    say("Reading the register")
    source = register or register_of_plan(folder)
    file = read_register(source, as_at_of_plan(written, folder))
    situation = Situation(file.register)
    known = _known(ref, file.register.offender)
    prices = read_hour_prices(path, situation.horizon)
    say("Working out the alternatives")
    hashes = hashes_of_plan(written)
    return Answer(
        explanation=explain(situation, written, known, prices),
        same_register=frozenset(file.sha256.values()) == hashes if hashes else None,
        priced=bool(prices),
    )


def _known(ref: str, refs: Iterable[str]) -> str:
    """The reference as the register spells it. Raises ``InputError`` where there is none such."""
    refs = set(refs)
    if (asked := ref.strip()) in refs:
        return asked
    near = sorted(other for other in refs if _plain(other) == _plain(asked))
    hint = f" Is {near[0]} meant?" if len(near) == 1 else ""
    raise question_fault(
        "unknown-ref",
        "Offenders",
        f"No case of the register has the reference given.{hint}",
        "Give the reference as the register spells it, leading zeros included.",
    )


def _plain(ref: str) -> str:
    """A reference without case, spaces, punctuation and leading zeros."""
    letters = "".join(letter for letter in ref.casefold() if letter.isalnum())
    return letters.lstrip("0")
