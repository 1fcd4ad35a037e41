"""From a rival's decisions to a plan like any other."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from planner.domain.plan import Holding, Plan, PlannedArms, PlannedVisit
from planner.workload.announced import visit_types

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planner.workload.situation import Situation

PersonMonth = tuple[str, int]
OfficerMonth = tuple[str, int]


def as_plan(
    situation: Situation,
    routes: Mapping[str, Sequence[str | None]],
    *,
    visits: Mapping[PersonMonth, str | None],
    arms: Mapping[PersonMonth, str],
    second_hours: Mapping[OfficerMonth, float],
) -> Plan:
    """The plan in which each case goes its route (a SOM a month) and these duties are done.

    ``visits`` gives each visit's second officer where named, ``arms`` who does each ARMS.
    """
    offenders = situation.register.offender
    months: dict[str, list[int]] = defaultdict(list)
    for ref, month in sorted(visits):
        months[ref].append(month)
    types = visit_types(months, offenders, situation.policy)
    planned_visits = [
        PlannedVisit(
            month=month,
            ref=ref,
            som=str(routes[ref][month - 1]),
            visit_type=types[ref, month],
            crew=situation.crew(offenders[ref]),
            second=second,
        )
        for (ref, month), second in visits.items()
    ]
    planned_arms = [
        PlannedArms(month, ref, str(routes[ref][month - 1]), doer)
        for (ref, month), doer in arms.items()
    ]
    held = {ref: tuple(_holdings(routes[ref])) for ref in sorted(routes)}
    return Plan(
        horizon=situation.horizon,
        holdings={ref: holdings for ref, holdings in held.items() if holdings},
        visits=tuple(sorted(planned_visits, key=lambda v: (v.month, v.ref))),
        arms=tuple(sorted(planned_arms, key=lambda a: (a.month, a.ref))),
        second_hours={key: hours for key, hours in second_hours.items() if hours > 0},
    )


def _holdings(route: Sequence[str | None]) -> Iterator[Holding]:
    before = None
    for month, som in enumerate(route, start=1):
        if som is not None and som != before:
            yield Holding(month, som)
            before = som
