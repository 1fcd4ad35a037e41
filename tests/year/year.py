"""The year itself: plan, a month goes by, supervisors fill in, review, the next plan."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from planner.domain.months import Horizon
from planner.domain.terms import Duty
from planner.files.save import save_atomically
from planner.history.history import History
from planner.workbooks.plan_read import read_plan_workbook
from planner.workbooks.register_write import register_workbook
from tests.year.commands import Command, StoppedError, apart
from tests.year.habits import chances
from tests.year.ledger import Fate, Ledger, NewPlan
from tests.year.paper import Job
from tests.year.planned import Planned
from tests.year.reviewing import Desk, Said, reviewed
from tests.year.said import rows_of
from tests.year.supervisors import Deciding, holders
from tests.year.world import Passed, World, overdue, passed, unaccounted

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from planner.domain.written import WrittenPlan

SORTS = ("Due", "Risk level", "SOM", "Decision ref")
RISKIEST = ("Very high", "High")
ARMS_HOURS = "arms.hours"


@dataclass
class Year:
    """A year in the making, in the folder ``out``; ``faults`` is whatever must not happen.

    ``workbooks`` are filled in each month. ``rebuild`` are the months (numbers) after which the
    database is deleted. ``adopts``: the manager enters the hours of an ARMS that ``planner
    progress`` proposes. ``tell`` hears of each plan.
    """

    out: Path
    world: World
    desk: Desk
    command: Command = apart
    effort: str = "normal"
    workbooks: int = 3
    rebuild: frozenset[int] = frozenset()
    adopts: bool = True
    tell: Callable[[Planned], None] = lambda _: None
    plans: list[Planned] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    faults: list[str] = field(default_factory=list)

    def run(self, months: int) -> None:
        """So many months: a plan before the first and one after each. The folder must be empty.

        Raises ``StoppedError`` where a command that should go through does not.
        """
        self.begin()
        for _ in range(months):
            self.month()

    def begin(self) -> None:
        """The first plan."""
        self._plan(None, Said(), None)

    def month(self) -> None:
        """A month goes by, people fill in their workbooks, and the next plan is made."""
        written = read_plan_workbook(self.folder / "plan.xlsx")
        before = self.world.register
        as_planned = holding(written, Horizon(before.as_at).first)
        month = passed(self.world, written, as_planned)
        self.faults += unaccounted(before, month)
        said = reviewed(
            self.folder, self._jobs(month), self.desk, self.command, month.world.register.as_at
        )
        self.faults += said.faults
        self.ledger.accept(said.run_id, said.accepted)
        draw = chances(self.world.seed, month.world.month, "holders")
        today = {o.ref: o.som for o in before.offenders}
        soms = holders(said.accepted, as_planned, today, Horizon(before.as_at).first, draw)
        self.world, adopted = self._kept_up(month.world, soms)
        if self.world.month in self.rebuild:
            self.rebuilt(self._folder(before.as_at))
        self._plan(month, said, adopted)

    @property
    def folder(self) -> Path:
        """The newest plan's."""
        return self._folder(self.world.register.as_at)

    def _folder(self, as_at: date) -> Path:
        return self.out / f"{Horizon(as_at).first:%Y-%m}"

    def _jobs(self, month: Passed) -> list[Job]:
        """The workbooks of some supervisors, with what they type and do to the sheet."""
        number = month.world.month
        draw = chances(self.world.seed, number, "supervisors")
        names = sorted(path.stem for path in (self.folder / "workload").glob("*.xlsx"))
        doings = {(d.ref, d.duty): d for d in month.doings}
        back = self.out / "back" / self.folder.name
        back.mkdir(parents=True, exist_ok=True)
        jobs = []
        for name in sorted(str(n) for n in draw.permutation(names)[: self.workbooks]):
            path = self.folder / "workload" / f"{name}.xlsx"
            deciding = Deciding(rows_of(path), name, self.world.register, doings, draw)
            entries = deciding.entries()
            sort = SORTS[int(draw.integers(0, len(SORTS)))]
            show = ("SOM", deciding.own[0].som) if deciding.own and number % 2 else ("", "")
            jobs.append(
                Job(
                    source=path,
                    to=back / path.name,
                    entries=entries,
                    name=f"DS of {name}",
                    sort=sort,
                    show=show,
                    note="Ask at the next supervision",
                )
            )
        return [job for job in jobs if job.entries]

    def _kept_up(self, world: World, soms: dict[str, str | None]) -> tuple[World, float | None]:
        """Cases with whom people gave them to, and the policy as it is now known to be."""
        register = world.register
        people = tuple(replace(o, som=soms.get(o.ref, o.som)) for o in register.offenders)
        adopted = self._proposed_hours() if self.adopts else None
        policy = register.policy
        if adopted is not None:
            policy = policy.but({ARMS_HOURS: adopted})
        return replace(world, register=replace(register, offenders=people, policy=policy)), adopted

    def _proposed_hours(self) -> float | None:
        """What the records speak for, where it is not what the policy says."""
        for hours in self._progress(self.folder)["hours"]:
            for proposed in hours["proposed"]:
                if proposed["setting"] == ARMS_HOURS:
                    return float(proposed["value"])
        return None

    def _progress(self, folder: Path) -> Any:
        progress = self.command("progress", folder, "--json", "--quiet")
        if progress.code:
            raise StoppedError("progress", progress)
        return progress.json()

    def _plan(self, month: Passed | None, said: Said, adopted: float | None) -> None:
        register = self.world.register
        path = self.out / "registers" / f"{self.folder.name}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        save_atomically(path, register_workbook(register))
        more: tuple[object, ...] = ("--effort", self.effort, "--by-supervisor", "--json", "--quiet")
        if self.plans:
            more += ("--previous", self._folder(self.plans[-1].register.as_at))
        began = time.perf_counter()
        done = self.command("plan", path, "--out", self.folder, *more)
        seconds = time.perf_counter() - began
        if done.code not in (0, 5):
            raise StoppedError("plan", done)
        judged = apart("verify", self.folder, "--register", path, "--json")
        if done.code or judged.code:
            told = f"plan ended with {done.code}, verify with {judged.code}"
            self.faults.append(f"{self.folder.name}: rejected: {told}")
        fate = self._fate(done.json())
        self.faults += [f"{self.folder.name}: {fault}" for fault in fate.faults]
        self.faults += self._lost_in_history(self.folder)
        reached, promised = self._backlog()
        plan = Planned(
            register=register,
            answer=done.json(),
            verified=judged.code,
            seconds=seconds,
            reached=reached,
            risky=overdue(register, Duty.VISIT, riskiest_only=True),
            promised=promised,
            risky_promised=self._risky_promised(),
            said=said,
            fate=fate,
            events=month.events if month else Counter(),
            adopted=adopted,
        )
        self.plans.append(plan)
        self.tell(plan)

    def _fate(self, answer: dict[str, Any]) -> Fate:
        """What became in the newest plan of all that was decided."""
        register = self.world.register
        soms = {o.ref: o.som for o in register.offenders}
        before: dict[str, str | None] = {}
        if self.plans:
            last = self.plans[-1]
            path = self._folder(last.register.as_at) / "plan.xlsx"
            before = holding(read_plan_workbook(path), last.first_month)
        return self.ledger.fate(
            NewPlan(
                workbook=self.folder / "plan.xlsx",
                first_month=Horizon(register.as_at).first,
                soms=soms,
                before=before,
                breaks_locks=answer["rules_broken"]["2"] > 0,
            )
        )

    def _backlog(self) -> tuple[int, tuple[int | None, int | None]]:
        """ARMS overdue by the register, and by the promises that ``planner progress`` tells of.

        What it says was reached must be what the register has.
        """
        register = self.world.register
        reached = overdue(register, Duty.ARMS)
        month = register.as_at.replace(day=1).isoformat()
        rows = self._progress(self.folder)["burn_down"]
        told = next(row for row in rows if row["month"] == month)
        if _total(told["reached"]) != reached:
            self.faults.append(
                f"{self.folder.name}: progress tells {_total(told['reached'])} ARMS overdue, the "
                f"register has {reached}"
            )
        first, own = told["promised_by_first_plan"], told["promised_by_plan_in_force"]
        return reached, (_total(first), _total(own))

    def _risky_promised(self) -> int | None:
        """Very high and high visits overdue at the end of the month before, by the plan for it."""
        if not self.plans:
            return None
        before = self.plans[-1]
        written = read_plan_workbook(self._folder(before.register.as_at) / "plan.xlsx")
        rows = [r for r in written.backlog if r.month == before.first_month]
        return sum(row.visits_overdue for row in rows if row.level in RISKIEST)

    def _lost_in_history(self, folder: Path) -> list[str]:
        """Whatever was accepted of any plan and is not, or not so, in the newest history."""
        with History.open(folder) as history:
            known = {run.run_id for run in history.runs()}
            found = []
            for run_id, said in self.ledger.stored.items():
                kept = history.accepted(run_id) if run_id in known else {}
                values = {key: edit.value for key, edit in kept.items()}
                lost = sorted(k[0] for k in said.keys() - values.keys())
                other = sorted(k[0] for k in said if k in values and values[k] != said[k])
                extra = sorted(k[0] for k in values.keys() - said.keys())
                for what, refs in (("lost", lost), ("changed", other), ("made up", extra)):
                    if refs:
                        told = f"{len(refs)} entries {what} of plan {run_id}"
                        found.append(f"{folder.name}: the history has {told}: {refs[0]}")
        return found

    def rebuilt(self, folder: Path) -> None:
        """Delete the database: what is made anew from the files must say the same."""
        before = self._known(folder)
        (folder / "history.sqlite").unlink()
        if self._known(folder) != before:
            self.faults.append(f"{folder.name}: the history made anew is another one")

    def _known(self, folder: Path) -> object:
        with History.open(folder) as history:
            runs = history.runs()
            return runs, [
                (dict(history.accepted(r.run_id)), history.issued(r.run_id)) for r in runs
            ]


def holding(written: WrittenPlan, month: date) -> dict[str, str | None]:
    """Who holds each case in a month, by the plan's rows."""
    found: dict[str, str | None] = {}
    for row in sorted(written.allocation, key=lambda r: r.month):
        if row.month <= month:
            found[row.ref] = row.som
    return found


def _total(levels: dict[str, int] | None) -> int | None:
    return None if levels is None else sum(levels.values())
