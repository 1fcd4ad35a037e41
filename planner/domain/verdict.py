"""What the verifier says of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from planner.domain.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One rule broken once: by whom or what, when, by how much."""

    rule: Rule
    ref: str | None = None
    staff_id: str | None = None
    month: date | None = None
    amount: float = 1.0
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFinding:
    """One rule over the whole plan: how often it was checked, how often broken.

    ``forced`` is how many of the broken the register leaves no choice on.
    """

    rule: Rule
    checked: int
    broken: int
    forced: int
    breaches: tuple[Breach, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """A figure the workbook states that the verifier works out differently, or a malformed row."""

    sheet: str
    item: str
    stated: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The independent judgement of a written plan.

    ``cost`` maps the cost's parts ("exposure", "protected", "uncleared", "moves", "mix",
    "spread") to what the verifier works out. A plan is accepted where each broken rule was forced
    by the register and no stated figure is wrong.
    """

    findings: tuple[RuleFinding, ...]
    discrepancies: tuple[Discrepancy, ...]
    cost: Mapping[str, float]

    @property
    def total_cost(self) -> float:
        return sum(self.cost.values())

    @property
    def accepted(self) -> bool:
        return not self.discrepancies and all(f.broken <= f.forced for f in self.findings)
