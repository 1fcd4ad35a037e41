"""A unit's months: plans issued, what people said of them, and registers that follow."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from planner.domain.decision import DecisionKind, Edit, EditField, decision_ref
from planner.domain.issued import IssuedRun
from planner.domain.months import Horizon
from planner.domain.terms import Duty
from planner.history.batch import DecisionBatch
from planner.history.issued_json import issued_json, run_id_of
from planner.progress.past import PastRun, Proof, Word
from planner.tables.issued import issued_plan_of
from planner.tables.written import written_plan
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation
from tests.plan_build import plain_plan

if TYPE_CHECKING:
    from planner.domain.register import Register
    from planner.domain.written import ScheduleRow
    from planner.history.history import History

KIND = {Duty.VISIT: DecisionKind.VISIT, Duty.ARMS: DecisionKind.ARMS}
LAST = {Duty.VISIT: "last_visit", Duty.ARMS: "last_arms"}


@dataclass
class Unit:
    """``register`` is today's; ``runs`` are the plans issued, ``said`` what was said of each."""

    register: Register
    runs: list[IssuedRun] = field(default_factory=list)
    said: list[dict[tuple[str, Duty, date], dict[EditField, Any]]] = field(default_factory=list)
    proof: Proof | None = None

    def issue(self) -> IssuedRun:
        """Plan the register as it stands."""
        outcome = Outcome(situation := Situation(self.register), plain_plan(situation))
        plan = issued_plan_of(outcome, written_plan(outcome, []))
        run = IssuedRun(
            run_id=run_id_of(plan.first_month, issued_json(plan)),
            issued_at=datetime.combine(plan.as_at, time(12), UTC),
            plan=plan,
        )
        self.runs.append(run)
        self.said.append({})
        return run

    @property
    def month(self) -> date:
        """The first month of the newest plan."""
        return self.runs[-1].plan.first_month

    def planned(self, month: date | None = None) -> list[ScheduleRow]:
        """The newest plan's duties of a month, else of its first."""
        rows = self.runs[-1].plan.written.schedule
        return [row for row in rows if row.month == (month or self.month)]

    def say(self, row: ScheduleRow, **said: Any) -> None:
        """Accepted of a duty of the newest plan: ``done_on=…``, ``result=…``."""
        key = row.ref, Duty(row.duty), row.month
        told = {EditField[name.upper()]: value for name, value in said.items()}
        self.said[-1].setdefault(key, {}).update(told)

    def enter(self, ref: str, duty: Duty, day: date | None) -> None:
        """The register's last visit or ARMS of a person."""
        self.change(ref, **{LAST[duty]: day})

    def change(self, ref: str, **columns: Any) -> None:
        people = tuple(
            replace(o, **columns) if o.ref == ref else o for o in self.register.offenders
        )
        self.register = replace(self.register, offenders=people)

    def until(self, as_at: date | None = None, months: int = 1) -> None:
        """Time passes: to the end of the plan's month, or so many."""
        day = as_at or Horizon(self.month).end(months)
        self.register = replace(self.register, as_at=day)

    @property
    def past(self) -> list[PastRun]:
        """As progress takes it."""
        return [
            PastRun(
                run=run,
                words=tuple(
                    Word(ref=r, duty=d, month=m, said=told, run_id=run.run_id)
                    for (r, d, m), told in said.items()
                ),
                proof=self.proof,
            )
            for run, said in zip(self.runs, self.said, strict=True)
        ]

    def keep(self, history: History) -> None:
        """Into a history, as plan and review do."""
        for run, said in zip(self.runs, self.said, strict=True):
            history.issue(run)
            edits = tuple(
                Edit(
                    run_id=run.run_id,
                    decision_ref=decision_ref(ref, KIND[duty], month),
                    ref=ref,
                    kind=KIND[duty],
                    month=month,
                    field=which,
                    value=value,
                    by="DS Khan",
                    workbook="workload.xlsx",
                    cell="Decisions!M12",
                )
                for (ref, duty, month), told in said.items()
                for which, value in told.items()
            )
            if edits:
                history.accept(
                    DecisionBatch(
                        run_id=run.run_id,
                        read_at=history.version(run.run_id),
                        edits=edits,
                        by="DS Khan",
                        workbook="workload.xlsx",
                        at=run.issued_at,
                    )
                )
