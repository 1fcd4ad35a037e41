"""The database of the history: SQLite beside the plan, or PostgreSQL by URL."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from planner.errors import OutputError
from planner.history.faults import history_fault
from planner.history.schema import NEWEST, VERSION_TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

DATABASE = "history.sqlite"
"""Where nobody names another database."""

PATIENCE_SECONDS = 15
"""How long to wait for another writer; accepting a workbook takes far less."""

_WRITES = "planner_writes"
_LOCK_NUMBER = 20_261_123
"""The planner's own number among PostgreSQL's advisory locks."""

_SAFE = "Nothing is lost: what was accepted stands in the folder runs."


class Database:
    """One history database, open. ``is_own``: it lies in the plan's folder and serves it alone."""

    def __init__(self, folder: Path, url: str | None) -> None:
        """Raises ``InputError`` for a URL that cannot be used."""
        self.is_own = url is None
        self._url = _sqlite(folder / DATABASE) if url is None else _url(url)
        self.name = _shown(self._url)
        self._engine = _engine(self._url)

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of the database, whatever others write. Raises as ``writing`` does."""
        with self._told(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All that is written within, or nothing; one writer at a time.

        Raises ``OutputError`` where another program keeps the database or it cannot be written,
        ``InputError`` where it is no database of ours.
        """
        with self._told(), self._engine.connect() as connection:
            connection = connection.execution_options(**{_WRITES: True})
            with connection.begin():
                if self._engine.dialect.name == "postgresql":
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK_NUMBER})"))
                yield connection

    def version(self) -> str | None:
        """Which migration made its tables; None: it has none yet.

        Raises ``InputError`` where the tables are another program's, or a newer planner's.
        """
        if not self._is_there():
            return None
        with self.reading() as connection:
            tables = set(inspect(connection).get_table_names())
            if VERSION_TABLE not in tables:
                if tables:
                    raise self._fault("foreign-history", "It holds another program's tables.")
                return None
            found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
            return None if found is None else str(found)

    def migrate(self) -> None:
        """Bring its tables to the newest version, in one step; make them where there are none."""
        found = self.version()
        if found == NEWEST:
            return
        from alembic import command

        from planner.history.migrations.script import migration_script, revisions

        if found is not None and found not in revisions():
            raise self._fault(
                "newer-history",
                f"Its tables have version {found}, which this planner does not know.",
                "Use the newer planner that made it.",
            )
        self._make_file()
        with self.writing() as connection:
            config = migration_script()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def _is_there(self) -> bool:
        return self._url.database is None or not _is_sqlite(self._url) or self._file.exists()

    @property
    def _file(self) -> Path:
        return Path(str(self._url.database))

    def _make_file(self) -> None:
        """An SQLite file readable by its owner only; SQLite's own journal takes after it."""
        if not _is_sqlite(self._url):
            return
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise OutputError(
                f"{self.name} cannot be written ({reason}). Check that you may write in its folder."
            ) from error

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say what went wrong without quoting a statement, its values or a password."""
        try:
            yield
        except SQLAlchemyError as error:
            raise self._plain(error) from error

    def _plain(self, error: SQLAlchemyError) -> Exception:
        original = getattr(error, "orig", None)
        told = str(original).casefold() if _is_sqlite(self._url) else ""
        if "not a database" in told or "malformed" in told:
            return self._fault("broken-history", "It is damaged, or no database.")
        locked = "locked" in told or getattr(original, "sqlstate", None) == "55P03"
        if locked:
            return OutputError(
                f"{self.name} is in use by another program that has not let go of it for "
                f"{PATIENCE_SECONDS} seconds. {_SAFE} Run the command again."
            )
        reason = type(original or error).__name__
        state = getattr(original, "sqlstate", None)
        shown = f"{reason} {state}" if state else f"{reason}: {told}" if told else reason
        return OutputError(
            f"The history database {self.name} cannot be read or written ({shown}). {_SAFE} Check "
            "that it is there and that you may use it, and run the command again."
        )

    def _fault(self, code: str, message: str, remedy: str | None = None) -> Exception:
        rebuilt = f"Delete {self.name}: it is built again from the folder runs."
        other = "Give the history a database of its own."
        usual = rebuilt if self.is_own else other
        return history_fault(code, self.name, message, remedy or usual)


def _url(given: str) -> URL:
    """Raises ``InputError`` without quoting it: it may hold a password."""
    try:
        url = make_url(given)
    except ArgumentError:
        raise _bad_url("It is no database URL.") from None
    if _is_sqlite(url):
        if not url.database or url.database == ":memory:":
            raise _bad_url("It names no file.")
        return _sqlite(Path(url.database))
    if url.get_backend_name() != "postgresql":
        raise _bad_url("Only SQLite and PostgreSQL are known.")
    return url.set(drivername="postgresql+psycopg")


def _bad_url(message: str) -> Exception:
    return history_fault(
        "history-url",
        "history database",
        f"The URL given for the history cannot be used. {message}",
        "Write postgresql://USER@HOST/DATABASE or sqlite:///FILE, or leave it out.",
    )


def _sqlite(path: Path) -> URL:
    return URL.create("sqlite", database=str(path))


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _shown(url: URL) -> str:
    """A name for people: the file's, or the database's without user, host and password."""
    if _is_sqlite(url):
        return Path(str(url.database)).name
    return f"{url.get_backend_name()} {url.database or ''}".strip()


def _engine(url: URL) -> Engine:
    settings: dict[str, Any] = {"poolclass": NullPool, "hide_parameters": True}
    if _is_sqlite(url):
        settings["connect_args"] = {"timeout": PATIENCE_SECONDS}
        engine = create_engine(url, **settings)
        event.listen(engine, "connect", _manual_transactions)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    settings["connect_args"] = {"connect_timeout": PATIENCE_SECONDS}
    try:
        engine = create_engine(url, **settings)
    except (ImportError, NoSuchModuleError):
        raise history_fault(
            "no-driver",
            "history database",
            "PostgreSQL needs a library that is not installed.",
            'Install it: pip install "offender-management-planner[postgres]".',
        ) from None
    event.listen(engine, "begin", _begin_postgres)
    return engine


def _manual_transactions(connection: Any, _record: object) -> None:
    """Python's sqlite3 would begin and commit by its own rules, also around new tables."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgres(connection: Connection) -> None:
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'")
