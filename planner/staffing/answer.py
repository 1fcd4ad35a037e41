"""The question asked, answered in sentences: how many officers, where we stand, who goes where."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planner.domain.months import HORIZON_MONTHS
from planner.domain.terms import Duty
from planner.staffing.way_rows import cheapest_words, familiar_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.staffing.reached import Reached
    from planner.staffing.report import StaffingReport


class Line(NamedTuple):
    """A line of the answer: ``how`` says how sure it is ("Proved", "A plan", "Not known")."""

    what: str
    told: str
    how: str


BOTH = "ARMS and visits stand side by side: nobody clears one by dropping the other."
AS_ONE = (
    "Ruled out, not before, lacking and the cost that no plan can beat are proved with each team's "
    "officers as one. Overdue, exposure and hours used are those of one best plan of that kind, in "
    "which people are counted in parts."
)
HOW_SURE = (
    "Proved: no plan of any kind can do better. By a verified plan: a whole plan was made, and the "
    "independent verifier judged it."
)
PROVED, BY_PLAN, COUNTED, UNKNOWN = "Proved", "By a verified plan", "Counted", "Not known"


def headline(report: StaffingReport) -> str:
    """One sentence: the least number of officers, as far as it is known."""
    low, plan, by = report.least.fewest, report.fewest_that_clears, report.by_when
    if low is None:
        return f"No number of officers clears by {by}: something else stands in the way."
    if report.is_pinned and plan is not None:
        below = (
            f"{low - 1} cannot (proved{_keeping(report)})"
            if not report.least.is_at_floor
            else "fewer was not asked, as some team would not have two officers"
        )
        return f"{low} officers clear by {by} and {below}; {report.least.today} are in post today."
    if plan is not None and plan.officers > low:
        return (
            f"Between {low} and {plan.officers} officers clear by {by}: {low - 1} cannot (proved"
            f"{_keeping(report)}), "
            f"{plan.officers} do (a plan); in between is not known."
        )
    tried = "no plan that was tried clears" if report.plans else "no plan was asked for"
    proof = f"proved{_keeping(report)}"
    return f"No fewer than {low} officers clear by {by} ({proof}); how many do is open: {tried}."


def _keeping(report: StaffingReport) -> str:
    return ", every team keeping two officers" if report.least.keeps_two else ""


def answer_lines(report: StaffingReport) -> Iterator[Line]:
    """The answer in full: from both sides, then today's position, both duties together."""
    yield from _from_below(report)
    yield from _from_above(report)
    yield from _where_posts_go(report)
    yield from _today(report)
    for plan in report.plans:
        yield _plan_line(plan, report)
    yield from _asked_besides(report)


def _asked_besides(report: StaffingReport) -> Iterator[Line]:
    """The cheapest way, and what continuity costs, where asked for."""
    if (found := report.cheapest) is not None:
        is_shown = found.bound is None or found.best is not None
        how = PROVED if found.bound is None else BY_PLAN if is_shown else UNKNOWN
        yield Line("Cheapest way", cheapest_words(found, report.by_when), how)
    if report.familiar is not None and report.familiar.points:
        yield Line("Fair or familiar", familiar_words(report.familiar), BY_PLAN)


def _from_below(report: StaffingReport) -> Iterator[Line]:
    least = report.least
    if least.fewest is None:
        yield Line("Least number", "No number of officers would do.", PROVED)
        return
    if least.is_at_floor:
        yield Line(
            "Fewer",
            f"Fewer than {least.fewest} was not asked: some team would not have two officers.",
            UNKNOWN,
        )
        return
    yield Line(
        f"{least.fewest - 1} officers",
        f"Cannot clear by {report.by_when}, however they are spread and whoever goes"
        f"{_keeping(report)}.",
        PROVED,
    )


def _from_above(report: StaffingReport) -> Iterator[Line]:
    plan, low = report.fewest_that_clears, report.least.fewest
    if plan is not None:
        yield Line(
            f"{plan.officers} officers",
            f"Clear by {report.by_when}: a whole plan does, in {report.month(plan.clears_from)}.",
            BY_PLAN,
        )
        if low is not None and plan.officers > low:
            yield Line(
                f"{low} to {plan.officers - 1} officers",
                "Not ruled out, and no plan found that clears.",
                UNKNOWN,
            )
    elif low is not None:
        yield Line(f"{low} officers or more", "Not ruled out; no plan shows it.", UNKNOWN)


def _where_posts_go(report: StaffingReport) -> Iterator[Line]:
    plan = report.fewest_that_clears
    steps = plan.steps if plan is not None else report.least.steps
    moved = [f"{name} {step:+d}" for name, step in sorted(steps.items()) if step]
    if moved:
        how = BY_PLAN if plan is not None else UNKNOWN
        yield Line("Against today, by team", ", ".join(moved), how)
    if plan is not None and plan.taken:
        yield Line(
            "Who goes",
            f"Of the {plan.taken} fewer, {plan.leaving} leave during the plan anyway, by the "
            "register; those with the fewest hours go first.",
            COUNTED,
        )


def _today(report: StaffingReport) -> Iterator[Line]:
    found, standing = report.today, report.today.standing
    yield Line(
        "Today", f"{found.officers} officers in post in month 1, {found.fte:.1f} FTE.", COUNTED
    )
    opening = [found.overdue(0, duty) for duty in (Duty.ARMS, Duty.VISIT)]
    yield Line("Overdue today", f"{opening[0]:,.0f} ARMS and {opening[1]:,.0f} visits.", COUNTED)
    if standing.is_ruled_out:
        lacking = f"{standing.hours:,.0f} hours lack"
        if standing.posts > 0:
            lacking += f", or {standing.posts:.1f} full-time posts"
        yield Line(
            "As things are", f"Clearing by {report.by_when} is ruled out: {lacking}.", PROVED
        )
    else:
        month = report.month(found.earliest)
        yield Line(
            "As things are",
            f"Clearing by {report.by_when} is not ruled out; before the end of {month} it is.",
            PROVED,
        )


def _plan_line(plan: Reached, report: StaffingReport) -> Line:
    end = HORIZON_MONTHS
    left = [plan.outcome.backlog(end, duty) for duty in (Duty.ARMS, Duty.VISIT)]
    clears = (
        f"clears in {report.month(plan.clears_from)}"
        if plan.clears_from is not None
        else "does not clear"
    )
    accepted = "accepted" if plan.accepted else "REJECTED"
    return Line(
        f"The plan with {plan.officers}",
        f"It {clears}; {left[0]:,} ARMS and {left[1]:,} visits are overdue in {report.month(end)}; "
        f"cost {plan.outcome.total_cost:,.0f}, which no plan can bring below "
        f"{plan.result.bound:,.0f}; {accepted} by the verifier.",
        BY_PLAN,
    )


def lacking_words(report: StaffingReport) -> str:
    """What hours lacking are, beside a table of them by team and month."""
    return (
        "Lacking: the least on top without which the team cannot clear by "
        f"{report.by_when}. The sum is proved; the months are one way to have them."
    )
