"""The page a leader reads in a minute: does the backlog clear, when, and what stands in the way."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.policy import SETTINGS
from planner.domain.result import SearchStatus
from planner.domain.terms import LEVELS, Duty, VisitType
from planner.tables.comparison import opening_backlog, protected_month_ends
from planner.tables.run import gap

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planner.domain.policy import Policy
    from planner.domain.result import Shortfall, SolveResult
    from planner.domain.verdict import Verdict
    from planner.workload.outcome import Outcome

NOT_PROVED = "It is not proved that no plan can do it."
POINTS = (6, 12, 18)
"""The months at whose end leaders look, after today."""


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One risk level today and at the end of each of ``POINTS``: how many, or how old in months."""

    level: str
    arms: tuple[int | None, ...]
    visits: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class UnannouncedRow:
    """Planned visits of a level, the share unannounced (None: no visits) and the least wanted."""

    level: str
    visits: int
    share: float | None
    least: float
    is_assumed: bool


@dataclass(frozen=True, slots=True)
class TeamShortfall:
    """Hours a team lacks, in how many months, and the month in which it lacks most."""

    team: str
    hours: float
    months: int
    worst: date


@dataclass(frozen=True, slots=True)
class MonthRow:
    """What the charts draw: a month's end (None: today). Hours None today.

    ``arms`` has the overdue ARMS of each level, riskiest first.
    """

    label: str
    month: date | None
    arms: tuple[int, ...]
    arms_by_hand: int
    visits: int
    capacity: float | None
    lead: float | None
    second: float | None


def headline(outcome: Outcome, shortfall: Shortfall | None) -> str:
    """Whether and when the ARMS backlog clears; else what is left and lacking."""
    opening, horizon = opening_backlog(outcome), outcome.situation.horizon
    cleared = outcome.cleared_month
    if cleared is None:
        left = outcome.backlog(horizon.length)
        start = (
            f"In this plan the ARMS backlog does NOT clear in {horizon.length} months: "
            f"{left:,} of {opening:,} ARMS are left."
            if left <= opening
            else f"In this plan the ARMS backlog GROWS from {opening:,} to {left:,} in "
            f"{horizon.length} months."
        )
        return f"{start} {can_clear(shortfall)}"
    when = f"month {cleared} ({horizon.start(cleared):%B %Y})"
    if opening == 0:
        return f"No ARMS is overdue today; from {when} on none is at any month's end."
    return f"The ARMS backlog of {opening:,} clears in {when}."


def can_clear(shortfall: Shortfall | None) -> str:
    """Whether any plan could, where this one leaves something overdue: only what is proved."""
    if shortfall is None or not shortfall.is_proved:
        return "It is not proved that no plan can clear it."
    return f"It is proved that no plan can leave nothing overdue. {lacking(shortfall)}".rstrip()


def lacking(shortfall: Shortfall | None) -> str:
    """What clearing everything needs beyond what there is; empty where none is proved to lack."""
    if shortfall is None:
        return ""
    hours, posts = shortfall.total_hours, shortfall.posts
    if hours <= 0:
        return (
            f"Hours would do, but people trained for ARMS are lacking, about {posts:,.1f} "
            "full-time posts."
            if posts > 0
            else ""
        )
    about = f", about {posts:,.1f} full-time posts" if posts > 0 else ""
    return f"At least {hours:,.0f} hours are lacking{about}."


def in_brief(outcome: Outcome, result: SolveResult) -> Iterator[str]:
    """What follows the headline: visits, what no hours bring about, how sure the plan is."""
    last = outcome.situation.horizon.length
    protected, visits = protected_month_ends(outcome), outcome.backlog(last, Duty.VISIT)
    risky = (
        f"Very high and high risk visits are overdue {protected:,} times, counted at each "
        "month's end"
        if protected
        else "No very high or high risk visit is overdue at any month's end"
    )
    left = (
        "no visit of any level is"
        if visits == 0
        else f"{visits:,} visit{'s' * (visits != 1)} of any level {'is' if visits == 1 else 'are'}"
    )
    yield f"{risky}; {left} overdue at the end of month {last}."
    if outcome.cleared_month is not None and result.shortfall is not None:
        text = lacking(result.shortfall)
        yield (
            f"To leave nothing overdue, visits included: {text[0].lower()}{text[1:]}"
            if text
            else "Not everything is done in time in this plan. "
            + (can_clear(result.shortfall) if result.shortfall.is_proved else NOT_PROVED)
        )
    if result.shortfall is not None:
        whys = Counter(why.rstrip(".") for _, why in result.shortfall.without_remedy)
        for why, times in sorted(whys.items()):
            yield f"No hours would help {times:,} {'duty' if times == 1 else 'duties'}: {why}."


def how_sure(outcome: Outcome, result: SolveResult) -> str:
    """Cost, bound and gap in words."""
    cost = outcome.total_cost
    costs = f"This plan costs {cost:,.0f} points"
    if result.status is SearchStatus.PROVED:
        return f"{costs} and is proved best: no plan that keeps the hard rules costs less."
    share = gap(cost, result.bound)
    stopped = (
        "was stopped by the user"
        if result.status is SearchStatus.STOPPED
        else f"stopped at its limit of steps (effort: {result.effort})"
    )
    return (
        f"{costs}; it is proved that no plan that keeps the hard rules costs less than "
        f"{result.bound:,.0f}, so at most {share:.1%} could be saved by any other plan. The search "
        f"{stopped}."
    )


def rules_line(verdict: Verdict) -> str:
    """Whether the hard rules hold, as the independent verifier found."""
    broken = [f for f in verdict.findings if f.broken]
    if not broken:
        return f"All {len(verdict.findings)} hard rules are kept, the independent verifier found."
    forced = sum(f.forced for f in broken)
    times = sum(f.broken for f in broken)
    noun = "rule is" if len(broken) == 1 else "rules are"
    how_many = "any" if forced >= times else f"{forced:,}" if forced else "none"
    choice = f"the register leaves no choice on {how_many} of them"
    return f"{len(broken)} hard {noun} broken, {times:,} times in all; {choice}."


def is_assumed(name: str, policy: Policy) -> bool:
    """Whether a setting is still at a default that no source gave."""
    setting = SETTINGS[name]
    return setting.assumption and policy.value(name) == setting.default


_EXAMPLES = (
    ("arms.hours", "{:g} hours for an ARMS"),
    ("hours.other_duties", "{:.0%} of time for other duties"),
    ("visit.hours", "{:g} hours for a visit"),
    ("hours.unplanned_absence", "{:.0%} of time lost to unplanned absence"),
)


def assumptions_line(policy: Policy) -> str:
    """How many of the figures nobody has given a source for, with the weightiest."""
    assumed = sum(is_assumed(name, policy) for name in SETTINGS)
    if not assumed:
        return "Every setting has a source or is your force's own figure: see the Policy sheet."
    told = [text.format(policy.value(name)) for name, text in _EXAMPLES if is_assumed(name, policy)]
    such_as = f", such as {' and '.join(told[:2])}" if told else ""
    return (
        f"These figures rest on {assumed} assumptions among {len(SETTINGS)} settings{such_as}; "
        "the Policy sheet marks each. Put your force's own figures in the register."
    )


def unannounced_by_level(outcome: Outcome) -> tuple[UnannouncedRow, ...]:
    """Visits of each level over the whole plan, and the share of them unannounced."""
    policy, offender = outcome.situation.policy, outcome.situation.register.offender
    planned = Counter(offender[v.ref].level for v in outcome.plan.visits)
    unannounced = Counter(
        offender[v.ref].level for v in outcome.plan.visits if v.visit_type is VisitType.UNANNOUNCED
    )
    return tuple(
        UnannouncedRow(
            level=level.label,
            visits=planned[level],
            share=unannounced[level] / planned[level] if planned[level] else None,
            least=policy.visit_unannounced[level],
            is_assumed=is_assumed(f"visit.unannounced.{level.key}", policy),
        )
        for level in LEVELS
    )


def overdue_by_level(outcome: Outcome) -> tuple[LevelRow, ...]:
    def counts(duty: Duty) -> Iterator[tuple[int, ...]]:
        for level in LEVELS:
            yield (
                outcome.opening[level, duty],
                *(outcome.overdue[m, level, duty] for m in POINTS),
            )

    rows = [
        LevelRow(level.label, arms, visits)
        for level, arms, visits in zip(LEVELS, counts(Duty.ARMS), counts(Duty.VISIT), strict=True)
    ]
    total = LevelRow("All", _sums([r.arms for r in rows]), _sums([r.visits for r in rows]))
    return (*rows, total)


def oldest_by_level(outcome: Outcome) -> tuple[LevelRow, ...]:
    """The most overdue of each level, in months; None where nothing is overdue."""

    def ages(duty: Duty) -> Iterator[tuple[int | None, ...]]:
        for level in LEVELS:
            yield (
                outcome.oldest_at_start.get((level, duty)),
                *(outcome.most_overdue(m, level, duty) for m in POINTS),
            )

    return tuple(
        LevelRow(level.label, arms, visits)
        for level, arms, visits in zip(LEVELS, ages(Duty.ARMS), ages(Duty.VISIT), strict=True)
    )


def shortfall_by_team(outcome: Outcome, shortfall: Shortfall | None) -> tuple[TeamShortfall, ...]:
    """Teams that lack hours, most first."""
    by_team: dict[str, dict[int, float]] = defaultdict(dict)
    for (team, month), hours in (shortfall.hours if shortfall else {}).items():
        if hours > 0:
            by_team[team][month] = hours
    rows = [
        TeamShortfall(
            team=team,
            hours=sum(months.values()),
            months=len(months),
            worst=outcome.situation.horizon.start(min(months, key=lambda m: (-months[m], m))),
        )
        for team, months in by_team.items()
    ]
    return tuple(sorted(rows, key=lambda r: (-r.hours, r.team)))


def month_by_month(outcome: Outcome, by_hand: Outcome) -> tuple[MonthRow, ...]:
    """Today, then every month's end."""
    opening = tuple(outcome.opening[level, Duty.ARMS] for level in LEVELS)
    visits = opening_backlog(outcome, Duty.VISIT)
    today = MonthRow("Today", None, opening, sum(opening), visits, None, None, None)
    return (today, *(_month(outcome, by_hand, m) for m in outcome.situation.horizon.months))


def _month(outcome: Outcome, by_hand: Outcome, month: int) -> MonthRow:
    situation = outcome.situation
    start = situation.horizon.start(month)
    staff = situation.register.officer
    return MonthRow(
        label=f"{start:%b %y}",
        month=start,
        arms=tuple(outcome.overdue[month, level, Duty.ARMS] for level in LEVELS),
        arms_by_hand=by_hand.backlog(month),
        visits=outcome.backlog(month, Duty.VISIT),
        capacity=sum(situation.capacity[s, month] for s in staff),
        lead=sum(outcome.lead_hours.get((s, month), 0.0) for s in staff),
        second=sum(outcome.plan.second_hours.get((s, month), 0.0) for s in staff),
    )


def _sums(rows: list[tuple[int | None, ...]]) -> tuple[int | None, ...]:
    return tuple(sum(n or 0 for n in column) for column in zip(*rows, strict=True))
