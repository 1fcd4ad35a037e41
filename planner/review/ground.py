"""The written plan and the register behind it, as the checks of edits ask for them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from planner.domain.decision import DecisionKind
from planner.domain.terms import Duty
from planner.explain.decisions import decisions
from planner.workload.outcome import Outcome

if TYPE_CHECKING:
    from datetime import date

    from planner.domain.plan import PlannedArms, PlannedVisit
    from planner.domain.register import Offender
    from planner.review.issued import Issued
    from planner.tables.decisions import DecisionRow
    from planner.workload.situation import Situation

DUTY = {DecisionKind.VISIT: Duty.VISIT, DecisionKind.ARMS: Duty.ARMS}


class Ground:
    """What edits are judged by: nothing here changes. ``today`` is the day of the review."""

    def __init__(self, situation: Situation, issued: Issued, today: date) -> None:
        self.situation = situation
        self.horizon = situation.horizon
        self.posts = situation.posts
        self.issued = issued
        self.today = today
        self.plan = decisions(situation, issued.written).plan
        self.outcome = Outcome(situation, self.plan)
        self.rows: dict[str, list[DecisionRow]] = defaultdict(list)
        for row in issued.rows.values():
            self.rows[row.ref].append(row)
        self.visits: dict[str, list[PlannedVisit]] = defaultdict(list)
        for visit in self.plan.visits:
            self.visits[visit.ref].append(visit)
        self.arms: dict[str, list[PlannedArms]] = defaultdict(list)
        for arms in self.plan.arms:
            self.arms[arms.ref].append(arms)

    def offender(self, ref: str) -> Offender | None:
        """The person; None where the register no longer names them."""
        return self.situation.register.offender.get(ref)

    def number(self, day: date) -> int:
        """The number of the month that a day lies in."""
        return self.horizon.number(day)

    def month(self, row: DecisionRow) -> int:
        """The number of the month that a row is about."""
        return self.horizon.number(row.month)

    def name(self, month: int) -> str:
        """A month in words."""
        return f"{self.horizon.start(month):%b %Y}"

    def planned_route(self, ref: str) -> list[str | None]:
        """Who holds the case in each month, as planned."""
        return [self.plan.som(ref, m) for m in self.horizon.months]

    def community_caseloads(self) -> Counter[tuple[str, int]]:
        """Community cases of each officer at each month's end, (staff ID, month), as planned."""
        found: Counter[tuple[str, int]] = Counter()
        for ref in self.plan.holdings:
            there = self.situation.presence[ref]
            for m, som in enumerate(self.planned_route(ref), start=1):
                if som is not None and there.at_end_of(m):
                    found[som, m] += 1
        return found
