"""Registers built backwards from a hidden plan that keeps every hard rule and clears.

The plan comes first: who holds whom, what is done when, who seconds it. Hours, caps, skills,
conflicts, locks and keeps are then set so that they allow it, and often no more than it. Whatever
rule a plan found for such a register breaks, the fault is ours.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

from planner.domain.months import Horizon
from planner.domain.plan import Holding, Plan, PlannedArms, PlannedVisit
from planner.domain.policy import Policy
from planner.domain.register import Absence, Lock, Offender, Officer, Register
from planner.domain.result import SearchStatus, SolveResult
from planner.domain.terms import LEVELS, Duty, LockKind, Management, RiskLevel, Status, VisitType
from planner.optimise.solve import solve
from planner.tables import run_items, written_plan
from planner.verify.verifier import verify
from planner.workload.announced import visit_types
from planner.workload.capacity import hold_back_hours
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from planner.domain.verdict import Verdict
    from planner.workload.situation import DutyChain

MONTHS = range(1, 19)
_AS_ATS = (date(2026, 1, 15), date(2026, 4, 1), date(2026, 7, 31), date(2028, 2, 29))
_SKILLS = ("Youth", "Deaf")


@dataclass(frozen=True)
class Judged:
    """A plan with what is proved of it and what the verifier says of it."""

    situation: Situation
    result: SolveResult
    outcome: Outcome
    verdict: Verdict

    @property
    def plan(self) -> Plan:
        return self.result.plan

    @property
    def cost(self) -> float:
        return self.outcome.total_cost

    @property
    def broken(self) -> dict[int, tuple[int, int]]:
        """Broken rules' numbers, each with how often broken and how often forced."""
        return {f.rule.value: (f.broken, f.forced) for f in self.verdict.findings if f.broken}

    def sound(self) -> None:
        """Accepted, no figure wrong, the verifier's cost ours, the bound below it."""
        assert self.verdict.discrepancies == ()
        assert self.verdict.accepted, self.broken
        assert abs(self.verdict.total_cost - self.cost) <= 1e-6 * max(1.0, self.cost)
        assert self.result.bound <= self.cost + 1e-6 * max(1.0, self.cost)


def judged(situation: Situation, result: SolveResult) -> Judged:
    outcome = Outcome(situation, result.plan)
    written = written_plan(outcome, run_items(outcome, result, {}, {}))
    return Judged(situation, result, outcome, verify(situation.register, written))


def solved(register: Register, *, effort: str = "quick", seed: int = 0) -> Judged:
    """The register solved in this process, and judged."""
    situation = Situation(register)
    return judged(situation, solve(situation, effort=effort, seed=seed, processes=1))


def judged_plan(register: Register, plan: Plan, bound: float = 0.0) -> Judged:
    """Any plan, judged as if a search had found it."""
    result = SolveResult(
        plan=plan, status=SearchStatus.WITHIN_GAP, bound=bound, seed=0, effort="quick"
    )
    return judged(Situation(register), result)


@dataclass(frozen=True)
class Hidden:
    register: Register
    plan: Plan
    cost: float


def hidden(seed: int, *, people: int = 24, teams: int = 2, slack: float = 0.0) -> Hidden:
    """A register and the plan it was built from.

    ``slack``: by what share officers' hours exceed those of the plan, month by month.
    """
    return _Hider(Random(seed), people, teams, slack).hidden()


class _Hider:
    """Builds the register and the plan together; ``draw`` is the only chance there is."""

    def __init__(self, draw: Random, people: int, teams: int, slack: float) -> None:
        self.draw = draw
        self.slack = slack
        self.as_at = draw.choice(_AS_ATS)
        self.horizon = Horizon(self.as_at)
        self.teams = ("North", "South", "West")[:teams]
        staff = tuple(s for team in self.teams for s in self._team(team))
        stay = [s for s in staff if s.start is None and s.end is None]
        self.policy = self._policy(alone=len(stay) < 2)
        self.register = Register(
            as_at=self.as_at,
            offenders=tuple(self._person(n) for n in range(people)),
            officers=staff,
            policy=self.policy,
        )
        self.situation = Situation(self.register)
        self.holdings: dict[str, tuple[Holding, ...]] = {}
        self.hours: dict[tuple[str, int], float] = defaultdict(float)
        self.second_hours: dict[tuple[str, int], float] = defaultdict(float)
        self.month_load: Counter[int] = Counter()
        self.visits: list[PlannedVisit] = []
        self.arms: list[PlannedArms] = []

    def hidden(self) -> Hidden:
        self._allocate()
        self._demand_what_holds()
        for chain in self.situation.chains:
            for month in self._calendar(chain):
                self._do(chain, month)
        plan = self._plan()
        self._lock_duties()
        self._limit(plan)
        outcome = Outcome(Situation(self.register), plan)
        return Hidden(self.register, plan, outcome.total_cost)

    # --- who there is -----------------------------------------------------------------------

    def _team(self, team: str) -> list[Officer]:
        """One officer who stays, has every skill and is trained; up to three others."""
        stays = Officer(
            staff_id=f"{team[0]}0",
            team=team,
            arms_trained_from=date(2020, 1, 1),
            skills=frozenset(_SKILLS),
        )
        return [
            stays,
            *(self._colleague(team, n) for n in range(1, self.draw.choice((1, 2, 3, 4)))),
        ]

    def _colleague(self, team: str, n: int) -> Officer:
        draw = self.draw
        start = end = None
        kind = draw.random()
        if kind < 0.25:
            start = self._day(draw.randint(2, 12))
        elif kind < 0.5:
            end = self._day(draw.randint(2, 16))
        return Officer(
            staff_id=f"{team[0]}{n}",
            team=team,
            fte=draw.choice((0.5, 1.0)),
            start=start,
            end=end,
            arms_trained_from=draw.choice((None, date(2020, 1, 1), self._day(draw.randint(1, 9)))),
            skills=frozenset(draw.sample(_SKILLS, draw.randint(0, 2))),
        )

    def _day(self, month: int) -> date:
        """A day of a month (its number), often its first or last."""
        first, last = self.horizon.start(month), self.horizon.end(month)
        return self.draw.choice((first, last, first + timedelta(days=self.draw.randint(0, 27))))

    def _policy(self, *, alone: bool) -> Policy:
        draw = self.draw
        return Policy.of(
            {
                **{f"visit.interval.{level.key}": draw.randint(1, 24) for level in LEVELS},
                "arms.review_months": draw.choice((3, 6, 12, 24)),
                "visit.crew": 1 if alone else draw.choice((1, 2, 2)),
                "visit.failed_rate": draw.choice((0, 0.2, 0.4)),
                "arms.hours": draw.choice((3, 5, 8)),
                "hours.overtime": draw.choice((0, 0, 0.25)),
                "hours.comfort": draw.choice((0.5, 0.9, 1)),
                "inflow.per_year": draw.choice((0, 0.03)),
                "ageing": draw.choice((0, 0.05, 0.5)),
                "cross_team": draw.random() < 0.3,
                "arms.by_colleague": draw.random() < 0.4,
                "moves.share": 1,
            }
        )

    def _person(self, n: int) -> Offender:
        draw = self.draw
        kind, months = draw.random(), self.horizon
        status, release, since, until = Status.COMMUNITY, None, None, None
        if kind < 0.15:
            status = draw.choice((Status.CUSTODY, Status.HOSPITAL, Status.ABROAD))
            release = draw.choice((None, self._day(draw.randint(1, 18))))
        elif kind < 0.2:
            status = Status.MISSING
        elif kind < 0.3:
            until = self._day(draw.randint(1, 18))
        elif kind < 0.4:
            since = self._day(draw.randint(1, 12))
        return Offender(
            ref=f"P{n:03}",
            status=status,
            level=draw.choices(LEVELS, (1, 3, 4, 4))[0],
            management=Management.REACTIVE if draw.random() < 0.1 else Management.ACTIVE,
            team=draw.choice(self.teams),
            last_visit=None if draw.random() < 0.1 else months.start(draw.randint(-14, 0)),
            last_visit_type=draw.choice((None, *VisitType)),
            visit_interval=draw.choice((None, None, None, draw.randint(1, 24))),
            crew=draw.choice((None, None, 1)),
            arms_applicable=draw.random() < 0.85,
            last_arms=None if draw.random() < 0.1 else months.start(draw.randint(-20, 0)),
            release_date=release,
            registered_from=since,
            registered_until=until,
        )

    # --- who holds whom ---------------------------------------------------------------------

    def _allocate(self) -> None:
        for o in self.register.offenders:
            route = self._route(o)
            self.holdings[o.ref] = tuple(
                Holding(m, s) for m, s in enumerate(route, start=1) if m == 1 or s != route[m - 2]
            )

    def _route(self, offender: Offender) -> list[str]:
        posts, route = self.situation.posts, list[str]()
        for m in MONTHS:
            able = [s for s in sorted(self.register.officer) if posts.may_hold(s, offender, m)]
            if route and route[-1] in able:
                joiners = [s for s in able if posts.joins(s) == m]
                if joiners and self.draw.random() < 0.3:
                    route.append(self.draw.choice(joiners))
                else:
                    route.append(route[-1])
            else:
                route.append(self.draw.choice(able))
        return route

    def _demand_what_holds(self) -> None:
        """Give each case a SOM today, needs, conflicts, a keep or a lock that its holders meet."""
        people = tuple(self._demanding(o) for o in self.register.offenders)
        self._renew(replace(self.register, offenders=people))
        held = {o.ref: {h.som for h in self.holdings[o.ref]} for o in people}
        locks = tuple(
            Lock(ref=o.ref, kind=LockKind.SOM, staff_id=self.holdings[o.ref][-1].som)
            for o in people
            if len(held[o.ref]) == 1 and self.draw.random() < 0.15 and not o.keep
        )
        self._renew(replace(self.register, locks=locks))

    def _demanding(self, offender: Offender) -> Offender:
        draw, staff = self.draw, self.register.officer
        holders = [h.som for h in self.holdings[offender.ref]]
        skills = frozenset.intersection(*(staff[s].skills for s in holders))
        others = sorted(set(staff) - set(holders))
        somebody = [s for s in sorted(staff) if staff[s].start is None]
        som = draw.choice((None, "gone", *([holders[0]] * 5), draw.choice(somebody)))
        if draw.random() < 0.5:
            others = [s for s in others if s != som]
        return replace(
            offender,
            som=som,
            needs=frozenset(s for s in sorted(skills) if draw.random() < 0.3),
            not_with=frozenset(s for s in others if draw.random() < 0.15),
            keep=len(set(holders)) == 1 and som == holders[0] and draw.random() < 0.2,
        )

    def _renew(self, register: Register) -> None:
        self.register = register
        self.situation = Situation(register)

    # --- what is done when ------------------------------------------------------------------

    def _calendar(self, chain: DutyChain) -> list[int]:
        """Months that clear the duty, on time or early where they can be; arrears spread out."""
        found: list[int] = []
        due = chain.due_month
        pressing = chain.duty is Duty.VISIT and chain.level >= RiskLevel.HIGH
        while True:
            first = max(
                chain.earliest(due), chain.presence.first_seen, found[-1] + 1 if found else 1
            )
            last = max(due, first) if pressing or due >= 1 else max(first, self.draw.randint(2, 8))
            last = min(last, chain.presence.last_seen)
            if first > last or (due > MONTHS[-1] and self.draw.random() < 0.8):
                return found
            month = min(range(first, last + 1), key=lambda m: (self.month_load[m], m))
            self.month_load[month] += 1
            found.append(month)
            due = month + chain.interval

    def _do(self, chain: DutyChain, month: int) -> None:
        posts, hours = self.situation.posts, self.situation.hours
        som = [h.som for h in self.holdings[chain.ref] if h.month <= month][-1]
        if chain.duty is Duty.ARMS:
            doer = self._least_busy(posts.assessors(chain.offender.team, som, month), month)
            self.hours[doer, month] += hours.arms
            self.arms.append(PlannedArms(month, chain.ref, som, doer))
            return
        second = None
        self.hours[som, month] += hours.lead
        if chain.crew > 1:
            second = self._least_busy(posts.seconds(chain.offender.team, som, month), month)
            self.hours[second, month] += hours.second
            self.second_hours[second, month] += hours.second
        self.visits.append(
            PlannedVisit(
                month,
                chain.ref,
                som,
                VisitType.UNANNOUNCED,
                chain.crew,
                second if month == 1 else None,
            )
        )

    def _least_busy(self, staff: tuple[str, ...], month: int) -> str:
        return min(staff, key=lambda s: (self.hours[s, month], s))

    def _plan(self) -> Plan:
        months: dict[str, list[int]] = defaultdict(list)
        for visit in sorted(self.visits):
            months[visit.ref].append(visit.month)
        types = visit_types(months, self.register.offender, self.policy)
        return Plan(
            horizon=self.horizon,
            holdings=self.holdings,
            visits=tuple(sorted(replace(v, visit_type=types[v.ref, v.month]) for v in self.visits)),
            arms=tuple(sorted(self.arms)),
            second_hours=dict(self.second_hours),
        )

    # --- what the plan leaves room for ------------------------------------------------------

    def _lock_duties(self) -> None:
        done = [
            *((v.ref, LockKind.VISIT, v.month) for v in self.visits),
            *((a.ref, LockKind.ARMS, a.month) for a in self.arms),
        ]
        locks = tuple(
            Lock(ref=ref, kind=kind, month=self.horizon.start(month))
            for ref, kind, month in sorted(done)
            if self.draw.random() < 0.03
        )
        self._renew(replace(self.register, locks=(*self.register.locks, *locks)))

    def _limit(self, plan: Plan) -> None:
        """Set hours, caps, ARMS a month and moves to what the plan takes, give or take slack."""
        outcome = Outcome(self.situation, plan)
        counted = sum(c.counts for c in outcome.changes)
        each = Counter((a.done_by, a.month) for a in plan.arms)
        policy = self.policy.but(
            {
                "moves.share": min(10.0, counted / len(self.register.offenders)),
                "arms.per_month": max([1, *each.values()]),
            }
        )
        self._renew(replace(self.register, policy=policy))
        officers, absences = [], []
        for officer in self.register.officers:
            most = max(outcome.community_caseload(m)[officer.staff_id] for m in MONTHS)
            cap = most if self.draw.random() < 0.4 else None
            limited, away = self._hours_of(replace(officer, cap=cap))
            officers.append(limited)
            absences += away
        self._renew(replace(self.register, officers=tuple(officers), absences=tuple(absences)))

    def _hours_of(self, officer: Officer) -> tuple[Officer, list[Absence]]:
        """Hours a month, and an absence each month that leaves of them what the plan takes."""
        wanted = {m: self._wanted(officer, m) for m in MONTHS}
        share = {m: self._share_there(officer, m) for m in MONTHS}
        hours = max((wanted[m] / share[m] for m in MONTHS if share[m] > 0), default=0.0)
        hours = max(1.0, hours)
        absences = [
            Absence(
                staff_id=officer.staff_id,
                first=self.horizon.start(m),
                last=self.horizon.end(m),
                share=1 - wanted[m] / (hours * share[m]),
            )
            for m in MONTHS
            if share[m] > 0 and wanted[m] < hours * share[m]
        ]
        return replace(officer, hours_per_month=hours), absences

    def _wanted(self, officer: Officer, month: int) -> float:
        """Hours before the team's hold-back for new registrations."""
        stretch = (1 + self.slack) / (1 + self.policy.hours_overtime)
        team = [s.staff_id for s in self.register.officers if s.team == officer.team]
        total = sum(self.hours[s, month] for s in team) * stretch
        if total == 0:
            return 0.0
        held_back = hold_back_hours(self.register)[officer.team]
        return self.hours[officer.staff_id, month] * stretch * (1 + held_back / total)

    def _share_there(self, officer: Officer, month: int) -> float:
        """What an hour a month comes to in this month: days in post, and the ramp of a joiner."""
        plain = replace(officer, hours_per_month=1.0)
        alone = Register(
            as_at=self.as_at, offenders=(), officers=(plain,), policy=self.register.policy
        )
        return Situation(alone).capacity[officer.staff_id, month]
