"""A plan's folder holds the old plan or the new one, and never loses what people wrote in it."""

from __future__ import annotations

import json
import os
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from planner.commands import publish as publishing
from planner.commands.publish import Published, finish_publication, publish, stage
from planner.errors import InputError, OutputError
from planner.files import lock, save
from planner.files.lock import sole_writer
from planner.history.history import History
from planner.history.run_folder import RUNS, list_runs
from planner.workbooks.manifest import sha256
from tests.history_build import RUN, another_process_writing_in, batch, edit, issued_run
from tests.killed import kill_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.domain.issued import IssuedRun

OLD = {"plan.xlsx": b"old plan", "workload.xlsx": b"old work", "officers/OM1.xlsx": b"old 1"}
NEW = {"plan.xlsx": b"new plan", "workload.xlsx": b"new work", "officers/OM2.xlsx": b"new 2"}
NEXT = issued_run(seed=2)


def manifest(files: Mapping[str, bytes]) -> bytes:
    return json.dumps({"outputs": {name: sha256(data) for name, data in files.items()}}).encode()


def published(out: Path, run: IssuedRun, files: Mapping[str, bytes]) -> Published:
    with sole_writer(out / RUNS):
        return publish(stage(out, run, files, manifest(files)))


def standing(out: Path) -> dict[str, bytes]:
    """What a person sees in the folder, manifest included, the history's own apart."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file()
        and RUNS not in path.relative_to(out).parts
        and path.name != "history.sqlite"
    }


def seen(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {**files, "manifest.json": manifest(files)}


def test_all_files_are_put_in_place_and_nothing_is_left_over(tmp_path: Path) -> None:
    done = published(tmp_path, RUN, OLD)
    assert standing(tmp_path) == seen(OLD)
    assert done.files == (*(tmp_path / name for name in sorted(OLD)), tmp_path / "manifest.json")
    assert done.kept == ()
    names = {path.name for path in (tmp_path / RUNS).rglob("*")} - {".lock"}
    assert names == {RUN.run_id, "issued.json.gz", "run.json", "manifest.json"}
    copy = tmp_path / RUNS / RUN.run_id / "manifest.json"
    assert copy.read_bytes() == (tmp_path / "manifest.json").read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps access lists instead")
def test_only_the_owner_may_read_anything(tmp_path: Path) -> None:
    published(tmp_path / "out", RUN, OLD)
    published(tmp_path / "out", NEXT, NEW)
    for path in (tmp_path / "out").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_new_plan_takes_the_place_of_the_old_and_of_officers_who_left(tmp_path: Path) -> None:
    published(tmp_path, RUN, OLD)
    done = published(tmp_path, NEXT, NEW)
    assert standing(tmp_path) == seen(NEW)
    assert done.kept == ()
    with History.open(tmp_path) as history:
        assert {run.run_id for run in history.runs()} == {RUN.run_id, NEXT.run_id}


def test_what_people_edited_and_what_they_put_there_is_kept(tmp_path: Path) -> None:
    published(tmp_path, RUN, OLD)
    (tmp_path / "workload.xlsx").write_bytes(b"edited")
    (tmp_path / "officers/OM1.xlsx").write_bytes(b"edited too")
    (tmp_path / "notes.docx").write_bytes(b"theirs")
    kept = published(tmp_path, NEXT, NEW).kept
    assert standing(tmp_path) == {**seen(NEW), "notes.docx": b"theirs"}
    aside = tmp_path / RUNS / NEXT.run_id / "replaced"
    assert sorted(kept) == [aside / "officers/OM1.xlsx", aside / "workload.xlsx"]
    assert [path.read_bytes() for path in sorted(kept)] == [b"edited too", b"edited"]


def test_the_same_plan_again_keeps_its_decisions_and_each_edited_workbook(tmp_path: Path) -> None:
    published(tmp_path, RUN, OLD)
    with History.open(tmp_path) as history:
        history.accept(batch(edit()))
    for text in (b"one", b"two"):
        (tmp_path / "workload.xlsx").write_bytes(text)
        published(tmp_path, RUN, OLD)
        assert standing(tmp_path) == seen(OLD)
    aside = tmp_path / RUNS / RUN.run_id / "replaced"
    assert {path.name: path.read_bytes() for path in aside.iterdir()} == {
        "workload.xlsx": b"one",
        "workload (2).xlsx": b"two",
    }
    with History.open(tmp_path) as history:
        assert history.version(RUN.run_id) == 1


def test_a_file_of_a_plan_without_manifest_counts_as_edited(tmp_path: Path) -> None:
    published(tmp_path, RUN, OLD)
    (tmp_path / "manifest.json").unlink()
    assert len(published(tmp_path, NEXT, NEW).kept) == 2
    assert standing(tmp_path)["officers/OM1.xlsx"] == b"old 1"  # nobody knows whose it is


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize("again", [False, True])
def test_killed_at_any_step_the_old_plan_stands_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, again: bool, edited: bool
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)  # a step all the same; quicker
    as_it_was = tmp_path / "as it was"
    published(as_it_was, RUN, OLD)
    if edited:
        (as_it_was / "workload.xlsx").write_bytes(b"edited")
    before = standing(as_it_was)
    run = RUN if again else NEXT
    found = set()
    for step in range(1, 400):
        out = shutil.copytree(as_it_was, tmp_path / str(step))
        survived = kill_at(step, lambda out=out: publish_new(out, run))  # type: ignore[misc]
        finish_publication(out)
        after = standing(out)
        assert after in (before, seen(NEW)), step
        found.add(after == before)
        kept = [path.read_bytes() for path in out.glob(f"{RUNS}/*/replaced/*.xlsx")]
        assert kept == ([b"edited"] if edited and after != before else [])
        assert run.run_id in list_runs(out) or after == before  # the history knows what stands
        published(out, run, NEW)
        assert standing(out) == seen(NEW)
        assert not list(out.glob(f"{RUNS}/*.new")) + list(out.rglob(".planner-*"))
        assert not list(out.glob(f"{RUNS}/*/publish"))
        shutil.rmtree(out)
        if survived:
            break
    assert survived
    assert step > 20
    assert found == {True, False}


def test_names_are_on_the_disk_before_what_vouches_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut may lose names not yet flushed: of staged files before the plan is issued, of
    outputs before the manifest says that they are there. Each folder needs it once only.
    """
    steps: list[tuple[str, str]] = []
    real_sync, real_replace = save.sync_folder, Path.replace

    def name_of(path: Path) -> str:
        return path.relative_to(tmp_path).as_posix().replace(RUN.run_id, "RUN")

    def sync_folder(folder: Path) -> None:
        steps.append(("sync", name_of(folder)))
        real_sync(folder)

    def replace(self: Path, target: Path) -> Path:
        steps.append(("to", name_of(Path(target))))
        return real_replace(self, target)

    monkeypatch.setattr(save, "sync_folder", sync_folder)
    monkeypatch.setattr(Path, "replace", replace)
    published(tmp_path, RUN, OLD)
    issued, vouched = steps.index(("to", "runs/RUN")), steps.index(("to", "manifest.json"))
    last_output = max(steps.index(("to", name)) for name in OLD)
    staged = {f"runs/RUN.new{way}" for way in ("", "/publish", "/publish/outputs")}
    staged |= {"runs/RUN.new/publish/outputs/officers"}
    assert sorted(f for kind, f in steps[:issued] if kind == "sync") == sorted(staged)
    between = [folder for kind, folder in steps[last_output:vouched] if kind == "sync"]
    assert between == [".", "officers"]
    assert ("sync", ".") in steps[vouched:]
    assert ("sync", "runs") in steps[issued:last_output]


def test_a_folder_of_outputs_that_somebody_removed_does_not_stop_the_rest(tmp_path: Path) -> None:
    published(tmp_path, RUN, OLD)
    with sole_writer(tmp_path / RUNS):
        staged = stage(tmp_path, NEXT, NEW, manifest(NEW))
    (staged.path("officers/OM2.xlsx")).unlink()  # as if moved before a crash, then removed
    shutil.rmtree(tmp_path / "officers")
    with sole_writer(tmp_path / RUNS):
        publish(staged)
    assert (tmp_path / "manifest.json").read_bytes() == manifest(NEW)


def publish_new(out: Path, run: IssuedRun) -> None:
    published(out, run, NEW)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_while_finishing_it_can_be_finished_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    cut = tmp_path / "cut"
    published(cut, RUN, OLD)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(publishing, "_finish", lambda *_: Published(files=(), kept=()))
        published(cut, NEXT, NEW)
    assert standing(cut) == seen(OLD)
    for step in range(1, 200):
        out = shutil.copytree(cut, tmp_path / str(step))

        def finish(out: Path = out) -> None:
            finish_publication(out)

        survived = kill_at(step, finish)
        finish_publication(out)
        assert standing(out) == seen(NEW), step
        assert finish_publication(out) is None
        if survived:
            break
    assert survived
    assert step > 10


def test_a_full_disk_leaves_the_old_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published(tmp_path, RUN, OLD)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="No space left"):
            published(tmp_path, NEXT, NEW)
    assert finish_publication(tmp_path) is None
    assert standing(tmp_path) == seen(OLD)


def test_a_workbook_open_in_excel_is_told_and_finished_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(tmp_path, RUN, OLD)
    real = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if Path(target) == tmp_path / "workload.xlsx":
            raise PermissionError(13, "open")
        return real(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refuse)
        patched.setattr(save, "PATIENCE_SECONDS", 0.01)
        patched.setattr(save, "_PAUSE_SECONDS", 0.001)
        with pytest.raises(OutputError, match="Close it in Excel"):
            published(tmp_path, NEXT, NEW)
    assert not (tmp_path / "manifest.json").exists()  # unfinished, and said so
    assert finish_publication(tmp_path) is not None
    assert standing(tmp_path) == seen(NEW)


def test_a_folder_without_runs_is_left_alone(tmp_path: Path) -> None:
    assert finish_publication(tmp_path) is None
    assert finish_publication(tmp_path / "none") is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../plan.xlsx", "/plan.xlsx", "runs/x.xlsx", "c:\\x.xlsx", ""])
def test_nothing_reaches_beyond_the_folder(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    with pytest.raises(ValueError, match="below it"):
        stage(out, RUN, {name: b""}, b"")
    published(out, RUN, OLD)
    outside = tmp_path / "plan.xlsx"
    outside.write_bytes(b"theirs")
    told = {"outputs": {name: sha256(b"theirs")}}
    (out / "manifest.json").write_text(json.dumps(told))
    published(out, NEXT, NEW)
    assert outside.read_bytes() == b"theirs"


@pytest.mark.parametrize("content", [b"", b"[]", b'{"outputs": {"../x.xlsx": ""}}'])
def test_an_order_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    published(tmp_path, RUN, OLD)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(publishing, "_finish", lambda *_: Published(files=(), kept=()))
        published(tmp_path, NEXT, NEW)
    way = f"{RUNS}/{NEXT.run_id}/publish/publish.json"
    (tmp_path / way).write_bytes(content)
    with pytest.raises(InputError) as caught:
        finish_publication(tmp_path)
    assert caught.value.findings[0].sheet == way


def test_a_second_planner_waits_and_then_gives_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.2)
    with (
        another_process_writing_in(tmp_path / RUNS),
        pytest.raises(OutputError, match="Another planner"),
    ):
        published(tmp_path, RUN, OLD)
    published(tmp_path, RUN, OLD)  # the lock died with its process
    assert standing(tmp_path) == seen(OLD)
