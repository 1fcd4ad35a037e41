"""What the draws came to: chances of clearing, bands, and which assumption matters most.

Plain data, so that text, programs, workbooks and pages can show them; no person stands in any.
How they are drawn and replayed: ``planner.uncertainty``.
"""

from __future__ import annotations

from dataclasses import dataclass

BAND_SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Which shares of the draws lie at or below a band's five figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """A share of the draws, 0 to 1, with its sampling error: a 95% Wilson interval.

    The interval says how sure the share is for so many draws, given the distributions. It says
    nothing of whether these are right.
    """

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Figures that 5, 25, 50, 75 and 95 of 100 draws do not exceed, and the mean."""

    p5: float
    p25: float
    p50: float
    p75: float
    p95: float
    mean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthReplayed:
    """One month's end (``month`` 1 to 18) over all draws; ARMS and visits together.

    ``arms`` and ``visits`` are duties overdue. ``not_in`` is how many of these visits were tried as
    often as a month allows, nobody being in. ``cleared``: by this month's end the draw clears, as
    "can clear" has it (nothing overdue now nor later, no very high or high visit from month 3 on).
    ``cleared_but_not_in``: the same, visits to people who were not in left out. ``arms_cleared``:
    the ARMS backlog is cleared, as the contract's "Cleared" has it, whatever the visits.

    All this where the unit works towards the deadline. ``if_aimed_at``: ``cleared_but_not_in``
    where it works towards an earlier month from the start, whichever of ``Replayed.aims`` does best
    by then; None where none was tried that early.
    """

    month: int
    arms: Band
    visits: Band
    not_in: Band
    cleared: Chance
    cleared_but_not_in: Chance
    arms_cleared: Chance
    if_aimed_at: Chance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamReplayed:
    """A team, or teams planned together, at the deadline: its chance to have cleared, and bands.

    Visits to people who were not in are left out of all three.
    """

    team: str
    cleared_but_not_in: Chance
    arms: Band
    visits: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """All draws of one run: "Today", or a scenario by its name.

    ``aims`` are earlier months that the unit worked towards in further replays, for the chance to
    clear sooner. ``exposure`` is over all month ends; ``point`` is the same rule replayed once as
    the register says and with nothing left to chance, to hold beside a whole plan.
    """

    name: str
    draws: int
    deadline: int
    months: tuple[MonthReplayed, ...]
    teams: tuple[TeamReplayed, ...]
    exposure: Band
    point: PointReplayed
    aims: tuple[int, ...] = ()

    @property
    def at_deadline(self) -> MonthReplayed:
        return self.months[self.deadline - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointReplayed:
    """The rule with nothing left to chance: overdue by month end (month 1 first), and exposure.

    As a plan does, it knows no new registrations and holds hours back for them. ``clears_from`` is
    the first month by whose end it clears; None where it does not.
    """

    arms: tuple[int, ...]
    visits: tuple[int, ...]
    exposure: float
    clears_from: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TornadoEnd:
    """One assumption at ``value``, all others at their middle.

    ``arms``, ``visits``: means overdue at the deadline month's end; ``exposure``: mean. ``cleared``
    as ``MonthReplayed.cleared_but_not_in`` at the deadline.
    """

    value: float
    arms: float
    visits: float
    exposure: float
    cleared: Chance


@dataclass(frozen=True, slots=True, kw_only=True)
class TornadoRow:
    """What one assumption's range does by itself; rows are sorted, the widest swing first.

    ``name`` is the distribution's; ``swing`` is how far the mean number of duties overdue at the
    deadline (ARMS and visits) lies apart between low and high.
    """

    name: str
    words: str
    unit: str
    low: TornadoEnd
    high: TornadoEnd

    @property
    def swing(self) -> float:
        return abs(self.high.arms + self.high.visits - self.low.arms - self.low.visits)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedDistribution:
    """One uncertain quantity as it was drawn: triangular from low to high, likeliest at ``likely``.

    ``source`` says where likely and range come from, ``dated`` of when that is. ``is_assumed``: no
    source gave the range.
    """

    name: str
    words: str
    unit: str
    meaning: str
    low: float
    likely: float
    high: float
    source: str
    dated: str
    is_assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """Everything that ``--draws`` found out.

    ``scenarios`` are in the order of the report's. ``tornado_middle`` is all assumptions at their
    middle, ``tornado_draws`` how many draws each of the tornado's figures rests on.
    """

    draws: int
    seed: int
    today: Replayed
    scenarios: tuple[Replayed, ...]
    tornado: tuple[TornadoRow, ...]
    tornado_middle: TornadoEnd | None
    tornado_draws: int
    distributions: tuple[UsedDistribution, ...]
