"""The roll: what to plan with, and, once planned, what became of the plan before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.domain.decision import EditField
from planner.domain.finding import Finding, Severity
from planner.domain.taken import TakenOver
from planner.domain.terms import VisitType
from planner.errors import InputError
from planner.roll.changes import changes
from planner.roll.disagreements import Trust, disagreements
from planner.roll.judging import Standing, judge, with_decisions
from planner.roll.meant import handed_over, missed, previous, types_before
from planner.roll.showing import placed, settled
from planner.roll.taking import taken_from
from planner.roll.trusted import counted_duties, with_counted
from planner.workload.announced import KnownTypes, visit_types
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.domain.plan import Plan
    from planner.domain.previous import Previous
    from planner.domain.register import Register
    from planner.domain.taken import TakenDecision
    from planner.domain.written import WrittenPlan
    from planner.roll.changes import ChangeRow, Counts
    from planner.roll.disagreements import Disagreement
    from planner.roll.earlier import Earlier
    from planner.roll.judging import Judged
    from planner.tables.decisions import DecisionRow
    from planner.workload.outcome import Outcome

UNROLLED = "the plan before cannot be rolled on"


@dataclass(frozen=True, kw_only=True)
class Roll:
    """What the new plan is made with. ``situation`` is of the register with all of it applied."""

    earlier: Earlier
    trust: Trust
    situation: Situation
    before: Previous
    judged: tuple[Judged, ...]
    notes: tuple[TakenDecision, ...]
    counted: TakenOver
    disagreements: tuple[Disagreement, ...]


@dataclass(frozen=True, kw_only=True)
class Rolled:
    """What is said of a plan beside the one before."""

    previous_run: str
    trust: Trust
    changes: tuple[ChangeRow, ...]
    counts: Counts
    missed: int
    handed_over: int
    price: float
    judged: tuple[Judged, ...]
    disagreements: tuple[Disagreement, ...]
    taken: TakenOver

    @property
    def stability(self) -> float:
        """Points for duties that left the month, or the officer, that the plan before gave them."""
        return (self.missed + self.handed_over) * self.price

    def standing(self, standing: Standing) -> int:
        """How many decisions stand so."""
        return sum(one.standing is standing for one in self.judged)


def roll(earlier: Earlier, register: Register, trust: Trust) -> Roll:
    """The register to plan with, and all that is taken over from the plan before.

    Raises ``InputError`` where the plan before begins later than the new one, or is of other
    people.
    """
    _check(earlier, register)
    told = disagreements(earlier, register, trust)
    counted = counted_duties(earlier, register) if trust is Trust.HISTORY else ()
    counted_in = with_counted(register, counted)
    decisions = taken_from(earlier)
    judged = judge(decisions, earlier, Situation(counted_in))
    held = [one.decision for one in judged if one.binds]
    situation = Situation(with_decisions(counted_in, held))
    return Roll(
        earlier=earlier,
        trust=trust,
        situation=situation,
        before=previous(earlier, situation),
        judged=judged,
        notes=tuple(d for d in decisions if not d.binds),
        counted=TakenOver(counted=counted),
        disagreements=told,
    )


def with_taken(register: Register, taken: TakenOver) -> Register:
    """The register that a plan was made with, given what it had taken over."""
    counted = with_counted(register, taken.counted)
    return with_decisions(counted, (d for d in taken.decisions if d.binds))


def with_known_types(plan: Plan, made: Roll) -> Plan:
    """The plan with the visit types that people chose, or know from the plan before."""
    situation = made.situation
    chosen = {
        (d.ref, situation.horizon.number(d.month)): VisitType(str(d.value))
        for d in (one.decision for one in made.judged if one.binds)
        if d.field is EditField.VISIT_TYPE
    }
    months: dict[str, list[int]] = {}
    for visit in plan.visits:
        months.setdefault(visit.ref, []).append(visit.month)
    known = KnownTypes(chosen=chosen, before=types_before(made.earlier, situation))
    types = visit_types(months, situation.register.offender, situation.policy, known)
    visits = tuple(replace(v, visit_type=types[v.ref, v.month]) for v in plan.visits)
    return replace(plan, visits=visits)


def finished(
    made: Roll, outcome: Outcome, written: WrittenPlan, rows: Iterable[DecisionRow]
) -> Rolled:
    """Everything that is said of the plan once it is made; ``rows`` are what it proposes."""
    judged = settled(made.judged, made.situation, outcome.plan)
    held = tuple(one.decision for one in judged if one.standing is Standing.HELD)
    applied = [one.decision for one in made.judged if one.binds]
    found, counts = changes(made.earlier, outcome, written, held)
    return Rolled(
        previous_run=made.earlier.run.run_id,
        trust=made.trust,
        changes=found,
        counts=counts,
        missed=missed(made.before, outcome.plan),
        handed_over=handed_over(made.before, outcome.plan),
        price=made.before.cost,
        judged=judged,
        disagreements=made.disagreements,
        taken=replace(made.counted, decisions=placed((*applied, *made.notes), rows)),
    )


def _check(earlier: Earlier, register: Register) -> None:
    horizon = Situation(register).horizon
    if earlier.plan.first_month > horizon.first:
        raise _fault(
            "previous-newer",
            f"The plan before begins in {earlier.plan.first_month:%B %Y}, the new one in "
            f"{horizon.first:%B %Y}: it is not before it.",
            "Set As at to the day on which the register was true, or name the folder of an "
            "earlier plan with --previous.",
        )
    if not earlier.person.keys() & register.offender.keys():
        raise _fault(
            "previous-of-others",
            "The plan before and the register have nobody in common.",
            "Name the folder of the same unit's last plan with --previous.",
        )


def _fault(code: str, message: str, remedy: str) -> InputError:
    finding = Finding(
        severity=Severity.FAULT,
        code=code,
        sheet="--previous",
        row=None,
        column=None,
        cell=None,
        message=message,
        remedy=remedy,
    )
    return InputError([finding], UNROLLED)
