"""What a sheet's columns hold, and the sheet of offenders, said once.

The reader, the writer and the template all go by these, so they cannot disagree on a name, on what
a blank means or on what is permitted. A column's ``attribute`` is that of the domain class
that it fills.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from planner.domain.terms import LEVELS, Management, Status, VisitType

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(Enum):
    """What a cell of a column holds."""

    TEXT = "text"
    REF = "a reference, as text"
    REFS = "a list with ; between"
    DATE = "a date"
    WHOLE = "a whole number"
    NUMBER = "a number"
    CHOICE = "one of a list"
    SWITCH = "On or Off"
    ANY = "any value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. ``default`` is what a blank means; ``low`` and ``high`` are both permitted.

    ``listed`` names the column of Staff whose entries a drop-down offers.
    """

    header: str
    attribute: str
    kind: Kind = Kind.TEXT
    meaning: str = ""
    required: bool = False
    default: Any = None
    choices: Mapping[str, Any] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    listed: str = ""
    width: float = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One sheet: its name, whether a register must have it, and its columns in order."""

    name: str
    columns: tuple[Column, ...]
    required: bool = False
    meaning: str = ""

    def column(self, header: str) -> Column:
        return next(c for c in self.columns if c.header == header)


_YES_NO = {"Yes": True, "No": False}


OFFENDERS = Layout(
    name="Offenders",
    required=True,
    meaning="One row an offender. No names, no addresses, no dates of birth.",
    columns=(
        Column(
            header="Offender ref",
            attribute="ref",
            kind=Kind.REF,
            required=True,
            meaning="A pseudonymous reference, used once. No names, addresses or dates of birth.",
            width=16,
        ),
        Column(
            header="Status",
            attribute="status",
            kind=Kind.CHOICE,
            required=True,
            choices={s.value: s for s in Status},
            meaning="Only people in the community are visited and assessed.",
        ),
        Column(
            header="Risk level",
            attribute="level",
            kind=Kind.CHOICE,
            required=True,
            choices={level.label: level for level in LEVELS},
            meaning="The force's current priority for work.",
        ),
        Column(
            header="Management",
            attribute="management",
            kind=Kind.CHOICE,
            default=Management.ACTIVE,
            choices={m.value: m for m in Management},
            meaning="Reactive: no visits and no ARMS; the case keeps a named SOM. Blank: Active.",
        ),
        Column(
            header="Team",
            attribute="team",
            kind=Kind.REF,
            required=True,
            default="",
            listed="Team",
            meaning="The team that covers where the person lives; it must be in Staff.",
        ),
        Column(
            header="Area",
            attribute="area",
            default="",
            meaning="Postcode district or beat, for grouping travel.",
        ),
        Column(
            header="SOM",
            attribute="som",
            kind=Kind.REF,
            listed="Staff ID",
            meaning="Staff ID of who manages the case today. Blank: not yet allocated.",
        ),
        Column(
            header="Last visit",
            attribute="last_visit",
            kind=Kind.DATE,
            meaning="Last successful visit. Blank: never seen.",
        ),
        Column(
            header="Last visit type",
            attribute="last_visit_type",
            kind=Kind.CHOICE,
            choices={v.value: v for v in VisitType},
            meaning="Whether the person was told of the last visit beforehand.",
        ),
        Column(
            header="Failed attempts",
            attribute="failed_attempts",
            kind=Kind.WHOLE,
            default=0,
            low=0,
            meaning="Attempts since the last successful visit. Blank: 0.",
        ),
        Column(
            header="Visit interval",
            attribute="visit_interval",
            kind=Kind.WHOLE,
            low=1,
            high=1200,
            meaning="Whole months, 1 or more. Overrides the policy for this person; give a reason.",
        ),
        Column(
            header="Interval reason",
            attribute="interval_reason",
            default="",
            meaning="Why the interval differs from the policy. Required with a Visit interval.",
            width=26,
        ),
        Column(
            header="Crew",
            attribute="crew",
            kind=Kind.WHOLE,
            low=1,
            high=2,
            meaning="Officers a visit needs, 1 or 2. Blank: as the policy says.",
            width=8,
        ),
        Column(
            header="ARMS applicable",
            attribute="arms_applicable",
            kind=Kind.CHOICE,
            default=True,
            choices=_YES_NO,
            meaning="ARMS was built for adult men. Blank: Yes.",
        ),
        Column(
            header="Last ARMS",
            attribute="last_arms",
            kind=Kind.DATE,
            meaning="Last completed ARMS. Blank: never assessed.",
        ),
        Column(
            header="ARMS due",
            attribute="arms_due",
            kind=Kind.DATE,
            meaning="When the next ARMS is due. Blank: worked out from the last.",
        ),
        Column(
            header="Registered from",
            attribute="registered_from",
            kind=Kind.DATE,
            meaning="The first day of registration.",
        ),
        Column(
            header="Registered until",
            attribute="registered_until",
            kind=Kind.DATE,
            meaning="The last day of registration; nothing is planned after it. Blank: indefinite.",
        ),
        Column(
            header="Release date",
            attribute="release_date",
            kind=Kind.DATE,
            meaning="For Custody, Hospital, Abroad: expected return to the community.",
        ),
        Column(
            header="Not with",
            attribute="not_with",
            kind=Kind.REFS,
            default=frozenset(),
            meaning="Staff IDs with ; between: conflicts of interest.",
            width=18,
        ),
        Column(
            header="Needs",
            attribute="needs",
            kind=Kind.REFS,
            default=frozenset(),
            meaning="Skill tags with ; between: the SOM must have all of them.",
            width=18,
        ),
        Column(
            header="Keep with SOM",
            attribute="keep",
            kind=Kind.CHOICE,
            default=False,
            choices=_YES_NO,
            meaning="Yes: never reallocated. Blank: No.",
        ),
    ),
)
