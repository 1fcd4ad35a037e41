"""The Checks sheet: what the independent verifier found, rule by rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.domain.verdict import Breach, Discrepancy, RuleFinding, Verdict
    from planner.domain.written import WrittenPlan

AT_MOST = 20
"""How many breaches a Detail cell spells out."""


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One rule, or last the figures that the workbook states; fields follow the columns."""

    rule: str
    meaning: str
    checked: int
    broken: int
    forced: int
    detail: str


def check_rows(verdict: Verdict, written: WrittenPlan) -> tuple[CheckRow, ...]:
    rules = [
        CheckRow(f.rule.label, f.rule.meaning, f.checked, f.broken, f.forced, detail(f.breaches, f))
        for f in sorted(verdict.findings, key=lambda f: f.rule.value)
    ]
    return (*rules, _figures(verdict.discrepancies, written))


def detail(breaches: Sequence[Breach], finding: RuleFinding, at_most: int = AT_MOST) -> str:
    """For whom, when and by how much, the first few."""
    if not finding.broken:
        return "Kept throughout."
    return _listed([breach_text(b) for b in breaches], finding.broken, at_most)


def breach_text(breach: Breach) -> str:
    """One breach in words: "OM07, May 2027: 3 above the cap"."""
    about = [breach.ref, breach.staff_id, breach.month and f"{breach.month:%b %Y}"]
    who = ", ".join(part for part in about if part)
    what = breach.detail.rstrip(".") or f"by {breach.amount:g}"
    return f"{who}: {what}" if who else what


def _figures(discrepancies: Sequence[Discrepancy], written: WrittenPlan) -> CheckRow:
    sheets = (
        written.allocation,
        written.schedule,
        written.workload,
        written.backlog,
        written.not_planned,
        written.run,
    )
    wrong = [
        f"{d.sheet}, {d.item}: stated {d.stated}, worked out again {d.found}" for d in discrepancies
    ]
    return CheckRow(
        rule="0. Figures stated in this workbook",
        meaning="Every row is well formed, and hours, dates, counts and cost are what the "
        "verifier works out for itself from the register. Checked counts rows.",
        checked=sum(len(sheet) for sheet in sheets),
        broken=len(wrong),
        forced=0,
        detail=_listed(wrong, len(wrong), AT_MOST) if wrong else "All agree.",
    )


def _listed(texts: Sequence[str], total: int, at_most: int) -> str:
    shown = list(texts[:at_most])
    more = total - len(shown)
    if more > 0:
        shown.append(f"and {more:,} more")
    return "; ".join(shown) + "."
