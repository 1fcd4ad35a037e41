"""What is asked: a new case, or a case of the register that must move; and the register with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from planner.domain.register import Offender
from planner.domain.terms import RiskLevel, Status
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from datetime import date

    from planner.domain.register import Register

NEW_REF = ""
"""What a new case goes by in here: no reference of a register is blank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which case needs a SOM, and from which month (a number, 1 to 18).

    ``ref`` is None for a new case, which must have ``level`` and ``team``. For a case of the
    register what is None is as the register has it, and ``needs`` and ``not_with`` come on top.
    ``month`` None: the plan's first; for a new case that in which it is registered, if later.
    """

    ref: str | None = None
    level: RiskLevel | None = None
    team: str | None = None
    needs: frozenset[str] = frozenset()
    not_with: frozenset[str] = frozenset()
    crew: int | None = None
    visit_interval: int | None = None
    arms: bool | None = None
    registered_from: date | None = None
    month: int | None = None


class CaseSituation(Situation):
    """A register with the case in question on it; officers' hours stay as they were planned with.

    One case more would change what is held back for new registrations, and how many changes of SOM
    are allowed: the plan was made without it.
    """

    def __init__(self, register: Register, planned: Situation) -> None:
        super().__init__(register)
        self._planned = planned

    @cached_property
    def capacity(self) -> dict[tuple[str, int], float]:
        """Hours of each officer in each month, as the plan has them."""
        return self._planned.capacity

    @property
    def moves_allowed(self) -> int:
        """How many changes of SOM that count the plan was allowed."""
        return self._planned.moves_allowed


@dataclass(frozen=True, slots=True)
class AskedCase:
    """The case as it would be, from the month on in which somebody takes it."""

    situation: Situation
    offender: Offender
    month: int
    is_new: bool


def asked_case(planned: Situation, question: Question) -> AskedCase:
    """Put the case in question on the register. Raises ``KeyError`` where there is none such."""
    offender = _new(planned, question) if question.ref is None else _known(planned, question)
    register = planned.register
    others = tuple(o for o in register.offenders if o.ref != offender.ref)
    situation = CaseSituation(replace(register, offenders=(*others, offender)), planned)
    month = question.month or (_first_month(planned, question) if question.ref is None else 1)
    return AskedCase(situation, offender, month, question.ref is None)


def _first_month(planned: Situation, question: Question) -> int:
    since = question.registered_from
    return 1 if since is None else max(1, planned.horizon.number(since))


def _new(planned: Situation, question: Question) -> Offender:
    if question.level is None or question.team is None:
        raise ValueError("A new case needs a risk level and a team.")
    month = question.month or _first_month(planned, question)
    return Offender(
        ref=NEW_REF,
        status=Status.COMMUNITY,
        level=question.level,
        team=question.team,
        visit_interval=question.visit_interval,
        crew=question.crew,
        arms_applicable=question.arms is not False,
        registered_from=question.registered_from or planned.horizon.start(month),
        not_with=question.not_with,
        needs=question.needs,
    )


def _known(planned: Situation, question: Question) -> Offender:
    offender = planned.register.offender[question.ref or ""]
    given: dict[str, Any] = {
        "level": question.level,
        "team": question.team,
        "crew": question.crew,
        "visit_interval": question.visit_interval,
        "arms_applicable": question.arms,
        "registered_from": question.registered_from,
        "needs": offender.needs | question.needs,
        "not_with": offender.not_with | question.not_with,
    }
    return replace(offender, **{name: v for name, v in given.items() if v is not None})
