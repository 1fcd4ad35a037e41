"""Plans to be rolled on, what people said to them, and the rolled plan, said briefly.

Plans are made by hand (fast, and decisions hold in them too): the search has its own tests.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from planner.by_hand import by_hand_plan
from planner.domain.decision import DecisionKind, EditField, decision_ref
from planner.domain.issued import IssuedRun
from planner.domain.taken import NOTHING
from planner.history.issued_json import issued_json, run_id_of
from planner.roll.disagreements import Trust
from planner.roll.earlier import Earlier, said_on
from planner.roll.roll import finished, roll, with_known_types
from planner.tables.decisions import decision_rows
from planner.tables.issued import issued_plan_of
from planner.tables.written import written_plan
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation
from tests.plan_items import date_items

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.domain.plan import Plan
    from planner.domain.register import Register
    from planner.domain.taken import TakenOver
    from planner.domain.written import WrittenPlan
    from planner.roll.earlier import Key, SaidOnRun
    from planner.roll.roll import Roll, Rolled

NOON = datetime(2026, 1, 20, 12, tzinfo=UTC)
VISIT, ARMS, MOVE = DecisionKind.VISIT, DecisionKind.ARMS, DecisionKind.MOVE


@dataclass(frozen=True)
class Stored:
    """What somebody last said in a cell."""

    value: Any
    by: str = "DS Khan"
    workbook: str = "workload.xlsx"


def said(
    ref: str, kind: DecisionKind, month: date, field: EditField, value: Any, by: str = "DS Khan"
) -> dict[Key, Stored]:
    return {(decision_ref(ref, kind, month), field): Stored(value, by)}


@dataclass(frozen=True)
class Issue:
    """A plan issued, and all that was said before and since."""

    situation: Situation
    plan: Plan
    run: IssuedRun
    before: tuple[SaidOnRun, ...] = field(default=())

    def earlier(self, *told: Mapping[Key, Stored]) -> Earlier:
        """With what was said to it."""
        all_said: dict[Key, Stored] = {}
        for one in told:
            all_said |= one
        return Earlier(run=self.run, runs=(*self.before, said_on(self.run, all_said)))


@dataclass(frozen=True)
class Month:
    """A rolled plan with all that is said of it."""

    made: Roll
    plan: Plan
    written: WrittenPlan
    rolled: Rolled

    @property
    def situation(self) -> Situation:
        return self.made.situation

    def issue(self) -> Issue:
        """Issued in its turn."""
        run = _run(Outcome(self.situation, self.plan), self.written, self.rolled.taken)
        return Issue(self.situation, self.plan, run, self.made.earlier.runs)


def issue(register: Register, plan: Plan | None = None) -> Issue:
    """A first plan."""
    situation = Situation(register)
    plan = plan or by_hand_plan(situation)
    outcome = Outcome(situation, plan)
    return Issue(situation, plan, _run(outcome, written(outcome)))


def written(outcome: Outcome) -> WrittenPlan:
    return written_plan(outcome, date_items(outcome))


def _run(outcome: Outcome, rows: WrittenPlan, taken: TakenOver = NOTHING) -> IssuedRun:
    plan = issued_plan_of(outcome, rows, taken)
    run_id = run_id_of(plan.first_month, issued_json(plan))
    return IssuedRun(run_id=run_id, issued_at=NOON, plan=plan)


def next_month(
    earlier: Earlier,
    register: Register,
    *,
    trust: Trust = Trust.REGISTER,
    plan: Plan | None = None,
) -> Month:
    """The plan rolled on, by hand or as given."""
    made = roll(earlier, register, trust)
    found = with_known_types(plan or by_hand_plan(made.situation), made)
    outcome = Outcome(made.situation, found)
    rows = written(outcome)
    supervisors = {s.staff_id: s.supervisor for s in register.officers}
    rolled = finished(made, outcome, rows, decision_rows(rows, supervisors))
    return Month(made, found, rows, rolled)


def kept_up(register: Register, as_at: date, **people: dict[str, Any]) -> Register:
    """The register on a later day; people by reference with the columns that changed."""
    changed = tuple(replace(o, **people.get(o.ref, {})) for o in register.offenders)
    return replace(register, as_at=as_at, offenders=changed)
