"""The field's own words, as the register and the plan spell them."""

from enum import IntEnum, StrEnum


class RiskLevel(IntEnum):
    """Priority for work. Ordered so that ``RiskLevel.HIGH > RiskLevel.LOW`` reads as it should."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    VERY_HIGH = 4

    @property
    def label(self) -> str:
        """The register's spelling: "Very high"."""
        return self.name.replace("_", " ").capitalize()

    @property
    def key(self) -> str:
        """The policy's spelling: "very_high"."""
        return self.name.lower()


LEVELS = tuple(sorted(RiskLevel, reverse=True))
"""Every level, riskiest first: the order of every table."""


class Status(StrEnum):
    """Where the person is. Only people in the community are visited and assessed."""

    COMMUNITY = "Community"
    CUSTODY = "Custody"
    HOSPITAL = "Hospital"
    ABROAD = "Abroad"
    MISSING = "Missing"


class Management(StrEnum):
    """Reactive: no visits and no ARMS; the case keeps a named SOM."""

    ACTIVE = "Active"
    REACTIVE = "Reactive"


class Role(StrEnum):
    """Police officer or police staff; their working days differ in length."""

    OFFICER = "Officer"
    STAFF = "Staff"


class Duty(StrEnum):
    """What falls due to a person."""

    VISIT = "Visit"
    ARMS = "ARMS"


class VisitType(StrEnum):
    """Whether the person is told beforehand."""

    ANNOUNCED = "Announced"
    UNANNOUNCED = "Unannounced"


class LockKind(StrEnum):
    """What a person has already decided: who manages the case, or the month of a duty."""

    SOM = "SOM"
    VISIT = "Visit"
    ARMS = "ARMS"


class MoveReason(StrEnum):
    """Why a case has the SOM it has, in the words of the Allocation sheet."""

    FIRST_ALLOCATION = "First allocation"
    OFFICER_LEFT = "Officer left"
    NOT_ELIGIBLE = "Not eligible"
    WORKLOAD = "Workload"
    RISK_MIX = "Risk mix"
    LOCKED = "Locked"
    KEPT = "Kept"
    UNCHANGED = "Unchanged"
