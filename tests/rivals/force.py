"""The straightforward model: the whole force at once, in CP-SAT, with no hints and no tricks.

What a competent engineer would write in an afternoon from the contract: who holds each case in each
period, every duty's months, who leads, assesses and seconds, every officer's hours; all rules hard,
the contract's cost. Second officers are whole people in month 1, pooled by team in later months.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ortools.sat.python import cp_model

from planner.by_hand.decisions import locked_months, ties
from planner.domain.terms import Duty, RiskLevel
from tests.rivals.as_plan import as_plan
from tests.rivals.calendars import POINT, Calendar, add_calendar
from tests.rivals.hours import GRAIN, Grains

if TYPE_CHECKING:
    from planner.domain.plan import Plan
    from planner.domain.register import Offender
    from planner.workload.situation import DutyChain, Situation
    from tests.rivals.search import Limit

PersonMonth = tuple[str, int]
OfficerMonth = tuple[str, int]

SHARE = 100
"""Fair shares are whole hundredths of a case."""


def plan_force(situation: Situation, limit: Limit) -> tuple[Plan, str]:
    """The best plan found within the limit, building included, and how the search ended.

    Raises ``NothingFoundError`` where it found none.
    """
    started = time.perf_counter()
    model = _Force(situation)
    solver, proved = limit.solve(model.cp, since=started)
    return model.plan(solver), "proved best" if proved else "stopped by the clock"


@dataclass(frozen=True, slots=True)
class _Period:
    """An unbroken run of months in which the same officers may hold a case, by their names.

    Within it the case does not change hands (rule 4): nobody joins and nobody leaves.
    """

    months: range
    able: tuple[str, ...]


class _Force:
    """Variables and rules; one method a rule."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.register = situation.register
        self.posts, self.policy = situation.posts, situation.policy
        self.grains = Grains.of(situation)
        self.cp = cp_model.CpModel()
        self.people = sorted(self.register.offenders, key=lambda o: o.ref)
        self.staff = sorted(self.register.officer)
        self.cost: list[Any] = []
        self.load: dict[OfficerMonth, list[Any]] = defaultdict(list)
        self.periods: dict[str, list[_Period]] = {}
        self.holds: dict[tuple[str, str, int], Any] = {}  # by reference, officer, period number
        self.hold: dict[tuple[str, str, int], Any] = {}  # the same by month
        self.led: dict[tuple[str, str, int], Any] = {}
        self.assessed: dict[tuple[str, str, int], Any] = {}
        self.named: dict[tuple[str, str, str], Any] = {}  # month 1: (team, lead, second)
        self.given: dict[OfficerMonth, list[tuple[int, Any]]] = defaultdict(list)
        self._able: dict[tuple[object, ...], list[_Period]] = {}
        self._locked = locked_months(situation)
        for rule in (
            self._one_som,
            self._changes_of_som,
            self._keeps_and_som_locks,
            self._caps,
            self._duties,
            self._seconds,
            self._hours,
            self._mix,
        ):
            rule()
        self.cp.minimize(sum(self.cost))

    def _one_som(self) -> None:
        for o in self.people:
            self.periods[o.ref] = self._periods_of(o)
            for n, period in enumerate(self.periods[o.ref]):
                for s in period.able:
                    flag = self.holds[o.ref, s, n] = self.cp.new_bool_var("")
                    self.hold.update(((o.ref, s, m), flag) for m in period.months)
                if period.able:
                    self.cp.add_exactly_one(self.holds[o.ref, s, n] for s in period.able)

    def _periods_of(self, offender: Offender) -> list[_Period]:
        kin = (offender.team, offender.not_with, offender.needs)
        if kin not in self._able:
            found: list[_Period] = []
            for m in self.situation.horizon.months:
                able = tuple(s for s in self.staff if self.posts.may_hold(s, offender, m))
                if found and found[-1].able == able:
                    found[-1] = _Period(range(found[-1].months.start, m + 1), able)
                else:
                    found.append(_Period(range(m, m + 1), able))
            self._able[kin] = found
        return self._able[kin]

    def _changes_of_som(self) -> None:
        """Only from month 1, to one who joins, or where the SOM may hold it no longer."""
        counted: list[tuple[Offender, Any]] = []
        for o in self.people:
            som = self.register.som_of(o)
            if som is not None and self.situation.move_counts(o, som, 1):
                counted.append((o, 1 - self.hold[o.ref, som, 1]))
            for n, (before, after) in enumerate(pairwise(self.periods[o.ref])):
                start = after.months.start
                joiners = [s for s in after.able if self.posts.joins(s) == start]
                for s in set(before.able) & set(after.able):
                    was, stays = self.holds[o.ref, s, n], self.holds[o.ref, s, n + 1]
                    self.cp.add(was <= stays + sum(self.holds[o.ref, j, n + 1] for j in joiners))
                    if joiners and self.situation.move_counts(o, s, start):
                        gone = self.cp.new_bool_var("")
                        self.cp.add(gone >= was - stays)
                        counted.append((o, gone))
        self.cp.add(sum(change for _, change in counted) <= self.situation.moves_allowed)
        for o, change in counted:
            self.cost.append(round(self.policy.cost_move[o.level] * POINT) * change)

    def _keeps_and_som_locks(self) -> None:
        for ref, of_case in ties(self.situation).items():
            for tie in of_case:
                for m in tie.months:
                    self.cp.add(self.hold[ref, tie.som, m] == 1)

    def _caps(self) -> None:
        held: dict[OfficerMonth, list[Any]] = defaultdict(list)
        for (ref, s, m), flag in self.hold.items():
            if self.situation.presence[ref].at_end_of(m):
                held[s, m].append(flag)
        for (s, _), flags in held.items():
            cap = self.register.officer[s].cap
            if cap is not None:
                self.cp.add(sum(flags) <= cap)

    def _duties(self) -> None:
        months = self.situation.horizon.months
        arms_done: dict[OfficerMonth, list[Any]] = defaultdict(list)
        for chain in self.situation.chains:
            barred = {m for m in months if not self._holders(chain.ref, m)}
            calendar = add_calendar(
                self.cp, self.situation, chain, months, due=chain.due_month, barred=barred
            )
            self.cost += [points * arc for points, arc in calendar.cost]
            for m in self._locked.get((chain.ref, chain.duty), ()):
                if m in calendar.done:
                    self.cp.add(sum(calendar.done[m]) == 1)
            if chain.duty is Duty.VISIT:
                self._led_by_the_som(chain, calendar)
            else:
                self._assessed_by_whom(chain, calendar, arms_done)
        for done in arms_done.values():
            self.cp.add(sum(done) <= int(self.policy.arms_per_month))

    def _holders(self, ref: str, month: int) -> tuple[str, ...]:
        return next(p.able for p in self.periods[ref] if month in p.months)

    def _led_by_the_som(self, chain: DutyChain, calendar: Calendar) -> None:
        for m, arcs in calendar.done.items():
            shares = []
            for s in self._holders(chain.ref, m):
                if chain.crew > 1 and not self.posts.seconds(chain.offender.team, s, m):
                    continue
                led = self.led[chain.ref, s, m] = self.cp.new_bool_var("")
                self.cp.add_implication(led, self.hold[chain.ref, s, m])
                self.load[s, m].append(self.grains.lead * led)
                shares.append(led)
            self.cp.add(sum(shares) == sum(arcs))

    def _assessed_by_whom(
        self, chain: DutyChain, calendar: Calendar, arms_done: dict[OfficerMonth, list[Any]]
    ) -> None:
        for m, arcs in calendar.done.items():
            asking: dict[str, list[Any]] = defaultdict(list)
            for s in self._holders(chain.ref, m):
                for doer in self.posts.assessors(chain.offender.team, s, m):
                    asking[doer].append(self.hold[chain.ref, s, m])
            shares = []
            for doer, soms in asking.items():
                assessed = self.assessed[chain.ref, doer, m] = self.cp.new_bool_var("")
                self.cp.add(assessed <= sum(soms))
                self.load[doer, m].append(self.grains.arms * assessed)
                arms_done[doer, m].append(assessed)
                shares.append(assessed)
            self.cp.add(sum(shares) == sum(arcs))

    def _seconds(self) -> None:
        """Visits of one team share its officers' hours; none may second what he leads himself."""
        pools: dict[tuple[int, str, str], dict[tuple[str, str], list[Any]]] = {}
        for (ref, s, m), led in self.led.items():
            offender = self.register.offender[ref]
            if self.situation.crew(offender) > 1:
                shares = m > 1 and not self._draws_on_others(offender.team, s, m)
                pool = (m, offender.team, "" if shares else s)
                pools.setdefault(pool, {}).setdefault((offender.team, s), []).append(led)
        for (m, _, _), by_lead in sorted(pools.items(), key=lambda item: item[0]):
            unit, number = (self.grains.second, 1) if m == 1 else (1, self.grains.second)
            visits = [led for of_lead in by_lead.values() for led in of_lead]
            parts = []
            for d in sorted({d for t, s in by_lead for d in self.posts.seconds(t, s, m)}):
                part = self.cp.new_int_var(0, len(visits) * number, "")
                own = [led for (_, s), of_lead in by_lead.items() if s == d for led in of_lead]
                if own:
                    self.cp.add(part <= number * (sum(visits) - sum(own)))
                self.load[d, m].append(unit * part)
                self.given[d, m].append((unit, part))
                parts.append(part)
                if m == 1:
                    ((team, lead),) = by_lead
                    self.named[team, lead, d] = part
            self.cp.add(sum(parts) == number * sum(visits))

    def _draws_on_others(self, team: str, lead: str, month: int) -> bool:
        """Whether nobody else of the team is there, so that the unit seconds its visits."""
        seconds = self.posts.seconds(team, lead, month)
        return any(self.register.officer[d].team != team for d in seconds)

    def _hours(self) -> None:
        for (s, m), parts in self.load.items():
            most, comfort = self.grains.most(s, m), self.grains.comfort(s, m)
            self.cp.add(sum(parts) <= most)
            if most > comfort:
                above = self.cp.new_int_var(0, most - comfort, "")
                self.cp.add(above >= sum(parts) - comfort)
                self.cost.append(round(self.policy.cost_spread * POINT / GRAIN) * above)

    def _mix(self) -> None:
        for s, share in self.situation.fair_share.items():
            held = [
                self.hold[o.ref, s, 1]
                for o in self.people
                if (o.ref, s, 1) in self.hold
                and o.level >= RiskLevel.HIGH
                and self.situation.presence[o.ref].at_end_of(1)
            ]
            if held:
                excess = self.cp.new_int_var(0, len(held) * SHARE, "")
                self.cp.add(excess >= SHARE * sum(held) - round(share * SHARE))
                self.cost.append(round(self.policy.cost_mix * POINT / SHARE) * excess)

    def plan(self, solver: Any) -> Plan:
        """The plan of the solver's solution."""
        months = self.situation.horizon.months
        som = {(ref, m): s for (ref, s, m), flag in self.hold.items() if solver.value(flag)}
        left = {key: solver.value(part) for key, part in self.named.items()}
        visits: dict[PersonMonth, str | None] = {}
        for (ref, s, m), led in sorted(self.led.items(), key=lambda item: item[0]):
            if solver.value(led):
                offender, second = self.register.offender[ref], None
                if m == 1 and self.situation.crew(offender) > 1:
                    key = next(k for k in left if k[:2] == (offender.team, s) and left[k])
                    left[key] -= 1
                    second = key[2]
                visits[ref, m] = second
        return as_plan(
            self.situation,
            {o.ref: [som.get((o.ref, m)) for m in months] for o in self.people},
            visits=visits,
            arms={
                (ref, m): doer
                for (ref, doer, m), done in self.assessed.items()
                if solver.value(done)
            },
            second_hours={
                key: self.grains.as_second_hours(sum(unit * solver.value(p) for unit, p in parts))
                for key, parts in self.given.items()
            },
        )
