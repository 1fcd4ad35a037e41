"""What comes, month by month, of a pool's best plan with all its officers as one.

No plan costs less in all than is proved of it; a single month of another plan may look better.
Numbers of people are parts of people, as the linear programme has them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from planner.domain.terms import LEVELS, Duty, RiskLevel
from planner.optimise.calendars import Kind

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from planner.optimise.pool import Pool
    from planner.optimise.standing import Flow
    from planner.workload.situation import Situation

Overdue = dict[tuple[int, RiskLevel, Duty], float]
_Key = tuple[Kind, int]
_K = TypeVar("_K", bound="Hashable")


@dataclass(frozen=True, slots=True)
class BurnDown:
    """A pooled plan's measures.

    ``overdue`` is by month end, level and duty; month 0 is the opening backlog, by the date.
    ``exposure`` is by level and duty, over all month ends; ``used`` is hours by month and duty;
    ``done`` is how many duties are done, by month, level and duty. What is absent is 0.
    """

    overdue: Overdue = field(default_factory=dict)
    exposure: dict[tuple[RiskLevel, Duty], float] = field(default_factory=dict)
    used: dict[tuple[int, Duty], float] = field(default_factory=dict)
    done: Overdue = field(default_factory=dict)


def burn_down(situation: Situation, pool: Pool, flows: Iterable[Flow]) -> BurnDown:
    """Follow each of a pooled plan's calendars through the months."""
    shares = _level_shares(situation)
    hours = {kind: float(h) for kind, h in zip(pool.kinds, pool.lead, strict=True)}
    overdue: Overdue = defaultdict(float, _opening(situation))
    exposure: dict[tuple[RiskLevel, Duty], float] = defaultdict(float)
    used: dict[tuple[int, Duty], float] = defaultdict(float)
    done: Overdue = defaultdict(float)
    for flow in flows:
        kind, levels = flow.kind, shares[flow.kind, flow.due_month]
        points = 0.0
        for month, age in _late(flow, pool.months):
            points += kind.weight * (1 + kind.ageing * age)
            for level, share in levels.items():
                overdue[month, level, kind.duty] += flow.amount * share
        for month in flow.months:
            used[month, kind.duty] += flow.amount * hours[kind]
        for level, share in levels.items():
            exposure[level, kind.duty] += flow.amount * share * points
            for month in flow.months:
                done[month, level, kind.duty] += flow.amount * share
    return BurnDown(dict(overdue), dict(exposure), dict(used), dict(done))


def added_up(parts: Iterable[BurnDown]) -> BurnDown:
    """The measures of pools that are planned apart, together."""
    found = tuple(parts)
    return BurnDown(
        _sum(p.overdue for p in found),
        _sum(p.exposure for p in found),
        _sum(p.used for p in found),
        _sum(p.done for p in found),
    )


def _sum(tables: Iterable[Mapping[_K, float]]) -> dict[_K, float]:
    total: dict[_K, float] = defaultdict(float)
    for table in tables:
        for key, value in table.items():
            total[key] += value
    return dict(total)


def _late(flow: Flow, months: int) -> Iterator[tuple[int, int]]:
    """The month ends at which a calendar leaves the duty overdue, with its age then."""
    due = flow.due_month
    for done in (*flow.months, months + 1):
        for month in range(max(1, due), done):
            if flow.kind.presence.at_end_of(month):
                yield month, month - due
        due = done + flow.kind.interval


def _level_shares(situation: Situation) -> dict[_Key, dict[RiskLevel, float]]:
    """How the people of each duty are made up by level: those of one weight are planned as one."""
    counts: dict[_Key, Counter[RiskLevel]] = defaultdict(Counter)
    for chain in situation.chains:
        counts[Kind.of(chain, situation.policy), chain.due_month][chain.level] += 1
    return {
        key: {level: found[level] / found.total() for level in LEVELS if found[level]}
        for key, found in counts.items()
    }


def _opening(situation: Situation) -> dict[tuple[int, RiskLevel, Duty], float]:
    found = Counter((0, c.level, c.duty) for c in situation.chains if situation.is_open_at_start(c))
    return {key: float(number) for key, number in found.items()}
