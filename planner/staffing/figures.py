"""An outlook's figures as plain data, so that several processes can work one out together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.domain.months import HORIZON_MONTHS, Horizon
from planner.optimise.burn_down import BurnDown, added_up
from planner.optimise.ledger import Ledger, in_all
from planner.staffing.least import Least
from planner.staffing.outlook import Outlook, in_post, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planner.domain.result import Standing
    from planner.optimise.ledger import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFigures:
    """What is known of one part: ``place`` is its place among all, months are 1 to 18 in order.

    ``standing`` is None until it is proved, ``lacking`` empty until it is asked for.
    """

    place: int
    name: str
    officers: int
    fte: float
    burn_down: BurnDown
    there: tuple[float, ...]
    used: tuple[float, ...]
    lacking: tuple[float, ...] = ()
    standing: Standing | None = None


def planned_figures(part: Part, place: int) -> PartFigures:
    """Those of the best plan with officers as one; nothing is proved of lacking hours."""
    outlook = Outlook("", Horizon(part.register.as_at), HORIZON_MONTHS, (part,), Ledger())
    months = outlook.horizon.months
    name = name_of(part)
    return PartFigures(
        place=place,
        name=name,
        officers=len(in_post(part)),
        fte=outlook.fte,
        burn_down=part.burn_down,
        there=tuple(outlook.hours_there[name, m] for m in months),
        used=tuple(outlook.hours_used[name, m] for m in months),
    )


def proved_figures(part: Part, planned: PartFigures, deadline: int) -> PartFigures:
    """The same with what is proved by a deadline."""
    return replace(planned, standing=part.standing_by(deadline))


def lacking_figures(part: Part, proved: PartFigures, deadline: int) -> PartFigures:
    """The same with the hours lacking, month by month."""
    if proved.standing is None or proved.standing.hours <= 0:
        return proved
    return replace(proved, lacking=tuple(float(h) for h in part.hours_lacking(deadline)))


def figures_of(found: Outlook) -> tuple[PartFigures, ...]:
    """Everything of a whole outlook."""
    told = []
    for place, part in enumerate(found.parts):
        proved = proved_figures(part, planned_figures(part, place), found.deadline)
        told.append(lacking_figures(part, proved, found.deadline))
    return tuple(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What figures are of: a run's name, its deadline and its months."""

    name: str
    deadline: int
    horizon: Horizon


def outlook_from(
    asked: Question, parts: Sequence[PartFigures], earliest: int | None = None
) -> Outlook:
    """An outlook with its figures filled in; nothing is worked out again.

    What is not known yet is left for the caller not to ask for.
    """
    ordered = sorted(parts, key=lambda p: p.place)
    found = Outlook(asked.name, asked.horizon, asked.deadline, (), Ledger())
    proved = [p.standing for p in ordered if p.standing is not None]
    months = tuple(asked.horizon.months)
    known: dict[str, object] = {
        "burn_down": added_up(p.burn_down for p in ordered),
        "earliest": earliest,
        "officers": sum(p.officers for p in ordered),
        "fte": sum(p.fte for p in ordered),
        "hours_there": _by_month(((p.name, p.there) for p in ordered), months),
        "hours_used": _by_month(((p.name, p.used) for p in ordered), months),
        "hours_lacking": {
            key: hours
            for key, hours in _by_month(((p.name, p.lacking) for p in ordered), months).items()
            if hours > LEAST_LACKING
        },
    }
    if len(proved) == len(ordered):
        known["standing"] = in_all(proved)
    vars(found).update(known)  # where cached properties keep what they worked out
    return found


LEAST_LACKING = 1e-3


def _by_month(
    parts: Iterable[tuple[str, tuple[float, ...]]], months: Sequence[int]
) -> dict[tuple[str, int], float]:
    return {
        (name, m): hours for name, values in parts for m, hours in zip(months, values, strict=False)
    }


def least_told(found: Least) -> Least:
    """The least number without the parts that it was proved of."""
    return Least(
        deadline=found.deadline, parts=tuple(replace(one, part=None) for one in found.parts)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A run as ``planner staffing`` works it out: its parts, first month, and least number."""

    parts: tuple[PartFigures, ...]
    earliest: int | None
    least: Least
