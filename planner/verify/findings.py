"""From breaches to a finding on one rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.verdict import Breach, RuleFinding

if TYPE_CHECKING:
    from planner.domain.rules import Rule


def by_amount(rule: Rule, checked: int, breaches: list[Breach], forced: int = 0) -> RuleFinding:
    """Make a finding whose broken is the breaches' amounts together."""
    return _finding(rule, checked, breaches, round(sum(b.amount for b in breaches)), forced)


def by_number(rule: Rule, checked: int, breaches: list[Breach], forced: int = 0) -> RuleFinding:
    """Make a finding whose broken is the number of breaches, whatever their amounts."""
    return _finding(rule, checked, breaches, len(breaches), forced)


def _finding(
    rule: Rule, checked: int, breaches: list[Breach], broken: int, forced: int
) -> RuleFinding:
    return RuleFinding(
        rule=rule,
        checked=checked,
        broken=broken,
        forced=min(broken, forced),
        breaches=tuple(breaches),
    )
