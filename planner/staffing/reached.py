"""What a whole plan reaches: made, judged by the verifier, and asked whether it clears."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from planner.domain.terms import Duty, RiskLevel
from planner.optimise.shortfall import IN_TIME_FROM
from planner.optimise.solve import solve
from planner.staffing.outlook import in_post, name_of
from planner.tables import run_items, written_plan
from planner.verify.verifier import verify
from planner.workload.outcome import Outcome
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planner.domain.register import Register
    from planner.domain.result import SolveResult
    from planner.staffing.levels import Desk

    Say = Callable[[str], None]
    Stop = Callable[[], bool]

MOST_TRIES = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Reached:
    """A whole plan with so many officers in post in month 1, and what the verifier says of it.

    ``steps`` are officers more or fewer than today, by part. Of those ``taken`` away,
    ``leaving`` leave during the plan anyway, by the register.
    """

    officers: int
    steps: Mapping[str, int]
    deadline: int
    outcome: Outcome
    result: SolveResult
    accepted: bool
    taken: int = 0
    leaving: int = 0

    @cached_property
    def clears_from(self) -> int | None:
        """The first month by whose end it clears, as "can clear" has it; None where it does not."""
        return clears_from(self.outcome)

    @property
    def clears(self) -> bool:
        """Whether it is accepted and clears by the deadline."""
        return self.accepted and self.clears_from is not None and self.clears_from <= self.deadline

    @cached_property
    def late_teams(self) -> tuple[str, ...]:
        """Teams that do not clear by the deadline."""
        return tuple(
            team
            for team in self.outcome.situation.register.teams
            if (month := clears_from(self.outcome, team)) is None or month > self.deadline
        )


def clears_from(outcome: Outcome, team: str | None = None) -> int | None:
    """The first month by whose end a plan clears, of one team or of all; None where it does not.

    From that month's end on nothing is overdue, and from month 3 on no very high or high visit.
    """
    first = 1
    for i in outcome.instances:
        if team is not None and i.chain.offender.team != team:
            continue
        late = [m for m in outcome.situation.horizon.months if i.overdue_at(m)]
        is_pressing = i.chain.duty is Duty.VISIT and i.chain.level >= RiskLevel.HIGH
        if late:
            first = max(first, late[-1] + 1)
            if is_pressing and late[-1] >= IN_TIME_FROM:
                return None
    return first if first <= outcome.situation.horizon.length else None


def reached(
    desk: Desk, steps: Mapping[str, int], *, effort: str = "normal", seed: int = 0, stop: Stop
) -> Reached:
    """Plan the whole with so many officers more or fewer in each part, and have it judged."""
    register = desk.register_with(steps)
    outcome, result, accepted = planned(register, effort, seed, stop)
    gone = desk.gone(steps)
    posts = Situation(desk.register).posts
    return Reached(
        officers=desk.officers + sum(steps.values()),
        steps=dict(steps),
        deadline=desk.scenario.deadline,
        outcome=outcome,
        result=result,
        accepted=accepted,
        taken=len(gone),
        leaving=sum(posts.leaves(name) for name in gone),
    )


def least_reached(
    desk: Desk, today: Reached, *, effort: str, seed: int = 0, say: Say, stop: Stop
) -> tuple[Reached, ...]:
    """Plans at the least number of officers that clears, and at numbers tried before that do not.

    The last one clears where any does. It begins at the number with which clearing is not ruled
    out; a part that does not clear gets one officer more. None are tried where no number would do.
    """
    least = desk.least()
    if least.enough is None:
        return ()
    steps = {name: step for name, step in least.steps.items() if step}
    steps = _alone(desk, steps, today, effort=effort, seed=seed, say=say, stop=stop)
    tried: list[Reached] = []
    for _ in range(MOST_TRIES):
        if not any(steps.values()):
            return (*tried, today)
        say(f"Planning with {desk.officers + sum(steps.values())} officers")
        plan = reached(desk, steps, effort=effort, seed=seed, stop=stop)
        tried.append(plan)
        if plan.clears or stop():
            break
        late = _late_parts(desk, plan.late_teams)
        if not late:
            break
        steps = {**steps, **{name: steps.get(name, 0) + 1 for name in late}}
    return tuple(tried)


def _alone(
    desk: Desk,
    steps: Mapping[str, int],
    today: Reached,
    *,
    effort: str,
    seed: int,
    say: Say,
    stop: Stop,
) -> dict[str, int]:
    """Steps with which each part clears when planned by itself, as far as a few tries find them."""
    found = dict(steps)
    late_today = _late_parts(desk, today.late_teams)
    for ladder in desk.ladders:
        name = name_of(ladder.part)
        if name not in found and name not in late_today:
            continue
        for _ in range(MOST_TRIES):
            step = found.get(name, 0)
            is_known = step == 0 and name not in late_today
            if is_known or stop():
                break
            say(f"Planning {name} with {len(in_post(ladder.part)) + step} officers")
            own = desk.register_with({name: step})
            teams = ladder.part.teams
            outcome, _, accepted = planned(only(own, teams), effort, seed, stop)
            month = clears_from(outcome)
            if accepted and month is not None and month <= desk.scenario.deadline:
                break
            found[name] = step + 1
    return found


def only(register: Register, teams: tuple[str, ...]) -> Register:
    """The people, officers and locks of some teams."""
    people = tuple(o for o in register.offenders if o.team in teams)
    staff = tuple(s for s in register.officers if s.team in teams)
    refs, names = {o.ref for o in people}, {s.staff_id for s in staff}
    return replace(
        register,
        offenders=people,
        officers=staff,
        absences=tuple(a for a in register.absences if a.staff_id in names),
        agreed=tuple(a for a in register.agreed if a.team in teams),
        locks=tuple(
            lock
            for lock in register.locks
            if lock.ref in refs and (lock.staff_id is None or lock.staff_id in names)
        ),
        bars=tuple(bar for bar in register.bars if bar.ref in refs),
    )


def _late_parts(desk: Desk, teams: tuple[str, ...]) -> list[str]:
    return [name_of(one.part) for one in desk.ladders if set(one.part.teams) & set(teams)]


def planned(
    register: Register, effort: str, seed: int, stop: Stop
) -> tuple[Outcome, SolveResult, bool]:
    """A whole plan of a register, how the search ended, and whether the verifier accepts it."""
    situation = Situation(register)
    result = solve(situation, effort=effort, seed=seed, stop=stop)
    outcome = Outcome(situation, result.plan)
    return outcome, result, is_accepted(outcome, result)


def is_accepted(outcome: Outcome, result: SolveResult) -> bool:
    """Whether the verifier accepts a plan, as it would be written."""
    written = written_plan(outcome, run_items(outcome, result, {}))
    return verify(outcome.situation.register, written).accepted
