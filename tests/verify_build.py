"""Small registers and consistent written plans for the verifier's tests.

``written`` makes a whole WrittenPlan of a few decisions. The figures it states come from the
verifier's own evidence: a clean plan to tamper with, no test of those figures (they are worked
out by hand where they are tested).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from planner.domain.policy import Policy
from planner.domain.register import Lock, Offender, Officer, Register
from planner.domain.terms import LEVELS, Duty, LockKind, RiskLevel, Status
from planner.domain.written import (
    AllocationRow,
    BacklogRow,
    NotPlannedRow,
    RunItem,
    ScheduleRow,
    WorkloadRow,
    WrittenPlan,
)
from planner.verify.cost import costs
from planner.verify.evidence import Evidence
from planner.verify.verifier import verify
from planner.verify.world import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.domain.rules import Rule
    from planner.domain.verdict import RuleFinding, Verdict

AS_AT = date(2026, 1, 15)
"""Month 1 is February 2026, month 18 July 2027."""

EASY = Policy.of({"inflow.per_year": 0, "moves.share": 1})


def person(ref: str, **columns: Any) -> Offender:
    """Somebody of team North with S1, on whom nothing falls due in the horizon."""
    usual: dict[str, Any] = {
        "ref": ref,
        "status": Status.COMMUNITY,
        "level": RiskLevel.LOW,
        "team": "North",
        "som": "S1",
        "last_visit": date(2026, 1, 10),
        "visit_interval": 24,
        "arms_due": date(2028, 1, 10),
    }
    return Offender(**{**usual, **columns})


def officer(staff_id: str, **columns: Any) -> Officer:
    """Somebody of team North, trained for ARMS, with 100 hours a month."""
    usual: dict[str, Any] = {
        "staff_id": staff_id,
        "team": "North",
        "arms_trained_from": date(2020, 1, 1),
        "hours_per_month": 100.0,
    }
    return Officer(**{**usual, **columns})


def register(people: Iterable[Offender], staff: Iterable[Officer] = (), **parts: Any) -> Register:
    """A register with S1 and S2 unless others are given."""
    officers = tuple(staff) or (officer("S1"), officer("S2"))
    return Register(
        **{
            "as_at": AS_AT,
            "policy": EASY,
            "offenders": tuple(people),
            "officers": officers,
            **parts,
        }
    )


def som_lock(ref: str, staff_id: str) -> Lock:
    return Lock(ref=ref, kind=LockKind.SOM, staff_id=staff_id)


def duty_lock(ref: str, kind: LockKind, month: int) -> Lock:
    years, past = divmod(month, 12)  # month 1 is February 2026
    return Lock(ref=ref, kind=kind, month=date(2026 + years, past + 1, 1))


@dataclass(frozen=True)
class V:
    """A visit; ``second`` None: somebody who may, in month 1; ``by`` None: the SOM."""

    month: int
    ref: str
    kind: str = "Unannounced"
    second: str | None = None
    by: str | None = None


@dataclass(frozen=True)
class A:
    """An ARMS; ``by`` None: the SOM where trained, else a trained colleague."""

    month: int
    ref: str
    by: str | None = None


Holds = dict[str, list[tuple[int, str]]]


def written(
    reg: Register,
    duties: Iterable[V | A] = (),
    holds: Holds | None = None,
    seconds: Mapping[tuple[str, int], float] | None = None,
) -> WrittenPlan:
    """A plan with consistent figures. ``holds`` by ref, default today's SOM from month 1.

    ``seconds`` are hours from month 2 on; by default the first colleagues who may give them do.
    """
    world = World.of(reg)
    held = {o.ref: [(1, o.som or "S1")] for o in reg.offenders} | (holds or {})
    allocation = _allocation(world, held)
    schedule = tuple(_row(world, held, duty) for duty in duties)
    given = dict(_colleagues_give(world, schedule) if seconds is None else seconds)
    workload = tuple(
        WorkloadRow(world.months.starts[m], s, world.staff[s].team, 0.0, 0.0,
                    given.get((s, m), 0.0), 0.0, 0.0, 0, 0, 0)
        for m in range(1, 19) for s in world.staff
    )  # fmt: skip
    draft = WrittenPlan(allocation=allocation, schedule=schedule, workload=workload,
                        backlog=(), not_planned=(), run=())  # fmt: skip
    return _settled(draft, Evidence.of(reg, draft))


def _allocation(world: World, held: Holds) -> tuple[AllocationRow, ...]:
    locks = {(k.ref, k.staff_id) for k in world.register.locks if k.kind is LockKind.SOM}
    rows = []
    for ref, stints in held.items():
        offender = world.people[ref].offender
        before = world.known_som(offender)
        for month, som in stints:
            moved = "Yes" if before and before != som else "No"
            rows.append(AllocationRow(
                ref, offender.status.value, offender.level.label, offender.management.value,
                offender.team, world.months.starts[month], som, before, moved,
                "Yes" if (ref, som) in locks else "No",
                "Workload" if moved == "Yes" else "Unchanged",
            ))  # fmt: skip
            before = som
    return tuple(rows)


def _som(held: Holds, ref: str, month: int) -> str:
    return next((s for m, s in reversed(held[ref]) if m <= month), "")


def _row(world: World, held: Holds, duty: V | A) -> ScheduleRow:
    someone = world.people[duty.ref]
    som, month = _som(held, duty.ref, duty.month), duty.month
    team, start = someone.offender.team, world.months.starts[month]
    second = None
    if isinstance(duty, V):
        second, by, name = duty.second, duty.by or som, "Visit"
        if second is None and month == 1 and someone.crew > 1:
            second = next(s for s in world.staff if world.may_second(team, som, s, month))
    else:
        doers = (s for s in [som, *world.staff] if world.may_do_arms(team, som, s, month))
        by, name = duty.by or next(doers), "ARMS"
    kind, crew = (duty.kind, someone.crew) if isinstance(duty, V) else (None, None)
    level = someone.offender.level.label
    return ScheduleRow(
        start, duty.ref, level, som, name, kind, crew, second, by, 0.0, 0.0, start, 0
    )


def _colleagues_give(
    world: World, schedule: tuple[ScheduleRow, ...]
) -> dict[tuple[str, int], float]:
    hours = world.policy.visit_hours * (
        1 + world.policy.visit_failed_rate * world.policy.visit_failed_cost
    )
    given: dict[tuple[str, int], float] = {}
    for row in schedule:
        month, team = world.months.number(row.month), world.people[row.ref].offender.team
        if row.duty != "Visit" or month == 1 or world.people[row.ref].crew < 2:
            continue
        who = row.second or next(
            s for s in world.staff if world.may_second(team, row.done_by, s, month)
        )
        given[who, month] = given.get((who, month), 0.0) + hours
    return given


def _settled(draft: WrittenPlan, evidence: Evidence) -> WrittenPlan:
    """Fill in every stated figure."""
    return replace(
        draft,
        schedule=tuple(_schedule_row(evidence, n) for n in range(len(draft.schedule))),
        workload=tuple(_workload_row(evidence, row) for row in draft.workload),
        backlog=tuple(_backlog(evidence)),
        not_planned=tuple(_not_planned(evidence)),
        run=tuple(_run(evidence)),
    )


def _schedule_row(evidence: Evidence, n: int) -> ScheduleRow:
    entry = evidence.reading.entries[n]
    hours = evidence.hours
    lead, second = hours.arms, 0.0
    if entry.duty is Duty.VISIT:
        crew = evidence.world.people[entry.ref].crew
        lead, second = hours.lead, hours.second * (crew - 1)
    if (entry.ref, entry.duty) not in evidence.chains:
        return replace(entry.row, lead_hours=lead, second_hours=second)
    link = evidence.link(entry)
    late = max(0, entry.month - link.due_month)
    return replace(entry.row, lead_hours=lead, second_hours=second, due=link.due, months_late=late)


def _workload_row(evidence: Evidence, row: WorkloadRow) -> WorkloadRow:
    month, load = evidence.world.months.number(row.month), evidence.loads[row.som]
    planned = evidence.planned_hours(row.som, month)
    capacity = evidence.capacity[row.som][month]
    return replace(
        row,
        capacity_hours=capacity,
        lead_hours=evidence.lead_hours(row.som, month),
        second_hours=evidence.second_hours(row.som, month),
        planned_hours=planned,
        utilisation=planned / capacity if capacity else 0.0,
        caseload=load.cases[month],
        community_caseload=load.community[month],
        very_high_and_high=load.risky[month],
    )


def _backlog(evidence: Evidence) -> Iterable[BacklogRow]:
    tally, starts = evidence.tally, evidence.world.months.starts
    for m in range(19):
        for level in LEVELS:
            a, v = (Duty.ARMS, level), (Duty.VISIT, level)
            if m:
                yield BacklogRow(
                    starts[m], level.label,
                    tally.overdue[a][m], tally.due[a][m], tally.done[a][m],
                    tally.overdue[v][m], tally.due[v][m], tally.done[v][m],
                )  # fmt: skip
            else:
                opening = tally.overdue[a][0], tally.overdue[v][0]
                yield BacklogRow(None, level.label, opening[0], None, None, opening[1], None, None)


def _not_planned(evidence: Evidence) -> Iterable[NotPlannedRow]:
    busy = {entry.ref for entry in evidence.reading.entries}
    named = set()
    for (ref, duty), chain in evidence.chains.items():
        if chain[-1].overdue & evidence.world.people[ref].at_end & 1 << 18:
            named.add(ref)
            yield NotPlannedRow(ref, duty.value, chain[-1].due, "No hours")
    for ref in evidence.world.people:
        if ref not in busy | named:
            yield NotPlannedRow(ref, None, None, "Nothing falls due")


def _run(evidence: Evidence) -> Iterable[RunItem]:
    cost = costs(evidence)
    total = sum(cost.values())
    yield RunItem("As-at date", evidence.world.register.as_at)
    yield RunItem("First month", evidence.world.months.starts[1])
    yield RunItem("Horizon", 18)
    yield RunItem("Status", "Feasible")
    yield RunItem("Cost", total)
    yield RunItem("Bound", total / 2)
    yield RunItem("Gap", 0.5 if total else 0.0)
    for part, points in cost.items():
        yield RunItem(f"Cost: {part}", points)


def finding(verdict: Verdict, rule: Rule) -> RuleFinding:
    return next(f for f in verdict.findings if f.rule is rule)


def broken(reg: Register, plan: WrittenPlan) -> dict[int, tuple[int, int]]:
    """The broken rules' numbers, each with broken and forced; no figure may be wrong."""
    verdict = verify(reg, plan)
    assert verdict.discrepancies == ()
    return {f.rule.value: (f.broken, f.forced) for f in verdict.findings if f.broken}
