"""Finds the register that a plan was made from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from planner.domain.finding import Finding, Severity
from planner.errors import InputError
from planner.workbooks.manifest import MANIFEST, read_manifest, sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from planner.domain.written import WrittenPlan

PLAN_BOOK = "plan.xlsx"
UNANSWERED = "the question cannot be answered"
_HASH = "Input SHA-256: "
_AS_AT = "As-at date"


def question_fault(code: str, sheet: str, message: str, remedy: str) -> InputError:
    """An error about what was asked, where the input may be in order."""
    finding = Finding(
        severity=Severity.FAULT,
        code=code,
        sheet=sheet,
        row=None,
        column=None,
        cell=None,
        message=message,
        remedy=remedy,
    )
    return InputError([finding], UNANSWERED)


def register_of_plan(folder: Path) -> Path:
    """The register recorded in the manifest, where it still is what it was.

    Raises ``InputError`` where it is not to be found, or has changed since.
    """
    inputs = _inputs(folder)
    if not inputs:
        raise _unknown("The manifest does not say where the register lies.")
    found = []
    for told in inputs:
        path = folder / str(told["path"])
        try:
            data = path.read_bytes()
        except OSError:
            raise _unknown("The register is no longer where it was when the plan was made.") from (
                None
            )
        if sha256(data) != told.get("sha256"):
            raise _unknown("The register has been changed since the plan was made.")
        found.append(path)
    one_file = len(found) == 1 and found[0].suffix.casefold() != ".csv"
    return found[0] if one_file else found[0].parent


def input_hashes(folder: Path) -> frozenset[str]:
    """SHA-256 of each file that the plan was made from, by its manifest; none where it has none."""
    return frozenset(str(told.get("sha256")) for told in _inputs(folder))


def is_register_of_plan(folder: Path, register: Path) -> bool:
    """Whether a register, wherever it lies, is the one recorded in the manifest."""
    files = sorted(register.glob("*.csv")) if register.is_dir() else [register]
    try:
        found = [sha256(file.read_bytes()) for file in files]
    except OSError:
        return False
    known = [told.get("sha256") for told in _inputs(folder)]
    return bool(known) and found == known


def _inputs(folder: Path) -> list[Mapping[str, Any]]:
    """The manifest's inputs; none where there is no manifest or an input has no path."""
    try:
        inputs = read_manifest(folder).get("inputs")
    except InputError:
        return []
    known = isinstance(inputs, list) and all(isinstance(i, dict) and "path" in i for i in inputs)
    return list(inputs) if known and isinstance(inputs, list) else []


def _unknown(message: str) -> InputError:
    return question_fault(
        "no-register",
        MANIFEST,
        message,
        "Name the register that the plan was made from: --register REGISTER.",
    )


def hashes_of_plan(written: WrittenPlan) -> frozenset[str]:
    """SHA-256 of each file that the plan was made from, as its Run sheet says."""
    return frozenset(str(i.value) for i in written.run if i.item.startswith(_HASH))


def as_at_of_plan(written: WrittenPlan, folder: Path) -> date | None:
    """The day for which the plan was made: by its Run sheet, else its manifest; None: unknown."""
    for item in written.run:
        if item.item == _AS_AT and isinstance(item.value, date):
            return item.value
    try:
        return date.fromisoformat(str(read_manifest(folder)["as_at"]))
    except (InputError, KeyError, ValueError):
        return None


def known_ref(ref: str, refs: Iterable[str]) -> str:
    """The reference as the register spells it. Raises ``InputError`` where there is none such."""
    refs = set(refs)
    if (asked := ref.strip()) in refs:
        return asked
    near = sorted(other for other in refs if _plain(other) == _plain(asked))
    hint = f" Is {near[0]} meant?" if len(near) == 1 else ""
    raise question_fault(
        "unknown-ref",
        "Offenders",
        f"No case of the register has the reference given.{hint}",
        "Give the reference as the register spells it, leading zeros included.",
    )


def _plain(ref: str) -> str:
    """A reference without case, spaces, punctuation and leading zeros."""
    letters = "".join(letter for letter in ref.casefold() if letter.isalnum())
    return letters.lstrip("0")
