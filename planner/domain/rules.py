"""The hard rules a plan keeps, named once.

The model keeps a rule, the verifier checks it, the Checks sheet tells of it: each refers to it by
the member below, so a rule that exists on one side only is found by a test. The numbers are those
of ``docs/contract.md``.
"""

from enum import Enum


class Rule(Enum):
    """``value`` is the rule's number; ``title`` what it is called; ``meaning`` what it asks."""

    ONE_SOM = 1
    KEPT_AND_LOCKED = 2
    CASELOAD_CAP = 3
    MOVES = 4
    HOURS = 5
    ARMS_BY_WHOM = 6
    ANNOUNCED = 7
    WHEN = 8
    CREW = 9

    @property
    def title(self) -> str:
        return _TITLES[self.value][0]

    @property
    def meaning(self) -> str:
        return _TITLES[self.value][1]

    @property
    def label(self) -> str:
        """The rule as the Checks sheet lists it; starts with its number."""
        return f"{self.value}. {self.title}"


_TITLES = {
    1: (
        "One eligible SOM for every case",
        "Every offender on the register has exactly one SOM in every month, who may hold the case.",
    ),
    2: (
        "Keeps and locks hold",
        "Keep with SOM and Locks hold until the SOM leaves or may no longer hold the case.",
    ),
    3: (
        "Caseload caps",
        "Nobody's community caseload on a month's last day is above their cap.",
    ),
    4: (
        "Cases change hands only for a reason",
        "A case changes SOM in month 1, or because its SOM leaves or may no longer hold it, or to "
        "an officer who joins, in that month; changes that count stay within moves.share.",
    ),
    5: (
        "Hours within capacity",
        "Nobody's planned hours in a month are above capacity and allowed overtime.",
    ),
    6: (
        "ARMS by trained officers",
        "An ARMS is done by somebody who may do it, at most arms.per_month each in a month.",
    ),
    7: (
        "Unannounced visits",
        "Never two announced visits in a row to one person; enough of each level's unannounced.",
    ),
    8: (
        "Duties when they may be done",
        "Each duty is planned while the person is in the community, not earlier than allowed, and "
        "at most one of each kind a month.",
    ),
    9: (
        "Visits by the SOM with the crew needed",
        "Visits are led by the SOM with the crew the person needs; the second officer is somebody "
        "else who may second.",
    ),
}
