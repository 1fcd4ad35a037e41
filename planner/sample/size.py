"""How many of each kind the sample holds, scaled from the force that the inspectors described."""

from __future__ import annotations

from dataclasses import dataclass

PEOPLE = 4158
"""Active people in the community, West Midlands 2018 (HMICFRS): 77 to each of 54 SOMs."""
OFFICERS = 54
TEAMS = 8
BACKLOG = 4000
"""ARMS overdue: "over 4,000" in the report, read here as the number left to do."""
NOT_APPLICABLE = 83
"""People for whom ARMS was not built: women and those under 18, about 2%."""
NEWLY_REGISTERED = 42
"""People registered in the last weeks, whose first ARMS is still to fall due, about 1%."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What was asked for. ``offenders`` counts active people in the community, ``officers`` SOMs
    in post on the as-at date; ``overdue`` is the opening ARMS backlog.
    """

    offenders: int
    officers: int
    overdue: int
    not_applicable: int
    newly_registered: int

    @classmethod
    def of(
        cls, offenders: int, officers: int, backlog: int | None, completed: float | None
    ) -> Size:
        """Settle the backlog: a number, or what is left when a share of those due is done.

        Raises ``ValueError`` with a whole sentence where the request makes no sense.
        """
        _check(offenders, officers, backlog, completed)
        not_applicable = _scaled(NOT_APPLICABLE, offenders, PEOPLE)
        newly = _scaled(NEWLY_REGISTERED, offenders, PEOPLE)
        if completed is not None:
            due = offenders - not_applicable - newly
            overdue = due - int(due * completed + 0.5)
        else:
            overdue = _scaled(BACKLOG, offenders, PEOPLE) if backlog is None else backlog
            not_applicable = min(not_applicable, offenders - overdue)
            newly = min(newly, offenders - overdue - not_applicable)
        return cls(
            offenders=offenders,
            officers=officers,
            overdue=overdue,
            not_applicable=not_applicable,
            newly_registered=newly,
        )

    @property
    def teams(self) -> int:
        """Six or seven officers a team."""
        return max(1, self.of_staff(TEAMS))

    def of_people(self, number: int) -> int:
        """What ``number`` in the force of 4,158 comes to here."""
        return _scaled(number, self.offenders, PEOPLE)

    def of_staff(self, number: int) -> int:
        """What ``number`` in the force of 54 officers comes to here."""
        return _scaled(number, self.officers, OFFICERS)


def _scaled(number: int, size: int, base: int) -> int:
    return (2 * number * size + base) // (2 * base)


def _check(offenders: int, officers: int, backlog: int | None, completed: float | None) -> None:
    if offenders < 1:
        raise ValueError(f"A sample needs at least one offender, not {offenders}.")
    if officers < 1:
        raise ValueError(f"A sample needs at least one officer, not {officers}.")
    if backlog is not None and completed is not None:
        raise ValueError("Give a backlog or a completed share, not both: each settles the other.")
    if backlog is not None and not 0 <= backlog <= offenders:
        raise ValueError(
            f"The backlog must be between 0 and the {offenders} offenders, not {backlog}."
        )
    if completed is not None and not 0 <= completed <= 1:
        raise ValueError(f"The completed share must be between 0 and 1, not {completed:g}.")
