"""What is wrong with a scenario, for whatever file it was written in."""

from __future__ import annotations

import difflib
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from planner.domain.months import HORIZON_MONTHS
from planner.levers.catalogue import LEAVERS, LEVERS, MERGE, LeverKind
from planner.levers.changed import changed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.domain.register import Register
    from planner.levers.catalogue import Lever
    from planner.levers.scenario import Change, Scenario


class Fault(NamedTuple):
    """``field`` is the column of the Scenarios sheet: Lever, Team, Value, From or To."""

    field: str
    code: str
    message: str
    remedy: str


def unknown_lever(name: str) -> Fault:
    """There is no such lever; the nearest is named."""
    near = difflib.get_close_matches(name.casefold(), LEVERS, n=1, cutoff=0.0)[0]
    return Fault(
        "Lever",
        "unknown-lever",
        f"There is no lever {name!r}. The nearest is {near}.",
        f"Write one of {', '.join(LEVERS)}.",
    )


def faults_of(change: Change, register: Register) -> Iterator[Fault]:
    """What is wrong with one change by itself, if anything."""
    lever = LEVERS[change.lever]
    yield from _value_faults(change, lever, register)
    if change.team is not None and not lever.takes_team:
        yield Fault(
            "Team",
            "no-team",
            f"The lever {lever.key} holds for the whole unit; it takes no team.",
            "Leave Team blank.",
        )
    elif change.team is not None and change.team not in register.teams:
        yield _unknown_team("Team", change.team, register)
    if lever is MERGE and change.team is None:
        yield Fault(
            "Team", "missing-value", "Which team is to be merged is not said.", "Name it in Team."
        )
    yield from _month_faults(change, lever)


def together(scenario: Scenario, register: Register) -> Iterator[tuple[Change, Fault]]:
    """What is wrong with changes of a scenario only beside one another, each with its change."""
    seen: Counter[tuple[str, str | None]] = Counter()
    merged = {c.team for c in scenario.changes if c.lever == MERGE.key}
    for change in scenario.changes:
        lever = LEVERS[change.lever]
        key = change.lever, change.team
        seen[key] += 1
        if seen[key] > 1 and not lever.adds:
            where = f" for {change.team}" if change.team else ""
            yield (
                change,
                Fault(
                    "Lever",
                    "twice",
                    f"The lever {lever.key} stands twice in the scenario{where}.",
                    "Keep one of the two, or make two scenarios of them.",
                ),
            )
        if lever is not MERGE and change.team in merged and change.team is not None:
            yield (
                change,
                Fault(
                    "Team",
                    "merged-team",
                    f"Team {change.team} is merged into another in the same scenario.",
                    "Name the team that it is merged into.",
                ),
            )
        if lever is MERGE and (change.value in merged or seen[key] > 1):
            yield (
                change,
                Fault(
                    "Value",
                    "merged-team",
                    "A team is merged twice, or into one that is itself merged.",
                    "Merge each team once, into one that stays.",
                ),
            )
    yield from _leaving_faults(scenario, register)


def _leaving_faults(scenario: Scenario, register: Register) -> Iterator[tuple[Change, Fault]]:
    """Leavers that would leave a team without anybody."""
    for change in scenario.changes:
        if change.lever == LEAVERS.key:
            try:
                changed(register, scenario.only(change))
            except ValueError as error:
                yield (
                    change,
                    Fault(
                        "Value", "too-many-leavers", str(error), "Let fewer leave: one must stay."
                    ),
                )


def _value_faults(change: Change, lever: Lever, register: Register) -> Iterator[Fault]:
    value = change.value
    if lever.kind is LeverKind.TEAM:
        if not isinstance(value, str) or value not in register.teams:
            yield _unknown_team("Value", str(value), register)
        elif value == change.team:
            yield Fault(
                "Value", "same-team", f"Team {value} is merged into itself.", "Name another team."
            )
        return
    if not _fits(value, lever):
        yield _wrong_value(lever, value, _wanted(lever))


def _fits(value: float | bool | str, lever: Lever) -> bool:
    if lever.kind is LeverKind.SWITCH or isinstance(value, bool | str):
        return lever.kind is LeverKind.SWITCH and isinstance(value, bool)
    is_whole = lever.kind is not LeverKind.WHOLE or float(value).is_integer()
    return lever.low <= value <= lever.high and is_whole


def _wrong_value(lever: Lever, value: object, wanted: str) -> Fault:
    return Fault(
        "Value",
        "wrong-value",
        f"The lever {lever.key} takes {wanted}; {value!r} is not.",
        f"Give {wanted}.",
    )


def _wanted(lever: Lever) -> str:
    if lever.kind in {LeverKind.SWITCH, LeverKind.TEAM}:
        return lever.kind.value
    return f"{lever.kind.value} from {lever.low:g} to {lever.high:g}"


def _month_faults(change: Change, lever: Lever) -> Iterator[Fault]:
    for field, month, takes in (
        ("From", change.first, lever.takes_from),
        ("To", change.last, lever.takes_to),
    ):
        if month is None:
            continue
        if not takes:
            yield Fault(
                field,
                "no-month",
                f"The lever {lever.key} takes no month in {field}.",
                f"Leave {field} blank.",
            )
        elif not 1 <= month <= HORIZON_MONTHS:
            yield Fault(
                field,
                "outside-the-plan",
                f"{field} is month {month} of the plan, which has {HORIZON_MONTHS}.",
                f"Give a month of the plan: 1 to {HORIZON_MONTHS}, or any date in it.",
            )
    if change.first is not None and change.last is not None and change.last < change.first:
        yield Fault(
            "To",
            "dates-out-of-order",
            f"To, month {change.last}, is before From, month {change.first}.",
            "Correct one of the two.",
        )


def _unknown_team(field: str, name: str, register: Register) -> Fault:
    folded = {team.casefold(): team for team in register.teams}
    near = difflib.get_close_matches(name.casefold(), folded, n=1)
    hint = f" Is {folded[near[0]]} meant?" if near else ""
    return Fault(
        field,
        "unknown-team",
        f"The register knows no team {name!r}.{hint}",
        f"Name one of {', '.join(register.teams)}.",
    )
