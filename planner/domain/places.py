"""Where in the register's own file a thing stands, kept beside the register, not in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Rows and columns as a person looks them up.

    ``rows`` maps (our sheet's name, key) to the row's number in the file, from 1; the key is an
    offender's reference, a staff ID or a setting's name. ``titles`` maps our sheet's name to the
    file's; ``headers`` (our sheet's name, our column's) to the column's letters and its header as
    the file spells it. Empty for a register that came from no file.
    """

    rows: Mapping[tuple[str, str], int] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def title(self, sheet: str) -> str:
        return self.titles.get(sheet, sheet)

    def row(self, sheet: str, key: str) -> int | None:
        return self.rows.get((sheet, key))

    def header(self, sheet: str, column: str) -> str | None:
        """The column's header in the file; None where the file has no such column."""
        found = self.headers.get((sheet, column))
        return found[1] if found else None

    def cell(self, sheet: str, column: str, row: int | None) -> str | None:
        """The cell as Excel names it; None where row or column is not known."""
        found = self.headers.get((sheet, column))
        return f"{found[0]}{row}" if found and row is not None else None
