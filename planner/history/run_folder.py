"""The run folders: ``runs/RUN-ID/`` under a plan's folder, what is in them, what should not be."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planner.domain.issued import IssuedRun
from planner.errors import InputError
from planner.history.batch_json import BATCH_NAME, BatchFile, read_batch_file
from planner.history.faults import (
    UNUSABLE_HISTORY,
    BadContentError,
    history_fault,
    history_finding,
)
from planner.history.issued_json import canonical, issued_json, issued_plan, run_id_of
from planner.history.stamps import moment, stamp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from planner.domain.finding import Finding

RUNS = "runs"
ISSUED = "issued.json.gz"
RUN_RECORD = "run.json"
DECISIONS = "decisions"
NEW = ".new"
"""Ending of a run folder that is still being written; left behind by a crash, it is swept up."""

SCHEMA_VERSION = 1
_RUN_ID = re.compile(r"\d{4}-\d{2}-[0-9a-f]{8}")
_LITTER = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RunListing:
    """The names of the decision files of one run."""

    run_id: str
    decisions: set[str] = field(default_factory=set)


def run_folder(folder: Path, run_id: str) -> Path:
    return folder / RUNS / run_id


def run_files(run: IssuedRun) -> dict[str, bytes]:
    """The files of a run as issued, by name. The same run always gives the same bytes."""
    content = issued_json(run.plan)
    record = {
        "schema_version": SCHEMA_VERSION,
        "run": run.run_id,
        "issued_at": stamp(run.issued_at),
        "issued_sha256": hashlib.sha256(content).hexdigest(),
    }
    return {ISSUED: gzip.compress(content, compresslevel=6, mtime=0), RUN_RECORD: canonical(record)}


def list_runs(folder: Path) -> dict[str, RunListing]:
    """Every run by its id, sorted. Raises ``InputError`` naming all that does not belong there."""
    findings: list[Finding] = []
    runs = {}
    for entry in _entries(folder / RUNS):
        if not _RUN_ID.fullmatch(entry.name) or not entry.is_dir():
            if not (entry.name.endswith(NEW) and entry.is_dir()):
                findings.append(_foreign(folder, entry, "a run's folder"))
            continue
        findings += [
            _missing(folder, entry / name)
            for name in (ISSUED, RUN_RECORD)
            if not (entry / name).is_file()
        ]
        runs[entry.name] = RunListing(run_id=entry.name)
        for file in _entries(entry / DECISIONS):
            if BATCH_NAME.fullmatch(file.name) and file.is_file():
                runs[entry.name].decisions.add(file.name)
            else:
                findings.append(_foreign(folder, file, "a file of accepted decisions"))
    if findings:
        raise InputError(findings, UNUSABLE_HISTORY)
    return runs


def _entries(folder: Path) -> Iterator[Path]:
    """What lies in a folder, sorted; none where there is no such folder. Litter is passed over."""
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir()):
        hidden = entry.name.startswith((".", "~$"))
        if not hidden and entry.name.casefold() not in _LITTER:
            yield entry


def read_issued(folder: Path, run_id: str, duties_before: date | None = None) -> IssuedRun:
    """A run as issued. Raises ``InputError`` naming the file that is cut short, changed or none.

    With ``duties_before`` only the part of it that ``issued_plan`` then reads.
    """
    at = run_folder(folder, run_id)
    try:
        record = json.loads((at / RUN_RECORD).read_bytes())
        issued_at, sha256 = moment(record["issued_at"]), str(record["issued_sha256"])
        if record["run"] != run_id:
            raise BadContentError("it is of another run")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unreadable(folder, at / RUN_RECORD, error) from error
    try:
        content = gzip.decompress((at / ISSUED).read_bytes())
        plan = issued_plan(content, duties_before)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise BadContentError("its content is not what was issued")
        if run_id_of(plan.first_month, content) != run_id:
            raise BadContentError("it is of another run")
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise _unreadable(folder, at / ISSUED, error) from error
    return IssuedRun(run_id=run_id, issued_at=issued_at, plan=plan)


def read_decisions(folder: Path, run_id: str, name: str) -> BatchFile:
    """One file of accepted decisions. Raises ``InputError`` naming it where it cannot be read."""
    path = run_folder(folder, run_id) / DECISIONS / name
    try:
        found = read_batch_file(name, path.read_bytes())
        if found.batch.run_id != run_id:
            raise BadContentError("it is of another run")
    except (OSError, ValueError) as error:
        raise _unreadable(folder, path, error) from error
    return found


def changed_file(folder: Path, run_id: str, name: str) -> Finding:
    """What to say of a decision file that is no longer what was accepted."""
    path = run_folder(folder, run_id) / DECISIONS / name
    return _unreadable(folder, path, BadContentError("it has been changed or cut short")).findings[
        0
    ]


def _named(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _unreadable(folder: Path, path: Path, error: Exception) -> InputError:
    reason = "it is cut short or damaged"
    if isinstance(error, BadContentError):
        reason = str(error)
    elif isinstance(error, OSError) and error.strerror:
        reason = error.strerror
    return history_fault(
        "unreadable-run-file",
        _named(folder, path),
        f"This file of the plan's history cannot be read: {reason}.",
        "Put it back from a backup. Nothing was skipped and nothing was changed.",
    )


def _foreign(folder: Path, path: Path, wanted: str) -> Finding:
    return history_finding(
        "foreign-run-file",
        _named(folder, path),
        f"This is not {wanted}, so it is not known what to make of it.",
        "If it is a copy or a file of your own, move it out of the folder runs.",
    )


def _missing(folder: Path, path: Path) -> Finding:
    return history_finding(
        "missing-run-file",
        _named(folder, path),
        "This file of the plan's history is not there.",
        "Put it back from a backup. Nothing was skipped and nothing was changed.",
    )
