"""What every figure rests on: each assumption with its value, its source and the source's date."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planner.domain.policy import SETTINGS
from planner.levers import LEVERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planner.domain.register import Register
    from planner.levers import Scenario

NO_DATE = "no source found, so no date"

SOURCE_DATES = {
    "visit.interval.very_high": "to June 2017",
    "visit.interval.high": "to June 2017",
    "visit.interval.medium": "to June 2017",
    "visit.interval.low": "to June 2017",
    "visit.unannounced.very_high": "August 2024 (HMICFRS, Met)",
    "visit.unannounced.high": "August 2024 (HMICFRS, Met)",
    "visit.unannounced.medium": "August 2024 (HMICFRS, Met)",
    "visit.unannounced.low": "August 2024 (HMICFRS, Met)",
    "visit.crew": "December 2024 (HMICFRS, Cambridgeshire)",
    "visit.warrant_after": "2003, the Act",
    "hours.day.officer": "the working week, no date",
    "hours.day.staff": "the working week, no date",
    "hours.leave_days": "the regulations, no date",
    "hours.unplanned_absence": "2013 (London Assembly answer, Met)",
    "caseload.norm": "2018 (HMICFRS), July 2022 (joint inspection)",
    "inflow.per_year": "2021 to 2024 (MAPPA reports)",
}
"""When each source spoke, where the field's notes say; all others have no source."""

HOW_LEVELS_ARE_MADE = (
    (
        "Officers above today",
        "Full-time, experienced, trained for ARMS, in post from month 1 to the end, each where it "
        "saves most; no time to recruit or settle in is counted.",
    ),
    (
        "Officers below today",
        "Taken from those in post in month 1, from month 1 on: those with the fewest hours in the "
        "plan first, where it costs least. That fewer than the least cannot clear is proved "
        "whoever goes, so long as every team keeps two officers for a visit. Nobody is exchanged.",
    ),
    (
        "Joiners and leavers on the register",
        "Join and leave as the register says, at every number of officers.",
    ),
    (
        "What no plan can beat",
        "Proved with each team's officers as one, so that nobody's own caseload, cap or calendar "
        "stands in the way: no real plan can do better, and a real one may do worse.",
    ),
    (
        "Months of the best plan with officers as one",
        "One plan of least cost; people are counted in parts. Another plan may look better in a "
        "single month, none in the whole cost.",
    ),
)


class Assumption(NamedTuple):
    """``what`` is assumed, its ``value`` in a ``unit``, where that comes from and of when it is.

    ``is_assumed``: no source gave it.
    """

    what: str
    value: str
    unit: str
    meaning: str
    source: str
    dated: str
    is_assumed: bool


def assumptions(register: Register, scenarios: Iterable[Scenario]) -> Iterator[Assumption]:
    """How levels are made, every setting of the policy, and every lever that a scenario pulls."""
    for what, meaning in HOW_LEVELS_ARE_MADE:
        yield Assumption(what, "", "", meaning, "How this is worked out", "this version", True)
    day = f"{register.as_at:%d/%m/%Y}"
    for name, setting in SETTINGS.items():
        value = register.policy.value(name)
        is_default = value == setting.default
        yield Assumption(
            what=name,
            value=("On" if value else "Off") if isinstance(value, bool) else f"{value:g}",
            unit=setting.unit,
            meaning=setting.meaning,
            source=setting.basis if is_default else "The register's Policy sheet",
            dated=SOURCE_DATES.get(name, NO_DATE) if is_default else day,
            is_assumed=is_default and setting.assumption,
        )
    pulled = {change.lever for scenario in scenarios for change in scenario.changes}
    for key, lever in LEVERS.items():
        if key in pulled:
            yield Assumption(
                what=f"Lever: {lever.words}",
                value="as the scenario says",
                unit=lever.unit,
                meaning=lever.assumes,
                source=lever.source,
                dated=SOURCE_DATES.get(key, "June 2017" if key == "reactive" else NO_DATE),
                is_assumed=lever.source.startswith("Assumption"),
            )
