"""Databases of every version there has been come up to the newest with all that they hold.

A new version brings, besides its migration, ``history_versions/VERSION``: a run folder with two
batches, and the database's rows as that version keeps them. Those of versions released are never
changed.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from planner.domain.decision import EditField
from planner.errors import InputError
from planner.history import schema
from planner.history.database import Database
from planner.history.history import History
from planner.history.migrations.script import migration_script, revisions
from tests.history_build import CANARY, NOON, RUN

if TYPE_CHECKING:
    from sqlalchemy import Engine

VERSIONS = Path(__file__).parent / "history_versions"


def engine(folder: Path, url: str | None) -> Engine:
    named = url or f"sqlite:///{folder / 'history.sqlite'}"
    return create_engine(named.replace("postgresql:", "postgresql+psycopg:"))


def as_of(version: str, folder: Path, url: str | None) -> None:
    """A folder and database as the planner of that version left them."""
    shutil.copytree(VERSIONS / version / "runs", folder / "runs")
    made = engine(folder, url)
    with made.begin() as connection:
        config = migration_script()
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        rows = (VERSIONS / version / "rows.sql").read_text(encoding="utf-8")
        for statement in rows.split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)
    made.dispose()


@pytest.mark.parametrize("rebuilt", [False, True])
@pytest.mark.parametrize("version", revisions())
def test_each_older_version_comes_up_with_all_that_it_holds(
    tmp_path: Path, history_url: str | None, version: str, rebuilt: bool
) -> None:
    if rebuilt:
        shutil.copytree(VERSIONS / version / "runs", tmp_path / "runs")
    else:
        as_of(version, tmp_path, history_url)
    visit = "00001/Visit/2027-05"
    with History.open(tmp_path, history_url) as history:
        (run,) = history.runs()
        assert (run.first_month, run.issued_at) == (date(2027, 5, 1), NOON)
        said = history.accepted(run.run_id)
        assert {key: s.value for key, s in said.items()} == {
            (visit, EditField.NOTE): "second word",
            (visit, EditField.DONE_ON): date(2027, 5, 4),
            (visit, EditField.HOURS_TAKEN): 2.5,
        }
        assert history.version(run.run_id) == 2
        assert [done.hours_taken for done in history.done()] == [2.5]
        assert len(history.issued(run.run_id).plan.people) == 30


def test_an_empty_database_gets_the_newest_tables_as_the_code_knows_them(
    tmp_path: Path, history_url: str | None
) -> None:
    with History.open(tmp_path, history_url):
        pass
    made = engine(tmp_path, history_url)
    with made.connect() as connection:
        options = {"version_table": schema.VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, schema.METADATA) == []
        for view in (schema.ACCEPTED, schema.DUTY_DONE):
            names = [column["name"] for column in inspect(connection).get_columns(view.name)]
            assert names == [column.name for column in view.columns]
    made.dispose()


def test_the_newest_version_is_the_one_that_the_code_names() -> None:
    assert revisions()[-1] == schema.NEWEST


@pytest.mark.parametrize("version", revisions())
def test_each_version_has_its_rows_to_be_tried_with(version: str) -> None:
    assert (VERSIONS / version / "rows.sql").is_file()


def test_a_newer_planners_database_is_left_alone(tmp_path: Path, history_url: str | None) -> None:
    with History.open(tmp_path, history_url) as history:
        history.issue(RUN)
    made = engine(tmp_path, history_url)
    with made.begin() as connection:
        connection.execute(text(f"UPDATE {schema.VERSION_TABLE} SET version_num = '{CANARY}'"))
    with pytest.raises(InputError) as caught:
        History.open(tmp_path, history_url)
    (finding,) = caught.value.findings
    assert finding.code == "newer-history"
    assert "newer planner" in finding.remedy
    made.dispose()


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    tmp_path: Path, history_url: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    database = Database(tmp_path, history_url)
    with monkeypatch.context() as patched:
        patched.setattr("alembic.op.execute", fail)  # the first tables are made by then
        with pytest.raises(RuntimeError):
            database.migrate()
    assert database.version() is None
    database.migrate()
    assert database.version() == schema.NEWEST
    database.close()
