"""Several people writing at once lose nothing, in whatever order."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.decision import EditField
from planner.history.batch import Conflict
from planner.history.history import History
from tests.history_build import RUN, batch, edit

BATCHES = 12

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


def test_processes_accepting_at_once_lose_nothing(tmp_path: Path, history_url: str | None) -> None:
    with History.open(tmp_path, history_url) as history:
        history.issue(RUN)
    names = ("ann", "bob", "cyn")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(tmp_path), history_url or "", name, str(BATCHES)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
        )
        for name in names
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(b"go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=100)
    assert [writer.returncode for writer in writers] == [0] * len(names)
    (tmp_path / "copy").mkdir()
    (tmp_path / "runs").rename(tmp_path / "copy" / "runs")  # the files alone tell the same
    with History.open(tmp_path / "copy", None) as history:
        assert history.version(RUN.run_id) == BATCHES * len(names)
        said = history.accepted(RUN.run_id)
    refs = {s.edit.ref for s in said.values()}
    assert refs == {"shared"} | {f"{n}{b:03}" for n in names for b in range(BATCHES)}


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
