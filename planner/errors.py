"""Errors a caller may want to tell apart. Everything here is safe to show to a user."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.domain.finding import Finding


class PlannerError(Exception):
    """Base of every error the planner raises on purpose."""


UNUSABLE = "the register cannot be used until put right"


class InputError(PlannerError):
    """The input cannot be used as written; carries every fault found, not just the first.

    ``consequence`` ends the sentence "2 faults: …".
    """

    def __init__(self, findings: Sequence[Finding], consequence: str = UNUSABLE) -> None:
        self.findings = tuple(findings)
        self.consequence = consequence
        faults = [f for f in self.findings if f.is_fault]
        noun = "fault" if len(faults) == 1 else "faults"
        super().__init__(f"{len(faults)} {noun} in the input.")

    def __reduce__(self) -> tuple[type[InputError], tuple[object, ...]]:
        """So that it crosses from one process to another with its findings."""
        return type(self), (self.findings, self.consequence)


class NoPlanError(PlannerError):
    """No plan could be made."""


class OutputError(PlannerError):
    """A result cannot be written where the user asked for it."""


class EngineError(PlannerError):
    """The machine or cluster that the work was to run on cannot be had."""
