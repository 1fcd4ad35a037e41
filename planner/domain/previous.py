"""What the plan before this one meant to do in the months that both cover."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.domain.terms import Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """Duties that people count on, by (reference, duty): their months, by this plan's numbers.

    ``done_by`` is who was to do one, by (reference, duty, month), where that is to be kept too.
    ``cost`` is what it costs, in points, not to do a duty in its month, or to give it to somebody
    else. A duty that the register rules out in that month, or that is done already, is left out by
    whoever makes this, and so is an officer who cannot do it then.
    """

    months: Mapping[tuple[str, Duty], tuple[int, ...]] = field(default_factory=dict)
    done_by: Mapping[tuple[str, Duty, int], str] = field(default_factory=dict)
    cost: float = 0.0

    def of(self, ref: str, duty: Duty) -> tuple[int, ...]:
        """The months in which a duty was to be done, ascending; none where nothing was planned."""
        return self.months.get((ref, duty), ())
