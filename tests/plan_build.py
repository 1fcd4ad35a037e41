"""Small registers and a plain plan for them, to try tables and workbooks on.

The plan is made the way a person in a hurry would: today's SOM keeps the case, duties are done
riskiest and longest due first while hours last. It keeps hours and due dates, not every rule.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from planner.domain.plan import Holding, Plan, PlannedArms, PlannedVisit
from planner.domain.register import Absence, Lock, Offender, Officer, Register
from planner.domain.result import SearchStatus, Shortfall, SolveResult
from planner.domain.rules import Rule
from planner.domain.terms import (
    Duty,
    LockKind,
    Management,
    RiskLevel,
    Role,
    Status,
    VisitType,
)
from planner.domain.verdict import Breach, RuleFinding, Verdict
from planner.tables import run_items, written_plan
from planner.workbooks.plan_report import PlanReport
from planner.workload.outcome import Outcome
from planner.workload.situation import DutyChain, Situation

AS_AT = date(2027, 4, 20)
_LEVELS = (RiskLevel.VERY_HIGH, RiskLevel.HIGH, RiskLevel.MEDIUM, RiskLevel.LOW)


def small_register(offenders: int = 60, officers: int = 6, seed: int = 1) -> Register:
    """People of every status over three teams, officers who leave and join, one lock."""
    draw = random.Random(seed)
    teams = ("Coventry", "North", "Walsall")
    staff = tuple(
        Officer(
            staff_id=f"OM{n:02}",
            team=teams[n % 3],
            role=Role.STAFF if n % 4 == 3 else Role.OFFICER,
            fte=0.6 if n % 5 == 4 else 1.0,
            start=date(2027, 8, 2) if n == officers - 1 else None,
            end=date(2027, 12, 10) if n == 0 else None,
            arms_trained_from=None if n % 6 == 5 else date(2020, 1, 1),
            cap=70,
        )
        for n in range(officers)
    )
    people = tuple(_person(n, draw, staff, teams) for n in range(offenders))
    lock = Lock(ref=people[3].ref, kind=LockKind.SOM, staff_id=people[3].som, reason="Knows him")
    away = Absence(
        staff_id="OM01", first=date(2027, 6, 1), last=date(2027, 6, 18), reason="Training"
    )
    return Register(
        as_at=AS_AT,
        offenders=people,
        officers=staff,
        absences=(away,),
        locks=(lock,),
        title="SYNTHETIC register for tests",
    )


def _person(
    n: int, draw: random.Random, staff: tuple[Officer, ...], teams: tuple[str, ...]
) -> Offender:
    status = draw.choices(
        (Status.COMMUNITY, Status.CUSTODY, Status.MISSING, Status.HOSPITAL), (80, 15, 2, 3)
    )[0]
    team = teams[n % 3]
    som = draw.choice([s.staff_id for s in staff if s.team == team and s.start is None])
    level = draw.choices(_LEVELS, (2, 16, 32, 50))[0]
    gone = status is not Status.COMMUNITY
    released = AS_AT + timedelta(days=draw.randint(20, 900))
    return Offender(
        ref=f"{n:05}",
        status=status,
        level=level,
        management=Management.REACTIVE
        if level is RiskLevel.LOW and n % 7 == 0
        else Management.ACTIVE,
        team=team,
        area=f"CV{n % 9 + 1}",
        som=None if n % 23 == 5 else som,
        last_visit=None if n % 29 == 11 else AS_AT - timedelta(days=draw.randint(5, 500)),
        last_visit_type=VisitType.ANNOUNCED if n % 3 == 0 else VisitType.UNANNOUNCED,
        failed_attempts=draw.choices((0, 1, 2, 3), (80, 12, 5, 3))[0],
        last_arms=None if n % 17 == 3 else AS_AT - timedelta(days=draw.randint(30, 1500)),
        registered_from=date(2019, 3, 1),
        registered_until=AS_AT + timedelta(days=200) if n % 31 == 7 else None,
        release_date=released if gone and status is not Status.MISSING and n % 5 else None,
        keep=n % 19 == 4,
    )


@dataclass
class _Hand:
    """Hours left over and duties done so far."""

    situation: Situation
    left: dict[tuple[str, int], float]
    second: dict[tuple[str, int], float] = field(default_factory=lambda: defaultdict(float))
    visits: list[PlannedVisit] = field(default_factory=list)
    arms: list[PlannedArms] = field(default_factory=list)

    def do(self, chain: DutyChain, som: str, month: int) -> bool:
        hours, team = self.situation.hours, chain.offender.team
        if chain.duty is Duty.ARMS:
            for s in self.situation.posts.assessors(team, som, month):
                if self.left[s, month] >= hours.arms:
                    self.left[s, month] -= hours.arms
                    self.arms.append(PlannedArms(month, chain.ref, som, s))
                    return True
            return False
        free = [
            s
            for s in self.situation.posts.seconds(team, som, month)
            if self.left[s, month] >= hours.second
        ]
        if self.left[som, month] < hours.lead or (chain.crew > 1 and not free):
            return False
        self.left[som, month] -= hours.lead
        second = None
        if chain.crew > 1:
            second = max(free, key=lambda s: self.left[s, month])
            self.left[second, month] -= hours.second
            self.second[second, month] += hours.second
        kind = VisitType.ANNOUNCED if len(self.visits) % 4 == 0 else VisitType.UNANNOUNCED
        named = second if month == 1 else None
        self.visits.append(PlannedVisit(month, chain.ref, som, kind, chain.crew, named))
        return True


def plain_plan(situation: Situation, cases_first: bool = True) -> Plan:
    """Duties in or after their due month, riskiest first, while hours last."""
    holdings = {o.ref: h for o in situation.register.offenders if (h := _holdings(situation, o))}
    hand = _Hand(situation, dict(situation.capacity))
    due = {c: c.due_month for c in situation.chains}
    plan = Plan(situation.horizon, holdings, (), (), {})
    for month in situation.horizon.months:
        waiting = [c for c in situation.chains if due[c] <= month and c.presence.seen_in(month)]
        order = (lambda c: (c.duty, -c.level, due[c], c.ref)) if cases_first else (lambda c: c.ref)
        for chain in sorted(waiting, key=order, reverse=False):
            som = plan.som(chain.ref, month)
            if som is not None and hand.do(chain, som, month):
                due[chain] = month + chain.interval
    return Plan(
        situation.horizon,
        holdings,
        tuple(sorted(hand.visits)),
        tuple(sorted(hand.arms)),
        dict(hand.second),
    )


def _holdings(situation: Situation, offender: Offender) -> tuple[Holding, ...]:
    """Today's SOM while they may hold the case, then the first of those who may."""
    held: list[Holding] = []
    now = situation.register.som_of(offender)
    for month in situation.horizon.months:
        if now is None or not situation.posts.may_hold(now, offender, month):
            able = [
                s
                for s in situation.register.officer
                if situation.posts.may_hold(s, offender, month)
            ]
            now = able[sum(offender.ref.encode()) % len(able)] if able else None
        if now is not None and (not held or held[-1].som != now):
            held.append(Holding(month, now))
    return tuple(held)


def accepted_verdict(outcome: Outcome) -> Verdict:
    findings = tuple(RuleFinding(rule=r, checked=100, broken=0, forced=0) for r in Rule)
    return Verdict(findings=findings, discrepancies=(), cost=outcome.cost)


def rejected_verdict(outcome: Outcome) -> Verdict:
    """Caps broken because the register leaves no choice, hours because the plan is wrong."""
    cap = tuple(
        Breach(
            rule=Rule.CASELOAD_CAP,
            staff_id=f"OM{n:02}",
            month=date(2027, 5, 1),
            amount=3,
            detail="3 above the cap of 20",
        )
        for n in range(25)
    )
    hours = Breach(
        rule=Rule.HOURS, staff_id="OM02", month=date(2027, 6, 1), amount=4.5, detail="4.5 h over"
    )
    found = {
        Rule.CASELOAD_CAP: RuleFinding(
            rule=Rule.CASELOAD_CAP, checked=108, broken=25, forced=25, breaches=cap
        ),
        Rule.HOURS: RuleFinding(
            rule=Rule.HOURS, checked=108, broken=1, forced=0, breaches=(hours,)
        ),
    }
    kept = accepted_verdict(outcome)
    findings = tuple(found.get(f.rule, f) for f in kept.findings)
    return Verdict(findings=findings, discrepancies=(), cost=outcome.cost)


def report(
    register: Register | None = None, *, rejected: bool = False, lacking: bool = True
) -> PlanReport:
    """Everything a plan workbook tells of, for a small register."""
    situation = Situation(register or small_register())
    outcome = Outcome(situation, plain_plan(situation))
    by_hand = Outcome(situation, plain_plan(situation, cases_first=False))
    teams = situation.register.teams
    shortfall = Shortfall(
        hours={(t, m): 10.0 * m for t in teams[:2] for m in (3, 4, 18)},
        posts=1.3,
        without_remedy=(("00007", "nobody of the team is trained for ARMS"),),
    )
    result = SolveResult(
        plan=outcome.plan,
        status=SearchStatus.WITHIN_GAP,
        bound=outcome.total_cost * 0.97,
        seed=1,
        effort="standard",
        hour_price={(t, m): 3.0 * m for t in teams for m in range(1, 10)},
        shortfall=shortfall if lacking else None,
        seconds={"read": 0.5, "search": 12.25},
    )
    run = run_items(outcome, result, {"register.xlsx": "ab" * 32})
    written = written_plan(outcome, run)
    verdict = rejected_verdict(outcome) if rejected else accepted_verdict(outcome)
    return PlanReport(
        outcome=outcome, by_hand=by_hand, result=result, written=written, verdict=verdict
    )
