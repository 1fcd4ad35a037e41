"""A written plan, its register and its prices, read together for questions about one case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.commands.at_hand import read_at_hand
from planner.commands.plan_register import (
    PLAN_BOOK,
    as_at_of_plan,
    hashes_of_plan,
    is_register_of_plan,
    register_of_plan,
)
from planner.commands.publish import finish_publication
from planner.commands.taken_over import as_planned
from planner.workbooks.collecting import without_collecting
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from planner.domain.written import WrittenPlan

_UNREAD = ("backlog",)
"""What no question about one case needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAndRegister:
    """A plan as its workbook stands, and the register it is asked about by.

    ``prices`` maps (team, month number) to the price of an hour, empty where the workbook gives
    none. ``same_register``: the register is the one that the workbook says it was made from; None
    where the workbook does not say.
    """

    written: WrittenPlan
    situation: Situation
    prices: Mapping[tuple[str, int], float]
    same_register: bool | None


def read_plan_and_register(
    folder: Path,
    register: Path | None,
    say: Callable[[str], None],
    unread: Collection[str] = _UNREAD,
) -> PlanAndRegister:
    """Read the plan in a folder, and its register: that named, else the manifest's.

    ``unread`` are parts of the plan that are not needed. Where neither the workbook nor the
    register has changed since the plan was made, what was kept of both is read, which is quicker.
    Raises ``InputError`` where either can't be read.
    """
    finish_publication(folder)
    with without_collecting():
        say("Reading the plan")
        source = register or register_of_plan(folder)
        if is_register_of_plan(folder, source) and (kept := read_at_hand(folder, PLAN_BOOK)):
            return PlanAndRegister(
                written=kept.written,
                situation=Situation(kept.register),
                prices=kept.prices,
                same_register=True,
            )
        return _read(folder, source, say, unread)


def _read(
    folder: Path, source: Path, say: Callable[[str], None], unread: Collection[str]
) -> PlanAndRegister:
    """From the workbook as it stands, perhaps edited by hand, and the register's own file."""
    from planner.workbooks.plan_prices import read_hour_prices  # these are slow to import
    from planner.workbooks.plan_read import open_plan_workbook, read_sheets
    from planner.workbooks.register_read import read_register

    book = open_plan_workbook(folder / PLAN_BOOK)
    written = read_sheets(book, unread)
    say("Reading the register")
    file = read_register(source, as_at_of_plan(written, folder))
    situation = Situation(as_planned(file.register, folder, written))
    hashes = hashes_of_plan(written)
    return PlanAndRegister(
        written=written,
        situation=situation,
        prices=read_hour_prices(book, situation.horizon),
        same_register=frozenset(file.sha256.values()) == hashes if hashes else None,
    )


def source_warnings(same_register: bool | None, rows_left_out: int) -> list[str]:
    """What to know of the plan and the register that an answer goes by; refs are not named."""
    told = []
    if same_register is False:
        told.append(
            "The plan was made from another register than this one: what is said here goes by this "
            "register and that plan."
        )
    if same_register is None:
        told.append("The workbook does not say from which register it was made.")
    if rows_left_out:
        told.append(
            f"{rows_left_out} row(s) of Allocation and Schedule are left out: they name a "
            "case, officer, duty or month that there is not, or stand twice. See planner verify."
        )
    return told
