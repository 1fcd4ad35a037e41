"""Rows of text with their columns one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def lined(rows: Sequence[tuple[str, ...]], left: int = 0) -> Iterator[str]:
    """Rows with their columns one below the other; the first ``left`` and the last to the left."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        cells = [
            text.ljust(width) if n < left or n == len(row) - 1 else text.rjust(width)
            for n, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield f"  {'  '.join(cells)}".rstrip()
