"""One CP-SAT model an officer, on today's caseloads: what a unit's analyst might set up.

Cases move only as the plan by hand moves them. Each officer's own duties are scheduled at the
contract's cost within the officer's own hours, out of which come also as many hours as second
officer as the officer's own visits need. When all are done the second officers are found.
"""

from __future__ import annotations

import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ortools.sat.python import cp_model

from planner.by_hand.allocation import allocate
from planner.by_hand.decisions import locked_months
from planner.domain.terms import Duty
from tests.rivals.as_plan import as_plan
from tests.rivals.calendars import POINT, add_calendar
from tests.rivals.hours import GRAIN, Grains
from tests.rivals.search import Limit, NothingFoundError
from tests.rivals.second_officers import find_second_officers
from tests.rivals.stints import stints_by_officer

if TYPE_CHECKING:
    from planner.domain.plan import Plan
    from planner.workload.situation import DutyChain, Situation
    from tests.rivals.calendars import Calendar
    from tests.rivals.stints import Stint

LOCK_MISSED = 10**6
"""Points for a lock not kept: no lateness is worth it, and the model always has a solution."""


def plan_by_officer(situation: Situation, limit: Limit) -> tuple[Plan, str]:
    """The plan, and how many models were solved to proof.

    The limit is shared out evenly among the models; what one leaves over goes to the others.
    Duties of an officer whose model finds nothing in its time stay undone, and of a duty that one
    officer has twice, with somebody else between, the second time.
    """
    task = _ByOfficer(situation, limit)
    task.schedule()
    return task.plan(), f"{task.proved} of {len(task.stints)} officers proved best"


class _ByOfficer:
    def __init__(self, situation: Situation, limit: Limit) -> None:
        self.situation = situation
        self.limit = limit
        self.started = time.perf_counter()
        self.routes = allocate(situation)
        self.locked = locked_months(situation)
        self.stints = stints_by_officer(situation, self.routes)
        self.done: dict[tuple[str, Duty], dict[int, str]] = defaultdict(dict)
        self.begun: dict[tuple[str, Duty], int] = {}
        self.proved = 0

    def schedule(self) -> None:
        """Solve every officer's model, those first whom the others' duties wait for.

        Where two wait for each other, the later stint goes first and the earlier stays undone.
        """
        waiting = set(self.stints)
        while waiting:
            officer = min(waiting, key=lambda s: (len(self._before(s) & waiting), s))
            self._solve(officer, self._share(len(waiting)))
            waiting.remove(officer)

    def _before(self, officer: str) -> set[str]:
        return {s for stint in self.stints[officer] for s in stint.before if s != officer}

    def _share(self, waiting: int) -> Limit:
        if self.limit.deterministic:
            return Limit(self.limit.seconds / len(self.stints), deterministic=True)
        spent = time.perf_counter() - self.started
        return Limit(max(0.0, self.limit.seconds - spent) / waiting)

    def _solve(self, officer: str, limit: Limit) -> None:
        model = _OfficerModel(self.situation, officer)
        planned: dict[tuple[str, Duty], tuple[Stint, Calendar]] = {}
        for stint in self.stints[officer]:
            if stint.key in planned or stint.months.start < self.begun.get(stint.key, 1):
                continue
            due, waits = self._due(stint), self._waits(stint)
            calendar = model.add(stint.chain, stint.months, due, waits)
            planned[stint.key] = stint, calendar
            self.begun[stint.key] = stint.months.start
            for m in self.locked.get(stint.key, ()):
                if m in stint.months:
                    model.wish(sum(calendar.done.get(m, ())))
        model.limit_hours()
        try:
            solver, proved = limit.solve(model.cp)
        except NothingFoundError:
            return
        self.proved += proved
        for stint, calendar in planned.values():
            for m, arcs in calendar.done.items():
                if any(solver.value(arc) for arc in arcs):
                    self.done[stint.key][m] = officer

    def _due(self, stint: Stint) -> int:
        """When the duty is next due as the stint begins."""
        done = [m for m in self.done[stint.key] if m < stint.months.start]
        return max(done) + stint.chain.interval if done else stint.chain.due_month

    def _waits(self, stint: Stint) -> set[int]:
        """The months after which a lock beyond the stint could no longer be kept."""
        ahead = [m for m in self.locked.get(stint.key, ()) if m >= stint.months.stop]
        chain = stint.chain
        return {m for m in stint.months if ahead and chain.earliest(m + chain.interval) > ahead[0]}

    def plan(self) -> Plan:
        """The plan, once second officers are found: visits that none has time for are given up."""
        months = {ref: set(done) for (ref, duty), done in self.done.items() if duty is Duty.VISIT}
        arms = {
            (ref, m): doer
            for (ref, duty), done in self.done.items()
            if duty is Duty.ARMS
            for m, doer in done.items()
        }
        kept = {
            (ref, m) for (ref, duty), ms in self.locked.items() for m in ms if duty is Duty.VISIT
        }
        found = find_second_officers(self.situation, self.routes, months, arms, kept)
        return as_plan(
            self.situation, self.routes, visits=found.visits, arms=arms, second_hours=found.hours
        )


class _OfficerModel:
    """One officer's duties, hours and ARMS a month."""

    def __init__(self, situation: Situation, officer: str) -> None:
        self.situation = situation
        self.officer = officer
        self.grains = Grains.of(situation)
        self.cp = cp_model.CpModel()
        self.cost: list[Any] = []
        self.load: dict[int, list[Any]] = defaultdict(list)
        self.arms: dict[int, list[Any]] = defaultdict(list)

    def add(self, chain: DutyChain, months: range, due: int, waits: set[int]) -> Calendar:
        """Add a duty's calendar over the months in which it is this officer's."""
        alone = {m for m in months if chain.crew > 1 and not self._mates(chain, m)}
        calendar = add_calendar(
            self.cp, self.situation, chain, months, due=due, barred=waits | alone
        )
        self.cost += [points * arc for points, arc in calendar.cost]
        for m, arcs in calendar.done.items():
            if chain.duty is Duty.ARMS:
                self.load[m].append(self.grains.arms * sum(arcs))
                self.arms[m].append(sum(arcs))
            else:
                hours = self.grains.lead + (chain.crew - 1) * self.grains.second
                self.load[m].append(hours * sum(arcs))
        return calendar

    def _mates(self, chain: DutyChain, month: int) -> tuple[str, ...]:
        return self.situation.posts.seconds(chain.offender.team, self.officer, month)

    def wish(self, kept: Any) -> None:
        """A lock: ``kept`` is 1 where the plan keeps it."""
        self.cost.append(LOCK_MISSED * POINT * (1 - kept))

    def limit_hours(self) -> None:
        """Hours and ARMS within the officer's limits; the cost, once all duties are added."""
        policy = self.situation.policy
        for m, parts in self.load.items():
            most = self.grains.most(self.officer, m)
            comfort = self.grains.comfort(self.officer, m)
            self.cp.add(sum(parts) <= most)
            if most > comfort:
                above = self.cp.new_int_var(0, most - comfort, "")
                self.cp.add(above >= sum(parts) - comfort)
                self.cost.append(round(policy.cost_spread * POINT / GRAIN) * above)
        for done in self.arms.values():
            self.cp.add(sum(done) <= int(policy.arms_per_month))
        self.cp.minimize(sum(self.cost))
