"""The database follows the run folders, whatever became of it; what can't be read is named."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from planner.domain.decision import EditField
from planner.errors import InputError, OutputError
from planner.files import save
from planner.history import database, history, run_folder
from planner.history.batch_json import batch_file, read_batch_file
from planner.history.history import HISTORY_VARIABLE, History
from tests.history_build import CANARY, NOON, RUN, batch, edit, issued_run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from planner.history.batch import AcceptedEdit, Key, Run

DECISIONS = ("runs", RUN.run_id, "decisions")


def filled(folder: Path, url: str | None = None) -> Path:
    """A folder with two runs and three batches accepted."""
    with History.open(folder, url) as opened:
        opened.issue(RUN)
        opened.issue(issued_run(seed=2))
        opened.accept(batch(edit(value=f"{CANARY} one")))
        opened.accept(batch(edit(value="two"), edit("00002"), read_at=1, minutes=1))
        opened.accept(batch(edit("00003", EditField.HOURS_TAKEN, 3.0), read_at=2, minutes=2))
    return folder


def told(folder: Path, url: str | None = None) -> tuple[tuple[Run, ...], object]:
    """All that a history answers."""
    with History.open(folder, url) as opened:
        found: list[tuple[int, Mapping[Key, AcceptedEdit]]] = [
            (opened.version(run.run_id), opened.accepted(run.run_id)) for run in opened.runs()
        ]
        return opened.runs(), found


def decision_files(folder: Path) -> list[Path]:
    return sorted(folder.joinpath(*DECISIONS).glob("*.json"))


def test_a_database_that_is_gone_is_built_again(tmp_path: Path, history_url: str | None) -> None:
    before = told(filled(tmp_path, history_url), history_url)
    (tmp_path / "history.sqlite").unlink(missing_ok=True)
    assert told(tmp_path) == before  # on the folder's own file, whichever it was before


def test_a_database_that_is_behind_catches_up(tmp_path: Path, history_url: str | None) -> None:
    """As after a crash between the file and the database: twice, with a run that it lacks."""
    with History.open(tmp_path, history_url) as opened:
        opened.issue(RUN)
        opened.accept(batch(edit(value="one")))
    (tmp_path / "other").mkdir()
    filled(tmp_path / "other")
    for name in ("runs",):
        shutil.copytree(tmp_path / "other" / name, tmp_path / name, dirs_exist_ok=True)
    with History.open(tmp_path, history_url) as opened:
        assert len(opened.runs()) == 2
        assert opened.version(RUN.run_id) == 4
        assert {s.value for s in opened.accepted(RUN.run_id).values()} >= {"two", 3.0}
    assert told(tmp_path, history_url) == told(tmp_path, history_url)


def test_a_decision_file_that_is_gone_is_written_back(
    tmp_path: Path, history_url: str | None
) -> None:
    before = told(filled(tmp_path, history_url), history_url)
    lost = decision_files(tmp_path)[1]
    content = lost.read_bytes()
    lost.unlink()
    assert told(tmp_path, history_url) == before
    assert lost.read_bytes() == content


def test_folders_that_share_a_database_see_their_own_runs_and_all_their_decisions(
    tmp_path: Path, history_url: str | None
) -> None:
    shared = history_url or f"sqlite:///{tmp_path / 'unit.sqlite'}"
    a, b = tmp_path / "a", tmp_path / "b"
    for folder in (a, b):
        folder.mkdir()
        with History.open(folder, shared) as opened:
            opened.issue(RUN)
    with History.open(b, shared) as opened:
        opened.issue(issued_run(seed=2))
    with History.open(a, shared) as opened:
        opened.accept(batch(edit()))
        assert [run.run_id for run in opened.runs()] == [RUN.run_id]
    with History.open(b, shared) as opened:
        assert len(opened.accepted(RUN.run_id)) == 1
        assert len(opened.runs()) == 2
    assert [f.name for f in decision_files(a)] == [f.name for f in decision_files(b)]


def test_an_error_of_the_database_quotes_no_statement_and_no_value(
    tmp_path: Path, history_url: str | None
) -> None:
    filled(tmp_path, history_url)
    url = history_url or f"sqlite:///{tmp_path / 'history.sqlite'}"
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        for broken in ("VIEW duty_done", "VIEW accepted", "TABLE edit"):
            connection.execute(text(f"DROP {broken}"))
        connection.execute(text("CREATE VIEW accepted AS SELECT * FROM batch WHERE 1 = 0"))
    engine.dispose()
    with History.open(tmp_path, history_url) as opened:
        with pytest.raises(OutputError) as caught:
            opened.accept(batch(edit("00009", value=CANARY), read_at=3))
        told_to_people = str(caught.value)
    assert "cannot be read or written" in told_to_people
    assert not any(word in told_to_people for word in (CANARY, "00009", "SELECT", "INSERT"))


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _other_plan(path: Path) -> None:
    path.write_bytes(run_folder.run_files(issued_run(seed=5))[path.name])


def _not_json(path: Path) -> None:
    path.write_bytes(gzip.compress(b"[" + CANARY.encode() + b"]"))


def _other_note(path: Path) -> None:
    """Changed by hand, and as long as before."""
    before = path.read_bytes()
    path.write_bytes(before.replace(b'"two"', b'"owt"'))
    assert path.read_bytes() != before


@pytest.mark.parametrize("spoil", [_cut, _empty, _other_plan, _not_json])
@pytest.mark.parametrize("name", ["issued.json.gz", "run.json"])
def test_a_run_file_that_cannot_be_read_is_named(
    tmp_path: Path, name: str, spoil: Callable[[Path], None]
) -> None:
    filled(tmp_path)
    spoil(tmp_path / "runs" / RUN.run_id / name)
    (tmp_path / "history.sqlite").unlink()
    with pytest.raises(InputError) as caught:
        told(tmp_path)
    (finding,) = caught.value.findings
    assert finding.code == "unreadable-run-file"
    assert finding.sheet.startswith(f"runs/{RUN.run_id}/")
    assert CANARY not in finding.message


@pytest.mark.parametrize("spoil", [_cut, _empty, _not_json, _other_note])
@pytest.mark.parametrize("rebuilt", [True, False])
def test_a_decision_file_that_cannot_be_read_is_named(
    tmp_path: Path, rebuilt: bool, spoil: Callable[[Path], None]
) -> None:
    filled(tmp_path)
    spoilt = decision_files(tmp_path)[1]
    spoil(spoilt)
    if rebuilt:
        (tmp_path / "history.sqlite").unlink()
    with pytest.raises(InputError) as caught:
        told(tmp_path)
    (finding,) = caught.value.findings
    assert finding.code == "unreadable-run-file"
    assert finding.sheet == spoilt.relative_to(tmp_path).as_posix()
    assert CANARY not in finding.message


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE edit SET value_text = 'owt' WHERE value_text = 'two'",
        "UPDATE edit SET value_text = NULL WHERE value_text = 'two'",
        "UPDATE edit SET said_by = 'nobody' WHERE value_text = 'two'",
        "UPDATE edit SET value_number = 3.5 WHERE value_number = 3.0",
        "UPDATE batch SET content = replace(content, '\"two\"', '\"owt\"')",
        "DELETE FROM edit WHERE value_text = 'two'",
    ],
)
def test_rows_of_the_database_changed_by_hand_are_named(tmp_path: Path, statement: str) -> None:
    before = told(filled(tmp_path))
    changing = sqlite3.connect(tmp_path / "history.sqlite")
    changing.execute(statement)
    changing.commit()
    changing.close()
    with pytest.raises(InputError) as caught, History.open(tmp_path) as opened:
        opened.accepted(RUN.run_id)
    (finding,) = caught.value.findings
    assert (finding.code, finding.sheet) == ("changed-history", "history.sqlite")
    with pytest.raises(InputError), History.open(tmp_path) as opened:
        opened.done()
    (tmp_path / "history.sqlite").unlink()  # as the remedy says
    assert told(tmp_path) == before


def test_a_changed_database_writes_no_changed_file_back(tmp_path: Path) -> None:
    filled(tmp_path)
    changing = sqlite3.connect(tmp_path / "history.sqlite")
    changing.execute("UPDATE batch SET content = replace(content, '\"two\"', '\"owt\"')")
    changing.commit()
    changing.close()
    lost = decision_files(tmp_path)[1]
    lost.unlink()
    with pytest.raises(InputError) as caught:
        told(tmp_path)
    assert [f.code for f in caught.value.findings] == ["changed-history"]
    assert not lost.exists()


@pytest.mark.parametrize(
    "name",
    [
        "runs/notes.txt",
        f"runs/{RUN.run_id} - Copy",
        f"runs/{RUN.run_id}/decisions/0001-00000000 (1).json",
        f"runs/{RUN.run_id}/decisions/list.xlsx",
    ],
)
def test_what_does_not_belong_there_is_named(tmp_path: Path, name: str) -> None:
    filled(tmp_path)
    (tmp_path / name).write_text("x")
    with pytest.raises(InputError) as caught:
        told(tmp_path)
    assert [(f.code, f.sheet) for f in caught.value.findings] == [("foreign-run-file", name)]


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / "runs" / "notes.txt").write_text("x")
    (tmp_path / "runs" / RUN.run_id / "run.json").unlink()
    with pytest.raises(InputError) as caught:
        told(tmp_path)
    assert {f.code for f in caught.value.findings} == {"foreign-run-file", "missing-run-file"}


def test_litter_and_leftovers_of_a_crash_are_passed_over(tmp_path: Path) -> None:
    before = told(filled(tmp_path))
    runs = tmp_path / "runs"
    (runs / "Thumbs.db").write_text("x")
    (runs / RUN.run_id / "decisions" / ".planner-abc.tmp").write_text("x")
    (runs / "2027-06-00000000.new").mkdir()
    assert told(tmp_path) == before


def test_a_run_whose_folder_is_gone_is_named_not_forgotten(tmp_path: Path) -> None:
    filled(tmp_path)
    shutil.rmtree(tmp_path / "runs" / RUN.run_id)
    with pytest.raises(InputError) as caught:
        told(tmp_path)
    (finding,) = caught.value.findings
    assert (finding.code, finding.sheet) == ("missing-run", f"runs/{RUN.run_id}")
    (tmp_path / "history.sqlite").unlink()  # as the remedy says
    assert len(told(tmp_path)[0]) == 1


def test_a_run_issued_while_another_looks_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(tmp_path)
    other, third = History.open(tmp_path), issued_run(seed=3)
    real = run_folder.list_runs

    def list_and_let_issue(folder: Path) -> dict[str, run_folder.RunListing]:
        found = real(folder)
        if third.run_id not in found:
            monkeypatch.setattr(history, "list_runs", real)
            other.issue(third)
        return found

    monkeypatch.setattr(history, "list_runs", list_and_let_issue)
    told(tmp_path)
    assert third.run_id in {run.run_id for run in told(tmp_path)[0]}
    other.__exit__()


@pytest.mark.parametrize("content", [b"no database at all, " * 300, b"SQLite format 3\0" * 300])
def test_a_broken_database_is_said_so_and_can_be_deleted(tmp_path: Path, content: bytes) -> None:
    before = told(filled(tmp_path))
    (tmp_path / "history.sqlite").write_bytes(content)
    with pytest.raises(InputError) as caught:
        told(tmp_path)
    (finding,) = caught.value.findings
    assert (finding.code, finding.sheet) == ("broken-history", "history.sqlite")
    assert finding.remedy.startswith("Delete history.sqlite")
    (tmp_path / "history.sqlite").unlink()
    assert told(tmp_path) == before


def test_an_empty_database_file_is_filled(tmp_path: Path) -> None:
    """As a crash between making the file and making its tables leaves it."""
    before = told(filled(tmp_path))
    (tmp_path / "history.sqlite").write_bytes(b"")
    assert told(tmp_path) == before


def test_a_database_in_use_is_an_output_error_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.2)
    filled(tmp_path)
    held = sqlite3.connect(tmp_path / "history.sqlite", isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    with History.open(tmp_path) as opened:  # reading goes on
        with pytest.raises(OutputError, match="in use by another program") as caught:
            opened.accept(batch(edit("00009", value=CANARY), read_at=3))
        assert CANARY not in str(caught.value)
        assert opened.version(RUN.run_id) == 3
    held.close()
    assert len(decision_files(tmp_path)) == 3
    with History.open(tmp_path) as opened:
        assert opened.accept(batch(edit("00009"), read_at=3)).version == 4


@pytest.mark.postgres
def test_a_postgresql_database_in_use_is_an_output_error(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE_SECONDS", 1)
    filled(tmp_path, postgres_url)
    engine = create_engine(postgres_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as held:
        held.execute(text("LOCK TABLE batch IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(OutputError, match="in use by another program"):  # noqa: SIM117
            with History.open(tmp_path, postgres_url) as opened:
                opened.accept(batch(edit("00009"), read_at=3))
    engine.dispose()


def test_a_file_is_accepted_though_the_database_fails_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file comes first; the caller hears of the database, and the next opening catches up."""
    filled(tmp_path)
    real = save.save_atomically

    def then_fail(path: Path, data: bytes) -> None:
        real(path, data)
        raise sqlite3.OperationalError("disk I/O error")

    with History.open(tmp_path) as opened:
        monkeypatch.setattr(history, "save_atomically", then_fail)
        with pytest.raises(sqlite3.OperationalError):
            opened.accept(batch(edit("00009"), read_at=3))
        monkeypatch.setattr(history, "save_atomically", real)
        assert opened.version(RUN.run_id) == 3
    with History.open(tmp_path) as opened:
        assert opened.version(RUN.run_id) == 4


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (f"mysql://{CANARY}:secret@host/db", "Only SQLite and PostgreSQL"),
        (f"{CANARY} no url", "no database URL"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_a_url_that_cannot_be_used_is_said_without_quoting_it(
    tmp_path: Path, url: str, says: str
) -> None:
    with pytest.raises(InputError) as caught:
        History.open(tmp_path, url)
    (finding,) = caught.value.findings
    assert finding.code == "history-url"
    assert says in finding.message
    assert CANARY not in finding.message + finding.remedy + finding.sheet


def test_a_server_that_does_not_answer_is_an_output_error_without_its_password(
    tmp_path: Path,
) -> None:
    url = f"postgresql://{CANARY}:{CANARY}@/planner?host={tmp_path}/nowhere"
    with pytest.raises(OutputError, match="cannot be read or written") as caught:
        History.open(tmp_path, url)
    assert CANARY not in str(caught.value)


def test_another_programs_database_is_left_alone(tmp_path: Path, history_url: str | None) -> None:
    url = history_url or f"sqlite:///{tmp_path / 'theirs.sqlite'}"
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (x INTEGER)"))
    engine.dispose()
    with pytest.raises(InputError) as caught:
        History.open(tmp_path, url)
    assert caught.value.findings[0].code == "foreign-history"


def test_the_environment_may_name_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere" / "unit.sqlite"
    monkeypatch.setenv(HISTORY_VARIABLE, f"sqlite:///{elsewhere}")
    filled(tmp_path)
    assert elsewhere.is_file()
    assert not (tmp_path / "history.sqlite").exists()


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        History.open(tmp_path / "plnas")
    assert not (tmp_path / "plnas").exists()


def test_two_plans_never_share_an_id(tmp_path: Path) -> None:
    filled(tmp_path)
    other = replace(issued_run(seed=7), run_id=RUN.run_id)
    with History.open(tmp_path) as opened, pytest.raises(OutputError, match="Another plan"):
        opened.issue(other)


def test_a_batch_reads_back_as_it_was_written() -> None:
    made = batch_file(
        batch(edit(value="é\n\u2028=1+1"), edit("2", EditField.DONE_ON, NOON.date())), 7
    )
    assert read_batch_file(made.name, made.content) == made
