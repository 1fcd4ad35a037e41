"""What was found in a register, as text for a person or as plain values for a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.errors import UNUSABLE
from planner.tables.clashes import CODE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planner.domain.finding import Finding
    from planner.workbooks.register_read import SheetCount


def findings_report(
    findings: Sequence[Finding],
    counts: Mapping[str, SheetCount] | None = None,
    limit: int = 20,
    consequence: str = UNUSABLE,
) -> str:
    """Faults, warnings, clashes and control totals, in this order, as lines of text.

    Findings of one kind stand together; of each kind ``limit`` are shown and the rest counted.
    ``counts`` is None where the register could not be used; ``consequence`` is what faults mean.
    """
    faults = [finding for finding in findings if finding.is_fault]
    clashes = [f for f in findings if not f.is_fault and f.code.startswith(CODE)]
    warnings = [f for f in findings if not f.is_fault and f not in clashes]
    parts = []
    if faults:
        title = f"{_number(faults, 'fault')}: {consequence}."
        parts.append([title, *_lines(faults, limit)])
    if warnings:
        title = f"{_number(warnings, 'warning')}: the register was read as said here."
        parts.append([title, *_lines(warnings, limit)])
    if clashes:
        noun = "clash" if len(clashes) == 1 else "clashes"
        title = (
            f"{len(clashes):,} {noun}: rows that no plan can all meet; one rule of each gives way."
        )
        parts.append([title, *_lines(clashes, limit)])
    if not findings:
        parts.append(["Nothing is wrong with the register."])
    if counts:
        parts.append([_total(sheet, count) for sheet, count in counts.items()])
    return "\n\n".join("\n".join(part) for part in parts)


def findings_json(
    findings: Sequence[Finding], counts: Mapping[str, SheetCount] | None = None
) -> dict[str, Any]:
    """The same for programs: every finding, none left out."""
    return {
        "faults": sum(finding.is_fault for finding in findings),
        "warnings": sum(not finding.is_fault for finding in findings),
        "findings": [
            {
                "severity": finding.severity.value,
                "code": finding.code,
                "sheet": finding.sheet,
                "row": finding.row,
                "column": finding.column,
                "cell": finding.cell,
                "message": finding.message,
                "remedy": finding.remedy,
            }
            for finding in findings
        ],
        "counts": {
            sheet: {"read": count.read, "used": count.used, "left_out": dict(count.left_out)}
            for sheet, count in (counts or {}).items()
        },
    }


def _number(findings: Sequence[Finding], noun: str) -> str:
    return f"{len(findings):,} {noun}{'' if len(findings) == 1 else 's'}"


def _lines(findings: Iterable[Finding], limit: int) -> Iterable[str]:
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.sheet, finding.code), []).append(finding)
    for group in groups.values():
        for finding in group[:limit]:
            yield f"  {_place(finding)}: {finding.message} {finding.remedy}"
        if len(group) > limit:
            yield f"  … and {len(group) - limit:,} more like this in {group[0].sheet}."


def _place(finding: Finding) -> str:
    return f"{finding.place} ({finding.cell})" if finding.cell else finding.place


def _total(sheet: str, count: SheetCount) -> str:
    left_out = "".join(f"; {rows:,} left out: {why}" for why, rows in count.left_out.items())
    rows_read = f"{count.read:,} row{'' if count.read == 1 else 's'} read"
    return f"{sheet}: {rows_read}, {count.used:,} used{left_out}."
