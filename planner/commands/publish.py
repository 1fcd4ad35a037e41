"""Publishes a plan: after a crash at any moment its folder holds the old plan or the new one.

All files are first written into ``runs/RUN-ID.new``. Renaming that folder is the one step that
issues the plan. Then its files are put in place one by one, manifest.json last; whoever opens the
folder after a crash finishes that first.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from planner.commands.at_hand import FILE as AT_HAND
from planner.errors import InputError, OutputError
from planner.files.lock import sole_writer
from planner.files.save import move_atomically, save_atomically, sync_folders
from planner.history.faults import history_fault
from planner.history.issued_json import canonical
from planner.history.new_run import is_there, settle, stage_files
from planner.history.run_folder import NEW, RUNS, run_files, run_folder
from planner.workbooks.manifest import MANIFEST, read_manifest, remove_manifest, sha256

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.domain.issued import IssuedRun

PUBLISH = "publish"
REPLACED = "replaced"
_ORDER = "publish.json"
_OUTPUTS = "outputs"
SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A plan written whole, not yet in its place."""

    out: Path
    run_id: str
    is_again: bool
    """The same plan was issued here before."""

    @property
    def _new(self) -> Path:
        return self.out / RUNS / f"{self.run_id}{NEW}"

    def path(self, name: str) -> Path:
        """Where an output lies until it is published; ``name`` is its way from the folder."""
        return self._new / PUBLISH / _OUTPUTS / name


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """``files`` stand in the plan's folder; ``kept`` are what people had edited there before."""

    files: tuple[Path, ...]
    kept: tuple[Path, ...]


def stage(
    out: Path, run: IssuedRun, files: Mapping[str, bytes], manifest: bytes, at_hand: bytes = b""
) -> Staged:
    """Write a plan whole beside the folder's present one, which stays as it is.

    ``files`` maps each output's way from the folder (``officers/OM1.xlsx``) to its bytes;
    ``at_hand`` is kept in the run's folder, if there is any (see ``at_hand``). Whoever
    calls holds ``sole_writer(out / RUNS)`` until the plan is published. Raises ``OutputError``.
    """
    if not all(map(_is_within, files)):
        raise ValueError("An output is a workbook in the plan's folder or below it.")
    finish_publication(out)
    parts = run_files(run)
    again = is_there(out, run.run_id, parts)
    order = {
        "schema_version": SCHEMA_VERSION,
        "run": run.run_id,
        "outputs": {name: sha256(data) for name, data in files.items()},
        "replaces": _published_before(out),
    }
    parts |= {f"{PUBLISH}/{_OUTPUTS}/{name}": data for name, data in files.items()}
    parts |= {f"{PUBLISH}/{MANIFEST}": manifest, f"{PUBLISH}/{_ORDER}": canonical(order)}
    parts |= {AT_HAND: at_hand} if at_hand else {}
    stage_files(out, run.run_id, parts)
    return Staged(out=out, run_id=run.run_id, is_again=again)


def publish(staged: Staged) -> Published:
    """Issue a staged plan and put its files in place. Raises ``OutputError``."""
    new, place = (
        staged.out / RUNS / f"{staged.run_id}{NEW}",
        run_folder(staged.out, staged.run_id),
    )
    if staged.is_again:
        if (new / AT_HAND).exists():
            settle(new / AT_HAND, place / AT_HAND)
        settle(new / PUBLISH, place / PUBLISH)
        shutil.rmtree(new, ignore_errors=True)
    else:
        settle(new, place)
    return _finish(staged.out, place)


def finish_publication(out: Path) -> Published | None:
    """Put the rest of a plan in place that was issued and then cut off; None: there is none.

    Every command that reads a plan's folder begins with this. Raises ``OutputError`` where the
    files cannot be put in place, ``InputError`` where the order to do so cannot be read.
    """
    if not _cut_off(out):
        return None
    with sole_writer(out / RUNS):
        done = [_finish(out, run) for run in _cut_off(out)]
    return done[-1] if done else None


def _cut_off(out: Path) -> list[Path]:
    """Runs issued whose files are not all in place yet; what is only staged was never issued."""
    orders = (out / RUNS).glob(f"*/{PUBLISH}/{_ORDER}")
    return sorted(run for order in orders if (run := order.parent.parent).suffix != NEW)


def _finish(out: Path, run: Path) -> Published:
    """May be called again and again, wherever it was cut off."""
    order = _read_order(out, run)
    publishing = run / PUBLISH
    manifest = publishing / MANIFEST
    kept: list[Path] = []
    if manifest.exists():  # it goes last: where it is gone, all the rest is in place
        save_atomically(run / MANIFEST, manifest.read_bytes())
        remove_manifest(out)
        for name, new in sorted(order["outputs"].items()):
            if (publishing / _OUTPUTS / name).exists():
                known = {new, order["replaces"].get(name)}
                kept += _set_aside(out / name, run / REPLACED / name, known)
                move_atomically(publishing / _OUTPUTS / name, out / name, sync=False)
        for name, old in sorted(order["replaces"].items()):
            if name not in order["outputs"]:
                kept += _set_aside(out / name, run / REPLACED / name, {old})
                _remove(out / name)
        folders = {(out / name).parent for name in order["outputs"]}
        sync_folders(folder for folder in folders if folder.is_dir())
        move_atomically(manifest, out / MANIFEST)
    done = run.with_name(f"{run.name}.done{NEW}")  # a name that is swept up, whatever happens now
    shutil.rmtree(done, ignore_errors=True)
    settle(publishing, done)
    shutil.rmtree(done, ignore_errors=True)
    files = [out / name for name in sorted(order["outputs"])]
    return Published(files=(*files, out / MANIFEST), kept=tuple(kept))


def _set_aside(present: Path, place: Path, known: set[str | None]) -> list[Path]:
    """Keep what somebody has edited since it was written; its new place, where there is one."""
    try:
        if not present.is_file() or sha256(present.read_bytes()) in known:
            return []
    except OSError as error:
        raise OutputError(
            f"{present} cannot be read ({error.strerror}). Close it in Excel and run the command "
            "again."
        ) from error
    free, number = place, 1
    while free.exists():
        number += 1
        free = place.with_name(f"{place.stem} ({number}){place.suffix}")
    move_atomically(present, free)
    return [free]


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be removed ({error.strerror}). Close it in Excel and run the command "
            "again."
        ) from error


def _published_before(out: Path) -> dict[str, str]:
    """What the present manifest says of the files beside it, by name."""
    try:
        told = read_manifest(out).get("outputs")
    except InputError:
        return {}
    named = told if isinstance(told, dict) else {}
    return {str(name): str(hashed) for name, hashed in named.items() if _is_within(str(name))}


def _is_within(name: str) -> bool:
    """A workbook in the folder or below it: a manifest changed by hand shall not reach beyond."""
    way = PurePosixPath(name)
    inside = not way.is_absolute() and ".." not in way.parts and ":" not in name
    return inside and "\\" not in name and way.suffix == ".xlsx" and way.parts[0] != RUNS


def _read_order(out: Path, run: Path) -> dict[str, Any]:
    path = run / PUBLISH / _ORDER
    try:
        order = json.loads(path.read_bytes())
        names = [*order["outputs"], *order["replaces"]]
        if order["schema_version"] != SCHEMA_VERSION or not all(map(_is_within, names)):
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise history_fault(
            "unreadable-run-file",
            path.relative_to(out).as_posix(),
            "A plan was being put in place, and the list of its files cannot be read.",
            f"Put the file back from a backup, or delete the folder {PUBLISH} beside it and run "
            "planner plan again.",
        ) from error
    return dict(order)
