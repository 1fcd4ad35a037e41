"""``planner recommend``: who should take one case, new or moving."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.commands.plan_and_register import read_plan_and_register
from planner.commands.plan_register import known_ref, question_fault
from planner.domain.terms import RiskLevel
from planner.recommend.question import Question
from planner.recommend.recommendation import recommend
from planner.workbooks.collecting import without_collecting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from pathlib import Path

    from planner.domain.register import Register
    from planner.errors import InputError
    from planner.recommend.recommendation import Recommendation
    from planner.workload.situation import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOptions:
    """The case as the command line tells it; ``needs`` and ``not_with`` may hold `;` lists."""

    ref: str | None = None
    level: RiskLevel | None = None
    team: str | None = None
    needs: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()
    crew: int | None = None
    visit_interval: int | None = None
    arms: bool | None = None
    registered_from: date | None = None
    first_month: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A recommendation, and what to know of its sources; see ``PlanAndRegister``."""

    recommendation: Recommendation
    same_register: bool | None
    priced: bool


def level_named(text: str) -> RiskLevel | None:
    """The risk level that somebody typed; None where it is none."""
    plain = " ".join(text.replace("_", " ").replace("-", " ").split()).casefold()
    return next((level for level in RiskLevel if level.label.casefold() == plain), None)


def recommend_in_folder(
    folder: Path, options: CaseOptions, register: Path | None, say: Callable[[str], None]
) -> Advice:
    """Rank the officers for a case by the plan in a folder.

    Raises ``InputError`` where the register or the workbook can't be read, or they know no such
    case, team, skill, officer or month as is asked about.
    """
    read = read_plan_and_register(folder, register, say, ("backlog", "not_planned"))
    question = _question(options, read.situation)
    say("Weighing the officers")
    with without_collecting():
        found = recommend(read.situation, read.written, question, read.prices)
    return Advice(
        recommendation=found,
        same_register=read.same_register,
        priced=bool(read.prices),
    )


def _question(options: CaseOptions, situation: Situation) -> Question:
    """The options in the register's spelling."""
    register = situation.register
    teams, staff = register.teams, sorted(register.officer)
    return Question(
        ref=None if options.ref is None else known_ref(options.ref, register.offender),
        level=options.level,
        team=None if options.team is None else _known("team", options.team, teams),
        needs=frozenset(_known("skill", n, _skills(register)) for n in _listed(options.needs)),
        not_with=frozenset(_known("Staff ID", s, staff) for s in _listed(options.not_with)),
        crew=options.crew,
        visit_interval=options.visit_interval,
        arms=options.arms,
        registered_from=options.registered_from,
        month=_month(options, situation),
    )


def _skills(register: Register) -> list[str]:
    """Every skill that somebody has or a case needs."""
    held = {skill for s in register.officers for skill in s.skills}
    return sorted(held | {need for o in register.offenders for need in o.needs})


def _listed(given: Iterable[str]) -> list[str]:
    return [name for text in given for part in text.split(";") if (name := part.strip())]


def _known(what: str, asked: str, names: Iterable[str]) -> str:
    """The name as the register spells it. Raises ``InputError`` where it has none such."""
    folded = {name.casefold(): name for name in names}
    found = folded.get(" ".join(asked.split()).casefold())
    if found is not None:
        return found
    near = difflib.get_close_matches(asked.casefold(), folded, n=1)
    hint = f" Is {folded[near[0]]} meant?" if near else ""
    raise question_fault(
        f"unknown-{what.casefold().replace(' ', '-')}",
        "Staff",
        f"The register knows no {what} {asked!r}.{hint}",
        f"Give the {what} as the register spells it.",
    )


def _month(options: CaseOptions, situation: Situation) -> int | None:
    """The number of the month asked for; None where none is. Raises ``InputError``: not planned."""
    horizon = situation.horizon
    since, first = options.registered_from, options.first_month
    if since is not None and horizon.number(since) > horizon.length:
        raise _outside("Registered from", situation)
    if first is None:
        return None
    if horizon.number(first) not in horizon.months:
        raise _outside("The month", situation)
    return horizon.number(first)


def _outside(what: str, situation: Situation) -> InputError:
    horizon = situation.horizon
    return question_fault(
        "outside-the-plan",
        "Run",
        f"{what} is outside the plan, which runs from {horizon.first:%B %Y} to "
        f"{horizon.start(horizon.length):%B %Y}.",
        "Give a month of the plan, or ask of a newer plan.",
    )
