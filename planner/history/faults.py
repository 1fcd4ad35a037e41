"""What is wrong with a plan's history, and what to do: files are named, people are not."""

from __future__ import annotations

from planner.domain.finding import Finding, Severity
from planner.errors import InputError


class BadContentError(ValueError):
    """A file of the history is not what it should be; the message quotes nothing of it."""


UNUSABLE_HISTORY = "the plan's history cannot be used until put right"


def history_finding(code: str, file: str, message: str, remedy: str) -> Finding:
    """A fault of one file, named by its way from the plan's folder."""
    return Finding(
        severity=Severity.FAULT,
        code=code,
        sheet=file,
        row=None,
        column=None,
        cell=None,
        message=message,
        remedy=remedy,
    )


def history_fault(code: str, file: str, message: str, remedy: str) -> InputError:
    """The same as an error."""
    return InputError([history_finding(code, file, message, remedy)], UNUSABLE_HISTORY)


def changed_database(name: str) -> InputError:
    """The database says something of accepted decisions that nobody accepted."""
    return history_fault(
        "changed-history",
        name,
        "Its rows of accepted decisions are not what was accepted: they were changed by hand.",
        "Delete it, or empty it where it is on a server: it is built again from the folder runs.",
    )
