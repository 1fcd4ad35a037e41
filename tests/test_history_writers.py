"""Several people writing at once lose nothing, in whatever order."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.decision import EditField
from planner.errors import OutputError
from planner.files import lock
from planner.history import database
from planner.history.batch import Conflict
from planner.history.database import Database
from planner.history.history import History
from tests.history_build import RUN, another_process_writing_in, batch, edit, issued_run

BATCHES = 12
NAMES = ("ann", "bob", "cyn")

_WRITER = """
import sys
from pathlib import Path
from planner.history.batch import Conflict
from planner.history.history import History
from tests.history_build import RUN, batch, edit
folder, url, name, count = sys.argv[1:]
sys.stdin.readline()
for number in range(int(count)):
    with History.open(Path(folder), url or None) as history:
        own = edit(f"{name}{number:03}", value=name, by=name)
        shared = edit("shared", value=f"{name}{number}", by=name)
        while True:
            read_at = history.version(RUN.run_id)
            try:
                history.accept(batch(own, shared, read_at=read_at, by=name))
                break
            except Conflict:
                print("conflict", flush=True)
"""


def write_at_once(*places: tuple[Path, str | None]) -> None:
    """A process for each place, all accepting at the same time; each must end well."""
    for folder, url in places:
        folder.mkdir(exist_ok=True)
        with History.open(folder, url) as history:
            history.issue(RUN)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(folder), url or "", name, str(BATCHES)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
        )
        for name, (folder, url) in zip(NAMES, places, strict=False)
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(b"go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=100)
    assert [writer.returncode for writer in writers] == [0] * len(places)


def told(folder: Path, url: str | None) -> tuple[int, set[str]]:
    """The run's version, and the references something was said of."""
    with History.open(folder, url) as history:
        said = history.accepted(RUN.run_id)
        return history.version(RUN.run_id), {s.edit.ref for s in said.values()}


def everything(count: int) -> tuple[int, set[str]]:
    refs = {f"{name}{number:03}" for name in NAMES[:count] for number in range(BATCHES)}
    return BATCHES * count, {"shared"} | refs


def test_processes_accepting_at_once_lose_nothing(tmp_path: Path, history_url: str | None) -> None:
    write_at_once(*[(tmp_path / "out", history_url)] * 3)
    assert told(tmp_path / "out", history_url) == everything(3)
    (tmp_path / "copy").mkdir()
    shutil.move(tmp_path / "out" / "runs", tmp_path / "copy")
    assert told(tmp_path / "copy", None) == everything(3)  # the files alone tell the same


def test_two_folders_on_one_database_lose_nothing(tmp_path: Path, history_url: str | None) -> None:
    shared = history_url or f"sqlite:///{tmp_path / 'unit.sqlite'}"
    a, b = tmp_path / "a", tmp_path / "b"
    write_at_once((a, shared), (b, shared))
    assert told(a, shared) == told(b, shared) == everything(2)
    assert told(a, None) == told(b, None) == everything(2)


def test_two_databases_on_one_folder_lose_nothing(tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path / 'unit.sqlite'}"
    out = tmp_path / "out"
    write_at_once((out, None), (out, other))
    assert told(out, None) == told(out, other) == everything(2)
    (out / "history.sqlite").unlink()
    assert told(out, None) == everything(2)


Said = tuple[int, str, EditField, str | float | None]
SAID: st.SearchStrategy[Said] = st.tuples(
    st.integers(0, 3),
    st.sampled_from(["00001", "00002", "00003"]),
    st.sampled_from([EditField.NOTE, EditField.RESULT, EditField.HOURS_TAKEN]),
    st.one_of(st.none(), st.sampled_from(["a", "b", "é"]), st.sampled_from([0.0, 1.5])),
)


@settings(max_examples=25, deadline=None)
@given(
    order=st.lists(SAID, min_size=1, max_size=12),
    stale=st.lists(st.booleans(), min_size=12, max_size=12),
)
def test_any_order_of_writers_gives_the_union(order: list[Said], stale: list[bool]) -> None:
    """Each writer's batches are all there, in the order accepted; the last word counts."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        writers = [History.open(folder) for _ in range(4)]
        writers[0].issue(RUN)
        for writer in writers:
            writer.issue(RUN)
        expected: dict[tuple[str, EditField], str | float | None] = {}
        accepted = 0
        for (who, ref, field, value), old in zip(order, stale, strict=False):
            made = edit(ref, field, value, by=str(who))
            key = (made.decision_ref, field)
            read_at = 0 if old else writers[who].version(RUN.run_id)
            assert old or read_at == accepted
            try:
                writers[who].accept(batch(made, read_at=read_at, minutes=accepted))
            except Conflict:
                assert old
                assert expected[key] != value
                continue
            assert not old or expected.get(key, value) == value
            expected[key] = value
            accepted += 1
        for writer in writers:
            writer.__exit__()
        (folder / "history.sqlite").unlink()
        with History.open(folder) as history:
            assert history.version(RUN.run_id) == accepted
            said = history.accepted(RUN.run_id)
        assert {key: s.value for key, s in said.items()} == expected


def test_what_another_database_accepted_is_known_before_a_conflict_is_judged(
    tmp_path: Path,
) -> None:
    other = f"sqlite:///{tmp_path / 'unit.sqlite'}"
    with History.open(tmp_path) as history:
        history.issue(RUN)
        with History.open(tmp_path, other) as elsewhere:
            elsewhere.accept(batch(edit(value="one")))
        with pytest.raises(Conflict):
            history.accept(batch(edit(value="two"), read_at=0))
        assert history.version(RUN.run_id) == 1  # so that the next try reads what is there
        history.accept(batch(edit(value="two"), read_at=1))


def test_one_writer_at_a_time_in_a_database(
    tmp_path: Path, history_url: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE_SECONDS", 1)
    with History.open(tmp_path, history_url):
        pass
    one, two = Database(tmp_path, history_url), Database(tmp_path, history_url)
    with one.writing():
        with pytest.raises(OutputError, match="in use"), two.writing():
            pytest.fail("both are writing")
        with two.reading():
            pass
    with two.writing():
        pass


def test_one_writer_at_a_time_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.1)
    with History.open(tmp_path) as history:
        history.issue(RUN)
        with another_process_writing_in(tmp_path / "runs"):
            with pytest.raises(OutputError, match="Another planner"):
                history.accept(batch(edit()))
            with pytest.raises(OutputError, match="Another planner"):
                history.issue(issued_run(seed=2))
        assert history.accept(batch(edit())).version == 1
