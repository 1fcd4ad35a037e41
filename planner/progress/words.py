"""Progress in sentences a sergeant reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.months import Horizon
from planner.domain.terms import Duty
from planner.progress.counts import Count, summed
from planner.progress.done import Source
from planner.progress.forecast import LEAST_MONTHS, Outlook
from planner.progress.hours import CONFIDENCE, LEAST_RECORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.progress.burn_down import MonthEnd
    from planner.progress.forecast import Forecast
    from planner.progress.hours import HoursTaken
    from planner.progress.progress import Progress

FEW_OFFICERS = 3


def headline(progress: Progress) -> str:
    """The backlog reached against the one promised."""
    if progress.is_first_plan:
        return (
            "Only one plan has been issued: what was done is known from marks alone, and nothing "
            "can be said of the pace. The next month's plan shows what the register has."
        )
    end = _reached(progress)
    if end is None or end.reached is None or end.as_at is None:
        return "No plan followed on the last month told of, so its backlog is not known."
    reached = sum(end.reached)
    told = [
        f"{name} promised {sum(promise):,}{_difference(reached - sum(promise))}"
        for name, promise in (
            ("the plan of that month", end.in_force),
            ("the first plan", end.first_plan),
        )
        if promise is not None
    ]
    promised = f" For the end of {end.month:%B %Y} {'; '.join(told)}." if told else ""
    verdict = "" if end.in_force is None else _verdict(reached - sum(end.in_force))
    return f"{verdict}{reached:,} ARMS were overdue on {end.as_at:%d/%m/%Y}.{promised}"


def _reached(progress: Progress) -> MonthEnd | None:
    """The last month's end, of those told of, at which the next plan began."""
    last = progress.months[-1].month
    found = [
        e
        for e in progress.burn_down
        if progress.plans[0].first_month <= e.month <= last and e.reached is not None
    ]
    return found[-1] if found else None


def _verdict(more: int) -> str:
    return "Behind: " if more > 0 else "On track: " if more == 0 else "Ahead: "


def _difference(more: int) -> str:
    if more == 0:
        return ", which is reached"
    return f" ({abs(more):,} {'more' if more > 0 else 'fewer'} are overdue)"


def delivered(progress: Progress) -> Iterator[str]:
    """The share of what was planned that was done in its month; months that are over."""
    over = {month.month for month in progress.months if month.is_over}
    for row in summed((r for r in progress.counts if r.month in over), "duty"):
        if row.planned:
            name = "ARMS" if row.duty is Duty.ARMS else "visits"
            yield (
                f"Of {row.planned:,} {name} planned for months that are over, {row.as_planned:,} "
                f"({row.as_planned / row.planned:.0%}) were done in their month."
            )


def remarks(progress: Progress) -> Iterator[str]:
    """What to know before believing the figures."""
    newest = progress.plans[-1]
    before = Horizon(newest.first_month).end(0)
    if len(progress.plans) > 1 and newest.as_at < before:
        yield (
            f"The newest register is as at {newest.as_at:%d/%m/%Y}: what was done after that day "
            "counts only where it was marked."
        )
    if not sum(progress.known.sources.values()) and any(m.is_over for m in progress.months):
        yield "Nothing at all is known to have been done. Was the register brought up to date?"
    for month in progress.months:
        if not month.is_over:
            yield (
                f"{month.month:%B %Y} is not over as far as registers go: nothing in it is called "
                "slipped."
            )
    unknown = _all(progress).not_known
    if unknown:
        yield (
            f"Of {unknown:,} planned {'duty' if unknown == 1 else 'duties'} it is not known: "
            "nobody marked them, and the next register shows only a later one. A plan each month "
            "avoids that."
        )


def known_lines(progress: Progress) -> Iterator[str]:
    """How many are known from where, and where sources disagree."""
    known = progress.known
    total = sum(known.sources.values())
    told = ", ".join(
        f"{number:,} {_SOURCE[source]}" for source, number in known.sources.items() if number
    )
    yield f"Visits and ARMS done: {total:,}{f' ({told})' if told else ''}."
    for difference, number in known.differences.items():
        if number:
            yield f"They disagree on {number:,}: {_lower(difference.value)}."
    if known.came_with:
        yield (
            f"{known.came_with:,} more stood on a register already when the person came onto it: "
            "not counted."
        )


_SOURCE = {
    Source.BOTH: "marked and on a register",
    Source.MARK: "marked only",
    Source.REGISTER: "on a register only",
}


def forecast_lines(forecast: Forecast) -> Iterator[str]:
    """When the backlog clears at the pace so far, with its basis."""
    if forecast.outlook is Outlook.CLEARED:
        yield f"The ARMS backlog is cleared: {forecast.backlog:,} overdue."
        return
    if forecast.pace:
        yield _basis(forecast)
    if forecast.ran_out:
        yield _ran_out(forecast)
    if forecast.outlook is Outlook.TOO_FEW:
        yield _too_few(forecast)
    elif forecast.outlook is Outlook.DATED:
        yield _dated(forecast)
    elif forecast.outlook is Outlook.TOO_SLOW:
        yield (
            f"At this pace it does not clear by {forecast.end:%B %Y}: about {forecast.left:,} ARMS "
            f"would be overdue then.{_best(forecast)}"
        )
    if forecast.planned is not None:
        yield (
            f"The newest plan, made with the hours there are, clears it in "
            f"{forecast.planned:%B %Y}; no sooner month is told."
        )
    else:
        yield _not_planned(forecast)
    if forecast.proof is not None and forecast.proof.is_ruled_out:
        yield _proved(forecast)


def _basis(forecast: Forecast) -> str:
    pace, number = forecast.pace, len(forecast.pace)
    done = [month.done for month in pace]
    span = f"{pace[0].month:%B %Y}"
    if number > 1:
        span = f"{number} whole months, {span} to {pace[-1].month:%B %Y},"
    between = "" if number == 1 else f", {forecast.done_a_month:,.1f} a month ({_span(done)})"
    due = f"{forecast.due_a_month:,.1f} a month" if number > 1 else f"{pace[0].due:,}"
    return (
        f"In {span} {sum(done):,} ARMS were done{between}; {due} fell due. "
        f"{forecast.backlog:,} were overdue on {forecast.as_at:%d/%m/%Y}."
    )


def _ran_out(forecast: Forecast) -> str:
    number = forecast.ran_out
    months = "1 whole month does" if number == 1 else f"{number} whole months do"
    return (
        f"{months} not count towards the pace: the plan meant to leave hardly any ARMS overdue, so "
        "work, not hours, set what was done."
    )


def _too_few(forecast: Forecast) -> str:
    number = len(forecast.pace)
    if number == 0:
        told = "No month counts yet" if forecast.ran_out else "No month is over yet"
        return f"{told}: nothing can be said of the pace. It takes {LEAST_MONTHS} whole months."
    told = "One month is" if number == 1 else "Two months are"
    return f"{told} too few to tell when the backlog clears. It takes {LEAST_MONTHS} whole months."


def _span(numbers: list[int]) -> str:
    low, high = min(numbers), max(numbers)
    return f"{low:,} each" if low == high else f"{low:,} to {high:,}"


def _dated(forecast: Forecast) -> str:
    late = f"not by {forecast.end:%B %Y}" if forecast.latest is None else f"{forecast.latest:%B %Y}"
    return (
        f"At this pace the backlog is cleared, and stays so, from {forecast.likely:%B %Y} on. Were "
        f"every month like the best so far: {forecast.earliest:%B %Y}; like the worst: {late}. "
        "What comes up each month is taken from the newest plan."
    )


def _best(forecast: Forecast) -> str:
    if forecast.earliest is None:
        return " Nor does it were every month like the best so far."
    return f" Were every month like the best so far: {forecast.earliest:%B %Y}."


def _not_planned(forecast: Forecast) -> str:
    left = (
        f", at the pace so far about {forecast.left:,}"
        if forecast.left is not None and forecast.left > forecast.planned_left
        else ""
    )
    return (
        f"No month is told: the newest plan does not clear it by {forecast.end:%B %Y} with the "
        f"hours there are. It leaves {forecast.planned_left:,} ARMS overdue{left}."
    )


def _proved(forecast: Forecast) -> str:
    proof = forecast.proof
    assert proof is not None
    lacking = []
    if proof.hours > 0:
        lacking.append(f"at least {proof.hours:,.0f} hours")
    if proof.posts > 0:
        lacking.append(f"about {proof.posts:,.1f} full-time posts")
    what = f": {' or '.join(lacking)} are lacking" if lacking else ""
    return (
        f"It is proved that no plan can leave nothing overdue, visits included, by "
        f"{forecast.end:%B %Y}{what}."
    )


def hours_lines(progress: Progress) -> Iterator[str]:
    """Hours planned against taken, and the setting proposed with its evidence."""
    for hours in progress.hours:
        yield from _hours(hours)


def _hours(hours: HoursTaken) -> Iterator[str]:
    name = NAMES[hours.duty]
    if not hours.records:
        yield f"{name}: no hours were noted."
        return
    yield (
        f"{name}: hours were noted for {hours.records:,} of {hours.marked:,} marked as done, by "
        f"{_officers(hours.officers)}: {hours.planned:,.1f} planned, {hours.taken:,.1f} taken."
    )
    if hours.left_out:
        yield (f"{name}: {hours.left_out:,} more left out: of an attempt that failed, or 0 hours.")
    if hours.low is None:
        yield (
            f"{name}: the mean is {hours.mean:.2f} hours, the policy's {hours.policy:g}. With "
            f"fewer than {LEAST_RECORDS} records nothing is proposed."
        )
        return
    yield (
        f"{name}: the mean is {hours.mean:.2f} hours (spread {hours.spread:.2f}; with "
        f"{CONFIDENCE:.0%} confidence between {hours.low:.2f} and {hours.high:.2f}), the policy's "
        f"{hours.policy:g}."
    )
    if not hours.proposed:
        yield f"{name}: that is no reason to change the policy."
        return
    for setting in hours.proposed:
        yield (
            f"Proposed row of the register's Policy sheet: {setting.name}  {setting.value:g}  "
            f"(now {setting.now:g}). Nothing is changed by itself."
        )
    if hours.duty is Duty.VISIT:
        yield WRITE_UP_NOTE
    if hours.officers < FEW_OFFICERS:
        yield f"{name}: few SOMs noted hours. Ask others before changing the policy."


NAMES = {Duty.VISIT: "Visits (the lead's hours)", Duty.ARMS: "ARMS"}
WRITE_UP_NOTE = (
    "Only the lead's hours are noted, so the difference is put on the write-up, which only the "
    "lead does. If the visit itself takes longer, change visit.hours instead."
)


def _officers(number: int) -> str:
    return "one SOM" if number == 1 else f"{number:,} SOMs"


def _all(progress: Progress) -> Count:
    return next(iter(summed(progress.counts)), Count())


def _lower(text: str) -> str:
    return f"{text[0].lower()}{text[1:]}"
