"""Figures in words and digits, the same on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

MINUS = "\N{MINUS SIGN}"


def whole(value: float) -> str:
    """A number without decimals, thousands apart; never "-0"."""
    return f"{round(value) + 0:,}"


def tenths(value: float) -> str:
    """A number to one decimal; never "-0.0"."""
    return f"{round(value, 1) + 0.0:,.1f}"


def signed(value: float) -> str:
    """A difference without decimals: "+12", "0", or a real minus sign."""
    found = round(value)
    return f"{found:+,}".replace("-", MINUS) if found else "0"


def signed_tenths(value: float) -> str:
    """A difference to one decimal."""
    found = round(value, 1)
    return f"{found:+,.1f}".replace("-", MINUS) if found else "0.0"


def month(day: date | None, none: str = "never") -> str:
    """A month: "May 2028"."""
    return none if day is None else f"{day:%b %Y}"


def percent(share: float) -> str:
    """A share as a whole number of hundredths."""
    return f"{share * 100:.0f}%"


def pounds(value: float) -> str:
    """Money without pence."""
    return f"£{round(value) + 0:,}"
