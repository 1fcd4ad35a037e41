"""What is said of a plan beside the one before, in sentences."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from planner.domain.written import RunItem
from planner.roll.disagreements import Trust
from planner.roll.judging import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planner.roll.changes import Counts
    from planner.roll.roll import Rolled

_AFTER = "Cost: spread"
PREVIOUS_RUN = "Previous run"
STABILITY = "Cost: stability"


def rolled_lines(rolled: Rolled, cost: float, bound: float) -> tuple[str, ...]:
    """Everything that is said of it at the end of a run and on the front page."""
    lines = (
        changed_line(rolled),
        price_line(rolled, cost, bound),
        decisions_line(rolled),
        disagreements_line(rolled),
    )
    return tuple(line for line in lines if line)


def changed_line(rolled: Rolled) -> str:
    """How much of the plan before stays."""
    counts = rolled.counts
    start = f"Beside plan {rolled.previous_run}: "
    slipped = f"{counts.slipped:,} not done in their month. " if counts.slipped else ""
    moved = f"{_many(counts.cases_moved, 'case')} with another officer."
    if not counts.months:
        return f"{start}it covers none of these months. {slipped}{moved}"
    parts = (
        (counts.moved, "in another month"),
        (counts.gone, "gone"),
        (counts.other_officer, "by another officer"),
        (counts.other_type, "announced otherwise"),
    )
    told = ", ".join(f"{number:,} {what}" for number, what in parts if number)
    new = f" {counts.added:,} new." if counts.added else ""
    share = f" ({counts.share:.1%}{': ' if told else ''}{told})" if counts.duties else ""
    months = "month that both cover" if counts.months == 1 else "months that both cover"
    return (
        f"{start}of {counts.duties:,} duties in the {counts.months} {months}, "
        f"{counts.changed:,} changed{share}.{new} {slipped}{moved}"
    )


def reasons_line(counts: Counts) -> str:
    """Duties moved, gone and new by reason."""
    if not counts.by_reason:
        return "No duty is in another month, gone or new in these months."
    told = "; ".join(f"{reason}: {number:,}" for reason, number in counts.by_reason)
    return f"Duties in another month, gone or new, by reason. {told}."


def price_line(rolled: Rolled, cost: float, bound: float) -> str:
    """What is known of the price of stability: the bound holds for plans that keep nothing."""
    most = max(0.0, cost - bound)
    handed = (
        f" and {rolled.handed_over:,} are by another officer than then"
        if rolled.handed_over
        else ""
    )
    weighed = (
        f"{_many(rolled.missed, 'duty', 'duties')} left the month given before{handed}, at "
        f"{rolled.price:g} points each: {rolled.stability:,.0f}, beside the cost."
    )
    return (
        f"Price of stability: at most {most:,.1f} points. This plan costs {cost:,.0f}; no plan, "
        f"also one that keeps nothing of the plan before, can cost less than {bound:,.0f}. "
        f"{weighed}"
    )


def decisions_line(rolled: Rolled) -> str:
    """How many of the decisions hold; nothing where there are none."""
    if not rolled.judged:
        return ""
    held, missed = rolled.standing(Standing.HELD), rolled.standing(Standing.NOT_HELD)
    dropped = len(rolled.judged) - held - missed
    return (
        f"Accepted decisions: {held:,} held, {missed:,} not held, {dropped:,} dropped (over, gone "
        "or against the register): see Accepted decisions."
    )


def disagreements_line(rolled: Rolled) -> str:
    """How often register and history disagree, by kind; which counts."""
    if not rolled.disagreements:
        return ""
    kinds = Counter(d.kind.value for d in rolled.disagreements)
    told = "; ".join(f"{kind}: {number:,}" for kind, number in kinds.items())
    counts = "Marks count" if rolled.trust is Trust.HISTORY else "The register counts"
    return f"Register and history disagree. {told}. {counts}: see Register and history."


def with_rolled(run: Iterable[RunItem], rolled: Rolled) -> tuple[RunItem, ...]:
    """The Run sheet's items with those of the roll: stability after the cost's parts."""
    return tuple(_with_rolled(run, rolled))


def _with_rolled(run: Iterable[RunItem], rolled: Rolled) -> Iterator[RunItem]:
    for item in run:
        yield item
        if item.item == _AFTER:
            yield RunItem(STABILITY, rolled.stability)
    counts = rolled.counts
    yield RunItem(PREVIOUS_RUN, rolled.previous_run)
    yield RunItem("Trusted where register and history disagree", rolled.trust.value)
    yield RunItem("Months that both plans cover", counts.months)
    yield RunItem("Duties of the plan before in them", counts.duties)
    yield RunItem("Of these changed", counts.changed)
    yield RunItem("Share changed", counts.share)


def for_programs(rolled: Rolled, cost: float, bound: float) -> dict[str, object]:
    """The same for programs; no reference of any person."""
    counts = rolled.counts
    return {
        "previous_run": rolled.previous_run,
        "trust": rolled.trust.value,
        "months_both_cover": counts.months,
        "duties_before": counts.duties,
        "changed": counts.changed,
        "share_changed": counts.share,
        "moved": counts.moved,
        "gone": counts.gone,
        "added": counts.added,
        "other_officer": counts.other_officer,
        "other_type": counts.other_type,
        "slipped": counts.slipped,
        "rolled_on": counts.rolled_on,
        "cases_moved": counts.cases_moved,
        "by_reason": dict(counts.by_reason),
        "left_month": rolled.missed,
        "left_officer": rolled.handed_over,
        "stability": rolled.stability,
        "stability_price_at_most": max(0.0, cost - bound),
        "decisions": {s.value: rolled.standing(s) for s in Standing},
        "disagreements": dict(Counter(d.kind.value for d in rolled.disagreements)),
    }


def _many(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
