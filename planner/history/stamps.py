"""Moments as text: UTC to the second, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

_FORM = "%Y-%m-%dT%H:%M:%SZ"


def stamp(at: datetime) -> str:
    """``2026-12-01T09:30:00Z``. Raises ``ValueError`` for a moment without a time zone."""
    if at.tzinfo is None:
        raise ValueError("A moment in the history needs its time zone.")
    return at.astimezone(UTC).strftime(_FORM)


@lru_cache(maxsize=1024)
def moment(text: str) -> datetime:
    """Back from text. Raises ``ValueError`` where it is none of ours."""
    return datetime.strptime(text, _FORM).replace(tzinfo=UTC)
