"""The manifest of a plan folder: written last, so that a folder without it is an unfinished run."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import planner
from planner.domain.finding import Finding, Severity
from planner.errors import InputError, OutputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.workbooks.plan_report import PlanReport

MANIFEST = "manifest.json"
AT_HAND = "at_hand"
"""The item with the SHA-256 of what the run's folder keeps ready for questions; null: nothing."""
SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """A file that a run read: its bare name, size in bytes, SHA-256 and rows by sheet.

    ``path`` is where it lay (absolute), None where that is not known.
    """

    name: str
    size: int
    sha256: str
    rows: Mapping[str, int] = field(default_factory=dict)
    path: Path | None = None

    @classmethod
    def of(cls, path: Path, rows: Mapping[str, int] | None = None) -> InputFile:
        data = path.read_bytes()
        return cls(
            name=path.name,
            size=len(data),
            sha256=sha256(data),
            rows=rows or {},
            path=path.resolve(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """What is said of a run besides its plan. ``command`` has no paths from outside the folder.

    ``seconds`` is time by stage, in order; ``peak_memory_mb`` by process, empty where the system
    does not tell.
    """

    command: str
    options: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)
    inputs: tuple[InputFile, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    peak_memory_mb: Mapping[str, float] = field(default_factory=dict)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def remove_manifest(out_dir: Path) -> None:
    """Before outputs are replaced: from now until it is put there again the run is unfinished.

    Raises ``OutputError`` where it cannot be removed.
    """
    try:
        (out_dir / MANIFEST).unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(
            f"{out_dir / MANIFEST} cannot be replaced ({reason}). Check that you may write in the "
            "folder, or choose another."
        ) from error


def manifest_bytes(
    out_dir: Path,
    record: RunRecord,
    report: PlanReport,
    outputs: Mapping[str, bytes],
    at_hand: bytes = b"",
) -> bytes:
    """``manifest.json`` as it will stand in ``out_dir`` once everything else is there.

    ``outputs`` maps each file's way from ``out_dir`` to its bytes; ``at_hand`` is what the run's
    folder keeps ready for questions, if anything.
    """
    content = _content(record, report)
    content["inputs"] = [_input(i, out_dir) for i in record.inputs]
    content["outputs"] = {name: sha256(data) for name, data in sorted(outputs.items())}
    content[AT_HAND] = sha256(at_hand) if at_hand else None
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def read_manifest(out_dir: Path) -> dict[str, Any]:
    """The manifest of a finished run. Raises ``InputError`` where there is none to be read."""
    try:
        content = json.loads((out_dir / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        finding = Finding(
            severity=Severity.FAULT,
            code="no-manifest",
            sheet=MANIFEST,
            row=None,
            column=None,
            cell=None,
            message=f"{out_dir} holds no readable {MANIFEST}: it is not the folder of a finished "
            "run.",
            remedy="Name the folder given to planner plan --out, or run planner plan again.",
        )
        raise InputError([finding]) from error
    return dict(content)


def peak_memory_mb() -> dict[str, float]:
    """The most memory held so far in million bytes, by this process and by any one worker of its.

    Empty on Windows, which does not tell.
    """
    if sys.platform == "win32":
        return {}
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    asked = {"main": resource.RUSAGE_SELF, "largest worker": resource.RUSAGE_CHILDREN}
    return {name: resource.getrusage(who).ru_maxrss * unit / 1e6 for name, who in asked.items()}


def _input(file: InputFile, out_dir: Path) -> dict[str, Any]:
    """One input; ``path`` is from the plan's folder to it, so that both may be moved together."""
    told: dict[str, Any] = {"name": file.name, "bytes": file.size, "sha256": file.sha256}
    told["rows"] = dict(file.rows)
    if file.path is not None:
        with suppress(ValueError):  # on another Windows drive there is no way from here to there
            told["path"] = Path(os.path.relpath(file.path, out_dir.resolve())).as_posix()
    return told


def _content(record: RunRecord, report: PlanReport) -> dict[str, Any]:
    from planner.tables.run import gap, installed_versions  # only who writes needs the tables

    outcome, result = report.outcome, report.result
    register, lacking = outcome.situation.register, result.shortfall
    return {
        "schema_version": SCHEMA_VERSION,
        "run": report.run_id,
        "planner_version": planner.__version__,
        "versions": installed_versions(),
        "command": record.command,
        "options": dict(record.options),
        "marking": register.marking,
        "as_at": register.as_at.isoformat(),
        "first_month": outcome.situation.horizon.first.isoformat(),
        "inputs": [],
        "seed": result.seed,
        "effort": result.effort,
        "status": result.status.value,
        "cost": outcome.total_cost,
        "cost_parts": dict(outcome.cost),
        "bound": result.bound,
        "gap": gap(outcome.total_cost, result.bound),
        "hours_lacking": lacking.total_hours if lacking else 0.0,
        "posts_lacking": lacking.posts if lacking else 0.0,
        "clearing_ruled_out": bool(lacking and lacking.is_proved),
        "accepted": report.verdict.accepted,
        "seconds_by_stage": dict(record.seconds) or dict(result.seconds),
        "peak_memory_mb": dict(record.peak_memory_mb),
    }
