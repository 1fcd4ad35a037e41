"""What a page is made of: sections, each with figures, each of them a chart over its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of text; the first column heads its rows. ``words``: columns that hold no number."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: frozenset[int] = frozenset()
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A table, under its chart where it has one."""

    table: Table
    chart: Markup | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a page with a heading; ``key`` is its id."""

    key: str
    heading: str
    says: Sequence[str] = ()
    figures: Sequence[Figure] = ()
