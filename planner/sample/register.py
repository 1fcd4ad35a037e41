"""The synthetic register: size, staff, people, caseloads, ties and locks, in that order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from planner.domain.months import Horizon
from planner.domain.policy import Policy
from planner.domain.register import Register
from planner.sample.absences import absences, long_away
from planner.sample.caseloads import allocated, capped
from planner.sample.circumstances import with_ties
from planner.sample.draws import Draws
from planner.sample.elsewhere import elsewhere
from planner.sample.locks import locks
from planner.sample.people import Dating, community
from planner.sample.size import OFFICERS, PEOPLE, Size
from planner.sample.staff import in_post, workforce
from planner.sample.strength import team_strength

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planner.domain.register import Absence, Offender, Officer

AS_AT = date(2026, 11, 30)
"""The day on which the sample is true, so that month 1 is December 2026."""

TITLE = "Synthetic register: invented people and staff, no real person"
MARKING = "OFFICIAL-SENSITIVE (synthetic sample: no real person)"

OTHER_DUTIES: float | None = None
"""``hours.other_duties`` in the sample's Policy sheet; None leaves the default. For calibration:
set so that the default sample's best plan just clears."""

TEAM_UNEVENNESS = 0.005
"""How far a team's people stray from its share of the hours, up or down. For calibration: no team
helps another by default, so the tightest team decides whether the whole clears."""


def synthetic_register(
    *,
    offenders: int = PEOPLE,
    officers: int = OFFICERS,
    backlog: int | None = None,
    completed: float | None = None,
    seed: int = 1,
    as_at: date = AS_AT,
) -> Register:
    """A register of invented people, the same for the same arguments on every platform.

    ``offenders`` counts active people in the community; about 900 for each 4,158 of them come on
    top in custody, in hospital, abroad, missing or reactive. ``officers`` counts those in post on
    the as-at date; a few joiners come on top. ``backlog`` is the number of ARMS overdue then
    (4,000 for 4,158); ``completed`` instead the share done of the ARMS due in the past year.

    Raises ``ValueError`` where the numbers make no sense.
    """
    size = Size.of(offenders, officers, backlog, completed)
    horizon = Horizon(as_at)
    staff = workforce(size, horizon, Draws(seed, "staff"))
    away = absences(staff, size, horizon, Draws(seed, "absences"))
    strength = _strength(staff, away, horizon, Draws(seed, "teams"))
    present = in_post(staff, as_at)
    people = allocated(_people(size, strength, as_at, seed), present, Draws(seed, "caseloads"))
    staff = capped(staff, people, size, Draws(seed, "caps"))
    people = with_ties(people, present, long_away(away), size, Draws(seed, "ties"))
    register = Register(
        as_at=as_at,
        offenders=tuple(sorted(people, key=lambda p: p.ref)),
        officers=staff,
        absences=away,
        policy=_policy(),
        marking=MARKING,
        title=TITLE,
    )
    return replace(register, locks=locks(register, size, Draws(seed, "locks")))


def _people(size: Size, strength: Mapping[str, float], as_at: date, seed: int) -> list[Offender]:
    """Everybody on the register, nobody's case yet."""
    refs = _refs(2 * size.offenders, Draws(seed, "refs"))
    return [
        *community(size, strength, refs, Dating.on(as_at, Draws(seed, "community"))),
        *elsewhere(size, strength, refs, as_at, Draws(seed, "elsewhere")),
    ]


def _policy() -> Policy:
    usual = Policy()
    return usual if OTHER_DUTIES is None else usual.but({"hours.other_duties": OTHER_DUTIES})


def _strength(
    staff: Sequence[Officer], away: Sequence[Absence], horizon: Horizon, draws: Draws
) -> dict[str, float]:
    """What each team's people go by: its hours, a little uneven."""
    strength = team_strength(staff, away, horizon)
    low, high = 1 - TEAM_UNEVENNESS, 1 + TEAM_UNEVENNESS
    return {team: hours * draws.factor(low, high) for team, hours in strength.items()}


def _refs(number: int, draws: Draws) -> Iterator[str]:
    """Different refs in no order; one in twelve from an older system: digits, zeros in front."""
    width = max(5, len(str(number)))
    for i in draws.shuffled(range(1, number + 1)):
        yield f"{i:0{width + 1}d}" if draws.chance(1 / 12) else f"WS-{i:0{width}d}"
