"""Databases for the tests of the history: the folder's own SQLite file, and PostgreSQL."""

from __future__ import annotations

import os
import uuid
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVER = "PLANNER_TEST_POSTGRES"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def history_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """A new, empty database: None for the folder's own, else a PostgreSQL URL."""
    if request.param == "sqlite":
        yield None
    else:
        yield from _new_postgres()


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A new, empty PostgreSQL database; whoever asks for it carries the marker ``postgres``."""
    yield from _new_postgres()


def _new_postgres() -> Iterator[str]:
    import psycopg

    server = os.environ.get(SERVER)
    if not server:
        pytest.fail(f"{SERVER} names no server: run .ci/with_postgres pytest -m postgres")
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    try:
        yield server.replace("/postgres?", f"/{name}?")
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
