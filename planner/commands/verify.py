"""``planner verify``: judge a written plan, perhaps edited by hand, against its register."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from planner.commands.plan_register import PLAN_BOOK
from planner.commands.publish import finish_publication
from planner.commands.taken_over import as_planned
from planner.errors import InputError
from planner.tables.checks import breach_text
from planner.verify.verifier import verify
from planner.workbooks.manifest import read_manifest
from planner.workbooks.plan_read import read_plan_workbook
from planner.workbooks.register_read import read_register

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from planner.domain.verdict import Verdict

MOST_SHOWN = 20


def verify_folder(
    folder: Path, register: Path, as_at: date | None, tell: Callable[[str], None]
) -> Verdict:
    """Judge the plan workbook in a folder. Raises ``InputError`` where either can't be read.

    ``tell`` is called with each stage as it begins.
    """
    finish_publication(folder)
    tell("Reading the register")
    file = read_register(register, as_at or _as_at_of(folder))
    tell("Reading the plan")
    written = read_plan_workbook(folder / PLAN_BOOK)
    tell("Judging")
    return verify(as_planned(file.register, folder, written), written)


def verdict_text(verdict: Verdict) -> str:
    """The verdict as lines: each rule, then what is broken, then figures stated wrongly."""
    lines = [_first_line(verdict)]
    for finding in verdict.findings:
        state = "kept" if not finding.broken else f"broken {finding.broken}"
        if finding.broken:
            state += f", of which the register forces {finding.forced}"
        lines.append(f"  {finding.rule.label}: {state} ({finding.checked} checked)")
        lines += [f"      {breach_text(b)}" for b in finding.breaches[:MOST_SHOWN]]
    wrong = verdict.discrepancies
    lines.append(f"  0. Figures stated in the workbook: {len(wrong)} wrong")
    lines += [
        f"      {d.sheet}, {d.item}: says {d.stated}, should be {d.found}"
        for d in wrong[:MOST_SHOWN]
    ]
    cost = ", ".join(f"{part} {value:,.1f}" for part, value in verdict.cost.items())
    lines.append(f"  Cost {verdict.total_cost:,.1f}: {cost}")
    return "\n".join(lines)


def _first_line(verdict: Verdict) -> str:
    if verdict.accepted:
        return "Accepted."
    if all(finding.broken <= finding.forced for finding in verdict.findings):
        return "REJECTED: the rules are kept, but figures in the workbook do not match the plan."
    return "REJECTED: rules are broken that the register does not force."


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict for programs."""
    return {
        "accepted": verdict.accepted,
        "rules": [
            {
                "rule": f.rule.value,
                "title": f.rule.title,
                "checked": f.checked,
                "broken": f.broken,
                "forced": f.forced,
                "breaches": [breach_text(b) for b in f.breaches],
            }
            for f in verdict.findings
        ],
        "discrepancies": [
            {"sheet": d.sheet, "item": d.item, "stated": d.stated, "found": d.found}
            for d in verdict.discrepancies
        ],
        "cost": dict(verdict.cost),
    }


def _as_at_of(folder: Path) -> date | None:
    """The day for which the plan was made, where its manifest tells."""
    try:
        return date.fromisoformat(str(read_manifest(folder)["as_at"]))
    except (InputError, KeyError, ValueError):
        return None
