"""What is wrong, or worth saying, about an input: where it is and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """A fault makes the input unusable; a warning is read and said."""

    FAULT = "Fault"
    WARNING = "Warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found in an input file.

    ``code`` is a stable short name ("missing-value"); ``row`` is the sheet's own row number from 1
    and ``column`` the header as the file spells it, either None where the finding is about a whole
    sheet or file. ``message`` says what is wrong without quoting personal data beyond the cell's
    own value; ``remedy`` says what to do.
    """

    severity: Severity
    code: str
    sheet: str
    row: int | None
    column: str | None
    cell: str | None
    message: str
    remedy: str

    @property
    def is_fault(self) -> bool:
        return self.severity is Severity.FAULT

    @property
    def place(self) -> str:
        """Sheet, row and column as a person would look them up."""
        parts = [self.sheet]
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        return ", ".join(parts)
