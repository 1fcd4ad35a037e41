"""The manifest: what a run read and wrote, and that a run without one is unfinished."""

from __future__ import annotations

import hashlib
import json
import stat
from typing import TYPE_CHECKING

import pytest

from planner.errors import InputError, OutputError
from planner.files.save import save_atomically
from planner.workbooks.manifest import (
    MANIFEST,
    InputFile,
    RunRecord,
    manifest_bytes,
    peak_memory_mb,
    read_manifest,
    remove_manifest,
)
from tests.plan_build import report

if TYPE_CHECKING:
    from pathlib import Path

MADE = report()


def written(folder: Path) -> Path:
    register = folder / "register.xlsx"
    register.write_bytes(b"a register")
    out = folder / "out"
    (out / "officers").mkdir(parents=True)
    outputs = {"plan.xlsx": b"plan.xlsx", "officers/OM01.xlsx": b"OM01.xlsx"}
    for name, data in outputs.items():
        (out / name).write_bytes(data)
    record = RunRecord(
        command="plan",
        options={"seed": 1, "effort": "standard"},
        inputs=(InputFile.of(register, {"Offenders": 60, "Staff": 6}),),
        seconds={"read": 0.5},
        peak_memory_mb={"main": 123.4},
    )
    save_atomically(out / MANIFEST, manifest_bytes(out, record, MADE, outputs))
    return out


def test_the_manifest_says_what_was_read_found_and_written(tmp_path: Path) -> None:
    out = written(tmp_path)
    content = read_manifest(out)
    assert content == json.loads((out / MANIFEST).read_text())
    assert content["schema_version"] == 1
    assert content["run"] == MADE.run_id
    assert content["command"] == "plan"
    (source,) = content["inputs"]
    assert source == {
        "name": "register.xlsx",
        "bytes": 10,
        "sha256": hashlib.sha256(b"a register").hexdigest(),
        "rows": {"Offenders": 60, "Staff": 6},
        "path": "../register.xlsx",
    }
    assert content["outputs"] == {
        "officers/OM01.xlsx": hashlib.sha256(b"OM01.xlsx").hexdigest(),
        "plan.xlsx": hashlib.sha256(b"plan.xlsx").hexdigest(),
    }
    assert content["accepted"] is True
    assert content["as_at"] == "2027-04-20"
    assert content["first_month"] == "2027-05-01"
    assert content["cost"] == pytest.approx(sum(content["cost_parts"].values()))
    assert content["gap"] == pytest.approx(0.03)
    assert (content["seed"], content["effort"]) == (1, "standard")
    assert content["status"] == MADE.result.status.value
    assert content["seconds_by_stage"] == {"read": 0.5}
    assert content["peak_memory_mb"] == {"main": 123.4}
    assert str(tmp_path) not in (out / MANIFEST).read_text()  # no paths from outside


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    mode = (written(tmp_path) / MANIFEST).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_without_it_a_folder_is_no_finished_run(tmp_path: Path) -> None:
    out = written(tmp_path)
    remove_manifest(out)
    remove_manifest(out)  # nothing to remove is no mistake
    assert (out / "plan.xlsx").exists()
    with pytest.raises(InputError) as caught:
        read_manifest(out)
    assert caught.value.findings[0].code == "no-manifest"


def test_one_that_cannot_be_removed_is_said_so(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).mkdir()
    with pytest.raises(OutputError, match="cannot be replaced"):
        remove_manifest(tmp_path)


def test_peak_memory_is_plausible() -> None:
    peak = peak_memory_mb()
    assert all(10 < megabytes < 100_000 for megabytes in peak.values() if megabytes)
