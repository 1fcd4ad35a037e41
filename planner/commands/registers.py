"""``planner sample``, ``planner template`` and ``planner check``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.clashes import find_clashes
from planner.errors import InputError
from planner.files.save import save_atomically
from planner.sample import synthetic_register
from planner.tables.clashes import clash_findings
from planner.workbooks.findings_text import findings_json, findings_report
from planner.workbooks.register_read import read_register
from planner.workbooks.register_write import register_workbook, template_workbook
from planner.workload.situation import Situation

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


def write_sample(
    out: Path,
    *,
    offenders: int,
    officers: int,
    backlog: int | None,
    completed: float | None,
    seed: int,
) -> dict[str, Any]:
    """Write a synthetic register workbook; what is in it. Raises ``OutputError``."""
    register = synthetic_register(
        offenders=offenders, officers=officers, backlog=backlog, completed=completed, seed=seed
    )
    about = [("Made by", f"planner sample --seed {seed}"), ("Data", register.title)]
    save_atomically(out, register_workbook(register, about=about))
    return {
        "file": out.name,
        "people": len(register.offenders),
        "officers": len(register.officers),
        "teams": len(register.teams),
        "as_at": register.as_at.isoformat(),
    }


def write_template(out: Path) -> None:
    """Write an empty register workbook. Raises ``OutputError``."""
    save_atomically(out, template_workbook())


def check_register(path: Path, as_at: date | None) -> tuple[bool, dict[str, Any], str]:
    """Whether a register is usable, and all that was found, for programs and as text.

    Rows that contradict each other are warnings: the best plan comes all the same.
    """
    try:
        file = read_register(path, as_at)
    except InputError as error:
        return False, findings_json(error.findings), findings_report(error.findings)
    clashes = find_clashes(Situation(file.register))
    findings = (*file.warnings, *clash_findings(clashes, file.places))
    return True, findings_json(findings, file.counts), findings_report(findings, file.counts)
