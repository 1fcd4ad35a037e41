"""Every lever: its name, what it takes, and what is assumed where somebody pulls it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from planner.domain.months import HORIZON_MONTHS
from planner.domain.policy import SETTINGS
from planner.domain.terms import LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 1_000
"""No lever adds or takes more people than this: a slip of the keyboard, not a question."""


class LeverKind(StrEnum):
    """What a lever's value is."""

    WHOLE = "a whole number"
    NUMBER = "a number"
    SWITCH = "On or Off"
    TEAM = "a team"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One thing that leaders may change.

    ``key`` is its name in scenario files; a setting's own name where it is a setting of the policy
    (``is_setting``). ``words`` name it for people, ``unit`` is the value's, ``low`` and ``high``
    are permitted values, both included. ``takes_team``: a team may be named, blank means the whole
    unit; ``takes_from`` and ``takes_to``: a first and a last month may be, blank means from month 1
    and to the end. ``adds``: several changes of it add up; else one a scenario (and team) is all
    that makes sense. ``assumes`` and ``source`` say what stands behind it.
    """

    key: str
    words: str
    unit: str
    kind: LeverKind
    low: float
    high: float
    assumes: str
    source: str = "Assumption"
    takes_team: bool = False
    takes_from: bool = False
    takes_to: bool = False
    adds: bool = False
    is_setting: bool = False


_SHARED = "Without a team, shared out in proportion to the teams' active people in the community."

OFFICERS = Lever(
    key="officers",
    words="More police officers",
    unit="full-time posts",
    kind=LeverKind.WHOLE,
    low=1,
    high=MOST,
    assumes="Full-time, experienced and trained for ARMS from the first day, so no time to recruit "
    f"or settle in is counted. {_SHARED}",
    takes_team=True,
    takes_from=True,
    takes_to=True,
    adds=True,
)
STAFF = Lever(
    key="staff",
    words="More police staff",
    unit="full-time posts",
    kind=LeverKind.WHOLE,
    low=1,
    high=MOST,
    assumes="As more police officers, with the working day of police staff (hours.day.staff).",
    takes_team=True,
    takes_from=True,
    takes_to=True,
    adds=True,
)
RECRUITS = Lever(
    key="recruits",
    words="New police officers who must settle in",
    unit="full-time posts",
    kind=LeverKind.WHOLE,
    low=1,
    high=MOST,
    assumes="Full-time and trained for ARMS from the first day, with the policy's shares of full "
    f"hours at first (hours.ramp). {_SHARED}",
    takes_team=True,
    takes_from=True,
    takes_to=True,
    adds=True,
)
LEAVERS = Lever(
    key="leavers",
    words="Leavers not replaced",
    unit="people",
    kind=LeverKind.WHOLE,
    low=1,
    high=MOST,
    assumes="They are gone from the first day of the month. Who goes is not known: those with most "
    "hours from then on are taken, so that the loss is not made to look small. Without a team, "
    "shared out in proportion to the teams' officers.",
    takes_team=True,
    takes_from=True,
    adds=True,
)
OVERTIME_HOURS = Lever(
    key="overtime_hours",
    words="Overtime agreed",
    unit="hours a month",
    kind=LeverKind.NUMBER,
    low=0,
    high=1e6,
    assumes="Worked by the team's officers in proportion to their own hours of that month; it "
    "brings hours, not a higher limit on ARMS. Whether people can keep that up is for you to "
    "judge. Without a team, shared out in proportion to the teams' active people in the community.",
    takes_team=True,
    takes_from=True,
    takes_to=True,
    adds=True,
)
ARMS_TEAM = Lever(
    key="arms_team",
    words="Temporary ARMS team",
    unit="full-time people",
    kind=LeverKind.WHOLE,
    low=1,
    high=MOST,
    assumes="Experienced and trained, they hold no community case. An approximation: their hours "
    "are those of a full post, at most as many as their ARMS a month take (arms.per_month), and a "
    "plan may also use them as second officers. Any trained colleague of the team may then do an "
    f"ARMS (arms.by_colleague is on). {_SHARED}",
    takes_team=True,
    takes_from=True,
    takes_to=True,
    adds=True,
)
REACTIVE = Lever(
    key="reactive",
    words="Low risk cases to reactive management",
    unit="share",
    kind=LeverKind.NUMBER,
    low=0,
    high=1,
    assumes="NOT A LEVER LIKE THE OTHERS: reactive management is a decision on each person's risk, "
    "made case by case. Taken here: low risk, active, in the community today, without a locked "
    "visit or ARMS; those with nothing overdue first.",
    source="NPCC, June 2017: low risk for three years; about 31% were eligible",
    takes_team=True,
)
SURGE = Lever(
    key="surge",
    words="New registrations all at once",
    unit="people",
    kind=LeverKind.WHOLE,
    low=1,
    high=10_000,
    assumes="Invented people, registered on the month's first day, their first visit and ARMS due "
    "as the policy has it, of the risk levels that active people have today. They come on top of "
    f"the hours held back for growth (inflow.per_year). {_SHARED}",
    takes_team=True,
    takes_from=True,
    adds=True,
)
MERGE = Lever(
    key="merge",
    words="Team merged into another",
    unit="team",
    kind=LeverKind.TEAM,
    low=0,
    high=0,
    assumes="People and officers of the team work as part of the other from month 1. Travel "
    "between areas is not counted.",
    takes_team=True,
    adds=True,
)
DEADLINE = Lever(
    key="deadline",
    words="Deadline for clearing",
    unit="month of the plan",
    kind=LeverKind.WHOLE,
    low=1,
    high=HORIZON_MONTHS,
    assumes="Nothing is overdue at that month's end, nor later; no very high or high visit from "
    "month 3 on. It changes what is asked, not what is done.",
    source="The question",
)

CREW_KEYS = {f"crew.{level.key}": level for level in LEVELS}
_CREWS = tuple(
    Lever(
        key=key,
        words=f"Officers at a visit, {level.label.lower()} risk",
        unit="officers",
        kind=LeverKind.WHOLE,
        low=1,
        high=2,
        assumes="For people of this level without a crew of their own on the register. Inspectors "
        "call solo visits contrary to professional practice.",
        source="HMICFRS, letter to Cambridgeshire, December 2024",
    )
    for key, level in CREW_KEYS.items()
)

OF_POLICY = (
    *(f"visit.interval.{level.key}" for level in LEVELS),
    "visit.crew",
    "visit.hours",
    "visit.write_up_hours",
    "visit.failed_rate",
    "arms.hours",
    "arms.review_months",
    "arms.per_month",
    "arms.by_colleague",
    "hours.other_duties",
    "hours.unplanned_absence",
    "hours.leave_days",
    "hours.overtime",
    "inflow.per_year",
    "cross_team",
)
"""Settings of the policy that leaders may pull by their own names."""

_KINDS = {"number": LeverKind.NUMBER, "whole": LeverKind.WHOLE, "switch": LeverKind.SWITCH}
_OWN_WORDS = {
    "visit.crew": "Officers at a visit",
    "visit.hours": "Hours of a visit, each officer",
    "visit.write_up_hours": "Hours to write a visit up",
    "visit.failed_rate": "Failed visits for each successful one",
    "arms.hours": "Hours of an ARMS",
    "arms.review_months": "Months between ARMS",
    "arms.per_month": "Most ARMS an officer a month",
    "arms.by_colleague": "ARMS by any trained colleague",
    "hours.other_duties": "Share of hours for other duties",
    "hours.unplanned_absence": "Share of hours lost to unplanned absence",
    "hours.leave_days": "Days of annual leave",
    "hours.overtime": "Overtime, share of hours, every month",
    "inflow.per_year": "Growth of the register, a year",
    "cross_team": "All teams work as one",
    **{
        f"visit.interval.{level.key}": f"Months between visits, {level.label.lower()} risk"
        for level in LEVELS
    },
}


def _of_setting(name: str) -> Lever:
    setting = SETTINGS[name]
    own = " A person's own interval on the register stays." if ".interval." in name else ""
    crew = " A person's own crew on the register stays." if name == "visit.crew" else ""
    return Lever(
        key=name,
        words=_OWN_WORDS[name],
        unit=setting.unit,
        kind=_KINDS[setting.kind],
        low=setting.low,
        high=setting.high,
        assumes=f"{setting.meaning} From month 1 to the end.{own}{crew}",
        source=setting.basis,
        is_setting=True,
    )


_OWN = (
    MERGE,
    SURGE,
    REACTIVE,
    *_CREWS,
    *(_of_setting(name) for name in OF_POLICY),
    LEAVERS,
    OFFICERS,
    STAFF,
    RECRUITS,
    ARMS_TEAM,
    OVERTIME_HOURS,
    DEADLINE,
)

LEVERS: Mapping[str, Lever] = {lever.key: lever for lever in _OWN}
"""Every lever by its key, in the order in which a scenario's changes are made, however they are
written down: so the order in a file makes no difference."""
