"""A batch of accepted decisions as a file: canonical JSON, named by its version and its content."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from planner.domain.decision import DecisionKind, Edit, EditField
from planner.history.batch import DecisionBatch
from planner.history.faults import BadContentError
from planner.history.issued_json import canonical
from planner.history.stamps import moment, stamp
from planner.history.told_values import value_of, value_told

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA_VERSION = 1
BATCH_NAME = re.compile(r"\d{4,}-[0-9a-f]{8}\.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFile:
    """A batch, the version it made, and its file."""

    batch: DecisionBatch
    version: int
    name: str
    content: bytes


def batch_file(batch: DecisionBatch, version: int) -> BatchFile:
    """The file of a batch that makes this version of its run."""
    content = canonical(
        {
            "schema_version": SCHEMA_VERSION,
            "run": batch.run_id,
            "version": version,
            "read_at": batch.read_at,
            "at": stamp(batch.at),
            "by": batch.by,
            "workbook": batch.workbook,
            "edits": [_told(edit) for edit in batch.edits],
        }
    )
    return BatchFile(batch=batch, version=version, name=_name(version, content), content=content)


def read_batch_file(name: str, content: bytes) -> BatchFile:
    """Back from a file. Raises ``ValueError`` where it is cut short, changed or none of ours."""
    try:
        told = json.loads(content)
        if told["schema_version"] != SCHEMA_VERSION:
            raise BadContentError(f"schema version {told['schema_version']} is not known")
        version = int(told["version"])
        if name != _name(version, content):
            raise BadContentError("its content is not what its name says")
        batch = DecisionBatch(
            run_id=told["run"],
            read_at=told["read_at"],
            edits=tuple(_edit(told["run"], edit) for edit in told["edits"]),
            by=told["by"],
            workbook=told["workbook"],
            at=moment(told["at"]),
        )
    except json.JSONDecodeError:
        raise BadContentError("it is cut short or no JSON") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise BadContentError(f"it holds no decisions ({type(error).__name__})") from None
    return BatchFile(batch=batch, version=version, name=name, content=content)


def is_content_of(name: str, content: bytes) -> bool:
    """Whether a file's content is that by which it was named; the version is not looked at."""
    return name.partition("-")[2] == f"{_fingerprint(content)}.json"


def _name(version: int, content: bytes) -> str:
    return f"{version:04}-{_fingerprint(content)}.json"


def _fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:8]


def _told(edit: Edit) -> dict[str, Any]:
    return {
        "decision_ref": edit.decision_ref,
        "ref": edit.ref,
        "kind": edit.kind.value,
        "month": edit.month.isoformat(),
        "field": edit.field.value,
        "value": value_told(edit.value),
        "by": edit.by,
        "workbook": edit.workbook,
        "cell": edit.cell,
    }


def _edit(run_id: str, told: Mapping[str, Any]) -> Edit:
    return Edit(
        run_id=run_id,
        decision_ref=told["decision_ref"],
        ref=told["ref"],
        kind=DecisionKind(told["kind"]),
        month=date.fromisoformat(told["month"]),
        field=EditField(told["field"]),
        value=value_of(told["value"]),
        by=told["by"],
        workbook=told["workbook"],
        cell=told["cell"],
    )
