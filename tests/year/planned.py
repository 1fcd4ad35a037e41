"""One plan of the year, with all that led to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.domain.months import Horizon

if TYPE_CHECKING:
    from collections import Counter
    from datetime import date

    from planner.domain.register import Register
    from tests.year.ledger import Fate
    from tests.year.reviewing import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One plan of the year. ``answer`` is what ``planner plan --json`` said, ``seconds`` by the
    clock, ``verified`` the exit code of ``planner verify``.

    ``reached`` and ``risky`` are the ARMS overdue, and the very high and high visits overdue, on
    the register's day, counted from the register; ``promised`` what the first plan and the plan
    before promised of the ARMS, ``risky_promised`` the plan before of the visits. ``said`` is what
    people said to the plan before, ``fate`` what became of all that stands, ``events`` what
    happened in the month before, ``adopted`` the hours of an ARMS taken over into the policy.
    """

    register: Register
    answer: dict[str, Any]
    verified: int
    seconds: float
    reached: int
    risky: int
    promised: tuple[int | None, int | None]
    risky_promised: int | None
    said: Said
    fate: Fate
    events: Counter[str]
    adopted: float | None

    @property
    def first_month(self) -> date:
        return Horizon(self.register.as_at).first

    @property
    def officers(self) -> int:
        """Those in post on the register's day."""
        as_at = self.register.as_at
        posts = ((s.start or as_at, s.end or as_at) for s in self.register.officers)
        return sum(start <= as_at <= end for start, end in posts)
