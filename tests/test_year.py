"""A scripted year on a small unit: no plan rejected, no decision lost, nobody vanished.

And each of these is noticed where it happens on purpose.
"""

from __future__ import annotations

import sqlite3
import zipfile
from collections import Counter
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from planner.domain.decision import EditField
from planner.roll import roll as rolling
from planner.roll import taking
from tests.year import world
from tests.year import year as driving
from tests.year.__main__ import main
from tests.year.commands import Answer, StoppedError, here
from tests.year.office import Office
from tests.year.said import rows_of
from tests.year.tables import tables
from tests.year_build import copied, small_year

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.year.paper import Job
    from tests.year.reviewing import Desk
    from tests.year.year import Year


@pytest.fixture(scope="module")
def two_months(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """Two months by, three plans; the database deleted after the first month."""
    year = small_year(tmp_path_factory.mktemp("year") / "plans", people=60, officers=4)
    year.rebuild = frozenset({1})
    year.run(2)
    return year


@pytest.fixture
def on(two_months: Year, tmp_path: Path) -> Year:
    """The same, to go on from."""
    return copied(two_months, tmp_path)


def assert_sound(year: Year, months: int) -> None:
    """Nothing happened that must not; and enough happened to say so."""
    assert year.faults == []
    assert len(year.plans) == months + 1
    assert all(plan.verified == 0 and plan.answer["accepted"] for plan in year.plans)
    outcomes: Counter[str] = Counter()
    for plan in year.plans:
        outcomes += plan.fate.outcomes
    assert outcomes["Lost"] == 0
    assert outcomes["Held"] > 5 * months
    assert outcomes["Its month is over"] > 0
    assert all(plan.said.accepted for plan in year.plans[1:])
    fields = {entry.field for plan in year.plans for entry in plan.said.accepted}
    assert fields >= set(EditField) - {EditField.NOTE}
    assert any(entry.value is None for plan in year.plans for entry in plan.said.accepted)
    for plan in year.plans[1:]:
        assert plan.reached is not None and None not in plan.promised


def test_months_go_by_and_nothing_is_lost(two_months: Year) -> None:
    assert_sound(two_months, 2)
    assert any(plan.adopted for plan in two_months.plans)
    told = tables(two_months.plans)
    last = two_months.plans[-1]
    assert f"| {last.first_month:%b %Y} | {len(last.register.offenders)} |" in told
    assert "REJECTED" not in told


def test_a_decision_that_the_roll_drops_is_noticed(
    on: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = taking.taken_from

    def without_one(earlier: Any) -> Any:
        found = list(whole(earlier))
        found.remove(next(d for d in found if d.field is EditField.LOCK_MONTH))
        return tuple(found)

    monkeypatch.setattr(rolling, "taken_from", without_one)
    on.month()
    assert [f for f in on.faults if "the next plan says nothing of it" in f]


def test_a_decision_told_to_be_held_that_the_plan_does_not_keep_is_noticed(
    on: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it reaches the search, and nobody looks at what came out."""
    monkeypatch.setattr(rolling, "with_decisions", lambda register, _: register)
    monkeypatch.setattr(rolling, "settled", lambda judged, *_: tuple(judged))
    on.month()
    assert [f for f in on.faults if "told to be held, and is not in the plan" in f]


def test_a_decision_not_held_for_no_rule_is_noticed(
    on: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rolling, "with_decisions", lambda register, _: register)
    on.month()
    assert [f for f in on.faults if "no rule 2 is told to be broken" in f]


def test_a_database_that_says_something_else_is_noticed(on: Year) -> None:
    with closing(sqlite3.connect(on.folder / "history.sqlite")) as database, database:
        database.execute("UPDATE run SET as_at = '2020-01-31'")  # of edits the history itself tells
    on.rebuilt(on.folder)
    assert [f for f in on.faults if "is another one" in f]


def test_everything_else_that_goes_wrong_is_noticed(
    on: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of decisions gone, a person gone, a clumsy desk, a plan tampered with."""
    files = sorted(on.folder.glob("runs/*/decisions/*.json"))
    files[-1].unlink()
    (on.folder / "history.sqlite").unlink()
    monkeypatch.setattr(driving, "passed", one_person_less(world.passed))
    on.desk = clumsy(on.desk)
    on.command = tampering(on)
    on.month()
    for told in (
        "entries lost of plan",
        "vanished",
        "nothing is said of",
        "where nobody typed",
        "rejected: plan ended with 0, verify with 5",
    ):
        assert [f for f in on.faults if told in f], told


def one_person_less(whole: Callable[..., Any]) -> Callable[..., Any]:
    def passed(*arguments: Any) -> Any:
        month = whole(*arguments)
        register = month.world.register
        less = replace(register, offenders=register.offenders[1:])
        return replace(month, world=replace(month.world, register=less))

    return passed


def clumsy(desk: Desk) -> Desk:
    """Leaves out a cell that it was to type, and changes a figure that is not its own."""

    def fill_in(jobs: Sequence[Job]) -> None:
        desk([replace(job, entries=job.entries[1:]) for job in jobs])
        for job in jobs:
            book = load_workbook(job.to)
            book["Decisions"].cell(7, 13).value = 99
            book.save(job.to)

    return fill_in


def tampering(year: Year) -> Callable[..., Answer]:
    """Takes a duty out of each plan made."""

    def command(*arguments: object) -> Answer:
        answer = here(*arguments)
        if arguments[0] == "plan":
            path = year.folder / "plan.xlsx"
            book = load_workbook(path)
            book["Schedule"].delete_rows(book["Schedule"].max_row - 3)
            book.save(path)
        return answer

    return command


def test_a_command_that_fails_ends_the_year(on: Year) -> None:
    on.command = lambda *_: Answer(6, "", "the disk is full")
    with pytest.raises(StoppedError, match="the disk is full"):
        on.month()


def test_the_command_line_writes_the_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    small = ["--people", "30", "--officers", "2", "--effort", "quick", "--no-office"]
    assert main([*small, "--months", "1", "--out", str(out)], here) == 0
    told = capsys.readouterr()
    assert (out / "year.md").read_text(encoding="utf-8") == told.out
    assert "None: every plan was accepted, no decision was lost" in told.out
    assert "Jan 2027: accepted" in told.err
    with pytest.raises(SystemExit):
        main(["--out", str(out)])


@pytest.mark.office
def test_five_months_through_libreoffice(tmp_path: Path) -> None:
    year = small_year(tmp_path / "plans", desk=Office(tmp_path / "office"))
    year.rebuild = frozenset({3})
    year.run(5)
    assert_sound(year, 5)
    back = sorted((year.out / "back").glob("*/*.xlsx"))
    assert len(back) >= 10
    for path in back:
        book = load_workbook(path)
        assert "LibreOffice" in zip_text(path, "docProps/app.xml")
        headers = {c.value for row in book["Decisions"].iter_rows(max_row=10) for c in row}
        assert "My notes" in headers
    hidden = [
        any(d.hidden for d in load_workbook(p)["Decisions"].row_dimensions.values()) for p in back
    ]
    assert any(hidden)
    given, *_ = (p for p in back if "(" not in p.name)
    issued = year.out / given.parent.name / "workload" / given.name
    before = [row.decision_ref for row in rows_of(issued)]
    after = [row.decision_ref for row in rows_of(given)]
    assert sorted(before) == sorted(after)
    assert before != after


def zip_text(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as book:
        return book.read(name).decode()
