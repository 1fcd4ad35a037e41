"""What ``planner explain`` says: sentences a supervisor reads, and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.commands.explain_months_text import month_lines
from planner.commands.explain_som_text import som_lines
from planner.commands.explain_words import TYPE, month_name
from planner.commands.plan_and_register import source_warnings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.commands.explain import Answer
    from planner.explain.explanation import Explanation

_KEY = (
    "Needs: hours of the duty, second hours included. Left: of the officer who would do it, second",
    "hours as in Workload. Team left: of all together; second hours may be shared anew. Price: of",
    "an hour of the team in that month, in points. Saves: points of this duty's lateness. Adds:",
    "what the duties after it would cost more, falling due earlier and staying where they are.",
    "Costs: points of lateness of the one planned duty that gives way at least cost.",
)


def explanation_text(answer: Answer) -> str:
    """The whole answer as lines."""
    found = answer.explanation
    parts = [
        list(_front(answer)),
        list(som_lines(found)),
        list(month_lines(found)),
        list(_type_lines(found)),
    ]
    if any(reason.earlier for reason in found.duties):
        parts.insert(3, list(_KEY))
    return "\n\n".join("\n".join(part) for part in parts)


def warnings_of(answer: Answer) -> list[str]:
    """What to know before relying on the answer."""
    told = source_warnings(answer.same_register, answer.explanation.rows_left_out)
    if not answer.priced:
        told.append("The workbook has no price of an hour; prices are left out.")
    return told


def _front(answer: Answer) -> Iterator[str]:
    found = answer.explanation
    person, horizon = found.offender, found.horizon
    yield (
        f"Case {person.ref}: {person.level.label}, {person.status.value}, "
        f"{person.management.value}, team {person.team}. The plan runs from "
        f"{horizon.start(1):%B %Y} to {horizon.start(horizon.length):%B %Y}."
    )
    yield (
        "Each alternative is one change to the plan as the workbook has it, all else as it stands. "
        "Points are those of the plan's cost."
    )
    yield from (f"Warning: {text}" for text in warnings_of(answer))


def _type_lines(found: Explanation) -> Iterator[str]:
    types = found.visit_types
    yield "Why announced or not"
    level = found.offender.level.label
    yield (
        f"  {level}: at least {types.share:.0%} of visits must be unannounced, so of the plan's "
        f"{types.visits:,} at most {types.allowed:,} may be announced; {types.announced:,} are."
    )
    last = "not known" if types.last_type is None else types.last_type.value.casefold()
    yield f"  Last visit before the plan: {last}."
    if not types.of_case:
        yield "  No visit to this person is planned."
    for visit in types.of_case:
        when = month_name(found.horizon, visit.month)
        yield f"  {when}: {visit.visit_type.value.casefold()}, because {TYPE[visit.reason]}."
