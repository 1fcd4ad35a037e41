"""Rows and sentences on ways to clear with their price, and on fair or familiar."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from planner.domain.months import HORIZON_MONTHS
from planner.levers.catalogue import ARMS_TEAM, LEVERS, OFFICERS, OVERTIME_HOURS, RECRUITS
from planner.staffing.assumptions import NO_DATE, Assumption, assumptions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planner.staffing.cheapest import Cheapest, Tariff, Way
    from planner.staffing.familiar import Familiar
    from planner.staffing.report import StaffingReport

CONFIRMED = "By a verified plan"
BOUND_ONLY = "Bound only: no plan made"
NOT_SHOWN = "No plan found that clears"
RULED_OUT = "Ruled out (proved)"

_PEOPLE = {OFFICERS.key: "officers", RECRUITS.key: "recruits", ARMS_TEAM.key: "ARMS team"}


class WayRow(NamedTuple):
    """One way to clear: what it costs at least, what the way shown costs, and how sure that is.

    ``bound`` is None where clearing so is ruled out, ``price`` where no way is shown. ``clears`` is
    the month from which the whole plan has cleared.
    """

    way: str
    bound: float | None
    price: float | None
    gap: float | None
    how: str
    clears: date | None
    bought: str


class PurchaseRow(NamedTuple):
    """One thing bought for a way. Hours are a month's; people are full-time posts."""

    way: str
    lever: str
    team: str
    value: float
    first: date
    last: date
    price: float


def way_rows(report: StaffingReport) -> Iterator[WayRow]:
    """Every way asked about, in the order in which they were."""
    for way in report.cheapest.ways if report.cheapest else ():
        month = way.plan.clears_from if way.plan is not None and way.is_confirmed else None
        yield WayRow(
            way=way.name,
            bound=way.bound,
            price=way.price,
            gap=way.gap,
            how=how_sure(way),
            clears=None if month is None else report.horizon.start(month),
            bought=bought_words(way),
        )


def purchase_rows(report: StaffingReport) -> Iterator[PurchaseRow]:
    """What each way buys, where and when."""
    horizon = report.horizon
    for way in report.cheapest.ways if report.cheapest else ():
        for one in way.purchases:
            change = one.change
            yield PurchaseRow(
                way=way.name,
                lever=LEVERS[change.lever].words,
                team=change.team or "All teams",
                value=float(change.value),
                first=horizon.start(change.first or 1),
                last=horizon.start(change.last or horizon.length),
                price=one.price,
            )


def how_sure(way: Way) -> str:
    """How sure it is that the way shown clears."""
    if way.is_ruled_out:
        return RULED_OUT
    if way.is_confirmed:
        return CONFIRMED
    return BOUND_ONLY if way.plan is None else NOT_SHOWN


def bought_words(way: Way) -> str:
    """What is bought in all: "3 officers for 27 months in all, 1,200 overtime hours"."""
    people: dict[str, int] = defaultdict(int)
    months: dict[str, int] = defaultdict(int)
    hours = 0.0
    for one in way.purchases:
        change = one.change
        span = (change.last or HORIZON_MONTHS) - (change.first or 1) + 1
        if change.lever == OVERTIME_HOURS.key:
            hours += float(change.value) * span
        else:
            people[change.lever] += int(change.value)
            months[change.lever] += int(change.value) * span
    told = [
        f"{people[key]} {words} ({months[key]} months in all)"
        for key, words in _PEOPLE.items()
        if people[key]
    ]
    if hours:
        told.append(f"{hours:,.0f} overtime hours")
    if way.is_ruled_out:
        return _why_not(way)
    return ", ".join(told) or ("" if way.bound else "Nothing")


def _why_not(way: Way) -> str:
    if way.levers != (OVERTIME_HOURS.key,):
        return "However many are bought, something else stands in the way"
    if way.overtime_needed is None:
        return "However long the hours: the limit on ARMS a month, or the crew, stands in the way"
    return f"It would take {way.overtime_needed} hours a month from each officer at least"


def cheapest_words(found: Cheapest, by_when: str) -> str:
    """The answer in a sentence or two."""
    best, bound = found.best, found.bound
    if bound is None:
        return f"None of these levers clears by {by_when}, however much is bought (proved)."
    proved = f"no way with these levers costs less than {pounds(bound)} (proved)"
    if bound <= 0 and best is not None and not best.price:
        return f"Clearing by {by_when} need cost nothing more: today's officers do."
    if bound <= 0 and best is None:
        return f"That clearing by {by_when} takes any purchase is not proved; no plan shows it."
    if best is None or best.price is None:
        return f"Of clearing by {by_when}, {proved}; no whole plan shows a way."
    gap = f", {best.gap:.1%} above" if best.gap else ""
    return (
        f"{pounds(best.price)} clears by {by_when}, as a verified plan shows "
        f"({best.name[0].lower()}{best.name[1:]}{gap}); {proved}."
    )


def pounds(amount: float) -> str:
    """Whole pounds."""
    return f"£{amount:,.0f}"


def tariff_words(tariff: Tariff) -> str:
    """Every price and limit in a sentence, assumptions marked."""
    return "; ".join(
        f"{one.what}, {_told(one)}{' (assumption)' if one.is_assumed else ''}"
        for one in tariff_assumptions(tariff)
    )


def _told(one: Assumption) -> str:
    return f"£{one.value}" if one.unit == "£" else f"{one.unit} {one.value}"


_FACTS = (
    (
        "officer_month",
        "Officer-month",
        "£",
        "A full-time post for a month, pay and employer's costs, on top of today's staff.",
        "Assumption: put in your force's own",
        NO_DATE,
    ),
    (
        "overtime_hour",
        "Overtime hour",
        "£",
        "An hour worked on top, employer's costs included.",
        "Assumption: put in your force's own",
        NO_DATE,
    ),
    (
        "arms_month",
        "ARMS team, one person for a month",
        "£",
        "One full-time person of a temporary ARMS team for a month.",
        "Assumption",
        NO_DATE,
    ),
    (
        "overtime_limit",
        "Overtime at most",
        "hours a month each",
        "For each full-time officer in post; people bought work none.",
        "Assumption: two shifts a month",
        NO_DATE,
    ),
    (
        "recruits_from",
        "First recruits",
        "month of the plan",
        "Somebody newly recruited starts then at the earliest, with the policy's ramp.",
        "Assumption",
        NO_DATE,
    ),
    (
        "months_at_least",
        "Shortest post",
        "months",
        "For posts and ARMS teams, within the plan's months; posts last to the plan's end.",
        "Assumption",
        NO_DATE,
    ),
)


def tariff_assumptions(tariff: Tariff) -> Iterator[Assumption]:
    """Prices and limits with their sources, for wherever they are shown."""
    for field, what, unit, meaning, source, dated in _FACTS:
        is_assumed = field in tariff.assumed
        yield Assumption(
            what=what,
            value=f"{getattr(tariff, field):,g}",
            unit=unit,
            meaning=meaning,
            source=source if is_assumed else "Asked for on the command line",
            dated=dated if is_assumed else "now",
            is_assumed=is_assumed,
        )


def every_assumption(report: StaffingReport) -> Iterator[Assumption]:
    """What all of a report's figures rest on, prices last."""
    yield from assumptions(report.register, report.asked)
    if report.cheapest is not None:
        yield from tariff_assumptions(report.cheapest.tariff)


def familiar_words(found: Familiar) -> str:
    """What continuity costs, in a sentence."""
    kept, free = found.points[0], found.points[-1]
    gain = kept.cost - free.cost
    proved = kept.bound - free.cost
    sure = (
        f"at least {proved:,.0f} of it whatever the plan (proved)"
        if proved > 0
        else "whether any of it is continuity's alone is not proved: bound and plans overlap"
    )
    return (
        f"With {kept.share:.0%} of cases allowed to move the plan costs {kept.cost:,.0f} "
        f"(exposure {kept.exposure:,.0f}); with {free.share:.0%}, {free.cost:,.0f} (exposure "
        f"{free.exposure:,.0f}, {free.moves:,} moves). Staying familiar costs {gain:,.0f}, {sure}."
    )
