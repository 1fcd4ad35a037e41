"""The explanation's reasons in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.explain.announced import TypeReason
from planner.explain.bars import BarKind
from planner.explain.duties import Fault, Room

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from planner.domain.months import Horizon
    from planner.explain.bars import Bar

ROOM = {
    Room.FITS: "there is room",
    Room.NO_HOURS: "not enough hours left",
    Room.NOBODY_HOLDS: "nobody who may do it holds the case",
    Room.NOBODY_TRAINED: "nobody who may do it is trained for ARMS",
    Room.NOBODY_SECONDS: "nobody to be the second officer",
    Room.ARMS_LIMIT: "those who may do it have as many ARMS as arms.per_month allows",
}

FAULT = {
    Fault.TOO_EARLY: "It is earlier than allowed (rule 8).",
    Fault.NOT_THERE: "The person is not in the community then (rule 8).",
    Fault.BARRED: "It is said not to be possible in that month (rule 2).",
    Fault.NOT_OWED: "The register does not ask for it: rule 8 is broken.",
}

TYPE = {
    TypeReason.ANNOUNCED_WITHIN_SHARE: "the visits beside it are unannounced, and the level's "
    "share leaves room for an announced one",
    TypeReason.ANNOUNCED_TWICE: "rule 7 is broken: two announced visits in a row",
    TypeReason.ANNOUNCED_ABOVE_SHARE: "rule 7 is broken: too few of the level's visits are "
    "unannounced",
    TypeReason.AFTER_ANNOUNCED: "the visit before is announced (rule 7)",
    TypeReason.BEFORE_ANNOUNCED: "the visit after is announced (rule 7)",
    TypeReason.OFTEN_OUT: "nobody was in so often that a warrant is considered",
    TypeReason.SHARE_USED_UP: "the level has as many announced visits as its share leaves (rule 7)",
    TypeReason.FREE_CHOICE: "the rules would let it be announced",
}


def month_name(horizon: Horizon, month: int) -> str:
    return f"{horizon.start(month):%b %Y}"


def month_names(horizon: Horizon, months: Sequence[int]) -> str:
    """Months in words; "not within the plan" where there is none."""
    if not months:
        return "not within the plan"
    return listed([month_name(horizon, m) for m in months])


def day_name(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def listed(words: Sequence[str]) -> str:
    """A, B and C."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def points(value: float) -> str:
    """Points of cost to one decimal; never a minus before a nought."""
    return f"{value + 0.0 if abs(value) >= 0.05 else 0.0:,.1f}"


def bar_text(bar: Bar, horizon: Horizon) -> str:
    """One rule in the way: its number, then what it is."""
    return f"Rule {bar.kind.rule.value}: {_bar(bar, horizon)}."


def _bar(bar: Bar, horizon: Horizon) -> str:
    names = listed(bar.names)
    match bar.kind:
        case BarKind.OTHER_TEAM:
            return f"is of team {names}, and cross_team is off"
        case BarKind.NOT_WITH:
            return "is in the case's Not with"
        case BarKind.SKILLS:
            return f"lacks what the case needs: {names}"
        case BarKind.NOT_IN_POST:
            return "is not in post at the end of any month of the plan"
        case BarKind.LOCKED:
            return f"the case is locked to {names}"
        case BarKind.KEPT:
            return f"Keep with SOM: the case stays with {names}"
        case BarKind.LOCKED_MONTH:
            months = month_names(horizon, bar.months)
            return f"a duty locked to {months} would not fit into the hours then left"
        case BarKind.CAP:
            more = f" and {len(bar.months) - 1} more month(s)" if len(bar.months) > 1 else ""
            first = month_name(horizon, bar.months[0])
            return (
                f"{names} has {bar.held} other case(s) in the community in {first}{more}, and a "
                f"cap of {bar.number}"
            )
        case BarKind.MOVES:
            return f"the {bar.number} changes of SOM allowed are used up by other cases"
        case BarKind.NO_CHANGE:
            return "the case cannot change hands to this officer in any month"
        case BarKind.NOT_IN_POST_THEN:
            month = month_name(horizon, bar.months[0])
            return f"is not in post on the last working day of {month}"
        case BarKind.MOVE_MONTH:
            return (
                f"in {month_name(horizon, bar.months[0])} the case may not change hands: it may in "
                f"the plan's first month, {month_name(horizon, 1)}; when its SOM leaves or may no "
                "longer hold it; or to an officer in the month in which that officer joins"
            )
