"""A saved file is whole or not there; what stood before survives every failure."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from planner.errors import OutputError
from planner.files import save
from planner.files.save import save_atomically


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_writes_the_bytes_for_the_owner_only_and_leaves_no_temporary(tmp_path: Path) -> None:
    target = tmp_path / "new" / "deeper" / "plan.xlsx"
    save_atomically(target, b"one")
    assert target.read_bytes() == b"one"
    assert _names(target.parent) == ["plan.xlsx"]
    if os.name == "posix":
        assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_replaces_what_stood_there(tmp_path: Path) -> None:
    target = tmp_path / "plan.xlsx"
    target.write_bytes(b"old and longer")
    save_atomically(target, b"new")
    assert target.read_bytes() == b"new"


def test_waits_for_a_file_that_is_open_and_then_replaces_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = [PermissionError(13, "open"), PermissionError(13, "open")]
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if refusals:
            raise refusals.pop()
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(save, "_PAUSE_SECONDS", 0.0)
    save_atomically(tmp_path / "plan.xlsx", b"new")
    assert _names(tmp_path) == ["plan.xlsx"]


def test_gives_up_on_a_file_that_stays_open_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "plan.xlsx"
    target.write_bytes(b"old")

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "open")

    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr(save, "PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(save, "_PAUSE_SECONDS", 0.001)
    with pytest.raises(OutputError, match=r"Close it in Excel"):
        save_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert _names(tmp_path) == ["plan.xlsx"]


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_full_disk_keeps_the_old_file_and_leaves_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    target = tmp_path / "plan.xlsx"
    target.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if failing == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutputError, match="No space left on device"):
        save_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert _names(tmp_path) == ["plan.xlsx"]


def test_an_interrupt_leaves_nothing_beside_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save_atomically(tmp_path / "plan.xlsx", b"new")
    assert _names(tmp_path) == []


def test_a_folder_or_a_file_in_the_way_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a folder"):
        save_atomically(tmp_path, b"new")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="cannot be written"):
        save_atomically(tmp_path / "file" / "plan.xlsx", b"new")
