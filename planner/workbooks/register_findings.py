"""Collects what is found, with its place, so that everything can be said at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from planner.domain.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column stands in a sheet: its number from 1, and its header as the file spells it."""

    number: int
    header: str


def quoted(text: str) -> str:
    """A cell's text for a message: on one line, cut where it is long."""
    line = " ".join(text.split())
    return f'"{line}"' if len(line) <= _LONGEST else f'"{line[: _LONGEST - 1]}…"'


class SheetLog:
    """Findings of one sheet. ``places`` maps our column names to where the file has them."""

    def __init__(
        self, findings: list[Finding], sheet: str, places: Mapping[str, Place] | None = None
    ) -> None:
        self._findings = findings
        self._sheet = sheet
        self._places = places or {}

    @staticmethod
    def address(column: int, row: int) -> str:
        """A cell as Excel names it: B7."""
        return f"{get_column_letter(column)}{row}"

    def fault(
        self, code: str, message: str, remedy: str, row: int | None = None, header: str = ""
    ) -> None:
        self._add(Severity.FAULT, code, (message, remedy), row, header)

    def warn(
        self, code: str, message: str, remedy: str, row: int | None = None, header: str = ""
    ) -> None:
        self._add(Severity.WARNING, code, (message, remedy), row, header)

    def _add(
        self,
        severity: Severity,
        code: str,
        told: tuple[str, str],
        row: int | None,
        header: str,
    ) -> None:
        place = self._places.get(header)
        column = place.header if place else header or None
        cell = self.address(place.number, row) if place and row is not None else None
        self._findings.append(
            Finding(
                severity=severity,
                code=code,
                sheet=self._sheet,
                row=row,
                column=column,
                cell=cell,
                message=told[0],
                remedy=told[1],
            )
        )
