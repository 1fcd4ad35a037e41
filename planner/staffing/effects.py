"""What each change of a scenario does by itself, what all do together, and the difference.

Own effect: the scenario with only that change, less run 0. Interaction: all together, less run 0,
less the own effects; so run 0, own effects and interaction always add up to the scenario.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from planner.domain.months import HORIZON_MONTHS
from planner.domain.terms import Duty
from planner.levers import TODAY, Change, Scenario
from planner.optimise.ledger import Ledger
from planner.staffing.levels import Desk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.domain.register import Register
    from planner.staffing.outlook import Outlook


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """An outlook's figures that can be taken from one another; also differences of them.

    ``hours_lacking`` and ``posts_lacking`` by the deadline, and ``bound`` of cost, are proved;
    the rest are those of the best plan with officers as one: duties overdue at the end of month
    18, exposure, and what hours there are and are used in all months.
    """

    hours_lacking: float
    posts_lacking: float
    bound: float
    arms_overdue: float
    visits_overdue: float
    exposure: float
    hours_there: float
    hours_used: float

    def __sub__(self, other: Measures) -> Measures:
        return _of(a - b for a, b in zip(astuple(self), astuple(other), strict=True))

    def __add__(self, other: Measures) -> Measures:
        return _of(a + b for a, b in zip(astuple(self), astuple(other), strict=True))


@dataclass(frozen=True, kw_only=True, eq=False)
class Effects:
    """A scenario beside run 0: ``own`` in the order of the scenario's changes."""

    scenario: Scenario
    today: Outlook
    outlook: Outlook
    own: tuple[tuple[Change, Measures], ...]
    interaction: Measures

    @property
    def together(self) -> Measures:
        """The whole difference from run 0."""
        return measures(self.outlook) - measures(self.today)


def measures(found: Outlook) -> Measures:
    """The figures of an outlook that differences are taken of."""
    standing = found.standing
    return Measures(
        hours_lacking=standing.hours,
        posts_lacking=standing.posts,
        bound=standing.bound,
        arms_overdue=found.overdue(HORIZON_MONTHS, Duty.ARMS),
        visits_overdue=found.overdue(HORIZON_MONTHS, Duty.VISIT),
        exposure=found.exposure(),
        hours_there=standing.hours_there,
        hours_used=sum(found.hours_used.values()),
    )


def effects(
    register: Register,
    scenario: Scenario,
    *,
    team: str | None = None,
    ledger: Ledger | None = None,
) -> Effects:
    """What a scenario does, change by change; run 0 is asked for the same deadline.

    ``team``: to this team by itself, the changes being made to the whole. Raises ``ValueError``
    where a change cannot be made (``planner.levers.checking``).
    """
    kept = ledger or Ledger()
    asked = tuple(c for c in scenario.changes if c not in scenario.effective)
    run_0 = Desk(register, Scenario(name=TODAY.name, changes=asked), team=team, ledger=kept).today
    whole = Desk(register, scenario, team=team, ledger=kept).today
    base = measures(run_0)
    own = tuple(
        (
            change,
            measures(Desk(register, scenario.only(change), team=team, ledger=kept).today) - base,
        )
        for change in scenario.effective
    )
    rest = measures(whole) - base
    for _, one in own:
        rest = rest - one
    return Effects(scenario=scenario, today=run_0, outlook=whole, own=own, interaction=rest)


def _of(values: Iterable[float]) -> Measures:
    return Measures(**dict(zip(Measures.__slots__, values, strict=True)))
