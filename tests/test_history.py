"""What the history keeps and answers, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from planner.domain.decision import DecisionKind, EditField
from planner.errors import InputError
from planner.history.batch import Conflict, DecisionBatch
from planner.history.history import History
from tests.history_build import MAY, NOON, RUN, batch, edit, issued_run

if TYPE_CHECKING:
    from pathlib import Path


def test_a_run_is_answered_as_it_was_issued(tmp_path: Path, history_url: str | None) -> None:
    with History.open(tmp_path, history_url) as history:
        assert history.runs() == ()
        history.issue(RUN)
        assert history.issued(RUN.run_id) == RUN
        (run,) = history.runs()
    assert (run.run_id, run.issued_at) == (RUN.run_id, NOON)
    assert (run.first_month, run.as_at) == (MAY, date(2027, 4, 20))


def test_a_run_is_answered_in_part_where_only_near_months_are_asked_for(tmp_path: Path) -> None:
    july = date(2027, 7, 1)
    with History.open(tmp_path) as history:
        history.issue(RUN)
        part = history.issued(RUN.run_id, july)
    whole = RUN.plan.written
    near = replace(
        whole,
        allocation=(),
        not_planned=(),
        schedule=tuple(row for row in whole.schedule if row.month < july),
        workload=tuple(row for row in whole.workload if row.month < july),
    )
    assert part == replace(RUN, plan=replace(RUN.plan, written=near))
    assert 0 < len(near.schedule) < len(whole.schedule)


def test_issuing_again_changes_nothing(tmp_path: Path, history_url: str | None) -> None:
    with History.open(tmp_path, history_url) as history:
        history.issue(RUN)
        history.accept(batch(edit()))
        history.issue(issued_run(at=NOON + timedelta(days=3)))
        assert [run.issued_at for run in history.runs()] == [NOON]
        assert history.issued(RUN.run_id).issued_at == NOON
        assert len(history.accepted(RUN.run_id)) == 1


def test_runs_stand_by_first_month_then_by_when_issued(
    tmp_path: Path, history_url: str | None
) -> None:
    june = issued_run(months_later=1)
    second = issued_run(seed=2, at=NOON + timedelta(minutes=1))
    first = issued_run(seed=3, at=NOON - timedelta(minutes=1))
    with History.open(tmp_path, history_url) as history:
        for run in (june, second, first):
            history.issue(run)
        found = [run.run_id for run in history.runs()]
    assert found == [first.run_id, second.run_id, june.run_id]


def test_what_is_accepted_is_answered_with_who_and_when(
    tmp_path: Path, history_url: str | None
) -> None:
    edits = (
        edit(field=EditField.NOTE, value="Brother's house; ring first, cost £5"),
        edit(field=EditField.DONE_ON, value=date(2027, 5, 4)),
        edit(field=EditField.HOURS_TAKEN, value=2.25),
        edit("00002", EditField.SOM, "0042", DecisionKind.MOVE, by="DI Lowe"),
    )
    with History.open(tmp_path, history_url) as history:
        history.issue(RUN)
        applied = history.accept(batch(*edits, by="DS Hall"))
        found = history.accepted(RUN.run_id)
        assert history.version(RUN.run_id) == applied.version == 1
    assert applied.edits == 4
    assert {said.edit for said in found.values()} == set(edits)
    assert all(key == (said.edit.decision_ref, said.edit.field) for key, said in found.items())
    assert {said.at for said in found.values()} == {NOON}
    assert {said.applied_by for said in found.values()} == {"DS Hall"}
    assert {said.by for said in found.values()} == {"DS Khan", "DI Lowe"}


def test_the_latest_counts_and_clearing_takes_back(tmp_path: Path, history_url: str | None) -> None:
    note, done = edit(value="one"), edit(field=EditField.DONE_ON, value=date(2027, 5, 4))
    with History.open(tmp_path, history_url) as history:
        history.issue(RUN)
        history.accept(batch(note, done))
        later = (replace(note, value="two"), replace(done, value=None))
        history.accept(batch(*later, read_at=1, minutes=1))
        found = history.accepted(RUN.run_id)
        assert {said.value for said in found.values()} == {"two", None}
        assert {said.version for said in found.values()} == {2}
        assert history.done() == ()


def test_duties_done_say_what_came_of_them(tmp_path: Path, history_url: str | None) -> None:
    june = issued_run(months_later=1)
    with History.open(tmp_path, history_url) as history:
        for run in (june, RUN):
            history.issue(run)
        told: dict[EditField, str | float | date] = {
            EditField.DONE_ON: date(2027, 5, 4),
            EditField.RESULT: "Nobody in",
            EditField.HOURS_TAKEN: 2.5,
        }
        history.accept(batch(*(edit(field=f, value=v) for f, v in told.items())))
        arms = edit("00002", EditField.DONE_ON, date(2027, 6, 2), DecisionKind.ARMS)
        history.accept(batch(replace(arms, run_id=june.run_id)))
        history.accept(batch(edit("00003", EditField.RESULT, "Seen"), read_at=1))
        visit, other = history.done()
        assert history.done(june.run_id) == (other,)
    assert (visit.run_id, visit.ref, visit.kind, visit.month) == (
        RUN.run_id,
        "00001",
        DecisionKind.VISIT,
        MAY,
    )
    assert (visit.done_on, visit.result, visit.hours_taken) == (date(2027, 5, 4), "Nobody in", 2.5)
    assert (visit.by, visit.at) == ("DS Khan", NOON)
    assert (other.kind, other.result, other.hours_taken) == (DecisionKind.ARMS, None, None)


def test_what_changed_since_it_was_read_is_a_conflict_and_nothing_is_accepted(
    tmp_path: Path, history_url: str | None
) -> None:
    with History.open(tmp_path, history_url) as history:
        history.issue(RUN)
        history.accept(batch(edit(value="one")))
        with pytest.raises(Conflict) as caught:
            history.accept(batch(edit(value="two"), edit("00002"), read_at=0, minutes=1))
        assert caught.value.keys == (("00001/Visit/2027-05", EditField.NOTE),)
        assert "00001/Visit/2027-05, Note" in str(caught.value)
        assert "two" not in str(caught.value)
        assert history.version(RUN.run_id) == 1
        assert len(list((tmp_path / "runs" / RUN.run_id / "decisions").iterdir())) == 1
        history.accept(batch(edit(value="two"), edit("00002"), read_at=1, minutes=1))
        assert len(history.accepted(RUN.run_id)) == 2


def test_saying_the_same_is_no_conflict(tmp_path: Path, history_url: str | None) -> None:
    with History.open(tmp_path, history_url) as history:
        history.issue(RUN)
        history.accept(batch(edit(value=date(2027, 5, 4), field=EditField.DONE_ON)))
        again = edit(value=date(2027, 5, 4), field=EditField.DONE_ON, by="DS Hall")
        assert history.accept(batch(again, read_at=0)).version == 2


def test_a_run_that_is_not_there_is_an_input_error(tmp_path: Path, history_url: str | None) -> None:
    with History.open(tmp_path, history_url) as history:
        for ask in (history.issued, history.version, history.accepted):
            with pytest.raises(InputError) as caught:
                ask("2027-05-00000000")
            assert caught.value.findings[0].code == "unknown-run"
        with pytest.raises(InputError):
            history.accept(batch(edit()))


def test_a_batch_is_of_one_run_and_says_one_thing_of_a_key() -> None:
    with pytest.raises(ValueError, match="at least one"):
        DecisionBatch(run_id="r", read_at=0, edits=(), by="", workbook="", at=NOON)
    with pytest.raises(ValueError, match="one run"):
        batch(edit(), edit("00002", run_id="2027-06-00000000"))
    with pytest.raises(ValueError, match="one thing"):
        batch(edit(value="a"), edit(value="b"))


@pytest.mark.parametrize("value", ["nul \0", "half \ud800", float("nan"), float("inf")])
def test_a_value_that_cannot_be_kept_is_refused_before_anything_is_written(
    tmp_path: Path, history_url: str | None, value: str | float
) -> None:
    with History.open(tmp_path, history_url) as history:
        history.issue(RUN)
        with pytest.raises(InputError) as caught:
            history.accept(batch(edit(value=value)))
        assert caught.value.findings[0].code == "unkept-value"
        assert history.version(RUN.run_id) == 0
    assert not (tmp_path / "runs" / RUN.run_id / "decisions").exists()


def test_a_moment_needs_its_time_zone_and_is_kept_in_utc(
    tmp_path: Path, history_url: str | None
) -> None:
    with History.open(tmp_path, history_url) as history:
        history.issue(RUN)
        with pytest.raises(ValueError, match="time zone"):
            replace(batch(edit()), at=datetime(2027, 4, 30))  # noqa: DTZ001 the point of it
        summer = datetime.fromisoformat("2027-05-04T09:00:00+01:00")
        history.accept(replace(batch(edit()), at=summer))
        (said,) = history.accepted(RUN.run_id).values()
    assert said.at == datetime(2027, 5, 4, 8, tzinfo=UTC)


def test_only_the_owner_may_read_anything(tmp_path: Path) -> None:
    with History.open(tmp_path) as history:
        history.issue(RUN)
        history.accept(batch(edit()))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in files} > {"history.sqlite", "issued.json.gz", "run.json"}
    if os.name == "posix":
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_looking_writes_nothing(tmp_path: Path) -> None:
    with History.open(tmp_path) as history:
        history.issue(RUN)
        history.accept(batch(edit()))
    before = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in tmp_path.rglob("*.*")}
    with History.open(tmp_path) as history:
        assert history.runs()
        assert history.accepted(RUN.run_id)
        assert history.issued(RUN.run_id)
    assert before == {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in tmp_path.rglob("*.*")}
