"""Second hours: whether what officers give is what colleagues' visits need."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planner.domain.rules import Rule
from planner.domain.terms import Duty
from planner.domain.verdict import Breach
from planner.verify.cells import HOURS_TOLERANCE
from planner.verify.flow import Network
from planner.verify.months import LAST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.verify.evidence import Evidence
    from planner.verify.reading import Entry

_PARTS = 10**9
"""An hour in the whole numbers that flow goes by."""

_SOURCE, _SINK, _FIRST_NODE = 0, 1, 2


@dataclass
class _Month:
    """Hours needed by (team of the case, lead), hours given by officer, in one month."""

    number: int
    needed: dict[tuple[str, str], float] = field(default_factory=dict)
    given: dict[str, float] = field(default_factory=dict)

    @property
    def tolerance(self) -> float:
        return HOURS_TOLERANCE * max(1.0, sum(self.needed.values()))


def second_hours_given(evidence: Evidence) -> list[Breach]:
    """Breaches of months 2 to 18, where second officers need not be named yet."""
    months = [_Month(number) for number in range(LAST + 1)]
    for month in months[2:]:
        for staff_id in evidence.world.staff:
            hours = evidence.reading.second_hours(staff_id, month.number)
            if hours:
                month.given[staff_id] = hours
    for entry in evidence.reading.entries:
        if entry.duty is Duty.VISIT and entry.month > 1:
            _need(evidence, entry, months[entry.month])
    return [breach for month in months[2:] for breach in _judged(evidence, month)]


def _need(evidence: Evidence, entry: Entry, month: _Month) -> None:
    """Add a visit's need; where a second is named already, the hours are that officer's."""
    person = evidence.world.people[entry.ref]
    if person.crew < 2:
        return
    team, lead = person.offender.team, entry.done_by
    hours = evidence.hours.second
    if evidence.world.may_second(team, lead, entry.second, month.number):
        month.given[entry.second] = month.given.get(entry.second, 0.0) - hours
    else:
        month.needed[team, lead] = month.needed.get((team, lead), 0.0) + hours


def _judged(evidence: Evidence, month: _Month) -> Iterator[Breach]:
    world = evidence.world
    start = world.months.starts[month.number]
    for staff_id, hours in list(month.given.items()):
        works = world.staff[staff_id].works >> month.number & 1
        if hours < -month.tolerance or (not works and hours > month.tolerance):
            detail = "Is not in post." if hours > 0 else "Gives fewer than visits named need."
            yield Breach(
                rule=Rule.CREW, staff_id=staff_id, month=start, amount=abs(hours), detail=detail
            )
        if hours <= 0 or not works:
            del month.given[staff_id]
    if world.policy.cross_team:
        shortfalls = [_pooled(_by_lead(month), month.given, month.tolerance)]
    elif any(world.has_nobody_else(team, lead, month.number) for team, lead in month.needed):
        shortfalls = [_flowing(evidence, month)]
    else:
        shortfalls = [_pooled(*pool, month.tolerance) for pool in _by_team(evidence, month)]
    for amount, detail in shortfalls:
        if amount > month.tolerance:
            yield Breach(rule=Rule.CREW, month=start, amount=amount, detail=detail)


def _by_lead(month: _Month) -> dict[str, float]:
    needed: dict[str, float] = {}
    for (_, lead), hours in month.needed.items():
        needed[lead] = needed.get(lead, 0.0) + hours
    return needed


def _by_team(
    evidence: Evidence, month: _Month
) -> Iterator[tuple[dict[str, float], dict[str, float]]]:
    """Each team's needs by lead and what its own officers give."""
    needed: dict[str, dict[str, float]] = {}
    given: dict[str, dict[str, float]] = {}
    for (team, lead), hours in month.needed.items():
        needed.setdefault(team, {})[lead] = hours
    for staff_id, hours in month.given.items():
        given.setdefault(evidence.world.staff[staff_id].team, {})[staff_id] = hours
    for team in sorted({*needed, *given}):
        yield needed.get(team, {}), given.get(team, {})


def _pooled(
    needed: dict[str, float], given: dict[str, float], tolerance: float
) -> tuple[float, str]:
    """What is amiss where everybody in a pool may second everybody else, in hours.

    Then all can be met when the totals agree and no lead's need exceeds what the others give.
    """
    need, give = sum(needed.values()), sum(given.values())
    if need - give > tolerance:
        return need - give, "Second hours given fall short of what visits need."
    if give - need > tolerance:
        return give - need, "More second hours are given than visits need."
    above = (hours - (give - given.get(lead, 0.0)) for lead, hours in needed.items())
    return max(above, default=0.0), "Some visits find no second officer but their own lead."


def _flowing(evidence: Evidence, month: _Month) -> tuple[float, str]:
    """What is amiss where some team has nobody else, so that teams second each other."""
    givers = list(month.given)
    node = {staff_id: _FIRST_NODE + n for n, staff_id in enumerate(givers)}
    network = Network(_FIRST_NODE + len(givers) + len(month.needed))
    for staff_id, hours in month.given.items():
        network.join(node[staff_id], _SINK, round(hours * _PARTS))
    for n, ((team, lead), hours) in enumerate(month.needed.items(), _FIRST_NODE + len(givers)):
        network.join(_SOURCE, n, round(hours * _PARTS))
        alone = evidence.world.has_nobody_else(team, lead, month.number)
        for staff_id in givers if alone else evidence.world.teams.get(team, []):
            if staff_id in node and staff_id != lead:
                network.join(n, node[staff_id], round(hours * _PARTS))
    met = network.greatest_flow(_SOURCE, _SINK) / _PARTS
    short, surplus = sum(month.needed.values()) - met, sum(month.given.values()) - met
    if short >= surplus:
        return short, "Second hours given do not meet what visits need."
    return surplus, "More second hours are given than visits of colleagues need."
